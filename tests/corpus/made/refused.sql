-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # refused: made from templates

-- % volatile

SELECT app.counter() FROM shop.orders
= ! function
@ acts shop.orders locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT app.counter() FROM shop.item
= ! function
@ acts shop.item locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT app.counter() FROM shop.stock
= ! function
@ acts shop.stock locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT app.counter() FROM care.visit
= ! function
@ acts care.visit locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT app.counter() FROM care.lab
= ! function
@ acts care.lab locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT app.counter() FROM care.parent
= ! function
@ acts care.parent locks:shop.numbers(RowExclusive) stopped:25006

SELECT app.counter() FROM hr.department
= ! function
@ acts hr.department locks:shop.numbers(RowExclusive) stopped:25006

SELECT app.counter() FROM shop.audit
= ! function
@ acts shop.audit locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT app.counter() FROM shop.cache
= ! function
@ reads shop.cache

SELECT app.counter() FROM shop.cheap
= ! function
@ acts shop.cheap shop.product locks:shop.numbers(RowExclusive) stopped:25006

SELECT app.touch('t') FROM shop.orders
= ! function
@ acts shop.orders changes:care.log(+150) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.touch('t') FROM shop.item
= ! function
@ acts shop.item changes:care.log(+300) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.touch('t') FROM shop.stock
= ! function
@ acts shop.stock changes:care.log(+60) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.touch('t') FROM care.visit
= ! function
@ acts care.visit changes:care.log(+120) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.touch('t') FROM care.lab
= ! function
@ acts care.lab changes:care.log(+120) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.touch('t') FROM care.parent
= ! function
@ acts care.parent changes:care.log(+3) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.touch('t') FROM hr.department
= ! function
@ acts hr.department changes:care.log(+3) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.touch('t') FROM shop.audit
= ! function
@ acts shop.audit changes:care.log(+50) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.touch('t') FROM shop.cache
= ! function
@ reads shop.cache

SELECT app.touch('t') FROM shop.cheap
= ! function
@ acts shop.cheap shop.product changes:care.log(+5) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

-- % hazard

SELECT pg_sleep(1 + 0)
= ! function
@ fails 57014

SELECT pg_advisory_unlock_all()
= ! function
@ reads nothing

SELECT pg_advisory_xact_lock_shared(1)
= ! function
@ acts effects:advisory unstopped

SELECT pg_try_advisory_lock(2)
= ! function
@ acts effects:advisory unstopped

SELECT pg_stat_clear_snapshot()
= ! function
@ reads nothing

SELECT pg_stat_reset_shared('bgwriter')
= ! function
@ reads nothing

SELECT pg_is_in_recovery()
= ! function
@ reads nothing

SELECT pg_wal_replay_pause()
= ! function
@ fails 55000

SELECT pg_ls_waldir()
= ! function
@ reads nothing

SELECT pg_ls_logdir()
= ! function
@ fails 58P01

SELECT pg_ls_tmpdir()
= ! function
@ reads nothing

SELECT pg_current_logfile()
= ! function
@ reads nothing

SELECT lo_unlink(1)
= ! function
@ fails 42704

SELECT lo_put(1, 0, '\x00')
= ! function
@ fails 42704

SELECT lo_export(1, '/tmp/assent-corpus-lo')
= ! function
@ fails 42704

SELECT pg_drop_replication_slot('x')
= ! function
@ fails 42704

SELECT pg_promote()
= ! function
@ fails 55000

SELECT txid_current_if_assigned()
= ! function
@ reads nothing

SELECT pg_snapshot_xmax(pg_current_snapshot())
= ! function
@ reads nothing

SELECT pg_collation_actual_version(100)
= ! function
@ reads nothing

-- % hazard_from

SELECT * FROM pg_stat_get_activity(NULL) AS f
= ! function
@ reads nothing

SELECT * FROM pg_show_all_file_settings() AS f
= ! function
@ reads nothing

SELECT * FROM pg_hba_file_rules() AS f
= ! function
@ reads nothing

SELECT * FROM pg_cursor() AS f
= ! function
@ reads nothing

SELECT * FROM pg_prepared_statement() AS f
= ! function
@ reads nothing

SELECT * FROM pg_prepared_xact() AS f
= ! function
@ reads nothing

SELECT * FROM pg_get_replication_slots() AS f
= ! function
@ reads nothing

SELECT * FROM pg_ls_archive_statusdir() AS f
= ! function
@ reads nothing

SELECT * FROM pg_stat_get_wal_senders() AS f
= ! function
@ reads nothing

SELECT * FROM pg_get_multixact_members('1') AS f
= ! function
@ fails XX000

SELECT * FROM pg_listening_channels() AS f
= ! function
@ reads nothing

SELECT * FROM pg_config() AS f
= ! function
@ reads nothing

SELECT * FROM pg_available_extensions() AS f
= ! function
@ reads nothing

SELECT * FROM pg_get_publication_tables('x') AS f
= ! function
@ fails 42704

SELECT * FROM pg_mcv_list_items(NULL) AS f
= ! function
@ reads nothing

SELECT * FROM pg_partition_tree('shop.event') AS f
= ! function
@ reads shop.event_2024q1 shop.event_2024q2 shop.event_rest

SELECT * FROM pg_ls_dir('base') AS f
= ! function
@ reads nothing

SELECT * FROM pg_timezone_abbrevs() AS f
= ! missing
=[15,16,17] ! function
@ error 42883
@[15,16,17] reads nothing

SELECT * FROM pg_logical_slot_get_changes('x', NULL, NULL) AS f
= ! function
@ fails 42704

SELECT * FROM pg_event_trigger_dropped_objects() AS f
= ! function
@ fails 39P03

-- % catalog_refused

SELECT * FROM pg_proc c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_stats_ext c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_stat_database c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_stat_all_tables c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_statio_user_tables c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_roles c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_user c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_auth_members c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_db_role_setting c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_rewrite c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_policies c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_rules c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_cursors c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_file_settings c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_replication_slots c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_extension c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_statistic_ext_data c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_user_mappings c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_seclabels c LIMIT 1
= ! catalog
@ reads nothing

SELECT * FROM pg_matviews c LIMIT 1
= ! catalog
@ reads care.member
@[15] reads care.incomes care.member

-- % catalog_views

SELECT count(*) FROM information_schema.views
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.triggers
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.routines
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.parameters
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.role_table_grants
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.table_privileges
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.column_privileges
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.check_constraints
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.domains
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.sequences
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.view_column_usage
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.user_mappings
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.foreign_servers
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.applicable_roles
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.enabled_roles
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.sql_features
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.attributes
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.usage_privileges
= ! catalog
@ reads nothing

SELECT count(*) FROM information_schema.collations
= ! catalog
@ reads nothing

-- % system_columns

SELECT ctid FROM care.member
= ! protected
@ reads care.member

SELECT ctid FROM shop.customer
= ! protected
@ reads shop.customer

SELECT ctid FROM hr.employee m
= ! protected
@ reads hr.employee

SELECT xmin FROM care.member
= ! protected
@ reads care.member

SELECT xmin FROM shop.customer
= ! protected
@ reads shop.customer

SELECT xmin FROM hr.employee m
= ! protected
@ reads hr.employee

SELECT xmax FROM care.member
= ! protected
@ reads care.member

SELECT xmax FROM shop.customer
= ! protected
@ reads shop.customer

SELECT xmax FROM hr.employee m
= ! protected
@ reads hr.employee

SELECT cmin FROM care.member
= ! protected
@ reads care.member

SELECT cmin FROM shop.customer
= ! protected
@ reads shop.customer

SELECT cmin FROM hr.employee m
= ! protected
@ reads hr.employee

SELECT tableoid FROM care.member
= ! protected
@ reads care.member

SELECT tableoid FROM shop.customer
= ! protected
@ reads shop.customer

SELECT tableoid FROM hr.employee m
= ! protected
@ reads hr.employee

-- % samples

SELECT count(*) FROM care.member TABLESAMPLE SYSTEM (5)
= ! protected
@ reads care.member

SELECT count(*) FROM care.member TABLESAMPLE BERNOULLI (5)
= ! protected
@ reads care.member

SELECT count(*) FROM shop.customer TABLESAMPLE SYSTEM (5)
= ! protected
@ reads shop.customer

SELECT count(*) FROM shop.customer TABLESAMPLE BERNOULLI (5)
= ! protected
@ reads shop.customer

SELECT count(*) FROM hr.employee TABLESAMPLE SYSTEM (5)
= ! protected
@ reads hr.employee

-- % sizes

SELECT pg_table_size('care.member')
= ! protected
@ reads nothing

SELECT pg_indexes_size('care.member')
= ! protected
@ reads nothing

SELECT pg_total_relation_size('care.member')
= ! protected
@ reads nothing

-- % explain_protected

EXPLAIN SELECT mail FROM care.member
= ! protected
@ reads care.member

EXPLAIN SELECT passport FROM care.member
= ! protected
@ reads care.member

EXPLAIN SELECT born FROM care.member
= ! protected
@ reads care.member

EXPLAIN SELECT income FROM care.member
= ! protected
@ reads care.member

EXPLAIN SELECT note FROM care.member
= ! protected
@ reads care.member

EXPLAIN SELECT prefs FROM care.member
= ! protected
@ reads care.member

EXPLAIN SELECT ip FROM care.member
= ! protected
@ reads care.member

EXPLAIN SELECT mail_low FROM care.member
= ! protected
@ reads care.member

EXPLAIN SELECT name FROM shop.customer
= ! protected
@ reads shop.customer

EXPLAIN SELECT email FROM shop.customer
= ! protected
@ reads shop.customer

EXPLAIN SELECT phone FROM shop.customer
= ! protected
@ reads shop.customer

EXPLAIN SELECT home FROM shop.customer
= ! protected
@ reads shop.customer

EXPLAIN SELECT name FROM hr.employee
= ! protected
@ reads hr.employee

EXPLAIN SELECT salary FROM hr.employee
= ! protected
@ reads hr.employee

EXPLAIN SELECT iban FROM hr.employee
= ! protected
@ reads hr.employee

EXPLAIN SELECT photo FROM hr.employee
= ! protected
@ reads hr.employee

EXPLAIN SELECT mail FROM care.members
= ! protected
@ reads care.member care.members

EXPLAIN SELECT email FROM shop.contacts
= ! protected
@ reads shop.contacts shop.customer

EXPLAIN SELECT name FROM hr.tree
= ! protected
@ reads hr.employee hr.tree

-- % explain_acts

EXPLAIN ANALYZE DELETE FROM shop.item
= ! unknown
@ acts tree:delete changes:shop.item(-300) locks:shop.item(RowExclusive) effects:xid stopped:25006
@[15] acts changes:shop.item(-300) locks:shop.item(RowExclusive) effects:xid stopped:25006

EXPLAIN ANALYZE INSERT INTO shop.import (raw) VALUES ('x')
= ! unknown
@ acts shop.import tree:insert changes:care.log(+1),shop.import(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006
@[15] acts shop.import changes:care.log(+1),shop.import(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006

EXPLAIN ANALYZE UPDATE shop.stock SET quantity = 0
= ! unknown
@ acts shop.stock tree:update changes:shop.stock_north(~30),shop.stock_other(~30) locks:shop.stock(RowExclusive) effects:xid stopped:25006
@[15] acts shop.stock changes:shop.stock_north(~30),shop.stock_other(~30) locks:shop.stock(RowExclusive) effects:xid stopped:25006

EXPLAIN ANALYZE CREATE TABLE app.made AS SELECT 1 AS a
= ! unknown
@ acts changes:app.made(+1) locks:app.made(AccessExclusive) effects:xid unstopped

EXPLAIN ANALYZE SELECT 1 AS a INTO app.made2
= ! unknown
@ acts changes:app.made2(+1) locks:app.made2(AccessExclusive) effects:xid unstopped

EXPLAIN ANALYZE SELECT id FROM shop.orders FOR UPDATE
= ! unknown
@ acts locks:shop.orders(RowShare) effects:xid stopped:25006
@[16] acts tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

EXPLAIN ANALYZE EXECUTE nothing
= ! unknown
@ fails 26000

EXPLAIN ANALYZE CREATE MATERIALIZED VIEW app.made3 AS SELECT 1 AS a
= ! unknown
@ acts changes:app.made3(+1) locks:app.made3(AccessExclusive) effects:xid unstopped

EXPLAIN (ANALYZE on) DELETE FROM shop.item
= ! unknown
@ acts tree:delete changes:shop.item(-300) locks:shop.item(RowExclusive) effects:xid stopped:25006
@[15] acts changes:shop.item(-300) locks:shop.item(RowExclusive) effects:xid stopped:25006

EXPLAIN (ANALYZE on) INSERT INTO shop.import (raw) VALUES ('x')
= ! unknown
@ acts shop.import tree:insert changes:care.log(+1),shop.import(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006
@[15] acts shop.import changes:care.log(+1),shop.import(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006

EXPLAIN (ANALYZE on) UPDATE shop.stock SET quantity = 0
= ! unknown
@ acts tree:update changes:shop.stock_north(~30),shop.stock_other(~30) locks:shop.stock(RowExclusive) effects:xid stopped:25006
@[15] acts changes:shop.stock_north(~30),shop.stock_other(~30) locks:shop.stock(RowExclusive) effects:xid stopped:25006

EXPLAIN (ANALYZE on) CREATE TABLE app.made AS SELECT 1 AS a
= ! unknown
@ acts changes:app.made(+1) locks:app.made(AccessExclusive) effects:xid unstopped

EXPLAIN (ANALYZE on) SELECT 1 AS a INTO app.made2
= ! unknown
@ acts changes:app.made2(+1) locks:app.made2(AccessExclusive) effects:xid unstopped

EXPLAIN (ANALYZE on) SELECT id FROM shop.orders FOR UPDATE
= ! unknown
@ acts locks:shop.orders(RowShare) effects:xid stopped:25006
@[16] acts tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

EXPLAIN (ANALYZE on) EXECUTE nothing
= ! unknown
@ fails 26000

EXPLAIN (ANALYZE on) CREATE MATERIALIZED VIEW app.made3 AS SELECT 1 AS a
= ! unknown
@ acts changes:app.made3(+1) locks:app.made3(AccessExclusive) effects:xid unstopped

-- % launder_insert

INSERT INTO care.log (line) SELECT mail::text FROM care.member WHERE true
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT passport::text FROM care.member WHERE true
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT born::text FROM care.member WHERE true
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT income::text FROM care.member WHERE true
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT note::text FROM care.member WHERE true
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT prefs::text FROM care.member WHERE true
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT ip::text FROM care.member WHERE true
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT mail_low::text FROM care.member WHERE true
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT name::text FROM shop.customer WHERE true
= ! launders
@ acts shop.customer tree:insert changes:care.log(+50) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT email::text FROM shop.customer WHERE true
= ! launders
@ acts shop.customer tree:insert changes:care.log(+50) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT phone::text FROM shop.customer WHERE true
= ! launders
@ acts shop.customer tree:insert changes:care.log(+50) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT home::text FROM shop.customer WHERE true
= ! launders
@ acts shop.customer tree:insert changes:care.log(+50) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT name::text FROM hr.employee WHERE true
= ! launders
@ acts hr.employee tree:insert changes:care.log(+25) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT salary::text FROM hr.employee WHERE true
= ! launders
@ acts hr.employee tree:insert changes:care.log(+25) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT iban::text FROM hr.employee WHERE true
= ! launders
@ acts hr.employee tree:insert changes:care.log(+25) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT photo::text FROM hr.employee WHERE true
= ! launders
@ acts hr.employee tree:insert changes:care.log(+25) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT mail::text FROM care.members WHERE true
= ! launders
@ acts care.member care.members tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT email::text FROM shop.contacts WHERE true
= ! launders
@ acts shop.contacts shop.customer tree:insert changes:care.log(+50) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT name::text FROM hr.tree WHERE true
= ! launders
@ acts hr.employee hr.tree tree:insert changes:care.log(+25) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

-- % launder_update

UPDATE care.log SET line = (SELECT max(mail::text) FROM care.member)
= ! launders
@ acts care.member tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(passport::text) FROM care.member)
= ! launders
@ acts care.member tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(born::text) FROM care.member)
= ! launders
@ acts care.member tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(income::text) FROM care.member)
= ! launders
@ acts care.member tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(note::text) FROM care.member)
= ! launders
@ acts care.member tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(prefs::text) FROM care.member)
= ! launders
@ acts care.member tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(ip::text) FROM care.member)
= ! launders
@ acts care.member tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(mail_low::text) FROM care.member)
= ! launders
@ acts care.member tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(name::text) FROM shop.customer)
= ! launders
@ acts shop.customer tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(email::text) FROM shop.customer)
= ! launders
@ acts shop.customer tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(phone::text) FROM shop.customer)
= ! launders
@ acts shop.customer tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(home::text) FROM shop.customer)
= ! launders
@ acts shop.customer tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(name::text) FROM hr.employee)
= ! launders
@ acts hr.employee tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(salary::text) FROM hr.employee)
= ! launders
@ acts hr.employee tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(iban::text) FROM hr.employee)
= ! launders
@ acts hr.employee tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(photo::text) FROM hr.employee)
= ! launders
@ acts hr.employee tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(mail::text) FROM care.members)
= ! launders
@ acts care.member care.members tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(email::text) FROM shop.contacts)
= ! launders
@ acts shop.contacts shop.customer tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE care.log SET line = (SELECT max(name::text) FROM hr.tree)
= ! launders
@ acts hr.employee hr.tree tree:update changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

-- % launder_table

CREATE TABLE app.loot AS SELECT mail FROM care.member
= ! launders
@ acts care.member changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT passport FROM care.member
= ! launders
@ acts care.member changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT born FROM care.member
= ! launders
@ acts care.member changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT income FROM care.member
= ! launders
@ acts care.member changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT note FROM care.member
= ! launders
@ acts care.member changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT prefs FROM care.member
= ! launders
@ acts care.member changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT ip FROM care.member
= ! launders
@ acts care.member changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT mail_low FROM care.member
= ! launders
@ acts care.member changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT name FROM shop.customer
= ! launders
@ acts shop.customer changes:app.loot(+50) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT email FROM shop.customer
= ! launders
@ acts shop.customer changes:app.loot(+50) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT phone FROM shop.customer
= ! launders
@ acts shop.customer changes:app.loot(+50) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT home FROM shop.customer
= ! launders
@ acts shop.customer changes:app.loot(+50) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT name FROM hr.employee
= ! launders
@ acts hr.employee changes:app.loot(+25) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT salary FROM hr.employee
= ! launders
@ acts hr.employee changes:app.loot(+25) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT iban FROM hr.employee
= ! launders
@ acts hr.employee changes:app.loot(+25) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT photo FROM hr.employee
= ! launders
@ acts hr.employee changes:app.loot(+25) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT mail FROM care.members
= ! launders
@ acts care.member care.members changes:app.loot(+40) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT email FROM shop.contacts
= ! launders
@ acts shop.contacts shop.customer changes:app.loot(+50) locks:app.loot(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.loot AS SELECT name FROM hr.tree
= ! launders
@ acts hr.employee hr.tree changes:app.loot(+25) locks:app.loot(AccessExclusive) effects:xid stopped:25006

-- % launder_cte

WITH x AS (SELECT mail::text AS v FROM care.member) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT passport::text AS v FROM care.member) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT born::text AS v FROM care.member) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT income::text AS v FROM care.member) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT note::text AS v FROM care.member) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT prefs::text AS v FROM care.member) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT ip::text AS v FROM care.member) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT mail_low::text AS v FROM care.member) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT name::text AS v FROM shop.customer) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT email::text AS v FROM shop.customer) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT phone::text AS v FROM shop.customer) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT home::text AS v FROM shop.customer) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT name::text AS v FROM hr.employee) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT salary::text AS v FROM hr.employee) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT iban::text AS v FROM hr.employee) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT photo::text AS v FROM hr.employee) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT mail::text AS v FROM care.members) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT email::text AS v FROM shop.contacts) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

WITH x AS (SELECT name::text AS v FROM hr.tree) INSERT INTO shop.import (raw) SELECT v FROM x
= ! unknown
@ error 0A000

-- % returning_secret

DELETE FROM care.member AS d RETURNING d.mail
= ! protected
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006

DELETE FROM care.member AS d RETURNING d.passport
= ! protected
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.member AS d RETURNING d.born
= ! protected
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.member AS d RETURNING d.income
= ! protected
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.member AS d RETURNING d.note
= ! protected
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.member AS d RETURNING d.prefs
= ! protected
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.member AS d RETURNING d.ip
= ! protected
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.member AS d RETURNING d.mail_low
= ! protected
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.customer AS d RETURNING d.name
= ! protected
@ acts fails:23503 tree:delete stopped:25006

DELETE FROM shop.customer AS d RETURNING d.email
= ! protected
@ acts fails:23503 tree:delete stopped:25006

DELETE FROM shop.customer AS d RETURNING d.phone
= ! protected
@ acts fails:23503 tree:delete stopped:25006

DELETE FROM shop.customer AS d RETURNING d.home
= ! protected
@ acts fails:23503 tree:delete stopped:25006

DELETE FROM hr.employee AS d RETURNING d.name
= ! protected
@ acts tree:delete changes:hr.absence(-40),hr.employee(-25) locks:hr.absence(RowExclusive),hr.employee(RowExclusive),hr.employee(RowShare) effects:xid stopped:25006

DELETE FROM hr.employee AS d RETURNING d.salary
= ! protected
@ acts tree:delete changes:hr.absence(-40),hr.employee(-25) locks:hr.absence(RowExclusive),hr.employee(RowExclusive),hr.employee(RowShare) effects:xid stopped:25006

DELETE FROM hr.employee AS d RETURNING d.iban
= ! protected
@ acts tree:delete changes:hr.absence(-40),hr.employee(-25) locks:hr.absence(RowExclusive),hr.employee(RowExclusive),hr.employee(RowShare) effects:xid stopped:25006

DELETE FROM hr.employee AS d RETURNING d.photo
= ! protected
@ acts tree:delete changes:hr.absence(-40),hr.employee(-25) locks:hr.absence(RowExclusive),hr.employee(RowExclusive),hr.employee(RowShare) effects:xid stopped:25006

-- % catalog_writes

DELETE FROM pg_class
= ! catalog
@ acts tree:delete effects:catalogs stopped:25006

UPDATE pg_proc SET prosrc = 'x'
= ! catalog
@ acts tree:update effects:xid stopped:25006

INSERT INTO pg_namespace DEFAULT VALUES
= ! catalog
@ acts fails:23502 tree:insert stopped:25006

DELETE FROM pg_statistic
= ! catalog
@ acts tree:delete effects:xid stopped:25006

UPDATE pg_attribute SET attnotnull = false
= ! catalog
@ acts tree:update effects:xid stopped:25006

DELETE FROM pg_constraint
= ! catalog
@ acts tree:delete effects:xid stopped:25006

UPDATE pg_database SET datallowconn = true
= ! catalog
@ acts tree:update effects:xid stopped:25006

DELETE FROM pg_trigger WHERE false
= ! catalog
@ acts tree:delete stopped:25006

UPDATE pg_index SET indisvalid = true
= ! catalog
@ acts tree:update effects:xid stopped:25006

INSERT INTO pg_description VALUES (1, 2, 0, 'x')
= ! catalog
@ acts tree:insert effects:xid stopped:25006

DELETE FROM pg_depend WHERE false
= ! catalog
@ acts tree:delete stopped:25006

UPDATE pg_type SET typname = typname
= ! catalog
@ acts tree:update effects:xid stopped:25006

DELETE FROM information_schema.sql_features
= ! catalog
@ acts tree:delete effects:xid stopped:25006
