"""The vocabulary of protocol cards: what each field may say, and one line for whatever it may not."""

from collections.abc import Iterable, Mapping
from typing import Any

from hpe.errors import UserError, did_you_mean
from hpe.joints import joint_set_names

WORDS = ("name", "title", "source", "doubt")
NAMES = ("dataset", "frames", "people", "box_source", "camera_source")
KNOWN: dict[str, tuple[str | None, ...]] = {
    "split": ("train", "val", "test", "all"),
    "gt_model": ("smpl", "anny", "smplx", "joints"),
    "gt_gender": ("neutral", "gendered", "none"),
    "joint_set": tuple(joint_set_names()),
    "regressor": ("skeleton", "J_regressor", "J_regressor_h36m", "SMPL_to_J19", "cocoplus", "own"),
    "root": ("none", "smpl0", "smpl_midhip", "h36m0", "midhip", "pelvis", "idx39"),
    "pve_root": (None, "none", "smpl0", "smpl_midhip", "h36m0", "h36m_midhip", "idx39"),
    "pve_vertices": ("all", "agora_body"),
    "alignment": ("similarity",),
    "missing": ("macro", "micro"),
    "reduction": ("frame", "sequence", "group"),
    "units": ("mm", "mm, mm/frame^2", "mm, m/s^2"),
}
FAILED = ("fail", "drop")
METRICS = (
    *("mpjpe", "pa_mpjpe", "n_mpjpe", "pve", "pa_pve", "mpjae", "pa_mpjae", "mrpe"),
    *("pck150", "auc150", "a_pck150", "challenge_pck50", "challenge_auc"),
    *("accel", "accel_error", "jitter", "w_mpjpe", "wa_mpjpe", "rte"),
)


def checked(values: Mapping[str, Any], fields: Iterable[str], optional: Iterable[str], where: str) -> dict[str, Any]:
    """The `values` of a card in the types of its `fields`, of which only the `optional` ones may be left away.

    Raises UserError, one line that names the card's file `where` and the field, for anything a card may not say.
    """
    names = list(fields)
    for name in values:
        if name not in names:
            raise UserError(f"{where}: unknown field '{name}'; {did_you_mean(str(name), names)}")
    if lacking := [name for name in names if name not in values and name not in optional]:
        raise UserError(f"{where}: field '{lacking[0]}' is missing; every card gives it")
    return {name: _checked(name, value, f"{where}: {name} is {value!r}") for name, value in values.items()}


def _checked(name: str, value: Any, fault: str) -> Any:
    """One value, numbers as floats, so that 30 and 30.0 have one hash."""
    if name in KNOWN:
        return _known(value, KNOWN[name], fault)
    if name == "metrics":
        return tuple(_known(metric, METRICS, fault) for metric in _list(value, fault))
    if name == "failed":
        return float(value) if _positive(value) else _known(value, FAILED, f"{fault}, not an error in mm")
    if name == "frame_rate" and (value is None or _positive(value)):
        return value and float(value)
    if name == "version" and _positive(value) and isinstance(value, int):
        return value
    if name == "seams" and isinstance(value, bool):
        return value
    if name in (*WORDS, *NAMES) and isinstance(value, str) and (value or name == "doubt"):
        return value
    raise UserError(f"{fault}, which is not what a card says there; compare the other cards in conf/protocol/")


def _known(value: Any, known: tuple[str | None, ...], fault: str) -> Any:
    if value not in known:
        raise UserError(f"{fault}; {did_you_mean(str(value), ('null' if one is None else one for one in known))}")
    return value


def _list(value: Any, fault: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise UserError(f"{fault}, which is not a list")
    return list(value)


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
