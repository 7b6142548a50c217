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
