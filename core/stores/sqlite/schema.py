"""Tables of the store's files, and how their connections are opened."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final, LiteralString

from core.errors import AuditUnavailable, UnsafeStart

SOUND: Final = (3, 51, 3)
VERSION: Final = 18  # PRAGMA user_version of every file but the look-ups'
INDEX: Final = 100  # of that one: it is made anew where it is another

LOG: Final[tuple[LiteralString, ...]] = (
    (
        "CREATE TABLE log_coord (id INTEGER PRIMARY KEY CHECK (id = 0), next INTEGER NOT NULL,"
        " last_us INTEGER NOT NULL, integrated INTEGER NOT NULL, origin TEXT NOT NULL,"
        " min_index INTEGER NOT NULL DEFAULT 0)"
    ),
    # body: the exact bytes that were hashed; codec 0 = as they are
    (
        "CREATE TABLE log_entry (seq INTEGER PRIMARY KEY, ts_ms INTEGER NOT NULL, kind TEXT NOT NULL, scope TEXT,"
        " attempt INTEGER, slot INTEGER, body BLOB NOT NULL, codec INTEGER NOT NULL DEFAULT 0,"
        " CHECK (slot IS NULL OR (attempt IS NOT NULL AND scope IS NOT NULL)))"
    ),
    "CREATE UNIQUE INDEX log_slot ON log_entry(scope, attempt, slot) WHERE slot IS NOT NULL",
    "CREATE INDEX log_scope ON log_entry(scope, seq) WHERE scope IS NOT NULL AND slot IS NULL",  # others: log_slot
    # A speed bump only, which anyone with the file drops: the evidence is the tree.
    "CREATE TRIGGER log_entry_kept BEFORE DELETE ON log_entry BEGIN SELECT RAISE(ABORT, 'it only grows'); END",
    "CREATE TRIGGER log_entry_fixed BEFORE UPDATE ON log_entry BEGIN SELECT RAISE(ABORT, 'it only grows'); END",
    "CREATE TABLE log_tile (id INTEGER PRIMARY KEY, d BLOB NOT NULL)",  # id = level << 48 | index
    (
        "CREATE TABLE log_checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, ts_ms INTEGER NOT NULL,"
        " note BLOB NOT NULL)"
    ),
    # every one of [keys] that the store was ever under; of each purpose one is current; public: of signing, its vkey
    (
        "CREATE TABLE key_named (n INTEGER PRIMARY KEY, purpose TEXT NOT NULL, name TEXT NOT NULL UNIQUE,"
        " state TEXT NOT NULL CHECK (state IN ('next', 'current', 'former', 'retired')),"
        " public TEXT NOT NULL DEFAULT '', turned_at INTEGER)"
    ),
    "CREATE UNIQUE INDEX key_current ON key_named(purpose) WHERE state = 'current'",
    (
        "CREATE TABLE log_cosig (size INTEGER NOT NULL, witness TEXT NOT NULL, line TEXT NOT NULL,"
        " PRIMARY KEY (size, witness))"
    ),
    (  # where checkpoints arrived outside of the store
        "CREATE TABLE log_place (name TEXT PRIMARY KEY, size INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
        " trouble TEXT NOT NULL)"
    ),
)

ROWS: Final[tuple[LiteralString, ...]] = (
    # Instants are microseconds since the epoch, UTC: a guard compares exactly what was decided.
    # asker: who asked, owner: who answers for the agent, as `row` says
    (
        "CREATE TABLE reviews (id TEXT PRIMARY KEY, call_id TEXT NOT NULL UNIQUE, request_key TEXT NOT NULL,"
        " attach INTEGER NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, opened_at INTEGER NOT NULL,"
        " expires_at INTEGER NOT NULL, use_by INTEGER, digest TEXT NOT NULL, row TEXT NOT NULL, stop_wanted TEXT,"
        " asker_directory TEXT, asker TEXT, owner_directory TEXT, owner TEXT)"
    ),
    "CREATE UNIQUE INDEX one_open ON reviews(request_key) WHERE attach = 1",
    "CREATE INDEX reviews_state ON reviews(state, opened_at)",
    "CREATE INDEX reviews_asker ON reviews(asker_directory, asker)",
    "CREATE INDEX reviews_owner ON reviews(owner_directory, owner)",
    (
        "CREATE TABLE votes (n INTEGER PRIMARY KEY, review TEXT NOT NULL, directory TEXT NOT NULL,"
        " person TEXT NOT NULL, row TEXT NOT NULL, UNIQUE (review, directory, person))"
    ),
    "CREATE INDEX votes_person ON votes(directory, person)",
    (
        "CREATE TABLE cards (review TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT NOT NULL, shown INTEGER NOT NULL,"
        " PRIMARY KEY (review, channel, ts))"
    ),
    # an answer given alone: whose, by when another must have looked at it, whether one has, whether that was told
    (
        "CREATE TABLE breaks (review TEXT PRIMARY KEY, directory TEXT NOT NULL, person TEXT NOT NULL,"
        " at INTEGER NOT NULL, due INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0,"
        " told INTEGER NOT NULL DEFAULT 0)"
    ),
    "CREATE INDEX breaks_open ON breaks(directory, person) WHERE closed = 0",
    "CREATE INDEX breaks_person ON breaks(directory, person)",
    (
        "CREATE TABLE results (call_id TEXT PRIMARY KEY, payload TEXT NOT NULL, until INTEGER NOT NULL,"
        " handed INTEGER NOT NULL DEFAULT 0)"
    ),
    (
        "CREATE TABLE budgets (account TEXT NOT NULL, since INTEGER NOT NULL, spent INTEGER NOT NULL,"
        " PRIMARY KEY (account, since))"
    ),
    (  # what attempts that have not settled may use at most; `spent` holds it already
        "CREATE TABLE reserved (call_id TEXT NOT NULL, attempt INTEGER NOT NULL, account TEXT NOT NULL,"
        " since INTEGER NOT NULL, measure TEXT NOT NULL, amount INTEGER NOT NULL,"
        " PRIMARY KEY (call_id, attempt, account))"
    ),
    "CREATE INDEX reserved_account ON reserved(account, since)",
    # most: uses; total: rows; granted: which Call used which, and how many rows of it count
    (
        "CREATE TABLE grants (id TEXT PRIMARY KEY, review TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,"
        " most INTEGER NOT NULL, total INTEGER NOT NULL, until INTEGER NOT NULL, uses INTEGER NOT NULL DEFAULT 0,"
        " rows INTEGER NOT NULL DEFAULT 0, ended_at INTEGER, row TEXT NOT NULL)"
    ),
    "CREATE INDEX grants_fingerprint ON grants(fingerprint) WHERE ended_at IS NULL",
    "CREATE INDEX grants_until ON grants(until) WHERE ended_at IS NULL",
    (
        "CREATE TABLE granted (call_id TEXT PRIMARY KEY, of TEXT NOT NULL, number INTEGER NOT NULL,"
        " rows INTEGER NOT NULL DEFAULT 0)"
    ),
    "CREATE INDEX granted_of ON granted(of)",
    "CREATE TABLE open_calls (call_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, unknown INTEGER NOT NULL DEFAULT 0)",
    (
        # live: Calls of this key join it; opened: its first Entry; grown: what the manifest of manifest_at covered
        "CREATE TABLE sessions (id TEXT PRIMARY KEY, key TEXT NOT NULL, began_at INTEGER NOT NULL,"
        " last_at INTEGER NOT NULL, ps TEXT NOT NULL, person TEXT NOT NULL, live INTEGER NOT NULL DEFAULT 1,"
        " opened INTEGER, ended_at INTEGER, manifest_at INTEGER NOT NULL, grown TEXT NOT NULL DEFAULT '')"
    ),
    "CREATE UNIQUE INDEX sessions_live ON sessions(key) WHERE live = 1",
    "CREATE INDEX sessions_open ON sessions(last_at) WHERE ended_at IS NULL",
    # Calls of Sessions that are open, by the number of their INTENT: a Session's manifest is made of them
    (
        "CREATE TABLE session_calls (session TEXT NOT NULL, call_id TEXT NOT NULL, seq INTEGER NOT NULL,"
        " PRIMARY KEY (session, call_id)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE sink_cursor (sink TEXT PRIMARY KEY, next INTEGER NOT NULL, delivered_ms INTEGER NOT NULL,"
        " trouble TEXT NOT NULL)"
    ),
    "CREATE TABLE sink_rejected (sink TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (sink, seq)) WITHOUT ROWID",
    "CREATE INDEX sessions_ps ON sessions(ps)",
    "CREATE INDEX sessions_person ON sessions(person)",
    # what holds once or for a while, by the digest of its name: sign-ins' states, assertions, codes, people's sessions
    "CREATE TABLE ticket (name TEXT PRIMARY KEY, row TEXT NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX ticket_ends ON ticket(ends)",
    # Slack accounts that people made theirs; email: as verified then, '' where none was
    (
        "CREATE TABLE slack_links (team TEXT NOT NULL, slack_user TEXT NOT NULL, directory TEXT NOT NULL,"
        " person TEXT NOT NULL, email TEXT NOT NULL, linked_at INTEGER NOT NULL, PRIMARY KEY (team, slack_user),"
        " UNIQUE (team, directory, person))"
    ),
    "CREATE UNIQUE INDEX slack_links_email ON slack_links(team, directory, email) WHERE email <> ''",
    # custody: one row, which holds and shreds touch first; terms: the retention in force
    "CREATE TABLE custody (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL, terms TEXT)",
    # a restore from a copy: how many Entries the copy had, of which day no budget is known, whether operators opened it
    "CREATE TABLE restored (size INTEGER PRIMARY KEY, origin TEXT NOT NULL, day TEXT NOT NULL, open INTEGER NOT NULL)",
    "CREATE TABLE holds (kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, id))",
    "CREATE TABLE shredding (dek INTEGER PRIMARY KEY)",
    "CREATE TABLE shown (dek INTEGER NOT NULL, review TEXT NOT NULL, PRIMARY KEY (dek, review))",
    "CREATE TABLE acts (id TEXT PRIMARY KEY, at INTEGER NOT NULL, row TEXT NOT NULL)",
    "CREATE TABLE blocks (party TEXT PRIMARY KEY, until INTEGER)",  # NULL: until it is released
    "CREATE TABLE in_force (id INTEGER PRIMARY KEY CHECK (id = 0), version TEXT NOT NULL, text TEXT NOT NULL)",
)

PAYLOADS: Final[tuple[LiteralString, ...]] = (
    (
        "CREATE TABLE payload (id TEXT PRIMARY KEY, call_id TEXT NOT NULL, role TEXT NOT NULL, dek INTEGER NOT NULL,"
        " nonce BLOB NOT NULL, ct BLOB NOT NULL)"
    ),
)

KEYS: Final[tuple[LiteralString, ...]] = (
    # purpose: which of [keys] wraps it, wrapping: that key's name; wrapped is NULL once the key was destroyed
    (
        "CREATE TABLE dek (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, purpose TEXT NOT NULL, session TEXT NOT NULL,"
        " source TEXT NOT NULL, call TEXT NOT NULL, person TEXT NOT NULL, day INTEGER NOT NULL, origin TEXT NOT NULL,"
        " wrapped BLOB, wrapping TEXT NOT NULL)"
    ),
    (
        "CREATE UNIQUE INDEX dek_scope ON dek(kind, purpose, session, source, call, person, day, origin)"
        " WHERE wrapped IS NOT NULL"
    ),
    "CREATE INDEX dek_alive ON dek(kind, day) WHERE wrapped IS NOT NULL",
    "CREATE INDEX dek_wrapping ON dek(wrapping, id) WHERE wrapped IS NOT NULL",
    "CREATE TABLE kek (purpose TEXT PRIMARY KEY, name TEXT NOT NULL)",  # what wraps new data keys
    # look: keyed MAC of the name, by which a person is found as long as the key of the name is there
    (
        "CREATE TABLE subject (pseudonym TEXT PRIMARY KEY, dek INTEGER NOT NULL, nonce BLOB NOT NULL, ct BLOB NOT NULL,"
        " look TEXT)"
    ),
    "CREATE INDEX subject_look ON subject(look)",
)

HISTORY: Final[tuple[LiteralString, ...]] = (
    # leaf: of the last Entry applied, so that another log is seen; made: how often it was begun anew
    (
        "CREATE TABLE applied (id INTEGER PRIMARY KEY CHECK (id = 0), next INTEGER NOT NULL, leaf TEXT NOT NULL,"
        " made INTEGER NOT NULL)"
    ),
    "INSERT INTO applied VALUES (0, 0, '', 0)",
    "CREATE TABLE person (pk INTEGER PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE)",
    (
        "CREATE TABLE session (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, began_ms INTEGER NOT NULL,"
        " last_ms INTEGER NOT NULL, ps INTEGER NOT NULL, person INTEGER, agent TEXT NOT NULL,"
        " calls INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0)"
    ),
    "CREATE INDEX session_began ON session(began_ms)",
    "CREATE INDEX session_ps ON session(ps, began_ms)",
    "CREATE INDEX session_person ON session(person, began_ms)",
    "CREATE TABLE shape (pk INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
    (
        "CREATE VIRTUAL TABLE shape_words USING fts5(text, content='shape', content_rowid='pk',"
        " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    ),
    "CREATE TABLE name (pk INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (kind, text))",
    (
        "CREATE TABLE pattern (pk INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, agent TEXT NOT NULL,"
        " source TEXT NOT NULL, tool TEXT NOT NULL, verdict TEXT NOT NULL, protected INTEGER NOT NULL,"
        " cut INTEGER NOT NULL, shape INTEGER NOT NULL, calls INTEGER NOT NULL DEFAULT 0)"
    ),
    "CREATE INDEX pattern_shape ON pattern(shape)",
    "CREATE INDEX pattern_cut ON pattern(pk) WHERE cut = 1",
    (
        "CREATE TABLE pattern_name (name INTEGER NOT NULL, pattern INTEGER NOT NULL, PRIMARY KEY (name, pattern))"
        " WITHOUT ROWID"
    ),
    # seq: of the INTENT; who: the human behind it, or the principal where there is none; ps: the principal
    (
        "CREATE TABLE call (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, session INTEGER NOT NULL,"
        " at_ms INTEGER NOT NULL, ps INTEGER NOT NULL, who INTEGER NOT NULL, pattern INTEGER NOT NULL, outcome TEXT,"
        " rows INTEGER, masked INTEGER NOT NULL DEFAULT 0)"
    ),
    "CREATE INDEX call_session ON call(session, at_ms, seq)",
    "CREATE INDEX call_who ON call(who, at_ms, seq)",
    "CREATE INDEX call_pattern ON call(pattern, at_ms, seq)",
    "CREATE INDEX call_at ON call(at_ms, seq)",
    "CREATE INDEX call_rows ON call(rows) WHERE rows >= 100",
)


def warning(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Say what an operator should know of this SQLite, "" when nothing.

    Before 3.51.3 two connections that write or checkpoint one WAL database at the same moment may corrupt it
    (sqlite.org/wal.html); this store has one connection that does, so it is a warning.
    """
    if version >= SOUND:
        return ""
    return f"SQLite {'.'.join(map(str, version))} has a known WAL fault, fixed in 3.51.3: keep other writers away"


def writable(
    path: Path,
    tables: tuple[LiteralString, ...],
    *,
    full: bool = True,
    erase: bool = False,
    version: int = VERSION,
) -> sqlite3.Connection:
    """Open a file for its one writing thread and make its tables when it is new.

    FULL: with group commit NORMAL is not faster, and it loses acknowledged commits at a power cut
    (sqlite.org/pragma.html#pragma_synchronous).
    Raises: UnsafeStart for another version or a file that is no database.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL" if full else "PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute("PRAGMA temp_store = MEMORY")  # else what a savepoint would undo is written to a file first
        connection.execute("PRAGMA trusted_schema = OFF")
        if erase:
            connection.execute("PRAGMA secure_delete = ON")
        _make(connection, path, tables, version)
    except sqlite3.DatabaseError as error:
        raise UnsafeStart(f"{path} does not open as a store: {error}; restore it from a backup") from error
    return connection


def projected(path: Path) -> sqlite3.Connection:
    """Open the look-ups' file, begun anew where it is damaged or another version's: it is made of the log alone.

    Raises: UnsafeStart when not even a new one opens.
    """
    try:
        return writable(path, HISTORY, full=False, version=INDEX)
    except UnsafeStart:
        for beside in ("", "-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        return writable(path, HISTORY, full=False, version=INDEX)


def other(path: Path, found: int, version: int = VERSION) -> str:
    """Say of a file of another version what can be done about it."""
    age = "newer than" if found > version else "older than"
    remedy = "" if found > version else ": assent store migrate brings it forward"
    return f"{path} is {age} this program: version {found}, not {version}{remedy}"


def _make(connection: sqlite3.Connection, path: Path, tables: tuple[LiteralString, ...], version: int) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found == version:
        return
    (held,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if found or held:
        raise UnsafeStart(other(path, found, version))
    connection.execute("BEGIN IMMEDIATE")
    for statement in tables:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")


def emptied(connection: sqlite3.Connection) -> None:
    """Empty the write-ahead log, which still holds pages as they were before a key was destroyed.

    Raises: AuditUnavailable while a reader needs it.
    """
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise AuditUnavailable("the write-ahead log is being read")
