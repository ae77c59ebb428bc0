import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CLONE = Path(__file__).parents[2]
FILES, FOLDERS = ("pyproject.toml", "setup.cfg", "README.md"), ("hpe", "conf", "experiments")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the unpacked wheel."""
    copy, site = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("site")
    for name in FILES:
        shutil.copy(CLONE / name, copy)
    for name in FOLDERS:
        shutil.copytree(CLONE / name, copy / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", copy], check=True, capture_output=True)
    (wheel,) = (copy / "dist").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(site)
    return site


def run(site: Path, cwd: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-m", "hpe.train", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True, text=True).stdout


def test_the_wheel_brings_the_configs_and_runs_outside_the_clone(site: Path, tmp_path: Path) -> None:
    assert (site / "hpe" / "conf" / "train.yaml").is_file()
    config = run(site, tmp_path, "--cfg", "job", "+experiment=mpqa/synthetic", "seed=3")
    assert "mask_ratio: 0.33" in config
    assert "seed: 3" in config


def test_the_wheel_holds_no_tests_and_nothing_beside_the_package(site: Path) -> None:
    assert {path.name.partition("-")[0] for path in site.iterdir()} == {"hpe"}
