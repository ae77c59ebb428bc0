"""JSON from strangers, of a size that fits into memory."""

import json
from collections.abc import Set
from pathlib import Path
from typing import Any

from hpe.errors import UserError
from hpe.files.limits import AGAIN, check_memory

# The largest annotations of the field have 1 GB. Python needs about ten times a file's bytes for numbers, and at least
# four times for what is then left of them.
MOST_BYTES, LEAST_TIMES = 2 << 30, 4


def read_json(path: Path, most_bytes: int = MOST_BYTES, keys: Set[str] | None = None) -> Any:
    """What a file says; of its objects, at any depth, only the entries named in `keys` where there are any.

    What is not kept costs no memory beyond the object that it is in. NaN and infinity come through as numbers.
    Raises UserError where the file is missing, larger than `most_bytes` or not JSON.
    """
    if not path.is_file():
        raise UserError(f"no file {path}")
    if path.stat().st_size > most_bytes:
        raise UserError(f"{path} has {path.stat().st_size} bytes, more than such a file can have; {AGAIN}")

    def kept(entries: dict[str, Any]) -> dict[str, Any]:
        return {key: entries[key] for key in entries.keys() & (keys or ())}

    check_memory(LEAST_TIMES * path.stat().st_size, str(path))
    try:
        return json.loads(path.read_bytes(), object_hook=None if keys is None else kept)
    except (ValueError, RecursionError, MemoryError) as error:
        raise UserError(f"{path} is not JSON ({str(error) or 'too large'}); fetch it again") from error
