"""A fault of one process ends all of them at the same point; the first says what it is."""

from pathlib import Path

import pytest
import torch
from torch import distributed, multiprocessing

from hpe.errors import UserError
from hpe.processes import SaidElsewhere, place, raise_together

CPU = torch.device("cpu")


def test_alone_a_process_raises_its_own() -> None:
    raise_together(None, CPU)
    with pytest.raises(UserError, match="no disk") as fault:
        raise_together(UserError("no disk"), CPU)
    assert not isinstance(fault.value, SaidElsewhere)


def work(rank: int, folder: Path) -> None:
    """Two batches, at the second of which process 1 has a fault."""
    distributed.init_process_group("gloo", f"file://{folder}/meeting", rank=rank, world_size=2)
    assert place() == (rank, 2)
    raise_together(None, CPU)
    try:
        raise_together(UserError("no disk") if rank == 1 else None, CPU)
    except UserError as error:
        (folder / str(rank)).write_text(f"{type(error).__name__}: {error}")
    distributed.destroy_process_group()


@pytest.mark.slow
def test_of_two_the_first_says_what_the_second_has(tmp_path: Path) -> None:
    multiprocessing.spawn(work, (tmp_path,), nprocs=2)
    assert [(tmp_path / str(rank)).read_text() for rank in (0, 1)] == ["UserError: no disk", "SaidElsewhere: no disk"]
