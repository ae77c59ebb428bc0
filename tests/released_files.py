"""Checkpoints in the layouts in which authors give them out: names and shapes of the golden sets, random weights."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

GOLDEN = Path(__file__).parent / "golden"
JOINTS, FACES = 24, 13776


def weights(system: str, group: str) -> dict[str, Tensor]:
    """Published tensors of a network without the trainer's prefix; features stay within bounds."""
    shapes = json.loads((GOLDEN / system / "params.json").read_text())[group]
    generator = torch.Generator().manual_seed(0)
    return {name: _filled(name, shape, generator) for name, shape in shapes.items()}


def _filled(name: str, shape: list[int], generator: torch.Generator) -> Tensor:
    if name.endswith("num_batches_tracked"):
        return torch.tensor(0)
    if len(shape) == 1 and name.endswith(("weight", "running_var")):
        return torch.full(shape, 0.5 if name.endswith("weight") else 1.0)
    fan = torch.Size(shape[1:]).numel() if len(shape) > 1 else 100
    return torch.randn(shape, generator=generator) * fan**-0.5


def body_buffers(prefix: str) -> dict[str, Tensor]:
    """Tensors of smplx's SMPL, tiny ones, because nobody reads them."""
    return {f"{prefix}{name}": torch.zeros(2) for name in ("betas", "v_template", "lbs_weights")}


def lightning(tensors: dict[str, Tensor], **more: Tensor) -> dict[str, Any]:
    """What the Lightning trainers of PARE and MPQA leave: the network under `model.`, beside it what trains it."""
    network = {f"model.{name}": tensor for name, tensor in tensors.items()}
    beside = body_buffers("smpl.") | body_buffers("smpl_native.") | {"J_regressor": torch.zeros(17, 2)}
    optimiser = {"state": {0: {"step": 1, "exp_avg": torch.zeros(2)}}, "param_groups": [{"lr": 5e-5, "params": [0]}]}
    return {
        "epoch": 3,
        "global_step": 12,
        "pytorch-lightning_version": "1.1.8",
        "optimizer_states": [optimiser],
        "lr_schedulers": [],
        "state_dict": network | beside | more,
    }


def pare_file() -> dict[str, Any]:
    """PARE's checkpoint: part labels were rendered in training."""
    rendering = {
        "body_part_texture": torch.zeros(1, FACES, 1, 1, 1, 3),
        "K": torch.zeros(1, 3, 3),
        "R": torch.zeros(1, 3, 3),
        "smpl_faces": torch.zeros(1, FACES, 3),
        "part_label_bins": torch.zeros(JOINTS),
    }
    return lightning(weights("pare", "pare_hrnet_w32_conv") | body_buffers("smpl.smpl."), **rendering)


def hmr_file() -> dict[str, Any]:
    """The HMR baseline in PARE's code, with ResNet-50."""
    return lightning(weights("pare", "hmr_resnet50") | body_buffers("smpl.smpl."))


def spin_file() -> dict[str, Any]:
    """SPIN's `model_checkpoint.pt`: the network under 'model', without any prefix."""
    named = weights("pare", "hmr_resnet50").items()
    network = {name.removeprefix("backbone.").removeprefix("head."): tensor for name, tensor in named}
    return {"model": network, "optimizer": {"state": {}, "param_groups": []}, "epoch": 60, "batch_idx": 7}


def mpqa_file() -> dict[str, Any]:
    """MPQA's checkpoint, whose names are older than those of the published code."""
    named = weights("mpqa", "full24x1536")
    old = {name.replace("regression_branch", "online_prediction_head"): tensor for name, tensor in named.items()}
    old = {name.replace("pose_mlp.1.", "pose_mlp."): tensor for name, tensor in old.items() if ".smpl." not in name}
    for name in ("init_pose", "init_shape", "init_cam"):
        old[f"online_prediction_head.mlp.{name}"] = old[f"online_prediction_head.mlp.{name}"][None]
    teachers = {"target_prediction_head.aux_head.0.weight": torch.zeros(2)}
    masks = {"online_prediction_head.head.mask_token": torch.zeros(2)}
    return lightning(old | teachers | masks | body_buffers("online_prediction_head.smpl.smpl."))
