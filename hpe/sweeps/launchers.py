"""Hydra's launchers of a sweep: submitit's, whose jobs go on where an earlier attempt at the same run ended."""

from collections.abc import Sequence

from hydra.core.plugins import Plugins
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, setup_globals
from hydra_plugins.hydra_submitit_launcher.submitit_launcher import (
    BaseSubmititLauncher,
    LocalLauncher,
    SlurmLauncher,
)

from hpe.runs.folders import LAST
from hpe.sweeps.failures import tell
from hpe.sweeps.grid import compose, run_of


class _Sweep(BaseSubmititLauncher):
    """A launcher whose jobs can be started as often as the cluster likes."""

    def __call__(
        self,
        sweep_overrides: Sequence[str],
        job_dir_key: str,
        job_num: int,
        job_id: str,
        singleton_state: dict[type, Singleton],
    ) -> JobReturn:
        """The job, in a process of its own; called again where it is requeued. Tells on stderr why it failed."""
        Singleton.set_state(singleton_state)
        setup_globals()
        run = run_of(compose(self.hydra_context, self.config, sweep_overrides, job_num))
        own = with_resume(sweep_overrides, (run / LAST).is_file())
        done = super().__call__(own, job_dir_key, job_num, job_id, singleton_state)
        try:
            _ = done.return_value
        except Exception as error:
            done.return_value = tell(error)
        return done


def with_resume(overrides: Sequence[str], begun: bool) -> list[str]:
    """The overrides of a run that goes on if it has `begun`, whatever was asked of the sweep as a whole."""
    return [one for one in overrides if not one.startswith("resume=")] + ["resume=true"] * begun


class LocalSweep(_Sweep, LocalLauncher):
    """Jobs are processes of this machine."""


class SlurmSweep(_Sweep, SlurmLauncher):
    """Jobs are SLURM's."""


def register() -> None:
    """Make the launchers known to Hydra, which takes them from packages called `hydra_plugins` and no other."""
    known = Plugins.instance().class_name_to_class
    known |= {f"hydra_plugins.hpe.{launcher.__name__}": launcher for launcher in (LocalSweep, SlurmSweep)}
