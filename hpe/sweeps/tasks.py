"""How many tasks a job of a sweep has, by what Lightning is told of devices."""

from typing import Any

from omegaconf import ListConfig

from hpe.errors import UserError


def tasks_a_node(devices: Any) -> int:
    """A task for each of `trainer.devices`, which is a number or a list.

    Raises UserError where the number is to be found out: the machine that submits is not the one that trains.

    >>> tasks_a_node(8), tasks_a_node([0, 3]), tasks_a_node("0,3")
    (8, 2, 2)
    """
    if isinstance(devices, list | ListConfig):
        return len(devices)
    if isinstance(devices, str) and "," in devices:
        return len(devices.strip(",").split(","))
    if str(devices).isdecimal() and int(devices) > 0:
        return int(devices)
    raise UserError(
        f"trainer.devices={devices}: a sweep asks for so many tasks beforehand; give trainer.devices=NUMBER"
    )
