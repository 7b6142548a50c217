-- A write, what it must be read as on 15, 16 and 18, a blank line. "= verb thing, … | facts": every pair of the Reading;
-- "! doubt": refused. Schema: postgres_schema.sql and postgres_writes_schema.sql; tags: tests/integration/test_witness_writes.py.

insert into care.visit (id, memo) values (1, 'x')
= insert care.visit | fires_triggers unregistered_code

insert into care.visit (id, memo) values (1, 'x'), (2, default)
= insert care.visit | fires_triggers unregistered_code

insert into care.visit default values
= insert care.visit | fires_triggers unregistered_code

insert into care.visit (id, memo) select id, passport from care.member
! launders

insert into care.visit (id, memo) select id, plan from care.member
= insert care.visit, read care.member | fires_triggers unregistered_code

insert into care.visit (id, memo) select id, 'a' from care.member where passport like 'A%'
= insert care.visit, read care.member | fires_triggers predicate_on_protected unregistered_code

insert into care.visit (id, memo) select id, m::text from care.member m
! launders

insert into care.visit (id, memo) select id, to_jsonb(m)->>'passport' from care.member m
! launders

insert into care.visit (id, memo) values (1, (select passport from care.member limit 1))
! launders

insert into care.visit (id, memo) values (1, 'a'), (2, (select passport from care.member limit 1))
! launders

insert into care.visit (id, memo) select 1, x from care.member m, lateral (select m.passport as x) s
! launders

insert into care.visit (id, memo) select id, coalesce(v.memo, m.passport) from care.visit v join care.member m using (id)
! launders

insert into care.visit (id, memo) select id, memo from care.visit union select id, mail from care.member
! launders

insert into care.visit (id, memo) select id, memo from care.visit except select id, passport from care.member
! launders

insert into care.visit (fee) select rank() over (order by income) from care.member
! launders

insert into care.visit (fee) select row_number() over (partition by passport) from care.member
! launders

insert into care.visit (fee) select count(*) from care.member group by income
! launders

insert into care.visit (fee) select count(*) from care.member group by plan
= insert care.visit, read care.member | fires_triggers unregistered_code

insert into care.visit (fee) select count(*) from care.member
= insert care.visit, read care.member | fires_triggers unregistered_code

insert into care.visit (fee) select count(*) filter (where income > 5) from care.member
! launders

insert into care.visit (memo) select string_agg('x', '' order by passport) from care.member
! launders

insert into care.visit (memo) select case when passport > 'M' then 'late' else 'early' end from care.member
! launders

insert into care.visit (memo) select 'x' from care.member order by passport limit 1
! launders

insert into care.visit (memo) select 'x' from care.member limit (select length(passport) from care.member limit 1)
! launders

with recursive t(a, b, c) as (select passport, 'y'::text, 'z'::text from care.member where passport is not null union all select c, a, b from t where a is not null) insert into care.visit (memo) select c from t
! launders

with recursive t(n) as (select 1 union all select n + 1 from t where n < 3) insert into care.empty (a) select n from t
= insert care.empty

with x as (select passport as p from care.member where passport is not null) insert into care.visit (memo) select p from x
! launders

with x as (select id from care.member where passport like 'A%') insert into care.visit (member_id) select id from x
= insert care.visit, read care.member | fires_triggers predicate_on_protected unregistered_code

with d as (delete from care.visit where id = 1 returning memo) insert into care.log (line) select memo from d
= delete care.visit, insert care.log, read care.visit | fires_triggers unregistered_code

with d as (delete from care.member where id = 1 returning passport) insert into care.visit (memo) select passport from d
! launders

with d as (delete from care.member where id = 1 returning id) insert into care.visit (member_id) select id from d
= delete care.member, delete care.visit, insert care.visit, read care.member | cascades fires_triggers unregistered_code

with u as (update care.visit set fee = fee + 1 returning id) select count(*) from u
= read care.visit, update care.visit | fires_triggers no_where unregistered_code

with i as (insert into care.empty (a) values (1) returning a) update care.visit set fee = i.a from i where visit.id = i.a
= insert care.empty, read care.empty, update care.visit | fires_triggers unregistered_code

with x as (select passport from care.member) update care.visit set fee = 1
! launders

insert into care.member (id, plan, mail) values (1, 'gold', 'a@b.test')
= insert care.member | assigns_protected tells_of_protected

insert into care.member (id, mail) select id + 1000, mail from care.member where id = 1
= insert care.member, read care.member | assigns_protected predicate_on_protected tells_of_protected

insert into care.member (id, mail) select id + 1000, passport from care.member
! launders

insert into care.member (id, passport) values (1, 'x') on conflict (passport) do nothing
= insert care.member | assigns_protected predicate_on_protected tells_of_protected

insert into care.member (id, passport) values (1, 'x') on conflict (id) do update set passport = excluded.passport
= insert care.member, read care.member, update care.member | assigns_protected predicate_on_protected tells_of_protected

insert into care.member (id, passport) values (1, 'x') on conflict (id) do update set plan = excluded.passport
! launders

insert into care.member (id, passport) values (1, 'x') on conflict (id) do update set plan = 'gold' where member.passport = 'y'
= insert care.member, read care.member, update care.member | assigns_protected predicate_on_protected tells_of_protected

insert into care.member (id, passport) values (1, 'x') on conflict (id) do update set plan = member.passport
! launders

insert into care.member (id, mail) values (1, 'x') on conflict (lower(mail)) do nothing
= insert care.member | assigns_protected predicate_on_protected tells_of_protected

insert into care.visit (id, fee) values (1, 2) on conflict (id) do update set fee = excluded.fee + visit.fee
= insert care.visit, read care.visit, update care.visit | fires_triggers unregistered_code

insert into care.visit (id, fee) values (1, 2) on conflict (id) do nothing
= insert care.visit | fires_triggers unregistered_code

insert into care.member (id, plan) values (1, 'x') returning id, plan
= insert care.member, read care.member | tells_of_protected

insert into care.member (id, plan) values (1, 'x') returning *
! protected

insert into care.member (id, plan) values (1, 'x') returning mail_low
! protected

insert into care.member (id, plan) values (1, 'x') returning (select max(passport) from care.member)
! protected

insert into care.member (id, plan) values (1, 'x') returning member
! protected

insert into care.member (id, plan) values (1, 'x') returning ctid
! protected

insert into care.visit (id) values (1) returning *, tableoid::regclass
= insert care.visit, read care.visit | fires_triggers unregistered_code

insert into care.numbered (memo) values (default) returning id
= insert care.numbered, read care.numbered

insert into care.numbered (id) overriding system value values (7)
= insert care.numbered

insert into care.log (line) values (nextval('care.numbers'))
= insert care.log, update care.numbers

insert into care.log (line) values (setval('care.numbers', 5))
! function

insert into care.log (line) values (care.card_of(1))
! function

insert into care.log (line) values (current_setting('app.key'))
! function

insert into care.offices (id, region) values (1, 'n')
= insert care.office, insert care.offices, read care.offices | via_view

insert into care.both (id, code) values (1, 'n')
= insert care.both | fires_triggers unregistered_code via_view

insert into care.mails (id, mail) values (1, 'x')
= insert care.mails, insert care.member, read care.mails | assigns_protected tells_of_protected via_view

insert into care.ruled (id, text) values (1, 'x')
= insert care.log, insert care.ruled, read care.ruled | fires_rules

insert into care.event values ('2024-02-01', 'a')
= insert care.event, insert care.event_1, insert care.event_2 | fires_triggers unregistered_code

insert into pg_catalog.pg_class (relname) values ('x')
! catalog

insert into care.mv values (1, 2)
! closed

update care.visit set memo = 'x'
= update care.visit | fires_triggers no_where unregistered_code

update care.visit set memo = 'x' where true
= update care.visit | all_rows fires_triggers unregistered_code

update care.visit set memo = 'x' where id = 1 or 1 = 1
= update care.visit | all_rows fires_triggers unregistered_code

update care.visit set memo = m.passport from care.member m where m.id = member_id
! launders

update care.visit set memo = 'x' from care.member m where m.id = member_id and m.passport = 'y'
= read care.member, update care.visit | fires_triggers predicate_on_protected unregistered_code

update care.visit set memo = (select passport from care.member m where m.id = member_id)
! launders

update care.visit set memo = (select count(*)::text from (select 1 from care.member where passport like 'A%') s)
! launders

with x as (select 1 from care.member where passport like 'A%') update care.visit set memo = (select count(*)::text from x)
! launders

update care.visit set memo = case when exists (select from care.member where passport = 'y') then 'a' end
! launders

update care.visit set (fee, memo) = (select 1, passport from care.member limit 1)
! launders

update care.visit set (fee, memo) = (select 1, plan from care.member limit 1)
= read care.member, update care.visit | fires_triggers no_where unregistered_code

update care.visit set memo = default where id = 1
= update care.visit | fires_triggers unregistered_code

update care.visit set codes[1] = 7 where id = 1
= update care.visit | fires_triggers unregistered_code

update care.visit set fee = fee * 1.1 where at < now() returning id, fee
= read care.visit, update care.visit | fires_triggers unregistered_code

update care.member set mail = lower(mail)
= update care.member | assigns_protected no_where predicate_on_protected tells_of_protected

update care.member set mail = passport where id = 1
! launders

update care.member set plan = mail where id = 1
! launders

update care.member set plan = 'gold' where mail = 'a@b.test'
= update care.member | predicate_on_protected

update care.member set mail = 'x' where id = 1
= update care.member | assigns_protected tells_of_protected

update care.member set mail = $1 where id = $2
= update care.member | assigns_protected tells_of_protected

update care.member set prefs['a'] = '1' where id = 1
= update care.member | assigns_protected predicate_on_protected

update care.member set prefs = prefs - 'a' where id = 1
= update care.member | assigns_protected predicate_on_protected

update care.member set plan = prefs->>'plan' where id = 1
! launders

update care.member set passport = default where id = 1
= update care.member | assigns_protected tells_of_protected

update care.member set plan = 'x' where id = 1 returning mail
! protected

update care.member set plan = 'x' where id = 1 returning plan || id
= read care.member, update care.member

update care.member set plan = 'x' where setval('care.numbers', income::int) > 0
! function

update care.members set mail = 'x' where id = 1
= read care.members, update care.member, update care.members | assigns_protected tells_of_protected via_view

update care.mails set plan = mail
! launders

update care.region set code = 'x' where id = 1
= update care.chain, update care.office, update care.region | cascades

update care.region set id = 2 where id = 1
= update care.region

update care.early set b = 1 where id = 1
= update care.early, update care.late | cascades fires_triggers unregistered_code

update care.event set kind = 'x' where at = '2024-02-01'
= update care.event, update care.event_1, update care.event_2

update care.event set at = '2025-02-01' where kind = 'x'
= delete care.event_1, delete care.event_2, insert care.event_1, insert care.event_2, update care.event, update care.event_1, update care.event_2 | fires_triggers unregistered_code

update only care.parent set kind = 'x'
= update care.child, update care.parent | no_where

update care.copying set line = 'x' where id = 1
! launders

update care.tenant set secret = 'x' where id = 1
= update care.tenant | row_policy

delete from care.member
= delete care.member, delete care.visit | cascades fires_triggers no_where unregistered_code

delete from care.member where passport = 'x'
= delete care.member, delete care.visit | cascades fires_triggers predicate_on_protected unregistered_code

delete from care.visit using care.member m where m.id = member_id and m.mail like '%x'
= delete care.visit, read care.member | fires_triggers predicate_on_protected unregistered_code

delete from care.visit using care.member m where m.id = member_id and m.plan = 'x' returning visit.id, m.plan
= delete care.visit, read care.member, read care.visit | fires_triggers unregistered_code

delete from care.visit using care.member m where m.id = member_id returning m.mail
! protected

delete from care.region where id = 1
= delete care.region, delete care.sign, update care.office | cascades

delete from care.office where id = 1
= delete care.office, update care.desk | cascades fires_triggers unregistered_code

delete from care.offices where id = 1
= delete care.office, delete care.offices, read care.offices, update care.desk | cascades fires_triggers unregistered_code via_view

delete from care.event where at < '2024-06-01'
= delete care.event, delete care.event_1, delete care.event_2

delete from care.visit where id in (select id from care.member where income > 5)
= delete care.visit, read care.member | fires_triggers predicate_on_protected unregistered_code

delete from only care.parent where id = 1
= delete care.child, delete care.parent

merge into care.visit v using care.member m on m.id = v.member_id when matched then update set memo = m.passport
! launders

merge into care.visit v using care.member m on m.id = v.member_id when matched then update set memo = m.plan
= read care.member, update care.visit | fires_triggers unregistered_code

merge into care.visit v using care.member m on m.id = v.member_id when matched and m.passport = 'x' then delete
= delete care.visit, read care.member | fires_triggers predicate_on_protected unregistered_code

merge into care.visit v using (select id, passport as p from care.member) s on s.p = v.memo when matched then update set fee = 1
= read care.member, update care.visit | fires_triggers predicate_on_protected unregistered_code

merge into care.visit v using care.empty e on e.a = v.id when not matched then insert (id, memo) values (e.a, e.b) when matched then do nothing
= insert care.visit, read care.empty | fires_triggers unregistered_code

merge into care.visit v using (select id, passport as p from care.member) s on s.id = v.id when not matched then insert (id, memo) values (s.id, s.p)
! launders

merge into care.member m using care.empty e on e.a = m.id when matched then update set mail = e.b when not matched then insert (id, mail) values (e.a, e.b)
= insert care.member, read care.empty, update care.member | assigns_protected tells_of_protected

merge into care.member m using care.empty e on e.a = m.id when matched then update set plan = m.passport
! launders

merge into care.office o using care.empty e on e.a = o.id when matched then delete
= delete care.office, read care.empty, update care.desk | cascades fires_triggers unregistered_code

select id from care.visit where id = 1 for update
= read care.visit, update care.visit | locks_rows

select mail from care.member where id = 1 for update
! protected

-- rows that come back are chosen or ordered by protected values: more than the one bit that people decide on
select id from care.member where mail = 'x' for share
! protected

select id from care.member order by income for update
! protected

select id from care.member order by income limit 1 for no key update
! protected

select distinct on (plan) id from (select * from care.member for share) m order by plan, income
! launders

select v.id from care.visit v join care.member m on m.id = v.member_id and m.born > '1990-01-01' for update of v
! protected

select v.id from care.visit v where exists (select from care.member m where m.id = v.member_id and m.income > 9) for share
! protected

update care.member set plan = 'x' where income > 9 returning id
! protected

update care.visit set fee = 1 where (select income > 9 from care.member where id = 1) returning id
! protected

delete from care.visit using care.member m where m.id = member_id and m.note ~ 'x' returning visit.id
! protected

with u as (update care.visit set fee = 1 where id = 1) select id from care.member where income > 9
! protected

with u as (update care.member set plan = 'x' where income > 9) select id from care.empty e(id)
! protected

with u as (update care.visit set fee = 1 where id = 1) select id from care.member order by income
! protected

with u as (update care.visit set fee = 1 where id = 1) select 1 from care.member group by income
! protected

insert into care.member (id, passport) values (1, 'x'), (2, 'y') on conflict (passport) do nothing returning id
! protected

insert into care.member (id, passport) values (1, 'x'), (2, 'y') on conflict do nothing returning id
! protected

insert into care.member (id, passport) values (1, 'x') on conflict (id) do update set plan = 'y' returning id
= insert care.member, read care.member, update care.member | assigns_protected tells_of_protected

insert into care.member (id, passport) values (1, 'x') returning id
= insert care.member, read care.member | assigns_protected tells_of_protected

update care.member set note = lower(note) where id = 1 returning id
= read care.member, update care.member | assigns_protected predicate_on_protected

update care.member set plan = 'x' where income > 9
= update care.member | predicate_on_protected

select v.id from care.visit v, care.member m where v.member_id = m.id for update of v
= read care.member, read care.visit, update care.member, update care.visit | locks_rows

create table care.taken as select passport from care.member
! launders

create table care.taken as select id from care.visit
= define care.taken, read care.visit

select passport into care.taken from care.member
! launders

create view care.seen as select passport from care.member
= define care.seen, read care.member | tags_must_be_reviewed

create materialized view care.seen as select id, plan from care.member
= define care.seen, read care.member | tags_must_be_reviewed

refresh materialized view care.mv
! closed

truncate care.visit
= delete care.visit | locks_table no_where uncounted

truncate care.member cascade
= delete care.member, delete care.visit | cascades locks_table no_where tags_must_be_reviewed uncounted

insert into care.mails (id, mail) values (1, 'x') returning mail
! protected

update care.members set plan = mail where id = 1
! launders

update care.members set plan = 'x' where mail = 'y'
= read care.members, update care.member, update care.members | predicate_on_protected via_view

delete from care.members where mail = 'y'
= delete care.member, delete care.members, delete care.visit, read care.members | cascades fires_triggers predicate_on_protected unregistered_code via_view

update care.members m set plan = v.memo from care.visit v where v.id = m.id
= read care.members, read care.visit, update care.member, update care.members | via_view

with recursive t(a, b) as (select id, passport from care.member where passport is not null union all select a + 1, b from t where a < 3) insert into care.visit (id) select a from t
! launders

insert into care.visit (memo) select memo from (select memo, row_number() over (order by id) as n from care.visit) s where n < 3
= insert care.visit, read care.visit | fires_triggers unregistered_code

insert into care.visit (fee) select n from (select rank() over w as n from care.member window w as (order by income)) s
! launders

insert into care.visit (fee) select avg(x) from (select count(*) as x from care.member group by passport) s
! launders

insert into care.visit (memo) select x.v from care.member m, jsonb_each_text(m.prefs) as x(k, v)
! launders

insert into care.visit (memo) select unnest(string_to_array(passport, '')) from care.member
! launders

insert into care.visit (memo) select c.t from care.member m cross join lateral (values (m.note)) c(t)
! launders

insert into care.visit (memo) select (m).passport from care.member m
! launders

insert into care.visit (memo) select passport(m) from care.member m
! launders

insert into care.visit (id, memo) select v.id, m.mail from care.visit v natural join care.member m
! launders

insert into care.visit (memo) select max(plan) from care.member having max(passport) > 'x'
= insert care.visit, read care.member | fires_triggers predicate_on_protected unregistered_code

insert into care.visit (memo) select distinct on (passport) plan from care.member
! launders

insert into care.visit (id, memo) table care.log
= insert care.visit, read care.log | fires_triggers unregistered_code

insert into care.log (line) select memo from care.visit where exists (select from care.member m where m.id = member_id and m.income > 5)
= insert care.log, read care.member, read care.visit | predicate_on_protected

create table care.taken as select id, plan from care.member
= define care.taken, read care.member | tags_must_be_reviewed

create table care.taken as select id from care.member where passport like 'A%'
! launders

create table care.taken as select m from care.member m
! launders

create table care.taken as select passport(m) from care.member m
! launders

create table care.taken as with member as (select id from care.visit) select * from member
= define care.taken, read care.visit

create table care.taken as with d as (delete from care.visit returning id) select * from d
! unknown

create table care.taken as select setval('care.numbers', 5)
! function

create table care.taken as select care.card_of(id) from care.visit
! function

create table care.taken as table care.visit with no data
= define care.taken, read care.visit

create table care.taken as values (1, 'as'), (2, 'with')
= define care.taken

create table if not exists care.taken (x, "as") as select id, memo as "with" from care.visit as v where memo <> ' as select 1'
= define care.taken, read care.visit

create temp table taken as select id from care.visit
= control CreateTableAs, control taken

create unlogged table care.taken as (select id from care.visit union all select a from care.empty) with data
= define care.taken, read care.empty, read care.visit

select id, plan into care.taken from care.member
= define care.taken, read care.member | tags_must_be_reviewed

select * into unlogged table care.taken from care.visit where memo = 'into x'
= define care.taken, read care.visit

select mail into care.taken from care.members
! launders

select 1 into temp taken
= control IntoClause, control taken

create view care.seen as select id, memo from care.visit where fee > 3 with check option
= define care.seen, read care.visit

create or replace view care.plain as select id, fee from care.visit
= define care.plain, read care.visit

create view care.seen (a, b) with (security_barrier) as select id, memo from care.visit
= define care.seen, read care.visit

create recursive view care.seen (n) as select 1 union all select n + 1 from seen where n < 5
= define care.seen

create view care.seen as select care.age_band(now()::date)
! function

create view care.seen as select * from pg_catalog.pg_authid
! catalog

create view care.seen as select id from care.visit for update
! unknown

create materialized view care.seen as select id, fee from care.visit
= define care.seen, read care.visit

create materialized view care.seen as select max(income) as top from care.member
! launders

create schema annex
= define annex

create schema annex create table t (id int) grant select on t to public
! unknown

create schema annex authorization postgres
= control CreateSchema, control annex

grant select on care.visit to public
= control Grant, control care.visit

grant select on all tables in schema care to someone
! closed

grant select on care.visit to someone
= grant care.visit

grant select (id, memo) on care.visit to someone with grant option
= grant care.visit

grant select on care.member to assent_views
! unknown

grant insert on care.visit to current_user
! unknown

revoke select on care.visit from someone
= grant care.visit

revoke select on care.visit from public
= control Grant, control care.visit

grant usage on schema care to someone
= grant care

grant someone to other
= control GrantRole, control other, control someone

alter default privileges in schema care grant select on tables to someone
= control AlterDefaultPrivileges

alter table care.member alter column mail_low drop expression
! launders

alter table care.event detach partition care.event_1
= define care.event, read care.event_1 | locks_table

alter table care.child no inherit care.parent
= define care.child, read care.parent | locks_table

alter table care.visit add column extra text
= define care.visit | locks_table

alter table care.visit add column extra text default pg_read_file('/etc/passwd')
! function

alter table care.visit add column extra text default care.card_of(1)
! function

alter table care.visit add column extra text default lower('X')
= define care.visit | locks_table

alter table care.visit alter column memo type varchar(20) using substr(memo, 1, 20)
= define care.visit | locks_table

alter table care.member alter column plan type text using passport
! launders

alter table care.member add check (passport > 'M')
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed

alter table care.member add column loud text generated always as (upper(passport)) stored
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed

alter table care.visit add foreign key (memo) references care.member (passport)
= define care.visit, read care.member | locks_table predicate_on_protected tags_must_be_reviewed

alter table care.visit disable trigger all
= control AlterTable, control care.visit

alter table care.visit disable row level security
= control AlterTable, control care.visit

alter table care.visit enable always trigger changed
= control AlterTable, control care.visit

alter table care.visit owner to someone
= control AlterTable, control care.visit

alter table care.visit set (fillfactor = 50)
= control AlterTable, control care.visit

alter table care.visit drop column memo cascade
= define care.visit | locks_table

alter table care.member rename column passport to plain
= define care.member | locks_table tags_must_be_reviewed

alter table care.visit rename to visits_2
= define care.visit | locks_table

alter table care.visit set schema public
= define care.visit | locks_table

alter table care.nobody add column a int
! missing

create index on care.visit (memo)
= define care.visit | locks_table

create index concurrently on care.visit (memo)
= control Index, control care.visit | not_transactional

create unique index on care.member (plan, passport)
= define care.member | locks_table predicate_on_protected tags_must_be_reviewed

create index on care.visit (care.age_band(at::date))
! function

create table care.taken (like care.member including all)
= define care.taken, read care.member | predicate_on_protected tags_must_be_reviewed

create table care.taken (id int primary key, memo text not null default 'x')
= define care.taken

create table care.taken () inherits (care.member)
= define care.taken, read care.member | predicate_on_protected tags_must_be_reviewed

create table care.taken partition of care.event for values from ('2026-01-01') to ('2027-01-01')
= define care.taken, read care.event

create table care.taken (id int default nextval('care.numbers'))
= define care.taken

create table care.taken (id int check (care.card_of(id) = 'x'))
! function

truncate care.parent
= delete care.child, delete care.parent | locks_table no_where uncounted

truncate only care.event_1
= delete care.event_1 | locks_table no_where uncounted

truncate care.numbered restart identity
= delete care.numbered, update care.numbered_id_seq | locks_table no_where uncounted

truncate care.region cascade
= delete care.chain, delete care.desk, delete care.office, delete care.region, delete care.sign | cascades locks_table no_where uncounted

drop table care.log
= define care.log, define care.log_id_seq | locks_table

drop table care.member cascade
! closed

drop view care.plain
= define care.plain | locks_table

drop index concurrently care.nothing
= control Drop, control care.nothing | not_transactional

drop function care.age_band(date)
= define care.age_band | locks_table replaces_code

drop extension plpgsql
= control Drop, control plpgsql

drop role someone
= control DropRole, control someone

drop owned by someone
= control DropOwned, control someone

create function care.f() returns int language sql as 'select 1'
= define care.f | replaces_code

create or replace function care.f() returns text language sql begin atomic select max(passport) from care.member; end
! launders

create procedure care.p() language plpgsql as 'begin end'
= define care.p | replaces_code

alter function care.age_band(date) security definer
= define care.age_band | replaces_code

create trigger t after insert on care.visit for each row execute function care.log_change()
= define care.visit | locks_table replaces_code

create trigger t after update on care.member for each row when (old.passport <> new.passport) execute function care.log_change()
! launders

create rule r as on insert to care.visit do also insert into care.log (line) select passport from care.member
! launders

create policy p on care.visit using (exists (select from care.member m where m.id = member_id and m.income > 5))
! launders

create policy p on care.visit using (fee > 0)
= define care.visit | replaces_code

copy care.visit from stdin
= control Copy, control care.visit

copy (select passport from care.member) to program 'sh'
= control Copy | not_transactional

do $$ begin delete from care.visit; end $$
= control Do | not_transactional

call care.tidy()
! function

refresh materialized view concurrently care.mv
! closed

comment on column care.member.passport is 'secret'
= define care.member | tags_must_be_reviewed

vacuum full care.visit
= control Vacuum, control care.visit | not_transactional

analyze care.member
= control Vacuum, control care.member | not_transactional

cluster care.visit
= control Cluster, control care.visit

reindex table care.visit
= control Reindex, control care.visit | not_transactional

lock table care.visit in exclusive mode
= control Lock, control care.visit

set role postgres
= control VariableSet, control role

set local transaction_read_only = off
= control VariableSet, control transaction_read_only

begin
= control Transaction | not_transactional

commit
= control Transaction | not_transactional

savepoint x
= control Transaction | not_transactional

prepare transaction 'x'
= control Transaction | not_transactional

prepare p as delete from care.visit
= control Prepare, control p | not_transactional

execute p
= control Execute, control p | not_transactional

declare c cursor with hold for select 1
= control DeclareCursor, control c

listen a
= control Listen, control a

notify a, 'x'
= control Notify, control a

discard all
= control Discard | not_transactional

load 'auto_explain'
= control Load, control auto_explain | not_transactional

checkpoint
= control CheckPoint | not_transactional

alter system set work_mem = '1GB'
= control AlterSystem, control work_mem | not_transactional

create extension dblink
= control CreateExtension, control dblink

create role r login
= control CreateRole, control r

create database d
= control Createdb, control d | not_transactional

create publication p for all tables
= control CreatePublication, control p

create subscription s connection 'host=x' publication p
= control CreateSubscription, control s | not_transactional

create server s foreign data wrapper w
= control CreateForeignServer, control s

create event trigger e on ddl_command_start execute function care.log_change()
= control CreateEventTrig, control e

create cast (text as int) with inout
= control CreateCast, control pg_catalog.int4, control text

security label on table care.visit is 'x'
= control SecLabel, control care.visit

reassign owned by a to b
= control ReassignOwned, control a, control b

explain analyze create table care.taken as select 1
! unknown

insert into care.member (id, mail) values (1, '***')
! protected

insert into care.member (id, passport) values (1, '***1234'), (2, 'x')
! protected

update care.member set mail = '***@b.c' where id = 1
! protected

update care.member set mail = lower('***') where id = 1
! protected

update care.member set mail = 'new' where mail = '***'
! protected

update care.member set mail = '*** see note ***' where id = 1
= update care.member | assigns_protected tells_of_protected

update care.visit set memo = '***' where id = 1
= update care.visit | fires_triggers unregistered_code

insert into care.member (id, mail) values (1, '***') on conflict (id) do update set mail = excluded.mail
! protected

merge into care.member m using care.empty e on e.a = m.id when matched then update set mail = '***'
! protected



drop table care.visit cascade
= define care.plain, define care.visit, define care.visits | cascades locks_table

drop table care.visit, care.empty
= define care.empty, define care.visit | locks_table

drop table if exists care.gone
= define care.gone | locks_table

drop table if exists care.gone, care.empty
= define care.empty, define care.gone | locks_table

drop table if exists gone
= define care.gone | locks_table

drop table care.gone
! missing

drop table care.event
= define care.event, define care.event_1, define care.event_2 | locks_table

drop table care.event_1
= define care.event_1 | locks_table

drop table care.parent cascade
= define care.child, define care.parent | cascades locks_table

drop table care.region cascade
= define care.both, define care.chain, define care.office, define care.region, define care.sign | cascades locks_table

drop table care.office
= define care.office | locks_table

drop table care."Odd name"
= define care.Odd name | locks_table

drop table care.mv
! closed

drop table pg_catalog.pg_class cascade
! catalog

drop view care.visits
= define care.visits | locks_table

drop view care.plain cascade
= define care.plain | locks_table

drop view care.members
= define care.members | locks_table tags_must_be_reviewed

drop view care.mails cascade
= define care.mails | locks_table tags_must_be_reviewed

drop view if exists care.gone
= define care.gone | locks_table

drop view care.offices, care.both
= define care.both, define care.offices | locks_table

drop materialized view care.mv
! closed

drop index care.member_passport_idx
= define care.member, define care.member_passport_idx | locks_table tags_must_be_reviewed

drop index care.region_code_key
= define care.region, define care.region_code_key | locks_table

drop index if exists care.gone_idx
= define care.gone_idx | locks_table

drop index concurrently care.region_code_key
= control Drop, control care.region_code_key | not_transactional

drop sequence care.numbers
= define care.numbers | locks_table

drop sequence care.numbers cascade
= define care.numbers | locks_table

drop sequence care.gone
! missing

drop type care.mood
= define care.mood | locks_table

drop type care.mood cascade
= define care.member, define care.mood | cascades locks_table tags_must_be_reviewed

drop type if exists care.gone cascade
= define care.gone | locks_table

drop domain care.small
= define care.small | locks_table

drop domain care.small cascade
= define care.small, define care.visit | cascades locks_table

drop function care.note_desk() cascade
= define care.both, define care.desk, define care.early, define care.event_2, define care.note_desk | cascades locks_table replaces_code

drop function care.log_change cascade
= define care.log_change, define care.visit | cascades locks_table replaces_code

drop function if exists care.gone(int)
= define care.gone | locks_table replaces_code

drop function care.gone(int)
! missing

drop procedure care.tidy()
= define care.tidy | locks_table replaces_code

drop routine care.tidy
= define care.tidy | locks_table replaces_code

drop trigger changed on care.visit
= define care.visit | locks_table replaces_code

drop trigger if exists gone on care.visit
= define care.visit | locks_table replaces_code

drop trigger changed on care.gone
! missing

drop rule copied on care.ruled
= define care.ruled | locks_table replaces_code

drop policy mine on care.tenant
= define care.tenant | locks_table replaces_code

drop schema care
= define care, define care.event_1, define care.event_2, define care.log_id_seq, define care.numbered_id_seq | locks_table

drop schema care cascade
! closed

drop schema if exists gone cascade
= define gone | locks_table

drop statistics care.gone
! missing

alter table care.visit drop column fee cascade
= define care.plain, define care.visit, define care.visits | cascades locks_table

alter table care.visit drop column memo
= define care.visit | locks_table

alter table care.visit drop column if exists gone cascade
= define care.visit | locks_table

alter table care.region drop constraint region_code_key cascade
= define care.chain, define care.office, define care.region | cascades locks_table

alter table care.office drop constraint office_pkey cascade, drop column region
= define care.both, define care.desk, define care.office, define care.offices | cascades locks_table

alter table care.member drop column plan cascade
= define care.mails, define care.member, define care.members, define care.visits | cascades locks_table predicate_on_protected tags_must_be_reviewed

alter table if exists care.gone add column a int
= define care.gone | locks_table

alter table if exists care.gone rename to went
= define care.gone | locks_table

alter table care.visit add column extra int, drop column fee cascade
= define care.plain, define care.visit, define care.visits | cascades locks_table

alter table care.empty rename to full_one
= define care.empty | locks_table

alter table care.empty rename column a to aa
= define care.empty | locks_table

alter table care.office rename constraint office_pkey to office_key
= define care.office | locks_table

alter view care.plain rename to plainer
= define care.plain | locks_table

alter view care.plain rename column fee to price
= define care.plain | locks_table

alter view if exists care.gone rename to went
= define care.gone | locks_table

alter index care.region_code_key rename to region_code
= define care.region, define care.region_code_key | locks_table

alter sequence care.numbers rename to figures
= define care.numbers | locks_table

alter type care.mood rename to feeling
= define care.mood | locks_table

alter type care.mood rename value 'ok' to 'fine'
= define care.mood

alter domain care.small rename to little
= define care.small | locks_table

alter domain care.small rename constraint small_check to small_one
= define care.small | locks_table

alter function care.age_band(date) rename to band
= define care.age_band | locks_table replaces_code

alter procedure care.tidy() rename to clean
= define care.tidy | locks_table replaces_code

alter routine care.tidy() rename to clean
= define care.tidy | locks_table replaces_code

alter trigger changed on care.visit rename to altered
= define care.visit | locks_table replaces_code

alter trigger desked on care.desk rename to altered
= define care.desk | locks_table replaces_code

alter rule copied on care.ruled rename to copies
= define care.ruled | locks_table replaces_code

alter policy mine on care.tenant rename to ours
= define care.tenant | locks_table replaces_code

alter policy mine on care.gone rename to ours
! missing

alter schema care rename to cure
! closed

alter schema pg_catalog rename to x
! catalog

alter role someone rename to nobody
= control Rename, control someone

alter database postgres rename to other
= control Rename, control postgres

alter language plpgsql rename to pl
= control Rename, control plpgsql

alter table care.empty set schema public
= define care.empty | locks_table

alter view care.plain set schema public
= define care.plain | locks_table

alter sequence care.numbers set schema public
= define care.numbers | locks_table

alter type care.mood set schema public
= define care.mood | locks_table

alter domain care.small set schema public
= define care.small | locks_table

alter function care.age_band(date) set schema public
= define care.age_band | locks_table replaces_code

alter table care.member set schema public
= define care.member | locks_table tags_must_be_reviewed

alter table care.empty set schema pg_catalog
! catalog

alter table if exists care.gone set schema public
= define care.gone | locks_table

alter extension plpgsql set schema public
= control AlterObjectSchema, control plpgsql

grant insert, update on all tables in schema care to someone with grant option
! closed

revoke all on all tables in schema care from someone
! closed

revoke all on all tables in schema care from someone cascade
! closed

grant usage on all sequences in schema care to someone
= grant care, grant care.log_id_seq, grant care.numbered_id_seq, grant care.numbers

grant execute on all functions in schema care to someone
= grant care, grant care.age_band, grant care.card_of, grant care.log_change, grant care.note_desk | replaces_code

grant execute on all procedures in schema care to someone
= grant care, grant care.tidy | replaces_code

grant execute on all routines in schema care to someone
= grant care, grant care.age_band, grant care.card_of, grant care.log_change, grant care.note_desk, grant care.tidy | replaces_code

grant select on all tables in schema pg_catalog to someone
! catalog

grant select on all tables in schema care to public
= control Grant, control care

grant select on all tables in schema public, care to someone
! closed

create recursive view care.counted (n) as values (1) union all select n + 1 from counted where n < 5
= define care.counted

create or replace recursive view care.counted (n, m) as select 1, 'as' union all select n + 1, m from counted where n < 5
= define care.counted

create recursive view care.walked (id, boss) as select id, passport from care.member union all select w.id, w.boss from walked w where w.id < 0
= define care.walked, read care.member | predicate_on_protected tags_must_be_reviewed

create recursive view counted (n) as select 1
= define care.counted

create temp recursive view counted (n) as select 1
= control View, control counted

copy care.visit to stdout
= control Copy, control care.visit

copy (select passport from care.member) to '/tmp/x'
= control Copy | not_transactional

copy care.visit from program 'echo'
= control Copy, control care.visit | not_transactional

vacuum care.visit
= control Vacuum, control care.visit | not_transactional

analyze care.visit
= control Vacuum, control care.visit | not_transactional

create role r
= control CreateRole, control r

reassign owned by someone to other
= control ReassignOwned, control other, control someone

alter system set work_mem = '1MB'
= control AlterSystem, control work_mem | not_transactional

set constraints all immediate
= control ConstraintsSet

set local role someone
= control VariableSet, control role

notify care, 'x'
= control Notify, control care

listen care
= control Listen, control care

prepare p as select 1
= control Prepare, control p | not_transactional

deallocate p
= control Deallocate, control p | not_transactional

declare c cursor for select 1
= control DeclareCursor, control c

create publication p for table care.visit
= control CreatePublication, control p

alter publication p add table care.visit
= control AlterPublication, control p

drop publication p
= control Drop, control p

create subscription s connection '' publication p
= control CreateSubscription, control s | not_transactional

create event trigger e on ddl_command_end execute function care.note_desk()
= control CreateEventTrig, control e

drop event trigger e
= control Drop, control e

create extension hstore
= control CreateExtension, control hstore

create cast (care.mood as int) with function care.age_band(date)
= control CreateCast, control care.mood, control pg_catalog.int4

create aggregate care.total (int) (sfunc = int4pl, stype = int)
= control Define, control care.total

create tablespace t location '/tmp'
= control CreateTableSpace, control t | not_transactional

import foreign schema s from server f into care
= control ImportForeignSchema, control f

delete from care.kept where id = 1
= delete care.kept | fires_rules

delete from care.kept
= delete care.kept | fires_rules no_where

with x as (select 1) delete from care.kept
= delete care.kept | fires_rules no_where

with x as (delete from care.empty returning a) delete from care.kept
! disagree

update care.kept set a = 1
= update care.kept | fires_rules no_where

delete from care.kept where a = (select count(*) from care.mv)
! closed

-- Keys and checks over protected values tell of them by failing, and cascades by how far they go.

insert into care.badge (id, pass) values (1, 'guess')
= insert care.badge | tells_of_protected

insert into care.badge (id, note) values (1, 'x') on conflict (id) do update set note = 'y'
= insert care.badge, read care.badge, update care.badge | tells_of_protected

update care.badge set pass = 'guess' where id = 1
= update care.badge | tells_of_protected

update care.badge set note = 'y' where id = 1
= update care.badge

delete from care.badge where id = 1
= delete care.badge

update care.holder set plan = 'gold' where id = 1
= update care.holder | tells_of_protected

update care.holder set grade = 5 where id = 1
= update care.holder | tells_of_protected

update care.holder set plan = 'b' where id = 1
= update care.holder | tells_of_protected

insert into care.holder (id, plan) values (1, 'a')
= insert care.holder | tells_of_protected

delete from care.holder where id = 1
= delete care.holder | tells_of_protected

delete from care.issued where code = 'guess'
= delete care.holder, delete care.issued | cascades tells_of_protected

update care.issued set code = 'other' where code = 'guess'
= update care.issued | tells_of_protected

update care.issued set note = 'x' where code = 'guess'
= update care.issued

merge into care.badge b using (values (1)) v(id) on b.id = v.id when matched then update set pass = 'guess'
= update care.badge | tells_of_protected

with gone as (delete from care.issued returning code) select count(*) from gone
= delete care.holder, delete care.issued, read care.issued | cascades no_where tells_of_protected

update care.golden set plan = 'b' where id = 1
= read care.golden, update care.golden, update care.holder | predicate_on_protected tells_of_protected via_view

insert into care.golden (id, plan) values (1, 'a')
= insert care.golden, insert care.holder, read care.golden | predicate_on_protected tells_of_protected via_view

-- A sequence keeps its count whatever becomes of the rows.

update care.member set plan = plan where passport > 'm' and nextval('care.numbers') > 0
! launders

update care.member set plan = plan where case when passport > 'm' then nextval('care.numbers') end > 0
! launders

update care.visit set fee = (select nextval('care.numbers') where visit.id > 0) where exists (select from care.member where passport > 'm')
! launders

update care.numbered set id = default where exists (select from care.member where passport > 'm')
! launders

delete from care.holder where pay > 10 returning nextval('care.numbers')
! launders

merge into care.badge b using care.holder h on b.pass = h.pass when matched then update set note = nextval('care.numbers')::text
! launders

insert into care.empty (a) select 1 from care.member, generate_series(1, nextval('care.numbers')) where passport > 'm'
! launders

insert into care.numbered (memo) select 'x' from care.member where passport > 'm'
= insert care.numbered, read care.member | predicate_on_protected

insert into care.log (line) select nextval('care.numbers')::text from care.member where passport > 'm'
! launders

insert into care.log (line) select nextval('care.numbers')::text from care.member
= insert care.log, read care.member, update care.numbers

insert into care.log (line) select 'x' from care.member where passport > 'm'
= insert care.log, read care.member | predicate_on_protected

-- Copies by a join, or by counting: the value that is written or returned holds the protected one.

insert into care.visit (fee) select g from care.member m join generate_series(1, 99) g on g = m.income where m.id = 4
! launders

insert into care.visit (fee) select g * 2 from care.member m, generate_series(1, 99) with ordinality as s(g, n) where s.n = m.income
! launders

insert into care.visit (memo) select v.memo from care.visit v join care.member m on v.memo = m.passport
= insert care.visit, read care.member, read care.visit | fires_triggers predicate_on_protected unregistered_code

insert into care.log (line) select v.memo from care.visit v join care.member m on v.memo = m.passport
! launders

insert into care.visit (memo) select x.b from (values ('a', 'first'), ('b', 'second')) as x(a, b) join care.member m on x.a = m.passport
= insert care.visit, read care.member | fires_triggers predicate_on_protected unregistered_code

insert into care.visit (memo) select x.a from (values ('a', 'first'), ('b', 'second')) as x(a, b) join care.member m on x.a = m.passport
! launders

insert into care.visit (fee) select s.v from (select g as k, g as v from generate_series(1, 99) g) s join care.member m on s.k = m.income
! launders

insert into care.visit (fee) select g from generate_series(1, 99) g where g in (select income from care.member)
! launders

insert into care.visit (fee) select g from generate_series(1, 99) g where exists (select from care.member m where m.income = g)
! launders

insert into care.visit (fee) select g from generate_series(1, 99) g where g = any (array(select income from care.member))
! launders

insert into care.visit (fee) select g from generate_series(1, 99) g limit (select income::int from care.member where id = 4)
! launders

insert into care.visit (fee) select g from generate_series(1, 99) g, care.member m where m.id = 4 order by abs(g - m.income) limit 1
! launders

with recursive t(n) as (select 1 union all select n + 1 from t where n < 99) insert into care.visit (fee) select t.n from t join care.member m on m.income = t.n
! launders

insert into care.visit (fee) select h from generate_series(1, 99) h join generate_series(1, 99) g on g = h join care.member m on m.income = g
! launders

insert into care.visit (fee) select s.g from (select g, g = m.income as hit from generate_series(1, 99) g, care.member m) s where s.hit
! launders

insert into care.visit (fee) select s.g from (select g, row_number() over (order by abs(g - m.income)) as n from generate_series(1, 99) g, care.member m) s where s.n = 1
! launders

insert into care.visit (member_id, fee) select s.id, row_number() over () from (select id from care.member order by income) s
! launders

insert into care.visit (fee) select count(*) from care.member where income > 5
! launders

insert into care.visit (fee) select count(*) from (select 1 from care.member where income > 5) s
! launders

insert into care.visit (member_id) select v.member_id from care.visit v where exists (select from care.member m where m.id = v.member_id and m.income > 5)
= insert care.visit, read care.member, read care.visit | fires_triggers predicate_on_protected unregistered_code

update care.visit set fee = g from care.member m, generate_series(1, 99) g where m.id = member_id and g = m.income
! launders

update care.visit set fee = 1 from care.member m, generate_series(1, 99) g where m.id = member_id and g = m.income returning g
! protected

update care.visit set fee = 1 from care.member m where m.id = member_id and m.income = fee returning fee
! protected

update care.visit set fee = fee + 1 from care.member m where m.id = member_id and m.income > fee
= read care.member, update care.visit | fires_triggers predicate_on_protected unregistered_code

update care.visit set memo = fee::text from care.member m where m.id = member_id and m.income = fee
! launders

update care.member set plan = v.memo from care.visit v where v.member_id = member.id and v.memo = member.passport
! launders

update care.member set mail = v.memo from care.visit v where v.member_id = member.id and v.memo = member.passport
= read care.visit, update care.member | assigns_protected predicate_on_protected tells_of_protected

merge into care.visit v using (select g, m.id from generate_series(1, 99) g join care.member m on m.income = g) s on s.id = v.member_id when matched then update set fee = s.g
! launders

merge into care.visit v using (select m.id, m.plan, m.passport as p from care.member m) s on s.p = v.memo when matched then update set memo = s.plan
= read care.member, update care.visit | fires_triggers predicate_on_protected unregistered_code

with u as (update care.member set plan = 'x' where mail = 'y' returning id) select count(*) from u
! protected

with u as (update care.visit set fee = 1 returning id) select g from generate_series(1, 99) g, care.member m where g = m.income
! protected

select g from generate_series(1, 99) g, care.member m where g = m.income for update of m
! protected

insert into care.log (line) select 'x' from care.member m, generate_series(1, m.income::int) g where m.id = 1 and m.income > 0
! launders

insert into care.log (line) select 'x' from generate_series(1, 1000) limit (select income::int from care.member where id = 1)
! launders

insert into care.log (line) select 'x' from generate_series(1, 1000) g join care.member m on g <= m.income where m.id = 1
! launders

insert into care.log (line) select plan from care.member order by income
! launders

with m as (select plan from care.member order by passport) insert into care.log (line) select plan from m
! launders

insert into care.log (line) select distinct on (income) plan from care.member
! launders

insert into care.log (line) select 'x' from care.member group by passport
! launders

insert into care.log (line) select plan from care.member where passport > 'a'
= insert care.log, read care.member | predicate_on_protected

insert into care.log (line) select plan from care.member where id in (select id from care.member order by income limit 3)
= insert care.log, read care.member | predicate_on_protected

update care.empty set a = nextval(b::regclass)
! function

update care.empty set a = (select sum(nextval(x)) from unnest('{care.numbers}'::regclass[]) x)
! function

update care.holder set pass = m.passport from care.member m where m.id = holder.id
= read care.member, update care.holder | assigns_protected copies_protected predicate_on_protected tells_of_protected

insert into care.holder (id, pass) select id, upper(passport) from care.member
= insert care.holder, read care.member | assigns_protected copies_protected predicate_on_protected tells_of_protected

update care.holder set pass = m.mail from care.member m where m.id = holder.id
! launders

update care.holder set pass = m.passport || m.mail from care.member m where m.id = holder.id
! launders

update care.holder set plan = m.passport from care.member m where m.id = holder.id
! launders

update care.holder set (pass, plan) = (select passport, plan from care.member m where m.id = holder.id)
! launders

update care.holder set pass = m::text from care.member m where m.id = holder.id
! launders

create function care.f2() returns text language sql as $$ select max(passport) from care.member $$
! launders

create function care.f3() returns text language sql as 'select 1; select c.x from care.member as c(a, b, x)'
! launders

create procedure care.p2() language sql as 'insert into care.visit (id, memo) select id, passport from care.member'
! launders

create function care.f4() returns text language sql security definer as e'select m\x61x(p\x61ssport) from care.member'
! launders

create function care.f5() returns bigint language sql as 'with m as (select 1) select count(*) from care.visit, m'
= define care.f5, read care.visit | replaces_code

create function care.f6() returns int language sql as 'delete from care.visit where id = 1 returning 1'
= define care.f6, read care.visit | replaces_code

create function care.f7() returns int language sql as 'this is no sql'
! unknown

create function care.f8() returns int language sql as 'create table care.copy as table care.member; select 1'
! unknown

create function care.f9() returns int language sql as 'select * into care.copy from care.member'
! unknown

create function care.fa() returns text language sql as 'select pg_read_file(''x'')'
! function

create function care.fb() returns int language sql as 'select id from care.nowhere'
! missing

insert into care.log (line) select 'low' from care.member where income < 5 union all select 'high' from care.member where income >= 5
! launders

insert into care.visit (id, fee) select id, k from (select id, 1 as k from care.member where income < 5 union select id, 2 from care.member) m
! launders

update care.visit set fee = (select 1 from care.member where id = 4 and income > 5 union select 2 limit 1)
! launders

insert into care.log (line) select memo from care.visit where fee > 5 union select plan from care.member where id < 3
= insert care.log, read care.member, read care.visit

insert into care.visit (id) select x from (select id as x, generate_series(1, income::int) from care.member) m
! launders

insert into care.visit (id) select x from (select id as x, generate_series(1, 3) from care.member) m
= insert care.visit, read care.member | fires_triggers unregistered_code
