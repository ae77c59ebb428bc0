"""`body=smpl`: SMPL from the user's own licensed files, under any of the names they go by."""

from pathlib import Path

import numpy as np

from hpe.bodies.body import Body
from hpe.bodies.face_parts import FILE_NAME, read_vertex_parts
from hpe.bodies.smpl_pickle import read_smpl_pickle
from hpe.errors import UserError, did_you_mean
from hpe.files.archive import open_npz, read_npy
from hpe.joints import vertex_ids

MODEL_NAMES = {
    "neutral": (
        "SMPL_NEUTRAL.pkl",
        "SMPL_NEUTRAL.npz",
        "basicModel_neutral_lbs_10_207_0_v1.0.0.pkl",
        "basicmodel_neutral_lbs_10_207_0_v1.1.0.pkl",
        "neutral_smpl_with_cocoplus_reg.pkl",
    ),
    "male": (
        "SMPL_MALE.pkl",
        "SMPL_MALE.npz",
        "basicModel_m_lbs_10_207_0_v1.0.0.pkl",
        "basicmodel_m_lbs_10_207_0_v1.1.0.pkl",
    ),
    "female": (
        "SMPL_FEMALE.pkl",
        "SMPL_FEMALE.npz",
        "basicModel_f_lbs_10_207_0_v1.0.0.pkl",
        "basicmodel_f_lbs_10_207_0_v1.1.0.pkl",
    ),
}
SHAPES = {
    "v_template": (6890, 3),
    "shapedirs": (6890, 3, 10),
    "posedirs": (6890, 3, 207),
    "J_regressor": (24, 6890),
    "weights": (6890, 24),
    "kintree_table": (2, 24),
    "f": (13776, 3),
}
REGRESSOR_SHAPES = {"J_regressor_h36m": (17, 6890), "J_regressor_extra": (9, 6890), "SMPL_to_J19": (19, 6890)}
BETAS = 10


def load_smpl(folder: str | Path, gender: str = "neutral") -> Body:
    """SMPL of one gender from the file in `folder`, with what lies beside it: joint regressors (.npy), part labels.

    Raises UserError, in one line, where the file is missing, broken, or not a SMPL model.
    """
    path = find_model(Path(folder).expanduser(), gender)
    regressors = {
        name: _read_npy(path.with_name(f"{name}.npy"), shape)
        for name, shape in REGRESSOR_SHAPES.items()
        if path.with_name(f"{name}.npy").exists()
    }
    labels = path.with_name(FILE_NAME)
    parts = read_vertex_parts(labels, SHAPES["v_template"][0]) if labels.exists() else None
    return Body("smpl", read_smpl(path), vertex_ids("smpl"), regressors, parts)


def find_model(folder: Path, gender: str) -> Path:
    """The model file of a gender in `folder`. Raises UserError with where to get it."""
    if gender not in MODEL_NAMES:
        raise UserError(f"unknown gender '{gender}' of body=smpl; {did_you_mean(gender, MODEL_NAMES)}")
    for name in MODEL_NAMES[gender]:
        if (folder / name).is_file():
            return folder / name
    raise UserError(
        f"no {gender} SMPL model in {folder} (looked for {', '.join(MODEL_NAMES[gender])}): register and download it "
        f"from smpl.is.tue.mpg.de (SMPL 1.1.0) or smplify.is.tue.mpg.de, then set paths.smpl=FOLDER, or use body=anny"
    )


def read_smpl(path: Path) -> dict[str, np.ndarray]:
    """Arrays of a SMPL model file (.pkl or .npz) by SMPL's own keys, the first ten shape directions. Metres.

    Raises UserError naming the entry that is missing or has another shape than SMPL's.
    """
    entries = read_smpl_pickle(path) if path.suffix == ".pkl" else _read_npz(path)
    model = {}
    for key, shape in SHAPES.items():
        if key not in entries:
            raise UserError(f"{path} has no '{key}': it is not a SMPL model file")
        array = np.asarray(entries[key])
        model[key] = array[..., :BETAS] if key == "shapedirs" else array
        _check(path, key, model[key], shape)
    return model


def _check(path: Path, name: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.shape != shape or array.dtype.kind not in "fiu":
        raise UserError(f"{path}: '{name}' is {array.dtype} of shape {array.shape}, SMPL's is numbers of shape {shape}")


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    with open_npz(path) as stored:
        return {key: stored[key] for key in SHAPES if key in stored}


def _read_npy(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    array = read_npy(path)
    _check(path, path.stem, array, shape)
    return array
