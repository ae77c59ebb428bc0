"""How the tensors of a published system are called in our modules, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class KeyMap:
    """The names of a system's tensors.

    `names` gives for a beginning of a published name that of ours; the first that fits counts. `unused` gives for a
    pattern of published names (as of files in a shell) why we do without them, and is asked first. `may_lack` gives for
    a pattern of ours why a file may do without.

    >>> KeyMap({"head.fc1.": "head.regression.fc1."}).ours("head.fc1.weight")
    'head.regression.fc1.weight'
    """

    names: Mapping[str, str]
    unused: Mapping[str, str] = field(default_factory=dict)
    may_lack: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: "KeyMap") -> "KeyMap":
        """Both maps; where both know a name, this one's counts."""
        pairs = ((getattr(self, part), getattr(other, part)) for part in ("names", "unused", "may_lack"))
        return KeyMap(*({**mine, **{key: theirs[key] for key in theirs if key not in mine}} for mine, theirs in pairs))

    def ours(self, theirs: str) -> str | None:
        """Our name of a published tensor; None for one that the map does not know."""
        return _replaced(theirs, self.names.items())

    def theirs(self, ours: str) -> str:
        """The published name of one of our tensors, our own where the map does not know it."""
        return _replaced(ours, ((mine, published) for published, mine in self.names.items())) or ours

    def why_unused(self, theirs: str) -> str | None:
        """Why we do without a published tensor; None for one that we want, or do not know."""
        return _matching(self.unused, theirs)

    def why_lacking(self, ours: str) -> str | None:
        """Why a file may lack one of our tensors; None where it may not."""
        return _matching(self.may_lack, ours)


def _replaced(name: str, beginnings: Iterable[tuple[str, str]]) -> str | None:
    for before, after in beginnings:
        if name.startswith(before):
            return after + name.removeprefix(before)
    return None


def _matching(reasons: Mapping[str, str], name: str) -> str | None:
    return next((why for pattern, why in reasons.items() if fnmatchcase(name, pattern)), None)
