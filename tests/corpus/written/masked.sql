-- Questions that touch protected columns, by class of attack: each is answered with masks or refused. By hand.

-- # masked: derived values

SELECT mail FROM care.member ORDER BY id
= read care.member | masked
@ reads care.member

SELECT reverse(mail), md5(passport), left(note, 3) || '…' FROM care.member
= read care.member | masked
@ reads care.member

SELECT ascii(substr(mail, n, 1)) FROM care.member, generate_series(1, 5) n WHERE id = 1
= read care.member | masked
@ reads care.member

SELECT encode(convert_to(passport, 'UTF8'), 'base64') AS b, translate(passport, 'CAN', 'xyz') FROM care.member
= read care.member | masked
@ reads care.member

SELECT length(name), name ~ '^C', name LIKE 'C%' AS starts FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT income * 2, income::int % 7, income > 50000, sign(income - 45000) FROM care.member
= read care.member | masked
@ reads care.member

SELECT extract(month FROM born), born + 1, age(born) IS NULL, to_char(born, 'MMDD') FROM care.member
= read care.member | masked
@ reads care.member

SELECT prefs->>'canary', prefs #>> '{a,phone}', jsonb_object_keys(prefs), prefs ? 'canary' FROM care.member
= read care.member | masked
@ reads care.member

SELECT (home).city, (c.home).zip, home::text FROM shop.customer c
= read shop.customer | masked
@ reads shop.customer

SELECT host(ip), ip - inet '10.0.0.0', masklen(ip) FROM care.member
= read care.member | masked
@ reads care.member

SELECT mail_low, upper(mail_low) FROM care.member
= read care.member | masked
@ reads care.member

SELECT get_byte(photo, 0), encode(photo, 'hex'), length(photo) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT coalesce(mail, passport, note), nullif(mail, 'x'), greatest(mail, passport) FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE mail WHEN 'canary1@x.test' THEN 1 ELSE 0 END, CASE WHEN income > 4 THEN passport END FROM care.member
= read care.member | masked
@ reads care.member

SELECT format('%s/%s', mail, passport), concat(note, income), quote_literal(note) FROM care.member
= read care.member | masked
@ reads care.member

SELECT string_to_array(mail, '@'), regexp_match(mail, '(\d+)'), split_part(email, '@', 1) FROM care.member, shop.customer LIMIT 3
= read care.member shop.customer | masked
@ reads care.member shop.customer

SELECT to_tsvector('simple', note) @@ 'canary'::tsquery, ts_headline(note, 'canary'::tsquery) FROM care.member
= read care.member | masked
@ reads care.member

SELECT ARRAY[mail, passport], ROW(mail, born), (mail, 1) < ('d', 2) FROM care.member
= read care.member | masked
@ reads care.member

SELECT hashtext(passport) FROM care.member
= read care.member | masked
@ reads care.member

SELECT xmlelement(name m, mail) FROM care.member
= ! unknown
=[15,17] read care.member | masked
@ error 0A000
@[15,17] reads care.member

-- # masked: whole rows

SELECT * FROM care.member
= read care.member | masked
@ reads care.member

SELECT m FROM care.member m
= read care.member | masked
@ reads care.member

SELECT m.*::text, (m).mail, m.mail FROM care.member AS m
= read care.member | masked
@ reads care.member

SELECT to_jsonb(m), row_to_json(m), json_agg(m) OVER () FROM care.member m
= read care.member | masked
@ reads care.member

SELECT (array_agg(e ORDER BY id))[1].name FROM hr.employee e
= read hr.employee | masked
@ reads hr.employee

SELECT mail(m), passport(m) FROM care.member m
= read care.member | masked
@ reads care.member

SELECT count(m), max(m::text) FROM care.member m
= read care.member | masked
@ reads care.member

SELECT x.value FROM care.member m, jsonb_each_text(to_jsonb(m)) x WHERE m.id = 2
= read care.member | masked
@ reads care.member

SELECT ROW(m.*)::text, ROW(m) FROM care.member m LIMIT 1
= read care.member | masked
@ reads care.member

SELECT (SELECT q FROM (SELECT m.*) q)::text FROM care.member m
= read care.member | masked
@ reads care.member

SELECT r FROM (SELECT * FROM care.member) r
= read care.member | masked
@ reads care.member

SELECT u.* FROM care.member m, LATERAL unnest(ARRAY[m.mail, m.note]) WITH ORDINALITY u (v, n)
= read care.member | masked
@ reads care.member

SELECT v FROM care.member m CROSS JOIN LATERAL (VALUES (m.mail), (m.passport)) x (v) WHERE id < 3
= read care.member | masked
@ reads care.member

SELECT DISTINCT m FROM care.member m ORDER BY m LIMIT 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT jsonb_agg(to_jsonb(c) - 'id') FROM shop.customer c
= read shop.customer | masked
@ reads shop.customer

SELECT hstore IS NULL FROM (SELECT m::text AS hstore FROM care.member m) s
= read care.member | masked
@ reads care.member

-- # masked: renaming and shadowing

SELECT d FROM care.member AS m (a, b, c, d)
= read care.member | masked
@ reads care.member

SELECT mail AS plan, plan AS mail FROM care.member
= read care.member | masked
@ reads care.member

WITH member AS (SELECT * FROM care.member) SELECT mail FROM member
= read care.member | masked
@ reads care.member

WITH m (x, y, z) AS (SELECT id, mail, passport FROM care.member) SELECT z FROM m WHERE y IS NOT NULL
= read care.member | masked predicate_on_protected
@ reads care.member

WITH RECURSIVE r AS (SELECT id, note, 1 AS n FROM care.member WHERE id = 1 UNION ALL SELECT m.id, m.note, n + 1 FROM care.member m JOIN r ON m.id = r.id + 1 WHERE n < 3) SELECT note FROM r
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT a.b.mail FROM (SELECT m AS b FROM care.member m) a (b), LATERAL (SELECT (a.b).mail) z LIMIT 1
= ! missing
@ error 42P01

SELECT MEMBER.MAIL FROM Care.MEMBER
= read care.member | masked
@ reads care.member

SELECT care.member.mail, member.passport FROM care.member
= read care.member | masked
@ reads care.member

SELECT j.mail FROM (care.member JOIN care.visit ON member.id = visit.member_id) AS j (id, plan, mail)
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT mail FROM care.member JOIN (SELECT id, mail FROM care.member) x USING (id, mail)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT * FROM care.member NATURAL JOIN (SELECT 1 AS id) one
= read care.member | masked
@ reads care.member

SELECT j.id FROM care.member a JOIN shop.customer b USING (id) AS j WHERE a.mail = b.email
= read care.member shop.customer | masked predicate_on_protected
@ reads care.member shop.customer

SELECT visit.mail FROM care.member AS visit
= read care.member | masked
@ reads care.member

SELECT s.* FROM (SELECT t.* FROM (SELECT m.* FROM care.member m) t) s
= read care.member | masked
@ reads care.member

SELECT mail FROM (TABLE care.visit) v, LATERAL (SELECT m.mail FROM care.member m WHERE m.id = v.member_id) l
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT email FROM shop.contacts UNION ALL SELECT mail FROM care.members
= read care.member shop.customer care.members shop.contacts | masked via_view
@ reads care.member care.members shop.contacts shop.customer

SELECT c.email FROM shop.contacts c WHERE EXISTS (SELECT 1 FROM care.members m WHERE m.mail = c.email)
= read care.member shop.customer care.members shop.contacts | masked predicate_on_protected via_view
@ reads care.member care.members shop.contacts shop.customer

SELECT name FROM hr.tree WHERE depth = 2
= read hr.employee hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree

-- # masked: predicates, joins, order, rank

SELECT count(*) FROM care.member WHERE income > 51000
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE passport ^@ 'CANARY1' AND born < '1970-01-01'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE mail = 'canary7@x.test'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY income DESC, passport LIMIT 3
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id, rank() OVER (ORDER BY income), ntile(4) OVER (ORDER BY born), lag(mail) OVER (ORDER BY id) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY income FETCH FIRST 2 ROWS WITH TIES
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT g FROM generate_series(1, 9) g JOIN care.member m ON right(m.passport, 1) = g::text
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT v.id FROM care.visit v LEFT JOIN care.member m ON m.id = v.member_id AND m.mail LIKE '%1%' WHERE m.id IS NULL
= read care.member care.visit | masked predicate_on_protected
@ reads care.member care.visit

SELECT id FROM shop.product LIMIT (SELECT ascii(mail) FROM care.member WHERE id = 1)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product OFFSET (SELECT count(*) FROM care.member WHERE income < 45000)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT plan, sum(income), avg(income), min(born), max(mail) FROM care.member GROUP BY plan
= read care.member | masked
@ reads care.member

SELECT income, count(*) FROM care.member GROUP BY income HAVING max(income) > 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT string_agg(passport, ',' ORDER BY income), array_agg(DISTINCT mail) FROM care.member
= read care.member | masked
@ reads care.member

SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY salary), mode() WITHIN GROUP (ORDER BY name) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT count(*) FILTER (WHERE salary > 40000), bool_or(name = 'x') FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT corr(salary, id), regr_slope(salary, bonus), stddev(salary) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT DISTINCT ON (income) id FROM care.member ORDER BY income, id
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE income BETWEEN 40000 AND (SELECT avg(income) FROM care.member)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE (mail, passport) IN (SELECT email, 'x' FROM shop.customer)
= read care.member shop.customer | masked predicate_on_protected
@ reads care.member shop.customer

SELECT id FROM care.member WHERE passport = ANY (ARRAY(SELECT sku FROM shop.product))
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT m.id FROM care.member m WHERE NOT EXISTS (SELECT FROM hr.employee e WHERE e.name = m.note)
= read care.member hr.employee | masked predicate_on_protected
@ reads care.member hr.employee

SELECT GROUPING(mail), count(*) FROM care.member GROUP BY ROLLUP (mail)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT mail FROM care.member INTERSECT SELECT email FROM shop.customer
= read care.member shop.customer | masked
@ reads care.member shop.customer

SELECT passport FROM care.member EXCEPT ALL SELECT 'CANARY1' ORDER BY 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE prefs @? '$.canary ? (@ > 3)'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE prefs @> '{"canary": 5}' OR prefs['canary'] = '6'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member WHERE ip << inet '10.0.0.0/28'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT corr FROM (SELECT income > lag(income) OVER (ORDER BY id) AS corr FROM care.member) x
= read care.member | masked
@ reads care.member

-- # masked: errors as oracles

SELECT 1 / (income::int - 51000) FROM care.member
= read care.member | masked
@ reads care.member

SELECT mail::int FROM care.member WHERE id = 1
= read care.member | masked
@ fails 22P02

SELECT CASE WHEN passport < 'CANARY3' THEN 1 / 0 END FROM care.member
= read care.member | masked
@ fails 22012

SELECT cast(passport AS uuid) FROM care.member
= read care.member | masked
@ fails 22P02

SELECT (note || '%')::care.percent FROM care.member
= read care.member | masked
@ fails 22P02

SELECT factorial(income::bigint) FROM care.member LIMIT 1
= read care.member | masked
@ fails 22003

SELECT generate_series(1, ascii(mail)) FROM care.member WHERE id = 1
= read care.member | masked
@ reads care.member

SELECT repeat('x', income::int) FROM care.member WHERE id = 2
= read care.member | masked
@ reads care.member

SELECT mail::jsonb, note::xml IS NULL FROM care.member
= read care.member | masked
@ fails 22P02

SELECT to_date(passport, 'YYYY') FROM care.member
= read care.member | masked
@ fails 22007

SELECT ('{' || passport || '}')::int[] FROM care.member
= read care.member | masked
@ fails 22P02

SELECT (ARRAY[1, 2])[income::int] FROM care.member
= read care.member | masked
@ reads care.member

SELECT substring('x' FROM mail) FROM care.member
= read care.member | masked
@ reads care.member

SELECT 'x' ~ note FROM care.member
= read care.member | masked
@ reads care.member

-- # refused: what no mask can hide

SELECT ctid, id FROM care.member
= ! protected
@ reads care.member

SELECT xmin FROM hr.employee
= ! protected
@ reads hr.employee

SELECT tableoid::regclass FROM shop.customer
= ! protected
@ reads shop.customer

SELECT id FROM care.member TABLESAMPLE SYSTEM (10)
= ! protected
@ reads care.member

SELECT count(*) FROM hr.employee TABLESAMPLE BERNOULLI (50)
= ! protected
@ reads hr.employee

SELECT pg_relation_size('care.member')
= ! protected
@ reads nothing

SELECT pg_total_relation_size(c.oid) FROM pg_class c
= ! protected
@ reads nothing

SELECT pg_column_compression(note) FROM care.member
= ! function
@ reads care.member

SELECT id FROM care.member WHERE ctid = '(0,1)'
= ! protected
@ reads care.member

SELECT * FROM care.incomes
= ! closed
@ reads care.incomes

SELECT income FROM U&"c\0061re".member
= ! protected
@ reads care.member

SELECT mail FROM care./**/member
= ! protected
@ reads care.member

SELECT corpus.care.member.mail FROM corpus.care.member
= ! unknown
@ reads care.member

SELECT mail FROM care__masked.member
= ! closed
@ error 42P01

SELECT * FROM assent.key
= ! missing
@ error 42P01

SELECT * FROM care__masked.member m JOIN care.member r USING (id)
= ! closed
@ error 42P01

SELECT app.card_of(1)
= ! function
@ reads care.member

SELECT app.card_of(id) FROM care.visit
= ! function
@ reads care.member care.visit

SELECT app.lower('x')
= ! function
@ reads care.member

-- # either: untagged columns beside tagged ones

SELECT id, plan FROM care.member ORDER BY id
= read care.member
@ reads care.member

SELECT count(*) FROM hr.employee WHERE hired > '2018-01-01'
= read hr.employee
@ reads hr.employee

SELECT m.plan, sum(v.fee) FROM care.member m JOIN care.visit v ON v.member_id = m.id GROUP BY m.plan
= read care.member care.visit
@ reads care.member care.visit

SELECT plan FROM care.rich
= read care.member care.rich | masked via_view
@ reads care.member care.rich

SELECT region, count(*) FROM shop.customer WHERE active GROUP BY region
= read shop.customer
@ reads shop.customer

SELECT department, grade, avg(bonus) FROM hr.employee GROUP BY 1, 2
= read hr.employee
@ reads hr.employee

SELECT id, note FROM shop.orders
= read shop.orders
@ reads shop.orders

SELECT o.note, c.plan FROM shop.orders o JOIN shop.customer c ON c.id = o.customer_id WHERE o.note IS NULL
= read shop.customer shop.orders
@ reads shop.customer shop.orders

SELECT e.id, e.band FROM hr.employee e WHERE e.band @> 7.5
= read hr.employee
@ reads hr.employee
