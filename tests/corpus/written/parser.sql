-- Texts on which readers of SQL differ: quoting, comments, escapes, Unicode, numbers, names. By hand.

-- # answered: quoting and comments

-- ! the server cuts the name with a notice, which nobody sees
SELECT 1 AS "日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本"
= read expression:constants
@ reads effects:notice

SELECT 'it''s', E'it\'s', E'\x41\101\u0041', $$it's$$, $a$ $b$ $a$, $_$x$_$, '\', 'a\'
= read expression:constants
@ reads nothing

SELECT /* a /* nested */ comment */ 1 -- to the end
= read expression:constants
@ reads nothing

SELECT 1/**/+/**/1 AS"two",2AS three
= ! syntax
@ error 42601

SELECT 'DELETE FROM shop.orders; --' AS harmless, '/*' AS a, '*/' AS b
= read expression:constants
@ reads nothing

SELECT "id" AS "select", id AS "a""b", id AS "Ünï cödé", id AS "日本", id AS "tab	tab" FROM care.doctor WHERE id = 1
= read care.doctor
@ reads care.doctor

SELECT "select", "x) (y", "Ünï" FROM hr."Odd name" ORDER BY id
= read hr.Odd_name
@ reads hr.Odd_name

SELECT o."a b" AS "; DROP TABLE x" FROM hr."Odd name" AS o
= read hr.Odd_name
@ reads hr.Odd_name

SELECT U&"d\0061ta" FROM (SELECT 1 AS data) x
= read expression:constants
@ reads nothing

SELECT U&'\+01F600', U&'a!0062' UESCAPE '!', '😀', char_length('👨‍👩‍👧'), E'\U0001F600'
= read expression:constants
@ reads nothing

SELECT 1 AS "
", 2 AS b
= read expression:constants
@ reads nothing

SELECT 'multi
line', 'x'
  'y'
= read expression:constants
@ reads nothing

SELECT 1--1
= read expression:constants
@ reads nothing

SELECT - - 1, -(-1), 2 - -2, !!FALSE IS NULL FROM (SELECT 1) q WHERE false
= ! missing
@ error 42883

SELECT 1 AS a
;
= read expression:constants
@ reads nothing

SELECT 2;
= read expression:constants
@ reads nothing

SELECT (((((((((1)))))))))
= read expression:constants
@ reads nothing

select/**/id/**/from/**/care/**/./**/doctor/**/where/**/id=1
= read care.doctor
@ reads care.doctor

SELECT id FROM care.doctor -- comment with ' and " and $$
= read care.doctor
@ reads care.doctor

SELECT $1::text || $2, $1::text
= read expression:constants
@ reads nothing

SELECT $2::int, $1::int + 1
= read expression:constants
@ reads nothing

SELECT 'a' 'b' IS NULL FROM (SELECT 1) t WHERE false
= ! syntax
@ error 42601

-- # answered: numbers and operators

SELECT ALL
= read expression:constants
@ reads nothing

SELECT 1., .5, 1e3, 1E-3, 00012, 1e0::int, 123456789012345678901234567890
= read expression:constants
@ reads nothing

SELECT 1 AS x WHERE 2 IN (1, 2, 3) AND 5 NOT BETWEEN 6 AND 7 AND 'a' NOT IN ('b')
= read expression:constants
@ reads nothing

SELECT 2 * 3 + 4 ^ 2 % 5, NOT 1 > 2 AND 3 < 4 OR FALSE, 1 < 2 = TRUE, - 2 ^ 2, 10 - 3 - 2, 2 ^ 3 ^ 2
= ! syntax
@ error 42601

SELECT 1 OPERATOR(pg_catalog.+) 2, 'a' OPERATOR(pg_catalog.||) 'b', OPERATOR(pg_catalog.-) 5
= read expression:constants
@ reads nothing

SELECT NULL = NULL, NULL IS NULL, NULL IS NOT DISTINCT FROM NULL, 1 <> ALL ('{}'::int[]), NOT NULL
= read expression:constants
@ reads nothing

SELECT true IS UNKNOWN, (1 = 1) IS TRUE, (NULL::bool) IS NOT FALSE, 5 IS NOT NULL, 1 ISNULL, 2 NOTNULL
= read expression:constants
@ reads nothing

SELECT @ -3, |/ 4, ||/ 8, 3 !~ '4'::text IS NULL FROM (SELECT 1) x WHERE false
= ! missing
@ error 42883

SELECT 1::int4::text::varchar(2)::"char", CAST(CAST(1 AS text) AS int), int4 '7', float8 '1e2', "time" '10:00', pg_catalog.int4 '3'
= read expression:constants
@ reads nothing

SELECT interval(2) '1.234 seconds', timestamp(0) '2024-01-01 10:00:00.6', bit varying(3) '101', double precision '1', national character varying(2) 'ab', dec(3,1) '1.25'
= read expression:constants
@ reads nothing

SELECT 0b101, 0o17, 0x1F, 1_000_000
= read expression:constants
=[15] ! syntax
@ reads nothing
@[15] error 42601

SELECT 5 AS "five", 6 six, 7 AS value, 8 AS name, 9 AS type, 10 AS "table"
= read expression:constants
@ reads nothing

SELECT ALL 1 UNION DISTINCT SELECT 2 ORDER BY 1
= read expression:constants
@ reads nothing

SELECT FROM care.doctor WHERE id < 3
= read care.doctor
@ reads care.doctor

SELECT
= read expression:constants
@ reads nothing

SELECT WHERE true
= read expression:constants
@ reads nothing

SELECT t.*, t FROM (VALUES (ROW(1, 'x')), (NULL)) AS t (c)
= read expression:constants
@ reads nothing

SELECT c.* FROM (SELECT 1 AS "*") c
= read expression:constants
@ reads nothing

SELECT current_catalog IS NOT NULL, user IS NOT NULL, session_user = current_role AS same WHERE current_schema <> ''
= read expression:constants
@ reads nothing

SELECT localtimestamp(6) <= now()::timestamp, CURRENT_TIME(3) IS NOT NULL, current_timestamp = now()
= read expression:constants
@ reads nothing

SELECT extract(second FROM interval '5.5 s'), trim(trailing 'x' from 'yxx'), position('b' in 'abc'), overlay('abc' placing 'x' from 2), substring('abcdef' for 2), collation for ('a'), normalize('a', NFKD), xmlexists IS NULL FROM (SELECT 1 AS xmlexists) x
= read expression:constants
@ reads nothing

SELECT cast('a' as char), cast('abc' as character varying), '5'::numeric(3), 'x'::bpchar, ' a'::char(2) || 'b'
= read expression:constants
@ reads nothing

-- # answered: names like keywords and tables

WITH "select" AS (SELECT 1 AS "from") SELECT "from" FROM "select"
= read expression:constants
@ reads nothing

WITH visit AS (SELECT 'x' AS memo) SELECT memo FROM visit
= read expression:constants
@ reads nothing

WITH "Visit" AS (SELECT 'x' AS memo) SELECT count(*) FROM Visit
= read care.visit
@ reads care.visit

WITH a AS (SELECT 1 AS id), doctor AS (SELECT id + 1 AS id FROM a) SELECT doctor.id, d.id FROM doctor, care.doctor d WHERE d.id = 3
= read care.doctor
@ reads care.doctor

SELECT visit.id FROM (SELECT 5 AS id) visit
= read expression:constants
@ reads nothing

SELECT doctor.visit FROM (SELECT id AS visit FROM care.visit) AS doctor ORDER BY 1 LIMIT 2
= read care.visit
@ reads care.visit

WITH RECURSIVE doctor AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM doctor WHERE id < 3) SELECT * FROM doctor
= read expression:constants
@ reads nothing

SELECT x.id FROM care.doctor x, LATERAL (WITH x AS (SELECT 99 AS id) SELECT id FROM x) y WHERE y.id = 99 AND x.id = 1
= read care.doctor
@ reads care.doctor

SELECT id FROM doctor WHERE id IN (WITH doctor AS (SELECT 2 AS id) SELECT id FROM doctor)
= read care.doctor
@ reads care.doctor

SELECT pg_catalog.lower('X'), pg_catalog."upper"('y'), PG_CATALOG.length('z'), "pg_catalog"."abs"(-1)
= read expression:constants
@ reads nothing

SELECT care . doctor . id , "care"."doctor".name FROM care . doctor ORDER BY 1 LIMIT 1
= read care.doctor
@ reads care.doctor

SELECT a.id FROM care.doctor a, care.doctor b, care.doctor c WHERE a.id = b.id AND b.id = c.id ORDER BY 1
= read care.doctor
@ reads care.doctor

-- # masked: shadows that do not hold

WITH member  AS (SELECT 'x' AS passport) SELECT passport FROM member
= read care.member | masked
@ reads care.member

WITH member  AS (SELECT 'x' AS passport) SELECT passport FROM member
= read care.member | masked
@ reads care.member

WITH member​ AS (SELECT 'x' AS passport) SELECT passport FROM member
= read care.member | masked
@ reads care.member

WITH member　 AS (SELECT 'x' AS passport) SELECT passport FROM member
= read care.member | masked
@ reads care.member

WITH "Member" AS (SELECT 'x' AS passport) SELECT passport FROM member
= read care.member | masked
@ reads care.member

SELECT passport FROM (WITH member AS (SELECT 'x' AS passport) SELECT 1) q, member
= read care.member | masked
@ reads care.member

WITH a AS (SELECT passport FROM member), member AS (SELECT 'x' AS passport) SELECT * FROM a
= read care.member | masked
@ reads care.member

WITH member AS (SELECT 'x' AS passport) SELECT m.passport FROM care.member m, member
= read care.member | masked
@ reads care.member

SELECT id, @income FROM care.member
= read care.member | masked
@ reads care.member

SELECT $q$ FROM care.visit $q$, mail FROM/* care.visit */care.member
= read care.member | masked
@ reads care.member

SELECT mail FROM care.member -- FROM care.visit
= read care.member | masked
@ reads care.member

SELECT '--', mail, '/*' FROM care.member /* ' */
= read care.member | masked
@ reads care.member

SELECT mail AS "FROM care.visit" FROM "care".member "care.visit"
= read care.member | masked
@ reads care.member

SELECT E'\'', mail FROM care.member WHERE E'\\' <> ''
= read care.member | masked
@ reads care.member

SELECT '\', mail, '\' FROM care.member
= read care.member | masked
@ reads care.member

SELECT mail AS "a) :relid 1" FROM care.member "({})"
= read care.member | masked
@ reads care.member

SELECT "m}:alias <>".mail FROM care.member "m}:alias <>"
= read care.member | masked
@ reads care.member

SELECT mail FROM care.member m WHERE m.id = $1
= read care.member | masked
@ reads care.member

SELECT "member"."mail" FROM "care"."member"
= read care.member | masked
@ reads care.member

-- # refused: several statements, none, cut short, or beyond the caps

SELECT mail AS ":rtekind", 1 AS "{QUERY" FROM care.member
= ! unavailable
@ reads care.member

SELECT 1; SELECT 2
= ! several
@ error 42601

SELECT 1; DELETE FROM shop.cache; --
= ! several
@ error 42601

DELETE FROM shop.cache; SELECT 1
= ! several
@ error 42601

;
= ! syntax
@ reads nothing

--nothing but a comment
= ! syntax
@ reads nothing

/* nothing */
= ! syntax
@ reads nothing

BEGIN; SELECT 1; COMMIT
= ! several
@ error 42601

TABLE care.member
= ! protected
@ reads care.member

SELECT '
= ! syntax
@ error 42601

SELECT "
= ! syntax
@ error 42601

SELECT /*
= ! syntax
@ error 42601

SELECT $$
= ! syntax
@ error 42601

SELECT E'\u00'
= ! syntax
@ error 22025

SELECT U&'\00'
= ! syntax
@ error 42601

SELECT 1 2 3
= ! syntax
@ error 42601

SELEC 1
= ! syntax
@ error 42601

SELECT FROM WHERE
= ! syntax
@ error 42601

SELECT * FROM other.care.visit
= ! unknown
@ error 0A000

SELECT * FROM pg_temp.visit
= ! unknown
@ error 42P01

SELECT * FROM pg_toast.pg_toast_1255
= ! unknown
@ reads nothing

SELECT * FROM a1, a2, a3, a4, a5, a6, a7, a8, a9, b1, b2, b3, b4, b5, b6, b7, b8, b9, c1, c2, c3, c4, c5, c6, c7, c8, c9, d1, d2, d3, d4, d5, d6
= ! limits
@ error 42P01

SELECT $3 FROM shop.region
= ! parameters
@ error 42P18

SELECT $1, $3
= ! parameters
@ error 42P18

SELECT 1 AS "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
= ! unavailable
@ reads nothing

WITH x AS (SELECT 1) INSERT INTO y SELECT 1
= ! missing
@ error 42P01

-- # rejected: what this server does not know

SELECT * FROM nowhere
= ! missing
@ error 42P01

SELECT no_such_function(1)
= ! missing
@ error 42883

SELECT emial FROM care.member
= ! missing
@ error 42703

SELECT id FROM care.visit, care.member
= ! unknown
@ error 42702

SELECT * FROM care.visit v, v
= ! missing
@ error 42P01

SELECT a.id FROM care.visit b
= ! missing
@ error 42P01

SELECT 'x' + 1
= ! unknown
@ error 22P02

SELECT sum(id) FROM care.visit WHERE sum(id) > 1
= ! unknown
@ error 42803

SELECT id, count(*) FROM care.visit
= ! unknown
@ error 42803

SELECT 1 UNION SELECT 'a', 2
= ! syntax
@ error 42601

SELECT * FROM care.doctor LIMIT -'x'::int
= ! unknown
@ error 22P02

SELECT 'abc'::int
= ! unknown
@ error 22P02

SELECT '2024-13-01'::date
= ! unknown
@ error 22008

SELECT '{1,2'::int[]
= ! unknown
@ error 22P02

SELECT 'angry'::care.mood
= ! unknown
@ error 22P02

SELECT 101::care.percent::text = 'x' AND '{"a"'::jsonb IS NULL
= ! unknown
@ error 22P02

SELECT ROW(1, 2).f1
= ! syntax
@ error 42601

SELECT id FROM care.visit GROUP BY 9
= ! unknown
@ error 42P10

SELECT count(*) OVER (PARTITION BY rank() OVER ()) FROM care.visit
= ! unknown
@ error 42P20

WITH RECURSIVE r AS (SELECT 1 UNION SELECT count(*) FROM r) SELECT * FROM r
= ! unknown
@ error 42P19

SELECT * FROM generate_series(1, 2) AS g (a, b, c)
= ! unknown
@ error 42P10

SELECT lower(1, 2)
= ! missing
@ error 42883
