"""The numbers that others have published, each with its source, from `published.csv`."""

from pathlib import Path

import pandas as pd

PATH = Path(__file__).with_name("published.csv")


def published() -> pd.DataFrame:
    """All published numbers, one a row, as text but for `value`; `kind` says who reports it.

    A primary row is the authors' own report on their own method, a secondary row somebody else's quotation.
    An empty cell means that the source does not say.
    """
    rows = pd.read_csv(PATH, dtype=str, keep_default_na=False).astype({"value": float})
    return rows.assign(kind=rows["source"].str.partition(":")[0])
