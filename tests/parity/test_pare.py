"""Golden PARE: outputs of the published code, see README.md beside the vectors. A topic a module, collected here."""

import pare_data
import pare_occlusion
import pytest
from golden import Golden
from pare_data import *  # noqa: F403
from pare_occlusion import *  # noqa: F403

CHECKED = (*pare_data.CHECKED, *pare_occlusion.CHECKED)
PARE = "the network comes with PARE"
LATER = {
    **dict.fromkeys(("pare_hrnet", "hrnet_w", "hmr_", "head_", "layer", "loss", "smpl", "const"), PARE),
    **dict.fromkeys(("rot", "cam", "procrustes", "eval"), "checked with other systems' vectors; PARE's come with PARE"),
    "data/heatmaps": "heat maps come with PARE's head",
    "data/heatmap_3": "heat maps come with PARE's head",
    "data/affine": "a crop that is not square; here all are",
    "euro": "smoothing comes with video",
    "bbox": "smoothing comes with video",
    "fit": "fitting comes with SMPLify",
}


@pytest.mark.parametrize("entry", LATER)
def test_later(entry: str) -> None:
    pytest.skip(f"{entry}: {LATER[entry]}")


def test_every_group_is_checked_or_listed(golden: Golden) -> None:
    assert not golden.forgotten(*CHECKED, *LATER)
