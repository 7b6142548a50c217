-- What analysts, dashboards and clients' own catalog queries ask: each must be answered as PostgreSQL answers it, byte
-- for byte. A blank line between; a last line "; not on 15,16": those servers do not know the statement, or have no
-- library for it. Schema: analyst_schema.sql. Nothing here touches what is tagged there.

SELECT * FROM orders ORDER BY id LIMIT 5

SELECT id, status, total FROM shop.orders WHERE status = 'paid' AND total > 100 ORDER BY total DESC, id LIMIT 10 OFFSET 3

SELECT count(*), count(note), count(DISTINCT customer_id), min(total), max(total), avg(total), sum(total) FROM orders

SELECT status, count(*) AS n, round(avg(total), 2) AS mean FROM orders GROUP BY status HAVING count(*) > 10 ORDER BY n DESC, status

SELECT c.country, o.status, sum(o.total) FROM customer c JOIN orders o ON o.customer_id = c.id GROUP BY c.country, o.status ORDER BY 1, 2

SELECT c.name, o.id FROM customer c LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'returned' ORDER BY c.id, o.id NULLS FIRST

SELECT c.id FROM customer c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.channel = 'app') ORDER BY 1

SELECT id, name FROM customer WHERE id IN (SELECT customer_id FROM orders GROUP BY customer_id HAVING sum(total) > 1000) ORDER BY id

SELECT o.id, (SELECT sum(quantity) FROM line l WHERE l.order_id = o.id) AS pieces FROM orders o ORDER BY o.id LIMIT 20

SELECT p.name, x.n FROM product p CROSS JOIN LATERAL (SELECT count(*) AS n FROM line l WHERE l.product_id = p.id) x ORDER BY p.id

SELECT c.name, last.id, last.ordered_at FROM customer c LEFT JOIN LATERAL (SELECT id, ordered_at FROM orders o WHERE o.customer_id = c.id ORDER BY ordered_at DESC LIMIT 2) last ON true ORDER BY c.id, last.ordered_at

WITH monthly AS (SELECT date_trunc('month', ordered_at) AS month, sum(total) AS amount FROM orders GROUP BY 1) SELECT month, amount, amount - lag(amount) OVER (ORDER BY month) AS change FROM monthly ORDER BY month

WITH a AS MATERIALIZED (SELECT * FROM orders WHERE channel = 'web'), b AS NOT MATERIALIZED (SELECT * FROM a WHERE total > 50) SELECT count(*) FROM b

WITH RECURSIVE chain AS (SELECT id, boss, name, 1 AS depth FROM employee WHERE boss IS NULL UNION ALL SELECT e.id, e.boss, e.name, c.depth + 1 FROM employee e JOIN chain c ON e.boss = c.id) SELECT depth, count(*), string_agg(name, ', ' ORDER BY id) FROM chain GROUP BY depth ORDER BY depth

WITH RECURSIVE t(id, boss) AS (SELECT id, boss FROM employee WHERE id = 1 UNION ALL SELECT e.id, e.boss FROM employee e, t WHERE e.boss = t.id) SEARCH BREADTH FIRST BY id SET ord SELECT id, boss FROM t ORDER BY ord

WITH RECURSIVE t(n) AS (VALUES (1) UNION SELECT n * 2 FROM t WHERE n < 100) CYCLE n SET looped USING path SELECT n, looped FROM t ORDER BY n

SELECT id, total, rank() OVER w, dense_rank() OVER w, percent_rank() OVER w, cume_dist() OVER w, ntile(4) OVER w FROM orders WHERE id < 20 WINDOW w AS (ORDER BY total) ORDER BY id

SELECT id, ordered_at, total, sum(total) OVER (PARTITION BY channel ORDER BY ordered_at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM orders ORDER BY id LIMIT 30

SELECT id, avg(total) OVER (ORDER BY ordered_at RANGE BETWEEN interval '1 day' PRECEDING AND interval '1 day' FOLLOWING) FROM orders ORDER BY id LIMIT 30

SELECT id, first_value(id) OVER w, last_value(id) OVER w, nth_value(id, 2) OVER w, lead(id, 1, 0::bigint) OVER w FROM orders WINDOW w AS (PARTITION BY status ORDER BY id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) ORDER BY id LIMIT 25

SELECT customer_id, id FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at DESC) AS rn FROM orders) ranked WHERE rn = 1 ORDER BY customer_id

SELECT DISTINCT ON (customer_id) customer_id, id, total FROM orders ORDER BY customer_id, total DESC, id

SELECT channel, status, sum(total), grouping(channel, status) FROM orders GROUP BY GROUPING SETS ((channel, status), (channel), ()) ORDER BY channel NULLS LAST, status NULLS LAST

SELECT country, segment, count(*) FROM customer GROUP BY ROLLUP (country, segment) ORDER BY country NULLS FIRST, segment NULLS FIRST, 3

SELECT channel, status, extract(month FROM ordered_at) AS m, count(*) FROM orders GROUP BY CUBE (channel, status), extract(month FROM ordered_at) ORDER BY 1 NULLS LAST, 2 NULLS LAST, 3

SELECT count(*) FILTER (WHERE status = 'paid') AS paid, count(*) FILTER (WHERE status <> 'paid') AS rest, sum(total) FILTER (WHERE channel = 'web') FROM orders

SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY total), percentile_disc(0.9) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY channel) FROM orders

SELECT stddev(total), variance(total), stddev_pop(total), var_samp(total), corr(total, id), covar_pop(total, id), regr_slope(total, id), regr_r2(total, id) FROM orders

SELECT array_agg(id ORDER BY id DESC), string_agg(status, '|' ORDER BY id), bool_and(total > 0), bool_or(total > 600), every(id > 0), bit_or(id::int), bit_and(id::int) FROM orders WHERE id < 12

SELECT json_agg(o ORDER BY id), jsonb_agg(status ORDER BY id), json_object_agg(id, total ORDER BY id), jsonb_object_agg(id, channel) FROM orders o WHERE id < 4

SELECT rank(100) WITHIN GROUP (ORDER BY total), dense_rank(100) WITHIN GROUP (ORDER BY total), cume_dist(100) WITHIN GROUP (ORDER BY total) FROM orders

SELECT day, amount, sum(amount) OVER (ORDER BY day) AS running FROM daily ORDER BY day LIMIT 40

SELECT country, sum(amount) FROM revenue WHERE day BETWEEN '2025-01-05' AND '2025-02-05' GROUP BY country ORDER BY 2 DESC

SELECT d::date AS day, coalesce(sum(o.total), 0) AS amount FROM generate_series(date '2025-01-01', date '2025-01-10', interval '1 day') d LEFT JOIN orders o ON o.ordered_at::date = d::date GROUP BY d ORDER BY d

SELECT g, g * g AS square FROM generate_series(10, 1, -3) WITH ORDINALITY AS t(g, place) ORDER BY place

SELECT a, b FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['x','y'])) AS t(a, b)

SELECT extract(dow FROM ordered_at) AS dow, extract(isodow FROM ordered_at), to_char(ordered_at, 'Dy DD Mon YYYY HH24:MI'), date_part('week', ordered_at) FROM orders ORDER BY id LIMIT 8

SELECT ordered_at AT TIME ZONE 'Europe/Berlin', ordered_at::date, ordered_at::time, ordered_at + interval '1 month 2 days', date_trunc('hour', ordered_at, 'America/New_York') FROM orders ORDER BY id LIMIT 5

SELECT age(timestamp '2025-06-01', timestamp '2024-02-29'), age(ordered_at, timestamptz '2024-12-31 00:00Z'), justify_hours(took), took * 2, took / 3, extract(epoch FROM took) FROM orders ORDER BY id LIMIT 6

SELECT date '2025-01-31' + 1, date '2025-03-01' - date '2025-02-01', date '2025-01-31' + interval '1 month', make_date(2025, 2, 28), make_interval(days => 3, hours => 4), make_timestamptz(2025, 1, 1, 12, 30, 15.5, 'UTC')

SELECT (date '2025-01-01', date '2025-02-01') OVERLAPS (date '2025-01-15', interval '1 day'), isfinite(date 'infinity'), date_bin('15 minutes', timestamp '2025-01-01 12:34:56', timestamp '2025-01-01'), timestamp 'epoch', 'infinity'::timestamptz

SELECT to_timestamp(1735689600.5), to_date('31.01.2025', 'DD.MM.YYYY'), to_timestamp('2025-01-31 23:59', 'YYYY-MM-DD HH24:MI'), to_number('1,234.50-', '9G999D99S'), to_char(1234567.891, 'FM9,999,999.00'), to_char(-0.5, '990D00S'), to_char(interval '26 hours', 'DD HH24:MI')

SELECT now() > '2000-01-01', current_date > date '2000-01-01', clock_timestamp() >= now(), statement_timestamp() <= clock_timestamp(), localtimestamp IS NOT NULL, current_time IS NULL

SELECT id, CASE WHEN total < 50 THEN 'low' WHEN total < 300 THEN 'mid' ELSE 'high' END AS band, CASE status WHEN 'paid' THEN 1 ELSE 0 END FROM orders ORDER BY id LIMIT 12

SELECT coalesce(note, '-'), nullif(status, 'open'), greatest(total, 100), least(total, 100, id), note IS NULL, status IS DISTINCT FROM 'open', (total > 10) IS TRUE, (note = 'x') IS NOT UNKNOWN FROM orders ORDER BY id LIMIT 12

SELECT upper(name), lower(sku), initcap(name), length(name), octet_length(name), reverse(sku), left(sku, 3), right(sku, 2), lpad(id::text, 5, '0'), rpad(sku, 14, '.'), repeat('ab', 2), ltrim('xxa', 'x'), btrim(' a ') FROM product ORDER BY id LIMIT 5

SELECT substring(sku FROM 5 FOR 2), substring(name FROM '[a-z]+'), position('shoe' IN name), overlay(sku PLACING '****' FROM 5), trim(BOTH 'S' FROM sku), split_part(name, ' ', 2), translate(sku, '-0', '_o'), replace(name, 'shoe', 'boot'), strpos(name, 'e'), concat_ws('/', id, sku, NULL, name), format('%s=%L %I %%', id, name, category) FROM product ORDER BY id LIMIT 5

SELECT name FROM product WHERE name LIKE '%shoe' OR name ILIKE 'GREEN%' OR name ~ '^b.*e$' OR name ~* 'LAMP' OR name SIMILAR TO '(red|blue)%' ORDER BY id

SELECT regexp_replace(name, '(\w+) (\w+)', '\2 \1', 'g'), regexp_match(name, '([a-z]+) ([a-z]+)'), regexp_split_to_array(name, '\s+'), name ~ 'a' AND name !~ 'z' FROM product ORDER BY id LIMIT 5

SELECT (regexp_matches(name, '[aeiou]', 'g'))[1] AS vowel, count(*) FROM product GROUP BY 1 ORDER BY 1

SELECT regexp_split_to_table('a1b22c', '[0-9]+'), string_to_table('x,y,z', ','), unnest(string_to_array('1|2|3', '|'))

SELECT regexp_count(name, 'e'), regexp_instr(name, 'o'), regexp_like(name, 'SHOE', 'i'), regexp_substr(name, '[a-z]+', 1, 2) FROM product ORDER BY id LIMIT 5

SELECT md5(sku), encode(sha256(sku::bytea), 'hex'), encode(sku::bytea, 'base64'), decode('616263', 'hex'), convert_from('\x6162', 'UTF8'), ascii('é'), chr(8364), quote_literal(name), quote_ident('A b'), to_hex(255), unistr('\0041') FROM product ORDER BY id LIMIT 3

SELECT abs(-1.5), ceil(1.2), floor(-1.2), round(2.5), round(2.567, 2), round(2.5::float8), trunc(-2.567, 1), mod(7, 3), 7 % 3, 7 / 2, 7 / 2.0, power(2, 10), 2 ^ 0.5, sqrt(2), cbrt(27), exp(1), ln(10), log(100), log(2, 8), sign(-3), pi(), degrees(pi()), gcd(12, 18), lcm(4, 6), factorial(5), width_bucket(5.3, 0, 10, 5), scale(1.230), trim_scale(1.230), div(7, 2)

SELECT sin(1), cos(1), tan(1), asin(0.5), acos(0.5), atan(1), atan2(1, 2), sinh(1), cot(1), sind(30), 1e308 * 10 > 1, 'NaN'::float8, '-Infinity'::float8, 0.1::float4, 1.1::float8, 1e-7::float8, 123456789012345678::bigint, 0.1 + 0.2, 1e20::numeric, 'NaN'::numeric, 9007199254740993

SELECT 1 << 3, 255 >> 2, 5 & 3, 5 | 3, 5 # 3, ~5, B'101' | B'010', B'1010' << 1, bit_length('abc'), get_bit(B'101', 2), '\xff'::bytea || '\x00', -5 / 2, -5 % 2, @ -4, |/ 16, ||/ 27

SELECT NOT true, true AND NULL, false OR NULL, 1 BETWEEN 0 AND 2, 3 NOT BETWEEN SYMMETRIC 5 AND 1, 1 = ANY (ARRAY[1,2]), 3 > ALL (ARRAY[1,2]), (1, 2) < (1, 3), ROW(1, NULL) IS NULL, 1 NOT IN (2, 3), num_nulls(1, NULL), 'a' < 'b' COLLATE "C"

SELECT attrs ->> 'colour' AS colour, count(*), avg((attrs ->> 'weight')::numeric) FROM product GROUP BY 1 ORDER BY 1

SELECT attrs -> 'maker' ->> 'name', attrs #>> '{maker,since}', attrs -> 'sizes' -> 0, attrs @> '{"colour": "red"}', attrs ? 'weight', attrs ?| ARRAY['x','weight'], attrs ?& ARRAY['colour'], attrs - 'sizes', attrs #- '{maker,name}', attrs || '{"x": null}' FROM product ORDER BY id LIMIT 6

SELECT jsonb_set(attrs, '{maker,since}', '2000'), jsonb_insert(attrs, '{sizes,0}', '9'), jsonb_strip_nulls('{"a": null, "b": 1}'), jsonb_pretty(attrs), jsonb_typeof(attrs), jsonb_array_length(attrs -> 'sizes'), jsonb_path_query_array(attrs, '$.sizes[*] ? (@ > 3)'), jsonb_path_exists(attrs, '$.maker ? (@.since > 1992)'), attrs @? '$.sizes[*] ? (@ == 4)', attrs @@ '$.weight > 50' FROM product ORDER BY id LIMIT 4

SELECT p.id, k.key, k.value FROM product p, jsonb_each(p.attrs) k WHERE p.id < 4 ORDER BY p.id, k.key

SELECT p.id, s.value::int, s.ordinality FROM product p CROSS JOIN LATERAL jsonb_array_elements_text(p.attrs -> 'sizes') WITH ORDINALITY s WHERE p.id < 4 ORDER BY 1, 3

SELECT x.* FROM product p, jsonb_to_record(p.attrs) AS x(weight int, colour text, sizes int[]) WHERE p.id = 3

SELECT * FROM jsonb_to_recordset('[{"a": 1, "b": "x"}, {"a": 2}]') AS t(a int, b text) ORDER BY a

SELECT * FROM json_populate_record(NULL::shop.employee, '{"id": 7, "name": "x"}')

SELECT row_to_json(c), to_jsonb(c) - 'created_at', json_build_object('id', c.id, 'k', ARRAY[1,2]), json_build_array(1, 'a', NULL, c.active), jsonb_build_object('n', c.name) FROM customer c ORDER BY id LIMIT 3

SELECT parsed, parsed -> 'a' -> 1, json_array_length(parsed -> 'a'), json_typeof(parsed), parsed::jsonb FROM page WHERE id = 1

SELECT payload ->> 'page' AS page, count(*), sum((payload -> 'ms')::int) FROM event GROUP BY 1 ORDER BY 2 DESC, 1

SELECT jsonb_path_query(attrs, '$.maker.name'), jsonb_path_query_first(attrs, '$.sizes[last]'), jsonb_object_keys(attrs) FROM product WHERE id = 2

SELECT json_object('a': 1, 'b': ARRAY[1,2] ABSENT ON NULL), json_array(1, 'x', NULL NULL ON NULL), json_objectagg(id: name), json_arrayagg(id ORDER BY id DESC) FROM product WHERE id < 4
; not on 15

SELECT '{"a": 1}' IS JSON OBJECT, '[1]' IS JSON ARRAY, '{"a": 1, "a": 2}' IS JSON WITH UNIQUE KEYS, 'x' IS NOT JSON, json_array(SELECT id FROM product WHERE id < 4 ORDER BY id)
; not on 15

SELECT json_exists(attrs, '$.sizes[*] ? (@ > 4)'), json_value(attrs, '$.weight' RETURNING int), json_query(attrs, '$.sizes' WITH WRAPPER), json_value(attrs, '$.none' DEFAULT 'x' ON EMPTY) FROM product ORDER BY id LIMIT 5
; not on 15,16

SELECT t.* FROM product p, JSON_TABLE(p.attrs, '$' COLUMNS (weight int PATH '$.weight', maker text PATH '$.maker.name', n FOR ORDINALITY, NESTED PATH '$.sizes[*]' COLUMNS (size int PATH '$'))) t WHERE p.id < 4 ORDER BY weight, size
; not on 15,16

SELECT json_serialize('{"a": 1}' RETURNING text), json_scalar(1.5), json('{"b": [1]}')
; not on 15,16

SELECT tags, tags[1], tags[1:1], array_length(tags, 1), cardinality(tags), tags || 'z'::text, array_append(tags, 'q'), array_position(tags, 't1'), array_remove(tags, 't0'), array_to_string(tags, '+'), tags @> ARRAY['t1'], tags && ARRAY['t2','t3'], array_replace(tags, 't1', 'T') FROM product ORDER BY id LIMIT 6

SELECT tag, count(*) FROM product, unnest(tags) AS tag GROUP BY tag ORDER BY 2 DESC, 1

SELECT ARRAY[[1,2],[3,4]], ARRAY[1,NULL,3], ARRAY(SELECT id FROM product WHERE id < 4 ORDER BY id), array_fill(0, ARRAY[2,2]), (ARRAY[5,6,7])[2:], array_dims(ARRAY[[1],[2]]), trim_array(ARRAY[1,2,3], 1), '{}'::int[], '{"a b","c,d",NULL}'::text[], array_upper(ARRAY[1,2], 1), array_cat(ARRAY[1], ARRAY[2])

SELECT a.n, a.x FROM unnest(ARRAY[3,1,2], ARRAY['c','a']) WITH ORDINALITY AS a(n, x, o) ORDER BY o

SELECT id, name FROM product WHERE id = ANY (ARRAY[1, 5, 9]) OR 't2' = ANY (tags) ORDER BY id

SELECT name, ts_rank(doc, q), ts_headline('english', name, q) FROM product, to_tsquery('english', 'shoe & run') q WHERE doc @@ q ORDER BY 2 DESC, id

SELECT to_tsvector('english', 'The quick brown foxes'), plainto_tsquery('quick fox'), phraseto_tsquery('brown fox'), websearch_to_tsquery('"quick brown" -dog'), to_tsvector('simple', 'a b') || to_tsvector('simple', 'c'), setweight(to_tsvector('x y'), 'A'), strip(to_tsvector('z')), numnode('a & b'::tsquery), querytree('a & !b'::tsquery), ts_lexize('english_stem', 'running'), tsvector_to_array(to_tsvector('p q'))

SELECT count(*) FROM product WHERE doc @@ websearch_to_tsquery('english', 'tea OR coffee') AND NOT doc @@ 'lamp'::tsquery

SELECT warehouse, period, lower(period), upper(period), period @> date '2025-01-20', period && daterange('2025-01-10', '2025-01-12'), upper(period) - lower(period), isempty(period), period * daterange('2025-01-01', '2025-01-20'), lower_inc(period) FROM stock ORDER BY amount LIMIT 8

SELECT warehouse, range_agg(period ORDER BY period), range_intersect_agg(period) FROM stock WHERE amount < 40 GROUP BY warehouse ORDER BY 1

SELECT int4range(1, 5), numrange(1.5, NULL, '[]'), tstzrange('2025-01-01Z', '2025-02-01Z'), int4multirange(int4range(1, 3), int4range(5, 9)), '[3,7)'::int4range -|- '[7,9)'::int4range, daterange('2025-01-01', '2025-01-05', '[]')

SELECT ip, host(ip), masklen(ip), network(set_masklen(ip, 24)), ip << inet '10.0.1.0/24', family(ip), text(ip), abbrev(ip), count(*) FROM event GROUP BY ip ORDER BY ip LIMIT 6

SELECT session, count(*), min(at), max(at) - min(at) AS span FROM event GROUP BY session ORDER BY session LIMIT 6

SELECT date_trunc('week', at) AS week, kind, count(*) FROM event WHERE at >= '2025-01-15' AND at < '2025-03-01' GROUP BY 1, 2 ORDER BY 1, 2

SELECT count(*) FROM event_1 WHERE kind = 'buy'

SELECT at, kind, lag(at) OVER (PARTITION BY session ORDER BY at), at - lag(at) OVER (PARTITION BY session ORDER BY at) > interval '30 minutes' AS fresh FROM event ORDER BY at LIMIT 20

SELECT sensor, avg(value), round(max(value)::numeric, 4), min(encode(raw, 'hex')), raw FROM reading WHERE sensor = 1 GROUP BY sensor, raw ORDER BY raw LIMIT 5

SELECT sensor, date_trunc('day', at), avg(value) OVER (PARTITION BY sensor ORDER BY at ROWS 5 PRECEDING) FROM reading ORDER BY sensor, at LIMIT 20

SELECT r.sensor, r.at, r.value FROM reading r JOIN (SELECT sensor, max(at) AS at FROM reading GROUP BY sensor) m USING (sensor, at) ORDER BY sensor

SELECT id FROM product UNION SELECT id FROM customer EXCEPT SELECT product_id FROM line INTERSECT SELECT 3 ORDER BY 1 LIMIT 30

(SELECT id, 'p' AS kind FROM product ORDER BY id LIMIT 2) UNION ALL (SELECT id, 'c' FROM customer ORDER BY id DESC LIMIT 2) ORDER BY kind, id

SELECT country FROM customer INTERSECT ALL SELECT country FROM customer WHERE active EXCEPT ALL SELECT 'DE'::char(2) ORDER BY 1

VALUES (1, 'one'), (2, 'two'), (3, NULL)

SELECT v.a, v.b FROM (VALUES (1, 'x'::text), (2, NULL)) AS v(a, b) ORDER BY a DESC

TABLE employee ORDER BY id LIMIT 3

SELECT e.name AS employee, b.name AS boss FROM employee e FULL JOIN employee b ON e.boss = b.id ORDER BY e.id NULLS LAST, b.id

SELECT * FROM orders NATURAL JOIN (SELECT id, place FROM (SELECT order_id AS id, place FROM line) l) x ORDER BY id, place LIMIT 4

SELECT id, place, quantity FROM orders JOIN line ON order_id = id ORDER BY id, place FETCH FIRST 3 ROWS WITH TIES

SELECT o.* FROM orders AS o (nr, who) ORDER BY nr LIMIT 2

SELECT (c).name, (c).country FROM (SELECT c FROM customer c ORDER BY id LIMIT 3) s

SELECT c FROM customer c ORDER BY id LIMIT 3

SELECT c.id, (c.*)::text, c IS NOT NULL FROM customer c ORDER BY id LIMIT 3

SELECT ROW(1, 'a', NULL), (1, 2) = (1, 2), ROW(c.id, c.name) FROM customer c WHERE id = 1

SELECT "c"."id" AS "Customer Id", "c"."name" AS "Näme ""x""" FROM "shop"."customer" AS "c" WHERE "c"."id" <= 2 ORDER BY 1

SELECT source.status AS status, count(*) AS "count" FROM (SELECT orders.id AS id, orders.status AS status FROM shop.orders AS orders) AS source GROUP BY source.status ORDER BY source.status ASC

SELECT DATE_TRUNC('month', "shop"."orders"."ordered_at") AS "ordered_at", SUM("shop"."orders"."total") AS "sum" FROM "shop"."orders" WHERE ("shop"."orders"."ordered_at" >= timestamp with time zone '2025-01-01 00:00:00.000Z') GROUP BY DATE_TRUNC('month', "shop"."orders"."ordered_at") ORDER BY DATE_TRUNC('month', "shop"."orders"."ordered_at") ASC

SELECT CAST("orders"."ordered_at" AS DATE) AS "day", COUNT(DISTINCT "orders"."customer_id") AS "n" FROM "shop"."orders" "orders" INNER JOIN "shop"."customer" "customer" ON ("orders"."customer_id" = "customer"."id") WHERE (("customer"."country" = 'DE') AND ("orders"."total" >= 10)) GROUP BY 1 HAVING (COUNT(1) > 0) ORDER BY 1

SELECT anon_1.country, anon_1.n FROM (SELECT shop.customer.country AS country, count(shop.customer.id) AS n FROM shop.customer GROUP BY shop.customer.country) AS anon_1 WHERE anon_1.n > 3 ORDER BY anon_1.country

SELECT T1."id", T1."name", COUNT(U0."id") AS "orders__count" FROM "shop"."customer" T1 LEFT OUTER JOIN "shop"."orders" U0 ON (T1."id" = U0."customer_id") GROUP BY T1."id" ORDER BY "orders__count" DESC, T1."id" LIMIT 21

SELECT 1 AS "a" FROM "shop"."orders" WHERE "orders"."status" = 'paid' LIMIT 1

SELECT cohort, month, count(DISTINCT customer_id) FROM (SELECT customer_id, date_trunc('month', min(ordered_at) OVER (PARTITION BY customer_id)) AS cohort, date_trunc('month', ordered_at) AS month FROM orders) s GROUP BY 1, 2 ORDER BY 1, 2

WITH f AS (SELECT session, bool_or(kind = 'view') v, bool_or(kind = 'click') c, bool_or(kind = 'buy') b FROM event GROUP BY session) SELECT count(*) FILTER (WHERE v), count(*) FILTER (WHERE v AND c), count(*) FILTER (WHERE v AND c AND b), round(100.0 * count(*) FILTER (WHERE b) / nullif(count(*), 0), 1) FROM f

WITH r AS (SELECT product_id, sum(quantity * price) AS amount FROM line GROUP BY 1), s AS (SELECT *, sum(amount) OVER (ORDER BY amount DESC) / sum(amount) OVER () AS share FROM r) SELECT product_id, amount, round(share, 3), CASE WHEN share <= 0.8 THEN 'A' WHEN share <= 0.95 THEN 'B' ELSE 'C' END FROM s ORDER BY amount DESC, product_id

SELECT width_bucket(total, 0, 700, 7) AS bucket, min(total), max(total), count(*), repeat('#', (count(*) / 3)::int) FROM orders GROUP BY 1 ORDER BY 1

SELECT coalesce(channel, 'all'), sum(CASE WHEN status = 'paid' THEN total END) AS paid, sum(CASE WHEN status = 'open' THEN total END) AS open FROM orders GROUP BY ROLLUP (channel) ORDER BY 1

SELECT a.id, b.id, a.price - b.price FROM product a JOIN product b ON a.category = b.category AND a.id < b.id WHERE a.price BETWEEN b.price - 5 AND b.price + 5 ORDER BY 1, 2 LIMIT 15

SELECT x, x IN (SELECT id FROM product), x > ALL (SELECT id FROM product WHERE id < 3), x = SOME (SELECT id FROM customer) FROM generate_series(0, 6, 2) x

SELECT array_agg(DISTINCT country ORDER BY country), count(*) OVER () FROM customer GROUP BY active ORDER BY 1

SELECT string_agg(DISTINCT category, ', ' ORDER BY category), jsonb_object_agg(sku, price ORDER BY sku) FILTER (WHERE id < 3) FROM product

SELECT '2025-01-01'::date, '12:30'::time, '1 day'::interval, 't'::bool, '5'::int, '1.5'::float4, 'abc'::char(2), 'x'::"char", '(1,2)'::point, '((0,0),(1,1))'::box, '08:00:2b:01:02:03'::macaddr, '10.0.0.0/8'::cidr, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '$1,234.50'::money, '16/B374D848'::pg_lsn, B'10'::bit(3), '1 2'::int2vector, 'a'::name

SELECT point(1, 2) <-> point(4, 6), box '((0,0),(2,2))' && box '((1,1),(3,3))', circle '((0,0),2)', area(circle '((0,0),1)'), path '((0,0),(1,1))', polygon '((0,0),(1,0),(1,1))' @> point '(0.9,0.1)', lseg '[(0,0),(1,1)]', center(box '((0,0),(2,2))'), line '{1,-1,0}'

SELECT id::text || '/' || total::text, total::int, total::float8, (total * 100)::bigint, '0x'::text, cast(id AS varchar(2)), ordered_at::text, took::text, status::bytea FROM orders ORDER BY id LIMIT 4

SELECT pg_typeof(total), pg_typeof(1.5), pg_typeof('x'), pg_typeof(ARRAY[1]), pg_column_size(id), pg_size_pretty(12345678::bigint), pg_size_bytes('1 GB') FROM orders LIMIT 1

SELECT current_schema, current_schemas(true), current_catalog IS NOT NULL, session_user = current_user, version() LIKE 'PostgreSQL%', pg_client_encoding()

SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_schema = 'shop' AND table_name <> 'contact' ORDER BY table_name

SELECT column_name, data_type, is_nullable, character_maximum_length, numeric_precision, ordinal_position FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = 'orders' ORDER BY ordinal_position

SELECT tc.constraint_name, tc.constraint_type, kcu.column_name FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu USING (constraint_schema, constraint_name) WHERE tc.table_schema = 'shop' ORDER BY 1, 3

SELECT schema_name FROM information_schema.schemata WHERE schema_name !~ '^(pg_|assent|shop__)' ORDER BY 1

SELECT n.nspname AS "Schema", c.relname AS "Name", CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'p' THEN 'partitioned table' END AS "Type", pg_catalog.pg_get_userbyid(c.relowner) AS "Owner" FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r','p','v') AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_toast' AND n.nspname = 'shop' AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1, 2

SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attnum FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'shop.orders'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum

SELECT c2.relname, i.indisprimary, i.indisunique, pg_catalog.pg_get_indexdef(i.indexrelid, 0, true) FROM pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_index i WHERE c.oid = 'shop.line'::regclass AND c.oid = i.indrelid AND i.indexrelid = c2.oid ORDER BY i.indisprimary DESC, c2.relname

SELECT conname, contype, pg_catalog.pg_get_constraintdef(oid, true) FROM pg_catalog.pg_constraint WHERE conrelid = 'shop.line'::regclass AND contype <> 'n' ORDER BY conname

SELECT inhparent::regclass, inhrelid::regclass FROM pg_catalog.pg_inherits WHERE inhparent = 'shop.event'::regclass ORDER BY 2

SELECT schemaname, tablename, hasindexes, rowsecurity FROM pg_tables WHERE schemaname = 'shop' ORDER BY tablename

SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'shop' AND tablename = 'product' ORDER BY indexname

SELECT typname, typtype, typcategory FROM pg_type WHERE typname IN ('int4', 'text', 'daterange') ORDER BY 1

SELECT nspname FROM pg_namespace WHERE nspname IN ('pg_catalog', 'shop', 'public') ORDER BY 1

SELECT to_regclass('shop.orders'), to_regclass('nothing.here'), 'shop.orders'::regclass, to_regtype('int4'), 'text'::regtype, to_regproc('now'), obj_description('shop.orders'::regclass, 'pg_class'), col_description('shop.orders'::regclass, 1), has_table_privilege('shop.orders', 'SELECT'), pg_table_is_visible('shop.orders'::regclass)

SELECT amname FROM pg_am WHERE amname IN ('btree', 'gin') ORDER BY 1

SELECT pg_relation_size('shop.orders') >= 0, pg_size_pretty(pg_total_relation_size('shop.orders')) IS NOT NULL

SELECT xmlelement(name a, xmlattributes(id AS n), name), xmlforest(sku, price) FROM product WHERE id = 1
; not on 16,18

SELECT xmlagg(xmlelement(name p, name) ORDER BY id), xmlconcat('<a/>', '<b/>'), xpath('/a/text()', '<a>x</a>'::xml), xml_is_well_formed('<a>') FROM product WHERE id < 3
; not on 16,18

SELECT x.* FROM XMLTABLE('/r/i' PASSING ('<r><i n="1">a</i><i n="2">b</i></r>'::xml) COLUMNS n int PATH '@n', t text PATH '.', o FOR ORDINALITY) x
; not on 16,18

SELECT /* a comment */ count(*) -- to the end
FROM orders
WHERE /* nested /* twice */ */ status IN ('paid', 'open')

SELECT $$a 'quoted' text$$, $x$with $$ inside$x$, E'tab\tnew\nline', U&'\0441\043B', 'it''s', ''

SELECT 'a' 
'b' AS joined, -1, - 1, +1, 1.e3, .5, 0b101, 0o17, 0xff, 1_000
; not on 15

SELECT id FROM orders WHERE (status, channel) IN (('paid', 'web'), ('open', 'app')) AND ordered_at > timestamptz '2025-01-10' AND total::text LIKE '%.5%' ORDER BY id

SELECT random() BETWEEN 0 AND 1, length(gen_random_uuid()::text)

SELECT any_value(status) IS NOT NULL, random_normal() IS NOT NULL, array_shuffle(ARRAY[1,1]), array_sample(ARRAY[2,2], 1) FROM orders
; not on 15

SELECT * FROM orders TABLESAMPLE SYSTEM (100) REPEATABLE (1) ORDER BY id LIMIT 3

SELECT id, sum(total) OVER w AS a, avg(total) OVER w AS b FROM orders WHERE EXISTS (SELECT FROM line WHERE order_id = orders.id) WINDOW w AS (PARTITION BY customer_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) ORDER BY id LIMIT 10

SELECT count(*) FROM (SELECT 1 FROM orders o1, orders o2 WHERE o1.id = o2.id + 1 OFFSET 0) s

SELECT s.a, s.b FROM (SELECT generate_series(1, 3) AS a, generate_series(1, 2) AS b) s

SELECT kind, at::date, count(*) FROM ONLY event GROUP BY 1, 2

SELECT kind FROM event WHERE at = (SELECT max(at) FROM event) OR kind = (SELECT kind FROM event ORDER BY at LIMIT 1) ORDER BY at
