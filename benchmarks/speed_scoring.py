"""The speed of scoring a test set as large as 3DPW's, meshes and all, out of a prediction store.

The licensed model is not needed: a body of SMPL's size is drawn at random, with pose blend shapes, skinning weights on
four joints a vertex, and a sparse joint regressor. A process of its own scores, so that its memory can be read.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import roma
import torch

from benchmarks.timing import Row
from hpe.bodies.body import Body
from hpe.config import config_folder
from hpe.datasets.store import Store, write_store
from hpe.files.hashes import file_hash
from hpe.joints import joint_set, vertex_ids
from hpe.metrics.card import ProtocolCard
from hpe.metrics.pose import mpjpe, pa_mpjpe, pve
from hpe.scoring.predictions import Predictions
from hpe.scoring.score import score

PEOPLE, SEQUENCES, VERTICES = 35_515, 24, 6890
REFERENCE_PEOPLE, BATCH = 512, 64
METRICS = ("mpjpe", "pa_mpjpe", "pve")
TOLERANCE_MM = 1e-2
MEBIBYTE_IN_KB = 1024


def scoring() -> Row:
    """MPJPE, PA-MPJPE and PVE of 35,515 people against smplx in batches; `peak_mb` is the memory of the whole process.

    The reference poses 512 people and its time is scaled up; both must give the same errors to 1e-2 mm.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder)
        command = [sys.executable, "-m", "benchmarks.speed_scoring", name]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {**found, "ratio": found["reference_s"] / found["ours_s"]}


def make(folder: Path) -> None:
    """Write the files that are scored: a body, a data store and predictions."""
    rng = np.random.default_rng(0)
    with (folder / "body.npz").open("wb") as file:
        np.savez(file, **_random_model(rng))  # type: ignore[arg-type]
    regressor = np.where(rng.random((17, VERTICES)) < 0.003, rng.random((17, VERTICES)), 0)
    np.save(folder / "regressor.npy", (regressor / regressor.sum(1, keepdims=True)).astype(np.float32))
    pose = 0.4 * rng.standard_normal((PEOPLE, 72), np.float32)
    people = {
        "sequence": np.array([f"sequence_{number:02}" for number in np.arange(PEOPLE) % SEQUENCES]),
        "frame": np.arange(PEOPLE) // SEQUENCES,
        "person": np.zeros(PEOPLE, int),
    }
    labels = {
        "image": np.full(PEOPLE, "picture.jpg"),
        "box": np.tile([0.0, 0, 1, 1], (PEOPLE, 1)),
        "image_size": np.ones((PEOPLE, 2)),
        "pose": pose,
        "betas": rng.standard_normal((PEOPLE, 10), np.float32),
        "has_smpl": np.ones(PEOPLE, bool),
        "select_pare_npz": np.ones(PEOPLE, bool),
    }
    write_store(folder / "test.h5", people | labels, name="3dpw", split="test", joints="smpl_24")
    said = {
        "sample": np.arange(PEOPLE),
        "pose": pose + 0.1 * rng.standard_normal(pose.shape, np.float32),
        "betas": np.zeros((PEOPLE, 10), np.float32),
    }
    hashed = file_hash(folder / "test.h5")
    Predictions("3dpw", "test", "smpl", "smpl_24", "random", people | said, hashed).write(folder / "predictions.h5")


def _random_model(rng: np.random.Generator) -> dict[str, np.ndarray]:
    weights = rng.random((VERTICES, 24), np.float32)
    weights[weights < np.sort(weights, axis=1)[:, -4:-3]] = 0
    regressor = np.where(rng.random((24, VERTICES)) < 0.01, 1.0, 0.0)
    return {
        "v_template": 0.4 * rng.standard_normal((VERTICES, 3), np.float32),
        "shapedirs": 0.02 * rng.standard_normal((VERTICES, 3, 10), np.float32),
        "posedirs": 0.005 * rng.standard_normal((VERTICES, 3, 207), np.float32),
        "J_regressor": (regressor / regressor.sum(1, keepdims=True)).astype(np.float32),
        "weights": weights / weights.sum(1, keepdims=True),
        "kintree_table": np.stack([np.array(joint_set("smpl_24").parents), np.arange(24)]),
        "f": rng.integers(0, VERTICES, (13776, 3)),
    }


def measure(folder: Path) -> dict[str, float]:
    """Seconds from the stored predictions to errors a person, and the most memory that the process ever had."""
    card = ProtocolCard.read(config_folder() / "protocol/pare_3dpw.yaml")
    with np.load(folder / "body.npz") as model:
        body = Body("smpl", dict(model), vertex_ids("smpl"), {"J_regressor_h36m": np.load(folder / "regressor.npy")})
    start = time.perf_counter()
    predictions, store = Predictions.read(folder / "predictions.h5"), Store.open(folder / "test.h5")
    errors = score(predictions, store, card, {"neutral": body})
    seconds, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE_IN_KB
    start = time.perf_counter()
    expected = _reference(predictions, store, body)
    reference = (time.perf_counter() - start) * PEOPLE / REFERENCE_PEOPLE
    off = np.abs(errors[list(METRICS)].to_numpy()[:REFERENCE_PEOPLE] - expected).max()
    if off > TOLERANCE_MM:
        raise RuntimeError(f"scores differ from smplx by {off:.2g} mm")
    return {"ours_s": seconds, "reference_s": reference, "peak_mb": peak}


@torch.inference_mode()
def _reference(predictions: Predictions, store: Store, body: Body) -> np.ndarray:
    """The usual way: whole meshes from smplx, a batch at a time; errors in mm of the first people."""
    parts = []
    for start in range(0, REFERENCE_PEOPLE, BATCH):
        said, true = (_posed(body, table, slice(start, start + BATCH)) for table in (predictions, store))
        errors = (mpjpe(said[0], true[0]), pa_mpjpe(said[0], true[0]), pve(said[1], true[1]))
        parts.append(1000 * torch.stack(errors, dim=1).numpy())
    return np.concatenate(parts)


def _posed(body: Body, table: Predictions | Store, rows: slice) -> tuple[torch.Tensor, torch.Tensor]:
    """Joints around the pelvis, and the mesh."""
    pose, betas = (torch.from_numpy(table[name][rows]) for name in ("pose", "betas"))
    mesh = body(roma.rotvec_to_rotmat(pose.unflatten(1, (24, 3))), betas)
    joints = body.joints(mesh.vertices, "j14")
    return joints - body.joints(mesh.vertices, "h36m_17")[:, :1], mesh.vertices


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
