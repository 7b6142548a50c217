-- Statements over protected columns, one per paragraph; both modes must answer each alike, row for row.
-- plain
SELECT id, mail FROM care.member

SELECT * FROM care.member

SELECT mail FROM member

SELECT member.mail FROM member

SELECT care.member.mail FROM care.member

SELECT care.member.mail, member.id FROM care.member WHERE care.member.id < 5

SELECT "member"."mail" FROM "care"."member"

SELECT MAIL, Passport FROM CARE.Member

SELECT mail AS "Mail" FROM care.member ORDER BY id

SELECT id, passport, born, income, card, ref, net, note, prefs, level, home, phones, pin FROM care.member

SELECT id, mail_low FROM care.member

SELECT DISTINCT mail FROM care.member

SELECT DISTINCT ON (mail) mail, id FROM care.member ORDER BY mail, id

SELECT count(*), count(mail), count(DISTINCT mail), count(note) FROM care.member

SELECT mail, count(*) FROM care.member GROUP BY mail

SELECT mail, count(*) FROM care.member GROUP BY 1 HAVING count(*) > 2 ORDER BY 2, 1

SELECT plan, max(mail), min(passport) FROM care.member GROUP BY plan

SELECT born, count(*) FROM care.member GROUP BY born ORDER BY born

SELECT income, id FROM care.member WHERE income > 50000

SELECT sum(income), avg(income) FROM care.member

SELECT id FROM care.member WHERE mail = 'm1@x.test'

SELECT id FROM care.member WHERE mail LIKE '%a%'

SELECT id FROM care.member WHERE passport ~ '[0-9]{4}$'

SELECT id FROM care.member WHERE note IS NULL

SELECT id FROM care.member WHERE mail IS NULL OR passport IS NULL

SELECT id FROM care.member ORDER BY income, mail, id LIMIT 5

SELECT id, net FROM care.member WHERE net << inet '10.1.0.0/16'

SELECT length(mail), upper(passport), left(note, 2) FROM care.member

SELECT extract(year FROM born), born + 1 FROM care.member

SELECT card % 10, pin + 1 FROM care.member

SELECT ref::text, card::text, pin::numeric FROM care.member

SELECT prefs -> 'a', prefs ->> 'b', prefs #>> '{b,c}' FROM care.member

SELECT id FROM care.member WHERE prefs @> '{"a": 3}'

SELECT level, count(*) FROM care.member GROUP BY level

SELECT (home).city, (home).street FROM care.member

SELECT phones[1], array_length(phones, 1), cardinality(phones) FROM care.member

SELECT mail || ' ' || passport, concat(mail, note), format('%s-%s', mail, id) FROM care.member

SELECT coalesce(note, mail, 'none'), nullif(mail, 'x'), greatest(mail, passport) FROM care.member

SELECT CASE WHEN income > 50000 THEN mail ELSE 'low' END FROM care.member

SELECT mail COLLATE "C", mail = passport, mail < passport FROM care.member

SELECT md5(mail), initcap(mail), reverse(passport), ascii(mail), encode(convert_to(mail, 'UTF8'), 'hex') FROM care.member

SELECT regexp_count(passport, '1') FROM care.member WHERE plan = 'a'

SELECT string_agg(mail, ',' ORDER BY id) FROM care.member

SELECT array_agg(passport ORDER BY id), json_agg(mail ORDER BY id), jsonb_object_agg(id, mail) FROM care.member

SELECT id, mail FROM care.member FETCH FIRST 100 ROWS ONLY

VALUES ((SELECT max(mail) FROM care.member))

-- aliases and shadowing
SELECT m.mail FROM care.member m

SELECT m.mail FROM care.member AS m

SELECT "M".mail FROM care.member "M"

SELECT a, b, c FROM care.member AS m(a, b, c)

SELECT k FROM care.member AS m(a, b, k)

SELECT mail FROM care.member AS m(id, x, mail)

SELECT m.mail, n.mail FROM care.member m, care.member n WHERE m.id = n.id + 1

SELECT member.mail FROM care.member AS member

SELECT visit.mail FROM care.member AS visit

SELECT m.mail FROM (SELECT * FROM care.member) m

SELECT m.mail FROM (SELECT id, mail AS mail FROM care.member) AS m

SELECT m.x FROM (SELECT id, mail FROM care.member) AS m(y, x)

WITH member AS (SELECT * FROM care.member) SELECT mail FROM member

WITH member AS (SELECT 'x' AS mail) SELECT member.mail, c.mail FROM member, care.member c

WITH m AS (SELECT mail FROM member) SELECT * FROM m

WITH x AS (SELECT mail FROM member), member AS (SELECT 'y' AS mail) SELECT x.mail, member.mail FROM x, member

WITH a AS (WITH member AS (SELECT 1 AS id) SELECT id FROM member) SELECT a.id, m.mail FROM a JOIN member m ON m.id = a.id

WITH m AS MATERIALIZED (SELECT * FROM care.member) SELECT a.mail FROM m a JOIN m b ON a.mail = b.mail

WITH m AS NOT MATERIALIZED (SELECT * FROM care.member) SELECT count(*) FROM m a JOIN m b USING (mail)

WITH RECURSIVE t AS (SELECT id, mail FROM care.member WHERE id = 1 UNION ALL SELECT m.id, m.mail FROM care.member m JOIN t ON m.id = t.id + 1 WHERE m.id < 6) SELECT * FROM t

WITH RECURSIVE t(n, mail) AS (SELECT 1, NULL::text UNION ALL SELECT n + 1, (SELECT m.mail FROM member m WHERE m.id = n) FROM t WHERE n < 4) SELECT * FROM t

SELECT (WITH m AS (SELECT mail FROM care.member WHERE id = 1) SELECT mail FROM m)

SELECT p.mail, m.mail FROM public.member p JOIN care.member m ON m.id = p.id

SELECT care.member.mail, p.mail FROM care.member, public.member p WHERE p.id = care.member.id

-- joins
SELECT m.mail, v.memo FROM care.member m JOIN care.visit v ON v.member_id = m.id

SELECT m.mail, v.memo FROM care.member m LEFT JOIN care.visit v ON v.member_id = m.id AND m.mail IS NOT NULL

SELECT m.mail, v.memo FROM care.visit v RIGHT JOIN care.member m ON v.member_id = m.id

SELECT m.mail, v.memo FROM care.member m FULL JOIN care.visit v ON v.member_id = m.id

SELECT count(*) FROM care.member m CROSS JOIN care.visit v WHERE m.mail <> v.memo

SELECT mail FROM care.member JOIN care.visit USING (id)

SELECT mail, count(*) FROM care.member m JOIN care.person p USING (mail) GROUP BY mail

SELECT * FROM care.member m JOIN care.person p USING (mail)

SELECT * FROM care.member NATURAL JOIN care.person

SELECT j.mail FROM care.member JOIN care.person USING (mail) AS j

SELECT j.* FROM (care.member m JOIN care.visit v ON v.member_id = m.id) AS j(a, b, c)

SELECT m.mail FROM (care.member m JOIN care.visit v ON v.member_id = m.id)

SELECT a.mail FROM care.member a, care.person b WHERE a.mail = b.mail

SELECT a.id, b.id FROM care.member a JOIN care.person b ON a.mail = b.mail

SELECT e.kind, m.id FROM care.event e JOIN care.member m ON m.mail = e.mail

SELECT d, count(*) FROM generate_series(0, 9) d JOIN care.member m ON right(m.passport, 1) = d::text GROUP BY d

SELECT m.id FROM care.member m JOIN generate_series(1, 10) g ON g = m.id WHERE m.mail > 'a'

SELECT o."Weird "" col", m.id FROM care."Odd .name" o JOIN care.member m ON m.mail = o."Weird "" col"

-- LATERAL, subqueries
SELECT m.id, l.mail FROM care.member m, LATERAL (SELECT m.mail AS mail) l

SELECT v.id, l.mail FROM care.visit v, LATERAL (SELECT m.mail FROM care.member m WHERE m.id = v.member_id) l

SELECT m.id, l.* FROM care.member m CROSS JOIN LATERAL (VALUES (m.mail), (m.passport)) l(x)

SELECT m.id, l.x FROM care.member m LEFT JOIN LATERAL (SELECT m.note AS x WHERE m.id > 3) l ON true

SELECT m.id, u FROM care.member m, LATERAL unnest(m.phones) u

SELECT m.id, c FROM care.member m, regexp_split_to_table(m.passport, '') c

SELECT m.id, e.key, e.value FROM care.member m, jsonb_each(m.prefs) e

SELECT m.id, g FROM care.member m, generate_series(1, length(m.mail) / 10) g

SELECT id FROM care.visit WHERE member_id IN (SELECT id FROM care.member WHERE mail IS NOT NULL)

SELECT id FROM care.visit v WHERE EXISTS (SELECT FROM care.member m WHERE m.id = v.member_id AND m.income > 50000)

SELECT id FROM care.visit v WHERE NOT EXISTS (SELECT 1 FROM care.member m WHERE m.id = v.member_id AND m.mail LIKE '%9%')

SELECT (SELECT mail FROM care.member WHERE id = v.member_id) FROM care.visit v

SELECT (SELECT m.mail FROM care.member m WHERE m.id = v.member_id AND m.born > v.at - 20000) FROM care.visit v

SELECT ARRAY(SELECT mail FROM care.member ORDER BY id)

SELECT v.memo FROM care.visit v WHERE v.memo = ANY (SELECT mail FROM care.member)

SELECT v.memo FROM care.visit v WHERE (v.id, v.member_id) IN (SELECT id, pin FROM care.member)

SELECT x.m FROM (SELECT max(mail) AS m FROM care.member GROUP BY plan) x

SELECT id, (SELECT count(*) FROM care.member i WHERE i.mail = o.mail) FROM care.member o

SELECT id FROM care.visit ORDER BY (SELECT mail FROM care.member m WHERE m.id = member_id), id LIMIT 7

SELECT id FROM care.visit ORDER BY id LIMIT (SELECT length(mail) FROM care.member WHERE id = 1)

-- set operations
SELECT mail FROM care.member UNION SELECT mail FROM care.person

SELECT mail FROM care.member UNION ALL SELECT mail FROM care.person

SELECT mail FROM care.member INTERSECT SELECT mail FROM care.person

SELECT mail FROM care.member EXCEPT SELECT mail FROM care.event

SELECT mail, 1 FROM care.member UNION SELECT mail, 2 FROM care.person EXCEPT SELECT mail, 1 FROM care.event ORDER BY 1

(SELECT mail FROM care.member ORDER BY id LIMIT 3) UNION ALL (SELECT mail FROM care.person ORDER BY id LIMIT 3)

SELECT x.mail FROM (SELECT mail FROM care.member UNION SELECT memo FROM care.visit) x

SELECT * FROM care.member UNION ALL SELECT * FROM care.member

WITH a AS (SELECT mail FROM care.member), b AS (SELECT mail FROM care.person) SELECT * FROM a UNION ALL TABLE b

SELECT memo FROM care.visit UNION SELECT passport FROM care.member UNION SELECT mail FROM care.contact

-- whole rows, functional notation
SELECT m FROM care.member m

SELECT (m).mail, (m).id FROM care.member m

SELECT (m).* FROM care.member m

SELECT passport(m), mail(m) FROM care.member m

SELECT m.passport, m.id FROM care.member m WHERE m.passport = passport(m)

SELECT row_to_json(m) FROM care.member m

SELECT to_jsonb(m) - 'id' FROM care.member m

SELECT json_build_object('r', m) FROM care.member m

SELECT (array_agg(m ORDER BY m.id))[1] FROM care.member m

SELECT count(m), count(DISTINCT m.mail) FROM care.member m

SELECT m IS NULL, m IS NOT NULL FROM care.member m

SELECT ROW(m.*) FROM care.member m

SELECT ROW(m.mail, m.id) FROM care.member m

SELECT m::text FROM care.member m

SELECT jsonb_agg(to_jsonb(m)) FROM care.member m

SELECT jsonb_object_keys(to_jsonb(m)) FROM care.member m WHERE id = 1

SELECT to_jsonb(m) ->> 'mail' FROM care.member m

SELECT x.m FROM (SELECT m FROM care.member m) x

SELECT (x.m).mail FROM (SELECT m FROM care.member m) x

SELECT member FROM care.member

SELECT hash_record(m) IS NOT NULL, m.id FROM care.person m

-- windows, grouping sets, set-returning
SELECT id, rank() OVER (ORDER BY income, id), lag(mail) OVER (ORDER BY id) FROM care.member

SELECT id, first_value(mail) OVER w, count(*) OVER w FROM care.member WINDOW w AS (PARTITION BY mail ORDER BY id)

SELECT mail, plan, count(*) FROM care.member GROUP BY GROUPING SETS ((mail), (plan), ())

SELECT mail, plan, count(*), grouping(mail) FROM care.member GROUP BY ROLLUP (mail, plan)

SELECT plan, level, count(*) FROM care.member GROUP BY CUBE (plan, level)

SELECT count(*) FILTER (WHERE income > 50000) FROM care.member

SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY income) FROM care.member

SELECT unnest(phones), id FROM care.member

SELECT id, unnest(string_to_array(passport, 'P')) FROM care.member

SELECT regexp_matches(passport, '[0-9]', 'g') FROM care.member WHERE id < 4

SELECT generate_series(1, pin % 3), id FROM care.member WHERE id < 5

SELECT mode() WITHIN GROUP (ORDER BY plan), max(mail) FROM care.member

-- ONLY, children, partitions
SELECT id, mail FROM care.person

SELECT id, mail FROM ONLY care.person

SELECT id, mail FROM ONLY (care.person)

SELECT id, mail FROM care.person *

SELECT p.id, p.mail FROM ONLY care.person AS p

SELECT p.mail, w.mail FROM care.person p JOIN ONLY care.person o ON o.id = p.id JOIN care.worker w ON w.id = p.id + 6

SELECT id, mail, wage FROM care.worker

SELECT job, sum(wage) FROM ONLY care.worker GROUP BY job

SELECT kind, mail FROM care.event

SELECT kind, mail FROM care.event_23

SELECT kind, mail FROM care.event_24 WHERE at > '2024-03-01'

SELECT a.mail FROM care.event a JOIN care.event_24 b ON a.mail = b.mail

SELECT * FROM care.event_24 e

SELECT kind, count(DISTINCT mail) FROM care.event WHERE at < '2024-02-01' GROUP BY kind

-- odd names
SELECT "Weird "" col", "from", "é ü" FROM care."Odd .name"

SELECT o.* FROM care."Odd .name" o

SELECT "Odd .name"."Weird "" col" FROM care."Odd .name"

SELECT care."Odd .name"."é ü" FROM care . "Odd .name"

SELECT "Odd .name" FROM care."Odd .name"

-- views on views
SELECT * FROM care.contact

SELECT c.mail FROM care.contact c WHERE c.plan = 'a'

SELECT contact FROM care.contact

SELECT * FROM care.contact_plan

SELECT mail, fee FROM care.totals WHERE n > 2

SELECT t.mail, m.id FROM care.totals t JOIN care.member m ON m.mail = t.mail

SELECT id, document ->> 'mail', document -> 'note' FROM care.whole

SELECT * FROM care.people

SELECT mail, count(*) FROM care.people GROUP BY mail

SELECT * FROM care.steps

SELECT * FROM care.only_people

SELECT "W", "é ü" FROM care.odd

SELECT care.contact.mail FROM care.contact

SELECT c.mail, p.mail FROM care.contact c JOIN care.people p ON p.id = c.id

WITH contact AS (SELECT * FROM care.contact) SELECT count(*), max(mail) FROM contact

SELECT a.mail, l.fee FROM care.contact a, LATERAL (SELECT fee FROM care.totals t WHERE t.mail = a.mail) l

SELECT mail FROM care.contact UNION SELECT mail FROM care.totals UNION SELECT mail FROM care.steps

-- spelling
SELECT/**/mail/**/FROM/**/care.member/**/WHERE/**/id=1

SELECT mail -- FROM care.member
FROM care.member -- m

SELECT 'FROM care.member', mail FROM care.member

SELECT $$ FROM care.member $$, mail FROM care.member

SELECT E'\' FROM care.member', mail FROM care.member

SELECT mail FROM care
  .
  member

SELECT mail
FROM
care.member
m

SELECT mail,id FROM care.member WHERE id IN(1,2)AND mail>''

SELECT "mail" FROM care."member" "from" WHERE "from".id = 1

SELECT mail AS "mail FROM care.member" FROM care.member

SELECT id FROM care.member WHERE id IN (SELECT member_id FROM care.visit) AND mail <> ALL (SELECT memo FROM care.visit)
