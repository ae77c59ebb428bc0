"""The data module: sources in, loaders of `Batch` out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import lightning
import torch
from torch.utils.data import DataLoader

from hpe.datasets.augmentation import NO_AUGMENTATION, Augmentation
from hpe.datasets.cropping import EXACT, check_interpolation
from hpe.datasets.crops_dataset import CropSettings, PersonCrops
from hpe.datasets.loading import begin
from hpe.datasets.sampling import EvaluationSampler, TrainingSampler
from hpe.datasets.sources import Source, named_store, open_stores, shares
from hpe.errors import refuse_below
from hpe.types import Batch

IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class DataModule(lightning.LightningDataModule):
    """Loaders over one or several data sets.

    Args:
        sources: the data sets by a name of the config's; training mixes them by their ratios, evaluation reads
            them one after another.
        resolution: side of a crop in pixels.
        joint_set: order of the joints in every batch.
        augmentation: of training crops only.
        batch_size: people a batch and process.
        workers: loading processes; 0 loads in the main one. Samples do not depend on it.
        seed: of order and augmentation.
        mean: a channel, of pixels scaled to 0..1.
        std: likewise.
        crop_margin: side of the crop over the longer edge of the person's box.
        part_resolution: side of part maps in pixels; none are read where it is None.
        size: of every training store only the first `size` people are used; all where it is None. A set that is
            generated is made of as many.
        epoch_size: people an epoch; as many as the largest training store has where it is None.
        interpolation: how pixels are cut: "exact", or as published systems do, see `legacy_crops`.

    Raises UserError for an unknown interpolation or a size below 1, and the loaders for a data set that is missing, or
    that has fewer people than there are processes.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        resolution: int = 224,
        joint_set: str = "smpl_24",
        augmentation: Augmentation = NO_AUGMENTATION,
        batch_size: int = 64,
        workers: int = 2,
        seed: int = 0,
        mean: Sequence[float] = IMAGENET_MEAN,
        std: Sequence[float] = IMAGENET_DEVIATION,
        crop_margin: float = 1.2,
        part_resolution: int | None = None,
        size: int | None = None,
        epoch_size: int | None = None,
        interpolation: str = EXACT,
    ) -> None:
        super().__init__()
        check_interpolation(interpolation)
        sizes = {"resolution": resolution, "batch_size": batch_size, "size": size, "epoch_size": epoch_size}
        refuse_below(1, {f"data.{name}": number for name, number in sizes.items()})
        refuse_below(0, {"data.workers": workers})
        self.sources = list(sources.values())
        self.batch_size, self.workers, self.size, self.epoch_size = batch_size, workers, size, epoch_size
        self.first_epoch, self.first_batch = 0, 0
        self.settings = CropSettings(
            resolution,
            joint_set,
            crop_margin,
            tuple(mean),
            tuple(std),
            part_resolution,
            seed,
            augmentation,
            interpolation,
        )

    def state_dict(self) -> dict[str, int]:
        """Called by Lightning for a checkpoint: the epoch, and the batch of it, with which training goes on."""
        assert self.trainer is not None
        done = self.trainer.fit_loop.batch_idx + 1
        epochs, batch = divmod(done, int(self.trainer.num_training_batches))
        return {"epoch": self.trainer.current_epoch + epochs, "batch": batch}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Called by Lightning with what was in a checkpoint, before it asks for loaders."""
        self.first_epoch, self.first_batch = state_dict["epoch"], state_dict["batch"]

    def prepare_data(self) -> None:
        """Make what can be made on the spot; called by Lightning in one process a machine."""
        for source in self.sources:
            if source.generate is not None:
                source.generate()

    def train_dataloader(self) -> DataLoader[Batch]:
        """Shuffled, mixed, augmented crops, from where a checkpoint was left on.

        An incomplete last batch is left out unless it is the only one.
        """
        sources, stores = open_stores(self.sources, "train")
        sizes = [min(len(store), self.size or len(store)) for store in stores]
        start = {"first_epoch": self.first_epoch, "seen": self.first_batch * self.batch_size}
        sampler = TrainingSampler(
            sizes, shares(sources, sizes), self.epoch_size or max(sizes), self.settings.seed, **start
        )
        return self._loader(PersonCrops(stores, self.settings), sampler, drop_last=len(sampler) >= self.batch_size)

    def val_dataloader(self) -> DataLoader[Batch]:
        """The validation split, in order."""
        return self.evaluation_loader("val")

    def test_dataloader(self) -> DataLoader[Batch]:
        """The test split, in order."""
        return self.evaluation_loader("test")

    def predict_dataloader(self) -> DataLoader[Batch]:
        """The test split, in order."""
        return self.evaluation_loader("test")

    def evaluation_loader(self, split: str, name: str | None = None) -> DataLoader[Batch]:
        """Every person of a split once, in order, without augmentation; of the store called `name` only, if given."""
        stores = open_stores(self.sources, split)[1] if name is None else [named_store(self.sources, split, name)]
        crops = PersonCrops(stores, replace(self.settings, augmentation=NO_AUGMENTATION))
        return self._loader(crops, EvaluationSampler([len(store) for store in stores]), drop_last=False)

    def _loader(
        self, crops: PersonCrops, sampler: TrainingSampler | EvaluationSampler, drop_last: bool
    ) -> DataLoader[Batch]:
        sampler.check()
        return DataLoader(
            crops,
            batch_size=self.batch_size,
            sampler=sampler,
            drop_last=drop_last,
            num_workers=self.workers,
            collate_fn=as_it_is,
            worker_init_fn=begin,
            persistent_workers=self.workers > 0,
            pin_memory=torch.cuda.is_available(),
        )


def as_it_is(batch: Any) -> Any:
    """The dataset makes whole batches: there is nothing to put together."""
    return batch
