-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # writes: made from templates

-- % inserted

INSERT INTO shop.import SELECT * FROM shop.import WHERE false
= insert care.log shop.import; read shop.import | fires_rules
@ acts shop.import tree:insert locks:care.log(RowExclusive),shop.import(RowExclusive) stopped:25006

INSERT INTO shop.import SELECT * FROM shop.import LIMIT 0
= insert care.log shop.import; read shop.import | fires_rules
@ acts shop.import tree:insert locks:care.log(RowExclusive),shop.import(RowExclusive) stopped:25006

INSERT INTO care.log SELECT * FROM care.log WHERE false
= insert care.log; read care.log
@ acts care.log tree:insert locks:care.log(RowExclusive) stopped:25006

INSERT INTO care.log SELECT * FROM care.log LIMIT 0
= insert care.log; read care.log
@ acts care.log tree:insert locks:care.log(RowExclusive) stopped:25006

INSERT INTO care.parent SELECT * FROM care.parent WHERE false
= insert care.child care.parent; read care.parent
@ acts care.parent tree:insert locks:care.parent(RowExclusive) stopped:25006

INSERT INTO care.parent SELECT * FROM care.parent LIMIT 0
= insert care.child care.parent; read care.parent
@ acts care.parent tree:insert locks:care.parent(RowExclusive) stopped:25006

INSERT INTO shop.cache SELECT * FROM shop.cache WHERE false
= insert shop.cache; read shop.cache
@ acts shop.cache tree:insert locks:shop.cache(RowExclusive) stopped:25006

INSERT INTO shop.cache SELECT * FROM shop.cache LIMIT 0
= insert shop.cache; read shop.cache
@ acts shop.cache tree:insert locks:shop.cache(RowExclusive) stopped:25006

INSERT INTO shop.price_history SELECT * FROM shop.price_history WHERE false
= insert shop.price_history; read shop.price_history
@ acts shop.price_history tree:insert locks:shop.price_history(RowExclusive) stopped:25006

INSERT INTO shop.price_history SELECT * FROM shop.price_history LIMIT 0
= insert shop.price_history; read shop.price_history
@ acts shop.price_history tree:insert locks:shop.price_history(RowExclusive) stopped:25006

INSERT INTO hr.absence SELECT * FROM hr.absence WHERE false
= insert hr.absence; read hr.absence
@ acts hr.absence tree:insert locks:hr.absence(RowExclusive) stopped:25006

INSERT INTO hr.absence SELECT * FROM hr.absence LIMIT 0
= insert hr.absence; read hr.absence
@ acts hr.absence tree:insert locks:hr.absence(RowExclusive) stopped:25006

INSERT INTO shop.stock SELECT * FROM shop.stock WHERE false
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock
@ acts shop.stock tree:insert locks:shop.stock(RowExclusive) stopped:25006

INSERT INTO shop.stock SELECT * FROM shop.stock LIMIT 0
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock
@ acts shop.stock tree:insert locks:shop.stock(RowExclusive) stopped:25006

INSERT INTO care.child SELECT * FROM care.child WHERE false
= insert care.child; read care.child
@ acts care.child tree:insert locks:care.child(RowExclusive) stopped:25006

INSERT INTO care.child SELECT * FROM care.child LIMIT 0
= insert care.child; read care.child
@ acts care.child tree:insert locks:care.child(RowExclusive) stopped:25006

-- % defaulted

INSERT INTO shop.import DEFAULT VALUES
= insert care.log shop.import; read shop.import | fires_rules
@ acts shop.import tree:insert changes:care.log(+1),shop.import(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006

INSERT INTO care.parent DEFAULT VALUES
= insert care.child care.parent
@ acts tree:insert changes:care.parent(+1) locks:care.parent(RowExclusive) effects:xid stopped:25006

INSERT INTO care.child DEFAULT VALUES
= insert care.child
@ acts tree:insert changes:care.child(+1) locks:care.child(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.audit DEFAULT VALUES
= insert shop.audit | fires_rules
@ acts tree:insert changes:shop.audit(+1) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

INSERT INTO hr.absence DEFAULT VALUES
= insert hr.absence
@ acts tree:insert changes:hr.absence(+1) locks:hr.absence(RowExclusive) effects:xid stopped:25006

INSERT INTO hr."Odd name" DEFAULT VALUES
= insert hr.Odd_name
@ acts tree:insert changes:hr.Odd_name(+1) locks:hr.Odd_name(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.price_history DEFAULT VALUES
= insert shop.price_history
@ acts tree:insert changes:shop.price_history(+1) locks:shop.price_history(RowExclusive) effects:xid stopped:25006

-- % updated

UPDATE shop.orders SET total = total + 0
= update shop.orders | fires_triggers no_where unregistered_code
@ acts tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET total = total * 1
= update shop.orders | fires_triggers no_where unregistered_code
@ acts tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.product SET price = price + 0
= update shop.product | no_where
@ acts tree:update changes:shop.product(~30) locks:shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.product SET price = price * 1
= update shop.product | no_where
@ acts tree:update changes:shop.product(~30) locks:shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.item SET quantity = quantity + 0
= update shop.item | no_where
@ acts tree:update changes:shop.item(~300) locks:shop.item(RowExclusive) effects:xid stopped:25006

UPDATE shop.item SET quantity = quantity * 1
= update shop.item | no_where
@ acts tree:update changes:shop.item(~300) locks:shop.item(RowExclusive) effects:xid stopped:25006

UPDATE shop.event SET ms = ms + 0
= update shop.event shop.event_2024q1 shop.event_2024q2 shop.event_rest | no_where
@ acts shop.event tree:update changes:shop.event_2024q1(~91),shop.event_2024q2(~91),shop.event_rest(~68) locks:shop.event(RowExclusive) effects:xid stopped:25006

UPDATE shop.event SET ms = ms * 1
= update shop.event shop.event_2024q1 shop.event_2024q2 shop.event_rest | no_where
@ acts tree:update changes:shop.event_2024q1(~91),shop.event_2024q2(~91),shop.event_rest(~68) locks:shop.event(RowExclusive) effects:xid stopped:25006

UPDATE care.visit SET fee = fee + 0
= update care.visit | no_where
@ acts tree:update changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.visit SET fee = fee * 1
= update care.visit | no_where
@ acts tree:update changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.lab SET value = value + 0
= update care.lab | no_where
@ acts tree:update changes:care.lab(~120) locks:care.lab(RowExclusive) effects:xid stopped:25006

UPDATE care.lab SET value = value * 1
= update care.lab | no_where
@ acts tree:update changes:care.lab(~120) locks:care.lab(RowExclusive) effects:xid stopped:25006

UPDATE care.doctor SET rating = rating + 0
= update care.doctor | no_where
@ acts tree:update changes:care.doctor(~9) locks:care.doctor(RowExclusive) effects:xid stopped:25006

UPDATE care.doctor SET rating = rating * 1
= update care.doctor | no_where
@ acts tree:update changes:care.doctor(~9) locks:care.doctor(RowExclusive) effects:xid stopped:25006

UPDATE shop.stock SET quantity = quantity + 0
= update shop.stock shop.stock_north shop.stock_other | no_where
@ acts shop.stock tree:update changes:shop.stock_north(~30),shop.stock_other(~30) locks:shop.stock(RowExclusive) effects:xid stopped:25006

UPDATE shop.stock SET quantity = quantity * 1
= update shop.stock shop.stock_north shop.stock_other | no_where
@ acts tree:update changes:shop.stock_north(~30),shop.stock_other(~30) locks:shop.stock(RowExclusive) effects:xid stopped:25006

UPDATE hr.department SET budget = budget + 0
= update hr.department | no_where
@ acts tree:update changes:hr.department(~3) locks:hr.department(RowExclusive) effects:xid stopped:25006

UPDATE hr.department SET budget = budget * 1
= update hr.department | no_where
@ acts tree:update changes:hr.department(~3) locks:hr.department(RowExclusive) effects:xid stopped:25006

UPDATE shop.product SET cost = cost + 0
= update shop.product | no_where
@ acts tree:update changes:shop.product(~30) locks:shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.product SET cost = cost * 1
= update shop.product | no_where
@ acts tree:update changes:shop.product(~30) locks:shop.product(RowExclusive) effects:xid stopped:25006

-- % update_from

UPDATE shop.orders a SET total = a.total FROM shop.product b WHERE b.id = 1 RETURNING b.id
= read shop.orders shop.product; update shop.orders | fires_triggers unregistered_code
@ acts shop.product tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders a SET total = a.total FROM shop.product b WHERE b.id = 1 RETURNING a.*
= read shop.orders shop.product; update shop.orders | fires_triggers unregistered_code
@ acts shop.product tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders a SET total = a.total FROM care.doctor b WHERE b.id = 1 RETURNING b.id
= read care.doctor shop.orders; update shop.orders | fires_triggers unregistered_code
@ acts care.doctor tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders a SET total = a.total FROM care.doctor b WHERE b.id = 1 RETURNING a.*
= read care.doctor shop.orders; update shop.orders | fires_triggers unregistered_code
@ acts care.doctor tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.product a SET price = a.price FROM shop.product b WHERE b.id = 1 RETURNING b.id
= read shop.product; update shop.product
@ acts shop.product tree:update changes:shop.product(~30) locks:shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.product a SET price = a.price FROM care.doctor b WHERE b.id = 1 RETURNING b.id
= read care.doctor shop.product; update shop.product
@ acts care.doctor tree:update changes:shop.product(~30) locks:shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.product a SET price = a.price FROM care.doctor b WHERE b.id = 1 RETURNING a.*
= read care.doctor shop.product; update shop.product
@ acts care.doctor tree:update changes:shop.product(~30) locks:shop.product(RowExclusive) effects:xid stopped:25006

UPDATE shop.item a SET quantity = a.quantity FROM shop.product b WHERE b.id = 1 RETURNING b.id
= read shop.item shop.product; update shop.item
@ acts shop.product tree:update changes:shop.item(~300) locks:shop.item(RowExclusive) effects:xid stopped:25006

UPDATE shop.item a SET quantity = a.quantity FROM shop.product b WHERE b.id = 1 RETURNING a.*
= read shop.item shop.product; update shop.item
@ acts shop.product tree:update changes:shop.item(~300) locks:shop.item(RowExclusive) effects:xid stopped:25006

UPDATE shop.item a SET quantity = a.quantity FROM care.doctor b WHERE b.id = 1 RETURNING b.id
= read care.doctor shop.item; update shop.item
@ acts care.doctor tree:update changes:shop.item(~300) locks:shop.item(RowExclusive) effects:xid stopped:25006

UPDATE care.visit a SET fee = a.fee FROM shop.product b WHERE b.id = 1 RETURNING b.id
= read care.visit shop.product; update care.visit
@ acts shop.product tree:update changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.visit a SET fee = a.fee FROM shop.product b WHERE b.id = 1 RETURNING a.*
= read care.visit shop.product; update care.visit
@ acts shop.product tree:update changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.visit a SET fee = a.fee FROM care.doctor b WHERE b.id = 1 RETURNING b.id
= read care.doctor care.visit; update care.visit
@ acts care.doctor tree:update changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.visit a SET fee = a.fee FROM care.doctor b WHERE b.id = 1 RETURNING a.*
= read care.doctor care.visit; update care.visit
@ acts care.doctor tree:update changes:care.visit(~120) locks:care.visit(RowExclusive) effects:xid stopped:25006

UPDATE care.lab a SET value = a.value FROM shop.product b WHERE b.id = 1 RETURNING b.id
= read care.lab shop.product; update care.lab
@ acts shop.product tree:update changes:care.lab(~120) locks:care.lab(RowExclusive) effects:xid stopped:25006

UPDATE care.lab a SET value = a.value FROM care.doctor b WHERE b.id = 1 RETURNING b.id
= read care.doctor care.lab; update care.lab
@ acts care.doctor tree:update changes:care.lab(~120) locks:care.lab(RowExclusive) effects:xid stopped:25006

UPDATE care.lab a SET value = a.value FROM care.doctor b WHERE b.id = 1 RETURNING a.*
= read care.doctor care.lab; update care.lab
@ acts care.doctor tree:update changes:care.lab(~120) locks:care.lab(RowExclusive) effects:xid stopped:25006

UPDATE care.doctor a SET rating = a.rating FROM shop.product b WHERE b.id = 1 RETURNING b.id
= read care.doctor shop.product; update care.doctor
@ acts shop.product tree:update changes:care.doctor(~9) locks:care.doctor(RowExclusive) effects:xid stopped:25006

UPDATE care.doctor a SET rating = a.rating FROM shop.product b WHERE b.id = 1 RETURNING a.*
= read care.doctor shop.product; update care.doctor
@ acts shop.product tree:update changes:care.doctor(~9) locks:care.doctor(RowExclusive) effects:xid stopped:25006

UPDATE care.doctor a SET rating = a.rating FROM care.doctor b WHERE b.id = 1 RETURNING b.id
= read care.doctor; update care.doctor
@ acts care.doctor tree:update changes:care.doctor(~9) locks:care.doctor(RowExclusive) effects:xid stopped:25006

-- % update_where

UPDATE shop.orders SET coupon = 'z' WHERE id = 1
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~1) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE id IN (1, 2)
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~2) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE coupon IS NULL
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~129) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE state = 'cart' AND total < 1
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update locks:shop.orders(RowExclusive) stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE EXISTS (SELECT 1 FROM shop.item i WHERE i.order_id = orders.id AND i.quantity = 5)
= read shop.item; update shop.orders | fires_triggers unregistered_code
@ acts shop.item tree:update changes:shop.orders(~60) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE id = (SELECT max(id) FROM shop.orders)
= read shop.orders; update shop.orders | fires_triggers unregistered_code
@ acts shop.orders tree:update changes:shop.orders(~1) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE placed < now() - interval '9 years'
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update locks:shop.orders(RowExclusive) stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE NOT (total > 0)
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update locks:shop.orders(RowExclusive) stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE total BETWEEN 3 AND 4
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update locks:shop.orders(RowExclusive) stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE id = ANY (ARRAY[7, 8])
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~2) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE coupon LIKE 'SAVE0%'
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~7) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE (id, currency) = (9, 'USD')
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~1) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE 1 = 1
= update shop.orders | all_rows fires_triggers unregistered_code
@ acts tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE id = $1
= update shop.orders | fires_triggers unregistered_code
@ acts tree:update locks:shop.orders(RowExclusive) stopped:25006

UPDATE shop.orders SET coupon = 'z' WHERE customer_id NOT IN (SELECT id FROM care.doctor)
= read care.doctor; update shop.orders | fires_triggers unregistered_code
@ acts care.doctor tree:update changes:shop.orders(~123) locks:shop.orders(RowExclusive) effects:xid stopped:25006

-- % deleted

DELETE FROM shop.item WHERE true
= delete shop.item | all_rows
@ acts tree:delete changes:shop.item(-300) locks:shop.item(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.item WHERE random() < 0
= delete shop.item | all_rows
@ acts tree:delete locks:shop.item(RowExclusive) stopped:25006

DELETE FROM shop.item WHERE ctid = '(0,1)'
= delete shop.item
@ acts tree:delete changes:shop.item(-1) locks:shop.item(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.item WHERE 1 = (SELECT count(*) FROM shop.region)
= delete shop.item; read shop.region
@ acts shop.region tree:delete locks:shop.item(RowExclusive) stopped:25006

DELETE FROM shop.stock WHERE true
= delete shop.stock shop.stock_north shop.stock_other | all_rows
@ acts tree:delete changes:shop.stock_north(-30),shop.stock_other(-30) locks:shop.stock(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.stock WHERE random() < 0
= delete shop.stock shop.stock_north shop.stock_other | all_rows
@ acts tree:delete locks:shop.stock(RowExclusive) stopped:25006

DELETE FROM shop.stock WHERE ctid = '(0,1)'
= delete shop.stock shop.stock_north shop.stock_other
@ acts tree:delete changes:shop.stock_north(-1),shop.stock_other(-1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

DELETE FROM shop.stock WHERE 1 = (SELECT count(*) FROM shop.region)
= delete shop.stock shop.stock_north shop.stock_other; read shop.region
@ acts shop.region tree:delete locks:shop.stock(RowExclusive) stopped:25006

DELETE FROM care.lab WHERE true
= delete care.lab | all_rows
@ acts tree:delete changes:care.lab(-120) locks:care.lab(RowExclusive) effects:xid stopped:25006

DELETE FROM care.lab WHERE random() < 0
= delete care.lab | all_rows
@ acts tree:delete locks:care.lab(RowExclusive) stopped:25006

DELETE FROM care.lab WHERE ctid = '(0,1)'
= delete care.lab
@ acts tree:delete changes:care.lab(-1) locks:care.lab(RowExclusive) effects:xid stopped:25006

DELETE FROM care.lab WHERE 1 = (SELECT count(*) FROM shop.region)
= delete care.lab; read shop.region
@ acts shop.region tree:delete locks:care.lab(RowExclusive) stopped:25006

DELETE FROM hr.absence WHERE true
= delete hr.absence | all_rows
@ acts tree:delete changes:hr.absence(-40) locks:hr.absence(RowExclusive) effects:xid stopped:25006

DELETE FROM hr.absence WHERE random() < 0
= delete hr.absence | all_rows
@ acts tree:delete locks:hr.absence(RowExclusive) stopped:25006

DELETE FROM hr.absence WHERE ctid = '(0,1)'
= delete hr.absence
@ acts tree:delete changes:hr.absence(-1) locks:hr.absence(RowExclusive) effects:xid stopped:25006

DELETE FROM hr.absence WHERE 1 = (SELECT count(*) FROM shop.region)
= delete hr.absence; read shop.region
@ acts shop.region tree:delete locks:hr.absence(RowExclusive) stopped:25006

-- % delete_using

DELETE FROM shop.item d USING shop.orders u WHERE false RETURNING u.id
= delete shop.item; read shop.item shop.orders | all_rows
@ acts shop.orders tree:delete locks:shop.item(RowExclusive) stopped:25006

DELETE FROM shop.item d USING shop.orders u WHERE false RETURNING 1
= delete shop.item; read shop.item shop.orders | all_rows
@ acts shop.orders tree:delete locks:shop.item(RowExclusive) stopped:25006

DELETE FROM shop.item d USING care.doctor u WHERE false RETURNING u.id
= delete shop.item; read care.doctor shop.item | all_rows
@ acts care.doctor tree:delete locks:shop.item(RowExclusive) stopped:25006

DELETE FROM shop.item d USING care.doctor u WHERE false RETURNING 1
= delete shop.item; read care.doctor shop.item | all_rows
@ acts care.doctor tree:delete locks:shop.item(RowExclusive) stopped:25006

DELETE FROM shop.item d USING shop.cheap u WHERE false RETURNING u.id
= delete shop.item; read shop.item shop.product shop.cheap | all_rows via_view
@ acts shop.cheap shop.product tree:delete locks:shop.item(RowExclusive) stopped:25006

DELETE FROM shop.item d USING shop.cheap u WHERE false RETURNING 1
= delete shop.item; read shop.item shop.product shop.cheap | all_rows via_view
@ acts shop.cheap shop.product tree:delete locks:shop.item(RowExclusive) stopped:25006

DELETE FROM care.lab d USING shop.orders u WHERE false RETURNING u.id
= delete care.lab; read care.lab shop.orders | all_rows
@ acts shop.orders tree:delete locks:care.lab(RowExclusive) stopped:25006

DELETE FROM care.lab d USING shop.orders u WHERE false RETURNING 1
= delete care.lab; read care.lab shop.orders | all_rows
@ acts shop.orders tree:delete locks:care.lab(RowExclusive) stopped:25006

DELETE FROM care.lab d USING care.doctor u WHERE false RETURNING u.id
= delete care.lab; read care.doctor care.lab | all_rows
@ acts care.doctor tree:delete locks:care.lab(RowExclusive) stopped:25006

DELETE FROM care.lab d USING care.doctor u WHERE false RETURNING 1
= delete care.lab; read care.doctor care.lab | all_rows
@ acts care.doctor tree:delete locks:care.lab(RowExclusive) stopped:25006

DELETE FROM care.lab d USING shop.cheap u WHERE false RETURNING u.id
= delete care.lab; read care.lab shop.product shop.cheap | all_rows via_view
@ acts shop.cheap shop.product tree:delete locks:care.lab(RowExclusive) stopped:25006

DELETE FROM care.lab d USING shop.cheap u WHERE false RETURNING 1
= delete care.lab; read care.lab shop.product shop.cheap | all_rows via_view
@ acts shop.cheap shop.product tree:delete locks:care.lab(RowExclusive) stopped:25006

DELETE FROM shop.stock d USING shop.orders u WHERE false RETURNING u.id
= delete shop.stock shop.stock_north shop.stock_other; read shop.orders shop.stock | all_rows
@ acts shop.orders tree:delete locks:shop.stock(RowExclusive) stopped:25006

DELETE FROM shop.stock d USING shop.orders u WHERE false RETURNING 1
= delete shop.stock shop.stock_north shop.stock_other; read shop.orders shop.stock | all_rows
@ acts shop.orders tree:delete locks:shop.stock(RowExclusive) stopped:25006

DELETE FROM shop.stock d USING care.doctor u WHERE false RETURNING u.id
= delete shop.stock shop.stock_north shop.stock_other; read care.doctor shop.stock | all_rows
@ acts care.doctor tree:delete locks:shop.stock(RowExclusive) stopped:25006

DELETE FROM shop.stock d USING care.doctor u WHERE false RETURNING 1
= delete shop.stock shop.stock_north shop.stock_other; read care.doctor shop.stock | all_rows
@ acts care.doctor tree:delete locks:shop.stock(RowExclusive) stopped:25006

DELETE FROM shop.stock d USING shop.cheap u WHERE false RETURNING u.id
= delete shop.stock shop.stock_north shop.stock_other; read shop.product shop.stock shop.cheap | all_rows via_view
@ acts shop.cheap shop.product tree:delete locks:shop.stock(RowExclusive) stopped:25006

DELETE FROM shop.stock d USING shop.cheap u WHERE false RETURNING 1
= delete shop.stock shop.stock_north shop.stock_other; read shop.product shop.stock shop.cheap | all_rows via_view
@ acts shop.cheap shop.product tree:delete locks:shop.stock(RowExclusive) stopped:25006

-- % upserts

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 1) ON CONFLICT DO NOTHING
= insert shop.stock shop.stock_north shop.stock_other
@ acts tree:insert locks:shop.stock(RowExclusive) stopped:25006

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 1) ON CONFLICT (product_id, warehouse) DO NOTHING
= insert shop.stock shop.stock_north shop.stock_other
@ acts tree:insert locks:shop.stock(RowExclusive) stopped:25006

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 1) ON CONFLICT (product_id, warehouse) DO UPDATE SET quantity = 0
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock; update shop.stock shop.stock_north shop.stock_other
@ acts tree:insert changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 1) ON CONFLICT (product_id, warehouse) DO UPDATE SET quantity = excluded.quantity
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock; update shop.stock shop.stock_north shop.stock_other
@ acts tree:insert changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 1) ON CONFLICT (product_id, warehouse) DO UPDATE SET quantity = s.quantity + 1 WHERE s.quantity > 0
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock; update shop.stock shop.stock_north shop.stock_other
@ acts tree:insert changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 1) ON CONFLICT (warehouse, product_id) DO UPDATE SET (quantity) = ROW(5)
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock; update shop.stock shop.stock_north shop.stock_other
@ acts tree:insert changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 1) ON CONFLICT DO NOTHING RETURNING product_id
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock
@ acts tree:insert locks:shop.stock(RowExclusive) stopped:25006

INSERT INTO shop.stock AS s (product_id, warehouse, quantity) VALUES (1, 'north', 1) ON CONFLICT (product_id, warehouse) DO UPDATE SET quantity = (SELECT max(quantity) FROM shop.item)
= insert shop.stock shop.stock_north shop.stock_other; read shop.item shop.stock; update shop.stock shop.stock_north shop.stock_other
@ acts shop.item tree:insert changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

-- % merges

MERGE INTO shop.cache c USING (SELECT 'a' AS k) u ON c.key = u.k WHEN MATCHED THEN DELETE
= delete shop.cache
@ acts tree:merge locks:shop.cache(RowExclusive) stopped:25006

MERGE INTO shop.cache c USING (SELECT 'a' AS k) u ON c.key = u.k WHEN MATCHED THEN UPDATE SET value = NULL
= update shop.cache
@ acts tree:merge locks:shop.cache(RowExclusive) stopped:25006

MERGE INTO shop.cache c USING (SELECT 'a' AS k) u ON c.key = u.k WHEN NOT MATCHED THEN INSERT (key) VALUES (u.k)
= insert shop.cache
@ acts tree:merge changes:shop.cache(+1) locks:shop.cache(RowExclusive) effects:xid stopped:25006

MERGE INTO shop.cache c USING (SELECT 'a' AS k) u ON c.key = u.k WHEN MATCHED AND c.expires IS NULL THEN DELETE WHEN NOT MATCHED THEN DO NOTHING
= delete shop.cache
@ acts tree:merge locks:shop.cache(RowExclusive) stopped:25006

MERGE INTO shop.cache c USING (SELECT 'a' AS k) u ON c.key = u.k WHEN NOT MATCHED AND u.k <> 'b' THEN INSERT (key, value) VALUES (u.k, DEFAULT)
= insert shop.cache
@ acts tree:merge changes:shop.cache(+1) locks:shop.cache(RowExclusive) effects:xid stopped:25006

MERGE INTO shop.cache c USING (SELECT name AS k FROM care.doctor) u ON c.key = u.k WHEN MATCHED THEN DELETE
= delete shop.cache; read care.doctor
@ acts care.doctor tree:merge locks:shop.cache(RowExclusive) stopped:25006

MERGE INTO shop.cache c USING (SELECT name AS k FROM care.doctor) u ON c.key = u.k WHEN MATCHED THEN UPDATE SET value = NULL
= read care.doctor; update shop.cache
@ acts care.doctor tree:merge locks:shop.cache(RowExclusive) stopped:25006

MERGE INTO shop.cache c USING (SELECT name AS k FROM care.doctor) u ON c.key = u.k WHEN NOT MATCHED THEN INSERT (key) VALUES (u.k)
= insert shop.cache; read care.doctor
@ acts care.doctor tree:merge changes:shop.cache(+9) locks:shop.cache(RowExclusive) effects:xid stopped:25006

MERGE INTO shop.cache c USING (SELECT name AS k FROM care.doctor) u ON c.key = u.k WHEN MATCHED AND c.expires IS NULL THEN DELETE WHEN NOT MATCHED THEN DO NOTHING
= delete shop.cache; read care.doctor
@ acts care.doctor tree:merge locks:shop.cache(RowExclusive) stopped:25006

MERGE INTO shop.cache c USING (SELECT name AS k FROM care.doctor) u ON c.key = u.k WHEN NOT MATCHED AND u.k <> 'b' THEN INSERT (key, value) VALUES (u.k, DEFAULT)
= insert shop.cache; read care.doctor
@ acts care.doctor tree:merge changes:shop.cache(+9) locks:shop.cache(RowExclusive) effects:xid stopped:25006

-- % locks

SELECT t.* FROM shop.orders t WHERE false FOR UPDATE
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) stopped:25006

SELECT t.* FROM shop.orders t WHERE false FOR SHARE
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) stopped:25006

SELECT t.* FROM shop.orders t WHERE false FOR NO KEY UPDATE
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) stopped:25006

SELECT t.* FROM shop.orders t WHERE false FOR KEY SHARE
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) stopped:25006

SELECT t.* FROM shop.orders t WHERE false FOR UPDATE NOWAIT
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) stopped:25006

SELECT t.* FROM shop.orders t WHERE false FOR SHARE SKIP LOCKED
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) stopped:25006

SELECT t.* FROM care.doctor t WHERE false FOR UPDATE
= read care.doctor; update care.doctor | locks_rows
@ acts tree:lock locks:care.doctor(RowShare) stopped:25006

SELECT t.* FROM care.doctor t WHERE false FOR SHARE
= read care.doctor; update care.doctor | locks_rows
@ acts tree:lock locks:care.doctor(RowShare) stopped:25006

SELECT t.* FROM care.doctor t WHERE false FOR NO KEY UPDATE
= read care.doctor; update care.doctor | locks_rows
@ acts tree:lock locks:care.doctor(RowShare) stopped:25006

SELECT t.* FROM care.doctor t WHERE false FOR KEY SHARE
= read care.doctor; update care.doctor | locks_rows
@ acts tree:lock locks:care.doctor(RowShare) stopped:25006

SELECT t.* FROM care.doctor t WHERE false FOR UPDATE NOWAIT
= read care.doctor; update care.doctor | locks_rows
@ acts tree:lock locks:care.doctor(RowShare) stopped:25006

SELECT t.* FROM care.doctor t WHERE false FOR SHARE SKIP LOCKED
= read care.doctor; update care.doctor | locks_rows
@ acts tree:lock locks:care.doctor(RowShare) stopped:25006

SELECT t.* FROM shop.region t WHERE false FOR UPDATE
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) stopped:25006

SELECT t.* FROM shop.region t WHERE false FOR SHARE
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) stopped:25006

SELECT t.* FROM shop.region t WHERE false FOR NO KEY UPDATE
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) stopped:25006

SELECT t.* FROM shop.region t WHERE false FOR KEY SHARE
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) stopped:25006

SELECT t.* FROM shop.region t WHERE false FOR UPDATE NOWAIT
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) stopped:25006

SELECT t.* FROM shop.region t WHERE false FOR SHARE SKIP LOCKED
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) stopped:25006

-- % modifying

WITH m AS (DELETE FROM shop.item WHERE false RETURNING 1) SELECT count(*) FROM m
= delete shop.item; read shop.item | all_rows
@ acts tree:delete locks:shop.item(RowExclusive) stopped:25006

WITH m AS (UPDATE shop.product SET weight = 1 WHERE false RETURNING id) SELECT count(*) FROM m
= read shop.product; update shop.product | all_rows
@ acts tree:update locks:shop.product(RowExclusive) stopped:25006

WITH m AS (INSERT INTO care.log (line) VALUES ('m') RETURNING id) SELECT count(*) FROM m
= insert care.log; read care.log
@ acts tree:insert changes:care.log(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive) effects:xid stopped:25006

WITH m AS (DELETE FROM shop.import RETURNING raw, ok) SELECT count(*) FROM m
= delete shop.import; read shop.import | fires_rules no_where
@ acts tree:delete locks:shop.import(RowExclusive) stopped:25006

WITH m AS (INSERT INTO shop.audit (what) SELECT code FROM shop.region RETURNING what) SELECT count(*) FROM m
= insert shop.audit; read shop.audit shop.region | fires_rules
@ acts shop.region tree:insert changes:shop.audit(+4) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

WITH m AS (UPDATE shop.cache SET value = DEFAULT RETURNING key) SELECT count(*) FROM m
= read shop.cache; update shop.cache | no_where
@ acts tree:update locks:shop.cache(RowExclusive) stopped:25006

WITH m AS (DELETE FROM hr.absence a USING hr.department d WHERE d.id = a.employee RETURNING d.name) SELECT count(*) FROM m
= delete hr.absence; read hr.absence hr.department
@ acts hr.department tree:delete changes:hr.absence(-5) locks:hr.absence(RowExclusive) effects:xid stopped:25006

WITH m AS (UPDATE care.parent SET kind = 'z' RETURNING id) SELECT count(*) FROM m
= read care.parent; update care.child care.parent | no_where
@ acts tree:update changes:care.child(~1),care.parent(~2) locks:care.parent(RowExclusive) effects:xid stopped:25006

WITH m AS (DELETE FROM shop.event_rest RETURNING kind) SELECT count(*) FROM m
= delete shop.event_rest; read shop.event_rest | no_where
@ acts tree:delete changes:shop.event_rest(-68) locks:shop.event_rest(RowExclusive) effects:xid stopped:25006

WITH m AS (INSERT INTO shop.region VALUES ('ZZ', 'z') ON CONFLICT DO NOTHING RETURNING code) SELECT count(*) FROM m
= insert shop.region; read shop.region
@ acts tree:insert changes:shop.region(+1) locks:shop.region(RowExclusive) effects:xid stopped:25006

-- % secret_condition

DELETE FROM care.member WHERE member.income > 9e9
= delete care.lab care.member care.visit | cascades fires_triggers predicate_on_protected unregistered_code
@ acts tree:delete locks:care.member(RowExclusive) stopped:25006

DELETE FROM care.member WHERE member.passport = 'none'
= delete care.lab care.member care.visit | cascades fires_triggers predicate_on_protected unregistered_code
@ acts tree:delete locks:care.member(RowExclusive) stopped:25006

DELETE FROM care.member WHERE member.born > '2090-01-01'
= delete care.lab care.member care.visit | cascades fires_triggers predicate_on_protected unregistered_code
@ acts tree:delete locks:care.member(RowExclusive) stopped:25006

DELETE FROM care.member WHERE member.mail LIKE 'zz%'
= delete care.lab care.member care.visit | cascades fires_triggers predicate_on_protected unregistered_code
@ acts tree:delete locks:care.member(RowExclusive) stopped:25006

DELETE FROM care.member WHERE member.note IS NULL
= delete care.lab care.member care.visit | cascades fires_triggers predicate_on_protected unregistered_code
@ acts tree:delete locks:care.member(RowExclusive) stopped:25006

UPDATE care.member SET plan = 'p' WHERE member.income > 9e9
= update care.member | predicate_on_protected
@ acts tree:update locks:care.member(RowExclusive) stopped:25006

UPDATE care.member SET plan = 'p' WHERE member.passport = 'none'
= update care.member | predicate_on_protected
@ acts tree:update locks:care.member(RowExclusive) stopped:25006

UPDATE care.member SET plan = 'p' WHERE member.born > '2090-01-01'
= update care.member | predicate_on_protected
@ acts tree:update locks:care.member(RowExclusive) stopped:25006

UPDATE care.member SET plan = 'p' WHERE member.mail LIKE 'zz%'
= update care.member | predicate_on_protected
@ acts tree:update locks:care.member(RowExclusive) stopped:25006

UPDATE care.member SET plan = 'p' WHERE member.note IS NULL
= update care.member | predicate_on_protected
@ acts tree:update locks:care.member(RowExclusive) stopped:25006

DELETE FROM care.visit v USING care.member WHERE member.income > 9e9
= delete care.lab care.visit; read care.member | cascades fires_triggers predicate_on_protected unregistered_code
@ acts care.member tree:delete changes:shop.audit(+1) locks:care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006

DELETE FROM care.visit v USING care.member WHERE member.passport = 'none'
= delete care.lab care.visit; read care.member | cascades fires_triggers predicate_on_protected unregistered_code
@ acts care.member tree:delete changes:shop.audit(+1) locks:care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.visit v USING care.member WHERE member.born > '2090-01-01'
= delete care.lab care.visit; read care.member | cascades fires_triggers predicate_on_protected unregistered_code
@ acts care.member tree:delete changes:shop.audit(+1) locks:care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.visit v USING care.member WHERE member.mail LIKE 'zz%'
= delete care.lab care.visit; read care.member | cascades fires_triggers predicate_on_protected unregistered_code
@ acts care.member tree:delete changes:shop.audit(+1) locks:care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

DELETE FROM care.visit v USING care.member WHERE member.note IS NULL
= delete care.lab care.visit; read care.member | cascades fires_triggers predicate_on_protected unregistered_code
@ acts care.member tree:delete changes:shop.audit(+1) locks:care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

-- % secret_assigned

UPDATE care.member SET mail = 'new'
= update care.member | assigns_protected no_where
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET mail = DEFAULT
= update care.member | assigns_protected no_where
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET passport = 'new'
= update care.member | assigns_protected no_where
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET passport = DEFAULT
= update care.member | assigns_protected no_where
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET note = 'new'
= update care.member | assigns_protected no_where
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE care.member SET note = DEFAULT
= update care.member | assigns_protected no_where
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

UPDATE shop.customer SET name = 'new'
= update shop.customer | assigns_protected fires_triggers no_where unregistered_code
@ acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid stopped:25006
@[17] acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006

UPDATE shop.customer SET name = DEFAULT
= update shop.customer | assigns_protected fires_triggers no_where unregistered_code
@ acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid stopped:25006

UPDATE shop.customer SET phone = 'new'
= update shop.customer | assigns_protected fires_triggers no_where unregistered_code
@ acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid stopped:25006

UPDATE shop.customer SET phone = DEFAULT
= update shop.customer | assigns_protected fires_triggers no_where unregistered_code
@ acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid stopped:25006

UPDATE hr.employee SET name = 'new'
= update hr.employee | assigns_protected no_where
@ acts tree:update changes:hr.employee(~25) locks:hr.employee(RowExclusive) effects:xid stopped:25006

UPDATE hr.employee SET name = DEFAULT
= update hr.employee | assigns_protected no_where
@ acts tree:update changes:hr.employee(~25) locks:hr.employee(RowExclusive) effects:xid stopped:25006

UPDATE hr.employee SET iban = 'new'
= update hr.employee | assigns_protected no_where
@ acts tree:update changes:hr.employee(~25) locks:hr.employee(RowExclusive) effects:xid stopped:25006

UPDATE hr.employee SET iban = DEFAULT
= update hr.employee | assigns_protected no_where
@ acts tree:update changes:hr.employee(~25) locks:hr.employee(RowExclusive) effects:xid stopped:25006
