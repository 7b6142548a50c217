CREATE TABLE care.region (id int PRIMARY KEY, code text UNIQUE, label text GENERATED ALWAYS AS (upper(code)) STORED UNIQUE);
CREATE TABLE care.office (id int PRIMARY KEY, region text REFERENCES care.region (code) ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE care.sign (id int PRIMARY KEY, label text REFERENCES care.region (label) ON UPDATE NO ACTION ON DELETE CASCADE);
CREATE TABLE care.desk (id int PRIMARY KEY, office int REFERENCES care.office ON DELETE SET DEFAULT, line text DEFAULT 'x');
CREATE TABLE care.chain (id int PRIMARY KEY, code text REFERENCES care.region (code) ON UPDATE SET NULL);
CREATE FUNCTION care.note_desk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER desked AFTER UPDATE ON care.desk FOR EACH ROW EXECUTE FUNCTION care.note_desk();
CREATE TABLE care.early (id int PRIMARY KEY, a int UNIQUE, b int);
CREATE TABLE care.late (id int, a int REFERENCES care.early (a) ON UPDATE CASCADE);
CREATE TRIGGER early BEFORE UPDATE ON care.early FOR EACH ROW EXECUTE FUNCTION care.note_desk();
CREATE TABLE care.event (at date, kind text) PARTITION BY RANGE (at);
CREATE TABLE care.event_1 PARTITION OF care.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE care.event_2 (kind text, at date);
ALTER TABLE care.event ATTACH PARTITION care.event_2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TRIGGER evented AFTER INSERT ON care.event_2 FOR EACH ROW EXECUTE FUNCTION care.note_desk();
CREATE VIEW care.offices AS SELECT id, region FROM care.office WHERE id > 0 WITH CHECK OPTION;
CREATE VIEW care.both AS SELECT o.id, r.code FROM care.office o JOIN care.region r ON r.code = o.region;
CREATE TRIGGER instead INSTEAD OF INSERT ON care.both FOR EACH ROW EXECUTE FUNCTION care.note_desk();
CREATE VIEW care.mails AS SELECT id, mail, plan FROM care.member;
CREATE UNIQUE INDEX ON care.member (passport);
CREATE UNIQUE INDEX ON care.member (lower(mail));
CREATE TABLE care.copying (id int, line text);
CREATE RULE copy AS ON UPDATE TO care.copying DO ALSO INSERT INTO care.log (line) SELECT passport FROM care.member WHERE member.id = NEW.id;
CREATE TABLE care.numbered (id int GENERATED ALWAYS AS IDENTITY, at timestamptz DEFAULT now(), memo text DEFAULT 'none');
CREATE TABLE care.kept (id int, a int);
CREATE RULE kept AS ON DELETE TO care.kept DO INSTEAD NOTHING;
CREATE TABLE care.issued (code text PRIMARY KEY, note text);
CREATE TABLE care.holder (
    id int PRIMARY KEY, plan text, pass text REFERENCES care.issued (code) ON DELETE CASCADE, pay int, born date,
    grade int, CHECK (grade < pay),
    CHECK (plan <> 'gold' OR pay > 10), CHECK (id > 0), UNIQUE (plan, pass), EXCLUDE USING btree (id WITH =, born WITH =)
);
CREATE UNIQUE INDEX ON care.holder (pass);
CREATE TABLE care.badge (id int PRIMARY KEY, pass text REFERENCES care.holder (pass), note text);
CREATE VIEW care.golden AS SELECT id, plan FROM care.holder WHERE pay > 10 WITH CHECK OPTION;
