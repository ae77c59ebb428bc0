"""What `benchmarks.speed` times is built in a fresh process, where nothing is imported that a test's process has."""

import subprocess
import sys

import pytest

BUILD = "from benchmarks.speed_occlusion import _case; system, *_ = _case(['model=hmr']); print(system.resolution)"


@pytest.mark.slow
def test_a_system_is_composed_for_timing() -> None:
    built = subprocess.run([sys.executable, "-c", BUILD], capture_output=True, text=True)
    assert built.stdout == "64\n", built.stderr
