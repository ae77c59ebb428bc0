"""What all doors share: Hydra around a task, a user's error as one line, exit codes."""

import functools
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from hpe.config import config_folder
from hpe.errors import Carried, Preempted, UserError
from hpe.explain import explain
from hpe.processes import SaidElsewhere
from hpe.runs import folders
from hpe.runs.precision import native_precision
from hpe.sweeps import launchers

USER_ERROR, INTERRUPTED = 2, 130

FAULTS = (UserError, HydraException, OmegaConfBaseException, OSError)

Task = Callable[[DictConfig], Any]

folders.register()
launchers.register()
OmegaConf.register_new_resolver("native_precision", native_precision, replace=True)


def door(config_name: str, advice: Callable[[], str] | None = None) -> Callable[[Task], Callable[[], None]]:
    """Makes a task of one argument, the composed config, into a program of none that reads the command line.

    `config_name` is relative to the folder of configs; what lies in the same folder stands before groups of its name.

    A user's error is printed as one line and exits with 2 (`debug=true` shows its traceback), Ctrl-C with 130
    and `advice`, by default the command that resumes a run, a preempted run with 143 and the same; a bug keeps its
    traceback. In a sweep the task's value is the objective.
    """

    def decorate(task: Task) -> Callable[[], None]:
        @functools.wraps(task)
        def resumable(config: DictConfig) -> Any:
            try:
                return task(config)
            except KeyboardInterrupt:
                raise KeyboardInterrupt((advice or resume_advice)()) from None
            except Preempted:
                if is_first():
                    print(f"preempted; {(advice or resume_advice)()}", file=sys.stderr)
                raise
            except FAULTS as error:
                # Hydra prints which job of a sweep failed; a single run needs no such line before its own.
                raise error if HydraConfig.get().mode == RunMode.MULTIRUN else Carried from error

        path = config_folder() / config_name
        program = hydra.main(version_base="1.3", config_path=str(path.parent), config_name=path.name)(resumable)
        return functools.partial(run_program, program)

    return decorate


def composed(config_name: str, *overrides: str) -> DictConfig:
    """What a door of that configuration would be given, for those who need its parts and not the door."""
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        return hydra.compose(config_name, list(overrides))


def run_program(program: Callable[[], None]) -> None:
    """Run a Hydra program with the exit codes and messages of `door`.

    Of several processes of a run the first says what is wrong. The others end as if all were well: Lightning kills the
    first, in the middle of its sentence, where another ends with a fault.
    """
    os.environ["HYDRA_FULL_ERROR"] = "1"  # Hydra then hands exceptions on instead of printing them its own way
    try:
        program()
    except Preempted as preempted:
        sys.exit(preempted.code if is_first() else 0)
    except KeyboardInterrupt as interrupt:
        if not is_first():
            sys.exit(0)
        print(f"\ninterrupted{'; ' if interrupt.args else ''}{interrupt}", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except (Carried, *FAULTS) as error:
        if isinstance(error.__cause__, SaidElsewhere):
            sys.exit(0)
        line = explain(error)
        if line is None or "debug=true" in sys.argv:
            raise (error.__cause__ if isinstance(error, Carried) else None) or error from None
        print(f"error: {line}", file=sys.stderr)
        sys.exit(USER_ERROR)


def is_first() -> bool:
    """Whether this is the process that the user started, not one that Lightning started beside it."""
    return os.environ.get("LOCAL_RANK", "0") == "0"


def resume_advice() -> str:
    """How to continue the run in hand, if it has got as far as a checkpoint."""
    state = HydraConfig.get()
    folder = Path(state.runtime.output_dir)
    if not (folder / folders.LAST).is_file():
        return "nothing to resume yet, no epoch was finished"
    own = ("resume=", "hydra.run.dir=", "+hydra.run.dir=")
    kept = [override for override in state.overrides.task if not override.startswith(own)]
    command = [f"hydra.run.dir={folder}", "resume=true"]
    return f"resume with: python -m hpe.{state.job.name} {shlex.join([*kept, *command])}"


def same_again() -> str:
    """How to continue a job that keeps what it has done where the next one looks for it."""
    state = HydraConfig.get()
    return f"go on with: python -m hpe.{shlex.join([state.job.name, *state.overrides.task])}"
