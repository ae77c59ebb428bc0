"""A real SLURM cluster of one node: munged, slurmctld and slurmd as root, in a folder and at ports of their own.

So as many of them run side by side as there are tests that want one. The daemons end with the process that started
them, however that ends; what is left of a job then is ended by the next cluster that starts.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from left_processes import end_processes, is_running

PREFIX, OWNER = "hpe-slurm-", "owner"
DAEMONS = ("munged", "slurmctld", "slurmd")
CONFIG = """
ClusterName=hpe
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
AuthType=auth/munge
# A requeued job waits until the credentials of its first start have expired.
AuthInfo=socket={folder}/munge/socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} RealMemory={megabytes}
PartitionName=main Nodes=ALL Default=YES
"""


def lacking() -> str | None:
    """Why there can be no cluster here, if so."""
    if os.geteuid() != 0:
        return "slurm: its daemons need root"
    missing = [daemon for daemon in DAEMONS if _program(daemon) is None]
    return f"slurm: no {', '.join(missing)}; apt-get install slurm-wlm munge" if missing else None


@contextmanager
def cluster() -> Iterator[Path]:
    """Starts a cluster, gives its `slurm.conf`, for the variable SLURM_CONF, and ends it with all of its jobs."""
    _clear_old()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    daemons: list[subprocess.Popen[bytes]] = []
    try:
        (folder / OWNER).write_text(str(os.getpid()))
        _start(folder, daemons)
        yield folder / "slurm.conf"
    finally:
        _clear(folder)
        for daemon in daemons:
            daemon.wait()


def _start(folder: Path, daemons: list[subprocess.Popen[bytes]]) -> None:
    config = folder / "slurm.conf"
    config.write_text(_config(folder))
    for name in ("state", "spool", "munge"):
        (folder / name).mkdir()
    daemons.append(_munged(folder / "munge", config))
    _wait(lambda: (folder / "munge/socket").exists(), folder)
    daemons.append(_daemon("slurmctld", "-D", "-f", str(config), config=config))
    daemons.append(_daemon("slurmd", "-D", "-f", str(config), config=config))
    _wait(lambda: said(config, "sinfo", "--noheader", "--format=%t") == "idle", folder)


def _config(folder: Path) -> str:
    return CONFIG.format(
        folder=folder,
        host=socket.gethostname().partition(".")[0],
        ports=_free_ports(2),
        processors=os.cpu_count(),
        megabytes=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**21,
    )


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _munged(folder: Path, config: Path) -> "subprocess.Popen[bytes]":
    """By this service daemons and commands know each other; it runs as its own user, with a key of this cluster."""
    folder.parent.chmod(0o755)
    key = folder / "key-file"
    key.touch(mode=0o600)
    key.write_bytes(os.urandom(128))
    for path in (folder, key):
        shutil.chown(path, "munge", "munge")
    files = [f"--{name}={folder / name}" for name in ("socket", "key-file", "log-file", "pid-file", "seed-file")]
    user = ["--reuid=munge", "--regid=munge", "--clear-groups"]
    return _daemon("munged", "--foreground", *files, config=config, user=user)


def _daemon(name: str, *arguments: str, config: Path, user: list[str] | None = None) -> "subprocess.Popen[bytes]":
    command = ["setpriv", "--pdeathsig=KILL", *(user or []), str(_program(name)), *arguments]
    with (config.parent / f"{name}.out").open("wb") as output:
        return subprocess.Popen(command, env=_environment(config), stdout=output, stderr=output)


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def said(config: Path, *command: str) -> str:
    """What a command says to the cluster of `config`."""
    return subprocess.run(command, env=_environment(config), capture_output=True, text=True).stdout.strip()


def _environment(config: Path) -> dict[str, str]:
    return os.environ | {"SLURM_CONF": str(config)}


def _wait(reached: Callable[[], bool], folder: Path, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            logs = [path.read_text()[-2000:] for path in sorted(folder.glob("*.out"))]
            raise TimeoutError("\n".join(["the cluster does not start", *logs]))
        time.sleep(0.05)


def _clear_old() -> None:
    """End what a process that was killed has left behind."""
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        number = owner.read_text()
        if number and not is_running(int(number)):
            _clear(owner.parent)


def _clear(folder: Path) -> None:
    end_processes(f"SLURM_CONF={folder / 'slurm.conf'}")
    shutil.rmtree(folder)
