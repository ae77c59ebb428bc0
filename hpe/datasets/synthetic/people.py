"""People: a body in a pose and clothes, standing in the world."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.spatial.transform import Rotation

from hpe.bodies.body import Body
from hpe.datasets.synthetic.mesh import Mesh
from hpe.datasets.synthetic.outfits import Landmarks, Outfit
from hpe.rendering.shading import vertex_normals


@dataclass(frozen=True)
class Person:
    """A clothed body. `pose` is SMPL's axis-angle vectors in the world (y up), `joints` and mesh are metres."""

    pose: Float[np.ndarray, "24 3"]
    betas: Float[np.ndarray, "10"]
    outfit: Outfit
    landmarks: Landmarks
    joints: Float[np.ndarray, "24 3"]
    surface: Mesh

    def mesh(self) -> Mesh:
        """The surface in the world; its colours are laid on in the rest pose."""
        return self.surface

    def colour(self, points: Float[np.ndarray, "points 3"]) -> Float[np.ndarray, "points 3"]:
        """RGB at points of the rest pose."""
        return self.outfit.colour(points, self.landmarks)


@dataclass(frozen=True)
class Figure:
    """What the generator needs of a body model: the model, its rest surface and the part of every face."""

    body: Body
    rest: Float[np.ndarray, "vertices 3"]
    faces: Int[np.ndarray, "faces 3"]
    parts: Int[np.ndarray, "vertices"]
    landmarks: Landmarks

    @staticmethod
    def of(body: Body) -> "Figure":
        """The average shape of `body` in its rest pose is where clothes are cut."""
        rest = body(torch.eye(3).expand(1, 24, 3, 3), torch.zeros(1, 10))
        vertices, joints = rest.vertices[0].numpy(), rest.joints[0].numpy()
        nose, eye, ear = (vertices[body.vertex_ids[name]] for name in ("nose", "left_eye", "left_ear"))
        landmarks = Landmarks.of(joints, nose, eye, ear)
        return Figure(body, vertices, body.faces.numpy(), body.parts.numpy(), landmarks)

    def stand(
        self,
        pose: Float[np.ndarray, "24 3"],
        betas: Float[np.ndarray, "10"],
        outfit: Outfit,
        ground: Float[np.ndarray, "2"],
    ) -> Person:
        """A person whose lowest point touches the floor and whose pelvis is above `ground` (world x and z)."""
        rotmats = torch.from_numpy(Rotation.from_rotvec(pose).as_matrix().astype(np.float32))
        output = self.body(rotmats[None], torch.from_numpy(betas)[None])
        normals = vertex_normals(output.vertices, self.body.faces)[0].numpy()
        vertices, joints = output.vertices[0].numpy(), output.joints[0].numpy()
        shift = np.array([ground[0] - joints[0, 0], -vertices[:, 1].min(), ground[1] - joints[0, 2]], np.float32)
        surface = Mesh(vertices + shift, normals, self.rest, self.faces)
        return Person(pose, betas, outfit, self.landmarks, joints + shift, surface)
