import re
from dataclasses import replace

import numpy as np
import pytest
import roma
import torch

from hpe.exchange.__main__ import main
from hpe.geometry.smoothing import one_euro, one_euro_rotations
from hpe.scoring.predictions import Predictions

SETTING = (0.05, 0.5)
FRAMES = [0, 1, 3, 4]


@pytest.fixture
def predictions():
    """Two people in one video, in no order, both missing from frame 2; and one alone in another."""
    generator = np.random.default_rng(0)
    person, frame = (values.ravel() for values in np.meshgrid([0, 1], FRAMES[::-1]))
    rows = len(person) + 1
    columns = {
        "sample": np.arange(rows),
        "sequence": np.array(["walk"] * (rows - 1) + ["dance"]),
        "frame": np.append(frame, 0),
        "person": np.append(person, 0),
        "pose": generator.normal(0, 0.4, (rows, 72)),
        "betas": generator.normal(size=(rows, 10)),
        "camera": generator.uniform(0.5, 1, (rows, 3)),
    }
    return Predictions("tiny", "test", "anny", "smpl_24", "hmr", columns)


@pytest.fixture
def smoothed(predictions, tmp_path):
    """Through the command."""

    def run(*options, said=predictions):
        said.write(tmp_path / "predictions.h5")
        setting = ["--min-cutoff", str(SETTING[0]), "--beta", str(SETTING[1])]
        files = [str(tmp_path / "predictions.h5"), "--output", str(tmp_path / "smooth.h5")]
        assert main(["smooth", *files, *setting, *options]) == 0
        return Predictions.read(tmp_path / "smooth.h5")

    return run


def rows_of(predictions, person):
    rows = np.flatnonzero((predictions["sequence"] == "walk") & (predictions["person"] == person))
    return rows[np.argsort(predictions["frame"][rows])]


def matrices(predictions, rows):
    return roma.rotvec_to_rotmat(torch.from_numpy(predictions["pose"][rows]).double().unflatten(1, (24, 3)))


@pytest.mark.parametrize("person", [0, 1])
def test_a_person_is_smoothed_over_the_own_frames(person, predictions, smoothed):
    found, rows = smoothed(), rows_of(predictions, person)
    steps = torch.tensor([1.0, 2.0, 1.0])
    expected = one_euro_rotations(matrices(predictions, rows), *SETTING, steps)
    torch.testing.assert_close(matrices(found, rows), expected, atol=1e-5, rtol=0)
    betas = one_euro(torch.from_numpy(predictions["betas"][rows]), *SETTING, steps)
    np.testing.assert_allclose(found["betas"][rows], betas, atol=1e-6)


def test_cameras_and_who_is_alone_stay(predictions, smoothed):
    found = smoothed()
    np.testing.assert_array_equal(found["camera"], predictions["camera"])
    np.testing.assert_allclose(found["pose"][-1], predictions["pose"][-1], atol=1e-6)
    assert found.model == "hmr, one-euro 0.05 0.5"


def test_legacy_filters_entries_and_rotations_only(predictions, smoothed):
    found, rows = smoothed("--legacy"), rows_of(predictions, 1)
    entries = one_euro(matrices(predictions, rows), *SETTING, torch.tensor([1.0, 2.0, 1.0]))
    torch.testing.assert_close(matrices(found, rows), roma.special_procrustes(entries), atol=1e-5, rtol=0)
    np.testing.assert_array_equal(found["betas"], predictions["betas"])
    assert found.model == "hmr, one-euro on entries 0.05 0.5"


def test_a_frame_that_is_not_finite_is_left_out_and_spoils_no_other(predictions, smoothed):
    rows = rows_of(predictions, 0)
    predictions["pose"][rows[1]] = np.nan
    found = smoothed()
    assert np.isnan(found["pose"][rows[1]]).all()
    assert found.not_finite() == {"pose": 1}
    expected = one_euro_rotations(matrices(predictions, rows[[0, 2, 3]]), *SETTING, torch.tensor([3.0, 1.0]))
    torch.testing.assert_close(matrices(found, rows[[0, 2, 3]]), expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("sequence", "abcdefghi", "nobody in two frames"),
        ("frame", [3] * 9, r"person \d of sequence walk is in frame 3"),
    ],
)
def test_what_is_no_video_is_refused(column, value, message, predictions, tmp_path, capsys):
    columns = {**predictions.columns, column: np.array(list(value))}
    path = replace(predictions, columns=columns).write(tmp_path / "predictions.h5")
    assert main(["smooth", str(path), "--output", str(tmp_path / "smooth.h5")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert re.search(message, lines[0])
    assert not (tmp_path / "smooth.h5").exists()


@pytest.mark.parametrize(("option", "kind"), [("--min-cutoff", "positive"), ("--beta", "not_negative")])
@pytest.mark.parametrize("value", ["-1", "nan", "inf", "fast"])
def test_settings_make_sense(option, kind, value, capsys):
    assert main(["smooth", "predictions.h5", "--output", "smooth.h5", option, value]) == 2
    assert f"{option}: invalid {kind} value: '{value}'" in capsys.readouterr().err


def test_what_is_there_is_not_overwritten(predictions, tmp_path, capsys):
    path = predictions.write(tmp_path / "predictions.h5")
    before = path.read_bytes()
    assert main(["smooth", str(path), "--output", str(path)]) == 2
    assert "predictions.h5 exists: give another --output" in capsys.readouterr().err
    assert path.read_bytes() == before
