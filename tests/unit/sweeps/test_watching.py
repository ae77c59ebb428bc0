"""Jobs are submitted as there is room, one that fails leaves the others alone, and all of it is kept."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import submitit
from planned import finish, job

from hpe.sweeps import watching
from hpe.sweeps.attempts import Attempt
from hpe.sweeps.clusters import Handle
from hpe.sweeps.job import Job
from hpe.sweeps.ledger import read_ledger
from hpe.sweeps.watching import Watch


class Work:
    """A process that does its work at the second look."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work, self.looks = work, 0

    def poll(self) -> int | None:
        self.looks += 1
        if self.looks == 2:
            self.work()
        return None if self.looks < 2 else 0


class Cluster:
    """Finishes the runs of all jobs but number 1, which says why not."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.calls = folder, []

    def submit(self, jobs: Sequence[Job]) -> list[Handle]:
        self.calls.append([one.number for one in jobs])
        return [self.handle(one) for one in jobs]

    def handle(self, job: Job) -> Handle:
        handle = submitit.LocalJob(self.folder / "%j", f"7{job.number}", process=Work(lambda: self.work(job)))
        handle.paths.folder.mkdir(parents=True)
        return handle

    def work(self, job: Job) -> None:
        if job.number != 1:
            finish(job.run)
        else:
            (self.folder / "71/71_0_log.err").write_text("Traceback\n\n  somewhere\nKeyError: 'joints'\n")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SHORTEST", 0.0)
    monkeypatch.setattr(watching, "LONGEST", 0.0)


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster(tmp_path / "logs")


def watch(cluster: Cluster, folder: Path, at_once: int, *jobs: Job) -> None:
    Watch(jobs, cluster.submit, at_once, folder).to_the_end()


def test_a_job_that_fails_leaves_the_others_alone(cluster: Cluster, tmp_path: Path) -> None:
    jobs = [job(tmp_path / f"run{number}", number) for number in range(3)]
    watch(cluster, tmp_path, 3, *jobs)
    assert [one.state for one in jobs] == ["done", "failed", "done"]
    assert jobs[1].said == ["Traceback", "  somewhere", "KeyError: 'joints'"]
    assert [one.returned().return_value for one in jobs[::2]] == [80.0, 80.0]
    assert jobs[1].returned().return_value != jobs[1].returned().return_value
    kept = read_ledger(tmp_path)
    assert kept is not None
    assert [(one["state"], one["job"]) for one in kept] == [("done", "70"), ("failed", "71"), ("done", "72")]
    attempt = Attempt.read(tmp_path / "run1")
    assert attempt is not None
    assert (attempt.ended, attempt.said, attempt.logs) == (True, jobs[1].said, str(tmp_path / "logs/%j"))


def test_as_many_run_as_there_is_room_for(cluster: Cluster, tmp_path: Path) -> None:
    watch(cluster, tmp_path, 2, *[job(tmp_path / f"run{number}", number) for number in (0, 2, 3)])
    assert cluster.calls == [[0, 2], [3]]


def test_what_is_finished_is_not_submitted_and_what_runs_is_only_watched(cluster: Cluster, tmp_path: Path) -> None:
    finish(tmp_path / "finished")
    running = job(tmp_path / "running", 2, "watch")
    running.handle = cluster.handle(running)
    running.run.mkdir()
    jobs = [job(tmp_path / "finished", 0, "skip"), running]
    watch(cluster, tmp_path, 1, *jobs)
    assert cluster.calls == []
    assert [one.state for one in jobs] == ["done", "done"]


def test_elsewhere_than_on_a_terminal_a_change_is_a_line(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch(cluster, tmp_path, 2, job(tmp_path / "a", 0), job(tmp_path / "b", 1))
    lines = capsys.readouterr().out.splitlines()
    assert "#0 seed=0: done, epoch 2/2, best MPJPE 80.0" in lines
    assert "#1 seed=1: failed, KeyError: 'joints'" in lines
    assert len(lines) == len(set(lines))


def test_jobs_of_an_earlier_batch_stay_in_the_ledger(cluster: Cluster, tmp_path: Path) -> None:
    watch(cluster, tmp_path, 1, job(tmp_path / "a", 0))
    watch(cluster, tmp_path, 1, job(tmp_path / "b", 2))
    assert [one["number"] for one in json.loads((tmp_path / "jobs.json").read_text())] == [0, 2]
