"""Errors that a user can cause, and the help that goes with a misspelt name."""

import difflib
import signal
from collections.abc import Iterable, Mapping


class UserError(Exception):
    """A fault the user can mend: its text is one line saying what, where and what to do.

    The doors print the text without a traceback and exit with code 2.
    """


class Preempted(SystemExit):
    """Ends the process of a run that is saved and was to leave, with the exit code of one that SIGTERM has ended."""

    def __init__(self) -> None:
        super().__init__(128 + signal.SIGTERM)


class Carried(BaseException):
    """Carries what went wrong past Hydra, which reports every Exception in words of its own: its cause says what."""


def reason_of(error: BaseException) -> str:
    """The first line of what an exception says; its type where it says nothing in words.

    >>> reason_of(ValueError("cut short"))
    'cut short'
    >>> reason_of(KeyError(255))
    'KeyError'
    """
    line = str(error).strip().partition("\n")[0]
    return line if any(map(str.isalpha, line)) else type(error).__name__


def refuse_below(least: int, numbers: Mapping[str, float | int | None]) -> None:
    """Raise UserError for the first of the numbers, which go by their keys, that is less than `least`, or NaN.

    None is no number.
    """
    for name, number in numbers.items():
        if number is not None and not number >= least:
            raise UserError(f"{name}={number}: it must be at least {least}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Closing words for an unknown name: the nearest known one, else all of them.

    >>> did_you_mean("mqpa", ["hmr", "mpqa"])
    "did you mean 'mpqa'? (known: hmr, mpqa)"
    """
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    listing = f"known: {', '.join(names)}"
    return f"did you mean '{near[0]}'? ({listing})" if near else listing
