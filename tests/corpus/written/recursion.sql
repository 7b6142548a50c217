-- Common table expressions, recursion, LATERAL, functions in FROM, sampling. By hand.

-- # answered: common table expressions

WITH paid AS (SELECT * FROM shop.orders WHERE state = 'paid'), big AS MATERIALIZED (SELECT id FROM paid WHERE total > 200) SELECT count(*), max(id) FROM big
= read shop.orders
@ reads shop.orders

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20), f (i, v) AS NOT MATERIALIZED (SELECT i, i * i FROM n) SELECT sum(v) FROM f
= read expression:constants
@ reads nothing

WITH RECURSIVE down AS (SELECT code, name, 0 AS depth, ARRAY[code::text] AS path FROM shop.region WHERE parent IS NULL UNION ALL SELECT r.code, r.name, d.depth + 1, d.path || r.code::text FROM shop.region r JOIN down d ON r.parent = d.code) SELECT * FROM down ORDER BY path
= read shop.region
@ reads shop.region

WITH RECURSIVE up AS (SELECT id, manager, 0 AS steps FROM hr.employee WHERE id = 25 UNION SELECT e.id, e.manager, up.steps + 1 FROM hr.employee e JOIN up ON e.id = up.manager) SELECT * FROM up ORDER BY steps
= read hr.employee
@ reads hr.employee

WITH RECURSIVE t AS (SELECT id, manager FROM hr.employee WHERE id = 1 UNION ALL SELECT e.id, e.manager FROM hr.employee e, t WHERE e.manager = t.id) SEARCH DEPTH FIRST BY id SET place SELECT id, place FROM t ORDER BY place LIMIT 6
= read hr.employee
@ reads hr.employee

WITH RECURSIVE t AS (SELECT id, manager FROM hr.employee WHERE id = 1 UNION ALL SELECT e.id, e.manager FROM hr.employee e JOIN t ON e.manager = t.id) SEARCH BREADTH FIRST BY id, manager SET place SELECT id FROM t ORDER BY place
= read hr.employee
@ reads hr.employee

WITH RECURSIVE g (a, b) AS (VALUES (1, 2), (2, 3), (3, 1)), walk AS (SELECT a, b FROM g WHERE a = 1 UNION ALL SELECT g.a, g.b FROM g, walk WHERE g.a = walk.b) CYCLE a SET again TO 'Y' DEFAULT 'N' USING trail SELECT a, b, again FROM walk ORDER BY trail
= read expression:constants
@ reads nothing

WITH RECURSIVE fib AS (SELECT 0::numeric AS a, 1::numeric AS b, 1 AS n UNION ALL SELECT b, a + b, n + 1 FROM fib WHERE n < 100) SELECT a FROM fib WHERE n = 100
= read expression:constants
@ reads nothing

WITH RECURSIVE even (n) AS (SELECT 0 UNION ALL SELECT n + 2 FROM even WHERE n < 10), odd (n) AS (SELECT n + 1 FROM even) SELECT even.n, odd.n FROM even JOIN odd ON odd.n = even.n + 1 ORDER BY 1
= read expression:constants
@ reads nothing

WITH a AS (SELECT 1 AS x), b AS (WITH a AS (SELECT 2 AS x) SELECT x FROM a) SELECT a.x, b.x FROM a, b
= read expression:constants
@ reads nothing

WITH orders AS (SELECT 1 AS id), item AS (SELECT id FROM orders) SELECT * FROM item
= read expression:constants
@ reads nothing

WITH v (a, b) AS (VALUES (1, 'x'), (2, 'y')) SELECT v.*, v FROM v
= read expression:constants
@ reads nothing

WITH monthly AS (SELECT date_trunc('month', placed) AS m, sum(total) AS s FROM shop.orders GROUP BY 1) SELECT m, s, s - lag(s) OVER (ORDER BY m) AS change, round(100 * (s / lag(s) OVER (ORDER BY m) - 1), 1) AS percent FROM monthly ORDER BY m
= read shop.orders
@ reads shop.orders

WITH cohort AS (SELECT customer_id, min(date_trunc('month', placed)) AS born FROM shop.orders GROUP BY 1) SELECT born, extract(month FROM age(date_trunc('month', o.placed), born)) AS month, count(DISTINCT o.customer_id) FROM cohort JOIN shop.orders o USING (customer_id) GROUP BY 1, 2 ORDER BY 1, 2
= read shop.orders
@ reads shop.orders

WITH steps AS (SELECT customer_id, min(at) FILTER (WHERE kind = 'view') AS viewed, min(at) FILTER (WHERE kind = 'click') AS clicked, min(at) FILTER (WHERE kind = 'buy') AS bought FROM shop.event GROUP BY 1) SELECT count(viewed), count(clicked) FILTER (WHERE clicked > viewed), count(bought) FILTER (WHERE bought > clicked AND clicked > viewed) FROM steps
= read shop.event
@ reads shop.event

WITH RECURSIVE days AS (SELECT min(placed)::date AS d FROM shop.orders UNION ALL SELECT d + 1 FROM days WHERE d < (SELECT max(placed)::date FROM shop.orders)) SELECT count(*), min(d), max(d) FROM days
= read shop.orders
@ reads shop.orders

WITH x AS (SELECT id FROM care.doctor), y AS (TABLE x) SELECT * FROM y ORDER BY id DESC FETCH FIRST 2 ROWS ONLY
= read care.doctor
@ reads care.doctor

SELECT (WITH c AS (SELECT max(id) AS m FROM shop.orders) SELECT m FROM c) - id FROM care.doctor ORDER BY 1
= read care.doctor shop.orders
@ reads care.doctor shop.orders

WITH RECURSIVE explode (id, rest, word) AS (SELECT id, title || ' ', NULL::text FROM shop.product WHERE id < 4 UNION ALL SELECT id, substr(rest, strpos(rest, ' ') + 1), split_part(rest, ' ', 1) FROM explode WHERE rest <> '') SELECT id, word FROM explode WHERE word IS NOT NULL ORDER BY 1, 2
= read shop.product
@ reads shop.product

WITH a (x) AS (SELECT 1) SELECT * FROM a AS a (y), LATERAL (WITH a AS (SELECT 5 AS z) SELECT z + y AS s FROM a) l
= read expression:constants
@ reads nothing

-- # answered: functions in FROM

SELECT * FROM generate_series(10, 1, -3) WITH ORDINALITY AS g (value, place)
= read expression:constants
@ reads nothing

SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) WITH ORDINALITY AS t (n, w, place)
= read expression:constants
@ reads nothing

SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['x', 'y']), json_each_text('{"a": 1}')) AS t (a, b, c, d)
= read expression:constants
@ reads nothing

SELECT o.id, c.ordinality, c.code FROM care.visit o, unnest(o.codes) WITH ORDINALITY AS c (code, ordinality) WHERE o.id < 4 ORDER BY 1, 2
= read care.visit
@ reads care.visit

SELECT p.id, k, v FROM shop.product p CROSS JOIN LATERAL jsonb_each(p.attributes) AS a (k, v) WHERE p.id < 4 ORDER BY 1, 2
= read shop.product
@ reads shop.product

SELECT generate_series(1, 3) AS a, generate_series(1, 2) AS b
= read expression:constants
@ reads nothing

SELECT id, unnest(languages) FROM care.doctor WHERE id < 3 ORDER BY 1, 2 NULLS LAST
= read care.doctor
@ reads care.doctor

SELECT x, y FROM generate_series(1, 3) x, LATERAL generate_series(x, 3) y ORDER BY 1, 2
= read expression:constants
@ reads nothing

SELECT m[1] FROM regexp_matches('a1b22c333', '\d+', 'g') AS m
= read expression:constants
@ reads nothing

SELECT * FROM json_to_record('{"a": 1, "b": [1, 2], "c": {"d": "e"}}') AS x (a int, b int[], c json)
= read expression:constants
@ reads nothing

SELECT * FROM jsonb_populate_record(NULL::care.parent, '{"id": 7, "kind": "k"}')
= read expression:constants
@ reads nothing

SELECT * FROM jsonb_to_recordset('[{"id": 1, "at": "2024-01-01"}, {"id": 2}]') AS r (id int, at date) ORDER BY id
= read expression:constants
@ reads nothing

SELECT lower(s), upper(s) FROM (VALUES (int4range(1, 5))) v (s)
= read expression:constants
@ reads nothing

SELECT count(*) FROM generate_subscripts(ARRAY[[1, 2], [3, 4]], 2) s
= read expression:constants
@ reads nothing

SELECT * FROM string_to_table('a b c', ' ') WITH ORDINALITY
= read expression:constants
@ reads nothing

SELECT d.day, extract(isodow FROM d.day) FROM generate_series('2024-02-26'::timestamp, '2024-03-01', '1 day') AS d (day)
= read expression:constants
@ reads nothing

SELECT t.* FROM (SELECT id, attributes FROM shop.product WHERE id = 3) p, jsonb_to_record(p.attributes) AS t (color text, size jsonb)
= read shop.product
@ reads shop.product

-- # answered: sampling and inheritance

SELECT count(*) >= 0 FROM shop.orders TABLESAMPLE BERNOULLI (50) REPEATABLE (7)
= read shop.orders
@ reads shop.orders

SELECT count(*) > 0 FROM shop.item AS i TABLESAMPLE SYSTEM (100)
= read shop.item
@ reads shop.item

SELECT tableoid::regclass, id, kind FROM care.parent ORDER BY id
= read care.parent
@ reads care.parent

SELECT * FROM ONLY care.parent ORDER BY id
= read care.parent
@ reads care.parent

SELECT p.kind, c.extra FROM care.parent * p LEFT JOIN care.child c ON c.id = p.id ORDER BY p.id
= read care.child care.parent
@ reads care.parent

SELECT tableoid::regclass::text, count(*) FROM shop.event GROUP BY 1 ORDER BY 1
= read shop.event
@ reads shop.event

SELECT count(*) FROM ONLY shop.event
= read shop.event
@ reads shop.event

SELECT kind, count(*) FROM shop.event_2024q1 WHERE at >= '2024-02-01Z' GROUP BY kind ORDER BY kind
= read shop.event_2024q1
@ reads shop.event_2024q1

SELECT warehouse, sum(quantity) FROM shop.stock GROUP BY warehouse ORDER BY 1
= read shop.stock
@ reads shop.stock

-- # answered: views on views

SELECT * FROM care.busiest WHERE place <= 3 ORDER BY place
= read care.doctor care.visit care.busiest care.busy | via_view
@ reads care.busiest care.busy care.doctor care.visit

SELECT name, fees FROM care.busy WHERE visits > 5 ORDER BY id
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT title, sum(amount) FROM shop.order_lines GROUP BY title ORDER BY 2 DESC, 1 LIMIT 5
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT day, n, total FROM shop.daily WHERE n > 1 ORDER BY day LIMIT 10
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT c.sku FROM shop.cheap c WHERE c.price > 10 ORDER BY c.id
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT count(*), sum(total) FROM shop.placed
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

SELECT v.plan, avg(v.fee) FROM care.visits v GROUP BY v.plan ORDER BY 1
= read care.member care.visit care.visits | via_view
@ reads care.member care.visit care.visits

SELECT * FROM care.tenant
= read care.tenant | row_policy
@ reads care.tenant

SELECT id, label FROM care.ward
= read care.doctor care.ward | row_policy
@ reads care.ward

-- # answered: row and composite notation

SELECT (v).id, v.fee FROM care.visit v WHERE v.id = 3
= read care.visit
@ reads care.visit

SELECT v FROM care.visit v WHERE v.id = 3
= read care.visit
@ reads care.visit

SELECT v.*::text FROM care.doctor v WHERE id = 2
= read care.doctor
@ reads care.doctor

SELECT ROW(1, 'x', NULL), ROW(d.*) , (d.id, d.name) FROM care.doctor d WHERE d.id = 1
= read care.doctor
@ reads care.doctor

SELECT (ROW('s', 'c', 'z')::shop.address).city, ('(a,b,c)'::shop.address).zip
= read expression:constants
@ reads nothing

SELECT ROW(1, 2) < ROW(1, 3), (1, NULL) IS NULL, ROW(1, 1) IS NOT NULL, ROW(1, NULL) IS DISTINCT FROM ROW(1, NULL), ROW(1, 2) *= ROW(1, 2)
= ! missing
@ error 42883

SELECT count(v) , count(v.*), count(DISTINCT v) FROM care.visit v
= read care.visit
@ reads care.visit

SELECT (array_agg(d ORDER BY d.id))[2].name FROM care.doctor d
= read care.doctor
@ reads care.doctor

SELECT (x.p).sku FROM (SELECT p FROM shop.product p WHERE id < 3) x ORDER BY 1
= read shop.product
@ reads shop.product

SELECT to_jsonb(d) - 'rating', row_to_json(d)->>'since' FROM care.doctor d WHERE id = 4
= read care.doctor
@ reads care.doctor

SELECT name(d), d.speciality FROM care.doctor d WHERE d.id < 3 ORDER BY 1
= read care.doctor
@ reads care.doctor

SELECT id FROM care.visit v WHERE v = (SELECT w FROM care.visit w WHERE w.id = 9)
= read care.visit
@ reads care.visit

SELECT i.order_id FROM shop.item i ORDER BY i DESC LIMIT 1
= read shop.item
@ reads shop.item

SELECT DISTINCT p.attributes->'size' FROM shop.product p WHERE p IS NOT NULL ORDER BY 1 LIMIT 3
= read shop.product
@ reads shop.product

-- # masked: views over protected columns

SELECT id, plan FROM care.members ORDER BY id LIMIT 3
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT a.id FROM care.members a JOIN care.members b USING (id) WHERE a.plan = 'gold' ORDER BY 1
= read care.member care.members | masked via_view
@ reads care.member care.members

SELECT id FROM shop.contacts ORDER BY id LIMIT 2
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

SELECT depth, count(*) FROM hr.tree GROUP BY depth ORDER BY depth
= read hr.employee hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree

-- # refused: functions that are not listed

SELECT * FROM pg_input_is_valid('12', 'integer') AS ok, LATERAL (SELECT 1) x (one)
= ! function
=[15] ! missing
@ reads nothing
@[15] error 42883

SELECT * FROM app.pair()
= ! function
@ reads nothing
