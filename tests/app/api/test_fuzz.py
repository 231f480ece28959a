"""Requests made from the description of the interface, right and wrong ones: none ends in an error of the server."""

import os
import shutil

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tulou.app.api.application import application

EXAMPLES = int(os.environ.get("TULOU_FUZZ", "60"))
"""Requests for each operation; the full proof asks for 6,000."""
ONLY = os.environ.get("TULOU_FUZZ_TAG", "")
"""Only operations of this tag; all of them by default."""
BROKEN = 500
HOSTS = ("testserver", "localhost", "127.0.0.1")
KNOWN = {"city": "small", "case": "C000001", "sensor": "gas-01", "commitment": "9.6"}
"""What is there, so that requests come as far as they can."""


@pytest.fixture(scope="module")
def described(operated, tmp_path_factory):
    copy = tmp_path_factory.mktemp("fuzz") / "small.city"
    shutil.copytree(operated, copy)
    return schemathesis.openapi.from_asgi("/openapi.json", application({"small": copy}, HOSTS))


def operations(described):
    found = [one.ok() for one in described.get_all_operations()]
    return [one for one in found if not ONLY or ONLY in one.definition.raw.get("tags", [])]


@pytest.mark.slow
def test_no_request_breaks_the_server(described):
    asked = 0
    for operation in operations(described):

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answered(case):
            nonlocal asked
            for name in KNOWN.keys() & (case.path_parameters or {}).keys():
                case.path_parameters[name] = KNOWN[name]
            answer = case.call()
            asked += 1
            assert answer.status_code < BROKEN or answer.status_code == 501, (case.as_curl_command(), answer.text)

        answered()
    assert asked >= EXAMPLES * len(operations(described)) // 2
