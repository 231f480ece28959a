"""The map of a large city in a browser: how long until something useful is seen, and how smoothly it moves.

    python benchmarks/pages.py                          # a generated city of 100,000 buildings, checked first: minutes
    python benchmarks/pages.py --city FOLDER            # a city that has a check
    python benchmarks/pages.py --city FOLDER --solid    # buildings in 3-D

The city is served on the loopback; Chromium of the machine opens its map in a new profile. ``first paint`` and ``first
content`` are the browser's own; ``map`` is when MapLibre has drawn all tiles of the first view, ``coloured`` when the
units of the indicator are coloured too, both since the page was asked for. ``server ready`` is how long the server
makes its layers ready after it starts. Frames are the times between two frames while the map is dragged, zoomed and
turned by a script. Without a graphics card Chromium draws by SwiftShader on the processor: then frames tell what the
processor can do, not what a reader sees. No peer draws a health check; the table stands alone.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page, sync_playwright

from recheck import made
from tulou.app import checking
from tulou.app.api import tiles
from tulou.app.api.application import application
from tulou.app.wiring import open_city

BUILDINGS = 100_000
ROUNDS = 5
FLAGS = ("--no-sandbox", "--use-gl=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WAIT = 60_000
SLOW = 50.0
"""Milliseconds of a frame that a reader sees as a stutter."""
WATCH = """() => { window.frames_ = []; let last = performance.now();
  const step = now => { window.frames_.push(now - last); last = now; window.watching_ = requestAnimationFrame(step); };
  window.watching_ = requestAnimationFrame(step); }"""
STOP = "() => { cancelAnimationFrame(window.watching_); return window.frames_; }"
MARKS = """() => { const at = name => performance.getEntriesByName(name)[0]?.startTime ?? null;
  return { "first paint": at("first-paint"), "first content": at("first-contentful-paint"), map: at("map-drawn"),
           coloured: at("map-coloured"), bytes: performance.getEntriesByType("resource")
             .reduce((sum, one) => sum + one.transferSize, 0) }; }"""


@contextmanager
def served(city: Path) -> Iterator[tuple[str, float]]:
    """The city on the loopback, its layers made ready; its address and how many seconds that took."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    app = application({"city": city})
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    began = time.perf_counter()
    thread.start()
    while not server.started:
        time.sleep(0.05)
    tiles.make_ready(app.state.shelf, "city")
    ready = time.perf_counter() - began
    yield f"http://127.0.0.1:{port}/", ready
    server.should_exit = True
    thread.join()


def opened(browser: Any, address: str, query: str) -> tuple[Page, dict[str, float | None]]:
    """The map in a new profile, and when what was seen, ms."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}#/city/map?lang=en{query}")
    page.locator("[role=application][data-drawn]:not([data-drawn='0'])").wait_for(timeout=WAIT)
    deadline = time.monotonic() + WAIT / 1000
    while (marks := page.evaluate(MARKS))["coloured"] is None and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    return page, marks


def moved(page: Page) -> list[float]:
    """Times between frames while the map is dragged, zoomed in and out and turned, ms."""
    box = page.locator("canvas").bounding_box() or {"x": 0, "y": 0, "width": 800, "height": 800}
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(WATCH)
    for dx, dy in ((-250, 0), (0, -180), (250, 0), (0, 180)):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + dx, y + dy, steps=20)
        page.mouse.up()
        page.wait_for_timeout(300)
    for turn in (-400, -400, -400, 400, 400, 400):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(500)
    found: list[float] = page.evaluate(STOP)
    return found[1:]


def told(name: str, values: list[float], unit: str) -> None:
    """One line of the table: the median and the worst."""
    print(f"{name:<16} {statistics.median(values):>9.0f} {max(values):>9.0f} {unit}")


def measure(city: Path, query: str, rounds: int) -> None:
    """Print the table of one city."""
    path = next(found for one in BROWSERS if (found := shutil.which(one)))
    with served(city) as (address, ready), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        print(f"server ready     {ready:>9.1f} s")
        print(f"{'':<16} {'median':>9} {'worst':>9}")
        seen = []
        for _ in range(rounds):
            page, marks = opened(browser, address, query)
            seen.append(marks)
            frames = moved(page)
            page.context.close()
        for name in ("first paint", "first content", "map", "coloured"):
            told(name, [float(one[name] or "nan") for one in seen], "ms")
        told("received", [float(one["bytes"] or 0) / 1000 for one in seen], "kB")
        told("frame", frames, "ms")
        slow = sum(one > SLOW for one in frames) / len(frames)
        print(f"{'frames':<16} {len(frames):>9} of which {slow:.0%} above {SLOW:.0f} ms")
        browser.close()


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--city", type=Path)
    words.add_argument("--buildings", type=int, default=BUILDINGS)
    words.add_argument("--query", default="", help="more of the address, as &indicator=…&level=…")
    words.add_argument("--solid", action="store_true")
    words.add_argument("--rounds", type=int, default=ROUNDS)
    asked = words.parse_args()
    query = asked.query + ("&solid=yes" if asked.solid else "")
    with tempfile.TemporaryDirectory() as place:
        city = asked.city or made(Path(place), asked.buildings)
        if asked.city is None:
            checking.run(open_city(city), checking.Question())
        measure(city, query, asked.rounds)


if __name__ == "__main__":
    main()
