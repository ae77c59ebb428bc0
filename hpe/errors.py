"""Errors that a user can cause, and the help that goes with a misspelt name."""

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """A fault the user can mend: its text is one line saying what, where and what to do.

    The doors print the text without a traceback and exit with code 2.
    """


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Closing words for an unknown name: the nearest known one, else all of them.

    >>> did_you_mean("mqpa", ["hmr", "mpqa"])
    "did you mean 'mpqa'? (known: hmr, mpqa)"
    """
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    listing = f"known: {', '.join(names)}"
    return f"did you mean '{near[0]}'? ({listing})" if near else listing
