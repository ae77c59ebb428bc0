import os
import pickle

import pytest
import torch

from hpe.files.torch_file import refusal


def test_the_global_that_a_checkpoint_asks_for_is_named(tmp_path):
    torch.save({"weights": os.system}, tmp_path / "evil.pth")
    with pytest.raises(pickle.UnpicklingError) as caught:
        torch.load(tmp_path / "evil.pth", weights_only=True)
    assert refusal(caught.value) == "it asks for posix.system, which weights have no need of"
    outer = ValueError("not loaded")
    outer.__cause__ = caught.value
    assert refusal(outer) == refusal(caught.value)


def test_any_other_reason_is_its_first_line():
    assert refusal(RuntimeError("\ncut short\nat byte 7")) == "cut short"
