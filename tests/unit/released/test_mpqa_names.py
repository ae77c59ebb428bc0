import pytest

from hpe.released.mpqa import rename


def test_names_become_ours():
    assert rename("backbone.layer1.0.conv1.weight") == "backbone.trunk.layer1.0.conv1.weight"
    assert rename("regression_branch.head.encoder.to_q.0.weight") == "head.attention.to_query.weight"
    assert rename("regression_branch.mlp.pose_mlp.head.bias") == "head.pose_map.joints.head.bias"


def test_tensors_that_we_do_without_are_dropped():
    assert rename("backbone.final_layer.weight") is None
    assert rename("regression_branch.smpl.smpl.v_template") is None


def test_unknown_names_are_told():
    with pytest.raises(KeyError, match="target_head"):
        rename("target_head.head.aux_head.0.weight")
