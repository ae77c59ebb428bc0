"""Making the synthetic set: clips in parallel, pictures to a folder, labels to stores, all of it or nothing."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from filelock import FileLock
from rich.progress import track

from hpe.bodies.anny import load_anny
from hpe.datasets.store import write_store
from hpe.datasets.synthetic.labels import subject_labels
from hpe.datasets.synthetic.people import Figure
from hpe.datasets.synthetic.photograph import Photograph, photograph
from hpe.datasets.synthetic.scene import sample_still, sample_walk
from hpe.datasets.worker_pool import end_with_parent, fork_server
from hpe.errors import UserError

# Counts up with every change that alters the pictures or labels that a seed stands for.
VERSION = 1
SPLITS = {"train": 1.0, "val": 0.06, "test": 0.1}
WALK_FRAMES = 16
WALK_SHARE = 0.2
JPEG_QUALITY = 92


class Clip(NamedTuple):
    """A sequence to be made: its first row in the split, and how many frames it has (1 for a still)."""

    split: str
    number: int
    first: int
    frames: int


@dataclass(frozen=True)
class Recipe:
    """What the bytes of a synthetic set depend on: people to train on, pixels a side, seed, mesh of the body."""

    size: int
    resolution: int
    seed: int
    topology: str
    version: int = VERSION


@dataclass(frozen=True)
class SyntheticSet:
    """The synthetic data set in the folder `root`; calling it makes the set unless it is there.

    `size` is the number of people to train on; validation has 6 % and test 10 % as many, at least 8. A fifth of
    all are frames of walks, the rest are stills. `resolution` is the pictures' side in pixels. `workers`
    processes share the work; the bytes do not depend on their number.
    """

    root: str
    size: int = 5000
    resolution: int = 128
    seed: int = 0
    topology: str = "notoes_collapse10pc"
    workers: int = 2

    def __post_init__(self) -> None:
        if self.size < 1 or self.resolution < 16:
            raise UserError(f"data.size={self.size}, data.resolution={self.resolution}: need at least 1 and 16")

    def __call__(self) -> None:
        """Make the set in one piece. Another process that wants the same set waits and then finds it."""
        root = Path(self.root).expanduser()
        root.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(root.with_name(f"{root.name}.lock")):
            if not (root / "recipe.json").is_file():
                self._make(root)

    def recipe(self) -> Recipe:
        """The settings that decide the bytes."""
        return Recipe(self.size, self.resolution, self.seed, self.topology)

    def people(self, split: str) -> int:
        """How many people the split shows."""
        return self.size if split == "train" else max(8, round(self.size * SPLITS[split]))

    def _make(self, root: Path) -> None:
        load_anny(self.topology)  # Built here, with its progress shown, rather than in every worker.
        unfinished = root.with_name(f"{root.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for split in SPLITS:
            (unfinished / "pictures" / split).mkdir(parents=True)
        self._make_splits(unfinished)
        (unfinished / "recipe.json").write_text(json.dumps(asdict(self.recipe()), indent=2) + "\n")
        unfinished.replace(root)

    def _make_splits(self, folder: Path) -> None:
        todo = [clip for split in SPLITS for clip in plan(split, self.people(split))]
        rows: dict[str, list[dict[str, Any]]] = {split: [] for split in SPLITS}
        done = self._clips(todo, folder)
        for clip, made in zip(todo, track(done, "Rendering people", total=len(todo)), strict=True):
            rows[clip.split] += made
        for split, made in rows.items():
            columns = {key: np.array([row[key] for row in made]) for key in made[0]}
            write_store(folder / f"{split}.h5", columns, name="synthetic", split=split, joints="smpl_24")

    def _clips(self, todo: list[Clip], folder: Path) -> Iterator[list[dict[str, Any]]]:
        tasks = [(self.recipe(), clip, folder) for clip in todo]
        with ProcessPoolExecutor(self.workers, fork_server(), _start_worker) as pool:
            yield from pool.map(_make_clip, tasks, chunksize=4)


def plan(split: str, people: int) -> list[Clip]:
    """Clips that together show `people`: walks first, then stills."""
    walks = int(people * WALK_SHARE) // WALK_FRAMES
    frames = [WALK_FRAMES] * walks + [1] * (people - walks * WALK_FRAMES)
    firsts = np.cumsum([0, *frames[:-1]])
    return [
        Clip(split, number, int(first), count) for number, (first, count) in enumerate(zip(firsts, frames, strict=True))
    ]


def _start_worker() -> None:
    end_with_parent()
    torch.set_num_threads(1)


@cache
def _figure(topology: str) -> Figure:
    return Figure.of(load_anny(topology))


def _make_clip(task: tuple[Recipe, Clip, Path]) -> list[dict[str, Any]]:
    """Render one clip into `folder` and return its rows of the store. Depends on the recipe and the clip alone."""
    recipe, clip, folder = task
    figure = _figure(recipe.topology)
    rng = np.random.default_rng([recipe.seed, list(SPLITS).index(clip.split), clip.number])
    if clip.frames == 1:
        scenes = [sample_still(rng, figure, recipe.resolution)]
    else:
        scenes = sample_walk(rng, figure, recipe.resolution, clip.frames)
    rows = []
    for frame, scene in enumerate(scenes):
        picture = photograph(scene, figure.parts, rng)
        name = f"pictures/{clip.split}/{clip.first + frame:06d}"
        _save(folder / name, picture)
        place = {"sequence": f"{'walk' if clip.frames > 1 else 'still'}_{clip.number:05d}", "frame": frame, "person": 0}
        files = {"image": f"{name}.jpg", "parts": f"{name}.png"}
        rows.append(files | place | subject_labels(scene, picture))
    return rows


def _save(path: Path, picture: Photograph) -> None:
    """Write `path`.jpg and `path`.png (part labels). Raises OSError where the disk does not take them."""
    bgr = cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    _, png = cv2.imencode(".png", picture.parts)
    path.with_suffix(".jpg").write_bytes(jpeg.tobytes())
    path.with_suffix(".png").write_bytes(png.tobytes())
