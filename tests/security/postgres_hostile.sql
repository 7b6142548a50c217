-- Statements against the hardened demo shop that try to read customers' names, e-mails or ids raw, to write by `query`,
-- to hang or to crash; blank lines between. Each must be refused, fail with a sentence of ours, or show masks only.

SELECT initcap(email), reverse(name), overlay(national_id placing '' from 1 for 0) FROM customers WHERE id = 1

SELECT encode(convert_to(email, 'UTF8'), 'base64'), encode(convert_to(name, 'UTF8'), 'hex') FROM customers WHERE id = 1

SELECT ascii(substr(email, n, 1)) FROM customers, generate_series(1, 30) n WHERE id = 1

SELECT customers FROM customers WHERE id = 1

SELECT (c).email, (c.*)::text, row_to_json(c), to_jsonb(c.*) FROM customers c WHERE id = 1

SELECT email(c), name(c) FROM customers c WHERE id = 1

SELECT array_agg(c) FROM customers c WHERE id = 1

SELECT (array_agg(c))[1].email FROM customers c WHERE id = 1

SELECT k FROM customers AS c(a, b, k, d) WHERE a = 1

SELECT x.* FROM customers c, LATERAL (VALUES (c.name), (c.email)) x(v) WHERE c.id = 1

SELECT u.v FROM customers c, unnest(ARRAY[c.name, c.email, c.national_id]) u(v) WHERE c.id = 1

SELECT j.value FROM customers c, jsonb_each_text(to_jsonb(c)) j WHERE c.id = 1

WITH customers AS (SELECT * FROM public.customers) SELECT email FROM customers WHERE id = 1

WITH c AS MATERIALIZED (TABLE customers) SELECT name FROM c WHERE id = 1

TABLE customers

SELECT email FROM ONLY (public.customers) WHERE id = 1

SELECT email FROM "customers" WHERE id = 1 UNION ALL SELECT name FROM "public"."customers" WHERE id = 1

SELECT U&"\0065mail" FROM customers WHERE id = 1

SELECT customers.email, public.customers.name FROM public.customers WHERE id = 1

SELECT c.email FROM customers c NATURAL JOIN customers d WHERE c.id = 1

SELECT name FROM customer_contacts WHERE id = 1

SELECT (SELECT s FROM (SELECT name AS s FROM customers WHERE id = o.customer_id) z) FROM orders o WHERE o.id = 1

SELECT id FROM customers ORDER BY email LIMIT 5

SELECT id FROM customers WHERE email LIKE 'a%' AND id < 50

SELECT id FROM customers WHERE national_id ~ '^[0-4]' ORDER BY id

SELECT count(*) FROM customers WHERE email = 'anna@example.test'

SELECT min(email), max(name), string_agg(national_id, ',') FROM customers

SELECT 1 / (ascii(email) - 97) FROM customers WHERE id = 1

SELECT email::int FROM customers WHERE id = 1

SELECT ('{"' || email || '": 1}')::jsonb FROM customers WHERE id = 1

SELECT name::date, national_id::inet FROM customers

SELECT * FROM assent.key

SELECT email FROM public__masked.customers WHERE id = 1

SELECT most_common_vals FROM pg_stats WHERE tablename = 'customers'

SELECT attmissingval FROM pg_attribute WHERE attrelid = 'customers'::regclass

SELECT reltuples FROM pg_class WHERE relname = 'customers'

SELECT query FROM pg_stat_activity

SELECT prosrc FROM pg_proc LIMIT 1

SELECT query_to_xml('SELECT email FROM customers', true, false, '')

SELECT table_to_xml('customers', true, false, '')

SELECT word FROM ts_stat('SELECT to_tsvector(email) FROM customers')

SELECT ctid, xmin, tableoid FROM customers WHERE id = 1

SELECT id FROM customers TABLESAMPLE system (10)

SELECT pg_relation_size('customers'), pg_column_size(c) FROM customers c LIMIT 1

SELECT pg_read_file('postgresql.conf')

SELECT lo_import('/etc/passwd')

SELECT set_config('role', 'postgres', false)

SELECT pg_notify('x', 'y')

SELECT pg_advisory_lock(1)

SELECT pg_terminate_backend(pg_backend_pid())

SELECT nextval('order_events_id_seq')

SELECT pg_logical_emit_message(false, 'a', 'b')

SELECT txid_current()

SELECT pg_sleep(3600)

SELECT dblink('host=127.0.0.1', 'select 1')

WITH d AS (DELETE FROM tickets RETURNING *) SELECT count(*) FROM d

WITH u AS (UPDATE orders SET status = 'cancelled' RETURNING id) TABLE u

SELECT * INTO stolen FROM customers

SELECT id FROM orders FOR UPDATE

CREATE TABLE stolen AS SELECT email FROM customers

EXPLAIN ANALYZE CREATE TABLE stolen AS SELECT email FROM customers

EXPLAIN SELECT * FROM customers WHERE email > 'm'

EXPLAIN (ANALYZE, VERBOSE) SELECT name FROM customers WHERE id = 1

COPY customers TO STDOUT

DO $$ BEGIN RAISE EXCEPTION '%', (SELECT email FROM customers LIMIT 1); END $$

SET TRANSACTION READ WRITE

COMMIT; DROP TABLE tickets

SELECT 1; DELETE FROM tickets

SELECT 1 /* ; */; -- DELETE FROM tickets
DELETE FROM tickets

PREPARE p AS SELECT email FROM customers

DECLARE c CURSOR WITH HOLD FOR SELECT email FROM customers

LISTEN x

LOCK TABLE customers

SHOW ALL

SHOW hba_file

SELECT repeat('x', 1000000000)

SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b

SELECT string_agg(repeat('x', 1000000), '') FROM generate_series(1, 2000)

SELECT regexp_replace(repeat('a', 50000), '(a+)+$', 'b')

SELECT * FROM orders a, orders b, orders c, orders d ORDER BY random()

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t

SELECT lpad(email, 2000000, name) FROM customers WHERE id = 1

SELECT xmlforest(email, name) FROM customers WHERE id = 1

SELECT * FROM json_populate_record(NULL::customers, (SELECT to_json(c) FROM customers c WHERE id = 1))

SELECT format('%s %s', name, email), concat_ws('|', c.*) FROM customers c WHERE id = 1

SELECT CASE WHEN substr(email, 1, 1) > 'm' THEN 'late' ELSE 'early' END, count(*) FROM customers GROUP BY 1

SELECT first_value(email) OVER (ORDER BY id), lag(name) OVER (ORDER BY id) FROM customers ORDER BY id LIMIT 3

SELECT json_object_agg(id, email) FROM customers WHERE id < 3

SELECT "x" FROM (SELECT email AS "x :rtekind 0 :relid 1" FROM customers WHERE id = 1) "y ({QUERY :commandType 1"("x")
