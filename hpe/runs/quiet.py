"""Library chatter that tells a user of this suite nothing, silenced by its exact words."""

import warnings

NOISE = (
    r".*does not have many workers.*",
    r".*The number of training batches .* is smaller than the logging interval.*",
    r".*Checkpoint directory .* exists and is not empty.*",
    r".*You have overridden .transfer_batch_to_device.*",
    r".*isinstance\(treespec, LeafSpec\).*",
    r".*You're resuming from a checkpoint that ended before the epoch ended.*",
    r".*GPU available but not used.*",
    r".*The `srun` command is available on your system but is not used.*",
    r".*lr_scheduler.step\(\).* before .optimizer.step\(\).*",
)


def silence_libraries() -> None:
    """Ignore warnings about what a run does on purpose."""
    for message in NOISE:
        warnings.filterwarnings("ignore", message=message)
