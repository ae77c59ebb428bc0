import pytest
import torch
from torch import nn

from hpe.backbones.folding import fold_batch_norms
from hpe.backbones.hrnet import HRNet
from hpe.backbones.timm_backbone import TimmBackbone
from hpe.heads.branches import convolution, upsampling


def trained(network):
    """Batch norms that are not the identity."""
    torch.manual_seed(0)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            for tensor in (part.running_mean, part.bias.data):
                tensor.normal_(0, 0.1)
            for tensor in (part.running_var, part.weight.data):
                tensor.uniform_(0.5, 1.0)
    return network.eval()


def norms(network):
    return sum(isinstance(part, nn.BatchNorm2d) for part in network.modules())


@pytest.mark.parametrize(
    "build",
    [
        lambda: HRNet(32),
        lambda: TimmBackbone("resnet18"),
        lambda: TimmBackbone("resnet10t", stage=-2),
        lambda: nn.ModuleDict({"branch": convolution(3, 8), "other": upsampling(3, 8)})["other"],
    ],
    ids=["hrnet_w32", "resnet18", "resnet10t", "branch"],
)
@torch.inference_mode()
def test_a_network_without_batch_norms_says_the_same(build):
    network, image = trained(build()), torch.randn(1, 3, 64, 64)
    count, expected = norms(network), network(image)
    assert fold_batch_norms(network) == count > 0
    assert norms(network) == 0
    torch.testing.assert_close(network(image), expected, rtol=0, atol=1e-5 * expected.abs().max().item())


def test_a_second_time_nothing_is_left_to_fold():
    network = TimmBackbone("resnet10t")
    assert (fold_batch_norms(network) > 0, fold_batch_norms(network)) == (True, 0)


class Twice(nn.Module):
    """Uses what a convolution says twice: its norm must stay."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3)

    def forward(self, image):
        found = self.conv(image)
        return self.norm(found) + found


@torch.inference_mode()
def test_a_norm_of_what_is_used_elsewhere_too_stays():
    network, image = trained(nn.ModuleList([Twice()])), torch.randn(1, 3, 8, 8)
    expected = network[0](image)
    assert fold_batch_norms(network) == 0
    torch.testing.assert_close(network[0](image), expected)


class Choosing(nn.Module):
    """Looks at numbers to choose its way, which torch.fx cannot follow."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3)

    def forward(self, image):
        return self.norm(self.conv(image)) if image.sum() > 0 else image


def test_a_network_that_cannot_be_traced_is_named_and_left(caplog):
    assert fold_batch_norms(nn.ModuleList([Choosing()])) == 0
    assert "0: batch norms are left as they are" in caplog.text
