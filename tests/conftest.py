"""Options of the whole test suite."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--vectors`: golden vectors other than those kept in tests/golden."""
    parser.addoption(
        "--vectors",
        type=Path,
        metavar="DIR",
        help="folder of one system's golden vectors, or of all (default: tests/golden)",
    )
