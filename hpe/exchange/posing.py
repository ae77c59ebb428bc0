"""What submissions need and a prediction store does not keep: posed joints, translations, checks of both."""

import numpy as np
import roma
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.bodies.body import Body
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.geometry.cameras import full_image_translation
from hpe.scoring.predictions import Predictions
from hpe.types import BodyOutput

CHUNK = 512


def rotation_matrices(said: Predictions) -> Float[Tensor, "people 24 3 3"]:
    """Rotations relative to the parent joint. Raises UserError where there are none or one is not finite."""
    if "pose" not in said:
        raise UserError(f"predictions of {said.model} have no rotations (column 'pose'), which this layout needs")
    check_finite(said)
    return roma.rotvec_to_rotmat(torch.from_numpy(said["pose"]).unflatten(1, (24, 3)))


@torch.inference_mode()
def posed_joints(said: Predictions, body: Body) -> Float[Tensor, "people 24 3"]:
    """SMPL's 24 joints around the body's own origin, metres; a chunk at a time, because meshes are large."""
    rotmats, betas = rotation_matrices(said), torch.from_numpy(said["betas"])
    parts = [body(*part).joints for part in zip(rotmats.split(CHUNK), betas.split(CHUNK), strict=True)]
    return torch.cat(parts)


@torch.inference_mode()
def posed(rotmats: Float[Tensor, "people 24 3 3"], betas: Float[Tensor, "people 10"], body: Body) -> BodyOutput:
    """Meshes and skeletons around the body's own origin, metres; a chunk at a time, because posing takes memory."""
    parts = [body(*part) for part in zip(rotmats.split(CHUNK), betas.split(CHUNK), strict=True)]
    return BodyOutput(torch.cat([part.vertices for part in parts]), torch.cat([part.joints for part in parts]))


def check_finite(said: Predictions) -> None:
    """Raise UserError where a number is not finite: the official evaluations would give NaN for everything."""
    if bad := {name: count for name, count in said.not_finite().items() if name != "uncertainty"}:
        told = ", ".join(f"{name} of {count}" for name, count in bad.items())
        raise UserError(
            f"predictions of {said.model} are not finite ({told} people): no evaluation server can score them"
        )


def translations(said: Predictions, store: Store) -> Float[Tensor, "people 3"]:
    """Translations in metres into the full picture's camera frame: predicted, or from the crop's camera.

    Raises UserError where there is neither, or no focal length for the second.
    """
    if "transl" in said:
        return torch.from_numpy(said["transl"])
    if "camera" not in said or "crop" not in said:
        raise UserError(f"predictions of {said.model} have neither 'transl' nor 'camera' and 'crop': no translation")
    if "focal_length" not in store:
        raise UserError(
            f"{store.path} has no column 'focal_length', without which a crop's camera gives no translation"
        )
    known = [torch.from_numpy(np.asarray(store[name][said["sample"]])) for name in ("image_size", "focal_length")]
    return full_image_translation(torch.from_numpy(said["camera"]), torch.from_numpy(said["crop"]), *known)
