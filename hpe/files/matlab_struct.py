"""Structs of MATLAB files as scipy reads them, field by field and checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from hpe.errors import UserError
from hpe.files.limits import AGAIN


@dataclass(frozen=True)
class Struct:
    """One struct of a file, or all its variables; `name` is what MATLAB would call it.

    Axes of length 1 are gone, so a list of one is not told from its only item. Every method raises UserError naming
    file, struct and field of what is missing or not what it should be.
    """

    path: Path
    name: str
    fields: Any

    def fault(self, field: str, reason: str) -> UserError:
        """What is said of a field, and what to do about it."""
        return UserError(f"{self.path}: {self.name}{'.' if self.name else ''}{field} {reason}; {AGAIN}")

    def get(self, field: str) -> Any:
        """A field's value, None where there is no such field."""
        return self.fields.get(field) if isinstance(self.fields, dict) else getattr(self.fields, field, None)

    def has(self, field: str) -> bool:
        """Whether a field is there and not empty."""
        value = self.get(field)
        return value is not None and not (isinstance(value, np.ndarray) and value.size == 0)

    def inside(self, field: str) -> "Struct":
        """The struct in a field."""
        value = self.get(field)
        if not hasattr(value, "_fieldnames"):
            raise self.fault(field, "is missing or no struct")
        return Struct(self.path, f"{self.name}{'.' if self.name else ''}{field}", value)

    def items(self, field: str) -> list["Struct"]:
        """The structs in a field, which may be many, one or none."""
        value = self.get(field)
        found: list[Any] = [] if value is None else np.ravel(np.asarray(value, dtype=object)).tolist()
        if value is None or not all(hasattr(item, "_fieldnames") for item in found):
            raise self.fault(field, "is missing or no list of structs")
        within = f"{self.name}{'.' if self.name else ''}{field}"
        return [Struct(self.path, f"{within}({place + 1})", item) for place, item in enumerate(found)]

    def numbers(self, field: str, count: int) -> Float[np.ndarray, " count"]:
        """So many finite numbers."""
        try:
            found = np.atleast_1d(np.asarray(self.get(field), dtype=np.float64))
        except (ValueError, TypeError):
            found = np.empty(0)
        if found.shape != (count,) or not np.isfinite(found).all():
            raise self.fault(
                field, f"is missing or not {'a finite number' if count == 1 else f'{count} finite numbers'}"
            )
        return found

    def number(self, field: str) -> float:
        """One finite number, which may be written as text."""
        return float(self.numbers(field, 1)[0])

    def index(self, field: str, count: int) -> int:
        """A whole number from 0 and below `count`."""
        found = self.number(field)
        if found != int(found) or not 0 <= found < count:
            raise self.fault(field, f"is {found:g}, not a whole number from 0 to {count - 1}")
        return int(found)

    def text(self, field: str) -> str:
        """Text that is not empty."""
        value = self.get(field)
        if not isinstance(value, str) or not value.isprintable() or not value:
            raise self.fault(field, "is missing or no text")
        return str(value)
