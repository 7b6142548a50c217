-- Reads over user types and extensions: at most a fifth may be refused, each refusal naming the function or type. As
-- analyst_statements.sql; a last line "; refused NAME" says what must be named. Schema: unfriendly_schema.sql.

SELECT id, mood FROM item WHERE mood > 'ok' ORDER BY mood, id

SELECT mood, count(*) FROM item GROUP BY mood ORDER BY mood DESC

SELECT enum_range(NULL::shop.mood), enum_first('ok'::shop.mood), 'happy'::shop.mood > 'sad', mood::text || '!' FROM item WHERE id = 2

SELECT moods, moods[1], 'ok' = ANY (moods), array_length(moods, 1), unnest(moods) FROM item WHERE id < 3 ORDER BY id

SELECT size, (size).width, (size).height * 2, size IS NOT NULL FROM item ORDER BY id LIMIT 5

SELECT ROW(1, 2)::shop.size, (ROW(3, 4)::shop.size).width, size = ROW(1, 2)::shop.size FROM item WHERE id < 3 ORDER BY id

SELECT parcel, (parcel).size, ((parcel).size).height, (parcel).tags[1] FROM item ORDER BY id LIMIT 3

SELECT to_jsonb(parcel), row_to_json(size) FROM item ORDER BY id LIMIT 3

SELECT share, share / 2, share::int, round(share, 1) FROM item WHERE share > 20 ORDER BY id

SELECT 50::shop.percent, '12.5'::shop.percent + 1, NULL::shop.percent

SELECT code, substr(code, 3)::int, 'FR12'::shop.code, code LIKE 'DE1%' FROM item ORDER BY id LIMIT 5

SELECT codes, codes[1], cardinality(codes), 'IT3' = ANY (codes) FROM item ORDER BY id LIMIT 5

SELECT pair, pair / 2, pair + id FROM item ORDER BY id LIMIT 5

SELECT 4::shop.pair

SELECT span, lower(span), upper(span), span @> 2.5::float8, span && shop.span(1, 3) FROM item ORDER BY id LIMIT 5

SELECT shop.span(1, 2), '[1,2]'::shop.span * '[1.5,3)'::shop.span, isempty('empty'::shop.span)

SELECT area(size) FROM item ORDER BY id LIMIT 3

SELECT surface(size) FROM item ORDER BY id LIMIT 3

SELECT id FROM item WHERE size <<| ROW(5, 6)::shop.size ORDER BY id

SELECT id FROM item WHERE size OPERATOR(shop.<<|) ROW(5, 6)::shop.size ORDER BY id

SELECT 1 + ' piece'::text, id + name FROM item WHERE id = 1

SELECT 3::shop.size, CAST(id AS shop.size) FROM item ORDER BY id LIMIT 2

SELECT top(id), top(pair) FROM item

SELECT mood, top(id) OVER (PARTITION BY mood ORDER BY id) FROM item ORDER BY id LIMIT 6

SELECT joined(id ORDER BY id), joined(name ORDER BY id) FROM item WHERE id < 4

SELECT product(id::float8) FROM item WHERE id < 6

SELECT clean(name), clean('  X ') FROM item ORDER BY id LIMIT 3

SELECT initials(name), initials('ada lovelace') FROM item ORDER BY id LIMIT 3

SELECT fiscal(at), quarter(at), count(*) FROM item GROUP BY 1, 2 ORDER BY 1, 2

SELECT shop.fiscal(d => date '2025-08-01'), shop.quarter('2025-02-01')

SELECT * FROM happy ORDER BY id LIMIT 5

SELECT quarter, count(*) FROM happy GROUP BY quarter ORDER BY quarter

SELECT identity(3)
; refused identity

SELECT slow(id) FROM item
; refused slow

SELECT item_count(5)
; refused item_count

SELECT * FROM rows(3)
; refused rows

SELECT id FROM item WHERE id > 3 AND clean(name) LIKE 'item%' ORDER BY fiscal(at), id

SELECT DISTINCT ON (mood) mood, id, size FROM item ORDER BY mood, id DESC

SELECT mood, array_agg(size ORDER BY id), array_agg(code ORDER BY id) FROM item WHERE id < 7 GROUP BY mood ORDER BY mood

SELECT x.* FROM jsonb_populate_record(NULL::shop.parcel, '{"id": 1, "size": {"width": 2, "height": 3}, "tags": ["q"]}') x

SELECT x.* FROM jsonb_to_record('{"m": "ok", "c": "DE7", "p": 5}') AS x(m shop.mood, c shop.code, p shop.percent)

SELECT '{sad,ok}'::shop.mood[], ARRAY[1, 2]::shop.percent[] IS NULL WHERE false

SELECT ARRAY[2, 4]::shop.pair[]

SELECT '("(1,2)",x)'::text, '(1,2)'::shop.size, '(4,"(5,6)","{a,b}")'::shop.parcel

SELECT CASE mood WHEN 'sad' THEN ':(' ELSE ':)' END, coalesce(mood, 'ok'), greatest(mood, 'ok') FROM item ORDER BY id LIMIT 4

SELECT id FROM item WHERE mood IN ('sad', 'happy') AND (size).width BETWEEN 3 AND 9 ORDER BY id

SELECT min(mood), max(mood), min(share), max(code) FROM item

SELECT a.id, b.id FROM item a JOIN item b ON a.size <<| b.size AND b.id = a.id + 1 ORDER BY 1 LIMIT 5

SELECT i FROM item i ORDER BY id LIMIT 2

SELECT (i).*, i.mood FROM item i WHERE id = 2

SELECT sum(share) OVER (ORDER BY id ROWS 2 PRECEDING), lag(mood) OVER (ORDER BY id) FROM item ORDER BY id LIMIT 6

SELECT format_type('shop.mood'::regtype, NULL), pg_typeof(size), pg_typeof(share), pg_typeof(mood) FROM item LIMIT 1

SELECT enumlabel FROM pg_enum WHERE enumtypid = 'shop.mood'::regtype ORDER BY enumsortorder

SELECT mood FROM item UNION SELECT 'ok'::shop.mood ORDER BY 1

SELECT width FROM (SELECT (size).* FROM item WHERE id < 4) s ORDER BY width

WITH RECURSIVE t(n, s) AS (SELECT 1, ROW(1, 1)::shop.size UNION ALL SELECT n + 1, ROW(n, n * 2)::shop.size FROM t WHERE n < 4) SELECT n, s, surface(s) FROM t ORDER BY n

SELECT props -> 'a', props ? 'a', akeys(props), avals(props), props || 'c=>1'::ext.hstore, exist(props, 'b'), hstore_to_json(props) FROM thing ORDER BY id LIMIT 4
; not on 16,18

SELECT id, (ext.each(props)).* FROM thing WHERE id < 3 ORDER BY id, 2
; not on 16,18

SELECT ext.hstore(i) -> 'name' FROM item i ORDER BY id LIMIT 2
; not on 16,18

SELECT props @> 'a=>3', props - 'a'::text, ext.slice(props, ARRAY['a']), props::text FROM thing ORDER BY id LIMIT 3
; not on 16,18

SELECT mail, mail = 'WORD3', lower(mail::text), mail LIKE 'word%', mail || '!' FROM thing WHERE mail = 'word3'
; not on 16,18

SELECT mail, count(*) FROM thing GROUP BY mail ORDER BY mail LIMIT 4
; not on 16,18

SELECT replace(mail, 'w', 'W'), split_part(mail, 'R', 1), strpos(mail, 'RD'), regexp_match(mail, 'W(.)'), regexp_replace(mail, 'O', '0'), translate(mail, 'W', 'v') FROM thing ORDER BY id LIMIT 3
; not on 16,18

SELECT min(mail), max(mail), mail IN ('WORD1', 'x'), regexp_split_to_array('aXb'::ext.citext, 'x'::ext.citext) FROM thing GROUP BY mail ORDER BY 1 LIMIT 2
; not on 16,18

SELECT ext.similarity('word', 'sword'), 'word' OPERATOR(ext.%) 'word', 'word' OPERATOR(ext.<->) 'wood', ext.show_trgm('cat'), ext.word_similarity('word', 'two words'), ext.show_limit()
; not on 16,18

SELECT id FROM item WHERE name % 'item 1' ORDER BY ext.similarity(name, 'item 1') DESC, id LIMIT 3
; not on 16,18

SELECT path, ext.nlevel(path), ext.subpath(path, 0, 2), path <@ 'top.1', path ~ '*.x1*', path @ 'x2 | x3', ext.lca(path, 'top.1.q') FROM thing ORDER BY path LIMIT 5
; not on 16,18

SELECT ext.subpath(path, 1, 1) AS branch, count(*) FROM thing GROUP BY 1 ORDER BY 1
; not on 16,18

SELECT 3 OPERATOR(ext.<->) 7, date '2025-01-01' OPERATOR(ext.<->) date '2025-01-05'
; not on 16,18

SELECT ext.unaccent('Hôtel'), ext.unaccent('ext.unaccent', 'é')
; not on 16,18

SELECT ext.soundex('Smith'), ext.levenshtein('kitten', 'sitting'), ext.metaphone('Thompson', 4), ext.dmetaphone('gumbo'), ext.difference('Anne', 'Ann')
; not on 16,18

SELECT nums, ext.sort(nums, 'desc'), nums @@ '1|3'::ext.query_int, ext.idx(nums, 2), nums & ARRAY[2], ext.uniq(nums), ext.icount(nums) FROM thing ORDER BY id LIMIT 3
; not on 16,18

SELECT place, ext.cube_distance(place, ext.cube(0)), place @> ext.cube(ARRAY[1,1]), ext.cube_dim(place) FROM thing ORDER BY id LIMIT 3
; not on 16,18

SELECT round(ext.earth_distance(ext.ll_to_earth(52.5, 13.4), ext.ll_to_earth(48.1, 11.6)))
; not on 16,18

SELECT round(ext.earth()), ext.sec_to_gc(1000)
; not on 16,18

SELECT encode(ext.digest('abc', 'sha256'), 'hex'), encode(ext.hmac('a', 'k', 'md5'), 'hex'), length(ext.gen_random_bytes(8)), ext.crypt('x', '$1$abcdefgh$')
; not on 16,18

SELECT ext.uuid_generate_v5(ext.uuid_ns_dns(), 'example.test'), ext.uuid_generate_v4() IS NOT NULL, ext.uuid_nil()
; not on 16,18

SELECT book, ext.isbn(book), ext.is_valid(book), book = '978-0-393-04002-9'::ext.isbn13 FROM thing ORDER BY id LIMIT 2
; not on 16,18

SELECT * FROM ext.crosstab('SELECT id, mood, 1 FROM shop.item') AS ct(id int, a int)
; refused crosstab ; not on 16,18

SELECT * FROM ext.dblink('dbname=x', 'SELECT 1') AS t(a int)
; refused dblink ; not on 16,18

SELECT ext.xpath_string('<a>1</a>', '/a')
; refused xpath_string ; not on 16,18

SELECT ext.uuid_generate_v1()
; refused uuid_generate_v1 ; not on 16,18

SELECT ext.set_limit(0.1)
; refused set_limit ; not on 16,18

SELECT * FROM ext.pgstattuple('shop.item')
; refused pgstattuple ; not on 16,18

SELECT ext.gen_salt('md5')
; refused gen_salt ; not on 16,18

SELECT ext.normal_rand(2, 0, 1)
; refused normal_rand ; not on 16,18
