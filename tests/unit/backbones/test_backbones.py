from pathlib import Path

import hydra
import pytest
import torch
from omegaconf import OmegaConf

from hpe.backbones.hrnet import HRNet
from hpe.backbones.timm_backbone import TimmBackbone
from hpe.errors import UserError
from hpe.heads.head import build_head
from hpe.types import Batch

CONF = Path(__file__).parents[3] / "conf"
RESOLUTION = 64


def preset(name: str):
    config = OmegaConf.load(CONF / "backbone" / f"{name}.yaml")
    if name == "timm":
        config.name = "mobilenetv3_small_050"
    return hydra.utils.instantiate(config)


def head_preset(name: str):
    with hydra.initialize_config_dir(str(CONF), version_base="1.3"):
        return hydra.compose("train", [f"head={name}"]).head


def names(group: str) -> list[str]:
    return sorted(path.stem for path in (CONF / group).glob("*.yaml"))


def batch_of(images: torch.Tensor) -> Batch:
    count = len(images)
    return Batch(images, torch.arange(count), torch.ones(count, 3), torch.ones(count, 2))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "hrnet_w48")) for name in names("backbone")]
)
def test_every_preset_trains_every_head_that_takes_its_features(name):
    backbone = preset(name)
    batch = batch_of(torch.randn(2, 3, RESOLUTION, RESOLUTION))
    features = backbone(batch.image)
    size = backbone.feature_size(RESOLUTION)
    assert features.shape == (2, backbone.channels, size, size)
    for head_name in ("iterative", "part_query", "part_attention"):
        head = build_head(head_preset(head_name), backbone.channels, size)
        output = head(features, batch)
        (output.rotmats.sum() + output.betas.sum() + output.camera.sum()).backward(retain_graph=True)
        assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in head.parameters())
    assert next(backbone.parameters()).grad.isfinite().all()


@pytest.mark.parametrize("name", ["vit_tiny_patch16_224", "swin_tiny_patch4_window7_224", "mixer_s32_224"])
def test_tokens_become_a_map(name):
    backbone = TimmBackbone(name, image_size=RESOLUTION).eval()
    size = backbone.feature_size(RESOLUTION)
    assert backbone(torch.zeros(1, 3, RESOLUTION, RESOLUTION)).shape == (1, backbone.channels, size, size)


def test_options_are_those_of_the_family():
    assert TimmBackbone("resnet10t", options={"channels": [8, 8, 8, 24]}).channels == 24
    with pytest.raises(UserError, match=r"timm cannot build 'resnet10t' as a backbone: .*'widths'"):
        TimmBackbone("resnet10t", options={"widths": 3})


def test_preprocessing_is_that_of_the_model():
    assert TimmBackbone("vit_tiny_patch16_224").preprocessing.mean == (0.5, 0.5, 0.5)
    assert TimmBackbone("resnet10t").preprocessing.mean == (0.485, 0.456, 0.406)


def test_weights_come_from_a_file(tmp_path):
    source = TimmBackbone("resnet10t").eval()
    torch.save(source.model.state_dict(), tmp_path / "weights.pth")
    copy = TimmBackbone("resnet10t", weights=str(tmp_path / "weights.pth")).eval()
    image = torch.randn(1, 3, RESOLUTION, RESOLUTION)
    torch.testing.assert_close(copy(image), source(image))


def test_hrnet_takes_a_file_of_its_trunk(tmp_path):
    source = HRNet()
    torch.save({"state_dict": source.trunk.state_dict() | {"final_layer.bias": torch.zeros(17)}}, tmp_path / "pose.pth")
    copy = HRNet(weights=str(tmp_path / "pose.pth"))
    assert all(torch.equal(a, b) for a, b in zip(source.trunk.parameters(), copy.trunk.parameters(), strict=True))


def test_a_wrong_name_gets_a_suggestion():
    with pytest.raises(UserError, match="did you mean 'resnet50'"):
        TimmBackbone("resnet5O")


def test_weights_that_do_not_fit_are_counted(tmp_path):
    torch.save({"conv1.weight": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(UserError, match="weights of another network"):
        TimmBackbone("resnet10t", weights=str(tmp_path / "other.pth"))


def test_a_file_with_code_is_not_read(tmp_path):
    torch.save({"conv1.weight": Path}, tmp_path / "code.pth")
    with pytest.raises(UserError, match="holds more than weights"):
        HRNet(weights=str(tmp_path / "code.pth"))


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x03\x04cut"])
@pytest.mark.parametrize("name", ["damaged.pth", "damaged.safetensors"])
def test_a_damaged_file_is_named(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=name):
        TimmBackbone("resnet10t", weights=str(tmp_path / name))


def test_missing_weights_are_named():
    with pytest.raises(UserError, match="no weights at nowhere"):
        TimmBackbone("resnet10t", weights="nowhere.pth")


def test_no_network_says_which_file_to_give(monkeypatch):
    def unreachable(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr("timm.create_model", unreachable)
    with pytest.raises(UserError, match=r"backbone.weights=FILE"):
        TimmBackbone("resnet10t", pretrained=True)


@pytest.mark.parametrize(
    ("backbone", "resolution", "advice"),
    [
        (lambda: HRNet(), 100, "choose 96"),
        (lambda: TimmBackbone("resnet10t"), 5, "choose 32"),
        (lambda: TimmBackbone("vit_tiny_patch16_224"), 128, "image_size=128"),
    ],
)
def test_a_crop_that_does_not_fit_is_told_before_training(backbone, resolution, advice):
    with pytest.raises(UserError, match=advice):
        backbone().feature_size(resolution)


@pytest.mark.slow
@pytest.mark.parametrize(("stride", "size"), [(4, 16), (32, 2)])
def test_hrnet_ends_at_either_stride(stride, size):
    backbone = HRNet(stride=stride)
    assert backbone(torch.randn(2, 3, RESOLUTION, RESOLUTION)).shape == (2, 480, size, size)
    assert backbone.feature_size(RESOLUTION) == size


def test_hrnet_comes_in_two_widths():
    with pytest.raises(UserError, match="32 and 48"):
        HRNet(width=40)


def test_an_earlier_stage_has_half_the_stride_and_leaves_the_rest_out():
    last, earlier = TimmBackbone("resnet10t"), TimmBackbone("resnet10t", stage=-2)
    assert (earlier.channels, earlier.stride) == (256, 16)
    assert earlier(torch.randn(1, 3, 64, 64)).shape == (1, 256, 4, 4)
    assert sum(map(torch.numel, earlier.parameters())) < sum(map(torch.numel, last.parameters()))


def test_a_stage_that_is_not_there_is_refused():
    with pytest.raises(UserError, match="resnet10t"):
        TimmBackbone("resnet10t", stage=-9)
