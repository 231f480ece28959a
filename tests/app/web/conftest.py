"""The pages in a real browser: the synthetic city served on the loopback, Chromium of the machine."""

import shutil
import socket
import threading
import time

import pytest
import uvicorn

from tulou.app import checking
from tulou.app.api.application import application
from tulou.app.api.web import BUILT
from tulou.app.wiring import open_city

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def address(rongcheng, tmp_path_factory):
    """The synthetic city with one check, served."""
    city = tmp_path_factory.mktemp("served") / "rongcheng.city"
    shutil.copytree(rongcheng, city)
    if not (BUILT / "index.html").is_file():
        pytest.skip("the pages are not built: python tools/web.py")
    checking.run(open_city(city), checking.Question())
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application({"rongcheng": city}), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def browser():
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--use-gl=swiftshader", "--enable-unsafe-swiftshader"]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=flags)
        yield found
        found.close()


@pytest.fixture
def page(browser, address, request):
    """A page that fails the test when the browser complains, or anything is asked of the outside."""
    width, height = getattr(request, "param", (1280, 900))
    found = browser.new_page(viewport={"width": width, "height": height})
    complaints = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("console", lambda said: complaints.append(said.text) if is_error(said) else None)
    found.on("request", lambda asked: complaints.append(asked.url) if is_outside(asked.url, address) else None)
    found.goto(address)
    yield found
    found.close()
    assert complaints == []


def is_error(said):
    """Whether the browser complains of the page; that a request was refused is for the page to tell."""
    return said.type == "error" and "status of 400" not in said.text


def is_outside(url, address):
    return not url.startswith((address, "data:", "blob:"))
