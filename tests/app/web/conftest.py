"""The pages in a real browser: the synthetic city served on the loopback, Chromium of the machine."""

import shutil

import pytest

from app.web.browsing import opened, serving
from tulou.app import checking
from tulou.app.wiring import open_city

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def address(rongcheng, tmp_path_factory):
    """The synthetic city with one check, served."""
    city = tmp_path_factory.mktemp("served") / "rongcheng.city"
    shutil.copytree(rongcheng, city)
    checking.run(open_city(city), checking.Question())
    with serving(rongcheng=city) as found:
        yield found


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
    with opened(browser, address, *getattr(request, "param", ())) as found:
        yield found
