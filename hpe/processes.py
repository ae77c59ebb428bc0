"""The processes that train one system together: how many they are, and how they stop together."""

import torch

from hpe.errors import UserError


def place() -> tuple[int, int]:
    """Rank of this process and number of processes: (0, 1) where training is not distributed."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    return 0, 1


class SaidElsewhere(UserError):
    """The fault of another process, which tells the user of it."""


def raise_together(fault: UserError | None, device: torch.device) -> None:
    """Raise in all processes what the first of those with a fault has to say; to be called by all at the same point.

    A process that stopped alone would leave the others waiting for its gradients. The first process raises the
    UserError, the others `SaidElsewhere`. `device` is where tensors of this process lie.
    """
    if place()[1] > 1:
        fault = _first(fault, device)
    if fault is not None:
        raise fault


def _first(fault: UserError | None, device: torch.device) -> UserError | None:
    """The fault of the first process that has one, as this process is to raise it."""
    somewhere = torch.tensor(int(fault is not None), device=device)
    torch.distributed.all_reduce(somewhere, torch.distributed.ReduceOp.MAX)
    if not somewhere:
        return None
    rank, world = place()
    said: list[str | None] = [None] * world
    torch.distributed.all_gather_object(said, None if fault is None else str(fault))
    kind = UserError if rank == 0 else SaidElsewhere
    return kind(next(line for line in said if line is not None))
