"""The README's pictures: `python -m benchmarks.pictures` draws the free body and a sheet of the synthetic set."""

import argparse
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, UInt8
from scipy.spatial.transform import Rotation

from hpe.bodies.anny import load_anny
from hpe.bodies.body import Body
from hpe.datasets.synthetic.people import Figure
from hpe.datasets.synthetic.photograph import photograph
from hpe.datasets.synthetic.poses import FAMILIES, pose_from_angles, walking_pose
from hpe.datasets.synthetic.scene import sample_still
from hpe.rendering.overlay import contact_sheet, draw_mesh, save_picture

SIDE = 360
TURN = np.deg2rad(-30)


def main() -> None:
    """Draw both pictures into the folder given by --folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs"), help="where the pictures go (default: docs)")
    folder = parser.parse_args().folder
    save_picture(folder / "body.png", body_poses(load_anny("notoes")))
    save_picture(folder / "synthetic.jpg", synthetic_sheet(Figure.of(load_anny()), rows=3, columns=6))


def body_poses(body: Body) -> UInt8[np.ndarray, "height width 3"]:
    """The free body in T-pose, sitting and walking; the walk again at both ends of the first beta."""
    middle = {name: sum(limits) / 2 for name, limits in FAMILIES["sitting"].items()}
    sitting = pose_from_angles({"left": middle, "right": middle}, middle)
    rest, walk = np.zeros((24, 3), np.float32), walking_pose(1.0, 1.1)
    shown = [(rest, 0.0), (sitting, 0.0), (walk, 0.0), (walk, -2.0), (walk, 2.0)]
    return contact_sheet([[_portrait(body, pose, beta) for pose, beta in shown]])


def _portrait(body: Body, pose: Float[np.ndarray, "24 3"], beta: float) -> UInt8[np.ndarray, "side side 3"]:
    rotmats = torch.from_numpy(Rotation.from_rotvec(pose).as_matrix()).float()
    # The camera looks along z with y down: half a turn about x, then a quarter view.
    rotmats[0] = torch.from_numpy(
        (Rotation.from_rotvec([np.pi, 0, 0]) * Rotation.from_rotvec([0, TURN, 0])).as_matrix()
    )
    betas = torch.zeros(1, 10)
    betas[0, 0] = beta
    vertices = body(rotmats[None], betas).vertices[0]
    middle = (vertices.amin(0) + vertices.amax(0)) / 2
    white = np.full((SIDE, SIDE, 3), 255, np.uint8)
    return draw_mesh(white, vertices - middle + torch.tensor([0.0, 0, 8]), body.faces, 1400.0, (SIDE / 2, SIDE / 2))


def synthetic_sheet(figure: Figure, rows: int, columns: int) -> UInt8[np.ndarray, "height width 3"]:
    """Stills of the synthetic set from one seed."""

    def picture(number: int) -> UInt8[np.ndarray, "size size 3"]:
        rng = np.random.default_rng([1, number])
        return photograph(sample_still(rng, figure, size=160), figure.parts, rng).rgb

    return contact_sheet([[picture(row * columns + column) for column in range(columns)] for row in range(rows)])


if __name__ == "__main__":
    main()
