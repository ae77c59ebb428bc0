import pytest

from benchmarks import speed_fitting
from hpe.fitting.adam import Adam


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed_fitting, "PEOPLE", 2)
    monkeypatch.setattr(speed_fitting, "ALONE", 1)
    monkeypatch.setattr(speed_fitting, "ROUNDS", 1)


@pytest.mark.usefixtures("few")
def test_a_row_says_how_many_people_a_second() -> None:
    task, adam = speed_fitting._task(), Adam(0.01, 2)
    row = speed_fitting._row(task, adam, adam)
    assert row["people_s"] == pytest.approx(1 / row["ours_s"])
    assert row["ratio"] == pytest.approx(row["reference_s"] / row["ours_s"])


@pytest.mark.usefixtures("few")
def test_fits_that_end_higher_are_not_timed() -> None:
    with pytest.raises(RuntimeError, match="end at an energy of"):
        speed_fitting._row(speed_fitting._task(), Adam(0.01, 1), Adam(0.05, 20))
