import pytest

from hpe.datasets.motion_preparation import MotionSource
from hpe.errors import UserError
from hpe.runs.checking import check_data


def test_motions_have_nothing_to_look_at(tmp_path):
    with pytest.raises(UserError, match="amass is motions without people in pictures: leave check=true away"):
        check_data(MotionSource("amass", str(tmp_path)), {}, workers=1, seed=0)
