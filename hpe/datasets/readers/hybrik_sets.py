"""HybrIK's and ProPose's files of Human3.6M, 3DPW and MPI-INF-3DHP (Li et al., CVPR 2021; Fang et al., CVPR 2023)."""

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from hpe.datasets.readers.hybrik import (
    Hybrik,
    Lens,
    body_columns,
    camera_points,
    folded,
    joint_columns,
    one_of,
    projected,
    triples,
    within,
)
from hpe.datasets.readers.reader import Columns
from hpe.files.json_records import Records

Array = np.ndarray
# Greeting, sitting down and waiting of S9 in HybrIK's names: their labels lie 200 mm beside the person.
SHIFTED = re.compile("s_09_act_(05_subact_02|10_subact_02|13_subact_01)")


@dataclass(frozen=True)
class HybrikH36M(Hybrik):
    """`annotations/Sample_*_Human36M_smpl*.json`, mm; pictures in `images`.

    Training has the 24 joints of SMPL, the test the 17 that protocols compare, regressed from SMPL fits rather than
    captured. Selection: `labels_in_place`, without the three recordings of S9 that HybrIK leaves out.
    """

    keys: ClassVar = frozenset({"f", "c", "h36m_joints", "smpl_joints", "thetas", "betas"})
    train: str = "annotations/Sample_5_train_Human36M_smpl_leaf_twist_protocol_2.json"
    test: str = "annotations/Sample_20_test_Human36M_smpl_protocol_2.json"

    def joints(self, split: str) -> str:
        """SMPL's in training."""
        return "smpl_24" if split == "train" else "h36m_17"

    def lens(self, cameras: Records) -> Lens:
        """Under f and c."""
        return Lens(cameras.numbers("f", 2), cameras.numbers("c", 2))

    def pictures(self, split: str, images: Records) -> Array:
        """In `images`."""
        return folded(images.texts("file_name"), "images")

    def labels(self, split: str, images: Records, people: Records, rows: Int[Array, " people"], lens: Lens) -> Columns:
        """Joints, bodies, and whose labels are in place."""
        key, counts = ("smpl_joints", (29, 24)) if split == "train" else ("h36m_joints", (17,))
        joints = camera_points(people, key, *counts, unit=1000)[:, :24]
        pixels = projected(joints, lens, rows)
        thetas = triples(people, "thetas", 24).reshape(-1, 72)
        in_place = np.array([SHIFTED.search(name) is None for name in images.texts("file_name")])
        return {
            **joint_columns(joints, pixels),
            **body_columns(thetas, people.numbers("betas", 10)),
            "select_labels_in_place": in_place[rows],
        }


@dataclass(frozen=True)
class HybrikPW3D(Hybrik):
    """`json/3DPW_{train,test}_new.json`, metres; pictures in `imageFiles`.

    Bodies are neutral, unlike those of the official files. Selection: `hybrik_json`, everybody.
    """

    keys: ClassVar = frozenset(
        {"sequence", "focal", "princpt", "smpl_joint_cam", "smpl_joint_img", "smpl_param", "pose", "shape"}
    )
    train: str = "json/3DPW_train_new.json"
    test: str = "json/3DPW_test_new.json"

    def lens(self, cameras: Records) -> Lens:
        """Under focal and princpt."""
        return Lens(cameras.numbers("focal", 2), cameras.numbers("princpt", 2))

    def pictures(self, split: str, images: Records) -> Array:
        """In a folder a sequence."""
        return folded(np.char.add(np.char.add(images.texts("sequence"), "/"), images.texts("file_name")), "imageFiles")

    def labels(self, split: str, images: Records, people: Records, rows: Int[Array, " people"], lens: Lens) -> Columns:
        """Joints and bodies, and the sequence, which the name of a picture does not say."""
        joints = camera_points(people, "smpl_joint_cam", 29, 24)[:, :24]
        pixels = triples(people, "smpl_joint_img", 29, 24)[:, :24, :2]
        body = within(people, "smpl_param")
        return {
            **joint_columns(joints, pixels),
            **body_columns(triples(body, "pose", 24).reshape(-1, 72), body.numbers("shape", 10)),
            "sequence": images.texts("sequence")[rows],
            "select_hybrik_json": np.full(len(people), True),
        }


@dataclass(frozen=True)
class HybrikMpiInf(Hybrik):
    """`annotation_mpi_inf_3dhp_*.json`, mm; pictures in `mpi_inf_3dhp_{train,test}_set`. There are no bodies."""

    keys: ClassVar = frozenset({"intrinsic_param", "keypoints_cam"})
    train: str = "annotation_mpi_inf_3dhp_train_v2.json"
    test: str = "annotation_mpi_inf_3dhp_test.json"

    def joints(self, split: str) -> str:
        """28 in training, the benchmark's 17 in the test."""
        return "mpi_inf_28" if split == "train" else "mpi_inf_17"

    def lens(self, cameras: Records) -> Lens:
        """Out of 3 x 4 or 4 x 4 matrices."""
        matrices = one_of(cameras, "intrinsic_param", (3, 3), (4, 4), (3, 4))
        return Lens(matrices[:, [0, 1], [0, 1]], matrices[:, :2, 2])

    def pictures(self, split: str, images: Records) -> Array:
        """In a folder a split."""
        return folded(images.texts("file_name"), f"mpi_inf_3dhp_{split}_set")

    def labels(self, split: str, images: Records, people: Records, rows: Int[Array, " people"], lens: Lens) -> Columns:
        """Joints, in pixels by their projection."""
        joints = camera_points(people, "keypoints_cam", 28 if split == "train" else 17, unit=1000)
        pixels = projected(joints, lens, rows)
        return joint_columns(joints, pixels)
