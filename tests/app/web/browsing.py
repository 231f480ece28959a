"""Cities on the loopback, and pages that fail a test when the browser complains."""

from contextlib import contextmanager

import pytest

from loopback import served
from tulou.app.api.application import application
from tulou.app.api.web import BUILT


@contextmanager
def serving(**cities):
    """Some cities on the loopback, by the name they are served under."""
    if not (BUILT / "index.html").is_file():
        pytest.skip("the pages are not built: python tools/web.py")
    with served(application(cities)) as found:
        yield f"{found}/"


@contextmanager
def opened(browser, address, width=1280, height=900):
    """A page that fails the test when the browser complains, or anything is asked of the outside."""
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
    return said.type == "error" and "status of 400" not in said.text and "status of 422" not in said.text


def is_outside(url, address):
    return not url.startswith((address, "data:", "blob:"))
