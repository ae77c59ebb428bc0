"""JSON from strangers, of a size that fits into memory."""

import json
from pathlib import Path
from typing import Any

from hpe.errors import UserError

# Python needs about ten times a file's bytes for what it says; the largest annotations of the field have 1 GB.
MOST_BYTES = 4 << 30


def read_json(path: Path, most_bytes: int = MOST_BYTES) -> Any:
    """What a file says. Raises UserError where it is missing, larger than `most_bytes` or not JSON."""
    if not path.is_file():
        raise UserError(f"no file {path}")
    if path.stat().st_size > most_bytes:
        raise UserError(f"{path} has {path.stat().st_size} bytes, more than such a file can have: not read")
    try:
        return json.loads(path.read_bytes())
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path} is not JSON ({error}); fetch it again") from error
