"""Two runs are the same where settings, data and code are, wherever they lie and whoever looks on."""

from pathlib import Path

import hydra
import pytest
from omegaconf import DictConfig

from hpe.config import config_folder
from hpe.errors import UserError
from hpe.runs import identity
from hpe.runs.identity import Identity, identify, run_name


def composed(*overrides: str) -> DictConfig:
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        return hydra.compose("train", list(overrides))


@pytest.fixture(scope="module")
def usual() -> Identity:
    return identify(composed())


@pytest.mark.parametrize(
    "elsewhere", [["paths.outputs=there", "paths.cache=/scratch"], ["logger=csv"], ["resume=true", "debug=true"]]
)
def test_where_and_how_it_is_shown_is_no_part_of_it(usual: Identity, elsewhere: list[str]) -> None:
    assert identify(composed(*elsewhere)) == usual


@pytest.mark.parametrize("other", ["seed=1", "model=hmr", "trainer.max_epochs=3", "trainer.precision=32-true"])
def test_settings_are(usual: Identity, other: str) -> None:
    found = identify(composed(other))
    assert found.settings != usual.settings
    assert (found.data, found.code) == (usual.data, usual.code)
    assert found.short != usual.short


def test_generated_data_are_known_by_their_recipe(usual: Identity) -> None:
    assert identify(composed("data.size=10")).data != usual.data
    assert identify(composed("data.sources.synthetic.generate.workers=7")).data == usual.data


def test_prepared_data_are_known_by_their_manifests(tmp_path: Path) -> None:
    config = composed("data=3dpw", f"paths.data={tmp_path}")
    with pytest.raises(UserError, match=r"run: python -m hpe\.prepare data=3dpw"):
        identify(config)
    (source,) = config.data.sources.values()
    root = Path(source.root)
    root.mkdir(parents=True)
    for split in source.splits:
        (root / f"{split}.h5").write_text(split)
        (root / f"{split}.manifest.json").write_text(split)
    before = identify(config)
    (root / "train.h5").write_text("packed anew")
    assert identify(config) == before
    (root / "val.manifest.json").write_text("other people")
    changed = identify(config).data
    assert [name for name in changed if changed[name] != before.data[name]] == [f"{source.name} val"]


def test_code_is(usual: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.py").write_text("pass\n")
    monkeypatch.setattr(identity, "PACKAGE", tmp_path)
    hashes = []
    for words in ("pass\n", "pass  # edited\n"):
        (tmp_path / "train.py").write_text(words)
        (tmp_path / "README.md").write_text(words)
        identity.code_hash.cache_clear()
        hashes.append(identity.code_hash())
    identity.code_hash.cache_clear()
    assert hashes[0] != hashes[1] != usual.code


def test_it_comes_back_and_names_a_folder(usual: Identity, tmp_path: Path) -> None:
    usual.write(tmp_path / "run")
    assert Identity.read(tmp_path / "run") == usual
    assert run_name(composed(), "synthetic", usual) == f"mpqa_synthetic_seed0_{usual.short}"
    (tmp_path / "run" / identity.FILE_NAME).write_text("{")
    with pytest.raises(UserError, match=r"identity\.json cannot be read"):
        Identity.read(tmp_path / "run")
