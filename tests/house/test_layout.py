"""The house itself: small modules, no suppressed checks without a reason, no foreign addresses or machine paths."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES = 500
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def code_lines(text):
    """Lines that are neither blank nor comment nor inside a docstring."""
    bare = re.sub(r'(?s)"""(.*?)"""', "", text)
    return sum(1 for line in bare.splitlines() if line.strip() and not line.strip().startswith("#"))


def test_modules_are_small():
    large = {path.name: lines for path in SOURCES if (lines := code_lines(path.read_text("utf-8"))) > MOST_LINES}
    assert not large


def test_every_package_folder_says_what_it_is_for():
    folders = {path.parent for path in SOURCES}
    mute = [folder for folder in folders if not (folder / "__init__.py").read_text("utf-8").startswith('"""')]
    assert not mute


def test_no_host_of_a_registry_and_no_path_of_a_machine_in_any_file():
    banned = re.compile(
        "files\\.python" + "hosted|pypi\\.o" + "rg/simple|registry\\.npm" + "js|/wo" + "rk/|/ro" + "ot/"
    )
    wrong = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{path.relative_to(ROOT)}: {found[0]}" for found in [banned.search(text)] if found]
    assert not wrong, "\n".join(wrong)


def test_nothing_of_the_shared_data_is_copied():
    shared = ROOT.parent / "shared" / "data"
    if not shared.exists():
        return
    theirs = {(path.name, path.stat().st_size) for path in shared.rglob("*") if path.is_file()}
    ours = {(path.name, path.stat().st_size) for path in tracked()}
    assert not {pair for pair in theirs & ours if pair[0] not in {"README.md", "LICENSE", "SOURCE.md"}}
