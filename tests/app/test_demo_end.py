"""The whole demonstration ends in a browser page where a person sits at a screen, and by itself where nobody does."""

import importlib
import socket
import sys

import pytest
import uvicorn

from app.line import fine
from tulou.app.casework import open_casework
from tulou.app.cli.serve import serve_cities
from tulou.app.demonstration import SHOWN_CASES, furnish
from tulou.app.tracking import open_tracker

module = importlib.import_module("tulou.app.cli.demo")  # the name of the command hides that of the module
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "CI")


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """The demonstration without its cities; notes what is served and what is opened."""
    served, opened = [], []

    def served_as(cities, port, *, ready):
        served.append((list(cities), port))
        ready("http://127.0.0.1:1")

    report = tmp_path / "rongcheng" / "report.en.html"
    monkeypatch.setattr(module, "_check", lambda _which, _folder: [report])
    monkeypatch.setattr(module, "serve_cities", served_as)
    monkeypatch.setattr(module.click, "launch", opened.append)
    return served, opened


def at_a_screen(monkeypatch, *, is_there):
    monkeypatch.setattr(module, "has_browser", lambda: is_there)


@pytest.mark.parametrize(("spoken", "query"), [("en", "?lang=en"), ("zh", "")])
def test_at_a_screen_the_cities_are_served_and_their_pages_opened(quick, monkeypatch, tmp_path, spoken, query):
    at_a_screen(monkeypatch, is_there=True)
    fine("demo", "--to", tmp_path, language=spoken)
    served, opened = quick
    ((cities, port),) = served
    assert cities == [tmp_path / "helsinki.city", tmp_path / "rongcheng.city"]
    assert port in {module.USUAL_PORT, 0}
    assert opened == [f"http://127.0.0.1:1/#/rongcheng{query}"]


@pytest.mark.parametrize(("is_there", "more"), [(True, ["--no-open"]), (False, []), (False, ["--open"])])
def test_where_nobody_looks_it_ends_by_itself_and_names_the_command(quick, monkeypatch, tmp_path, is_there, more):
    at_a_screen(monkeypatch, is_there=is_there)
    said = fine("demo", "--to", tmp_path, *more)
    assert quick == ([], [])
    assert f"tulou serve {tmp_path}/helsinki.city {tmp_path}/rongcheng.city" in said


def test_one_city_opens_its_report_and_serves_nothing(quick, monkeypatch, tmp_path):
    at_a_screen(monkeypatch, is_there=True)
    fine("demo", "rongcheng", "--to", tmp_path)
    served, opened = quick
    assert served == []
    assert opened == [(tmp_path / "rongcheng" / "report.en.html").as_uri()]
    opened.clear()
    fine("demo", "rongcheng", "--to", tmp_path, "--no-open")
    assert opened == []


def test_a_port_in_use_does_not_end_the_demonstration(quick, monkeypatch, tmp_path):
    at_a_screen(monkeypatch, is_there=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(module, "USUAL_PORT", taken.getsockname()[1])
        fine("demo", "--to", tmp_path)
    assert quick[0][0][1] == 0


@pytest.mark.parametrize(
    ("is_terminal", "platform", "variables", "wanted"),
    [
        (True, "linux", {"DISPLAY": ":0"}, True),
        (True, "linux", {"WAYLAND_DISPLAY": "w"}, True),
        (True, "linux", {}, False),
        (True, "darwin", {}, True),
        (False, "linux", {"DISPLAY": ":0"}, False),
        (False, "darwin", {}, False),
        (True, "linux", {"DISPLAY": ":0", "CI": "true"}, False),
    ],
)
def test_a_browser_is_there_where_somebody_sits_at_a_screen(monkeypatch, is_terminal, platform, variables, wanted):
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    assert module.has_browser() is wanted


def test_the_page_answers_once_it_is_opened(own, monkeypatch):
    """What is opened is listened on already: the browser waits, and is not refused."""
    found = {}

    class Server:
        def __init__(self, _config):
            pass

        def run(self, sockets):
            found["name"] = sockets[0].getsockname()

    monkeypatch.setattr(uvicorn, "Server", Server)
    heard = []

    def ready(address):
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=5):
            heard.append(address)

    serve_cities([own], 0, ready=ready)
    assert heard == [f"http://127.0.0.1:{found['name'][1]}"]


@pytest.mark.slow
def test_the_synthetic_city_is_furnished_once(own):
    furnish(own)
    events = len(open_casework(own).store.events())
    assert open_casework(own).store.cases() >= SHOWN_CASES
    entries = len(open_tracker(own).journal.events())
    assert entries > 0
    assert "gas-01" in fine("alarm", "list", own)
    furnish(own)
    assert (len(open_casework(own).store.events()), len(open_tracker(own).journal.events())) == (events, entries)
