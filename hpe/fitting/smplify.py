"""SMPLify: bodies moved to where 2D joints are seen, first placed, then posed."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from hpe.bodies.body import Body
from hpe.fitting.chosen_joints import reliable
from hpe.fitting.minimiser import Minimiser
from hpe.fitting.objective import Objective
from hpe.fitting.problem import Bodies, Seen


@dataclass(frozen=True)
class Fitted:
    """What came of a fit: the bodies, and whose fit is kept (the others are as they were).

    `before` and `after` are what a joint costs on average: robust squared pixels, weighted by confidence. Before is NaN
    for people of whom nothing was known.
    """

    bodies: Bodies
    kept: Bool[Tensor, "people"]
    before: Float[Tensor, "people"]
    after: Float[Tensor, "people"]


class SMPLify:
    """Places people by their torsos, then poses them; whose joints are no nearer then stays as he was.

    Bogo et al., Keep it SMPL, ECCV 2016, with the terms of SPIN (`Objective`). Everybody has betas of his own, and
    nobody's fit depends on who else is fitted. `move_camera` frees the translation in the second stage too, where
    the published fits hold it.
    """

    name = "SMPLify"

    def __init__(self, objective: Objective, minimiser: Minimiser, move_camera: bool = True) -> None:
        self.objective, self.minimiser, self.move_camera = objective, minimiser, move_camera

    def __call__(self, body: Body, seen: Seen, start: Bodies) -> Fitted:
        """Fit the people of `start`, each to his row of `seen`."""
        goal = reliable(seen)
        bodies = self.pose(body, goal, self.place(body, seen, start))
        before, after = self.cost(body, goal, start), self.cost(body, goal, bodies)
        kept = self.better(before, after)
        return Fitted(bodies.where(kept, start), kept, before, after)

    def place(self, body: Body, seen: Seen, start: Bodies) -> Bodies:
        """Orientation and translation by hips and shoulders, near the depth of `start`."""

        def moved(numbers: Float[Tensor, "some 6"], rows: Int[Tensor, "some"]) -> Bodies:
            return replace(start[rows], orientation=numbers[:, :3], translation=numbers[:, 3:])

        def energy(numbers: Float[Tensor, "some 6"], rows: Int[Tensor, "some"]) -> Float[Tensor, "some"]:
            bodies = moved(numbers, rows)
            joints = bodies.joints(body, seen.joint_set)
            return self.objective.camera(joints, bodies.translation, start.translation[rows], seen[rows])

        numbers = torch.cat([start.orientation, start.translation], dim=-1)
        return moved(self.minimiser(energy, numbers), torch.arange(len(numbers), device=numbers.device))

    def pose(self, body: Body, seen: Seen, start: Bodies) -> Bodies:
        """Pose, betas and orientation of each person, and the translation if `move_camera`."""

        def moved(numbers: Float[Tensor, "some numbers"], rows: Int[Tensor, "some"]) -> Bodies:
            place = numbers[:, 82:] if self.move_camera else start.translation[rows]
            return Bodies(numbers[:, :3], numbers[:, 3:72], numbers[:, 72:82], place)

        def energy(numbers: Float[Tensor, "some numbers"], rows: Int[Tensor, "some"]) -> Float[Tensor, "some"]:
            bodies = moved(numbers, rows)
            return self.objective.body(bodies.joints(body, seen.joint_set), bodies, seen[rows])

        free = [start.rotvecs, start.betas] + [start.translation] * self.move_camera
        numbers = self.minimiser(energy, torch.cat(free, dim=-1))
        return moved(numbers, torch.arange(len(numbers), device=numbers.device))

    def better(self, before: Float[Tensor, "people"], after: Float[Tensor, "people"]) -> Bool[Tensor, "people"]:
        """Whose fit is kept."""
        return after < before

    @torch.no_grad()
    def cost(self, body: Body, seen: Seen, bodies: Bodies) -> Float[Tensor, "people"]:
        """What a joint costs each person on average."""
        return self.objective.reprojection(bodies.joints(body, seen.joint_set), bodies, seen).mean(-1)
