"""Where a number comes from: commit, versions, hardware."""

import platform
import subprocess
from importlib import metadata
from pathlib import Path

import torch

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


def hardware() -> str:
    """What computes here: the kind of accelerator, or else the processor and how many threads torch gives it."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return f"{_processor()}, {torch.get_num_threads()} threads"


def _processor() -> str:
    """The processor's name as Linux has it, elsewhere its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
