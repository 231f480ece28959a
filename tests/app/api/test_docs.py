"""The documentation is served where it is built, and told of only there."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tulou.app.api import web


@pytest.fixture
def built(tmp_path):
    folder = tmp_path / "site"
    (folder / "en").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>choose</h1>")
    (folder / "en" / "index.html").write_text("<h1>Tulou</h1>")
    (folder / "en" / "search.js").write_text("window.tulouPages=[];")
    return folder


def test_it_is_served_under_docs(built, tmp_path):
    app = FastAPI(docs_url=None)
    web.install(app, built=tmp_path / "none", docs=built)
    client = TestClient(app)
    assert "choose" in client.get("/docs/").text
    assert "Tulou" in client.get("/docs/en/index.html").text
    assert client.get("/docs/en/search.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/docs/en/none.html").status_code == 404
    assert client.get("/docs/..%2f..%2fetc/passwd").status_code == 404


def test_it_is_not_served_where_it_is_not_built(tmp_path):
    app = FastAPI(docs_url=None)
    web.install(app, built=tmp_path / "none", docs=tmp_path / "none")
    assert TestClient(app).get("/docs/").status_code == 404


@pytest.mark.parametrize("there", [True, False])
def test_a_city_tells_of_it_where_it_is_built(client, monkeypatch, there):
    monkeypatch.setattr(web, "has_docs", lambda: there)
    (city,) = client.get("/cities").json()["cities"]
    links = client.get(city["href"]).json()["links"]
    told = [link for link in links if link["rel"] == "service-doc"]
    assert [link["type"] for link in told] == (["text/html"] if there else [])
    assert all(link["href"].endswith("/docs/") for link in told)
