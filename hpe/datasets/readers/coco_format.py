"""Annotation files in COCO's form: a list of images and a list of annotations, which name their image by its id."""

from collections.abc import Set
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from hpe.datasets.readers.reader import Columns
from hpe.datasets.readers.rows import has_area, in_order, take
from hpe.files.json_file import read_json
from hpe.files.json_records import Records

IMAGES = frozenset({"images", "annotations", "id", "image_id", "file_name", "width", "height", "bbox"})
LARGEST_ID = 2**31 - 1


def read_annotations(path: Path, keys: Set[str]) -> tuple[Records, Records]:
    """Images and annotations of a file, with what the columns below need and `keys`; the rest is not kept."""
    content = read_json(path, keys=IMAGES | keys)
    return Records.of(path, content, "images"), Records.of(path, content, "annotations")


def labelled(people: Records, key: str, joints: int) -> Records:
    """Those with a label on at least one joint; crowds and people too small have none."""
    return people.where(np.any(people.numbers(key, 3 * joints)[:, 2::3] > 0, axis=1))


def joint_columns(people: Records, key: str, joints: int) -> Columns:
    """Joints given as x, y, v one after another: v above 0 is a label, above 1 one that can be seen in the picture.

    A v between 0 and 1, which COCO-WholeBody has, is the label's confidence.
    """
    values: Float[np.ndarray, "people joints 3"] = people.numbers(key, 3 * joints).reshape(-1, joints, 3)
    flags = values[..., 2]
    return {"joints2d": values[..., :2], "confidence2d": np.clip(flags, 0, 1), "visible": flags > 1}


def picture_rows(people: Records, images: Records) -> Int[np.ndarray, " people"]:
    """For each annotation the row of its image. Raises UserError for one of no image."""
    rows = pd.Index(images.unique("id")).get_indexer(pd.Index(people.whole("image_id")))
    if (rows < 0).any():
        raise people.fault(int((rows < 0).argmax()), "image_id", "is the id of no image")
    return rows.astype(np.int64)


def still_columns(images: Records, people: Records, folder: str) -> Columns:
    """Columns of people in stills that lie in `folder`: a picture is a sequence, an annotation's id a person's number.

    The box is the annotated one, x0, y0, width, height.
    """
    rows = picture_rows(people, images)
    names = images.texts("file_name")
    sizes = np.stack([images.numbers("width"), images.numbers("height")], axis=1)
    return {
        "image": np.char.add(f"{folder}/", names)[rows],
        "image_size": sizes[rows],
        "sequence": np.array([PurePosixPath(name).stem for name in names], dtype=str)[rows],
        "frame": np.zeros(len(rows), dtype=int),
        "person": people.unique("id", LARGEST_ID),
        "box": people.numbers("bbox", 4),
    }


def finished(columns: Columns) -> Columns:
    """People whose box has an area, in the order of a store."""
    return in_order(take(columns, has_area(columns["box"])))
