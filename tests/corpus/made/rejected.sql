-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # rejected: made from templates

-- % missing_columns

SELECT t.no_such_column FROM shop.orders t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.product t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.item t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.event t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.stock t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.region t
= ! missing
@ error 42703

SELECT t.no_such_column FROM care.visit t
= ! missing
@ error 42703

SELECT t.no_such_column FROM care.doctor t
= ! missing
@ error 42703

SELECT t.no_such_column FROM care.lab t
= ! missing
@ error 42703

SELECT t.no_such_column FROM care.log t
= ! missing
@ error 42703

SELECT t.no_such_column FROM care.parent t
= ! missing
@ error 42703

SELECT t.no_such_column FROM care.child t
= ! missing
@ error 42703

SELECT t.no_such_column FROM hr.department t
= ! missing
@ error 42703

SELECT t.no_such_column FROM hr.absence t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.audit t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.import t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.cache t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.price_history t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.cheap t
= ! missing
@ error 42703

SELECT t.no_such_column FROM shop.daily t
= ! missing
@ error 42703

-- % missing_tables

SELECT id FROM order
= ! syntax
@ error 42601

SELECT id FROM shop.order_
= ! missing
@ error 42P01

SELECT id FROM care.members_
= ! missing
@ error 42P01

SELECT id FROM hr.tree2
= ! missing
@ error 42P01

SELECT id FROM public.orders
= ! missing
@ error 42P01

SELECT id FROM member.mail
= ! missing
@ error 42P01

SELECT id FROM "Orders"
= ! missing
@ error 42P01

SELECT id FROM shop."ORDERS"
= ! missing
@ error 42P01

SELECT id FROM "shop.orders"
= ! missing
@ error 42P01

SELECT id FROM care."Member"
= ! missing
@ error 42P01

SELECT id FROM app.orders
= ! missing
@ error 42P01

-- % wrong_types

SELECT total + placed FROM shop.orders
= ! missing
@ error 42883

SELECT state + 1 FROM shop.orders
= ! missing
@ error 42883

SELECT coupon * 2 FROM shop.orders
= ! missing
@ error 42883

SELECT placed > 5 FROM shop.orders
= ! missing
@ error 42883

SELECT id || state > 1 FROM shop.orders
= ! missing
@ error 42883

SELECT sum(coupon) FROM shop.orders
= ! missing
@ error 42883

SELECT avg(placed) FROM shop.orders
= ! missing
@ error 42883

SELECT NOT total FROM shop.orders
= ! unknown
@ error 42804

SELECT total AND true FROM shop.orders
= ! unknown
@ error 42804

SELECT upper(total) FROM shop.orders
= ! missing
@ error 42883

SELECT id::date FROM shop.orders
= ! unknown
@ error 42846

SELECT coupon @> 'x' FROM shop.orders
= ! missing
@ error 42883

SELECT total->'a' FROM shop.orders
= ! missing
@ error 42883

SELECT length(placed) FROM shop.orders
= ! missing
@ error 42883

SELECT ARRAY[total, coupon, placed] FROM shop.orders
= ! unknown
@ error 42804

SELECT CASE WHEN id THEN 1 END FROM shop.orders
= ! unknown
@ error 42804
