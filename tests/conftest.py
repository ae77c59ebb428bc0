"""Options of the whole test suite."""

from pathlib import Path

import pytest

import hpe.cli  # noqa: F401 - the resolvers that configs name
from hpe.bodies.anny import load_anny
from hpe.bodies.body import Body
from hpe.config import config_folder
from hpe.metrics.card import ProtocolCard


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
