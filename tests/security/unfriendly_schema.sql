-- What no parser can know: types, operators, casts, aggregates and functions of users and of extensions.
CREATE SCHEMA shop;
CREATE TABLE shop.contact (customer_id int PRIMARY KEY, mail text, phone text);
CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE shop.size AS (width int, height int);
CREATE TYPE shop.parcel AS (id int, size shop.size, tags text[]);
CREATE DOMAIN shop.percent AS numeric CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN shop.code AS text CHECK (VALUE ~ '^[A-Z]{2}[0-9]+$');
CREATE DOMAIN shop.codes AS shop.code[] CHECK (cardinality(VALUE) < 9);
CREATE FUNCTION shop.even(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 2 = 0';
CREATE DOMAIN shop.pair AS int CHECK (shop.even(VALUE));
CREATE TYPE shop.span AS RANGE (SUBTYPE = float8);
CREATE FUNCTION shop.area(s shop.size) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT (s).width * (s).height';
CREATE FUNCTION shop.surface(shop.size) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1.width * $1.height';
CREATE FUNCTION shop.fits(shop.size, shop.size) RETURNS bool LANGUAGE sql IMMUTABLE
    AS 'SELECT ($1).width <= ($2).width AND ($1).height <= ($2).height';
CREATE OPERATOR shop.<<| (LEFTARG = shop.size, RIGHTARG = shop.size, FUNCTION = shop.fits);
CREATE FUNCTION shop.plus(int, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text || $2';
CREATE OPERATOR shop.+ (LEFTARG = int, RIGHTARG = text, FUNCTION = shop.plus);
CREATE FUNCTION shop.to_size(int) RETURNS shop.size LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, $1)::shop.size';
CREATE CAST (int AS shop.size) WITH FUNCTION shop.to_size(int);
CREATE FUNCTION shop.larger(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT greatest($1, $2)';
CREATE AGGREGATE shop.top(int) (SFUNC = shop.larger, STYPE = int);
CREATE AGGREGATE shop.joined(anycompatible) (SFUNC = array_append, STYPE = anycompatiblearray, INITCOND = '{}');
CREATE AGGREGATE shop.product(float8) (SFUNC = float8mul, STYPE = float8, INITCOND = '1');
CREATE FUNCTION shop.clean(text) RETURNS text LANGUAGE sql IMMUTABLE RETURN lower(btrim($1));
CREATE FUNCTION shop.initials(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT upper(string_agg(left(w, 1), '' )) FROM unnest(string_to_array($1, ' ')) AS w $$;
CREATE FUNCTION shop.fiscal(d date) RETURNS int LANGUAGE sql IMMUTABLE
    AS 'SELECT CASE WHEN extract(month FROM d) >= 7 THEN extract(year FROM d)::int + 1 ELSE extract(year FROM d)::int END';
CREATE FUNCTION shop.quarter(date) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT 'Q' || extract(quarter FROM $1) || '/' || shop.fiscal($1) $$;
CREATE FUNCTION shop.identity(anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION shop.slow(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END';
CREATE FUNCTION shop.rows(int) RETURNS SETOF int LANGUAGE sql IMMUTABLE AS 'SELECT generate_series(1, $1)';
CREATE TABLE shop.item (
    id int PRIMARY KEY, mood shop.mood, size shop.size, share shop.percent, code shop.code, codes shop.codes, pair shop.pair,
    span shop.span, name text, at date, parcel shop.parcel, moods shop.mood[]
);
CREATE FUNCTION shop.item_count(int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM shop.item WHERE id < $1';
CREATE VIEW shop.happy AS SELECT id, mood, shop.clean(name) AS name, shop.quarter(at) AS quarter FROM shop.item WHERE mood > 'sad';
INSERT INTO shop.item SELECT n, (ARRAY['sad','ok','happy'])[1 + n % 3]::shop.mood, ROW(n, n + 1)::shop.size, n, 'DE' || n,
    ARRAY['FR1', 'IT' || n]::shop.codes, n * 2, shop.span(n, n + 1.5), ' Item ' || n, date '2025-01-01' + n * 20,
    ROW(n, ROW(1, n)::shop.size, ARRAY['a'])::shop.parcel, ARRAY['ok','sad']::shop.mood[] FROM generate_series(1, 30) n;
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'hstore') THEN
        CREATE SCHEMA ext; GRANT USAGE ON SCHEMA ext TO PUBLIC;
        CREATE EXTENSION hstore SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION pg_trgm SCHEMA ext;
        CREATE EXTENSION ltree SCHEMA ext; CREATE EXTENSION btree_gist SCHEMA ext; CREATE EXTENSION unaccent SCHEMA ext;
        CREATE EXTENSION fuzzystrmatch SCHEMA ext; CREATE EXTENSION intarray SCHEMA ext; CREATE EXTENSION cube SCHEMA ext;
        CREATE EXTENSION earthdistance SCHEMA ext; CREATE EXTENSION pgcrypto SCHEMA ext; CREATE EXTENSION "uuid-ossp" SCHEMA ext;
        CREATE EXTENSION tablefunc SCHEMA ext; CREATE EXTENSION dblink SCHEMA ext; CREATE EXTENSION isn SCHEMA ext;
        CREATE EXTENSION xml2 SCHEMA ext; CREATE EXTENSION pgstattuple SCHEMA ext;
        SET search_path = ext, shop;
        CREATE TABLE shop.thing (id int PRIMARY KEY, props hstore, mail citext, path ltree, place cube, book isbn13, nums int[]);
        INSERT INTO shop.thing SELECT n, hstore('a', n::text) || hstore('b', NULL), 'Word' || n, ('top.' || n % 3 || '.x' || n)::ltree,
            cube(ARRAY[n, n]), '978-0-393-04002-9', ARRAY[n, n + 1] FROM generate_series(1, 12) n;
        CREATE INDEX ON shop.thing USING gist (path);
    END IF;
END $$;
GRANT USAGE ON SCHEMA shop TO PUBLIC;
