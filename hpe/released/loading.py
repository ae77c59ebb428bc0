"""The one way by which published tensors come into our modules."""

from collections.abc import Iterable, Mapping

from torch import Tensor, nn

from hpe.errors import UserError
from hpe.released.backbones import BODY
from hpe.released.key_map import KeyMap
from hpe.released.load_report import LoadReport

# What holds the network in a file: an attribute of a Lightning module, or of a model that several devices share.
PREFIXES = ("model.", "module.")
TRAINER = KeyMap(
    {},
    unused={
        **dict.fromkeys(("smpl.*", "smpl_native.*"), BODY),
        "J_regressor": "the joint regressor comes from the user's own file",
        **dict.fromkeys(
            ("body_part_texture", "K", "R", "smpl_faces", "part_label_bins"), "the trainer rendered part labels with it"
        ),
    },
)


def fill(network: nn.Module, keys: KeyMap, tensors: Mapping[str, Tensor]) -> LoadReport:
    """Put published `tensors` into `network` if all that it needs is there; the report says what became of each.

    One that differs from ours by axes of length 1 alone is of our shape. Raises UserError where two have one place.
    """
    own, prefix = network.state_dict(), prefix_of(tensors)
    places, unused, unknown = _placed(tensors, prefix, keys, own)
    absent = {prefix + keys.theirs(ours): keys.why_lacking(ours) for ours in own.keys() - set(places.values())}
    misshaped = {name: fault for name, ours in places.items() if (fault := _misfit(tensors[name], own[ours]))}
    report = LoadReport(
        prefix=prefix,
        loaded={name: ours for name, ours in places.items() if name not in misshaped},
        unused=unused,
        unknown=unknown,
        spared={name: why for name, why in sorted(absent.items()) if why},
        missing=sorted(name for name, why in absent.items() if not why),
        misshaped=misshaped,
    )
    if report.fits:
        values = {ours: tensors[name].reshape(own[ours].shape) for name, ours in places.items()}
        network.load_state_dict(own | values)
    return report


def prefix_of(names: Iterable[str]) -> str:
    """What the network's tensors begin with; those of a trainer beside it do not."""
    every = list(names)
    return next((prefix for prefix in PREFIXES if any(name.startswith(prefix) for name in every)), "")


def _placed(
    names: Iterable[str], prefix: str, keys: KeyMap, own: Mapping[str, Tensor]
) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Our names by published ones; why others are not used; of which others nothing is known."""
    places: dict[str, str] = {}
    unused: dict[str, str] = {}
    unknown: list[str] = []
    for name in names:
        theirs, known = (name.removeprefix(prefix), keys) if name.startswith(prefix) else (name, TRAINER)
        ours, why = known.ours(theirs), known.why_unused(theirs)
        if why:
            unused[name] = why
        elif ours is None or ours not in own:
            unknown.append(name)
        elif ours in places.values():
            raise UserError(f"two tensors of the file are our {ours}, '{name}' the second: leave one of them away")
        else:
            places[name] = ours
    return places, unused, unknown


def _misfit(theirs: Tensor, ours: Tensor) -> str:
    """Both shapes where they differ by more than axes of length 1, else nothing."""
    same = [size for size in theirs.shape if size != 1] == [size for size in ours.shape if size != 1]
    return "" if same else f"{list(theirs.shape)} for {list(ours.shape)}"
