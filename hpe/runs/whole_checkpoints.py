"""Checkpoints that are there as a whole or not at all, on whatever file system they lie."""

import os
from pathlib import Path
from typing import Any

import torch
from lightning.fabric.plugins.io import TorchCheckpointIO


class WholeCheckpoints(TorchCheckpointIO):
    """Writes a checkpoint beside its place, then renames it.

    Lightning writes it to the temporary folder of the system and moves it. From the disk of a compute node to a shared
    file system that is a copy, and half a file where the job is killed meanwhile.
    """

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Called by Lightning."""
        whole = Path(path)
        whole.parent.mkdir(parents=True, exist_ok=True)
        unfinished = whole.with_name(f".{whole.name}.part")
        with unfinished.open("wb") as file:
            torch.save(checkpoint, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(whole)
