"""Certificates of training: which are valid, which fall due, which are over. Persons are known by register id only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.operations.safety.domain.credit import months_after

CertificateState = Literal["valid", "due soon", "review due", "expired", "unknown"]
CERTIFICATE_STATES: tuple[CertificateState, ...] = get_args(CertificateState)

HOLDER = re.compile(r"[A-Z]{1,4}-?[0-9]{3,12}")
"""A holder is named by an id of a register: letters and digits, no name and no number of an identity card."""
NO_REGISTER_ID = "a person stands in this register by a register id only, never by a name or an identity number"


@dataclass(frozen=True)
class CertificateKind:
    """A kind of certificate.

    Args:
        id: Its id.
        title: Its name.
        months: Months for which one is valid; None where the certificate says so itself.
        review: Months after which it is looked at again; None for none.
        source: Where that comes from.
        evidence: How well it is evidenced.
    """

    id: str
    title: Words
    months: int | None
    review: int | None
    source: str
    evidence: str


@dataclass(frozen=True)
class Certificate:
    """One certificate.

    Args:
        id: Its number.
        enterprise: Credit code of the enterprise.
        holder: Register id of the person.
        kind: Its kind.
        body: Who issued it.
        issued: The day it was issued; None where unknown.
        until: Last day on which it is valid, as it says; None where it does not.
        reviewed: The day it was last looked at again; None where it never was.
    """

    id: str
    enterprise: str
    holder: str
    kind: str
    body: str
    issued: date | None
    until: date | None
    reviewed: date | None = None


@dataclass(frozen=True)
class Due:
    """A certificate on a day.

    Args:
        certificate: The certificate.
        state: How it stands.
        day: The day it is due next; None where unknown.
        reason: What is due: ``renewal`` or ``review``; empty where unknown.
    """

    certificate: Certificate
    state: CertificateState
    day: date | None
    reason: str


def holder_of(text: str, where: str = "") -> str:
    """The register id of a person.

    Raises:
        BadInput: When it is a name, an identity number or anything else.
    """
    if not HOLDER.fullmatch(text.strip()):
        raise BadInput(NO_REGISTER_ID, where=where, found="…", allowed=("e.g. T-000123",))
    return text.strip()


def due_of(certificate: Certificate, kinds: Mapping[str, CertificateKind], day: date, *, soon: int) -> Due:
    """How does a certificate stand on a day, and what is due next?

    Args:
        certificate: The certificate.
        kinds: Kinds with their times.
        day: The day.
        soon: Days ahead that count as soon.
    """
    kind = kinds.get(certificate.kind)
    last = certificate.until or _last(certificate, kind)
    if last is None:
        return Due(certificate, "unknown", None, "")
    if last < day:
        return Due(certificate, "expired", last, "renewal")
    review = _review(certificate, kind)
    if review is not None and review < day and review < last:
        return Due(certificate, "review due", review, "review")
    next_day, reason = (review, "review") if review is not None and review < last else (last, "renewal")
    is_soon = next_day <= day + timedelta(days=soon)
    return Due(certificate, "due soon" if is_soon else "valid", next_day, reason)


def due_list(
    certificates: Sequence[Certificate], kinds: Mapping[str, CertificateKind], day: date, *, soon: int
) -> list[Due]:
    """All certificates, what presses most first: over, to be reviewed, due soon, unknown, valid."""
    order = {"expired": 0, "review due": 1, "due soon": 2, "unknown": 3, "valid": 4}
    found = [due_of(one, kinds, day, soon=soon) for one in certificates]
    return sorted(found, key=lambda one: (order[one.state], one.day or date.max, one.certificate.id))


def _last(certificate: Certificate, kind: CertificateKind | None) -> date | None:
    """Last day of validity by the rule of its kind: the day before the same day some months later."""
    if kind is None or kind.months is None or certificate.issued is None:
        return None
    return months_after(certificate.issued, kind.months) - timedelta(days=1)


def _review(certificate: Certificate, kind: CertificateKind | None) -> date | None:
    begun = certificate.reviewed or certificate.issued
    if kind is None or kind.review is None or begun is None:
        return None
    return months_after(begun, kind.review)
