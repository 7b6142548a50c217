"""Where people look back: auditors at everything, others at their own Sessions, and each look is an Entry first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, final

from core import subject
from core.audit.body import part
from core.audit.entry import audit_read
from core.audit.opening import Giving, delivered
from core.errors import NotFound
from core.model import CallId, EntryKind, Identity, Json, PayloadId, Person, ReviewId, SessionId
from core.ports import (
    Anchored,
    Anchors,
    CallLine,
    Found,
    History,
    Journal,
    Macs,
    Mark,
    Opening,
    Payloads,
    Reviews,
    Role,
    Scene,
    Sealed,
    Search,
    SessionLine,
    Story,
    Subjects,
    Unit,
    Words,
)

# What somebody who is no auditor sees of an Entry: no count, since a count answers questions about protected columns.
OWN: Final = frozenset(
    {"kind", "ts", "call", "review", "attempt", "slot", "prepared", "outcome", "code", "decision", "verdict", "tool"}
)


WORDS: Final = frozenset(role.value for role in (Role.STATEMENT, Role.TEXT, Role.PARAMETERS, Role.PURPOSE, Role.REASON))
NO_RESULT: Final = "no result was kept"
UNMASKED: Final = "it was shown unmasked: opening it needs a review of its own"
NOT_A_READER: Final = "opening results is for [console] result_readers"


@final
class Looking:
    """The port Archive."""

    def __init__(
        self,
        *,
        history: History,
        journal: Journal,
        reviews: Reviews,
        payloads: Payloads,
        subjects: Subjects,
        macs: Macs,
        anchors: Anchors,
        is_auditor: Callable[[Identity], bool],
        giving: Giving,
        same: Callable[[Person], Person] = lambda account: account,
    ) -> None:
        self._same = same
        self._history = history
        self._journal = journal
        self._reviews = reviews
        self._payloads = payloads
        self._subjects = subjects
        self._macs = macs
        self._anchors = anchors
        self._is_auditor = is_auditor
        self._giving = giving

    async def sessions(self, who: Identity, *, before: datetime | None = None) -> tuple[SessionLine, ...]:
        """Sessions this person may see, newest first, 20 a page.

        Raises: StoreError when the look cannot be recorded: then nothing is shown.
        """
        lines = await self._history.sessions(person=self._only(who), before=before)
        await self._record(who, "sessions", len(lines))
        if self._is_auditor(who):
            return lines
        return tuple([own_session(line, await self._history.calls(line.session)) for line in lines])

    async def session(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Story, ...]] | None:
        """One Session with its Calls in order; unknown and not theirs are alike.

        Raises: StoreError.
        """
        line = await self._history.session(session, person=self._only(who))
        calls = await self._history.calls(session) if line is not None else ()
        await self._record(who, "session", len(calls), session)
        if line is None:
            return None
        shown = line if self._is_auditor(who) else own_session(line, calls)
        return shown, tuple([await self._story(who, call) for call in calls])

    async def call(self, who: Identity, call: CallId) -> Story | None:
        """One Call; unknown and not theirs are alike.

        Raises: StoreError.
        """
        line = await self._history.call(call)
        if line is not None and await self._history.session(line.session, person=self._only(who)) is None:
            line = None
        await self._record(who, "call", int(line is not None), call)
        return None if line is None else await self._story(who, line)

    async def find(self, who: Identity, wanted: Search, *, person: str = "", after: Mark | None = None) -> Found:
        """Calls that are wanted and this person may see; `person` is a name, an e-mail, "directory:id" or a pseudonym.

        Who is no auditor finds own Calls alone, and by no count what read a protected column.
        Raises: StoreError.
        """
        auditor = self._is_auditor(who)
        asked = replace(
            wanted,
            own="" if auditor else subject.of_identity(self._macs, who),
            people=await self._people(person) if person else None,
            countable=auditor,
        )
        found = await self._history.find(asked, after=after)
        await self._record(who, "find", len(found.lines))
        return found if auditor else replace(found, lines=tuple(own_line(line) for line in found.lines))

    async def replay(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Scene, ...]] | None:
        """One Session as it happened; an Entry per result that a ticket is given for.

        Raises: StoreError.
        """
        found = await self.session(who, session)
        if found is None:
            return None
        return found[0], tuple([await self._scene(who, story) for story in found[1]])

    async def openings(self, who: Identity, call: CallId) -> Words | None:
        """A Call's words as an outsider can check them, and a ticket for its masked result for who reads results.

        For auditors alone; what is erased, recorded by its hash or shown unmasked is not among them.
        Raises: StoreError when the look cannot be recorded: then nothing is given.
        """
        if not self._is_auditor(who):
            return None
        story = await self.call(who, call)
        if story is None:
            return None
        named = [one for sealed in story.entries for one in _named(sealed) if one.get("role") in WORDS]
        await self._record(who, "opening", len(named), call)
        found = [await self._opening(one) for one in named if _provable(one)]
        opened = tuple(one for one in found if one is not None)
        result = delivered(await self._journal.entries(call))
        if result is None or _barred(result) or not _provable(result) or not self._giving.reads(who):
            return Words(opened=opened)
        return Words(opened=opened, ticket=await self._giving.give(who, call, _id(result), proof=True))

    async def review(self, who: Identity, review: ReviewId) -> Story | None:
        """The Call that a Review is about; unknown and not theirs are alike.

        Raises: StoreError.
        """
        row = await self._reviews.review(review)
        line = None if row is None else await self._history.call(row.call)
        if line is not None and await self._history.session(line.session, person=self._only(who)) is None:
            line = None
        await self._record(who, "review", int(line is not None), review)
        return None if line is None else await self._story(who, line)

    async def mine(self, who: Identity) -> tuple[SessionLine, ...]:
        """A person's own last Sessions, auditor or not.

        Raises: StoreError.
        """
        lines = await self._history.sessions(person=who.person)
        await self._record(who, "mine", len(lines))
        return tuple([own_session(line, await self._history.calls(line.session)) for line in lines])

    async def looked(self, who: Identity, query: str, found: int) -> None:
        """Record a look that another room answers.

        Raises: StoreError when it cannot be recorded: then nothing is shown.
        """
        await self._record(who, query, found)

    async def anchored(self, entries: Sequence[Sealed]) -> Anchored | None:
        """Prove Entries under the newest signed tree."""
        return await self._anchors.anchored(entries)

    def audits(self, who: Identity) -> bool:
        """Say whether somebody is an auditor."""
        return self._is_auditor(who)

    async def _opening(self, one: Mapping[str, Json]) -> Opening | None:
        try:
            return await self._payloads.opening(_id(one))
        except NotFound:
            return None

    async def _scene(self, who: Identity, story: Story) -> Scene:
        call = story.line.call
        entries = await self._journal.entries(call)
        hidden = story.line.protected and not self._is_auditor(who)
        parameters = None if hidden else await self._words(entries, Role.PARAMETERS)
        result = delivered(entries)
        if result is None or _barred(result):
            return Scene(story=story, parameters=parameters, withheld=NO_RESULT if result is None else UNMASKED)
        if not self._giving.reads(who):
            return Scene(story=story, parameters=parameters, withheld=NOT_A_READER)
        return Scene(story=story, parameters=parameters, ticket=await self._giving.give(who, call, _id(result)))

    async def _people(self, person: str) -> frozenset[str]:
        """Return every pseudonym under which somebody may stand in the log; one that stands there is itself."""
        if subject.PSEUDONYM.fullmatch(person):
            return frozenset({person})
        directory, _, identifier = person.partition(":")
        known = await self._subjects.named(person)
        if directory and identifier:
            account = Person(directory=directory, id=identifier)  # whose words may stand from before it was joined
            known |= {subject.of_person(self._macs, one) for one in (account, self._same(account))}
        return known

    def _only(self, who: Identity) -> Person | None:
        """Whose Sessions: None is everybody's, for auditors alone."""
        return None if self._is_auditor(who) else who.person

    async def _record(self, who: Identity, query: str, found: int, scope: str = "") -> None:
        by = subject.of_identity(self._macs, who)
        await self._subjects.know(by, who.name)
        await self._journal.commit(Unit(entries=(audit_read(by, who.via, query, found, scope=scope),)))

    async def _story(self, who: Identity, line: CallLine) -> Story:
        entries = await self._journal.entries(line.call)
        review = await self._reviews.review(line.call)
        if review is not None:
            entries += await self._journal.entries(review.id)
        ordered = tuple(sorted(entries, key=lambda sealed: sealed.sequence))
        story = Story(
            line=line,
            statement=await self._words(ordered, Role.STATEMENT),
            purpose=await self._words(ordered, Role.PURPOSE),
            entries=ordered,
        )
        return replace(story, names=await self._voters(ordered)) if self._is_auditor(who) else own_story(story)

    async def _voters(self, entries: Sequence[Sealed]) -> Mapping[str, str]:
        """Name who voted, and who gave the grant under which it ran."""
        votes = {str(one.body["person"]) for one in entries if one.body.get("kind") == EntryKind.VOTE.value}
        givers = {name for one in entries for name in _givers(one)}
        return {pseudonym: await self._subjects.name(pseudonym) for pseudonym in sorted(votes | givers)}

    async def _words(self, entries: Sequence[Sealed], role: Role) -> str | None:
        """Open the first payload of a role that the INTENT names, None where it opens no more."""
        for sealed in entries:
            named = sealed.body.get("payloads") if sealed.body.get("kind") == EntryKind.INTENT.value else ()
            for one in named if isinstance(named, Sequence) and not isinstance(named, str) else ():
                if isinstance(one, Mapping) and one.get("role") == role.value:
                    return await self._open(one)
        return None

    async def _open(self, one: Mapping[str, Json]) -> str | None:
        try:
            return (await self._payloads.open(_id(one))).decode("utf-8", "replace")
        except NotFound:
            return None


def _named(sealed: Sealed) -> list[Mapping[str, Json]]:
    """Read what payloads an Entry names."""
    named = sealed.body.get("payloads")
    listed = named if isinstance(named, Sequence) and not isinstance(named, str) else ()
    return [one for one in listed if isinstance(one, Mapping)]


def _givers(sealed: Sealed) -> list[str]:
    """Read the pseudonyms of those who gave the grant that an INTENT names."""
    named = part(part(sealed.body, "verdict"), "grant").get("by")
    return [str(one) for one in named] if isinstance(named, Sequence) and not isinstance(named, str) else []


def _barred(result: Mapping[str, Json]) -> bool:
    """Whether it was shown unmasked."""
    return result.get("role") != Role.RESULT.value


def _provable(one: Mapping[str, Json]) -> bool:
    """Whether a payload opens and its Entry holds a MAC under its own key: it was neither hashed nor erased."""
    return "pt_mac" in one and "mac_dek" not in one


def _id(one: Mapping[str, Json]) -> PayloadId:
    return PayloadId(str(one.get("id")))


def own_session(line: SessionLine, calls: Sequence[CallLine]) -> SessionLine:
    """Return what somebody who is no auditor sees of a Session: rows of Calls that read nothing protected."""
    return replace(line, rows=sum(call.rows or 0 for call in calls if not call.protected))


def own_story(story: Story) -> Story:
    """Return what somebody who is no auditor sees of a Call: no count and no literal where it read what is protected.

    Who sees it may be the requester, and a count answers a question about a protected column.
    """
    entries = tuple(own(sealed) for sealed in story.entries)
    statement = None if story.line.protected else story.statement
    return replace(story, line=own_line(story.line), statement=statement, entries=entries)


def own_line(line: CallLine) -> CallLine:
    """Return what somebody who is no auditor sees of a Call's line."""
    return replace(line, rows=None, masked=0) if line.protected else line


def own(sealed: Sealed) -> Sealed:
    """Return what the requester may see of an Entry; votes and grants keep what was decided, not by whom."""
    body = {key: value for key, value in sealed.body.items() if key in OWN}
    verdict = part(body, "verdict")
    if "grant" in verdict:
        under = part(verdict, "grant")
        body["verdict"] = {**verdict, "grant": {key: value for key, value in under.items() if key != "by"}}
    return replace(sealed, body=body)
