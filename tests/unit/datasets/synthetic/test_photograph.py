from dataclasses import replace

import numpy as np
import pytest

from hpe.bodies.body import Body
from hpe.datasets.synthetic.labels import subject_labels
from hpe.datasets.synthetic.materials import material
from hpe.datasets.synthetic.objects import Thing
from hpe.datasets.synthetic.people import Figure
from hpe.datasets.synthetic.photograph import HIDDEN, photograph
from hpe.datasets.synthetic.scene import Scene, sample_still, sample_walk

SIZE = 96


@pytest.fixture(scope="module")
def figure(body: Body) -> Figure:
    return Figure.of(body)


def alone(figure: Figure, seed: int) -> Scene:
    """A scene with nobody and nothing but the subject."""
    scene = sample_still(np.random.default_rng(seed), figure, SIZE)
    return replace(scene, people=scene.people[:1], things=())


def slab(scene: Scene, depth: float) -> Thing:
    """A wall of 10 metres that faces the camera at a share `depth` of the way to the subject."""
    rng = np.random.default_rng(0)
    sight = (scene.people[0].joints[0] - scene.camera.position) * [1, 0, 1]
    centre = scene.camera.position + depth * sight
    heading = np.arctan2(sight[0], sight[2])
    half = np.array([5, 5, 0.01], np.float32)
    paint = material(rng, np.full((2, 3), 0.5, np.float32))
    return Thing(centre.astype(np.float32), half, 0.12, 0.12, heading, paint)


def test_the_same_seed_gives_the_same_picture(figure: Figure) -> None:
    pictures = [photograph(alone(figure, 5), figure.parts, np.random.default_rng(1)) for _ in range(2)]
    np.testing.assert_array_equal(pictures[0].rgb, pictures[1].rgb)
    np.testing.assert_array_equal(pictures[0].parts, pictures[1].parts)


def test_labels_project_onto_the_person(figure: Figure) -> None:
    scene = alone(figure, 8)
    picture = photograph(scene, figure.parts, np.random.default_rng(0))
    labels = subject_labels(scene, picture)
    points, focal = labels["joints3d"], labels["focal_length"]
    projected = focal * points[:, :2] / points[:, 2:] + labels["principal_point"]
    np.testing.assert_allclose(projected, labels["joints2d"], atol=1e-3)
    y, x = np.nonzero(picture.parts)
    left, top, width, height = labels["box"]
    assert left - 1 <= x.min()
    assert x.max() <= left + width + 1
    assert top - 1 <= y.min()
    assert y.max() <= top + height + 1
    knee = np.floor(labels["joints2d"][4]).astype(int)
    assert labels["visible"][4] == (picture.parts[knee[1], knee[0]] in (1 + 1, 4 + 1, 7 + 1))


def test_what_stands_in_front_hides_and_what_stands_behind_does_not(figure: Figure) -> None:
    scene = alone(figure, 8)
    free = photograph(scene, figure.parts, np.random.default_rng(0))
    before = photograph(replace(scene, things=(slab(scene, 0.5),)), figure.parts, np.random.default_rng(0))
    behind = photograph(replace(scene, things=(slab(scene, 1.6),)), figure.parts, np.random.default_rng(0))
    assert free.visible.sum() > 12
    assert not before.visible.any()
    assert set(np.unique(before.parts)) == {0, HIDDEN}
    np.testing.assert_array_equal(behind.visible, free.visible)
    np.testing.assert_array_equal(behind.parts, free.parts)


def test_a_person_stands_on_the_floor(figure: Figure) -> None:
    for seed in range(3):
        assert alone(figure, seed).people[0].surface.vertices[:, 1].min() == pytest.approx(0, abs=1e-5)


def test_a_walk_keeps_person_and_place_and_moves_on(figure: Figure) -> None:
    scenes = sample_walk(np.random.default_rng(2), figure, SIZE, 4)
    assert all(scene.camera is scenes[0].camera for scene in scenes)
    assert all(scene.people[0].outfit is scenes[0].people[0].outfit for scene in scenes)
    steps = np.diff([scene.people[0].joints[0] for scene in scenes], axis=0)[:, [0, 2]]
    assert (np.linalg.norm(steps, axis=1) > 0.03).all()
