"""Jobs on the disk: done by a process of their own, dismissed, broken off and taken up again."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from tulou.app.jobs.child import do
from tulou.app.jobs.keeper import Keeper
from tulou.app.jobs.record import Asked, Job, State, jobs_of, new_job
from tulou.kernel.errors import BadInput

FORMULA = {"a1": 17.969, "c": 1.24, "b": 18.415, "n": 0.785, "peak": 0.43}
STORM = {"inputs": {**FORMULA, "duration": 60, "step": 5, "period": 50}}


def asked(kind="process", name="design_storm", given=None):
    return Asked(kind, name, STORM if given is None else given, datetime(2026, 11, 28, 3, tzinfo=UTC))


def wait_for(job, *status, seconds=60):
    for _ in range(seconds * 20):
        if job.state.status in status:
            return job.state
        time.sleep(0.05)
    raise AssertionError(job.state)


@pytest.fixture
def keeper(tmp_path):
    found = Keeper([tmp_path])
    found.start()
    yield found
    found.stop()


def test_a_job_is_kept_whole_and_read_back(tmp_path):
    job = new_job(tmp_path, asked(), "0123abcd", {"rain.csv": b"x"})
    assert job.id == "20261128T030000-0123abcd"
    assert jobs_of(tmp_path) == [job]
    assert (job.asked, job.state) == (asked(), State("accepted"))
    assert (job.inputs / "rain.csv").read_bytes() == b"x"
    (tmp_path / "jobs" / "20261128T030000-ffffffff").mkdir()
    assert jobs_of(tmp_path) == [job], "half a job is none"


def test_a_damaged_file_is_told(tmp_path):
    job = new_job(tmp_path, asked(), "0123abcd", {})
    (job.folder / "state.json").write_text("{", "utf-8")
    with pytest.raises(BadInput, match="damaged"):
        _ = job.state


def test_work_in_this_process_and_how_it_ends(tmp_path):
    good = new_job(tmp_path, asked(), "00000001", {})
    assert do(good).status == "successful"
    assert {"design_storm.json", "design_storm.zh.html"} <= {one.name for one in good.files()}
    bad = new_job(tmp_path, asked(given={"inputs": {"a1": "x"}}), "00000002", {})
    ended = do(bad)
    assert ended.status == "failed"
    assert {one["where"] for one in ended.problem} >= {"design_storm.a1"}
    assert bad.state == ended


def test_a_keeper_does_jobs_and_dismisses_them(keeper, tmp_path):
    job = keeper.ask(tmp_path, "process", "design_storm", STORM, {})
    state = wait_for(job, "successful")
    assert state.started < state.ended
    assert keeper.dismiss(job) == state, "what has ended stays"
    first = keeper.ask(tmp_path, "process", "design_storm", STORM, {})
    second = keeper.ask(tmp_path, "process", "design_storm", STORM, {})
    assert keeper.dismiss(second).status == "dismissed"
    wait_for(first, "successful")
    assert second.state.status == "dismissed"
    assert not second.files()


def test_running_work_can_be_dismissed(keeper, tmp_path):
    job = keeper.ask(tmp_path, "process", "design_storm", STORM, {})
    wait_for(job, "running")
    assert keeper.dismiss(job).status == "dismissed"


def test_what_was_broken_off_is_taken_up_again(tmp_path):
    broken = new_job(tmp_path, asked(), "00000001", {})
    broken.say(State("running", 40, "half way"))
    keeper = Keeper([tmp_path])
    keeper.start()
    try:
        wait_for(broken, "successful")
    finally:
        keeper.stop()


SERVER = """
import sys, time
from pathlib import Path
from tulou.app.jobs.keeper import Keeper
keeper = Keeper([Path(sys.argv[1])])
keeper.start()
time.sleep(60)
"""


@pytest.mark.slow
def test_a_killed_server_takes_its_work_with_it_and_loses_no_job(tmp_path):
    jobs = [new_job(tmp_path, asked(), f"{number:08x}", {}) for number in range(4)]
    for _ in range(3):
        server = subprocess.Popen([sys.executable, "-c", SERVER, str(tmp_path)])
        for _ in range(600):
            if any(job.state.status == "running" for job in jobs):
                break
            time.sleep(0.02)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
    time.sleep(1)
    keeper = Keeper([tmp_path])
    keeper.start()
    try:
        for job in jobs:
            wait_for(job, "successful")
            assert {"design_storm.json"} <= {one.name for one in job.files()}
    finally:
        keeper.stop()


def test_no_such_kind_of_job_fails_and_says_so(tmp_path, keeper):
    job = keeper.ask(tmp_path, "nothing", "", {}, {})
    assert wait_for(job, "failed").message
    assert Job(job.folder).state.is_ended
