"""A person in a photograph: from box to body, and out to overlay, mesh file and arrays."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from jaxtyping import Float, Int, UInt8

from hpe.datasets.colour import normalise
from hpe.datasets.images import UnreadableImage, read_image
from hpe.errors import UserError
from hpe.estimator import Estimator
from hpe.geometry.cameras import default_focal_length, full_image_translation
from hpe.geometry.crops import crop_affine, pixel_affine, square_crop
from hpe.rendering.overlay import draw_mesh, save_picture
from hpe.types import Batch

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")

Picture = UInt8[np.ndarray, "height width 3"]


@dataclass(frozen=True)
class Person:
    """One predicted body. `vertices` and `joints` are metres around the body's own origin; `translation` moves them
    in front of the full picture's camera, whose focal length is in pixels and principal point in the middle.
    """

    rotmats: Float[np.ndarray, "24 3 3"]
    betas: Float[np.ndarray, "10"]
    camera: Float[np.ndarray, "3"]
    translation: Float[np.ndarray, "3"]
    focal_length: float
    vertices: Float[np.ndarray, "vertices 3"]
    faces: Int[np.ndarray, "faces 3"]
    joints: Float[np.ndarray, "24 3"]


def sources(path: Path) -> list[Path]:
    """The picture at `path`, or all in that folder. Raises UserError where there is none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UserError(f"source={path}: no such picture or folder in {Path.cwd()}")
    found = sorted(entry for entry in path.iterdir() if entry.suffix.lower() in ENDINGS)
    if not found:
        raise UserError(f"source={path}: no picture in that folder; known endings: {' '.join(ENDINGS)}")
    return found


def read_photograph(path: Path) -> Picture:
    """RGB pixels. Raises UserError where the file is no picture or damaged."""
    try:
        return read_image(path)
    except UnreadableImage as error:
        raise UserError(f"cannot read the picture {error}") from error


@torch.inference_mode()
def predict(system: Estimator, picture: Picture, box: Float[np.ndarray, "4"], margin: float) -> Person:
    """The body in the box (x, y, width, height in pixels), the crop's side being `margin` times its longer edge.

    Raises UserError for a box without area or outside the picture.
    """
    batch = person_crop(system, picture, box, margin)
    said = system(batch)
    focal_length = default_focal_length(batch.image_size)
    translation = full_image_translation(said.camera, batch.crop, batch.image_size, focal_length)
    arrays = (said.rotmats, said.betas, said.camera, translation, said.vertices, said.joints3d)
    rotmats, betas, camera, moved, vertices, joints = (values[0].cpu().numpy() for values in arrays)
    faces = system.body.faces.cpu().numpy()
    return Person(rotmats, betas, camera, moved, float(focal_length[0]), vertices, faces, joints)


def person_crop(system: Estimator, picture: Picture, box: Float[np.ndarray, "4"], margin: float) -> Batch:
    """The batch of one that `system` sees of the person in a box. Raises UserError as `predict` does."""
    height, width = picture.shape[:2]
    if min(box[2:]) <= 0 or box[0] >= width or box[1] >= height or min(box[:2] + box[2:]) <= 0:
        raise UserError(f"box={box.tolist()} shows nothing of a picture of {width} x {height} pixels")
    crop = square_crop(box, margin)
    affine = pixel_affine(crop_affine(crop), system.resolution)
    pixels = cv2.warpAffine(picture, affine, (system.resolution, system.resolution), flags=cv2.INTER_AREA)
    colour = system.backbone.preprocessing
    image = torch.from_numpy(normalise(pixels, np.ones(3), colour.mean, colour.std))
    size = torch.tensor(picture.shape[1::-1]).float()
    alone = Batch(image=image, sample=torch.tensor(0), crop=torch.from_numpy(crop).float(), image_size=size)
    return Batch.stack([alone]).to(system.device)


def write_person(folder: Path, name: str, picture: Picture, person: Person) -> Path:
    """Write `<name>_overlay.png`, `<name>.obj` (metres, y up) and `<name>.npz` (every field of `Person`).

    Returns the overlay's path.
    """
    height, width = picture.shape[:2]
    seen = torch.from_numpy(person.vertices + person.translation)
    drawn = draw_mesh(picture, seen, torch.from_numpy(person.faces), person.focal_length, (width / 2, height / 2))
    save_picture(folder / f"{name}_overlay.png", drawn)
    upright = person.vertices * np.array([1.0, -1.0, -1.0])  # from y down, z forward to what viewers expect
    (folder / f"{name}.obj").write_text(wavefront(upright, person.faces))
    np.savez_compressed(folder / f"{name}.npz", **vars(person))
    return folder / f"{name}_overlay.png"


def wavefront(vertices: Float[np.ndarray, "vertices 3"], faces: Int[np.ndarray, "faces 3"]) -> str:
    """A mesh as the text of an OBJ file, whose vertices count from 1."""
    points = [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in vertices]
    triangles = [f"f {a} {b} {c}" for a, b, c in faces + 1]
    return "\n".join([*points, *triangles]) + "\n"
