-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # control: made from templates

-- % public

GRANT SELECT ON shop.orders TO PUBLIC
= control statement:Grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT ALL ON ALL TABLES IN SCHEMA care TO PUBLIC
= control statement:Grant care
@ acts effects:xid stopped:25006

GRANT USAGE ON SCHEMA hr TO PUBLIC
= control schema:hr statement:Grant
@ acts effects:xid stopped:25006

GRANT EXECUTE ON FUNCTION app.run(text) TO PUBLIC
= control function:app.run statement:Grant
@ acts effects:xid stopped:25006

GRANT UPDATE (note) ON shop.orders TO PUBLIC
= control statement:Grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT USAGE ON TYPE care.mood TO PUBLIC
= control statement:Grant type:care.mood
@ acts effects:xid stopped:25006

GRANT USAGE ON SEQUENCE shop.numbers TO PUBLIC
= control sequence:shop.numbers statement:Grant
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

-- % settings

SET LOCAL work_mem = '1MB'
= control setting:work_mem statement:VariableSet
@ acts effects:settings unstopped

SET LOCAL search_path TO hr, public
= control setting:search_path statement:VariableSet
@ acts effects:settings unstopped

SET LOCAL row_security = off
= control setting:row_security statement:VariableSet
@ acts effects:settings unstopped

SET LOCAL default_transaction_read_only = off
= control setting:default_transaction_read_only statement:VariableSet
@ acts effects:settings unstopped

SET LOCAL TIME ZONE 'UTC'
= control setting:timezone statement:VariableSet
@ acts effects:settings unstopped

SET LOCAL session_replication_role = replica
= control setting:session_replication_role statement:VariableSet
@ acts effects:settings unstopped

SET LOCAL standard_conforming_strings TO off
= control setting:standard_conforming_strings statement:VariableSet
@ acts effects:settings unstopped

SET LOCAL app.tenant = 'x'
= control setting:app.tenant statement:VariableSet
@ acts effects:own unstopped

SET LOCAL ROLE postgres
= control setting:role statement:VariableSet
@ reads nothing

SET LOCAL client_min_messages TO DEFAULT
= control setting:client_min_messages statement:VariableSet
@ reads nothing

SET SESSION work_mem = '1MB'
= control setting:work_mem statement:VariableSet
@ acts effects:settings unstopped

SET SESSION search_path TO hr, public
= control setting:search_path statement:VariableSet
@ acts effects:settings unstopped

SET SESSION row_security = off
= control setting:row_security statement:VariableSet
@ acts effects:settings unstopped

SET SESSION default_transaction_read_only = off
= control setting:default_transaction_read_only statement:VariableSet
@ acts effects:settings unstopped

SET SESSION TIME ZONE 'UTC'
= control setting:timezone statement:VariableSet
@ acts effects:settings unstopped

SET SESSION session_replication_role = replica
= control setting:session_replication_role statement:VariableSet
@ acts effects:settings unstopped

SET SESSION standard_conforming_strings TO off
= control setting:standard_conforming_strings statement:VariableSet
@ acts effects:settings unstopped

SET SESSION client_min_messages TO DEFAULT
= control setting:client_min_messages statement:VariableSet
@ reads nothing

-- % roles

ALTER ROLE postgres NOSUPERUSER
= control role:postgres statement:AlterRole
@ fails 0A000
@[15] acts effects:xid stopped:25006

ALTER ROLE postgres SET work_mem = '1MB'
= control role:postgres statement:AlterRoleSet
@ acts effects:xid stopped:25006

ALTER ROLE postgres CONNECTION LIMIT 3
= control role:postgres statement:AlterRole
@ acts effects:xid stopped:25006

ALTER ROLE postgres RESET ALL
= control role:postgres statement:AlterRoleSet
@ reads nothing

ALTER ROLE postgres PASSWORD NULL
= control role:postgres statement:AlterRole
@ acts effects:xid stopped:25006

ALTER ROLE postgres VALID UNTIL 'infinity'
= control role:postgres statement:AlterRole
@ acts effects:xid stopped:25006

ALTER ROLE pg_monitor NOSUPERUSER
= control role:pg_monitor statement:AlterRole
@ fails 42939

ALTER ROLE pg_monitor SET work_mem = '1MB'
= control role:pg_monitor statement:AlterRoleSet
@ fails 42939

ALTER ROLE pg_monitor CONNECTION LIMIT 3
= control role:pg_monitor statement:AlterRole
@ fails 42939

ALTER ROLE pg_monitor RESET ALL
= control role:pg_monitor statement:AlterRoleSet
@ fails 42939

ALTER ROLE pg_monitor PASSWORD NULL
= control role:pg_monitor statement:AlterRole
@ fails 42939

ALTER ROLE pg_monitor VALID UNTIL 'infinity'
= control role:pg_monitor statement:AlterRole
@ fails 42939

ALTER ROLE CURRENT_USER NOSUPERUSER
= control statement:AlterRole
@ fails 0A000
@[15] acts effects:xid stopped:25006

ALTER ROLE CURRENT_USER SET work_mem = '1MB'
= control statement:AlterRoleSet
@ acts effects:xid stopped:25006

ALTER ROLE CURRENT_USER CONNECTION LIMIT 3
= control statement:AlterRole
@ acts effects:xid stopped:25006

ALTER ROLE CURRENT_USER RESET ALL
= control statement:AlterRoleSet
@ reads nothing

ALTER ROLE CURRENT_USER PASSWORD NULL
= control statement:AlterRole
@ acts effects:xid stopped:25006

ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'
= control statement:AlterRole
@ acts effects:xid stopped:25006

-- % table_switches

ALTER TABLE shop.orders DISABLE TRIGGER USER
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ENABLE REPLICA TRIGGER ALL
= ! syntax
@ error 42601

ALTER TABLE shop.orders OWNER TO CURRENT_USER
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders SET LOGGED
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders SET WITHOUT CLUSTER
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(ShareUpdateExclusive) stopped:25006

ALTER TABLE shop.orders NO FORCE ROW LEVEL SECURITY
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders REPLICA IDENTITY NOTHING
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders SET (fillfactor = 50)
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer DISABLE TRIGGER USER
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer ENABLE REPLICA TRIGGER ALL
= ! syntax
@ error 42601

ALTER TABLE shop.customer OWNER TO CURRENT_USER
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer SET LOGGED
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer SET WITHOUT CLUSTER
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(ShareUpdateExclusive) stopped:25006

ALTER TABLE shop.customer NO FORCE ROW LEVEL SECURITY
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer DISABLE ROW LEVEL SECURITY
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer REPLICA IDENTITY NOTHING
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer SET TABLESPACE pg_default
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.customer SET (fillfactor = 50)
= control statement:AlterTable shop.customer
@ acts locks:shop.customer(ShareUpdateExclusive) effects:xid stopped:25006

-- % copies

COPY shop.region TO STDOUT
= control statement:Copy shop.region
@ reads shop.region

COPY shop.region TO STDOUT WITH CSV HEADER
= control statement:Copy shop.region
@ reads shop.region

COPY shop.region TO '/tmp/assent-corpus-copy'
= control statement:Copy shop.region | not_transactional
@ acts shop.region effects:file unstopped

COPY shop.region TO PROGRAM 'cat >/tmp/assent-corpus-copy'
= control statement:Copy shop.region | not_transactional
@ acts shop.region effects:file unstopped

COPY (SELECT 1) TO STDOUT
= control statement:Copy
@ reads nothing

COPY (SELECT 1) TO STDOUT WITH CSV HEADER
= control statement:Copy
@ reads nothing

COPY (SELECT 1) TO '/tmp/assent-corpus-copy'
= control statement:Copy | not_transactional
@ acts effects:file unstopped

COPY (SELECT 1) TO PROGRAM 'cat >/tmp/assent-corpus-copy'
= control statement:Copy | not_transactional
@ acts effects:file unstopped

COPY care.member (mail, passport) TO STDOUT
= control statement:Copy care.member
@ reads care.member

COPY care.member (mail, passport) TO STDOUT WITH CSV HEADER
= control statement:Copy care.member
@ reads care.member

COPY care.member (mail, passport) TO '/tmp/assent-corpus-copy'
= control statement:Copy care.member | not_transactional
@ acts care.member effects:file unstopped

COPY care.member (mail, passport) TO PROGRAM 'cat >/tmp/assent-corpus-copy'
= control statement:Copy care.member | not_transactional
@ acts care.member effects:file unstopped

-- % locked

LOCK TABLE shop.orders IN ACCESS SHARE MODE
= control statement:Lock shop.orders
@ reads shop.orders

LOCK TABLE shop.orders IN ROW SHARE MODE
= control statement:Lock shop.orders
@ acts locks:shop.orders(RowShare) unstopped

LOCK TABLE shop.orders IN ROW EXCLUSIVE MODE
= control statement:Lock shop.orders
@ acts locks:shop.orders(RowExclusive) unstopped

LOCK TABLE shop.orders IN SHARE UPDATE EXCLUSIVE MODE
= control statement:Lock shop.orders
@ acts locks:shop.orders(ShareUpdateExclusive) unstopped

LOCK TABLE shop.orders IN SHARE MODE
= control statement:Lock shop.orders
@ acts locks:shop.orders(Share) unstopped

LOCK TABLE shop.orders IN EXCLUSIVE MODE
= control statement:Lock shop.orders
@ acts locks:shop.orders(Exclusive) unstopped

LOCK TABLE ONLY care.parent IN ACCESS SHARE MODE
= control statement:Lock care.parent
@ reads care.parent

LOCK TABLE ONLY care.parent IN ROW SHARE MODE
= control statement:Lock care.parent
@ acts locks:care.parent(RowShare) unstopped

LOCK TABLE ONLY care.parent IN ROW EXCLUSIVE MODE
= control statement:Lock care.parent
@ acts locks:care.parent(RowExclusive) unstopped

LOCK TABLE ONLY care.parent IN SHARE UPDATE EXCLUSIVE MODE
= control statement:Lock care.parent
@ acts locks:care.parent(ShareUpdateExclusive) unstopped

LOCK TABLE ONLY care.parent IN SHARE MODE
= control statement:Lock care.parent
@ acts locks:care.parent(Share) unstopped

LOCK TABLE ONLY care.parent IN EXCLUSIVE MODE
= control statement:Lock care.parent
@ acts locks:care.parent(Exclusive) unstopped

LOCK TABLE ONLY care.parent IN ACCESS EXCLUSIVE MODE
= control statement:Lock care.parent
@ acts locks:care.parent(AccessExclusive) effects:xid unstopped

-- % temporary

CREATE TEMP TABLE a (b int)
= control statement:Create a
@ acts locks:pg_temp.a(AccessExclusive) effects:xid stopped:25006

CREATE TEMPORARY TABLE a AS SELECT 1 AS b
= control statement:CreateTableAs a
@ acts changes:pg_temp.a(+1) locks:pg_temp.a(AccessExclusive) effects:xid stopped:25006

CREATE LOCAL TEMP TABLE a (LIKE shop.region)
= control statement:Create a
@ acts shop.region locks:pg_temp.a(AccessExclusive) effects:xid stopped:25006

CREATE TEMP SEQUENCE a
= control sequence:a statement:CreateSeq
@ acts locks:pg_temp.a(AccessExclusive) effects:xid stopped:25006

CREATE TEMP VIEW a AS SELECT 1 AS b
= control statement:View a
@ acts locks:pg_temp.a(AccessExclusive) effects:xid stopped:25006

CREATE TABLE pg_temp.a (b int)
= ! unknown
@ acts locks:pg_temp.a(AccessExclusive) effects:xid stopped:25006

CREATE TEMP TABLE a (b int) ON COMMIT DROP
= control statement:Create a
@ acts locks:pg_temp.a(AccessExclusive) effects:xid stopped:25006

CREATE GLOBAL TEMPORARY TABLE a ()
= control statement:Create a
@ acts locks:pg_temp.a(AccessExclusive) effects:notice,xid stopped:25006

-- % cursors

DECLARE c BINARY CURSOR WITH HOLD FOR SELECT total FROM shop.orders
= control cursor:c statement:DeclareCursor
@ acts shop.orders effects:cursors unstopped

DECLARE c BINARY CURSOR WITH HOLD FOR SELECT rating FROM care.doctor
= control cursor:c statement:DeclareCursor
@ acts care.doctor effects:cursors unstopped

DECLARE c BINARY CURSOR WITH HOLD FOR SELECT weight FROM shop.product
= control cursor:c statement:DeclareCursor
@ acts shop.product effects:cursors unstopped

DECLARE c BINARY CURSOR WITH HOLD FOR SELECT visits FROM care.busy
= control cursor:c statement:DeclareCursor
@ acts care.busy care.doctor care.visit effects:cursors unstopped

DECLARE c BINARY CURSOR WITHOUT HOLD FOR SELECT fee FROM care.visit
= control cursor:c statement:DeclareCursor
@ acts care.visit effects:cursors unstopped

DECLARE c BINARY CURSOR WITHOUT HOLD FOR SELECT margin FROM shop.product
= control cursor:c statement:DeclareCursor
@ acts shop.product effects:cursors unstopped

DECLARE c BINARY CURSOR WITHOUT HOLD FOR SELECT price FROM shop.item
= control cursor:c statement:DeclareCursor
@ acts shop.item effects:cursors unstopped

DECLARE c INSENSITIVE CURSOR WITH HOLD FOR SELECT quantity FROM shop.item
= control cursor:c statement:DeclareCursor
@ acts shop.item effects:cursors unstopped

DECLARE c INSENSITIVE CURSOR WITH HOLD FOR SELECT budget FROM hr.department
= control cursor:c statement:DeclareCursor
@ acts hr.department effects:cursors unstopped

DECLARE c INSENSITIVE CURSOR WITH HOLD FOR SELECT price FROM shop.price_history
= control cursor:c statement:DeclareCursor
@ acts shop.price_history effects:cursors unstopped

DECLARE c INSENSITIVE CURSOR WITHOUT HOLD FOR SELECT total FROM shop.orders
= control cursor:c statement:DeclareCursor
@ acts shop.orders effects:cursors unstopped

DECLARE c INSENSITIVE CURSOR WITHOUT HOLD FOR SELECT rating FROM care.doctor
= control cursor:c statement:DeclareCursor
@ acts care.doctor effects:cursors unstopped

DECLARE c INSENSITIVE CURSOR WITHOUT HOLD FOR SELECT weight FROM shop.product
= control cursor:c statement:DeclareCursor
@ acts shop.product effects:cursors unstopped

DECLARE c INSENSITIVE CURSOR WITHOUT HOLD FOR SELECT visits FROM care.busy
= control cursor:c statement:DeclareCursor
@ acts care.busy care.doctor care.visit effects:cursors unstopped

DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT fee FROM care.visit
= control cursor:c statement:DeclareCursor
@ acts care.visit effects:cursors unstopped

DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT margin FROM shop.product
= control cursor:c statement:DeclareCursor
@ acts shop.product effects:cursors unstopped

DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT price FROM shop.item
= control cursor:c statement:DeclareCursor
@ acts shop.item effects:cursors unstopped

DECLARE c NO SCROLL CURSOR WITHOUT HOLD FOR SELECT quantity FROM shop.item
= control cursor:c statement:DeclareCursor
@ acts shop.item effects:cursors unstopped

DECLARE c NO SCROLL CURSOR WITHOUT HOLD FOR SELECT budget FROM hr.department
= control cursor:c statement:DeclareCursor
@ acts hr.department effects:cursors unstopped

DECLARE c NO SCROLL CURSOR WITHOUT HOLD FOR SELECT price FROM shop.price_history
= control cursor:c statement:DeclareCursor
@ acts shop.price_history effects:cursors unstopped

-- % prepared

PREPARE p AS SELECT title FROM shop.product
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.product effects:prepared unstopped

PREPARE p AS SELECT sku FROM shop.product
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.product effects:prepared unstopped

PREPARE p AS SELECT category FROM shop.product
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.product effects:prepared unstopped

PREPARE p AS SELECT coupon FROM shop.orders
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.orders effects:prepared unstopped

PREPARE p AS SELECT memo FROM care.visit
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.visit effects:prepared unstopped

PREPARE p AS SELECT name FROM care.doctor
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.doctor effects:prepared unstopped

PREPARE p AS SELECT speciality FROM care.doctor
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.doctor effects:prepared unstopped

PREPARE p AS SELECT name FROM shop.region
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.region effects:prepared unstopped

PREPARE p AS SELECT path FROM shop.event
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.event effects:prepared unstopped

PREPARE p AS SELECT kind FROM shop.event
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.event effects:prepared unstopped

PREPARE p AS SELECT kind FROM care.lab
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.lab effects:prepared unstopped

PREPARE p AS SELECT name FROM hr.department
= control prepared statement:p statement:Prepare | not_transactional
@ acts hr.department effects:prepared unstopped

PREPARE p AS SELECT reason FROM hr.absence
= control prepared statement:p statement:Prepare | not_transactional
@ acts hr.absence effects:prepared unstopped

PREPARE p AS SELECT line FROM care.log
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.log effects:prepared unstopped

PREPARE p AS SELECT kind FROM care.parent
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.parent effects:prepared unstopped

PREPARE p AS SELECT plan FROM care.member
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.member effects:prepared unstopped

PREPARE p AS SELECT plan FROM shop.customer
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.customer effects:prepared unstopped

PREPARE p AS SELECT warehouse FROM shop.stock
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.stock effects:prepared unstopped

PREPARE p AS SELECT key FROM shop.cache
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.cache effects:prepared unstopped

PREPARE p AS SELECT raw FROM shop.import
= control prepared statement:p statement:Prepare | not_transactional
@ acts shop.import effects:prepared unstopped

-- % maintenance

VACUUM shop.orders
= control statement:Vacuum shop.orders | not_transactional
@ acts effects:alone unstopped

VACUUM (ANALYZE) care.visit, care.lab
= control statement:Vacuum care.lab care.visit | not_transactional
@ acts effects:alone,world unstopped

ANALYZE care.doctor
= control statement:Vacuum care.doctor | not_transactional
@ acts locks:care.doctor(ShareUpdateExclusive) effects:xid unstopped

ANALYZE (VERBOSE) shop.item (line)
= control statement:Vacuum shop.item | not_transactional
@ acts locks:shop.item(ShareUpdateExclusive) effects:notice,xid unstopped

REINDEX SCHEMA shop
= control statement:Reindex | not_transactional
@ acts effects:alone,world unstopped

REINDEX (VERBOSE) TABLE care.visit
= control statement:Reindex care.visit | not_transactional
@ acts locks:care.visit(Share) effects:notice,xid unstopped

CLUSTER
= control statement:Cluster
@ acts effects:alone unstopped

REINDEX INDEX shop.orders_pkey
= control statement:Reindex shop.orders_pkey | not_transactional
@ acts locks:shop.orders(Share) effects:xid unstopped

VACUUM (FREEZE)
= control statement:Vacuum | not_transactional
@ acts effects:alone,world unstopped

CLUSTER VERBOSE shop.item USING item_pkey
= control statement:Cluster shop.item
@ acts locks:shop.item(AccessExclusive),shop.item(Share) effects:notice,xid unstopped

REINDEX DATABASE corpus
= control statement:Reindex | not_transactional
@ acts effects:alone,world unstopped

REINDEX SYSTEM corpus
= control statement:Reindex | not_transactional
@ acts effects:alone,world unstopped

-- % blocks

DO $$BEGIN NULL; END$$
= control statement:Do | not_transactional
@ reads nothing

DO $x$BEGIN DELETE FROM shop.item; END$x$ LANGUAGE plpgsql
= control statement:Do | not_transactional
@ acts changes:shop.item(-300) locks:shop.item(RowExclusive) effects:xid stopped:25006

DO 'BEGIN COMMIT; END'
= control statement:Do | not_transactional
@ fails 2D000

DO $$DECLARE x int; BEGIN SELECT 1 INTO x; END$$
= control statement:Do | not_transactional
@ reads nothing
