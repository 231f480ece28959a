"""Calling the command line as a person does, in this process, and looking at what it said and left."""

import contextlib
import hashlib
import io
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

from tulou.app.cli import main


@dataclass(frozen=True)
class Said:
    """What a call answered."""

    code: int
    out: str
    err: str


def tulou(*words, language="en"):
    """Call ``tulou`` with some words; a traceback fails the test by itself."""
    out, err = io.StringIO(), io.StringIO()
    before = os.environ.get("TULOU_LANGUAGE")
    os.environ["TULOU_LANGUAGE"] = language
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
            main([str(word) for word in words])
    except SystemExit as leaving:
        return Said(leaving.code or 0, out.getvalue(), err.getvalue())
    finally:
        if before is None:
            del os.environ["TULOU_LANGUAGE"]
        else:
            os.environ["TULOU_LANGUAGE"] = before
    raise AssertionError(words)


def fine(*words, language="en"):
    """Call it and expect that all went well; gives what was printed."""
    said = tulou(*words, language=language)
    assert said.code == 0, (words, said.err)
    assert said.err == ""
    return said.out


def refused(code, *words, language="en"):
    """Call it and expect a refusal in the form of the house; gives the message."""
    said = tulou(*words, language=language)
    assert said.code == code, (words, said)
    assert said.err.startswith("tulou: "), said.err
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) > 1, said.err
    return said.err


def contents(folder):
    """Every file below a folder with its digest: equal when nothing was changed or left behind."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }
