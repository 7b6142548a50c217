"""What each role of the PostgreSQL store may do with SQL of its own, when its process was taken over."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import orjson
import pytest

from core.audit.entry import ATTEMPTS, CAP, FORMS
from core.custody.rotation import Rotation
from core.identity.minted import OVERLAP
from core.model import MOVES, Entry, EntryKind, Json, Slot, State
from core.ports import KeyState, TurnKey, Unit
from core.stores.encryption import vault
from core.stores.encryption.vault import Keys
from core.stores.postgres.draft import Arguments, Draft, arguments
from core.stores.postgres.rights import GRANTS, MOVERS, WRITERS, Part
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres
from tests import entries
from tests.doubles import ORIGIN, ManualClock
from tests.pgstore import KEYS, Ground, emptied

APPEND = "SELECT first, at_us, lost, taken FROM assent.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
Taken = dict[Part, asyncpg.Connection]
DENIED = asyncpg.InsufficientPrivilegeError


@pytest.fixture
async def place(durable: Callable[[], Postgres], tmp_path: Path) -> Ground:
    return await emptied(await asyncio.to_thread(durable), tmp_path)


@pytest.fixture
async def taken(place: Ground) -> AsyncIterator[Taken]:
    """The three logins in the hands of somebody else."""
    held = {part: await asyncpg.connect(place.url(part), server_settings={"search_path": "assent"}) for part in Part}
    yield held
    for link in held.values():
        await link.close()


def sample(kind: EntryKind, slot: Slot | None) -> Entry:
    form = FORMS[kind]
    body: dict[str, Json] = dict.fromkeys(form.keys, "x")
    body.update({key: min(words) for key, words in form.words.items()})
    attempt = None if slot is None else form.attempts.start
    scope = None if form.scope is None else f"{form.scope}_{kind.value}"
    return Entry(kind=kind, scope=scope, attempt=attempt, slot=slot, body=body)


def laid(*made: Entry) -> Arguments:
    return arguments([Draft.of(Unit(entries=made), log=ORIGIN, boot="b")])


def forged(entry: Entry, **instead: Json) -> tuple[object, ...]:
    """Lay an Entry out with keys of its body replaced, past every check of ours."""
    units, bodies, _, *rest = laid(entry)
    said = orjson.loads(bodies[0]) | instead
    kept = {key: value for key, value in said.items() if value is not None}
    body = orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)
    stamp = str(said["ts"]).encode()
    hole = body.index(b'"ts":' + stamp) + 6
    return units, [body], [hole], *rest


# ---------------------------------------------------------------- Entries by kind


@pytest.mark.parametrize("part", list(Part))
async def test_a_role_appends_its_own_kinds_and_no_other(place: Ground, taken: Taken, part: Part) -> None:
    for kind, parts in WRITERS.items():
        for slot in sorted(FORMS[kind].slots, key=str):
            try:
                row = await taken[part].fetchrow(APPEND, *laid(sample(kind, slot)))
                assert part in parts, kind
                assert row is not None
                assert (row["lost"], row["taken"]) == ([], []), kind
            except DENIED:
                assert part not in parts, kind
    log = await taken[part].fetch("SELECT seq, kind FROM log_entry ORDER BY seq")
    assert [row["seq"] for row in log] == list(range(len(log)))  # what was refused took no number
    assert {row["kind"] for row in log} == {kind.value for kind, parts in WRITERS.items() if part in parts}


async def test_the_database_reads_kind_scope_and_slot_from_the_body_itself(
    taken: Taken,
) -> None:
    """A gateway cannot call a Vote an alert: what the row says is what the hashed bytes say."""
    gateway = taken[Part.GATEWAY]
    vote = sample(EntryKind.VOTE, None)
    with pytest.raises(DENIED):
        await gateway.fetchrow(APPEND, *laid(vote))
    hidden = sample(EntryKind.ALERT, None)
    await gateway.fetchrow(APPEND, *forged(hidden, caller={"kind": "review.vote"}, of='"kind":"review.vote"'))
    (row,) = await gateway.fetch("SELECT kind, scope, body FROM log_entry")
    assert (row["kind"], row["scope"]) == ("alert.raised", None)


async def test_a_key_that_stands_twice_or_is_spelt_otherwise_hides_no_kind(taken: Taken) -> None:
    """The database takes the last of two, as every reader of ours does; verification refuses both."""
    gateway = taken[Part.GATEWAY]
    units, (body,), _, *guards = laid(sample(EntryKind.ALERT, None))
    plain = b'"kind":"alert.raised"'
    for both in (plain + b',"kind":"review.vote"', b'"\\u006bind":"review.vote"'):
        two = body.replace(plain, both)
        with pytest.raises((DENIED, asyncpg.IntegrityConstraintViolationError)):
            await gateway.fetchrow(APPEND, units, [two], [two.rindex(b'"ts":') + 6], *guards)
    first = body.replace(plain, b'"kind":"review.vote",' + plain)
    await gateway.fetchrow(APPEND, units, [first], [first.rindex(b'"ts":') + 6], *guards)
    (row,) = await gateway.fetch("SELECT kind, body FROM log_entry")
    assert row["kind"] == orjson.loads(row["body"])["kind"] == "alert.raised"


async def test_an_entry_is_no_larger_than_a_bundle_can_say(taken: Taken) -> None:
    entry = sample(EntryKind.ALERT, None)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await taken[Part.GATEWAY].fetchrow(APPEND, *forged(entry, alert="x" * CAP))


@pytest.mark.parametrize(
    ("kind", "slot", "instead"),
    [
        (EntryKind.OUTCOME, Slot.OUTCOME, {"slot": None}),  # an OUTCOME that takes no slot
        (EntryKind.OUTCOME, Slot.OUTCOME, {"slot": 1}),
        (EntryKind.OUTCOME, Slot.OUTCOME, {"attempt": None}),  # NULL attempts are distinct: every writer would win
        (EntryKind.OUTCOME, Slot.OUTCOME, {"attempt": 0}),
        (EntryKind.OUTCOME, Slot.OUTCOME, {"attempt": ATTEMPTS + 1}),
        (EntryKind.OUTCOME, Slot.OUTCOME, {"call": None}),
        (EntryKind.INTENT, Slot.INTENT, {"slot": 3}),
        (EntryKind.CLAIMED, Slot.USE, {"attempt": 1}),
        (EntryKind.CLAIMED, Slot.USE, {"attempt": None, "slot": None}),
        (EntryKind.ALERT, None, {"slot": 2, "attempt": 1}),
        (EntryKind.ALERT, None, {"kind": "no.such"}),
        (EntryKind.ALERT, None, {"kind": None}),
    ],
)
async def test_a_kind_stands_with_its_own_scope_attempt_and_slot_alone(
    taken: Taken, kind: EntryKind, slot: Slot | None, instead: dict[str, Json]
) -> None:
    with pytest.raises((asyncpg.IntegrityConstraintViolationError, DENIED)):
        await taken[Part.GATEWAY].fetchrow(APPEND, *forged(sample(kind, slot), **instead))
    assert await taken[Part.GATEWAY].fetchval("SELECT count(*) FROM log_entry") == 0


async def test_the_stores_own_time_stands_in_the_body_whoever_sends_it(taken: Taken) -> None:
    gateway = taken[Part.GATEWAY]
    units, bodies, holes, *guards = laid(sample(EntryKind.ALERT, None))
    with pytest.raises(asyncpg.PostgresError):
        await gateway.fetchrow(APPEND, units, bodies, [holes[0] + 1], *guards)
    lie = b'{"alert":"x","elsewhere":"1111111111111","kind":"alert.raised","ts":1234567890123}'
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await gateway.fetchrow(APPEND, units, [lie], [lie.index(b"1111") + 1], *guards)
    row = await gateway.fetchrow(APPEND, units, bodies, holes, *guards)
    stored = await gateway.fetchrow("SELECT ts_ms, convert_from(body, 'UTF8')::json ->> 'ts' AS ts FROM log_entry")
    assert row is not None
    assert stored is not None
    assert stored["ts_ms"] == int(stored["ts"]) == row["at_us"] // 1000


# ---------------------------------------------------------------- tables


RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


def granted(table: str, right: str, part: Part) -> bool:
    """Whether the table of rights says so, for the whole table or some of its columns."""
    return any(
        part in parts and right in re.sub(r"\([^)]*\)", "", rights).replace(" ", "").split(",")
        for rights, parts in GRANTS[table].items()
    )


@pytest.mark.parametrize("part", list(Part))
async def test_a_role_has_the_rights_of_the_table_and_no_other(taken: Taken, part: Part) -> None:
    link = taken[part]
    tables = [
        row["relname"]
        for row in await link.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'assent'::regnamespace AND relkind IN ('r', 'v', 'p')"
        )
    ]
    assert set(tables) - {"test_clock"} == set(GRANTS)
    for table in GRANTS:
        for right in RIGHTS:
            held = await link.fetchval("SELECT has_table_privilege($1, $2)", f"assent.{table}", right)
            if right in {"SELECT", "INSERT", "UPDATE"}:
                held = held or await link.fetchval("SELECT has_any_column_privilege($1, $2)", f"assent.{table}", right)
            assert held == granted(table, right, part), (table, right)
    sequences = await link.fetch(
        "SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = 'assent'::regnamespace"
    )
    for row in sequences:
        assert not await link.fetchval("SELECT has_sequence_privilege($1, 'UPDATE')", str(row["name"]))


DEK = (
    "INSERT INTO dek (kind, purpose, session, source, call, person, day, origin, wrapped, wrapping)"
    " VALUES ('session', {purpose}, '', '', '', '', 0, '', '', '')"
)
ATTACKS = {
    Part.GATEWAY: (
        "INSERT INTO key_named (purpose, name, state) VALUES ('minting', 'x', 'current')",
        "INSERT INTO votes (review, directory, person, row) VALUES ('r', 'd', 'p', '{}')",
        "UPDATE votes SET person = 'x'",
        "INSERT INTO log_entry (seq, ts_ms, kind, body) VALUES (0, 0, 'alert.raised', '{}')",
        "UPDATE log_coord SET next = next + 1",
        "UPDATE log_coord SET integrated = 0",
        "UPDATE log_entry SET body = '{}'",
        "DELETE FROM log_entry",
        "INSERT INTO log_checkpoint (size, root, ts_ms, note) VALUES (0, '', 0, '')",
        "INSERT INTO log_tile (id, d) VALUES (0, '')",
        "INSERT INTO key_named (purpose, name, state) VALUES ('signing', 'x', 'current')",
        "UPDATE key_named SET state = 'retired'",
        "UPDATE reviews SET row = '{}'",
        "UPDATE reviews SET digest = 'x'",
        "UPDATE store_version SET version = 9",
        "INSERT INTO blocks (party) VALUES ('all')",
        "DELETE FROM blocks",
        "UPDATE in_force SET version = 'x'",
        "DELETE FROM in_force",
        "CREATE TABLE assent.x ()",
        "ALTER TABLE log_entry DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE reviews DISABLE TRIGGER reviews_move",
        "SET ROLE assent_owner",
        "SET ROLE assent_people",
        "CREATE OR REPLACE FUNCTION assent.clock_us() RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
    ),
    Part.PEOPLE: (
        "INSERT INTO results (call_id, payload, until) VALUES ('c', 'p', 0)",
        "UPDATE budgets SET spent = 0",
        "INSERT INTO reviews SELECT * FROM reviews",
        "DELETE FROM in_force",
        "UPDATE blocks SET party = 'x'",
        "INSERT INTO sessions VALUES ('s', 'k', 0, 0)",
        "UPDATE log_coord SET last_us = 0",
        "DELETE FROM votes",
        "INSERT INTO log_checkpoint (size, root, ts_ms, note) VALUES (0, '', 0, '')",
        "INSERT INTO payload VALUES ('p', 'c', 'result', 1, '', '')",
        "INSERT INTO payload VALUES ('p', 'c', 'statement', 1, '', '')",
        DEK.format(purpose="'results'"),
        "INSERT INTO key_named (purpose, name, state) VALUES ('results', 'x', 'current')",
        "UPDATE key_named SET name = 'x'",
        "INSERT INTO kek VALUES ('results', 'x')",
        "SET ROLE assent_gateway",
    ),
    Part.SIGNER: (
        "INSERT INTO key_named (purpose, name, state) VALUES ('minting', 'x', 'current')",
        "UPDATE log_coord SET next = 0",
        "DELETE FROM log_checkpoint",
        "UPDATE log_checkpoint SET note = ''",
        "DELETE FROM log_tile",
        "SELECT * FROM reviews",
        "SELECT * FROM payload",
        "SELECT * FROM dek",
        "INSERT INTO votes (review, directory, person, row) VALUES ('r', 'd', 'p', '{}')",
        "SET ROLE assent_gateway",
    ),
}


@pytest.mark.parametrize(("part", "sql"), [(part, sql) for part, all_ in ATTACKS.items() for sql in all_])
async def test_a_role_that_was_taken_over_is_refused(taken: Taken, part: Part, sql: str) -> None:
    with pytest.raises(DENIED):
        await taken[part].execute(sql)


async def test_the_peoples_side_holds_no_key_to_a_stored_result_and_stores_none(place: Ground, taken: Taken) -> None:
    dba = await place.dba()
    for role in ("statement", "result", "unmasked"):
        await dba.execute("INSERT INTO payload VALUES ($1, 'c', $1, 1, '', '')", role)
    for purpose in ("questions", "results"):
        await dba.execute(DEK.format(purpose="$1"), purpose)
    await dba.close()

    async def seen(part: Part) -> tuple[list[str], list[str]]:
        payloads = await taken[part].fetch("SELECT id FROM payload ORDER BY id")
        return [row["id"] for row in payloads], [row["purpose"] for row in await taken[part].fetch("SELECT * FROM dek")]

    assert await seen(Part.GATEWAY) == (["result", "statement", "unmasked"], ["questions", "results"])
    # Sealed bytes it may read, as verification does, and wrapped keys, to end them: what unwraps them it has not.
    assert await seen(Part.PEOPLE) == (["result", "statement", "unmasked"], ["questions", "results"])
    for attack in (
        "INSERT INTO payload VALUES ('p', 'c', 'result', 1, '', '')",
        DEK.format(purpose="'results'"),
        "UPDATE dek SET wrapped = 'x' WHERE purpose = 'results'",
    ):
        with pytest.raises(DENIED):
            await taken[Part.PEOPLE].execute(attack)
    assert await taken[Part.PEOPLE].execute("UPDATE dek SET wrapped = NULL WHERE purpose = 'results'") == "UPDATE 1"


# ---------------------------------------------------------------- a Review's state


async def test_a_state_is_reached_along_the_table_by_its_own_role_with_its_quorum(place: Ground, taken: Taken) -> None:
    clock = ManualClock(datetime.now(UTC))
    dba = await place.dba()
    review = entries.review(clock.now())
    async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        await store.journal.commit(entries.opening(review))
    await dba.execute("SET session_replication_role = replica")  # no trigger of ours
    for was, to, part in itertools.product(State, State, (Part.GATEWAY, Part.PEOPLE)):
        await dba.execute("UPDATE reviews SET state = $1 WHERE id = $2", was.value, review.id)
        legal = to in MOVES.get(was, frozenset()) and part in MOVERS[to] and to is not State.APPROVED
        try:
            await taken[part].execute("UPDATE reviews SET state = $1 WHERE id = $2", to.value, review.id)
            assert legal, (was, to, part)
        except (asyncpg.CheckViolationError, DENIED):
            assert not legal, (was, to, part)
    await dba.close()


VOTE = '{{"seat": "{seat}", "decision": "{decision}", "digest": "{digest}"}}'


@pytest.mark.parametrize(
    ("seat", "decision", "digest", "counts"),
    [
        ("dba", "approve", entries.DIGEST, True),
        ("dba", "deny", entries.DIGEST, False),
        ("security", "approve", entries.DIGEST, False),
        ("dba", "approve", "another", False),
    ],
)
async def test_approved_needs_the_votes_that_fill_the_quorum(
    place: Ground, taken: Taken, seat: str, decision: str, digest: str, counts: bool
) -> None:
    clock = ManualClock(datetime.now(UTC))
    review = entries.review(clock.now())
    async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        await store.journal.commit(entries.opening(review))
    people = taken[Part.PEOPLE]
    approve = "UPDATE reviews SET state = 'approved' WHERE id = $1"
    with pytest.raises(asyncpg.CheckViolationError):
        await people.execute(approve, review.id)
    row = VOTE.format(seat=seat, decision=decision, digest=digest)
    await people.execute(
        "INSERT INTO votes (review, directory, person, row) VALUES ($1, 'acme', 'bob', $2)", review.id, row
    )
    if counts:
        await people.execute(approve, review.id)
    else:
        with pytest.raises(asyncpg.CheckViolationError):
            await people.execute(approve, review.id)


async def test_no_review_is_opened_approved(taken: Taken) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await taken[Part.GATEWAY].execute(
            "INSERT INTO reviews (id, call_id, request_key, attach, state, version, opened_at, expires_at, digest, row)"
            " VALUES ('r', 'c', 'k', 1, 'approved', 1, 0, 0, 'd', '{}')"
        )


@pytest.mark.parametrize(
    "named", ["NULL, NULL, NULL, NULL", "'acme', 'bob', NULL, NULL", "'acme', 'ann', 'acme', 'bob'"]
)
async def test_no_review_is_opened_that_is_found_by_other_people_than_it_names(taken: Taken, named: str) -> None:
    said = '{"requester": {"directory": "acme", "id": "ann"}, "owner": null}'
    with pytest.raises(asyncpg.CheckViolationError, match="reviews_named"):
        await taken[Part.GATEWAY].execute(
            "INSERT INTO reviews (id, call_id, request_key, attach, state, version, opened_at, expires_at, digest, row,"
            " asker_directory, asker, owner_directory, owner)"
            f" VALUES ('r', 'c', 'k', 1, 'pending', 1, 0, 0, 'd', '{said}', {named})"
        )


@pytest.mark.parametrize("part", [Part.GATEWAY, Part.PEOPLE])
async def test_a_process_of_one_role_opens_the_store_with_its_own_login(place: Ground, part: Part) -> None:
    async with PostgresStore.open(
        place.site(part), keys=KEYS, origin=ORIGIN, clock=ManualClock(datetime.now(UTC))
    ) as store:
        await store.journal.commit(Unit(entries=(sample(EntryKind.ALERT, None),)))
        assert store.log.integrator is None


async def test_the_peoples_side_alone_names_turns_and_retires_the_key_of_tokens(place: Ground) -> None:
    clock, first, second = ManualClock(datetime.now(UTC)), b"t" * 32, b"T" * 32
    keys = Keys(questions=KEYS.questions, minting=first, next={"minting": second})
    async with PostgresStore.open(place.site(Part.PEOPLE), keys=keys, origin=ORIGIN, clock=clock) as store:
        was, now = vault.name(first), vault.name(second)
        said: dict[str, Json] = {"purpose": "minting", "old_id": was, "new_id": now}
        change = TurnKey(purpose="minting", old=was, new=now, at=clock.now())
        await store.journal.commit(Unit(entries=(Entry(kind=EntryKind.KEY_ROTATE, body=said),), changes=(change,)))
        clock.advance(OVERLAP)
        await Rotation(journal=store.journal, names=store.names, wraps=store.ring, clock=clock, tokens=OVERLAP).sweep()
        assert {one.name: one.state for one in await store.names.named() if one.purpose == "minting"} == {
            was: KeyState.RETIRED,
            now: KeyState.CURRENT,
        }


# ---------------------------------------------------------------- grants

GIVE = (
    "INSERT INTO grants (id, review, fingerprint, most, total, until, row) VALUES ($1, $2, 'f', 1, 1, 4102444800000000,"
    " '{}')"
)


async def test_the_gateway_gives_no_grant_and_people_use_none(taken: Taken) -> None:
    gateway, people = taken[Part.GATEWAY], taken[Part.PEOPLE]
    with pytest.raises(DENIED):
        await gateway.execute(GIVE, "gr_1", "rev_1")
    for attack in (
        "UPDATE grants SET uses = 0",
        "UPDATE grants SET rows = 0",
        "INSERT INTO granted VALUES ('c', 'g', 1)",
    ):
        with pytest.raises(DENIED):
            await people.execute(attack)
    for part, kind in ((Part.GATEWAY, EntryKind.PERMIT_GIVEN), (Part.PEOPLE, EntryKind.PERMIT_USED)):
        with pytest.raises(DENIED):
            await taken[part].fetchrow(APPEND, *laid(sample(kind, min(FORMS[kind].slots, key=str))))


async def test_people_take_no_ticket_and_a_gateway_gives_none(taken: Taken) -> None:
    for part, kind in ((Part.GATEWAY, EntryKind.TICKET_GIVEN), (Part.PEOPLE, EntryKind.TICKET_USED)):
        with pytest.raises(DENIED):
            await taken[part].fetchrow(APPEND, *laid(sample(kind, min(FORMS[kind].slots, key=str))))


async def test_the_database_takes_no_grant_that_not_every_vote_chose(place: Ground, taken: Taken) -> None:
    clock, people = ManualClock(datetime.now(UTC)), taken[Part.PEOPLE]
    review = entries.review(clock.now())
    async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        await store.journal.commit(entries.opening(review))
        with pytest.raises(asyncpg.CheckViolationError):
            await people.execute(GIVE, "gr_1", review.id)  # nobody approved it
        await store.journal.commit(entries.casting(review, entries.vote(review, clock.now())))
    with pytest.raises(asyncpg.CheckViolationError):
        await people.execute(GIVE, "gr_1", review.id)
    chose = "UPDATE votes SET row = jsonb_set(row::jsonb, '{grant}', '{\"uses\": 1}')::text"
    dba = await place.dba()
    await dba.execute(f"ALTER TABLE votes DISABLE TRIGGER USER; {chose}; ALTER TABLE votes ENABLE TRIGGER USER")
    await dba.close()
    await people.execute(GIVE, "gr_1", review.id)
