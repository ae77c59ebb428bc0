import numpy as np
import pytest

from hpe.exchange.__main__ import main
from hpe.scoring.predictions import Predictions

CSV = """timestamp,checkpoint_path,exp_name,dataset,metric_name,metric_value,error,iters_done
2024-01-01,a.ckpt,hmr2,3DPW-TEST,mode_re,54.3,,100
2024-01-01,a.ckpt,hmr2,3DPW-TEST,mode_mpjpe,81.3,,100
"""


@pytest.fixture
def file(tmp_path, store, said):
    path = tmp_path / "theirs.npz"
    np.savez(path, verts=np.zeros((12, 3)), **said)
    return path


def test_import_then_export_says_what_it_did(tmp_path, store, file, capsys):
    stored, archive = tmp_path / "predictions.h5", tmp_path / "ours.npz"
    arguments = ["--data", str(store.path), "--model", "pare", "--by", "order", "--output", str(stored)]
    assert main(["import", str(file), *arguments]) == 0
    assert capsys.readouterr().out == f"12 of 12 people of tiny test into {stored}; left out: verts\n"
    assert Predictions.read(stored).model == "pare"
    assert main(["export", "npz", str(stored), "--data", str(store.path), "--output", str(archive)]) == 0
    assert capsys.readouterr().out == f"12 people in {archive}\n"


def test_means_are_shown_in_our_names(tmp_path, capsys):
    (tmp_path / "eval_regression.csv").write_text(CSV)
    assert main(["means", str(tmp_path / "eval_regression.csv")]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[1].split() == ["hmr2", "3DPW-TEST", "54.3", "PA-MPJPE", "mm"]
    assert lines[2].split() == ["hmr2", "3DPW-TEST", "81.3", "MPJPE", "mm"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required"),
        (["import", "FILE"], "required: --data, --model"),
        (["import", "none.npz", "--data", "STORE", "--model", "x"], "no file none.npz to import"),
        (["import", "FILE", "--data", "FILE", "--model", "x"], "cannot be read as a store"),
        (["import", "FILE", "--data", "STORE", "--model", "x"], "names no sequence"),
        (["import", "FILE", "--data", "STORE", "--model", "x", "--people", "1=a"], "--people: invalid people value"),
        (["import", "FILE", "--data", "STORE", "--model", "x", "--people", "1=0"], "numbers no persons"),
        (["import", "FILE", "--data", "STORE", "--model", "x", "--joints", "smpl_42"], "invalid choice: 'smpl_42'"),
        (["import", "FILE", "--data", "STORE", "--model", "x", "--output", "STORE"], "exists: give another --output"),
        (["export", "agora", "none.h5", "--output", "out"], "no predictions none.h5"),
        (["export", "agora", "FILE", "--output", "out"], "cannot be read as predictions"),
        (["smooth", "none.h5", "--beta", "0", "--output", "out"], "no predictions none.h5"),
        (["smooth", "none.h5", "--beta", "-1", "--output", "out"], "--beta: invalid not_negative value: '-1'"),
        (["smooth", "none.h5", "--min-cutoff", "0", "--output", "out"], "--min-cutoff: invalid positive value: '0'"),
        (["means", "none.csv"], "cannot be read as a table"),
        (["means", "STORE"], "cannot be read as a table"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(arguments, message, store, file, capsys):
    known = {"FILE": str(file), "STORE": str(store.path)}
    assert main([known.get(word, word) for word in arguments]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert message in lines[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("metric_name", "metric"), "has no column 'metric_name'"),
        (("81.3,,", "81.3,out of memory,"), "row 2: that evaluation failed (out of memory)"),
    ],
)
def test_a_table_that_is_not_theirs_is_refused(change, message, tmp_path, capsys):
    (tmp_path / "eval_regression.csv").write_text(CSV.replace(*change))
    assert main(["means", str(tmp_path / "eval_regression.csv")]) == 2
    assert message in capsys.readouterr().err
