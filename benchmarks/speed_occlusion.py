"""The speed of a sliding patch: batches of places against one place at a time, as the published code goes.

The networks have random weights and the crop is noise, which cost what trained ones and photographs do.
"""

import torch

from benchmarks.occlusion.pace import pace
from benchmarks.occlusion.sliding import Patch
from benchmarks.occlusion.subjects import Subject
from benchmarks.timing import Row
from hpe.assembly import build_networks, build_system
from hpe.bodies.anny import load_anny
from hpe.cli import composed
from hpe.estimator import Estimator
from hpe.types import Batch

AT_ONCE = 36
CASES = {
    "mpqa, 64 px": ["model=mpqa"],
    "hmr, 64 px": ["model=hmr"],
    "hmr, ResNet-50, 224 px": ["model=hmr", "backbone=resnet50", "model.resolution=224"],
    "mpqa, HRNet-W32, 224 px": ["model=mpqa", "backbone=hrnet_w32", "model.resolution=224"],
}


def occlusion() -> dict[str, Row]:
    """Seconds a place of PARE's patch, 36 places, by system."""
    return {name: pace(*_case(overrides), AT_ONCE) for name, overrides in CASES.items()}


def _case(overrides: list[str]) -> tuple[Estimator, Subject, Patch]:
    """A system as it is configured, somebody to look at, and PARE's patch."""
    config = composed("train", *overrides)
    torch.manual_seed(0)
    system = build_system(config, build_networks(config), load_anny()).eval()
    side = system.resolution
    nobody, crop, size = torch.zeros(1, dtype=torch.long), torch.ones(1, 3), torch.ones(1, 2)
    seen = Batch(torch.randn(1, 3, side, side), nobody, crop, size)
    return system, Subject("noise", "noise", seen), Patch.of(side, None, None, 0.0)
