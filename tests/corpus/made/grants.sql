-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # grants: made from templates

-- % granted

GRANT SELECT ON shop.orders TO pg_monitor
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT SELECT ON TABLE care.doctor, care.lab TO postgres
= grant care.doctor care.lab
@ acts care.doctor care.lab effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT SELECT ON TABLE care.doctor, care.lab TO pg_monitor
= grant care.doctor care.lab
@ acts care.doctor care.lab effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT SELECT ON ALL TABLES IN SCHEMA hr TO pg_monitor
= grant schema:hr hr.Odd_name hr.absence hr.department hr.employee hr.tree | tags_must_be_reviewed
@ acts effects:xid stopped:25006

GRANT INSERT, UPDATE ON shop.orders TO postgres
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT INSERT, UPDATE ON TABLE care.doctor, care.lab TO postgres
= grant care.doctor care.lab
@ acts care.doctor care.lab effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT INSERT, UPDATE ON TABLE care.doctor, care.lab TO pg_monitor
= grant care.doctor care.lab
@ acts care.doctor care.lab effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA hr TO pg_monitor
= grant schema:hr hr.Odd_name hr.absence hr.department hr.employee hr.tree | tags_must_be_reviewed
@ acts effects:xid stopped:25006

GRANT DELETE, TRUNCATE ON shop.orders TO postgres
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT DELETE, TRUNCATE ON TABLE care.doctor, care.lab TO postgres
= grant care.doctor care.lab
@ acts care.doctor care.lab effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT DELETE, TRUNCATE ON TABLE care.doctor, care.lab TO pg_monitor
= grant care.doctor care.lab
@ acts care.doctor care.lab effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT DELETE, TRUNCATE ON ALL TABLES IN SCHEMA hr TO postgres
= grant schema:hr hr.Odd_name hr.absence hr.department hr.employee hr.tree | tags_must_be_reviewed
@ acts effects:xid stopped:25006

GRANT ALL ON shop.orders TO postgres
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT ALL ON shop.orders TO pg_monitor
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT ALL ON TABLE care.doctor, care.lab TO pg_monitor
= grant care.doctor care.lab
@ acts care.doctor care.lab effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT ALL ON ALL TABLES IN SCHEMA hr TO postgres
= grant schema:hr hr.Odd_name hr.absence hr.department hr.employee hr.tree | tags_must_be_reviewed
@ acts effects:xid stopped:25006

GRANT REFERENCES ON shop.orders TO postgres
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT REFERENCES ON shop.orders TO pg_monitor
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT REFERENCES ON TABLE care.doctor, care.lab TO pg_monitor
= grant care.doctor care.lab
@ acts care.doctor care.lab effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

GRANT REFERENCES ON ALL TABLES IN SCHEMA hr TO postgres
= grant schema:hr hr.Odd_name hr.absence hr.department hr.employee hr.tree | tags_must_be_reviewed
@ acts effects:xid stopped:25006

-- % revoked

REVOKE SELECT ON shop.orders FROM postgres RESTRICT
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE SELECT ON shop.orders FROM postgres CASCADE
= ! unknown
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE SELECT ON shop.orders FROM pg_monitor RESTRICT
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE SELECT ON shop.orders FROM pg_monitor CASCADE
= ! unknown
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE SELECT ON SEQUENCE shop.numbers FROM postgres RESTRICT
= grant sequence:shop.numbers
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE SELECT ON SEQUENCE shop.numbers FROM pg_monitor RESTRICT
= grant sequence:shop.numbers
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE SELECT ON SEQUENCE shop.numbers FROM pg_monitor CASCADE
= ! unknown
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE GRANT OPTION FOR UPDATE ON shop.orders FROM postgres RESTRICT
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE GRANT OPTION FOR UPDATE ON shop.orders FROM postgres CASCADE
= ! unknown
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE GRANT OPTION FOR UPDATE ON shop.orders FROM pg_monitor RESTRICT
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE GRANT OPTION FOR UPDATE ON SEQUENCE shop.numbers FROM postgres RESTRICT
= grant sequence:shop.numbers
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE GRANT OPTION FOR UPDATE ON SEQUENCE shop.numbers FROM postgres CASCADE
= ! unknown
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE GRANT OPTION FOR UPDATE ON SEQUENCE shop.numbers FROM pg_monitor RESTRICT
= grant sequence:shop.numbers
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE GRANT OPTION FOR UPDATE ON SEQUENCE shop.numbers FROM pg_monitor CASCADE
= ! unknown
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE ALL PRIVILEGES ON shop.orders FROM postgres RESTRICT
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE ALL PRIVILEGES ON shop.orders FROM pg_monitor RESTRICT
= grant shop.orders
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE ALL PRIVILEGES ON shop.orders FROM pg_monitor CASCADE
= ! unknown
@ acts shop.orders effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE ALL PRIVILEGES ON SEQUENCE shop.numbers FROM postgres RESTRICT
= grant sequence:shop.numbers
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE ALL PRIVILEGES ON SEQUENCE shop.numbers FROM postgres CASCADE
= ! unknown
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006

REVOKE ALL PRIVILEGES ON SEQUENCE shop.numbers FROM pg_monitor RESTRICT
= grant sequence:shop.numbers
@ acts shop.numbers effects:xid stopped:25006
@[15,16,17] acts effects:xid stopped:25006
