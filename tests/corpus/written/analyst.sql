-- What analysts ask: joins, windows, grouping, dates, text, numbers, statistics. By hand.

-- # answered: joins

SELECT o.id, p.title FROM shop.orders o JOIN shop.item i ON i.order_id = o.id JOIN shop.product p ON p.id = i.product_id WHERE o.state = 'paid' ORDER BY o.id, i.line
= read shop.item shop.orders shop.product
@ reads shop.item shop.orders shop.product

SELECT r.name, parent.name AS continent FROM shop.region r LEFT JOIN shop.region parent ON parent.code = r.parent ORDER BY 1
= read shop.region
@ reads shop.region

SELECT d.name, v.id FROM care.doctor d RIGHT JOIN care.visit v ON v.doctor_id = d.id AND v.fee > 50 ORDER BY v.id, d.name NULLS FIRST
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT coalesce(a.product_id, b.product_id) AS product, a.quantity, b.quantity FROM shop.stock_north a FULL OUTER JOIN shop.stock_other b ON a.product_id = b.product_id + 10 ORDER BY 1, 2
= read shop.stock_north shop.stock_other
@ reads shop.stock_north shop.stock_other

SELECT count(*) FROM shop.region CROSS JOIN generate_series(1, 12) AS month
= read shop.region
@ reads shop.region

SELECT sku, quantity FROM shop.product NATURAL JOIN (SELECT product_id AS id, sum(quantity) AS quantity FROM shop.stock GROUP BY product_id) s ORDER BY id
= read shop.product shop.stock
@ reads shop.product shop.stock

SELECT order_id, line FROM shop.item JOIN (SELECT id AS order_id FROM shop.orders WHERE coupon IS NOT NULL) o USING (order_id) ORDER BY 1, 2
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT x.order_id FROM shop.item x JOIN shop.item y USING (order_id, product_id) WHERE x.line < y.line ORDER BY 1
= read shop.item
@ reads shop.item

SELECT e.id, m.id AS manager, mm.id AS above FROM hr.employee e, hr.employee m, hr.employee mm WHERE m.id = e.manager AND mm.id = m.manager ORDER BY e.id
= read hr.employee
@ reads hr.employee

SELECT o.id FROM shop.orders o WHERE NOT EXISTS (SELECT 1 FROM shop.item i WHERE i.order_id = o.id AND i.quantity > 3) ORDER BY o.id
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT id FROM care.doctor WHERE id NOT IN (SELECT doctor_id FROM care.visit WHERE doctor_id IS NOT NULL AND fee > 90) ORDER BY id
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT p.id, p.price FROM shop.product p WHERE p.price > ALL (SELECT avg(q.price) FROM shop.product q GROUP BY q.category) ORDER BY 1
= read shop.product
@ reads shop.product

SELECT p.id FROM shop.product p WHERE (p.category, p.price) IN (SELECT category, max(price) FROM shop.product GROUP BY category) ORDER BY 1
= read shop.product
@ reads shop.product

SELECT o.state, t.total FROM (SELECT DISTINCT state FROM shop.orders) o JOIN LATERAL (SELECT sum(total) AS total FROM shop.orders x WHERE x.state = o.state) t ON true ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT d.id, last.at FROM care.doctor d LEFT JOIN LATERAL (SELECT at FROM care.visit v WHERE v.doctor_id = d.id ORDER BY at DESC FETCH FIRST 1 ROW ONLY) last ON true ORDER BY d.id
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT * FROM ((shop.region a JOIN shop.region b ON a.code = b.parent) JOIN shop.region c ON true) ORDER BY a.code, b.code, c.code LIMIT 5
= read shop.region
@ reads shop.region

SELECT j.id, j.n FROM (shop.orders JOIN (SELECT order_id AS id, count(*) AS n FROM shop.item GROUP BY 1) counted USING (id)) AS j WHERE j.n > 1 ORDER BY j.id LIMIT 9
= read shop.item shop.orders
@ reads shop.item shop.orders

-- # answered: windows

SELECT id, total, sum(total) OVER (PARTITION BY currency ORDER BY placed, id ROWS UNBOUNDED PRECEDING) AS running FROM shop.orders ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT id, lag(total) OVER w AS before, lead(total, 2, 0::shop.money) OVER w AS after FROM shop.orders WINDOW w AS (ORDER BY placed, id) ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT category, id, rank() OVER (PARTITION BY category ORDER BY price DESC), dense_rank() OVER (PARTITION BY category ORDER BY price::int / 10), row_number() OVER (PARTITION BY category ORDER BY id) FROM shop.product ORDER BY 1, 2
= read shop.product
@ reads shop.product

SELECT * FROM (SELECT id, ntile(4) OVER (ORDER BY total, id) AS quartile FROM shop.orders) q WHERE quartile = 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT id, percent_rank() OVER (ORDER BY fee), cume_dist() OVER (ORDER BY fee) FROM care.visit ORDER BY id
= read care.visit
@ reads care.visit

SELECT id, first_value(title) OVER w, last_value(title) OVER (w ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), nth_value(title, 2) OVER w FROM shop.product WINDOW w AS (PARTITION BY category ORDER BY id) ORDER BY id
= read shop.product
@ reads shop.product

SELECT at::date AS day, avg(ms) OVER (ORDER BY at RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW)::numeric(10, 3) AS week FROM shop.event ORDER BY at LIMIT 30
= read shop.event
@ reads shop.event

SELECT id, count(*) OVER (ORDER BY score GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE GROUP) FROM care.visit ORDER BY id
= read care.visit
@ reads care.visit

SELECT id, sum(fee) FILTER (WHERE memo IS NOT NULL) OVER (PARTITION BY doctor_id) FROM care.visit ORDER BY id
= read care.visit
@ reads care.visit

SELECT state, n, round(100.0 * n / sum(n) OVER (), 2) AS share FROM (SELECT state, count(*) AS n FROM shop.orders GROUP BY state) c ORDER BY n DESC, state
= read shop.orders
@ reads shop.orders

SELECT customer_id, max(gap) FROM (SELECT customer_id, at - lag(at) OVER (PARTITION BY customer_id ORDER BY at) AS gap FROM shop.event) g GROUP BY customer_id ORDER BY 1
= read shop.event
@ reads shop.event

WITH marked AS (SELECT *, CASE WHEN at - lag(at) OVER (PARTITION BY session ORDER BY at) > interval '20 days' THEN 1 ELSE 0 END AS fresh FROM shop.event) SELECT session, sum(fresh) + 1 AS visits FROM marked GROUP BY session ORDER BY 2 DESC, 1
= read shop.event
@ reads shop.event

SELECT day, day - (row_number() OVER (ORDER BY day))::int AS island FROM (SELECT DISTINCT placed::date AS day FROM shop.orders WHERE state = 'shipped') d ORDER BY day
= read shop.orders
@ reads shop.orders

SELECT id, rank() OVER (ORDER BY count(*) DESC, id) FROM (SELECT doctor_id AS id FROM care.visit) v GROUP BY id ORDER BY 2
= read care.visit
@ reads care.visit

SELECT id, price, price - avg(price) OVER (PARTITION BY category) AS distance, stddev_samp(price) OVER (PARTITION BY category) FROM shop.product ORDER BY id
= read shop.product
@ reads shop.product

SELECT id, array_agg(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING EXCLUDE CURRENT ROW) FROM care.doctor ORDER BY id
= read care.doctor
@ reads care.doctor

SELECT DISTINCT ON (customer_id) customer_id, id, placed FROM shop.orders ORDER BY customer_id, placed DESC, id
= read shop.orders
@ reads shop.orders

-- # answered: grouping

SELECT currency, state, count(*), sum(total) FROM shop.orders GROUP BY CUBE (currency, state) ORDER BY currency NULLS LAST, state NULLS LAST
= read shop.orders
@ reads shop.orders

SELECT date_trunc('month', placed) AS month, currency, sum(total) FROM shop.orders GROUP BY ROLLUP (1, 2) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST
= read shop.orders
@ reads shop.orders

SELECT category, launched, GROUPING(category, launched) AS level, count(*) FROM shop.product GROUP BY GROUPING SETS ((category), (launched), ()) HAVING count(*) > 1 OR GROUPING(category) = 1 ORDER BY 3, 1, 2
= read shop.product
@ reads shop.product

SELECT DISTINCT kind, path FROM shop.event ORDER BY kind DESC, path
= read shop.event
@ reads shop.event

SELECT kind, count(DISTINCT customer_id), count(DISTINCT (customer_id, path)) FROM shop.event GROUP BY kind ORDER BY kind
= read shop.event
@ reads shop.event

SELECT kind, count(*) FILTER (WHERE ms > 500) AS slow, count(*) FILTER (WHERE ms <= 500) AS quick, bool_or(ms > 890), every(ms >= 0) FROM shop.event GROUP BY 1 ORDER BY 1
= read shop.event
@ reads shop.event

SELECT a, b, count(*) FROM (VALUES (1, 2), (1, 2), (3, NULL)) AS t (a, b) GROUP BY DISTINCT ROLLUP (a, b), ROLLUP (a) ORDER BY 1, 2
= read expression:constants
@ reads nothing

SELECT doctor_id, string_agg(DISTINCT memo, '; ' ORDER BY memo) FROM care.visit WHERE id < 30 GROUP BY doctor_id ORDER BY doctor_id
= read care.visit
@ reads care.visit

SELECT currency, array_agg(id ORDER BY total DESC, id) FILTER (WHERE total > 400) AS big FROM shop.orders GROUP BY currency ORDER BY currency
= read shop.orders
@ reads shop.orders

SELECT plan, min(joined), max(joined), count(*) FROM care.member GROUP BY plan HAVING count(*) BETWEEN 10 AND 20 ORDER BY plan
= read care.member
@ reads care.member

SELECT extract(isodow FROM placed)::int AS weekday, extract(hour FROM placed)::int AS hour, count(*) FROM shop.orders GROUP BY weekday, hour ORDER BY weekday, hour LIMIT 40
= read shop.orders
@ reads shop.orders

SELECT (total / 100)::int AS bucket, count(*) FROM shop.orders GROUP BY bucket ORDER BY bucket
= read shop.orders
@ reads shop.orders

SELECT width_bucket(total, 0, 500, 5) AS band, min(total), max(total) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT id, (SELECT count(*) FROM shop.item i WHERE i.product_id = p.id GROUP BY i.product_id) AS sold FROM shop.product p ORDER BY sold DESC NULLS LAST, id
= read shop.item shop.product
@ reads shop.item shop.product

SELECT p.id, p.title, sum(i.quantity) FROM shop.product p JOIN shop.item i ON i.product_id = p.id GROUP BY p.id ORDER BY 3 DESC, 1 LIMIT 10 OFFSET 5
= read shop.item shop.product
@ reads shop.item shop.product

SELECT 1 AS one HAVING 2 > 1
= read expression:constants
@ reads nothing

SELECT count(*) FROM shop.orders GROUP BY () HAVING max(total) > 10
= read shop.orders
@ reads shop.orders

-- # answered: statistics and ordered sets

SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY ms) FROM shop.event
= read shop.event
@ reads shop.event

SELECT category, percentile_disc(0.5) WITHIN GROUP (ORDER BY price) AS median, mode() WITHIN GROUP (ORDER BY title) FROM shop.product GROUP BY category ORDER BY category
= read shop.product
@ reads shop.product

SELECT corr(value, extract(epoch FROM taken)), covar_pop(value, visit_id), regr_slope(value, visit_id), regr_r2(value, visit_id) FROM care.lab WHERE kind = 'hb'
= read care.lab
@ reads care.lab

SELECT kind, avg(value), variance(value), stddev_pop(value), var_pop(value) FROM care.lab GROUP BY kind ORDER BY kind
= read care.lab
@ reads care.lab

SELECT rank(100) WITHIN GROUP (ORDER BY ms), dense_rank(100) WITHIN GROUP (ORDER BY ms), percent_rank(100) WITHIN GROUP (ORDER BY ms) FROM shop.event
= read shop.event
@ reads shop.event

SELECT bit_and(ms), bit_or(ms), bit_xor(ms) FROM shop.event WHERE kind = 'buy'
= read shop.event
@ reads shop.event

SELECT sum(weight), avg(weight), sum(price), avg(price), min(title), max(launched) FROM shop.product
= read shop.product
@ reads shop.product

SELECT ln(1 + count(*)), exp(1), power(2, 10), sqrt(2), cbrt(27), log(100), log(2, 64), sign(-3), trunc(-2.5), ceil(2.1), floor(-2.1), round(2.5), round(2.567, 2), mod(7, 3), div(7, 3), gcd(12, 18), lcm(4, 6), factorial(5) FROM shop.region
= read shop.region
@ reads shop.region

SELECT (random() >= 0)::int, setseed IS NULL FROM (SELECT NULL::int AS setseed) s
= read expression:constants
@ reads nothing

SELECT degrees(pi()), radians(180), sin(0), cos(0), tan(0), atan2(1, 1), sinh(0), asind(1), cotd(45)
= read expression:constants
@ reads nothing

SELECT 7 / 2, 7.0 / 2, 7 % 3, -7 % 3, 2 ^ 10, |/ 25, ||/ 27, @ -5, 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 4, 256 >> 2, 5 !~~ 3::text IS NULL FROM (SELECT 1) t WHERE NULL IS NULL LIMIT 0
= ! missing
@ error 42883

SELECT 'NaN'::numeric > 1, 'Infinity'::float8, '-Infinity'::numeric, 0.1 + 0.2, 0.1::float8 + 0.2::float8, 1e400::numeric, 12345678901234567890::numeric * 9
= read expression:constants
@ reads nothing

SELECT 9007199254740993::bigint AS big, 2147483647 AS small, -9223372036854775808 AS least, 0::oid, 1.10::numeric(5, 2), 1.0::real, 123456.789::float4
= read expression:constants
@ reads nothing

-- # answered: dates

SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin') AS week, count(*) FROM care.visit GROUP BY 1 ORDER BY 1
= read care.visit
@ reads care.visit

SELECT d::date, count(o.id) FROM generate_series(date '2024-01-01', date '2024-01-31', interval '1 day') d LEFT JOIN shop.orders o ON o.placed >= d AND o.placed < d + interval '1 day' GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT id, age(timestamptz '2024-06-01 00:00Z', placed), justify_interval(paid - placed), extract(epoch FROM paid - placed) FROM shop.orders WHERE paid IS NOT NULL ORDER BY id LIMIT 12
= read shop.orders
@ reads shop.orders

SELECT make_date(2024, 2, 29) + 365, make_timestamptz(2024, 3, 31, 2, 30, 0, 'Europe/Berlin'), make_interval(months => 1, days => 15), make_time(8, 15, 23.5)
= read expression:constants
@ reads nothing

SELECT date_bin('15 minutes', taken, timestamp '2024-01-01'), avg(value) FROM care.lab GROUP BY 1 ORDER BY 1 LIMIT 20
= read care.lab
@ reads care.lab

SELECT to_char(placed, 'IYYY-"W"IW Dy DDth Month YYYY HH24:MI:SS.MS TZ'), to_char(total, 'FM999G990D00'), to_char(id, 'RN') FROM shop.orders WHERE id < 6 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT to_date('05 Dec 2000', 'DD Mon YYYY'), to_timestamp('2024-05-06 07:08:09', 'YYYY-MM-DD HH24:MI:SS'), to_timestamp(1700000000), to_number('12,454.8-', '99G999D9S')
= read expression:constants
@ reads nothing

SELECT current_date - current_date AS zero, now() = transaction_timestamp() AS same, clock_timestamp() >= statement_timestamp() AS later
= read expression:constants
@ reads nothing

SELECT extract(doy FROM launched), date_part('quarter', launched), extract(century FROM launched), extract(julian FROM launched) FROM shop.product ORDER BY id LIMIT 3
= read shop.product
@ reads shop.product

SELECT isfinite(left_on), left_on, hired - date '2015-01-01' FROM hr.employee ORDER BY id
= read hr.employee
@ reads hr.employee

SELECT (date '2024-01-31', interval '1 month') OVERLAPS (date '2024-02-15', date '2024-03-01'), date '2024-01-31' + interval '1 month', timestamp '2024-03-10 12:00' - timestamp '2024-03-09 13:30'
= read expression:constants
@ reads nothing

SELECT timestamptz '2024-01-01 12:00+02' AT TIME ZONE 'UTC', timestamp '2024-01-01 12:00' AT TIME ZONE 'America/New_York', timezone('Asia/Tokyo', timestamptz '2024-01-01 00:00Z'), time '10:00' + interval '90 minutes', timetz '10:00+01'
= read expression:constants
@ reads nothing

SELECT interval '1 year 2 mons 3 days 04:05:06.789', interval 'P1DT2H', interval '90' minute, interval '1-2' year to month, -interval '1 day', interval '1 hour' * 2.5, interval '10 days' / 3
= read expression:constants
@ reads nothing

SELECT max(at) - min(at), upper(range_merge(days)) FROM care.visit, LATERAL (SELECT daterange('2024-01-01', '2024-02-01') AS other) x GROUP BY days ORDER BY 2 LIMIT 4
= ! missing
@ error 42883

SELECT 'infinity'::timestamptz, '-infinity'::date, '4713-01-01 BC'::date, '0044-03-15 BC'::timestamp, 'epoch'::timestamptz, date '5874897-12-31'
= read expression:constants
@ reads nothing

-- # answered: text

SELECT upper(title), lower(sku), initcap(category), length(title), char_length('日本'), octet_length('日本'), bit_length('a') FROM shop.product ORDER BY id LIMIT 4
= read shop.product
@ reads shop.product

SELECT split_part(sku, '-', 2)::int AS number, lpad(sku, 10, '*'), rpad(sku, 8), ltrim('xxhi', 'x'), rtrim('hi  ') || '|', btrim('  a '), repeat('ab', 3), reverse('Grün') FROM shop.product ORDER BY 1 LIMIT 4
= read shop.product
@ reads shop.product

SELECT substring(title FROM 1 FOR 3), substring(title FROM '[0-9]+$'), substr(title, 5), left(title, -2), right(title, 2), position('l' IN title), strpos(title, 'a') FROM shop.product ORDER BY id LIMIT 5
= read shop.product
@ reads shop.product

SELECT regexp_replace(title, '(\w+) (\w+)', '\2 \1'), regexp_matches(title, '([A-Z])\w+'), regexp_split_to_array(title, '\s+') FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT word, count(*) FROM shop.product, regexp_split_to_table(lower(title), ' ') AS word GROUP BY word ORDER BY 2 DESC, 1 LIMIT 8
= read shop.product
@ reads shop.product

SELECT title FROM shop.product WHERE title LIKE '100\%%' OR title ILIKE 'GR_N%' OR title SIMILAR TO '(Red|Blue)%' OR title ~* 'wool' ORDER BY id
= read shop.product
@ reads shop.product

SELECT title LIKE '%!_rug%' ESCAPE '!', title NOT LIKE 'x', title !~ 'z', title ^@ 'Red', starts_with(title, 'Red') FROM shop.product ORDER BY id LIMIT 3
= read shop.product
@ reads shop.product

SELECT format('%s costs %L (%I)', title, price, 'Odd col') FROM shop.product ORDER BY id LIMIT 2
= read shop.product
@ reads shop.product

SELECT concat(coupon, '-', id), concat_ws('/', coupon, NULL, state), coupon || '!' FROM shop.orders ORDER BY id LIMIT 8
= read shop.orders
@ reads shop.orders

SELECT translate('12345', '143', 'ax'), overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4), chr(8364), ascii('ü'), to_hex(255), md5('x'), encode(sha256('x'), 'hex'), quote_ident('a b'), quote_literal(E'it''s'), quote_nullable(NULL)
= read expression:constants
@ reads nothing

SELECT title COLLATE "C" FROM shop.product ORDER BY title COLLATE "C" DESC LIMIT 6
= read shop.product
@ reads shop.product

SELECT E'tab\there', U&'d\0061t\+000061', $$dollar $1 'quoted'$$, $q$nested $$ inside$q$, 'it''s', 'joined '
'over lines', B'1010', X'1F'
= read expression:constants
@ reads nothing

SELECT 'a' < 'B', 'a' < 'B' COLLATE "C", 'ß' = 'ss', lower('İ') IS NOT NULL, normalize(U&'\0061\0308', NFC) = 'ä', 'ä' IS NFC NORMALIZED
= read expression:constants
@ reads nothing

SELECT unistr('\00e4'), string_to_array('a,,b', ',', ''), array_to_string(ARRAY[1, NULL, 3], ',', '*'), trim(LEADING '0' FROM '007'), convert_from('\x62', 'UTF8'), convert_to('ü', 'UTF8')
= read expression:constants
@ reads nothing

-- # answered: set operations and subqueries

SELECT id FROM shop.orders WHERE state = 'paid' UNION SELECT order_id FROM shop.item WHERE quantity > 4 ORDER BY 1 LIMIT 20
= read shop.item shop.orders
@ reads shop.item shop.orders

(SELECT 'order' AS kind, id::text FROM shop.orders LIMIT 2) UNION ALL (SELECT 'product', sku FROM shop.product ORDER BY id DESC LIMIT 2) ORDER BY 1, 2
= read shop.orders shop.product
@ reads shop.orders shop.product

SELECT customer_id FROM shop.orders INTERSECT SELECT customer_id FROM shop.event EXCEPT SELECT 1 ORDER BY 1 LIMIT 5
= read shop.event shop.orders
@ reads shop.event shop.orders

SELECT code FROM shop.region INTERSECT ALL (SELECT 'DE' UNION ALL SELECT 'DE' UNION ALL SELECT 'XX')
= read shop.region
@ reads shop.region

VALUES (1, 'one'), (2, NULL), (3, 'three') ORDER BY 1 DESC LIMIT 2
= read expression:constants
@ reads nothing

SELECT *, (SELECT max(price) FROM shop.product p WHERE p.category = c.category) FROM (SELECT DISTINCT category FROM shop.product) c ORDER BY 1
= read shop.product
@ reads shop.product

SELECT x FROM (SELECT id AS x FROM care.doctor UNION VALUES (100), (101)) u WHERE x > ANY (ARRAY[5, 50]) ORDER BY x
= read care.doctor
@ reads care.doctor

SELECT CASE state WHEN 'paid' THEN 'money' WHEN 'cart' THEN 'maybe' ELSE 'other' END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 2 DESC, 1
= read shop.orders
@ reads shop.orders

SELECT id, NULLIF(currency, 'EUR'), COALESCE(coupon, currency::text, '-'), GREATEST(total, 100), LEAST(id, 7, NULL) FROM shop.orders ORDER BY id LIMIT 9
= read shop.orders
@ reads shop.orders

SELECT id FROM shop.orders ORDER BY total DESC NULLS LAST, id FETCH NEXT 3 ROWS WITH TIES
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY (state = 'paid') DESC, total USING >, id OFFSET 3 ROWS FETCH FIRST ROW ONLY
= read shop.orders
@ reads shop.orders
