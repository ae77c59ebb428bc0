"""MPI-INF-3DHP (Mehta et al., 3DV 2017): people before a ring of cameras, and a test set in and out of the studio.

Labels come twice: `annot3` as measured, `univ_annot3` of a skeleton scaled to one height. Training and errors in mm use
the first, the authors' benchmark and SPIN's evaluation the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.mpi_inf_test import test_people
from hpe.datasets.readers.mpi_inf_train import BEHIND, FAST, Video, people_of_video, read_calibration
from hpe.datasets.readers.reader import Columns, FilesMissing, Part, Reader
from hpe.errors import UserError
from hpe.files.entries import Entries
from hpe.files.matlab import read_matlab

LABELS = ("annot3", "univ_annot3")


@dataclass(frozen=True)
class MpiInf(Reader):
    """`S*/Seq*/annot.mat` (28 joints) and `mpi_inf_3dhp_test_set/TS*/annot_data.mat` (17); a part is a recording.

    Training reads every `frame_step`-th frame of each camera, as SPIN does, although some videos have 50 frames a
    second and others 25; with `equal_rate` half as many of the former. Left out are camera 2 of S3/Seq2, where people
    come to lie behind it, and what has no picture; left and right are put back in S4/Seq2. Training has pictures under
    SPIN's names, "S1/Seq1/imageFrames/video_0/frame_000001.jpg". `frame` counts from 0.
    """

    # Users count 2,929 valid frames in the test, 2,875 of them inside; recalled, so not printed beside what is read.
    splits: ClassVar = ("train", "test")
    cameras: Sequence[int] = (0, 1, 2, 4, 5, 6, 7, 8)
    frame_step: int = 10
    equal_rate: bool = False
    train_labels: str = "annot3"
    test_labels: str = "univ_annot3"

    def __post_init__(self) -> None:
        for labels in (self.train_labels, self.test_labels):
            if labels not in LABELS:
                raise UserError(f"labels '{labels}' are none of {', '.join(LABELS)}")
        if self.frame_step < 1:
            raise UserError(f"frame_step is {self.frame_step}; it must be 1 or more")

    def joints(self, split: str) -> str:
        """28 in training, the benchmark's 17 in the test."""
        return "mpi_inf_28" if split == "train" else "mpi_inf_17"

    def parts(self, split: str) -> Sequence[Part]:
        """Recordings by name. Raises UserError naming a file that is missing."""
        if split == "test":
            files = self.find("mpi_inf_3dhp_test_set/TS[1-6]/annot_data.mat")
            return [Part(file.parent.name, (file,)) for file in files]
        annotated = self.find("S[1-8]/Seq[12]/annot.mat")
        if lacking := [file for file in annotated if not file.with_name("camera.calibration").is_file()]:
            raise FilesMissing(f"no camera.calibration beside {lacking[0]}: unpack the official files there")
        names = [f"{file.parent.parent.name}_{file.parent.name}" for file in annotated]
        pairs = [(file, file.with_name("camera.calibration")) for file in annotated]
        return [Part(name, pair) for name, pair in zip(names, pairs, strict=True)]

    def read(self, split: str, part: Part) -> Columns:
        """All cameras of a recording, or a test sequence."""
        if split == "test":
            return test_people(part.files[0], self.test_labels)
        subject, sequence = (int(word.lstrip("Seq")) for word in part.name.split("_"))
        annotations, intrinsics = Entries(part.files[0], read_matlab(part.files[0])), read_calibration(part.files[1])
        step = self.frame_step * (2 if self.equal_rate and (subject, sequence) in FAST else 1)
        videos = []
        for camera in sorted(self.cameras, key=str):
            if camera not in intrinsics:
                raise UserError(f"{part.files[1]} has no camera {camera}, only {sorted(intrinsics)}: fetch it again")
            if (subject, sequence, camera) != BEHIND:
                video = Video(subject, sequence, camera)
                videos.append(people_of_video(video, annotations, self.train_labels, intrinsics[camera], step))
        return {key: np.concatenate([video[key] for video in videos]) for key in videos[0]}
