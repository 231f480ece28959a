"""Every page on real cities: central Helsinki, which comes with a package, and Geneva where its extract is here."""

import re

import pytest
from playwright.sync_api import expect

from app.web.browsing import opened, serving
from shared_data import shared
from trials.chain import checked, city_of
from tulou.app.demonstration import make_helsinki
from tulou.app.intake import Intake

pytestmark = pytest.mark.slow
LONG = 60_000
WAITING = re.compile("^(Loading…|读取中…)$")
WIDTHS = ((1280, 900), (360, 740))


@pytest.fixture(scope="module")
def helsinki(tmp_path_factory):
    city = tmp_path_factory.mktemp("helsinki") / "helsinki.city"
    make_helsinki(city)
    with serving(helsinki=city) as found:
        yield found


@pytest.fixture(scope="module")
def geneva(tmp_path_factory):
    file = shared("city_noise_lorient/geneva.osm.pbf")
    place = tmp_path_factory.mktemp("geneva") / "geneva.city"
    city, _ = city_of(place, "Geneva", [(file, Intake())])
    checked(city)
    with serving(geneva=place) as found:
        yield found


@pytest.mark.parametrize("name", ["helsinki", "geneva"])
@pytest.mark.parametrize(("width", "height"), WIDTHS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_real_city_opens_and_fits(request, browser, name, language, width, height):
    address = request.getfixturevalue(name)
    with opened(browser, address, width, height) as page:
        page.goto(f"{address}#/{name}?lang={language}")
        page.locator("h1").wait_for(timeout=LONG)
        links = page.locator("header nav a")
        places = [links.nth(at).get_attribute("href") for at in range(links.count())]
        assert len(places) >= 5
        for place in places:
            page.goto(address + place)
            page.locator("h1, canvas").first.wait_for(timeout=LONG)
            expect(page.get_by_text(WAITING)).to_have_count(0, timeout=LONG)
            assert page.locator(".problem").count() == 0, (place, page.locator(".problem").all_inner_texts())
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place


@pytest.mark.parametrize("name", ["helsinki", "geneva"])
def test_the_map_of_a_real_city_draws_its_buildings(request, browser, name):
    address = request.getfixturevalue(name)
    with opened(browser, address) as page:
        page.goto(f"{address}#/{name}/map?lang=en")
        page.locator("[role=application][data-drawn]:not([data-drawn='0'])").wait_for(timeout=LONG)


@pytest.mark.parametrize("name", ["helsinki", "geneva"])
def test_a_figure_of_a_real_city_leads_to_its_objects(request, browser, name):
    address = request.getfixturevalue(name)
    with opened(browser, address) as page:
        page.goto(f"{address}#/{name}?lang=en&status=reference")
        page.locator("tbody a").first.click(timeout=LONG)
        page.locator("article h2").wait_for(timeout=LONG)
        assert page.locator("article tbody tr").count() > 0
