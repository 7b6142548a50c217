-- What the hunt begins with, over tests/fuzz/data/schema.sql: reads that touch tagged columns in each place and way, plain
-- reads, and what must be refused. A statement, a blank line.

select id, mail, passport, born, income from care.member

select * from care.member where id < 5

select mail from care.member order by mail

select id from care.member order by income

select id from care.member order by income desc nulls last limit 5

select id, rank() over (order by income) from care.member

select id, ntile(4) over (order by passport) from care.member

select count(*) from care.member where income > 50000

select id from care.member where passport like 'k%'

select id from care.member where passport ~ '^[g-m]'

select count(*) from care.member where mail = 'kqzwjx@host.test'

select plan, count(distinct passport) from care.member group by plan

select passport, count(*) from care.member group by passport

select min(income), max(income), sum(income), avg(income), stddev(income) from care.member

select sum(income) from care.member where id <> 4

select m from care.member m

select m.* from care.member m where m.id = 3

select m::text from care.member m

select to_jsonb(m) from care.member m

select row_to_json(m), to_json(m.passport) from care.member m

select json_build_object('r', m) from care.member m

select (array_agg(m))[1] from care.member m

select (m).passport from care.member m

select passport(m), mail(m) from care.member m

select k from care.member as m(a, b, c, k)

select x.v from care.member m, lateral (values (m.mail), (m.passport)) x(v)

select u from care.member m, unnest(array[m.mail, m.passport]) u

select j.key, j.value from care.member m, jsonb_each_text(to_jsonb(m)) j

select jsonb_object_keys(to_jsonb(m)) from care.member m where id = 1

select initcap(mail), upper(passport), reverse(note), md5(bio) from care.member

select left(passport, 3), right(passport, 4), substr(mail, 1, 2) from care.member

select ascii(passport), length(mail), octet_length(bio) from care.member

select encode(convert_to(mail, 'UTF8'), 'base64'), encode(raw, 'hex') from care.member

select 1 / (ascii(passport) - 107) from care.member

select 1 / (income::int - 51000) from care.member

select mail::int from care.member

select passport::uuid from care.member where id = 1

select case when passport > 'm' then 1 / 0 else 1 end from care.member

select (length(passport) * 100)::care.small from care.member

select passport::care.mailbox from care.member

select ('{' || passport || '}')::text[] from care.member

select prefs ->> 'a', prefs -> 'b', prefs #> '{a,0}' from care.member

select id from care.member where prefs @? '$.a[*] ? (@ > 50000)'

select id from care.member where prefs @> '{"b": 3}'

select jsonb_path_query(prefs, '$.*') from care.member

select id, prefs ? 'a' from care.member

select words, ts_rank(words, 'k:*') from care.member

select id from care.member where words @@ to_tsquery('simple', 'k:*')

select codes[1], codes[1:2], cardinality(codes), array_to_string(codes, ',') from care.member

select unnest(codes) from care.member

select (contact).box, (contact).pin, contact::text from care.member

select (contact).* from care.member

select boxes[1], unnest(boxes) from care.member

select id from care.member where (contact).pin > 5000

select seen, host(seen), masklen(seen), network(seen) from care.member

select id from care.member where seen <<= '10.1.0.0/16'

select code, code::text, card, card % 10 from care.member

select extract(year from born), extract(month from born), age(born) is null from care.member

select date_trunc('year', at), at::date from care.member

select id from care.member where born between '1950-01-01' and '1975-06-30'

select paid, paid * 2, round(paid) from care.member

select spot, spot[0], span, lower(span), upper(span) from care.member

select id from care.member where span @> 1500

select mood, mood::text, mood > 'sad' from care.member

select flag, not flag, flag and id > 3 from care.member

select level, level + 1, level % 7 from care.member

select mail_low, upper(mail_low) from care.member

select bio = repeat(left(bio, 14), 250), length(bio) from care.member

select distinct mail from care.member

select distinct on (plan) plan, mail, income from care.member order by plan, income

select a.id, b.id from care.member a join care.member b on a.passport = b.passport

select a.id from care.member a join care.member b using (mail)

select a.id from care.member a natural join care.members b

select d, count(m.id) from generate_series(0, 9) d left join care.member m on right(m.income::text, 1) = d::text group by d order by d

select g from generate_series(1, 200) g limit (select ascii(passport) from care.member where id = 4)

select g from generate_series(1, 20) g offset (select length(mail) from care.member where id = 4)

select id from care.member order by income fetch first 3 rows with ties

select income, lag(income) over (order by id), lead(passport) over (order by id) from care.member

select first_value(passport) over (order by income), last_value(mail) over (partition by plan order by born) from care.member

select sum(income) over (order by id rows between 2 preceding and current row) from care.member

select percentile_cont(0.5) within group (order by income), mode() within group (order by mail) from care.member

select rank(50000) within group (order by income) from care.member

select string_agg(mail, ',' order by passport) from care.member

select array_agg(id order by income) from care.member

select jsonb_agg(m order by income) from care.member m

select json_object_agg(id, passport) from care.member

select count(*) filter (where income > 60000) from care.member

select grouping(passport), plan, passport, count(*) from care.member group by rollup (plan, passport)

select plan, mail, count(*) from care.member group by cube (plan, mail) order by 1, 2, 3

select plan from care.member group by plan having max(income) > 80000

select bool_or(income > 90000), every(passport > 'g') from care.member

select width_bucket(income, 10000, 99999, 9) from care.member

select corr(id, income), regr_slope(income, id) from care.member

with m as (select * from care.member) select mail from m

with member as (select * from care.member) select passport from member

with member as (select 'x' as passport) select passport from member

with m as materialized (select id, income from care.member) select count(*) from m where income > 40000

with recursive t(n, p) as (select id, passport from care.member where id = 1 union all select n + 1, m.passport from t join care.member m on m.id = n + 1 where n < 10) select * from t

with a as (select mail from care.member), b as (select mail from care.event) select count(*) from a join b using (mail)

select (select passport from care.member where id = v.member_id) from care.visit v

select v.id, m.mail from care.visit v join care.member m on m.id = v.member_id order by v.id

select v.id from care.visit v where exists (select 1 from care.member m where m.id = v.member_id and m.income > 50000)

select v.id from care.visit v where v.member_id in (select id from care.member where passport < 'm')

select v.id from care.visit v where v.member_id = any (array(select id from care.member order by income limit 3))

select v.id, x.passport from care.visit v, lateral (select passport from care.member m where m.id = v.member_id limit 1) x

select m.id, count(v.id) from care.member m left join care.visit v on v.member_id = m.id and m.income > 30000 group by m.id order by 1

select id, mail from care.member union select id, memo from care.visit order by 1

select passport from care.member intersect select passport from care.leaf

select passport from care.member except select mail from care.stem

select id from care.member union all select ascii(passport) from care.member

select mail from only care.member

select mail from only (care.member)

table care.member

table care.members

values ((select mail from care.member limit 1)), ((select passport from care.member order by id limit 1))

select id, plan, mail from care.members

select * from care.rich

select count(*) from care.rich

select id from care.rich order by id

select * from care.whole where id < 4

select doc ->> 'passport', doc -> 'prefs' from care.whole

select * from care.deep

select * from care.deeper

select most from care.deep where n > 3

select * from care.all_mail

select * from care.invoked

select * from care.guarded

select * from care.persons

select (person).mail from care.persons

select * from care."View of ""odd"""

select * from care.visits

select * from care.mv

select * from care.activity

select * from care.spread

select * from care.shown

select * from care.ward

select * from care.tenant

select * from care.grain

select * from care.grain_1

select * from care.event

select id, mail, amount from care.event where at >= '2024-06-01'

select tableoid::regclass, id from care.event

select * from care.event_1

select * from care.event_2

select kind, mail from care.event_2a where amount > 5000

select kind, max(amount), min(mail) from care.event group by kind

select id from care.event order by amount, id

select e.id, m.id from care.event e join care.member m on m.mail = e.mail

select * from care.parent

select * from only care.parent

select id, secret from care.child

select p.kind, c.secret from care.parent p join care.child c using (id)

select * from care.stem

select mail, passport from care.leaf

select s.id, l.passport from care.stem s left join care.leaf l using (id, mail)

select count(*) from only care.stem

select * from care."Odd name"

select "päss  wort" from care."Odd name"

select o."naïve
line" from care."Odd name" o

select "a b", "x) (y" from care."Odd name" order by "päss  wort"

select * from "Odd schema"."FROM care.member"

select ":relid 1259", mail from "Odd schema"."FROM care.member"

select "FROM care.member".mail from "Odd schema"."FROM care.member"

select id, kind, account, amount from care.ledger where id < 20

select id from care.ledger where id < 30

select id from care.ledger order by amount, id limit 10

select account, count(*) from care.ledger group by account

select kind, count(distinct account), sum(amount) from care.ledger group by kind

select kind from care.ledger where amount > 60000

select id from care.ledger where score between 10 and 20 and kind = 'kind1'

select a.id, b.id from care.ledger a join care.ledger b on a.account = b.account where a.id < 5

select l.id, m.id from care.ledger l join care.member m on m.passport = l.account

select count(*) from care.ledger where account in (select passport from care.member)

select id, row_number() over (order by amount) from care.ledger where id <= 40

select day, max(score) from care.ledger where kind = 'kind2' group by day order by day limit 10

select id, percent_rank() over (order by score) from care.ledger where id < 40

select * from care.filed where id < 5

select id, place, mail from care.shelf where id < 20

select id from care.shelf limit 10

select * from care.older

select secret from care.older where id <= 20

select plan, secret, count(*) from care.older group by 1, 2

select name, email, phone, national_id, birth_date, notes from customers

select c.id, c.email, o.total from customers c join orders o on o.customer_id = c.id where o.id < 20

select country, count(*), max(name) from customers group by country

select * from customer_contacts

select name from customer_contacts where city = 'Oslo'

select card_number, iban, amount from payments where method = 'card'

select right(card_number, 4), count(*) from payments group by 1

select t.id, t.body from tickets t join customers c on c.id = t.customer_id where c.plan = 'pro'

select e.name, p.salary, p.iban from hr.employees e join hr.payroll p on p.employee_id = e.id

select avg(salary) from hr.payroll

select team, sum(salary) from hr.employees e join hr.payroll p on p.employee_id = e.id group by team

select status, count(*), sum(total) from orders group by status order by 1

select id, memo, fee from care.visit where fee > 100 order by id

select date_trunc('month', at), sum(fee) from care.visit group by 1 order by 1

select codes[1], days, lower(days) from care.visit where id < 10

select id, body from care.visit where body @@ to_tsquery('visit')

select * from products where price > 30 order by id

select attributes ->> 'w' from products

select id, sum(fee) over (partition by member_id order by id) from care.visit

select g, g * g from generate_series(1, 10) g

select 1, 'a', null, true, now() is not null

select version() is not null

select to_tsvector('english', 'the quick brown fox') @@ to_tsquery('fox')

select string_to_table('a,b,c', ',')

select * from json_to_recordset('[{"a": 1, "b": "x"}]') as x(a int, b text)

select * from jsonb_populate_record(null::care.contact, '{"box": "a@b", "pin": 1}')

select jsonb_populate_record(null::care.member, '{"mail": "x"}')

select json_populate_recordset(null::care.stem, '[{"mail": "x"}]')

select '(x@y,1,z)'::care.contact

select '{x}'::care.mailbox[]

select array['a@b', 'c']::care.mailbox[]

select row('x', 1, 'y')::care.contact

select 5000::care.small

select null::care.member

select xmlelement(name m, m.mail), xmlforest(m.passport as p) from care.member m

select xpath('/m/text()', xmlelement(name m, mail)) from care.member

select format('%s %I %L', mail, plan, passport) from care.member

select regexp_matches(passport, '([g-m]+)', 'g') from care.member

select regexp_split_to_table(mail, '') from care.member where id = 1

select string_to_table(passport, null) from care.member where id = 2

select translate(passport, 'ghjkl', '12345'), overlay(mail placing 'x' from 1 for 1) from care.member

select concat(mail, passport, born, income), concat_ws('|', m.*) from care.member m

select num_nulls(mail, passport, income), coalesce(income, -1) from care.member

select income is null, mail is null, born is not null from care.member

select nullif(passport, '***'), greatest(mail, passport), least(mail, note) from care.member

select mail collate "C" from care.member order by passport collate "C"

select pg_typeof(mail), pg_typeof(income), pg_typeof(m) from care.member m limit 1

select pg_column_size(bio), pg_column_size(m) from care.member m

select ctid from care.member

select xmin, tableoid from care.ledger

select * from care.member tablesample bernoulli (50)

select id from care.ledger tablesample system (10) repeatable (1)

select pg_relation_size('care.member'), pg_total_relation_size('care.ledger')

select pg_size_pretty(pg_table_size('care.event_1'))

select reltuples, relpages from pg_class where relname = 'ledger'

select relname, relkind from pg_class where relnamespace = 'care'::regnamespace order by 1

select attname, attmissingval from pg_attribute where attrelid = 'care.older'::regclass

select attname, atttypid::regtype from pg_attribute where attrelid = 'care.member'::regclass and attnum > 0 order by attnum

select * from pg_stats where tablename = 'member'

select most_common_vals from pg_stats where attname = 'passport'

select * from pg_statistic_ext

select relname from pg_partitioned_table p join pg_class c on c.oid = p.partrelid

select pg_get_expr(relpartbound, oid) from pg_class where relname = 'grain_1'

select table_name, column_name, data_type from information_schema.columns where table_schema = 'care' order by 1, ordinal_position

select table_name from information_schema.tables where table_schema in ('care', 'public') order by 1

select conname, contype from pg_constraint order by 1 limit 40

select indexrelid::regclass, indkey from pg_index where indrelid = 'care.member'::regclass order by 1

select enumlabel from pg_enum order by enumsortorder

select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'care__masked'

select * from care__masked.member

select ipad from assent.key

select prosrc from pg_proc where proname = 'card_of'

select * from pg_stat_user_tables

select query from pg_stat_activity

select current_setting('work_mem')

show search_path

show server_version

show work_mem

explain select id from care.visit where fee > 10

explain (costs off) select id from care.ledger where kind = 'kind1'

explain select mail from care.member

explain analyze select count(*) from orders

explain (verbose) select * from care.plain

explain select v.id from care.visit v join orders o on o.id = v.id

explain analyze select * from care.member where mail ^@ 'k'

select care.age_band(born), care.shout(mail) from care.member

select care.card_of(id) from care.visit

select care.secret_word(m) from care.member m

select care.told(passport) from care.member

select * from ts_stat('select to_tsvector(note) from care.member')

select query_to_xml('select passport from care.member', true, false, '')

select table_to_xml('care.member', true, false, '')

select mail operator(care.=~~) 'k' from care.member

select @income from care.member

select income between symmetric 20000 and 10000 from care.member

select (mail, passport) < ('m', 'm') from care.member

select (m.mail, m.passport) = any (select (mail, passport) from care.leaf) from care.member m

select array(select passport from care.member order by id)

select array[mail, passport] || note from care.member

select exists (select from care.member where income > 99000)

select all_.id from care.member all_ where all_.income >= all (select income from care.member)

select lower("member"."mail") from care."member"

select MAIL, "mail", U&"\006dail" from care.member

select care.member.mail, care.member.* from care.member

select /* mail */ passport -- income
 from care.member

select mail as "passport", passport as mail from care.member

select "m x".mail from care.member as "m x"

select $$x$$ || mail from care.member

select E'\x41' || passport, U&'\0041' || mail from care.member

select mail from care.member where plan = $q$a$q$

select case plan when 'a' then mail when 'b' then passport end from care.member

select cast(mail as varchar(3)), passport::char(5), income::text::name from care.member

select mail::bytea, passport::bytea from care.member

select to_hex(ascii(mail)), chr(ascii(passport)) from care.member

select sha256(convert_to(passport, 'UTF8')), hashtext(mail), hashtextextended(mail, 1) from care.member

select random() < 2, mail from care.member

select setseed(0.5)

select generate_series(1, length(passport)) from care.member where id = 1

select generate_subscripts(codes, 1) from care.member

select * from care.member m cross join lateral jsonb_to_record(to_jsonb(m)) as x(passport text, mail text)

select * from rows from (unnest(array['a']), generate_series(1, 3)) with ordinality

select m.id, o.id from care.member m full join orders o on o.id = m.id and m.passport > 'k' order by 1, 2 limit 30

select m.id from care.member m where m.ctid in (select ctid from care.member)

select count(*) from (select 1 from care.member where passport > 'm' limit 5) z

select z.p from (select passport as p, row_number() over (order by id) as r from care.member) z where r < 5

select z from (select mail, passport from care.member) z

select z.* from (select mail, passport from care.member) as z(a, b)

select sum(length(passport)) from care.member group by plan order by 1

select * from (values (1, 'a')) v(i, t) join care.member m on m.id = v.i

select m.id from care.member m where (select count(*) from care.visit v where v.member_id = m.id and v.memo < m.note) > 0

select id from care.member where passport similar to '%(q|z)%'

select id from care.member where mail ilike '%K%' escape '#'

select id from care.member where note is not distinct from passport

select id from care.member where not (income <> all (array[1, 2, 51000]))

select id from care.member where codes && array['k'] or codes @> array['q']

select id from care.member where spot <-> point(100, 100) < 50

select id from care.member order by spot <-> point(0, 0) limit 3

select id from care.member order by levenshtein(mail, 'a')

select id, mail from care.member for update

select id into temp copied from care.member

insert into care.visit (id, memo) select 900 + id, passport from care.member

update care.visit set memo = (select mail from care.member where id = 1)

update care.member set income = income + 1 where income > 50000

update care.member set note = 'x' where passport like 'k%' returning mail

delete from care.visit using care.member m where m.id = member_id and m.income > 90000

delete from care.member where passport > 'm'

merge into care.visit v using care.member m on v.member_id = m.id when matched then update set memo = m.note

create table care.copy as select mail from care.member

create view care.seen as select passport from care.member

copy care.member (mail) to stdout

do $$ begin raise notice 'x'; end $$

call care.tidy()

prepare x as select mail from care.member

declare c cursor for select mail from care.member

lock table care.member

set role fuzz_write

grant select on care.member to public

truncate care.empty

alter table care.member add column more text

select ctid, id from care.parent

select id, kind from care.parent tablesample system (50) repeatable (2)

select schemaname, sequencename, last_value from pg_sequences order by 1, 2
