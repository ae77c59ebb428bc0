"""The authors' checkpoints in our modules: one key map a system, and one way to load."""

from hpe.released.load_report import LoadReport
from hpe.released.systems import load

__all__ = ["LoadReport", "load"]
