"""`body=anny`: the free body, built once out of the `anny` package and kept in the user's cache folder."""

import importlib.metadata
import os
from pathlib import Path

import numpy as np
from filelock import FileLock
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from hpe.bodies.body import Body
from hpe.errors import UserError, did_you_mean
from hpe.joints import joint_set

FORMAT = 1
TOPOLOGIES = ("notoes_collapse10pc", "notoes")


def load_anny(topology: str = "notoes_collapse10pc") -> Body:
    """The free body on a mesh of 1,229 (`notoes_collapse10pc`) or 12,272 vertices (`notoes`).

    Betas are unit normal over adults of 18 to 80 years: height, weight, muscle and proportions beta-distributed by
    age and sex as in anny's calibration on WHO statistics. With betas 0 the person is 1.69 m tall. The first call on
    a machine builds the body, in about half a minute on one core; later calls do not import anny. Raises UserError for
    another topology, and where the cache folder cannot be written.
    """
    if topology not in TOPOLOGIES:
        raise UserError(f"unknown topology '{topology}' of body=anny; {did_you_mean(topology, TOPOLOGIES)}")
    path = cache_file(topology)
    if not path.exists():
        _build_once(topology, path)
    with np.load(path, allow_pickle=False) as stored:
        model = {name: stored[name] for name in stored.files}
    vertices = model.pop("vertex_ids").tolist()
    return Body("anny", model, dict(zip(joint_set("smpl_45").names[24:], vertices, strict=True)))


def cache_file(topology: str) -> Path:
    """Where the built body is kept: named by anny's version and by the format, so that no stale one is read."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hpe"
    return folder / f"anny-{importlib.metadata.version('anny')}-{topology}-format{FORMAT}.npz"


def _build_once(topology: str, path: Path) -> None:
    """Builds the file while other processes wait for it; it appears under its name only when it is whole."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            if not path.exists():
                _build(topology, path)
    except OSError as error:
        raise UserError(
            f"cannot keep the free body in {path.parent} ({error}); set XDG_CACHE_HOME to a folder with room"
        ) from error


def _build(topology: str, path: Path) -> None:
    """Builds the file under another name, then moves it into place at once."""
    # Imported here because nothing but the first build needs anny.
    from hpe.bodies.anny_build import build_anny

    partial = path.with_suffix(".partial.npz")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        progress.console.print("Building the free body, once for this machine, out of the shapes of anny.")
        task = progress.add_task("free body", total=None)
        model = build_anny(topology, lambda step: progress.update(task, description=f"free body: {step}"))
        np.savez_compressed(partial, allow_pickle=False, **model)
        share = f"{100 * float(model['explained_variance']):.1f} %"
        built = f"free body built; ten betas explain {share} of the shapes of adults"
        progress.update(task, description=built, total=1, completed=1)
    os.replace(partial, path)
