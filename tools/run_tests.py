"""Run what a change must pass: lint, format, types, layers, tests.

``./tulou test`` runs all but the slow proofs, ``./tulou test --slow`` the slow proofs only; anything else is handed
to pytest (``./tulou test tests/kernel -k calendar``).
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
PLACES = ["src", "tests", "benchmarks", "tools", "samples"]


def run(title: str, command: list[str]) -> bool:
    """Run one step and say how it went."""
    print(f"── {title}", flush=True)
    began = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"   {'ok' if code == 0 else f'FAILED ({code})'}, {time.monotonic() - began:.0f} s", flush=True)
    return code == 0


def pytest(*words: str) -> list[str]:
    """The command that runs tests, on all cores."""
    return [str(TOOLS / "pytest"), "-n", "auto", "--dist", "worksteal", *words]


def main() -> int:
    """Run the steps asked for; every step runs even when an earlier one failed."""
    words = sys.argv[1:]
    if words and words[0] == "--slow":
        return 0 if run("slow proofs", pytest("-m", "slow", *words[1:])) else 1
    if words:
        return 0 if run("tests", [str(TOOLS / "pytest"), *words]) else 1
    places = [place for place in PLACES if (ROOT / place).exists()]
    steps = [
        ("lint", [str(TOOLS / "ruff"), "check", *places]),
        ("format", [str(TOOLS / "ruff"), "format", "--check", "-q", *places]),
        ("types", [str(TOOLS / "mypy")]),
        ("layers", [str(TOOLS / "lint-imports")]),
        ("tests", pytest("-m", "not slow")),
    ]
    failed = [title for title, command in steps if not run(title, command)]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
