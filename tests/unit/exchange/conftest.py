"""Two short videos of two people each, as a data store and as arrays that somebody predicted."""

import numpy as np
import pytest

from hpe.datasets.store import Store, write_store

PEOPLE, FRAMES, SEQUENCES = 2, 3, ("P0_00_walk", "P1_01_dance")
ROWS = PEOPLE * FRAMES * len(SEQUENCES)
WIDTH, HEIGHT = 1280, 720


def ids():
    sequence, frame, person = np.meshgrid(SEQUENCES, np.arange(FRAMES), np.arange(PEOPLE), indexing="ij")
    return {"sequence": sequence.ravel(), "frame": frame.ravel(), "person": person.ravel()}


@pytest.fixture
def store(tmp_path):
    known = ids()
    images = [f"{known['sequence'][row]}/image_{known['frame'][row]:05}.jpg" for row in range(ROWS)]
    boxes = np.stack([100 + 300 * known["person"], 50 + known["frame"], np.full(ROWS, 80), np.full(ROWS, 200)], axis=1)
    camera = {
        "image_size": np.tile([WIDTH, HEIGHT], (ROWS, 1)),
        "focal_length": np.full(ROWS, 1000.0),
        "principal_point": np.tile([WIDTH / 2, HEIGHT / 2], (ROWS, 1)),
    }
    path = tmp_path / "data" / "test.h5"
    write_store(path, {**known, **camera, "image": images, "box": boxes}, name="tiny", split="test", joints="smpl_24")
    return Store.open(path)


@pytest.fixture
def said():
    """Arrays of a system, in the store's order."""
    generator = np.random.default_rng(0)
    return {
        "pose": generator.normal(0, 0.3, (ROWS, 72)).astype(np.float32),
        "betas": generator.normal(size=(ROWS, 10)).astype(np.float32),
        "pred_cam": generator.uniform(0.5, 1, (ROWS, 3)).astype(np.float32),
    }
