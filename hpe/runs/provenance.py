"""Where a number comes from: commit, versions, checkpoint hash."""

import platform
import subprocess
from importlib import metadata
from pathlib import Path

PACKAGES = (
    "hpe",
    "torch",
    "torchvision",
    "lightning",
    "timm",
    "smplx",
    "anny",
    "roma",
    "numpy",
    "opencv-python-headless",
)


def commit() -> str | None:
    """Commit of the clone that this code runs from, with `-dirty` where files differ; None outside a clone."""
    # An installed copy may lie inside somebody else's clone, whose commit says nothing about it.
    if _git("ls-files", "--error-unmatch", Path(__file__).name) is None:
        return None
    return _git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")


def _git(*arguments: str) -> str | None:
    """What git answers in this file's folder; None where it fails or is not installed."""
    command = ["git", "-C", str(Path(__file__).parent), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that can move a number."""
    return {"python": platform.python_version()} | {package: _version(package) for package in PACKAGES}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
