"""What a run leaves behind: records, tables, provenance. `hpe.runs.load("outputs/**")` reads all of it."""

from typing import Any


def __getattr__(name: str) -> Any:
    """`load`, fetched when it is asked for: every command imports this package, and few need pandas."""
    if name != "load":
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from hpe.runs.loading import load

    return load
