import cv2
import numpy as np
import pytest

from hpe.datasets.geometric import View
from hpe.datasets.part_maps import UNKNOWN_PART, part_map
from hpe.joints import joint_set

LEFT_HIP, RIGHT_HIP = (1 + joint for joint in joint_set("smpl_24").index("left_hip", "right_hip"))
HIDDEN = 255


@pytest.fixture
def shown(make_store, tmp_path):
    """The part map of a person whose left hip fills the left half of the picture, seen straight or mirrored."""
    store = make_store(parts=["parts.png"] + [""] * 7)
    picture = np.zeros((72, 96), dtype=np.uint8)
    picture[:, :48], picture[36:, :48] = HIDDEN, LEFT_HIP
    cv2.imwrite(str(tmp_path / "tiny" / "parts.png"), picture)

    def shown(flip=False, row=0):
        return part_map(store, row, View(np.array([48.0, 36.0, 72.0]), np.array(0.0), np.array(flip)), 8)

    return shown


def test_it_follows_the_view(shown):
    assert shown()[4:].tolist() == [[LEFT_HIP] * 4 + [0] * 4] * 4
    assert shown(flip=True)[4:].tolist() == [[0] * 4 + [RIGHT_HIP] * 4] * 4


@pytest.mark.parametrize("flip", [False, True])
def test_what_hides_a_part_is_background(shown, flip):
    assert not shown(flip)[:4].any()


def test_without_a_part_picture_nothing_is_known(shown):
    assert (shown(row=1) == UNKNOWN_PART).all()
