"""Two hundred readers at once on the loopback, of a real server, without an error."""

import asyncio
import random
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest

from loopback import served
from tulou.app import checking
from tulou.app.api.application import application
from tulou.app.wiring import open_city

pytestmark = pytest.mark.slow

READERS, SECONDS, PATIENCE = 200, 6, 60.0
PATHS = (
    "", "/conformance", "/collections", "/collections/building", "/collections/building/items?limit=100",
    "/collections/building/items?filter=height>20", "/collections/building/items/b1", "/tiles",
    "/tiles/WebMercatorQuad/14/6939/13621", "/checks", "/checks/newest", "/checks/newest/results?limit=100",
    "/checks/newest/findings", "/cases", "/alarms", "/processes", "/jobs", "/drafts",
)  # fmt: skip
OTHERS = ("/cities", "/openapi.json", "/rulebooks")


@pytest.fixture(scope="module")
def address(operated, tmp_path_factory):
    city = tmp_path_factory.mktemp("readers") / "small.city"
    shutil.copytree(operated, city)
    checking.run(open_city(city), checking.Question(indicators=("road_density", "build_ratio")))
    with served(application({"small": city})) as found:
        yield found


async def reader(client, number, until, answers):
    picks = random.Random(number)  # noqa: S311  (a choice of pages)
    while time.monotonic() < until:
        path = picks.choice([*(f"/cities/small{one}" for one in PATHS), *OTHERS])
        try:
            answer = await client.get(path, headers={"Accept-Language": picks.choice(["zh", "en"])})
            answers[answer.status_code if answer.status_code >= 400 else "fine"] += 1
        except httpx.HTTPError as error:
            answers[type(error).__name__] += 1


async def read(address):
    answers = Counter()
    limits = httpx.Limits(max_connections=READERS, max_keepalive_connections=READERS)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits) as client:
        until = time.monotonic() + SECONDS
        await asyncio.gather(*(reader(client, number, until, answers) for number in range(READERS)))
    return answers


def test_two_hundred_readers_are_all_answered(address):
    with ThreadPoolExecutor(1) as apart:  # a loop may run in this thread already, that of a browser
        answers = apart.submit(lambda: asyncio.run(read(address))).result()
    assert set(answers) == {"fine"}, answers
    assert answers["fine"] >= READERS, "every one of them at least once"
