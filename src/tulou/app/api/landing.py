"""Where everything begins: the list of cities, the landing page of each, what is conformed to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from tulou.app.api import web
from tulou.app.api.shelf import Served
from tulou.app.api.speech import Speech
from tulou.kernel.words import Words
from tulou.model.store.city import City

OGC = "http://www.opengis.net/spec"
CONFORMS: Sequence[str] = (
    f"{OGC}/ogcapi-features-1/1.0/conf/core",
    f"{OGC}/ogcapi-features-1/1.0/conf/geojson",
    f"{OGC}/ogcapi-features-3/1.0/conf/queryables",
    f"{OGC}/ogcapi-features-3/1.0/conf/filter",
    f"{OGC}/ogcapi-features-3/1.0/conf/features-filter",
    f"{OGC}/cql2/1.0/conf/cql2-text",
    f"{OGC}/cql2/1.0/conf/cql2-json",
    f"{OGC}/cql2/1.0/conf/basic-cql2",
    f"{OGC}/cql2/1.0/conf/advanced-comparison-operators",
    f"{OGC}/cql2/1.0/conf/case-insensitive-comparison",
    f"{OGC}/cql2/1.0/conf/basic-spatial-functions",
    f"{OGC}/ogcapi-tiles-1/1.0/conf/core",
    f"{OGC}/ogcapi-tiles-1/1.0/conf/tileset",
    f"{OGC}/ogcapi-tiles-1/1.0/conf/tilesets-list",
    f"{OGC}/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    f"{OGC}/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    f"{OGC}/ogcapi-tiles-1/1.0/conf/mvt",
)
"""What is conformed to: classes whose abstract tests pass (``tests/app/api/test_ogc_abstract.py``), and three of
Features part 3 by tests of our own. Processes follow
their standard in addresses and words and claim no class."""
DESCRIPTION = "application/vnd.oai.openapi+json;version=3.1"
"""Media type of the description of the interface."""
TITLE = Words("土楼：城市体检", "Tulou: city health checks")

ROUTER = APIRouter(tags=["landing"])
"""Cities and their landing pages."""


@ROUTER.get("/openapi.json", include_in_schema=False)
def description(request: Request) -> Response:
    """The description of the interface."""
    text = json.dumps(request.app.openapi(), ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode(), media_type=DESCRIPTION)


@ROUTER.get("/cities")
def cities(shelf: Served, request: Request, language: Speech) -> dict[str, Any]:
    """Cities that are served."""
    base = str(request.base_url).rstrip("/")
    listed = [_city(name, shelf.city(name), base) for name in shelf.folders]
    return {"title": TITLE.say(language), "cities": listed}


@ROUTER.get("/cities/{city}/", include_in_schema=False)
@ROUTER.get("/cities/{city}")
def landing(shelf: Served, request: Request, city: str) -> dict[str, Any]:
    """Landing page of a city."""
    base = str(request.base_url).rstrip("/")
    opened = shelf.city(city)
    at = f"{base}/cities/{city}"
    relations = (
        (at, "self"),
        (f"{base}/openapi.json", "service-desc"),
        (f"{at}/conformance", "conformance"),
        (f"{at}/collections", "data"),
        (f"{at}/tiles", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"),
        (f"{at}/processes", "http://www.opengis.net/def/rel/ogc/1.0/processes"),
        (f"{at}/jobs", "http://www.opengis.net/def/rel/ogc/1.0/job-list"),
        (f"{at}/checks", "related"),
        (f"{at}/cases", "related"),
        (f"{at}/alarms", "related"),
        (f"{at}/tracker", "related"),
        (f"{at}/sensorthings/v1.1", "related"),
        (f"{at}/open311/v2/services.json", "related"),
    )
    links = [{"href": href, "rel": rel, "type": _kind(href)} for href, rel in relations]
    if web.has_docs():
        links.append({"href": f"{base}/docs/", "rel": "service-doc", "type": "text/html"})
    return _city(city, opened, base) | {"title": opened.profile.name, "links": links}


@ROUTER.get("/cities/{city}/conformance")
def conformance(shelf: Served, city: str) -> dict[str, Any]:
    """Standards that are conformed to."""
    shelf.folder(city)
    return {"conformsTo": list(CONFORMS)}


def _kind(href: str) -> str:
    if href.endswith("/openapi.json"):
        return DESCRIPTION
    return "application/json"


def _city(name: str, city: City, base: str) -> dict[str, Any]:
    commits = city.log()
    return {
        "id": name,
        "name": city.profile.name,
        "synthetic": city.profile.synthetic,
        "credit": list(city.profile.credit),
        "commits": len(commits),
        "branches": sorted(city.branches()),
        "href": f"{base}/cities/{name}",
    }
