"""Requests made from the description of the interface, right and wrong ones: none ends in an error of the server."""

import os
import shutil
import sys
import time
from asyncio import Runner
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx2 as httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tulou.app import checking
from tulou.app.api.application import application
from tulou.app.own_rulebooks import FOLDER, Draft, Shelf, Signed
from tulou.app.wiring import RULEBOOKS, open_city, rulebook
from tulou.indicators.rulebook.written import definition_text

EXAMPLES = int(os.environ.get("TULOU_FUZZ", "60"))
"""Requests for each operation."""
ONLY = os.environ.get("TULOU_FUZZ_TAG", "")
"""Only operations of this tag; all of them by default."""
CALLS = int(os.environ.get("TULOU_FUZZ_CALLS", "0"))
"""Requests in all, more for quick operations than for slow ones; the full proof asks for 100,000."""
FEWEST = 300
"""Requests for each operation of the full proof that has so many different ones."""
ROUNDS = 12
MOST_SHARE = 3.0
"""Times the mean that the quickest operation is asked in a round."""
BROKEN, NOT_BUILT = 500, 501
HOSTS = ("testserver", "localhost", "127.0.0.1")
KNOWN = {
    "city": "small",
    "case": "C000001",
    "sensor": "gas-01",
    "commitment": "9.6",
    "check": "newest",
    "indicator": "road_density",
    "form": "json",
}
"""What is there, so that requests come as far as they can; every so often another name is asked for."""
NAMES = {
    "/collections/{name}": "building",
    "/processes/{name}": "design_storm",
    "/rulebooks/{name}": "china",
    "/drafts/{name}": "mine",
}
OTHERWISE = 5
"""One request in so many asks for names as they come."""
ASKED = ("road_density", "build_ratio")


@pytest.fixture(scope="module")
def described(operated, tmp_path_factory):
    copy = tmp_path_factory.mktemp("fuzz") / "small.city"
    shutil.copytree(operated, copy)
    checking.run(open_city(copy), checking.Question(indicators=ASKED))
    book = rulebook(RULEBOOKS)
    text = definition_text(book, book.indicators[ASKED[0]]).replace("level:", "known: 40\nlevel:")
    Shelf(copy / FOLDER).save(Draft(text, "", RULEBOOKS), Signed("mine", "t", date(2026, 1, 1)))
    app = application({"small": copy}, HOSTS)
    with Runner() as runner:
        sending = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=sending, base_url=f"http://{HOSTS[0]}")

        def send(case):
            asked = case.as_transport_kwargs(base_url=f"http://{HOSTS[0]}")
            client.cookies = httpx.Cookies(asked.pop("cookies", None))
            if isinstance(asked.get("data"), (bytes, str)):
                asked["content"] = asked.pop("data")
            return runner.run(client.request(**asked))

        yield schemathesis.openapi.from_asgi("/openapi.json", app), send


@dataclass
class Asking:
    """One operation, asked again and again."""

    operation: Any
    send: Callable
    calls: int = 0
    seconds: float = 0.0
    is_spent: bool = False
    answers: Counter = field(default_factory=Counter)
    broken: list = field(default_factory=list)

    @property
    def pace(self):
        """Seconds of a call."""
        return self.seconds / max(self.calls, 1)

    def ask(self, times):
        before, start = self.calls, time.monotonic()

        @settings(
            max_examples=times,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=self.operation.as_strategy())
        def asked(case):
            self.one(case)

        asked()
        self.seconds += time.monotonic() - start
        self.is_spent |= self.calls - before < times // 2  # no more different requests can be made

    def known(self):
        named = [one for beginning, one in NAMES.items() if beginning in self.operation.path]
        return {**KNOWN, "name": named[0]} if named else KNOWN

    def one(self, case):
        known = self.known() if self.calls % OTHERWISE else {}
        case.path_parameters = case.path_parameters or {}
        for name in known.keys() & case.path_parameters.keys():
            case.path_parameters[name] = known[name]
        self.calls += 1
        try:
            answer = self.send(case)
        except (httpx.InvalidURL, UnicodeError):
            self.calls -= 1  # no client can send this
            return
        except Exception as error:  # noqa: BLE001  (whatever the application let through)
            self.broken = self.broken or [case.as_curl_command(), f"{type(error).__name__}: {error}"[:300]]
            self.answers["raised"] += 1
            return
        self.answers[answer.status_code] += 1
        if answer.status_code >= BROKEN and answer.status_code != NOT_BUILT and not self.broken:
            self.broken = [case.as_curl_command(), answer.text[:300]]


def askings(described):
    document, send = described
    found = [one.ok() for one in document.get_all_operations()]
    return [Asking(one, send) for one in found if not ONLY or ONLY in one.definition.raw.get("tags", [])]


def tell(found):
    for one in found:
        line = (one.operation.label, one.calls, f"{one.pace * 1000:.1f} ms", dict(one.answers), *one.broken)
        sys.stderr.write(" ".join(map(str, line)) + "\n")


@pytest.mark.slow
def test_no_request_breaks_the_server(described):
    found = askings(described)
    for one in found:
        one.ask(EXAMPLES)
        tell([one])
    assert [one.broken for one in found if one.broken] == []
    assert sum(one.calls for one in found) >= EXAMPLES * len(found) // 2


@pytest.mark.slow
@pytest.mark.skipif(not CALLS, reason="the full proof is asked for by TULOU_FUZZ_CALLS=100000")
def test_the_full_proof(described):
    """As many requests as were asked for; quick operations have more of them, and those that have no more are left."""
    found = askings(described)
    for one in found:
        one.ask(FEWEST // 10)
    for _ in range(ROUNDS):
        left = CALLS - sum(one.calls for one in found)
        open_still = [one for one in found if not one.is_spent]
        if left <= 0 or not open_still:
            break
        total = sum(1 / one.pace for one in open_still)
        for one in open_still:
            share = left / one.pace / total  # every operation has the same time
            one.ask(int(min(share, MOST_SHARE * left / len(open_still))) + FEWEST // ROUNDS)
            tell([one])
    calls, seconds = sum(one.calls for one in found), sum(one.seconds for one in found)
    sys.stderr.write(f"{calls} calls of {len(found)} operations, {calls / seconds:.0f} a second\n")
    assert [one.broken for one in found if one.broken] == []
    assert calls >= CALLS
