import pytest
import torch
from torch.nn.functional import interpolate

from hpe.backbones.fusion import ConvolvedFusion, InterpolatedFusion

WIDTH = 4
BRANCHES = [torch.randn(2, WIDTH * 2**branch, 16 >> branch, 24 >> branch) for branch in range(4)]


@pytest.mark.parametrize(("target", "size"), [(0, (16, 24)), (3, (2, 3))])
def test_branches_meet_at_the_target_with_all_their_channels(target: int, size: tuple[int, int]) -> None:
    for fusion in (InterpolatedFusion(target), ConvolvedFusion(WIDTH, target)):
        assert fusion(BRANCHES).shape == (2, 15 * WIDTH, *size)


def test_the_target_itself_is_left_as_it_is() -> None:
    for fusion in (InterpolatedFusion(0), ConvolvedFusion(WIDTH, 0)):
        assert torch.equal(fusion(BRANCHES)[:, :WIDTH], BRANCHES[0])
    for fusion in (InterpolatedFusion(3), ConvolvedFusion(WIDTH, 3)):
        assert torch.equal(fusion(BRANCHES)[:, 7 * WIDTH :], BRANCHES[3])


def test_interpolation_keeps_corners_in_place() -> None:
    found = InterpolatedFusion(0)(BRANCHES)[:, WIDTH : 3 * WIDTH]
    expected = interpolate(BRANCHES[1], (16, 24), mode="bilinear", align_corners=True)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(found[..., 0, -1], BRANCHES[1][..., 0, -1])


@pytest.mark.parametrize("target", [0, 3])
def test_a_step_of_two_is_learned_for_each_doubling(target: int) -> None:
    steps = [
        sum(type(layer).__name__ == "Conv2d" for layer in branch) for branch in ConvolvedFusion(2, target).branches
    ]
    assert steps == [abs(branch - target) for branch in range(4)]
