"""Acts that loosen or destroy: proposed by one operator, decided by another person; every act is an Entry first."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, final

from core import subject
from core.custody import blocking
from core.custody.effects import about
from core.custody.notes import NOTE, Notes
from core.custody.ruling import DOES, Proposal, Ruling, difference
from core.errors import BadCall, Lost, NotFound, SlotTaken, Superseded, UnfitAct
from core.model import ActId, CallId, Decision, Entry, EntryKind, Identity, Json, PayloadId, Person, Slot, letters
from core.ports import (
    Act,
    Acts,
    Block,
    Clock,
    Custody,
    DecideAct,
    Effect,
    Extent,
    ExtentKind,
    Involved,
    Journal,
    Macs,
    Party,
    PartyKind,
    ProposeAct,
    Said,
    SetBlock,
    SetHold,
    SetPolicy,
    Standing,
    Subjects,
    Unit,
)

MOVED: Final = "What it is about was changed meanwhile, or is needed; look at it again."
OPEN: Final = timedelta(days=1)  # how long a proposal waits
PSEUDONYM: Final = re.compile(r"[0-9a-f]{64}")


@final
class Bench:
    """Where operators propose and decide; nobody else learns that there is anything."""

    def __init__(
        self,
        *,
        journal: Journal,
        acts: Acts,
        custody: Custody,
        subjects: Subjects,
        macs: Macs,
        clock: Clock,
        notes: Notes,
        effects: Mapping[str, Effect],
        is_operator: Callable[[Identity], bool],
        standing: Standing,
        sources: frozenset[str],
        ruling: Ruling,
        tell: Callable[[str], Awaitable[None]],
        alone: bool,
        same: Callable[[Person], Person] = lambda account: account,
    ) -> None:
        """`alone`: a single operator was acknowledged by name, and decides what they proposed.

        `same`: who an account is; a person may be named by any account of theirs.
        """
        self._same = same
        self._standing = standing
        self._ruling = ruling
        self._tell = tell
        self._sources = sources
        self._journal = journal
        self._acts = acts
        self._custody = custody
        self._subjects = subjects
        self._macs = macs
        self._clock = clock
        self._notes = notes
        self._effects = effects
        self._is_operator = is_operator
        self._alone = alone

    async def pending(self, who: Identity) -> tuple[Act, ...]:
        """Proposals that wait, each with the words of its note.

        Raises: NotFound for who is no operator.
        """
        self._admit(who)
        return tuple([await self._told(act) for act in await self._acts.acts() if act.until > self._clock.now()])

    async def _told(self, act: Act) -> Act:
        if NOTE not in act.of:
            return act
        return replace(act, of={**act.of, NOTE: await self._notes.words(PayloadId(act.of[NOTE]))})

    async def propose(self, who: Identity, does: str, of: Mapping[str, str]) -> Act:
        """Propose an Act; nothing else happens yet.

        Raises: NotFound for who is no operator, BadCall for what no Act does, Superseded, StoreError.
        """
        under = self._admit(who)
        effect = self._effects.get(does)
        if effect is None:
            raise UnfitAct(f"no act is called {does}")
        meant = self._named(of)
        await effect.involved(meant)
        now, by = self._clock.now(), await self._known(who)
        said: dict[str, Json] = {"does": does, "by": by, "via": who.via}
        if NOTE in meant:
            kept = await self._notes.keep(CallId(meant.get("call", "")), meant[NOTE])
            meant, said = {**meant, NOTE: kept.id}, {**said, "payloads": [kept.reference]}
        act = Act(id=new(), does=does, of=meant, by=who.person, at=now, until=now + OPEN)
        said["of"] = meant
        entry = Entry(kind=EntryKind.ACT_PROPOSED, scope=act.id, body=said)
        await self._commit(Unit(entries=(entry,), changes=(ProposeAct(act=act),), policy=under), by)
        return act

    async def decide(self, who: Identity, name: ActId, decision: Decision) -> Said:
        """Decide an Act of another person; what it does stands in one unit with the decision.

        Raises: NotFound for who is no operator, BadCall, Held, Superseded, StoreError.
        """
        under = self._admit(who)
        act = await self._acts.act(name)
        if act is None:
            return Said.UNKNOWN
        effect, by = self._effects[act.does], await self._known(who)
        barred = self._barred(act, who, decision)
        if barred is None and decision is Decision.APPROVE:
            barred = self._concerned(await effect.involved(act.of), who, by)
        if barred is not None:
            return barred
        word = "approved" if decision is Decision.APPROVE else "denied"
        said: dict[str, Json] = {"does": act.does, "by": by, "via": who.via, "decision": word}
        decided = Entry(kind=EntryKind.ACT_DECIDED, scope=act.id, attempt=0, slot=Slot.DECISION, body=said)
        does = await effect.unit(act, by) if decision is Decision.APPROVE else Unit()
        changes = (DecideAct(act=act.id), *does.changes)
        try:
            unit = Unit(entries=(decided, *does.entries), changes=changes, before=act.until, policy=under)
            await self._commit(held(unit), by)
        except (SlotTaken, Lost) as error:
            if await self._acts.act(name) != act:
                return Said.CLOSED
            if act.until <= self._clock.now():
                return Said.EXPIRED
            raise BadCall(f"what it is about was changed meanwhile, or is needed: {error}", public=MOVED) from error
        await effect.done()
        return Said.APPROVED if decision is Decision.APPROVE else Said.DENIED

    def _barred(self, act: Act, who: Identity, decision: Decision) -> Said | None:
        """Who proposed may take back, not approve; an identity that cannot be compared approves nothing."""
        if act.until <= self._clock.now():
            return Said.EXPIRED
        if decision is Decision.DENY or self._alone:
            return None
        if act.by.directory != who.person.directory:
            return Said.NOT_COMPARABLE
        return Said.SELF if act.by == who.person else None

    def _concerned(self, involved: Involved, who: Identity, by: str) -> Said | None:
        """Who it is about decides nothing, nor does who cannot be told apart from them."""
        if by in involved.people:
            return Said.SELF
        apart = involved.directories <= {who.person.directory}
        return None if apart or self._alone else Said.NOT_COMPARABLE

    def _named(self, of: Mapping[str, str]) -> dict[str, str]:
        """Name a person ("directory:id") by pseudonym: no Entry holds an id of a directory."""
        directory, colon, name = of.get("id", "").partition(":")
        if of.get("kind") != ExtentKind.PERSON or not colon:
            return dict(of)
        return {**of, "id": subject.of_person(self._macs, self._same(Person(directory=directory, id=name)))}

    async def apply(self, who: Identity, version: str, *, dry: bool = False) -> tuple[Proposal, Act | None]:
        """Put the configuration's policy in force where it lets nobody do more; else propose it, and tell the channel.

        `dry`: only say what would be.
        Raises: NotFound for who is no operator, BadCall, SettingsError, Blocked, StoreError.
        """
        self._admit(who)
        found = await self._ruling.look(version)
        if dry:
            return found, None
        if found.widens:
            act = await self.propose(who, DOES, {"policy": found.version})
            await self._tell(difference(found, act.id))
            return found, act
        by = await self._known(who)
        await self._commit(await self._ruling.put(found, {"by": by, "via": who.via}), by)
        return found, None

    async def hold(self, who: Identity, extent: Extent) -> Extent:
        """Set a hold: one operator is enough to keep.

        Raises: NotFound for who is no operator, Lost when it is held, StoreError.
        """
        self._admit(who)
        meant = replace(extent, id=self._named({"kind": extent.kind, "id": extent.id})["id"])
        by = await self._known(who)
        said: dict[str, Json] = {"of": about(meant), "by": by, "via": who.via}
        entry = Entry(kind=EntryKind.HOLD_SET, body=said)
        await self._commit(Unit(entries=(entry,), changes=(SetHold(extent=meant),)), by)
        return meant

    async def block(self, who: Identity, of: Mapping[str, str], until: datetime | None = None) -> tuple[Block, ...]:
        """Stop a person, an agent, a Source or everything, at once and in every process: one operator is enough.

        A person is named as "directory:id", or as the record knows them; every identity of that name is stopped.
        Raises: NotFound for who is no operator, BadCall for nobody that is known, Blocked, StoreError.
        """
        self._admit(who)
        if until is not None and until <= self._clock.now():
            raise BadCall("it would have ended already", public="A block ends in the future, or not by itself.")
        blocks = tuple(Block(party=one, until=until) for one in await self._parties(of))
        by = await self._known(who)
        end: dict[str, Json] = {} if until is None else {"until": int(until.timestamp() * 1000)}
        entries = tuple(
            Entry(
                kind=EntryKind.BLOCK_SET,
                body={"of": blocking.about(block.party), "by": by, "via": who.via, **end},
            )
            for block in blocks
        )
        await self._commit(Unit(entries=entries, changes=tuple(SetBlock(block=block) for block in blocks)), by)
        return blocks

    async def blocks(self, who: Identity) -> tuple[tuple[Block, str], ...]:
        """All blocks that stand, with the name of who is stopped.

        Raises: NotFound for who is no operator.
        """
        self._admit(who)
        now = self._clock.now()
        standing = [one for one in await self._standing.blocks() if one.until is None or one.until > now]
        return tuple([(one, await self.name(who, one.party.kind, one.party.id)) for one in standing])

    async def name(self, who: Identity, kind: str, id_: str) -> str:
        """Name whom a block, a hold or an Act is about: a person as on record, all else by its id.

        Raises: NotFound for who is no operator.
        """
        self._admit(who)
        if kind != ExtentKind.PERSON.value:
            return id_
        owned = await self._custody.owned(Extent(kind=ExtentKind.PERSON, id=id_))
        for known in (id_, *sorted(owned.people)):  # who only ever asked is named by the principals of their Sessions
            if (name := await self._subjects.name(known)) != known:
                return name
        return id_

    async def _parties(self, of: Mapping[str, str]) -> tuple[Party, ...]:
        """Find whom a name means; what means nobody stops nobody, and that is said."""
        named = blocking.party(self._named(of))
        if named.kind is PartyKind.SOURCE and named.id not in self._sources:
            raise BadCall("no such source", public=f"No source is called {named.id}: nothing was stopped.")
        if named.kind is not PartyKind.PERSON or PSEUDONYM.fullmatch(named.id):
            return (named,)
        known = await self._subjects.named(named.id)
        if not known:
            raise BadCall(
                "nobody of that name", public='Nobody of that name is on record; write "directory:person id".'
            )
        return tuple(Party(kind=PartyKind.PERSON, id=one) for one in sorted(known))

    async def holds(self, who: Identity) -> tuple[Extent, ...]:
        """All holds.

        Raises: NotFound for who is no operator.
        """
        self._admit(who)
        return await self._custody.holds()

    def _admit(self, who: Identity) -> str:
        """Let an operator in; return the policy by which they are one."""
        if not self._is_operator(who):
            raise NotFound("not an operator")
        return self._ruling.version

    async def _commit(self, unit: Unit, by: str) -> None:
        """Commit an operator's unit; one who is blocked does nothing any more.

        Raises: Blocked, StoreError.
        """
        await self._journal.commit(replace(unit, unblocked=frozenset({Party(kind=PartyKind.PERSON, id=by)})))

    async def _known(self, who: Identity) -> str:
        pseudonym = subject.of_identity(self._macs, who)
        await self._subjects.know(pseudonym, who.name)
        return pseudonym


def held(unit: Unit) -> Unit:
    """Hold a unit to the policy that its author is an operator by; one that puts another in force, by what it replaces.

    Raises: Superseded.
    """
    replaced = {one.was for one in unit.changes if isinstance(one, SetPolicy)}
    if not replaced:
        return unit
    if not replaced <= {"", unit.policy}:
        raise Superseded("another policy came into force since who decides was let in")
    return replace(unit, policy="")


def new() -> ActId:
    """Return a new Act's id: 130 random bits."""
    return ActId("act_" + letters().lower())
