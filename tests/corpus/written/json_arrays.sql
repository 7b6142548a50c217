-- JSON, arrays, ranges, full text, XML, geometry, networks, bits. By hand.

-- # answered: jsonb

SELECT attributes->>'color' AS color, count(*) FROM shop.product GROUP BY 1 ORDER BY 1
= read shop.product
@ reads shop.product

SELECT id FROM shop.product WHERE attributes @> '{"color": "c1"}' AND attributes ? 'size' ORDER BY id
= read shop.product
@ reads shop.product

SELECT id, attributes #>> '{size,w}', (attributes #> '{size}')->'h', attributes['size']['w'] FROM shop.product ORDER BY id LIMIT 4
= read shop.product
@ reads shop.product

SELECT id FROM shop.product WHERE attributes @? '$.size.w ? (@ > 25)' ORDER BY id
= read shop.product
@ reads shop.product

SELECT id FROM shop.product WHERE attributes @@ '$.size.h > 50' ORDER BY id
= read shop.product
@ reads shop.product

SELECT jsonb_path_query_array(properties, '$.utm.*'), jsonb_path_exists(properties, '$.q ? (@ == 1)') FROM shop.event ORDER BY at LIMIT 4
= read shop.event
@ reads shop.event

SELECT properties->'utm'->>'s' AS ad, count(DISTINCT customer_id) FROM shop.event WHERE kind = 'click' GROUP BY ad ORDER BY ad
= read shop.event
@ reads shop.event

SELECT jsonb_object_agg(code, name ORDER BY code) FROM shop.region
= read shop.region
@ reads shop.region

SELECT jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY id) FROM care.doctor WHERE rating > 1
= read care.doctor
@ reads care.doctor

SELECT json_build_array(1, 'a', NULL, true, json_build_object('k', ARRAY[1, 2]))
= read expression:constants
@ reads nothing

SELECT jsonb_pretty(attributes || '{"new": [1, null]}' - 'color') FROM shop.product WHERE id = 2
= ! unknown
@ error 42725

SELECT jsonb_set(attributes, '{size,w}', '0'), jsonb_insert('[1,2]', '{1}', '9'), attributes #- '{size,h}', jsonb_strip_nulls('{"a":null}') FROM shop.product WHERE id = 3
= read shop.product
@ reads shop.product

SELECT k, jsonb_typeof(v) FROM jsonb_each('{"a":1,"b":"x","c":null,"d":[],"e":{},"f":true}') AS e (k, v)
= read expression:constants
@ reads nothing

SELECT * FROM jsonb_array_elements('[1, "two", {"three": 3}]') WITH ORDINALITY
= read expression:constants
@ reads nothing

SELECT DISTINCT jsonb_object_keys(extra) FROM shop.customer ORDER BY 1
= read shop.customer
@ reads shop.customer

SELECT count(*) FROM shop.customer WHERE extra->'list' @> '"x"'
= read shop.customer
@ reads shop.customer

SELECT extra->'list'->>-1 IS NULL, extra->'list'->0, jsonb_array_length(extra->'list') FROM shop.customer WHERE extra IS NOT NULL ORDER BY id LIMIT 3
= read shop.customer
@ reads shop.customer

SELECT '{"a":1}'::json->'a', '{"b":1, "b":2}'::jsonb, '{"b":1, "b":2}'::json, '[1.10, 1e3]'::jsonb, '"\u00fc"'::jsonb
= read expression:constants
@ reads nothing

SELECT jsonb_path_query('{"a":[1,2,3,4]}', '$.a[*] ? (@ > $min)', '{"min": 2}')
= read expression:constants
@ reads nothing

SELECT to_jsonb(timestamptz '2024-01-01 00:00Z'), to_json('x'::text), to_jsonb(1.50), array_to_json(ARRAY[[1, 2], [3, 4]]), jsonb_build_array()
= read expression:constants
@ reads nothing

SELECT id, raw->>'unit' AS unit, (raw->'v')::int FROM (SELECT visit_id AS id, raw FROM care.lab WHERE kind = 'crp') l ORDER BY id LIMIT 3
= read care.lab
@ reads care.lab

SELECT JSON_OBJECT('a': 1, 'b': 'x' ABSENT ON NULL), JSON_ARRAY(1, NULL, 'x' NULL ON NULL)
= read expression:constants
=[15] ! syntax
@ reads nothing
@[15] error 42601

SELECT JSON_OBJECTAGG(code: name), JSON_ARRAYAGG(name ORDER BY code) FROM shop.region
= read shop.region
=[15] ! syntax
@ reads shop.region
@[15] error 42601

SELECT '{"a": 1}' IS JSON, '[1]' IS JSON ARRAY, '1' IS JSON SCALAR, '{"a":1,"a":2}' IS JSON OBJECT WITH UNIQUE KEYS, 'x' IS NOT JSON
= read expression:constants
=[15] ! syntax
@ reads nothing
@[15] error 42601

SELECT JSON_ARRAY(SELECT id FROM care.doctor WHERE id < 4 ORDER BY id)
= read care.doctor
=[15] ! syntax
@ reads care.doctor
@[15] error 42601

SELECT jsonb_path_query_first(properties, 'strict $.q'), properties->'q' = '1'::jsonb FROM shop.event ORDER BY at LIMIT 3
= read shop.event
@ reads shop.event

SELECT a.key, a.value FROM json_each_text('{"x": {"y": 1}, "z": null}') a
= read expression:constants
@ reads nothing

SELECT jsonb_populate_recordset(NULL::care.parent, '[{"id": 1}, {"id": 2, "kind": "b"}]')
= read expression:constants
@ reads nothing

-- # answered: arrays

SELECT ARRAY[1, 2, 3] || 4, 0 || ARRAY[1], ARRAY[1] || ARRAY[2, 3], array_append(ARRAY['a'], 'b'), array_prepend(0, ARRAY[1]), array_cat(ARRAY[1], ARRAY[[2], [3]]) IS NULL FROM (SELECT 1) t WHERE false
= read expression:constants
@ reads nothing

SELECT codes[1], codes[1:2], codes[:2], codes[2:], array_length(codes, 1), cardinality(codes), array_ndims(codes), array_dims(codes), array_lower(codes, 1), array_upper(codes, 1) FROM care.visit ORDER BY id LIMIT 3
= read care.visit
@ reads care.visit

SELECT id FROM care.visit WHERE 3 = ANY (codes) AND codes && ARRAY[3, 4] AND codes @> ARRAY[3] AND NOT codes <@ ARRAY[9] ORDER BY id LIMIT 5
= read care.visit
@ reads care.visit

SELECT tags, count(*) FROM shop.customer WHERE 'all' = ALL (tags) IS NOT TRUE GROUP BY tags ORDER BY tags
= read shop.customer
@ reads shop.customer

SELECT unnest(tags) AS tag, count(*) FROM shop.customer GROUP BY tag ORDER BY tag
= read shop.customer
@ reads shop.customer

SELECT array_position(languages, 'en'), array_positions(languages, NULL), array_remove(languages, NULL), array_replace(languages, 'de', 'fr') FROM care.doctor WHERE id = 1
= read care.doctor
@ reads care.doctor

SELECT ARRAY(SELECT id FROM care.doctor ORDER BY rating DESC LIMIT 3), ARRAY[[1, 2], [3, NULL]], '{}'::int[], '{"a b", "c,d", NULL, "NULL", "\"q\""}'::text[]
= read care.doctor
@ reads care.doctor

SELECT embedding[1] * embedding[2] AS unit, (SELECT sum(x * x) FROM unnest(embedding) x) AS norm FROM shop.product ORDER BY id LIMIT 4
= read shop.product
@ reads shop.product

SELECT array_agg(row_number ORDER BY row_number) FROM (SELECT row_number() OVER () FROM shop.region) r
= read shop.region
@ reads shop.region

SELECT array_fill(7, ARRAY[2, 2]), ARRAY[1, 2] = ARRAY[1, 2], ARRAY[1, 3] > ARRAY[1, 2, 9], array_to_string(ARRAY['x', NULL], '-')
= read expression:constants
@ reads nothing

SELECT (ARRAY['a', 'b', 'c'])[2], ('{1,2,3}'::int[])[2:3], '[0:1]={5,6}'::int[], ARRAY[date '2024-01-01', NULL]
= read expression:constants
@ reads nothing

SELECT trim_array(ARRAY[1, 2, 3], 1), ARRAY[1, 2]::text[], '{1,2}'::bigint[]::float8[], ARRAY[1.5, 'NaN']::numeric[], ARRAY[true, false]
= read expression:constants
@ reads nothing

SELECT id FROM care.doctor WHERE languages <> ARRAY['x'] AND 'de' = SOME (languages) ORDER BY id
= read care.doctor
@ reads care.doctor

SELECT array_agg(DISTINCT category ORDER BY category NULLS FIRST), array_agg(ARRAY[id, id * 2] ORDER BY id) FROM shop.product WHERE id < 4
= read shop.product
@ reads shop.product

-- # answered: ranges

SELECT id FROM care.visit WHERE days @> date '2024-03-01' AND days && daterange('2024-02-01', '2024-02-10') ORDER BY id LIMIT 4
= read care.visit
@ reads care.visit

SELECT lower(days), upper(days), upper_inf(days), isempty(days), lower_inc(days), days * daterange('2024-01-05', '2024-01-20'), days + daterange('2024-01-01', '2024-01-02') FROM care.visit WHERE id BETWEEN 3 AND 7 ORDER BY id
= read care.visit
@ reads care.visit

SELECT range_agg(days), range_intersect_agg(days) FROM care.visit WHERE id < 20
= read care.visit
@ reads care.visit

SELECT int4range(1, 10, '[]'), int8range(NULL, 5), numrange(1.5, 2.5, '()'), tsrange('2024-01-01', NULL), tstzrange('2024-01-01Z', '2024-02-01Z'), 'empty'::int4range
= read expression:constants
@ reads nothing

SELECT '{[1,3), [5,7)}'::int4multirange @> 6, unnest('{[1,3), [5,7)}'::int4multirange), multirange(int4range(1, 2))
= read expression:constants
@ reads nothing

SELECT product_id, price FROM shop.price_history WHERE valid @> timestamptz '2024-04-15 00:00Z'
= read shop.price_history
@ reads shop.price_history

SELECT a.product_id, b.product_id FROM shop.price_history a JOIN shop.price_history b ON a.valid -|- b.valid AND a.product_id < b.product_id ORDER BY 1, 2
= read shop.price_history
@ reads shop.price_history

SELECT employee, range_agg(span) FROM hr.absence GROUP BY employee ORDER BY employee LIMIT 6
= read hr.absence
@ reads hr.absence

SELECT int4range(1, 5) << int4range(7, 9), int4range(1, 5) >> int4range(0, 1), int4range(1, 5) &< int4range(3, 9), int4range(1, 3) - int4range(2, 5), range_merge(int4range(1, 2), int4range(8, 9))
= read expression:constants
@ reads nothing

SELECT id, lower(band), upper_inc(band), band FROM hr.employee ORDER BY id LIMIT 2
= read hr.employee
@ reads hr.employee

-- # answered: full text

SELECT id, ts_rank(words, q) FROM shop.product, to_tsquery('english', 'lamp & chair') q WHERE words @@ q ORDER BY 2 DESC, 1 LIMIT 5
= read shop.product
@ reads shop.product

SELECT id FROM care.visit WHERE body @@ phraseto_tsquery('simple', 'pain visit') AND body @@ 'word3'::tsquery ORDER BY id LIMIT 5
= read care.visit
@ reads care.visit

SELECT ts_headline('english', title, plainto_tsquery('lamp'), 'StartSel=<, StopSel=>') FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT to_tsvector('english', 'The quick brown foxes'), websearch_to_tsquery('english', '"brown fox" -lazy or quick'), numnode('a & b | c'::tsquery), querytree('a & !b'::tsquery)
= read expression:constants
@ reads nothing

SELECT setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', coalesce(category, '')), 'B') FROM shop.product ORDER BY id LIMIT 2
= read shop.product
@ reads shop.product

SELECT strip(body), length(body), tsvector_to_array(body), ts_delete(body, 'pain'), array_to_tsvector(ARRAY['x']) FROM care.visit WHERE id = 5
= read care.visit
@ reads care.visit

SELECT lexeme, positions FROM unnest(to_tsvector('a b a')) ORDER BY 1
= read expression:constants
@ reads nothing

SELECT ts_rank_cd('{0.1, 0.2, 0.4, 1.0}', words, 'lamp'::tsquery), 'a'::tsquery && 'b', 'a'::tsquery <-> 'b', !!'a'::tsquery FROM shop.product WHERE id = 1
= read shop.product
@ reads shop.product

SELECT ts_lexize('english_stem', 'stars'), get_current_ts_config()::text
= read expression:constants
@ reads nothing

-- # answered: XML where the server has it

SELECT xmlelement(name row, xmlattributes(id AS key), xmlforest(name, speciality)) FROM care.doctor ORDER BY id LIMIT 2
= ! unknown
=[15,17] read care.doctor
@ error 0A000
@[15,17] reads care.doctor

SELECT x.* FROM xmltable('/r/i' PASSING xml '<r><i n="1">a</i><i n="2">b</i></r>' COLUMNS n int PATH '@n', t text PATH '.') x
= ! unknown
=[15,17] read expression:constants
@ error 0A000
@[15,17] reads nothing

SELECT xpath('/a/b/text()', '<a><b>x</b></a>'), xmlexists('//b' PASSING xml '<a><b/></a>'), xml_is_well_formed('<a>')
= ! unknown
=[15,17] read expression:constants
@ error 0A000
@[15,17] reads nothing

SELECT xmlagg(xmlelement(name d, name) ORDER BY id) FROM care.doctor
= ! unknown
=[15,17] read care.doctor
@ error 0A000
@[15,17] reads care.doctor

SELECT xmlserialize(CONTENT xmlconcat('<a/>', xmlcomment('c')) AS text), xmlpi(name p, 'x')
= ! unknown
=[15,17] read expression:constants
@ error 0A000
@[15,17] reads nothing

-- # answered: geometry, networks, bits, money, uuid

SELECT point(1, 2), circle(point(0, 0), 2), box(point(0, 0), point(1, 1)), point(0, 0) <-> point(3, 4), lseg '[(0,0),(1,1)]', polygon '((0,0),(1,1),(1,0))', path '[(0,0),(1,1)]', line '{1,2,3}'
= read expression:constants
@ reads nothing

SELECT box '(2,2),(0,0)' @> point '(1,1)', area(circle '<(0,0),1>'), center(box '((0,0),(2,2))'), length(path '((0,0),(3,4))'), diameter(circle(point(1, 1), 3)), ARRAY[box '(1,1),(0,0)', box '(3,3),(2,2)']
= read expression:constants
@ reads nothing

SELECT inet '192.168.1.5/24', network('192.168.1.5/24'), host(inet '10.0.0.1'), cidr '10.0.0.0/8' >> inet '10.1.2.3', masklen('10.0.0.0/8'), macaddr '08:00:2b:01:02:03', inet_merge('10.0.0.1', '10.0.5.1'), abbrev(cidr '10.1.0.0/16')
= read expression:constants
@ reads nothing

SELECT B'1100' & B'1010', B'1' || B'0', length(B'101'), get_bit(B'101', 1), 44::bit(10), CAST(-44 AS bit(12)), '1110'::bit(4)::int, bit_count(B'1101')
= read expression:constants
@ reads nothing

SELECT '\xDEADBEEF'::bytea, length('\x00ff'::bytea), get_byte('\x0102', 1), substring('\x010203'::bytea FROM 2), encode('\x00ff', 'base64'), decode('AP8=', 'base64'), '\x01'::bytea || '\x02', sha512('a')
= read expression:constants
@ reads nothing

SELECT '12.34'::money, 12.34::numeric::money * 2, '52093.89'::money::numeric
= read expression:constants
@ reads nothing

SELECT uuid '00000000-0000-0000-0000-000000000001', session FROM shop.event GROUP BY session ORDER BY session DESC LIMIT 2
= read shop.event
@ reads shop.event

SELECT pg_typeof(1), pg_typeof(1.0), pg_typeof('x'), pg_typeof(NULL), pg_typeof(ARRAY[1]), pg_typeof(ROW(1)), pg_typeof(now())
= read expression:constants
@ reads nothing

SELECT 1::"char", 'abc'::char(5) || '|', 'abcdef'::varchar(3), 'x'::name, true::int, 't'::bool, 'yes'::boolean, 0::bool, 65::"char"
= read expression:constants
@ reads nothing

SELECT '1'::int4, int '2', CAST('3' AS smallint), '4'::int8, 5::numeric(3, 1), '0x1F' IS NOT NULL, 1::text::varchar::int
= read expression:constants
@ reads nothing

SELECT '2024-01-01'::date::timestamp, timestamptz '2024-01-01 00:00Z'::date, '1 day'::interval::text, '10:00'::time::interval, 1.6::int, 2.5::int, '12'::char(2)::int
= read expression:constants
@ reads nothing

SELECT 'happy'::care.mood > 'sad', enum_range(NULL::care.mood), enum_first(NULL::shop.state), enum_last('cart'::shop.state), enum_range('placed'::shop.state, 'shipped')
= read expression:constants
@ reads nothing

SELECT state, count(*) FROM shop.orders WHERE state BETWEEN 'paid' AND 'returned' GROUP BY state ORDER BY state
= read shop.orders
@ reads shop.orders

SELECT 5::care.percent + 1, 'a@b'::shop.email || '!', 3.145::shop.money, pg_typeof(1::care.percent), NULL::shop.money, 'B2'::hr.grade
= read expression:constants
@ reads nothing

SELECT '(1,2)'::point, '((1,2),3)'::circle, '08:00:2b:01:02:03:04:05'::macaddr8, '0/16AE7F7'::pg_lsn - '0/16AE7F0', '10:20:10,14,15'::txid_snapshot, '(0,1)'::tid, '123'::xid8
= read expression:constants
@ reads nothing

SELECT 'shop.orders'::regclass, 'int4'::regtype, 'shop'::regnamespace, 1259::regclass, '+(int4,int4)'::regoperator, 'lower(text)'::regprocedure, to_regclass('nowhere.nothing') IS NULL, 'english'::regconfig
= read expression:constants
@ reads nothing
