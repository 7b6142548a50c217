-- Drops over the corpus's schema, one a line: what each takes along is asked of the catalogs and held against what went.
DROP TABLE care.visit CASCADE
DROP TABLE care.visit, care.lab CASCADE
DROP TABLE care.member CASCADE
DROP TABLE care.doctor CASCADE
DROP TABLE care.parent CASCADE
DROP TABLE care.child
DROP TABLE care.tenant
DROP TABLE care.log CASCADE
DROP TABLE shop.event
DROP TABLE shop.event_2024q1
DROP TABLE shop.event CASCADE
DROP TABLE shop.stock CASCADE
DROP TABLE shop.region CASCADE
DROP TABLE shop.customer CASCADE
DROP TABLE shop.product CASCADE
DROP TABLE shop.orders CASCADE
DROP TABLE shop.audit
DROP TABLE shop.import, shop.cache
DROP TABLE IF EXISTS shop.nothing_here, shop.cache
DROP TABLE IF EXISTS nothing_here
DROP TABLE hr.department CASCADE
DROP TABLE hr.employee CASCADE
DROP TABLE hr."Odd name"
DROP TABLE import
DROP VIEW care.busy CASCADE
DROP VIEW care.busiest
DROP VIEW care.busiest, care.busy
DROP VIEW IF EXISTS shop.cheap, shop.never CASCADE
DROP MATERIALIZED VIEW care.incomes
DROP SEQUENCE shop.numbers
DROP TYPE care.mood CASCADE
DROP TYPE shop.state CASCADE
DROP TYPE shop.address CASCADE
DROP TYPE hr.span CASCADE
DROP DOMAIN shop.money CASCADE
DROP DOMAIN care.percent CASCADE
DROP DOMAIN IF EXISTS nowhere, hr.grade CASCADE
DROP FUNCTION app.twice(int)
DROP FUNCTION app.twice
DROP FUNCTION app.log_change() CASCADE
DROP FUNCTION app.near(numeric, numeric) CASCADE
DROP FUNCTION app.add(numeric, numeric) CASCADE
DROP FUNCTION app.label(care.visit)
DROP FUNCTION app.any_first(anyarray)
DROP FUNCTION IF EXISTS app.nope(int[], text), app.band(date)
DROP PROCEDURE app.tidy(int)
DROP ROUTINE app.tidy
DROP ROUTINE app.twice
DROP TRIGGER changed ON shop.customer
DROP TRIGGER IF EXISTS never ON shop.customer
DROP RULE copied ON shop.import
DROP POLICY mine ON care.tenant
DROP SCHEMA app CASCADE
ALTER TABLE shop.product DROP CONSTRAINT product_pkey CASCADE
ALTER TABLE hr.department DROP COLUMN id CASCADE, DROP COLUMN budget
ALTER TABLE care.doctor DROP COLUMN name CASCADE
ALTER TABLE shop.product DROP COLUMN price CASCADE
ALTER TABLE IF EXISTS shop.orders DROP COLUMN state CASCADE
ALTER TABLE shop.orders DROP COLUMN IF EXISTS never CASCADE
