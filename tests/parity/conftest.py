"""Where the golden vectors of a parity module lie."""

from pathlib import Path

import pytest

KEPT = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def vectors_folder(request: pytest.FixtureRequest) -> Path:
    """The folder with this module's vectors: `test_mpqa.py` reads DIR/mpqa if there is one, else DIR itself."""
    folder = request.config.getoption("--vectors") or KEPT
    system = request.path.stem.removeprefix("test_")
    return folder / system if (folder / system).is_dir() else folder
