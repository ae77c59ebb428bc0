import torch

from hpe.rendering.part_maps import render_parts

# Two squares, the second nearer and over the right half of the first.
SQUARE = torch.tensor([[-1.0, -1.0, 2.0], [1.0, -1.0, 2.0], [1.0, 1.0, 2.0], [-1.0, 1.0, 2.0]])
NEARER = SQUARE * torch.tensor([0.5, 0.5, 0.5]) + torch.tensor([0.5, 0.0, 0.0])
VERTICES = torch.cat([SQUARE, NEARER])[None]
FACES = torch.tensor([[0, 2, 1], [0, 3, 2], [4, 6, 5], [4, 7, 6]])
PARTS = torch.tensor([3, 3, 20, 20])


def rendered(focal_length, principal_point, side=8):
    return render_parts(VERTICES, FACES, PARTS, torch.tensor([focal_length]), torch.tensor([principal_point]), side)[0]


def test_each_pixel_shows_one_more_than_the_part_of_the_nearest_face():
    parts = rendered(1.0, [0.0, 0.0])
    assert (parts[2:6, 2:4] == 4).all()
    assert (parts[2:6, 4:] == 21).all()
    assert (parts[:, :2] == 0).all()


def test_the_principal_point_moves_the_picture_by_crop_units():
    moved = rendered(1.0, [0.25, 0.0])
    assert torch.equal(moved[:, 1:], rendered(1.0, [0.0, 0.0])[:, :-1])
