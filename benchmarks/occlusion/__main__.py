"""Occlusion: `python -m benchmarks.occlusion sensitivity | curves [GROUP=CHOICE ...] [KEY=VALUE ...]`.

`sensitivity` slides a patch over a person and maps the error of every joint. `curves` draws the error of several
systems against how much of people is hidden, by the same occluders for all. Each command has its own --help.
"""

import sys

from benchmarks.occlusion import curves, sensitivity
from hpe.cli import USER_ERROR
from hpe.errors import did_you_mean

COMMANDS = {"sensitivity": sensitivity.main, "curves": curves.main}


def main() -> None:
    """Run the command that the first argument names with the others as its overrides; exit code 2 for a wrong one."""
    program, *arguments = sys.argv
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return
    if arguments[0] not in COMMANDS:
        advice = did_you_mean(arguments[0], COMMANDS)
        print(f"error: no command is called '{arguments[0]}'; {advice}", file=sys.stderr)
        sys.exit(USER_ERROR)
    sys.argv = [program, *arguments[1:]]
    COMMANDS[arguments[0]]()


if __name__ == "__main__":
    main()
