-- Functions of every volatility, language and hazard; operators, casts, aggregates, types of users. By hand.

-- # answered: functions of the server that only compute

SELECT random() < 1, gen_random_uuid() IS NOT NULL, clock_timestamp() > '2020-01-01', timeofday() <> '', random()::text IS NOT NULL
= read expression:constants
@ reads nothing

SELECT pg_size_pretty(123456789::bigint), pg_typeof(now()), pg_column_size(1), num_nulls(1, NULL), num_nonnulls(1, NULL, 2)
= read expression:constants
@ reads nothing

SELECT format_type(23, NULL), has_table_privilege('shop.orders', 'SELECT') IS NOT NULL, pg_table_is_visible('care.visit'::regclass), to_regtype('int')::text
= read expression:constants
@ reads nothing

SELECT width_bucket(5.3, ARRAY[1, 3, 5, 7]), generate_series(1, 2), scale(1.230), min_scale(1.230), trim_scale(1.230), numeric '1.5' ^ 2
= read expression:constants
@ reads nothing

SELECT hashint4(1) = hashint4(1), md5('a'::bytea), crc, sha224('x'), uuid_send(gen_random_uuid()) IS NOT NULL FROM (SELECT 1 AS crc) x LIMIT 0
= read expression:constants
@ reads nothing

SELECT daterange('2024-01-01', '2024-02-01') @> '2024-01-15'::date, upper(tstzrange(now(), now(), '[]')) = now(), elem FROM unnest('{1,2}'::int[]) elem
= read expression:constants
@ reads nothing

SELECT jsonb_path_query_tz('["2024-01-01"]', '$[*].datetime()'), jsonb_path_match('{"a": 1}', '$.a == 1'), jsonb_set_lax('{"a": 1}', '{b}', NULL, true, 'delete_key')
= read expression:constants
@ reads nothing

SELECT row_number() OVER (), t.ordinality, v FROM regexp_split_to_table('a,b,c', ',') WITH ORDINALITY AS t (v, ordinality)
= read expression:constants
@ reads nothing

SELECT array_sample IS NULL, string_agg(x::text, '') FROM (SELECT NULL AS array_sample, generate_series(1, 3) AS x) s GROUP BY 1
= read expression:constants
@ reads nothing

SELECT cardinality(ARRAY[]::int[]), array_agg(NULL::int), jsonb_agg(NULL), sum(NULL::int), count(NULL) FROM shop.region
= ! unknown
@ error 42804

SELECT any_value(name) IS NOT NULL FROM shop.region
= read shop.region
=[15] ! missing
@ reads shop.region
@[15] error 42883

SELECT array_shuffle(ARRAY[1]), random_normal() IS NOT NULL, erf(0), date_add('2024-01-01Z'::timestamptz, '1 day'), system_user IS NULL
= read expression:constants
=[15] ! missing
@ reads nothing
@[15] error 42883

SELECT to_bin(5), to_oct(8), casefold('X'), reverse('\x01'::bytea), uuidv7() IS NOT NULL, array_sort(ARRAY[2, 1]), gamma(5)
= read expression:constants
=[15,16,17] ! missing
@ reads nothing
@[15,16,17] error 42883

SELECT regexp_count('aaa', 'a'), regexp_instr('abc', 'b'), regexp_like('abc', 'B', 'i'), regexp_substr('abc', 'b.')
= read expression:constants
@ reads nothing

SELECT make_interval(secs => 1.5), format('%2$s %1$s', VARIADIC ARRAY['a', 'b']), concat(VARIADIC ARRAY[1, 2]), jsonb_build_object(VARIADIC ARRAY['k', 'v'])
= read expression:constants
@ reads nothing

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x), max(x ORDER BY x), count(DISTINCT x), array_agg(x ORDER BY x DESC NULLS LAST) FROM (VALUES (1), (2), (NULL)) v (x)
= read expression:constants
@ reads nothing

SELECT obj_description('shop.orders'::regclass), shobj_description(1, 'pg_database'), pg_encoding_to_char(6)
= read expression:constants
@ reads nothing

SELECT currtid IS NULL, int4pl(1, 2), textcat('a', 'b'), int4eq(1, 1), float8mul(2, 3), numeric_add(1, 2), bool_and IS NULL FROM (SELECT NULL AS currtid, NULL AS bool_and) x
= read expression:constants
@ reads nothing

SELECT JSON_VALUE('{"a": [1, 2]}', '$.a[1]' RETURNING int), JSON_QUERY('{"a": 1}', '$.a' WITH WRAPPER), JSON_EXISTS('{"a": 1}', '$.b')
= read expression:constants
=[15,16] ! syntax
@ reads nothing
@[15,16] error 42601

SELECT t.* FROM JSON_TABLE('[{"a": 1, "b": ["x", "y"]}]'::jsonb, '$[*]' COLUMNS (id FOR ORDINALITY, a int PATH '$.a', NESTED PATH '$.b[*]' COLUMNS (b text PATH '$'))) AS t
= read expression:constants
=[15,16] ! syntax
@ reads nothing
@[15,16] error 42601

SELECT JSON_SERIALIZE('{"a": 1}'), JSON_SCALAR(1.5), JSON('{"b": 2}')
= read expression:constants
=[15,16] ! missing
@ reads nothing
@[15,16] error 42883

-- # either: functions of users, by volatility and language

SELECT app.twice(21)
= read expression:constants
@ reads nothing

SELECT app.band(date '1987-05-05'), app.band(since) FROM care.doctor ORDER BY id
= read care.doctor
@ reads care.doctor

SELECT app.pair()
= ! function
@ reads nothing

SELECT (app.pair()).b, p.a FROM app.pair() p
= ! function
@ reads nothing

SELECT app.any_first(ARRAY[1, 2]), app.any_first(ARRAY['x'])
= ! function
@ reads nothing

SELECT app.add(1, 2), app.near(1.0, 1.5)
= read expression:constants
@ reads nothing

SELECT 1.0 OPERATOR(app.~~~) 1.2
= read expression:constants
@ reads nothing

SELECT id FROM shop.product WHERE price OPERATOR(app.~~~) 10
= read shop.product
@ reads shop.product

SELECT app.total(total) FROM shop.orders
= read shop.orders
@ reads shop.orders

SELECT app.biggest(id), app.biggest(DISTINCT id) FROM care.doctor
= read care.doctor
@ reads care.doctor

SELECT app.total(price) OVER (ORDER BY id) FROM shop.product
= read shop.product
@ reads shop.product

SELECT (ROW('a', 'bcd', 'e')::shop.address)::int
= read expression:constants
@ reads nothing

SELECT app.as_int(ROW('a', 'b', 'c'))
= read expression:constants
@ reads nothing

SELECT ('(a,b,c)'::shop.address)::int + 1
= read expression:constants
@ reads nothing

SELECT hr.span(1, 2), hr.span(1.5, 2.5) && hr.span(2, 3)
= read expression:constants
@ reads nothing

SELECT '[1,2]'::hr.span, lower('[1,2]'::hr.span), '{[1,2]}'::hr.multirange IS NULL
= ! missing
@ error 42704

SELECT 'x@y'::shop.email, ARRAY['x@y']::shop.email[], '{1@2}'::shop.email[]
= read expression:constants
@ reads nothing

SELECT NULL::hr.employee, NULL::care.visit IS NULL
= read expression:constants
@ reads nothing

SELECT id, '[7,9]'::hr.span * band AS both FROM hr.employee ORDER BY id LIMIT 3
= read hr.employee
@ reads hr.employee

SELECT '(x,y,z)'::shop.address = ROW('x', 'y', 'z')::shop.address, ARRAY[ROW('a', 'b', 'c')::shop.address]
= read expression:constants
@ reads nothing

-- # refused: functions of users that write, hide or run text

SELECT app.counter()
= ! function
@ acts locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT app.touch('read')
= ! function
@ acts changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.sly('stable only by its word')
= ! function
@ acts changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT app.shout('notice')
= ! function
@ reads effects:notice

SELECT * FROM app.rows(3)
= ! function
@ reads nothing

SELECT v.id, v.label FROM care.visit v WHERE v.id = 1
= ! function
@ reads care.visit

SELECT app.label(v) FROM care.visit v
= ! function
@ reads care.visit

SELECT app.run('DELETE FROM shop.cache')
= ! function
@ acts locks:shop.cache(RowExclusive) stopped:25006

SELECT id FROM care.doctor WHERE app.touch(name) = 1
= ! function
@ acts care.doctor changes:care.log(+9) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT id FROM care.doctor ORDER BY app.sly(name)
= ! function
@ acts care.doctor changes:care.log(+9) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT CASE WHEN false THEN app.touch('never') END
= ! function
@ reads nothing

SELECT count(*) FILTER (WHERE app.touch('f') = 1) FROM shop.region
= ! function
@ acts shop.region changes:care.log(+4) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT coalesce(1, app.touch('lazy'))
= ! function
@ reads nothing

SELECT (SELECT app.touch('sub'))
= ! function
@ acts changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

WITH x AS (SELECT app.touch('cte')) SELECT 1
= ! function
@ reads nothing

WITH x AS MATERIALIZED (SELECT app.sly('cte')) SELECT * FROM x
= ! function
@ acts changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT * FROM care.doctor, LATERAL app.rows(id)
= ! function
@ reads care.doctor

SELECT app.touch(t) FROM unnest(ARRAY['a', 'b']) t
= ! function
@ acts changes:care.log(+2) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

VALUES (app.touch('values'))
= ! function
@ acts changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT 1 LIMIT app.touch('limit')
= ! function
@ acts changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT id FROM care.doctor GROUP BY id HAVING app.touch('having') > 0
= ! function
@ acts care.doctor changes:care.log(+9) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

SELECT sum(app.touch('agg')) OVER () FROM shop.region
= ! function
@ acts shop.region changes:care.log(+4) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

-- # refused: functions of the server that act or tell too much

SELECT nextval('shop.numbers'), currval('shop.numbers')
= ! function
@ acts locks:shop.numbers(RowExclusive) stopped:25006

SELECT setval('shop.numbers', 10), lastval()
= ! function
@ fails 55000

SELECT pg_sleep(0.01)
= ! function
@ reads nothing

SELECT pg_sleep_for('1 millisecond')
= ! function
@ reads nothing

SELECT pg_advisory_lock(7)
= ! function
@ acts effects:advisory unstopped

SELECT pg_try_advisory_xact_lock(1, 2)
= ! function
@ acts effects:advisory unstopped

SELECT pg_notify('ch', 'x')
= ! function
@ acts effects:world unstopped

SELECT set_config('search_path', 'hr', false)
= ! function
@ acts effects:settings unstopped

SELECT current_setting('app.tenant', true)
= ! function
@ reads nothing

SELECT current_setting('data_directory')
= ! function
@ reads nothing

SELECT pg_read_file('postgresql.conf')
= ! function
@ reads nothing

SELECT pg_read_binary_file('PG_VERSION')
= ! function
@ reads nothing

SELECT * FROM pg_ls_dir('.')
= ! function
@ reads nothing

SELECT pg_stat_file('PG_VERSION')
= ! function
@ reads nothing

SELECT lo_create(4711)
= ! function
@ acts effects:xid stopped:25006
@[15] acts effects:xid unstopped

SELECT lo_from_bytea(0, '\x01')
= ! function
@ acts effects:xid stopped:25006
@[15] acts effects:xid unstopped

SELECT lo_import('/etc/hostname')
= ! function
@ acts effects:xid stopped:25006
@[15] acts effects:xid unstopped

SELECT lo_get(1)
= ! function
@ fails 42704

SELECT pg_terminate_backend(pg_backend_pid())
= ! function
@ acts fails:08003 effects:lost unstopped

SELECT pg_cancel_backend(1)
= ! function
@ reads effects:notice

SELECT pg_reload_conf()
= ! function
@ acts effects:world unstopped

SELECT pg_rotate_logfile()
= ! function
@ reads effects:notice

SELECT pg_switch_wal()
= ! function
@ reads nothing

SELECT pg_create_restore_point('x')
= ! function
@ reads nothing

SELECT pg_logical_emit_message(false, 'a', 'b')
= ! function
@ reads nothing

SELECT pg_create_physical_replication_slot('corpus')
= ! function
@ fails 42710

SELECT pg_replication_origin_create('corpus')
= ! function
@ acts effects:xid unstopped

SELECT pg_stat_reset()
= ! function
@ acts effects:world unstopped

SELECT pg_stat_get_activity(NULL)
= ! function
@ reads nothing

SELECT txid_current(), pg_current_xact_id()
= ! function
@ acts effects:xid unstopped

SELECT pg_export_snapshot()
= ! function
@ reads nothing

SELECT query_to_xml('SELECT mail FROM care.member', true, false, '')
= ! function
@ fails 0A000
@[15,17] reads care.member

SELECT table_to_xml('care.member', true, false, '')
= ! function
@ fails 0A000
@[15,17] reads care.member

SELECT schema_to_xmlschema('care', true, false, '')
= ! function
@ fails 0A000
@[15,17] reads care.busiest care.busy care.doctor care.incomes care.lab care.log care.member care.members care.parent care.rich care.settings care.tenant care.visit care.visits care.ward

SELECT database_to_xml(true, false, '')
= ! function
@ fails 0A000
@[15,17] fails 22008

SELECT cursor_to_xml('c', 1, true, false, '')
= ! function
@ fails 34000

SELECT * FROM ts_stat('SELECT to_tsvector(note) FROM care.member')
= ! function
@ reads care.member

SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')
= ! function
@ reads nothing

SELECT setseed(0.5)
= ! function
@ reads nothing

SELECT current_query()
= ! function
@ reads nothing

SELECT inet_client_addr(), inet_server_port()
= ! function
@ reads nothing

SELECT pg_postmaster_start_time(), pg_conf_load_time()
= ! function
@ reads nothing

SELECT pg_backend_pid()
= ! function
@ reads nothing

SELECT pg_get_function_arguments('app.run(text)'::regprocedure)
= ! function
@ reads nothing

SELECT pg_get_ruledef(oid) FROM pg_rewrite
= ! catalog
@ reads care.busy care.doctor care.log care.member care.visit hr.employee shop.audit shop.customer shop.import shop.item shop.orders shop.product
@[15] reads care.busiest care.busy care.doctor care.incomes care.log care.member care.members care.rich care.settings care.visit care.visits hr.employee hr.tree shop.audit shop.cheap shop.contacts shop.customer shop.daily shop.import shop.item shop.order_lines shop.orders shop.placed shop.product

SELECT pg_database_size('corpus')
= ! protected
@ reads nothing

SELECT pg_tablespace_location(1663)
= ! function
@ reads nothing

SELECT has_parameter_privilege('work_mem', 'SET')
= ! function
@ reads nothing

SELECT pg_control_system()
= ! function
@ reads nothing

SELECT * FROM pg_show_all_settings()
= ! function
@ reads nothing

SELECT * FROM pg_get_keywords() WHERE word = 'select'
= ! function
@ reads nothing

SELECT * FROM pg_timezone_names LIMIT 1
= ! catalog
@ reads nothing

SELECT fmgr_internal_validator(1), plpgsql_call_handler()
= ! function
@ fails 42883

SELECT int4in('5')
= ! function
@ reads nothing

SELECT textin('x'), textout('x')
= ! function
@ reads nothing

SELECT array_in('{1}', 23, -1)
= ! function
@ reads nothing

SELECT record_out(ROW(1))
= ! function
@ reads nothing

SELECT domain_in('5', 16, -1)
= ! function
@ fails 42804

SELECT has_table_privilege('care.member', 'SELECT'), convert_from(pg_read_binary_file('PG_VERSION'), 'UTF8')
= ! function
@ reads nothing

SELECT binary_upgrade_set_next_pg_type_oid(1)
= ! function
@ fails 55P02

SELECT pg_import_system_collations('shop'::regnamespace)
= ! function
@ acts effects:xid unstopped

SELECT brin_summarize_new_values('shop.orders_pkey')
= ! function
@ fails 42809

SELECT gin_clean_pending_list('shop.product_words_idx')
= ! function
@ reads nothing

SELECT pg_relation_filepath('shop.orders')
= ! function
@ reads nothing

SELECT pg_walfile_name(pg_current_wal_lsn())
= ! function
@ reads nothing

SELECT pg_blocking_pids(1)
= ! function
@ reads nothing

SELECT * FROM pg_lock_status()
= ! function
@ reads nothing

SELECT pg_restore_relation_stats('schemaname', 'shop', 'relname', 'orders', 'relpages', 1)
= ! function
=[15,16,17] ! missing
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid unstopped
@[15,16,17] error 42883

SELECT suppress_redundant_updates_trigger()
= ! function
@ fails 39P01

SELECT amvalidate(1), loread(1, 2)
= ! function
@ fails XX000
