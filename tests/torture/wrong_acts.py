"""Wrong designs of grants, emergencies, reminders and cards, each with the directed trial that must turn red."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from core.audit import unit as units
from core.errors import GatewayError
from core.execution import attempts, beginning
from core.execution.attempts import Attempts, Ticket
from core.model import Answer, Entry, EntryKind, Identity, Slot
from core.ports import Change, Committed, GiveGrant, Hindsight, Said, Shown, TicketKind, Unit, UseGrant
from core.reviews import desk, votes
from core.reviews.hindsight import Hindsights
from core.stores.operational import grants
from slackbot.home import reminders
from slackbot.home.reminders import Reminders
from tests.torture.doomed import Doomed, DoomedTickets
from tests.torture.wrong import TELL, drawn_and_not_recorded_as_drawn, every_replica_draws, put, who_lost_a_slot_goes_on


def use_counted_after_the_run() -> None:
    """A grant's use is counted once what it lets run has run."""
    run = Attempts.run

    async def counted(self: Attempts, ticket: Ticket, *rest: Any) -> Answer:
        answer = await run(self, ticket, *rest)
        if (use := ticket.permit.use) is not None:
            call, by = ticket.permit.call.id, ("u",)
            body: dict[str, Any] = {"call": call, "fingerprint": use.grant.coverage.fingerprint, "by": list(by)}
            said = Entry(kind=EntryKind.PERMIT_USED, scope=use.grant.id, attempt=use.number, slot=Slot.USE, body=body)
            unit = Unit(entries=(said,), changes=(UseGrant(grant=use.grant, call=call),), before=use.grant.until)
            with contextlib.suppress(GatewayError):
                await self._journal.commit(unit)
        return answer

    unchecked()
    put(Attempts, "run", counted)
    put(attempts, "spent", lambda *_: ())
    put(beginning, "used", lambda unit, *_: unit)


def use_apart_from_its_call() -> None:
    """A grant's use in a unit of its own, before the one that begins its Call."""
    apart(EntryKind.PERMIT_USED, UseGrant, first=True)


def grant_apart_from_its_votes() -> None:
    """A grant in a unit of its own, after the Vote that gives it."""
    apart(EntryKind.PERMIT_GIVEN, GiveGrant, first=False)


def alert_apart_from_its_answer() -> None:
    """An answer given alone, and then its alert."""
    apart(EntryKind.ALERT, None, first=False)


def used_after_its_end() -> None:
    """Whether a grant was ended is read before the unit that uses it, and not in it."""
    put(grants, "USE", grants.USE.replace(" AND ended_at IS NULL", ""))


def lasts_after_its_end() -> None:
    """Whether a grant was ended is not asked again when what it let run comes to last."""
    put(grants, "SPEND", grants.SPEND.replace(" AND ended_at IS NULL", ""))


def rows_added_afterwards() -> None:
    """Rows of a grant are compared with its total by who runs, and only added up by the store."""
    put(grants, "SPEND", grants.SPEND.replace(" AND rows + $1 <= total", ""))


def looked_at_before_it_is_on_record() -> None:
    """Say that somebody looked at it, then write it down."""
    close = Hindsights.close

    async def told(self: Hindsights, who: Identity, said: Hindsight) -> Said:
        row = await self._reviews.review(said.review)
        TELL[0](f"looked {row and row.call}")
        return await close(self, who, said)

    put(Hindsights, "close", told)


def follows_by_a_clock_of_its_own() -> None:
    """From when a group follows another is told by who votes, and not by the store."""
    cast = votes.cast

    def early(*asked: Any, **more: Any) -> tuple[Said, Unit]:
        said, unit = cast(*asked, **more)
        return said, replace(unit, after=None)

    put(desk, "cast", early)


def every_replica_reminds() -> None:
    """Nobody asks whether somebody was told already."""
    kept = DoomedTickets.put

    async def always(self: DoomedTickets, kind: TicketKind, name: str, row: str, ends: datetime) -> bool:
        return await kept(self, kind, name, row, ends) or kind is TicketKind.REMINDED

    put(DoomedTickets, "put", always)


def told_before_it_is_kept() -> None:
    """Tell somebody, then remember that they were told."""

    async def reminded(self: Reminders, user: str, shown: Shown) -> None:
        if reminders.due(shown, self.clock.now()):
            await self.web.direct(user, reminders.message(shown))
            await self.tickets.put(TicketKind.REMINDED, f"{shown.review.id} {user}", "", shown.review.expires_at)

    put(Reminders, "_reminded", reminded)


def apart(kind: EntryKind, change: type[Change] | None, *, first: bool) -> None:
    """Commit what is of a kind in a unit of its own, before or after all else."""
    whole = Doomed.commit

    async def split(self: Doomed, unit: Unit) -> Committed:
        entries = tuple(one for one in unit.entries if one.kind is kind)
        if not entries or len(entries) == len(unit.entries):
            return await whole(self, unit)
        changes = tuple(one for one in unit.changes if change is not None and isinstance(one, change))
        own = replace(unit, entries=entries, changes=changes)
        rest = replace(
            unit,
            entries=tuple(one for one in unit.entries if one not in entries),
            changes=tuple(one for one in unit.changes if one not in changes),
        )
        halves = (own, rest) if first else (rest, own)
        await whole(self, halves[0])
        return await whole(self, halves[1])

    unchecked()
    put(Doomed, "commit", split)


def unchecked() -> None:
    """Let a unit hold what the store would not take apart from its Entries: else it would be the one that refuses."""
    put(units, "wanted", lambda _: frozenset())


Wrong = Callable[[], None]
# A wrong design -> itself, and the directed trial that shows it in every run.
DESIGNS: Final[dict[str, tuple[Wrong, str]]] = {
    design.__name__: (design, trial)
    for design, trial in (
        (use_counted_after_the_run, "last_use"),
        (use_apart_from_its_call, "dies_with_a_use"),
        (grant_apart_from_its_votes, "dies_giving"),
        (alert_apart_from_its_answer, "dies_answering_alone"),
        (used_after_its_end, "ended_before_its_use"),
        (lasts_after_its_end, "ended_before_it_lasts"),
        (rows_added_afterwards, "last_rows"),
        (looked_at_before_it_is_on_record, "dies_looking"),
        (follows_by_a_clock_of_its_own, "follows_early"),
        (every_replica_reminds, "reminds"),
        (told_before_it_is_kept, "dies_reminding"),
        (drawn_and_not_recorded_as_drawn, "draws_overtaken"),
        (every_replica_draws, "two_draw"),
        (who_lost_a_slot_goes_on, "two_claim"),
    )
}
