"""Files in the official layout of VOC2012: JPEGs, annotations, and masks of palette indices."""

import re

import cv2
import numpy as np
import pytest
from PIL import Image

from hpe.datasets.voc_cutouts import VocCutouts
from hpe.errors import UserError

# Name, truncated, difficult, colour, box (x0, y0, x1, y1) of the objects of two pictures.
OBJECTS = {
    "2007_000033": [
        ("aeroplane", 0, 0, (200, 30, 30), (10, 10, 60, 40)),
        ("person", 0, 0, (30, 200, 30), (70, 10, 110, 70)),
        ("chair", 1, 0, (30, 30, 200), (10, 50, 60, 80)),
    ],
    "2007_000042": [
        ("dog", 0, 1, (90, 90, 0), (0, 0, 40, 40)),
        ("cat", 0, 0, (0, 90, 90), (50, 0, 110, 40)),
        ("bird", 0, 0, (90, 0, 90), (100, 80, 104, 84)),
    ],
}


def described(name, truncated, difficult, box):
    corners = "".join(
        f"<{key}>{value}</{key}>" for key, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
    )
    return (
        f"<object><name>{name}</name><pose>Left</pose><truncated>{truncated}</truncated>"
        f"<difficult>{difficult}</difficult><bndbox>{corners}</bndbox></object>"
    )


@pytest.fixture
def voc(tmp_path):
    for folder in ("JPEGImages", "Annotations", "SegmentationObject"):
        (tmp_path / folder).mkdir()
    for name, objects in OBJECTS.items():
        picture, mask = np.full((90, 120, 3), 128, np.uint8), np.zeros((90, 120), np.uint8)
        for number, (*_, colour, (x0, y0, x1, y1)) in enumerate(objects, start=1):
            picture[y0:y1, x0:x1], mask[y0:y1, x0:x1] = colour, 255
            mask[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] = number
        cv2.imwrite(str(tmp_path / f"JPEGImages/{name}.jpg"), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 98])
        palette = Image.fromarray(mask)
        palette.putpalette([value for index in range(256) for value in (index * 37 % 256, index * 91 % 256, index)])
        palette.save(tmp_path / f"SegmentationObject/{name}.png")
        things = "".join(described(kind, cut, hard, box) for kind, cut, hard, _, box in objects)
        (tmp_path / f"Annotations/{name}.xml").write_text(f"<annotation><segmented>1</segmented>{things}</annotation>")
    return tmp_path


def test_whole_objects_but_people_are_cut_out(voc):
    plane, cat = VocCutouts(str(voc)).load([])
    assert plane.shape == (14, 24, 4)
    assert cat.shape == (19, 29, 4)
    assert np.abs(plane[7, 12, :3].astype(int) - (200, 30, 30)).max() < 12
    assert np.abs(cat[9, 14, :3].astype(int) - (0, 90, 90)).max() < 12


def test_smaller_objects_come_with_a_smaller_area(voc):
    assert len(VocCutouts(str(voc), least_area=4).load([])) == 3


def test_nothing_large_enough_is_one_line(voc):
    with pytest.raises(UserError, match=r"no object in .* has 99999 pixels and is whole"):
        VocCutouts(str(voc), least_area=99_999).load([])


def test_a_folder_without_voc_says_how_to_get_it(tmp_path):
    with pytest.raises(UserError, match=r"no SegmentationObject/\*\.png in .*: unpack VOCtrainval"):
        VocCutouts(str(tmp_path)).load([])


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("JPEGImages/2007_000033.jpg", b"\xff\xd8"),
        ("Annotations/2007_000033.xml", b"<annotation>"),
        ("SegmentationObject/2007_000033.png", b"\x89PNG"),
    ],
)
def test_a_damaged_file_is_named(voc, path, data):
    (voc / path).write_bytes(data)
    with pytest.raises(UserError, match=re.escape(path.rpartition("/")[2])):
        VocCutouts(str(voc)).load([])


def test_a_missing_annotation_is_named(voc):
    (voc / "Annotations/2007_000042.xml").unlink()
    with pytest.raises(UserError, match=r"2007_000042\.xml"):
        VocCutouts(str(voc)).load([])


def test_a_mask_of_another_size_is_named(voc):
    Image.new("P", (8, 8)).save(voc / "SegmentationObject/2007_000033.png")
    with pytest.raises(UserError, match="its size is not that of"):
        VocCutouts(str(voc)).load([])
