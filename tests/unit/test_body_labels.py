"""Labels made of labelled bodies: where they are seen, and what is not known."""

from dataclasses import replace

import numpy as np
import pytest
import roma
import torch

from hpe.bodies.body import Body
from hpe.body_labels import with_body_labels
from hpe.datasets.synthetic.poses import FAMILIES, sample_pose
from hpe.types import Batch, BodyOutput

PEOPLE, SIDE, FOCAL = 3, 32, 40.0


@pytest.fixture(scope="module")
def people(body):
    """Three people before cameras of their own, the joints of all labelled."""
    rng = np.random.default_rng(0)
    poses = torch.stack([torch.from_numpy(sample_pose(rng, name)).float() for name in list(FAMILIES)[:PEOPLE]])
    rotmats, betas = roma.rotvec_to_rotmat(poses), torch.zeros(PEOPLE, 10)
    upside = roma.rotvec_to_rotmat(torch.tensor([torch.pi, 0.0, 0.0]))
    rotmats[:, 0] = upside @ rotmats[:, 0]
    joints = body(rotmats, betas).joints + torch.tensor([0.1, 0.0, 4.0])
    return Batch(
        image=torch.zeros(PEOPLE, 3, 8, 8),
        sample=torch.arange(PEOPLE),
        crop=torch.ones(PEOPLE, 3),
        image_size=torch.ones(PEOPLE, 2),
        joints2d=3 * joints[..., :2] / joints[..., 2:] + 0.1,
        confidence2d=torch.ones(PEOPLE, 24),
        focal_length=torch.full((PEOPLE,), 3.0),
        principal_point=torch.full((PEOPLE, 2), 0.1),
        rotmats=rotmats,
        betas=betas,
        has_smpl=torch.ones(PEOPLE, dtype=torch.bool),
    )


def labelled(people, body, *wanted):
    return with_body_labels(people, wanted, body, FOCAL, SIDE)


def test_nothing_is_made_that_nobody_asked_for(people, body):
    assert labelled(people, body, "betas", "joints2d") == people
    assert labelled(people, body, "vertices").parts is None


def test_the_skeleton_is_where_the_joints_were_labelled(people, body):
    torch.testing.assert_close(labelled(people, body, "skeleton2d").skeleton2d, people.joints2d, atol=1e-4, rtol=0)


def test_parts_are_seen_at_their_joints(people, body):
    parts = labelled(people, body, "parts").parts
    assert parts.shape == (PEOPLE, SIDE, SIDE)
    column, row = ((people.joints2d + 1) * SIDE / 2).long().clamp(0, SIDE - 1).unbind(-1)
    there = parts[torch.arange(PEOPLE)[:, None], row, column]
    assert (there > 0).float().mean() > 0.9
    assert (there == torch.arange(1, 25)).float().mean() > 0.4
    assert len(parts.unique()) > 20


def test_the_estimated_camera_shows_nearly_the_same(people, body):
    own = labelled(people, body, "parts").parts
    estimated = labelled(replace(people, focal_length=None, principal_point=None), body, "parts").parts
    assert (own == estimated).float().mean() > 0.9


def test_who_has_no_body_or_no_joints_has_no_parts(people, body):
    some = replace(people, has_smpl=torch.tensor([True, False, True]), confidence2d=people.confidence2d.clone())
    some.confidence2d[2] = 0
    found = labelled(some, body, "parts", "skeleton2d")
    assert (found.parts == -1).all((1, 2)).tolist() == [False, True, True]
    assert found.skeleton2d.isnan().all((1, 2)).tolist() == [False, True, True]


def test_given_parts_stay_and_the_others_are_rendered_in_their_size(people, body):
    given = torch.full((PEOPLE, 16, 16), -1)
    given[1] = 7
    found = labelled(replace(people, parts=given), body, "parts").parts
    assert (found[1] == 7).all()
    assert (found[[0, 2]] >= 0).all()
    assert len(found[0].unique()) > 10


def test_clips_give_what_their_frames_give(people, body):
    clip = people.map(lambda tensor: tensor[None])
    assert torch.equal(labelled(clip, body, "parts").parts[0], labelled(people, body, "parts").parts)


def test_without_labels_a_field_stays_empty(people, body):
    assert labelled(replace(people, joints2d=None), body, "parts").parts is None
    assert labelled(replace(people, rotmats=None, betas=None), body, "parts", "vertices").vertices is None


def test_rotations_are_trusted_by_joints(people, body):
    assert (labelled(people, body, "rotation_confidence").rotation_confidence == 1).all()


def test_joints_of_bodies_are_made_where_none_is_labelled(people, body):
    labelled3d = torch.tensor([1.0, 0.0, 0.0])[:, None].expand(-1, 24)
    some = replace(people, confidence3d=labelled3d, has_smpl=torch.tensor([True, True, False]))
    found = labelled(some, body, "body_joints3d").body_joints3d
    assert found.isnan().all((1, 2)).tolist() == [True, False, True]
    torch.testing.assert_close(found[1], body(people.rotmats, people.betas).joints[1])
    assert labelled(replace(people, rotmats=None, betas=None), body, "body_joints3d").body_joints3d is None


def test_men_and_women_have_joints_of_their_own_bodies(people, body):
    bodies = [body, *(Wider(body, factor) for factor in (1.1, 0.9))]
    genders = replace(people, gender=torch.tensor([0, 1, 2]))
    found = with_body_labels(genders, {"body_joints3d"}, body, FOCAL, SIDE, bodies).body_joints3d
    neutral = labelled(genders, body, "body_joints3d").body_joints3d
    torch.testing.assert_close(found, neutral * torch.tensor([1.0, 1.1, 0.9])[:, None, None])
    assert torch.equal(with_body_labels(people, {"body_joints3d"}, body, FOCAL, SIDE, bodies).body_joints3d, neutral)


class Wider(Body):
    """A body `factor` times as large."""

    def __init__(self, body, factor):
        torch.nn.Module.__init__(self)
        self.smaller, self.factor = body, factor

    def forward(self, rotmats, betas):
        posed = self.smaller(rotmats, betas)
        return BodyOutput(self.factor * posed.vertices, self.factor * posed.joints)

    def joints(self, vertices, name, skeleton):
        return self.smaller.joints(vertices, name, skeleton)
