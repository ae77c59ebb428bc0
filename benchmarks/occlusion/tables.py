"""The numbers of a trial as a table of this suite's formats: a block a group of occluders, a line a system."""

import pandas as pd

from benchmarks.layout import Block, Cell, Line, Table
from benchmarks.occlusion.models import Model
from benchmarks.occlusion.numbers import ALL, AREA, BIN, CLEAR, LESS, SIZE, TRUNCATION
from benchmarks.quantities import Quantity
from benchmarks.results import Column, Number, Row
from hpe.metrics.card import ProtocolCard
from hpe.scoring.summary import METRICS

FOOTER = (
    "Errors in mm: mean [95 % interval by cluster bootstrap over sequences]. All systems see the same people behind "
    "the same occluders. The area is the mean error where every share of the person, from nothing to the share that is "
    "named, is hidden equally often; a dash where too few sequences are in one of its bins. Nothing hidden: the same "
    "people without an occluder.",
    "On the head, on the torso, ...: occluders of every kind, where that part has the largest share hidden.",
    "A difference is of areas, paired by person and occluder; a tie where its interval holds 0.",
)


def table(found: pd.DataFrame, models: list[Model], card: ProtocolCard, source: str, title: str) -> Table:
    """Areas of each group of occluders, then the first metric by share hidden, and by size."""
    rows = {model.name: _row(model, card, source) for model in models}
    of_group = [_areas(found[found["group"] == group], found, group, rows, card) for group in found["group"].unique()]
    first = found[found["metric"] == found["metric"].iloc[0]]
    in_bins = [
        _spans(first[(first["table"] == name) & (first["group"] == group)], spans_of(name, group), rows, card)
        for name in (BIN, SIZE)
        for group in first.loc[first["table"] == name, "group"].unique()
    ]
    return Table(title, (*of_group, *in_bins), FOOTER)


def spans_of(name: str, group: str) -> str:
    """What the table `name`, BIN or SIZE, shows of a group of occluders."""
    if name == BIN:
        return f"{group}, by the share of the person that is hidden"
    if group == TRUNCATION:
        return f"{group}, by the share of the person's width or height that is cut off"
    return f"{group}{f' but {TRUNCATION}' if group == ALL else ''}, by size, shares of the crop's side"


def _row(model: Model, card: ProtocolCard, source: str) -> Row:
    backbone = str(model.config.backbone.get("name") or model.config.backbone._target_.rpartition(".")[2])
    made = f"{model.path}, SHA-256 {model.hash[:12]}"
    return Row(source, model.name, model.name, backbone, "", str(card), made, "measured", "", {}, card)


def _areas(some: pd.DataFrame, found: pd.DataFrame, group: str, rows: dict[str, Row], card: ProtocolCard) -> Block:
    """A line a system, and one a difference."""
    shown = pd.concat([found[found["table"] == CLEAR], some[some["table"].isin((AREA, LESS))]])
    lines: list[Line] = []
    for name in some.loc[some["table"].isin((AREA, LESS)), "model"].unique():
        own = _records(shown, name)
        cells = {Column(card.hash, _quantity(one)): _cell(one, rows.get(name)) for one in own}
        row = rows.get(name) or _difference(name, rows, card)
        lines.append(Line(len(lines) + 1, row, _counts(own[-1]), cells))
    return _block(f"{group}: area under the curve", lines, card)


def _spans(some: pd.DataFrame, name: str, rows: dict[str, Row], card: ProtocolCard) -> Block:
    """A line a system, a column a bin or a size."""
    lines = [
        Line(place, row, "", {Column(card.hash, _span(one)): _cell(one, row) for one in _records(some, model)})
        for place, (model, row) in enumerate(rows.items(), start=1)
    ]
    return _block(name, lines, card)


def _block(name: str, lines: list[Line], card: ProtocolCard) -> Block:
    columns = tuple(dict.fromkeys(column for line in lines for column in line.cells))
    return Block(name, {card.hash: str(card)}, columns, tuple(lines))


def _records(some: pd.DataFrame, model: str) -> list[pd.Series]:
    return [one for _, one in some[some["model"] == model].iterrows()]


def _quantity(one: pd.Series) -> Quantity:
    metric = METRICS[one["metric"]]
    to = f"area to {100 * one['high_edge']:g} %"
    return Quantity(f"{metric}, {CLEAR if one['table'] == CLEAR else to}", "mm")


def _span(one: pd.Series) -> Quantity:
    low, high = (f"{100 * one[edge]:g}" for edge in ("low_edge", "high_edge"))
    span = f"{low} %" if low == high else f"{low} to {high} %"
    return Quantity(f"{METRICS[one['metric']]}, {span}", "mm")


def _cell(one: pd.Series, row: Row | None) -> Cell:
    source = (row.source,) if row else ("paired by person and occluder",)
    number = Number(one["mean"], (*source, _counts(one)), one["metric"], one["low"], one["high"])
    return Cell(number, "tie" if one["tie"] else "", ())


def _difference(name: str, rows: dict[str, Row], card: ProtocolCard) -> Row:
    source = next(iter(rows.values())).dataset
    return Row(source, "", name, "", "", str(card), "paired by person and occluder", "measured", "", {}, card)


def _counts(one: pd.Series) -> str:
    return f"{one['rows']} pictures, {one['people']} people, {one['sequences']} sequences"
