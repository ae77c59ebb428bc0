import copy

import pytest
import torch
import torch._dynamo.utils
from torch import nn

from hpe.backbones.backbone import Backbone, preprocessing_of
from hpe.backbones.timm_backbone import TimmBackbone
from hpe.errors import UserError
from hpe.estimator import Estimator
from hpe.heads.branches import convolution
from hpe.heads.part_attention import PartAttentionHead
from hpe.runs.inference import compile_networks, ready
from hpe.types import Batch

RESOLUTION = 64


@pytest.fixture
def system(body):
    torch.manual_seed(0)
    head = PartAttentionHead(256, branch=lambda channels: convolution(channels, width=8))
    return Estimator(TimmBackbone("resnet10t", stage=-2), head, body, RESOLUTION, 5000.0).eval()


def crops(count):
    image = torch.randn(count, 3, RESOLUTION, RESOLUTION, generator=torch.Generator().manual_seed(1))
    return Batch(image, torch.arange(count), torch.ones(count, 3), torch.ones(count, 2))


def check(prediction, expected):
    for name in ("rotmats", "betas", "camera", "vertices"):
        torch.testing.assert_close(getattr(prediction, name), getattr(expected, name), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("memory_format", [None, torch.channels_last])
@torch.inference_mode()
def test_a_system_that_is_ready_says_the_same(memory_format, system):
    expected = copy.deepcopy(system)(crops(3))
    found = ready(system.train(), memory_format)
    assert found is system
    assert not any(isinstance(part, torch.nn.BatchNorm2d) for part in system.modules())
    check(found(crops(3)), expected)


class OneConvolution(Backbone):
    """What a compiler has done with in seconds."""

    def __init__(self):
        super().__init__("one convolution", channels=16, stride=8, preprocessing=preprocessing_of("resnet10t"))
        self.layers = nn.Sequential(nn.Conv2d(3, 16, 8, stride=8, bias=False), nn.BatchNorm2d(16), nn.ReLU())

    def forward(self, image):
        return self.layers(image)


@pytest.fixture
def little(body):
    torch.manual_seed(0)
    head = PartAttentionHead(16, branch=lambda channels: convolution(channels, width=8))
    return Estimator(OneConvolution(), head, body, RESOLUTION, 5000.0).eval()


@pytest.fixture
def compiler():
    """What is compiled here is forgotten afterwards."""
    yield
    torch.compiler.set_stance("default")
    torch.compiler.reset()


@pytest.mark.slow
@pytest.mark.no_cover  # to watch the compiler's every line would take it several times as long
@pytest.mark.usefixtures("compiler")
@torch.inference_mode()
def test_compiled_networks_say_the_same_of_batches_of_any_size(little):
    expected = [copy.deepcopy(little)(crops(count)) for count in (3, 1)]
    compile_networks(ready(little), batch_size=3)
    graphs = torch._dynamo.utils.counters["stats"]["unique_graphs"]
    check(little(crops(3)), expected[0])
    check(little(crops(1)), expected[1])
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == graphs > 0


@pytest.mark.slow
@pytest.mark.usefixtures("compiler")
def test_no_compiler_is_one_line(little, monkeypatch):
    import torch._inductor.config

    monkeypatch.setattr(torch._inductor.config.cpp, "cxx", (None, "/no/such/compiler"))
    with pytest.raises(UserError, match=r"cannot be compiled .*set compile=false"):
        compile_networks(ready(little), batch_size=2)
