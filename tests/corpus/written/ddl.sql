-- Every root of the grammar: definitions, rights, control, server acts. By hand.

-- # defines: tables

CREATE TABLE shop.voucher (id int PRIMARY KEY, code text UNIQUE NOT NULL, valid daterange, made timestamptz DEFAULT now())
= define shop.voucher
@ acts locks:shop.voucher(AccessExclusive),shop.voucher(Share) effects:xid stopped:25006

CREATE TABLE IF NOT EXISTS shop.orders (id int)
= define shop.orders
@ reads effects:notice

CREATE TABLE shop.voucher2 (LIKE shop.product INCLUDING ALL EXCLUDING STATISTICS)
= define shop.voucher2; read shop.product
@ acts shop.product locks:shop.voucher2(AccessExclusive),shop.voucher2(Share) effects:xid stopped:25006

CREATE TABLE shop.part (id int, region text) PARTITION BY HASH (id)
= define shop.part
@ acts locks:shop.part(AccessExclusive) effects:xid stopped:25006

CREATE TABLE shop.event_2024q3 PARTITION OF shop.event FOR VALUES FROM ('2030-01-01') TO ('2030-04-01')
= define shop.event_2024q3; read shop.event
@ acts locks:shop.event(AccessExclusive) effects:xid stopped:25006

CREATE TABLE care.grandchild (more int) INHERITS (care.child)
= define care.grandchild; read care.child
@ acts locks:care.child(ShareUpdateExclusive) effects:xid stopped:25006

CREATE TABLE hr.bonus (employee int REFERENCES hr.employee (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, amount numeric CHECK (amount > 0), CONSTRAINT one EXCLUDE USING btree (employee WITH =))
= define hr.bonus; read hr.employee | predicate_on_protected tags_must_be_reviewed
@ acts hr.bonus hr.employee locks:hr.bonus(AccessExclusive),hr.bonus(Share),hr.bonus(ShareRowExclusive),hr.employee(ShareRowExclusive) effects:xid stopped:25006

CREATE TABLE shop.typed OF shop.address (zip NOT NULL)
= define shop.typed
@ acts locks:shop.typed(AccessExclusive) effects:xid stopped:25006

CREATE UNLOGGED TABLE shop.scratch (a int GENERATED ALWAYS AS IDENTITY (START 10), b int GENERATED ALWAYS AS (2 * 3) STORED) WITH (fillfactor = 70)
= define shop.scratch
@ acts shop.scratch locks:shop.scratch(AccessExclusive),shop.scratch_a_seq(AccessExclusive),shop.scratch_a_seq(RowExclusive),shop.scratch_a_seq(ShareRowExclusive) effects:xid stopped:25006

CREATE TABLE app.t1 (x text COLLATE "C", y text STORAGE MAIN, z int[] DEFAULT '{}')
= define app.t1
@ acts locks:app.t1(AccessExclusive) effects:xid stopped:25006
@[15] error 42601

CREATE TABLE shop.summary AS SELECT state, count(*) AS n FROM shop.orders GROUP BY state WITH NO DATA
= define shop.summary; read shop.orders
@ acts shop.orders locks:shop.summary(AccessExclusive) effects:xid stopped:25006

CREATE TABLE shop.copy (id, total) AS TABLE shop.placed
= define shop.copy; read shop.orders shop.placed | via_view
@ fails 42701

SELECT id, total INTO shop.paid_orders FROM shop.orders WHERE state = 'paid'
= define shop.paid_orders; read shop.orders
@ acts shop.orders changes:shop.paid_orders(+25) locks:shop.paid_orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.product ADD COLUMN color text DEFAULT 'red' NOT NULL, DROP COLUMN weight
= define shop.product | locks_table
@ acts locks:shop.product(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.product ALTER COLUMN title SET NOT NULL, ALTER price DROP DEFAULT, ALTER COLUMN launched SET DEFAULT current_date
= define shop.product | locks_table
@ acts locks:shop.product(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.item ADD CONSTRAINT dear CHECK (price < 1000000) NOT VALID
= define shop.item | locks_table
@ acts locks:shop.item(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.item VALIDATE CONSTRAINT item_quantity_check
= define shop.item | locks_table
@ acts locks:shop.item(ShareUpdateExclusive) stopped:25006

ALTER TABLE IF EXISTS shop.orders ALTER COLUMN coupon TYPE varchar(40) USING left(coupon, 40)
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive),shop.orders(Share) effects:xid stopped:25006

ALTER TABLE shop.event DETACH PARTITION shop.event_rest
= define shop.event; read shop.event_rest | locks_table
@ acts locks:shop.event(AccessExclusive),shop.event_rest(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.stock ATTACH PARTITION shop.import FOR VALUES IN ('west')
= define shop.stock; read shop.import | locks_table
@ fails 42804

ALTER TABLE care.child NO INHERIT care.parent
= define care.child; read care.parent | locks_table
@ acts care.parent locks:care.child(AccessExclusive) effects:xid stopped:25006

ALTER TABLE ONLY shop.orders ALTER COLUMN total SET STATISTICS 500
= define shop.orders | locks_table
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer ALTER COLUMN id SET GENERATED ALWAYS, ALTER id RESTART WITH 1000
= define shop.customer | locks_table predicate_on_protected tags_must_be_reviewed
@ acts locks:shop.customer(AccessExclusive),shop.customer_id_seq(RowExclusive),shop.customer_id_seq(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders RENAME TO purchase
= define shop.orders | locks_table
@ acts locks:shop.purchase(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders RENAME COLUMN note TO remark
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.item RENAME CONSTRAINT item_pkey TO item_key
= define shop.item | locks_table
@ acts locks:shop.item(AccessExclusive) effects:xid stopped:25006

ALTER TABLE app.flag SET SCHEMA shop
= define app.flag | locks_table
@ acts locks:shop.flag(AccessExclusive) effects:xid stopped:25006

DROP TABLE shop.import
= define shop.import | locks_table
@ acts effects:xid stopped:25006

DROP TABLE IF EXISTS shop.nothing_here, shop.cache
= define shop.cache shop.nothing_here | locks_table
@ acts effects:notice,xid stopped:25006

DROP VIEW shop.cheap, shop.daily
= define shop.cheap shop.daily | locks_table
@ acts effects:xid stopped:25006

DROP INDEX shop.orders_customer_id_placed_idx
= define index:shop.orders_customer_id_placed_idx shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

DROP SEQUENCE shop.numbers
= define sequence:shop.numbers | locks_table
@ acts effects:xid stopped:25006

DROP STATISTICS shop.dependent
= define statistics:shop.dependent | locks_table
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

DROP MATERIALIZED VIEW care.incomes
= ! closed
@ acts effects:xid stopped:25006

COMMENT ON COLUMN shop.orders.total IS 'what the customer pays'
= define shop.orders
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

COMMENT ON TABLE shop.product IS NULL
= define shop.product
@ acts locks:shop.product(ShareUpdateExclusive) stopped:25006

COMMENT ON SCHEMA app IS 'code'
= define schema:app
@ acts effects:xid stopped:25006

-- # defines: views, indexes, sequences, types, statistics, schemas

CREATE VIEW shop.recent (id, days) AS SELECT id, now() - placed FROM shop.orders WHERE placed > now() - interval '1 year'
= define shop.recent; read shop.orders
@ acts shop.orders locks:shop.recent(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW shop.cheap WITH (security_barrier = false) AS SELECT id, sku, title, price FROM shop.product WHERE price < 10 WITH LOCAL CHECK OPTION
= define shop.cheap; read shop.product
@ acts shop.product locks:shop.cheap(AccessExclusive) effects:xid stopped:25006

CREATE RECURSIVE VIEW shop.counted (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 5
= define shop.counted
@ acts locks:shop.counted(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW shop.tops AS SELECT product_id, sum(quantity) AS q FROM shop.item GROUP BY 1 WITH NO DATA
= define shop.tops; read shop.item
@ acts shop.item locks:shop.tops(AccessExclusive) effects:xid stopped:25006

ALTER VIEW shop.cheap RENAME COLUMN title TO name
= define shop.cheap | locks_table
@ acts locks:shop.cheap(AccessExclusive) effects:xid stopped:25006

ALTER VIEW shop.daily SET SCHEMA app
= define shop.daily | locks_table
@ acts locks:app.daily(AccessExclusive) effects:xid stopped:25006

ALTER MATERIALIZED VIEW care.incomes RENAME TO pay
= ! closed
@ acts locks:care.pay(AccessExclusive) effects:xid stopped:25006

CREATE INDEX ON shop.orders (state) WHERE state <> 'cart'
= define shop.orders | locks_table
@ acts locks:shop.orders(Share) effects:xid stopped:25006

CREATE UNIQUE INDEX sku_low ON shop.product USING btree (lower(sku) text_pattern_ops DESC NULLS LAST) INCLUDE (title)
= define shop.product | locks_table
@ acts locks:shop.product(Share) effects:xid stopped:25006

CREATE INDEX IF NOT EXISTS attrs ON shop.product USING gin (attributes jsonb_path_ops)
= define shop.product | locks_table
@ acts locks:shop.product(Share) effects:xid stopped:25006

CREATE INDEX brin_at ON ONLY shop.event USING brin (at) WITH (pages_per_range = 16)
= define shop.event | locks_table
@ acts locks:shop.event(Share) effects:xid stopped:25006

ALTER INDEX shop.orders_pkey RENAME TO orders_key
= define index:shop.orders_pkey shop.orders | locks_table
@ acts effects:xid stopped:25006

CREATE SEQUENCE shop.invoice AS bigint INCREMENT BY 10 MINVALUE 1 MAXVALUE 99999 START 100 CACHE 5 CYCLE OWNED BY shop.orders.id
= define sequence:shop.invoice
@ acts shop.orders locks:shop.invoice(AccessExclusive) effects:xid stopped:25006

ALTER SEQUENCE shop.numbers RESTART WITH 500 NO CYCLE
= define sequence:shop.numbers
@ acts locks:shop.numbers(RowExclusive),shop.numbers(ShareRowExclusive) effects:xid stopped:25006

ALTER SEQUENCE shop.numbers RENAME TO counted
= define sequence:shop.numbers | locks_table
@ acts locks:shop.counted(AccessExclusive) effects:xid stopped:25006

CREATE TYPE shop.size AS ENUM ('s', 'm', 'l')
= define type:shop.size
@ acts effects:xid stopped:25006

CREATE TYPE shop.pair AS (a int, b shop.address)
= define type:shop.pair
@ acts effects:xid stopped:25006

CREATE TYPE shop.floats AS RANGE (subtype = float8, subtype_diff = float8mi)
= define type:shop.floats
@ acts effects:xid stopped:25006

ALTER TYPE shop.state ADD VALUE IF NOT EXISTS 'lost' AFTER 'shipped'
= define type:shop.state
@ acts effects:xid stopped:25006

ALTER TYPE care.mood RENAME VALUE 'ok' TO 'fine'
= define type:care.mood
@ acts effects:xid stopped:25006

ALTER TYPE shop.address RENAME ATTRIBUTE zip TO postcode
= define type:shop.address; read type:shop.address | locks_table
@ acts effects:xid stopped:25006

ALTER TYPE shop.address SET SCHEMA app
= define type:shop.address | locks_table
@ acts effects:xid stopped:25006

CREATE DOMAIN shop.sku AS text COLLATE "C" NOT NULL CHECK (VALUE ~ '^SKU-')
= define type:shop.sku
@ acts effects:xid stopped:25006

ALTER DOMAIN shop.money DROP CONSTRAINT money_check
= define type:shop.money
@ acts effects:xid stopped:25006

ALTER DOMAIN care.percent ADD CONSTRAINT small CHECK (VALUE < 200) NOT VALID
= define type:care.percent
@ acts effects:xid stopped:25006

DROP DOMAIN hr.grade
= define type:hr.grade | locks_table
@ fails 2BP01

DROP TYPE shop.state
= define type:shop.state | locks_table
@ fails 2BP01

CREATE STATISTICS shop.more (ndistinct, mcv) ON kind, path FROM shop.event
= define statistics:shop.more; read shop.event
@ acts locks:shop.event(ShareUpdateExclusive) effects:xid stopped:25006

ALTER STATISTICS shop.dependent SET STATISTICS 10
= define statistics:shop.dependent
@ acts effects:xid stopped:25006

CREATE SCHEMA reports
= define schema:reports
@ acts effects:xid stopped:25006

CREATE SCHEMA IF NOT EXISTS reports2 CREATE TABLE inside (a int) CREATE VIEW seen AS SELECT a FROM inside
= ! syntax
@ error 0A000

ALTER SCHEMA app RENAME TO code
= define schema:app app.flag | locks_table
@ acts effects:xid stopped:25006

DROP SCHEMA app RESTRICT
= define schema:app | locks_table
@ fails 2BP01

-- # either: code that runs later, which two people decide on

CREATE FUNCTION app.add1(i int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1 + 1'
= define function:app.add1 | replaces_code
@ acts effects:xid stopped:25006

CREATE OR REPLACE FUNCTION app.band(date) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN 'x'; END $f$
= define function:app.band | replaces_code
@ acts effects:xid stopped:25006

CREATE FUNCTION app.mine() RETURNS TABLE (a int, b text) BEGIN ATOMIC SELECT id, title FROM shop.product; END
= define function:app.mine; read shop.product | replaces_code
@ acts shop.product effects:xid stopped:25006

CREATE PROCEDURE app.nightly() LANGUAGE plpgsql SECURITY DEFINER SET search_path = shop AS $$ BEGIN DELETE FROM shop.cache; END $$
= define function:app.nightly | replaces_code
@ acts effects:xid stopped:25006

ALTER FUNCTION app.twice(int) COST 5 ROWS 0
= define function:app.twice | replaces_code
@ fails 22023

ALTER FUNCTION app.twice(int) VOLATILE CALLED ON NULL INPUT
= define function:app.twice | replaces_code
@ acts effects:xid stopped:25006

ALTER FUNCTION app.counter() RENAME TO counter2
= define function:app.counter | locks_table replaces_code
@ acts effects:xid stopped:25006

ALTER PROCEDURE app.tidy(int) SECURITY DEFINER
= define function:app.tidy | replaces_code
@ acts effects:xid stopped:25006

DROP FUNCTION app.touch(text), app.twice
= define function:app.touch function:app.twice | locks_table replaces_code
@ acts effects:xid stopped:25006

DROP PROCEDURE IF EXISTS app.tidy
= define function:app.tidy | locks_table replaces_code
@ acts effects:xid stopped:25006

DROP ROUTINE app.commits()
= define function:app.commits | locks_table replaces_code
@ acts effects:xid stopped:25006

CREATE TRIGGER priced BEFORE INSERT OR UPDATE OF price ON shop.item FOR EACH ROW WHEN (NEW.price > 100) EXECUTE FUNCTION app.stamp()
= define shop.item | locks_table replaces_code
@ acts locks:shop.item(ShareRowExclusive) effects:xid stopped:25006

CREATE CONSTRAINT TRIGGER late AFTER DELETE ON shop.orders DEFERRABLE FOR EACH ROW EXECUTE FUNCTION app.deny()
= define shop.orders | locks_table replaces_code
@ acts locks:shop.orders(ShareRowExclusive) effects:xid stopped:25006

CREATE TRIGGER many AFTER UPDATE ON shop.item REFERENCING OLD TABLE AS was NEW TABLE AS now FOR EACH STATEMENT EXECUTE FUNCTION app.deny()
= define shop.item | locks_table replaces_code
@ acts locks:shop.item(ShareRowExclusive) effects:xid stopped:25006

DROP TRIGGER stamped ON shop.orders
= define shop.orders | locks_table replaces_code
@ acts shop.orders locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TRIGGER stamped ON shop.orders RENAME TO stamps
= define shop.orders | locks_table replaces_code
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

CREATE RULE quiet AS ON UPDATE TO shop.cache WHERE OLD.key = 'x' DO INSTEAD NOTHING
= define shop.cache | replaces_code
@ acts locks:shop.cache(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE RULE logged AS ON DELETE TO shop.cache DO ALSO (INSERT INTO care.log (line) VALUES (OLD.key); NOTIFY gone)
= define shop.cache; read care.log | replaces_code
@ acts locks:care.log(RowExclusive),shop.cache(AccessExclusive) effects:xid stopped:25006

DROP RULE copied ON shop.import
= define shop.import | locks_table replaces_code
@ acts shop.import locks:shop.import(AccessExclusive) effects:xid stopped:25006

ALTER RULE copied ON shop.import RENAME TO copies
= define shop.import | locks_table replaces_code
@ acts locks:shop.import(AccessExclusive) effects:xid stopped:25006

CREATE POLICY own ON shop.orders AS RESTRICTIVE FOR SELECT TO CURRENT_USER USING (total < 100)
= define shop.orders | replaces_code
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER POLICY mine ON care.tenant USING (true) WITH CHECK (owner = 'a')
= define care.tenant | replaces_code
@ acts locks:care.tenant(AccessExclusive) effects:xid stopped:25006

DROP POLICY mine ON care.tenant
= define care.tenant | locks_table replaces_code
@ acts care.tenant locks:care.tenant(AccessExclusive) effects:xid stopped:25006

REFRESH MATERIALIZED VIEW care.incomes
= ! closed
@ acts care.member changes:care.incomes(+3) locks:care.incomes(AccessExclusive),care.incomes(Exclusive),care.incomes(Share) effects:xid stopped:25006
@[15] acts care.incomes care.member changes:care.incomes(+3) locks:care.incomes(AccessExclusive),care.incomes(Exclusive),care.incomes(Share) effects:xid stopped:25006

REFRESH MATERIALIZED VIEW CONCURRENTLY care.incomes WITH DATA
= ! closed
@ fails 55000

TRUNCATE shop.cache
= delete shop.cache | locks_table no_where uncounted
@ acts locks:shop.cache(AccessExclusive),shop.cache(Share) effects:xid stopped:25006

TRUNCATE TABLE ONLY shop.import, shop.audit RESTART IDENTITY
= delete shop.audit shop.import; update sequence:shop.audit_id_seq | locks_table no_where uncounted
@ acts locks:shop.audit(AccessExclusive),shop.audit(Share),shop.audit_id_seq(AccessExclusive),shop.audit_id_seq(RowExclusive),shop.import(AccessExclusive),shop.import(Share) effects:xid stopped:25006

TRUNCATE care.visit CASCADE
= delete care.lab care.visit | cascades locks_table no_where uncounted
@ acts locks:care.lab(AccessExclusive),care.lab(Share),care.visit(AccessExclusive),care.visit(Share) effects:notice,xid stopped:25006

DROP TABLE care.member CASCADE
= ! closed
@ acts locks:care.visit(AccessExclusive) effects:notice,xid stopped:25006

DROP SCHEMA hr CASCADE
= ! catalog
@ acts effects:notice,xid stopped:25006

ALTER TABLE shop.orders DROP COLUMN id CASCADE
= define shop.item shop.orders shop.order_lines shop.placed | cascades locks_table
@ acts locks:shop.item(AccessExclusive),shop.orders(AccessExclusive) effects:notice,xid stopped:25006

-- # grants: rights

GRANT SELECT ON shop.orders TO postgres
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT SELECT (id, total), UPDATE (note) ON TABLE shop.orders TO postgres WITH GRANT OPTION
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA shop, hr TO postgres
= grant schema:hr schema:shop hr.Odd_name hr.absence hr.department hr.employee shop.audit shop.cache shop.customer shop.event shop.event_2024q1 shop.event_2024q2 shop.event_rest shop.import shop.item shop.orders shop.price_history shop.product shop.region shop.stock shop.stock_north shop.stock_other hr.tree shop.cheap shop.contacts shop.daily shop.order_lines shop.placed | tags_must_be_reviewed
@ acts effects:xid stopped:25006

GRANT USAGE, CREATE ON SCHEMA app TO postgres
= grant schema:app
@ acts effects:xid stopped:25006

GRANT EXECUTE ON FUNCTION app.twice(int) TO postgres
= grant function:app.twice | replaces_code
@ acts effects:xid stopped:25006

GRANT USAGE ON SEQUENCE shop.numbers TO postgres GRANTED BY CURRENT_USER
= grant sequence:shop.numbers
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT USAGE ON TYPE shop.state TO postgres
= grant type:shop.state
@ acts effects:xid stopped:25006

REVOKE INSERT, TRUNCATE ON shop.item FROM postgres CASCADE
= ! unknown
@ acts shop.item effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE GRANT OPTION FOR SELECT ON shop.product FROM postgres
= grant shop.product
@ acts shop.product effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE EXECUTE ON PROCEDURE app.tidy(int) FROM postgres
= grant function:app.tidy | replaces_code
@ acts effects:xid stopped:25006

REVOKE ALL ON ALL SEQUENCES IN SCHEMA shop FROM postgres
= grant schema:shop sequence:shop.audit_id_seq sequence:shop.customer_id_seq sequence:shop.numbers
@ acts effects:xid stopped:25006

-- # control: rights that are never given

GRANT SELECT ON shop.customer TO PUBLIC
= control statement:Grant shop.customer
@ acts shop.customer effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT CONNECT ON DATABASE corpus TO postgres
= control database:corpus statement:Grant
@ acts effects:xid stopped:25006

GRANT postgres TO pg_monitor WITH ADMIN OPTION
= control role:pg_monitor role:postgres statement:GrantRole
@ acts effects:xid stopped:25006

REVOKE pg_read_all_data FROM postgres
= control role:pg_read_all_data role:postgres statement:GrantRole
@ reads effects:notice

ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO PUBLIC
= control statement:AlterDefaultPrivileges
@ acts effects:xid stopped:25006

ALTER DEFAULT PRIVILEGES FOR ROLE postgres REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
= control statement:AlterDefaultPrivileges
@ acts effects:xid stopped:25006

GRANT SET ON PARAMETER work_mem TO pg_monitor
= control parameter acl:work_mem statement:Grant
@ acts effects:xid stopped:25006

REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC
= control language:plpgsql statement:Grant
@ acts effects:xid stopped:25006

-- # control: sessions and transactions

BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE
= control statement:Transaction | not_transactional
@ acts effects:alone,notice unstopped

START TRANSACTION READ ONLY DEFERRABLE
= control statement:Transaction | not_transactional
@ acts effects:alone,notice unstopped

COMMIT AND CHAIN
= control statement:Transaction | not_transactional
@ acts effects:settings unstopped

ROLLBACK WORK
= control statement:Transaction | not_transactional
@ acts effects:ended unstopped

END
= control statement:Transaction | not_transactional
@ acts effects:ended unstopped

SAVEPOINT a
= control statement:Transaction | not_transactional
@ reads nothing

RELEASE SAVEPOINT a
= control statement:Transaction | not_transactional
@ fails 3B001

ROLLBACK TO a
= control statement:Transaction | not_transactional
@ fails 3B001

PREPARE TRANSACTION 'two'
= control statement:Transaction | not_transactional
@ acts fails:42710 effects:ended unstopped

COMMIT PREPARED 'two'
= control statement:Transaction | not_transactional
@ acts fails:42704 effects:alone unstopped

ROLLBACK PREPARED 'two'
= control statement:Transaction | not_transactional
@ acts fails:42704 effects:alone unstopped

SET search_path = shop
= control setting:search_path statement:VariableSet
@ acts effects:settings unstopped

SET LOCAL statement_timeout = 0
= control setting:statement_timeout statement:VariableSet
@ acts effects:settings unstopped

SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE
= control setting:SESSION_CHARACTERISTICS statement:VariableSet
@ acts effects:settings unstopped

SET TRANSACTION READ WRITE
= control setting:TRANSACTION statement:VariableSet
@ reads nothing

SET CONSTRAINTS ALL DEFERRED
= control statement:ConstraintsSet
@ reads nothing

SET ROLE postgres
= control setting:role statement:VariableSet
@ reads nothing

SET SESSION AUTHORIZATION postgres
= control setting:session_authorization statement:VariableSet
@ reads nothing

SET TIME ZONE INTERVAL '+02' HOUR TO MINUTE
= control setting:timezone statement:VariableSet
@ acts effects:settings unstopped

SET app.tenant = 'b'
= control setting:app.tenant statement:VariableSet
@ acts effects:own unstopped

SET NAMES 'LATIN1'
= control setting:client_encoding statement:VariableSet
@ acts effects:settings unstopped

SET XML OPTION DOCUMENT
= control setting:xmloption statement:VariableSet
@ acts effects:settings unstopped

SET TRANSACTION SNAPSHOT '00000003-0000001B-1'
= control setting:TRANSACTION_SNAPSHOT statement:VariableSet
@ acts fails:0A000 effects:alone unstopped

RESET ALL
= control statement:VariableSet
@ acts effects:settings unstopped

RESET work_mem
= control setting:work_mem statement:VariableSet
@ reads nothing

DISCARD PLANS
= control statement:Discard | not_transactional
@ reads nothing

DISCARD ALL
= control statement:Discard | not_transactional
@ acts effects:alone unstopped

PREPARE p (int) AS SELECT * FROM shop.orders WHERE id = $1
= control prepared statement:p statement:Prepare | not_transactional
@ acts fails:client effects:lost unstopped

PREPARE d AS DELETE FROM shop.cache
= control prepared statement:d statement:Prepare | not_transactional
@ acts locks:shop.cache(RowExclusive) effects:prepared unstopped

EXECUTE p (1)
= control prepared statement:p statement:Execute | not_transactional
@ fails 26000

CREATE TABLE shop.made_by AS EXECUTE p (1)
= control statement:CreateTableAs shop.made_by
@ fails 26000

EXPLAIN EXECUTE p (1)
= ! unknown
@ fails 26000

DEALLOCATE p
= control prepared statement:p statement:Deallocate | not_transactional
@ fails 26000

DEALLOCATE PREPARE ALL
= control statement:Deallocate | not_transactional
@ reads nothing

DECLARE c CURSOR WITH HOLD FOR SELECT id FROM shop.orders
= control cursor:c statement:DeclareCursor
@ acts shop.orders effects:cursors unstopped

DECLARE d BINARY SCROLL CURSOR FOR SELECT mail FROM care.member
= control cursor:d statement:DeclareCursor
@ acts care.member effects:cursors unstopped

FETCH NEXT FROM c
= control cursor:c statement:Fetch
@ fails 34000

FETCH ALL IN c
= control cursor:c statement:Fetch
@ fails 34000

MOVE FORWARD 3 FROM c
= control cursor:c statement:Fetch
@ fails 34000

CLOSE c
= control cursor:c statement:ClosePortal
@ fails 34000

CLOSE ALL
= control statement:ClosePortal
@ reads nothing

LISTEN news
= control channel:news statement:Listen
@ acts effects:world unstopped

UNLISTEN *
= control statement:Unlisten
@ reads nothing

NOTIFY news, 'payload'
= control channel:news statement:Notify
@ acts effects:world unstopped

LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE
= control statement:Lock shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid unstopped

LOCK shop.item, care.visit IN SHARE ROW EXCLUSIVE MODE NOWAIT
= control statement:Lock care.visit shop.item
@ acts locks:care.visit(ShareRowExclusive),shop.item(ShareRowExclusive) unstopped

LOAD 'plpgsql'
= control library:plpgsql statement:Load | not_transactional
@ reads nothing

-- # control: copying, code, the server

COPY shop.orders TO STDOUT
= control statement:Copy shop.orders
@ reads shop.orders

COPY (SELECT mail FROM care.member) TO STDOUT WITH (FORMAT csv, HEADER)
= control statement:Copy
@ reads care.member

COPY shop.import (raw) FROM STDIN
= control statement:Copy shop.import
@ acts fails:client effects:lost stopped:25006

COPY shop.product TO '/tmp/assent-corpus-product.csv'
= control statement:Copy shop.product | not_transactional
@ acts shop.product effects:file unstopped

COPY (SELECT 1) TO PROGRAM 'cat >/dev/null'
= control statement:Copy | not_transactional
@ reads nothing

COPY shop.import FROM PROGRAM 'echo x'
= control statement:Copy shop.import | not_transactional
@ fails 22P04

COPY shop.import (raw) FROM '/etc/hostname'
= control statement:Copy shop.import
@ acts changes:shop.import(+1) locks:shop.import(RowExclusive) effects:xid stopped:25006

DO $$ BEGIN PERFORM app.touch('do'); END $$
= control statement:Do | not_transactional
@ acts changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

DO LANGUAGE plpgsql 'BEGIN RAISE NOTICE ''%'', (SELECT max(passport) FROM care.member); END'
= control statement:Do | not_transactional
@ reads care.member effects:notice

CALL app.tidy(100)
= ! function
@ acts locks:care.log(RowExclusive) stopped:25006

CALL app.commits()
= ! function
@ fails 2D000

VACUUM
= control statement:Vacuum | not_transactional
@ acts effects:alone,world unstopped

VACUUM (FULL, ANALYZE) shop.orders
= control statement:Vacuum shop.orders | not_transactional
@ acts effects:alone,world unstopped

ANALYZE shop.orders (state, total)
= control statement:Vacuum shop.orders | not_transactional
@ acts locks:shop.orders(ShareUpdateExclusive) effects:notice,xid unstopped

ANALYZE VERBOSE
= control statement:Vacuum | not_transactional
@ acts locks:app.flag(ShareUpdateExclusive),care.doctor(ShareUpdateExclusive),care.incomes(ShareUpdateExclusive),care.lab(ShareUpdateExclusive),care.log(ShareUpdateExclusive),care.member(ShareUpdateExclusive),care.parent(ShareUpdateExclusive),care.tenant(ShareUpdateExclusive),care.visit(ShareUpdateExclusive),care.ward(ShareUpdateExclusive),hr.Odd_name(ShareUpdateExclusive),hr.absence(ShareUpdateExclusive),hr.department(ShareUpdateExclusive),hr.employee(ShareUpdateExclusive),shop.audit(ShareUpdateExclusive),shop.cache(ShareUpdateExclusive),shop.customer(ShareUpdateExclusive),shop.event(ShareUpdateExclusive),shop.import(ShareUpdateExclusive),shop.item(ShareUpdateExclusive),shop.orders(ShareUpdateExclusive),shop.price_history(ShareUpdateExclusive),shop.product(ShareUpdateExclusive),shop.region(ShareUpdateExclusive),shop.stock(ShareUpdateExclusive) effects:notice,xid unstopped

CLUSTER shop.orders USING orders_pkey
= control statement:Cluster shop.orders
@ acts locks:shop.orders(AccessExclusive),shop.orders(Share) effects:xid unstopped

REINDEX TABLE shop.orders
= control statement:Reindex shop.orders | not_transactional
@ acts locks:shop.orders(Share) effects:xid unstopped

REINDEX INDEX CONCURRENTLY shop.orders_pkey
= control statement:Reindex shop.orders_pkey | not_transactional
@ acts effects:alone,world unstopped

CHECKPOINT
= control statement:CheckPoint | not_transactional
@ reads nothing

CREATE INDEX CONCURRENTLY ON shop.orders (total)
= control statement:Index shop.orders | not_transactional
@ acts effects:alone,world stopped:25006

DROP INDEX CONCURRENTLY shop.orders_pkey
= control index:shop.orders_pkey statement:Drop | not_transactional
@ acts fails:2BP01 effects:alone stopped:25006

ALTER TABLE shop.event DETACH PARTITION shop.event_rest CONCURRENTLY
= control statement:AlterTable shop.event
@ acts fails:55000 effects:alone stopped:25006

ALTER SYSTEM SET work_mem = '2MB'
= control setting:work_mem statement:AlterSystem | not_transactional
@ acts effects:alone unstopped

ALTER SYSTEM RESET ALL
= control statement:AlterSystem | not_transactional
@ acts effects:alone unstopped

-- # control: owners, triggers, row security, storage

ALTER TABLE shop.orders OWNER TO postgres
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer DISABLE TRIGGER ALL
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer DISABLE TRIGGER changed
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer ENABLE ALWAYS TRIGGER changed
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.import DISABLE RULE copied
= control statement:AlterTable shop.import
@ acts locks:shop.import(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.tenant DISABLE ROW LEVEL SECURITY
= control statement:AlterTable care.tenant
@ acts locks:care.tenant(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.tenant FORCE ROW LEVEL SECURITY
= control statement:AlterTable care.tenant
@ acts locks:care.tenant(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders SET TABLESPACE pg_default
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default
= control statement:AlterTableMoveAll tablespace:pg_default
@ reads nothing

ALTER TABLE shop.orders SET UNLOGGED
= control statement:AlterTable shop.orders
@ fails 42P16

ALTER TABLE shop.orders REPLICA IDENTITY FULL
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders CLUSTER ON orders_pkey
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders SET (autovacuum_enabled = false), RESET (fillfactor)
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

ALTER VIEW shop.cheap SET (security_invoker = true)
= control statement:AlterTable shop.cheap
@ acts locks:shop.cheap(AccessExclusive) effects:xid stopped:25006

ALTER VIEW shop.cheap OWNER TO postgres
= control statement:AlterTable shop.cheap
@ acts locks:shop.cheap(AccessExclusive) effects:xid stopped:25006

ALTER FUNCTION app.twice(int) OWNER TO postgres
= control function:app.twice statement:AlterOwner
@ reads nothing

ALTER FUNCTION app.twice(int) DEPENDS ON EXTENSION plpgsql
= control function:app.twice statement:AlterObjectDepends
@ acts effects:xid stopped:25006

ALTER SCHEMA shop OWNER TO postgres
= control schema:shop statement:AlterOwner
@ reads nothing

CREATE SCHEMA AUTHORIZATION postgres
= control statement:CreateSchema
@ acts effects:xid stopped:25006

CREATE TEMPORARY TABLE visit (id int)
= control statement:Create visit
@ acts locks:pg_temp.visit(AccessExclusive) effects:xid stopped:25006

CREATE TEMP VIEW member AS SELECT 1 AS mail
= control statement:View member
@ acts locks:pg_temp.member(AccessExclusive) effects:xid stopped:25006

CREATE TEMP SEQUENCE numbers
= control sequence:numbers statement:CreateSeq
@ acts locks:pg_temp.numbers(AccessExclusive) effects:xid stopped:25006

SELECT 1 AS one INTO TEMP TABLE doctor
= control statement:IntoClause doctor
@ acts changes:pg_temp.doctor(+1) locks:pg_temp.doctor(AccessExclusive) effects:xid stopped:25006

-- # control: roles, databases, tablespaces

CREATE ROLE corpus_r LOGIN SUPERUSER PASSWORD 'x'
= control role:corpus_r statement:CreateRole
@ acts effects:xid stopped:25006

CREATE USER corpus_u IN ROLE pg_monitor
= control role:corpus_u statement:CreateRole
@ acts effects:xid stopped:25006

CREATE GROUP corpus_g
= control role:corpus_g statement:CreateRole
@ acts effects:xid stopped:25006

ALTER ROLE postgres NOLOGIN
= control role:postgres statement:AlterRole
@ acts effects:xid stopped:25006

ALTER USER postgres WITH PASSWORD 'new'
= control role:postgres statement:AlterRole
@ acts effects:xid stopped:25006

ALTER ROLE postgres SET search_path = hr
= control role:postgres statement:AlterRoleSet
@ acts effects:xid stopped:25006

ALTER ROLE ALL IN DATABASE corpus RESET ALL
= control statement:AlterRoleSet
@ reads nothing

ALTER GROUP pg_monitor ADD USER postgres
= control role:pg_monitor statement:AlterRole
@ fails 42939

DROP ROLE IF EXISTS corpus_nobody
= control role:corpus_nobody statement:DropRole
@ reads effects:notice

DROP OWNED BY pg_monitor CASCADE
= control role:pg_monitor statement:DropOwned
@ fails 2BP01

REASSIGN OWNED BY pg_monitor TO postgres
= control role:pg_monitor role:postgres statement:ReassignOwned
@ fails 2BP01

CREATE DATABASE corpus_other
= control database:corpus_other statement:Createdb | not_transactional
@ acts effects:alone,world stopped:25006

ALTER DATABASE corpus RENAME TO corpus_else
= control database:corpus statement:Rename
@ fails 0A000

ALTER DATABASE corpus CONNECTION LIMIT 5
= control database:corpus statement:AlterDatabase
@ acts effects:xid stopped:25006

ALTER DATABASE corpus SET work_mem = '1MB'
= control database:corpus statement:AlterDatabaseSet
@ acts effects:xid stopped:25006

ALTER DATABASE corpus REFRESH COLLATION VERSION
= control database:corpus statement:AlterDatabaseRefreshColl
@ reads effects:notice

ALTER DATABASE corpus OWNER TO postgres
= control database:corpus statement:AlterOwner
@ reads nothing

DROP DATABASE IF EXISTS corpus_other WITH (FORCE)
= control database:corpus_other statement:Dropdb | not_transactional
@ acts effects:alone stopped:25006

CREATE TABLESPACE corpus_space LOCATION '/tmp/assent-corpus-nowhere'
= control statement:CreateTableSpace tablespace:corpus_space | not_transactional
@ acts fails:58P01 effects:alone,world stopped:25006

ALTER TABLESPACE pg_default SET (random_page_cost = 2)
= control statement:AlterTableSpaceOptions tablespace:pg_default
@ acts effects:xid stopped:25006

DROP TABLESPACE IF EXISTS corpus_space
= control statement:DropTableSpace tablespace:corpus_space | not_transactional
@ acts effects:alone stopped:25006

-- # control: extensions, foreign data, languages, replication

CREATE EXTENSION IF NOT EXISTS plpgsql
= control extension:plpgsql statement:CreateExtension
@ reads effects:notice

ALTER EXTENSION plpgsql UPDATE
= control extension:plpgsql statement:AlterExtension
@ reads effects:notice

ALTER EXTENSION plpgsql ADD TABLE shop.orders
= control extension:plpgsql statement:AlterExtensionContents
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

DROP EXTENSION plpgsql
= control extension:plpgsql statement:Drop
@ fails 2BP01

CREATE FOREIGN DATA WRAPPER w
= control foreign data wrapper:w statement:CreateFdw
@ acts effects:xid stopped:25006

ALTER FOREIGN DATA WRAPPER w OPTIONS (SET a 'b')
= control foreign data wrapper:w statement:AlterFdw
@ fails 42704

CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h')
= control server:s statement:CreateForeignServer
@ fails 42704

ALTER SERVER s VERSION '2'
= control server:s statement:AlterForeignServer
@ fails 42704

CREATE FOREIGN TABLE shop.far (id int) SERVER s
= control server:s statement:CreateForeignTable
@ fails 42704

CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (password 'p')
= control server:s statement:CreateUserMapping
@ fails 42704

ALTER USER MAPPING FOR postgres SERVER s OPTIONS (SET password 'q')
= control server:s statement:AlterUserMapping
@ fails 42704

DROP USER MAPPING IF EXISTS FOR postgres SERVER s
= control server:s statement:DropUserMapping
@ reads effects:notice

IMPORT FOREIGN SCHEMA public LIMIT TO (a) FROM SERVER s INTO shop
= control server:s statement:ImportForeignSchema
@ fails 42704

DROP SERVER IF EXISTS s CASCADE
= control foreign server:s statement:Drop
@ reads effects:notice

CREATE LANGUAGE corpus_lang HANDLER plpgsql_call_handler
= control language:corpus_lang statement:CreatePLang
@ acts effects:xid stopped:25006

DROP LANGUAGE plpgsql CASCADE
= control language:plpgsql statement:Drop
@ fails 2BP01

CREATE TRANSFORM FOR int LANGUAGE plpgsql (FROM SQL WITH FUNCTION app.twice(int))
= control statement:CreateTransform transform:pg_catalog.int4
@ fails 42P17

CREATE PUBLICATION pub FOR TABLE shop.orders (id), TABLES IN SCHEMA hr
= control publication:pub statement:CreatePublication
@ fails 22023

ALTER PUBLICATION pub ADD TABLE shop.item WHERE (quantity > 1)
= control publication:pub statement:AlterPublication
@ fails 42704

DROP PUBLICATION IF EXISTS pub
= control publication:pub statement:Drop
@ reads effects:notice

CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION pub WITH (connect = false)
= control statement:CreateSubscription subscription:sub | not_transactional
@ acts effects:notice,xid stopped:25006

ALTER SUBSCRIPTION sub DISABLE
= control statement:AlterSubscription subscription:sub
@ fails 42704

DROP SUBSCRIPTION IF EXISTS sub
= control statement:DropSubscription subscription:sub | not_transactional
@ reads effects:notice

CREATE EVENT TRIGGER ev ON ddl_command_end EXECUTE FUNCTION app.deny()
= control event trigger:ev statement:CreateEventTrig
@ fails 42P17

ALTER EVENT TRIGGER ev DISABLE
= control event trigger:ev statement:AlterEventTrig
@ fails 42704

DROP EVENT TRIGGER IF EXISTS ev
= control event trigger:ev statement:Drop
@ reads effects:notice

SECURITY LABEL FOR corpus ON TABLE shop.orders IS 'x'
= control statement:SecLabel shop.orders
@ fails 22023

-- # control: operators, casts, collations, text search, access methods

CREATE OPERATOR app.@@@ (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl)
= control operator:app.@@@ statement:Define
@ acts effects:xid stopped:25006

ALTER OPERATOR app.~~~ (numeric, numeric) SET (RESTRICT = NONE)
= control operator:app.~~~ statement:AlterOperator
@ acts effects:xid stopped:25006

DROP OPERATOR app.~~~ (numeric, numeric)
= control operator:app.~~~ statement:Drop
@ acts effects:xid stopped:25006

CREATE OPERATOR CLASS app.ops FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int)
= control operator class:app.ops statement:CreateOpClass
@ acts effects:xid stopped:25006

CREATE OPERATOR FAMILY app.family USING btree
= control operator family:app.family statement:CreateOpFamily
@ acts effects:xid stopped:25006

ALTER OPERATOR FAMILY app.family USING btree ADD OPERATOR 1 < (int, int)
= control operator family:app.family statement:AlterOpFamily
@ fails 42704

ALTER OPERATOR CLASS app.ops USING btree RENAME TO ops2
= control opclass:btree.app.ops statement:Rename
@ fails 42704

CREATE CAST (int AS shop.address) WITHOUT FUNCTION
= control cast:pg_catalog.int4 cast:shop.address statement:CreateCast
@ fails 42P17

DROP CAST IF EXISTS (shop.address AS int)
= control statement:Drop
@ acts effects:xid stopped:25006

CREATE CONVERSION app.conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1
= control conversion:app.conv statement:CreateConversion
@ acts effects:xid stopped:25006

CREATE COLLATION app.german (locale = 'C')
= control collation:app.german statement:Define
@ acts effects:xid stopped:25006

ALTER COLLATION app.german REFRESH VERSION
= control collation:app.german statement:AlterCollation
@ fails 42704

CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple)
= control statement:Define tsconfiguration:app.words
@ acts effects:xid stopped:25006

ALTER TEXT SEARCH CONFIGURATION app.words ADD MAPPING FOR word WITH simple
= control statement:AlterTSConfiguration text search:app.words
@ fails 42704

CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = simple, stopwords = english)
= control statement:Define tsdictionary:app.dict
@ acts effects:xid stopped:25006

ALTER TEXT SEARCH DICTIONARY app.dict (StopWords = russian)
= control statement:AlterTSDictionary text search:app.dict
@ fails 42704

CREATE AGGREGATE app.mul(numeric) (SFUNC = numeric_mul, STYPE = numeric)
= control aggregate:app.mul statement:Define
@ acts effects:xid stopped:25006

ALTER AGGREGATE app.total(numeric) RENAME TO sums
= control aggregate:app.total statement:Rename
@ acts effects:xid stopped:25006

CREATE TYPE app.raw (INPUT = int4in, OUTPUT = int4out)
= control statement:Define type:app.raw
@ fails 42710

ALTER TYPE app.raw SET (STORAGE = plain)
= control statement:AlterType type:app.raw
@ fails 42704

CREATE ACCESS METHOD am TYPE TABLE HANDLER heap_tableam_handler
= control access method:am statement:CreateAm
@ acts effects:xid stopped:25006

DROP AGGREGATE app.total(numeric)
= control aggregate:app.total statement:Drop
@ acts effects:xid stopped:25006

COMMENT ON ROLE postgres IS 'hello'
= control role:postgres statement:Comment
@ acts effects:xid stopped:25006

COMMENT ON DATABASE corpus IS 'mine'
= control database:corpus statement:Comment
@ acts effects:xid stopped:25006

-- # refused: EXPLAIN of what is no read

EXPLAIN ANALYZE CREATE TABLE shop.sly AS SELECT 1 AS a
= ! unknown
@ acts changes:shop.sly(+1) locks:shop.sly(AccessExclusive) effects:xid unstopped

EXPLAIN (ANALYZE on, COSTS off) SELECT id INTO shop.sly FROM shop.orders
= ! unknown
@ acts shop.orders changes:shop.sly(+150) locks:shop.sly(AccessExclusive) effects:xid unstopped

EXPLAIN ANALYZE DELETE FROM shop.cache
= ! unknown
@ acts tree:delete locks:shop.cache(RowExclusive) stopped:25006
@[15] acts locks:shop.cache(RowExclusive) stopped:25006

EXPLAIN (ANALYZE 1) UPDATE shop.orders SET note = 'x'
= ! unknown
@ acts tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006
@[15] acts changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

EXPLAIN ANALYZE WITH d AS (DELETE FROM shop.import RETURNING raw) SELECT count(*) FROM d
= ! unknown
@ acts locks:shop.import(RowExclusive) stopped:25006
@[16,17] acts tree:delete locks:shop.import(RowExclusive) stopped:25006

EXPLAIN DECLARE c CURSOR FOR SELECT 1
= ! unknown
@ reads nothing

EXPLAIN (FORMAT yaml, NONSENSE) SELECT 1
= ! unknown
@ fails 42601

EXPLAIN ANALYZE REFRESH MATERIALIZED VIEW care.incomes
= ! unknown
@ reads nothing

EXPLAIN SELECT count(*) FROM shop.orders FOR UPDATE
= ! unknown
@ error 0A000

EXPLAIN SELECT plan FROM care.member WHERE income > 5
= ! protected
@ reads care.member

SHOW ALL
= ! unknown
@ reads nothing

SHOW data_directory
= ! unknown
@ reads nothing

SHOW app.tenant
= ! unknown
@ error 42704

SHOW "search_path; DROP TABLE x"
= ! unknown
@ error 42704

-- # either: EXPLAIN of a read and SHOW of a listed setting

EXPLAIN /* between */ SELECT 1
= read expression:constants
@ reads nothing

EXPLAIN SELECT state, count(*) FROM shop.orders GROUP BY state
= read shop.orders
@ reads shop.orders

EXPLAIN (ANALYZE, BUFFERS, FORMAT json) SELECT id FROM shop.item JOIN shop.product ON product_id = id
= read shop.item shop.product
@ reads shop.item shop.product

EXPLAIN VERBOSE VALUES (1), (2)
= read expression:constants
@ reads nothing

SHOW work_mem
= read setting:work_mem
@ reads nothing

SHOW TIME ZONE
= read setting:timezone
@ reads nothing

SHOW TRANSACTION ISOLATION LEVEL
= read setting:transaction_isolation
@ reads nothing

SHOW server_version
= read setting:server_version
@ reads nothing

SHOW lc_collate
= read setting:lc_collate
@ error 42704
@[15] reads nothing
