"""Timings against reference implementations: `python -m benchmarks.speed rasteriser metrics`.

Machines are noisy; the ratio is what to quote.
"""

import argparse
import json
from pathlib import Path

from benchmarks.speed_metrics import metrics
from benchmarks.speed_rasteriser import rasteriser

SUITES = {"rasteriser": rasteriser, "metrics": metrics}


def main() -> None:
    """Run the suites named on the command line and write outputs/speed/<suite>.json for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("suites", nargs="+", choices=SUITES, metavar="SUITE", help=f"one of: {', '.join(SUITES)}")
    parser.add_argument("--folder", type=Path, default=Path("outputs/speed"), help="default: %(default)s")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for suite in options.suites:
        timings = SUITES[suite]()
        (options.folder / f"{suite}.json").write_text(json.dumps(timings, indent=2) + "\n")
        for name, row in timings.items():
            memory = f", at most {row['peak_mb']:.0f} MiB" if "peak_mb" in row else ""
            times = f"{row['ours_s']:.5f} s, reference {row['reference_s']:.5f} s, x{row['ratio']:.1f}"
            print(f"{suite}: {name}: {times}{memory}")


if __name__ == "__main__":
    main()
