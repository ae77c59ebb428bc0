import cv2
import numpy as np
import pytest

from hpe.datasets.cutouts import cut_out, paste, scaled
from hpe.datasets.limb_cutouts import LIMBS, LimbCutouts
from hpe.datasets.person_cutouts import PersonCutouts
from hpe.errors import UserError
from hpe.joints import joint_set

RED = np.tile(np.array([255, 0, 0, 255], np.uint8), (6, 8, 1))


def test_an_object_is_cut_out_at_half_its_size_with_a_clearer_rim():
    picture, mask = np.zeros((60, 80, 3), np.uint8), np.zeros((60, 80), bool)
    picture[10:50, 20:70], mask[10:50, 20:70] = [9, 8, 7], True
    cutout = cut_out(picture, mask)
    assert cutout.shape == (20, 25, 4)
    assert (cutout[..., :3] == [9, 8, 7]).all()
    assert cutout[10, 12, 3] == 255
    assert cutout[0, 12, 3] == cutout[10, 0, 3] == 192


def test_what_sticks_out_of_the_picture_is_left_away():
    pixels = np.zeros((10, 10, 3), np.uint8)
    covered = paste(pixels, RED, np.array([0.0, 9.0]))
    assert covered.sum() == 4 * 4
    assert covered[6:, :4].all()
    assert (pixels[covered] == [255, 0, 0]).all()


def test_what_lies_beside_the_picture_covers_nothing():
    pixels = np.zeros((10, 10, 3), np.uint8)
    assert not paste(pixels, RED, np.array([50.0, -50.0])).any()
    assert not pixels.any()


def test_half_clear_pixels_are_blended():
    pixels = np.full((10, 10, 4), 100, np.uint8)
    glass = RED.copy()
    glass[..., 3] = 51
    assert not paste(pixels, glass, np.array([5.0, 5.0])).any()
    assert pixels[5, 5].tolist() == [131, 80, 80, 100]


def test_nothing_is_scaled_to_less_than_a_pixel():
    assert scaled(RED, 0.01).shape == (1, 1, 4)


@pytest.fixture
def people(make_store, tmp_path):
    """Eight people, each of whom shows one limb: a red bar in a picture of other colours."""
    parts = [f"{row}.png" for row in range(8)]
    store = make_store(parts=parts)
    for name, image, limb in zip(parts, store["image"], LIMBS, strict=True):
        labels = np.zeros((72, 96), np.uint8)
        labels[20:40, 30:70] = 1 + joint_set("smpl_24").index(limb[-1])[0]
        picture = np.full((72, 96, 3), 90, np.uint8)
        picture[18:42, 28:72] = [0, 0, 255]
        cv2.imwrite(str(store.image_root / name), labels)
        cv2.imwrite(str(store.image_root / image), picture)
    return store


def test_limbs_are_cut_out_by_their_parts(people):
    limbs = LimbCutouts(least_area=100).load([people])
    assert 0 < len(limbs) <= 8
    assert {limb.shape for limb in limbs} == {(10, 20, 4)}
    assert all(np.abs(limb[..., :3].astype(int) - [255, 0, 0]).max() < 30 for limb in limbs)


def test_the_same_limbs_are_cut_out_every_time(people):
    once, again = (LimbCutouts(count=2).load([people]) for _ in range(2))
    assert all(np.array_equal(one, two) for one, two in zip(once, again, strict=True))
    assert len(once) <= 2


def test_people_without_parts_are_passed_over(people, make_store):
    plain = make_store(name="plain")
    assert len(LimbCutouts().load([plain, people])) > 0
    with pytest.raises(UserError, match="no training data have part pictures"):
        LimbCutouts().load([plain])


def test_limbs_that_are_too_small_are_one_line(people):
    with pytest.raises(UserError, match="no limb in the part pictures fills 10000 pixels"):
        LimbCutouts(least_area=10_000).load([people])


def test_people_are_cut_out_whole_where_enough_of_them_is_seen(people):
    assert len(PersonCutouts(least_seen=0.0).load([people])) == 8
    seen = people["visible"].mean(1)
    least = float(np.median(seen))
    assert len(PersonCutouts(least_seen=least).load([people])) == (seen >= least).sum()
    with pytest.raises(UserError, match="no person in the part pictures"):
        PersonCutouts(least_area=10_000).load([people])
