"""Write the vectors of the conformance kit: `python -m benchmarks.conformance_cases` makes conformance.json.

Every expected number is a golden one (tests/golden/metrics/README.md says which public code gave it); the properties
follow from it by moving, reordering or cutting the input, never by running a function of this project.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from hpe.joints import joint_map

FILE = Path(__file__).with_name("conformance.json")
GOLDEN = Path(__file__).parents[1] / "tests/golden/metrics/vectors.npz"
# What single precision reaches, in mm; tens of metres from the origin fewer digits are left.
TOLERANCE, FAR_TOLERANCE = 2e-3, 2e-2
PEOPLE = 7
# Faults of batches of two and three would otherwise show in every row.
SAFE_BATCH = 4
PROCRUSTES = {
    "reflections excluded": ("reflect", "point_reflect", "reflect_noisy", "negative_corr"),
    "planar and collinear points": (
        "planar_gt",
        "planar_both",
        "collinear_pred",
        "collinear_both",
        "collinear_both_opposite",
    ),
    "coinciding points": ("identical_pred", "zero_pred", "identical_gt", "identical_both"),
    "3 and 4 joints": ("three_points", "four_points"),  # of two, some say 0 and some that there is no value
    "tiny and huge predictions": ("tiny", "huge"),
    "far from the origin": ("far",),
}


def main() -> None:
    """Write the file anew."""
    with np.load(GOLDEN) as archive:
        made = list(cases(dict(archive)))
    lines = ",\n".join(json.dumps(case) for case in made)
    header = '"metric": "pa_mpjpe", "version": 1, "input_unit": "m", "expected_unit": "mm"'
    FILE.write_text(f'{{{header}, "cases": [\n{lines}\n]}}\n')
    print(f"{len(made)} cases: {FILE}")


def cases(vectors: Mapping[str, np.ndarray]) -> Iterator[dict[str, Any]]:
    """All cases: property, name, kind of number, prediction and target [people joints 3] m, expected [people] mm."""
    prediction, target = vectors["in/h36m17_pred"], vectors["in/h36m17_gt"]
    yield _case("reference values", "17 joints", prediction, target, vectors["pa17/joint_error"].mean(-1))
    j14 = list(joint_map("h36m_17", "j14"))
    people = (prediction[:, j14], target[:, j14], vectors["pa14/joint_error"].mean(-1))
    yield _case("reference values", "14 joints", *people)
    seven = tuple(values[:PEOPLE] for values in people)
    for size in (1, 2, 3, PEOPLE):
        yield _case("batches of 1, 2, 3, 7", f"batch of {size}", *(values[-size:] for values in seven))
    yield _case("order of samples", "reversed", *(values[::-1] for values in seven))
    yield _case("similarity invariance", "moved, turned, scaled", _moved(seven[0]), *seven[1:])
    for title, names in PROCRUSTES.items():
        for name in names:
            yield _procrustes_case(vectors, title, name, "float64")
    yield _case("float32", "14 joints", *seven, kind="float32")
    yield _procrustes_case(vectors, "float32", "far", "float32")


def _procrustes_case(vectors: Mapping[str, np.ndarray], title: str, name: str, kind: str) -> dict[str, Any]:
    values = (vectors[f"proc/{name}/{part}"] for part in ("pred", "gt", "error"))
    prediction, target, error = (np.stack([value] * SAFE_BATCH) for value in values)
    tolerance = FAR_TOLERANCE if name == "far" else TOLERANCE
    return _case(title, name, prediction, target, error.mean(-1), tolerance=tolerance, kind=kind)


def _case(
    title: str,
    name: str,
    prediction: Float[np.ndarray, "people joints 3"],
    target: Float[np.ndarray, "people joints 3"],
    expected: Float[np.ndarray, " people"],
    *,
    tolerance: float = TOLERANCE,
    kind: str = "float64",
) -> dict[str, Any]:
    numbers = {"prediction": prediction, "target": target, "expected": expected}
    header = {"property": title, "name": name, "kind": kind, "tolerance": tolerance}
    return header | {key: _rounded(value.tolist()) for key, value in numbers.items()}


def _rounded(numbers: Any) -> Any:
    """Ten digits: far below every tolerance, and a file half as long."""
    return [_rounded(number) for number in numbers] if isinstance(numbers, list) else float(f"{numbers:.10g}")


def _moved(points: Float[np.ndarray, "people joints 3"]) -> Float[np.ndarray, "people joints 3"]:
    """Each person by another similarity transform."""
    rng = np.random.default_rng(0)
    turns = Rotation.random(len(points), random_state=0).as_matrix()
    scale, shift = rng.uniform(0.2, 5, (len(points), 1, 1)), rng.uniform(-3, 3, (len(points), 1, 3))
    return scale * points @ turns.transpose(0, 2, 1) + shift


if __name__ == "__main__":
    main()
