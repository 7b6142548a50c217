-- What BI tools, ORMs and clients send. By hand, in the manner of each tool.

-- # answered: Metabase

SELECT "source"."state" AS "state", COUNT(*) AS "count", SUM("source"."total") AS "sum" FROM (SELECT "shop"."orders"."state" AS "state", "shop"."orders"."total" AS "total", "shop"."orders"."placed" AS "placed" FROM "shop"."orders") AS "source" WHERE ("source"."placed" >= timestamp with time zone '2024-01-01 00:00:00.000Z') AND ("source"."placed" < timestamp with time zone '2024-04-01 00:00:00.000Z') GROUP BY "source"."state" ORDER BY "source"."state" ASC
= read shop.orders
@ reads shop.orders

SELECT CAST("shop"."orders"."placed" AS date) AS "placed", COUNT(distinct "shop"."orders"."customer_id") AS "count" FROM "shop"."orders" GROUP BY CAST("shop"."orders"."placed" AS date) ORDER BY CAST("shop"."orders"."placed" AS date) ASC LIMIT 2000
= read shop.orders
@ reads shop.orders

SELECT (CAST(extract(dow from "shop"."orders"."placed") AS integer) + 1) AS "placed", AVG("shop"."orders"."total") AS "avg" FROM "shop"."orders" LEFT JOIN "shop"."item" "Item" ON "shop"."orders"."id" = "Item"."order_id" WHERE ("Item"."quantity" > 1 OR "Item"."quantity" IS NULL) GROUP BY (CAST(extract(dow from "shop"."orders"."placed") AS integer) + 1) ORDER BY "placed" ASC
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT ((floor((("shop"."product"."price" - 0.0) / 12.5)) * 12.5) + 0.0) AS "price", COUNT(*) AS "count" FROM "shop"."product" GROUP BY ((floor((("shop"."product"."price" - 0.0) / 12.5)) * 12.5) + 0.0) ORDER BY ((floor((("shop"."product"."price" - 0.0) / 12.5)) * 12.5) + 0.0) ASC
= read shop.product
@ reads shop.product

SELECT SUM(CASE WHEN "shop"."orders"."state" = CAST('paid' AS "shop"."state") THEN 1 ELSE 0.0 END) / CASE WHEN COUNT(*) = 0 THEN NULL ELSE COUNT(*) END AS "Paid share" FROM "shop"."orders"
= read shop.orders
@ reads shop.orders

SELECT substring("shop"."product"."title", 1, 1234) AS "substring1", "shop"."product"."id" AS "id" FROM "shop"."product" WHERE (LOWER("shop"."product"."title") LIKE '%lamp%') ORDER BY "shop"."product"."id" LIMIT 10000
= read shop.product
@ reads shop.product

/* Metabase:: userID: 1 queryType: native */
WITH q AS (SELECT date_trunc('quarter', placed) AS quarter, currency, total FROM shop.orders WHERE 1 = 1 AND currency IN ('EUR', 'USD')) SELECT quarter, currency, sum(total) FROM q GROUP BY 1, 2 ORDER BY 1, 2
= read shop.orders
@ reads shop.orders

-- # answered: Tableau

SELECT CAST("orders"."currency" AS TEXT) AS "currency", SUM(CAST("orders"."total" AS DOUBLE PRECISION)) AS "sum:total:ok", DATE_TRUNC( 'MONTH', CAST("orders"."placed" AS TIMESTAMP) ) AS "tmn:placed:ok" FROM "shop"."orders" "orders" GROUP BY 1, 3 ORDER BY 1, 3
= read shop.orders
@ reads shop.orders

SELECT MIN("event"."at") AS "TEMP(TC_)(1)(0)", MAX("event"."at") AS "TEMP(TC_)(2)(0)", COUNT(1) AS "TEMP(attr)(3)(0)" FROM "shop"."event" "event" HAVING (COUNT(1) > 0)
= read shop.event
@ reads shop.event

SELECT "t0"."category" AS "category", "t1"."x_measure__1" AS "avg:Calculation_1:ok" FROM (SELECT "product"."category" AS "category" FROM "shop"."product" "product" GROUP BY 1) "t0" INNER JOIN (SELECT "product"."category" AS "category", AVG(("product"."price" - "product"."cost")) AS "x_measure__1" FROM "shop"."product" "product" GROUP BY 1) "t1" ON ("t0"."category" IS NOT DISTINCT FROM "t1"."category") ORDER BY 1
= read shop.product
@ reads shop.product

SELECT "item"."product_id" AS "product_id", (CASE WHEN (SUM("item"."quantity") >= 10) THEN 'big' WHEN NOT (SUM("item"."quantity") >= 10) THEN 'small' ELSE NULL END) AS "usr:Size:nk" FROM "shop"."item" "item" GROUP BY 1 HAVING ((SUM("item"."quantity") >= 3) AND (SUM("item"."quantity") <= 30)) ORDER BY 1
= read shop.item
@ reads shop.item

SELECT "X_1"."x" AS "Custom SQL" FROM (SELECT 'a'::text AS x UNION SELECT 'b') "X_1" LIMIT 1
= read expression:constants
@ reads nothing

SELECT TRUNC(EXTRACT(YEAR FROM "o"."placed")) AS "yr:placed:ok", ((CAST(TRUNC(EXTRACT(MONTH FROM "o"."placed")) AS INTEGER) - 1) / 3) + 1 AS "qr:placed:ok", COUNT("o"."coupon") AS "cnt:coupon:ok" FROM "shop"."orders" "o" GROUP BY 1, 2 ORDER BY 1, 2
= read shop.orders
@ reads shop.orders

-- # answered: Superset

SELECT DATE_TRUNC('day', at) AS __timestamp, kind AS kind, COUNT(*) AS count FROM shop.event WHERE at >= TO_TIMESTAMP('2024-01-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US') AND at < TO_TIMESTAMP('2024-02-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US') GROUP BY DATE_TRUNC('day', at), kind ORDER BY count DESC, __timestamp, kind LIMIT 50
= read shop.event
@ reads shop.event

SELECT kind AS kind, AVG(ms) AS "AVG(ms)", PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY ms) AS p95 FROM (SELECT * FROM shop.event WHERE ms IS NOT NULL) AS virtual_table JOIN (SELECT kind AS kind__, COUNT(*) AS mme_inner__ FROM shop.event GROUP BY kind ORDER BY mme_inner__ DESC, kind__ LIMIT 2) AS series_limit ON kind = kind__ GROUP BY kind ORDER BY "AVG(ms)" DESC
= read shop.event
@ reads shop.event

SELECT category AS category, SUM(price) AS "SUM(price)" FROM shop.product WHERE ((category IN ('light', 'seat'))) AND (price IS NOT NULL) GROUP BY category HAVING ((SUM(price) > 10)) ORDER BY "SUM(price)" DESC, category LIMIT 100 OFFSET 0
= read shop.product
@ reads shop.product

SELECT COUNT(*) AS rowcount FROM (SELECT path, count(*) AS n FROM shop.event GROUP BY path LIMIT 10001) AS rowcount_qry
= read shop.event
@ reads shop.event

SELECT DATE_TRUNC('week', DATE_TRUNC('week', placed AT TIME ZONE 'UTC') + INTERVAL '1 day') - INTERVAL '1 day' AS __timestamp, currency, sum(total) FROM shop.orders GROUP BY 1, currency ORDER BY 1, 2
= read shop.orders
@ reads shop.orders

SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop' AND table_type = 'BASE TABLE' ORDER BY table_name
= read catalog:information_schema.tables
@ reads nothing

-- # answered: Power BI and Looker

select "_"."state", "_"."a0" from ( select "rows"."state" as "state", sum("rows"."total") as "a0" from ( select "_"."state"::varchar as "state", "_"."total" from "shop"."orders" "_" ) "rows" group by "state" ) "_" where not "_"."a0" is null order by "_"."state" limit 1001 offset 0
= read shop.orders
@ reads shop.orders

select "$Table"."id" as "id", "$Table"."sku" as "sku", "$Table"."price" as "price" from "shop"."product" as "$Table" order by "$Table"."id" limit 4096
= read shop.product
@ reads shop.product

select case when "t"."n" = 0 then 'none' when "t"."n" < 3 then 'few' else 'many' end as "c1", count(1) as "a0" from (select p.id, count(i.line) as n from shop.product p left outer join shop.item i on i.product_id = p.id group by p.id) "t" group by case when "t"."n" = 0 then 'none' when "t"."n" < 3 then 'few' else 'many' end order by 1
= read shop.item shop.product
@ reads shop.item shop.product

SELECT (DATE(orders.placed )) AS "orders.placed_date", COALESCE(SUM(CAST(orders.total AS DOUBLE PRECISION)), 0) AS "orders.total", COUNT(DISTINCT orders.customer_id ) AS "orders.customers" FROM shop.orders AS orders WHERE ((( orders.placed ) >= ((TIMESTAMPTZ '2024-02-01Z')) AND ( orders.placed ) < ((TIMESTAMPTZ '2024-03-01Z')))) GROUP BY (DATE(orders.placed )) ORDER BY 1 DESC FETCH NEXT 500 ROWS ONLY
= read shop.orders
@ reads shop.orders

SELECT * FROM (SELECT *, DENSE_RANK() OVER (ORDER BY z___min_rank) as z___pivot_row_rank, RANK() OVER (PARTITION BY z__pivot_col_rank ORDER BY z___min_rank) as z__pivot_col_ordering FROM (SELECT *, MIN(z___rank) OVER (PARTITION BY "a") as z___min_rank FROM (SELECT *, RANK() OVER (ORDER BY "a") AS z___rank FROM (SELECT DENSE_RANK() OVER (ORDER BY state) AS z__pivot_col_rank, currency AS "a", count(*) AS "n" FROM shop.orders GROUP BY currency, state) ww) bb) aa) xx WHERE z__pivot_col_rank <= 50 ORDER BY "a", z__pivot_col_rank
= read shop.orders
@ reads shop.orders

WITH daily AS (SELECT day, total FROM shop.daily) SELECT d.day, (SELECT avg(x.total) FROM daily x WHERE x.day BETWEEN d.day - interval '6 days' AND d.day) AS moving FROM daily d ORDER BY d.day LIMIT 30
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- # answered: Grafana

SELECT floor(extract(epoch from at)/86400)*86400 AS "time", kind AS metric, avg(ms) AS "value" FROM shop.event WHERE at BETWEEN '2024-01-01T00:00:00Z' AND '2024-02-01T00:00:00Z' GROUP BY 1, 2 ORDER BY 1, 2
= read shop.event
@ reads shop.event

SELECT extract(epoch from day)::bigint AS time, n AS value, 'orders' AS metric FROM shop.daily UNION ALL SELECT extract(epoch from day)::bigint, total::bigint, 'total' FROM shop.daily ORDER BY 1, 3 LIMIT 20
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT DISTINCT path AS __text, path AS __value FROM shop.event ORDER BY 1
= read shop.event
@ reads shop.event

SELECT generate_series AS t, count(e.at) FROM generate_series('2024-01-01Z'::timestamptz, '2024-01-10Z', '1d') LEFT JOIN shop.event e ON date_trunc('day', e.at) = generate_series GROUP BY 1 ORDER BY 1
= read shop.event
@ reads shop.event

-- # answered: Django

SELECT "shop_product"."id", "shop_product"."sku", "shop_product"."title" FROM "shop"."product" AS "shop_product" WHERE (UPPER("shop_product"."title"::text) LIKE UPPER('%lamp%') AND NOT ("shop_product"."category" = 'seat' AND "shop_product"."category" IS NOT NULL)) ORDER BY "shop_product"."id" ASC LIMIT 21
= read shop.product
@ reads shop.product

SELECT COUNT(*) AS "__count" FROM (SELECT DISTINCT U0."order_id" AS "col1" FROM "shop"."item" U0 WHERE U0."quantity" >= 3) subquery
= read shop.item
@ reads shop.item

SELECT (1) AS "a" FROM "shop"."orders" WHERE "shop"."orders"."id" = 7 LIMIT 1
= read shop.orders
@ reads shop.orders

SELECT "o"."id", COUNT("i"."line") AS "lines", EXISTS(SELECT (1) AS "a" FROM "shop"."product" V0 WHERE V0."id" = (MAX("i"."product_id")) LIMIT 1) AS "known" FROM "shop"."orders" "o" LEFT OUTER JOIN "shop"."item" "i" ON ("o"."id" = "i"."order_id") GROUP BY "o"."id" ORDER BY 2 DESC, 1 ASC LIMIT 5
= read shop.item shop.orders shop.product
@ reads shop.item shop.orders shop.product

SELECT "p"."id", RANK() OVER (PARTITION BY "p"."category" ORDER BY "p"."price" DESC) AS "place", ("p"."attributes" #> '{size,w}') AS "w" FROM "shop"."product" "p" WHERE "p"."attributes" @> '{"color": "c2"}'::jsonb ORDER BY "p"."id"
= read shop.product
@ reads shop.product

SELECT DATE_TRUNC('month', "o"."placed" AT TIME ZONE 'UTC')::date AS "m", SUM("o"."total") FILTER (WHERE "o"."currency" = 'EUR') AS "eur" FROM "shop"."orders" "o" WHERE EXTRACT('year' FROM "o"."placed" AT TIME ZONE 'UTC') = 2024 GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

-- # answered: SQLAlchemy and Hibernate

SELECT anon_1.id, anon_1.title, item_1.order_id, item_1.line FROM (SELECT product.id AS id, product.title AS title FROM shop.product AS product ORDER BY product.id LIMIT 3) AS anon_1 LEFT OUTER JOIN shop.item AS item_1 ON anon_1.id = item_1.product_id ORDER BY anon_1.id, item_1.order_id, item_1.line
= read shop.item shop.product
@ reads shop.item shop.product

SELECT doctor.id, doctor.name FROM care.doctor WHERE EXISTS (SELECT 1 FROM care.visit WHERE doctor.id = visit.doctor_id AND visit.fee > 80) AND doctor.speciality IN ('heart', 'skin') ORDER BY doctor.id
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT coalesce(sum(orders.total), 0) AS coalesce_1, cast(orders.placed AS DATE) AS placed FROM shop.orders WHERE orders.state = 'paid' GROUP BY cast(orders.placed AS DATE) ORDER BY 2
= read shop.orders
@ reads shop.orders

WITH RECURSIVE anon_1(id, manager, level) AS (SELECT department.id AS id, department.head AS manager, 1 AS level FROM hr.department UNION ALL SELECT d.id, d.head, anon_1.level + 1 FROM hr.department AS d JOIN anon_1 ON d.head = anon_1.id AND anon_1.level < 3) SELECT anon_1.id, anon_1.level FROM anon_1 ORDER BY 2, 1
= read hr.department
@ reads hr.department

select o1_0.id, o1_0.currency, o1_0.customer_id, i1_0.order_id, i1_0.line, i1_0.price from shop.orders o1_0 left join shop.item i1_0 on o1_0.id=i1_0.order_id where o1_0.id in (1,2,3) order by o1_0.id, i1_0.line
= read shop.item shop.orders
@ reads shop.item shop.orders

select p1_0.id, p1_0.title from shop.product p1_0 where p1_0.price>(select avg(p2_0.price) from shop.product p2_0) order by p1_0.price desc, p1_0.id fetch first 10 rows only
= read shop.product
@ reads shop.product

select count(*) from shop.event e1_0 where e1_0.at>=$1::timestamptz and e1_0.kind=coalesce($2, e1_0.kind)
= read shop.event
@ reads shop.event

select case when count(p.id)>0 then true else false end from shop.product p where p.sku=$1
= read shop.product
@ reads shop.product

select d1_0.id, d1_0.name, cast(null as varchar) as clazz_ from hr.department d1_0 union all select -1, 'none', 'x' order by 1
= read hr.department
@ reads hr.department

-- # answered: Rails, Prisma, others

SELECT "products".* FROM "shop"."product" "products" WHERE "products"."category" = $1 AND (price BETWEEN 10 AND 50) ORDER BY "products"."launched" DESC, "products"."id" LIMIT $2
= read shop.product
@ reads shop.product

SELECT COUNT(*) AS "count_all", "orders"."currency" AS "orders_currency" FROM "shop"."orders" WHERE "orders"."placed" BETWEEN '2024-01-01' AND '2024-12-31' GROUP BY "orders"."currency" ORDER BY 2
= read shop.orders
@ reads shop.orders

SELECT 1 AS one FROM "shop"."region" WHERE "region"."code" = 'DE' LIMIT 1 /*application:Shop,controller:regions,action:show*/
= read shop.region
@ reads shop.region

SELECT "t0"."id", "t0"."state"::text, "t0"."total" FROM "shop"."orders" AS "t0" LEFT JOIN "shop"."item" AS "j0" ON ("j0"."order_id") = ("t0"."id") WHERE ("j0"."quantity" > 4 AND ("j0"."order_id" IS NOT NULL)) ORDER BY "t0"."id" ASC LIMIT 4 OFFSET 0
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT COALESCE(JSONB_AGG("__prisma_data__"), '[]') AS "__prisma_data__" FROM (SELECT "t3"."__prisma_data__" FROM (SELECT JSONB_BUILD_OBJECT('code', "t2"."code", 'name', "t2"."name") AS "__prisma_data__" FROM (SELECT "t1".* FROM "shop"."region" AS "t1" ORDER BY code) AS "t2") AS "t3") AS "t4"
= read shop.region
@ reads shop.region

SELECT "Order"."id", "Order"."total", (SELECT json_agg(row_to_json(x)) FROM (SELECT line, quantity FROM shop.item WHERE order_id = "Order"."id" ORDER BY line) x) AS "items" FROM "shop"."orders" AS "Order" WHERE ("Order"."id" > 3 AND "Order"."state" IN ('paid', 'shipped')) ORDER BY "Order"."id" LIMIT 5
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT json_build_object('data', coalesce(json_agg(t.j), '[]'::json)) FROM (SELECT json_build_object('id', d.id, 'visits', (SELECT count(*) FROM care.visit v WHERE v.doctor_id = d.id)) AS j FROM care.doctor d ORDER BY d.id) t
= read care.doctor care.visit
@ reads care.doctor care.visit

WITH pgrst_source AS (SELECT "shop"."region".* FROM "shop"."region" WHERE "shop"."region"."parent" = 'EU' ORDER BY code) SELECT null::bigint AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total, coalesce(json_agg(_postgrest_t), '[]') AS body FROM (SELECT * FROM pgrst_source) _postgrest_t
= read shop.region
@ reads shop.region

select coalesce((json_agg("root") -> 0), 'null') as "root" from (select row_to_json((select "_e" from (select "_0"."id" as "id", "_0"."name" as "name") as "_e")) as "root" from (select * from "care"."doctor" where (("care"."doctor"."id") = (('3') :: integer))) as "_0") as "_1"
= read care.doctor
@ reads care.doctor

select * from (select row_number() over (order by (select null)) as rn, o.id from shop.orders o where o.id < 5) x where rn between 1 and 2 order by id
= read shop.orders
@ reads shop.orders

SELECT DISTINCT ON (a.attname) a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = 'shop.product'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname
= read catalog:pg_catalog.pg_attribute
@ reads nothing

-- # answered: dbt and warehouses' habits

with source as (select * from shop.orders), renamed as (select id as order_id, customer_id, cast(placed as date) as order_date, state as status from source), final as (select *, row_number() over (partition by customer_id order by order_date, order_id) as order_number from renamed) select status, count(*) filter (where order_number = 1) as firsts from final group by status order by status
= read shop.orders
@ reads shop.orders

select count(*) as failures, count(*) != 0 as should_warn from ( select sku from shop.product where sku is not null group by sku having count(*) > 1 ) dbt_internal_test
= read shop.product
@ reads shop.product

with child as (select product_id as from_field from shop.item where product_id is not null), parent as (select id as to_field from shop.product) select from_field from child left join parent on child.from_field = parent.to_field where parent.to_field is null
= read shop.item shop.product
@ reads shop.item shop.product

select md5(cast(coalesce(cast(order_id as text), '_null_') || '-' || coalesce(cast(line as text), '_null_') as text)) as key from shop.item order by order_id, line limit 3
= read shop.item
@ reads shop.item

select count(*) from (select o.*, i.* from shop.orders o, shop.item i where o.id = i.order_id) as q (a, b, c, d, e, f, g, h, i, j)
= read shop.item shop.orders
@ reads shop.item shop.orders

-- # answered: psql

SELECT n.nspname as "Schema", c.relname as "Name", CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 'p' THEN 'partitioned table' END as "Type" FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam WHERE c.relkind IN ('r','p','v','m','S','f','') AND n.nspname = 'shop' AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1,2
= read catalog:pg_catalog.pg_am catalog:pg_catalog.pg_class catalog:pg_catalog.pg_namespace
@ reads nothing

SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type t WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation) AS attcollation FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'shop.orders'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
= read catalog:pg_catalog.pg_attribute catalog:pg_catalog.pg_collation catalog:pg_catalog.pg_type
@ reads nothing

SELECT c2.relname, i.indisprimary, i.indisunique, i.indisclustered, i.indisvalid, pg_catalog.pg_get_indexdef(i.indexrelid, 0, true) FROM pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_index i WHERE c.oid = 'shop.item'::regclass AND c.oid = i.indrelid AND i.indexrelid = c2.oid ORDER BY i.indisprimary DESC, c2.relname
= read catalog:pg_catalog.pg_class catalog:pg_catalog.pg_index
@ reads nothing

SELECT conname, conrelid::pg_catalog.regclass AS ontable, pg_catalog.pg_get_constraintdef(oid, true) AS condef FROM pg_catalog.pg_constraint c WHERE confrelid = 'shop.orders'::regclass AND contype = 'f' ORDER BY conname
= read catalog:pg_catalog.pg_constraint
@ reads nothing

SELECT inhparent::regclass, inhrelid::regclass FROM pg_inherits ORDER BY 1::text, 2::text
= read catalog:pg_catalog.pg_inherits
@ reads nothing

SELECT n.nspname, t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid JOIN pg_namespace n ON n.oid = t.typnamespace ORDER BY t.typname, e.enumsortorder
= read catalog:pg_catalog.pg_enum catalog:pg_catalog.pg_namespace catalog:pg_catalog.pg_type
@ reads nothing

SELECT obj_description('shop.orders'::regclass, 'pg_class'), col_description('shop.orders'::regclass, 1)
= read expression:constants
@ reads nothing

SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('shop', 'care') ORDER BY 1, 2
= read catalog:pg_catalog.pg_tables
@ reads nothing

SELECT indexname FROM pg_indexes WHERE tablename = 'product' ORDER BY 1
= read catalog:pg_catalog.pg_indexes
@ reads nothing

SELECT table_schema, table_name, column_name, ordinal_position, is_nullable, data_type, character_maximum_length, numeric_precision FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = 'orders' ORDER BY ordinal_position
= read catalog:information_schema.columns
@ reads nothing

SELECT tc.constraint_name, kcu.column_name FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu USING (constraint_schema, constraint_name) WHERE tc.table_name = 'item' AND tc.constraint_type = 'PRIMARY KEY' ORDER BY kcu.ordinal_position
= read catalog:information_schema.key_column_usage catalog:information_schema.table_constraints
@ reads nothing

SELECT rc.constraint_name, rc.delete_rule, rc.update_rule FROM information_schema.referential_constraints rc ORDER BY 1
= read catalog:information_schema.referential_constraints
@ reads nothing

SELECT schema_name FROM information_schema.schemata WHERE schema_name !~ '^pg_' ORDER BY 1
= read catalog:information_schema.schemata
@ reads nothing

SELECT count(*) > 0 FROM pg_catalog.pg_type WHERE typtype = 'd' AND typnamespace = 'shop'::regnamespace
= read catalog:pg_catalog.pg_type
@ reads nothing

SELECT c.relname, d.description FROM pg_class c JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = 0 WHERE c.relnamespace = 'shop'::regnamespace ORDER BY 1
= read catalog:pg_catalog.pg_class catalog:pg_catalog.pg_description
@ reads nothing

SELECT rngtypid::regtype, rngsubtype::regtype FROM pg_range WHERE rngtypid::regtype::text = 'hr.span'
= read catalog:pg_catalog.pg_range
@ reads nothing

-- # refused: catalogs that show too much

SELECT * FROM pg_stats WHERE tablename = 'member'
= ! catalog
@ reads nothing

SELECT most_common_vals FROM pg_stats s JOIN pg_class c ON c.relname = s.tablename
= ! catalog
@ reads nothing

SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'
= ! catalog
@ reads nothing

SELECT pid, query FROM pg_stat_activity
= ! catalog
@ reads nothing

SELECT definition FROM pg_views WHERE viewname = 'rich'
= ! catalog
@ reads care.member
@[15] reads care.member care.rich

SELECT view_definition FROM information_schema.views
= ! catalog
@ reads care.busy care.doctor care.member care.visit hr.employee shop.customer shop.item shop.orders shop.product
@[15] reads care.busiest care.busy care.doctor care.member care.members care.rich care.settings care.visit care.visits hr.employee hr.tree shop.cheap shop.contacts shop.customer shop.daily shop.item shop.order_lines shop.orders shop.placed shop.product

SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'app'::regnamespace
= ! catalog
@ reads nothing

SELECT routine_definition FROM information_schema.routines WHERE routine_schema = 'app'
= ! catalog
@ reads nothing

SELECT rolname, rolpassword FROM pg_authid
= ! catalog
@ reads nothing

SELECT usename, passwd FROM pg_shadow
= ! catalog
@ reads nothing

SELECT name, setting FROM pg_settings WHERE name = 'data_directory'
= ! catalog
@ reads nothing

SELECT * FROM pg_hba_file_rules
= ! catalog
@ reads nothing

SELECT starelid::regclass, stavalues1 FROM pg_statistic
= ! catalog
@ reads nothing

SELECT relname, n_live_tup, last_analyze FROM pg_stat_user_tables
= ! catalog
@ reads nothing

SELECT adrelid::regclass, pg_get_expr(adbin, adrelid) FROM pg_attrdef
= ! catalog
@ reads nothing

SELECT attrelid::regclass, attmissingval FROM pg_attribute WHERE atthasmissing
= ! catalog
@ reads nothing

SELECT relname, relpages, relfilenode FROM pg_class
= ! catalog
@ reads nothing

SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition
= ! catalog
@ reads nothing

SELECT * FROM pg_stat_statements
= ! missing
@ error 42P01

SELECT * FROM care.settings
= ! catalog
@ reads care.settings

SELECT * FROM pg_locks
= ! catalog
@ reads nothing

SELECT * FROM pg_prepared_statements
= ! catalog
@ reads nothing

SELECT datname, datacl FROM pg_database
= ! catalog
@ reads nothing

SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger
= ! catalog
@ reads nothing

SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy
= ! catalog
@ reads care.doctor

SELECT * FROM pg_largeobject
= ! catalog
@ reads nothing

SELECT c.* FROM pg_class c WHERE c.relname = 'orders'
= ! catalog
@ reads nothing

SELECT lo.oid FROM pg_largeobject_metadata lo
= ! catalog
@ reads nothing

SELECT srvname, srvoptions FROM pg_foreign_server
= ! catalog
@ reads nothing

SELECT subconninfo FROM pg_subscription
= ! catalog
@ reads nothing

SELECT pg_get_viewdef('care.rich'::regclass)
= ! function
@ reads care.member
@[15] reads care.member care.rich

SELECT pg_get_functiondef('app.card_of(int)'::regprocedure)
= ! function
@ reads nothing
