"""Messages about calls: waiting, being sent, sent; failed and tried again, and given up in the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

MessageState = Literal["waiting", "sending", "sent", "failed", "given_up"]
MESSAGE_STATES: tuple[MessageState, ...] = get_args(MessageState)

LEASE = timedelta(minutes=5)
"""So long one sender has a message to itself; a sender that died leaves it to the next."""
FIRST_PAUSE = timedelta(minutes=1)
"""Until the second try; each later pause is twice as long."""
MOST_TRIES = 10
"""Then it is given up: after some eight hours and a half."""
SHOWN = 300


@dataclass(frozen=True)
class Message:
    """A message to one body about one call.

    Args:
        event: Number of the event that called.
        body: Body it goes to.
        state: One of ``MESSAGE_STATES``.
        tries: How often it was tried.
        due: From when on it may be tried.
        said: What the last try said; empty when all was well.
    """

    event: int
    body: str
    state: MessageState
    tries: int
    due: datetime
    said: str = ""

    @property
    def id(self) -> str:
        """Its id: the same at every try, so that whoever gets it twice can tell."""
        return f"{self.event}-{self.body}"

    def is_due(self, moment: datetime) -> bool:
        """Whether it may be tried at a moment."""
        return self.state not in {"sent", "given_up"} and self.due <= moment


def taken(message: Message, moment: datetime) -> Message:
    """A message that one sender takes on."""
    return replace(message, state="sending", tries=message.tries + 1, due=moment + LEASE)


def ended(message: Message, moment: datetime, fault: str = "") -> Message:
    """A message after a try.

    Args:
        message: As it was taken on.
        moment: When the try ended.
        fault: What went wrong; empty when it was sent.
    """
    if not fault:
        return replace(message, state="sent", due=moment, said="")
    if message.tries >= MOST_TRIES:
        return replace(message, state="given_up", due=moment, said=fault[:SHOWN])
    pause = FIRST_PAUSE * 2 ** (message.tries - 1)
    return replace(message, state="failed", due=moment + pause, said=fault[:SHOWN])
