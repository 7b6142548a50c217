-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # either: made from templates

-- % explained

EXPLAIN ANALYZE SELECT state, count(*) FROM shop.orders GROUP BY 1
= read shop.orders
@ reads shop.orders

EXPLAIN ANALYZE SELECT kind, count(*) FROM shop.event GROUP BY 1
= read shop.event
@ reads shop.event

EXPLAIN ANALYZE SELECT speciality, count(*) FROM care.doctor GROUP BY 1
= read care.doctor
@ reads care.doctor

EXPLAIN ANALYZE SELECT memo, count(*) FROM care.visit GROUP BY 1
= read care.visit
@ reads care.visit

EXPLAIN ANALYZE SELECT path, count(*) FROM shop.event GROUP BY 1
= read shop.event
@ reads shop.event

EXPLAIN VERBOSE SELECT state, count(*) FROM shop.orders GROUP BY 1
= read shop.orders
@ reads shop.orders

EXPLAIN VERBOSE SELECT kind, count(*) FROM shop.event GROUP BY 1
= read shop.event
@ reads shop.event

EXPLAIN VERBOSE SELECT speciality, count(*) FROM care.doctor GROUP BY 1
= read care.doctor
@ reads care.doctor

EXPLAIN VERBOSE SELECT memo, count(*) FROM care.visit GROUP BY 1
= read care.visit
@ reads care.visit

EXPLAIN VERBOSE SELECT path, count(*) FROM shop.event GROUP BY 1
= read shop.event
@ reads shop.event

EXPLAIN (COSTS off) SELECT state, count(*) FROM shop.orders GROUP BY 1
= read shop.orders
@ reads shop.orders

EXPLAIN (COSTS off) SELECT kind, count(*) FROM shop.event GROUP BY 1
= read shop.event
@ reads shop.event

EXPLAIN (COSTS off) SELECT speciality, count(*) FROM care.doctor GROUP BY 1
= read care.doctor
@ reads care.doctor

EXPLAIN (COSTS off) SELECT memo, count(*) FROM care.visit GROUP BY 1
= read care.visit
@ reads care.visit

EXPLAIN (COSTS off) SELECT path, count(*) FROM shop.event GROUP BY 1
= read shop.event
@ reads shop.event

EXPLAIN (ANALYZE, TIMING off) SELECT state, count(*) FROM shop.orders GROUP BY 1
= read shop.orders
@ reads shop.orders

EXPLAIN (ANALYZE, TIMING off) SELECT kind, count(*) FROM shop.event GROUP BY 1
= read shop.event
@ reads shop.event

EXPLAIN (ANALYZE, TIMING off) SELECT speciality, count(*) FROM care.doctor GROUP BY 1
= read care.doctor
@ reads care.doctor

EXPLAIN (ANALYZE, TIMING off) SELECT memo, count(*) FROM care.visit GROUP BY 1
= read care.visit
@ reads care.visit

EXPLAIN (ANALYZE, TIMING off) SELECT path, count(*) FROM shop.event GROUP BY 1
= read shop.event
@ reads shop.event

-- % shown

SHOW server_version_num
= read setting:server_version_num
@ reads nothing

SHOW server_encoding
= read setting:server_encoding
@ reads nothing

SHOW client_encoding
= read setting:client_encoding
@ reads nothing

SHOW datestyle
= read setting:datestyle
@ reads nothing

SHOW intervalstyle
= read setting:intervalstyle
@ reads nothing

SHOW search_path
= read setting:search_path
@ reads nothing

SHOW statement_timeout
= read setting:statement_timeout
@ reads nothing

SHOW lock_timeout
= read setting:lock_timeout
@ reads nothing

SHOW default_transaction_read_only
= read setting:default_transaction_read_only
@ reads nothing

SHOW in_hot_standby
= read setting:in_hot_standby
@ reads nothing

SHOW bytea_output
= read setting:bytea_output
@ reads nothing

SHOW max_connections
= read setting:max_connections
@ reads nothing

SHOW default_text_search_config
= read setting:default_text_search_config
@ reads nothing

SHOW standard_conforming_strings
= read setting:standard_conforming_strings
@ reads nothing

SHOW lc_ctype
= read setting:lc_ctype
@ error 42704
@[15] reads nothing

SHOW shared_buffers
= ! unknown
@ reads nothing

SHOW log_directory
= ! unknown
@ reads nothing

SHOW ssl
= ! unknown
@ reads nothing

SHOW port
= ! unknown
@ reads nothing

SHOW hba_file
= ! unknown
@ reads nothing

-- % untagged_beside

SELECT count(*) FROM care.member
= read care.member
@ reads care.member

SELECT count(*) FROM shop.customer
= read shop.customer
@ reads shop.customer

SELECT count(*) FROM hr.employee
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM care.members
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT count(*) FROM shop.contacts
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT count(*) FROM care.visits
= read care.member care.visit care.visits | via_view
@ reads care.member care.visit care.visits

SELECT count(*) FROM care.rich
= read care.member care.rich | masked via_view
@ reads care.member care.rich

SELECT count(*) FROM hr.tree
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

-- % masked_exists

SELECT EXISTS (SELECT 1 FROM care.member s WHERE s.mail IS NOT NULL)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM care.member s WHERE s.passport IS NOT NULL)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM care.member s WHERE s.born IS NOT NULL)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM care.member s WHERE s.income IS NOT NULL)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM care.member s WHERE s.note IS NOT NULL)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM care.member s WHERE s.prefs IS NOT NULL)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM care.member s WHERE s.ip IS NOT NULL)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM care.member s WHERE s.mail_low IS NOT NULL)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM shop.customer s WHERE s.name IS NOT NULL)
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT EXISTS (SELECT 1 FROM shop.customer s WHERE s.email IS NOT NULL)
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT EXISTS (SELECT 1 FROM shop.customer s WHERE s.phone IS NOT NULL)
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT EXISTS (SELECT 1 FROM shop.customer s WHERE s.home IS NOT NULL)
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT EXISTS (SELECT 1 FROM hr.employee s WHERE s.name IS NOT NULL)
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT EXISTS (SELECT 1 FROM hr.employee s WHERE s.salary IS NOT NULL)
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT EXISTS (SELECT 1 FROM hr.employee s WHERE s.iban IS NOT NULL)
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT EXISTS (SELECT 1 FROM hr.employee s WHERE s.photo IS NOT NULL)
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT EXISTS (SELECT 1 FROM care.members s WHERE s.mail IS NOT NULL)
= read care.member care.members | masked predicate_on_protected via_view
@ reads care.member care.members

SELECT EXISTS (SELECT 1 FROM shop.contacts s WHERE s.email IS NOT NULL)
= read shop.customer shop.contacts | masked predicate_on_protected via_view
@ reads shop.contacts shop.customer

SELECT EXISTS (SELECT 1 FROM hr.tree s WHERE s.name IS NOT NULL)
= read hr.employee hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree

-- % free_text

SELECT upper(note) FROM shop.orders WHERE note IS NULL
= read shop.orders
@ reads shop.orders

SELECT upper(note) FROM shop.orders WHERE id < 3
= read shop.orders
@ reads shop.orders

SELECT upper(note) FROM shop.orders ORDER BY note
= read shop.orders
@ reads shop.orders

SELECT length(note) FROM shop.orders WHERE note IS NULL
= read shop.orders
@ reads shop.orders

SELECT length(note) FROM shop.orders WHERE id < 3
= read shop.orders
@ reads shop.orders

SELECT length(note) FROM shop.orders ORDER BY note
= read shop.orders
@ reads shop.orders

SELECT md5(note) FROM shop.orders WHERE note IS NULL
= read shop.orders
@ reads shop.orders

SELECT md5(note) FROM shop.orders WHERE id < 3
= read shop.orders
@ reads shop.orders

SELECT md5(note) FROM shop.orders ORDER BY note
= read shop.orders
@ reads shop.orders
