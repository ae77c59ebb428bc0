"""The curves of a trial as one figure: all occluders, each kind, each region, sizes; and the areas side by side."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.occlusion.numbers import ALL, AREA, BIN, CLEAR, SIZE
from benchmarks.occlusion.provenance import write_whole
from hpe.scoring.summary import METRICS

COLUMNS, WIDTH, HEIGHT, DPI = 4, 3.5, 2.9, 110
GREY, PALE, MARGIN = "0.5", 0.18, 0.35
KEY = (
    "Lines: mean error; shaded: its 95 % interval over sequences; dotted: the same people with nothing hidden;\n"
    "grey numbers: sequences in a bin; hollow: fewer than {fewest}, no interval;\n"
    "on the head, ...: occluders of every kind, where that part of the body has the largest share hidden."
)


def draw_curves(path: Path, found: pd.DataFrame, metric: str, fewest: int, title: str) -> None:
    """Means of a metric with their intervals over the share of the person that is hidden.

    Bins with fewer than `fewest` sequences are hollow and without interval; small numbers are the sequences of a bin. A
    dotted line is the error of the same people with nothing hidden.
    """
    own = found[found["metric"] == metric]
    groups = list(own.loc[own["table"] == BIN, "group"].unique())
    rows = -(-(len(groups) + 2) // COLUMNS)
    figure = Figure(figsize=(WIDTH * COLUMNS, HEIGHT * rows + 1.2), layout="constrained")
    axes = list(figure.subplots(rows, COLUMNS, squeeze=False).ravel())
    colours = {model: f"C{place}" for place, model in enumerate(own.loc[own["table"] == CLEAR, "model"])}
    for axis, group in zip(axes, groups, strict=False):
        _curve(axis, own, group, colours, fewest)
    _sizes(axes[len(groups)], own, colours)
    _same_height(axes[: len(groups) + 1], own, fewest, METRICS[metric])
    _areas(axes[len(groups) + 1], own, groups, colours)
    for axis in axes[len(groups) + 2 :]:
        axis.axis("off")
    key = {"title": KEY.format(fewest=fewest), "title_fontsize": 9, "frameon": False}
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(colours), **key)
    figure.suptitle(title)
    write_whole(path, lambda file: figure.savefig(file, format="png", dpi=DPI))


def _curve(axis: Axes, own: pd.DataFrame, group: str, colours: dict[str, str], fewest: int) -> None:
    bins = own[(own["table"] == BIN) & (own["group"] == group)]
    for model, colour in colours.items():
        some = bins[(bins["model"] == model) & bins["mean"].notna()]
        middle, mean = (50 * (some["low_edge"] + some["high_edge"])).to_numpy(), some["mean"].to_numpy()
        enough = (some["sequences"] >= fewest).to_numpy()
        ends = np.where(enough[:, None], some[["low", "high"]].to_numpy(float), np.nan)
        axis.fill_between(middle, *ends.T, color=colour, alpha=PALE, linewidth=0)
        axis.plot(middle, mean, color=colour, linewidth=1.4, label=model)
        axis.scatter(middle[enough], mean[enough], color=colour, s=14)
        axis.scatter(middle[~enough], mean[~enough], facecolors="white", edgecolors=colour, s=14, zorder=3)
        axis.axhline(_clear(own, model), color=colour, linestyle=":", linewidth=1)
    counted = bins[bins["model"] == next(iter(colours))]
    for low, high, count in counted[["low_edge", "high_edge", "sequences"]].to_numpy(float):
        height = axis.get_xaxis_transform()
        axis.text(50 * (low + high), 0.02, f"{count:.0f}", transform=height, ha="center", fontsize=6, color=GREY)
    axis.set(xlim=(0, 100), xlabel="share of the person hidden, %", title=group)


def _sizes(axis: Axes, own: pd.DataFrame, colours: dict[str, str]) -> None:
    sizes = own[(own["table"] == SIZE) & (own["group"] == ALL)]
    for model, colour in colours.items():
        size, mean, low, high = (
            sizes.loc[sizes["model"] == model, ["low_edge", "mean", "low", "high"]].to_numpy(float).T
        )
        axis.fill_between(100 * size, low, high, color=colour, alpha=PALE, linewidth=0)
        axis.plot(100 * size, mean, color=colour, linewidth=1.4, marker="o", markersize=4)
        axis.axhline(_clear(own, model), color=colour, linestyle=":", linewidth=1)
    axis.set(xlim=(0, 100), xlabel="occluder's size, % of the crop's side", title="all but truncation, by size")


def _same_height(axes: list[Axes], own: pd.DataFrame, fewest: int, label: str) -> None:
    """One scale for all curves, that of the means of enough sequences; wider intervals run out of the frame."""
    shown = own[own["table"].isin((BIN, SIZE, CLEAR)) & (own["sequences"] >= fewest)]
    means = shown["mean"].to_numpy(float)
    if np.isfinite(means).any():
        least, most = np.nanmin(means), np.nanmax(means)
        for axis in axes:
            axis.set_ylim(least - MARGIN * (most - least), most + MARGIN * (most - least))
    for axis in axes[::COLUMNS]:
        axis.set_ylabel(f"{label}, mm")


def _areas(axis: Axes, own: pd.DataFrame, groups: list[str], colours: dict[str, str]) -> None:
    areas = own[own["table"] == AREA]
    for place, (model, colour) in enumerate(colours.items()):
        some = areas[areas["model"] == model].set_index("group").loc[groups]
        ends = np.abs(some[["low", "high"]].to_numpy(float) - some[["mean"]].to_numpy(float)).T
        heights = np.arange(len(groups)) + 0.36 * (place / max(len(colours) - 1, 1) - 0.5) * (len(colours) > 1)
        axis.errorbar(some["mean"], heights, xerr=ends, fmt="o", color=colour, markersize=4, linewidth=1.2)
    to = f"{100 * areas['high_edge'].iloc[0]:g}"
    axis.set(yticks=range(len(groups)), ylim=(len(groups) - 0.5, -0.5), title=f"area from 0 to {to} %, mm")
    axis.set_yticklabels(groups, fontsize=8)


def _clear(own: pd.DataFrame, model: str) -> float:
    return float(own.loc[(own["table"] == CLEAR) & (own["model"] == model), "mean"].iloc[0])
