-- Changes, how many rows of their target they touch over the schema of tests/integration/test_impact.py, a blank line.
-- "= rows": counted; "~": no question of ours can be made of it, or none may be asked: the planner's guess, or nothing.

DELETE FROM orders WHERE customer_id = 3
= 10

DELETE FROM orders
= 300

DELETE FROM ONLY orders AS o WHERE o.note = 'x' AND o.id % 2 = 0
= 150

delete from public.orders o using customers c where c.id = o.customer_id and c.id <= 4
= 40

DELETE FROM customers c USING orders o, log l WHERE o.customer_id = c.id AND o.id <= 45
= 0

DELETE FROM customers c USING orders o WHERE o.customer_id = c.id AND o.id <= 45 RETURNING c.id
= 30

UPDATE customers SET name = 'where' || name WHERE id < 11 AND name <> 'set where returning'
= 10

UPDATE customers SET (name, plan) = ('a', 'b') WHERE id IN (SELECT customer_id FROM orders WHERE id < 4) RETURNING id, name
= 3

UPDATE customers AS x SET plan = o.note FROM orders o JOIN log l ON true WHERE x.id = o.customer_id
= 0

UPDATE customers AS x SET plan = o.note FROM orders o LEFT JOIN log l ON true WHERE x.id = o.customer_id AND o.id <= 31
= 30

UPDATE customers SET plan = 'x'
= 30

UPDATE ONLY public.customers SET plan = 'x' /* where */ WHERE /* where */ id = 1 -- where
= 1

UPDATE customers SET plan = (SELECT min(note) FROM orders WHERE orders.customer_id = customers.id) WHERE EXISTS (SELECT 1 FROM orders WHERE orders.customer_id = customers.id AND orders.id = 5)
= 1

DELETE FROM orders WHERE id = 1 -- returning
  OR id = 2
= 2

UPDATE orders SET note = 'y' -- where id = 1 and
  WHERE id <= 3
= 3

INSERT INTO log SELECT note FROM orders WHERE id <= 12
= 12

INSERT INTO log (what) SELECT DISTINCT note FROM orders UNION ALL SELECT plan FROM customers WHERE id = 1
= 2

INSERT INTO log (what) WITH n AS (SELECT note FROM orders LIMIT 7) SELECT note FROM n RETURNING *
= 7

INSERT INTO log (what) (SELECT note FROM orders ORDER BY id LIMIT 3)
= 3

INSERT INTO log (what) TABLE named
= 30

INSERT INTO log (what) VALUES ('a'), ('b')
~

WITH gone AS (DELETE FROM orders RETURNING id) SELECT count(*) FROM gone
~

WITH few AS (SELECT 1 AS id) DELETE FROM customers WHERE id IN (SELECT id FROM few)
~

MERGE INTO customers c USING orders o ON c.id = o.customer_id WHEN MATCHED THEN DO NOTHING
~

-- the condition looks at a protected column: the read role cannot, and the number would tell of it

DELETE FROM customers WHERE email = 'anna@example.test'
~

UPDATE customers SET plan = 'x' WHERE id = 1 AND email LIKE 'a%'
~

DELETE FROM orders USING customers c WHERE c.id = customer_id AND c.email IS NOT NULL
~

DELETE FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE length(email) > 3)
~

INSERT INTO log SELECT plan FROM customers ORDER BY email
~

-- a policy shows the read role other rows than the write role

DELETE FROM policed WHERE id < 5
~

-- what could act while it is counted

DELETE FROM orders WHERE id = nextval('orders_id_seq')
~

DELETE FROM orders WHERE id = own_volatile()
~

-- it takes longer than half a second

DELETE FROM orders WHERE (SELECT count(*) FROM generate_series(1, 300000000)) > 0
~
