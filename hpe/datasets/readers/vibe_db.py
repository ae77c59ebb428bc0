"""VIBE's databases (Kocabas et al., CVPR 2020), which TCMR and the parallel branch share: `<name>_db.pt` of joblib.

A dictionary of arrays over the frames of all tracks: vid_name, img_name, bbox and what the data set has: frame_id,
joints2D, joints3D, pose, shape, valid (3DPW), valid_i (MPI-INF-3DHP). `features` are not read. Those of InstaVariety
and AMASS name no pictures, so there is nothing in them to crop.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.exchanged import Exchanged, body
from hpe.datasets.readers.picture_names import Named, image_paths, pictures, texts
from hpe.datasets.readers.reader import Columns
from hpe.datasets.readers.vibe_joints import joints2d, joints3d
from hpe.errors import UserError, did_you_mean
from hpe.files.entries import Entries
from hpe.files.joblib_pickle import read_pickle

VALID = {"valid": "select_campose_valid", "valid_i": "select_valid"}
CONTENTS = ("3dpw", "mpii3d", "h36m", "penn", "posetrack")


@dataclass(frozen=True)
class VibeDatabase(Exchanged):
    """The frames of all tracks, joints as `spin_49` in SPIN's meaning of the slots; `content` says of which data set.

    `box` is the file's. `joints3d` are metres; in 3DPW's files their axes are the camera's but their translation is
    the world's, so they are given around the middle of the hips. Numbers stay as precise as they are in the file:
    VIBE rounds them to 16 bits on reading. A track `<sequence>_<actor>` is that person of the sequence. `selection`
    are the frames that VIBE evaluates: those in whole windows of `window` frames of a track, without its tail.
    """

    content: str = "3dpw"
    window: int = 16
    joint_set: ClassVar = "spin_49"

    def columns(self, path: Path) -> Columns:
        """The frames of the file, in its order."""
        if self.content not in CONTENTS:
            raise UserError(f"content={self.content} of a VIBE database; {did_you_mean(self.content, CONTENTS)}")
        file = Entries(path, read_pickle(path))
        columns = dict(self._tracks(file))
        count = len(columns["image"])
        center, size = np.split(file.array("bbox", count, 4), 2, axis=1)
        columns["box"] = np.concatenate([center - size / 2, size], axis=1)
        columns |= {new: file.array(old, count) > 0 for old, new in VALID.items() if old in file.entries}
        if "pose" in file.entries:
            columns |= body(file.array("pose", count, 72), file.array("shape", count, None), np.full(count, True))
        return {**columns, **joints2d(file, count, self.content), **joints3d(file, count, self.content)}

    def _tracks(self, file: Entries) -> Columns:
        """Picture, sequence, frame and person; and which frames are in whole windows."""
        how = Named(self.images, self.cut, self.sequence)
        names = pictures(file, "img_name", how)
        tracks = texts(file, "vid_name", len(names))
        words, first, which = np.unique(tracks, return_index=True, return_inverse=True)
        actors = [_actor(str(word), str(names[place])) for word, place in zip(words, first, strict=True)]
        place, length = _places(which)
        frame = file.whole("frame_id", len(names)) if "frame_id" in file.entries else place
        columns = {
            "image": image_paths(names, how),
            "sequence": np.array([sequence for sequence, _ in actors])[which],
            "frame": frame,
            "person": np.array([person for _, person in actors])[which],
        }
        if self.selection:
            columns[f"select_{self.selection}"] = place < length - length % self.window
        return columns


def _actor(track: str, picture: str) -> tuple[str, int]:
    """Sequence and person of a track: its name ends with the person where the rest is a folder of the picture."""
    sequence, _, number = track.rpartition("_")
    named = number.isdecimal() and sequence in picture.split("/")
    return (sequence, int(number)) if named else (track, 0)


def _places(which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row its place in the run of equal tracks that it is in, and the length of that run."""
    starts = np.flatnonzero(np.diff(which, prepend=-1))
    lengths = np.diff(starts, append=len(which))
    return np.arange(len(which)) - np.repeat(starts, lengths), np.repeat(lengths, lengths)
