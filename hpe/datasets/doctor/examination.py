"""All checks of a split, in order: one that another's fault would mislead waits until that is mended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hpe.datasets.doctor import axes, cameras, origin, pictures, poses, rows, sides, units
from hpe.datasets.doctor.finding import Finding, Verdict, not_checked
from hpe.datasets.doctor.splits import Split, apart
from hpe.datasets.manifest import read_manifest
from hpe.datasets.store import Store

Findings = Mapping[str, Finding]


@dataclass(frozen=True)
class Check:
    """A check of labels alone, and the checks whose faults would make it say what is not so."""

    of: Callable[[Store], Finding]
    needs: tuple[str, ...] = ()


CHECKS: Mapping[str, Check] = {
    "finite values": Check(rows.finite_values),
    "no duplicates": Check(rows.no_duplicates),
    "frames in order": Check(rows.frames_in_order),
    "poses": Check(poses.plausible_poses),
    "units": Check(units.unit),
    "limbs": Check(units.limbs, ("units",)),
    "axes": Check(axes.axes),
    "camera": Check(cameras.camera, ("units", "axes")),
    "pose's frame": Check(poses.pose_in_camera_frame, ("poses", "axes")),
    "left and right, 3D": Check(sides.sides_in_3d, ("poses", "axes", "pose's frame")),
    "left and right, 2D": Check(sides.sides_in_2d, ("poses", "axes", "pose's frame", "left and right, 3D")),
    "reprojection": Check(cameras.reprojection, ("axes", "left and right, 3D", "left and right, 2D")),
}


def examine(name: str, splits: Mapping[str, Split], root: Path) -> Findings:
    """What all checks say of the split called `name`; `root` is the folder of the official files."""
    store, decoded = splits[name]
    manifest = read_manifest(store.path)
    found = examine_labels(store)
    found["pictures are there"] = pictures.pictures_there(store, decoded)
    found["pictures decode"] = pictures.pictures_whole(store, decoded)
    found["picture sizes"] = pictures.picture_sizes_agree(store, decoded)
    found["boxes"] = _unless(found, ("finite values", "picture sizes"), partial(rows.boxes, store))
    found["splits apart"] = apart(name, splits)
    found["origin"] = origin.unchanged(store, manifest, root)
    found["counts"] = origin.counts(store, manifest)
    return found


def examine_labels(store: Store) -> dict[str, Finding]:
    """What the checks of labels say, none of which opens a picture."""
    found: dict[str, Finding] = {}
    for name, check in CHECKS.items():
        found[name] = _unless(found, check.needs, partial(check.of, store))
    return found


def _unless(found: Findings, needs: tuple[str, ...], check: Callable[[], Finding]) -> Finding:
    faults = [need for need in needs if found[need].verdict is Verdict.FAULT]
    return not_checked(f"mend first: {faults[0]}") if faults else check()


def failed(found: Findings) -> list[str]:
    """The checks that found a fault."""
    return [name for name, finding in found.items() if finding.verdict is Verdict.FAULT]
