"""Random draws that anybody can recompute: an order with a sealed seed is published, then the seed, then the draw.

Before the draw the order says who may be drawn, how many of each stratum, which inspectors there are, and the digest of
the seed. The seed is revealed afterwards, joined by a public value that nobody could know when the order was published,
so that no seed could be chosen for its outcome. From then on everything follows by SHA-256 alone::

    key    = SHA-256(seed | public value | digest of the order)
    ticket = SHA-256(key | "enterprise" | stratum | code)       the lowest tickets of each stratum are drawn
    ticket = SHA-256(key | "inspector" | code | certificate)    the lowest tickets of those who may inspect it come

After RFC 3797 (publicly verifiable random selection) and consistent sampling by tickets (Rivest 2018). Persons take
part by the number of their certificate; they carry no weight and no score.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tulou.kernel.errors import BadInput, BadUse, Fault
from tulou.kernel.identity import digest_text

SEED = re.compile(r"[0-9a-f]{64}")
"""A seed is 256 bits, written as 64 hexadecimal digits: nobody can try all of them against the digest."""
BAR = "|"

NO_SEED = "a seed is 64 hexadecimal digits"
WRONG_SEED = "this seed is not the one whose digest was published"
NO_PUBLIC = "the order names a public value, and none was given"
TOO_MANY = "more are to be drawn than there are"


@dataclass(frozen=True)
class Stratum:
    """A part of the enterprises from which a number is drawn.

    Args:
        id: Its id.
        count: How many are drawn.
        members: Credit codes, in order.
    """

    id: str
    count: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Inspector:
    """Who may be drawn to inspect.

    Args:
        id: Number of the certificate.
        trades: Trades the holder may inspect.
        conflicts: Enterprises the holder may not inspect.
    """

    id: str
    trades: tuple[str, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """What is published before a draw.

    Args:
        id: Name of the draw.
        body: Body that draws.
        day: The day it was ordered.
        strata: Who may be drawn, and how many.
        trades: Trade of each enterprise.
        inspectors: Who may be drawn to inspect.
        each: Inspectors a visit.
        most: Most visits an inspector is drawn for.
        seed_digest: SHA-256 of the seed.
        public: The public value that will be joined to the seed, in words: which, of which day; empty for none.
        rule: Rule the draw follows.
    """

    id: str
    body: str
    day: str
    strata: tuple[Stratum, ...]
    trades: Mapping[str, str]
    inspectors: tuple[Inspector, ...]
    each: int
    most: int
    seed_digest: str
    public: str
    rule: str

    @property
    def text(self) -> str:
        """The order as one line of JSON, keys in order: what its digest is of."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of its text."""
        return digest_text(self.text)


@dataclass(frozen=True)
class Drawn:
    """An enterprise that was drawn.

    Args:
        enterprise: Credit code.
        stratum: Its stratum.
        ticket: Its ticket.
        inspectors: Certificates of those who inspect it; fewer than asked for where not enough may.
    """

    enterprise: str
    stratum: str
    ticket: str
    inspectors: tuple[str, ...]


@dataclass(frozen=True)
class Certificate:
    """A draw that was made, with everything it takes to make it again.

    Args:
        order: The order.
        seed: The seed.
        public: The public value; empty where the order names none.
        drawn: Who was drawn, stratum by stratum, by ticket.
    """

    order: Order
    seed: str
    public: str
    drawn: tuple[Drawn, ...]


def ordered(order: Order) -> Order:
    """An order in its one form: members and inspectors sorted; found sound.

    Raises:
        BadInput: When an enterprise or inspector stands twice, a stratum has too few members, or a number is wrong.
    """
    strata = tuple(Stratum(one.id, one.count, tuple(sorted(one.members))) for one in order.strata)
    inspectors = tuple(sorted(order.inspectors, key=lambda one: one.id))
    faults = [
        Fault(TOO_MANY, one.id, one.count, (f"0 to {len(one.members)}",))
        for one in strata
        if not 0 <= one.count <= len(one.members)
    ]
    names = [code for one in strata for code in one.members] + [one.id for one in inspectors]
    faults += [
        Fault("this stands twice in a draw", order.id, name) for name in sorted(set(names)) if names.count(name) > 1
    ]
    if order.each < 0 or order.most < 0 or not SEED.fullmatch(order.seed_digest):
        faults.append(Fault("an order has whole numbers and the digest of its seed", order.id, order.seed_digest))
    if faults:
        raise BadInput.of(faults)
    kept = {**vars(order), "strata": strata, "inspectors": inspectors, "trades": dict(sorted(order.trades.items()))}
    return Order(**kept)


def seed_digest(seed: str) -> str:
    """The digest by which a seed is known before it is revealed.

    Raises:
        BadUse: When it is no seed.
    """
    if not SEED.fullmatch(seed):
        raise BadUse(NO_SEED, where="--seed", found=f"{len(seed)}", allowed=("64 of 0-9 and a-f",))
    return digest_text(seed)


def draw(order: Order, seed: str, public: str = "") -> Certificate:
    """Make a draw.

    Args:
        order: What was published before.
        seed: The seed.
        public: The public value, as it was announced.

    Raises:
        BadUse: When the seed is not the one whose digest was published, or the public value is missing.
    """
    if seed_digest(seed) != order.seed_digest:
        raise BadUse(WRONG_SEED, where="--seed", found=digest_text(seed), allowed=(order.seed_digest,))
    if bool(order.public) != bool(public):
        raise BadUse(NO_PUBLIC, where="--public", found=public or None, allowed=(order.public or "nothing",))
    key = digest_text(BAR.join((seed, public, order.digest)))
    chosen = [
        (stratum.id, code, ticket)
        for stratum in order.strata
        for ticket, code in sorted(
            (digest_text(BAR.join((key, "enterprise", stratum.id, code))), code) for code in stratum.members
        )[: stratum.count]
    ]
    load: dict[str, int] = {}
    drawn = tuple(Drawn(code, stratum, ticket, _inspectors(order, key, code, load)) for stratum, code, ticket in chosen)
    return Certificate(order, seed, public, drawn)


def _inspectors(order: Order, key: str, code: str, load: dict[str, int]) -> tuple[str, ...]:
    """Those with the lowest tickets of all who may inspect an enterprise and have room left."""
    trade = order.trades.get(code, "")
    able = [
        one.id
        for one in order.inspectors
        if trade in one.trades and code not in one.conflicts and load.get(one.id, 0) < order.most
    ]
    tickets = sorted((digest_text(BAR.join((key, "inspector", code, name))), name) for name in able)
    found = tuple(name for _, name in tickets[: order.each])
    for name in found:
        load[name] = load.get(name, 0) + 1
    return found


def faults_of(certificate: Certificate, noted: str = "") -> list[Fault]:
    """Everything that is wrong with a certificate; nothing when it is what the seed makes of the order.

    Args:
        certificate: The certificate.
        noted: Digest of the order as it was published before the draw, or its first letters; empty when not noted.
    """
    order = certificate.order
    if noted and not order.digest.startswith(noted.lower()):
        return [Fault("this is not the order that was published before the draw", order.id, order.digest, (noted,))]
    try:
        if ordered(order) != order:
            return [Fault("this order is not in its one form", order.id)]
        again = draw(order, certificate.seed, certificate.public)
    except (BadUse, BadInput) as error:
        return list(error.faults)
    if again.drawn == certificate.drawn:
        return []
    pairs = zip(again.drawn, certificate.drawn, strict=False)
    wrong = next(((mine, theirs) for mine, theirs in pairs if mine != theirs), None)
    found = f"{len(certificate.drawn)}" if wrong is None else f"{wrong[1].enterprise} {', '.join(wrong[1].inspectors)}"
    right = f"{len(again.drawn)}" if wrong is None else f"{wrong[0].enterprise} {', '.join(wrong[0].inspectors)}"
    return [Fault("the seed does not make this draw", order.id, found, (right,))]


def order_of(plain: Mapping[str, Any], where: str) -> Order:
    """An order from plain data.

    Raises:
        BadInput: When it is none.
    """
    try:
        strata = tuple(Stratum(one["id"], int(one["count"]), tuple(one["members"])) for one in plain["strata"])
        inspectors = tuple(
            Inspector(one["id"], tuple(one["trades"]), tuple(one["conflicts"])) for one in plain["inspectors"]
        )
        return Order(**{**plain, "strata": strata, "inspectors": inspectors, "trades": dict(plain["trades"])})
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("this is no order of a draw", where=where, found=str(error)) from None


def certificate_of(plain: Mapping[str, Any], where: str) -> Certificate:
    """A certificate from plain data.

    Raises:
        BadInput: When it is none.
    """
    try:
        drawn = tuple(
            Drawn(one["enterprise"], one["stratum"], one["ticket"], tuple(one["inspectors"])) for one in plain["drawn"]
        )
        order, seed, public = order_of(plain["order"], where), str(plain["seed"]), str(plain["public"])
    except (KeyError, TypeError) as error:
        raise BadInput("this is no certificate of a draw", where=where, found=str(error)) from None
    return Certificate(order, seed, public, drawn)


def shares(sizes: Sequence[tuple[str, int]], rates: Mapping[str, float], most: int) -> dict[str, int]:
    """How many are drawn of each stratum?

    As many as its rate asks for, rounded up so that no stratum that is asked for goes without; where that is more than
    there is room for, all are lowered in proportion by largest remainders.

    Args:
        sizes: Size of each stratum, in order.
        rates: Share of each that is drawn.
        most: Most in all.
    """
    wanted = {name: min(-int(-size * rates[name] // 1), size) for name, size in sizes}
    total = sum(wanted.values())
    if total <= most:
        return wanted
    exact = {name: count * most / total for name, count in wanted.items()}
    found = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda one: (found[one] - exact[one], one))[: most - sum(found.values())]:
        found[name] += 1
    return found
