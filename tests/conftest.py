"""Options of the whole test suite."""

import sys
from pathlib import Path

# jaxtyping's import hook has Python compile anew whatever a module of ours is the first to import, so these come first.
import beartype.claw  # noqa: F401
import lightning.pytorch  # noqa: F401
import matplotlib.pyplot  # noqa: F401
import pandas as pd  # noqa: F401
import pytest
import timm  # noqa: F401
import torch
import wandb  # noqa: F401
from hypothesis import settings

import hpe.cli  # noqa: F401 - the resolvers that configs name
from hpe.bodies.anny import load_anny
from hpe.bodies.body import Body
from hpe.config import config_folder
from hpe.metrics.card import ProtocolCard

# The same commit gives the same answer; `--hypothesis-profile default` looks for new examples.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
# A module that a test runs as a program would be kept as jaxtyping's hook has made it, for others to find without hook.
sys.dont_write_bytecode = True


def pytest_collectstart() -> None:
    """A module's random constants are the same however much was collected before it."""
    torch.manual_seed(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A test's random numbers are the same whichever tests ran before it."""
    torch.manual_seed(0)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--vectors`: golden vectors other than those kept in tests/golden."""
    parser.addoption(
        "--vectors",
        type=Path,
        metavar="DIR",
        help="folder of one system's golden vectors, or of all (default: tests/golden)",
    )


@pytest.fixture(scope="session")
def body() -> Body:
    """The free body on its small mesh; the first run on a machine builds it."""
    return load_anny()


@pytest.fixture(scope="session")
def card() -> ProtocolCard:
    """The protocol of the synthetic set."""
    return ProtocolCard.read(config_folder() / "protocol/synthetic.yaml")
