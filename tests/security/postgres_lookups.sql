-- Look-ups by token over the shop of tests/integration/shop.py, with public.customers.email and hr.pay.card opened.
-- "= rows": answered with these ids; "! doubt": refused; a blank line between.

SELECT id FROM customers WHERE email = assent_token('anna@example.test')
= 1

SELECT id, plan FROM public.customers c WHERE c.email = assent_token('ben@example.test') AND plan = 'b'
= 2

SELECT id FROM customers WHERE assent_token('anna@example.test') = email
= 1

SELECT id FROM customers WHERE email IN (assent_token('anna@example.test'), assent_token('ben@example.test')) ORDER BY id
= 1 2

SELECT id FROM customers WHERE email IN(assent_token('nobody@example.test'))
=

SELECT id FROM customers WHERE email=ASSENT_TOKEN ( 'anna@example.test' )OR email = assent_token('x')AND plan = 'a'
= 1

SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer WHERE c.email = assent_token('anna@example.test') AND o.total > 170 ORDER BY o.id
= 18

SELECT id FROM hr.pay WHERE card = assent_token('4111111111111111')
= 1

SELECT id FROM hr.pay WHERE card = assent_token('+4111111111111111')
= 1

SELECT id FROM customers WHERE email = assent_token('O''Hara@example.test')
=

SELECT count(*) FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.email = assent_token('anna@example.test'))
= 6

WITH who AS (SELECT id FROM customers WHERE email = assent_token('anna@example.test')) SELECT id FROM who
= 1

SELECT id FROM customers WHERE email = assent_token('anna@example.test') UNION SELECT id FROM customers WHERE email = assent_token('ben@example.test') ORDER BY 1
= 1 2

-- a token would be shown, or said by something else

SELECT id, email FROM customers WHERE email = assent_token('anna@example.test')
! protected

SELECT * FROM customers WHERE email = assent_token('anna@example.test')
! protected

SELECT c FROM customers c WHERE email = assent_token('anna@example.test')
! protected

SELECT to_jsonb(c) FROM customers c WHERE email = assent_token('anna@example.test')
! protected

SELECT id FROM customers WHERE email = assent_token('anna@example.test') ORDER BY email
! protected

SELECT id FROM customers WHERE email = assent_token('anna@example.test') AND email > 'b'
! protected

SELECT c.id FROM customers c JOIN events e USING (email) WHERE c.email = assent_token('anna@example.test')
! protected

SELECT c.id FROM customers c NATURAL JOIN events e WHERE c.email = assent_token('anna@example.test')
! protected

SELECT c.id FROM customers c JOIN customers d ON c.email = d.email WHERE d.email = assent_token('anna@example.test')
! protected

SELECT id, (SELECT max(e.email) FROM events e) FROM customers WHERE email = assent_token('anna@example.test')
! protected

SELECT count(DISTINCT email) FROM customers WHERE email = assent_token('anna@example.test')
! protected

SELECT id FROM (SELECT id, email FROM customers) x WHERE email = assent_token('anna@example.test')
! protected

SELECT id FROM buyers WHERE email = assent_token('anna@example.test')
! protected

WITH x AS (SELECT * FROM customers) SELECT id FROM x WHERE email = assent_token('anna@example.test')
! protected

SELECT id FROM customers WHERE email = assent_token('anna@example.test') GROUP BY id, email
! protected

SELECT id FROM customers WHERE email = assent_token('a') AND id IN (SELECT length(email) FROM events)
! protected

-- in another place than the comparison

SELECT assent_token('anna@example.test')
! function

SELECT id, assent_token('anna@example.test') FROM customers
! function

SELECT id FROM customers WHERE email <> assent_token('anna@example.test')
! function

SELECT id FROM customers WHERE NOT email = assent_token('anna@example.test')
! function

SELECT id FROM customers WHERE email LIKE assent_token('anna@example.test')
! function

SELECT id FROM customers WHERE email IN (assent_token('a'), 'b')
! function

SELECT id FROM customers WHERE email NOT IN (assent_token('a'))
! function

SELECT id FROM customers WHERE email = ANY (ARRAY[assent_token('a')])
! function

SELECT id FROM customers WHERE lower(email) = assent_token('a')
! function

SELECT id FROM customers WHERE (email = assent_token('a')) IS TRUE
! function

SELECT id FROM customers WHERE CASE WHEN email = assent_token('a') THEN true END
! function

SELECT id FROM customers HAVING email = assent_token('a')
! function

SELECT c.id FROM customers c JOIN orders o ON c.email = assent_token('a')
! function

SELECT id FROM customers ORDER BY email = assent_token('a')
! function

SELECT id FROM customers WHERE email = assent_token('a' || 'b')
! function

SELECT id FROM customers WHERE email = assent_token('a', 'b')
! function

SELECT id FROM customers WHERE email = assent_token(E'a')
! function

SELECT id FROM customers WHERE email = assent_token($$a$$)
! function

SELECT id FROM customers WHERE email = assent_token(/* a */ 'a')
! function

SELECT id FROM customers WHERE email = assent_token('a')::text
! function

SELECT id FROM customers WHERE email = pg_catalog.assent_token('a')
! function

SELECT id FROM customers WHERE email = "assent_token"('a')
! function

SELECT id FROM customers WHERE email = assent_token(VARIADIC 'a')
! function

SELECT id FROM customers WHERE email OPERATOR(pg_catalog.=) assent_token('a')
! function

SELECT id FROM customers WHERE id = (SELECT assent_token('a')::int)
! function

UPDATE customers SET plan = 'x' WHERE email = assent_token('anna@example.test')
! function

DELETE FROM customers WHERE email = assent_token('anna@example.test')
! function

CREATE TABLE x AS SELECT id FROM customers WHERE email = assent_token('anna@example.test')
! function

SELECT id FROM customers WHERE email = assent_token('anna@example.test') FOR UPDATE
! function

-- columns that nobody opened

SELECT id FROM customers WHERE ssn = assent_token('078-05-1120')
! protected

SELECT id FROM customers WHERE plan = assent_token('a')
! protected

SELECT id FROM orders WHERE state = assent_token('paid')
! disagree

SELECT id FROM events, customers WHERE events.email = assent_token('anna@example.test')
! protected

SELECT id FROM customers WHERE id = assent_token('1')
! disagree
