"""A job of a sweep has as many tasks a node as its run has devices."""

import pytest
from omegaconf import OmegaConf

from hpe.errors import UserError
from hpe.sweeps.tasks import tasks_a_node


@pytest.mark.parametrize(("devices", "tasks"), [(1, 1), (8, 8), ("2", 2), ([0, 3], 2), ("0,3", 2), ("3,", 1)])
def test_a_job_has_a_task_for_each_device(devices: object, tasks: int) -> None:
    given = OmegaConf.create({"trainer": {"devices": devices}, "tasks": "${tasks_a_node:${trainer.devices}}"})
    assert tasks_a_node(devices) == given.tasks == tasks


@pytest.mark.parametrize("devices", ["auto", -1, 0, None])
def test_a_number_that_nobody_knows_yet_is_refused(devices: object) -> None:
    with pytest.raises(UserError, match=r"give trainer\.devices=NUMBER"):
        tasks_a_node(devices)
