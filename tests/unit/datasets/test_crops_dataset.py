import torch

from hpe.datasets.augmentation import Augmentation
from hpe.datasets.crops_dataset import CropSettings, PersonCrops, SampleKey
from hpe.datasets.module import IMAGENET_DEVIATION, IMAGENET_MEAN

ALL = Augmentation(0.5, 0.5, 30.0, 0.25, 0.1, 0.4, 0.5)


def crops(store, **changes):
    return PersonCrops([store], CropSettings(32, "smpl_24", 1.2, IMAGENET_MEAN, IMAGENET_DEVIATION, **changes))


def test_sample_depends_on_its_key_and_nothing_else(make_store):
    dataset = crops(make_store(), augmentation=ALL)
    first = dataset[SampleKey(0, 3, epoch=1)]
    dataset[SampleKey(0, 4)]
    assert torch.equal(dataset[SampleKey(0, 3, epoch=1)].image, first.image)
    assert not torch.equal(dataset[SampleKey(0, 3, epoch=2)].image, first.image)
    assert not torch.equal(dataset[SampleKey(0, 3, epoch=1, draw=1)].image, first.image)


def test_a_batch_is_its_samples_one_by_one(make_store):
    stores = [make_store(), make_store(name="other", drop=("pose", "betas", "has_smpl"))]
    settings = CropSettings(32, "smpl_24", 1.2, IMAGENET_MEAN, IMAGENET_DEVIATION, 8, augmentation=ALL)
    dataset, keys = (
        PersonCrops(stores, settings),
        [SampleKey(1, 3), SampleKey(0, 5, 2), SampleKey(1, 0), SampleKey(0, 1)],
    )
    batch = dataset.__getitems__(keys)
    for number, key in enumerate(keys):
        alone = dataset[key]
        for name, values in vars(alone).items():
            if isinstance(values, torch.Tensor):
                torch.testing.assert_close(getattr(batch, name)[number], values[0], equal_nan=True, msg=name)


def test_one_sample_is_a_batch_of_one(make_store):
    sample = crops(make_store(), part_resolution=8)[SampleKey(0, 5)]
    assert sample.image.shape == (1, 3, 32, 32)
    assert (sample.sample.tolist(), sample.dataset.tolist()) == ([5], [0])
    assert sample.crop[0, 2] == 1.2 * make_store()["box"][5, 2:].max()
    assert sample.parts.shape == (1, 8, 8)


def test_unreadable_picture_is_left_out_and_named(make_store, tmp_path):
    dataset = crops(make_store(), part_resolution=8)
    (tmp_path / "tiny" / "002.jpg").write_bytes(b"\xff\xd8 no more")
    batch = dataset.__getitems__([SampleKey(0, row) for row in range(4)])
    assert batch.sample.tolist() == [0, 1, 3]
    assert torch.equal(batch[2:].image, dataset[SampleKey(0, 3)].image)
    assert torch.equal(batch[2:].joints2d, dataset[SampleKey(0, 3)].joints2d)
    assert len(batch.skipped) == 1
    assert "002.jpg (truncated)" in batch.skipped[0]


def test_damaged_part_map_skips_the_sample(make_store, tmp_path):
    dataset = crops(make_store(parts=["gone.png"] * 8), part_resolution=8)
    assert "gone.png" in dataset[SampleKey(0, 0)].skipped[0]


def test_batch_of_nothing_but_unreadable_pictures_is_empty(make_store, tmp_path):
    dataset = crops(make_store())
    for path in (tmp_path / "tiny").glob("*.jpg"):
        path.unlink()
    batch = dataset.__getitems__([SampleKey(0, row) for row in range(4)])
    assert len(batch) == 0
    assert batch.image.shape == (0, 3, 32, 32)
    assert len(batch.skipped) == 4
