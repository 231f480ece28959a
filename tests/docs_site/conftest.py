"""The generator of the documentation lies beside the package, in ``tools``."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))


@pytest.fixture(scope="session")
def docs():
    """The tool that builds the site."""
    pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    import docs

    return docs


@pytest.fixture(scope="session")
def site(docs):
    """The site of this house, bound."""
    return docs.bound()
