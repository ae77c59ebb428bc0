import configparser
import glob
import re
from pathlib import Path

import pytest

CLONE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def setup_cfg():
    parser = configparser.ConfigParser()
    parser.read(CLONE / "setup.cfg")
    return parser


def listed(text):
    return [line for line in text.splitlines() if line]


def test_every_dependency_has_its_reason(setup_cfg):
    required = listed(setup_cfg["options"]["install_requires"]) + listed(setup_cfg["options.extras_require"]["test"])
    names = {re.split(r"[<>=!~;\[ ]", requirement)[0] for requirement in required}
    reasons = re.findall(r"^- ([\w, -]+): .+\.$", (CLONE / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert sorted(name for reason in reasons for name in reason.split(", ")) == sorted(names)


def test_every_package_is_shipped(setup_cfg):
    found = {".".join(path.parent.relative_to(CLONE).parts) for path in CLONE.glob("hpe/**/__init__.py")}
    assert set(listed(setup_cfg["options"]["packages"])) == found | {"hpe.conf"}


def configs():
    """All configs; unlike `Path.glob`, this follows the link from conf/experiment to experiments."""
    return {Path(path) for path in glob.glob(f"{CLONE}/conf/**/*.yaml", recursive=True)}


def test_every_config_and_data_file_is_shipped(setup_cfg):
    data = setup_cfg["options.package_data"]
    shipped = {path for pattern in data["hpe.conf"].split(", ") for path in CLONE.glob(f"conf/{pattern}")}
    assert shipped == configs()
    assert {path.name for path in CLONE.glob("hpe/*.json")} == {data["hpe"]}


def test_every_config_says_what_it_is():
    assert [path for path in configs() if not path.read_text().startswith("# ")] == []
