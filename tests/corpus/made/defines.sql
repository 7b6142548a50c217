-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # defines: made from templates

-- % columns_added

ALTER TABLE shop.orders ADD COLUMN extra int
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ADD COLUMN extra text DEFAULT 'x'
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ADD COLUMN extra timestamptz DEFAULT now()
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ADD COLUMN extra int REFERENCES care.doctor
= define shop.orders; read care.doctor | locks_table
@ acts care.doctor shop.orders locks:care.doctor(ShareRowExclusive),shop.orders(AccessExclusive),shop.orders(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.product ADD COLUMN extra int
= define shop.product | locks_table
@ acts locks:shop.product(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.product ADD COLUMN extra text DEFAULT 'x'
= define shop.product | locks_table
@ acts locks:shop.product(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.product ADD COLUMN extra timestamptz DEFAULT now()
= define shop.product | locks_table
@ acts locks:shop.product(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.product ADD COLUMN extra int REFERENCES care.doctor
= define shop.product; read care.doctor | locks_table
@ acts care.doctor shop.product locks:care.doctor(ShareRowExclusive),shop.product(AccessExclusive),shop.product(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE care.visit ADD COLUMN extra int
= define care.visit | locks_table
@ acts locks:care.visit(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.visit ADD COLUMN extra text DEFAULT 'x'
= define care.visit | locks_table
@ acts locks:care.visit(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.visit ADD COLUMN extra timestamptz DEFAULT now()
= define care.visit | locks_table
@ acts locks:care.visit(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.visit ADD COLUMN extra int REFERENCES care.doctor
= define care.visit; read care.doctor | locks_table
@ acts care.doctor care.visit locks:care.doctor(ShareRowExclusive),care.visit(AccessExclusive),care.visit(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE hr.department ADD COLUMN extra int
= define hr.department | locks_table
@ acts locks:hr.department(AccessExclusive) effects:xid stopped:25006

ALTER TABLE hr.department ADD COLUMN extra text DEFAULT 'x'
= define hr.department | locks_table
@ acts locks:hr.department(AccessExclusive) effects:xid stopped:25006

ALTER TABLE hr.department ADD COLUMN extra timestamptz DEFAULT now()
= define hr.department | locks_table
@ acts locks:hr.department(AccessExclusive) effects:xid stopped:25006

ALTER TABLE hr.department ADD COLUMN extra int REFERENCES care.doctor
= define hr.department; read care.doctor | locks_table
@ acts care.doctor hr.department locks:care.doctor(ShareRowExclusive),hr.department(AccessExclusive),hr.department(ShareRowExclusive) effects:xid stopped:25006

ALTER TABLE shop.import ADD COLUMN extra int
= define shop.import | locks_table
@ acts locks:shop.import(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.import ADD COLUMN extra text DEFAULT 'x'
= define shop.import | locks_table
@ acts locks:shop.import(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.import ADD COLUMN extra timestamptz DEFAULT now()
= define shop.import | locks_table
@ acts locks:shop.import(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.import ADD COLUMN extra int REFERENCES care.doctor
= define shop.import; read care.doctor | locks_table
@ acts care.doctor shop.import locks:care.doctor(ShareRowExclusive),shop.import(AccessExclusive),shop.import(ShareRowExclusive) effects:xid stopped:25006

-- % columns_altered

ALTER TABLE shop.orders ALTER COLUMN total SET DEFAULT 1
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ALTER COLUMN total DROP DEFAULT
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ALTER COLUMN total DROP NOT NULL
= define shop.orders | locks_table
@ acts locks:shop.orders(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.orders ALTER COLUMN total TYPE numeric
= define shop.orders | locks_table
@ fails 0A000

ALTER TABLE shop.item ALTER COLUMN price SET DEFAULT 1
= define shop.item | locks_table
@ acts locks:shop.item(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.item ALTER COLUMN price DROP DEFAULT
= define shop.item | locks_table
@ acts locks:shop.item(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.item ALTER COLUMN price DROP NOT NULL
= define shop.item | locks_table
@ acts locks:shop.item(AccessExclusive) effects:xid stopped:25006

ALTER TABLE shop.item ALTER COLUMN price TYPE numeric
= define shop.item | locks_table
@ fails 0A000

ALTER TABLE care.visit ALTER COLUMN fee SET DEFAULT 1
= define care.visit | locks_table
@ acts locks:care.visit(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.visit ALTER COLUMN fee DROP DEFAULT
= define care.visit | locks_table
@ acts locks:care.visit(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.visit ALTER COLUMN fee DROP NOT NULL
= define care.visit | locks_table
@ acts locks:care.visit(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.visit ALTER COLUMN fee TYPE numeric
= define care.visit | locks_table
@ fails 0A000

ALTER TABLE care.lab ALTER COLUMN value SET DEFAULT 1
= define care.lab | locks_table
@ acts locks:care.lab(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.lab ALTER COLUMN value DROP DEFAULT
= define care.lab | locks_table
@ acts locks:care.lab(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.lab ALTER COLUMN value DROP NOT NULL
= define care.lab | locks_table
@ acts locks:care.lab(AccessExclusive) effects:xid stopped:25006

ALTER TABLE care.lab ALTER COLUMN value TYPE numeric
= define care.lab | locks_table
@ acts locks:care.lab(AccessExclusive),care.lab(Share) effects:xid stopped:25006

ALTER TABLE hr.department ALTER COLUMN budget SET DEFAULT 1
= define hr.department | locks_table
@ acts locks:hr.department(AccessExclusive) effects:xid stopped:25006

ALTER TABLE hr.department ALTER COLUMN budget DROP DEFAULT
= define hr.department | locks_table
@ acts locks:hr.department(AccessExclusive) effects:xid stopped:25006

ALTER TABLE hr.department ALTER COLUMN budget DROP NOT NULL
= define hr.department | locks_table
@ acts locks:hr.department(AccessExclusive) effects:xid stopped:25006

ALTER TABLE hr.department ALTER COLUMN budget TYPE numeric
= define hr.department | locks_table
@ acts locks:hr.department(AccessExclusive) effects:xid stopped:25006

-- % renames

ALTER TABLE shop.orders RENAME TO other
= define shop.orders | locks_table
@ acts locks:shop.other(AccessExclusive) effects:xid stopped:25006

ALTER TABLE IF EXISTS care.visit RENAME TO other
= define care.visit | locks_table
@ acts locks:care.other(AccessExclusive) effects:xid stopped:25006

ALTER VIEW shop.cheap RENAME TO other
= define shop.cheap | locks_table
@ acts locks:shop.other(AccessExclusive) effects:xid stopped:25006

ALTER INDEX shop.orders_pkey RENAME TO other
= define index:shop.orders_pkey shop.orders | locks_table
@ acts effects:xid stopped:25006

ALTER SEQUENCE shop.numbers RENAME TO other
= define sequence:shop.numbers | locks_table
@ acts locks:shop.other(AccessExclusive) effects:xid stopped:25006

ALTER TYPE care.mood RENAME TO other
= define type:care.mood | locks_table
@ acts effects:xid stopped:25006

ALTER SCHEMA app RENAME TO other
= define schema:app app.flag | locks_table
@ acts effects:xid stopped:25006

ALTER DOMAIN care.percent RENAME TO other
= define type:care.percent | locks_table
@ acts effects:xid stopped:25006

ALTER MATERIALIZED VIEW care.incomes RENAME TO other
= ! closed
@ acts locks:care.other(AccessExclusive) effects:xid stopped:25006

-- % drops

DROP TABLE shop.item
= define shop.item | locks_table
@ fails 2BP01

DROP TABLE care.lab, care.log
= define sequence:care.log_id_seq care.lab care.log | locks_table
@ fails 2BP01

DROP VIEW care.busiest
= define care.busiest | locks_table
@ acts effects:xid stopped:25006

DROP TABLE IF EXISTS nothing_there
= define care.nothing_there | locks_table
@ reads effects:notice

DROP INDEX shop.product_words_idx
= define index:shop.product_words_idx shop.product | locks_table
@ acts locks:shop.product(AccessExclusive) effects:xid stopped:25006

DROP TYPE shop.address
= define type:shop.address | locks_table
@ fails 2BP01

DROP DOMAIN care.percent
= define type:care.percent | locks_table
@ fails 2BP01

DROP TABLE hr.absence RESTRICT
= define hr.absence | locks_table
@ acts locks:hr.employee(AccessExclusive) effects:xid stopped:25006

DROP VIEW shop.placed
= define shop.placed | locks_table
@ acts effects:xid stopped:25006

DROP TABLE shop.event_rest
= define shop.event_rest | locks_table
@ acts locks:shop.event(AccessExclusive) effects:xid stopped:25006

-- % indexes

CREATE INDEX ON shop.product (title)
= define shop.product | locks_table
@ acts locks:shop.product(Share) effects:xid stopped:25006

CREATE INDEX ON shop.product (lower(title))
= define shop.product | locks_table
@ acts locks:shop.product(Share) effects:xid stopped:25006

CREATE INDEX ON shop.product USING hash (title)
= define shop.product | locks_table
@ acts locks:shop.product(Share) effects:xid stopped:25006

CREATE INDEX ON shop.product (title DESC NULLS LAST) WHERE title IS NOT NULL
= define shop.product | locks_table
@ acts locks:shop.product(Share) effects:xid stopped:25006

CREATE INDEX ON care.visit (memo)
= define care.visit | locks_table
@ acts locks:care.visit(Share) effects:xid stopped:25006

CREATE INDEX ON care.visit (lower(memo))
= define care.visit | locks_table
@ acts locks:care.visit(Share) effects:xid stopped:25006

CREATE INDEX ON care.visit USING hash (memo)
= define care.visit | locks_table
@ acts locks:care.visit(Share) effects:xid stopped:25006

CREATE INDEX ON care.visit (memo DESC NULLS LAST) WHERE memo IS NOT NULL
= define care.visit | locks_table
@ acts locks:care.visit(Share) effects:xid stopped:25006

CREATE INDEX ON shop.event (path)
= define shop.event | locks_table
@ acts locks:shop.event(Share) effects:xid stopped:25006

CREATE INDEX ON shop.event (lower(path))
= define shop.event | locks_table
@ acts locks:shop.event(Share) effects:xid stopped:25006

CREATE INDEX ON shop.event USING hash (path)
= define shop.event | locks_table
@ acts locks:shop.event(Share) effects:xid stopped:25006

CREATE INDEX ON shop.event (path DESC NULLS LAST) WHERE path IS NOT NULL
= define shop.event | locks_table
@ acts locks:shop.event(Share) effects:xid stopped:25006

CREATE INDEX ON care.doctor (name)
= define care.doctor | locks_table
@ acts locks:care.doctor(Share) effects:xid stopped:25006

CREATE INDEX ON care.doctor (lower(name))
= define care.doctor | locks_table
@ acts locks:care.doctor(Share) effects:xid stopped:25006

CREATE INDEX ON care.doctor USING hash (name)
= define care.doctor | locks_table
@ acts locks:care.doctor(Share) effects:xid stopped:25006

CREATE INDEX ON care.doctor (name DESC NULLS LAST) WHERE name IS NOT NULL
= define care.doctor | locks_table
@ acts locks:care.doctor(Share) effects:xid stopped:25006

CREATE INDEX ON hr.absence (reason)
= define hr.absence | locks_table
@ acts locks:hr.absence(Share) effects:xid stopped:25006

CREATE INDEX ON hr.absence (lower(reason))
= define hr.absence | locks_table
@ acts locks:hr.absence(Share) effects:xid stopped:25006

CREATE INDEX ON hr.absence USING hash (reason)
= define hr.absence | locks_table
@ acts locks:hr.absence(Share) effects:xid stopped:25006

CREATE INDEX ON hr.absence (reason DESC NULLS LAST) WHERE reason IS NOT NULL
= define hr.absence | locks_table
@ acts locks:hr.absence(Share) effects:xid stopped:25006

-- % created

CREATE TABLE app.n (a int)
= define app.n
@ acts locks:app.n(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a serial)
= define app.n
@ acts app.n locks:app.n(AccessExclusive),app.n_a_seq(AccessExclusive),app.n_a_seq(RowExclusive),app.n_a_seq(ShareRowExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a int, PRIMARY KEY (a))
= define app.n
@ acts locks:app.n(AccessExclusive),app.n(Share) effects:xid stopped:25006

CREATE TABLE app.n (a text UNIQUE)
= define app.n
@ acts locks:app.n(AccessExclusive),app.n(Share) effects:xid stopped:25006

CREATE TABLE app.n (a date, b date, CHECK (a < b))
= define app.n
@ acts locks:app.n(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a int REFERENCES shop.product)
= define app.n; read shop.product
@ acts app.n shop.product locks:app.n(AccessExclusive),app.n(ShareRowExclusive),shop.product(ShareRowExclusive) effects:xid stopped:25006

CREATE TABLE app.n (LIKE shop.region)
= define app.n; read shop.region
@ acts shop.region locks:app.n(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a int GENERATED ALWAYS AS IDENTITY)
= define app.n
@ acts app.n locks:app.n(AccessExclusive),app.n_a_seq(AccessExclusive),app.n_a_seq(RowExclusive),app.n_a_seq(ShareRowExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a int, b int GENERATED ALWAYS AS (a + 1) STORED)
= define app.n
@ acts locks:app.n(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a shop.state DEFAULT 'cart')
= define app.n
@ acts locks:app.n(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a int[] NOT NULL)
= define app.n
@ acts locks:app.n(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a uuid DEFAULT gen_random_uuid())
= define app.n
@ acts locks:app.n(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a text COLLATE "C")
= define app.n
@ acts locks:app.n(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.n (a int, EXCLUDE (a WITH =))
= define app.n
@ acts locks:app.n(AccessExclusive),app.n(Share) effects:xid stopped:25006

CREATE TABLE app.n (a varchar(5)[], b shop.address)
= define app.n
@ acts locks:app.n(AccessExclusive) effects:xid stopped:25006

-- % views_made

CREATE OR REPLACE VIEW app.v AS SELECT state, max(total) AS m FROM shop.orders GROUP BY 1
= define app.v; read shop.orders
@ acts shop.orders locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT category, max(price) AS m FROM shop.product GROUP BY 1
= define app.v; read shop.product
@ acts shop.product locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT product_id, max(quantity) AS m FROM shop.item GROUP BY 1
= define app.v; read shop.item
@ acts shop.item locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT kind, max(ms) AS m FROM shop.event GROUP BY 1
= define app.v; read shop.event
@ acts shop.event locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT doctor_id, max(fee) AS m FROM care.visit GROUP BY 1
= define app.v; read care.visit
@ acts care.visit locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT kind, max(value) AS m FROM care.lab GROUP BY 1
= define app.v; read care.lab
@ acts care.lab locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT speciality, max(rating) AS m FROM care.doctor GROUP BY 1
= define app.v; read care.doctor
@ acts care.doctor locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT warehouse, max(quantity) AS m FROM shop.stock GROUP BY 1
= define app.v; read shop.stock
@ acts shop.stock locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT grade, max(bonus) AS m FROM hr.employee GROUP BY 1
= define app.v; read hr.employee | tags_must_be_reviewed
@ acts hr.employee locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT memo, max(score) AS m FROM care.visit GROUP BY 1
= define app.v; read care.visit
@ acts care.visit locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT order_id, max(line) AS m FROM shop.item GROUP BY 1
= define app.v; read shop.item
@ acts shop.item locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT currency, max(total) AS m FROM shop.orders GROUP BY 1
= define app.v; read shop.orders
@ acts shop.orders locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT category, max(weight) AS m FROM shop.product GROUP BY 1
= define app.v; read shop.product
@ acts shop.product locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT path, max(customer_id) AS m FROM shop.event GROUP BY 1
= define app.v; read shop.event
@ acts shop.event locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT name, max(visits) AS m FROM care.busy GROUP BY 1
= define app.v; read care.doctor care.visit care.busy | via_view
@ acts care.busy locks:app.v(AccessExclusive) effects:xid stopped:25006

CREATE OR REPLACE VIEW app.v AS SELECT day, max(n) AS m FROM shop.daily GROUP BY 1
= define app.v; read shop.orders shop.daily | via_view
@ acts shop.daily locks:app.v(AccessExclusive) effects:xid stopped:25006

-- % ctas

CREATE TABLE app.m AS SELECT state, count(total) AS n FROM shop.orders GROUP BY 1 WITH NO DATA
= define app.m; read shop.orders
@ acts shop.orders locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.m AS SELECT product_id, count(quantity) AS n FROM shop.item GROUP BY 1 WITH NO DATA
= define app.m; read shop.item
@ acts shop.item locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.m AS SELECT doctor_id, count(fee) AS n FROM care.visit GROUP BY 1 WITH DATA
= define app.m; read care.visit
@ acts care.visit changes:app.m(+9) locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.m AS SELECT warehouse, count(quantity) AS n FROM shop.stock GROUP BY 1 WITH NO DATA
= define app.m; read shop.stock
@ acts shop.stock locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.m AS SELECT memo, count(score) AS n FROM care.visit GROUP BY 1 WITH DATA
= define app.m; read care.visit
@ acts care.visit changes:app.m(+97) locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.m AS SELECT category, count(weight) AS n FROM shop.product GROUP BY 1 WITH NO DATA
= define app.m; read shop.product
@ acts shop.product locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE TABLE app.m AS SELECT name, count(visits) AS n FROM care.busy GROUP BY 1 WITH NO DATA
= define app.m; read care.doctor care.visit care.busy | via_view
@ acts care.busy locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW app.m AS SELECT state, count(total) AS n FROM shop.orders GROUP BY 1 WITH DATA
= define app.m; read shop.orders
@ acts shop.orders changes:app.m(+6) locks:app.m(AccessExclusive),app.m(Exclusive),app.m(Share) effects:xid stopped:25006
@[15,16] acts shop.orders changes:app.m(+6) locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW app.m AS SELECT kind, count(ms) AS n FROM shop.event GROUP BY 1 WITH NO DATA
= define app.m; read shop.event
@ acts shop.event locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW app.m AS SELECT kind, count(value) AS n FROM care.lab GROUP BY 1 WITH DATA
= define app.m; read care.lab
@ acts care.lab changes:app.m(+2) locks:app.m(AccessExclusive),app.m(Exclusive),app.m(Share) effects:xid stopped:25006
@[15,16] acts care.lab changes:app.m(+2) locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW app.m AS SELECT grade, count(bonus) AS n FROM hr.employee GROUP BY 1 WITH NO DATA
= define app.m; read hr.employee | tags_must_be_reviewed
@ acts hr.employee locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW app.m AS SELECT order_id, count(line) AS n FROM shop.item GROUP BY 1 WITH NO DATA
= define app.m; read shop.item
@ acts shop.item locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW app.m AS SELECT category, count(weight) AS n FROM shop.product GROUP BY 1 WITH DATA
= define app.m; read shop.product
@ acts shop.product changes:app.m(+4) locks:app.m(AccessExclusive),app.m(Exclusive),app.m(Share) effects:xid stopped:25006
@[15,16] acts shop.product changes:app.m(+4) locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE MATERIALIZED VIEW app.m AS SELECT day, count(n) AS n FROM shop.daily GROUP BY 1 WITH NO DATA
= define app.m; read shop.orders shop.daily | via_view
@ acts shop.daily locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE UNLOGGED TABLE app.m AS SELECT category, count(price) AS n FROM shop.product GROUP BY 1 WITH DATA
= define app.m; read shop.product
@ acts shop.product changes:app.m(+4) locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE UNLOGGED TABLE app.m AS SELECT doctor_id, count(fee) AS n FROM care.visit GROUP BY 1 WITH NO DATA
= define app.m; read care.visit
@ acts care.visit locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE UNLOGGED TABLE app.m AS SELECT speciality, count(rating) AS n FROM care.doctor GROUP BY 1 WITH NO DATA
= define app.m; read care.doctor
@ acts care.doctor locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE UNLOGGED TABLE app.m AS SELECT grade, count(bonus) AS n FROM hr.employee GROUP BY 1 WITH DATA
= define app.m; read hr.employee | tags_must_be_reviewed
@ acts hr.employee changes:app.m(+4) locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE UNLOGGED TABLE app.m AS SELECT currency, count(total) AS n FROM shop.orders GROUP BY 1 WITH NO DATA
= define app.m; read shop.orders
@ acts shop.orders locks:app.m(AccessExclusive) effects:xid stopped:25006

CREATE UNLOGGED TABLE app.m AS SELECT path, count(customer_id) AS n FROM shop.event GROUP BY 1 WITH DATA
= define app.m; read shop.event
@ acts shop.event changes:app.m(+6) locks:app.m(AccessExclusive) effects:xid stopped:25006

-- % comments

COMMENT ON TABLE shop.item IS 'text'
= define shop.item
@ acts locks:shop.item(ShareUpdateExclusive) effects:xid stopped:25006

COMMENT ON COLUMN shop.item.line IS 'text'
= define shop.item
@ acts locks:shop.item(ShareUpdateExclusive) effects:xid stopped:25006

COMMENT ON VIEW shop.cheap IS 'text'
= define shop.cheap
@ acts locks:shop.cheap(ShareUpdateExclusive) effects:xid stopped:25006

COMMENT ON INDEX shop.orders_pkey IS 'text'
= define index:shop.orders_pkey shop.orders
@ acts effects:xid stopped:25006

COMMENT ON SEQUENCE shop.numbers IS 'text'
= define sequence:shop.numbers
@ acts locks:shop.numbers(ShareUpdateExclusive) effects:xid stopped:25006

COMMENT ON TYPE care.mood IS 'text'
= define type:care.mood
@ acts effects:xid stopped:25006

COMMENT ON DOMAIN care.percent IS 'text'
= define type:care.percent
@ acts effects:xid stopped:25006

COMMENT ON SCHEMA care IS 'text'
= define schema:care
@ acts effects:xid stopped:25006

COMMENT ON MATERIALIZED VIEW care.incomes IS 'text'
= ! closed
@ acts locks:care.incomes(ShareUpdateExclusive) effects:xid stopped:25006

COMMENT ON CONSTRAINT item_pkey ON shop.item IS 'text'
= define shop.item
@ acts shop.item effects:xid stopped:25006

COMMENT ON FUNCTION app.twice(int) IS 'text'
= define function:app.twice | replaces_code
@ acts effects:xid stopped:25006

COMMENT ON TRIGGER stamped ON shop.orders IS 'text'
= define shop.orders | replaces_code
@ acts shop.orders effects:xid stopped:25006

COMMENT ON POLICY mine ON care.tenant IS 'text'
= define care.tenant | replaces_code
@ acts care.tenant effects:xid stopped:25006
