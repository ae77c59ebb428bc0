"""What became of each tensor of a published file, and of each of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hpe.errors import UserError

SHOWN = 5


@dataclass(frozen=True)
class LoadReport:
    """Tensors by their published names, as the file has them.

    `prefix` is what those of the network begin with. `loaded` gives our name of each that has found its place, `unused`
    why we do without one, `unknown` are those that nothing is known of. Of what we need the file lacks the `missing`,
    and with good reason the `spared`; `misshaped` ones have another shape.
    """

    prefix: str
    loaded: Mapping[str, str]
    unused: Mapping[str, str]
    unknown: Sequence[str]
    spared: Mapping[str, str]
    missing: Sequence[str]
    misshaped: Mapping[str, str]

    @property
    def renamed(self) -> dict[str, str]:
        """Those of the loaded ones that have another name here, the prefix aside."""
        return {theirs: ours for theirs, ours in self.loaded.items() if theirs.removeprefix(self.prefix) != ours}

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        kinds = ("loaded", "renamed", "unused", "unknown", "spared", "missing", "misshaped")
        return {kind: len(getattr(self, kind)) for kind in kinds}

    @property
    def fits(self) -> bool:
        """Whether every tensor of ours has come, in its shape, but for those that may lack."""
        return not (self.missing or self.misshaped)

    @property
    def doubts(self) -> list[str]:
        """What the report leaves in doubt about a file that fits."""
        return (
            [f"of {len(self.unknown)} tensors of the file nothing is known{_some(self.unknown)}"]
            if self.unknown
            else []
        )

    def check(self, what: str) -> None:
        """Raise UserError, naming tensors of `what`, where it is another network's."""
        if not self.fits:
            parts = (f"{len(names)} {kind}{_some(names)}" for kind, names in self._faults.items() if names)
            raise UserError(
                f"{what} is not of the released network: {'; '.join(parts)}; nothing was loaded. Choose the model= "
                "that it is of"
            )

    @property
    def _faults(self) -> dict[str, Sequence[str]]:
        misshaped = [f"{name} is {shapes}" for name, shapes in self.misshaped.items()]
        return {"missing": self.missing, "misshaped": misshaped, "unknown": self.unknown}

    def lines(self) -> list[str]:
        """The report, a line a fact: counts, then by name all that did not simply find its place."""
        lines = [", ".join(f"{count} {kind}" for kind, count in self.counts.items())]
        for kind, reasons in (("unused", self.unused), ("spared", self.spared)):
            for why in dict.fromkeys(reasons.values()):
                lines.append(f"{kind}, {why}: {', '.join(name for name, one in reasons.items() if one == why)}")
        return lines + [f"{kind.upper()}: {name}" for kind, names in self._faults.items() for name in names]


def _some(names: Sequence[str]) -> str:
    return f" ({', '.join(names[:SHOWN])}{', ...' if len(names) > SHOWN else ''})"
