-- Everything that masks must cope with; its tags stand in tests/integration/modes.py.
CREATE SCHEMA care;
CREATE TYPE care.level AS ENUM ('low', 'high');
CREATE DOMAIN care.mail AS text CHECK (VALUE LIKE '%@%');
CREATE TYPE care.address AS (street text, city text);
CREATE TABLE care.member (
  id int PRIMARY KEY, plan text, mail care.mail, passport varchar(12), born date, income numeric(10, 2), card bigint,
  ref uuid, net inet, note text, prefs jsonb, level care.level, home care.address, phones text[], pin int,
  mail_low text GENERATED ALWAYS AS (lower(mail)) STORED);
INSERT INTO care.member (id, plan, mail, passport, born, income, card, ref, net, note, prefs, level, home, phones, pin)
SELECT n, chr(96 + n % 3), 'm' || n % 7 || '@x.test', 'P' || lpad(n::text, 9, '0'), date '1970-01-01' + n * 300,
       40000 + n * 1234.5, 4111111111110000 + n % 5, ('00000000-0000-0000-0000-0000000000' || lpad(n::text, 2, '0'))::uuid,
       ('10.1.' || n || '.7')::inet, 'note ' || n, jsonb_build_object('a', n, 'b', jsonb_build_object('c', n)),
       CASE n % 2 WHEN 0 THEN 'low' ELSE 'high' END::care.level, ROW('s' || n, 'c' || n)::care.address,
       ARRAY['+49' || n, '+44' || n], n * 7
  FROM generate_series(1, 20) n;
INSERT INTO care.member (id, plan) VALUES (21, 'a');
CREATE TABLE care.visit (id int PRIMARY KEY, member_id int REFERENCES care.member, fee numeric, memo text, at date);
INSERT INTO care.visit SELECT n, 1 + n % 21, n * 2.5, 'memo ' || n, date '2024-01-01' + n FROM generate_series(1, 60) n;
CREATE TABLE care.person (id int, name text, mail text);
CREATE TABLE care.worker (job text, wage int) INHERITS (care.person);
INSERT INTO care.person SELECT n, 'p' || n, 'm' || n || '@x.test' FROM generate_series(1, 6) n;
INSERT INTO care.worker SELECT n, 'w' || n, 'm' || n || '@x.test', 'j' || n % 2, n * 100 FROM generate_series(7, 12) n;
CREATE TABLE care.event (at date, kind text, mail text) PARTITION BY RANGE (at);
CREATE TABLE care.event_23 PARTITION OF care.event FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE care.event_24 (mail text, kind text, at date);
ALTER TABLE care.event ATTACH PARTITION care.event_24 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO care.event SELECT date '2023-06-01' + n * 30, 'k' || n % 3, 'm' || n || '@x.test' FROM generate_series(1, 15) n;
CREATE TABLE care."Odd .name" ("Weird "" col" text, "from" int, "é ü" text);
INSERT INTO care."Odd .name" VALUES ('m1@x.test', 1, 'x'), ('m2@x.test', 2, 'y'), (NULL, 3, NULL);
CREATE VIEW care.contact AS SELECT id, mail, plan FROM care.member;
CREATE VIEW care.contact_plan AS SELECT c.plan, c.mail, v.fee FROM care.contact c JOIN care.visit v ON v.member_id = c.id;
CREATE VIEW care.totals AS SELECT mail, sum(fee) AS fee, count(*) AS n FROM care.contact_plan GROUP BY mail;
CREATE VIEW care.whole AS SELECT m.id, to_jsonb(m) AS document FROM care.member m;
CREATE VIEW care.people AS SELECT id, mail FROM care.member UNION ALL SELECT id, mail FROM care.person;
CREATE VIEW care.steps AS WITH x AS (SELECT id, mail FROM care.member WHERE id < 9) SELECT x.id, x.mail, l.fee
  FROM x, LATERAL (SELECT v.fee FROM care.visit v WHERE v.member_id = x.id ORDER BY v.fee LIMIT 1) l;
CREATE VIEW care.only_people AS SELECT id, mail FROM ONLY care.person;
CREATE VIEW care.odd AS SELECT "Weird "" col" AS "W", "é ü" FROM care."Odd .name" "Odd";
CREATE VIEW care.plans AS SELECT id, plan FROM care.member;
CREATE TABLE public.member (id int, mail text);
INSERT INTO public.member VALUES (1, 'public'), (2, 'shadow');
