-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # masked: made from templates

-- % secret_plain

SELECT s.mail FROM care.member AS s
= read care.member | masked
@ reads care.member

SELECT s.passport FROM care.member AS s
= read care.member | masked
@ reads care.member

SELECT s.born FROM care.member AS s
= read care.member | masked
@ reads care.member

SELECT s.income FROM care.member AS s
= read care.member | masked
@ reads care.member

SELECT s.note FROM care.member AS s
= read care.member | masked
@ reads care.member

SELECT s.prefs FROM care.member AS s
= read care.member | masked
@ reads care.member

SELECT s.ip FROM care.member AS s
= read care.member | masked
@ reads care.member

SELECT s.mail_low FROM care.member AS s
= read care.member | masked
@ reads care.member

SELECT s.name FROM shop.customer AS s
= read shop.customer | masked
@ reads shop.customer

SELECT s.email FROM shop.customer AS s
= read shop.customer | masked
@ reads shop.customer

SELECT s.phone FROM shop.customer AS s
= read shop.customer | masked
@ reads shop.customer

SELECT s.home FROM shop.customer AS s
= read shop.customer | masked
@ reads shop.customer

SELECT s.name FROM hr.employee AS s
= read hr.employee | masked
@ reads hr.employee

SELECT s.salary FROM hr.employee AS s
= read hr.employee | masked
@ reads hr.employee

SELECT s.iban FROM hr.employee AS s
= read hr.employee | masked
@ reads hr.employee

SELECT s.photo FROM hr.employee AS s
= read hr.employee | masked
@ reads hr.employee

SELECT s.mail FROM care.members AS s
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT s.email FROM shop.contacts AS s
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT s.name FROM hr.tree AS s
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

-- % secret_text

SELECT upper(mail::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT upper(ip::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT upper(salary::text) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT md5(mail::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT md5(mail_low::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT md5(iban::text) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT reverse(passport::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT reverse(name::text) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT reverse(photo::text) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT length(born::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT length(email::text) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT length(mail::text) FROM care.members
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT ascii(income::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT ascii(phone::text) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT ascii(email::text) FROM shop.contacts
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT quote_ident(note::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT quote_ident(home::text) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT quote_ident(name::text) FROM hr.tree
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

SELECT hashtext(prefs::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT hashtext(name::text) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

-- % secret_where

SELECT count(*) FROM care.member WHERE mail::text = 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE mail::text IN ('a', 'b') OR 'x' = 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE passport::text IN ('a', 'b') OR 'x' = 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE born::text IN ('a', 'b') OR 'x' = 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE income::text IN ('a', 'b') OR 'x' = 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE note::text ~ 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE prefs::text ~ 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE ip::text ~ 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM care.member WHERE mail_low::text ~ 'c'
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) FROM shop.customer WHERE name::text > 'c'
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT count(*) FROM shop.customer WHERE email::text > 'c'
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT count(*) FROM shop.customer WHERE phone::text > 'c'
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT count(*) FROM shop.customer WHERE home::text > 'c'
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT count(*) FROM hr.employee WHERE name::text LIKE 'c'
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT count(*) FROM hr.employee WHERE salary::text LIKE 'c'
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT count(*) FROM hr.employee WHERE iban::text LIKE 'c'
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT count(*) FROM hr.employee WHERE photo::text LIKE 'c'
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT count(*) FROM care.members WHERE mail::text = 'c'
= read care.member care.members | masked predicate_on_protected via_view
@ reads care.member care.members

SELECT count(*) FROM shop.contacts WHERE email::text = 'c'
= read shop.customer shop.contacts | masked predicate_on_protected via_view
@ reads shop.contacts shop.customer

SELECT count(*) FROM hr.tree WHERE name::text = 'c'
= read hr.employee hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree

-- % secret_order

SELECT id FROM care.member ORDER BY mail::text ASC, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY mail::text DESC NULLS LAST, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY passport::text DESC NULLS LAST, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY born::text DESC NULLS LAST, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY income::text DESC NULLS LAST, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY note::text DESC NULLS LAST, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY prefs::text DESC NULLS LAST, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY ip::text DESC NULLS LAST, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM care.member ORDER BY mail_low::text DESC NULLS LAST, id LIMIT 1
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id FROM shop.customer ORDER BY name::text DESC NULLS LAST, id LIMIT 1
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT id FROM shop.customer ORDER BY email::text DESC NULLS LAST, id LIMIT 1
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT id FROM shop.customer ORDER BY phone::text ASC, id LIMIT 1
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT id FROM shop.customer ORDER BY home::text ASC, id LIMIT 1
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT id FROM hr.employee ORDER BY name::text ASC, id LIMIT 1
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT id FROM hr.employee ORDER BY salary::text ASC, id LIMIT 1
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT id FROM hr.employee ORDER BY iban::text ASC, id LIMIT 1
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT id FROM hr.employee ORDER BY photo::text ASC, id LIMIT 1
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT id FROM care.members ORDER BY mail::text ASC, id LIMIT 1
= read care.member care.members | masked predicate_on_protected via_view
@ reads care.member care.members

SELECT id FROM shop.contacts ORDER BY email::text ASC, id LIMIT 1
= read shop.customer shop.contacts | masked predicate_on_protected via_view
@ reads shop.contacts shop.customer

SELECT id FROM hr.tree ORDER BY name::text ASC, id LIMIT 1
= read hr.employee hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree

-- % secret_group

SELECT mail::text, count(*) FROM care.member GROUP BY 1 ORDER BY 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT passport::text, count(*) FROM care.member GROUP BY 1 ORDER BY 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT born::text, count(*) FROM care.member GROUP BY 1 ORDER BY 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT income::text, count(*) FROM care.member GROUP BY 1 ORDER BY 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT note::text, count(*) FROM care.member GROUP BY 1 ORDER BY 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT prefs::text, count(*) FROM care.member GROUP BY 1 ORDER BY 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT ip::text, count(*) FROM care.member GROUP BY 1 ORDER BY 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT mail_low::text, count(*) FROM care.member GROUP BY 1 ORDER BY 2
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT name::text, count(*) FROM shop.customer GROUP BY 1 ORDER BY 2
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT email::text, count(*) FROM shop.customer GROUP BY 1 ORDER BY 2
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT phone::text, count(*) FROM shop.customer GROUP BY 1 ORDER BY 2
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT home::text, count(*) FROM shop.customer GROUP BY 1 ORDER BY 2
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT name::text, count(*) FROM hr.employee GROUP BY 1 ORDER BY 2
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT salary::text, count(*) FROM hr.employee GROUP BY 1 ORDER BY 2
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT iban::text, count(*) FROM hr.employee GROUP BY 1 ORDER BY 2
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT photo::text, count(*) FROM hr.employee GROUP BY 1 ORDER BY 2
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT mail::text, count(*) FROM care.members GROUP BY 1 ORDER BY 2
= read care.member care.members | masked predicate_on_protected via_view
@ reads care.member care.members

SELECT email::text, count(*) FROM shop.contacts GROUP BY 1 ORDER BY 2
= read shop.customer shop.contacts | masked predicate_on_protected via_view
@ reads shop.contacts shop.customer

SELECT name::text, count(*) FROM hr.tree GROUP BY 1 ORDER BY 2
= read hr.employee hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree

-- % secret_agg

SELECT max(mail::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT max(note::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT max(email::text) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT max(iban::text) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT array_agg(mail) FROM care.member
= read care.member | masked
@ reads care.member

SELECT array_agg(note) FROM care.member
= read care.member | masked
@ reads care.member

SELECT array_agg(email) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT array_agg(iban) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT string_agg(mail::text, ',') FROM care.member
= read care.member | masked
@ reads care.member

SELECT string_agg(note::text, ',') FROM care.member
= read care.member | masked
@ reads care.member

SELECT string_agg(email::text, ',') FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT string_agg(iban::text, ',') FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT count(DISTINCT mail::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT count(DISTINCT note::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT count(DISTINCT email::text) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT count(DISTINCT iban::text) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT jsonb_agg(mail) FROM care.member
= read care.member | masked
@ reads care.member

SELECT jsonb_agg(note) FROM care.member
= read care.member | masked
@ reads care.member

SELECT jsonb_agg(email) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT jsonb_agg(iban) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

-- % secret_case

SELECT CASE WHEN mail IS NULL THEN 0 WHEN mail::text < 'm' THEN 1 END FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE WHEN passport IS NULL THEN 0 WHEN passport::text < 'm' THEN 1 END FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE WHEN born IS NULL THEN 0 WHEN born::text < 'm' THEN 1 END FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE WHEN income IS NULL THEN 0 WHEN income::text < 'm' THEN 1 END FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE WHEN note IS NULL THEN 0 WHEN note::text < 'm' THEN 1 END FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE WHEN prefs IS NULL THEN 0 WHEN prefs::text < 'm' THEN 1 END FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE WHEN ip IS NULL THEN 0 WHEN ip::text < 'm' THEN 1 END FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE WHEN mail_low IS NULL THEN 0 WHEN mail_low::text < 'm' THEN 1 END FROM care.member
= read care.member | masked
@ reads care.member

SELECT CASE WHEN name IS NULL THEN 0 WHEN name::text < 'm' THEN 1 END FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT CASE WHEN email IS NULL THEN 0 WHEN email::text < 'm' THEN 1 END FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT CASE WHEN phone IS NULL THEN 0 WHEN phone::text < 'm' THEN 1 END FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT CASE WHEN home IS NULL THEN 0 WHEN home::text < 'm' THEN 1 END FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT CASE WHEN name IS NULL THEN 0 WHEN name::text < 'm' THEN 1 END FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT CASE WHEN salary IS NULL THEN 0 WHEN salary::text < 'm' THEN 1 END FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT CASE WHEN iban IS NULL THEN 0 WHEN iban::text < 'm' THEN 1 END FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT CASE WHEN photo IS NULL THEN 0 WHEN photo::text < 'm' THEN 1 END FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT CASE WHEN mail IS NULL THEN 0 WHEN mail::text < 'm' THEN 1 END FROM care.members
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT CASE WHEN email IS NULL THEN 0 WHEN email::text < 'm' THEN 1 END FROM shop.contacts
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT CASE WHEN name IS NULL THEN 0 WHEN name::text < 'm' THEN 1 END FROM hr.tree
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

-- % secret_row

SELECT r FROM care.member AS r
= read care.member | masked
@ reads care.member

SELECT r FROM hr.employee AS r
= read hr.employee | masked
@ reads hr.employee

SELECT r FROM hr.tree AS r
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

SELECT to_jsonb(r) FROM hr.employee AS r
= read hr.employee | masked
@ reads hr.employee

SELECT to_jsonb(r) FROM hr.tree AS r
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

SELECT r::text FROM shop.customer AS r
= read shop.customer | masked
@ reads shop.customer

SELECT r::text FROM shop.contacts AS r
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT ROW(r.*) FROM shop.customer AS r
= read shop.customer | masked
@ reads shop.customer

SELECT ROW(r.*) FROM shop.contacts AS r
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT array_agg(r) FROM care.member AS r
= read care.member | masked
@ reads care.member

SELECT array_agg(r) FROM care.members AS r
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT (r).mail FROM care.member AS r
= read care.member | masked
@ reads care.member

SELECT (r).income FROM care.member AS r
= read care.member | masked
@ reads care.member

SELECT (r).prefs FROM care.member AS r
= read care.member | masked
@ reads care.member

SELECT (r).name FROM shop.customer AS r
= read shop.customer | masked
@ reads shop.customer

SELECT (r).home FROM shop.customer AS r
= read shop.customer | masked
@ reads shop.customer

SELECT (r).iban FROM hr.employee AS r
= read hr.employee | masked
@ reads hr.employee

SELECT (r).mail FROM care.members AS r
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT count(DISTINCT r::text) FROM care.member AS r
= read care.member | masked
@ reads care.member

SELECT count(DISTINCT r::text) FROM care.members AS r
= read care.member care.members | masked via_view
@ reads care.member care.members

-- % secret_cte

WITH visit AS (SELECT mail AS v FROM care.member) SELECT v FROM visit
= read care.member | masked
@ reads care.member

WITH visit AS (SELECT income AS v FROM care.member) SELECT v FROM visit
= read care.member | masked
@ reads care.member

WITH visit AS (SELECT mail_low AS v FROM care.member) SELECT v FROM visit
= read care.member | masked
@ reads care.member

WITH visit AS (SELECT home AS v FROM shop.customer) SELECT v FROM visit
= read shop.customer | masked
@ reads shop.customer

WITH visit AS (SELECT photo AS v FROM hr.employee) SELECT v FROM visit
= read hr.employee | masked
@ reads hr.employee

WITH x AS (SELECT mail AS v FROM care.member) SELECT v FROM x
= read care.member | masked
@ reads care.member

WITH x AS (SELECT income AS v FROM care.member) SELECT v FROM x
= read care.member | masked
@ reads care.member

WITH x AS (SELECT mail_low AS v FROM care.member) SELECT v FROM x
= read care.member | masked
@ reads care.member

WITH x AS (SELECT home AS v FROM shop.customer) SELECT v FROM x
= read shop.customer | masked
@ reads shop.customer

WITH x AS (SELECT photo AS v FROM hr.employee) SELECT v FROM x
= read hr.employee | masked
@ reads hr.employee

WITH "select" AS (SELECT mail AS v FROM care.member) SELECT v FROM "select"
= read care.member | masked
@ reads care.member

WITH "select" AS (SELECT income AS v FROM care.member) SELECT v FROM "select"
= read care.member | masked
@ reads care.member

WITH "select" AS (SELECT mail_low AS v FROM care.member) SELECT v FROM "select"
= read care.member | masked
@ reads care.member

WITH "select" AS (SELECT home AS v FROM shop.customer) SELECT v FROM "select"
= read shop.customer | masked
@ reads shop.customer

WITH "select" AS (SELECT photo AS v FROM hr.employee) SELECT v FROM "select"
= read hr.employee | masked
@ reads hr.employee

WITH orders AS (SELECT mail AS v FROM care.member) SELECT v FROM orders
= read care.member | masked
@ reads care.member

WITH orders AS (SELECT income AS v FROM care.member) SELECT v FROM orders
= read care.member | masked
@ reads care.member

WITH orders AS (SELECT mail_low AS v FROM care.member) SELECT v FROM orders
= read care.member | masked
@ reads care.member

WITH orders AS (SELECT home AS v FROM shop.customer) SELECT v FROM orders
= read shop.customer | masked
@ reads shop.customer

WITH orders AS (SELECT photo AS v FROM hr.employee) SELECT v FROM orders
= read hr.employee | masked
@ reads hr.employee

-- % secret_lateral

SELECT l.v FROM care.member s, LATERAL (SELECT s.mail AS v) l
= read care.member | masked
@ reads care.member

SELECT l.v FROM care.member s, LATERAL (SELECT s.passport AS v) l
= read care.member | masked
@ reads care.member

SELECT l.v FROM care.member s, LATERAL (SELECT s.born AS v) l
= read care.member | masked
@ reads care.member

SELECT l.v FROM care.member s, LATERAL (SELECT s.income AS v) l
= read care.member | masked
@ reads care.member

SELECT l.v FROM care.member s, LATERAL (SELECT s.note AS v) l
= read care.member | masked
@ reads care.member

SELECT l.v FROM care.member s, LATERAL (SELECT s.prefs AS v) l
= read care.member | masked
@ reads care.member

SELECT l.v FROM care.member s, LATERAL (SELECT s.ip AS v) l
= read care.member | masked
@ reads care.member

SELECT l.v FROM care.member s, LATERAL (SELECT s.mail_low AS v) l
= read care.member | masked
@ reads care.member

SELECT l.v FROM shop.customer s, LATERAL (SELECT s.name AS v) l
= read shop.customer | masked
@ reads shop.customer

SELECT l.v FROM shop.customer s, LATERAL (SELECT s.email AS v) l
= read shop.customer | masked
@ reads shop.customer

SELECT l.v FROM shop.customer s, LATERAL (SELECT s.phone AS v) l
= read shop.customer | masked
@ reads shop.customer

SELECT l.v FROM shop.customer s, LATERAL (SELECT s.home AS v) l
= read shop.customer | masked
@ reads shop.customer

SELECT l.v FROM hr.employee s, LATERAL (SELECT s.name AS v) l
= read hr.employee | masked
@ reads hr.employee

SELECT l.v FROM hr.employee s, LATERAL (SELECT s.salary AS v) l
= read hr.employee | masked
@ reads hr.employee

SELECT l.v FROM hr.employee s, LATERAL (SELECT s.iban AS v) l
= read hr.employee | masked
@ reads hr.employee

SELECT l.v FROM hr.employee s, LATERAL (SELECT s.photo AS v) l
= read hr.employee | masked
@ reads hr.employee

SELECT l.v FROM care.members s, LATERAL (SELECT s.mail AS v) l
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT l.v FROM shop.contacts s, LATERAL (SELECT s.email AS v) l
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT l.v FROM hr.tree s, LATERAL (SELECT s.name AS v) l
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

-- % secret_union

SELECT memo FROM care.visit UNION SELECT mail::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit UNION SELECT income::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit UNION SELECT mail_low::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit UNION SELECT home::text FROM shop.customer
= read care.visit shop.customer | masked
@ reads care.visit shop.customer

SELECT memo FROM care.visit UNION SELECT photo::text FROM hr.employee
= read care.visit hr.employee | masked
@ reads care.visit hr.employee

SELECT memo FROM care.visit UNION ALL SELECT mail::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit UNION ALL SELECT income::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit UNION ALL SELECT mail_low::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit UNION ALL SELECT home::text FROM shop.customer
= read care.visit shop.customer | masked
@ reads care.visit shop.customer

SELECT memo FROM care.visit UNION ALL SELECT photo::text FROM hr.employee
= read care.visit hr.employee | masked
@ reads care.visit hr.employee

SELECT memo FROM care.visit INTERSECT SELECT mail::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit INTERSECT SELECT income::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit INTERSECT SELECT mail_low::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit INTERSECT SELECT home::text FROM shop.customer
= read care.visit shop.customer | masked
@ reads care.visit shop.customer

SELECT memo FROM care.visit INTERSECT SELECT photo::text FROM hr.employee
= read care.visit hr.employee | masked
@ reads care.visit hr.employee

SELECT memo FROM care.visit EXCEPT SELECT mail::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit EXCEPT SELECT income::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit EXCEPT SELECT mail_low::text FROM care.member
= read care.member care.visit | masked
@ reads care.member care.visit

SELECT memo FROM care.visit EXCEPT SELECT home::text FROM shop.customer
= read care.visit shop.customer | masked
@ reads care.visit shop.customer

SELECT memo FROM care.visit EXCEPT SELECT photo::text FROM hr.employee
= read care.visit hr.employee | masked
@ reads care.visit hr.employee

-- % secret_window

SELECT rank() OVER (ORDER BY mail::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT rank() OVER (ORDER BY note::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT rank() OVER (ORDER BY email::text) FROM shop.customer
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT rank() OVER (ORDER BY iban::text) FROM hr.employee
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT row_number() OVER (ORDER BY mail::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT row_number() OVER (ORDER BY note::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT row_number() OVER (ORDER BY email::text) FROM shop.customer
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT row_number() OVER (ORDER BY iban::text) FROM hr.employee
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT lag(mail) OVER (ORDER BY mail::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT lag(note) OVER (ORDER BY note::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT lag(email) OVER (ORDER BY email::text) FROM shop.customer
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT lag(iban) OVER (ORDER BY iban::text) FROM hr.employee
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT ntile(3) OVER (ORDER BY mail::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT ntile(3) OVER (ORDER BY note::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT ntile(3) OVER (ORDER BY email::text) FROM shop.customer
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT ntile(3) OVER (ORDER BY iban::text) FROM hr.employee
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT count(*) OVER (ORDER BY mail::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) OVER (ORDER BY note::text) FROM care.member
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT count(*) OVER (ORDER BY email::text) FROM shop.customer
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT count(*) OVER (ORDER BY iban::text) FROM hr.employee
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

-- % secret_join

SELECT o.id FROM shop.orders o INNER JOIN care.member s ON s.mail::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o INNER JOIN care.member s ON s.born::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o INNER JOIN care.member s ON s.prefs::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o INNER JOIN shop.customer s ON s.name::text = o.coupon
= read shop.customer shop.orders | masked predicate_on_protected
@ reads shop.customer shop.orders

SELECT o.id FROM shop.orders o INNER JOIN shop.customer s ON s.home::text = o.coupon
= read shop.customer shop.orders | masked predicate_on_protected
@ reads shop.customer shop.orders

SELECT o.id FROM shop.orders o INNER JOIN hr.employee s ON s.iban::text = o.coupon
= read hr.employee shop.orders | masked predicate_on_protected
@ reads hr.employee shop.orders

SELECT o.id FROM shop.orders o INNER JOIN shop.contacts s ON s.email::text = o.coupon
= read shop.customer shop.orders shop.contacts | masked predicate_on_protected via_view
@ reads shop.contacts shop.customer shop.orders

SELECT o.id FROM shop.orders o LEFT JOIN care.member s ON s.mail::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o LEFT JOIN care.member s ON s.income::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o LEFT JOIN care.member s ON s.ip::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o LEFT JOIN shop.customer s ON s.email::text = o.coupon
= read shop.customer shop.orders | masked predicate_on_protected
@ reads shop.customer shop.orders

SELECT o.id FROM shop.orders o LEFT JOIN hr.employee s ON s.name::text = o.coupon
= read hr.employee shop.orders | masked predicate_on_protected
@ reads hr.employee shop.orders

SELECT o.id FROM shop.orders o LEFT JOIN hr.employee s ON s.photo::text = o.coupon
= read hr.employee shop.orders | masked predicate_on_protected
@ reads hr.employee shop.orders

SELECT o.id FROM shop.orders o LEFT JOIN hr.tree s ON s.name::text = o.coupon
= read hr.employee shop.orders hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree shop.orders

SELECT o.id FROM shop.orders o FULL JOIN care.member s ON s.passport::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o FULL JOIN care.member s ON s.note::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o FULL JOIN care.member s ON s.mail_low::text = o.coupon
= read care.member shop.orders | masked predicate_on_protected
@ reads care.member shop.orders

SELECT o.id FROM shop.orders o FULL JOIN shop.customer s ON s.phone::text = o.coupon
= read shop.customer shop.orders | masked predicate_on_protected
@ reads shop.customer shop.orders

SELECT o.id FROM shop.orders o FULL JOIN hr.employee s ON s.salary::text = o.coupon
= read hr.employee shop.orders | masked predicate_on_protected
@ reads hr.employee shop.orders

SELECT o.id FROM shop.orders o FULL JOIN care.members s ON s.mail::text = o.coupon
= read care.member shop.orders care.members | masked predicate_on_protected via_view
@ reads care.member care.members shop.orders

-- % secret_subquery

SELECT id FROM shop.product WHERE title = (SELECT max(mail::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title = (SELECT max(income::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title = (SELECT max(mail_low::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title = (SELECT max(home::text) FROM shop.customer)
= read shop.customer shop.product | masked predicate_on_protected
@ reads shop.customer shop.product

SELECT id FROM shop.product WHERE title = (SELECT max(photo::text) FROM hr.employee)
= read hr.employee shop.product | masked predicate_on_protected
@ reads hr.employee shop.product

SELECT id FROM shop.product WHERE title = (SELECT min(mail::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title = (SELECT min(income::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title = (SELECT min(mail_low::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title = (SELECT min(home::text) FROM shop.customer)
= read shop.customer shop.product | masked predicate_on_protected
@ reads shop.customer shop.product

SELECT id FROM shop.product WHERE title = (SELECT min(photo::text) FROM hr.employee)
= read hr.employee shop.product | masked predicate_on_protected
@ reads hr.employee shop.product

SELECT id FROM shop.product WHERE title < (SELECT max(mail::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title < (SELECT max(income::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title < (SELECT max(mail_low::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title < (SELECT max(home::text) FROM shop.customer)
= read shop.customer shop.product | masked predicate_on_protected
@ reads shop.customer shop.product

SELECT id FROM shop.product WHERE title < (SELECT max(photo::text) FROM hr.employee)
= read hr.employee shop.product | masked predicate_on_protected
@ reads hr.employee shop.product

SELECT id FROM shop.product WHERE title < (SELECT min(mail::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title < (SELECT min(income::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title < (SELECT min(mail_low::text) FROM care.member)
= read care.member shop.product | masked predicate_on_protected
@ reads care.member shop.product

SELECT id FROM shop.product WHERE title < (SELECT min(home::text) FROM shop.customer)
= read shop.customer shop.product | masked predicate_on_protected
@ reads shop.customer shop.product

SELECT id FROM shop.product WHERE title < (SELECT min(photo::text) FROM hr.employee)
= read hr.employee shop.product | masked predicate_on_protected
@ reads hr.employee shop.product

-- % secret_limit

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(mail::text) FROM care.member LIMIT 1)
= read care.member shop.product shop.region | masked predicate_on_protected
@ reads care.member shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(passport::text) FROM care.member LIMIT 1)
= read care.member shop.product shop.region | masked predicate_on_protected
@ reads care.member shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(born::text) FROM care.member LIMIT 1)
= read care.member shop.product shop.region | masked predicate_on_protected
@ reads care.member shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(income::text) FROM care.member LIMIT 1)
= read care.member shop.product shop.region | masked predicate_on_protected
@ reads care.member shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(note::text) FROM care.member LIMIT 1)
= read care.member shop.product shop.region | masked predicate_on_protected
@ reads care.member shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(prefs::text) FROM care.member LIMIT 1)
= read care.member shop.product shop.region | masked predicate_on_protected
@ reads care.member shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(ip::text) FROM care.member LIMIT 1)
= read care.member shop.product shop.region | masked predicate_on_protected
@ reads care.member shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(mail_low::text) FROM care.member LIMIT 1)
= read care.member shop.product shop.region | masked predicate_on_protected
@ reads care.member shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(name::text) FROM shop.customer LIMIT 1)
= read shop.customer shop.product shop.region | masked predicate_on_protected
@ reads shop.customer shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(email::text) FROM shop.customer LIMIT 1)
= read shop.customer shop.product shop.region | masked predicate_on_protected
@ reads shop.customer shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(phone::text) FROM shop.customer LIMIT 1)
= read shop.customer shop.product shop.region | masked predicate_on_protected
@ reads shop.customer shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(home::text) FROM shop.customer LIMIT 1)
= read shop.customer shop.product shop.region | masked predicate_on_protected
@ reads shop.customer shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(name::text) FROM hr.employee LIMIT 1)
= read hr.employee shop.product shop.region | masked predicate_on_protected
@ reads hr.employee shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(salary::text) FROM hr.employee LIMIT 1)
= read hr.employee shop.product shop.region | masked predicate_on_protected
@ reads hr.employee shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(iban::text) FROM hr.employee LIMIT 1)
= read hr.employee shop.product shop.region | masked predicate_on_protected
@ reads hr.employee shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(photo::text) FROM hr.employee LIMIT 1)
= read hr.employee shop.product shop.region | masked predicate_on_protected
@ reads hr.employee shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(mail::text) FROM care.members LIMIT 1)
= read care.member shop.product shop.region care.members | masked predicate_on_protected via_view
@ reads care.member care.members shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(email::text) FROM shop.contacts LIMIT 1)
= read shop.customer shop.product shop.region shop.contacts | masked predicate_on_protected via_view
@ reads shop.contacts shop.customer shop.product shop.region

SELECT id FROM shop.region, shop.product LIMIT (SELECT length(name::text) FROM hr.tree LIMIT 1)
= read hr.employee shop.product shop.region hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree shop.product shop.region

-- % secret_renamed

SELECT q.z FROM (SELECT mail FROM care.member) AS q (z)
= read care.member | masked
@ reads care.member

SELECT q.z FROM (SELECT passport FROM care.member) AS q (z)
= read care.member | masked
@ reads care.member

SELECT q.z FROM (SELECT born FROM care.member) AS q (z)
= read care.member | masked
@ reads care.member

SELECT q.z FROM (SELECT income FROM care.member) AS q (z)
= read care.member | masked
@ reads care.member

SELECT q.z FROM (SELECT note FROM care.member) AS q (z)
= read care.member | masked
@ reads care.member

SELECT q.z FROM (SELECT prefs FROM care.member) AS q (z)
= read care.member | masked
@ reads care.member

SELECT q.z FROM (SELECT ip FROM care.member) AS q (z)
= read care.member | masked
@ reads care.member

SELECT q.z FROM (SELECT mail_low FROM care.member) AS q (z)
= read care.member | masked
@ reads care.member

SELECT q.z FROM (SELECT name FROM shop.customer) AS q (z)
= read shop.customer | masked
@ reads shop.customer

SELECT q.z FROM (SELECT email FROM shop.customer) AS q (z)
= read shop.customer | masked
@ reads shop.customer

SELECT q.z FROM (SELECT phone FROM shop.customer) AS q (z)
= read shop.customer | masked
@ reads shop.customer

SELECT q.z FROM (SELECT home FROM shop.customer) AS q (z)
= read shop.customer | masked
@ reads shop.customer

SELECT q.z FROM (SELECT name FROM hr.employee) AS q (z)
= read hr.employee | masked
@ reads hr.employee

SELECT q.z FROM (SELECT salary FROM hr.employee) AS q (z)
= read hr.employee | masked
@ reads hr.employee

SELECT q.z FROM (SELECT iban FROM hr.employee) AS q (z)
= read hr.employee | masked
@ reads hr.employee

SELECT q.z FROM (SELECT photo FROM hr.employee) AS q (z)
= read hr.employee | masked
@ reads hr.employee

SELECT q.z FROM (SELECT mail FROM care.members) AS q (z)
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT q.z FROM (SELECT email FROM shop.contacts) AS q (z)
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT q.z FROM (SELECT name FROM hr.tree) AS q (z)
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

-- % secret_values

SELECT v.* FROM care.member s CROSS JOIN LATERAL (VALUES (s.mail::text), ('x')) AS v (t)
= read care.member | masked
@ reads care.member

SELECT v.* FROM care.member s CROSS JOIN LATERAL (VALUES (s.passport::text), ('x')) AS v (t)
= read care.member | masked
@ reads care.member

SELECT v.* FROM care.member s CROSS JOIN LATERAL (VALUES (s.born::text), ('x')) AS v (t)
= read care.member | masked
@ reads care.member

SELECT v.* FROM care.member s CROSS JOIN LATERAL (VALUES (s.income::text), ('x')) AS v (t)
= read care.member | masked
@ reads care.member

SELECT v.* FROM care.member s CROSS JOIN LATERAL (VALUES (s.note::text), ('x')) AS v (t)
= read care.member | masked
@ reads care.member

SELECT v.* FROM care.member s CROSS JOIN LATERAL (VALUES (s.prefs::text), ('x')) AS v (t)
= read care.member | masked
@ reads care.member

SELECT v.* FROM care.member s CROSS JOIN LATERAL (VALUES (s.ip::text), ('x')) AS v (t)
= read care.member | masked
@ reads care.member

SELECT v.* FROM care.member s CROSS JOIN LATERAL (VALUES (s.mail_low::text), ('x')) AS v (t)
= read care.member | masked
@ reads care.member

SELECT v.* FROM shop.customer s CROSS JOIN LATERAL (VALUES (s.name::text), ('x')) AS v (t)
= read shop.customer | masked
@ reads shop.customer

SELECT v.* FROM shop.customer s CROSS JOIN LATERAL (VALUES (s.email::text), ('x')) AS v (t)
= read shop.customer | masked
@ reads shop.customer

SELECT v.* FROM shop.customer s CROSS JOIN LATERAL (VALUES (s.phone::text), ('x')) AS v (t)
= read shop.customer | masked
@ reads shop.customer

SELECT v.* FROM shop.customer s CROSS JOIN LATERAL (VALUES (s.home::text), ('x')) AS v (t)
= read shop.customer | masked
@ reads shop.customer

SELECT v.* FROM hr.employee s CROSS JOIN LATERAL (VALUES (s.name::text), ('x')) AS v (t)
= read hr.employee | masked
@ reads hr.employee

SELECT v.* FROM hr.employee s CROSS JOIN LATERAL (VALUES (s.salary::text), ('x')) AS v (t)
= read hr.employee | masked
@ reads hr.employee

SELECT v.* FROM hr.employee s CROSS JOIN LATERAL (VALUES (s.iban::text), ('x')) AS v (t)
= read hr.employee | masked
@ reads hr.employee

SELECT v.* FROM hr.employee s CROSS JOIN LATERAL (VALUES (s.photo::text), ('x')) AS v (t)
= read hr.employee | masked
@ reads hr.employee

SELECT v.* FROM care.members s CROSS JOIN LATERAL (VALUES (s.mail::text), ('x')) AS v (t)
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT v.* FROM shop.contacts s CROSS JOIN LATERAL (VALUES (s.email::text), ('x')) AS v (t)
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT v.* FROM hr.tree s CROSS JOIN LATERAL (VALUES (s.name::text), ('x')) AS v (t)
= read hr.employee hr.tree | masked via_view
@ reads hr.employee hr.tree

-- % secret_error

SELECT 1 / length(mail::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT 1 / length(income::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT 1 / length(mail_low::text) FROM care.member
= read care.member | masked
@ reads care.member

SELECT 1 / length(home::text) FROM shop.customer
= read shop.customer | masked
@ reads shop.customer

SELECT 1 / length(photo::text) FROM hr.employee
= read hr.employee | masked
@ reads hr.employee

SELECT (mail::text)::numeric FROM care.member
= read care.member | masked
@ fails 22P02

SELECT (income::text)::numeric FROM care.member
= read care.member | masked
@ reads care.member

SELECT (mail_low::text)::numeric FROM care.member
= read care.member | masked
@ fails 22P02

SELECT (home::text)::numeric FROM shop.customer
= read shop.customer | masked
@ fails 22P02

SELECT (photo::text)::numeric FROM hr.employee
= read hr.employee | masked
@ fails 22P02

SELECT mail::text::date FROM care.member
= read care.member | masked
@ fails 22007

SELECT income::text::date FROM care.member
= read care.member | masked
@ fails 22007

SELECT mail_low::text::date FROM care.member
= read care.member | masked
@ fails 22007

SELECT home::text::date FROM shop.customer
= read shop.customer | masked
@ fails 22007

SELECT photo::text::date FROM hr.employee
= read hr.employee | masked
@ fails 22007

SELECT ('[' || mail::text || ']')::jsonb FROM care.member
= read care.member | masked
@ fails 22P02

SELECT ('[' || income::text || ']')::jsonb FROM care.member
= read care.member | masked
@ reads care.member

SELECT ('[' || mail_low::text || ']')::jsonb FROM care.member
= read care.member | masked
@ fails 22P02

SELECT ('[' || home::text || ']')::jsonb FROM shop.customer
= read shop.customer | masked
@ fails 22P02

SELECT ('[' || photo::text || ']')::jsonb FROM hr.employee
= read hr.employee | masked
@ fails 22P02
