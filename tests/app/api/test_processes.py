"""Models over HTTP: described, run as jobs, their results read, their files fetched."""

import time

import pytest

STORM = {"a1": 17.969, "c": 1.24, "b": 18.415, "n": 0.785, "peak": 0.43, "duration": 60, "step": 5, "period": 50}
AIR = "day,PM2.5\n2026-01-01,40\n"


@pytest.fixture
def ask(client):
    def asked(path, body):
        return client.post(f"/cities/small{path}", json=body)

    return asked


def wait(client, address):
    for _ in range(1200):
        found = client.get(address).json()
        if found["status"] in {"successful", "failed", "dismissed"}:
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_models_are_listed_and_described(get):
    listed = {one["id"]: one for one in get("/processes", lang="en").json()["processes"]}
    assert {"design_storm", "surface_flood", "aqi"} <= set(listed)
    told = get("/processes/surface_flood", lang="en").json()
    assert told["inputs"]["ground"]["schema"]["format"] == "file"
    assert told["inputs"]["edge"]["schema"]["enum"] == ["open", "closed"]
    assert told["inputs"]["within"]["schema"]["type"] == "array"
    assert told["inputs"]["a1"]["minOccurs"] == 0
    assert told["limits"]


def test_a_model_is_run_and_its_result_read(ask, client):
    answer = ask("/processes/design_storm/execution", {"inputs": STORM})
    assert answer.status_code == 201
    job = wait(client, answer.headers["location"])
    assert (job["status"], job["processID"]) == ("successful", "design_storm")
    found = client.get(f"{answer.headers['location']}/results").json()
    assert found["outcome"]["process"] == "design_storm"
    assert "design_storm.zh.html" in found["files"]
    page = client.get(f"{answer.headers['location']}/files/design_storm.zh.html")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert client.get(f"{answer.headers['location']}/files/..%2Fasked.json").status_code == 404


def test_a_file_is_sent_with_the_request(ask, client):
    sent = {"name": "days.csv", "value": AIR}
    answer = ask("/processes/aqi/execution", {"inputs": {"data": sent}})
    names = [one["where"] for one in answer.json().get("faults", ())]
    assert answer.status_code == 201 or names, answer.text


@pytest.mark.parametrize(
    ("inputs", "where"),
    [
        ({"a1": "x"}, "design_storm.a1"),
        ({**STORM, "nothing": 1}, "design_storm"),
        ({**STORM, "rain": {"name": "../x", "value": "1"}}, "design_storm"),
        ([1], "inputs"),
        ({**STORM, "a1": {"deep": {"er": 1}}}, "a1"),
    ],
)
def test_wrong_inputs_are_told_before_any_work(ask, client, inputs, where):
    before = len(client.get("/cities/small/jobs").json()["jobs"])
    answer = ask("/processes/design_storm/execution", {"inputs": inputs})
    assert answer.status_code == 400
    assert where in {one["where"] for one in answer.json()["faults"]}
    assert len(client.get("/cities/small/jobs").json()["jobs"]) == before


def test_two_files_of_one_name_are_refused(ask):
    same = {"name": "one.csv", "value": "x"}
    answer = ask("/processes/surface_flood/execution", {"inputs": {"ground": same, "rain": same}})
    assert answer.status_code == 400
    assert "one.csv" in answer.text


def test_a_check_is_a_job_too(ask, client):
    answer = ask("/checks", {"indicators": ["road_density"]})
    assert answer.status_code == 201
    assert wait(client, answer.headers["location"])["status"] == "successful"
    made = client.get(f"{answer.headers['location']}/results").json()["check"]
    assert client.get(f"/cities/small/checks/{made}").json()["id"] == made


def test_a_job_that_failed_says_why(ask, client):
    answer = ask("/checks", {"indicators": ["no_such_indicator"]})
    job = wait(client, answer.headers["location"])
    assert job["status"] == "failed"
    assert job["faults"][0]["found"] == "no_such_indicator"
    assert client.get(f"{answer.headers['location']}/results").status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/processes/nothing/execution", {"inputs": {}}, 404),
        ("/checks", {"indicator": ["x"]}, 400),
        ("/checks", {"indicators": "x"}, 400),
        ("/checks", {"rulebooks": ["/etc"]}, 400),
        ("/checks", {"rulebooks": ["fujian", "../china"]}, 400),
        ("/processes/design_storm/execution", [], 400),
    ],
)
def test_what_cannot_be_asked(ask, path, body, status):
    assert ask(path, body).status_code == status


def test_jobs_are_listed_the_newest_first_and_dismissed(ask, client, get):
    job = ask("/processes/design_storm/execution", {"inputs": STORM}).json()["jobID"]
    assert get("/jobs").json()["jobs"][0]["jobID"] == job
    ended = client.delete(f"/cities/small/jobs/{job}").json()["status"]
    assert ended in {"dismissed", "successful"}
    assert get("/jobs/20200101T000000-00000000").status_code == 404
