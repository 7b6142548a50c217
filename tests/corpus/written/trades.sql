-- What trades write: libraries, dashboards, migrations, operators, attackers. By hand.

-- # answered: ORMs, dashboards, dbt and psql as they write

SELECT orders.id AS orders_id, orders.state AS orders_state, customer_1.id AS customer_1_id, customer_1.plan AS customer_1_plan FROM shop.orders LEFT OUTER JOIN shop.customer AS customer_1 ON customer_1.id = orders.customer_id WHERE orders.id IN (1, 2, 3)
= read shop.customer shop.orders
@ reads shop.customer shop.orders

SELECT anon_1.orders_id, anon_1.orders_total, item_1.line FROM (SELECT orders.id AS orders_id, orders.total AS orders_total FROM shop.orders ORDER BY orders.id LIMIT 10 OFFSET 0) AS anon_1 LEFT OUTER JOIN shop.item AS item_1 ON anon_1.orders_id = item_1.order_id ORDER BY anon_1.orders_id, item_1.line
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT EXISTS (SELECT 1 FROM shop.orders WHERE orders.customer_id = 7 AND orders.state = 'paid') AS anon_1
= read shop.orders
@ reads shop.orders

SELECT "shop"."orders"."id", "shop"."orders"."total", (SELECT COUNT(*) AS "c" FROM "shop"."item" U0 WHERE U0."order_id" = ("shop"."orders"."id") GROUP BY U0."order_id") AS "lines" FROM "shop"."orders" ORDER BY "lines" DESC NULLS LAST, "shop"."orders"."id" LIMIT 21
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT DISTINCT "product"."category", COUNT("product"."id") OVER (PARTITION BY "product"."category") AS "n" FROM "shop"."product" WHERE NOT ("product"."category" IS NULL AND "product"."price" > 10.0) ORDER BY "n" DESC, 1 ASC
= read shop.product
@ reads shop.product

SELECT (1) AS "a" FROM "shop"."product" WHERE ("shop"."product"."sku")::text = 'SKU-3' LIMIT 1
= read shop.product
@ reads shop.product

SELECT "t"."id" FROM "shop"."product" "t" WHERE ("t"."attributes" -> 'size' ->> 'w')::int >= 3 AND "t"."attributes" @> '{"color": "c1"}'::jsonb ORDER BY "t"."id" ASC FETCH FIRST 5 ROWS ONLY
= read shop.product
@ reads shop.product

SELECT "t1"."id", "t1"."placed", "j1"."product_id" FROM "shop"."orders" AS "t1" LEFT JOIN LATERAL (SELECT "i"."product_id" FROM "shop"."item" AS "i" WHERE "t1"."id" = "i"."order_id" ORDER BY "i"."line" ASC LIMIT 1) AS "j1" ON TRUE WHERE 1=1 ORDER BY "t1"."id" ASC LIMIT 3 OFFSET 0
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT COALESCE(JSONB_AGG("__prisma_data__"), '[]') AS "__prisma_data__" FROM (SELECT "t3"."__prisma_data__" FROM (SELECT JSONB_BUILD_OBJECT('id', "t2"."id", 'sku', "t2"."sku") AS "__prisma_data__" FROM (SELECT "t1".* FROM "shop"."product" AS "t1" WHERE "t1"."category" = 'seat' ORDER BY "t1"."id") AS "t2") AS "t3") AS "t4"
= read shop.product
@ reads shop.product

SELECT "orders".* FROM "shop"."orders" INNER JOIN "shop"."item" ON "item"."order_id" = "orders"."id" WHERE "item"."quantity" > 2 GROUP BY "orders"."id" HAVING (count(item.line) > 1) ORDER BY "orders"."id" DESC LIMIT 11
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT 1 AS one FROM "shop"."customer" WHERE LOWER("customer"."plan") = LOWER('PRO') AND "customer"."id" != 4 LIMIT 1
= read shop.customer
@ reads shop.customer

SELECT "orders"."state", COUNT("orders"."id") AS "count_id", DATE_TRUNC('week', "orders"."placed"::timestamptz AT TIME ZONE 'Etc/UTC')::date AS "week" FROM "shop"."orders" WHERE ("orders"."placed" IS NOT NULL) GROUP BY "orders"."state", DATE_TRUNC('week', "orders"."placed"::timestamptz AT TIME ZONE 'Etc/UTC')::date
= read shop.orders
@ reads shop.orders

select "alias_1"."v0" from (select "o"."state" as "v0", row_number() over (order by "o"."id" desc) as "rn" from "shop"."orders" as "o") as "alias_1" where "alias_1"."rn" > 0 and "alias_1"."rn" <= (0 + 5) order by "alias_1"."rn"
= read shop.orders
@ reads shop.orders

select (select coalesce(jsonb_agg(jsonb_build_array("v0", "v1")), jsonb_build_array()) from (select "i"."line" as "v0", "i"."quantity" as "v1" from "shop"."item" as "i" where "i"."order_id" = "o"."id") as "t") as "lines" from "shop"."orders" as "o" where "o"."id" < 5 order by "o"."id"
= read shop.item shop.orders
@ reads shop.item shop.orders

select "o"."id" from "shop"."orders" as "o" where ("o"."placed", "o"."id") < (timestamp with time zone '2024-02-01 00:00:00+00:00', 30) order by "o"."placed" desc, "o"."id" desc fetch next 3 rows only
= read shop.orders
@ reads shop.orders

select o1_0.id,o1_0.total,c1_0.id,c1_0.plan from shop.orders o1_0 join shop.customer c1_0 on c1_0.id=o1_0.customer_id where o1_0.state=any(cast(array['paid','shipped'] as shop.state array)) order by o1_0.id offset 0 rows fetch first 4 rows only
= read shop.customer shop.orders
@ reads shop.customer shop.orders

select count(o1_0.id),sum(o1_0.total),extract(quarter from o1_0.placed) from shop.orders o1_0 where (o1_0.total between 10 and 400) and o1_0.coupon is null group by 3 having count(o1_0.id)>cast(1 as bigint)
= read shop.orders
@ reads shop.orders

SELECT o."state", COUNT(*)::int AS "Count", COALESCE(SUM(o."total"), 0.0) AS "Sum" FROM "shop"."orders" AS o WHERE date_part('year', o."placed" AT TIME ZONE 'UTC')::int = 2024 GROUP BY o."state"
= read shop.orders
@ reads shop.orders

SELECT t."id", t0."line", t0."c" FROM (SELECT o."id" FROM "shop"."orders" AS o ORDER BY o."id" LIMIT 5) AS t LEFT JOIN (SELECT t1."line", t1."order_id", t1.c FROM (SELECT i."line", i."order_id", 1 AS c, ROW_NUMBER() OVER(PARTITION BY i."order_id" ORDER BY i."line") AS row FROM "shop"."item" AS i) AS t1 WHERE t1.row <= 1) AS t0 ON t."id" = t0."order_id" ORDER BY t."id", t0."line"
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT strpos(p."title", 'lamp') - 1, p."title" LIKE '%!%%' ESCAPE '!', p."attributes"#>>'{size,w}' FROM "shop"."product" AS p WHERE p."launched" >= DATE '2022-03-01' ORDER BY p."id" LIMIT 4
= read shop.product
@ reads shop.product

SELECT "Order"."id", "Order"."state", "items"."line" AS "items.line", "items"."quantity" AS "items.quantity" FROM "shop"."orders" AS "Order" INNER JOIN "shop"."item" AS "items" ON "Order"."id" = "items"."order_id" AND "items"."quantity" >= 4 WHERE "Order"."total" IS NOT NULL ORDER BY "Order"."id" ASC, "items"."line" DESC
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT "o"."id" AS "o_id", "o"."total" AS "o_total" FROM "shop"."orders" "o" WHERE EXISTS(SELECT 1 FROM "shop"."item" "i" WHERE "i"."order_id" = "o"."id" AND NOT EXISTS(SELECT 1 FROM "shop"."product" "p" WHERE "p"."id" = "i"."product_id" AND "p"."price" < 5)) ORDER BY "o_id" ASC
= read shop.item shop.orders shop.product
@ reads shop.item shop.orders shop.product

SELECT o0."id", o0."total", sum(o0."total") FILTER (WHERE o0."currency" = 'EUR') OVER "w" FROM "shop"."orders" AS o0 WINDOW "w" AS (PARTITION BY o0."customer_id" ORDER BY o0."placed") ORDER BY o0."id" LIMIT 7
= read shop.orders
@ reads shop.orders

select "category", json_agg(json_build_object('sku', "sku", 'price', "price") order by "price" desc) filter (where "price" is not null) as "items" from "shop"."product" group by "category" order by "category"
= read shop.product
@ reads shop.product

with "recent" as (select * from "shop"."orders" where "placed" > '2024-03-01'), "spent" as (select "customer_id", sum("total") as "s" from "recent" group by "customer_id") select "c"."id", "c"."plan", "s"."s" from "shop"."customer" as "c" inner join "spent" as "s" on "s"."customer_id" = "c"."id" order by "s"."s" desc nulls last limit 10
= read shop.customer shop.orders
@ reads shop.customer shop.orders

select distinct on ("customer_id") "customer_id", "id", "placed" from "shop"."orders" where "placed" is not null order by "customer_id", "placed" desc, "id"
= read shop.orders
@ reads shop.orders

SELECT floor(extract(epoch from at)/3600)*3600 AS "time", kind AS metric, percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS "p95" FROM shop.event WHERE at BETWEEN '2024-01-01T00:00:00Z' AND '2024-02-01T00:00:00Z' GROUP BY 1, 2 ORDER BY 1, 2
= read shop.event
@ reads shop.event

SELECT at AS "time", avg(ms) OVER (PARTITION BY kind ORDER BY at ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS value, kind AS metric FROM shop.event WHERE at >= timestamptz '2024-01-05' AND path ~ '^/p/[0-3]$' ORDER BY at, kind LIMIT 30
= read shop.event
@ reads shop.event

SELECT gs.t AS time, coalesce(count(e.*), 0) AS n FROM generate_series(timestamptz '2024-01-01 00:00Z', timestamptz '2024-01-08 00:00Z', interval '1 day') AS gs(t) LEFT JOIN shop.event e ON e.at >= gs.t AND e.at < gs.t + interval '1 day' GROUP BY gs.t ORDER BY gs.t
= read shop.event
@ reads shop.event

SELECT CASE WHEN orders.total < 50 THEN '0' WHEN orders.total >= 50 AND orders.total < 200 THEN '1' WHEN orders.total >= 200 THEN '2' ELSE '3' END AS "orders.tier__sort_", CASE WHEN orders.total < 50 THEN 'Below 50' WHEN orders.total >= 50 AND orders.total < 200 THEN '50 to 199' WHEN orders.total >= 200 THEN '200 or Above' ELSE 'Undefined' END AS "orders.tier", COUNT(DISTINCT orders.id) AS "orders.count" FROM shop.orders AS orders WHERE ((( orders.placed ) >= (TIMESTAMPTZ '2024-01-01') AND ( orders.placed ) < (TIMESTAMPTZ '2024-04-01'))) GROUP BY 1, 2 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT COALESCE(COALESCE(CAST( ( SUM(DISTINCT (CAST(FLOOR(COALESCE(orders.total ,0)*(1000000*1.0)) AS DECIMAL(65,0))) + ('x' || MD5(orders.id::varchar))::bit(64)::bigint::DECIMAL(65) *18446744073709551616 + ('x' || SUBSTR(MD5(orders.id::varchar),17))::bit(64)::bigint::DECIMAL(65) ) - SUM(DISTINCT ('x' || MD5(orders.id::varchar))::bit(64)::bigint::DECIMAL(65) *18446744073709551616 + ('x' || SUBSTR(MD5(orders.id::varchar),17))::bit(64)::bigint::DECIMAL(65)) ) AS DOUBLE PRECISION) / CAST((1000000*1.0) AS DOUBLE PRECISION), 0), 0) AS "orders.total_sum" FROM shop.item AS item LEFT JOIN shop.orders AS orders ON item.order_id = orders.id
= read shop.item shop.orders
@ reads shop.item shop.orders

select "_"."state", "_"."a0" from ( select "rows"."state" as "state", sum("rows"."total") as "a0" from ( select "_"."id", "_"."state", "_"."total" from "shop"."orders" "_" where "_"."placed" >= timestamp '2024-01-01 00:00:00' ) "rows" group by "state" ) "_" where not "_"."a0" is null limit 1000001
= read shop.orders
@ reads shop.orders

SELECT "Custom SQL Query"."category" AS "category", SUM(1) AS "sum:Number of Records:ok", AVG(CAST("Custom SQL Query"."price" AS DOUBLE PRECISION)) AS "avg:price:ok", (CASE WHEN MIN("Custom SQL Query"."launched") = MAX("Custom SQL Query"."launched") THEN MIN("Custom SQL Query"."launched") ELSE NULL END) AS "attr:launched:ok" FROM ( SELECT category, price, launched FROM shop.product ) "Custom SQL Query" GROUP BY 1 HAVING (COUNT(1) > 0)
= read shop.product
@ reads shop.product

SELECT DATE_TRUNC('month', placed) AS __timestamp, state AS state, sum(total) AS "SUM(total)" FROM (SELECT * FROM shop.orders WHERE currency = 'EUR') AS virtual_table JOIN (SELECT state AS state__, sum(total) AS mme_inner__ FROM (SELECT * FROM shop.orders WHERE currency = 'EUR') AS virtual_table GROUP BY state ORDER BY mme_inner__ DESC LIMIT 3) AS series_limit ON state = state__ GROUP BY DATE_TRUNC('month', placed), state ORDER BY "SUM(total)" DESC LIMIT 1000
= read shop.orders
@ reads shop.orders

with source as ( select * from shop.orders ), renamed as ( select id as order_id, customer_id, md5(cast(coalesce(cast(id as text), '_dbt_utils_surrogate_key_null_') || '-' || coalesce(cast(customer_id as text), '_dbt_utils_surrogate_key_null_') as text)) as order_key from source ), final as ( select * from renamed where order_id is not null ) select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error from ( select order_key from final group by order_key having count(*) > 1 ) dbt_internal_test
= read shop.orders
@ reads shop.orders

with rawdata as ( with p as ( select 0 as generated_number union all select 1 ), unioned as ( select p0.generated_number * power(2, 0) + p1.generated_number * power(2, 1) + 1 as generated_number from p as p0 cross join p as p1 ) select * from unioned where generated_number <= 4 order by generated_number ) select (timestamp '2024-01-01' + ((interval '1 day') * (row_number() over (order by generated_number) - 1)))::date as date_day from rawdata
= read expression:constants
@ reads nothing

SELECT n.nspname as "Schema", c.relname as "Name", CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type", pg_catalog.pg_get_userbyid(c.relowner) as "Owner" FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam WHERE c.relkind IN ('r','p','v') AND n.nspname OPERATOR(pg_catalog.~) '^(shop)$' COLLATE pg_catalog.default ORDER BY 1,2
= read catalog:pg_catalog.pg_am catalog:pg_catalog.pg_class catalog:pg_catalog.pg_namespace
@ reads nothing

SELECT c2.relname, i.indisprimary, i.indisunique, i.indisclustered, i.indisvalid, pg_catalog.pg_get_indexdef(i.indexrelid, 0, true), pg_catalog.pg_get_constraintdef(con.oid, true), contype, condeferrable, condeferred FROM pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_index i LEFT JOIN pg_catalog.pg_constraint con ON (conrelid = i.indrelid AND conindid = i.indexrelid AND contype IN ('p','u','x')) WHERE c.oid = 'shop.orders'::regclass AND c.oid = i.indrelid AND i.indexrelid = c2.oid ORDER BY i.indisprimary DESC, c2.relname
= read catalog:pg_catalog.pg_class catalog:pg_catalog.pg_constraint catalog:pg_catalog.pg_index
@ reads nothing

SELECT true as sametable, conname, pg_catalog.pg_get_constraintdef(r.oid, true) as condef, conrelid::pg_catalog.regclass AS ontable FROM pg_catalog.pg_constraint r WHERE r.conrelid = 'shop.item'::regclass AND r.contype = 'f' AND conparentid = 0 ORDER BY conname
= read catalog:pg_catalog.pg_constraint
@ reads nothing

SELECT t.typname, e.enumlabel FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'shop' ORDER BY t.typname, e.enumsortorder
= read catalog:pg_catalog.pg_enum catalog:pg_catalog.pg_namespace catalog:pg_catalog.pg_type
@ reads nothing

SELECT id FROM shop.product WHERE title = 'x' OR '1'='1' --' AND price < 10
= read shop.product
@ reads shop.product

SELECT id FROM shop.product WHERE title = 'a; DELETE FROM shop.product; --'
= read shop.product
@ reads shop.product

SELECT /* /* nested */ DELETE FROM shop.product; */ id FROM shop.product
= read shop.product
@ reads shop.product

SELECT U&'d\0061t\+000061' AS "data", U&"i\0064" FROM shop.product ORDER BY 2 LIMIT 1
= read shop.product
@ reads shop.product

SELECT U&'d!0061t' UESCAPE '!' FROM shop.product LIMIT 1
= read shop.product
@ reads shop.product

SELECT B'101' | b'010', X'1F'::bit(8), N'nat', E'\x41\u00e9\t' , 'two' 
'lines' FROM shop.region LIMIT 1
= read shop.region
@ reads shop.region

SELECT $$a$$ || $b$c $$ d$b$ || $_1$e$_1$ FROM shop.region LIMIT 1
= read shop.region
@ reads shop.region

SELECT jt.id, jt.kind FROM shop.product p, JSON_TABLE(p.attributes, '$' COLUMNS (id FOR ORDINALITY, kind text PATH '$.color' DEFAULT 'none' ON EMPTY, NESTED PATH '$.size' COLUMNS (w int PATH '$.w'))) AS jt ORDER BY p.id, jt.id LIMIT 3
= read shop.product
=[15,16] ! syntax
@ reads shop.product
@[15,16] error 42601

SELECT JSON_VALUE(extra, '$.n' RETURNING int DEFAULT -1 ON EMPTY ERROR ON ERROR), JSON_QUERY(extra, '$.list' WITH WRAPPER), JSON_EXISTS(extra, '$.list[*] ? (@ == "x")') FROM shop.customer ORDER BY id LIMIT 4
= read shop.customer
=[15,16] ! syntax
@ reads shop.customer
@[15,16] error 42601

SELECT JSON('{"a": 1}'), JSON_SCALAR(1.5), JSON_SERIALIZE('{"a": 1}' RETURNING bytea) FROM shop.region LIMIT 1
= read shop.region
=[15,16] ! syntax
@ reads shop.region
@[15,16] error 42601

SELECT array_sort(codes), array_reverse(codes), casefold(memo) FROM care.visit ORDER BY id LIMIT 3
= read care.visit
=[15,16,17] ! missing
@ reads care.visit
@[15,16,17] error 42883

SELECT uuidv7() IS NOT NULL, uuid_extract_timestamp('01890a5d-ac96-774b-bcce-b302099a8057'), crc32('x'), gamma(4)
= read expression:constants
=[15,16,17] ! missing
@ reads nothing
@[15,16,17] error 42883

SELECT random(1, 10) BETWEEN 1 AND 10, to_bin(5), to_oct(8), 'x' IS JSON SCALAR
= read expression:constants
=[15] ! syntax
=[16] ! missing
@ reads nothing
@[15] error 42601
@[16] error 42883

VALUES (1, 'a'), (2, NULL) ORDER BY 1 DESC LIMIT 1
= read expression:constants
@ reads nothing

SELECT * FROM shop.region r FULL JOIN (VALUES ('DE'), ('XX')) v(code) USING (code) ORDER BY code COLLATE "C"
= read shop.region
@ reads shop.region

SELECT ALL o.state, grouping(o.state, o.currency) FROM shop.orders o GROUP BY DISTINCT ROLLUP (o.state, o.currency), CUBE (o.currency) ORDER BY 2, 1
= read shop.orders
@ reads shop.orders

SELECT o.id, q.* FROM shop.orders o CROSS JOIN LATERAL (SELECT max(i.price) FILTER (WHERE i.line = 1) AS first, max(i.price) FILTER (WHERE i.line = 2) AS second FROM shop.item i WHERE i.order_id = o.id) q WHERE o.id <= 3 ORDER BY 1
= read shop.item shop.orders
@ reads shop.item shop.orders

-- # masked: searches over protected columns

SELECT m.id FROM care.member m WHERE m.passport = ANY (SELECT 'CANARY' || g FROM generate_series(1, 40) g)
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT d FROM generate_series(0, 9) d JOIN care.member m ON substr(m.passport, 7, 1) = d::text WHERE m.id = 3
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT id, income FROM care.member WHERE income::text ~ ('^' || (SELECT left(income::text, 2) FROM care.member WHERE id = 2))
= read care.member | masked predicate_on_protected
@ reads care.member

SELECT EXISTS (SELECT 1 FROM hr.employee WHERE name = 'Canary Person 3' AND salary BETWEEN 33000 AND 34000)
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT e.department, count(*) FILTER (WHERE e.salary > (SELECT avg(salary) FROM hr.employee)) FROM hr.employee e GROUP BY 1 ORDER BY 1
= read hr.employee | masked
@ reads hr.employee

SELECT e.id FROM hr.employee e ORDER BY md5(e.iban), e.id
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT min(id) KEEP_IT, max(salary) - min(salary) FROM hr.employee GROUP BY manager HAVING bool_or(iban LIKE 'DE001%')
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

SELECT c.id, (c.home).city, (c.home).zip FROM shop.customer c WHERE (c.home).street = 'Street 5'
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

SELECT (SELECT string_agg(chr(ascii(substr(name, g, 1)) + 1), '') FROM generate_series(1, 10) g) FROM shop.customer ORDER BY id LIMIT 2
= read shop.customer | masked
@ reads shop.customer

SELECT DISTINCT phone IS NOT DISTINCT FROM '+49 30 1' FROM shop.customer
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

-- # writes: ORMs and loaders that change rows

INSERT INTO shop.stock (product_id, warehouse, quantity) SELECT p0::INTEGER, p1::VARCHAR, p2::INTEGER FROM (VALUES (900, 'north', 1, 0), (901, 'north', 2, 1)) AS imp_sen(p0, p1, p2, sen_counter) ORDER BY sen_counter RETURNING stock.product_id, stock.product_id AS product_id__1
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock
@ acts tree:insert changes:shop.stock_north(+2) locks:shop.stock(RowExclusive) effects:xid stopped:25006

UPDATE "shop"."product" SET "price" = CASE WHEN ("shop"."product"."id" = 1) THEN 3.50 WHEN ("shop"."product"."id" = 2) THEN 7.00 ELSE NULL END WHERE "shop"."product"."id" IN (1, 2)
= update shop.product
@ acts tree:update changes:shop.product(~2) locks:shop.product(RowExclusive) effects:xid stopped:25006

DELETE FROM "shop"."cache" WHERE "shop"."cache"."key" IN (SELECT U0."key" FROM "shop"."cache" U0 WHERE U0."expires" < '2024-01-01T00:00:00+00:00'::timestamptz)
= delete shop.cache; read shop.cache
@ acts shop.cache tree:delete locks:shop.cache(RowExclusive) stopped:25006

INSERT INTO "shop"."cache" ("key","value","expires") VALUES ('k1', '\x00', NULL) ON CONFLICT ("key") DO UPDATE SET "value" = "excluded"."value", "expires" = "excluded"."expires" WHERE ("shop"."cache"."key" = 'k1' AND 1=1) RETURNING "shop"."cache"."key"
= insert shop.cache; read shop.cache; update shop.cache
@ acts tree:insert changes:shop.cache(+1) locks:shop.cache(RowExclusive) effects:xid stopped:25006

UPDATE "shop"."stock" SET "quantity" = ("shop"."stock"."quantity" - 1) WHERE ("shop"."stock"."product_id" = 3 AND "shop"."stock"."warehouse" = 'north' AND "shop"."stock"."quantity" >= 1 AND 1=1)
= update shop.stock shop.stock_north shop.stock_other
@ acts shop.stock tree:update changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

UPDATE "shop"."product" SET "words" = to_tsvector('simple', "product"."title") WHERE "product"."id" BETWEEN 1 AND 3
= update shop.product
@ acts tree:update changes:shop.product(~3) locks:shop.product(RowExclusive) effects:xid stopped:25006

merge into "shop"."stock" as "s" using (select 1 as "product_id", 'north' as "warehouse", 5 as "quantity") as "d" on ("s"."product_id" = "d"."product_id" and "s"."warehouse" = "d"."warehouse") when matched then update set "quantity" = "d"."quantity" when not matched then insert ("product_id", "warehouse", "quantity") values ("d"."product_id", "d"."warehouse", "d"."quantity")
= insert shop.stock shop.stock_north shop.stock_other; update shop.stock shop.stock_north shop.stock_other
@ acts tree:merge changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

UPDATE "shop"."orders" SET "state"='paid',"paid"='2024-03-01 00:00:00.000 +00:00' WHERE ("id" = 3 AND "state" IN ('cart', 'placed')) RETURNING "id","state"
= read shop.orders; update shop.orders | fires_triggers unregistered_code
@ acts tree:update locks:shop.orders(RowExclusive) stopped:25006

SELECT * FROM "shop"."orders" WHERE "orders"."state" = 'paid' AND ("orders"."total" > 100 OR "orders"."coupon" IS NOT NULL) ORDER BY "orders"."id" LIMIT 1 FOR UPDATE SKIP LOCKED
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

INSERT INTO shop.cache AS target (key, value) VALUES ('a', NULL), ('b', NULL) ON CONFLICT ON CONSTRAINT cache_pkey DO UPDATE SET value = EXCLUDED.value WHERE target.value IS DISTINCT FROM EXCLUDED.value
= insert shop.cache; read shop.cache; update shop.cache
@ acts tree:insert changes:shop.cache(+2) locks:shop.cache(RowExclusive) effects:xid stopped:25006

delete from shop.cache as DBT_INTERNAL_DEST where (key) in ( select distinct key from shop.cache as DBT_INTERNAL_SOURCE )
= delete shop.cache; read shop.cache
@ acts shop.cache tree:delete locks:shop.cache(RowExclusive) stopped:25006

insert into shop.stock ("product_id", "warehouse", "quantity") ( select "product_id", "warehouse", "quantity" from shop.stock where false )
= insert shop.stock shop.stock_north shop.stock_other; read shop.stock
@ acts shop.stock tree:insert locks:shop.stock(RowExclusive) stopped:25006

TABLE shop.region ORDER BY code LIMIT 1 FOR SHARE
= read shop.region; update shop.region | locks_rows
@ acts tree:lock locks:shop.region(RowShare) effects:xid stopped:25006

SELECT id FROM shop.orders ORDER BY id LIMIT 1 FOR NO KEY UPDATE OF orders NOWAIT
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

WITH t AS MATERIALIZED (UPDATE shop.stock SET quantity = quantity + 1 RETURNING quantity) SELECT sum(quantity) FROM t
= read shop.stock; update shop.stock shop.stock_north shop.stock_other | no_where
@ acts shop.stock tree:update changes:shop.stock_north(~30),shop.stock_other(~30) locks:shop.stock(RowExclusive) effects:xid stopped:25006

MERGE INTO shop.stock s USING (VALUES (1, 'north', 4)) v(p, w, q) ON s.product_id = v.p AND s.warehouse = v.w WHEN MATCHED AND v.q = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET quantity = v.q WHEN NOT MATCHED THEN INSERT VALUES (v.p, v.w, v.q) RETURNING merge_action(), s.product_id
= delete shop.stock shop.stock_north shop.stock_other; insert shop.stock shop.stock_north shop.stock_other; read shop.stock; update shop.stock shop.stock_north shop.stock_other
=[15,16] ! syntax
@ acts tree:merge changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006
@[15,16] error 42601

MERGE INTO shop.stock s USING shop.product p ON s.product_id = p.id WHEN NOT MATCHED BY SOURCE THEN DELETE
= delete shop.stock shop.stock_north shop.stock_other; read shop.product
=[15,16] ! syntax
@ acts shop.product tree:merge locks:shop.stock(RowExclusive) stopped:25006
@[15,16] error 42601

UPDATE shop.stock SET quantity = quantity + 1 WHERE product_id = 2 RETURNING OLD.quantity, NEW.quantity
= read shop.stock; update shop.stock shop.stock_north shop.stock_other
=[15,16,17] ! missing
@ acts tree:update changes:shop.stock_north(~1),shop.stock_other(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006
@[15,16,17] error 42P01

INSERT INTO hr.employee SELECT id + 100, name, department, manager, salary FROM hr.employee
= insert hr.employee; read hr.employee | assigns_protected predicate_on_protected
@ acts hr.employee tree:insert changes:hr.employee(+25) locks:hr.department(RowShare),hr.employee(RowExclusive),hr.employee(RowShare) effects:xid stopped:25006

-- # defines: migrations and dbt that define

create table "shop"."daily__dbt_tmp" as ( select date_trunc('day', placed) as d, sum(total) as t from shop.orders group by 1 )
= define shop.daily__dbt_tmp; read shop.orders
@ acts shop.orders changes:shop.daily__dbt_tmp(+107) locks:shop.daily__dbt_tmp(AccessExclusive) effects:xid stopped:25006

alter table "shop"."cache" rename to "cache__dbt_backup"
= define shop.cache | locks_table
@ acts locks:shop.cache__dbt_backup(AccessExclusive) effects:xid stopped:25006

create view "shop"."stg_orders__dbt_tmp" as ( with source as (select * from shop.orders) select id, state, total from source )
= define shop.stg_orders__dbt_tmp; read shop.orders
@ acts shop.orders locks:shop.stg_orders__dbt_tmp(AccessExclusive) effects:xid stopped:25006

drop view if exists "shop"."cheap__dbt_backup" cascade
= define shop.cheap__dbt_backup | locks_table
@ reads effects:notice

ALTER TABLE shop.orders ALTER COLUMN coupon SET STATISTICS 500
= define shop.orders | locks_table
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ADD COLUMN discount numeric(6, 2) NOT NULL DEFAULT 0 CHECK (discount >= 0), ALTER COLUMN coupon SET DEFAULT 'none', DROP COLUMN note
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders VALIDATE CONSTRAINT orders_customer_id_fkey
= define shop.orders | locks_table
@ acts locks:shop.orders(ShareUpdateExclusive) stopped:25006

ALTER TABLE shop.item ADD CONSTRAINT once UNIQUE (order_id, product_id) DEFERRABLE INITIALLY DEFERRED
= define shop.item | locks_table
@ acts locks:shop.item(AccessExclusive),shop.item(Share),shop.item(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ADD COLUMN weight_class text GENERATED ALWAYS AS (CASE WHEN total > 100 THEN 'big' ELSE 'small' END) STORED
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive),shop.orders(Share) effects:xid stopped:25006

CREATE INDEX idx_attr ON shop.product USING gin (attributes jsonb_path_ops)
= define shop.product | locks_table
@ acts locks:shop.product(Share) effects:xid stopped:25006

CREATE TABLE shop.orders_new (LIKE shop.orders INCLUDING DEFAULTS INCLUDING CONSTRAINTS EXCLUDING INDEXES)
= define shop.orders_new; read shop.orders
@ acts shop.orders locks:shop.orders_new(AccessExclusive) effects:xid stopped:25006

SELECT * INTO UNLOGGED shop.copied FROM shop.region
= define shop.copied; read shop.region
@ acts shop.region changes:shop.copied(+4) locks:shop.copied(AccessExclusive) effects:xid stopped:25006

CREATE TABLE shop.booking (room int, during tstzrange, PRIMARY KEY (room, during WITHOUT OVERLAPS))
= define shop.booking
@ fails 42704
@[15,16,17] error 42601

CREATE TABLE shop.booking (room int, during tstzrange, FOREIGN KEY (room, PERIOD during) REFERENCES shop.price_history (product_id, PERIOD valid))
= define shop.booking; read shop.price_history
@ fails 42830
@[15,16,17] error 42601

ALTER TABLE shop.price_history ADD CONSTRAINT no_overlap UNIQUE (product_id, valid WITHOUT OVERLAPS)
= define shop.price_history | locks_table
@ fails 42704
@[15,16,17] error 42601

CREATE TABLE shop.computed (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)
= define shop.computed
@ acts locks:shop.computed(AccessExclusive) effects:xid stopped:25006
@[15,16,17] error 42601

ALTER TABLE shop.orders ADD COLUMN doubled numeric GENERATED ALWAYS AS (total * 2) VIRTUAL
= define shop.orders | locks_table
@ fails 0A000
@[15,16,17] error 42601

ALTER TABLE shop.item ADD CONSTRAINT checked CHECK (quantity < 1000) NOT ENFORCED
= define shop.item | locks_table
@ acts locks:shop.item(AccessExclusive) effects:xid stopped:25006
@[15,16,17] error 42601

ALTER TABLE shop.customer ALTER COLUMN plan SET NOT NULL, ADD CONSTRAINT named NOT NULL region
= define shop.customer | locks_table predicate_on_protected tags_must_be_reviewed
@ acts locks:shop.customer(AccessExclusive) effects:xid stopped:25006
@[15,16,17] error 42601

CREATE VIEW hr.public_people AS SELECT id, name FROM hr.employee
= define hr.public_people; read hr.employee | tags_must_be_reviewed
@ acts hr.employee locks:hr.public_people(AccessExclusive) effects:xid stopped:25006

CREATE STATISTICS hr.leak (mcv) ON salary, department FROM hr.employee
= define statistics:hr.leak; read hr.employee | tags_must_be_reviewed
@ acts locks:hr.employee(ShareUpdateExclusive) effects:xid stopped:25006

ALTER TABLE hr.employee ADD COLUMN copied text DEFAULT 'x', ADD COLUMN twice numeric GENERATED ALWAYS AS (salary * 2) STORED
= define hr.employee | locks_table predicate_on_protected tags_must_be_reviewed
@ acts locks:hr.employee(AccessExclusive),hr.employee(Share) effects:xid stopped:25006

CREATE INDEX ON hr.employee (department) WHERE salary > 50000
= define hr.employee | locks_table predicate_on_protected tags_must_be_reviewed
@ acts locks:hr.employee(Share) effects:xid stopped:25006

CREATE FUNCTION shop.f() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN EXECUTE 'SELECT 1'; RETURN NEW; END $f$
= define function:shop.f | replaces_code
@ acts effects:xid stopped:25006

-- # grants: rights in scripts

GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA shop TO postgres
= grant schema:shop shop.audit shop.cache shop.customer shop.event shop.event_2024q1 shop.event_2024q2 shop.event_rest shop.import shop.item shop.orders shop.price_history shop.product shop.region shop.stock shop.stock_north shop.stock_other shop.cheap shop.contacts shop.daily shop.order_lines shop.placed | tags_must_be_reviewed
@ acts effects:xid stopped:25006

-- # control: operators' scripts and sessions

COPY shop.orders (id, state, total) TO stdout
= control statement:Copy shop.orders
@ reads shop.orders

REINDEX (VERBOSE) TABLE shop.orders
= control statement:Reindex shop.orders | not_transactional
@ acts locks:shop.orders(Share) effects:notice,xid unstopped

VACUUM (FULL, ANALYZE, VERBOSE) shop.orders
= control statement:Vacuum shop.orders | not_transactional
@ acts effects:alone,world unstopped

ALTER TABLE shop.orders SET (autovacuum_enabled = false)
= control statement:AlterTable shop.orders
@ acts locks:shop.orders(ShareUpdateExclusive) effects:xid stopped:25006

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_open ON shop.orders (customer_id) WHERE state = 'cart'
= control statement:Index shop.orders | not_transactional
@ acts effects:alone,world stopped:25006

DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'tier') THEN CREATE TYPE shop.tier AS ENUM ('a'); END IF; END $$
= control statement:Do | not_transactional
@ acts effects:xid stopped:25006

COPY shop.import FROM '/etc/passwd'
= control statement:Copy shop.import
@ fails 22P04

SELECT id, passport INTO TEMP stolen FROM care.member
= control statement:IntoClause stolen
@ acts care.member changes:pg_temp.stolen(+40) locks:pg_temp.stolen(AccessExclusive) effects:xid stopped:25006

LISTEN "shop_events"
= control channel:shop_events statement:Listen
@ acts effects:world unstopped

GRANT SELECT (id, plan) ON care.member TO PUBLIC
= control statement:Grant care.member
@ acts care.member effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

ALTER ROLE CURRENT_USER SET search_path = evil
= control statement:AlterRoleSet
@ acts effects:xid stopped:25006

REASSIGN OWNED BY CURRENT_USER TO postgres
= control role:postgres statement:ReassignOwned
@ fails 2BP01

ROLLBACK AND CHAIN
= control statement:Transaction | not_transactional
@ acts effects:settings unstopped

SECURITY LABEL FOR anon ON COLUMN care.member.mail IS 'MASKED WITH VALUE NULL'
= control statement:SecLabel care.member.mail
@ fails 22023

CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION app.deny()
= control event trigger:et statement:CreateEventTrig
@ fails 42P17

CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'x')
= control server:s statement:CreateUserMapping
@ fails 42704

CREATE CAST (text AS int) WITH INOUT AS IMPLICIT
= control cast:pg_catalog.int4 cast:text statement:CreateCast
@ acts effects:xid stopped:25006

ALTER OPERATOR FAMILY integer_ops USING btree ADD FUNCTION 1 (int, bigint) btint48cmp(int, bigint)
= control operator family:integer_ops statement:AlterOpFamily
@ fails 42710

FETCH FORWARD 10 FROM c
= control cursor:c statement:Fetch
@ fails 34000

DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT passport FROM care.member
= control cursor:c statement:DeclareCursor
@ acts care.member effects:cursors unstopped

-- # refused: injections, catalogs, acts of the server and copies

SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef), a.attnotnull FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'shop.orders'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
= ! catalog
@ reads nothing

SELECT p.proname, pg_catalog.pg_get_function_result(p.oid), pg_catalog.pg_get_function_arguments(p.oid), CASE p.prokind WHEN 'a' THEN 'agg' WHEN 'w' THEN 'window' WHEN 'p' THEN 'proc' ELSE 'func' END FROM pg_catalog.pg_proc p LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'app'
= ! catalog
@ reads nothing

SELECT d.datname, pg_catalog.pg_get_userbyid(d.datdba), pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, pg_catalog.array_to_string(d.datacl, E'\n') FROM pg_catalog.pg_database d ORDER BY 1
= ! catalog
@ reads nothing

SELECT r.rolname, r.rolsuper, r.rolcanlogin, ARRAY(SELECT b.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles b ON (m.roleid = b.oid) WHERE m.member = r.oid) as memberof FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY 1
= ! catalog
@ reads nothing

SELECT inhparent::pg_catalog.regclass, pg_catalog.pg_get_expr(c.relpartbound, inhrelid) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits i ON c.oid = inhrelid WHERE c.oid = 'shop.event_2024q1'::regclass
= ! catalog
@ reads nothing

SELECT pg_catalog.set_config('search_path', '', false)
= ! function
@ acts effects:settings unstopped

SELECT oid, tableoid, lanname FROM pg_language
= ! catalog
@ reads nothing

SELECT t.tableoid, t.oid, i.indrelid, t.relname AS indexname, pg_catalog.pg_get_indexdef(i.indexrelid) AS indexdef, i.indkey FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class t ON t.oid = i.indexrelid WHERE i.indrelid = 'shop.item'::regclass
= ! catalog
@ reads nothing

SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
= ! catalog
@ reads nothing

SELECT schemaname, relname, n_dead_tup, last_autovacuum FROM pg_stat_all_tables ORDER BY n_dead_tup DESC
= ! catalog
@ reads nothing

SELECT relname, pg_size_pretty(pg_total_relation_size(relid)) FROM pg_catalog.pg_statio_user_tables ORDER BY pg_total_relation_size(relid) DESC
= ! catalog
@ reads nothing

SELECT blocked.pid, blocking.pid FROM pg_locks blocked JOIN pg_locks blocking ON blocking.locktype = blocked.locktype AND blocking.pid <> blocked.pid WHERE NOT blocked.granted
= ! catalog
@ reads nothing

SELECT sum(blks_hit) / nullif(sum(blks_hit + blks_read), 0) FROM pg_stat_database
= ! catalog
@ reads nothing

SELECT slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) FROM pg_replication_slots
= ! catalog
@ reads nothing

SELECT pg_size_pretty(pg_database_size(current_database()))
= ! protected
@ reads nothing

SELECT name, setting, unit FROM pg_settings WHERE name IN ('shared_buffers', 'work_mem')
= ! catalog
@ reads nothing

SELECT pg_advisory_lock(hashtext('migrations'))
= ! function
@ acts effects:advisory unstopped

SELECT pg_try_advisory_xact_lock(72707369)
= ! function
@ acts effects:advisory unstopped

SELECT id FROM shop.product WHERE title = '' UNION SELECT usesysid::int FROM pg_user --
= ! catalog
@ reads shop.product

SELECT lo_put(1, 0, '\x00'), lo_unlink(1)
= ! function
@ fails 42704

SELECT pg_ls_dir('.'), pg_stat_file('PG_VERSION')
= ! function
@ reads nothing

SELECT query_to_xml_and_xmlschema('SELECT passport FROM care.member', true, false, '')
= ! function
@ fails 0A000
@[15,17] reads care.member

SELECT (xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM ' || quote_ident(table_schema) || '.' || quote_ident(table_name), false, true, '')))[1]::text FROM information_schema.tables WHERE table_schema = 'care' AND table_name = 'visit'
= ! function
@ fails 0A000
@[15,17] reads care.visit

SELECT set_config('role', 'postgres', true) FROM shop.product LIMIT 1
= ! function
@ reads shop.product

WITH x AS (SELECT set_config('transaction_read_only', 'off', true)) SELECT * FROM x
= ! function
@ reads nothing

SELECT 1 FROM shop.product WHERE set_config('statement_timeout', '0', false) IS NOT NULL
= ! function
@ acts shop.product effects:settings unstopped

EXPLAIN ANALYZE SELECT * INTO shop.stolen FROM shop.orders
= ! unknown
@ acts shop.orders changes:shop.stolen(+150) locks:shop.stolen(AccessExclusive) effects:xid unstopped

EXPLAIN (ANALYZE true, FORMAT yaml) INSERT INTO shop.import (raw) VALUES ('x')
= ! unknown
@ acts shop.import tree:insert changes:care.log(+1),shop.import(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006
@[15] acts shop.import changes:care.log(+1),shop.import(+1) locks:care.log(RowExclusive),care.log_id_seq(RowExclusive),shop.import(RowExclusive) effects:xid stopped:25006

EXPLAIN (ANALYZE, WAL, BUFFERS) WITH d AS (DELETE FROM shop.cache RETURNING *) SELECT * FROM d
= ! unknown
@ acts locks:shop.cache(RowExclusive) stopped:25006
@[16,17] acts tree:delete locks:shop.cache(RowExclusive) stopped:25006

SELECT pg_notify('shop_events', state::text) FROM shop.orders LIMIT 1
= ! function
@ acts shop.orders effects:world unstopped

SELECT nextval('shop.numbers'), currval('shop.numbers'), lastval()
= ! function
@ acts locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT setval('shop.numbers', 1000, true)
= ! function
@ acts locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT last_value, is_called FROM shop.numbers
= ! unknown
@ reads shop.numbers

MERGE INTO shop.customer c USING care.member m ON c.id = m.id WHEN MATCHED THEN UPDATE SET plan = m.passport
= ! launders
@ acts care.member tree:merge changes:shop.audit(+40),shop.customer(~40) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006

UPDATE care.member SET plan = 'gold' WHERE id = 1 RETURNING WITH (OLD AS before, NEW AS after) before.passport, after.plan
= ! protected
=[15,16,17] ! syntax
@ acts tree:update changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006
@[15,16,17] error 42601

DELETE FROM shop.customer WHERE id = 50 RETURNING OLD.email
= ! protected
=[15,16,17] ! missing
@ acts fails:23503 tree:delete stopped:25006
@[15,16,17] error 42P01

INSERT INTO care.member (id, plan, mail) VALUES (77, 'x', 'a@b.test') RETURNING NEW.mail
= ! protected
=[15,16,17] ! missing
@ acts tree:insert changes:care.member(+1) locks:care.member(RowExclusive) effects:xid stopped:25006
@[15,16,17] error 42P01

UPDATE shop.customer SET tags = array_append(tags, email::text)
= ! launders
@ acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006
@[15] acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid stopped:25006

UPDATE shop.customer SET extra = jsonb_set(coalesce(extra, '{}'), '{mail}', to_jsonb(email))
= ! launders
@ acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid stopped:25006
@[15] acts tree:update changes:shop.audit(+50),shop.customer(~50) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006

UPDATE shop.orders o SET note = c.phone FROM shop.customer c WHERE c.id = o.customer_id
= ! launders
@ acts shop.customer tree:update changes:shop.orders(~150) locks:shop.orders(RowExclusive) effects:xid stopped:25006

INSERT INTO shop.audit (what, new) SELECT 'dump', to_jsonb(e) FROM hr.employee e
= ! launders
@ acts hr.employee tree:insert changes:shop.audit(+25) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid stopped:25006

UPDATE shop.customer SET email = '***' WHERE id = 3
= ! protected
@ acts fails:23514 tree:update stopped:25006

CREATE MATERIALIZED VIEW hr.pay AS SELECT department, sum(salary) FROM hr.employee GROUP BY 1
= ! launders
@ acts hr.employee changes:hr.pay(+4) locks:hr.pay(AccessExclusive),hr.pay(Exclusive),hr.pay(Share) effects:xid stopped:25006
@[15,16] acts hr.employee changes:hr.pay(+4) locks:hr.pay(AccessExclusive) effects:xid stopped:25006

CREATE RULE spy AS ON UPDATE TO hr.employee DO ALSO INSERT INTO care.log (line) VALUES (NEW.iban)
= ! launders
@ acts locks:care.log(RowExclusive),hr.employee(AccessExclusive) effects:xid stopped:25006

CREATE POLICY open ON care.member USING (passport IS NOT NULL)
= ! launders
@ acts locks:care.member(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.member ALTER COLUMN plan TYPE text USING passport
= ! launders
@ fails 0A000

REVOKE ALL ON SCHEMA care FROM CURRENT_USER
= ! unknown
@ acts effects:xid stopped:25006

CREATE OR REPLACE FUNCTION pg_catalog.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'
= ! catalog
@ acts effects:xid stopped:25006

CREATE TRIGGER spy AFTER UPDATE ON care.member FOR EACH ROW WHEN (OLD.passport IS DISTINCT FROM NEW.passport) EXECUTE FUNCTION app.log_change()
= ! launders
@ acts locks:care.member(ShareRowExclusive) effects:xid stopped:25006

-- # either: XML and what only some servers can

SELECT xpath('//x', xmlparse(DOCUMENT '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'))
= read expression:constants
@ fails 0A000
@[15,17] reads nothing

SELECT x.* FROM xmltable('/a/b' PASSING xmlparse(DOCUMENT '<a><b>1</b></a>') COLUMNS n int PATH '.') AS x
= read expression:constants
@ fails 0A000
@[15,17] reads nothing

EXPLAIN (SETTINGS, SUMMARY OFF, TIMING OFF) SELECT state, count(*) FROM shop.orders GROUP BY 1
= read shop.orders
@ reads shop.orders

-- # rejected: injections that are no statement, and what the server takes nowhere

SELECT s0."id", type(s0) FROM (SELECT 1 AS id) s0
= ! missing
@ error 42883

SELECT $__timeGroup FROM shop.event
= ! syntax
@ error 42601

BEGIN; ALTER TABLE shop.orders ADD COLUMN x int; COMMIT
= ! several
@ error 42601

SET lock_timeout = '1s'; ALTER TABLE shop.orders ADD COLUMN x int
= ! several
@ error 42601

SELECT id FROM shop.product WHERE title = ''; DROP TABLE shop.product; --'
= ! several
@ error 42601

SELECT id FROM shop.product WHERE title = '\'; DELETE FROM shop.product WHERE ''='''
= ! syntax
@ error 42601

SELECT 1 /* unclosed
= ! syntax
@ error 42601

SELECT * FROM dblink('host=evil.test dbname=x', 'SELECT 1') AS t(a int)
= ! missing
@ error 42883

WITH ins AS (INSERT INTO shop.import (raw) VALUES ('x') RETURNING raw), upd AS (UPDATE shop.cache SET expires = NULL RETURNING key) SELECT raw FROM ins UNION ALL SELECT key FROM upd
= ! unknown
@ error 0A000

SELECT * FROM (WITH d AS (DELETE FROM shop.cache RETURNING 1) SELECT count(*) FROM d) x
= ! unknown
@ error 0A000
