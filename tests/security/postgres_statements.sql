-- A statement, what reading it must give on 15 to 18, a blank line. "= verbs [masked] facts": a Reading;
-- "! doubt": refused; "; not on 15": that server itself refuses the text. Schema and tags: postgres_schema.sql,
-- tests/integration/test_witness_postgres.py.

select m.id, count(*) from care.visits m where plan='x' group by 1 having count(*)>1 order by 2 desc nulls last limit 3 offset 1
= read via_view

with recursive t(n) as (values (1) union all select n+1 from t where n<10) select n from t
= read

with recursive t(id, member_id) as (select id, member_id from care.visit union all select v.id, v.member_id from care.visit v join t on t.id=v.member_id) search depth first by id set ord cycle id set is_c to true default false using path select * from t
= read

select row_number() over w, sum(fee) over (partition by member_id order by id rows between 1 preceding and current row), rank() over (order by fee range between 1 preceding and 2 following) from care.visit window w as (order by at)
= read

select coalesce(memo,'x'), nullif(fee,0), greatest(fee,1,2), case when fee>1 then 'a' else 'b' end, case id when 1 then 'x' end, fee is null, (fee>1) is true, fee is distinct from 1 from care.visit
= read

select codes[1], codes[1:2], codes || 3, 1 = any(codes), id = any(array[1,2]), fee not in (1,2), row(id,fee) < row(1,2), (id, fee) in (select id, fee from care.visit), array[1,2,3], array(select id from care.visit), memo collate "C" from care.visit
= read

select exists(select 1 from care.empty e where e.a=v.id), (select max(a) from care.empty), v.* from care.visit v left join lateral (select * from care.empty where a=v.id limit 1) x on true
= read

select grouping(member_id), member_id, id, count(distinct fee), string_agg(memo, ',' order by at) filter (where fee>1), percentile_cont(0.5) within group (order by fee) from care.visit group by grouping sets ((member_id), (id), ())
= read

select member_id, count(*) from care.visit group by rollup(member_id), cube(id) 
= read

select distinct on (member_id) * from care.visit order by member_id, at
= read

select id from care.visit union select id from care.member intersect select a from care.empty except all select 1
= read

select * from care.visit natural join care.parent join care.log e using (id) 
= read

select * from care.visit a join care.visit b using (id) as j full join care.empty on empty.a=j.id
= read

select generate_series(1,3), d::date from generate_series('2020-01-01'::date, '2021-01-01', '1 month') with ordinality as g(d, n)
= read

select * from rows from (generate_series(1,2), unnest(array['a'])) with ordinality as t(a,b,c)
= read

select * from json_to_recordset('[{"a":1}]') as x(a int, b text)
= read

select prefs->>'a', prefs #> '{a,b}', prefs ? 'x', jsonb_path_query(prefs, '$.a'), prefs @> '{}' from care.member
= read masked

select json_build_object('a',1), row_to_json(v), jsonb_agg(v), json_object_agg(id, fee) from care.visit v group by v
= read

select to_tsvector('english', memo) @@ to_tsquery('a & b'), ts_rank(body, 'x'), plainto_tsquery('a') from care.visit
= read

select now() - at, date_trunc('day', at), extract(year from at), at at time zone 'UTC', at::date + 3, age(at), current_date, localtime, current_timestamp(2), current_user from care.visit
= read

select table_name, column_name, data_type from information_schema.columns where table_schema='care'
= read

select table_name from information_schema.tables
= read

select xmlelement(name a, xmlattributes(1 as b), 'x'), xmlforest(1 as a), xmlconcat('<a/>'), xmlparse(document '<a/>'), xmlserialize(content '<a/>'::xml as text), '<a/>'::xml is document
= read ; not on 16,18

select * from xmltable('/a/b' passing (xml '<a/>') columns x int path 'c' not null, y for ordinality)
= read ; not on 16,18

select * from xmltable(xmlnamespaces('http://x' as z), '/a/b' passing (xml '<a/>') columns x int path 'c' default 3)
= read ; not on 16,18

select ('x'::text)::varchar(3), 1::text, '1'::int, '{1}'::int[]::text[], '{1}'::text[]::int[], 'sad'::care.mood, 5::care.small, null::care.small, at::text::timestamptz from care.visit
= read

select (v).fee, (m).mail, v::text from care.visit v, care.member m
= read masked

select * from (values (1,'a'),(2,'b')) as t(x,y)
= read

values (1,2),(3,4)
= read

select m from care.member m
= read masked

select tableoid, ctid from care.visit
= read

select * from care.visit tablesample system (10) repeatable (3)
= read

select * from only (care.parent) p, only care.parent, care.child
= read

select "a b", "x) (y" as "Revenue ($) (net)" from care."Odd name" "o p"
= read

select * from care.tenant
= read row_policy

select -fee, @fee, |/fee::float8, fee ^ 2, 1 + 2 * 3, not true and false or true, fee between 1 and 2, fee between symmetric 2 and 1, memo like 'a%', memo ilike 'b', memo ~ 'c', memo similar to 'x', memo not like 'y' escape '!' from care.visit
= read

select $1::int + id from care.visit where memo = $2
= read

select overlay('abc' placing 'x' from 1), position('a' in 'abc'), substring('abc' from 1 for 2), substring('abc' similar 'a' escape '#'), trim(both 'x' from 'y'), (date '2020-01-01', interval '1 day') overlaps (date '2020-01-01', date '2020-02-01'), normalize('a'), 'a' is normalized, cast(1 as text), timestamp '2020-01-01', interval '1' day, b'101', x'ff', 1.5e3, e'\n'
= read

select * from pg_class where relname='x'
! catalog

select * from care.mv
! closed

select count(*) from care.member
= read

select oid::regclass from pg_class
= read

select make_interval(days => 3), format('%s', variadic array['a','b'])
= read

select * from care.members where mail='x'
= read masked predicate_on_protected via_view

select row(1,2)::text, row(v.*) from care.visit v
= read

select a.x from (select v as x from care.visit v) a
= read

select (row(1,'a')::care.empty).b
= read

select json_serialize('{}')
= read ; not on 15,16

select json_object('a': 1), json_array(1,2), json_arrayagg(id), json_objectagg(id: fee) from care.visit
= read ; not on 15

select '{}' is json object
= read ; not on 15

select json_scalar(1), json('{}')
= read ; not on 15,16

select json_array(select 1)
= read ; not on 15

select last_value(id) over (order by id groups between unbounded preceding and 1 following exclude ties) from care.visit
= read

select days @> date '2020-01-01', days && daterange('2020-01-01','2021-01-01'), lower(days), int4multirange('{[1,2]}') from care.visit
= read

select width_bucket(fee, 0, 100, 5), random(), gen_random_uuid(), md5(memo), encode('x','hex') from care.visit
= read

select c::care.parent from care.child c
= read

insert into care.visit(id, memo) values (1, default),(2,'x') returning id
= insert,read fires_triggers unregistered_code

insert into care.log(line) select memo from care.visit
= insert,read

insert into care.log(line) values ('a') on conflict do nothing
= insert

insert into care.member as m (id, plan) values (1,'x') on conflict (id) do update set plan = excluded.plan, note='z' where m.id>1 returning *
! protected

insert into care.visit default values
= insert fires_triggers unregistered_code

update care.visit v set fee = fee * 2, memo='x' from care.member m where m.id = v.member_id and m.mail='x'
= read,update fires_triggers predicate_on_protected unregistered_code

update care.visit set (fee, memo) = (select 1, 'x'), codes[1] = 3
= update fires_triggers no_where unregistered_code

update care.visit set memo = default where id=1
= update fires_triggers unregistered_code

delete from care.visit using care.empty where a = id returning *
= delete,read fires_triggers unregistered_code

delete from care.member
= delete cascades fires_triggers no_where unregistered_code

merge into care.visit v using care.empty e on v.id=e.a when matched and fee>1 then update set fee=1 when matched then delete when not matched then insert (id) values (e.a)
= delete,insert,read,update fires_triggers unregistered_code

with x as (delete from care.empty returning *) select * from x
= delete,read no_where

with x as (insert into care.log(line) values ('x') returning id) select * from x
= insert,read

insert into care.ruled values (1,'x')
= insert,read fires_rules

update care.members set plan='x' where id=1
= read,update via_view

insert into care.members(id) values (1)
= insert,read via_view

select * from care.visit for update
= read,update locks_rows

select * from care.visit v, care.empty e for share of v nowait
= read,update locks_rows

delete from care.members
= delete,read cascades fires_triggers no_where unregistered_code via_view

update care.tenant set secret='x'
= update no_where row_policy

select nextval('care.numbers')
! function

select setval('care.numbers', 3)
! function

select pg_sleep(1)
! function

select pg_read_file('/etc/passwd')
! function

select lo_create(1)
! function

select set_config('x.y','1',false)
! function

select current_setting('data_directory')
! function

select query_to_xml('select * from care.member', true, true, '')
! function

select * from ts_stat($q$select to_tsvector(note) from care.member$q$)
! function

select txid_current()
! function

select pg_notify('a','b')
! function

select pg_advisory_lock(1)
! function

select care.card_of(id) from care.visit
! function

select care.age_band(born) from care.member
! function

select attmissingval from pg_attribute
! catalog

select reltuples from pg_class
! catalog

select * from pg_stats
! catalog

select prosrc from pg_proc
! catalog

select * from pg_authid
! catalog

select * from pg_settings
! catalog

select * from pg_views
! catalog

select * from pg_tables
= read

select * from pg_indexes
= read

select * from pg_sequences
= read

select indexdef from pg_indexes where schemaname='care'
= read

select * from information_schema.key_column_usage
= read

select * from information_schema.table_constraints
= read

select * from information_schema.referential_constraints
= read

select * from information_schema.schemata
= read

select * from information_schema.columns c, pg_attrdef
! catalog

select * from pg_constraint
= read

select ctid from care.member
! protected

select tableoid from care.member m
! protected

select id from care.member tablesample bernoulli (50)
! protected

select pg_relation_size('care.member')
! protected

select initcap(mail), regexp_count(passport,'7') from care.member
= read masked

select initcap(mail) from care.member
= read masked

select json_build_object('r', m) from care.member m
= read masked

select passport(m) from care.member m
= read masked

select (array_agg(m))[1] from care.member m
= read masked

select k from care.member as m(a,b,c,k)
= read masked

with member as (select 'x' as passport) select passport from member
= read

WITH member  AS (SELECT 'x' AS passport) SELECT passport FROM member
= read

WITH "Member" AS (SELECT 'x' AS passport) SELECT passport FROM member
= read masked

select id, @income from care.member
= read masked

select id, care.member.mail, member.plan from care.member
= read masked

select care . member . mail from care . member
= read masked

select "care"."member"."mail" from "care"."member"
= read masked

select mail from CARE.Member
= read masked

select mail from U&"c\0061re".member
! protected

select mail from care./* x */member
! protected

select mail from care.member/* x */ m
= read masked

table care.member
! protected

select count(*) from only care.member where mail='x'
= read masked predicate_on_protected

select mail from only (care.member)
= read masked

select mail from care.member *
= read masked

select a.mail,b.mail from care.member a join care.member b using (mail) order by a.income
= read masked predicate_on_protected

select mail from care.member union select memo from care.visit
= read masked

select * from care.members m join care.member using (id)
= read masked via_view

select * from care.visits v where exists (select 1 from care.member m where m.id=v.id and m.income>3)
= read masked predicate_on_protected via_view

select x.* from care.visit v, lateral (select mail from care.member m where m.id=v.member_id) x
= read masked

with a as (select * from care.member), b as (select mail from a) select * from b, care.member
= read masked

select 'a"b' as "x:y", m.mail from care.member "m" 
= read masked

select 1 as ":rtekind 0"
! unavailable

select 1 as "x){"
= read

select 1 as "{QUERY :commandType 3"
= read

select 1 as "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
! unavailable

select id as ":a" from care.visit
! unavailable

select 1 for update
! disagree

select mail from care.member for update
! protected

select * from care.member natural join care.visit
= read masked

explain select 1
= read

explain (analyze, costs off) select id from care.visit where fee > 1
= read

explain select id from care.member
! protected

explain analyze select plan from care.members
! protected

explain (analyze, wrong) select 1
! unknown

explain select * from care.visits
! protected

explain select id from care.plain
= read via_view

explain select id from care.visit for update
! unknown

explain (analyze) with d as (delete from care.visit returning id) select * from d
! unknown

explain select pg_sleep(1)
! function

show work_mem
= read

show data_directory
! unknown

set search_path = x
= control

begin
= control not_transactional

copy care.member to stdout
= control

do $$ begin end $$
= control not_transactional

call care.tidy()
! function

create table care.x as select mail from care.member
! launders

create table care.x as select fee from care.visit
= define,read

select mail into care.y from care.member
! launders

create view care.vv as select mail from care.member
= define,read tags_must_be_reviewed

refresh materialized view care.mv
! closed

drop table care.visit
= define locks_table

drop table care.visit cascade
= define cascades locks_table

truncate care.visit
= delete locks_table no_where uncounted

alter table care.member rename column mail to email
= define locks_table tags_must_be_reviewed

alter table care.member alter column plan type text using passport
! launders

alter table care.visit disable trigger all
= control

alter table care.visit add column x int default nextval('care.numbers')
= define locks_table

alter table care.visit add column x int default care.age_band('2020-01-01')::int
! function

grant select on care.visit to postgres
! unknown

grant select on care.visit to public
= control

create index on care.visit (fee)
= define locks_table

create index concurrently on care.visit (fee)
= control not_transactional

create function care.f() returns int language sql as 'select 1'
= define replaces_code

insert into care.visit(id, memo) select id, passport from care.member
! launders

update care.visit set memo = (select passport from care.member limit 1)
! launders

update care.visit set (memo, fee) = (select passport, 1 from care.member where passport='x')
! launders

update care.member set mail = lower(mail)
= update assigns_protected no_where predicate_on_protected

update care.member set plan = mail
! launders

update care.member set mail = 'a' where passport = 'x'
= update assigns_protected predicate_on_protected

update care.member set mail = 'a' where id = 1 returning mail
! protected

update care.member set mail = 'a' where id = 1 returning id
= read,update assigns_protected

delete from care.member where mail = 'x' returning *
! protected

insert into care.member(id, mail) values (1, 'a') returning id
= insert,read assigns_protected

insert into care.member(id, mail) values (1, 'a') on conflict (id) do update set note = excluded.mail
! launders

merge into care.visit v using care.member m on v.member_id=m.id when matched then update set memo = m.passport
! launders

merge into care.visit v using care.member m on v.member_id=m.id and m.mail='x' when matched then update set memo = 'x'
= read,update fires_triggers predicate_on_protected unregistered_code

with x as (insert into care.visit(id) values (1) returning id) select mail from care.member, x
! protected

with d as (delete from care.visit where fee>1 returning id) select count(*) from d
= delete,read fires_triggers unregistered_code

insert into pg_class(relname) values ('x')
! catalog

delete from pg_class
! catalog

update care.visit set fee = 1 where true
= update all_rows fires_triggers unregistered_code

update care.visit set fee = nextval('care.numbers')
= update fires_triggers no_where unregistered_code

select * from care.tenant where current_setting('app.tenant')='x'
! function

select * from generate_series(1,10) g left join care.visit v on v.id=g
= read

select * from care.parent
= read

select pg_typeof(id), pg_size_pretty(1::bigint), pg_column_size(memo), obj_description(1,'pg_class') from care.visit
= read

select 'care.member'::regclass from care.visit
= read

insert into care.log(line) values ('a')
= insert

insert into care.visit(id) values (nextval('care.numbers'))
= insert,update fires_triggers unregistered_code

with member as (select * from care.member) select * from member
= read masked

with member as (select * from member) select * from member
= read masked

select * from member, lateral (with member as (select 1 as x) select * from member) z
= read masked

select * from (with visit as (select id from care.empty e(id, b)) select * from visit) q, visit
= read

with recursive member as (select 1 as id union all select id + 1 from member where id < 3) select * from member
= read

WITH member　 AS (SELECT 'x' AS passport) SELECT passport FROM member
= read masked

select 1 as "x :rtekind 0 :relid 1 :relkind r"
= read

select 1 as "x :rtekind 0"
= read

select id from care.visit as "v:relid 5"
= read

select id from care.visit as "a
! syntax

b"
! syntax

select id from care.visit as "((((((((((((((((((((((((((((((((((((((((((((("
! unavailable

select id from care.visit as "a\b{}()"
= read

select id as "<>" from care.visit "<>"
= read

select id as "1" from care.visit "(b 8)"
= read

select m.mail as "Ünïcödé", m."mail" from care.member m
= read masked

select mail, "mail" from "care".member where mail like 'a%' order by income limit 3
= read masked predicate_on_protected

select (select income from care.member where id=1)
= read masked

select sum(income) from care.member where plan='a'
= read masked

select max(income) over (partition by plan) from care.member
= read masked

select id from care.member order by income
= read masked predicate_on_protected

select id from care.member where income > 51000
= read masked predicate_on_protected

select id from care.member where income > 51000 and id = 4 group by id having count(mail) > 1
= read masked predicate_on_protected

select plan from care.member
= read

select plan, count(*) from care.member group by plan
= read

select generate_series(0,9) d from care.member m where right(m.passport,1) = 'a'
= read masked predicate_on_protected

select 1/(income::int - 51000) from care.member
= read masked

select mail::oid from care.member
= read masked

select c.mail_low from care.member c
= read masked

select * from pg_stat_activity
! catalog

select * from pg_prepared_statements
! catalog

select * from pg_largeobject
! catalog

select pg_get_viewdef('care.members'::regclass)
! function

select pg_get_expr(adbin, adrelid) from pg_attrdef
! catalog

select current_query()
! function

select inet_server_addr()
! function

select pg_backend_pid()
! function

select pg_logical_emit_message(true,'a','b')
! function

select pg_terminate_backend(1)
! function

select pg_reload_conf()
! function

select lo_from_bytea(0, '')
! function

select binary_upgrade_set_next_pg_type_oid(1)
! function

select textin('x')
! function

select int4out(1)
! function

select random(), now(), clock_timestamp(), gen_random_uuid()
= read

select ts_rewrite('a'::tsquery, 'select 1')
! function

select ts_rewrite('a & b'::tsquery, 'a'::tsquery, 'c'::tsquery)
= read

select has_parameter_privilege('work_mem','set')
! function

select has_table_privilege('care.member','select')
= read

select pg_database_size('postgres')
! protected

select pg_ls_dir('.')
! function

select currval('care.numbers')
! function

select xmin from care.visit
= read

select xmin from care.member
! protected

select relpages from pg_class
! catalog

select relname, relkind from pg_class where relnamespace = 'care'::regnamespace
= read

select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'care.member'::regclass and attnum > 0 and not attisdropped
= read

select n.nspname, c.relname, obj_description(c.oid, 'pg_class') from pg_class c join pg_namespace n on n.oid = c.relnamespace where pg_table_is_visible(c.oid)
= read

select conname, pg_get_constraintdef(oid) from pg_constraint
= read

select pg_get_indexdef(indexrelid) from pg_index
= read

select * from information_schema.columns, pg_proc
! catalog

select * from information_schema.views
! catalog

select * from information_schema.routines
! catalog

select * from pg_attribute
! catalog

select ctid from pg_class
! catalog

delete from care.visit
= delete fires_triggers no_where unregistered_code

delete from care.visit where 1=1
= delete all_rows fires_triggers unregistered_code

delete from care.visit where id = 1
= delete fires_triggers unregistered_code

update care.visit set memo = 'x' where id = 1
= update fires_triggers unregistered_code

update care.visit set fee = fee + 1 from care.empty e where e.a = visit.id
= read,update fires_triggers unregistered_code

update only care.parent set kind = 'x'
= update no_where

update care.parent set kind = 'x' where id = 1
= update

insert into care.child values (1, 'a', 'b')
= insert

insert into care.empty select id, memo from care.visit
= insert,read

insert into care.empty(a) values (1) returning *
= insert,read

insert into care.member(id, plan) select a, b from care.empty
= insert,read

insert into care.empty(b) select lower(mail) from care.member
! launders

insert into care.empty(a) select count(*) from care.member where mail = 'x'
! launders

insert into care.empty(b) values ((select note from care.member limit 1))
! launders

update care.empty set b = m.note from care.member m where m.id = a
! launders

update care.empty set b = (m).note from care.member m where (m).id = a
! launders

update care.empty set b = m::text from care.member m where m.id = a
! launders

update care.empty set b = upper(x.n) from (select id, note as n from care.member) x where x.id = a
! launders

delete from care.empty using care.member m where m.id = a and m.mail = 'x' returning m.mail
! protected

delete from care.empty using care.member m where m.id = a and m.mail = 'x' returning a
! protected

with c as (select note from care.member) insert into care.empty(b) select note from c
! launders

with c as (update care.empty set b = 'x' returning a) insert into care.log(line) select a::text from c
= insert,read,update no_where

with c as (select * from care.member) delete from care.empty
! launders

with d as (delete from care.member returning mail) select 1
! protected

update pg_class set relname = 'x'
! catalog

merge into care.empty e using care.visit v on e.a = v.id when matched then delete
= delete,read

merge into care.empty e using care.visit v on e.a = v.id when not matched then insert values (v.id, v.memo)
= insert,read

merge into care.empty e using care.member m on e.a = m.id when not matched then insert values (m.id, m.mail)
! launders

select * from care.visit for no key update skip locked
= read,update locks_rows

select * from care.visit for key share of visit
= read,update locks_rows

select id from care.member for share
= read,update locks_rows

lock table care.visit
= control

notify a
= control

listen a
= control

unlisten *
= control

prepare a as select 1
= control not_transactional

execute a
= control not_transactional

deallocate all
= control not_transactional

declare c cursor for select 1
= control

fetch all from c
= control

close c
= control

discard all
= control not_transactional

checkpoint
= control not_transactional

load 'x'
= control not_transactional

reset all
= control

set local work_mem = '1'
= control

set session authorization x
= control

set role x
= control

commit
= control not_transactional

rollback
= control not_transactional

savepoint a
= control not_transactional

prepare transaction 'x'
= control not_transactional

vacuum care.visit
= control not_transactional

analyze care.visit
= control not_transactional

cluster care.visit
= control

reindex table care.visit
= control not_transactional

copy care.visit from stdin
= control

copy (select 1) to program 'x'
= control not_transactional

explain analyze create table care.q as select 1
! unknown

explain analyze delete from care.visit
! unknown

alter system set work_mem = '1'
= control not_transactional

create extension dblink
= control

create role x
= control

alter role postgres superuser
= control

drop role x
= control

grant postgres to x
= control

revoke select on care.visit from public
= control

alter default privileges grant select on tables to x
= control

create database x
= control not_transactional

create tablespace x location '/x'
= control not_transactional

create publication p for table care.visit
= control

create subscription s connection 'x' publication p
= control not_transactional

create server s foreign data wrapper f
= control

create foreign table care.ft (a int) server s
= control

create user mapping for postgres server s
= control

import foreign schema a from server s into care
= control

create event trigger e on ddl_command_start execute function care.log_change()
= control

create cast (int as text) without function
= control

create operator care.+ (function = care.f, leftarg = int)
= control

create language x
= control

security label on table care.visit is 'x'
= control

alter table care.visit owner to x
= control

alter table care.tenant disable row level security
= control

alter table care.visit enable always trigger changed
= control

alter table care.visit set (fillfactor = 10)
= control

alter table care.visit set tablespace x
= control

alter table care.visit add constraint k check (fee > 0)
= define locks_table

alter table care.visit drop column memo
= define locks_table

alter table care.visit drop column memo cascade
= define locks_table

alter table care.visit rename to visits2
= define locks_table

alter table care.member set schema public
= define locks_table tags_must_be_reviewed

alter table care.parent attach partition care.child default
= define,read locks_table

alter view care.members set (security_barrier)
= control

create table care.new (id int primary key, ref int references care.visit)
= define,read

create table care.new (like care.member including all)
= define,read predicate_on_protected tags_must_be_reviewed

create table care.new () inherits (care.member)
= define,read predicate_on_protected tags_must_be_reviewed

create table new (id int)
= define

create temp table t (id int)
= control

create materialized view care.m2 as select fee from care.visit
= define,read

create materialized view care.m2 as select mail from care.member
! launders

create view care.v2 as select * from care.visit
= define,read

create or replace view care.members as select 1 as id
= define tags_must_be_reviewed

create rule r as on insert to care.visit do also select 1
= define replaces_code

create rule r as on insert to care.member do also insert into care.log(line) values (new.mail)
! launders

create trigger t after insert on care.visit for each row execute function care.log_change()
= define locks_table replaces_code

create trigger t after insert on care.member for each row execute function care.log_change()
! launders

create policy p on care.visit using (true)
= define replaces_code

create function care.g() returns text language sql begin atomic select mail from care.member; end
! launders

alter function care.age_band(date) security definer
= define replaces_code

drop function care.age_band(date)
= define locks_table replaces_code

drop trigger changed on care.visit
= define locks_table replaces_code

drop schema care
= define locks_table

drop schema care cascade
! closed

drop owned by postgres
= control

reassign owned by postgres to x
= control

comment on table care.visit is 'x'
= define

comment on column care.visit.memo is 'x'
= define

create index on care.member (lower(mail))
= define locks_table predicate_on_protected tags_must_be_reviewed

create sequence care.s2
= define

alter sequence care.numbers restart
= define

create type care.t2 as (a int)
= define

alter type care.mood add value 'x'
= define

create domain care.d2 as int check (value > 0)
= define

create schema x
= define

create statistics care.st on id, fee from care.visit
= define,read

truncate care.member, care.visit
= delete locks_table no_where tags_must_be_reviewed uncounted

truncate care.member cascade
= delete cascades locks_table no_where tags_must_be_reviewed uncounted

refresh materialized view care.missing
! missing

drop table care.missing
! missing

select 1 into temp care_t from care.visit
= control

create temp view v as select 1
= control

create schema x authorization y
= control

select id from care.visit as "a:rtekind"
= read

select id as "a)(b" from care.visit as "x }{ y"
= read

select "mail" from "care" . "member" as "M" where "M".id = 1
= read masked

select m.* from care.member as m (a, b, c) where m.c = 'x'
= read masked predicate_on_protected

select visit.id from care.visit, (select * from care.member) visit2 where visit2.mail is null
= read masked predicate_on_protected

select count(distinct m) from care.member m
= read masked

select row_to_json(m)->>'mail' from care.member m
= read masked

select string_agg(m.mail, ',' order by m.income) from care.member m
= read masked

select * from care.visit v where v.member_id in (select id from care.member where born > '1990-01-01')
= read masked predicate_on_protected

select * from care.visit where fee = any (select income from care.member)
= read masked predicate_on_protected

select case when exists (select 1 from care.member where note ~ 'x') then 1 end
= read masked predicate_on_protected

select * from care.member fetch first 3 rows with ties
! syntax

select distinct mail from care.member
= read masked predicate_on_protected

select coalesce(m.mail, v.memo) from care.visit v left join care.member m on m.id = v.member_id
= read masked

select * from (select mail from care.member) as x(memo) natural join care.visit
= read masked predicate_on_protected

select passport as id from care.member where true order by 1
= read masked predicate_on_protected

with x(a) as materialized (select income from care.member) select avg(a) from x
= read masked

select mail from care.member where id = (select max(id) from care.members)
= read masked via_view

select * from care.members
= read masked via_view

select * from only care.members
= read masked via_view

select members.mail from care.members, care.visits
= read masked via_view

select * from care.tenant t join care.member m on m.plan = t.owner
= read masked row_policy

select date_trunc('month', at) as m, count(*), sum(fee), avg(fee)::numeric(10,2) from care.visit where at >= now() - interval '30 days' group by 1 order by 1
= read

select id, fee, lag(fee) over w, fee - lag(fee) over w as delta, ntile(4) over (order by fee) from care.visit window w as (partition by member_id order by at)
= read

select v.id, e.n from care.visit v cross join lateral (select count(*) as n from care.empty where a = v.id) e where e.n > 0
= read

select percentile_cont(array[0.5, 0.9]) within group (order by fee), mode() within group (order by memo) from care.visit
= read

select codes[2:3], array_length(codes, 1), unnest(codes), array_agg(distinct id) from care.visit group by codes
= read

select to_char(at, 'YYYY-MM-DD'), extract(dow from at), age(now(), at), at + '1 day'::interval, at::time from care.visit
= read

select id, regexp_replace(memo, '[^0-9]', '', 'g'), split_part(memo, ',', 1), memo ~* 'x', left(memo, 3), md5(memo) from care.visit
= read

select jsonb_build_object('id', id) || '{"a": 1}', jsonb_array_elements('[1,2]'), '{"a": {"b": 1}}'::jsonb #>> '{a,b}' from care.visit
= read

select ts_headline('english', memo, to_tsquery('x')), ts_rank_cd(body, plainto_tsquery('y')) from care.visit where body @@ websearch_to_tsquery('a or b')
= read

select * from care.visit where id between 1 and 10 and memo is not null and (fee > 1 or fee is null) limit 10 offset 5
= read

select (select count(*) from care.visit), (select count(*) from care.empty)
= read

select * from unnest(array[1,2,3]) with ordinality as u(x, n) where x > 1
= read

select * from care.visit v join care.visit w on v.id = w.member_id and v.at < w.at
= read

select id from care.visit where id in (select a from care.empty) union all select a from care.empty order by 1
= read

select current_user, session_user, current_database(), version()
= read

select substring(memo from 'a(.*)b'), translate(memo, 'a', 'b'), lpad(id::text, 5, '0'), format('%s-%s', id, memo) from care.visit
= read

select stddev(fee), variance(fee), corr(fee, id), regr_slope(fee, id), bool_and(fee > 1), every(fee > 0), bit_or(id) from care.visit
= read

select json_exists(prefs, '$.a'), json_value(prefs, '$.a' returning int default 3 on empty error on error), json_query(prefs, '$.a' with wrapper keep quotes null on error), json_query(prefs, '$.x' passing id as y returning text omit quotes) from care.member
= read masked ; not on 15,16

select json_exists('{"a":1}'::jsonb, 'strict $.a ? (@ > $x)' passing 3 as x true on error)
= read ; not on 15,16

select * from json_table('[{"a":1,"b":[1,2]}]'::jsonb, '$[*]' as p passing 1 as z columns (n for ordinality, a int path '$.a' default 4 on empty, e int exists path '$.c', nested path '$.b[*]' as q columns (b int path '$'), nested '$.c[*]' columns (c text format json path '$'))) as t
= read ; not on 15,16

select t.* from care.member m, json_table(m.prefs, '$' columns (x text path '$.x' error on error, y jsonb path '$.y' with unconditional wrapper) error on error) t
= read masked ; not on 15,16

select json_value('{"a":"2020-01-01"}', '$.a' returning date), json_query(jsonb '[1,2]', '$' returning int[])
= read ; not on 15,16

select json_query(jsonb '{"a":1}', '$' returning care.empty), json_value(jsonb '5', '$' returning care.small)
= read ; not on 15,16

select json_value(prefs, '$.a' returning oid) from care.member
= read masked ; not on 15,16

select json_query(jsonb '1', '$' default care.card_of(1) on empty)
! function ; not on 15,16

select t.x from care.visit v, json_table(care.card_of(v.id)::jsonb, '$' columns (x text path '$')) t
! function ; not on 15,16

select pg_relation_size('care.visit'), pg_size_pretty(pg_total_relation_size('care.visit'::regclass)), pg_table_size('care.visit'), pg_relation_size('care.visit', 'main')
= read

select pg_relation_size('care.visit'), pg_relation_size('care.member')
! protected

select pg_relation_size('care.member', 'fsm')
! protected

select pg_indexes_size('care.members')
! protected

select pg_relation_size('care.member_pkey')
! protected

select pg_relation_size(('care.' || 'visit')::regclass)
! protected

select relname, pg_relation_size(oid) from pg_class where relname = 'visit'
! protected

select pg_relation_size('care.visit', (select 'main' from care.visit limit 1))
! protected

select pg_database_size('postgres')
! protected

select pg_relation_size('pg_statistic')
! protected

select pg_total_relation_size('care.mv')
! protected

select pg_relation_size('pg_toast.pg_toast_2619')
! protected

select last_value from care.numbers
! unknown
