"""A body of few vertices that has the joints of a whole one: for fits, which look at nothing else."""

import numpy as np
import torch
from torch import Tensor

from hpe.bodies.body import Body
from hpe.bodies.mesh_joints import REGRESSORS


def skeleton_body(body: Body) -> Body:
    """The same skeleton, picked vertices and regressed joints as `body`, from the vertices that they need.

    Rest joints are linear in the betas, as vertices are. So 24 vertices are put where they are, and the skeleton's
    regressor picks them instead of averaging over the mesh. A body whose regressors use all vertices keeps them all.
    """
    kept = _needed(body)
    model = {key: values.cpu().numpy() for key, values in _model(body, kept).items()}
    new = {int(old): 24 + number for number, old in enumerate(kept)}
    ids = {joint: new[vertex] for joint, vertex in body.vertex_ids.items()}
    regressors = {name: _padded(matrix, kept) for name, matrix in _regressors(body).items()}
    return Body(body.name, model, ids, regressors).to(body.faces.device)


def _regressors(body: Body) -> dict[str, Tensor]:
    return {
        name: body.mesh_joints.get_buffer(name) for name in REGRESSORS.values() if name in body.mesh_joints.available
    }


def _needed(body: Body) -> Tensor:
    """Vertices that are picked or that a regressor weighs, in order."""
    used = torch.zeros(body.num_vertices, dtype=torch.bool, device=body.faces.device)
    used[list(body.vertex_ids.values())] = True
    for matrix in _regressors(body).values():
        used |= (matrix != 0).any(0)
    return used.nonzero()[:, 0]


def _model(body: Body, kept: Tensor) -> dict[str, Tensor]:
    """SMPL's keys: 24 vertices at the joints, then those `kept`."""
    smpl = body.smpl
    joints, count = smpl.J_regressor, 24 + len(kept)
    offsets = smpl.posedirs.reshape(-1, body.num_vertices, 3).permute(1, 2, 0)
    return {
        "v_template": torch.cat([joints @ smpl.v_template, smpl.v_template[kept]]),
        "shapedirs": torch.cat([torch.einsum("jv,vcb->jcb", joints, smpl.shapedirs), smpl.shapedirs[kept]]),
        "posedirs": torch.cat([torch.zeros_like(offsets[:24]), offsets[kept]]),
        "J_regressor": torch.eye(24, count),
        "weights": torch.cat([torch.eye(24).to(smpl.lbs_weights), smpl.lbs_weights[kept]]),
        "kintree_table": torch.stack([smpl.parents.cpu(), torch.arange(24)]),
        "f": torch.zeros(1, 3, dtype=torch.long),
    }


def _padded(matrix: Tensor, kept: Tensor) -> np.ndarray:
    """A regressor that leaves the 24 vertices at the joints alone."""
    return torch.cat([matrix.new_zeros(len(matrix), 24), matrix[:, kept]], dim=1).cpu().numpy()
