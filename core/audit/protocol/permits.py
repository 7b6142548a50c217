"""Which Entries about grants are legal: given by every Vote, used within its bounds, and not once it was ended.

Fed in sequence order, as `core.audit.protocol.shapes` is, which asks here whether a Call may run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from core.audit.body import Body, number_of, part, stamp
from core.model import Json, Outcome

Fault: TypeAlias = tuple[str, str]  # rule, detail
Chosen: TypeAlias = Sequence[Body]  # the caps of each approving Vote, empty where it chose no grant
CAPS: Final = ("uses", "rows", "total")
SHOWN: Final = frozenset({Outcome.DELIVERED, Outcome.PARTLY_DELIVERED})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a Review was when a grant came of it."""

    call: str
    unit: Json  # of its DECISION `approved`; None: there is none
    chosen: Chosen


@dataclass(slots=True)
class _Grant:
    fingerprint: Json
    policy: Json
    caps: Mapping[str, int]
    until: int
    rows: int = 0
    ended: bool = False


@final
class Permits:
    """Grants as their Entries tell them; every method yields what an Entry breaks."""

    def __init__(self, *, whole: bool = True) -> None:
        """Begin; not `whole`: what began before the first Entry read is not judged."""
        self._whole = whole
        self._grants: dict[str, _Grant] = {}
        self._under: dict[str, str] = {}  # Call -> grant
        self._rows: dict[str, int] = {}  # Call -> rows that count

    def covers(self, call: str) -> bool:
        """Whether a use of a grant was taken for this Call."""
        return call in self._under

    def given(self, body: Body, asked: Asked | None, *, known: bool) -> Iterator[Fault]:
        """Take a new grant, in the unit of the decision that gives it; `known`: its Review was read."""
        name = str(body["grant"])
        caps = {key: number(body, key) for key in CAPS}
        self._grants[name] = _Grant(body["fingerprint"], body["policy"], caps, number(body, "until"))
        if not (known or self._whole):
            return
        if asked is None or asked.unit != body["unit"] or asked.call != body["call"]:
            yield "grant_unapproved", f"{name} without its Review's approval"
        elif not asked.chosen or any(number(vote, key) < caps[key] for vote in asked.chosen for key in CAPS):
            yield "grant_unapproved", f"{name} reaches further than every Vote said"

    def used(self, body: Body, intent: tuple[Json, Body] | None) -> Iterator[Fault]:
        """Take a use, in one unit with the INTENT of its Call: of that, its unit and its verdict."""
        name, call = str(body["grant"]), str(body["call"])
        grant = self._grants.get(name)
        self._under[call] = name
        if grant is None:
            yield from self._never(name)
            return
        unit, verdict = intent or (None, {})
        under = part(verdict, "grant")
        here = (unit, under.get("id"), under.get("use")) == (body["unit"], name, number_of(body))
        same = (verdict.get("policy"), body["fingerprint"]) == (grant.policy, grant.fingerprint)
        if not (here and same):
            yield "grant_of_another", f"{name} for {call}"
        if grant.ended or stamp(body) >= grant.until or number_of(body) > grant.caps["uses"]:
            yield "grant_overused", name

    def _never(self, name: str) -> Iterator[Fault]:
        if self._whole:
            yield "grant_unapproved", f"{name} was never given"

    def revoked(self, body: Body) -> Iterator[Fault]:
        """Take the end of a grant."""
        grant = self._grants.get(str(body["grant"]))
        if grant is None:
            yield from self._never(str(body["grant"]))
        else:
            grant.ended = True

    def lasts(self, call: str, rows: int) -> Iterator[Fault]:
        """Count what a Call is about to change, or has shown; under no grant it is nothing."""
        grant = self._grants.get(self._under.get(call, ""))
        if grant is None:
            return
        if grant.ended:
            yield "grant_overused", f"{call} went on under {self._under[call]} after its end"
        grant.rows += rows
        self._rows[call] = self._rows.get(call, 0) + rows
        if rows > grant.caps["rows"] or grant.rows > grant.caps["total"]:
            yield "grant_rows", f"{call} under {self._under[call]}"

    def ended(self, call: str, result: Outcome, rows: int) -> Iterator[Fault]:
        """Give back what a Call's Source rolled back; count what a read has shown."""
        grant = self._grants.get(self._under.get(call, ""))
        if grant is None:
            return
        if result is Outcome.ABORTED:
            grant.rows -= self._rows.pop(call, 0)
        elif result in SHOWN:
            yield from self.lasts(call, rows)


def number(body: Body, key: str) -> int:
    """Read a number; what is none is 0."""
    found = body.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0
