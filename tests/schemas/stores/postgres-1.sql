BEGIN;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'assent_owner') THEN CREATE ROLE assent_owner NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'assent_gateway') THEN CREATE ROLE assent_gateway NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'assent_people') THEN CREATE ROLE assent_people NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'assent_signer') THEN CREATE ROLE assent_signer NOLOGIN; END IF;
END $$;
GRANT assent_owner TO CURRENT_USER;
CREATE SCHEMA assent AUTHORIZATION assent_owner;
SET ROLE assent_owner;
SET LOCAL search_path = assent;

CREATE TABLE store_version (version integer NOT NULL, digest text NOT NULL);

CREATE TABLE log_coord (id integer PRIMARY KEY CHECK (id = 0), next bigint NOT NULL, last_us bigint NOT NULL,
  integrated bigint NOT NULL, origin text NOT NULL, min_index bigint NOT NULL DEFAULT 0) WITH (fillfactor = 10);
-- body: the exact bytes that were hashed; codec 0 = as they are
CREATE TABLE log_entry (seq bigint PRIMARY KEY, ts_ms bigint NOT NULL, kind text NOT NULL, scope text,
  attempt smallint, slot smallint, body bytea NOT NULL, codec smallint NOT NULL DEFAULT 0,
  CONSTRAINT log_entry_form CHECK (coalesce(CASE kind WHEN 'call.intent' THEN (scope IS NOT NULL AND ((slot = 0 AND attempt BETWEEN 1 AND 3))) WHEN 'call.prepared' THEN (scope IS NOT NULL AND ((slot = 1 AND attempt BETWEEN 1 AND 3))) WHEN 'call.outcome' THEN (scope IS NOT NULL AND ((slot = 2 AND attempt BETWEEN 1 AND 3))) WHEN 'call.resolved' THEN (scope IS NOT NULL AND ((slot = 3 AND attempt BETWEEN 1 AND 3))) WHEN 'call.attached' THEN (scope IS NOT NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'call.weighed' THEN (scope IS NOT NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'disclosure.begin' THEN (scope IS NOT NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'review.opened' THEN (scope IS NOT NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'review.vote' THEN (scope IS NOT NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'review.decided' THEN (scope IS NOT NULL AND ((slot = 1 AND attempt = 0))) WHEN 'review.expired' THEN (scope IS NOT NULL AND ((slot = 1 AND attempt = 0))) WHEN 'review.cancelled' THEN (scope IS NOT NULL AND ((slot = 1 AND attempt = 0) OR (slot = 2 AND attempt = 0))) WHEN 'review.claimed' THEN (scope IS NOT NULL AND ((slot = 2 AND attempt = 0))) WHEN 'review.revoked' THEN (scope IS NOT NULL AND ((slot = 2 AND attempt = 0))) WHEN 'review.lapsed' THEN (scope IS NOT NULL AND ((slot = 2 AND attempt = 0))) WHEN 'session.open' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'session.close' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'session.manifest' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'auth.deny' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'policy.change' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'config.change' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'audit.read' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'audit.export' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'audit.degraded.enter' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'audit.degraded.exit' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'clock.skew' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'system.start' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'system.stop' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'recovery.run' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'verify.run' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'alert.raised' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'key.rotate' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'key.revoke' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'key.rewrap' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'log.restored' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'payload.shred' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'retention.prune' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'hold.set' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'hold.release' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'block.set' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'block.release' THEN (scope IS NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'act.proposed' THEN (scope IS NOT NULL AND ((slot IS NULL AND attempt IS NULL))) WHEN 'act.decided' THEN (scope IS NOT NULL AND ((slot = 1 AND attempt = 0))) END, false)), CHECK (octet_length(body) <= 8192));
CREATE UNIQUE INDEX log_slot ON log_entry (scope, attempt, slot) WHERE slot IS NOT NULL;
CREATE INDEX log_scope ON log_entry (scope, seq) WHERE scope IS NOT NULL;
CREATE TABLE log_tile (id bigint PRIMARY KEY, d bytea NOT NULL);
CREATE TABLE log_checkpoint (size bigint PRIMARY KEY, root bytea NOT NULL, ts_ms bigint NOT NULL, note bytea NOT NULL);
-- every one of [keys] that the store was ever under; of each purpose one is current
CREATE TABLE key_named (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, purpose text NOT NULL,
  name text NOT NULL UNIQUE, state text NOT NULL CHECK (state IN ('next', 'current', 'former', 'retired')));
CREATE UNIQUE INDEX key_current ON key_named (purpose) WHERE state = 'current';
CREATE TABLE log_cosig (size bigint NOT NULL, witness text NOT NULL, line text NOT NULL, PRIMARY KEY (size, witness));
-- where checkpoints arrived outside of the store
CREATE TABLE log_place (name text PRIMARY KEY, size bigint NOT NULL, at_ms bigint NOT NULL, trouble text NOT NULL);
CREATE TABLE open_calls (call_id text PRIMARY KEY, seq bigint NOT NULL, unknown integer NOT NULL DEFAULT 0);

CREATE TABLE reviews (id text PRIMARY KEY, call_id text NOT NULL UNIQUE, request_key text NOT NULL,
  attach integer NOT NULL, state text NOT NULL, version integer NOT NULL, opened_at bigint NOT NULL,
  expires_at bigint NOT NULL, use_by bigint, digest text NOT NULL, row text NOT NULL, stop_wanted text);
CREATE UNIQUE INDEX one_open ON reviews (request_key) WHERE attach = 1;
CREATE INDEX reviews_state ON reviews (state, opened_at);
CREATE TABLE votes (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, review text NOT NULL, directory text NOT NULL,
  person text NOT NULL, row text NOT NULL, UNIQUE (review, directory, person));
CREATE TABLE cards (review text NOT NULL, channel text NOT NULL, ts text NOT NULL, shown integer NOT NULL,
  PRIMARY KEY (review, channel, ts));
CREATE TABLE results (call_id text PRIMARY KEY, payload text NOT NULL, until bigint NOT NULL,
  handed integer NOT NULL DEFAULT 0);
CREATE TABLE budgets (account text NOT NULL, day text NOT NULL, spent bigint NOT NULL, PRIMARY KEY (account, day));
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


CREATE FUNCTION clock_us() RETURNS bigint LANGUAGE sql VOLATILE
  AS $$ SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint $$;

-- units: for each Entry the number of its unit; holes: where in its body the stamp goes; befores, afters: each unit's
-- guards; guarded, parties: pairs of a unit and who must not be blocked for it; policies: each unit's, "" for any.
-- Guards are read behind the sequencer's lock: what stands before a unit in the log holds for it. A unit whose guard is
-- false or one of whose slots is taken leaves nothing behind and no gap.
CREATE FUNCTION append(units integer[], bodies bytea[], holes integer[], befores bigint[], afters bigint[],
  guarded integer[], parties text[], policies text[],
  OUT first bigint, OUT at_us bigint, OUT lost integer[], OUT taken integer[], OUT blocked integer[],
  OUT superseded integer[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = assent, pg_temp AS $$
DECLARE
  last bigint; number bigint; gone integer[]; more integer[];
BEGIN
  SELECT c.next, c.last_us INTO STRICT first, last FROM log_coord c WHERE c.id = 0 FOR UPDATE;
  at_us := greatest(clock_us(), last);
  lost := ARRAY(SELECT g.n FROM unnest(befores, afters) WITH ORDINALITY AS g(b, a, n)
    WHERE at_us >= g.b OR at_us < g.a);
  blocked := ARRAY(SELECT DISTINCT g.n FROM unnest(guarded, parties) AS g(n, p)
    JOIN blocks b ON b.party = g.p WHERE b.until IS NULL OR b.until > at_us);
  superseded := ARRAY(SELECT g.n FROM unnest(policies) WITH ORDINALITY AS g(p, n)
    WHERE g.p <> '' AND EXISTS (SELECT FROM in_force f WHERE f.version <> g.p));
  taken := '{}';
  LOOP
    gone := lost || taken || blocked || superseded;
    BEGIN
      WITH fresh AS (
        INSERT INTO log_entry (seq, ts_ms, kind, scope, attempt, slot, body)
        SELECT first + row_number() OVER (ORDER BY e.o) - 1,
          CASE WHEN f.ts = at_us / 1000 AND f.log = (SELECT origin FROM log_coord) THEN f.ts END,
          f.kind, CASE WHEN f.kind IN ('call.intent', 'call.prepared', 'call.outcome', 'call.resolved', 'call.attached', 'call.weighed', 'disclosure.begin') THEN f.call WHEN f.kind IN ('review.opened', 'review.vote', 'review.decided', 'review.expired', 'review.cancelled', 'review.claimed', 'review.revoked', 'review.lapsed') THEN f.review WHEN f.kind IN ('act.proposed', 'act.decided') THEN f.act END, f.attempt, f.slot, e.body
        FROM (SELECT u.o, overlay(u.b PLACING convert_to((at_us / 1000)::text, 'UTF8') FROM u.hole FOR 13) AS body
          FROM unnest(units, bodies, holes) WITH ORDINALITY AS u(unit, b, hole, o)
          WHERE NOT u.unit = ANY (gone) OFFSET 0) AS e,
          LATERAL json_to_record(convert_from(e.body, 'UTF8')::json)
            AS f(ts bigint, log text, kind text, call text, review text, act text, attempt smallint, slot smallint)
        RETURNING seq, kind, scope, body),
      opening AS (
        UPDATE sessions s SET opened = f.seq FROM fresh f
        WHERE f.kind = 'session.open' AND s.id = convert_from(f.body, 'UTF8')::json ->> 'session'),
      calls AS (
        INSERT INTO session_calls (session, call_id, seq)
        SELECT convert_from(f.body, 'UTF8')::json ->> 'session', f.scope, f.seq
        FROM fresh f WHERE f.kind = 'call.intent' ON CONFLICT DO NOTHING),
      turn AS (
        SELECT DISTINCT ON (f.scope) f.seq, f.scope, CASE WHEN f.kind = 'call.intent' THEN 'begun'
          WHEN f.kind = 'call.outcome' AND p.j ->> 'outcome' = 'unknown' THEN 'unknown' ELSE 'ended' END AS came
        FROM fresh f, LATERAL (SELECT convert_from(f.body, 'UTF8')::json AS j) AS p
        WHERE f.kind IN ('call.intent', 'call.resolved') OR (f.kind = 'call.outcome'
          AND (p.j ->> 'final' IS DISTINCT FROM 'false' OR p.j ->> 'outcome' = 'unknown'))
        ORDER BY f.scope, f.seq DESC),
      begun AS (
        INSERT INTO open_calls (call_id, seq) SELECT scope, seq FROM turn WHERE came = 'begun' ON CONFLICT DO NOTHING),
      unknown AS (
        INSERT INTO open_calls (call_id, seq, unknown) SELECT scope, seq, 1 FROM turn WHERE came = 'unknown'
        ON CONFLICT (call_id) DO UPDATE SET unknown = 1),
      ended AS (
        DELETE FROM open_calls o USING turn WHERE turn.came = 'ended' AND o.call_id = turn.scope)
      SELECT count(*) INTO number FROM fresh;
      EXIT;
    EXCEPTION WHEN unique_violation THEN
      more := ARRAY(SELECT DISTINCT u.unit
        FROM unnest(units, bodies) AS u(unit, b),
          LATERAL json_to_record(convert_from(u.b, 'UTF8')::json)
            AS f(kind text, call text, review text, act text, attempt smallint, slot smallint)
        WHERE NOT u.unit = ANY (gone) AND f.slot IS NOT NULL AND EXISTS (SELECT FROM log_entry l
          WHERE l.scope = CASE WHEN f.kind IN ('call.intent', 'call.prepared', 'call.outcome', 'call.resolved', 'call.attached', 'call.weighed', 'disclosure.begin') THEN f.call WHEN f.kind IN ('review.opened', 'review.vote', 'review.decided', 'review.expired', 'review.cancelled', 'review.claimed', 'review.revoked', 'review.lapsed') THEN f.review WHEN f.kind IN ('act.proposed', 'act.decided') THEN f.act END AND l.attempt = f.attempt AND l.slot = f.slot));
      IF more = '{}' THEN RAISE; END IF;
      taken := taken || more;
    END;
  END LOOP;
  UPDATE log_coord SET next = first + number, last_us = at_us WHERE id = 0;
END $$;

CREATE FUNCTION review_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = assent, pg_temp AS $$
BEGIN
  IF NOT ((OLD.state = 'pending' AND NEW.state = 'approved') OR (OLD.state = 'pending' AND NEW.state = 'cancelled') OR (OLD.state = 'pending' AND NEW.state = 'denied') OR (OLD.state = 'pending' AND NEW.state = 'expired') OR (OLD.state = 'approved' AND NEW.state = 'cancelled') OR (OLD.state = 'approved' AND NEW.state = 'executing') OR (OLD.state = 'approved' AND NEW.state = 'expired') OR (OLD.state = 'approved' AND NEW.state = 'revoked') OR (OLD.state = 'executing' AND NEW.state = 'cancelled') OR (OLD.state = 'executing' AND NEW.state = 'executed') OR (OLD.state = 'executing' AND NEW.state = 'expired') OR (OLD.state = 'executing' AND NEW.state = 'failed') OR (OLD.state = 'executing' AND NEW.state = 'indeterminate') OR (OLD.state = 'indeterminate' AND NEW.state = 'executed') OR (OLD.state = 'indeterminate' AND NEW.state = 'failed')) THEN
    RAISE EXCEPTION '% -> % is no move', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NOT ((NEW.state = 'approved' AND pg_has_role(session_user, 'assent_people', 'USAGE')) OR (NEW.state = 'denied' AND pg_has_role(session_user, 'assent_people', 'USAGE')) OR (NEW.state = 'expired' AND pg_has_role(session_user, 'assent_gateway', 'USAGE')) OR (NEW.state = 'expired' AND pg_has_role(session_user, 'assent_people', 'USAGE')) OR (NEW.state = 'cancelled' AND pg_has_role(session_user, 'assent_gateway', 'USAGE')) OR (NEW.state = 'cancelled' AND pg_has_role(session_user, 'assent_people', 'USAGE')) OR (NEW.state = 'revoked' AND pg_has_role(session_user, 'assent_people', 'USAGE')) OR (NEW.state = 'executing' AND pg_has_role(session_user, 'assent_gateway', 'USAGE')) OR (NEW.state = 'executed' AND pg_has_role(session_user, 'assent_gateway', 'USAGE')) OR (NEW.state = 'executed' AND pg_has_role(session_user, 'assent_people', 'USAGE')) OR (NEW.state = 'failed' AND pg_has_role(session_user, 'assent_gateway', 'USAGE')) OR (NEW.state = 'failed' AND pg_has_role(session_user, 'assent_people', 'USAGE')) OR (NEW.state = 'indeterminate' AND pg_has_role(session_user, 'assent_gateway', 'USAGE'))) THEN RAISE EXCEPTION 'not this role''s move' USING ERRCODE = 'insufficient_privilege'; END IF;
  IF NEW.state = 'approved' AND NOT (SELECT count(*) > 0 AND bool_and(s.count <= (SELECT count(*) FROM votes v,
        LATERAL json_to_record(v.row::json) AS c(seat text, decision text, digest text)
      WHERE v.review = NEW.id AND c.decision = 'approve' AND c.digest = NEW.digest AND c.seat = s.group))
    FROM json_to_recordset(NEW.row::json -> 'seats') AS s("group" text, count integer))
  THEN RAISE EXCEPTION 'approved without its quorum' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reviews_move BEFORE UPDATE OF state ON reviews FOR EACH ROW EXECUTE FUNCTION review_moves();
CREATE FUNCTION review_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'pending' THEN RAISE EXCEPTION 'it begins pending' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reviews_begin BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION review_begins();

ALTER TABLE log_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE key_named ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE kek ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE dek ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE payload ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY shown ON log_entry FOR SELECT USING (true);
CREATE POLICY shown ON key_named FOR SELECT USING (true);
CREATE POLICY shown ON kek FOR SELECT USING (true);
CREATE POLICY gateway_appends ON log_entry FOR INSERT WITH CHECK (pg_has_role(session_user, 'assent_gateway', 'USAGE') AND kind IN ('call.intent', 'call.prepared', 'call.outcome', 'call.resolved', 'call.attached', 'call.weighed', 'disclosure.begin', 'review.opened', 'review.expired', 'review.cancelled', 'review.claimed', 'review.lapsed', 'session.open', 'session.close', 'session.manifest', 'auth.deny', 'policy.change', 'config.change', 'audit.read', 'audit.export', 'audit.degraded.enter', 'audit.degraded.exit', 'clock.skew', 'system.start', 'system.stop', 'recovery.run', 'verify.run', 'alert.raised', 'key.rewrap', 'payload.shred', 'retention.prune'));
CREATE POLICY gateway_names ON key_named FOR INSERT WITH CHECK (pg_has_role(session_user, 'assent_gateway', 'USAGE') AND purpose IN ('questions', 'results', 'mask'));
CREATE POLICY gateway_keys ON dek USING (pg_has_role(session_user, 'assent_gateway', 'USAGE') AND purpose IN ('questions', 'results', 'mask'));
CREATE POLICY gateway_wraps ON kek USING (pg_has_role(session_user, 'assent_gateway', 'USAGE') AND purpose IN ('questions', 'results', 'mask'));
CREATE POLICY people_appends ON log_entry FOR INSERT WITH CHECK (pg_has_role(session_user, 'assent_people', 'USAGE') AND kind IN ('call.resolved', 'review.vote', 'review.decided', 'review.expired', 'review.cancelled', 'review.revoked', 'session.manifest', 'auth.deny', 'policy.change', 'config.change', 'audit.read', 'audit.export', 'audit.degraded.enter', 'audit.degraded.exit', 'clock.skew', 'system.start', 'system.stop', 'verify.run', 'alert.raised', 'key.rotate', 'key.revoke', 'key.rewrap', 'payload.shred', 'retention.prune', 'hold.set', 'hold.release', 'block.set', 'block.release', 'act.proposed', 'act.decided'));
CREATE POLICY people_names ON key_named FOR INSERT WITH CHECK (pg_has_role(session_user, 'assent_people', 'USAGE') AND purpose IN ('questions'));
CREATE POLICY people_keys ON dek USING (pg_has_role(session_user, 'assent_people', 'USAGE') AND purpose IN ('questions'));
CREATE POLICY people_wraps ON kek USING (pg_has_role(session_user, 'assent_people', 'USAGE') AND purpose IN ('questions'));
CREATE POLICY signer_appends ON log_entry FOR INSERT WITH CHECK (pg_has_role(session_user, 'assent_signer', 'USAGE') AND kind IN ('session.manifest', 'audit.degraded.enter', 'audit.degraded.exit', 'clock.skew', 'system.start', 'system.stop', 'verify.run', 'alert.raised', 'key.rotate', 'key.revoke', 'log.restored'));
CREATE POLICY signer_names ON key_named FOR INSERT WITH CHECK (pg_has_role(session_user, 'assent_signer', 'USAGE') AND purpose IN ('signing'));
CREATE POLICY signer_keys ON dek USING (pg_has_role(session_user, 'assent_signer', 'USAGE') AND purpose IN ('signing'));
CREATE POLICY signer_wraps ON kek USING (pg_has_role(session_user, 'assent_signer', 'USAGE') AND purpose IN ('signing'));
CREATE POLICY people_turn ON key_named FOR UPDATE USING (pg_has_role(session_user, 'assent_people', 'USAGE')) WITH CHECK (true);
CREATE POLICY people_see ON dek FOR SELECT USING (pg_has_role(session_user, 'assent_people', 'USAGE'));
CREATE POLICY people_end ON dek FOR UPDATE USING (pg_has_role(session_user, 'assent_people', 'USAGE')) WITH CHECK (wrapped IS NULL);
CREATE POLICY gateway_keeps ON payload USING (pg_has_role(session_user, 'assent_gateway', 'USAGE'));
CREATE POLICY people_keep ON payload FOR INSERT WITH CHECK (pg_has_role(session_user, 'assent_people', 'USAGE') AND role = 'reason');
CREATE POLICY people_read ON payload FOR SELECT USING (pg_has_role(session_user, 'assent_people', 'USAGE'));
CREATE POLICY people_delete ON payload FOR DELETE USING (pg_has_role(session_user, 'assent_people', 'USAGE'));
CREATE POLICY ended ON payload AS RESTRICTIVE FOR DELETE USING (EXISTS (SELECT FROM dek k WHERE k.id = payload.dek AND k.wrapped IS NULL));
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA assent FROM PUBLIC;
GRANT USAGE ON SCHEMA assent TO assent_gateway, assent_people, assent_signer;
GRANT EXECUTE ON FUNCTION clock_us() TO assent_gateway, assent_people, assent_signer;
GRANT EXECUTE ON FUNCTION append(integer[], bytea[], integer[], bigint[], bigint[], integer[], text[], text[]) TO assent_gateway, assent_people, assent_signer;
GRANT SELECT ON store_version TO assent_gateway, assent_people, assent_signer;
GRANT SELECT ON log_coord TO assent_gateway, assent_people, assent_signer;
GRANT UPDATE (integrated) ON log_coord TO assent_signer;
GRANT SELECT ON log_entry TO assent_gateway, assent_people, assent_signer;
GRANT SELECT ON log_tile TO assent_gateway, assent_people, assent_signer;
GRANT INSERT, UPDATE ON log_tile TO assent_signer;
GRANT SELECT, INSERT ON key_named TO assent_gateway, assent_people, assent_signer;
GRANT UPDATE (state) ON key_named TO assent_people;
GRANT SELECT, INSERT, UPDATE (name) ON kek TO assent_gateway, assent_people;
GRANT SELECT ON log_checkpoint TO assent_gateway, assent_people, assent_signer;
GRANT INSERT, UPDATE (ts_ms) ON log_checkpoint TO assent_signer;
GRANT SELECT ON log_cosig TO assent_gateway, assent_people, assent_signer;
GRANT INSERT, UPDATE ON log_cosig TO assent_signer;
GRANT SELECT ON log_place TO assent_gateway, assent_people, assent_signer;
GRANT INSERT, UPDATE ON log_place TO assent_signer;
GRANT SELECT ON open_calls TO assent_gateway, assent_people;
GRANT SELECT, UPDATE (state, version, attach, use_by, stop_wanted) ON reviews TO assent_gateway, assent_people;
GRANT INSERT ON reviews TO assent_gateway;
GRANT SELECT ON votes TO assent_gateway, assent_people;
GRANT INSERT ON votes TO assent_people;
GRANT SELECT, INSERT, UPDATE ON cards TO assent_people;
GRANT SELECT ON results TO assent_gateway, assent_people;
GRANT INSERT, UPDATE, DELETE ON results TO assent_gateway;
GRANT SELECT, INSERT, UPDATE ON budgets TO assent_gateway;
GRANT SELECT ON sessions TO assent_gateway, assent_people;
GRANT INSERT, UPDATE (last_at, live, ended_at, manifest_at, grown) ON sessions TO assent_gateway;
GRANT SELECT ON session_calls TO assent_gateway, assent_people;
GRANT INSERT, DELETE ON session_calls TO assent_gateway;
GRANT SELECT, INSERT, UPDATE ON custody TO assent_gateway, assent_people;
GRANT SELECT ON restored TO assent_gateway, assent_people;
GRANT UPDATE (open) ON restored TO assent_people;
GRANT SELECT ON holds TO assent_gateway, assent_people;
GRANT INSERT, DELETE ON holds TO assent_people;
GRANT SELECT, INSERT, DELETE ON shredding TO assent_gateway, assent_people;
GRANT SELECT, INSERT ON shown TO assent_gateway, assent_people;
GRANT SELECT ON acts TO assent_gateway, assent_people;
GRANT INSERT, DELETE ON acts TO assent_people;
GRANT SELECT ON blocks TO assent_gateway, assent_people;
GRANT INSERT, DELETE ON blocks TO assent_people;
GRANT UPDATE (until) ON blocks TO assent_people;
GRANT SELECT, INSERT ON in_force TO assent_gateway, assent_people;
GRANT UPDATE (version, text) ON in_force TO assent_people;
GRANT SELECT, INSERT, DELETE ON payload TO assent_gateway, assent_people;
GRANT SELECT, INSERT, UPDATE (wrapped, wrapping) ON dek TO assent_gateway, assent_people;
GRANT SELECT, INSERT, UPDATE ON subject TO assent_gateway, assent_people;
GRANT SELECT, UPDATE ON applied TO assent_people;
GRANT SELECT, INSERT, TRUNCATE ON person TO assent_people;
GRANT SELECT, INSERT, UPDATE, TRUNCATE ON session TO assent_people;
GRANT SELECT, INSERT, UPDATE ON shape TO assent_people;
GRANT SELECT, INSERT, TRUNCATE ON name TO assent_people;
GRANT SELECT, INSERT, UPDATE, TRUNCATE ON pattern TO assent_people;
GRANT SELECT, INSERT, TRUNCATE ON pattern_name TO assent_people;
GRANT SELECT, INSERT, UPDATE, TRUNCATE ON call TO assent_people;
GRANT SELECT ON sink_cursor TO assent_gateway, assent_people;
GRANT INSERT, UPDATE ON sink_cursor TO assent_people;
GRANT SELECT, INSERT ON sink_rejected TO assent_people;
INSERT INTO log_coord (id, next, last_us, integrated, origin) VALUES (0, 0, 0, 0, 'test.example/assent');
INSERT INTO store_version VALUES (1, '1129ae42a8ff34b3');
RESET ROLE;
REVOKE assent_owner FROM CURRENT_USER;
COMMIT;
