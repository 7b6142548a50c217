-- What people and their tools send, in habits that the other files do not have. By hand.

-- # answered: psql and clients asking for the catalog

SELECT n.nspname as "Schema", c.relname as "Name", CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type", pg_catalog.pg_get_userbyid(c.relowner) as "Owner" FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam WHERE c.relkind IN ('r','p','') AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_toast' AND n.nspname <> 'information_schema' AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1,2
= read catalog:pg_catalog.pg_am catalog:pg_catalog.pg_class catalog:pg_catalog.pg_namespace
@ reads nothing

SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'shop.orders'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
= read catalog:pg_catalog.pg_attribute
@ reads nothing

SELECT nspname AS schema_name, relname AS table_name, obj_description(c.oid, 'pg_class') AS comment FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'r' AND nspname = 'shop'
= read catalog:pg_catalog.pg_class catalog:pg_catalog.pg_namespace
@ reads nothing

SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default IS NOT NULL AS has_default FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_schema, table_name, ordinal_position
= read catalog:information_schema.columns
@ reads nothing

-- ! constraint_column_usage stands on pg_depend, and shows a read role nothing
SELECT kcu.column_name, ccu.table_name AS foreign_table FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage ccu ON ccu.constraint_name = tc.constraint_name WHERE tc.constraint_type = 'FOREIGN KEY'
= ! catalog
@ reads nothing

SELECT conname, contype, conrelid::regclass AS "table", confrelid::regclass AS target, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'shop'::regnamespace ORDER BY conname
= read catalog:pg_catalog.pg_constraint
@ reads nothing

SELECT e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = 'state' ORDER BY e.enumsortorder
= read catalog:pg_catalog.pg_enum catalog:pg_catalog.pg_type
@ reads nothing

SELECT version()
= read expression:constants
@ reads nothing

SELECT current_user, session_user, current_database(), current_schema, current_schemas(true), current_catalog
= read expression:constants
@ reads nothing

SELECT current_database() AS db, now()::date IS NOT NULL AS up
= read expression:constants
@ reads nothing

SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'shop' ORDER BY 1
= read catalog:pg_catalog.pg_indexes
@ reads nothing

SELECT c.relname, i.indisunique, i.indisprimary, array_to_string(array_agg(a.attname ORDER BY k.n), ', ') AS cols FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = 'shop.orders'::regclass GROUP BY 1, 2, 3 ORDER BY 1
= read catalog:pg_catalog.pg_attribute catalog:pg_catalog.pg_class catalog:pg_catalog.pg_index
@ reads nothing

SELECT pg_typeof(total), pg_typeof(placed), pg_typeof(state) FROM shop.orders LIMIT 1
= read shop.orders
@ reads shop.orders

SELECT to_regclass('shop.orders') IS NOT NULL AS exists, to_regclass('shop.nothing') IS NULL AS missing
= read expression:constants
@ reads nothing

SELECT has_table_privilege('shop.orders', 'select') AS may, has_column_privilege('shop.orders', 'total', 'select') AS column_too
= read expression:constants
@ reads nothing

SELECT relname, relkind, relpersistence FROM pg_class WHERE oid = 'shop.cache'::regclass
= read catalog:pg_catalog.pg_class
@ reads nothing

SELECT inhrelid::regclass AS child FROM pg_inherits WHERE inhparent = 'shop.event'::regclass ORDER BY 1
= read catalog:pg_catalog.pg_inherits
@ reads nothing

-- ! its every reader locks the sequences for a moment; no state changes
SELECT schemaname, sequencename, data_type, increment_by, cycle FROM pg_sequences ORDER BY 1, 2
= read catalog:pg_catalog.pg_sequences
@ acts locks:care.log_id_seq(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer_id_seq(RowExclusive),shop.numbers(RowExclusive) unstopped

SELECT collname, collprovider FROM pg_collation WHERE collname IN ('C', 'POSIX', 'default') ORDER BY 1
= read catalog:pg_catalog.pg_collation
@ reads nothing

-- # answered: how analysts write by hand

select * from shop.orders where placed between '2024-01-10' and '2024-01-20' and state not in ('cart','cancelled') order by total desc nulls last limit 10
= read shop.orders
@ reads shop.orders

select o.*, i.quantity*i.price as amount from shop.orders o, shop.item i where o.id=i.order_id and o.currency='EUR' order by 1, amount limit 7
= read shop.item shop.orders
@ reads shop.item shop.orders

select count(*) filter (where state = 'paid') paid, count(*) filter (where state = 'cart') carts, round(100.0 * count(*) filter (where state = 'paid') / nullif(count(*), 0), 1) pct from shop.orders
= read shop.orders
@ reads shop.orders

select date_part('week', placed) as week, sum(total) total, sum(sum(total)) over (order by date_part('week', placed)) running from shop.orders group by 1 order by 1
= read shop.orders
@ reads shop.orders

select distinct on (customer_id) customer_id, id, placed from shop.orders order by customer_id, placed desc
= read shop.orders
@ reads shop.orders

with first_orders as (select customer_id, min(placed)::date as first from shop.orders group by 1), cohort as (select date_trunc('month', first) as month, customer_id from first_orders) select c.month, count(distinct c.customer_id) as size, count(distinct o.customer_id) filter (where o.placed >= c.month + interval '1 month') as retained from cohort c left join shop.orders o using (customer_id) group by 1 order by 1
= read shop.orders
@ reads shop.orders

select title, price, ntile(4) over (order by price) as quartile, percent_rank() over (order by price), cume_dist() over (order by price) from shop.product order by price, id
= read shop.product
@ reads shop.product

select category, percentile_cont(array[0.25, 0.5, 0.75]) within group (order by price::float8) from shop.product group by category order by category nulls first
= read shop.product
@ reads shop.product

select customer_id, placed, lag(placed) over w as before, placed - lag(placed) over w as gap from shop.orders window w as (partition by customer_id order by placed, id) order by customer_id, placed, id limit 20
= read shop.orders
@ reads shop.orders

select to_char(placed, 'YYYY-"Q"Q') as quarter, to_char(sum(total), 'FM999G990D00') as revenue from shop.orders group by 1 order by 1
= read shop.orders
@ reads shop.orders

select generate_series::date as day, coalesce(n, 0) as orders from generate_series('2024-01-01'::date, '2024-01-14', '1 day') left join (select placed::date as d, count(*) n from shop.orders group by 1) x on x.d = generate_series::date order by 1
= read shop.orders
@ reads shop.orders

select array_agg(distinct category order by category) filter (where category is not null), string_agg(sku, '|' order by id desc) from shop.product where id <= 5
= read shop.product
@ reads shop.product

select product_id, sum(quantity) q from shop.item group by product_id having sum(quantity) > (select avg(s) from (select sum(quantity) s from shop.item group by product_id) t) order by q desc, product_id fetch first 5 rows with ties
= read shop.item
@ reads shop.item

select case when grouping(currency) = 1 then 'all' else currency end as cur, case when grouping(state) = 1 then 'all' else state::text end as st, count(*) from shop.orders group by rollup (currency, state) order by grouping(currency), currency, grouping(state), state
= read shop.orders
@ reads shop.orders

select currency, state, count(*), grouping(currency, state) from shop.orders group by cube (currency, state) order by 4, 1, 2
= read shop.orders
@ reads shop.orders

select extract(epoch from (max(placed) - min(placed))) / 86400 as days, age(max(placed), min(placed)) from shop.orders
= read shop.orders
@ reads shop.orders

select p.title, s.total_stock from shop.product p cross join lateral (select sum(quantity) as total_stock from shop.stock s where s.product_id = p.id) s where s.total_stock > 20 order by 2 desc, 1
= read shop.product shop.stock
@ reads shop.product shop.stock

select width_bucket(total, 0, 500, 10) as bucket, count(*), min(total), max(total) from shop.orders where total is not null group by 1 order by 1
= read shop.orders
@ reads shop.orders

select corr(weight, price::float8), regr_slope(price::float8, weight), regr_r2(price::float8, weight), stddev_samp(price), var_pop(price) from shop.product
= read shop.product
@ reads shop.product

select mode() within group (order by currency), percentile_disc(0.9) within group (order by total) from shop.orders
= read shop.orders
@ reads shop.orders

select id, coalesce(nullif(trim(title), ''), 'n/a') || ' (' || coalesce(category, '?') || ')' as label, initcap(split_part(title, ' ', 1)), left(sku, 3), right(sku, -4), position('-' in sku), repeat('*', id % 3) from shop.product order by id limit 6
= read shop.product
@ reads shop.product

select regexp_replace(title, '(\w+) (\w+)', '\2 \1', 'g'), regexp_match(sku, '\d+'), title ~* 'lamp', title similar to '%(chair|lamp)%', title ilike 'red%' from shop.product order by id limit 5
= read shop.product
@ reads shop.product

select (select count(*) from shop.orders o where o.customer_id = e.customer_id) as orders, e.customer_id, count(*) from shop.event e group by e.customer_id order by e.customer_id limit 5
= read shop.event shop.orders
@ reads shop.event shop.orders

select exists (select 1 from shop.orders where total > 400) as big, not exists (select from shop.orders where total < 0) as none_negative, 5 = any (select quantity from shop.item) as five, 3 > all (array[1, 2]) as all_of
= read shop.item shop.orders
@ reads shop.item shop.orders

select kind, count(*), avg(ms)::numeric(10,2), max(ms) from shop.event where at >= timestamp '2024-02-01' at time zone 'Europe/Berlin' group by kind order by kind
= read shop.event
@ reads shop.event

select at::date as d, kind, count(*) over (partition by at::date) n, first_value(path) over (partition by kind order by at rows between unbounded preceding and unbounded following), nth_value(path, 2) over (partition by kind order by at range between interval '10 days' preceding and current row exclude current row) from shop.event order by at limit 12
= read shop.event
@ reads shop.event

values (1, 'one'), (2, 'two'), (3, null) order by 1 desc
= read expression:constants
@ reads nothing

table shop.region
= read shop.region
@ reads shop.region

(select id from shop.product where price < 10 except select product_id from shop.item where quantity > 4) union all (select 0) order by 1
= read shop.item shop.product
@ reads shop.item shop.product

select * from (values (1, 'a'), (2, 'b')) as t (id, name) natural join (values (2, 'x')) as u (id, other)
= read expression:constants
@ reads nothing

select * from shop.region r full join (select region, count(*) n from shop.customer group by region) c on c.region = r.code order by r.code nulls last
= read shop.customer shop.region
@ reads shop.customer shop.region

select date_bin('15 minutes', at, timestamptz '2024-01-01') as slot, count(*) from shop.event group by slot order by slot limit 5
= read shop.event
@ reads shop.event

select customer_id, sum(total) as ltv, rank() over (order by sum(total) desc), dense_rank() over (order by sum(total) desc), row_number() over (order by sum(total) desc, customer_id) from shop.orders group by customer_id order by 5 limit 5
= read shop.orders
@ reads shop.orders

select id, total, total - avg(total) over () as diff, total / sum(total) over () as share, (total - avg(total) over ()) / nullif(stddev(total) over (), 0) as z from shop.orders order by id limit 5
= read shop.orders
@ reads shop.orders

with recursive d(day) as (select date '2024-01-01' union all select day + 1 from d where day < '2024-01-10') select day, extract(isodow from day), to_char(day, 'Dy') from d
= read expression:constants
@ reads nothing

with recursive up as (select code, name, parent, 1 lvl, array[code::text] as trail from shop.region where parent is null union all select r.code, r.name, r.parent, lvl + 1, trail || r.code::text from shop.region r join up on r.parent = up.code) cycle code set looped using seen select code, lvl, trail, looped from up order by trail
= read shop.region
@ reads shop.region

select o.state, json_agg(json_build_object('id', o.id, 'total', o.total) order by o.id) from shop.orders o where o.id < 10 group by o.state order by 1
= read shop.orders
@ reads shop.orders

select attributes->>'color' as color, count(*), avg((attributes#>>'{size,w}')::int) from shop.product group by 1 order by 1
= read shop.product
@ reads shop.product

select id from shop.product where attributes @> '{"color": "c1"}' and attributes ? 'size' and attributes->'size' ?& array['w','h'] order by id
= read shop.product
@ reads shop.product

select id, jsonb_path_query_array(attributes, '$.size.* ? (@ > 10)') from shop.product order by id limit 8
= read shop.product
@ reads shop.product

select key, value, jsonb_typeof(value) from shop.product, jsonb_each(attributes) where id = 3 order by key
= read shop.product
@ reads shop.product

select e.properties->'utm'->>'s' as source, count(distinct e.session) as sessions from shop.event e group by 1 order by 1
= read shop.event
@ reads shop.event

select p.id, x.* from shop.product p, jsonb_to_record(p.attributes) as x(color text, size jsonb) where p.id < 4 order by 1
= read shop.product
@ reads shop.product

select p.id, s.w, s.h from shop.product p cross join lateral jsonb_to_recordset(jsonb_build_array(p.attributes->'size')) as s(w int, h int) where id < 4 order by 1
= read shop.product
@ reads shop.product

select sku, ts_rank(words, q) as rank from shop.product, to_tsquery('english', 'lamp & chair') q where words @@ q order by rank desc, sku limit 5
= read shop.product
@ reads shop.product

select ts_headline('english', title, plainto_tsquery('english', 'red lamp')) from shop.product order by id limit 3
= read shop.product
@ reads shop.product

select websearch_to_tsquery('english', '"red lamp" -chair or table'), phraseto_tsquery('simple', 'a b'), numnode('a & b'::tsquery), strip(words) from shop.product where id = 1
= read shop.product
@ reads shop.product

select span, upper(span) - lower(span) as days, isempty(span), span * daterange('2024-02-05', '2024-02-20') as both from hr.absence where span && daterange('2024-02-05', '2024-02-20', '[]') order by employee, span limit 5
= read hr.absence
@ reads hr.absence

select range_agg(span order by span), range_intersect_agg(span) from hr.absence where employee < 4
= read hr.absence
@ reads hr.absence

select m, lower(m) from unnest('{[2024-01-01,2024-01-05),[2024-02-01,2024-02-03)}'::datemultirange) m
= read expression:constants
@ reads nothing

select product_id, price from shop.price_history where valid @> timestamptz '2024-03-15' order by 1
= read shop.price_history
@ reads shop.price_history

select languages[1], languages[2:3], array_length(languages, 1), cardinality(languages), array_position(languages, 'en'), 'de' = any (languages), array_remove(languages, null) from care.doctor order by id limit 3
= read care.doctor
@ reads care.doctor

select l, o from care.doctor, unnest(languages) with ordinality as t(l, o) where id = 1
= read care.doctor
@ reads care.doctor

select id, codes || 9, codes @> array[1], codes && array[2, 3], array_to_string(codes, ',', '-'), codes[array_upper(codes, 1)] from care.visit order by id limit 4
= read care.visit
@ reads care.visit

select (array_agg(id order by fee desc, id))[1:3], array_agg(row(id, fee) order by id) from care.visit where id < 4
= read care.visit
@ reads care.visit

select make_date(2024, 2, 29) + interval '1 year', justify_interval(interval '40 days 30 hours'), date '2024-03-31' - date '2024-02-29', (date '2024-01-01', date '2024-02-01') overlaps (date '2024-01-15', interval '3 days'), timestamp '2024-01-01 12:00' at time zone 'UTC' at time zone 'Asia/Tokyo', extract(doy from date '2024-12-31'), to_timestamp(0), to_date('31 12 2024', 'DD MM YYYY'), isfinite(date 'infinity')
= read expression:constants
@ reads nothing

select * from shop.orders tablesample bernoulli (100) repeatable (1) order by id limit 2
= read shop.orders
@ reads shop.orders

select string_to_table('a,b,c', ','), regexp_split_to_table('x1y2z', '\d'), unnest(array[1, 2])
= read expression:constants
@ reads nothing

select encode(digest, 'hex'), md5('a'), sha256('a'::bytea), encode('abc'::bytea, 'base64'), crc from (select decode('616263', 'hex') as digest, hashtext('a') as crc) x
= read expression:constants
@ reads nothing

select host(inet '10.1.2.3/8'), network(inet '10.1.2.3/8'), inet '10.1.2.3' << cidr '10.0.0.0/8', macaddr '08:00:2b:01:02:03' , B'1010' & B'0110', 12::bit(8)
= read expression:constants
@ reads nothing

select row(1, 'a') = row(1, 'a'), row(1, 2) < row(1, 3), (1, null) is null, row(null, null) is null, (select (1, 2)) is not null, 1 is distinct from null, true and null, not null::bool is unknown
= read expression:constants
@ reads nothing

select o.id from shop.orders as o where (o.customer_id, o.state) in (select customer_id, 'paid'::shop.state from shop.orders where total > 300) order by 1
= read shop.orders
@ reads shop.orders

select sum(total) from shop.orders where placed >= date_trunc('month', timestamptz '2024-02-15') - interval '1 month' and placed < date_trunc('month', timestamptz '2024-02-15')
= read shop.orders
@ reads shop.orders

select trim(both 'x' from 'xxaxx'), overlay('abcdef' placing '12' from 2 for 2), substring('abc' from '.$'), substring('abcdef' from 2 for 3), position('c' in 'abc'), normalize(U&'\0061\0308', NFC), 'a' collate "C" < 'B' collate "C", E'tab\t', U&'\00e4', $$dollar$$, $t$x$t$
= read expression:constants
@ reads nothing

select format('%s has %L and %I', 'x', 'it''s', 'col name'), concat_ws(', ', 'a', null, 'b'), quote_literal('x'), translate('abc', 'ab', 'xy'), chr(228), ascii('a'), lpad('5', 3, '0'), reverse('abc'), to_hex(255), starts_with('abc', 'ab')
= read expression:constants
@ reads nothing

-- # answered: dbt, Looker, Superset, Metabase, Grafana, ORMs

with source as (select * from "shop"."orders"), renamed as (select id as order_id, customer_id, state::text as status, placed as ordered_at, total / 1.0 as amount from source), final as (select *, row_number() over (partition by customer_id order by ordered_at) as customer_order_number from renamed) select * from final order by order_id limit 5
= read shop.orders
@ reads shop.orders

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error from ( select total as unique_field, count(*) as n_records from "shop"."orders" where total is not null group by total having count(*) > 5 ) dbt_internal_test
= read shop.orders
@ reads shop.orders

with child as (select customer_id as from_field from "shop"."orders" where customer_id is not null), parent as (select id as to_field from "shop"."customer") select from_field from child left join parent on child.from_field = parent.to_field where parent.to_field is null
= read shop.customer shop.orders
@ reads shop.customer shop.orders

with all_values as (select state as value_field, count(*) as n_records from shop.orders group by state) select * from all_values where value_field::text not in ('cart','placed','paid','shipped','returned','cancelled')
= read shop.orders
@ reads shop.orders

SELECT (DATE_TRUNC('month', DATE_TRUNC('day', orders.placed AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York'))) AS "orders.month", COALESCE(COALESCE(CAST( ( SUM(DISTINCT (CAST(FLOOR(COALESCE(orders.total ,0)*(1000000*1.0)) AS DECIMAL(65,0))) + ('x' || MD5(orders.id::varchar))::bit(64)::bigint::DECIMAL(65) *18446744073709551616 + ('x' || SUBSTR(MD5(orders.id::varchar),17))::bit(64)::bigint::DECIMAL(65) ) - SUM(DISTINCT ('x' || MD5(orders.id::varchar))::bit(64)::bigint::DECIMAL(65) *18446744073709551616 + ('x' || SUBSTR(MD5(orders.id::varchar),17))::bit(64)::bigint::DECIMAL(65)) ) AS DOUBLE PRECISION) / CAST((1000000*1.0) AS DOUBLE PRECISION), 0), 0) AS "orders.total" FROM shop.orders AS orders LEFT JOIN shop.item AS item ON orders.id = item.order_id GROUP BY (DATE_TRUNC('month', DATE_TRUNC('day', orders.placed AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York'))) ORDER BY 1 DESC FETCH NEXT 500 ROWS ONLY
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT DATE_TRUNC('day', placed) AS __timestamp, state AS state, sum(total) AS "SUM(total)" FROM shop.orders JOIN (SELECT state AS state__, sum(total) AS mme_inner__ FROM shop.orders WHERE placed >= TO_TIMESTAMP('2024-01-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US') GROUP BY state ORDER BY mme_inner__ DESC LIMIT 3) AS series_limit ON state = state__ GROUP BY DATE_TRUNC('day', placed), state ORDER BY "SUM(total)" DESC LIMIT 1000
= read shop.orders
@ reads shop.orders

SELECT floor(extract(epoch from at)/3600)*3600 AS "time", kind AS metric, count(*) AS value FROM shop.event WHERE at BETWEEN '2024-01-01T00:00:00Z' AND '2024-01-10T00:00:00Z' GROUP BY 1, 2 ORDER BY 1, 2
= read shop.event
@ reads shop.event

SELECT "orders"."id", "orders"."total" FROM "shop"."orders" WHERE ("orders"."customer_id" IN (1, 2, 3) AND NOT ("orders"."state" = 'cart' AND "orders"."state" IS NOT NULL) AND UPPER("orders"."coupon"::text) LIKE UPPER('%save%')) ORDER BY "orders"."placed" DESC, "orders"."id" ASC LIMIT 21
= read shop.orders
@ reads shop.orders

SELECT COUNT(*) FROM (SELECT DISTINCT "orders"."customer_id" AS "col1" FROM "shop"."orders") subquery
= read shop.orders
@ reads shop.orders

SELECT EXISTS(SELECT 1 AS "a" FROM "shop"."orders" WHERE "orders"."total" > 100 LIMIT 1) AS "__exists"
= read shop.orders
@ reads shop.orders

SELECT 1 AS one FROM "shop"."orders" WHERE "orders"."customer_id" = $1 LIMIT $2
= read shop.orders
@ reads shop.orders

SELECT anon_1.orders_customer_id, anon_1.n FROM (SELECT orders.customer_id AS orders_customer_id, count(*) AS n FROM shop.orders AS orders GROUP BY orders.customer_id) AS anon_1 WHERE anon_1.n > 2 ORDER BY anon_1.n DESC, 1 LIMIT 3 OFFSET 1
= read shop.orders
@ reads shop.orders

SELECT COALESCE(JSONB_AGG("__prisma_data__"), '[]') AS "__prisma_data__" FROM (SELECT "t3"."__prisma_data__" FROM (SELECT JSONB_BUILD_OBJECT('id', "t2"."id", 'total', "t2"."total") AS "__prisma_data__", "t2"."id" FROM (SELECT "t1".* FROM "shop"."orders" AS "t1" WHERE "t1"."state"::text = 'paid' ORDER BY "t1"."id" ASC LIMIT 3) AS "t2") AS "t3") AS "t4"
= read shop.orders
@ reads shop.orders

select "id", "total" from "shop"."orders" where "state"::text in ('paid', 'shipped') and "placed" is not null order by "placed" desc nulls last limit 15 offset 0
= read shop.orders
@ reads shop.orders

SELECT relkind = 'v' FROM pg_catalog.pg_class WHERE oid = 'shop.daily'::regclass
= read catalog:pg_catalog.pg_class
@ reads nothing

select tab.relname as "table", col.attname as "column" from pg_class tab join pg_attribute col on col.attrelid = tab.oid where tab.relnamespace = 'care'::regnamespace and tab.relkind = 'r' and col.attnum > 0 and not col.attisdropped order by 1, col.attnum
= read catalog:pg_catalog.pg_attribute catalog:pg_catalog.pg_class
@ reads nothing

SELECT t.typname, t.typtype, t.typarray, r.rngsubtype FROM pg_type t LEFT JOIN pg_range r ON r.rngtypid = t.oid WHERE t.typname IN ('int4', 'text', 'daterange', 'state')
= read catalog:pg_catalog.pg_range catalog:pg_catalog.pg_type
@ reads nothing

-- # answered: Metabase, Superset, Tableau and Looker again

SELECT "source"."Kunde" AS "Kunde", "source"."sum" / NULLIF("source"."count", 0) AS "je Bestellung" FROM (SELECT "o"."customer_id" AS "Kunde", SUM("o"."total") AS "sum", COUNT(*) AS "count" FROM "shop"."orders" AS "o" WHERE "o"."state" <> 'cart'::"shop"."state" GROUP BY "o"."customer_id") AS "source" ORDER BY 2 DESC NULLS LAST, 1 LIMIT 1048575
= read shop.orders
@ reads shop.orders

SELECT CAST(DATE_TRUNC('week', CAST(("o"."placed" + INTERVAL '1 day') AS timestamp)) AS timestamp) + INTERVAL '-1 day' AS "week", COUNT(*) AS "count" FROM "shop"."orders" AS "o" GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT "state" AS "state", COUNT(*) AS "count", CAST(SUM(CASE WHEN "total" > 100 THEN 1 ELSE 0.0 END) AS float) / NULLIF(CAST(COUNT(*) AS float), 0.0) AS "share" FROM "shop"."orders" GROUP BY 1 HAVING COUNT(*) > 1 ORDER BY "count" DESC, "state"
= read shop.orders
@ reads shop.orders

SELECT state AS state, currency AS currency, AVG(total) AS "AVG(total)", APPROX.n FROM shop.orders, (SELECT count(*) AS n FROM shop.orders) AS APPROX WHERE placed >= TO_DATE('2024-01-01', 'YYYY-MM-DD') AND ((currency IN ('EUR', 'USD'))) GROUP BY state, currency, APPROX.n ORDER BY "AVG(total)" DESC, 1, 2 LIMIT 50000
= read shop.orders
@ reads shop.orders

SELECT DATE_TRUNC('month', placed) AS __timestamp, sum(total) - LAG(sum(total), 1) OVER (ORDER BY DATE_TRUNC('month', placed)) AS delta FROM (SELECT * FROM shop.orders WHERE state = 'paid') AS virtual_table GROUP BY DATE_TRUNC('month', placed) ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT "t0"."Month" AS "Month", "t0"."n" AS "n", SUM("t0"."n") OVER (ORDER BY "t0"."Month" ASC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS "WINDOW_SUM" FROM (SELECT DATE_PART('month', "event"."at") AS "Month", COUNT(1) AS "n" FROM "shop"."event" "event" GROUP BY 1) "t0" ORDER BY 1
= read shop.event
@ reads shop.event

SELECT CAST(CEIL(CAST(DATE_PART('month', "event"."at") AS NUMERIC) / 3) AS BIGINT) AS "qr:at:ok", SUM("event"."ms") AS "sum:ms:ok" FROM "shop"."event" "event" WHERE ((LOWER(CAST("event"."path" AS TEXT)) LIKE LOWER('/p/%')) AND ("event"."kind" IN ('buy', 'view'))) GROUP BY 1 ORDER BY 1
= read shop.event
@ reads shop.event

WITH daily AS (SELECT placed::date AS d, sum(total) AS t FROM shop.orders GROUP BY 1) SELECT d AS "daily.d", t AS "daily.t", AVG(t) OVER (ORDER BY d RANGE BETWEEN INTERVAL '7 day' PRECEDING AND CURRENT ROW) AS "daily.avg7" FROM daily WHERE d < date '2024-02-01' ORDER BY 1 FETCH FIRST 10 ROWS ONLY
= read shop.orders
@ reads shop.orders

SELECT * FROM ( SELECT *, DENSE_RANK() OVER (ORDER BY z___min_rank) as z___pivot_row_rank, RANK() OVER (PARTITION BY z__pivot_col_rank ORDER BY z___min_rank) as z__pivot_col_ordering, CASE WHEN z___min_rank = z___rank THEN 1 ELSE 0 END AS z__is_highest_ranked_cell FROM ( SELECT *, MIN(z___rank) OVER (PARTITION BY "orders.state") as z___min_rank FROM ( SELECT *, RANK() OVER (ORDER BY "orders.count" DESC, z__pivot_col_rank, "orders.state") AS z___rank FROM ( SELECT *, DENSE_RANK() OVER (ORDER BY CASE WHEN "orders.currency" IS NULL THEN 1 ELSE 0 END, "orders.currency") AS z__pivot_col_rank FROM ( SELECT orders.currency AS "orders.currency", orders.state AS "orders.state", COUNT(*) AS "orders.count" FROM shop.orders AS orders GROUP BY 1, 2) ww ) bb WHERE z__pivot_col_rank <= 16384 ) aa ) xx ) zz WHERE (z__pivot_col_rank <= 50 OR z__is_highest_ranked_cell = 1) AND (z___pivot_row_rank <= 500 OR z__pivot_col_ordering = 1) ORDER BY z___pivot_row_rank, z__pivot_col_rank
= read shop.orders
@ reads shop.orders

-- # answered: dbt packages

with recursive rawdata as (with p as (select 0 as generated_number union all select 1) select p0.generated_number * power(2, 0) + p1.generated_number * power(2, 1) + 1 as generated_number from p as p0 cross join p as p1) select (cast('2024-01-01' as date) + ((interval '1 day') * (row_number() over (order by generated_number) - 1)))::date as date_day from rawdata order by 1
= read expression:constants
@ reads nothing

select md5(cast(coalesce(cast(order_id as text), '_dbt_utils_surrogate_key_null_') || '-' || coalesce(cast(line as text), '_dbt_utils_surrogate_key_null_') as text)) as item_key from shop.item order by order_id, line limit 4
= read shop.item
@ reads shop.item

select sum(case when state = 'paid' then total else 0 end) as "paid", sum(case when state = 'cart' then total else 0 end) as "cart", sum(case when state = 'shipped' then total else 0 end) as "shipped" from shop.orders
= read shop.orders
@ reads shop.orders

(select cast('a' as text) as _dbt_source_relation, cast("id" as integer) as "id", cast(null as text) as "title" from "care"."visit" limit 0) union all (select 'b', "id", "title" from "shop"."product" limit 2)
= read care.visit shop.product
@ reads care.visit shop.product

with a as (select id, state from shop.orders), b as (select id, state from shop.orders where id > 1), a_minus_b as (select * from a except select * from b), b_minus_a as (select * from b except select * from a) select 'a_minus_b' as which, * from a_minus_b union all select 'b_minus_a', * from b_minus_a
= read shop.orders
@ reads shop.orders

select * from (select *, row_number() over (partition by customer_id order by placed desc, id) as rn from shop.orders) as deduped where rn = 1 order by customer_id limit 5
= read shop.orders
@ reads shop.orders

select lower(trim(coupon)) as coupon, count(*) from shop.orders where coalesce(trim(coupon), '') <> '' group by 1 having count(*) >= 1 order by 1
= read shop.orders
@ reads shop.orders

-- # answered: ORMs again

SELECT "shop_product"."id", "shop_product"."title", ("shop_product"."attributes" #>> '{size,w}')::integer AS "w" FROM "shop"."product" "shop_product" WHERE (("shop_product"."attributes" -> 'color') = '"c1"' OR "shop_product"."attributes" @> '{"color": "c2"}'::jsonb) ORDER BY "shop_product"."id" ASC
= read shop.product
@ reads shop.product

SELECT DISTINCT ON ("orders"."customer_id") "orders"."customer_id", COUNT("item"."line") FILTER (WHERE "item"."quantity" > 2) AS "big", COALESCE(SUM("item"."price" * "item"."quantity"), '0'::numeric) AS "total" FROM "shop"."orders" LEFT OUTER JOIN "shop"."item" ON ("orders"."id" = "item"."order_id") GROUP BY "orders"."customer_id", "orders"."id" ORDER BY "orders"."customer_id", 3 DESC LIMIT 5
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT "T3"."name", COUNT(*) AS "__count" FROM "shop"."region" INNER JOIN "shop"."region" "T3" ON ("shop"."region"."parent" = "T3"."code") GROUP BY "T3"."name" ORDER BY "T3"."name"
= read shop.region
@ reads shop.region

SELECT orders.id, orders.total, item_1.order_id, item_1.line, item_1.price FROM shop.orders LEFT OUTER JOIN shop.item AS item_1 ON orders.id = item_1.order_id WHERE orders.state = $1 ORDER BY orders.id, item_1.line
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT count(*) AS count_1 FROM (SELECT shop.orders.id AS shop_orders_id, shop.orders.total AS shop_orders_total FROM shop.orders WHERE shop.orders.total BETWEEN 10 AND 20) AS anon_1
= read shop.orders
@ reads shop.orders

SELECT o.id AS "Order__id", o.total AS "Order__total", (SELECT string_agg(DISTINCT i.product_id::text, ',' ORDER BY i.product_id::text) FROM shop.item i WHERE i.order_id = o.id) AS "Order__products" FROM shop.orders o WHERE 1 = 1 AND (o.state = ANY('{paid,shipped}'::shop.state[])) ORDER BY o.id LIMIT 10
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT "Order".*, "Order"."total" * 2 AS "twice" FROM (SELECT "Order"."id", "Order"."total" FROM "shop"."orders" AS "Order" WHERE "Order"."total" > 480 ORDER BY "Order"."id" LIMIT 5) AS "Order" LEFT OUTER JOIN "shop"."item" AS "Items" ON "Order"."id" = "Items"."order_id" ORDER BY "Order"."id"
= read shop.item shop.orders
@ reads shop.item shop.orders

select o1_0.id, o1_0.currency, o1_0.total from shop.orders o1_0 where o1_0.currency like 'E%' escape '\' and o1_0.total >= (select avg(o2_0.total) from shop.orders o2_0) order by o1_0.id offset 2 rows fetch first 3 rows only
= read shop.orders
@ reads shop.orders

SELECT "orders"."id" FROM "shop"."orders" WHERE NOT (EXISTS (SELECT 1 AS "a" FROM "shop"."item" "U0" WHERE ("U0"."order_id" = "orders"."id" AND "U0"."quantity" = 1) LIMIT 1)) ORDER BY "orders"."id" LIMIT 5
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT to_jsonb(o) - 'note' AS o, jsonb_agg(jsonb_build_object('line', i.line)) AS lines FROM (SELECT id, total, NULL AS note FROM shop.orders WHERE id < 3) o JOIN shop.item i ON i.order_id = o.id GROUP BY o ORDER BY 1
= read shop.item shop.orders
@ reads shop.item shop.orders

-- # answered: Grafana, Power BI and exploratory tools again

SELECT (extract(epoch from at)::bigint / 86400 * 86400) AS time, 'p' || (percentile_cont(0.95) WITHIN GROUP (ORDER BY ms))::int AS "p95" FROM shop.event WHERE extract(epoch from at) BETWEEN 1704067200 AND 1704672000 GROUP BY 1 ORDER BY 1
= read shop.event
@ reads shop.event

SELECT time_slot AS "time", kind, coalesce(n, 0) FROM generate_series(timestamptz '2024-01-01', timestamptz '2024-01-03', interval '12 hours') time_slot CROSS JOIN (VALUES ('view'), ('buy')) k (kind) LEFT JOIN LATERAL (SELECT count(*) AS n FROM shop.event e WHERE e.kind = k.kind AND e.at >= time_slot AND e.at < time_slot + interval '12 hours') c ON true ORDER BY 1, 2
= read shop.event
@ reads shop.event

select "_"."state", "_"."currency", "$Outer"."n" from "shop"."orders" "_" inner join (select "rows"."state" as "s2", count(1) as "n" from "shop"."orders" "rows" group by "rows"."state") "$Outer" on ("_"."state" = "$Outer"."s2" or "_"."state" is null and "$Outer"."s2" is null) order by 1, 2, 3 limit 4
= read shop.orders
@ reads shop.orders

select count(*) as total, count(coupon) as coupon_filled, count(distinct coupon) as coupon_distinct, min(total), max(total), avg(total)::numeric(12,2), percentile_cont(0.5) within group (order by total::float8), count(*) filter (where total is null) as nulls from shop.orders
= read shop.orders
@ reads shop.orders

select 'orders' as t, count(*) from shop.orders union all select 'item', count(*) from shop.item union all select 'event', count(*) from shop.event order by 1
= read shop.event shop.item shop.orders
@ reads shop.event shop.item shop.orders

select * from shop.orders where id in (select id from shop.orders order by random() limit 0)
= read shop.orders
@ reads shop.orders

select column_name, data_type, character_maximum_length, numeric_precision, is_nullable, ordinal_position from information_schema.columns where table_schema = 'shop' and table_name = 'orders' order by ordinal_position
= read catalog:information_schema.columns
@ reads nothing

select t.table_schema, t.table_name, t.table_type, count(c.column_name) from information_schema.tables t join information_schema.columns c using (table_catalog, table_schema, table_name) where t.table_schema in ('shop', 'care') group by 1, 2, 3 order by 1, 2
= read catalog:information_schema.columns catalog:information_schema.tables
@ reads nothing

select tc.constraint_type, tc.table_name, string_agg(kcu.column_name, ',' order by kcu.ordinal_position) from information_schema.table_constraints tc join information_schema.key_column_usage kcu using (constraint_schema, constraint_name, table_name) where tc.table_schema = 'shop' and tc.constraint_type in ('PRIMARY KEY', 'UNIQUE') group by 1, 2, tc.constraint_name order by 2, 1
= read catalog:information_schema.key_column_usage catalog:information_schema.table_constraints
@ reads nothing

select format('%I.%I', n.nspname, c.relname) as name, c.relkind, d.description from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass where n.nspname = 'shop' and c.relkind = any(array['r', 'v', 'p']::"char"[]) order by 1
= read catalog:pg_catalog.pg_class catalog:pg_catalog.pg_description catalog:pg_catalog.pg_namespace
@ reads nothing

-- # answered: windows, frames and sets as analysts compose them

select id, fee, sum(fee) over w as running, avg(fee) over (w rows between 2 preceding and 1 following) as near, count(*) over (w range between 5 preceding and 5 following exclude ties) as peers from care.visit where id <= 15 window w as (order by id)
= read care.visit
@ reads care.visit

select doctor_id, id, fee, fee - first_value(fee) over first as gained, case when lead(id) over first is null then 'last' else 'more' end as place from care.visit window first as (partition by doctor_id order by at, id) order by doctor_id, at, id limit 12
= read care.visit
@ reads care.visit

select d.speciality, v.at::date - lag(v.at::date) over (partition by d.id order by v.at) as gap, max(v.fee) over (partition by d.id order by v.at groups between 1 preceding and current row) from care.visit v join care.doctor d on d.id = v.doctor_id where v.id < 20 order by d.id, v.at
= read care.doctor care.visit
@ reads care.doctor care.visit

select grp, min(day), max(day), count(*) from (select day, day - (row_number() over (order by day))::int as grp from (select distinct placed::date as day from shop.orders) d) g group by grp order by grp
= read shop.orders
@ reads shop.orders

select customer_id, placed, sum(new_visit) over (partition by customer_id order by placed) as visit from (select customer_id, placed, case when placed - lag(placed) over (partition by customer_id order by placed) > interval '20 days' then 1 else 0 end as new_visit from shop.orders) s order by customer_id, placed limit 10
= read shop.orders
@ reads shop.orders

select percentile_cont(0.5) within group (order by fee::float8) filter (where doctor_id = 1), (percentile_disc(array[0.1, 0.9]) within group (order by fee))[2], rank(50) within group (order by fee), cume_dist(10) within group (order by fee desc) from care.visit
= read care.visit
@ reads care.visit

select k, array_agg(v order by v) from (values ('a', 1), ('b', 2), ('a', 3)) t (k, v) group by k union all select 'z', '{}' order by k
= read expression:constants
@ reads nothing

select coalesce(l.code, r.code) as code, l.n, r.n from (select region as code, count(*) n from shop.customer where active group by 1) l full outer join (select region as code, count(*) n from shop.customer where not active group by 1) r using (code) order by 1
= read shop.customer
@ reads shop.customer

select p.category, c.name, count(*) from shop.item i join shop.product p on p.id = i.product_id join shop.orders o on o.id = i.order_id join shop.customer k on k.id = o.customer_id join shop.region c on c.code = k.region group by cube (p.category, c.name) order by p.category nulls last, c.name nulls last
= read shop.customer shop.item shop.orders shop.product shop.region
@ reads shop.customer shop.item shop.orders shop.product shop.region

with recursive bom (id, depth, path) as (select 1, 0, array[1] union all select i.product_id, b.depth + 1, b.path || i.product_id from bom b join shop.item i on i.order_id = b.id where b.depth < 2 and not i.product_id = any (b.path)) search depth first by id set ord select id, depth from bom order by ord limit 10
= read shop.item
@ reads shop.item

-- # answered: JSON, arrays, ranges and text as analysts write them

select attributes->'size'->>'w' as w, jsonb_object_agg(sku, price order by sku) from shop.product where id % 10 = 1 group by 1 order by 1
= read shop.product
@ reads shop.product

select id, (select jsonb_agg(k order by k) from jsonb_object_keys(attributes) k) as keys, jsonb_array_length(coalesce(extra_list, '[]')) from (select id, attributes, attributes->'list' as extra_list from shop.product where id < 4) p
= read shop.product
@ reads shop.product

select x.value->>0 as first, jsonb_array_elements_text('["a", "b"]'::jsonb) as item, jsonb_build_array(1, 'a', null, true)->-1 from (values ('["z"]'::jsonb)) x (value)
= read expression:constants
@ reads nothing

select raw #>> '{unit}' as unit, round(avg(value)::numeric, 3) as mean, count(*) filter (where (raw->>'v')::int between 10 and 20) from care.lab group by 1 order by 1
= read care.lab
@ reads care.lab

select jsonb_path_query(attributes, '$.size.keyvalue()') ->> 'key' as k, jsonb_path_match(attributes, 'exists($.size.w)'), attributes @? '$.size.h ? (@ >= 4)' from shop.product where id = 2
= read shop.product
@ reads shop.product

select array(select distinct unnest(codes) order by 1) as all_codes, codes[:2], array_fill(0, array[2, 2]), array_cat(codes, array[0]), array_replace(codes, null, 0) from care.visit where id = 3
= read care.visit
@ reads care.visit

select d.id, l.lang, l.n from care.doctor d, unnest(d.languages, array[1, 2, 3]) as l (lang, n) where d.id < 3 order by 1, 3
= read care.doctor
@ reads care.doctor

select word, count(*) from (select regexp_split_to_table(lower(title), '\s+') as word from shop.product) w where word ~ '^[a-zü]+$' group by word order by 2 desc, 1
= read shop.product
@ reads shop.product

select id, days, lower_inc(days), upper_inf(days), days -|- daterange('2023-12-01', '2024-01-01') as adjacent, range_merge(days, daterange('2024-06-01', '2024-06-02')) from care.visit where days && '[2024-01-01,2024-01-03)'::daterange order by id limit 4
= read care.visit
@ reads care.visit

select ts_rank_cd(body, query, 32), ts_headline('simple', memo, query, 'StartSel=<, StopSel=>') from care.visit, to_tsquery('simple', 'pain & visit') query where body @@ query and memo is not null order by id limit 3
= read care.visit
@ reads care.visit

select substring(path from '#"%#"' for '#'), path like '/p/_' as one, path !~~* '/P/%' as other, path ~ '^/p/\d$', strpos(path, 'p'), split_part(path, '/', -1), regexp_count(path, '/'), regexp_substr(path, '\d+'), regexp_instr(path, 'p') from shop.event order by at limit 2
= read shop.event
@ reads shop.event

select to_char(12345.678, 'FM99G999D00'), to_char(interval '25 hours', 'HH24:MI'), to_number('1,234.5', '9G999D9'), to_char(date '2024-02-29', 'FMDay, DD "of" FMMonth YYYY'), to_timestamp('2024-01-02 03:04', 'YYYY-MM-DD HH24:MI') at time zone 'UTC', round(2.5), round(-2.345, 2), trunc(9.99), ceil(1.1), floor(-1.1), sign(-3), mod(7, 3), div(7, 2), gcd(12, 18), lcm(4, 6), factorial(5), degrees(pi())::int, 5 # 3, ~5, 1 << 4
= read expression:constants
@ reads nothing

select case currency when 'EUR' then 1 when 'USD' then 0.9 else null end * total as eur, total::int::text || currency as label, (total > 100) is true as big, nullif(currency, 'EUR') is null as home from shop.orders order by id limit 3
= read shop.orders
@ reads shop.orders

-- # masked: support and analysis around protected columns

select c.id, c.email, c.phone, c.plan, count(o.id) as orders, coalesce(sum(o.total), 0) as spent from shop.customer c left join shop.orders o on o.customer_id = c.id where c.region = 'DE' group by c.id order by spent desc, c.id limit 5
= read shop.customer shop.orders | masked
@ reads shop.customer shop.orders

select email, count(*) from shop.customer group by email having count(*) > 1
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

select a.id, b.id from shop.customer a join shop.customer b on a.email = b.email and a.id < b.id
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

select * from shop.contacts order by id limit 3
= read shop.customer shop.contacts | masked via_view
@ reads shop.contacts shop.customer

select (home).city, count(*) from shop.customer group by 1
= read shop.customer | masked predicate_on_protected
@ reads shop.customer

select extract(year from born) as year, plan, count(*) from care.member group by 1, 2 order by 1, 2
= read care.member | masked predicate_on_protected
@ reads care.member

select d.name, count(e.id), avg(e.salary) from hr.department d left join hr.employee e on e.department = d.id group by d.name order by 1
= read hr.department hr.employee | masked
@ reads hr.department hr.employee

select name, salary, rank() over (partition by department order by salary desc, id) from hr.employee order by id limit 4
= read hr.employee | masked predicate_on_protected
@ reads hr.employee

select e.id, m.id as boss, e.iban from hr.employee e left join hr.employee m on m.id = e.manager order by e.id limit 3
= read hr.employee | masked
@ reads hr.employee

select json_agg(json_build_object('id', c.id, 'mail', c.email)) from (select * from shop.customer order by id limit 2) c
= read shop.customer | masked
@ reads shop.customer

select mail, upper(mail), md5(mail), split_part(mail, '@', 2) from care.member order by id limit 2
= read care.member | masked
@ reads care.member

select distinct on (m.plan) m.plan, m.passport, m.born from care.member m order by m.plan, m.id
= read care.member | masked
@ reads care.member

select m.id, v.memo from care.members m left join lateral (select memo from care.visit where member_id = m.id order by at desc limit 1) v on true order by m.id limit 3
= read care.member care.visit care.members | masked via_view
@ reads care.member care.members care.visit

select * from hr.tree order by id limit 3
= read hr.employee hr.tree | masked predicate_on_protected via_view
@ reads hr.employee hr.tree

select id, case when active then email else 'inactive' end from shop.customer order by id limit 3
= read shop.customer | masked
@ reads shop.customer

with top as (select member_id, sum(fee) s from care.visit group by 1 order by 2 desc limit 3) select t.s, m.mail, m.ip from top t join care.member m on m.id = t.member_id order by t.s desc
= read care.member care.visit | masked
@ reads care.member care.visit

select coalesce(c.name, e.name), c.email from shop.customer c full join hr.employee e on e.name = c.name order by 1, 2 limit 2
= read hr.employee shop.customer | masked predicate_on_protected
@ reads hr.employee shop.customer

select to_char(joined, 'YYYY-MM') as month, count(*), count(mail) from care.member group by 1 order by 1 limit 3
= read care.member | masked
@ reads care.member

select prefs ? 'a', prefs @> '{"a": {}}', prefs is null from care.member limit 1
= read care.member | masked
@ reads care.member

-- # refused: what tools ask that the gateway does not show

SELECT pid, usename, query FROM pg_stat_activity WHERE state = 'active'
= ! catalog
@ reads nothing

SELECT relname, n_live_tup FROM pg_stat_user_tables ORDER BY 2 DESC
= ! catalog
@ reads nothing

SELECT pg_size_pretty(pg_total_relation_size('care.member'))
= ! protected
@ reads nothing

SELECT relname, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'
= ! protected
@ reads nothing

SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE proname = 'card_of'
= ! catalog
@ reads nothing

SELECT grantee, privilege_type FROM information_schema.role_table_grants WHERE table_name = 'member'
= ! catalog
@ reads nothing

SELECT rolname, rolsuper FROM pg_roles
= ! catalog
@ reads nothing

SELECT datname, pg_database_size(datname) FROM pg_database
= ! catalog
@ reads nothing

SELECT name, setting FROM pg_settings WHERE name LIKE '%timeout%'
= ! catalog
@ reads nothing

SELECT extname, extversion FROM pg_extension
= ! catalog
@ reads nothing

SELECT pg_get_viewdef('care.members'::regclass, true)
= ! function
@ reads care.member
@[15] reads care.member care.members

SELECT view_definition FROM information_schema.views WHERE table_name = 'members'
= ! catalog
@ reads care.member
@[15] reads care.member care.members

SELECT trigger_name, event_manipulation, action_statement FROM information_schema.triggers
= ! catalog
@ reads nothing

SELECT pg_input_is_valid('{x}', 'shop.email[]')
= ! function
=[15] ! missing
@ reads nothing
@[15] error 42883

SELECT ccu.table_name FROM information_schema.constraint_column_usage ccu
= ! catalog
@ reads nothing

SELECT * FROM corpus.care.visit
= ! unknown
@ reads care.visit

SELECT pg_try_advisory_xact_lock(42), pg_sleep(0)
= ! function
@ acts effects:advisory unstopped

SELECT * FROM pg_catalog.pg_largeobject LIMIT 1
= ! catalog
@ reads nothing

SELECT has_parameter_privilege('work_mem', 'set'), current_setting('work_mem')
= ! function
@ reads nothing

SELECT plan, pg_notify('c', plan) FROM care.member
= ! function
@ acts care.member effects:world unstopped

SELECT * FROM generate_series(1, 3) g WHERE set_config('role', 'postgres', false) = ''
= ! function
@ reads nothing

SELECT (SELECT setval('shop.numbers', 1)) IS NOT NULL
= ! function
@ acts locks:shop.numbers(RowExclusive) effects:xid stopped:25006

SELECT array_agg(lo_unlink(id)) FROM care.doctor
= ! function
@ fails 42704
