import pytest
import torch

from hpe.types import Batch, Prediction


@pytest.fixture
def batch():
    size = 4
    return Batch(
        image=torch.rand(size, 3, 8, 8),
        sample=torch.arange(size),
        crop=torch.rand(size, 3),
        image_size=torch.full((size, 2), 100.0),
        joints3d=torch.rand(size, 24, 3),
        skipped=("broken.jpg",),
    )


@pytest.fixture
def prediction():
    return Prediction(joints3d=torch.rand(4, 24, 3, requires_grad=True), auxiliary={"parts": torch.rand(4, 25, 2, 2)})


def test_length_is_the_number_of_people(batch, prediction):
    assert len(batch) == len(prediction) == 4


def test_slicing_takes_the_same_people_from_every_field(batch):
    part = batch[1:3]
    assert part.sample.tolist() == [1, 2]
    assert torch.equal(part.joints3d, batch.joints3d[1:3])
    assert part.betas is None
    assert part.skipped == ("broken.jpg",)


def test_slicing_reaches_into_auxiliary_maps(prediction):
    assert prediction[:2].auxiliary["parts"].shape == (2, 25, 2, 2)


def test_map_leaves_the_original_alone(batch):
    assert batch.map(lambda tensor: tensor + 1).sample.tolist() == [1, 2, 3, 4]
    assert batch.sample.tolist() == [0, 1, 2, 3]


def test_detach_cuts_gradients(prediction):
    assert not prediction.detach().joints3d.requires_grad


def test_to_moves_every_tensor(batch):
    moved = batch.to("meta")
    assert moved.image.is_meta
    assert moved.crop.is_meta


def test_stacking_the_slices_gives_the_whole_back(batch, prediction):
    again = Batch.stack([batch[row] for row in range(4)])
    assert torch.equal(again.image, batch.image)
    assert again.sample.tolist() == [0, 1, 2, 3]
    assert again.joint_set == "smpl_24"
    maps = Prediction.stack([prediction[row] for row in range(4)]).auxiliary
    assert torch.equal(maps["parts"], prediction.auxiliary["parts"])


def test_fields_of_other_lengths_are_refused(batch):
    with pytest.raises(TypeError):
        Batch(image=batch.image, sample=batch.sample[:2], crop=batch.crop, image_size=batch.image_size)
