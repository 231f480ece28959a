"""Make the examples of the interface's description: real answers of the synthetic city, ``app/api/examples.json``.

    python tools/make_examples.py            # about three minutes
    python tools/make_examples.py CITY       # a copy of this city, made by it before, is asked

Requests stand in ``app/api/description.yaml``; each is made once, in their order. A value ``=OPERATION/path`` is taken
from the answer to an earlier one.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from tulou.app.alarm_intake import read_file, register_things
from tulou.app.alarm_sample import write_sample
from tulou.app.alarms import open_alarms
from tulou.app.api.application import application
from tulou.app.api.described import EXAMPLES, MEANINGS
from tulou.app.api.shapes import schema_of, shortened
from tulou.app.city_management_sample import sample_cases
from tulou.app.demonstration import make_two_years
from tulou.app.tracking_sample import track_rongcheng
from tulou.kernel.documents import read_document

NAME, HOST = "rongcheng", "127.0.0.1"
CASES, BUILDINGS = 12, 400
LOOK, MOST_LOOKS = 0.5, 600
"""Seconds between two looks at a job, and how many there are."""
BAD = 400
TAKEN = "="
"""What a value begins with that is taken from an earlier answer."""


def make_city(place: Path) -> Path:
    """The synthetic city over two years, with cases, a morning of alarms and a tracker."""
    city = place / f"{NAME}.city"
    make_two_years(city, buildings=BUILDINGS)
    sample_cases(city, cases=CASES)
    write_sample(place / "day")
    register_things(open_alarms(city), place / "day" / "sensors.json", "demo")
    alarms = open_alarms(city)
    with alarms.writing():
        alarms.bring_in(read_file(place / "day" / "morning.csv"))
    track_rongcheng(city)
    return city


def main(given: list[str]) -> None:
    """Ask everything and keep the answers."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if given:
            city = place / f"{NAME}.city"
            shutil.copytree(given[0], city)
        else:
            city = make_city(place)
        with TestClient(application({NAME: city}, (HOST,)), base_url=f"http://{HOST}") as client:
            found = asked_of(client, read_document(MEANINGS)["asked"])
    lines = [f"{json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in sorted(found.items())]
    EXAMPLES.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def asked_of(client: TestClient, requests: Mapping[str, Any]) -> dict[str, Any]:
    """Make requests in their order, and what came of each."""
    described = client.get("/openapi.json").json()["paths"]
    where = {one["operationId"]: (way, path) for path, ways in described.items() for way, one in ways.items()}
    answers: dict[str, Any] = {}
    found = {}
    for operation, wanted in requests.items():
        way, path = where[operation]
        asked = {
            name: taken(value, answers) for name, value in (wanted or {}).items() if name not in {"body", "refused"}
        }
        inside = {name: str(asked[name]) for name in asked if f"{{{name}}}" in path}
        query = {name: value for name, value in asked.items() if name not in inside}
        body = taken(wanted["body"], answers) if wanted and "body" in wanted else None
        address = path.format(**{"city": NAME} | inside)
        answer = client.request(way, address, params=query | {"lang": "en"}, json=body)
        if answer.status_code >= BAD and answer.status_code != (wanted or {}).get("refused"):
            raise SystemExit(f"{operation}: {answer.status_code} {answer.text[:2000]}")
        media = answer.headers.get("content-type", "").partition(";")[0]
        is_json = media.endswith("json")
        answers[operation] = answer.json() if is_json else None
        found[operation] = {"asked": asked, "status": answer.status_code, "media": media} | {
            "answer": shortened(answers[operation]) if is_json else None,
            "schema": schema_of(answers[operation]) if is_json else {"type": "string"},
        }
        if body is not None:
            found[operation]["body"] = shortened(body)
        print(operation, answer.status_code, len(answer.content))
        if "jobID" in (answers[operation] or {}) and way == "post":
            wait(client, answers[operation]["jobID"])
    return found


def taken(value: Any, answers: Mapping[str, Any]) -> Any:  # noqa: ANN401  (JSON)
    """A value, or what an earlier answer holds at a path."""
    if isinstance(value, Mapping):
        return {key: taken(one, answers) for key, one in value.items()}
    if isinstance(value, list):
        return [taken(one, answers) for one in value]
    if not (isinstance(value, str) and value.startswith(TAKEN)):
        return value
    operation, *path = value[len(TAKEN) :].split("/")
    found = answers[operation]
    for step in path:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def wait(client: TestClient, job: str) -> None:
    """Wait until a job has ended well."""
    for _ in range(MOST_LOOKS):
        told = client.get(f"/cities/{NAME}/jobs/{job}").json()
        if told["status"] == "successful":
            return
        if told["status"] in {"failed", "dismissed"}:
            raise SystemExit(str(told))
        time.sleep(LOOK)
    raise SystemExit(f"{job} does not end")


if __name__ == "__main__":
    main(sys.argv[1:])
