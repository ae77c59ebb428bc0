"""What may be done to a training crop, and how often. Probabilities are per picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from hpe.datasets.cutouts import Cutouts


@dataclass(frozen=True)
class Augmentation:
    """Ranges of the augmentations; the defaults do nothing.

    `scale_deviation` and `rotation_deviation` (degrees) are standard deviations of normal distributions, cut at
    one and two deviations. `shift` is the largest move of the crop along each axis as a share of its side.
    `colour_gain` g multiplies each channel by a number from 1 - g to 1 + g. An occluded picture gets 1 to
    `occluders` objects, each `occluder_size` (least, most) of the crop's side across. They are procedural, or
    a `cutout_share` of them `cutouts` of pictures. With `cutout_scale` (least, most) cut-outs have a size of their own
    instead: scaled by that much, they are pasted into a crop of 256 pixels. `blur_probability` is of motion blur, by
    lines of 3 to `blur_length` pixels.
    """

    flip_probability: float = 0.0
    rotation_probability: float = 0.0
    rotation_deviation: float = 30.0
    scale_deviation: float = 0.0
    shift: float = 0.0
    colour_gain: float = 0.0
    occluder_probability: float = 0.0
    occluders: int = 3
    occluder_size: Sequence[float] = (0.1, 0.5)
    cutouts: Cutouts | None = None
    cutout_share: float = 1.0
    cutout_scale: Sequence[float] | None = None
    blur_probability: float = 0.0
    blur_length: int = 7


NO_AUGMENTATION = Augmentation()
