"""What there is to do of a sweep: which of its runs are left alone, which go on, which are run, and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.types import HydraContext
from omegaconf import DictConfig, open_dict

from hpe.config import checked
from hpe.errors import UserError
from hpe.runs.folders import LAST
from hpe.runs.identity import FILE_NAME as IDENTITY
from hpe.runs.identity import Identity, family, identify, run_name
from hpe.runs.progress import Progress
from hpe.runs.records import FILE_NAME as RECORD
from hpe.schemas import TrainConfig
from hpe.sweeps.attempts import Attempt
from hpe.sweeps.clusters import Handle, still_at_it
from hpe.sweeps.grid import compose
from hpe.sweeps.job import Action, Job

POOL = "runs"


def plan(context: HydraContext, master: DictConfig, grid: Sequence[Sequence[str]], first: int) -> list[Job]:
    """A job for each list of overrides in `grid`, numbered from `first`.

    Raises UserError for settings that no run could begin with, and for data that are missing.
    """
    jobs: list[Job] = []
    for number, overrides in enumerate(grid, first):
        job = _planned(compose(context, master, overrides, number), list(overrides), number)
        twin = next((other for other in jobs if other.run == job.run), None)
        if twin is not None:
            job.action, job.reason, job.handle = "skip", f"the same as #{twin.number}", None
        jobs.append(job)
    return jobs


def check_allowed(jobs: Sequence[Job]) -> None:
    """Raise UserError where runs of an earlier sweep are met; called where nobody said `resume=true`."""
    counts = Counter(job.action for job in jobs if not job.reason.startswith("the same"))
    met: dict[Action, str] = {"skip": "finished", "continue": "unfinished", "watch": "still running"}
    found = [f"{counts[action]} {words}" for action, words in met.items() if counts[action]]
    if found:
        pool = jobs[0].run.parent
        raise UserError(
            f"{' and '.join(found)} of the {len(jobs)} runs are in {pool} already: resume=true leaves what is finished "
            "alone and does the rest; dry_run=true shows which"
        )


def check_same(config: DictConfig, run: Path) -> None:
    """Raise UserError where a job that was planned as the run in this folder would be another one by now.

    It may have waited for days. Doors whose runs are not known by what they are have nothing to check.
    """
    if "resume" not in config:
        return
    data = config.hydra.runtime.choices.data
    with as_in_the_job(config):
        name = run_name(config, data, identify(config))
    if name != run.name:
        raise UserError("code, data or settings have changed since the sweep was planned: start it again, resume=true")


def _planned(config: DictConfig, overrides: list[str], number: int) -> Job:
    data = config.hydra.runtime.choices.data
    with as_in_the_job(config):
        identity = identify(config)
        pool = Path(config.paths.outputs).expanduser().resolve() / POOL
        run = pool / run_name(config, data, identity)
        action, reason, handle = decide(run, identity, family(config, data))
        settings = checked(config, TrainConfig)
    return Job(number, overrides, settings, run, identity, action, reason, handle=handle)


@contextmanager
def as_in_the_job(config: DictConfig) -> Iterator[None]:
    """Have Hydra's own part of `config` where `${hydra:...}` looks for it, and not in `config`, as a job has it."""
    instance, before = HydraConfig.instance(), HydraConfig.instance().cfg
    with open_dict(config):
        config.hydra.runtime.output_dir = "run"
        instance.set_config(config)
        del config["hydra"]
    try:
        yield
    finally:
        instance.cfg = before


def decide(run: Path, identity: Identity, kin: str) -> tuple[Action, str, Handle | None]:
    """What to do about a run, why, and its job if one works on it; `kin` is what its relatives' names begin with."""
    if (run / RECORD).is_file():
        return "skip", "finished", None
    attempt = Attempt.read(run)
    if attempt and (handle := still_at_it(run, attempt)):
        return "watch", f"runs already, as job {attempt.job}", handle
    failure = f"failed: {attempt.said[-1]}" if attempt and attempt.said else "interrupted"
    if (run / LAST).is_file():
        return "continue", f"{failure}, {_reached(run)}", None
    if attempt:
        return "rerun", f"{failure} before its first checkpoint", None
    return "run", _changed(run.parent, identity, kin), None


def _reached(run: Path) -> str:
    progress = Progress.read(run)
    return "at a checkpoint" if progress is None else f"after epoch {progress.epoch} of {progress.epochs or 'many'}"


def _changed(pool: Path, identity: Identity, kin: str) -> str:
    """Why a run that was never made differs from those of the same settings that were."""
    files = sorted(pool.glob(f"{kin}_*/{IDENTITY}"), key=lambda path: path.stat().st_mtime)
    others = [Identity.read(path.parent) for path in files]
    known = [other for other in others if other.settings == identity.settings]
    if not known:
        return "never run"
    newest = known[-1]
    names = [name for name in identity.data if identity.data[name] != newest.data.get(name)]
    changed = [f"data have changed ({', '.join(names)})"] * bool(names)
    return "; ".join(changed + ["code has changed"] * (identity.code != newest.code))
