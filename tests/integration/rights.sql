DELETE FROM own.t

DELETE FROM other.t

DELETE FROM other.t WHERE id = 1

TRUNCATE own.t

TRUNCATE other.t

TRUNCATE other.emptied

TRUNCATE other.emptied RESTART IDENTITY

TRUNCATE own.parent CASCADE

TRUNCATE other.heir_of

TRUNCATE own.t, other.t

INSERT INTO own.t VALUES (9, 'x')

INSERT INTO other.t VALUES (9, 'x')

INSERT INTO other.some (a) VALUES (1)

INSERT INTO other.some (a, b) VALUES (1, 2)

INSERT INTO other.some DEFAULT VALUES

INSERT INTO own.t SELECT id, word FROM other.unread

INSERT INTO own.t SELECT a, 'x' FROM other.some

INSERT INTO other.numbered (word) VALUES ('x')

INSERT INTO other.identified (word) VALUES ('x')

INSERT INTO other.drawn (word) VALUES ('x')

INSERT INTO own.t VALUES (9) ON CONFLICT (id) DO UPDATE SET word = 'x'

INSERT INTO other.some (a) VALUES (1) ON CONFLICT (a) DO NOTHING

INSERT INTO other.some (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 3

INSERT INTO other.some (a) VALUES (1) RETURNING b

UPDATE other.some SET b = 1

UPDATE other.some SET a = 1

UPDATE other.some SET b = a

UPDATE other.some SET b = c

UPDATE other.some SET b = 1 WHERE c = 1

UPDATE other.through SET id = 1

UPDATE other.asked SET id = 1

UPDATE other.stuck SET id = 1

SELECT a FROM other.some FOR UPDATE

SELECT id FROM own.t FOR SHARE

SELECT id FROM other.seen FOR UPDATE

WITH gone AS (DELETE FROM other.t RETURNING 1) SELECT count(*) FROM gone

MERGE INTO other.some s USING own.t t ON s.a = t.id WHEN MATCHED THEN UPDATE SET b = 2

MERGE INTO other.some s USING own.t t ON s.a = t.id WHEN NOT MATCHED THEN INSERT (c) VALUES (2)

MERGE INTO other.some s USING own.t t ON s.a = t.id WHEN MATCHED THEN DELETE

CREATE TABLE own.fresh (id int)

CREATE TABLE other.fresh (id int)

CREATE TABLE nowhere.fresh (id int)

CREATE TABLE IF NOT EXISTS other.t (id int)

CREATE TABLE own.fresh (id int REFERENCES other.t)

CREATE TABLE own.fresh (id int REFERENCES own.t)

CREATE TABLE own.fresh (id int REFERENCES other.seen (id))

CREATE TABLE own.fresh (LIKE other.unread)

CREATE TABLE own.fresh (LIKE other.seen)

CREATE TABLE own.fresh () INHERITS (other.t)

CREATE TABLE own.fresh () INHERITS (own.t)

CREATE TABLE own.fresh PARTITION OF other.parted FOR VALUES IN (7)

CREATE TABLE own.fresh AS SELECT id FROM own.t

CREATE TABLE own.fresh AS SELECT id FROM other.unread

CREATE TABLE other.fresh AS SELECT id FROM own.t

SELECT id INTO own.fresh FROM own.t

SELECT id INTO own.fresh FROM other.unread

CREATE VIEW own.fresh AS SELECT id FROM own.t

CREATE VIEW other.fresh AS SELECT id FROM own.t

CREATE OR REPLACE VIEW other.through AS SELECT id FROM other.seen

CREATE INDEX ON own.t (word)

CREATE INDEX ON other.t (word)

CREATE STATISTICS own.fresh ON id, word FROM own.t

CREATE STATISTICS own.fresh ON id, word FROM other.t

CREATE SEQUENCE own.fresh

CREATE SEQUENCE other.fresh

CREATE TYPE own.fresh AS ENUM ('a')

CREATE TYPE other.fresh AS (a int)

CREATE DOMAIN own.fresh AS int

CREATE DOMAIN other.fresh AS int

CREATE SCHEMA fresh

CREATE FUNCTION own.fresh() RETURNS int LANGUAGE sql RETURN 1

CREATE FUNCTION other.fresh() RETURNS int LANGUAGE sql RETURN 1

CREATE TRIGGER fresh AFTER INSERT ON own.t FOR EACH ROW EXECUTE FUNCTION other.fires()

CREATE TRIGGER fresh AFTER INSERT ON other.t FOR EACH ROW EXECUTE FUNCTION other.fires()

CREATE TRIGGER fresh AFTER INSERT ON own.t FOR EACH ROW EXECUTE FUNCTION other.hidden()

CREATE RULE fresh AS ON DELETE TO other.t DO INSTEAD NOTHING

CREATE RULE fresh AS ON DELETE TO own.t DO INSTEAD NOTHING

CREATE POLICY fresh ON other.t USING (true)

CREATE POLICY fresh ON own.t USING (true)

ALTER TABLE own.t ADD COLUMN more int

ALTER TABLE other.t ADD COLUMN more int

ALTER TABLE own.t ADD FOREIGN KEY (id) REFERENCES other.t

ALTER TABLE own.t ADD FOREIGN KEY (id) REFERENCES own.parent

ALTER TABLE own.parent ADD FOREIGN KEY (id) REFERENCES other.seen (id) NOT VALID

ALTER TABLE other.parted ATTACH PARTITION own.t FOR VALUES IN (7)

ALTER TABLE own.t INHERIT other.t

ALTER TABLE own.t RENAME TO other_name

ALTER TABLE other.t RENAME TO other_name

ALTER TABLE own.t RENAME COLUMN word TO words

ALTER TABLE other.t RENAME COLUMN word TO words

ALTER TABLE own.t SET SCHEMA other

ALTER TABLE own.t SET SCHEMA roomy

ALTER SCHEMA other RENAME TO others

ALTER SCHEMA own RENAME TO owns

ALTER SEQUENCE other.numbered_id_seq RESTART

ALTER TYPE other.mood ADD VALUE 'new'

ALTER DOMAIN other.small SET DEFAULT 1

ALTER INDEX other.t_pkey RENAME TO other_name

COMMENT ON TABLE own.t IS 'x'

COMMENT ON TABLE other.t IS 'x'

COMMENT ON COLUMN other.t.word IS 'x'

DROP TABLE own.t CASCADE

DROP TABLE other.t CASCADE

DROP TABLE IF EXISTS other.t, other.missing CASCADE

DROP TABLE lent.t

DROP VIEW other.through

DROP TYPE other.mood

DROP FUNCTION other.fires()

DROP SCHEMA other CASCADE

DROP SCHEMA lent CASCADE

DROP INDEX other.some_a_key CASCADE

DROP TRIGGER fires ON other.watched

DROP TRIGGER fires ON lent.t

DROP SEQUENCE other.alone

REFRESH MATERIALIZED VIEW other.kept

GRANT SELECT ON own.t TO somebody

GRANT SELECT ON other.t TO somebody

GRANT SELECT ON other.seen TO somebody

GRANT DELETE ON other.seen TO somebody

REVOKE SELECT ON own.t FROM somebody

REVOKE SELECT ON other.t FROM somebody

CREATE OR REPLACE FUNCTION roomy.theirs() RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.theirs(a int) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.theirs(OUT a int) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.both(text) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.both(word pg_catalog.text) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.both(word varchar) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.both(word other.t.word%TYPE) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.both(integer[]) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.both(VARIADIC int4[]) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.both(text[]) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.felt(other.mood) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.felt(roomy.mood) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION roomy.mine(int) RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE FUNCTION own.theirs() RETURNS int LANGUAGE sql RETURN 2

CREATE OR REPLACE PROCEDURE roomy.done(int) LANGUAGE sql BEGIN ATOMIC SELECT 2; END

CREATE OR REPLACE PROCEDURE roomy.done(a int DEFAULT 1) LANGUAGE sql BEGIN ATOMIC SELECT 2; END

CREATE FUNCTION own.fresh(other.shut) RETURNS int LANGUAGE sql RETURN 1

CREATE FUNCTION own.fresh() RETURNS other.shut LANGUAGE sql RETURN 1

CREATE FUNCTION own.fresh() RETURNS int LANGUAGE c AS 'x', 'y'

CREATE FUNCTION own.fresh() RETURNS int LANGUAGE internal AS 'now'

CREATE FUNCTION own.fresh() RETURNS int LEAKPROOF LANGUAGE sql RETURN 1

CREATE FUNCTION own.fresh() RETURNS int LANGUAGE sql SET log_statement = 'none' RETURN 1

CREATE FUNCTION own.fresh() RETURNS int LANGUAGE sql SET work_mem = '4MB' RETURN 1

ALTER FUNCTION roomy.theirs() IMMUTABLE

ALTER FUNCTION roomy.theirs IMMUTABLE

ALTER FUNCTION roomy.both(text) STABLE

ALTER FUNCTION roomy.both(int[]) STABLE

ALTER FUNCTION roomy.mine(int) STABLE

ALTER FUNCTION roomy.mine(int) LEAKPROOF

ALTER FUNCTION roomy.mine(int) NOT LEAKPROOF

ALTER FUNCTION roomy.mine(int) SET log_statement = 'none'

ALTER PROCEDURE roomy.done(int) SET work_mem = '4MB'

ALTER ROUTINE roomy.mine(int) STABLE

ALTER FUNCTION roomy.theirs() RENAME TO other_name

ALTER FUNCTION roomy.mine(int) RENAME TO other_name

ALTER FUNCTION roomy.theirs() SET SCHEMA own

ALTER FUNCTION roomy.mine(int) SET SCHEMA own

ALTER FUNCTION roomy.mine(int) SET SCHEMA other

COMMENT ON FUNCTION roomy.theirs() IS 'x'

COMMENT ON FUNCTION roomy.mine(int) IS 'x'

COMMENT ON PROCEDURE roomy.done(int) IS 'x'

DROP FUNCTION roomy.both(text)

DROP FUNCTION roomy.both(int[])

CREATE OR REPLACE VIEW roomy.theirs AS SELECT 2 AS one

CREATE OR REPLACE VIEW roomy.mine AS SELECT 2 AS one

CREATE OR REPLACE VIEW roomy.fresh AS SELECT 2 AS one

CREATE OR REPLACE RULE fresh AS ON DELETE TO other.t DO INSTEAD NOTHING

CREATE OR REPLACE TRIGGER fires AFTER INSERT ON lent.t FOR EACH ROW EXECUTE FUNCTION other.fires()

CREATE OR REPLACE TRIGGER fires AFTER INSERT ON own.t FOR EACH ROW EXECUTE FUNCTION other.fires()

ALTER TYPE roomy.mood ADD VALUE 'new'

ALTER TYPE roomy.mood RENAME VALUE 'old' TO 'new'

ALTER TYPE roomy.mood RENAME TO other_name

ALTER TYPE roomy.mood SET SCHEMA own

ALTER TYPE roomy.pair ADD ATTRIBUTE b int

ALTER TYPE roomy.pair RENAME ATTRIBUTE a TO b

ALTER DOMAIN roomy.small ADD CHECK (VALUE > 0)

ALTER DOMAIN roomy.small RENAME TO other_name

ALTER DOMAIN roomy.small SET SCHEMA own

COMMENT ON TYPE roomy.mood IS 'x'

COMMENT ON DOMAIN roomy.small IS 'x'

COMMENT ON SCHEMA other IS 'x'

COMMENT ON SCHEMA own IS 'x'

COMMENT ON SEQUENCE roomy.numbers IS 'x'

COMMENT ON VIEW roomy.theirs IS 'x'

COMMENT ON INDEX other.t_pkey IS 'x'

COMMENT ON CONSTRAINT t_pkey ON other.t IS 'x'

COMMENT ON TRIGGER fires ON other.watched IS 'x'

COMMENT ON STATISTICS roomy.kept IS 'x'

COMMENT ON STATISTICS own.kept IS 'x'

ALTER STATISTICS roomy.kept SET STATISTICS 10

ALTER STATISTICS own.kept SET STATISTICS 10

ALTER STATISTICS roomy.kept RENAME TO other_name

ALTER STATISTICS own.kept RENAME TO other_name

ALTER STATISTICS own.kept SET SCHEMA other

ALTER SEQUENCE roomy.numbers RESTART

ALTER SEQUENCE roomy.numbers RENAME TO other_name

ALTER SEQUENCE roomy.numbers SET SCHEMA own

ALTER VIEW roomy.theirs RENAME TO other_name

ALTER VIEW roomy.mine RENAME TO other_name

ALTER VIEW roomy.theirs RENAME COLUMN one TO two

ALTER VIEW roomy.theirs SET SCHEMA own

ALTER TRIGGER fires ON other.watched RENAME TO other_name

ALTER TABLE other.t RENAME CONSTRAINT t_pkey TO other_name

DROP STATISTICS own.kept

DROP STATISTICS roomy.kept

DROP PROCEDURE roomy.done(int)

DROP ROUTINE roomy.mine(int)

CREATE TABLE own.fresh (id other.shut)

CREATE TABLE own.fresh (id other.shut[])

CREATE TABLE own.fresh (id other.passed)

CREATE TABLE own.fresh (LIKE other.holding)

ALTER TABLE own.t ADD COLUMN more other.shut

ALTER TABLE own.t ALTER COLUMN id TYPE other.shut

CREATE DOMAIN own.fresh AS other.shut

CREATE TYPE own.fresh AS (a other.shut)

GRANT EXECUTE ON FUNCTION roomy.theirs() TO somebody

GRANT EXECUTE ON FUNCTION roomy.mine(int) TO somebody

GRANT EXECUTE ON FUNCTION roomy.mine TO somebody

GRANT EXECUTE ON FUNCTION other.passed() TO somebody

GRANT ALL ON FUNCTION roomy.both(text) TO somebody

GRANT ALL ON FUNCTION roomy.both(int[]) TO somebody

GRANT EXECUTE ON FUNCTION roomy.both(int[]), roomy.both(text) TO somebody

GRANT EXECUTE ON PROCEDURE roomy.done(int) TO somebody

GRANT EXECUTE ON ROUTINE roomy.mine(int) TO somebody

REVOKE EXECUTE ON FUNCTION roomy.theirs() FROM somebody

REVOKE EXECUTE ON FUNCTION roomy.mine(int) FROM somebody

GRANT USAGE ON SCHEMA own TO somebody

GRANT USAGE ON SCHEMA other TO somebody

GRANT USAGE ON SCHEMA passed TO somebody

GRANT CREATE ON SCHEMA passed TO somebody

GRANT ALL ON SCHEMA own TO somebody

GRANT CREATE ON SCHEMA roomy TO somebody

GRANT USAGE ON SCHEMA own, other TO somebody

REVOKE USAGE ON SCHEMA other FROM somebody

GRANT USAGE ON TYPE roomy.mood TO somebody

GRANT USAGE ON DOMAIN other.passed TO somebody

GRANT USAGE ON SEQUENCE roomy.numbers TO somebody

GRANT USAGE ON SEQUENCE every.numbers TO somebody

GRANT ALL ON SEQUENCE every.numbers TO somebody

GRANT USAGE ON SEQUENCE other.passed_numbers TO somebody

GRANT UPDATE ON SEQUENCE other.passed_numbers TO somebody

GRANT SELECT (a) ON other.parts TO somebody

GRANT SELECT (b) ON other.parts TO somebody

GRANT UPDATE (a) ON other.parts TO somebody

GRANT SELECT (a, b) ON other.parts TO somebody

GRANT SELECT (id), UPDATE (word) ON own.t TO somebody

GRANT SELECT ON ALL TABLES IN SCHEMA every TO somebody

GRANT SELECT ON ALL TABLES IN SCHEMA own TO somebody

GRANT SELECT ON ALL TABLES IN SCHEMA other TO somebody

GRANT USAGE ON ALL SEQUENCES IN SCHEMA every TO somebody

GRANT USAGE ON ALL SEQUENCES IN SCHEMA other TO somebody

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA every TO somebody

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA roomy TO somebody

GRANT EXECUTE ON ALL ROUTINES IN SCHEMA roomy TO somebody

GRANT EXECUTE ON ALL PROCEDURES IN SCHEMA roomy TO somebody

GRANT SELECT ON ALL TABLES IN SCHEMA every, other TO somebody

REVOKE SELECT ON ALL TABLES IN SCHEMA other FROM somebody

INSERT INTO own.checked VALUES (1)

UPDATE own.checked SET id = 2

CREATE TABLE own.fresh (LIKE hidden.t)

CREATE TABLE own.fresh (id hidden.mood)

ALTER TABLE hidden.t ADD COLUMN more int

GRANT SELECT ON hidden.t TO somebody

GRANT USAGE ON SCHEMA hidden TO somebody

CREATE TRIGGER fresh AFTER INSERT ON own.t FOR EACH ROW EXECUTE FUNCTION hidden.fires()

CREATE INDEX ON hidden.t (id)

DROP TABLE hidden.t

TRUNCATE hidden.t

COMMENT ON TABLE hidden.t IS 'x'

ALTER TABLE own.t SET SCHEMA hidden

CREATE TABLE own.fresh (id int REFERENCES hidden.t)
