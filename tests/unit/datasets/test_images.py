import io

import cv2
import numpy as np
import pytest
from PIL import Image

from hpe.datasets.images import UnreadableImage, decode_image, decode_labels, read_image


@pytest.fixture
def picture():
    return np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)


def test_png_pixels_come_back_as_rgb(picture, tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), picture[..., ::-1])
    assert np.array_equal(read_image(tmp_path / "a.png"), picture)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("tenth", range(10))
def test_truncated_picture_is_noticed(picture, tmp_path, suffix, tenth):
    data = cv2.imencode(suffix, picture)[1].tobytes()
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(data[: len(data) * tenth // 10])
    with pytest.raises(UnreadableImage, match=f"cut{suffix}"):
        read_image(path)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_picture_without_its_last_bytes_is_noticed(picture, tmp_path, suffix):
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(cv2.imencode(suffix, picture)[1].tobytes()[:-2])
    with pytest.raises(UnreadableImage):
        read_image(path)


def test_jpeg_cut_behind_its_thumbnail_is_noticed(picture, tmp_path):
    data, thumbnail = (cv2.imencode(".jpg", image)[1].tobytes() for image in (picture, picture[:8, :8]))
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    path = tmp_path / "exif.jpg"
    path.write_bytes(data[:2] + segment + data[2:])
    assert read_image(path).shape == picture.shape
    path.write_bytes((data[:2] + segment + data[2:])[: len(segment) + len(data) // 2])
    with pytest.raises(UnreadableImage):
        read_image(path)


def test_png_with_a_flipped_byte_is_noticed(picture, tmp_path):
    data = bytearray(cv2.imencode(".png", picture)[1].tobytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(UnreadableImage, match="damaged"):
        read_image(tmp_path / "a.png")


def test_missing_and_foreign_files_say_why(tmp_path):
    (tmp_path / "notes.jpg").write_text("not a picture")
    with pytest.raises(UnreadableImage, match=r"notes\.jpg \(damaged, or not a picture\)"):
        read_image(tmp_path / "notes.jpg")
    with pytest.raises(UnreadableImage, match=r"gone\.jpg \(No such file"):
        read_image(tmp_path / "gone.jpg")


def test_a_jpeg_is_decoded_alike_by_both_readers(picture):
    data = cv2.imencode(".jpg", picture)[1].tobytes()
    tolerant = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert np.array_equal(decode_image(data, "a.jpg")[..., :3], tolerant)


def test_what_libjpeg_only_warns_of_is_read(picture):
    data = cv2.imencode(".jpg", picture)[1].tobytes()
    end = data.rfind(b"\xff\xd9")
    assert decode_image(data[:end] + bytes(20) + data[end:], "a.jpg").shape[:2] == picture.shape[:2]


def test_four_inks_are_read():
    file = io.BytesIO()
    Image.new("CMYK", (24, 16), (0, 255, 255, 0)).save(file, "JPEG")
    assert decode_image(file.getvalue(), "a.jpg")[8, 8, :3].astype(int) == pytest.approx([255, 0, 0], abs=8)


def test_label_picture_must_have_one_channel(picture):
    rgb, parts = (cv2.imencode(".png", pixels)[1].tobytes() for pixels in (picture, picture[..., 0]))
    assert np.array_equal(decode_labels(parts, "parts.png"), picture[..., 0])
    with pytest.raises(UnreadableImage, match=r"rgb\.png \(a label picture has one channel"):
        decode_labels(rgb, "rgb.png")
