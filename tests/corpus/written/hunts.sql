-- Statements of hunts for a way around masks and readings. By hand.

-- # answered: what an analyst of the same tables asks all day

SELECT to_regclass('care.member'), 'care.member'::regclass::oid > 0
= read expression:constants
@ reads nothing

SELECT q.id FROM care.member AS q (mail, id, plan) ORDER BY q.mail LIMIT 3
= read care.member
@ reads care.member

SELECT * FROM care.parent ORDER BY id
= read care.parent
@ reads care.parent

SELECT * FROM ONLY care.parent
= read care.parent
@ reads care.parent

SELECT tableoid::regclass, id FROM care.parent
= read care.parent
@ reads care.parent

SELECT * FROM care.child
= read care.child
@ reads care.child

SELECT p FROM care.parent p
= read care.parent
@ reads care.parent

SELECT ctid FROM care.visit LIMIT 1
= read care.visit
@ reads care.visit

SELECT id FROM care.visit TABLESAMPLE SYSTEM (50) REPEATABLE (1) LIMIT 1
= read care.visit
@ reads care.visit

SELECT column_default FROM information_schema.columns WHERE table_name = 'defaulted'
= read catalog:information_schema.columns
@ reads nothing

SELECT pg_get_indexdef('care.member_pkey'::regclass)
= read expression:constants
@ reads nothing

SELECT indexdef FROM pg_indexes WHERE schemaname = 'care' ORDER BY 1
= read catalog:pg_catalog.pg_indexes
@ reads nothing

SELECT session_user, current_user, current_catalog, current_schema
= read expression:constants
@ reads nothing

SELECT obj_description('care.member'::regclass), col_description('care.member'::regclass, 3)
= read expression:constants
@ reads nothing

SELECT has_table_privilege('care.member', 'SELECT'), has_column_privilege('care.member', 'mail', 'SELECT')
= read expression:constants
@ reads nothing

SELECT pg_has_role('postgres', 'MEMBER')
= read expression:constants
@ reads nothing

SELECT $1
= read expression:constants
@ reads nothing

SELECT date_trunc('week', d)::date AS wk, count(*), sum(fee) FROM (SELECT date '2026-01-01' + id AS d, fee FROM care.visit) x GROUP BY 1 ORDER BY 1
= read care.visit
@ reads care.visit

SELECT score, count(*) AS n, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS pct FROM care.visit GROUP BY score ORDER BY n DESC, score
= read care.visit
@ reads care.visit

SELECT s.*, sum(fee) OVER (PARTITION BY score ORDER BY id) AS running FROM care.visit s ORDER BY id LIMIT 50
= read care.visit
@ reads care.visit

SELECT id, fee, fee - lag(fee, 1, 0) OVER w AS delta, first_value(fee) OVER w, nth_value(fee, 2) OVER w FROM care.visit WINDOW w AS (ORDER BY id) ORDER BY id LIMIT 20
= read care.visit
@ reads care.visit

SELECT id, avg(fee) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS ma7 FROM care.visit ORDER BY id
= read care.visit
@ reads care.visit

SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY fee) FROM care.visit
= read care.visit
@ reads care.visit

SELECT score, mode() WITHIN GROUP (ORDER BY memo), stddev_samp(fee), var_pop(fee) FROM care.visit GROUP BY 1 ORDER BY 1
= read care.visit
@ reads care.visit

SELECT width_bucket(fee, 0, 200, 10) AS b, count(*), min(fee), max(fee) FROM care.visit GROUP BY 1 ORDER BY 1
= read care.visit
@ reads care.visit

SELECT CASE WHEN fee < 50 THEN 'low' WHEN fee < 120 THEN 'mid' ELSE 'high' END AS band, count(*) FROM care.visit GROUP BY band ORDER BY band
= read care.visit
@ reads care.visit

SELECT count(*) FILTER (WHERE score = 0) AS zero, count(*) FILTER (WHERE score > 2) AS long, count(DISTINCT member_id) FROM care.visit
= read care.visit
@ reads care.visit

SELECT score, string_agg(memo, ', ' ORDER BY id) FROM care.visit WHERE id < 20 GROUP BY score ORDER BY 1
= read care.visit
@ reads care.visit

SELECT array_agg(DISTINCT score ORDER BY score DESC) FROM care.visit
= read care.visit
@ reads care.visit

SELECT score, member_id % 3 AS g, sum(fee) FROM care.visit GROUP BY GROUPING SETS ((1, 2), (1), ()) ORDER BY 1 NULLS LAST, 2 NULLS LAST
= read care.visit
@ reads care.visit

SELECT score, member_id % 2 AS h, grouping(score, member_id % 2) AS lvl, sum(fee) FROM care.visit GROUP BY ROLLUP (score, member_id % 2) ORDER BY 3, 1, 2
= read care.visit
@ reads care.visit

SELECT * FROM care.visit WHERE memo ILIKE '%memo 1%' AND fee BETWEEN 10 AND 30 ORDER BY fee DESC NULLS LAST LIMIT 5 OFFSET 1
= read care.visit
@ reads care.visit

SELECT * FROM care.visit WHERE (score, member_id) IN ((1, 2), (2, 3)) ORDER BY id
= read care.visit
@ reads care.visit

SELECT * FROM care.visit s WHERE EXISTS (SELECT 1 FROM care.visit t WHERE t.member_id = s.member_id AND t.id > s.id) ORDER BY id LIMIT 7
= read care.visit
@ reads care.visit

SELECT * FROM care.visit WHERE fee > (SELECT avg(fee) FROM care.visit) ORDER BY id FETCH FIRST 5 ROWS ONLY
= read care.visit
@ reads care.visit

SELECT a.id, b.id FROM care.visit a LEFT JOIN care.visit b ON b.id = a.id + 100 ORDER BY a.id DESC LIMIT 25
= read care.visit
@ reads care.visit

SELECT a.score, count(b.id) FROM care.visit a FULL OUTER JOIN care.visit b USING (id) GROUP BY a.score ORDER BY 1
= read care.visit
@ reads care.visit

SELECT s.id, l.m FROM care.visit s, LATERAL (SELECT max(t.fee) AS m FROM care.visit t WHERE t.member_id = s.member_id) l ORDER BY s.id LIMIT 9
= read care.visit
@ reads care.visit

SELECT s.id, l.* FROM care.visit s LEFT JOIN LATERAL (SELECT t.id AS tid, t.fee AS tfee FROM care.visit t WHERE t.score = s.score ORDER BY t.fee DESC, t.id LIMIT 2) l ON true WHERE s.id < 5 ORDER BY 1, 2
= read care.visit
@ reads care.visit

WITH base AS (SELECT member_id, sum(fee) AS total FROM care.visit GROUP BY 1), ranked AS (SELECT *, dense_rank() OVER (ORDER BY total DESC) AS r FROM base) SELECT * FROM ranked WHERE r <= 5 ORDER BY r, member_id
= read care.visit
@ reads care.visit

WITH RECURSIVE days AS (SELECT date '2026-01-01' AS d UNION ALL SELECT d + 1 FROM days WHERE d < '2026-01-10') SELECT d, extract(isodow FROM d) FROM days
= read expression:constants
@ reads nothing

WITH m AS MATERIALIZED (SELECT score, avg(fee) a FROM care.visit GROUP BY 1) SELECT s.id, s.fee / m.a FROM care.visit s JOIN m USING (score) ORDER BY 1 LIMIT 12
= read care.visit
@ reads care.visit

SELECT d::date, coalesce(n, 0) FROM generate_series(timestamp '2026-01-01', '2026-01-10', '1 day') d LEFT JOIN (SELECT date '2026-01-01' + id % 5 AS day, count(*) n FROM care.visit GROUP BY 1) x ON x.day = d::date ORDER BY 1
= read care.visit
@ reads care.visit

SELECT to_char(date '2026-03-29' + n, 'IYYY-"W"IW Dy DD Mon'), (date '2026-03-29' + n) - date '2026-01-01' FROM generate_series(0, 9) n
= read expression:constants
@ reads nothing

SELECT make_interval(days => n), age(timestamp '2026-02-28', timestamp '2024-02-29' - make_interval(days => n)) FROM generate_series(1, 5) n
= read expression:constants
@ reads nothing

SELECT date_bin('15 minutes', timestamp '2026-01-01 00:07' + n * interval '7 min', timestamp '2026-01-01') AS bin, count(*) FROM generate_series(1, 40) n GROUP BY 1 ORDER BY 1
= read expression:constants
@ reads nothing

SELECT extract(epoch FROM timestamptz '2026-01-01 12:00+01'), timestamptz '2026-01-01 12:00+01' AT TIME ZONE 'Europe/Berlin', timezone('UTC', timestamp '2026-07-01 12:00')
= read expression:constants
@ reads nothing

SELECT (timestamp '2026-01-31' + interval '1 month')::date, date_part('quarter', date '2026-05-01'), isfinite(timestamp 'infinity')
= read expression:constants
@ reads nothing

SELECT (date '2026-01-01', date '2026-02-01') OVERLAPS (date '2026-01-15', interval '1 day')
= read expression:constants
@ reads nothing

SELECT justify_interval(interval '45 days 30 hours'), interval '1 day' * 1.5, extract(hour FROM interval '30 hours')
= read expression:constants
@ reads nothing

SELECT split_part(memo, ' ', 2)::int AS n, lpad(memo, 12, '.'), initcap(memo), reverse(memo), md5(memo) FROM care.visit ORDER BY 1 LIMIT 4
= read care.visit
@ reads care.visit

SELECT regexp_replace(memo, '(\w+) (\d+)', '\2-\1'), regexp_count(memo, '\d'), regexp_substr(memo, '\d+'), regexp_like(memo, '1$') FROM care.visit ORDER BY id LIMIT 4
= read care.visit
@ reads care.visit

SELECT (regexp_matches(memo, '(\d)(\d)?', 'g'))[1] FROM care.visit ORDER BY id LIMIT 6
= read care.visit
@ reads care.visit

SELECT translate(memo, 'meo', '123'), concat_ws('|', id, score, memo), format('%s:%05s', id, score), left(memo, -2) FROM care.visit ORDER BY id LIMIT 3
= read care.visit
@ reads care.visit

SELECT trim(both 'm' FROM memo), position('o' IN memo), overlay(memo PLACING 'X' FROM 1 FOR 2), substring(memo FROM '[0-9]+') FROM care.visit ORDER BY id LIMIT 3
= read care.visit
@ reads care.visit

SELECT string_to_array(memo, ' '), array_to_string(ARRAY[score, id], ','), cardinality(ARRAY[1, 2]), ARRAY[3, 1, 2] @> ARRAY[1] FROM care.visit ORDER BY id LIMIT 3
= read care.visit
@ reads care.visit

SELECT unnest(ARRAY['a', 'b']) AS x, unnest(ARRAY[1, 2, 3]) AS y
= read expression:constants
@ reads nothing

SELECT * FROM unnest(ARRAY['a', 'b'], ARRAY[1, 2, 3]) WITH ORDINALITY AS u(x, y, n)
= read expression:constants
@ reads nothing

SELECT array_position(ARRAY['x', 'y'], 'y'), array_remove(ARRAY[1, 2, 1], 1), array_cat(ARRAY[1], ARRAY[2]), (ARRAY[1, 2, 3])[2:], array_fill(0, ARRAY[3])
= read expression:constants
@ reads nothing

SELECT jsonb_build_object('id', id, 'fees', jsonb_agg(fee)) FROM care.visit WHERE id < 4 GROUP BY id ORDER BY id
= read care.visit
@ reads care.visit

SELECT json_object_agg(score, n) FROM (SELECT score, count(*) AS n FROM care.visit GROUP BY 1 ORDER BY 1) x
= read care.visit
@ reads care.visit

SELECT x ->> 'a', x #> '{b,0}', x @> '{"a": 1}', x ? 'b', jsonb_typeof(x -> 'b') FROM (VALUES ('{"a": 1, "b": [2, 3]}'::jsonb)) v(x)
= read expression:constants
@ reads nothing

SELECT key, value FROM jsonb_each('{"a": 1, "b": null}') ORDER BY 1
= read expression:constants
@ reads nothing

SELECT jsonb_path_query_array('{"a": [1, 5, 9]}', '$.a[*] ? (@ > $m)', '{"m": 3}'), jsonb_path_exists('{"a": 1}', '$.b')
= read expression:constants
@ reads nothing

SELECT * FROM jsonb_to_recordset('[{"a": 1, "b": "x"}, {"a": 2}]') AS r(a int, b text)
= read expression:constants
@ reads nothing

SELECT * FROM json_to_record('{"a": [1, 2], "b": {"c": 3}}') AS r(a int[], b jsonb)
= read expression:constants
@ reads nothing

SELECT jsonb_set('{"a": {"b": 1}}', '{a,b}', '2'), jsonb_insert('{"a": [1]}', '{a,0}', '0'), '{"a": 1}'::jsonb || '{"b": 2}', '{"a": 1, "b": 2}'::jsonb - 'a', jsonb_strip_nulls('{"a": null}')
= read expression:constants
@ reads nothing

SELECT jsonb_pretty(to_jsonb(s)) FROM care.visit s ORDER BY id LIMIT 1
= read care.visit
@ reads care.visit

SELECT row_to_json(x) FROM (SELECT id, fee FROM care.visit ORDER BY id LIMIT 2) x
= read care.visit
@ reads care.visit

SELECT int4range(1, 10) * int4range(5, 20), numrange(1.5, 2.5) @> 2.0, daterange('2026-01-01', '2026-02-01') && daterange('2026-01-31', NULL), upper(int4range(1, 5))
= read expression:constants
@ reads nothing

SELECT range_agg(int4range(id, id + 2)) FROM care.visit WHERE id < 9
= read care.visit
@ reads care.visit

SELECT to_tsvector('english', memo) @@ to_tsquery('english', 'memo & 7'), ts_rank(to_tsvector('english', memo), plainto_tsquery('memo')) FROM care.visit ORDER BY id LIMIT 3
= read care.visit
@ reads care.visit

SELECT ts_headline('english', 'the quick brown foxes', websearch_to_tsquery('english', 'fox -dog')), phraseto_tsquery('english', 'quick brown')
= read expression:constants
@ reads nothing

SELECT greatest(1, NULL, 3), least('a', 'b'), nullif(0, 0), coalesce(NULL, 5), num_nulls(1, NULL)
= read expression:constants
@ reads nothing

SELECT round(2.5), round(-2.5), trunc(1.999, 2), ceil(1.1), floor(-1.1), mod(7, -3), 7 / 2, 7 / 2.0, 2 ^ 10, |/ 16, @ -5, sign(-3), gcd(12, 18), lcm(4, 6)
= read expression:constants
@ reads nothing

SELECT 1 = ANY (ARRAY[1, 2]), 5 > ALL (SELECT score FROM care.visit), 3 NOT IN (SELECT score FROM care.visit), 'x' IS DISTINCT FROM NULL
= read care.visit
@ reads care.visit

SELECT cast(fee AS int), fee::text, '12'::numeric(5, 1), '2026-01-01'::date + 1, true::int, 'f'::bool, b'101'::int, '\xDEAD'::bytea FROM care.visit ORDER BY id LIMIT 1
= read care.visit
@ reads care.visit

SELECT encode('abc'::bytea, 'base64'), decode('YWJj', 'base64'), sha256('x'), convert_to('é', 'UTF8'), ascii('A'), chr(65), to_hex(255)
= read expression:constants
@ reads nothing

SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, s) NATURAL JOIN (VALUES (2, 'x')) AS w(n, t)
= read expression:constants
@ reads nothing

SELECT score FROM care.visit WHERE id < 10 INTERSECT SELECT id FROM care.visit EXCEPT SELECT 3 ORDER BY 1
= read care.visit
@ reads care.visit

(SELECT id FROM care.visit ORDER BY id LIMIT 2) UNION ALL (SELECT id FROM care.visit ORDER BY id DESC LIMIT 2) ORDER BY 1
= read care.visit
@ reads care.visit

SELECT DISTINCT ON (score) score, id, fee FROM care.visit ORDER BY score, fee DESC, id
= read care.visit
@ reads care.visit

SELECT count(*), count(memo), sum(fee)::float8, avg(score)::numeric(6, 3), bool_or(fee > 100), every(id > 0), bit_or(score) FROM care.visit
= read care.visit
@ reads care.visit

SELECT corr(id, fee), regr_slope(fee, id), regr_r2(fee, id), covar_samp(id, fee) FROM care.visit
= read care.visit
@ reads care.visit

SELECT id, cume_dist() OVER (ORDER BY fee), percent_rank() OVER (ORDER BY fee), ntile(4) OVER (ORDER BY fee) FROM care.visit ORDER BY id LIMIT 6
= read care.visit
@ reads care.visit

SELECT id, count(*) OVER (ORDER BY fee RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING), sum(fee) OVER (ORDER BY score GROUPS 1 PRECEDING), max(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING EXCLUDE CURRENT ROW) FROM care.visit ORDER BY id LIMIT 6
= read care.visit
@ reads care.visit

SELECT t.score, t.fee FROM (SELECT score, fee, row_number() OVER (PARTITION BY score ORDER BY fee DESC) rn FROM care.visit) t WHERE rn <= 2 ORDER BY 1, 2 DESC
= read care.visit
@ reads care.visit

SELECT sum(CASE score WHEN 0 THEN fee END) AS n0, sum(CASE score WHEN 1 THEN fee END) AS n1 FROM care.visit
= read care.visit
@ reads care.visit

SELECT id, plan, plan FROM care.member ORDER BY id LIMIT 5
= read care.member
@ reads care.member

SELECT plan, count(*) FROM care.member GROUP BY plan ORDER BY 1
= read care.member
@ reads care.member

SELECT g.plan, sum(s.fee) FROM care.member g JOIN care.visit s ON s.member_id = g.id GROUP BY 1 ORDER BY 1
= read care.member care.visit
@ reads care.member care.visit

SELECT g.id, g.plan FROM care.member g WHERE g.id IN (SELECT member_id FROM care.visit WHERE fee > 150) ORDER BY 1
= read care.member care.visit
@ reads care.member care.visit

SELECT * FROM care.visits ORDER BY id LIMIT 3
= read care.member care.visit care.visits | via_view
@ reads care.member care.visit care.visits

SELECT gen_random_uuid() IS NOT NULL, random() < 1
= read expression:constants
@ reads nothing

SELECT pg_size_pretty(123456789::bigint), pg_typeof(1.5), pg_column_size(memo) FROM care.visit ORDER BY id LIMIT 1
= read care.visit
@ reads care.visit

SELECT quote_ident('a b'), quote_literal('x''y'), quote_nullable(NULL), parse_ident('care.visit')
= read expression:constants
@ reads nothing

SELECT to_number('1,234.5', '9G999D9'), to_date('05 Dec 2026', 'DD Mon YYYY'), to_timestamp(0) AT TIME ZONE 'UTC', to_char(1234.5, 'FM9,999.00')
= read expression:constants
@ reads nothing

SELECT inet '10.0.0.1' << '10.0.0.0/8', host('10.0.0.1/24'), network('10.0.0.1/24'), masklen('10.0.0.0/8'), macaddr '08:00:2b:01:02:03'
= read expression:constants
@ reads nothing

SELECT point(1, 2) <-> point(4, 6), box(point(0, 0), point(1, 1)) @> point(0.5, 0.5), area(box '((0,0),(2,3))'), circle '<(0,0),1>'
= read expression:constants
@ reads nothing

SELECT array_agg(x ORDER BY x DESC NULLS LAST) FROM (VALUES (1), (NULL), (3)) v(x)
= read expression:constants
@ reads nothing

SELECT jsonb_agg(x ORDER BY x) FILTER (WHERE x IS NOT NULL) FROM (VALUES (1), (NULL), (3)) v(x)
= read expression:constants
@ reads nothing

SELECT a.x, b.y FROM generate_series(1, 3) AS a(x) CROSS JOIN generate_series(1, 2) AS b(y) ORDER BY 1, 2
= read expression:constants
@ reads nothing

SELECT grp, count(*) FROM (SELECT id, id - row_number() OVER (ORDER BY id) AS grp FROM care.visit WHERE score <> 2) x GROUP BY 1 ORDER BY 1 LIMIT 5
= read care.visit
@ reads care.visit

SELECT member_id, min(id), max(id) FROM (SELECT *, sum(brk) OVER (PARTITION BY member_id ORDER BY id) AS island FROM (SELECT *, CASE WHEN score - lag(score) OVER (PARTITION BY member_id ORDER BY id) = 1 THEN 0 ELSE 1 END AS brk FROM care.visit) a) b GROUP BY member_id, island ORDER BY 1, 2 LIMIT 10
= read care.visit
@ reads care.visit

WITH cohort AS (SELECT member_id, min(id) AS first FROM care.visit GROUP BY 1) SELECT (s.id - c.first) / 30 AS month_n, count(DISTINCT s.member_id) FROM care.visit s JOIN cohort c USING (member_id) GROUP BY 1 ORDER BY 1
= read care.visit
@ reads care.visit

WITH funnel AS (SELECT member_id, max((score >= 1)::int) a, max((score >= 3)::int) b FROM care.visit GROUP BY 1) SELECT sum(a), sum(b), round(sum(b)::numeric / nullif(sum(a), 0), 3) FROM funnel
= read care.visit
@ reads care.visit

SELECT id, exp(sum(ln(score + 1)) OVER (ORDER BY id))::numeric(20, 2) FROM care.visit ORDER BY id LIMIT 8
= read care.visit
@ reads care.visit

SELECT s1.id, s2.id FROM care.visit s1 JOIN care.visit s2 ON s1.member_id = s2.member_id AND s1.id < s2.id AND abs(s1.fee - s2.fee) < 100 ORDER BY 1, 2 LIMIT 10
= read care.visit
@ reads care.visit

SELECT id FROM care.visit WHERE memo ~* '^MEMO [1-3]$' OR memo SIMILAR TO 'memo (4|5)' ORDER BY id
= read care.visit
@ reads care.visit

SELECT id, memo COLLATE "C" FROM care.visit ORDER BY memo COLLATE "C" DESC LIMIT 4
= read care.visit
@ reads care.visit

SELECT ROW(1, 'a') = ROW(1, 'a'), (1, 2) < (1, 3), ROW(id, fee) FROM care.visit ORDER BY id LIMIT 1
= read care.visit
@ reads care.visit

SELECT (s).fee, s.id FROM care.visit s ORDER BY 2 LIMIT 2
= read care.visit
@ reads care.visit

SELECT s FROM care.visit s ORDER BY id LIMIT 2
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.visit TABLESAMPLE BERNOULLI (100)
= read care.visit
@ reads care.visit

SELECT string_agg(DISTINCT score::text, '' ORDER BY score::text) FROM care.visit
= read care.visit
@ reads care.visit

SELECT * FROM care.visit WHERE id = ANY ('{1,2,3}'::int[]) ORDER BY id
= read care.visit
@ reads care.visit

SELECT * FROM care.visit WHERE memo = ANY (string_to_array('memo 1,memo 2', ',')) ORDER BY id
= read care.visit
@ reads care.visit

SELECT min(fee) KEEP FROM care.visit
= read care.visit
@ reads care.visit

SELECT JSON_OBJECT('a': 1, 'b': score) FROM care.visit ORDER BY id LIMIT 2
= read care.visit
=[15] ! syntax
@ reads care.visit
@[15] error 42601

SELECT JSON_ARRAYAGG(id ORDER BY id) FROM care.visit WHERE id < 4
= read care.visit
=[15] ! missing
@ reads care.visit
@[15] error 42883

SELECT JSON_VALUE('{"a": 5}'::jsonb, '$.a' RETURNING int), JSON_QUERY('{"a": [1]}'::jsonb, '$.a'), JSON_EXISTS('{"a": 1}'::jsonb, '$.b')
= read expression:constants
=[15,16] ! syntax
@ reads nothing
@[15,16] error 42601

SELECT jt.* FROM JSON_TABLE('[{"a": 1}, {"a": 2}]'::jsonb, '$[*]' COLUMNS (n FOR ORDINALITY, a int PATH '$.a')) jt
= read expression:constants
=[15,16] ! syntax
@ reads nothing
@[15,16] error 42601

SELECT any_value(memo) IS NOT NULL FROM care.visit
= read care.visit
=[15] ! missing
@ reads care.visit
@[15] error 42883

SELECT setseed IS NULL FROM (SELECT 1 AS setseed) x
= read expression:constants
@ reads nothing

SELECT bit_count(b'1011'), factorial(5), trim_scale(1.500), scale(1.50), div(7, 2), erf(0.5)
= read expression:constants
=[15] ! missing
@ reads nothing
@[15] error 42883

SELECT array_sample(ARRAY[1], 1), array_shuffle(ARRAY[1]), trim_array(ARRAY[1, 2], 1)
= read expression:constants
=[15] ! missing
@ reads nothing
@[15] error 42883

SELECT date_add(timestamptz '2026-01-01 00:00Z', '1 day'), date_subtract(timestamptz '2026-01-01 00:00Z', '1 day', 'UTC')
= read expression:constants
=[15] ! missing
@ reads nothing
@[15] error 42883

-- # masked: a hunter's questions, column by column

SELECT g FROM care.member g WHERE id = 1
= read care.member | masked
@ reads care.member

SELECT (g).* FROM care.member g WHERE id < 3
= read care.member | masked
@ reads care.member

SELECT mail(g), g.mail FROM care.member g
= read care.member | masked
@ reads care.member

SELECT care.member.mail FROM care.member
= read care.member | masked
@ reads care.member

SELECT care.member.* FROM care.member
= read care.member | masked
@ reads care.member

SELECT * FROM ONLY care.member ORDER BY id LIMIT 3
= read care.member | masked
@ reads care.member

SELECT row_to_json(g) FROM care.member g
= read care.member | masked
@ reads care.member

SELECT to_jsonb(g) - 'id' FROM care.member g
= read care.member | masked
@ reads care.member

SELECT jsonb_object_agg(id, g) FROM care.member g
= read care.member | masked
@ reads care.member

SELECT json_agg(g ORDER BY income) FROM care.member g
= read care.member | masked
@ reads care.member

SELECT json_agg(id ORDER BY income) FROM care.member
= read care.member | masked
@ reads care.member

SELECT array_agg(id ORDER BY passport) FROM care.member
= read care.member | masked
@ reads care.member

SELECT string_agg(id::text, ',' ORDER BY born, id) FROM care.member
= read care.member | masked
@ reads care.member

SELECT (array_agg(g))[3] FROM care.member g
= read care.member | masked
@ reads care.member

SELECT ROW(g.*) FROM care.member g LIMIT 2
= read care.member | masked
@ reads care.member

SELECT ROW(mail, passport)::text FROM care.member
= read care.member | masked
@ reads care.member

SELECT g::text FROM care.member g
= read care.member | masked
@ reads care.member

SELECT g = g2 FROM care.member g, care.member g2 WHERE g.id = 1 AND g2.id = 2
= read care.member | masked
@ reads care.member

SELECT g < h FROM care.member g, care.member h WHERE g.id = 1 AND h.id = 2
= read care.member | masked
@ reads care.member

SELECT count(DISTINCT g) FROM care.member g
= read care.member | masked
@ reads care.member

SELECT count(*) FROM (SELECT DISTINCT mail FROM care.member) x
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM (SELECT mail FROM care.member UNION SELECT passport FROM care.member) x
= read care.member | masked
@ reads care.member

SELECT count(*) FROM (SELECT (income > 45000) FROM care.member INTERSECT ALL SELECT true) x
= read care.member | masked
@ reads care.member

SELECT count(*) FROM (SELECT (income::int % 90) FROM care.member EXCEPT SELECT generate_series(0, 100)) x
= read care.member | masked
@ reads care.member

SELECT id FROM care.member ORDER BY income, id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY mail COLLATE "C" DESC, id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY (SELECT max(income) FROM care.member h WHERE h.id = member.id), id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY CASE WHEN (income > 45000) THEN 0 ELSE 1 END, id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY length(mail), id LIMIT 3
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY income USING >, id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE id < 20 ORDER BY id LIMIT (SELECT (income::int % 90) FROM care.member WHERE id = 1)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY id OFFSET (SELECT (income::int % 90) % 10 FROM care.member WHERE id = 1)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id, lag(id) OVER (ORDER BY passport) FROM care.member ORDER BY id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id, count(*) OVER (ORDER BY income RANGE BETWEEN 1000 PRECEDING AND CURRENT ROW) FROM care.member ORDER BY id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id, count(*) OVER (ORDER BY (income::int % 90) GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM care.member ORDER BY id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id, ntile(4) OVER (PARTITION BY (income > 45000) ORDER BY id) FROM care.member ORDER BY id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id, percent_rank() OVER (ORDER BY born), cume_dist() OVER (ORDER BY ip) FROM care.member ORDER BY id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id, sum((income::int % 90)) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM care.member ORDER BY id
= read care.member | masked
@ reads care.member

SELECT id, sum(1) FILTER (WHERE (income > 45000)) OVER (ORDER BY id) FROM care.member ORDER BY id
= read care.member | masked
@ reads care.member

SELECT count(*) FILTER (WHERE income > 30000) FROM care.member
= read care.member | masked
@ reads care.member

SELECT sum(income), avg(income), stddev(income), min(born), max(joined) FROM care.member
= read care.member | masked
@ reads care.member

SELECT percentile_cont(ARRAY[0.1,0.9]) WITHIN GROUP (ORDER BY income) FROM care.member
= read care.member | masked
@ reads care.member

SELECT corr(income, id), regr_slope(income, id), covar_pop((income::int % 90), id) FROM care.member
= read care.member | masked
@ reads care.member

SELECT bit_and((income::int % 90)), bit_or((income::int % 90)), bit_xor((income::int % 90)), bool_and((income > 45000)), every((income > 45000)) FROM care.member
= read care.member | masked
@ reads care.member

SELECT plan, count(*) FROM care.member GROUP BY plan HAVING max(income) > 60000 ORDER BY 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT (income > 45000), plan, count(*) FROM care.member GROUP BY CUBE ((income > 45000), plan) ORDER BY 1, 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT grouping((income > 45000)), count(*) FROM care.member GROUP BY ROLLUP ((income > 45000)) ORDER BY 1, 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member GROUP BY GROUPING SETS ((born), ()) ORDER BY 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT DISTINCT ON ((income > 45000)) id FROM care.member ORDER BY (income > 45000), id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT note::xml FROM care.member
= read care.member | masked
@ fails 0A000
@[15,17] reads care.member

SELECT prefs ->> 'mail' FROM care.member
= read care.member | masked
@ reads care.member

SELECT prefs #>> '{mail}', prefs -> 'n' FROM care.member
= read care.member | masked
@ reads care.member

SELECT prefs['n'] FROM care.member
= read care.member | masked
@ reads care.member

SELECT jsonb_path_query(prefs, '$.n ? (@ > 100)') FROM care.member
= read care.member | masked
@ reads care.member

SELECT count(*) FROM care.member WHERE prefs @? '$.n ? (@ > 100)'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE prefs @@ '$.n > 100'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE prefs ? 'mail'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE prefs @> '{"n": 7}'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT k, v FROM care.member, jsonb_each_text(prefs) AS e(k, v)
= read care.member | masked
@ reads care.member

SELECT * FROM care.member g, jsonb_to_record(g.prefs) AS r(mail text, n int)
= read care.member | masked
@ reads care.member

SELECT (jsonb_populate_record(g, '{"plan": 1}')).mail FROM care.member g LIMIT 2
= read care.member | masked
@ reads care.member

SELECT json_populate_record(g, '{}') FROM care.member g LIMIT 1
= read care.member | masked
@ reads care.member

SELECT mail ~ '^canary0' FROM care.member
= read care.member | masked
@ reads care.member

SELECT regexp_replace(mail, '^(.).*', '\1') FROM care.member
= read care.member | masked
@ reads care.member

SELECT regexp_split_to_table(mail, '@') FROM care.member
= read care.member | masked
@ reads care.member

SELECT (regexp_match(mail, 'canary(.)'))[1] FROM care.member
= read care.member | masked
@ reads care.member

SELECT substring(mail FROM 7 FOR 1), position('a' IN mail), overlay(mail PLACING '' FROM 1 FOR 2) FROM care.member
= read care.member | masked
@ reads care.member

SELECT count(*) FROM care.member WHERE mail SIMILAR TO 'canary[0-7]%'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE mail LIKE ANY (ARRAY['canary1%', 'canary2%'])
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE mail ^@ 'canary1'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE mail BETWEEN SYMMETRIC 'd' AND 'canary7'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE income <@ ANY (ARRAY[numrange(0, 30000)])
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT host(ip), masklen(ip), family(ip), ip << '10.128.0.0/9' FROM care.member
= read care.member | masked
@ reads care.member

SELECT extract(year FROM born), age(born), date_trunc('month', joined), to_char(joined, 'MI') FROM care.member
= read care.member | masked
@ reads care.member

SELECT mail::int FROM care.member
= read care.member | masked
@ fails 22P02

SELECT 1 / ((income::int % 90) - 7) FROM care.member
= read care.member | masked
@ fails 22012

SELECT CASE WHEN (income > 45000) THEN 1/0 ELSE 1 END FROM care.member
= read care.member | masked
@ fails 22012

SELECT id FROM care.member WHERE 1 / (CASE WHEN income > 30000 THEN 0 ELSE 1 END) = 1
= read care.member | masked predicate_on_protected
@ fails 22012

SELECT sqrt(-income) FROM care.member
= read care.member | masked
@ fails 2201F

SELECT ln((income::int % 90) - 100) FROM care.member
= read care.member | masked
@ fails 2201E

SELECT generate_series(1, (income::int % 90)) FROM care.member
= read care.member | masked
@ reads care.member

SELECT id, generate_series(1, (income::int % 90)) FROM care.member
= read care.member | masked
@ reads care.member

SELECT count(*) FROM care.member g, LATERAL generate_series(1, (g.income::int % 90)) x
= read care.member | masked
@ reads care.member

SELECT numeric '1e100' * income FROM care.member
= read care.member | masked
@ reads care.member

SELECT (income * 1e300)::float4 FROM care.member
= read care.member | masked
@ fails 22003

SELECT chr((income::int % 90)) FROM care.member
= read care.member | masked
@ reads care.member

SELECT make_date(2020, (income::int % 90), 1) FROM care.member
= read care.member | masked
@ fails 22008

SELECT (income::int)::smallint FROM care.member
= read care.member | masked
@ fails 22003

SELECT ('{' || mail || '}')::text[] FROM care.member
= read care.member | masked
@ reads care.member

SELECT (mail)::xml FROM care.member
= read care.member | masked
@ fails 0A000
@[15,17] reads care.member

SELECT (mail)::json FROM care.member
= read care.member | masked
@ fails 22P02

SELECT (mail)::regclass FROM care.member
= read care.member | masked
@ fails 3F000

SELECT to_number(mail, '999'), to_date(mail, 'YYYY') FROM care.member
= read care.member | masked
@ fails 22P02

SELECT format('%s', mail), concat(g), concat_ws(',', g.*) FROM care.member g LIMIT 2
= read care.member | masked
@ reads care.member

SELECT num_nonnulls(mail, passport), num_nulls(g.*) FROM care.member g LIMIT 2
= read care.member | masked
@ reads care.member

SELECT coalesce(mail, 'none'), nullif((income > 45000), true), greatest(income, 30000), least((income::int % 90), 5) FROM care.member
= read care.member | masked
@ reads care.member

SELECT count(*) FROM care.member WHERE mail IS NULL
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member g WHERE g IS NOT NULL
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(mail), count(passport), count(g) FROM care.member g
= read care.member | masked
@ reads care.member

SELECT id FROM care.member WHERE (mail, passport) > ('canary5', 'CANARY5')
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE (id, (income > 45000)) IN ((1, true), (2, true), (3, true))
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE (income > 45000) IS NOT FALSE
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE NOT EXISTS (SELECT FROM care.member h WHERE h.income > member.income)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE income = (SELECT max(income) FROM care.member)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE income >= ALL (SELECT income FROM care.member)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT s.id FROM care.visit s JOIN care.member g ON (g.income::int % 90) = s.id
= read care.member care.visit | masked predicate_on_protected
@ reads care.member care.visit

SELECT s.id FROM care.visit s JOIN care.member g ON g.id = s.member_id AND (g.income > 45000) ORDER BY 1
= read care.member care.visit | masked predicate_on_protected
@ reads care.member care.visit

SELECT s.id FROM care.visit s LEFT JOIN care.member g ON g.id = s.member_id AND g.income > s.fee * 1000 WHERE g.id IS NULL ORDER BY 1
= read care.member care.visit | masked predicate_on_protected
@ reads care.member care.visit

SELECT count(*) FROM care.member g FULL JOIN care.member h USING (mail)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT * FROM care.member NATURAL JOIN care.members LIMIT 3
= read care.member care.members | masked predicate_on_protected via_view
@ reads care.member care.members

SELECT mail FROM care.member JOIN care.members USING (id, mail)
= read care.member care.members | masked predicate_on_protected via_view
@ reads care.member care.members

SELECT count(*) FROM care.member a NATURAL JOIN care.member b
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT x.c3 FROM care.member AS x (c1, c2, c3) LIMIT 2
= read care.member | masked
@ reads care.member

WITH guest AS (SELECT * FROM care.member) SELECT mail FROM care.member LIMIT 2
= read care.member | masked
@ reads care.member

WITH g AS MATERIALIZED (SELECT * FROM care.member ORDER BY income LIMIT 3) SELECT id FROM g
= read care.member | masked predicate_on_protected
@ reads care.member

WITH g AS NOT MATERIALIZED (SELECT id, row_number() OVER (ORDER BY income) r FROM care.member) SELECT id FROM g WHERE r = 1
= read care.member | masked predicate_on_protected
@ reads care.member

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < (SELECT (income::int % 90) FROM care.member WHERE id = 1)) SELECT count(*) FROM t
= read care.member | masked predicate_on_protected
@ reads care.member

WITH member  AS (SELECT 1) SELECT * FROM care.member LIMIT 1
= read care.member | masked
@ reads care.member

WITH guest AS (SELECT 'x' AS mail) SELECT mail FROM care.member LIMIT 1
= read care.member | masked
@ reads care.member

WITH a AS (WITH guest AS (SELECT 'x'::text AS mail) SELECT * FROM care.member) SELECT a.mail, g.mail FROM a, care.member g LIMIT 1
= read care.member | masked
@ reads care.member

SELECT mail AS "canary" FROM care.member LIMIT 1
= read care.member | masked
@ reads care.member

SELECT id AS "a
b", mail AS "c :rtekind 0" FROM care.member LIMIT 1
= read care.member | masked
@ reads care.member

SELECT id FROM care.rich ORDER BY id
= read care.member care.rich | masked via_view
@ reads care.member care.rich

SELECT v FROM care.members v LIMIT 1
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT pg_column_size(mail) FROM care.member
= read care.member | masked
@ reads care.member

SELECT pg_column_size(g) FROM care.member g
= read care.member | masked
@ reads care.member

SELECT octet_length(mail), char_length(mail), bit_length(mail) FROM care.member
= read care.member | masked
@ reads care.member

SELECT hashtext(mail) FROM care.member
= read care.member | masked
@ reads care.member

SELECT pg_collation_for(mail) FROM care.member LIMIT 1
= read care.member | masked
@ reads care.member

SELECT width_bucket(income, 0, 70000, 10) FROM care.member
= read care.member | masked
@ reads care.member

SELECT s.* FROM care.member g, LATERAL (SELECT g.mail AS a) s LIMIT 2
= read care.member | masked
@ reads care.member

SELECT s.* FROM care.member g, LATERAL (VALUES (g.mail), (g.passport)) s(v) LIMIT 2
= read care.member | masked
@ reads care.member

SELECT (SELECT mail FROM care.member WHERE id = s.member_id) FROM care.visit s ORDER BY s.id LIMIT 3
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT ARRAY(SELECT mail FROM care.member ORDER BY id)
= read care.member | masked
@ reads care.member

SELECT ARRAY(SELECT id FROM care.member ORDER BY income, id)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT (SELECT (mail, passport)::text FROM care.member WHERE id = 1)
= read care.member | masked
@ reads care.member

SELECT EXISTS (SELECT FROM care.member WHERE mail LIKE 'canary0%')
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT true = ANY (SELECT (income > 45000) FROM care.member WHERE id < 3)
= read care.member | masked
@ reads care.member

SELECT * FROM (VALUES ((SELECT mail FROM care.member WHERE id = 1))) v(x)
= read care.member | masked
@ reads care.member

SELECT * FROM json_to_recordset((SELECT json_agg(g) FROM care.member g)) AS r(mail text, income numeric) LIMIT 2
= read care.member | masked
@ reads care.member

SELECT * FROM generate_series(1, (SELECT (income::int % 90) FROM care.member WHERE id = 1))
= read care.member | masked
@ reads care.member

SELECT * FROM string_to_table((SELECT mail FROM care.member WHERE id = 1), 'a')
= read care.member | masked
@ reads care.member

SELECT JSON_OBJECT('m': mail) FROM care.member LIMIT 2
= read care.member | masked
=[15] ! syntax
@ reads care.member
@[15] error 42601

SELECT JSON_ARRAYAGG(mail) FROM care.member
= read care.member | masked
=[15] ! missing
@ reads care.member
@[15] error 42883

SELECT JSON_VALUE(prefs, '$.mail') FROM care.member LIMIT 2
= read care.member | masked
=[15,16] ! missing
@ reads care.member
@[15,16] error 42883

SELECT jt.* FROM care.member, JSON_TABLE(prefs, '$' COLUMNS (m text PATH '$.mail', n int PATH '$.n')) jt LIMIT 2
= read care.member | masked
=[15,16] ! syntax
@ reads care.member
@[15,16] error 42601

SELECT JSON_EXISTS(prefs, '$.n ? (@ > 100)') FROM care.member
= read care.member | masked
=[15,16] ! missing
@ reads care.member
@[15,16] error 42883

SELECT JSON_SERIALIZE(prefs RETURNING text) FROM care.member LIMIT 2
= read care.member | masked
=[15,16] ! syntax
@ reads care.member
@[15,16] error 42601

SELECT mail IS JSON FROM care.member
= read care.member | masked
=[15] ! syntax
@ reads care.member
@[15] error 42601

SELECT * FROM care.member g WHERE mail = 'x' OR mail = '***'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE mail = '***' ORDER BY id LIMIT 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT 1 FROM care.member WHERE mail = $$x$$ -- $$
= read care.member | masked predicate_on_protected
@ reads care.member

-- # writes: a hunter's changes that stay where they are

SELECT id FROM care.member FOR UPDATE
= read care.member; update care.member | locks_rows
@ acts tree:lock locks:care.member(RowShare) effects:xid stopped:25006

INSERT INTO care.visit (id, memo) VALUES (9001, 'x') RETURNING id, memo
= insert care.visit; read care.visit
@ acts tree:insert changes:care.visit(+1) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id) SELECT 9000 + id FROM care.member WHERE (income > 45000)
= insert care.visit; read care.member | predicate_on_protected
@ acts care.member tree:insert changes:care.visit(+35) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id, score) SELECT 9000 + g.id, s.score FROM care.member g JOIN care.visit s ON s.score = (g.income::int % 90)
= insert care.visit; read care.member care.visit | predicate_on_protected
@ acts fails:23505 tree:insert stopped:25006

INSERT INTO care.member (id, mail) VALUES (9000, 'new@x.test')
= insert care.member | assigns_protected
@ acts fails:23502 tree:insert stopped:25006

INSERT INTO care.member (id, mail) VALUES (9000, 'new@x.test') RETURNING id
= insert care.member; read care.member | assigns_protected
@ acts fails:23502 tree:insert stopped:25006

INSERT INTO care.member (id, plan) VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET plan = 6 RETURNING id
= insert care.member; read care.member; update care.member
@ acts tree:insert changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006

INSERT INTO care.member (id, passport) VALUES (9000, 'CANARYx') ON CONFLICT DO NOTHING
= insert care.member | assigns_protected
@ acts fails:23502 tree:insert stopped:25006

UPDATE care.member SET plan = 1 WHERE id = 1 RETURNING id, plan
= read care.member; update care.member
@ acts tree:update changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET mail = lower(mail)
= update care.member | assigns_protected no_where predicate_on_protected
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member g SET plan = 3 FROM care.visit s WHERE s.score = (g.income::int % 90)
= read care.visit; update care.member | predicate_on_protected
@ acts care.visit tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.visit SET memo = '(income > 45000)' FROM care.member g WHERE g.id = visit.member_id AND (g.income > 45000)
= read care.member; update care.visit | predicate_on_protected
@ acts care.member tree:update changes:care.visit(~105) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.visit SET memo = 'x' WHERE member_id IN (SELECT id FROM care.member ORDER BY income DESC LIMIT 3)
= read care.member; update care.visit | predicate_on_protected
@ acts care.member tree:update changes:care.visit(~9) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.visit SET score = score + 1 WHERE EXISTS (SELECT FROM care.member g WHERE g.mail LIKE 'canary0%')
= read care.member; update care.visit | predicate_on_protected
@ acts care.member tree:update locks:care.visit(RowExclusive) stopped:25006

UPDATE care.members SET plan = 1 WHERE id = 1
= read care.members; update care.member care.members | via_view
@ acts tree:update changes:care.member(~1) locks:care.member(RowExclusive),care.members(RowExclusive) effects:xid stopped:25006

UPDATE care.rich SET plan = 9
= read care.rich; update care.member care.rich | no_where predicate_on_protected via_view
@ acts tree:update changes:care.member(~30) locks:care.member(RowExclusive),care.rich(RowExclusive) effects:xid stopped:25006

DELETE FROM care.member WHERE id = 60 RETURNING id
= delete care.lab care.member care.visit; read care.member | cascades fires_triggers unregistered_code
@ acts tree:delete locks:care.member(RowExclusive) stopped:25006

DELETE FROM care.member WHERE income > 30000
= delete care.lab care.member care.visit | cascades fires_triggers predicate_on_protected unregistered_code
@ acts tree:delete changes:care.lab(-120),care.member(-40),care.visit(-120),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006

DELETE FROM care.visit USING care.member g WHERE g.id = visit.member_id AND g.mail ~ '^canary0'
= delete care.lab care.visit; read care.member | cascades fires_triggers predicate_on_protected unregistered_code
@ acts care.member tree:delete changes:shop.audit(+1) locks:care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006
@[15,16] acts care.member tree:delete changes:shop.audit(+1) locks:care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.rich
= delete care.lab care.member care.visit care.rich; read care.rich | cascades fires_triggers no_where predicate_on_protected unregistered_code via_view
@ acts tree:delete changes:care.lab(-82),care.member(-30),care.visit(-90),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.rich(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006
@[16] acts tree:delete changes:care.lab(-82),care.member(-30),care.visit(-90),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.rich(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006

MERGE INTO care.visit s USING care.member g ON g.id = s.member_id WHEN MATCHED AND (g.income > 45000) THEN UPDATE SET memo = 'v'
= read care.member; update care.visit | predicate_on_protected
@ acts care.member tree:merge changes:care.visit(~105) locks:care.visit(RowExclusive) effects:xid stopped:25006

MERGE INTO care.visit s USING care.member g ON (g.income::int % 90) = s.score WHEN NOT MATCHED THEN INSERT (id, memo) VALUES (9000 + g.id, 'x')
= insert care.visit; read care.member | predicate_on_protected
@ acts care.member tree:merge locks:care.visit(RowExclusive) stopped:25006

MERGE INTO care.member g USING care.visit s ON g.id = s.member_id AND s.id < 60 WHEN MATCHED THEN UPDATE SET plan = s.score
= read care.visit; update care.member
@ acts fails:21000 tree:merge stopped:25006

SELECT id FROM care.visit FOR UPDATE
= read care.visit; update care.visit | locks_rows
@ acts tree:lock locks:care.visit(RowShare) effects:xid stopped:25006

TRUNCATE care.member CASCADE
= delete care.lab care.member care.visit | cascades locks_table no_where tags_must_be_reviewed uncounted
@ acts locks:care.lab(AccessExclusive),care.lab(Share),care.member(AccessExclusive),care.member(Share),care.visit(AccessExclusive),care.visit(Share) effects:notice,xid stopped:25006

-- # defines: a hunter's definitions

SELECT * INTO copy FROM care.visit
= define care.copy; read care.visit
@ acts care.visit changes:care.copy(+120) locks:care.copy(AccessExclusive) effects:xid stopped:25006

CREATE VIEW vv AS SELECT mail FROM care.member
= define care.vv; read care.member | tags_must_be_reviewed
@ acts care.member locks:care.vv(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.member ADD COLUMN x text DEFAULT 'y'
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed
@ acts locks:care.member(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.member ADD CONSTRAINT c CHECK (income > 0)
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed
@ acts locks:care.member(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.member ALTER COLUMN mail TYPE varchar(40)
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed
@ fails 0A000

ALTER TABLE care.member DROP COLUMN mail
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed
@ fails 2BP01

ALTER TABLE care.member RENAME COLUMN mail TO m
= define care.member | locks_table tags_must_be_reviewed
@ acts locks:care.member(AccessExclusive) effects:xid stopped:25006

CREATE INDEX ON care.member (income)
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed
@ acts locks:care.member(Share) effects:xid stopped:25006

CREATE UNIQUE INDEX ON care.member ((income::int % 90))
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed
@ fails 23505

CREATE STATISTICS s2 ON mail, passport FROM care.member
= define statistics:s2; read care.member | tags_must_be_reviewed
@ acts locks:care.member(ShareUpdateExclusive) effects:xid stopped:25006

COMMENT ON COLUMN member.mail IS 'x'
= define care.member | tags_must_be_reviewed
@ acts locks:care.member(ShareUpdateExclusive) effects:xid stopped:25006

-- # control: a hunter's session

PREPARE p AS SELECT mail FROM care.member
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.member effects:prepared unstopped

DECLARE c CURSOR FOR SELECT mail FROM care.member
= control cursor:c statement:DeclareCursor
@ acts care.member effects:cursors unstopped

MOVE c
= control cursor:c statement:Fetch
@ fails 34000

COPY care.member TO STDOUT
= control statement:Copy care.member
@ reads care.member

COPY (SELECT mail FROM care.member) TO STDOUT
= control statement:Copy
@ reads care.member

COPY (SELECT mail FROM care.member) TO PROGRAM 'cat'
= control statement:Copy | not_transactional
@ reads care.member

DO $$ BEGIN RAISE NOTICE '%', (SELECT mail FROM care.member LIMIT 1); END $$
= control statement:Do | not_transactional
@ reads care.member effects:notice

LISTEN c
= control channel:c statement:Listen
@ acts effects:world unstopped

NOTIFY c, 'x'
= control channel:c statement:Notify
@ acts effects:world unstopped

LOCK TABLE care.member
= control statement:Lock care.member
@ acts locks:care.member(AccessExclusive) effects:xid unstopped

LOAD 'x'
= control library:x statement:Load | not_transactional
@ fails 58P01

CREATE PUBLICATION p2 FOR TABLE care.member
= control publication:p2 statement:CreatePublication
@ acts locks:care.member(ShareUpdateExclusive) effects:xid stopped:25006

CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p
= control statement:CreateSubscription subscription:s | not_transactional
@ acts fails:08006 effects:alone,world stopped:25006

CREATE FOREIGN TABLE f (id int) SERVER s
= control server:s statement:CreateForeignTable
@ fails 42704

IMPORT FOREIGN SCHEMA s FROM SERVER x INTO inn
= control server:x statement:ImportForeignSchema
@ fails 42704

-- # refused: a hunter's ways around the masks

SELECT 1 AS ":relid 99 }{QUERY" FROM care.member ORDER BY mail LIMIT 1
= ! unavailable
@ reads care.member

SELECT count(*) FROM care.incomes
= ! closed
@ reads care.incomes

SELECT xmin, cmin, tableoid FROM care.member
= ! protected
@ reads care.member

SELECT id FROM care.member TABLESAMPLE BERNOULLI (50) REPEATABLE (1)
= ! protected
@ reads care.member

SELECT pg_relation_size('care.member'), pg_total_relation_size('care.member')
= ! protected
@ reads nothing

SELECT pg_indexes_size('care.member'), pg_table_size('care.member')
= ! protected
@ reads nothing

SELECT pg_size_pretty(pg_relation_size('care.member_income_id_idx'))
= ! protected
@ reads nothing

SELECT pg_column_compression(mail) FROM care.member
= ! function
@ reads care.member

SELECT pg_input_is_valid(mail, 'int') FROM care.member
= ! function
=[15] ! missing
@ reads care.member
@[15] error 42883

SELECT mail FROM care.member FOR KEY SHARE
= ! protected
@ acts tree:lock locks:care.member(RowShare) effects:xid stopped:25006

EXPLAIN (ANALYZE, COSTS OFF) SELECT id FROM care.member WHERE income > 30000
= ! protected
@ reads care.member

EXPLAIN SELECT * FROM care.rich
= ! protected
@ reads care.member care.rich

EXPLAIN (VERBOSE, GENERIC_PLAN) SELECT id FROM care.member
= ! protected
@ reads care.member
@[15] fails 42601

SELECT most_common_vals FROM pg_stats
= ! catalog
@ reads nothing

SELECT * FROM pg_statistic
= ! catalog
@ reads nothing

SELECT * FROM pg_statistic_ext_data
= ! catalog
@ reads nothing

SELECT * FROM pg_stats_ext
= ! catalog
@ reads nothing

SELECT stxname, stxkeys FROM pg_statistic_ext
= ! catalog
@ reads nothing

SELECT reltuples, relpages FROM pg_class WHERE relname = 'member'
= ! catalog
@ reads nothing

SELECT relname FROM pg_class WHERE relname = 'member' AND reltuples > 10
= ! catalog
@ reads nothing

SELECT adbin, pg_get_expr(adbin, adrelid) FROM pg_attrdef
= ! catalog
@ reads nothing

SELECT definition FROM pg_views WHERE schemaname = 'care'
= ! catalog
@ reads care.busy care.doctor care.member care.visit
@[15] reads care.busiest care.busy care.doctor care.member care.members care.rich care.settings care.visit care.visits

SELECT * FROM pg_policies
= ! catalog
@ reads care.doctor

SELECT pg_get_expr(polqual, polrelid) FROM pg_policy
= ! catalog
@ reads care.doctor

SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
= ! catalog
@ reads nothing

SELECT relpartbound FROM pg_class
= ! catalog
@ reads nothing

SELECT * FROM pg_stat_user_tables
= ! catalog
@ reads nothing

SELECT n_live_tup, seq_scan FROM pg_stat_all_tables WHERE relname = 'member'
= ! catalog
@ reads nothing

SELECT * FROM pg_statio_user_tables
= ! catalog
@ reads nothing

SELECT query FROM pg_stat_activity
= ! catalog
@ reads nothing

SELECT * FROM pg_stat_progress_vacuum
= ! catalog
@ reads nothing

SELECT pg_stat_get_live_tuples('care.member'::regclass)
= ! function
@ reads nothing

SELECT pg_stat_get_numscans('care.member'::regclass)
= ! function
@ reads nothing

SELECT * FROM pg_cursors
= ! catalog
@ reads nothing

SELECT * FROM pg_settings
= ! catalog
@ reads nothing

SELECT version(), pg_backend_pid()
= ! function
@ reads nothing

SELECT pg_try_advisory_xact_lock((income::int % 90)) FROM care.member
= ! function
@ acts care.member effects:advisory unstopped

SELECT pg_notify('c', mail) FROM care.member
= ! function
@ acts care.member effects:world unstopped

SELECT loid, data FROM pg_largeobject
= ! catalog
@ reads nothing

SELECT oid FROM pg_largeobject_metadata
= ! catalog
@ reads nothing

SELECT schema_to_xml('care', true, true, '')
= ! function
@ fails 0A000
@[15,17] reads care.busiest care.busy care.doctor care.incomes care.lab care.log care.member care.members care.parent care.rich care.settings care.tenant care.visit care.visits care.ward

SELECT pg_logical_emit_message(false, 'a', mail) FROM care.member
= ! function
@ reads care.member

SELECT pg_current_wal_lsn()
= ! function
@ reads nothing

SELECT pg_get_replica_identity_index('care.member'::regclass)
= ! function
@ reads nothing

SELECT * FROM pg_publication_tables
= ! catalog
@ reads nothing

SELECT * FROM pg_publication
= ! catalog
@ reads nothing

SELECT * FROM pg_seclabels
= ! catalog
@ reads nothing

SELECT * FROM pg_shdescription
= ! catalog
@ reads nothing

SELECT pg_filenode_relation(0, 1)
= ! function
@ reads nothing

SELECT pg_describe_object('pg_class'::regclass, 'care.member'::regclass, 0)
= ! function
@ reads nothing

SELECT * FROM pg_identify_object('pg_class'::regclass, 'care.member'::regclass, 0)
= ! function
@ reads nothing

SELECT * FROM pg_get_keywords() LIMIT 1
= ! function
@ reads nothing

SELECT * FROM pg_options_to_table(ARRAY['a=b'])
= ! function
@ reads nothing

INSERT INTO care.visit (id, memo) SELECT 9000 + id, mail FROM care.member
= ! launders
@ acts care.member tree:insert changes:care.visit(+40) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id, fee) SELECT 9000 + id, income FROM care.member
= ! launders
@ acts care.member tree:insert changes:care.visit(+40) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id, score) SELECT 9000 + id, CASE WHEN (income > 45000) THEN 1 ELSE 0 END FROM care.member
= ! launders
@ acts care.member tree:insert changes:care.visit(+40) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id, score) SELECT 9000 + id, count(*) OVER (ORDER BY income) FROM care.member
= ! launders
@ acts care.member tree:insert changes:care.visit(+40) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id) SELECT 9000 + row_number() OVER (ORDER BY income) FROM care.member
= ! launders
@ acts care.member tree:insert changes:care.visit(+40) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id, score) SELECT 9000 + id, 1 FROM care.member WHERE (income > 45000) UNION ALL SELECT 9000 + id, 2 FROM care.member WHERE NOT (income > 45000)
= ! launders
@ acts care.member tree:insert changes:care.visit(+40) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id) SELECT 9000 + x FROM (SELECT id AS x, generate_series(1, (income::int % 90)) FROM care.member) q
= ! launders
@ acts fails:23505 tree:insert stopped:25006

INSERT INTO care.visit (id) SELECT 9000 + id FROM (SELECT DISTINCT ON (plan) id FROM care.member ORDER BY plan, income) q
= ! launders
@ acts care.member tree:insert changes:care.visit(+3) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id) SELECT 9000 + id FROM care.member ORDER BY income LIMIT 3
= ! launders
@ acts care.member tree:insert changes:care.visit(+3) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id, memo) VALUES (9002, (SELECT mail FROM care.member WHERE id = 1))
= ! launders
@ acts care.member tree:insert changes:care.visit(+1) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id, memo) VALUES (9003, (SELECT 'y' FROM care.member WHERE id = 1 AND (income > 45000)))
= ! launders
@ acts care.member tree:insert changes:care.visit(+1) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.visit (id, score) VALUES (9004, (SELECT count(*) FROM care.member WHERE income > 30000))
= ! launders
@ acts care.member tree:insert changes:care.visit(+1) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.member (id, mail) VALUES (9000, 'new@x.test') RETURNING mail
= ! protected
@ acts fails:23502 tree:insert stopped:25006

INSERT INTO care.member (id, plan) VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET plan = (member.income::int % 90)
= ! launders
@ acts tree:insert changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET plan = (income::int % 90)
= ! launders
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET plan = CASE WHEN (income > 45000) THEN 1 ELSE 2 END
= ! launders
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET plan = length(mail)
= ! launders
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET mail = passport
= ! launders
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.visit SET memo = g.mail FROM care.member g WHERE g.id = visit.member_id
= ! launders
@ acts care.member tree:update changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

WITH d AS (DELETE FROM care.visit WHERE id = 1 RETURNING *) SELECT d.id, g.mail FROM d JOIN care.member g ON g.id = d.member_id
= ! protected
@ acts care.member tree:delete changes:care.lab(-2),care.visit(-1),shop.audit(+1) locks:care.lab(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006

WITH d AS (DELETE FROM care.visit WHERE id = 1 RETURNING id) SELECT count(*) FROM d, care.member WHERE (income > 45000)
= ! protected
@ acts care.member tree:delete changes:care.lab(-2),care.visit(-1),shop.audit(+1) locks:care.lab(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006
@[17] acts care.member tree:delete changes:care.lab(-2),care.visit(-1),shop.audit(+1) locks:care.lab(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

WITH u AS (UPDATE care.visit SET score = 1 WHERE id = 1 RETURNING id) SELECT (SELECT mail FROM care.member LIMIT 1) FROM u
= ! protected
@ acts care.member tree:update changes:care.visit(~1) locks:care.visit(RowExclusive) effects:xid stopped:25006

WITH m AS (SELECT mail FROM care.member) INSERT INTO care.visit (id, memo) SELECT 9000, max(mail) FROM m
= ! launders
@ acts care.member tree:insert changes:care.visit(+1) locks:care.visit(RowExclusive) effects:xid stopped:25006

MERGE INTO care.visit s USING care.member g ON g.id = s.member_id WHEN MATCHED THEN UPDATE SET memo = g.mail
= ! launders
@ acts care.member tree:merge changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

CREATE TABLE copy AS SELECT * FROM care.member
= ! launders
@ acts care.member changes:care.copy(+40) locks:care.copy(AccessExclusive) effects:xid stopped:25006

CREATE TABLE copy AS SELECT id FROM care.member WHERE (income > 45000)
= ! launders
@ acts care.member changes:care.copy(+35) locks:care.copy(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW mm AS SELECT income FROM care.member
= ! launders
@ acts care.member changes:care.mm(+40) locks:care.mm(AccessExclusive),care.mm(Exclusive),care.mm(Share) effects:xid stopped:25006
@[15,16] acts care.member changes:care.mm(+40) locks:care.mm(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.member ALTER COLUMN plan TYPE int USING (income::int % 90)
= ! launders
@ fails 0A000

SELECT id FROM care.member WHERE (income > 45000) FOR SHARE SKIP LOCKED
= ! protected
@ acts tree:lock locks:care.member(RowShare) effects:xid stopped:25006

SELECT s.id FROM care.visit s, care.member g WHERE g.id = s.member_id AND (g.income > 45000) FOR UPDATE OF s
= ! protected
@ acts care.member tree:lock locks:care.visit(RowShare) effects:xid stopped:25006

INSERT INTO care.visit (id) SELECT 9000 + id FROM care.member WHERE (income > 45000) RETURNING id
= ! protected
@ acts care.member tree:insert changes:care.visit(+35) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO care.member (id, plan) VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET plan = 6 WHERE (member.income > 45000) RETURNING id
= ! protected
@ acts tree:insert locks:care.member(RowExclusive) effects:xid stopped:25006

INSERT INTO care.member (id, passport) VALUES (9000, 'CANARYx') ON CONFLICT (passport) DO NOTHING RETURNING id
= ! protected
@ acts fails:42P10 tree:insert unstopped

UPDATE care.member SET plan = 1 WHERE (income > 45000) RETURNING id
= ! protected
@ acts tree:update changes:care.member(~35) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.visit SET memo = '(income > 45000)' FROM care.member g WHERE g.id = visit.member_id AND (g.income > 45000) RETURNING visit.id
= ! protected
@ acts care.member tree:update changes:care.visit(~105) locks:care.visit(RowExclusive) effects:xid stopped:25006

DELETE FROM care.visit WHERE member_id IN (SELECT id FROM care.member WHERE (income > 45000)) RETURNING id
= ! protected
@ acts care.member tree:delete changes:care.lab(-102),care.visit(-105),shop.audit(+1) locks:care.lab(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006
@[15] acts care.member tree:delete changes:care.lab(-102),care.visit(-105),shop.audit(+1) locks:care.lab(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006

WITH m AS (SELECT id FROM care.member WHERE (income > 45000)) INSERT INTO care.visit (id) SELECT 9000 + id FROM m RETURNING id
= ! protected
@ acts care.member tree:insert changes:care.visit(+35) locks:care.visit(RowExclusive) effects:xid stopped:25006

SELECT id FROM care.visit s WHERE EXISTS (SELECT FROM care.member g WHERE g.id = s.member_id AND (g.income > 45000)) FOR UPDATE
= ! protected
@ acts care.member tree:lock locks:care.visit(RowShare) effects:xid stopped:25006

-- # either: a hunter's other tries

SELECT row_security_active('inn.safe')
= read expression:constants
@ fails 3F000

EXPLAIN SELECT * FROM care.visit
= read care.visit
@ reads care.visit

EXPLAIN SELECT score, count(*) FROM care.visit GROUP BY 1
= read care.visit
@ reads care.visit

EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM care.visit WHERE id = 5
= read care.visit
@ reads care.visit

-- # rejected: what has no such form

SELECT "mail" FROM "inn"."guest" LIMIT 1
= ! missing
@ error 42P01

INSERT INTO care.member (id, mail) VALUES (9000, 'new@x.test') RETURNING guest
= ! missing
@ error 42703

SELECT nextval('inn.nosuch')
= ! missing
@ error 42P01
@[15] error 3F000
