"""Run folders: a fresh one for a new run, the old one for a run that is continued."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from hpe.errors import UserError
from hpe.runs.records import FILE_NAME

BEST, LAST = Path("checkpoints/best.ckpt"), Path("checkpoints/last.ckpt")
# Keys that may differ between a run and its continuation.
FREE_KEYS = ("resume", "debug", "dry_run")


def register() -> None:
    """Make `${run_folder:parent,name,resume}` known to OmegaConf; configs use it for `hydra.run.dir`."""
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)


@cache
def _started() -> str:
    """The time, once and for all: Hydra asks for its folder again and again."""
    return f"{datetime.now():%Y-%m-%d_%H-%M-%S}"


def run_folder(parent: str, name: str, resume: Any, *, _root_: DictConfig) -> str:
    """A new folder named by the time, or the newest unfinished run of the same configuration if `resume`.

    Raises UserError where there is nothing to continue.
    """
    # Hydra asks for the folder before the schema is checked.
    if not isinstance(resume, bool):
        raise UserError(f"resume: value {resume!r} is not true or false")
    if not resume:
        return str(Path(parent) / f"{_started()}_{name}")
    wanted = _comparable(_root_)
    runs = [path.parents[1] for path in Path(parent).glob(f"*_{name}/{LAST}")]
    for run in sorted(runs, reverse=True):
        if not (run / FILE_NAME).exists() and _comparable(OmegaConf.load(run / ".hydra/config.yaml")) == wanted:
            return str(run)
    raise UserError(
        f"resume=true: no unfinished run of this configuration under {parent}; leave resume away to start one, "
        "or name its folder with hydra.run.dir=FOLDER"
    )


def check_free(run: Path, resume: bool) -> Path | None:
    """The checkpoint from which the run in `run` goes on, None for a new run.

    Raises UserError where the folder holds a finished run, or an unfinished one that nobody asked to resume, or
    nothing that could be resumed.
    """
    if (run / FILE_NAME).exists():
        raise UserError(f"the run in {run} is finished and is not overwritten: choose another hydra.run.dir")
    if resume and not (run / LAST).is_file():
        raise UserError(f"resume=true: no {LAST} in {run}; leave resume away to start a run")
    if not resume and (run / LAST).is_file():
        raise UserError(f"{run} holds an unfinished run: continue it with resume=true or choose another hydra.run.dir")
    return run / LAST if resume else None


def newest_checkpoint(outputs: Path) -> Path:
    """The newest best checkpoint of any run. Raises UserError where there is none."""
    found = sorted(outputs.rglob(str(BEST)), key=lambda path: path.stat().st_mtime)
    if not found:
        raise UserError(f"no checkpoint under {outputs.resolve()}: run python -m hpe.train first, or give checkpoint=")
    return found[-1]


def _comparable(config: Any) -> dict[str, Any]:
    """What makes two runs the same: all keys as composed, but those of Hydra and those that may differ."""
    plain = OmegaConf.to_container(config, resolve=False)
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items() if key not in ("hydra", *FREE_KEYS)}
