from pathlib import Path

import lightning
import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate
from lightning.pytorch.trainer import Trainer

from hpe.datasets import sampling
from hpe.datasets.augmentation import Augmentation
from hpe.datasets.module import DataModule
from hpe.datasets.sources import Source
from hpe.errors import UserError

CONF = Path(__file__).parents[3] / "conf"


@pytest.fixture
def module(make_store, tmp_path):
    def make(**changes):
        for split in ("train", "val", "test"):
            make_store(rows=9, split=split)
        source = Source("tiny", str(tmp_path / "tiny"))
        return DataModule({"tiny": source}, **{"resolution": 32, "batch_size": 4, "workers": 0} | changes)

    return make


def test_workers_do_not_change_the_samples(module):
    augmentation = Augmentation(0.5, 0.5, 30.0, 0.25, 0.1, 0.4, 0.5)
    loaders = [module(workers=workers, augmentation=augmentation).train_dataloader() for workers in (0, 2)]
    batches = [list(loader) for loader in loaders]
    assert len(batches[0]) == len(batches[1]) == 2
    for one, two in zip(*batches, strict=True):
        assert torch.equal(one.image, two.image)
        assert torch.equal(one.joints2d, two.joints2d)
        assert torch.equal(one.rotmats, two.rotmats)


def test_evaluation_reads_everyone_in_order_without_augmentation(module):
    data = module(augmentation=Augmentation(flip_probability=1.0))
    rows = torch.cat([batch.sample for batch in data.val_dataloader()])
    assert rows.tolist() == list(range(9))
    plain = module().train_dataloader().dataset
    assert data.test_dataloader().dataset.settings == plain.settings


def test_a_process_without_anybody_is_refused(module, monkeypatch):
    monkeypatch.setattr(sampling, "place", lambda: (0, 9))
    data = module()
    assert len(data.val_dataloader().sampler) == 1
    monkeypatch.setattr(sampling, "place", lambda: (0, 10))
    for loader in (data.train_dataloader, data.val_dataloader):
        with pytest.raises(UserError, match="9 people for 10 processes"):
            loader()


def test_mixture_names_the_store_of_each_sample(make_store, tmp_path):
    make_store(rows=4, name="few")
    make_store(rows=12, name="many", drop=("pose", "betas", "has_smpl"))
    sources = {name: Source(name, str(tmp_path / name), ratio) for name, ratio in (("few", 1.0), ("many", 2.0))}
    loader = DataModule(sources, resolution=32, batch_size=12, workers=0).train_dataloader()
    (batch,) = loader
    assert sorted(batch.dataset.tolist()) == [0] * 4 + [1] * 8
    assert torch.equal(batch.has_smpl, batch.dataset == 0)


def test_size_limits_the_training_set_alone(module):
    data = module(size=5)
    (batch,) = data.train_dataloader()
    assert max(batch.sample) < 5
    assert sum(map(len, data.val_dataloader())) == 9


def test_set_smaller_than_a_batch_is_still_trained_on(module):
    (batch,) = module(batch_size=64).train_dataloader()
    assert len(batch) == 9


def test_generated_source_is_made_before_training(tmp_path):
    made = []
    DataModule({"made": Source("made", str(tmp_path), generate=lambda: made.append(True))}).prepare_data()
    assert made == [True]


class Recorder(lightning.LightningModule):
    """Remembers the order of the samples of each epoch; learns nothing."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.orders = {}

    def training_step(self, batch, _):
        self.orders.setdefault(self.current_epoch, []).extend(batch.sample.tolist())
        return self.weight * batch.image.mean()

    def predict_step(self, batch, _):
        return batch.sample

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning")  # Lightning on workers and PyTrees
def test_lightning_shuffles_anew_each_epoch_and_predicts_in_order(module, tmp_path):
    quiet = {
        "logger": False,
        "enable_checkpointing": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
    }
    trainer = Trainer(max_epochs=2, accelerator="cpu", default_root_dir=tmp_path, **quiet)
    recorder, data = Recorder(), module(batch_size=3)
    trainer.fit(recorder, train_dataloaders=data.train_dataloader())
    assert sorted(recorder.orders[0]) == sorted(recorder.orders[1]) == list(range(9))
    assert recorder.orders[0] != recorder.orders[1]
    assert torch.cat(trainer.predict(recorder, datamodule=data)).tolist() == list(range(9))


@pytest.mark.parametrize("name", ["none", "default", "occlusion", "occlusion_voc", "occlusion_limbs"])
def test_configs_build_a_data_module(name, tmp_path):
    with initialize_config_dir(str(CONF), version_base="1.3"):
        config = compose("prepare", [f"augment={name}", "data=3dpw", "model.resolution=32", f"paths.data={tmp_path}"])
    built = instantiate(config.data, mean=[0.5] * 3)
    assert built.settings.mean == (0.5, 0.5, 0.5)
    assert built.settings.augmentation == instantiate(config.augment)
    assert [source.root for source in built.sources] == [f"{tmp_path}/3dpw"]
