"""Square crops of a picture, turned and mirrored, and what that does to points, cameras and bodies.

Arrays rather than tensors, because that is what pictures are. Picture coordinates are continuous: 0 is the left (top)
edge, the centre of the first pixel is 0.5. Crop units run from -1 to 1, edge to edge. A crop is (centre x, centre y,
side) in pixels. It is mirrored first, then turned by `degrees`, clockwise on screen as in `rotations.rotate_in_plane`.
`*people` are the crops of a batch, or nothing for a single one.

Why labels stay exact: mirroring and turning about the camera's z axis act on X / Z exactly as on the picture,
and moving and scaling a picture only changes its camera, even when the crop is far from the picture's middle.
"""

import numpy as np
from jaxtyping import Bool, Float

Array = np.ndarray
Numbers = Float[Array, "*people"]
Truths = Bool[Array, "*people"]


def square_crop(box: Float[Array, "*people 4"], margin: float) -> Float[Array, "*people 3"]:
    """Crop around a box (x0, y0, width, height) in pixels, its side `margin` times the longer edge."""
    return np.concatenate([box[..., :2] + box[..., 2:] / 2, margin * box[..., 2:].max(-1, keepdims=True)], axis=-1)


def keypoint_box(points: Float[Array, "joints 2"], confidence: Float[Array, "joints"]) -> Float[Array, "4"]:
    """The tight box (x0, y0, width, height) around the points with confidence above 0; NaN where there are none.

    SPIN's crop is `square_crop` of it with margin 1.2; its `scale` is that crop's side over 200 pixels.
    """
    seen = points[confidence > 0]
    if len(seen) == 0:
        return np.full(4, np.nan)
    return np.concatenate([seen.min(0), np.ptp(seen, axis=0)])


def turn_matrix(degrees: Numbers | float, flip: Truths | bool) -> Float[Array, "*people 2 2"]:
    """Mirror x if `flip`, then turn clockwise on screen: the same matrix for picture points and camera x, y."""
    cosine, sine, mirror = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees)), np.where(flip, -1.0, 1.0)
    return np.stack([np.stack([cosine * mirror, -sine], -1), np.stack([sine * mirror, cosine], -1)], axis=-2)


def crop_affine(
    crop: Float[Array, "*people 3"], degrees: Numbers | float = 0.0, flip: Truths | bool = False
) -> Float[Array, "*people 2 3"]:
    """Affine map from pixels of the full picture to crop units."""
    linear = turn_matrix(degrees, flip) * (2 / crop[..., 2, None, None])
    return np.concatenate([linear, -linear @ crop[..., :2, None]], axis=-1)


def transform_points(
    affine: Float[Array, "*people 2 3"], points: Float[Array, "*people points 2"]
) -> Float[Array, "*people points 2"]:
    """Picture points moved by an affine map."""
    return points @ affine[..., :2].swapaxes(-1, -2) + affine[..., None, :, 2]


def turn_points(
    points: Float[Array, "*people points 3"], degrees: Numbers | float, flip: Truths | bool
) -> Float[Array, "*people points 3"]:
    """Points in the camera frame, in metres, as the turned and mirrored picture shows them."""
    turned = points[..., :2] @ turn_matrix(degrees, flip).swapaxes(-1, -2)
    return np.concatenate([turned, points[..., 2:]], axis=-1)


def crop_camera(
    affine: Float[Array, "*people 2 3"], focal_length: Numbers | float, principal_point: Float[Array, "*people 2"]
) -> tuple[Numbers, Float[Array, "*people 2"]]:
    """The crop's own pinhole camera: focal length and principal point in crop units, from those in pixels.

    With it, `turn_points` of any point in front of the camera projects to `transform_points` of its projection.
    """
    focal = np.sqrt(np.abs(np.linalg.det(affine[..., :2]))) * focal_length
    return np.asarray(focal), transform_points(affine, principal_point[..., None, :])[..., 0, :]


def pixel_affine(affine: Float[Array, "2 3"], resolution: int, reduction: int = 1) -> Float[Array, "2 3"]:
    """The map to crop units as OpenCV wants it: from pixel index to pixel index of a crop of `resolution` pixels.

    OpenCV counts from the centre of the first pixel, hence the two shifts by half a pixel. The picture may have been
    read `reduction` times smaller: then one of its pixels is as many of the full picture's, from edge to edge.
    """
    moved = np.empty((2, 3))
    moved[:, :2] = affine[:, :2] * (resolution / 2 * reduction)
    moved[:, 2] = (affine[:, 2] + 1) * (resolution / 2) + moved[:, :2].sum(1) / 2 - 0.5
    return moved


def pixel_index(points: Float[Array, "*points 2"], resolution: int) -> tuple[Array, Array]:
    """Row and column of the pixel that holds each point given in crop units; outside the crop they are out of range.

    Both are integer arrays of shape `*points`.
    """
    column, row = np.moveaxis(np.floor((points + 1) * (resolution / 2)).astype(np.int64), -1, 0)
    return row, column
