"""The store's schema as SQL, made from the same tables that the program itself obeys; run once by a DBA.

Appending is one server function that moves the sequencer, numbers Entries without a gap, stamps the store's own time
into their bytes and takes kind, scope, attempt and slot from those bytes: what the log's columns say, its bodies say.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from core.audit.entry import CAP, FORMS, Form
from core.model import EntryKind, Outcome
from core.stores.postgres.rights import GRANTS, Part
from core.stores.postgres.secured import policies
from core.stores.postgres.triggers import triggers

SCHEMA: Final = "assent"
OWNER: Final = "assent_owner"
VERSION: Final = 13
# Of `append`.
TAKES: Final = "integer[], bytea[], integer[], bigint[], bigint[], integer[], text[], text[], bigint, bytea"
REGRESSED: Final = "AS001"  # SQLSTATE of a log that does not hold what its caller recorded last
STAMP: Final = 13  # digits of milliseconds since the epoch, from 2001 to 2286

TABLES: Final = """
CREATE TABLE store_version (version integer NOT NULL, digest text NOT NULL);

CREATE TABLE log_coord (id integer PRIMARY KEY CHECK (id = 0), next bigint NOT NULL, last_us bigint NOT NULL,
  integrated bigint NOT NULL, origin text NOT NULL, min_index bigint NOT NULL DEFAULT 0) WITH (fillfactor = 10);
-- body: the exact bytes that were hashed; codec 0 = as they are
CREATE TABLE log_entry (seq bigint PRIMARY KEY, ts_ms bigint NOT NULL, kind text NOT NULL, scope text,
  attempt smallint, slot smallint, body bytea NOT NULL, codec smallint NOT NULL DEFAULT 0,
  CONSTRAINT log_entry_form CHECK (coalesce({forms}, false)), CHECK (octet_length(body) <= {cap}));
CREATE UNIQUE INDEX log_slot ON log_entry (scope, attempt, slot) WHERE slot IS NOT NULL;
-- Entries without a slot; those with one are found by log_slot
CREATE INDEX log_scope ON log_entry (scope, seq) WHERE scope IS NOT NULL AND slot IS NULL;
CREATE TABLE log_tile (id bigint PRIMARY KEY, d bytea NOT NULL);
CREATE TABLE log_checkpoint (size bigint PRIMARY KEY, root bytea NOT NULL, ts_ms bigint NOT NULL, note bytea NOT NULL);
-- every one of [keys] that the store was ever under; of each purpose one is current; public: of signing, its vkey
CREATE TABLE key_named (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, purpose text NOT NULL,
  name text NOT NULL UNIQUE, state text NOT NULL CHECK (state IN ('next', 'current', 'former', 'retired')),
  public text NOT NULL DEFAULT '', turned_at bigint);
CREATE UNIQUE INDEX key_current ON key_named (purpose) WHERE state = 'current';
CREATE TABLE log_cosig (size bigint NOT NULL, witness text NOT NULL, line text NOT NULL, PRIMARY KEY (size, witness));
-- where checkpoints arrived outside of the store
CREATE TABLE log_place (name text PRIMARY KEY, size bigint NOT NULL, at_ms bigint NOT NULL, trouble text NOT NULL);
CREATE TABLE open_calls (call_id text PRIMARY KEY, seq bigint NOT NULL, unknown integer NOT NULL DEFAULT 0);

-- asker: who asked, owner: who answers for the agent
CREATE TABLE reviews (id text PRIMARY KEY, call_id text NOT NULL UNIQUE, request_key text NOT NULL,
  attach integer NOT NULL, state text NOT NULL, version integer NOT NULL, opened_at bigint NOT NULL,
  expires_at bigint NOT NULL, use_by bigint, digest text NOT NULL, row text NOT NULL, stop_wanted text,
  asker_directory text, asker text, owner_directory text, owner text, CONSTRAINT reviews_named CHECK (
    ROW (asker_directory, asker, owner_directory, owner) IS NOT DISTINCT FROM
    ROW (row::json #>> '{{requester,directory}}', row::json #>> '{{requester,id}}',
      row::json #>> '{{owner,directory}}', row::json #>> '{{owner,id}}')));
CREATE UNIQUE INDEX one_open ON reviews (request_key) WHERE attach = 1;
CREATE INDEX reviews_state ON reviews (state, opened_at);
CREATE INDEX reviews_asker ON reviews (asker_directory, asker);
CREATE INDEX reviews_owner ON reviews (owner_directory, owner);
CREATE TABLE votes (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, review text NOT NULL, directory text NOT NULL,
  person text NOT NULL, row text NOT NULL, UNIQUE (review, directory, person));
CREATE INDEX votes_person ON votes (directory, person);
CREATE TABLE cards (review text NOT NULL, channel text NOT NULL, ts text NOT NULL, shown integer NOT NULL,
  PRIMARY KEY (review, channel, ts));
-- an answer given alone: whose, by when another must have looked at it, whether one has, whether that was told
CREATE TABLE breaks (review text PRIMARY KEY, directory text NOT NULL, person text NOT NULL, at bigint NOT NULL,
  due bigint NOT NULL, closed integer NOT NULL DEFAULT 0, told integer NOT NULL DEFAULT 0);
CREATE INDEX breaks_open ON breaks (directory, person) WHERE closed = 0;
CREATE INDEX breaks_person ON breaks (directory, person);
CREATE TABLE results (call_id text PRIMARY KEY, payload text NOT NULL, until bigint NOT NULL,
  handed integer NOT NULL DEFAULT 0);
CREATE TABLE budgets (account text NOT NULL, since bigint NOT NULL, spent bigint NOT NULL,
  PRIMARY KEY (account, since));
-- what attempts that have not settled may use at most; `spent` holds it already
CREATE TABLE reserved (call_id text NOT NULL, attempt integer NOT NULL, account text NOT NULL, since bigint NOT NULL,
  measure text NOT NULL, amount bigint NOT NULL, PRIMARY KEY (call_id, attempt, account));
CREATE INDEX reserved_account ON reserved (account, since);
-- most: uses; total: rows; granted: which Call used which, and how many rows of it count
CREATE TABLE grants (id text PRIMARY KEY, review text NOT NULL UNIQUE, fingerprint text NOT NULL,
  most integer NOT NULL, total bigint NOT NULL, until bigint NOT NULL, uses integer NOT NULL DEFAULT 0,
  rows bigint NOT NULL DEFAULT 0, ended_at bigint, row text NOT NULL);
CREATE INDEX grants_fingerprint ON grants (fingerprint) WHERE ended_at IS NULL;
CREATE INDEX grants_until ON grants (until) WHERE ended_at IS NULL;
CREATE TABLE granted (call_id text PRIMARY KEY, of text NOT NULL, number integer NOT NULL,
  rows bigint NOT NULL DEFAULT 0);
CREATE INDEX granted_of ON granted (of);
-- live: Calls of this key join it; opened: its first Entry; grown: what its last manifest, at manifest_at, covered
CREATE TABLE sessions (id text PRIMARY KEY, key text NOT NULL, began_at bigint NOT NULL, last_at bigint NOT NULL,
  ps text NOT NULL, person text NOT NULL, live integer NOT NULL DEFAULT 1, opened bigint, ended_at bigint,
  manifest_at bigint NOT NULL, grown text NOT NULL DEFAULT '');
CREATE UNIQUE INDEX sessions_live ON sessions (key) WHERE live = 1;
CREATE INDEX sessions_open ON sessions (last_at) WHERE ended_at IS NULL;
-- Calls of Sessions that are open, by the number of their INTENT: a Session's manifest is made of them
CREATE TABLE session_calls (session text NOT NULL, call_id text NOT NULL, seq bigint NOT NULL,
  PRIMARY KEY (session, call_id));
CREATE INDEX sessions_ps ON sessions (ps);
CREATE INDEX sessions_person ON sessions (person);
-- custody: one row, which holds and shreds touch first; terms: the retention in force
CREATE TABLE custody (id integer PRIMARY KEY CHECK (id = 0), version bigint NOT NULL, terms text);
-- a restore from a copy: how many Entries the copy had, of which day no budget is known, whether operators opened it
CREATE TABLE restored (size bigint PRIMARY KEY, origin text NOT NULL, day text NOT NULL, open integer NOT NULL);
CREATE TABLE holds (kind text NOT NULL, id text NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE shredding (dek bigint PRIMARY KEY);
CREATE TABLE shown (dek bigint NOT NULL, review text NOT NULL, PRIMARY KEY (dek, review));
CREATE TABLE acts (id text PRIMARY KEY, at bigint NOT NULL, row text NOT NULL);
-- until: NULL where somebody must release it
CREATE TABLE blocks (party text PRIMARY KEY, until bigint);
CREATE TABLE in_force (id integer PRIMARY KEY CHECK (id = 0), version text NOT NULL, text text NOT NULL);

CREATE TABLE payload (id text PRIMARY KEY, call_id text NOT NULL, role text NOT NULL, dek bigint NOT NULL,
  nonce bytea NOT NULL, ct bytea NOT NULL);
CREATE INDEX payload_dek ON payload (dek);
-- purpose: which of [keys] wraps it, wrapping: that key's name; wrapped is NULL once the key was destroyed
CREATE TABLE dek (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, purpose text NOT NULL,
  session text NOT NULL, source text NOT NULL, call text NOT NULL, person text NOT NULL, day integer NOT NULL,
  origin text NOT NULL, wrapped bytea, wrapping text NOT NULL);
CREATE UNIQUE INDEX dek_scope ON dek (kind, purpose, session, source, call, person, day, origin)
  WHERE wrapped IS NOT NULL;
CREATE INDEX dek_alive ON dek (kind, day) WHERE wrapped IS NOT NULL;
CREATE INDEX dek_wrapping ON dek (wrapping, id) WHERE wrapped IS NOT NULL;
CREATE TABLE kek (purpose text PRIMARY KEY, name text NOT NULL);  -- what wraps new data keys
-- look: keyed MAC of the name, by which a person is found as long as the key of the name is there
CREATE TABLE subject (pseudonym text PRIMARY KEY, dek bigint NOT NULL, nonce bytea NOT NULL, ct bytea NOT NULL,
  look text);
CREATE INDEX subject_look ON subject (look);

CREATE TABLE sink_cursor (sink text PRIMARY KEY, next bigint NOT NULL, delivered_ms bigint NOT NULL,
  trouble text NOT NULL);
CREATE TABLE sink_rejected (sink text NOT NULL, seq bigint NOT NULL, PRIMARY KEY (sink, seq));

-- what holds once or for a while, by the digest of its name: sign-ins' states, assertions, codes, people's sessions
CREATE TABLE ticket (name text PRIMARY KEY, row text NOT NULL, ends bigint NOT NULL);
CREATE INDEX ticket_ends ON ticket (ends);
-- Slack accounts that people made theirs; email: as verified then, '' where none was
CREATE TABLE slack_links (team text NOT NULL, slack_user text NOT NULL, directory text NOT NULL, person text NOT NULL,
  email text NOT NULL, linked_at bigint NOT NULL, PRIMARY KEY (team, slack_user), UNIQUE (team, directory, person));
CREATE UNIQUE INDEX slack_links_email ON slack_links (team, directory, email) WHERE email <> '';

-- what look-ups read, made of the log alone; leaf: of the last Entry applied, so that another log is seen;
-- made: how often it was begun anew, so that processes forget the keys they remember
CREATE TABLE applied (id integer PRIMARY KEY CHECK (id = 0), next bigint NOT NULL, leaf text NOT NULL,
  made bigint NOT NULL);
INSERT INTO applied VALUES (0, 0, '', 0);
CREATE TABLE person (pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pseudonym text NOT NULL UNIQUE);
CREATE TABLE session (pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL UNIQUE,
  began_ms bigint NOT NULL, last_ms bigint NOT NULL, ps bigint NOT NULL, person bigint, agent text NOT NULL,
  calls bigint NOT NULL DEFAULT 0, refused bigint NOT NULL DEFAULT 0, rows bigint NOT NULL DEFAULT 0);
CREATE INDEX session_began ON session (began_ms);
CREATE INDEX session_ps ON session (ps, began_ms);
CREATE INDEX session_person ON session (person, began_ms);
CREATE TABLE shape (pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL UNIQUE, words tsvector);
CREATE INDEX shape_words ON shape USING gin (words);
CREATE TABLE name (pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, text text NOT NULL,
  UNIQUE (kind, text));
CREATE TABLE pattern (pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE,
  agent text NOT NULL, source text NOT NULL, tool text NOT NULL, verdict text NOT NULL, protected integer NOT NULL,
  cut integer NOT NULL, shape bigint NOT NULL, calls bigint NOT NULL DEFAULT 0);
CREATE INDEX pattern_shape ON pattern (shape);
CREATE INDEX pattern_cut ON pattern (pk) WHERE cut = 1;
CREATE TABLE pattern_name (name bigint NOT NULL, pattern bigint NOT NULL, PRIMARY KEY (name, pattern));
-- seq: of the INTENT; who: the human behind it, or the principal where there is none; ps: the principal
CREATE TABLE call (seq bigint PRIMARY KEY, id text NOT NULL UNIQUE, session bigint NOT NULL, at_ms bigint NOT NULL,
  ps bigint NOT NULL, who bigint NOT NULL, pattern bigint NOT NULL, outcome text, rows bigint,
  masked bigint NOT NULL DEFAULT 0);
CREATE INDEX call_session ON call (session, at_ms, seq);
CREATE INDEX call_who ON call (who, at_ms, seq);
CREATE INDEX call_pattern ON call (pattern, at_ms, seq);
CREATE INDEX call_at ON call (at_ms, seq);
CREATE INDEX call_rows ON call (rows) WHERE rows >= 100;
"""

FUNCTIONS: Final = """
CREATE FUNCTION clock_us() RETURNS bigint LANGUAGE sql VOLATILE
  AS $$ SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint $$;

-- units: for each Entry the number of its unit; holes: where in its body the stamp goes; befores, afters: each unit's
-- guards; guarded, parties: pairs of a unit and who must not be blocked for it; policies: each unit's, "" for any.
-- Guards are read behind the sequencer's lock: what stands before a unit in the log holds for it. A unit whose guard is
-- false or one of whose slots is taken leaves nothing behind and no gap.
CREATE FUNCTION append(units integer[], bodies bytea[], holes integer[], befores bigint[], afters bigint[],
  guarded integer[], parties text[], policies text[], seen bigint, leaf bytea,
  OUT first bigint, OUT at_us bigint, OUT lost integer[], OUT taken integer[], OUT blocked integer[],
  OUT superseded integer[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  last bigint; name text; number bigint; gone integer[]; more integer[];
BEGIN
  SELECT c.next, c.last_us, c.origin INTO STRICT first, last, name FROM log_coord c WHERE c.id = 0 FOR UPDATE;
  IF seen IS NOT NULL AND NOT EXISTS (SELECT FROM log_entry e WHERE e.seq = seen AND sha256('\\x00' || e.body) = leaf)
  THEN RAISE EXCEPTION 'log_regressed' USING ERRCODE = '{regressed}'; END IF;
  at_us := greatest(clock_us(), last);
  lost := '{{}}'; blocked := '{{}}'; superseded := '{{}}'; taken := '{{}}';
  IF array_remove(befores || afters, NULL) <> '{{}}' THEN
    lost := ARRAY(SELECT g.n FROM unnest(befores, afters) WITH ORDINALITY AS g(b, a, n)
      WHERE at_us >= g.b OR at_us < g.a);
  END IF;
  IF guarded <> '{{}}' THEN
    blocked := ARRAY(SELECT DISTINCT g.n FROM unnest(guarded, parties) AS g(n, p)
      JOIN blocks b ON b.party = g.p WHERE b.until IS NULL OR b.until > at_us);
  END IF;
  IF array_remove(policies, '') <> '{{}}' THEN
    superseded := ARRAY(SELECT g.n FROM unnest(policies) WITH ORDINALITY AS g(p, n)
      WHERE g.p <> '' AND EXISTS (SELECT FROM in_force f WHERE f.version <> g.p));
  END IF;
  LOOP
    gone := lost || taken || blocked || superseded;
    BEGIN
      WITH told AS MATERIALIZED (
        SELECT first + row_number() OVER (ORDER BY e.o) - 1 AS seq,
          CASE WHEN f.ts = at_us / 1000 AND f.log = name THEN f.ts END AS ts, f.kind, {scope} AS scope, f.attempt,
          f.slot, e.body, f.session, f.outcome, f.final
        FROM (SELECT u.o, overlay(u.b PLACING convert_to((at_us / 1000)::text, 'UTF8') FROM u.hole FOR {stamp}) AS body
          FROM unnest(units, bodies, holes) WITH ORDINALITY AS u(unit, b, hole, o)
          WHERE NOT u.unit = ANY (gone) OFFSET 0) AS e,
          LATERAL json_to_record(convert_from(e.body, 'UTF8')::json)
            AS f(ts bigint, log text, kind text, call text, review text, act text, "grant" text, ticket text,
              attempt smallint, slot smallint, session text, outcome text, final text)),
      fresh AS (
        INSERT INTO log_entry (seq, ts_ms, kind, scope, attempt, slot, body)
        SELECT t.seq, t.ts, t.kind, t.scope, t.attempt, t.slot, t.body FROM told t),
      opening AS (
        UPDATE sessions s SET opened = t.seq FROM told t WHERE t.kind = '{session}' AND s.id = t.session),
      calls AS (
        INSERT INTO session_calls (session, call_id, seq)
        SELECT t.session, t.scope, t.seq FROM told t WHERE t.kind = '{intent}' ON CONFLICT DO NOTHING),
      turn AS (
        SELECT DISTINCT ON (t.scope) t.seq, t.scope, CASE WHEN t.kind = '{intent}' THEN 'begun'
          WHEN t.kind = '{outcome}' AND t.outcome = '{unknown}' THEN 'unknown' ELSE 'ended' END AS came
        FROM told t WHERE t.kind IN ('{intent}', '{resolved}') OR (t.kind = '{outcome}'
          AND (t.final IS DISTINCT FROM 'false' OR t.outcome = '{unknown}'))
        ORDER BY t.scope, t.seq DESC),
      begun AS (
        INSERT INTO open_calls (call_id, seq) SELECT scope, seq FROM turn WHERE came = 'begun' ON CONFLICT DO NOTHING),
      unknown AS (
        INSERT INTO open_calls (call_id, seq, unknown) SELECT scope, seq, 1 FROM turn WHERE came = 'unknown'
        ON CONFLICT (call_id) DO UPDATE SET unknown = 1),
      ended AS (
        DELETE FROM open_calls o USING turn WHERE turn.came = 'ended' AND o.call_id = turn.scope)
      SELECT count(*) INTO number FROM told;
      EXIT;
    EXCEPTION WHEN unique_violation THEN
      more := ARRAY(SELECT DISTINCT u.unit
        FROM unnest(units, bodies) AS u(unit, b),
          LATERAL json_to_record(convert_from(u.b, 'UTF8')::json)
            AS f(kind text, call text, review text, act text, "grant" text, ticket text, attempt smallint,
              slot smallint)
        WHERE NOT u.unit = ANY (gone) AND f.slot IS NOT NULL AND EXISTS (SELECT FROM log_entry l
          WHERE l.scope = {scope} AND l.attempt = f.attempt AND l.slot = f.slot));
      IF more = '{{}}' THEN RAISE; END IF;
      taken := taken || more;
    END;
  END LOOP;
  UPDATE log_coord SET next = first + number, last_us = at_us WHERE id = 0;
END $$;
"""


def text(origin: str) -> str:
    """Return the whole schema for a log of this origin, with owner, roles and rights: one transaction for a DBA."""
    return "\n".join([begun(), _begin(origin), ended()])


def begun() -> str:
    """Return the transaction's beginning: everything but what the log is called, as the owner."""
    version = f"INSERT INTO store_version VALUES ({VERSION}, '{digest()}');"
    return f"BEGIN;\n{_roles()}\n{_body()}\n{version}"


def ended() -> str:
    """Return the transaction's end."""
    return f"{disowned()}\nCOMMIT;\n"


def owned() -> str:
    """Return how a DBA acts as the owner of a store that stands, in a transaction."""
    return f"GRANT {OWNER} TO CURRENT_USER;\nSET LOCAL ROLE {OWNER};\nSET LOCAL search_path = {SCHEMA};"


def disowned() -> str:
    """Return how a DBA ceases to."""
    return f"RESET ROLE;\nREVOKE {OWNER} FROM CURRENT_USER;"


def derived() -> str:
    """Return what is made from the program's own tables, over tables that stand without it."""
    check = f"ALTER TABLE log_entry ADD CONSTRAINT log_entry_form CHECK (coalesce({forms()}, false));"
    return f"{check}\n{_made()}"


def digest() -> str:
    """Name the schema's content: a store of the same version but other content is refused."""
    return sha256(_body().encode()).hexdigest()[:16]


def _roles() -> str:
    names = (OWNER, *(part.role for part in Part))
    made = "\n".join(
        f"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN CREATE ROLE {name} NOLOGIN; END IF;"
        for name in names
    )
    return (
        f"DO $$ BEGIN\n{made}\nEND $$;\nGRANT {OWNER} TO CURRENT_USER;\n"
        f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {OWNER};\nSET ROLE {OWNER};\nSET LOCAL search_path = {SCHEMA};"
    )


def _body() -> str:
    return "\n".join([TABLES.format_map({"forms": forms(), "cap": CAP}), _made()])


def _made() -> str:
    filled = {
        "schema": SCHEMA,
        "scope": scope(),
        "stamp": STAMP,
        "session": EntryKind.SESSION_OPEN.value,
        "intent": EntryKind.INTENT.value,
        "outcome": EntryKind.OUTCOME.value,
        "resolved": EntryKind.RESOLVED.value,
        "unknown": Outcome.UNKNOWN.value,
        "regressed": REGRESSED,
    }
    return "\n".join([FUNCTIONS.format_map(filled), triggers(SCHEMA), *policies(), *_grants()])


def _begin(origin: str) -> str:
    quoted = origin.replace("'", "''")
    return f"INSERT INTO log_coord (id, next, last_us, integrated, origin) VALUES (0, 0, 0, 0, '{quoted}');"


def forms() -> str:
    """Say as SQL which kinds stand with which scope, attempt and slot: FORMS, and nothing else, in the database too."""
    alike: dict[str, list[str]] = {}
    for kind, form in FORMS.items():
        alike.setdefault(_form(form), []).append(f"'{kind.value}'")
    return " OR ".join(f"(kind IN ({', '.join(kinds)}) AND {form})" for form, kinds in alike.items())


def _form(form: Form) -> str:
    attempts = f"attempt BETWEEN {form.attempts.start} AND {form.attempts.stop - 1}"
    slots = " OR ".join(
        "(slot IS NULL AND attempt IS NULL)" if slot is None else f"(slot = {int(slot)} AND {attempts})"
        for slot in sorted(form.slots, key=lambda one: -1 if one is None else int(one))
    )
    return f"(scope IS {'NOT ' if form.scope else ''}NULL AND ({slots}))"


def scope() -> str:
    """Say as SQL where a body of each kind holds its scope."""
    named: dict[str, list[str]] = {}
    for kind, form in FORMS.items():
        if form.scope is not None:
            named.setdefault(form.scope, []).append(f"'{kind.value}'")
    cases = " ".join(f'WHEN f.kind IN ({", ".join(kinds)}) THEN f."{of}"' for of, kinds in named.items())
    return f"CASE {cases} END"


def _grants() -> Iterator[str]:
    everyone = ", ".join(part.role for part in Part)
    yield "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA assent FROM PUBLIC;"
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {everyone};"
    yield f"GRANT EXECUTE ON FUNCTION clock_us() TO {everyone};"
    yield f"GRANT EXECUTE ON FUNCTION append({TAKES}) TO {everyone};"
    for table, rights in GRANTS.items():
        for right, parts in rights.items():
            yield f"GRANT {right} ON {table} TO {', '.join(part.role for part in sorted(parts))};"
