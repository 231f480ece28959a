"""The pages for people, which are built into the package and ask this interface for everything."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from tulou import publish

BUILT = Path(__file__).parent.parent / "web"
"""Where ``tools/web.py`` puts them."""
DOCS = Path(__file__).parent.parent / "docs_site"
"""Where ``tools/docs.py`` puts the documentation."""
FONTS = Path(publish.__file__).parent / "fonts"
"""Of the house: for readers whose machine has no Chinese one."""
ALLOWED = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "connect-src 'self'; frame-ancestors 'self'; base-uri 'self'"
)
"""What pages may load: nothing from outside."""
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Tulou</title>
<p>网页尚未构建：python tools/web.py。开放接口可用：<a href="cities">cities</a>
<p>The pages were not built: python tools/web.py. The interface answers: <a href="cities">cities</a>
"""


def has_docs(docs: Path = DOCS) -> bool:
    """Whether the documentation is built."""
    return (docs / "index.html").is_file()


def install(app: FastAPI, built: Path = BUILT, docs: Path = DOCS) -> None:
    """Serve the documentation where it is built, and the pages at the root, after everything else."""
    app.mount("/fonts", StaticFiles(directory=FONTS), name="fonts")
    if has_docs(docs):
        app.mount("/docs", StaticFiles(directory=docs, html=True), name="docs")
    if (built / "index.html").is_file():
        app.mount("/", StaticFiles(directory=built, html=True), name="web")
        return

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def absent() -> str:
        return NOT_BUILT
