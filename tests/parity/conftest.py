"""The golden vectors of a parity module."""

from pathlib import Path

import pytest
from golden import Golden
from golden_crops import GoldenArrays

pytest.register_assert_rewrite(
    "pare_data",
    "pare_evaluation",
    "pare_fitting",
    "pare_geometry",
    "pare_heads",
    "pare_layers",
    "pare_losses",
    "pare_networks",
    "pare_occlusion",
    "pare_smoothing",
)

KEPT = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def vectors_folder(request: pytest.FixtureRequest) -> Path:
    """The folder with this module's vectors: `test_mpqa.py` reads DIR/mpqa if there is one, else DIR itself."""
    folder = request.config.getoption("--vectors") or KEPT
    system = request.path.stem.removeprefix("test_")
    return folder / system if (folder / system).is_dir() else folder


@pytest.fixture(scope="module")
def golden(vectors_folder: Path) -> Golden:
    return Golden.read(vectors_folder)


@pytest.fixture(scope="module")
def arrays(vectors_folder: Path) -> GoldenArrays:
    return GoldenArrays.read(vectors_folder)
