"""AMASS (Mahmood et al., ICCV 2019), SMPL+H release: motions without pictures.

A motion is taken at a frame rate near 30 Hz by leaving frames out, as VIBE does: every n-th of a rate of 25 n Hz or
more, so 120 Hz becomes 30 and 250 Hz 25. Hands become SMPL's, by the first joint of their index fingers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.genders import gender_code
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.errors import UserError, did_you_mean
from hpe.files.archive import open_npz
from hpe.files.entries import Entries
from hpe.joints import joint_map

# Folders by the names of today, and what they were called when VIBE read them.
FORMER = {
    "BMLrub": "BioMotionLab_NTroje",
    "EyesJapanDataset": "Eyes_Japan_Dataset",
    "HDM05": "MPI_HDM05",
    "PosePrior": "MPI_Limits",
    "MoSh": "MPI_mosh",
    "SSM": "SSM_synced",
    "TCDHands": "TCD_handMocap",
    "Transitions": "Transitions_mocap",
}
TODAY = {former: today for today, former in FORMER.items()}
RATES = ("mocap_framerate", "mocap_frame_rate")
SLOWEST = 25
HANDS = 156


@dataclass(frozen=True)
class AMASS(Reader):
    """Motions of at least `shortest` frames of the `subsets`, by today's names or former ones; of all if none is named.

    Columns are those of `hpe.datasets.motion_store`. `betas` are the first ten of SMPL+H, which are nearly SMPL's.
    """

    subsets: Sequence[str] = ()
    shortest: int = 60
    splits: ClassVar = ("motions",)

    def parts(self, split: str) -> Sequence[Part]:
        """One a person of a subset."""
        wanted = {TODAY.get(name, name) for name in self.subsets}
        there: dict[tuple[str, str], list[Path]] = {}
        for file in self.find("*/*/*_poses.npz"):
            there.setdefault((_subset(file), file.parent.name), []).append(file)
        found = {subset for subset, _ in there}
        if missing := sorted(wanted - found):
            raise UserError(f"no subset {missing[0]} of AMASS in {self.root}; {did_you_mean(missing[0], found)}")
        chosen = {key: files for key, files in sorted(there.items()) if not wanted or key[0] in wanted}
        return [Part("/".join(key), tuple(files)) for key, files in chosen.items()]

    def read(self, split: str, part: Part) -> Columns:
        """The motions of a person, by name."""
        motions = [self._motion(file) for file in part.files]
        long = [motion for motion in motions if motion["length"][0] >= self.shortest]
        empty = {key: values[:0] for key, values in motions[0].items()}
        return {key: np.concatenate([empty[key], *(motion[key] for motion in long)]) for key in motions[0]}

    def _motion(self, file: Path) -> Columns:
        with open_npz(file) as archive:
            motion = Entries(file, archive)
            pose = motion.array("poses", None, HANDS)
            rated = next((key for key in RATES if key in archive), RATES[0])
            rate, betas = float(motion.array(rated)), motion.first("betas", 10)
            if rate < 1:
                raise motion.fault(rated, "is no frame rate")
            trans = motion.array("trans", len(pose), 3)
            stride = max(1, int(rate) // SLOWEST)
            pose = pose[::stride].reshape(-1, HANDS // 3, 3)[:, joint_map("smplh_52", "smpl_24")].reshape(-1, 72)
            return {
                "pose": pose.astype(np.float32),
                "trans": trans[::stride].astype(np.float32),
                "length": np.array([len(pose)]),
                "rate": np.array([rate / stride]),
                "betas": betas[None],
                "gender": np.array([gender_code(motion["gender"], str(file))]),
                "name": np.array([self.relative(file).removesuffix("_poses.npz")]),
                "subset": np.array([_subset(file)]),
            }


def _subset(file: Path) -> str:
    """By today's name."""
    return TODAY.get(file.parent.parent.name, file.parent.parent.name)
