-- INSERT, UPDATE, DELETE, MERGE, upserts, data-modifying CTEs, locks, laundering. By hand.

-- # writes: INSERT

INSERT INTO shop.region (code, name) VALUES ('IT', 'Italy'), ('ES', DEFAULT)
= insert shop.region
@ acts fails:23502 tree:insert stopped:25006

INSERT INTO shop.region VALUES ('PL', 'Poland', 'EU') RETURNING code, upper(name)
= insert shop.region; read shop.region
@ acts tree:insert changes:shop.region(+1) locks:shop.region(RowExclusive),shop.region(RowShare) effects:xid stopped:25006

INSERT INTO shop.product (id, sku, title, price, cost) SELECT id + 1000, sku || '-b', title, price, cost FROM shop.product WHERE category = 'seat'
= insert shop.product; read shop.product
@ acts shop.product tree:insert changes:shop.product(+8) locks:shop.product(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.orders (id, customer_id, total) OVERRIDING SYSTEM VALUE VALUES (9001, 1, 10) RETURNING *, 1 AS one
= insert shop.orders; read shop.orders
@ acts tree:insert changes:shop.orders(+1) locks:shop.customer(RowShare),shop.orders(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log DEFAULT VALUES
= insert care.log
@ acts tree:insert changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) VALUES ($1)
= insert care.log
@ acts tree:insert changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 5) ON CONFLICT (product_id, warehouse) DO UPDATE SET quantity = s.quantity + excluded.quantity WHERE s.quantity < 100
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock; update shop.stock shop.stock_north shop.stock_other
@ acts shop.stock tree:insert changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.cache (key, value) VALUES ('k', '\x00') ON CONFLICT DO NOTHING
= insert shop.cache
@ acts tree:insert changes:shop.cache(+1) locks:shop.cache(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.product (id, sku) VALUES (1, 'SKU-1') ON CONFLICT ON CONSTRAINT product_sku_key DO UPDATE SET (title, category) = (excluded.title, 'again')
= insert shop.product; read shop.product; update shop.product
@ acts tree:insert changes:shop.product(~1) locks:shop.product(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.import (raw) SELECT string_agg(code, ',') FROM shop.region GROUP BY parent
= insert care.log shop.import; read shop.import shop.region | fires_rules
@ acts shop.import shop.region tree:insert changes:care.log(+2),shop.import(+2) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.import (raw) VALUES ('copied by a rule')
= insert care.log shop.import; read shop.import | fires_rules
@ acts shop.import tree:insert changes:care.log(+1),shop.import(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.event (at, kind) SELECT d, 'made' FROM generate_series(timestamptz '2024-03-30Z', '2024-04-02Z', '1 day') d
= insert shop.event shop.event_2024q1 shop.event_2024q2 shop.event_rest
@ acts tree:insert changes:shop.event_2024q1(+2),shop.event_2024q2(+2) locks:shop.event(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.cheap (id, sku, price) VALUES (5001, 'SKU-c', 5)
= insert shop.product shop.cheap; read shop.cheap | via_view
@ acts tree:insert changes:shop.product(+1) locks:shop.cheap(RowExclusive),shop.product(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.order_lines (id, line) VALUES (1, 9)
= insert shop.order_lines | fires_triggers unregistered_code via_view
@ acts tree:insert locks:shop.order_lines(RowExclusive) code:app.deny stopped:25006

INSERT INTO shop.customer (id, active) VALUES (7001, false)
= insert shop.customer | fires_triggers unregistered_code
@ acts tree:insert changes:shop.audit(+1),shop.customer(+1) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006

INSERT INTO care.visit (id, doctor_id, codes[1], codes[2]) VALUES (9001, 1, 5, 6)
= insert care.visit
@ acts tree:insert changes:care.visit(+1) locks:care.visit(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.audit (what) SELECT 'row ' || t FROM (TABLE shop.region ORDER BY code LIMIT 1) t
= insert shop.audit; read shop.region | fires_rules
@ acts shop.region tree:insert changes:shop.audit(+1) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

WITH fresh AS (SELECT max(id) + 1 AS id FROM shop.product) INSERT INTO shop.product (id, sku) SELECT id, 'SKU-x' FROM fresh
= insert shop.product; read shop.product
@ acts shop.product tree:insert changes:shop.product(+1) locks:shop.product(RowExclusive) effects:xid stopped:25006

INSERT INTO hr.department (id, name) (VALUES (11, 'Ops')) UNION ALL (VALUES (12, 'Law'))
= insert hr.department
@ acts tree:insert changes:hr.department(+2) locks:hr.department(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.orders (id, customer_id, placed) VALUES (nextval('shop.numbers') + 10000, 2, now()) RETURNING id
= insert shop.orders; read shop.orders; update sequence:shop.numbers
@ acts tree:insert changes:shop.orders(+1) locks:shop.customer(RowShare),shop.numbers(RowExclusive),shop.orders(RowExclusive) effects:xid stopped:25006

INSERT INTO care.parent SELECT id, kind FROM ONLY care.parent
= insert care.child care.parent; read care.parent
@ acts care.parent tree:insert changes:care.parent(+2) locks:care.parent(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.price_history VALUES (99, '[2030-01-01, 2030-02-01)', (SELECT avg(price) FROM shop.product))
= insert shop.price_history; read shop.product
@ acts shop.product tree:insert changes:shop.price_history(+1) locks:shop.price_history(RowExclusive) effects:xid stopped:25006

INSERT INTO hr."Odd name" ("x) (y", "select") VALUES ($$it's$$, 4)
= insert hr.Odd_name
@ acts tree:insert changes:hr.Odd_name(+1) locks:hr.Odd_name(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.stock_other SELECT product_id + 100, 'east', quantity FROM shop.stock_north
= insert shop.stock_other; read shop.stock_north
@ acts shop.stock tree:insert changes:shop.stock_other(+30) effects:xid stopped:25006

-- # writes: UPDATE

UPDATE shop.product SET price = round(price * 1.1, 2) WHERE category = 'light'
= update shop.product
@ acts tree:update changes:shop.product(~7) locks:shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.product p SET title = p.title || '!', attributes = attributes || '{"sale": true}' FROM shop.stock s WHERE s.product_id = p.id AND s.quantity = 0
= read shop.stock; update shop.product
@ acts shop.stock tree:update changes:shop.product(~1) locks:shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET (coupon, currency) = ('NEW', 'USD') WHERE id IN (1, 2, 3)
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~3) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders o SET (total, coupon) = (SELECT sum(i.price), max(i.line)::text FROM shop.item i WHERE i.order_id = o.id)
= read shop.item; update shop.orders | fires_triggers no_where unregistered_code
@ acts shop.item tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET state = 'paid', paid = now() WHERE state = 'placed' AND placed < now() - interval '1 day' RETURNING id, state
= read shop.orders; update shop.orders | fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~25) locks:shop.orders(RowExclusive) effects:xid code:app.stamp stopped:25006

UPDATE care.visit SET codes[2] = 9, score = NULL WHERE id < 3
= update care.visit
@ acts tree:update changes:care.visit(~2) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE shop.customer SET extra = jsonb_set(coalesce(extra, '{}'), '{vip}', 'true') WHERE plan = 'pro'
= update shop.customer | fires_triggers unregistered_code
@ acts tree:update changes:shop.audit(+25),shop.customer(~25) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006

UPDATE ONLY care.parent SET kind = 'q'
= update care.child care.parent | no_where
@ acts tree:update changes:care.parent(~2) locks:care.parent(RowExclusive) effects:xid stopped:25006

UPDATE care.parent SET kind = upper(kind)
= update care.child care.parent | no_where
@ acts tree:update changes:care.child(~1),care.parent(~2) locks:care.parent(RowExclusive) effects:xid stopped:25006

UPDATE shop.event SET at = at + interval '3 months' WHERE kind = 'buy'
= delete shop.event_2024q1 shop.event_2024q2 shop.event_rest; insert shop.event_2024q1 shop.event_2024q2 shop.event_rest; update shop.event shop.event_2024q1 shop.event_2024q2 shop.event_rest
@ acts shop.event tree:update changes:shop.event_2024q1(-30),shop.event_2024q2(+30-30),shop.event_rest(+30~23) locks:shop.event(RowExclusive) effects:xid stopped:25006

UPDATE shop.region SET code = 'D2' WHERE code = 'DE'
= update shop.customer shop.region | cascades fires_triggers unregistered_code
@ acts tree:update changes:shop.audit(+16),shop.customer(~16),shop.region(~1) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive),shop.region(RowExclusive),shop.region(RowShare) effects:xid stopped:25006

UPDATE shop.cheap SET price = 1 WHERE id = 1
= read shop.cheap; update shop.product shop.cheap | via_view
@ acts tree:update changes:shop.product(~1) locks:shop.cheap(RowExclusive),shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.item SET quantity = quantity + 1 WHERE (order_id, line) = (1, 1)
= update shop.item
@ acts tree:update changes:shop.item(~1) locks:shop.item(RowExclusive) effects:xid stopped:25006

UPDATE shop.item i SET price = DEFAULT WHERE EXISTS (SELECT FROM shop.orders o WHERE o.id = i.order_id AND o.state = 'cart')
= read shop.orders; update shop.item
@ acts shop.orders tree:update changes:shop.item(~50) locks:shop.item(RowExclusive) effects:xid stopped:25006

WITH ranked AS (SELECT id, row_number() OVER (ORDER BY placed) AS n FROM shop.orders) UPDATE shop.orders o SET note = 'first ' || n FROM ranked r WHERE r.id = o.id AND n < 4
= read shop.orders; update shop.orders | fires_triggers unregistered_code
@ acts shop.orders tree:update changes:shop.orders(~3) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE hr.department SET budget = CASE WHEN budget IS NULL THEN 0 ELSE budget * 2 END WHERE true
= update hr.department | all_rows
@ acts tree:update changes:hr.department(~3) locks:hr.department(RowExclusive) effects:xid stopped:25006

UPDATE shop.stock SET warehouse = 'north' WHERE product_id = 1 AND warehouse = 'south'
= delete shop.stock_north shop.stock_other; insert shop.stock_north shop.stock_other; update shop.stock shop.stock_north shop.stock_other
@ acts fails:23505 tree:update stopped:25006

UPDATE hr.absence SET span = daterange(lower(span), NULL), half = NOT half WHERE reason = 'ill'
= update hr.absence
@ acts tree:update changes:hr.absence(~20) locks:hr.absence(RowExclusive) effects:xid stopped:25006

UPDATE shop.import SET ok = NULL WHERE ctid = '(0,1)'
= update shop.import | fires_rules
@ acts tree:update locks:shop.import(RowExclusive) stopped:25006

UPDATE shop.product SET words = to_tsvector('english', title) || coalesce(words, '')
= update shop.product | no_where
@ acts tree:update changes:shop.product(~30) locks:shop.product(RowExclusive) effects:xid stopped:25006

-- # writes: DELETE

DELETE FROM shop.item WHERE order_id = 5
= delete shop.item
@ acts tree:delete changes:shop.item(-2) locks:shop.item(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.orders WHERE id > 140 AND state = ANY ('{cart,cancelled}')
= delete shop.item shop.orders | cascades
@ acts tree:delete changes:shop.item(-8),shop.orders(-4) locks:shop.item(RowExclusive),shop.orders(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.item i USING shop.orders o, shop.product p WHERE o.id = i.order_id AND p.id = i.product_id AND o.state = 'cart' AND p.price < 10 RETURNING i.order_id, p.sku
= delete shop.item; read shop.item shop.orders shop.product
@ acts shop.orders shop.product tree:delete changes:shop.item(-5) locks:shop.item(RowExclusive) effects:xid stopped:25006

DELETE FROM care.visit WHERE at < '2024-01-01Z'
= delete care.lab care.visit | cascades fires_triggers unregistered_code
@ acts tree:delete changes:care.lab(-18),care.visit(-9),shop.audit(+1) locks:care.lab(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006

-- ! its rule leaves nothing of it: the server has no tree to witness
DELETE FROM shop.audit
= delete shop.audit | fires_rules no_where
@ acts locks:shop.audit(RowExclusive) unstopped

DELETE FROM ONLY care.parent WHERE id = 1
= delete care.child care.parent
@ acts tree:delete changes:care.parent(-1) locks:care.parent(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.event_2024q1
= delete shop.event_2024q1 | no_where
@ acts tree:delete changes:shop.event_2024q1(-91) locks:shop.event_2024q1(RowExclusive) effects:xid stopped:25006

DELETE FROM hr.department WHERE id = 3
= delete hr.department; update hr.employee | cascades
@ acts tree:delete changes:hr.department(-1),hr.employee(~6) locks:hr.department(RowExclusive),hr.employee(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.cache WHERE expires < now() AND octet_length(value) > 10
= delete shop.cache
@ acts tree:delete locks:shop.cache(RowExclusive) stopped:25006

DELETE FROM shop.price_history WHERE NOT isempty(valid) AND price > (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FROM shop.price_history)
= delete shop.price_history; read shop.price_history
@ acts shop.price_history tree:delete changes:shop.price_history(-3) locks:shop.price_history(RowExclusive) effects:xid stopped:25006

WITH old AS MATERIALIZED (SELECT id FROM care.log WHERE line IS NULL) DELETE FROM care.log WHERE id IN (TABLE old)
= delete care.log; read care.log
@ acts care.log tree:delete changes:care.log(-1) locks:care.log(RowExclusive) effects:xid stopped:25006

DELETE FROM care.parent * WHERE kind IS NULL
= delete care.child care.parent
@ acts tree:delete changes:care.parent(-1) locks:care.parent(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.stock WHERE (product_id, warehouse) NOT IN (SELECT i.product_id, 'north' FROM shop.item i)
= delete shop.stock shop.stock_north shop.stock_other; read shop.item
@ acts shop.item tree:delete changes:shop.stock_other(-30) locks:shop.stock(RowExclusive) effects:xid stopped:25006

-- # writes: MERGE and upserts of other kinds

MERGE INTO shop.stock s USING (VALUES (1, 'north', 3), (77, 'west', 1)) v (p, w, q) ON s.product_id = v.p AND s.warehouse = v.w WHEN MATCHED THEN UPDATE SET quantity = s.quantity + v.q WHEN NOT MATCHED THEN INSERT VALUES (v.p, v.w, v.q)
= insert shop.stock shop.stock_north shop.stock_other; update shop.stock shop.stock_north shop.stock_other
@ acts tree:merge changes:shop.stock_north(~1),shop.stock_other(+1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

MERGE INTO shop.region r USING (SELECT 'IT' AS code) u ON r.code = u.code WHEN MATCHED THEN DO NOTHING
= update shop.region
@ acts tree:merge locks:shop.region(RowExclusive) unstopped

MERGE INTO shop.region r USING shop.customer c ON r.code = c.region WHEN NOT MATCHED AND c.active THEN DO NOTHING
= read shop.customer; update shop.region
@ acts shop.customer tree:merge locks:shop.region(RowExclusive) unstopped

MERGE INTO shop.product p USING shop.price_history h ON p.id = h.product_id WHEN MATCHED AND h.price > p.price THEN UPDATE SET price = h.price WHEN MATCHED THEN DO NOTHING
= read shop.price_history; update shop.product
@ acts shop.price_history tree:merge locks:shop.product(RowExclusive) stopped:25006

MERGE INTO care.log l USING care.parent p ON l.id = p.id WHEN MATCHED AND l.line IS NULL THEN DELETE WHEN NOT MATCHED AND p.kind = 'c' THEN INSERT (line) VALUES (p.kind)
= delete care.log; insert care.log; read care.parent
@ acts care.parent tree:merge changes:care.log(+1-1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

WITH src AS (SELECT id, 'x'::text AS k FROM shop.product LIMIT 2) MERGE INTO shop.cache c USING src ON c.key = src.k || src.id WHEN NOT MATCHED THEN INSERT (key) VALUES (src.k || src.id)
= insert shop.cache; read shop.product
@ acts shop.product tree:merge changes:shop.cache(+2) locks:shop.cache(RowExclusive) effects:xid stopped:25006

MERGE INTO hr.department d USING (SELECT 1 AS id) s ON d.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN MATCHED THEN UPDATE SET budget = 1
= delete hr.department; update hr.department hr.employee | cascades
=[15,16] ! syntax
@ acts tree:merge changes:hr.department(~1-2),hr.employee(~13) locks:hr.department(RowExclusive),hr.employee(RowExclusive) effects:xid stopped:25006
@[15,16] error 42601

-- # writes: data-modifying expressions

WITH gone AS (DELETE FROM shop.import RETURNING raw) INSERT INTO care.log (line) SELECT raw FROM gone
= delete shop.import; insert care.log; read shop.import | fires_rules no_where
@ acts tree:delete,insert locks:care.log(RowExclusive),shop.import(RowExclusive) stopped:25006

WITH up AS (UPDATE shop.product SET price = 1 WHERE id = 1 RETURNING id, sku) SELECT * FROM up
= read shop.product; update shop.product
@ acts tree:update changes:shop.product(~1) locks:shop.product(RowExclusive) effects:xid stopped:25006

WITH moved AS (DELETE FROM shop.item WHERE order_id = 9 RETURNING *), kept AS (INSERT INTO shop.audit (what) SELECT 'item ' || line FROM moved RETURNING id) SELECT count(*) FROM moved, kept
= delete shop.item; insert shop.audit; read shop.audit shop.item | fires_rules
@ acts tree:delete,insert changes:shop.audit(+2),shop.item(-2) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.item(RowExclusive) effects:xid stopped:25006

SELECT * FROM (WITH z AS (SELECT 1 AS a) SELECT a FROM z) q, shop.region r WHERE r.code = 'DE' FOR UPDATE OF r SKIP LOCKED
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) effects:xid stopped:25006

SELECT id FROM shop.orders WHERE state = 'placed' ORDER BY placed LIMIT 1 FOR UPDATE SKIP LOCKED
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

SELECT o.id FROM shop.orders o JOIN shop.item i ON i.order_id = o.id FOR NO KEY UPDATE OF o NOWAIT
= read shop.item shop.orders; update shop.item shop.orders | locks_rows
@ acts shop.item tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

SELECT code FROM shop.region FOR KEY SHARE
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) effects:xid stopped:25006

SELECT * FROM (SELECT id FROM shop.product FOR SHARE) s
= read shop.product; update shop.product | locks_rows
@ acts tree:lock locks:shop.product(RowShare) effects:xid stopped:25006

WITH locked AS (SELECT id FROM shop.orders WHERE id = 1 FOR UPDATE) SELECT count(*) FROM locked
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

WITH a AS (INSERT INTO care.log (line) VALUES ('x') RETURNING id), b AS (UPDATE shop.cache SET value = NULL RETURNING key), c AS (DELETE FROM shop.import) SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)
= delete shop.import; insert care.log; read care.log shop.cache; update shop.cache | fires_rules no_where
@ acts tree:delete,insert changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.cache(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006
@[15,16] acts tree:delete,insert,update changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.cache(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006
@[17] acts tree:insert,update changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.cache(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006

WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3), d AS (DELETE FROM shop.item WHERE order_id IN (SELECT n FROM t) RETURNING 1) SELECT count(*) FROM d
= delete shop.item; read shop.item
@ acts tree:delete changes:shop.item(-6) locks:shop.item(RowExclusive) effects:xid stopped:25006

-- # writes: protected columns that stay where they are

UPDATE care.member SET mail = 'new@x.test' WHERE id = 1
= update care.member | assigns_protected
@ acts tree:update changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET mail = lower(trim(mail))
= update care.member | assigns_protected no_where predicate_on_protected
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE hr.employee SET salary = salary * 1.02 WHERE department = 1
= update hr.employee | assigns_protected predicate_on_protected
@ acts tree:update changes:hr.employee(~7) locks:hr.employee(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET plan = 'gold' WHERE income > 60000
= update care.member | predicate_on_protected
@ acts tree:update changes:care.member(~20) locks:care.member(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.customer c WHERE c.email = 'canary1@shop.test'
= delete shop.customer | fires_triggers predicate_on_protected unregistered_code
@ acts fails:23503 tree:delete stopped:25006

INSERT INTO care.member (id, plan, passport, born) VALUES (901, 'basic', 'P-901', '1990-01-01')
= insert care.member | assigns_protected
@ acts tree:insert changes:care.member(+1) locks:care.member(RowExclusive) effects:xid stopped:25006

INSERT INTO care.member (id, plan, mail) VALUES (1, 'x', 'a@b') ON CONFLICT (id) DO UPDATE SET mail = excluded.mail
= insert care.member; read care.member; update care.member | assigns_protected predicate_on_protected
@ acts tree:insert changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE shop.customer SET home.city = 'Bonn' WHERE id = 3
= update shop.customer | assigns_protected fires_triggers predicate_on_protected unregistered_code
@ acts tree:update changes:shop.audit(+1),shop.customer(~1) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006

UPDATE hr.employee e SET bonus = 0 FROM hr.department d WHERE d.id = e.department AND e.name LIKE 'C%'
= read hr.department; update hr.employee | predicate_on_protected
@ acts hr.department tree:update changes:hr.employee(~20) locks:hr.employee(RowExclusive) effects:xid stopped:25006

DELETE FROM care.visit v USING care.member m WHERE m.id = v.member_id AND m.born < '1965-01-01'
= delete care.lab care.visit; read care.member | cascades fires_triggers predicate_on_protected unregistered_code
@ acts care.member tree:delete changes:care.lab(-22),care.visit(-18),shop.audit(+1) locks:care.lab(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

MERGE INTO care.visit v USING care.member m ON v.member_id = m.id AND m.passport = 'x' WHEN MATCHED THEN UPDATE SET fee = 0
= read care.member; update care.visit | predicate_on_protected
@ acts care.member tree:merge locks:care.visit(RowExclusive) stopped:25006

UPDATE hr.employee SET photo = NULL, iban = DEFAULT WHERE id = 2
= update hr.employee | assigns_protected
@ acts tree:update changes:hr.employee(~1) locks:hr.employee(RowExclusive) effects:xid stopped:25006

UPDATE care.members SET plan = 'silver' WHERE mail LIKE 'canary1%'
= read care.members; update care.member care.members | predicate_on_protected via_view
@ acts tree:update changes:care.member(~11) locks:care.member(RowExclusive),care.members(RowExclusive) effects:xid stopped:25006

-- # refused: protected values that would go elsewhere

INSERT INTO care.log (line) SELECT plan FROM care.rich ORDER BY id LIMIT 1 OFFSET (SELECT count(*) FROM care.member WHERE passport < 'CANARY2')
= ! launders
@ acts care.member care.rich tree:insert changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

UPDATE care.visit v SET memo = m.passport FROM care.member m WHERE m.id = v.member_id
= ! launders
@ acts care.member tree:update changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET plan = substr(passport, 1, 3)
= ! launders
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET note = mail
= ! launders
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT mail FROM care.member
= ! launders
@ acts care.member tree:insert changes:care.log(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT row_to_json(m)::text FROM care.member m WHERE id = 1
= ! launders
@ acts care.member tree:insert changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT line FROM care.log UNION ALL SELECT name FROM shop.customer
= ! launders
@ acts care.log shop.customer tree:insert changes:care.log(+52) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (id) SELECT rank() OVER (ORDER BY salary) FROM hr.employee
= ! launders
@ acts hr.employee tree:insert changes:care.log(+25) locks:care.log(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) VALUES ((SELECT string_agg(iban, ',') FROM hr.employee))
= ! launders
@ acts hr.employee tree:insert changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.import (raw) SELECT CASE WHEN income > 50000 THEN 'rich' ELSE 'poor' END FROM care.member
= ! launders
@ acts care.member shop.import tree:insert changes:care.log(+40),shop.import(+40) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006

WITH x AS (SELECT passport AS p FROM care.member) INSERT INTO shop.audit (what) SELECT p FROM x
= ! launders
@ acts care.member tree:insert changes:shop.audit(+40) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

MERGE INTO care.log l USING care.member m ON l.id = m.id WHEN NOT MATCHED THEN INSERT (line) VALUES (m.note)
= ! launders
@ acts care.member tree:merge changes:care.log(+38) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

MERGE INTO care.log l USING care.member m ON l.id = m.id WHEN MATCHED THEN UPDATE SET line = m.prefs::text
= ! launders
@ acts care.member tree:merge changes:care.log(~2) locks:care.log(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = (SELECT phone FROM shop.customer c WHERE c.id = customer_id)
= ! launders
@ acts shop.customer tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

DELETE FROM care.member WHERE id = 1 RETURNING *
= ! protected
@ acts tree:delete changes:care.lab(-2),care.member(-1),care.visit(-3),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006
@[16] acts tree:delete changes:care.lab(-2),care.member(-1),care.visit(-3),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET plan = 'x' RETURNING old.mail
= ! protected
=[15,16,17] ! missing
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006
@[15,16,17] error 42P01

UPDATE care.member m SET plan = 'x' WHERE id = 1 RETURNING m
= ! protected
@ acts tree:update changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006

INSERT INTO care.member (id, plan, mail) VALUES (902, 'a', 'b') RETURNING mail_low
= ! protected
@ acts tree:insert changes:care.member(+1) locks:care.member(RowExclusive) effects:xid stopped:25006

DELETE FROM hr.employee RETURNING to_jsonb(employee)
= ! protected
@ acts tree:delete changes:hr.absence(-40),hr.employee(-25) locks:hr.absence(RowExclusive),hr.employee(RowExclusive),hr.employee(RowShare) effects:xid stopped:25006

WITH d AS (DELETE FROM shop.customer WHERE id = 1 RETURNING email) SELECT * FROM d
= ! protected
@ acts fails:23503 tree:delete stopped:25006

SELECT mail FROM care.member WHERE id = 1 FOR UPDATE
= ! protected
@ acts tree:lock locks:care.member(RowShare) effects:xid stopped:25006

INSERT INTO shop.customer (id, tags) SELECT id + 500, ARRAY[name] FROM shop.customer
= ! launders
@ acts shop.customer tree:insert changes:shop.audit(+50),shop.customer(+50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid stopped:25006
@[16] acts shop.customer tree:insert changes:shop.audit(+50),shop.customer(+50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006

INSERT INTO care.member (id, plan, mail) VALUES (1, 'x', 'y') ON CONFLICT (id) DO UPDATE SET plan = member.mail
= ! launders
@ acts tree:insert changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006

CREATE TABLE shop.loot AS SELECT name, email FROM shop.customer
= ! launders
@ acts shop.customer changes:shop.loot(+50) locks:shop.loot(AccessExclusive) effects:xid stopped:25006

SELECT iban INTO shop.loot2 FROM hr.employee
= ! launders
@ acts hr.employee changes:shop.loot2(+25) locks:shop.loot2(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW shop.loot3 AS SELECT count(*) FILTER (WHERE income > 60000) FROM care.member
= ! launders
@ acts care.member changes:shop.loot3(+1) locks:shop.loot3(AccessExclusive),shop.loot3(Exclusive),shop.loot3(Share) effects:xid stopped:25006
@[15,16] acts care.member changes:shop.loot3(+1) locks:shop.loot3(AccessExclusive) effects:xid stopped:25006

-- # refused: catalogs and sequences

INSERT INTO pg_class (relname) VALUES ('x')
= ! catalog
@ acts fails:23502 tree:insert stopped:25006

UPDATE pg_authid SET rolsuper = true
= ! catalog
@ acts tree:update effects:xid stopped:25006

DELETE FROM pg_catalog.pg_policy
= ! catalog
@ acts tree:delete effects:xid stopped:25006

UPDATE shop.numbers SET last_value = 1
= ! unknown
@ acts fails:42809 tree:update stopped:25006

INSERT INTO pg_settings VALUES ('work_mem')
= ! unknown
@ error 55000

UPDATE pg_settings SET setting = '1GB' WHERE name = 'work_mem'
= ! disagree
@ acts effects:settings stopped:25006

UPDATE shop.orders SET note = pg_read_file('/etc/hostname')
= ! function
@ acts tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

INSERT INTO care.log (line) SELECT query FROM pg_stat_activity
= ! catalog
@ acts tree:insert changes:care.log(+8) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006
@[15,16,17] acts tree:insert changes:care.log(+5) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.cache WHERE key = current_setting('data_directory')
= ! function
@ acts tree:delete locks:shop.cache(RowExclusive) stopped:25006

-- # either: MERGE of 17 and later

MERGE INTO shop.cache c USING (SELECT 'a' AS k) s ON c.key = s.k WHEN NOT MATCHED THEN INSERT (key) VALUES (s.k) RETURNING merge_action(), c.key
= insert shop.cache; read shop.cache
=[15,16] ! syntax
@ acts tree:merge changes:shop.cache(+1) locks:shop.cache(RowExclusive) effects:xid stopped:25006
@[15,16] error 42601

-- # rejected: what the server itself refuses

INSERT INTO shop.orders (id) VALUES (1, 2)
= ! syntax
@ error 42601

UPDATE shop.orders SET id = 'x'::date
= ! unknown
@ error 22007

DELETE FROM shop.no_such_table
= ! missing
@ error 42P01

INSERT INTO shop.product (margin) VALUES (1)
= ! unknown
@ error 428C9

UPDATE shop.busy SET a = 1
= ! missing
@ error 42P01

INSERT INTO shop.daily VALUES (now(), 1, 1)
= ! unknown
@ error 55000

MERGE INTO shop.daily d USING shop.region r ON true WHEN MATCHED THEN DELETE
= ! unknown
@ error 55000
@[15,16] error 0A000

UPDATE shop.orders SET total = max(total)
= ! unknown
@ error 42803

DELETE FROM shop.orders LIMIT 5
= ! syntax
@ error 42601

SELECT count(*) FROM shop.orders FOR UPDATE
= ! unknown
@ error 0A000

SELECT DISTINCT state FROM shop.orders FOR SHARE
= ! unknown
@ error 0A000

UPDATE shop.orders o SET o.note = 'x'
= ! missing
@ error 42703

INSERT INTO shop.region (code, code) VALUES ('a', 'b')
= ! unknown
@ error 42701
