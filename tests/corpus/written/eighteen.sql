-- What 15 to 18 brought, and what someone who knows this source would try. By hand.

-- # answered: JSON of 16 to 18

select json_object('a' : 1, 'b' : null absent on null), json_array(1, 2, null null on null), json_object('k' value 2 returning jsonb)
= read expression:constants
=[15] ! syntax
@ reads nothing
@[15] error 42601

select json_objectagg(sku : price absent on null with unique keys) from shop.product where id < 4
= read shop.product
=[15] ! syntax
@ reads shop.product
@[15] error 42601

select json_arrayagg(id order by id desc returning jsonb) from shop.product where id < 4
= read shop.product
=[15] ! syntax
@ reads shop.product
@[15] error 42601

select attributes is json object, attributes::text is json scalar, '[1]' is json array with unique keys from shop.product where id = 1
= read shop.product
=[15] ! syntax
@ reads shop.product
@[15] error 42601

select json('{"a":1}'), json_scalar(1.5), json_serialize('{"a":1}' returning text)
= read expression:constants
=[15,16] ! syntax
@ reads nothing
@[15,16] error 42601

select json_exists(attributes, '$.size ? (@.w > 3)'), json_value(attributes, '$.size.w' returning int default 0 on empty error on error), json_query(attributes, '$.size' with wrapper) from shop.product where id < 3
= read shop.product
=[15,16] ! syntax
@ reads shop.product
@[15,16] error 42601

select p.id, j.* from shop.product p, json_table(p.attributes, '$' columns (n for ordinality, color text path '$.color', nested path '$.size' columns (w int path '$.w', h int path '$.h' default -1 on empty))) j where p.id < 4 order by 1
= read shop.product
=[15,16] ! syntax
@ reads shop.product
@[15,16] error 42601

select json_table.k from json_table('[{"k":1},{"k":2}]'::jsonb, '$[*]' passing 1 as x columns (k int path '$.k', e bool exists path '$.k'))
= read expression:constants
=[15,16] ! syntax
@ reads nothing
@[15,16] error 42601

select jsonb '{"a":{"b":[1,2]}}' #> '{a,b,1}', ('{"a":{"b":1}}'::jsonb)['a']['b'], jsonb_set('{"a":1}', '{b}', '2'), jsonb_insert('{"a":[1]}', '{a,0}', '0'), '{"a":1,"b":2}'::jsonb - 'a', '{"a":1}'::jsonb || '{"c":3}', jsonb_strip_nulls('{"a":null}'), jsonb_pretty('{"a":1}')
= read expression:constants
@ reads nothing

-- # answered: what 16, 17 and 18 added

select any_value(sku order by sku) from shop.product
= read shop.product
=[15] ! missing
@ reads shop.product
@[15] error 42883

select random(1, 1), array_shuffle(array[1]), array_sample(array[7], 1)
= read expression:constants
=[15,16] ! missing
@ reads nothing
@[15,16] error 42883

select to_bin(5), to_oct(8), erf(0), cbrt(27)
= read expression:constants
=[15,16] ! missing
@ reads nothing
@[15,16] error 42883

select array_reverse(array[1, 2, 3]), array_sort(array[3, 1, 2]), casefold('Straße'), crc32('a'), reverse('abc'::bytea)
= read expression:constants
=[15,16,17] ! missing
@ reads nothing
@[15,16,17] error 42883

select uuid_extract_version(uuidv4()), uuid_extract_timestamp('01900000-0000-7000-8000-000000000000')
= read expression:constants
=[15,16,17] ! missing
@ reads nothing
@[15,16,17] error 42883

select 1_000_000, 0xFF, 0b101, 0o17, 1e3, .5
= read expression:constants
=[15] ! syntax
@ reads nothing
@[15] error 42601

select date_add(timestamptz '2024-01-01 UTC', interval '1 day', 'Europe/Berlin'), date_subtract(timestamptz '2024-01-01 UTC', interval '1 day')
= read expression:constants
=[15] ! missing
@ reads nothing
@[15] error 42883

-- ! it runs input functions, and with them CHECKs, of a type named by a text
select system_user is null, pg_input_is_valid('x', 'int'), message from pg_input_error_info('x', 'int')
= ! function
=[15] ! missing
@ reads nothing
@[15] error 42883

select customer_id, count(*) from shop.orders group by distinct rollup (customer_id), cube (customer_id) order by 1 nulls first, 2 limit 4
= read shop.orders
@ reads shop.orders

select max(array[id]), min(row(1, id)) from shop.product
= read shop.product
=[15,16,17] ! missing
@ reads shop.product
@[15,16,17] error 42883

-- # either: changes in the forms of 15 to 18

merge into shop.stock s using (values (1, 'north', 5)) v (p, w, q) on s.product_id = v.p and s.warehouse = v.w when matched and v.q = 0 then delete when matched then update set quantity = s.quantity + v.q when not matched then insert values (v.p, v.w, v.q)
= delete shop.stock shop.stock_north shop.stock_other; insert shop.stock shop.stock_north shop.stock_other; update shop.stock shop.stock_north shop.stock_other
@ acts shop.stock tree:merge changes:shop.stock_north(~1) locks:shop.stock(RowExclusive) effects:xid stopped:25006

merge into shop.stock s using shop.product p on s.product_id = p.id when not matched by source then delete when matched then do nothing returning merge_action(), s.product_id
= delete shop.stock shop.stock_north shop.stock_other; read shop.product shop.stock
=[15,16] ! syntax
@ acts shop.product tree:merge locks:shop.stock(RowExclusive) stopped:25006
@[15,16] error 42601

with m as (merge into shop.stock s using shop.product p on s.product_id = p.id and s.warehouse = 'north' when matched then update set quantity = 0 returning merge_action() as a, s.*) select a, count(*) from m group by a
= read shop.product shop.stock; update shop.stock shop.stock_north shop.stock_other
=[15,16] ! syntax
@ acts shop.product tree:merge changes:shop.stock_north(~30) locks:shop.stock(RowExclusive) effects:xid stopped:25006
@[15,16] error 42601

update shop.orders set total = total * 1.1 where id = 1 returning old.total, new.total, id
= read shop.orders; update shop.orders | fires_triggers unregistered_code
=[15,16,17] ! missing
@ acts tree:update changes:shop.orders(~1) locks:shop.orders(RowExclusive) effects:xid stopped:25006
@[15,16,17] error 42P01

update shop.orders set total = total * 1.1 where id = 1 returning with (old as o, new as n) o.total as before, n.total as after
= read shop.orders; update shop.orders | fires_triggers unregistered_code
=[15,16,17] ! syntax
@ acts tree:update changes:shop.orders(~1) locks:shop.orders(RowExclusive) effects:xid stopped:25006
@[15,16,17] error 42601

insert into shop.orders (id, customer_id, total) values (9999, 1, 5) on conflict (id) do update set total = excluded.total returning old.total is null as fresh, new.id
= insert shop.orders; read shop.orders; update shop.orders | fires_triggers unregistered_code
=[15,16,17] ! missing
@ acts tree:insert changes:shop.orders(+1) locks:shop.customer(RowShare),shop.orders(RowExclusive) effects:xid stopped:25006
@[15,16,17] error 42P01

delete from shop.orders o using shop.customer c where c.id = o.customer_id and c.plan = 'free' and o.state = 'cart' returning old.id, new.id
= delete shop.item shop.orders; read shop.customer shop.orders | cascades
=[15,16,17] ! missing
@ acts shop.customer tree:delete locks:shop.orders(RowExclusive) stopped:25006
@[15,16,17] error 42P01

update shop.customer set plan = 'pro' where id = 3 returning old.email, new.plan
= ! protected
=[15,16,17] ! missing
@ acts tree:update changes:shop.audit(+1),shop.customer(~1) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006
@[15,16,17] error 42P01

update shop.customer set plan = 'pro' where id = 3 returning old.*
= ! protected
=[15,16,17] ! missing
@ acts tree:update changes:shop.audit(+1),shop.customer(~1) locks:shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer(RowExclusive) effects:xid code:app.log_change stopped:25006
@[15,16,17] error 42P01

with gone as (delete from shop.item where order_id = 1 returning *) select count(*) from gone
= delete shop.item; read shop.item
@ acts tree:delete changes:shop.item(-2) locks:shop.item(RowExclusive) effects:xid stopped:25006

with x as (select id from shop.orders where state = 'cart' limit 5) update shop.orders o set state = 'cancelled' from x where o.id = x.id
= read shop.orders; update shop.orders | fires_triggers unregistered_code
@ acts shop.orders tree:update changes:shop.orders(~5) locks:shop.orders(RowExclusive) effects:xid code:app.stamp stopped:25006

update shop.product set (title, price) = (select 'x', 1.0) where id = 1
= update shop.product
@ acts tree:update changes:shop.product(~1) locks:shop.product(RowExclusive) effects:xid stopped:25006

insert into shop.import (raw) select sku from shop.product on conflict do nothing
= ! unknown
@ error 0A000

update only shop.stock set quantity = default where product_id = 1
= update shop.stock shop.stock_north shop.stock_other
@ acts tree:update locks:shop.stock(RowExclusive) stopped:25006

update shop.product set attributes['size']['w'] = '9', embedding[1:2] = array[1, 2] where id = 2
= update shop.product
@ acts tree:update changes:shop.product(~1) locks:shop.product(RowExclusive) effects:xid stopped:25006

create table shop.booking (room int, during daterange, primary key (room, during without overlaps))
= define shop.booking
@ fails 42704
@[15,16,17] error 42601

create table shop.gen (a int, b int generated always as (a * 2) virtual)
= define shop.gen
@ acts locks:shop.gen(AccessExclusive) effects:xid stopped:25006
@[15,16,17] error 42601

alter table shop.orders add constraint fine check (total < 100000) not enforced
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006
@[15,16,17] error 42601

create table shop.child_of (id int, foreign key (id, p) references shop.booking (room, period during), p daterange)
= ! missing
@ fails 42P01
@[15,16,17] error 42601

create unique index fast on shop.orders (coupon) nulls not distinct
= define shop.orders | locks_table
@ fails 23505

create index on shop.product using brin (launched) with (pages_per_range = 8)
= define shop.product | locks_table
@ acts locks:shop.product(Share) effects:xid stopped:25006

alter table shop.orders alter column currency set expression as ('EUR')
= define shop.orders | locks_table
@ fails 55000
@[15,16] error 42601

create view shop.secure with (security_invoker = true) as select id, total from shop.orders
= define shop.secure; read shop.orders
@ acts shop.orders locks:shop.secure(AccessExclusive) effects:xid stopped:25006

alter table shop.event detach partition shop.event_2024q1 concurrently
= control statement:AlterTable shop.event
@ acts fails:55000 effects:alone stopped:25006

alter table shop.event split partition shop.event_rest into (partition a for values from ('2025-01-01') to ('2025-02-01'), partition b default)
= ! syntax
@ error 42601

select * from shop.orders for no key update of orders skip locked limit 1
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

with t as (select id from shop.orders order by id for update skip locked limit 1) select * from t
= read shop.orders; update shop.orders | locks_rows
@ acts tree:lock locks:shop.orders(RowShare) effects:xid stopped:25006

select * from shop.orders o, lateral (select * from shop.item i where i.order_id = o.id for share) x
= read shop.item shop.orders; update shop.item shop.orders | locks_rows
@ acts shop.orders tree:lock locks:shop.item(RowShare) effects:xid stopped:25006

truncate shop.cache, shop.import restart identity cascade
= delete shop.cache shop.import | locks_table no_where uncounted
@ acts locks:shop.cache(AccessExclusive),shop.cache(Share),shop.import(AccessExclusive),shop.import(Share) effects:xid stopped:25006

copy shop.import from program 'id'
= control statement:Copy shop.import | not_transactional
@ fails 22P04

-- # either: what an attacker tries

select dblink('host=x', 'select 1')
= ! missing
@ error 42883

select pg_sleep_for('1 s'), pg_sleep_until(now())
= ! function
@ fails 57014

select pg_terminate_backend(1), pg_cancel_backend(1)
= ! function
@ reads effects:notice

select convert_from(pg_read_binary_file('x'), 'UTF8')
= ! function
@ fails 58P01

select * from pg_stat_activity
= ! catalog
@ reads nothing

select most_common_vals from pg_stats where tablename = 'member'
= ! catalog
@ reads nothing

select stxdndistinct from pg_statistic_ext_data
= ! catalog
@ reads nothing

select relpages, reltuples from pg_class where relname = 'member'
= ! catalog
@ reads nothing

select attmissingval from pg_attribute
= ! catalog
@ reads nothing

select prosrc from pg_proc where proname = 'card_of'
= ! catalog
@ reads nothing

select lower('x') from care.visit
= read care.visit
@ reads care.visit

select m.* from care.member m where id = 1
= read care.member | masked
@ reads care.member

select passport(m) from care.member m
= read care.member | masked
@ reads care.member

select (m).passport from care.member m
= read care.member | masked
@ reads care.member

select to_jsonb(m) - 'x' from care.member m where id < 3
= read care.member | masked
@ reads care.member

select row_to_json(t) from (select * from care.member) t limit 1
= read care.member | masked
@ reads care.member

select json_agg(m) from care.member m where id < 3
= read care.member | masked
@ reads care.member

select array_agg(m)::text from care.member m where id = 1
= read care.member | masked
@ reads care.member

select m::text, hashtext(m::text), md5(m::text) from care.member m where id = 1
= read care.member | masked
@ reads care.member

select x.k from care.member as x(a, b, c, k) where a = 1
= read care.member | masked
@ reads care.member

with care as (select 1) select passport from care.member
= read care.member | masked
@ reads care.member

select passport from care . member
= read care.member | masked
@ reads care.member

select "passport" from "care"."member" "M" where "M"."passport" ~ '^C'
= read care.member | masked predicate_on_protected
@ reads care.member

select passport from ONLY (care.member)
= read care.member | masked
@ reads care.member

select passport from care.member * where id = 1
= read care.member | masked
@ reads care.member

select care.member.passport from care.member
= read care.member | masked
@ reads care.member

select corpus.care.member.passport from corpus.care.member
= ! unknown
@ reads care.member

select id from care.member order by passport
= read care.member | masked predicate_on_protected
@ reads care.member

select id from care.member order by income limit 3
= read care.member | masked predicate_on_protected
@ reads care.member

select id, row_number() over (order by income) from care.member
= read care.member | masked predicate_on_protected
@ reads care.member

select count(*) from care.member where passport like 'CANARY1%'
= read care.member | masked predicate_on_protected
@ reads care.member

select count(*) from care.member where length(passport) > 7
= read care.member | masked predicate_on_protected
@ reads care.member

select case when passport > 'M' then 1 / 0 end from care.member
= read care.member | masked
@ fails 22012

select passport::int from care.member
= read care.member | masked
@ fails 22P02

select ('x' || passport)::date from care.member where id = 1
= read care.member | masked
@ fails 22007

select id from care.member where income > 50000
= read care.member | masked predicate_on_protected
@ reads care.member

select id from care.rich
= read care.member care.rich | masked via_view
@ reads care.member care.rich

select id from care.member m where exists (select 1 from care.visit v where v.memo = m.passport)
= read care.member care.visit | masked predicate_on_protected
@ reads care.member care.visit

select v.id from care.visit v join care.member m on m.passport = 'CANARY' || v.id
= read care.member care.visit | masked predicate_on_protected
@ reads care.member care.visit

select ctid, xmin, tableoid from care.member
= ! protected
@ reads care.member

select tableoid::regclass, id from care.member
= ! protected
@ reads care.member

select pg_column_size(passport), pg_column_size(m) from care.member m
= read care.member | masked
@ reads care.member

select octet_length(note), bit_length(note) from care.member where id = 1
= read care.member | masked
@ reads care.member

select min(passport), max(mail), string_agg(note, ',') from care.member
= read care.member | masked
@ reads care.member

select sum(income), avg(income), stddev(income), count(distinct passport) from care.member
= read care.member | masked
@ reads care.member

select plan, count(*) from care.member group by plan, income
= read care.member | masked predicate_on_protected
@ reads care.member

select mail_low from care.member limit 1
= read care.member | masked
@ reads care.member

select lower(mail) = mail_low from care.member limit 1
= read care.member | masked
@ reads care.member

select prefs->'a'->>'phone' from care.member
= read care.member | masked
@ reads care.member

select * from jsonb_each((select prefs from care.member where id = 1))
= read care.member | masked
@ reads care.member

select v.* from care.member m, jsonb_populate_record(null::care.member, jsonb_build_object('passport', m.passport)) v
= read care.member | masked
@ reads care.member

select (jsonb_populate_record(m, '{}')).passport from care.member m
= read care.member | masked
@ reads care.member

select null::care.member, (null::care.member).passport
= read expression:constants
@ reads nothing

select ts_stat('select to_tsvector(note) from care.member')
= ! function
@ reads care.member

select set_masklen(ip, 32), host(ip), ip & '0.0.0.255' from care.member where id = 1
= read care.member | masked
@ reads care.member

select born, extract(day from born), born - date '1960-01-01' from care.member where id = 1
= read care.member | masked
@ reads care.member

select mail from care.members
= read care.member care.members | masked via_view
@ reads care.member care.members

select members from care.members
= read care.member care.members | masked via_view
@ reads care.member care.members

select unmasked.* from (table care.member) unmasked
= ! protected
@ reads care.member

select * from (select * from care.member) as m(a, b, c) where a = 1
= read care.member | masked
@ reads care.member

select * from care.member natural join care.visit limit 1
= read care.member care.visit | masked
@ reads care.member care.visit

select * from care.visit v join (select id as member_id, passport from care.member) m using (member_id) limit 1
= read care.member care.visit | masked
@ reads care.member care.visit

with recursive r as (select id, passport, 1 n from care.member where id = 1 union all select id, passport || n, n + 1 from r where n < 3) select * from r
= read care.member | masked predicate_on_protected
@ reads care.member

select * from care.visit where memo in (select note from care.member)
= read care.member care.visit | masked predicate_on_protected
@ reads care.member care.visit

select coalesce((select passport from care.member where id = 1), 'none')
= read care.member | masked
@ reads care.member

select array(select passport from care.member)
= read care.member | masked
@ reads care.member

select (select array_agg(x) from (select m.passport x from care.member m) y)
= read care.member | masked
@ reads care.member

select v.id from care.visit v, lateral generate_series(1, ascii((select passport from care.member limit 1))) g
= read care.member care.visit | masked
@ reads care.member care.visit

select generate_series(1, length((select passport from care.member where id = 1)))
= read care.member | masked
@ reads care.member

select repeat('x', (select income::int from care.member where id = 1))
= read care.member | masked
@ reads care.member

select * from care.member limit (select income::int / 40000 from care.member where id = 1)
= read care.member | masked predicate_on_protected
@ reads care.member

select id from care.member offset (select count(*) from care.member where income > 50000)
= read care.member | masked predicate_on_protected
@ reads care.member

select format('%s', m) from care.member m where id = 1
= read care.member | masked
@ reads care.member

select concat(m, ''), concat_ws(',', m.*) from care.member m where id = 1
= read care.member | masked
@ reads care.member

select m is null, m = m, m < m from care.member m where id = 1
= read care.member | masked
@ reads care.member

select row(m.*), (row(m.*)).f1 from care.member m where id = 1
= read care.member | masked
@ reads care.member

select unnest(array[passport, mail]) from care.member where id = 1
= read care.member | masked
@ reads care.member

select x from care.member, xmltable('/r' passing xmlelement(name r, passport) columns x text path '.') where id = 1
= ! unknown
=[15,17] read care.member | masked
@ error 0A000
@[15,17] reads care.member

select xmlforest(passport, mail), xmlconcat(xmlelement(name a, note)) from care.member where id = 1
= ! unknown
=[15,17] read care.member | masked
@ error 0A000
@[15,17] reads care.member

select passport collate "C", passport || '', +income, @income, income % 10, |/ income from care.member where id = 1
= read care.member | masked
@ reads care.member

select percentile_cont(0.5) within group (order by income) from care.member
= read care.member | masked
@ reads care.member

select rank(50000) within group (order by income) from care.member
= read care.member | masked
@ reads care.member

select max(income) over (), lag(passport) over (order by id) from care.member limit 2
= read care.member | masked
@ reads care.member

select distinct on (income) id from care.member order by income
= read care.member | masked predicate_on_protected
@ reads care.member

select id from care.member group by id having max(income) > 50000
= read care.member | masked predicate_on_protected
@ reads care.member

select grouping(income), income from care.member group by rollup (income) limit 2
= read care.member | masked predicate_on_protected
@ reads care.member

select width_bucket(income, 0, 100000, 1000) from care.member where id = 1
= read care.member | masked
@ reads care.member

select id from care.member union select salary::int from hr.employee
= read care.member hr.employee | masked
@ reads care.member hr.employee

select id from care.member intersect select income::int from care.member
= read care.member | masked
@ reads care.member

explain select id from care.member where income > 50000
= ! protected
@ reads care.member

explain (analyze, verbose) select * from shop.orders where total > 10
= read shop.orders
@ reads shop.orders

explain (analyze, format json, settings) select count(*) from shop.event
= read shop.event
@ reads shop.event

explain analyze create table shop.zz as select 1
= ! unknown
@ acts changes:shop.zz(+1) locks:shop.zz(AccessExclusive) effects:xid unstopped

explain (generic_plan) select * from shop.orders where id = $1
= read shop.orders
@ reads shop.orders
@[15] fails 42601

do $$ begin raise notice '%', (select passport from care.member limit 1); end $$
= control statement:Do | not_transactional
@ reads care.member effects:notice

prepare p as select passport from care.member
= control prepared statement:p statement:Prepare | not_transactional
@ acts care.member effects:prepared unstopped

execute p
= control prepared statement:p statement:Execute | not_transactional
@ fails 26000

declare c cursor for select 1
= control cursor:c statement:DeclareCursor
@ acts effects:cursors unstopped

listen x
= control channel:x statement:Listen
@ acts effects:world unstopped

vacuum care.member
= control statement:Vacuum care.member | not_transactional
@ acts effects:alone unstopped

analyze care.member
= control statement:Vacuum care.member | not_transactional
@ acts locks:care.member(ShareUpdateExclusive) effects:xid unstopped

select * into shop.copied from care.member
= ! launders
@ acts care.member changes:shop.copied(+40) locks:shop.copied(AccessExclusive) effects:xid stopped:25006

create table shop.copied as select passport as x from care.member
= ! launders
@ acts care.member changes:shop.copied(+40) locks:shop.copied(AccessExclusive) effects:xid stopped:25006

create view shop.leak as select passport as x from care.member
= define shop.leak; read care.member | tags_must_be_reviewed
@ acts care.member locks:shop.leak(AccessExclusive) effects:xid stopped:25006

insert into care.visit (id, memo) select id + 1000, passport from care.member
= ! launders
@ acts care.member tree:insert changes:care.visit(+40) locks:care.visit(RowExclusive) effects:xid stopped:25006

update care.member set note = passport where id = 1
= ! launders
@ acts tree:update changes:care.member(~1) locks:care.member(RowExclusive) effects:xid stopped:25006

update care.member set plan = 'gold' where passport like 'C%'
= update care.member | predicate_on_protected
@ acts tree:update changes:care.member(~40) locks:care.member(RowExclusive) effects:xid stopped:25006

delete from care.member where income > 50000 returning id
= ! protected
@ acts tree:delete changes:care.lab(-82),care.member(-30),care.visit(-90),shop.audit(+1) locks:care.lab(RowExclusive),care.member(RowExclusive),care.visit(RowExclusive),shop.audit(RowExclusive),shop.audit_id_seq(RowExclusive) effects:xid code:app.log_change stopped:25006

insert into care.member (id, plan, mail) values (900, 'gold', 'a@b.c') returning mail
= ! protected
@ acts tree:insert changes:care.member(+1) locks:care.member(RowExclusive) effects:xid stopped:25006

grant select on care.member to public
= control statement:Grant care.member
@ acts care.member effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

alter table care.member rename column passport to p
= define care.member | locks_table tags_must_be_reviewed
@ acts locks:care.member(AccessExclusive) effects:xid stopped:25006

alter table care.member disable row level security
= control statement:AlterTable care.member
@ acts locks:care.member(AccessExclusive) effects:xid stopped:25006

create function x() returns int language sql as 'select 1'
= define function:x | replaces_code
@ acts effects:xid stopped:25006

create extension dblink
= control extension:dblink statement:CreateExtension
@ fails 0A000
@[15,17] acts effects:xid stopped:25006

alter system set log_min_messages = debug5
= control setting:log_min_messages statement:AlterSystem | not_transactional
@ acts effects:alone unstopped

create rule r as on insert to shop.cache do also delete from shop.cache
= define shop.cache | replaces_code
@ acts locks:shop.cache(AccessExclusive),shop.cache(RowExclusive) effects:xid stopped:25006

comment on column care.member.passport is 'x'
= define care.member | tags_must_be_reviewed
@ acts locks:care.member(ShareUpdateExclusive) effects:xid stopped:25006

security label on table care.member is 'x'
= control statement:SecLabel care.member
@ fails 22023

reindex table care.member
= control statement:Reindex care.member | not_transactional
@ acts locks:care.member(Share) effects:xid unstopped

create materialized view shop.mv as select passport from care.member
= ! launders
@ acts care.member changes:shop.mv(+40) locks:shop.mv(AccessExclusive),shop.mv(Exclusive),shop.mv(Share) effects:xid stopped:25006
@[15,16] acts care.member changes:shop.mv(+40) locks:shop.mv(AccessExclusive) effects:xid stopped:25006

create temp table t as select 1
= control statement:CreateTableAs t
@ acts changes:pg_temp.t(+1) locks:pg_temp.t(AccessExclusive) effects:xid stopped:25006

select * from pg_temp.x
= ! unknown
@ error 42P01

select ipad from assent.key
= ! missing
@ error 42P01

select * from pg_catalog.pg_authid
= ! catalog
@ reads nothing

select * from pg_user_mappings
= ! catalog
@ reads nothing

select srvoptions from pg_foreign_server
= ! catalog
@ reads nothing

select adbin from pg_attrdef
= ! catalog
@ reads nothing

select routine_definition from information_schema.routines
= ! catalog
@ reads nothing

select qual from pg_policies
= ! catalog
@ reads care.doctor

select * from information_schema.role_table_grants limit 1
= ! catalog
@ reads nothing

select indexdef from pg_indexes where tablename = 'member'
= read catalog:pg_catalog.pg_indexes
@ reads nothing

select pg_get_expr(indpred, indrelid), indexprs from pg_index
= read catalog:pg_catalog.pg_index
@ reads nothing

select conbin, pg_get_constraintdef(oid) from pg_constraint limit 1
= read catalog:pg_catalog.pg_constraint
@ reads nothing

select last_value from shop.numbers
= ! unknown
@ reads shop.numbers

select pg_sequence_last_value('shop.numbers'::regclass), lastval()
= ! function
@ fails 55000

select pg_stat_get_tuples_inserted('care.member'::regclass), pg_stat_get_live_tuples('care.member'::regclass)
= ! function
@ reads nothing

select pg_relation_filepath('care.member'), pg_filenode_relation(0, 1)
= ! function
@ reads nothing

select pg_get_object_address('table', array['care','member'], '{}')
= ! function
@ reads nothing

select pg_describe_object(1259, 'care.member'::regclass, 2), pg_identify_object(1259, 'care.member'::regclass, 2)
= ! function
@ reads nothing

select col_description('care.member'::regclass, 3), shobj_description(1, 'pg_database')
= read expression:constants
@ reads nothing

select has_table_privilege('postgres', 'care.member', 'select'), pg_has_role('postgres', 'member')
= read expression:constants
@ reads nothing

select inet_server_addr(), inet_client_addr(), pg_backend_pid(), pg_postmaster_start_time(), pg_conf_load_time()
= ! function
@ reads nothing

select pg_current_wal_lsn(), pg_is_in_recovery(), txid_current_snapshot()
= ! function
@ reads nothing

select pg_lock_status()
= ! function
@ reads nothing

select setseed(0.5), random()
= ! function
@ reads nothing

select to_regrole('postgres'), to_regclass('care.member')::oid is null
= read expression:constants
@ reads nothing

select make_interval(secs => ascii(passport)) from care.member where id = 1
= read care.member | masked
@ reads care.member

select jsonb_path_exists(prefs, '$ ? (@.a.phone starts with "c")') from care.member
= read care.member | masked
@ reads care.member

select passport is json, json_object(passport : 1), json_value(prefs, '$.a.phone') from care.member where id = 1
= read care.member | masked
=[15] ! syntax
=[16] ! missing
@ reads care.member
@[15] error 42601
@[16] error 42883

select j.* from care.member m, json_table(m.prefs, '$' columns (c int path '$.canary')) j limit 1
= read care.member | masked
=[15,16] ! syntax
@ reads care.member
@[15,16] error 42601

select $1::text, $2
= read expression:constants
@ reads nothing

select E'\'' || passport from care.member where id = 1 --'
= read care.member | masked
@ reads care.member

select "care.member".passport from "care.member"
= ! missing
@ error 42P01

select passport from care.member as "a((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
= ! unavailable
@ reads care.member

select 1 as ":rtekind 0 :relid 1259"
= ! unavailable
@ reads nothing

select x from (select 1) as "(b 8)" (x)
= read expression:constants
@ reads nothing

select convert_to(passport, 'UTF8'), passport::bytea from care.member where id = 1
= read care.member | masked
@ reads care.member

select id, (select sum(fee) from care.visit v where v.member_id = m.id and m.income > 1) from care.member m limit 2
= read care.member care.visit | masked predicate_on_protected
@ reads care.member care.visit

select * from care.parent, care.child
= read care.child care.parent
@ reads care.parent

select * from care.visit where "at" = (select joined from care.member where id = 1)
= read care.member care.visit
@ reads care.member care.visit
