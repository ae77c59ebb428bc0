"""What a file is known by, wherever it lies."""

import hashlib
from pathlib import Path

from hpe.errors import UserError


def file_hash(path: Path) -> str:
    """SHA-256 of a file, such as a checkpoint. Raises UserError where it is missing."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise UserError(f"no file {path}; give the path of a checkpoint") from None
