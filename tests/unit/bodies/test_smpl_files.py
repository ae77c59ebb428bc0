"""SMPL's own files, in the official layout with chumpy and scipy objects, read without either's code."""

import pickle
import sys
from types import ModuleType

import numpy as np
import pytest
import scipy.sparse
import torch

from hpe.bodies.smpl_files import MODEL_NAMES, load_smpl, read_smpl
from hpe.errors import UserError
from hpe.joints import joint_set

NEUTRAL = MODEL_NAMES["neutral"]


@pytest.fixture(scope="module")
def arrays():
    random = np.random.default_rng(0)
    parents = np.array(joint_set("smpl_24").parents).astype(np.uint32)
    weights = random.random((6890, 24)).astype(np.float32)
    regressor = np.zeros((24, 6890), np.float32)
    regressor[np.arange(24)[:, None], random.integers(0, 6890, (24, 5))] = 0.2
    return {
        "v_template": random.standard_normal((6890, 3)).astype(np.float32),
        "shapedirs": random.standard_normal((6890, 3, 10)).astype(np.float32),
        "posedirs": np.zeros((6890, 3, 207), np.float32),
        "J_regressor": regressor,
        "weights": weights / weights.sum(1, keepdims=True),
        "kintree_table": np.stack([parents, np.arange(24, dtype=np.uint32)]),
        "f": random.integers(0, 6890, (13776, 3)).astype(np.uint32),
    }


def chumpy_class(monkeypatch, module, name):
    """A class that pickles under chumpy's name; chumpy itself is not needed."""
    for parent in ("chumpy", module):
        monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
    kind = type(name, (), {"__module__": module})
    setattr(sys.modules[module], name, kind)
    return kind


def with_state(kind, **state):
    instance = kind()
    vars(instance).update(state)
    return instance


@pytest.fixture
def official_pickle(arrays, monkeypatch):
    """Bytes of a model in the layout of the official .pkl: chumpy arrays and a sparse regressor, protocol 2."""
    with monkeypatch.context() as patch:
        variable = chumpy_class(patch, "chumpy.ch", "Ch")
        selection = chumpy_class(patch, "chumpy.reordering", "Select")
        every_direction = np.concatenate([arrays["shapedirs"], arrays["shapedirs"]], axis=2)
        chosen = np.arange(every_direction.size).reshape(every_direction.shape)[..., :10]
        official = arrays | {
            "v_template": with_state(variable, x=arrays["v_template"]),
            "shapedirs": with_state(
                selection,
                a=with_state(variable, x=every_direction),
                idxs=chosen.ravel(),
                preferred_shape=chosen.shape,
            ),
            "J_regressor": scipy.sparse.csc_matrix(arrays["J_regressor"]),
            "bs_style": "lbs",
        }
        return pickle.dumps(official, protocol=2)


@pytest.mark.parametrize("protocol_name", ["scipy.sparse.csc", "scipy.sparse._csc"])
def test_official_pickle(tmp_path, arrays, official_pickle, protocol_name):
    path = tmp_path / NEUTRAL[2]
    path.write_bytes(official_pickle.replace(b"scipy.sparse._csc\n", f"{protocol_name}\n".encode()))
    model = read_smpl(path)
    assert "chumpy" not in sys.modules
    for key, array in arrays.items():
        np.testing.assert_array_equal(model[key], array)


def test_body_of_the_official_npz(tmp_path, arrays):
    np.savez(tmp_path / "SMPL_NEUTRAL.npz", **arrays)
    np.save(tmp_path / "J_regressor_h36m.npy", np.full((17, 6890), 1 / 6890))
    body = load_smpl(tmp_path)
    posed = body(torch.eye(3).expand(2, 24, 3, 3), torch.zeros(2, 10))
    torch.testing.assert_close(posed.vertices[1], torch.tensor(arrays["v_template"]), atol=1e-4, rtol=0)
    assert body.joints(posed.vertices, "j14").shape == (2, 14, 3)
    assert body.vertex_ids["nose"] == 332
    with pytest.raises(UserError, match=r"J_regressor_extra\.npy"):
        body.joints(posed.vertices, "spin_49", posed.joints)


def test_missing_file_says_where_it_looked_and_what_to_do(tmp_path):
    with pytest.raises(UserError, match=r"smpl\.is\.tue\.mpg\.de.*paths\.smpl=") as caught:
        load_smpl(tmp_path)
    assert all(name in str(caught.value) for name in (str(tmp_path), *NEUTRAL))


def test_another_body_is_refused_by_its_shape(tmp_path, arrays):
    np.savez(tmp_path / "SMPL_NEUTRAL.npz", **arrays | {"v_template": np.zeros((10475, 3))})
    with pytest.raises(UserError, match=r"v_template.*10475.*6890"):
        load_smpl(tmp_path)


def test_missing_entry_is_named(tmp_path, arrays):
    np.savez(tmp_path / "SMPL_NEUTRAL.npz", **{key: array for key, array in arrays.items() if key != "weights"})
    with pytest.raises(UserError, match="no 'weights'"):
        load_smpl(tmp_path)


@pytest.mark.parametrize("name", ["SMPL_NEUTRAL.pkl", "SMPL_NEUTRAL.npz"])
def test_truncated_file_is_one_line(tmp_path, name, official_pickle):
    (tmp_path / name).write_bytes(official_pickle[:100_000])
    with pytest.raises(UserError, match="fetch it again"):
        load_smpl(tmp_path)
