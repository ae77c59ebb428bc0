"""Local jobs that an earlier sweep started and that outlived it."""

import os
import signal
import subprocess


class Survivor:
    """A process that is no child of this one, as far as submitit asks a `Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it lives, then 0: how a stranger ended is not known."""
        # A number may have passed on to another process.
        asked = subprocess.run(["ps", "-p", str(self.pid), "-o", "command="], capture_output=True, text=True)
        return None if "submitit" in asked.stdout else 0

    def send_signal(self, number: signal.Signals) -> None:
        """As `Popen` does."""
        os.kill(self.pid, number)
