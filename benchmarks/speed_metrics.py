"""The metrics' speed: a batch in closed form against the usual loop over people, and a whole test set."""

import numpy as np
import torch

from benchmarks.speed_scoring import scoring
from benchmarks.timing import Row, medians
from hpe.metrics.pose import pa_mpjpe

PEOPLE, JOINTS = 5000, 14
TOLERANCE_MM = 1e-3


def metrics() -> dict[str, Row]:
    """PA-MPJPE of 5,000 people with 14 joints on one thread, the same to 1e-3 mm; and `scoring` on all of them."""
    return {"pa_mpjpe": _on_one_thread(), "scoring": scoring()}


def _on_one_thread() -> Row:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _pa_mpjpe()
    finally:
        torch.set_num_threads(threads)


def _pa_mpjpe() -> Row:
    rng = np.random.default_rng(0)
    target = 0.3 * rng.standard_normal((PEOPLE, JOINTS, 3))
    prediction = target + 0.05 * rng.standard_normal(target.shape)
    tensors = torch.from_numpy(prediction), torch.from_numpy(target)
    off = 1000 * np.abs(pa_mpjpe(*tensors).numpy() - _one_person_at_a_time(prediction, target)).max()
    if off > TOLERANCE_MM:
        raise RuntimeError(f"pa_mpjpe differs from the loop by {off:.2g} mm")
    return medians(lambda: pa_mpjpe(*tensors), lambda: _one_person_at_a_time(prediction, target))


def _one_person_at_a_time(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The textbook alignment (Umeyama, PAMI 1991), one singular value decomposition a person."""
    errors = []
    for source, goal in zip(prediction, target, strict=True):
        centred, around = source - source.mean(0), goal - goal.mean(0)
        u, singular, vh = np.linalg.svd(centred.T @ around)
        signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vh))])
        rotation = (vh.T * signs) @ u.T
        scale = (singular * signs).sum() / (centred**2).sum()
        errors.append(np.linalg.norm(scale * centred @ rotation.T - around, axis=-1).mean())
    return np.array(errors)
