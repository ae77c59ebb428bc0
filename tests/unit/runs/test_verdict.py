import math

import pytest

from hpe.runs.verdict import ANOTHER, FAILED, REPRODUCED, PublishedRow, Verdict, judge
from hpe.runs.verdict_table import print_verdict

ROWS = [
    PublishedRow("without", {"mpjpe": 82.0, "pve": 97.9}, "its README"),
    PublishedRow("with", {"mpjpe": 74.5, "pve": 88.6}, "its README"),
]
WIDE = {"mpjpe": [70.0, 95.0], "pve": [85.0, 110.0]}


def verdict(mpjpe: float, pve: float, claimed: str = "without", own: bool = True, **metrics: float) -> Verdict:
    return judge(ROWS, claimed, {"mpjpe": mpjpe, "pve": pve, **metrics}, WIDE, tolerance=1.0, own_protocol=own)


def test_a_gap_within_the_tolerance_and_the_rounding_of_print_is_none() -> None:
    assert verdict(83.05, 97.0).verdict == REPRODUCED
    assert verdict(83.06, 97.0).verdict == FAILED


def test_every_metric_counts() -> None:
    found = verdict(82.0, 99.5)
    assert found.verdict == FAILED
    assert {name: gap.agrees for name, gap in found.gaps.items()} == {"mpjpe": True, "pve": False}
    assert found.why.startswith("pve of row 'without' not within 1 mm")


def test_the_interval_is_no_excuse_on_the_papers_own_protocol_and_is_one_on_another() -> None:
    assert verdict(84.5, 100.0, own=True).verdict == FAILED
    assert verdict(84.5, 100.0, own=False).verdict == REPRODUCED


def test_numbers_of_another_row_are_another_models() -> None:
    assert verdict(74.4, 88.7).verdict == ANOTHER
    assert "row=with" in verdict(74.4, 88.7).why
    assert verdict(74.4, 88.7, claimed="with").verdict == REPRODUCED
    assert verdict(75.5, 90.0, own=False).verdict == ANOTHER


def test_gaps_are_in_mm_and_in_half_widths() -> None:
    gap = verdict(84.5, 97.9).gaps["mpjpe"]
    assert (gap.gap, gap.half_widths) == (2.5, 0.2)
    nothing = judge(ROWS, "with", {"mpjpe": 74.5}, {"mpjpe": [math.nan, math.nan]}, tolerance=1.0, own_protocol=False)
    assert math.isnan(nothing.gaps["mpjpe"].half_widths)
    assert nothing.plain()["gaps"]["mpjpe"]["gap"] == 0.0


def test_only_shared_metrics_are_judged_and_the_others_named() -> None:
    intervals = {"mpjpe": [70.0, 95.0], "pa_mpjpe": [40.0, 60.0]}
    found = judge(ROWS, "with", {"mpjpe": 74.5, "pa_mpjpe": 50.0}, intervals, tolerance=1.0, own_protocol=True)
    assert (found.verdict, list(found.gaps), list(found.not_measured)) == (REPRODUCED, ["mpjpe"], ["pve"])
    with pytest.raises(ValueError, match="none of mpjpe, pve"):
        judge(ROWS, "with", {"pa_mpjpe": 50.0}, intervals, tolerance=1.0, own_protocol=True)


def test_what_is_not_a_number_agrees_with_nothing() -> None:
    assert verdict(math.nan, math.nan, own=False).verdict == FAILED


def test_what_is_undefined_is_printed_as_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = {"mpjpe": [math.nan, math.nan]}
    print_verdict(judge(ROWS, "with", {"mpjpe": 80.0}, nowhere, tolerance=1.0, own_protocol=True), ["the crops"])
    printed = capsys.readouterr().out
    cells = {
        words[0].strip(): words[1].strip() for line in printed.splitlines() if len(words := line.split("│")[1:]) > 1
    }
    assert (cells["95 % interval"], cells["gap"], cells["gap, half-widths"]) == ("-", "+5.50", "-")
    assert "doubt: the crops" in printed
    assert "PVE 88.6 is published but not measured" in printed
