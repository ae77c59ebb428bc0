"""How much faster a sliding patch is in batches than one place at a time, as the published code goes."""

import torch

from benchmarks.occlusion.sliding import Patch, joints_under
from benchmarks.occlusion.subjects import Subject
from benchmarks.timing import Row, medians
from hpe.estimator import Estimator

FEW = 12


@torch.inference_mode()
def pace(system: Estimator, subject: Subject, patch: Patch, at_once: int) -> Row:
    """Median seconds of a place, `ours_s` in batches and `reference_s` alone, and their ratio.

    A few places, spread over the crop, stand for all where each is seen alone.
    """
    windows = patch.windows
    few = windows[:: -(-len(windows) // FEW)]
    row = medians(
        lambda: joints_under(system, subject, windows, patch.fill, at_once),
        lambda: joints_under(system, subject, few, patch.fill, 1),
    )
    ours, reference = row["ours_s"] / len(windows), row["reference_s"] / len(few)
    return {"ours_s": ours, "reference_s": reference, "ratio": reference / ours}
