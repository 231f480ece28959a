"""Senders of messages: a folder of files, a command, a web address. None is used unless it is named."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from tulou.kernel.atomic import write_text
from tulou.kernel.errors import BadUse
from tulou.operations.cases.handlers.calling import Sender

PATIENCE = 30.0
"""Seconds a command or a server has for one message."""
HERE = frozenset({"127.0.0.1", "localhost", "::1"})
EXAMPLES = ("folder:PATH", "command:PROGRAM", "webhook:https://…")
FINE = range(200, 300)
"""Answers of a web server that say it took the message."""


@dataclass(frozen=True)
class FolderSender:
    """A file for each message, named by its id; a second try writes the same file again."""

    folder: Path

    def send(self, name: str, content: Mapping[str, Any]) -> str:
        """Write one; gives what went wrong, or nothing."""
        try:
            write_text(self.folder / f"{name}.json", _text(name, content))
        except OSError as error:
            return str(error)
        return ""


@dataclass(frozen=True)
class CommandSender:
    """A program that is given a message on its standard input, as JSON; it ends with 0 when it took it."""

    program: str

    def send(self, name: str, content: Mapping[str, Any]) -> str:
        """Run it for one; gives what went wrong, or nothing."""
        try:
            done = subprocess.run(  # noqa: S603  (the program that whoever runs this names)
                [self.program],
                input=_text(name, content),
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired, ValueError) as error:
            return str(error)
        return "" if not done.returncode else f"{done.returncode}: {done.stderr.strip()}"


@dataclass(frozen=True)
class WebhookSender:
    """A web address that messages are posted to; the id stands in the header ``Idempotency-Key``."""

    address: str

    def send(self, name: str, content: Mapping[str, Any]) -> str:
        """Post one; gives what went wrong, or nothing."""
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": name}
        asked = Request(self.address, _text(name, content).encode(), headers, method="POST")  # noqa: S310  (checked)
        try:
            with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310  (the scheme is checked)
                return "" if answer.status in FINE else f"HTTP {answer.status}"
        except (URLError, OSError, ValueError) as error:
            return str(error)


def sender_of(text: str) -> Sender:
    """The sender that an option names.

    Raises:
        BadUse: When it names none, or a web address that others could read along.
    """
    kind, _, rest = text.partition(":")
    if not rest or kind not in {"folder", "command", "webhook"}:
        raise BadUse("this is no way to send a message", where="--send", found=text, allowed=EXAMPLES)
    if kind == "folder":
        return FolderSender(Path(rest))
    if kind == "command":
        return CommandSender(rest)
    parts = urlsplit(rest)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE):
        raise BadUse("messages are posted by https", where="--send", found=parts.scheme, allowed=EXAMPLES)
    return WebhookSender(rest)


def _text(name: str, content: Mapping[str, Any]) -> str:
    return json.dumps({"id": name, **content}, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
