import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpe.datasets.geometric import View
from hpe.datasets.labels import Labels, label_groups, uncovered
from hpe.errors import UserError
from hpe.geometry.crops import transform_points
from hpe.joints import joint_map, joint_set

CLEAR = np.zeros((32, 32), dtype=bool)
views = st.builds(
    View,
    st.tuples(st.floats(-20, 120), st.floats(-20, 90), st.floats(20, 200)).map(lambda crop: np.array([crop])),
    st.floats(-90, 90).map(lambda degrees: np.array([degrees])),
    st.booleans().map(lambda flip: np.array([flip])),
)
once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)


def view(x, y, side, degrees=0.0, flip=False):
    return View(np.array([[x, y, side]]), np.array([degrees]), np.array([flip]))


def read(store, row, view, joints="smpl_24", covered=None):
    """The labels of one person."""
    masks = None if covered is None else covered[None]
    batch = Labels(store, joints, label_groups([store]))(np.array([row]), view, masks)
    return {name: values[0] for name, values in batch.items()}


def test_projected_joints3d_are_joints2d_in_every_view(make_store):
    store = make_store()

    @once
    @given(view=views, row=st.integers(0, 7))
    def check(view, row):
        labels = read(store, row, view)
        points = labels["joints3d"]
        projected = labels["focal_length"] * points[:, :2] / points[:, 2:] + labels["principal_point"]
        assert torch.allclose(projected, labels["joints2d"], atol=2e-4)

    check()


def test_mirrored_labels_are_negated_and_exchanged(make_store):
    store = make_store()
    plain, mirrored = (read(store, 0, view(40.0, 30.0, 50.0, flip=flip)) for flip in (False, True))
    flip = list(joint_set("smpl_24").flip)
    assert torch.allclose(mirrored["joints2d"], plain["joints2d"][flip] * torch.tensor([-1, 1]), atol=1e-6)
    assert torch.allclose(mirrored["joints3d"], plain["joints3d"][flip] * torch.tensor([-1, 1, 1]))
    assert torch.equal(mirrored["visible"], plain["visible"][flip])
    assert torch.equal(mirrored["betas"], plain["betas"])


def test_joints_are_brought_to_the_training_set(make_store):
    store, wide = make_store(), view(48.0, 36.0, 90.0)
    labels = read(store, 2, wide, joints="lsp_14")
    index = np.array(joint_map("smpl_24", "lsp_14"))
    expected = transform_points(wide.affine[0], store["joints2d"][2][index])
    present = index >= 0
    assert np.allclose(labels["joints2d"].numpy()[present], expected[present], atol=1e-5)
    assert np.array_equal(labels["confidence2d"].numpy() > 0, present)


def test_covered_and_outside_joints_are_invisible(make_store):
    store = make_store(visible=np.ones((8, 24), dtype=bool))
    wide, tight = view(48.0, 36.0, 500.0), view(48.0, 36.0, 1.0)
    assert read(store, 0, wide)["visible"].all()
    assert not read(store, 0, wide, covered=~CLEAR)["visible"].any()
    inside = (read(store, 0, tight)["joints2d"].abs() < 1).all(-1)
    assert torch.equal(read(store, 0, tight)["visible"], inside)


def test_person_without_smpl_has_the_identity(make_store):
    labels = read(make_store(has_smpl=np.zeros(8, dtype=bool)), 0, view(48.0, 36.0, 90.0, 20.0, True))
    assert not labels["has_smpl"]
    assert torch.equal(labels["rotmats"], torch.eye(3).expand(24, 3, 3))
    assert torch.equal(labels["betas"], torch.zeros(10))


def test_groups_of_a_mixture_are_filled_where_a_store_lacks_them(make_store):
    poor = make_store(
        name="poor",
        drop=("joints3d", "confidence3d", "visible", "pose", "betas", "has_smpl", "focal_length", "principal_point"),
    )
    groups = label_groups([poor, make_store()])
    batch = Labels(poor, "smpl_24", groups)(np.array([0]), view(48.0, 36.0, 200.0))
    labels = {name: values[0] for name, values in batch.items()}
    assert labels.keys() == read(make_store(), 0, view(48.0, 36.0, 200.0)).keys()
    assert not labels["confidence3d"].any()
    assert not labels["has_smpl"]
    assert labels["visible"].all()
    assert labels["focal_length"] == pytest.approx(2 * np.hypot(96, 72) / 200)


def test_store_alone_supplies_only_what_it_has(make_store):
    labels = read(make_store(drop=("pose", "betas", "has_smpl")), 0, view(48.0, 36.0, 90.0))
    assert "rotmats" not in labels


def test_joints_without_a_map_are_left_out_where_there_are_bodies_and_refused_where_there_are_none(make_store, caplog):
    store = make_store()
    labels = read(store, 0, view(40.0, 30.0, 60.0), "penn_action_13")
    assert labels["has_smpl"]
    assert not labels["confidence2d"].any()
    assert not labels["joints3d"].any()
    assert "tiny train is read without its joints" in caplog.text
    bare = make_store(name="bare", drop=("pose", "betas", "has_smpl"))
    with pytest.raises(UserError, match="no map from joint set smpl_24 to penn_action_13"):
        Labels(bare, "penn_action_13", label_groups([bare]))


def test_covered_pixels_hide_joints_and_so_does_the_edge(make_store):
    covered = np.zeros((1, 4, 4), dtype=bool)
    covered[0, 1, 2] = True  # crop units: x from 0 to 0.5, y from -0.5 to 0
    points = np.array([[[0.25, -0.25], [0.49, -0.01], [0.51, -0.25], [-0.9, 0.9], [1.2, 0.0], [0.0, -1.1]]])
    assert uncovered(points, covered).tolist() == [[False, False, True, True, False, False]]
    assert uncovered(points, None).tolist() == [[True, True, True, True, False, False]]


def test_whose_gender_is_not_known_has_a_neutral_body(make_store):
    known = make_store(gender=np.arange(8) % 3)
    unknown = make_store(name="other", split="test")
    wide, rows = view(48.0, 36.0, 90.0), np.array([4])
    groups = label_groups([known, unknown])
    assert [int(Labels(store, "smpl_24", groups)(rows, wide)["gender"]) for store in (known, unknown)] == [1, 0]
    assert "gender" not in Labels(unknown, "smpl_24", label_groups([unknown]))(rows, wide)
