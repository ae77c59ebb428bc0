"""Crop cameras, full-picture cameras and projection. Metres and pixels; the focal length is always an argument."""

import torch
from jaxtyping import Float
from torch import Tensor


def crop_translation(
    camera: Float[Tensor, "*batch 3"], focal_length: float, resolution: int
) -> Float[Tensor, "*batch 3"]:
    """Body translation (tx, ty, 2 f / (resolution s)) in metres of a crop camera (s, tx, ty).

    The weak-perspective convention of HMR and SPIN: s scales metres to half the crop's side.
    """
    scale, x, y = camera.unbind(-1)
    return torch.stack([x, y, 2 * focal_length / (resolution * scale + 1e-9)], dim=-1)


def camera_of_translation(
    translation: Float[Tensor, "*batch 3"], focal_length: float, resolution: int
) -> Float[Tensor, "*batch 3"]:
    """The crop camera (s, tx, ty) that puts a body there, in metres: the inverse of `crop_translation`."""
    x, y, depth = translation.unbind(-1)
    return torch.stack([2 * focal_length / (resolution * depth + 1e-9), x, y], dim=-1)


def project(
    points: Float[Tensor, "*batch points 3"],
    translation: Float[Tensor, "*batch 3"],
    focal_length: Float[Tensor, "*batch"] | float,
    centre: Float[Tensor, "*batch 2"] | float = 0.0,
) -> Float[Tensor, "*batch points 2"]:
    """Pinhole projection in pixels of points in metres, moved by `translation` into the camera frame."""
    moved = points + translation[..., None, :]
    focal = focal_length[..., None, None] if isinstance(focal_length, Tensor) else focal_length
    middle = centre[..., None, :] if isinstance(centre, Tensor) else centre
    return focal * moved[..., :2] / moved[..., 2:] + middle


def project_crop(
    points: Float[Tensor, "*batch points 3"], camera: Float[Tensor, "*batch 3"], focal_length: float, resolution: int
) -> Float[Tensor, "*batch points 2"]:
    """Projection by a crop camera in crop units, -1 to 1 from edge to edge of a crop of `resolution` pixels."""
    translation = crop_translation(camera, focal_length, resolution)
    return project(points, translation, focal_length) / (resolution / 2)


def full_image_translation(
    camera: Float[Tensor, "*batch 3"],
    crop: Float[Tensor, "*batch 3"],
    image_size: Float[Tensor, "*batch 2"],
    focal_length: Float[Tensor, "*batch"],
) -> Float[Tensor, "*batch 3"]:
    """Translation in metres for the full picture's camera, principal point in the picture's middle.

    `crop` is (centre x, centre y, side) and `image_size` (width, height), in pixels; `focal_length` in pixels of
    the full picture. The conversion of CLIFF (Li et al., ECCV 2022), section 3.2.
    """
    scale, x, y = camera.unbind(-1)
    centre_x, centre_y, side = crop.unbind(-1)
    size = side * scale
    offset_x = 2 * (centre_x - image_size[..., 0] / 2) / size
    offset_y = 2 * (centre_y - image_size[..., 1] / 2) / size
    return torch.stack([x + offset_x, y + offset_y, 2 * focal_length / size], dim=-1)


def picture_camera(
    camera: Float[Tensor, "*batch 3"], crop: Float[Tensor, "*batch 3"], image_size: Float[Tensor, "*batch 2"]
) -> Float[Tensor, "*batch 4"]:
    """A crop camera as one of the whole picture, (sx, sy, tx, ty), without perspective: VIBE's and PARE's `orig_cam`.

    A point x, y in metres is seen at (sx (x + tx), sy (y + ty)), -1 to 1 from edge to edge of the picture. `crop` is
    (centre x, centre y, side) and `image_size` (width, height), in pixels.
    """
    scale = camera[..., :1] * crop[..., 2:] / image_size
    shift = camera[..., 1:] + (2 * crop[..., :2] / image_size - 1) / scale
    return torch.cat([scale, shift], dim=-1)


def picture_points(
    points: Float[Tensor, "*batch points 2"], crop: Float[Tensor, "*batch 3"]
) -> Float[Tensor, "*batch points 2"]:
    """Pixels of the full picture of points in crop units; `crop` is (centre x, centre y, side) in pixels."""
    return crop[..., None, :2] + points * (crop[..., None, 2:] / 2)


def default_focal_length(image_size: Float[Tensor, "*batch 2"]) -> Float[Tensor, "*batch"]:
    """Focal length in pixels guessed for a picture of unknown camera: the length of its diagonal (about 53 degrees)."""
    return image_size.norm(dim=-1)


def world_to_camera(
    orientation: Float[Tensor, "*batch 3 3"],
    translation: Float[Tensor, "*batch 3"],
    root: Float[Tensor, "*batch 3"],
    camera_rotation: Float[Tensor, "*batch 3 3"],
    camera_translation: Float[Tensor, "*batch 3"],
) -> tuple[Float[Tensor, "*batch 3 3"], Float[Tensor, "*batch 3"]]:
    """Orientation and translation in the camera's frame of a body that is placed in the world; metres.

    The camera sees x_world at `camera_rotation x_world + camera_translation`. `root` is the pelvis of the shaped
    body in its rest pose: SMPL turns about it rather than about the origin, so it must be carried along.
    """
    placed = (camera_rotation @ (translation + root)[..., None])[..., 0] + camera_translation
    return camera_rotation @ orientation, placed - root
