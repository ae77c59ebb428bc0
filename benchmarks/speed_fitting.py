"""SMPLify's speed on one thread: all people at once against one at a time, and against torch's own L-BFGS."""

from dataclasses import dataclass

import numpy as np
import torch

from benchmarks.timing import Row, medians
from hpe.bodies.anny import load_anny
from hpe.bodies.body import Body
from hpe.bodies.skeleton_body import skeleton_body
from hpe.datasets.synthetic.poses import FAMILIES, sample_pose
from hpe.fitting.adam import Adam
from hpe.fitting.first_guess import placed
from hpe.fitting.lbfgs import LBFGS
from hpe.fitting.minimiser import Minimiser
from hpe.fitting.objective import Objective
from hpe.fitting.pose_families import pose_families
from hpe.fitting.problem import Bodies, Seen
from hpe.fitting.smplify import SMPLify
from hpe.fitting.strong_wolfe import StrongWolfe
from hpe.geometry.cameras import project

PEOPLE, ROUNDS = 64, 3
ALONE = 4  # people whom the references fit, one at a time
NOISE = 0.15  # radians by which first estimates are off
FOCAL, DISTANCE = 700.0, 6.0  # pixels of a crop of 224, metres
TOLERANCE = 1.1  # by how much fits may end higher than the reference's


@dataclass(frozen=True)
class Task:
    """People to be fitted, and where the fits begin."""

    body: Body
    objective: Objective
    seen: Seen
    start: Bodies

    def fit(self, minimiser: Minimiser) -> Bodies:
        """All people at once."""
        return SMPLify(self.objective, minimiser)(self.body, self.seen, self.start).bodies

    def alone(self, minimiser: Minimiser) -> Bodies:
        """The first few people, each by himself."""
        smplify = SMPLify(self.objective, minimiser)
        rows = [slice(row, row + 1) for row in range(ALONE)]
        return Bodies.joined([smplify(self.body, self.seen[row], self.start[row]).bodies for row in rows])

    def energy(self, bodies: Bodies) -> float:
        """What the fits of the first few people cost on average."""
        few, seen = bodies[:ALONE], self.seen[:ALONE]
        with torch.no_grad():
            return float(self.objective.body(few.joints(self.body, seen.joint_set), few, seen).mean())


def fitting() -> dict[str, Row]:
    """L-BFGS and Adam on 64 people at once against one at a time, and L-BFGS against torch's with strong Wolfe.

    Seconds are those of one person. Fits that end higher than the reference's are not timed.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        task, lbfgs, adam = _task(), LBFGS(), Adam(0.03, 200)
        return {
            "lbfgs": _row(task, lbfgs, lbfgs),
            "adam": _row(task, adam, adam),
            "lbfgs_torch": _row(task, lbfgs, StrongWolfe(lbfgs.iterations)),
        }
    finally:
        torch.set_num_threads(threads)


def _row(task: Task, ours: Minimiser, reference: Minimiser) -> Row:
    found, wanted = task.energy(task.fit(ours)), task.energy(task.alone(reference))
    if found > TOLERANCE * wanted:
        raise RuntimeError(f"people fitted at once end at an energy of {found:.1f}, one at a time at {wanted:.1f}")
    row = medians(lambda: task.fit(ours), lambda: task.alone(reference), rounds=ROUNDS)
    ours_s, reference_s = row["ours_s"] / len(task.seen), row["reference_s"] / ALONE
    return {"ours_s": ours_s, "reference_s": reference_s, "ratio": reference_s / ours_s, "people_s": 1 / ours_s}


def _task() -> Task:
    """People of the synthetic set's families before a camera, and estimates that are off by `NOISE`."""
    rng, body = np.random.default_rng(0), skeleton_body(load_anny())
    families = rng.choice(list(FAMILIES), PEOPLE)
    rotvecs = torch.from_numpy(np.stack([sample_pose(rng, str(family)) for family in families])).flatten(1)
    rotvecs[:, 0] = np.pi
    place = torch.tensor([0.0, 0.2, DISTANCE]).expand(PEOPLE, 3)
    joints = Bodies(rotvecs[:, :3], rotvecs[:, 3:], torch.zeros(PEOPLE, 10), place).joints(body, "smpl_24")
    pixels = project(joints, place, FOCAL, 112.0)
    focal, centre = torch.full((PEOPLE,), FOCAL), torch.full((PEOPLE, 2), 112.0)
    seen = Seen(pixels, torch.ones(PEOPLE, 24), focal, centre, "smpl_24")
    noise = NOISE * torch.from_numpy(rng.standard_normal(rotvecs.shape)).float()
    start = placed(body, seen, rotvecs + noise, torch.zeros(PEOPLE, 10))
    return Task(body, Objective(pose_families()), seen, start)
