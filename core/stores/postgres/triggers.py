"""What the store itself holds Reviews, Votes and grants to, whoever's hand it is: moves, quorum, rows that stay."""

from __future__ import annotations

from typing import Final

from core.model import MOVES, State
from core.stores.operational.forgetting import OPEN
from core.stores.postgres.rights import MOVERS
from core.stores.postgres.secured import held

TRIGGERS: Final = """
CREATE FUNCTION review_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NOT ({moves}) THEN
    RAISE EXCEPTION '% -> % is no move', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NOT ({movers}) THEN RAISE EXCEPTION 'not this role''s move' USING ERRCODE = 'insufficient_privilege'; END IF;
  IF NEW.state = '{approved}' AND NOT (SELECT count(*) > 0 AND bool_and(s.count <= (SELECT count(*) FROM votes v,
        LATERAL json_to_record(v.row::json) AS c(seat text, decision text, digest text)
      WHERE v.review = NEW.id AND c.decision = 'approve' AND c.digest = NEW.digest AND c.seat = s.group))
    FROM json_to_recordset(NEW.row::json -> 'seats') AS s("group" text, count integer))
  THEN RAISE EXCEPTION 'approved without its quorum' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reviews_move BEFORE UPDATE OF state ON reviews FOR EACH ROW EXECUTE FUNCTION review_moves();
CREATE FUNCTION review_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> '{pending}' THEN RAISE EXCEPTION 'it begins pending' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION grant_given() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NEW.uses <> 0 OR NEW.rows <> 0 OR NEW.ended_at IS NOT NULL
    OR NOT EXISTS (SELECT FROM reviews r WHERE r.id = NEW.review AND r.state = '{approved}')
    OR EXISTS (SELECT FROM votes v, LATERAL json_to_record(v.row::json) AS c(decision text, "grant" json)
      WHERE v.review = NEW.review AND c.decision = 'approve' AND c."grant" IS NULL)
  THEN RAISE EXCEPTION 'a grant that not every vote chose' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grants_given BEFORE INSERT ON grants FOR EACH ROW EXECUTE FUNCTION grant_given();
CREATE TRIGGER reviews_begin BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION review_begins();
-- Who is erased is named by pseudonym in rows that stay: nothing else is written again, and nothing that is in use.
CREATE FUNCTION review_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named text[] := '{{requester,owner,principal,state,version,use_by}}';
BEGIN
  IF OLD.state = ANY ('{{{open}}}') OR (OLD.row::jsonb - named) #- '{{offer,coverage,principal}}'
    <> (NEW.row::jsonb - named) #- '{{offer,coverage,principal}}'
  THEN RAISE EXCEPTION 'a Review stays as it was' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reviews_stay BEFORE UPDATE OF row ON reviews FOR EACH ROW EXECUTE FUNCTION review_stays();
CREATE FUNCTION grant_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
DECLARE named text[] := '{{uses,rows,ended_at}}';
BEGIN
  IF (OLD.ended_at IS NULL AND OLD.until > clock_us()) OR (OLD.row::jsonb - named) #- '{{coverage,principal}}'
    <> (NEW.row::jsonb - named) #- '{{coverage,principal}}'
  THEN RAISE EXCEPTION 'a grant stays as it was' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grants_stay BEFORE UPDATE OF row ON grants FOR EACH ROW EXECUTE FUNCTION grant_stays();
CREATE FUNCTION vote_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
DECLARE named text[] := '{{person,name,via,member}}';
BEGIN
  IF NOT EXISTS (SELECT FROM reviews r WHERE r.id = OLD.review AND r.state <> ALL ('{{{open}}}'))
    OR OLD.row::jsonb - named <> NEW.row::jsonb - named
  THEN RAISE EXCEPTION 'a Vote stays as it was' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER votes_stay BEFORE UPDATE ON votes FOR EACH ROW EXECUTE FUNCTION vote_stays();
"""


def triggers(schema: str) -> str:
    """Return them as statements."""
    return TRIGGERS.format_map(
        {
            "schema": schema,
            "moves": _moves(),
            "movers": _movers(),
            "approved": State.APPROVED.value,
            "pending": State.PENDING.value,
            "open": ",".join(sorted(OPEN)),
        }
    )


def _moves() -> str:
    return " OR ".join(
        f"(OLD.state = '{was.value}' AND NEW.state = '{to.value}')" for was, tos in MOVES.items() for to in sorted(tos)
    )


def _movers() -> str:
    return " OR ".join(
        f"(NEW.state = '{state.value}' AND {held(part)})" for state, parts in MOVERS.items() for part in sorted(parts)
    )
