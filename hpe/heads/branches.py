"""Branches of a head: stacks of layers that each read the backbone's feature map in their own way."""

from collections.abc import Iterable

from torch import nn

from hpe.backbones.convolution import convolution_step, enlarging_step


class Branch(nn.Sequential):
    """Layers from a feature map to one of `width` channels."""

    def __init__(self, layers: Iterable[nn.Module], width: int) -> None:
        super().__init__(*layers)
        self.width = width


def convolution(channels: int, width: int = 128, layers: int = 2) -> Branch:
    """PARE's branch for maps of high resolution, such as HRNet's: 3x3 convolutions that keep the size."""
    return Branch((layer for old in _inputs(channels, width, layers) for layer in convolution_step(old, width)), width)


def upsampling(channels: int, width: int = 256, layers: int = 3) -> Branch:
    """PARE's branch for maps of low resolution: each layer doubles the size bilinearly, then convolves."""
    return Branch((layer for old in _inputs(channels, width, layers) for layer in enlarging_step(old, width)), width)


def deconvolution(channels: int, width: int = 256, layers: int = 3) -> Branch:
    """PARE's other branch for maps of low resolution: each layer doubles the size by a transposed convolution.

    After Xiao et al., Simple Baselines for Human Pose Estimation, ECCV 2018.
    """
    stack: list[nn.Module] = []
    for old in _inputs(channels, width, layers):
        doubled = nn.ConvTranspose2d(old, width, 4, stride=2, padding=1, bias=False)
        stack += [doubled, nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
    return Branch(stack, width)


def _inputs(channels: int, width: int, layers: int) -> list[int]:
    """Channels that each layer reads."""
    return [channels, *[width] * (layers - 1)]
