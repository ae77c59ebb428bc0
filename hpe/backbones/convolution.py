"""Steps of convolution, batch norm and ReLU, by which maps are refined, enlarged or reduced."""

from torch import nn


def convolution_step(channels: int, width: int, kernel: int = 3, stride: int = 1) -> list[nn.Module]:
    """From `channels` to `width` channels at the same size, or `stride` times smaller."""
    return [
        nn.Conv2d(channels, width, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    ]


def enlarging_step(channels: int, width: int) -> list[nn.Module]:
    """From `channels` to `width` channels at twice the size; corner positions stay where they are."""
    doubled = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
    return [doubled, *convolution_step(channels, width)]
