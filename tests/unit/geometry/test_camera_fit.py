import pytest
import torch

from hpe.geometry.camera_fit import fit_translation
from hpe.geometry.cameras import project


@pytest.fixture
def points():
    return 0.5 * torch.randn(3, 24, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


TRANSLATION = torch.tensor([[0.2, -0.4, 4.0], [0.0, 0.0, 9.0], [-1.0, 0.5, 30.0]], dtype=torch.float64)


def test_a_body_is_put_back_where_it_was_seen(points):
    focal = torch.tensor([500.0, 1000.0, 5000.0], dtype=torch.float64)
    middle = torch.tensor([[320.0, 240.0], [640.0, 360.0], [112.0, 112.0]], dtype=torch.float64)
    seen = project(points, TRANSLATION, focal, middle)
    found = fit_translation(points, seen, torch.ones(3, 24), focal, middle)
    torch.testing.assert_close(found, TRANSLATION)


def test_points_without_confidence_do_not_count(points):
    seen = project(points, TRANSLATION, 1000.0)
    seen[:, 5:] += 300
    confidence = torch.ones(3, 24)
    confidence[:, 5:] = 0
    torch.testing.assert_close(fit_translation(points, seen, confidence, 1000.0), TRANSLATION)


def test_the_more_confident_points_pull_more(points):
    seen = project(points, TRANSLATION, 1000.0)
    seen[:, :12] += 50
    confidence = torch.ones(3, 24)
    confidence[:, :12] = 0.1
    weak = fit_translation(points, seen, confidence, 1000.0)
    equal = fit_translation(points, seen, torch.ones(3, 24), 1000.0)
    assert ((weak - TRANSLATION).norm(dim=1) < (equal - TRANSLATION).norm(dim=1)).all()


@pytest.mark.parametrize("known", [0, 1])
def test_too_few_points_give_no_place(known, points):
    confidence = torch.zeros(3, 24)
    confidence[:, :known] = 1
    assert fit_translation(points, project(points, TRANSLATION, 1000.0), confidence, 1000.0).isnan().all()
