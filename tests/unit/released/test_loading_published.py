import pytest
import torch
from torch import Tensor, nn

from hpe.errors import UserError
from hpe.released.key_map import KeyMap
from hpe.released.load_report import LoadReport
from hpe.released.loading import fill

KEYS = KeyMap(
    {"old.": "new.", "same.": "same.", "gone.": "gone."},
    unused={"extra.*": "nobody reads it"},
    may_lack={"new.bias": "it is a habit"},
)


def network() -> nn.ModuleDict:
    return nn.ModuleDict({"new": nn.Linear(3, 2), "same": nn.Linear(2, 1)})


def published(**changes: Tensor | None) -> dict[str, Tensor]:
    tensors: dict[str, Tensor | None] = {
        "old.weight": torch.arange(6.0).view(1, 2, 3, 1),
        "old.bias": torch.ones(2),
        "same.weight": torch.ones(1, 2),
        "same.bias": torch.zeros(1),
    }
    changed = tensors | {name.replace("_", "."): tensor for name, tensor in changes.items()}
    return {name: tensor for name, tensor in changed.items() if tensor is not None}


def refused(report: LoadReport) -> str:
    with pytest.raises(UserError) as caught:
        report.check("some.ckpt")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_tensors_find_their_places_and_lose_axes_of_length_one() -> None:
    module = network()
    report = fill(module, KEYS, published())
    assert module["new"].weight.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert report.counts == dict.fromkeys(report.counts, 0) | {"loaded": 4, "renamed": 2}
    report.check("some.ckpt")


@pytest.mark.parametrize("prefix", ["model.", "module."])
def test_the_prefix_of_a_trainer_is_found_and_what_is_beside_the_network_is_not_part_of_it(prefix: str) -> None:
    tensors = {prefix + name: tensor for name, tensor in published(extra_w=torch.zeros(1)).items()}
    beside = {"J_regressor": torch.zeros(1), "smpl.betas": torch.zeros(1), "same.weight": torch.zeros(9)}
    report = fill(network(), KEYS, tensors | beside)
    assert (report.prefix, report.fits, report.counts["renamed"]) == (prefix, True, 2)
    assert report.unused[f"{prefix}extra.w"] == "nobody reads it"
    assert {"J_regressor", "smpl.betas"} < report.unused.keys()
    assert report.unknown == ["same.weight"]


def test_what_nobody_knows_is_told_and_does_not_hinder() -> None:
    report = fill(network(), KEYS, published(what_ever=torch.zeros(1), gone_w=torch.zeros(1)))
    report.check("some.ckpt")
    assert report.unknown == ["what.ever", "gone.w"]
    assert "UNKNOWN: what.ever" in report.lines()
    assert "of 2 tensors of the file nothing is known (what.ever, gone.w)" in report.doubts


def test_a_tensor_may_be_missing_only_with_a_reason() -> None:
    report = fill(network(), KEYS, published(old_bias=None))
    assert report.fits
    assert report.spared == {"old.bias": "it is a habit"}
    assert "spared, it is a habit: old.bias" in report.lines()


def test_missing_and_misshaped_tensors_are_listed_and_nothing_is_loaded() -> None:
    module = network()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    report = fill(module, KEYS, published(same_bias=None, old_weight=torch.zeros(3, 2)))
    assert (report.missing, report.misshaped) == (["same.bias"], {"old.weight": "[3, 2] for [2, 3]"})
    assert {"MISSING: same.bias", "MISSHAPED: old.weight is [3, 2] for [2, 3]"} < set(report.lines())
    words = refused(report)
    assert "1 missing (same.bias); 1 misshaped (old.weight is [3, 2] for [2, 3])" in words
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())


def test_two_tensors_for_one_place_are_refused() -> None:
    both = KeyMap({"old.": "new.", "older.": "new."}) | KEYS
    with pytest.raises(UserError, match=r"our new\.bias, 'older\.bias' the second"):
        fill(network(), both, published(older_bias=torch.zeros(2)))
