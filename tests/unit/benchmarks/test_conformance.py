"""The conformance kit passes what is right, and names what is wrong with the faults that public code has."""

import json

import numpy as np
import pytest

from benchmarks.conformance import main
from benchmarks.conformance_cases import FILE, GOLDEN, cases

OURS = ["--callable", "benchmarks.conformance:ours", "--unit", "m"]
ALIGNED = """
import numpy as np

def align(pred, target, reflections=False):
    p, t = (points - points.mean(-2, keepdims=True) for points in (pred, target))
    u, s, vt = np.linalg.svd(p.swapaxes(-1, -2) @ t)
    sign = np.ones(len(p)) if reflections else np.sign(np.linalg.det(u @ vt))
    vt[:, 2] *= sign[:, None]
    power = np.square(p).sum((-1, -2))
    scale = np.where(power > 0, s[:, 0] + s[:, 1] + sign * s[:, 2], 0) / np.where(power > 0, power, 1)
    return np.linalg.norm(scale[:, None, None] * p @ u @ vt - t, axis=-1)

"""
FUNCTIONS = {
    "right": "return align(pred, target).mean(-1)",
    "mean": "return align(pred, target).mean()",
    "reflecting": "return align(pred, target, reflections=True).mean(-1)",
    "per_joint": "return align(pred, target)",
    "squeezing": "return align(pred, target).mean(-1).squeeze()",
    "millimetres": "return 1000 * align(pred, target).mean(-1)",
    "raising": "raise NotImplementedError('one [day]')",
    "writing": "pred -= pred.mean(-2, keepdims=True); return align(pred, target).mean(-1)",
    "undefined": "return np.where(np.ptp(pred, 1).any(1), align(pred, target).mean(-1), np.nan)",
    "layout": """
    if pred.shape[0] not in (2, 3):
        return align(pred, target).mean(-1)
    return align(pred.swapaxes(1, 2)[..., :3], target.swapaxes(1, 2)[..., :3]).mean(-1)""",
}


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module in the current directory, with one function a fault."""
    code = "".join(f"def {name}(pred, target):\n    {body}\n\n" for name, body in FUNCTIONS.items())
    (tmp_path / "somebody.py").write_text(ALIGNED + code)
    (tmp_path / "broken.py").write_text("import not_there\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")  # puts sys.path back afterwards, and forgets earlier modules of the name
    monkeypatch.delitem(__import__("sys").modules, "somebody", raising=False)
    return "somebody"


def failing(capsys):
    """Properties that do not hold, by the printed table."""
    rows = [[cell.strip() for cell in line.split("│")] for line in capsys.readouterr().out.splitlines() if "│" in line]
    return {row[1] for row in rows if row[2] == "no"}


def test_ours_conforms(capsys):
    assert main(OURS) == 0
    assert failing(capsys) == set()


def test_a_right_one_conforms(module):
    assert main(["--callable", f"{module}:right", "--unit", "m"]) == 0
    assert main(["--callable", f"{module}:millimetres", "--unit", "mm"]) == 0
    assert main(["--callable", f"{module}:mean", "--unit", "m", "--returns", "mean"]) == 0


@pytest.mark.parametrize(
    ("function", "faults"),
    [
        ("layout", {"batches of 1, 2, 3, 7"}),
        ("squeezing", {"batches of 1, 2, 3, 7"}),
        ("reflecting", {"reflections excluded", "3 and 4 joints"}),
        ("undefined", {"coinciding points"}),
        ("writing", {"inputs left as they were"}),
    ],
)
def test_a_fault_is_named_and_nothing_else(function, faults, module, capsys):
    assert main(["--callable", f"{module}:{function}", "--unit", "m"]) == 1
    assert failing(capsys) == faults


@pytest.mark.parametrize(("function", "unit"), [("raising", "m"), ("right", "mm"), ("per_joint", "m"), ("mean", "m")])
def test_what_is_wrong_everywhere_fails_everywhere(function, unit, module, capsys):
    assert main(["--callable", f"{module}:{function}", "--unit", unit]) == 1
    assert len(failing(capsys)) >= 10


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--callable", "somebody", "--unit", "m"], "package.module:function"),
        (["--callable", "nobody:right", "--unit", "m"], "No module named 'nobody'"),
        (["--callable", "broken:right", "--unit", "m"], "No module named 'not_there'"),
        (["--callable", "somebody:left", "--unit", "m"], "somebody has no function 'left'"),
        (["--callable", "somebody:np", "--unit", "m"], "somebody has no function 'np'"),
        (["--callable", "somebody:right"], "--unit"),
        (["--callable", "somebody:right", "--unit", "cm"], "invalid choice: 'cm'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, complaint, module, capsys):
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


def test_the_file_is_what_the_golden_vectors_give():
    with np.load(GOLDEN) as archive:
        made = list(cases(dict(archive)))
    kept = json.loads(FILE.read_text())["cases"]
    assert [case["name"] for case in kept] == [case["name"] for case in made]
    for one, other in zip(kept, made, strict=True):
        assert one.keys() == other.keys()
        for key in ("prediction", "target", "expected"):
            np.testing.assert_allclose(one[key], other[key], rtol=1e-9, atol=1e-9)
