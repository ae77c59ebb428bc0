"""Whatever reads a pickle does it through the allow lists of hpe.files, and is in the list below, which tries it."""

import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hand_made import predictions, store

import hpe
from hpe.backbones.weights import read_weights
from hpe.bodies.face_parts import read_vertex_parts
from hpe.bodies.smpl_files import load_smpl
from hpe.bodies.smplx_skeleton import SMPLXSkeleton
from hpe.datasets.readers.agora import AGORA
from hpe.datasets.readers.agora_fits import Fits
from hpe.datasets.readers.amass import AMASS
from hpe.datasets.readers.bedlam import BEDLAM
from hpe.datasets.readers.emdb import EMDB
from hpe.datasets.readers.human_data import HumanData
from hpe.datasets.readers.humans4d_npz import Humans4DNpz
from hpe.datasets.readers.muco_temp import MuCoTemp
from hpe.datasets.readers.pw3d import ThreeDPW
from hpe.datasets.readers.reader import Reader
from hpe.datasets.readers.spin_npz import SpinNpz
from hpe.datasets.readers.vibe_db import VibeDatabase
from hpe.errors import UserError
from hpe.exchange.emdb_results import export_emdb
from hpe.exchange.pw3d_challenge import export_pw3d_challenge
from hpe.exchange.reading import read_foreign
from hpe.fitting.gaussian_mixture import read_mixture
from hpe.heads.mean_parameters import MeanParameters
from hpe.released.published_file import read_published
from hpe.runs.checkpoints import Checkpoint


class Shell:
    """Runs a command where it is unpickled."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.victim}",)


def put(path: Path, evil: Shell) -> Path:
    """A pickle, an archive or an array, by the name of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    objects: Any = np.array([evil], dtype=object)
    if path.suffix == ".npz":
        keys = ("imgname", "image_path", "pose", "poses", "v_template", "J_regressor")
        np.savez(path, allow_pickle=True, **dict.fromkeys(keys, objects))
    elif path.suffix == ".npy":
        np.save(path, objects, allow_pickle=True)
    else:
        path.write_bytes(pickle.dumps({"poses": evil}, 2))
    return path


def read(reader: Reader) -> None:
    for split in reader.splits:
        for part in reader.parts(split):
            reader.read(split, part)


def muco_temp(folder: Path, evil: Shell) -> None:
    put(folder / "sequence_meta.pkl", evil)
    put(folder / "frames/cam_0/gt.pkl", evil)
    read(MuCoTemp(str(folder)))


def muco_temp_origins(folder: Path, evil: Shell) -> None:
    put(folder / "sequence_meta.pkl", evil)
    (folder / "frames/cam_0").mkdir(parents=True)
    (folder / "frames/cam_0/gt.pkl").write_bytes(pickle.dumps([]))
    read(MuCoTemp(str(folder)))


def agora(folder: Path, evil: Shell) -> None:
    put(folder / "camera_dataframe_smpl/train_0_withjv.pkl", evil)
    read(AGORA(str(folder)))


def bedlam(folder: Path, evil: Shell) -> None:
    put(folder / "all_npz_12_training/scene.npz", evil)
    read(BEDLAM(str(folder)))


def three_dpw(folder: Path, evil: Shell) -> None:
    put(folder / "sequenceFiles/train/walk_00.pkl", evil)
    read(ThreeDPW(str(folder)))


def emdb(folder: Path, evil: Shell) -> None:
    put(folder / "P0/09_walk/P0_09_walk_data.pkl", evil)
    read(EMDB(str(folder)))


def spin_fits(folder: Path, evil: Shell) -> None:
    put(folder / "fits.npy", evil)
    said = {"imgname": ["a/1.jpg"], "center": np.ones((1, 2)), "scale": np.ones(1)}
    np.savez(folder / "train.npz", **said)
    read(SpinNpz(str(folder), fits="fits.npy"))


def smpl_regressor(folder: Path, evil: Shell) -> None:
    put(folder / "J_regressor_h36m.npy", evil)
    (folder / "SMPL_NEUTRAL.pkl").write_bytes(b"")
    load_smpl(folder)


def challenge_truth(folder: Path, evil: Shell) -> None:
    said = predictions(store(folder), pose=None, betas=None, joints3d=np.zeros((12, 24, 3), np.float32))
    for sequence in np.unique(said["sequence"]):
        put(folder / f"test/{sequence}.pkl", evil)
    export_pw3d_challenge([said], None, folder, folder / "output")


def emdb_truth(folder: Path, evil: Shell) -> None:
    data = store(folder, "emdb")
    said = predictions(data, transl=np.ones((12, 3), np.float32))
    for sequence in np.unique(said["sequence"]):
        subject, _, name = str(sequence).partition("_")
        put(folder / subject / name / f"{sequence}_data.pkl", evil)
    export_emdb(said, data, folder, folder / "output")


READS: list[tuple[str, Callable[[Path, Shell], object]]] = [
    ("backbones/weights", lambda folder, evil: read_weights(put(folder / "weights.pth", evil))),
    ("bodies/face_parts", lambda folder, evil: read_vertex_parts(put(folder / "parts.pkl", evil), 6890)),
    ("bodies/smpl_pickle", lambda folder, evil: load_smpl(put(folder / "SMPL_NEUTRAL.pkl", evil).parent)),
    ("bodies/smpl_files", lambda folder, evil: load_smpl(put(folder / "SMPL_NEUTRAL.npz", evil).parent)),
    ("bodies/smpl_files", smpl_regressor),
    ("bodies/smplx_skeleton", lambda folder, evil: SMPLXSkeleton.read(put(folder / "SMPLX_NEUTRAL.npz", evil))),
    ("datasets/readers/agora", agora),
    ("datasets/readers/agora_fits", lambda folder, evil: Fits(put(folder / "fit.pkl", evil).parent).read("fit.obj")),
    ("datasets/readers/amass", lambda folder, evil: read(AMASS(str(put(folder / "a/b/c_poses.npz", evil).parents[2])))),
    ("datasets/readers/bedlam", bedlam),
    ("datasets/readers/emdb", emdb),
    ("datasets/readers/human_data", lambda folder, evil: read(HumanData(str(put(folder / "train.npz", evil).parent)))),
    (
        "datasets/readers/humans4d_npz",
        lambda folder, evil: read(Humans4DNpz(str(put(folder / "train.npz", evil).parent))),
    ),
    ("datasets/readers/muco_temp", muco_temp),
    ("datasets/readers/muco_temp", muco_temp_origins),
    ("datasets/readers/pw3d", three_dpw),
    ("datasets/readers/spin_npz", lambda folder, evil: read(SpinNpz(str(put(folder / "train.npz", evil).parent)))),
    ("datasets/readers/spin_npz", spin_fits),
    (
        "datasets/readers/vibe_db",
        lambda folder, evil: read(VibeDatabase(str(put(folder / "db.pt", evil).parent), "db.pt")),
    ),
    ("exchange/emdb_results", emdb_truth),
    ("exchange/pw3d_challenge", challenge_truth),
    ("exchange/reading", lambda folder, evil: read_foreign(put(folder / "said.pkl", evil))),
    ("exchange/reading", lambda folder, evil: read_foreign(put(folder / "said.npz", evil))),
    ("fitting/gaussian_mixture", lambda folder, evil: read_mixture(str(put(folder / "gmm_08.pkl", evil)))),
    ("heads/mean_parameters", lambda folder, evil: MeanParameters(str(put(folder / "mean.npz", evil)))),
    ("released/published_file", lambda folder, evil: read_published(put(folder / "pare.ckpt", evil))),
    ("runs/checkpoints", lambda folder, evil: Checkpoint.read(put(folder / "last.ckpt", evil))),
]
HOUSE = Path(hpe.__file__).parent
OPENING = re.compile(
    r"from hpe\.files\.(safe_pickle|joblib_pickle|data_frame|pickled_tensors|archive) import"
    r"|torch\.load\(|timm\.models import load_state"
)
FREE = re.compile(
    r"(?<!\w)pickle\.(load|loads|Unpickler)\(|joblib\.load|pd\.read_pickle|allow_pickle=True|weights_only=False"
    r"|torch\.load\((?!.*weights_only=True)"
)


@pytest.mark.parametrize(("module", "reading"), READS, ids=[f"{module}-{at}" for at, (module, _) in enumerate(READS)])
def test_code_in_place_of_a_pickle_is_refused_by_name_and_not_run(tmp_path, module, reading):
    folder, victim = tmp_path / "data", tmp_path / "victim"
    folder.mkdir()
    with pytest.raises(UserError, match=r"asks for posix\.system") as caught:
        reading(folder, Shell(victim))
    assert "\n" not in str(caught.value)
    assert not victim.exists()


def test_every_module_that_opens_pickles_is_tried():
    modules = {path.relative_to(HOUSE).with_suffix("").as_posix(): path.read_text() for path in HOUSE.rglob("*.py")}
    opening = {name for name, text in modules.items() if OPENING.search(text) and not name.startswith("files/")}
    assert opening == {module for module, _ in READS}


def test_nothing_is_unpickled_freely():
    free = {path.name: found[0] for path in HOUSE.rglob("*.py") if (found := FREE.search(path.read_text()))}
    assert free == {}
