"""From errors a person to one number: by the card's reduction and weights, with its interval."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand_made import preset

from hpe.metrics.bootstrap import cluster_interval
from hpe.scoring.summary import summarise

CARD = preset("spin_3dpw")
ERRORS = pd.DataFrame(
    {
        "sequence": ["a"] * 3 + ["b"] + ["c"] * 2,
        "joints": [14, 14, 14, 14, 7, 0],
        "mpjpe": [10.0, 20.0, 30.0, 60.0, 90.0, np.nan],
        "pa_mpjpe": [1.0, 2.0, 3.0, 6.0, 9.0, np.nan],
    }
)


@pytest.mark.parametrize(
    ("changes", "mean"),
    [
        ({}, 42.0),
        ({"reduction": "group"}, 42.0),
        ({"reduction": "sequence"}, (20 + 60 + 90) / 3),
        ({"missing": "micro"}, (2 * (10 + 20 + 30 + 60) + 90) / 9),
        ({"missing": "micro", "reduction": "sequence"}, (20 + 60 + 90) / 3),
    ],
)
def test_means_by_reduction_and_weights(changes: dict[str, str], mean: float) -> None:
    assert summarise(ERRORS, replace(CARD, **changes)).metrics["mpjpe"] == pytest.approx(mean)


def test_what_is_undefined_is_counted_and_a_metric_that_is_not_the_cards_is_nan() -> None:
    summary = summarise(ERRORS, CARD)
    assert summary.undefined["mpjpe"] == 1
    assert summary.undefined["pve"] == len(ERRORS)
    assert np.isnan(summary.metrics["pve"])
    assert (summary.samples, summary.sequences) == (6, 3)


def test_intervals_are_those_of_the_cluster_bootstrap() -> None:
    errors = pd.concat(
        [ERRORS.assign(sequence=ERRORS["sequence"] + str(n), mpjpe=ERRORS["mpjpe"] + n) for n in range(8)]
    )
    found = summarise(errors, CARD).intervals["mpjpe"]
    expected = cluster_interval(errors["mpjpe"].to_numpy(), errors["sequence"].to_numpy(str))
    assert found == pytest.approx([expected.low, expected.high])


def test_a_single_sequence_has_no_interval() -> None:
    assert np.isnan(summarise(ERRORS.assign(sequence="a"), CARD).intervals["mpjpe"]).all()
