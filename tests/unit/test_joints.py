import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hpe import joints
from hpe.errors import UserError
from hpe.joints import ABSENT, convert, joint_map, joint_set, joint_set_names

MIRRORED = [name for name in joint_set_names() if joint_set(name).flip]
TREES = [name for name in joint_set_names() if joint_set(name).parents]
MAPS = [tuple(key.split("->")) for key in joints._table()["maps"]]
# Neck index 24 of h36m_32 is a one-sided duplicate of 13.
MIRRORED_MAPS = [pair for pair in MAPS if pair != ("h36m_32", "h36m_17") and set(pair) <= set(MIRRORED)]


def other_side(name):
    sides = {"left": "right", "right": "left"}
    side, _, rest = name.partition("_")
    return f"{sides[side]}_{rest}" if side in sides else name


@pytest.mark.parametrize("name", MIRRORED)
def test_flip_is_an_involution(name):
    flip = joint_set(name).flip
    assert [flip[flip[joint]] for joint in range(len(flip))] == list(range(len(joint_set(name))))


@pytest.mark.parametrize("name", MIRRORED)
def test_flip_swaps_left_and_right_and_nothing_else(name):
    names, flip = joint_set(name).names, joint_set(name).flip
    assert [names[joint] for joint in flip] == [other_side(joint) for joint in names]


@pytest.mark.parametrize(("source", "target"), MIRRORED_MAPS)
def test_flip_commutes_with_maps(source, target):
    index, source_flip = joint_map(source, target), joint_set(source).flip
    mirrored_after = [index[joint] for joint in joint_set(target).flip]
    mirrored_before = [ABSENT if joint == ABSENT else source_flip[joint] for joint in index]
    assert mirrored_after == mirrored_before


@pytest.mark.parametrize("name", sorted(set(TREES) & set(MIRRORED)))
def test_the_mirror_image_of_a_parent_is_the_parent_of_the_mirror_image(name):
    parents, flip = joint_set(name).parents, joint_set(name).flip
    for joint, parent in enumerate(parents):
        assert parents[flip[joint]] == (flip[parent] if parent >= 0 else parent)


@pytest.mark.parametrize("name", TREES)
def test_trees_have_one_root_and_no_circle(name):
    parents = joint_set(name).parents
    assert parents.count(-1) == 1
    for joint in range(len(parents)):
        for _ in parents:
            joint = parents[joint] if joint >= 0 else joint
        assert joint == -1


@pytest.mark.parametrize(("source", "target"), MAPS)
def test_maps_have_the_length_of_their_target_and_point_into_their_source(source, target):
    index = joint_map(source, target)
    assert len(index) == len(joint_set(target))
    assert all(ABSENT <= joint < len(joint_set(source)) for joint in index)


@pytest.mark.parametrize("name", joint_set_names())
def test_every_set_maps_to_itself(name):
    assert joint_map(name, name) == tuple(range(len(joint_set(name))))


@given(st.permutations(range(17)))
def test_j17_and_h36m_17_are_inverse(order):
    values, seen = torch.tensor(order)[:, None].float(), torch.ones(17)
    there = convert(values, seen, "h36m_17", "j17")
    assert torch.equal(convert(*there, "j17", "h36m_17")[0], values)


def test_absent_joints_are_zero_with_confidence_zero():
    values, confidence = convert(torch.ones(1, 17, 3), torch.ones(1, 17), "h36m_17", "spin_j24")
    absent = torch.tensor(joint_map("h36m_17", "spin_j24")) == ABSENT
    assert absent.any()
    assert not values[:, absent].any()
    assert torch.equal(confidence[0], (~absent).float())


def test_index_finds_joints_by_name():
    assert joint_set("smpl_24").index("left_hip", "right_hip") == [1, 2]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: joint_set("smpl24"), "did you mean 'smpl_24'"),
        (lambda: joint_map("smpl_24", "coco_17"), "smpl_24 maps to: lsp_14"),
        (lambda: joint_set("smpl_24").index("left_hop"), "did you mean 'left_hip'"),
    ],
)
def test_unknown_names_are_met_with_help(call, words):
    with pytest.raises(UserError, match=words):
        call()


def test_vertices_of_the_face():
    assert joints.vertex_ids("smpl")["nose"] == 332
    assert joints.vertex_ids("smplx")["nose"] == 9120


@pytest.mark.parametrize("outer", joints.HOLDS)
def test_a_set_that_holds_another_has_its_joints_in_its_order(outer):
    inner, first = joints.HOLDS[outer]
    assert joint_set(outer).names[first:][: len(joint_set(inner))] == joint_set(inner).names


def test_maps_go_by_way_of_a_set_that_is_held():
    assert joint_map("h36m_17", "spin_49") == (ABSENT,) * 25 + joint_map("h36m_17", "spin_j24")
    assert joint_map("coco_wholebody_23", "smpl_24") == joint_map("coco_17", "smpl_24")
    assert joint_map("spin_49", "j17") == tuple(25 + joint for joint in joint_map("spin_j24", "j17"))
