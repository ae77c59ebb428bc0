"""The one network of the house: backbone -> head -> body -> losses or predictions, trained by Lightning."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, cast

import lightning
import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.backbones.backbone import Backbone
from hpe.bodies.body import Body
from hpe.body_labels import with_body_labels
from hpe.errors import UserError
from hpe.geometry.cameras import project_crop
from hpe.heads.head import Head
from hpe.losses.schedule import Progress
from hpe.losses.weighted_sum import WeightedSum
from hpe.metrics.body import body_errors, joint_errors
from hpe.metrics.running import MeanError
from hpe.processes import place, raise_together
from hpe.types import Batch, BodyOutput, HeadOutput, Prediction

METRICS = ("mpjpe", "pa_mpjpe", "pve")
OBJECTIVE = "val/mpjpe"


class Estimator(lightning.LightningModule):
    """A system: what it sees and says, and how it is trained.

    `resolution` and `focal_length` are pixels of the crop camera. `optimiser` takes parameters, `schedule` an
    optimiser and, if it has such an argument, `total_steps`; it advances every step. `loss` may be None where nothing
    is trained. `gendered` are bodies for labels of men and women, in the order of `Batch.gender`, where there are any.
    """

    body: Body

    def __init__(
        self,
        backbone: Backbone,
        head: Head,
        body: Body,
        resolution: int,
        focal_length: float,
        loss: WeightedSum | None = None,
        optimiser: Callable[..., Any] | None = None,
        schedule: Callable[..., Any] | None = None,
        channels_last: bool = False,
        gendered: Sequence[Body] = (),
    ) -> None:
        super().__init__()
        self.backbone, self.head, self.body, self.loss = backbone, head, body, loss
        self.gendered = nn.ModuleList(gendered)
        self.resolution, self.focal_length = resolution, focal_length
        self.optimiser, self.schedule = optimiser, schedule
        self.memory_format = torch.channels_last if channels_last else torch.contiguous_format
        self.validation = nn.ModuleDict({name: MeanError() for name in METRICS})

    def forward(self, batch: Batch) -> Prediction:
        """What the system says about the people of a batch; joints in the order of `batch.joint_set`."""
        features = self.backbone(batch.image.contiguous(memory_format=self.memory_format))
        # Heads add small corrections up; in half precision their rotations would not be rotations.
        with torch.autocast(features.device.type, enabled=False):
            output = self.head(features.float(), batch)
        return self.prediction(output, batch.joint_set)

    def prediction(self, output: HeadOutput, joint_set: str) -> Prediction:
        """Mesh, joints and their projection of what a head read."""
        posed = self.body(output.rotmats, output.betas)
        joints = self.body.joints(posed.vertices, joint_set, posed.joints)
        return Prediction(
            joints3d=joints,
            joint_set=joint_set,
            joints2d=project_crop(joints, output.camera, self.focal_length, self.resolution),
            rotmats=output.rotmats,
            betas=output.betas,
            camera=output.camera,
            vertices=posed.vertices,
            auxiliary=output.auxiliary,
        )

    def target(self, batch: Batch) -> BodyOutput | None:
        """The labelled bodies around their own origin, where the data set has any."""
        if batch.rotmats is None or batch.betas is None:
            return None
        with torch.no_grad():
            return self.body(batch.rotmats, batch.betas)

    def supervised(self, batch: Batch, prediction: Prediction, progress: Progress) -> Batch:
        """The batch with what the loss asks for then and labelled bodies give; part maps as large as predicted ones."""
        assert self.loss is not None
        logits = prediction.auxiliary.get("part_logits")
        wanted = self.loss.batch_fields(progress) - ({"parts"} if logits is None else set())
        side = 0 if logits is None else logits.shape[-1]
        focal_length, gendered = self.focal_length / (self.resolution / 2), cast(list[Body], list(self.gendered))
        return with_body_labels(batch, wanted, self.body, focal_length, side, gendered)

    def errors(self, prediction: Prediction, batch: Batch) -> dict[str, Float[Tensor, "batch"]]:
        """MPJPE, PA-MPJPE and PVE of each sample in mm, NaN where a sample has no such label."""
        target = self.target(batch)
        if target is None or prediction.rotmats is None or prediction.betas is None:
            return joint_errors(prediction, batch)
        errors = body_errors(self.body(prediction.rotmats, prediction.betas), target)
        assert batch.has_smpl is not None
        return {name: values.where(batch.has_smpl, torch.nan) for name, values in errors.items()}

    def training_step(self, batch: Batch, index: int) -> Float[Tensor, ""] | None:
        """The loss of a batch. Raises UserError, naming the samples, where it is not finite in any process."""
        assert self.loss is not None
        if len(batch) == 0:
            return self._nothing_to_learn()
        prediction, progress = self(batch), Progress(self.global_step, self.current_epoch)
        report = self.loss(prediction, self.supervised(batch, prediction, progress), progress)
        finite = bool(report.total.isfinite())
        raise_together(None if finite else _not_finite(report.terms, batch, self.current_epoch), self.device)
        self.log("train/loss", report.total, prog_bar=True, batch_size=len(batch))
        terms = {f"train/{name}": value for name, value in report.terms.items()}
        self.log_dict(terms, batch_size=len(batch))
        return report.total

    def _nothing_to_learn(self) -> Float[Tensor, ""] | None:
        """The loss of nobody: none, or zero where other processes wait for the gradients of this one."""
        raise_together(None, self.device)
        if place()[1] == 1:
            return None
        return 0.0 * torch.stack([one.sum() for one in self.parameters() if one.requires_grad]).sum()

    def validation_step(self, batch: Batch, index: int) -> None:
        """Adds a batch to the running errors."""
        if len(batch) == 0:
            return
        for name, values in self.errors(self(batch), batch).items():
            mean = cast(MeanError, self.validation[name])
            mean.update(values)
            self.log(f"val/{name}", mean, prog_bar=name == "mpjpe", batch_size=len(batch))

    def configure_optimizers(self) -> Any:
        """The optimiser, and its schedule if there is one."""
        assert self.optimiser is not None
        optimiser = self.optimiser(parameter for parameter in self.parameters() if parameter.requires_grad)
        if self.schedule is None:
            return optimiser
        timed = "total_steps" in inspect.signature(self.schedule).parameters
        length = {"total_steps": int(self.trainer.estimated_stepping_batches)} if timed else {}
        return {
            "optimizer": optimiser,
            "lr_scheduler": {"scheduler": self.schedule(optimiser, **length), "interval": "step"},
        }

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        """Lightning's own way would write into a frozen batch."""
        return batch.to(device)


def _not_finite(terms: dict[str, Tensor], batch: Batch, epoch: int) -> UserError:
    bad = [name for name, value in terms.items() if not value.isfinite()]
    stores = batch.dataset.tolist() if batch.dataset is not None else [0] * len(batch)
    rows = " ".join(f"{store}:{row}" for store, row in zip(stores, batch.sample.tolist(), strict=True))
    return UserError(
        f"the loss is not finite in epoch {epoch} (terms: {', '.join(bad) or 'none, only their sum'}); samples as "
        f"store:row are {rows}; lower model.optimiser.lr, or look at these samples"
    )
