select m.id, count(*) from care.visits m where plan='x' group by 1 having count(*)>1 order by 2 desc nulls last limit 3 offset 1
with recursive t(n) as (values (1) union all select n+1 from t where n<10) select n from t
with recursive t(id, member_id) as (select id, member_id from care.visit union all select v.id, v.member_id from care.visit v join t on t.id=v.member_id) search depth first by id set ord cycle id set is_c to true default false using path select * from t
select row_number() over w, sum(fee) over (partition by member_id order by id rows between 1 preceding and current row), rank() over (order by fee range between 1 preceding and 2 following) from care.visit window w as (order by at)
select coalesce(memo,'x'), nullif(fee,0), greatest(fee,1,2), case when fee>1 then 'a' else 'b' end, case id when 1 then 'x' end, fee is null, (fee>1) is true, fee is distinct from 1 from care.visit
select codes[1], codes[1:2], codes || 3, 1 = any(codes), id = any(array[1,2]), fee not in (1,2), row(id,fee) < row(1,2), (id, fee) in (select id, fee from care.visit), array[1,2,3], array(select id from care.visit), memo collate "C" from care.visit
select exists(select 1 from care.empty e where e.a=v.id), (select max(a) from care.empty), v.* from care.visit v left join lateral (select * from care.empty where a=v.id limit 1) x on true
select grouping(member_id), member_id, id, count(distinct fee), string_agg(memo, ',' order by at) filter (where fee>1), percentile_cont(0.5) within group (order by fee) from care.visit group by grouping sets ((member_id), (id), ())
select member_id, count(*) from care.visit group by rollup(member_id), cube(id) 
select distinct on (member_id) * from care.visit order by member_id, at
select id from care.visit union select id from care.member intersect select a from care.empty except all select 1
select * from care.visit natural join care.parent join care.log e using (id) 
select * from care.visit a join care.visit b using (id) as j full join care.empty on empty.a=j.id
select generate_series(1,3), d::date from generate_series('2020-01-01'::date, '2021-01-01', '1 month') with ordinality as g(d, n)
select * from rows from (generate_series(1,2), unnest(array['a'])) with ordinality as t(a,b,c)
select * from json_to_recordset('[{"a":1}]') as x(a int, b text)
select prefs->>'a', prefs #> '{a,b}', prefs ? 'x', jsonb_path_query(prefs, '$.a'), prefs @> '{}' from care.member
select json_build_object('a',1), row_to_json(v), jsonb_agg(v), json_object_agg(id, fee) from care.visit v group by v
select to_tsvector('english', memo) @@ to_tsquery('a & b'), ts_rank(body, 'x'), plainto_tsquery('a') from care.visit
select now() - at, date_trunc('day', at), extract(year from at), at at time zone 'UTC', at::date + 3, age(at), current_date, localtime, current_timestamp(2), current_user from care.visit
select table_name, column_name, data_type from information_schema.columns where table_schema='care'
select table_name from information_schema.tables
select xmlelement(name a, xmlattributes(1 as b), 'x'), xmlforest(1 as a), xmlconcat('<a/>'), xmlparse(document '<a/>'), xmlserialize(content '<a/>'::xml as text), '<a/>'::xml is document
select * from xmltable('/a/b' passing (xml '<a/>') columns x int path 'c' not null, y for ordinality)
select * from xmltable(xmlnamespaces('http://x' as z), '/a/b' passing (xml '<a/>') columns x int path 'c' default 3)
select ('x'::text)::varchar(3), 1::text, '1'::int, '{1}'::int[]::text[], '{1}'::text[]::int[], 'sad'::care.mood, 5::care.small, null::care.small, at::text::timestamptz from care.visit
select (v).fee, (m).mail, v::text from care.visit v, care.member m
select * from (values (1,'a'),(2,'b')) as t(x,y)
values (1,2),(3,4)
select m from care.member m
select tableoid, ctid from care.visit
select * from care.visit tablesample system (10) repeatable (3)
select * from only (care.parent) p, only care.parent, care.child
select "a b", "x) (y" as "Revenue ($) (net)" from care."Odd name" "o p"
select * from care.tenant
select -fee, @fee, |/fee::float8, fee ^ 2, 1 + 2 * 3, not true and false or true, fee between 1 and 2, fee between symmetric 2 and 1, memo like 'a%', memo ilike 'b', memo ~ 'c', memo similar to 'x', memo not like 'y' escape '!' from care.visit
select $1::int + id from care.visit where memo = $2
select overlay('abc' placing 'x' from 1), position('a' in 'abc'), substring('abc' from 1 for 2), substring('abc' similar 'a' escape '#'), trim(both 'x' from 'y'), (date '2020-01-01', interval '1 day') overlaps (date '2020-01-01', date '2020-02-01'), normalize('a'), 'a' is normalized, cast(1 as text), timestamp '2020-01-01', interval '1' day, b'101', x'ff', 1.5e3, e'\n'
select * from pg_class where relname='x'
select * from care.mv
select count(*) from care.member
select oid::regclass from pg_class
select make_interval(days => 3), format('%s', variadic array['a','b'])
select * from care.members where mail='x'
select row(1,2)::text, row(v.*) from care.visit v
select a.x from (select v as x from care.visit v) a
select (row(1,'a')::care.empty).b
select json_serialize('{}')
select json_object('a': 1), json_array(1,2), json_arrayagg(id), json_objectagg(id: fee) from care.visit
select '{}' is json object
select json_scalar(1), json('{}')
select json_array(select 1)
select last_value(id) over (order by id groups between unbounded preceding and 1 following exclude ties) from care.visit
select days @> date '2020-01-01', days && daterange('2020-01-01','2021-01-01'), lower(days), int4multirange('{[1,2]}') from care.visit
select width_bucket(fee, 0, 100, 5), random(), gen_random_uuid(), md5(memo), encode('x','hex') from care.visit
select c::care.parent from care.child c
insert into care.visit(id, memo) values (1, default),(2,'x') returning id
insert into care.log(line) select memo from care.visit
insert into care.log(line) values ('a') on conflict do nothing
insert into care.member as m (id, plan) values (1,'x') on conflict (id) do update set plan = excluded.plan, note='z' where m.id>1 returning *
insert into care.visit default values
update care.visit v set fee = fee * 2, memo='x' from care.member m where m.id = v.member_id and m.mail='x'
update care.visit set (fee, memo) = (select 1, 'x'), codes[1] = 3
update care.visit set memo = default where id=1
delete from care.visit using care.empty where a = id returning *
delete from care.member
merge into care.visit v using care.empty e on v.id=e.a when matched and fee>1 then update set fee=1 when matched then delete when not matched then insert (id) values (e.a)
with x as (delete from care.empty returning *) select * from x
with x as (insert into care.log(line) values ('x') returning id) select * from x
insert into care.ruled values (1,'x')
update care.members set plan='x' where id=1
insert into care.members(id) values (1)
select * from care.visit for update
select * from care.visit v, care.empty e for share of v nowait
delete from care.members
update care.tenant set secret='x'
select json_exists(prefs, '$.a'), json_value(prefs, '$.a' returning int default 3 on empty error on error), json_query(prefs, '$.a' with wrapper keep quotes null on error), json_query(prefs, '$.x' passing id as y returning text omit quotes) from care.member
select json_exists('{"a":1}'::jsonb, 'strict $.a ? (@ > $x)' passing 3 as x true on error)
select * from json_table('[{"a":1,"b":[1,2]}]'::jsonb, '$[*]' as p passing 1 as z columns (n for ordinality, a int path '$.a' default 4 on empty, e int exists path '$.c', nested path '$.b[*]' as q columns (b int path '$'), nested '$.c[*]' columns (c text format json path '$'))) as t
select t.* from care.member m, json_table(m.prefs, '$' columns (x text path '$.x' error on error, y jsonb path '$.y' with unconditional wrapper) error on error) t
select json_value('{"a":"2020-01-01"}', '$.a' returning date), json_query(jsonb '[1,2]', '$' returning int[])
select json_query(jsonb '{"a":1}', '$' returning care.empty), json_value(jsonb '5', '$' returning care.small)
