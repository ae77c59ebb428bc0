"""SMPLify of a clip: one person with one shape, who moves smoothly."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from hpe.bodies.body import Body
from hpe.fitting.minimiser import Minimiser
from hpe.fitting.objective import Objective
from hpe.fitting.problem import Bodies, Seen
from hpe.fitting.smoothness import motion
from hpe.fitting.smplify import SMPLify


class TemporalSMPLify(SMPLify):
    """Fits the frames of one person's clip together, with PARE's smoothness terms; kept or refused as a whole.

    The betas are those of all frames. PARE begins with those of the frame that fits best, here it is their mean.
    `in_picture` weighs the joints' paths in pixels, `in_body` those around the body's origin in metres, each squared.
    """

    name = "temporal SMPLify"

    def __init__(
        self,
        objective: Objective,
        minimiser: Minimiser,
        move_camera: bool = True,
        in_picture: float = 0.01,
        in_body: float = 1.0,
    ) -> None:
        super().__init__(objective, minimiser, move_camera)
        self.in_picture, self.in_body = in_picture, in_body

    def pose(self, body: Body, seen: Seen, start: Bodies) -> Bodies:
        """Pose and orientation of each frame, betas of all, and the translations if `move_camera`."""

        def moved(numbers: Float[Tensor, "1 numbers"]) -> Bodies:
            frames = numbers[0, 10:].unflatten(0, (len(seen.joints2d), -1))
            place = frames[:, 72:] if self.move_camera else start.translation
            return Bodies(frames[:, :3], frames[:, 3:72], numbers[:, :10].expand(len(frames), 10), place)

        def energy(numbers: Float[Tensor, "1 numbers"], rows: Int[Tensor, "1"]) -> Float[Tensor, "1"]:
            bodies = moved(numbers)
            return self.clip(bodies.joints(body, seen.joint_set), bodies, seen)[None]

        frames = torch.cat([start.rotvecs] + [start.translation] * self.move_camera, dim=-1)
        return moved(self.minimiser(energy, torch.cat([start.betas.mean(0), frames.flatten()])[None]))

    def clip(self, joints: Float[Tensor, "frames joints 3"], bodies: Bodies, seen: Seen) -> Float[Tensor, ""]:
        """The energy of a clip: that of its frames, and of the way from frame to frame."""
        in_picture, in_body = motion(joints, bodies.translation, seen)
        smoothness = self.in_picture**2 * in_picture + self.in_body**2 * in_body
        return self.objective.body(joints, bodies, seen).sum() + smoothness

    def better(self, before: Float[Tensor, "frames"], after: Float[Tensor, "frames"]) -> Bool[Tensor, "frames"]:
        """All frames or none."""
        return (after.mean() < before.mean()).expand(len(after))
