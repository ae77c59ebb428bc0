import pytest

from hpe.datasets.sources import Source, open_stores, shares
from hpe.errors import UserError


def test_missing_data_says_where_what_and_how(tmp_path):
    source = Source("3dpw", str(tmp_path / "3dpw"), licence="own terms", obtain="accept them at example.org")
    with pytest.raises(UserError) as caught:
        source.open("test")
    text = str(caught.value)
    for part in (str(tmp_path / "3dpw"), "test.h5", "own terms", "example.org", "python -m hpe.prepare data=3dpw"):
        assert part in text
    assert "\n" not in text


def test_sources_take_part_in_their_own_splits_only(make_store, tmp_path):
    make_store()
    make_store(split="val")
    both = Source("tiny", str(tmp_path / "tiny"))
    training = Source("other", str(tmp_path / "nowhere"), splits=["train"])
    taking_part, stores = open_stores([both, training], "val")
    assert taking_part == [both]
    assert stores[0].split == "val"
    with pytest.raises(UserError, match="no data set for split 'test' among: other"):
        open_stores([training], "test")


def test_ratio_must_be_above_zero():
    with pytest.raises(UserError, match="ratio is 0"):
        Source("tiny", "folder", ratio=0.0)


def test_sources_without_a_ratio_share_by_size_what_the_others_leave():
    def mixed(*ratios):
        return shares([Source(f"set{ratio}", "folder", ratio) for ratio in ratios], [10, 30, 20][: len(ratios)])

    assert mixed(0.2, None, None) == pytest.approx([0.2, 0.48, 0.32])
    assert mixed(None, None) == pytest.approx([0.25, 0.75])
    assert mixed(3.0, 1.0) == [3.0, 1.0]
    with pytest.raises(UserError, match=r"sum to 1\.5, which leaves nothing for setNone"):
        mixed(1.5, None)
