"""The forward pass of a whole system at its published size: made ready to predict, against the plain network.

The network is PARE with HRNet-W32 at 224 pixels (Kocabas et al., ICCV 2021) on random weights, the body the free one.
Plain is what the usual evaluation script runs: eager, single precision, nothing folded, memory in PyTorch's own order.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.timing import Row, median_seconds
from hpe.assembly import build_networks
from hpe.bodies.anny import load_anny
from hpe.cli import composed
from hpe.estimator import Estimator
from hpe.runs.inference import compile_networks, ready
from hpe.types import Batch, Prediction

NAME, SYSTEM = "PARE-W32", ["model=pare", "backbone=hrnet_w32", "head=pare", "model.resolution=224"]
WAYS = ("ready", "compiled")


@dataclass(frozen=True)
class Case:
    """Where and how it is timed: `side` is that of the matrix product whose rate stands for the peak.

    `tolerance` is how far outputs may be from the plain network's, as a share of the largest.
    """

    device: str
    precision: torch.dtype
    batch: int
    side: int
    tolerance: float

    def wait(self) -> None:
        """Until the device has done what it was told."""
        if self.device == "cuda":
            torch.cuda.synchronize()


CPU = Case("cpu", torch.float32, batch=8, side=2048, tolerance=1e-3)
GPU = Case("cuda", torch.bfloat16, batch=64, side=8192, tolerance=0.2)


def forward() -> dict[str, Row]:
    """Seconds a picture, eager and compiled: in single precision on the CPU, in bfloat16 on a GPU, if there is one.

    Both must say what the plain network says. `of_peak` is their rate of floating point operations over that of a
    large matrix product in the same precision, measured in the same run.
    """
    plain = _plain()
    if not torch.cuda.is_available():
        print("forward: bfloat16 on a GPU: skipped, there is none")
    cases = [CPU, GPU] if torch.cuda.is_available() else [CPU]
    return {name: row for case in cases for name, row in _rows(plain, case).items()}


def _plain() -> Estimator:
    config = composed("train", *SYSTEM)
    torch.manual_seed(0)
    networks = build_networks(config)
    for name, buffer in nn.ModuleList(networks).named_buffers():
        # As after training: no norm is the identity.
        if name.endswith("running_mean"):
            buffer.normal_(0, 0.1)
        if name.endswith("running_var"):
            buffer.uniform_(0.5, 1.5)
    return Estimator(*networks, load_anny(), config.model.resolution, config.model.focal_length).eval()


def _rows(plain: Estimator, case: Case) -> dict[str, Row]:
    batch = _pictures(case.batch, plain.resolution).to(case.device)
    calls = {"plain": _call(plain.to(case.device), batch, case, torch.float32)}
    for way in WAYS:
        system = ready(copy.deepcopy(plain), torch.channels_last)
        calls[way] = _call(system, batch, case, case.precision)
        if way == "compiled":
            with torch.autocast(case.device, case.precision, enabled=case.precision != torch.float32):
                compile_networks(system, case.batch)
        _check(way, calls[way](), calls["plain"](), case.tolerance)
    spent = median_seconds({**calls, "product": _product(case)})
    operations = _operations(plain, batch) / (2 * case.side**3)
    label = f"{case.device}, {str(case.precision).removeprefix('torch.')}, batch {case.batch}"
    return {
        f"{NAME} {way}, {label}": {
            "ours_s": spent[way] / case.batch,
            "reference_s": spent["plain"] / case.batch,
            "ratio": spent["plain"] / spent[way],
            "of_peak": operations * spent["product"] / spent[way],
        }
        for way in WAYS
    }


def _pictures(count: int, resolution: int) -> Batch:
    image = torch.randn(count, 3, resolution, resolution, generator=torch.Generator().manual_seed(0))
    return Batch(image, torch.arange(count), torch.ones(count, 3), torch.ones(count, 2))


def _call(system: Estimator, batch: Batch, case: Case, precision: torch.dtype) -> Callable[[], Prediction]:
    @torch.inference_mode()
    def call() -> Prediction:
        with torch.autocast(case.device, precision, enabled=precision != torch.float32):
            said = system(batch)
        case.wait()
        return said

    return call


def _product(case: Case) -> Callable[[], Tensor]:
    """A product of two square matrices, which reaches about as many operations a second as the device can."""
    first, second = torch.randn(2, case.side, case.side, dtype=case.precision, device=case.device)

    def call() -> Tensor:
        product = first @ second
        case.wait()
        return product

    return call


@torch.inference_mode()
def _operations(system: Estimator, batch: Batch) -> int:
    """Floating point operations of a forward pass: those of convolutions and matrix products."""
    with FlopCounterMode(display=False) as counter:
        system(batch)
    return counter.get_total_flops()


def _check(way: str, ours: Prediction, plain: Prediction, tolerance: float) -> None:
    """Raise RuntimeError where the two differ by more than `tolerance` of the largest number."""
    for name, expected in _said(plain).items():
        if (off := (_said(ours)[name] - expected).abs().max() / expected.abs().max()) > tolerance:
            raise RuntimeError(f"{way}: {name} differ from the plain network's by {off:.2g} of the largest")


def _said(prediction: Prediction) -> dict[str, Tensor]:
    """Without what comes after a softmax, in which random weights make much of bfloat16's rounding."""
    outputs = {name: getattr(prediction, name) for name in ("rotmats", "betas", "camera")}
    return {**outputs, "part_logits": prediction.auxiliary["part_logits"]}
