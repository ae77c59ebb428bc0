"""Timings against reference implementations: `python -m benchmarks.speed rasteriser metrics`.

Machines are noisy; the ratio is what to quote.
"""

import argparse
import json
from pathlib import Path

from benchmarks.speed_fitting import fitting
from benchmarks.speed_forward import forward
from benchmarks.speed_loader import loader
from benchmarks.speed_metrics import metrics
from benchmarks.speed_occlusion import occlusion
from benchmarks.speed_part_maps import part_maps
from benchmarks.speed_rasteriser import rasteriser

SUITES = {
    "rasteriser": rasteriser,
    "metrics": metrics,
    "loader": loader,
    "forward": forward,
    "part_maps": part_maps,
    "occlusion": occlusion,
    "fitting": fitting,
}
# What else a row may hold, and how it is said.
MORE = {
    "of_peak": "{:.0%} of the rate of a large matrix product",
    "people_s": "{:.1f} people a second",
    "overhead": "{:.1%} of a training step",
    "peak_mb": "at most {:.0f} MiB",
    "of_decode": "{:.0%} of the speed of a plain decode",
    "at_8_workers": "{:.0f} a second at 8 workers",
    "waited": "the network waits {:.1%} of its time",
}


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
            times = f"{row['ours_s']:.5f} s, reference {row['reference_s']:.5f} s, x{row['ratio']:.1f}"
            more = "".join(f", {said.format(row[key])}" for key, said in MORE.items() if key in row)
            print(f"{suite}: {name}: {times}{more}")


if __name__ == "__main__":
    main()
