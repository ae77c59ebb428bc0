"""What one case of the conformance kit shows about somebody's function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Function = Callable[[np.ndarray, np.ndarray], Any]
MILLIMETRES = {"m": 1000.0, "mm": 1.0}
UNCHANGED = "inputs left as they were"


@dataclass(frozen=True)
class Finding:
    """How far a function was off in one case, in mm; `fault` says in words why the property does not hold."""

    title: str
    difference: float = np.nan
    fault: str = ""


def examine(function: Function, case: dict[str, Any], unit: str, returns: str) -> list[Finding]:
    """Run one case: what came of its property, and whether the inputs were left alone."""
    inputs = tuple(np.array(case[key], case["kind"]) for key in ("prediction", "target"))
    given = tuple(values.copy() for values in inputs)
    try:
        answer = np.asarray(function(*given), float) * MILLIMETRES[unit]
    except Exception as error:  # an exception of somebody else's function is a finding
        return [Finding(case["property"], fault=f"{case['name']}: raised {in_words(error)}")]
    kept = all(np.array_equal(before, after) for before, after in zip(inputs, given, strict=True))
    fault = "" if kept else f"{case['name']}: the function wrote into its arguments"
    return [_compared(answer, case, returns), Finding(UNCHANGED, fault=fault)]


def _compared(answer: np.ndarray, case: dict[str, Any], returns: str) -> Finding:
    expected = np.array(case["expected"])
    expected = expected.mean() if returns == "mean" else expected
    if answer.shape != expected.shape:
        fault = f"{case['name']}: shape {list(answer.shape)}, not {list(expected.shape)}; see --returns"
        return Finding(case["property"], fault=fault)
    difference = float(np.abs(answer - expected).max())
    if difference <= case["tolerance"]:
        return Finding(case["property"], difference)
    words = "NaN or infinite" if not np.isfinite(difference) else f"off by {difference:.3g} mm"
    return Finding(case["property"], difference, f"{case['name']}: {words}")


def in_words(error: BaseException) -> str:
    """Kind and first line of an exception."""
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
