"""The command that serves: names, ports, and a city asked over a real connection."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app.line import refused
from tulou.app.cli.serve import named
from tulou.kernel.errors import BadUse


def test_cities_are_served_under_the_names_of_their_folders():
    assert named([Path("/a/one.city"), Path("/b/two")]) == {"one": Path("/a/one.city"), "two": Path("/b/two")}
    with pytest.raises(BadUse, match="one name"):
        named([Path("/a/one.city"), Path("/b/one")])


def test_a_folder_that_is_no_city_is_refused(tmp_path):
    refused(3, "serve", tmp_path)


def test_a_city_over_a_real_connection(folder):
    command = [sys.executable, "-m", "tulou", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline()).group()
            asked = f"{address}/cities/small/collections/building/items?limit=1"
            with urllib.request.urlopen(asked) as answer:  # noqa: S310  (the loopback)
                assert json.load(answer)["numberMatched"] == 3
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
