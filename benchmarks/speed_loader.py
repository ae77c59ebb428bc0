"""The loader's speed on one core, beside a plain decode of the same JPEGs and the usual way of the field.

Seconds are the processor's, a crop: what one worker needs of a core, whoever else is on the machine.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
import torch

from benchmarks.speed_consumer import RATE, WORKERS, consumed
from benchmarks.timing import Row, median_seconds
from hpe.datasets.augmentation import NO_AUGMENTATION, Augmentation
from hpe.datasets.crops_dataset import CropSettings, PersonCrops, SampleKey
from hpe.datasets.module import IMAGENET_DEVIATION, IMAGENET_MEAN
from hpe.datasets.store import Store, write_store
from hpe.types import Batch

RESOLUTION, PEOPLE, LEGACY, PICTURES, QUALITY = 224, 32, 8, 4, 90
# The longer edge of a person's box, in pixels: crops less than twice their resolution take a full decode.
CASES = {
    "1920x1080 full": (1920, 1080, 300),
    "1920x1080 half": (1920, 1080, 480),
    "1920x1080 quarter": (1920, 1080, 900),
    "640x480 full": (640, 480, 300),
    "640x480 half": (640, 480, 440),
}
SPIN = Augmentation(0.5, 0.4, 30.0, 0.0, 0.0, 0.4)  # without zoom, so that all people of a case decode alike
CONSUMED = ("1920x1080 quarter", "640x480 full")
TOLERANCE_LEVELS, TOLERANCE_UNITS = 6.0, 1e-3


@dataclass(frozen=True)
class People:
    """A store on disk, and what is timed of it."""

    store: Store

    def ours(self, augmentation: Augmentation) -> Callable[[], Batch]:
        """All people by the loader."""
        crops = self.crops(augmentation)
        return lambda: crops.__getitems__([SampleKey(0, row) for row in range(PEOPLE)])

    def crops(self, augmentation: Augmentation) -> PersonCrops:
        """What the loader's workers read."""
        colours = IMAGENET_MEAN, IMAGENET_DEVIATION
        settings = CropSettings(RESOLUTION, "smpl_24", 1.2, *colours, augmentation=augmentation)
        return PersonCrops([self.store], settings)

    def legacy(self, augmentation: Augmentation) -> Callable[[], Batch]:
        """The first `LEGACY` people in the usual way."""
        from benchmarks.legacy_loader import legacy_batch  # scikit-image, which only this needs

        colours = np.array(IMAGENET_MEAN, np.float32), np.array(IMAGENET_DEVIATION, np.float32)
        return lambda: legacy_batch(self.store, list(range(LEGACY)), augmentation, RESOLUTION, *colours)

    def decode(self) -> None:
        """Nothing but all people's pictures, read and decoded whole."""
        for name in self.store["image"]:
            simplejpeg.decode_jpeg((self.store.image_root / name).read_bytes())


def loader() -> dict[str, Row]:
    """Each case against the usual way; `of_decode` is its speed over that of a plain libjpeg-turbo decode.

    `at_8_workers` is what as many cores would give, in crops a second: eight times one core, not measured on eight.
    Both ways must give the same crops and joints before they are timed.
    """
    threads = torch.get_num_threads(), cv2.getNumThreads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            made = {name: make(Path(folder) / name, *case) for name, case in CASES.items()}
            rows = {name: _row(people) for name, people in made.items()}
            waits = {f"{name}, ResNet-50 at {RATE}/s": consumed(made[name].crops(SPIN)) for name in CONSUMED}
            return rows | waits
    finally:
        torch.set_num_threads(threads[0])
        cv2.setNumThreads(threads[1])


def _row(people: People) -> Row:
    _check(people)
    calls = {"ours": people.ours(SPIN), "reference": people.legacy(SPIN), "decode": people.decode}
    people_of = {"ours": PEOPLE, "reference": LEGACY, "decode": PEOPLE}
    spent = {name: seconds / people_of[name] for name, seconds in median_seconds(calls, time.process_time).items()}
    return {
        "ours_s": spent["ours"],
        "reference_s": spent["reference"],
        "ratio": spent["reference"] / spent["ours"],
        "decode_s": spent["decode"],
        "of_decode": spent["decode"] / spent["ours"],
        "at_8_workers": WORKERS / spent["ours"],
    }


def _check(people: People) -> None:
    """Raise RuntimeError where the two ways differ by more than their ways of resampling do."""
    ours, legacy = people.ours(NO_AUGMENTATION)(), people.legacy(NO_AUGMENTATION)()
    levels = 255 * 0.225 * (ours.image[:LEGACY] - legacy.image).abs().mean()
    assert ours.joints2d is not None
    assert legacy.joints2d is not None
    units = (ours.joints2d[:LEGACY] - legacy.joints2d).abs().max()
    if levels > TOLERANCE_LEVELS or units > TOLERANCE_UNITS:
        raise RuntimeError(f"crops differ from the usual way's by {levels:.2g} grey levels, joints by {units:.2g}")


def make(folder: Path, width: int, height: int, edge: int) -> People:
    """Write pictures and a store of people whose boxes are `edge` pixels high, in the middle of them."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    names = [f"{number}.jpg" for number in range(PICTURES)]
    for name in names:
        (folder / name).write_bytes(simplejpeg.encode_jpeg(_picture(rng, width, height), QUALITY, "RGB", "420"))
    middle = np.array([width, height]) / 2 + rng.uniform(-5, 5, (PEOPLE, 2))
    size = np.array([edge / 2, edge])
    columns = {
        "image": [names[row % PICTURES] for row in range(PEOPLE)],
        "sequence": ["made"] * PEOPLE,
        "frame": np.arange(PEOPLE),
        "person": np.zeros(PEOPLE, int),
        "box": np.concatenate([middle - size / 2, np.tile(size, (PEOPLE, 1))], axis=1),
        "image_size": np.tile([width, height], (PEOPLE, 1)),
        "joints2d": middle[:, None] + rng.uniform(-0.5, 0.5, (PEOPLE, 24, 2)) * size,
        "confidence2d": np.ones((PEOPLE, 24)),
        "joints3d": rng.normal([0, 0, 4], 0.4, (PEOPLE, 24, 3)),
        "confidence3d": np.ones((PEOPLE, 24)),
        "pose": rng.normal(0, 0.4, (PEOPLE, 72)),
        "betas": rng.normal(0, 1, (PEOPLE, 10)),
        "has_smpl": np.ones(PEOPLE, bool),
    }
    write_store(folder / "train.h5", columns, name="made", split="train", joints="smpl_24")
    return People(Store.open(folder / "train.h5"))


def _picture(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Noise of many widths: a JPEG of about 1.8 bits a pixel, as photographs are at this quality."""
    levels = np.full((height, width, 3), 127, np.float32)
    for cell, contrast in ((256, 60), (64, 40), (16, 18), (4, 8), (2, 4)):
        coarse = rng.normal(0, contrast, (height // cell + 2, width // cell + 2, 3)).astype(np.float32)
        levels += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return levels.clip(0, 255).astype(np.uint8)
