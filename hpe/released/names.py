"""From a published tensor's name to ours, by a table of prefixes."""

from hpe.released.backbones import Prefixes


def rename(name: str, prefixes: Prefixes) -> str | None:
    """Our name of a published tensor; None for one that we do without. Raises KeyError for an unknown one.

    The first prefix that fits counts.

    >>> rename("head.fc1.weight", (("head.fc1.", "head.regression.fc1."),))
    'head.regression.fc1.weight'
    """
    for theirs, ours in prefixes:
        if name.startswith(theirs):
            return None if ours is None else ours + name.removeprefix(theirs)
    raise KeyError(name)
