-- One twin's rows: seed.* differ between the twins, whatever else stands here does not. Every tagged text has one length,
-- so that pages, and with them the order of a scan, are the same.
INSERT INTO care.member (id, plan, mail, passport, born, income, note, prefs, mood, code, card, seen, at, words, codes,
                         contact, boxes, paid, bio, level, flag, raw, spot, span)
SELECT n, chr(97 + n % 4), seed.equal(n, 'mail') || '@' || seed.equal(n, 'host') || '.test',
       seed.word(n, 'passport') || 'tail', seed.day(n), seed.number(n), seed.word(n, 'note') || ' ' || seed.word(n, 'more'),
       jsonb_build_object(seed.word(n, 'key'), seed.word(n, 'prefs'), 'a', jsonb_build_array(seed.number(n)), 'b', n),
       (ARRAY['sad', 'ok', 'happy'])[1 + seed.pick(n, 3)]::care.mood, md5(seed.equal(n, 'code'))::uuid,
       seed.whole(n), seed.host(n), seed.day(n) + interval '8 hours' + n * interval '1 minute',
       to_tsvector('simple', seed.word(n, 'words') || ' ' || seed.word(n, 'other')),
       ARRAY[seed.word(n, 'codes'), seed.word(n, 'codes2')],
       ROW((seed.word(n, 'box') || '@x')::care.mailbox, seed.pick(n, 9000) + 1000, seed.word(n, 'home'))::care.contact,
       ARRAY[seed.word(n, 'boxes') || '@y', seed.word(n, 'boxes2') || '@z']::care.mailbox[], seed.number(n) + 0.25,
       repeat(seed.word(n, 'bio'), 250), 1000 + seed.pick(n, 900), seed.pick(n, 2) = 0,
       convert_to(seed.word(n, 'raw'), 'UTF8'), point(seed.pick(n, 90) + 100, seed.pick(n, 80) + 100),
       int4range(1000 + seed.pick(n, 90), 2000 + seed.pick(n, 90))
  FROM generate_series(1, 40) n;
INSERT INTO care.visit SELECT n, 1 + n % 40, n * 1.5, 'memo ' || n % 7, timestamptz '2024-01-01 00:00+00' + n * interval '1 day',
       ARRAY[n, n % 3], daterange(date '2024-01-01' + n, date '2024-02-01' + n), to_tsvector('simple', 'visit ' || n), n % 900
  FROM generate_series(1, 120) n;
INSERT INTO care.parent SELECT n, 'kind' || n % 3 FROM generate_series(1, 5) n;
INSERT INTO care.child SELECT n, 'kind' || n % 3, 'extra', seed.word(n, 'child') FROM generate_series(6, 12) n;
INSERT INTO care.stem SELECT n, seed.equal(n, 'stem') || '@s.test', 'a' FROM generate_series(1, 5) n;
INSERT INTO care.leaf SELECT n, seed.equal(n, 'leaf') || '@l.test', 'b', seed.word(n, 'leafpass') || 'tail' FROM generate_series(6, 12) n;
INSERT INTO care."Odd name" SELECT n, 'plain ' || n, 'odd', seed.word(n, 'line'), seed.word(n, 'wort') FROM generate_series(1, 8) n;
INSERT INTO "Odd schema"."FROM care.member" SELECT n, seed.word(n, 'relid'), seed.word(n, 'oddmail') FROM generate_series(1, 4) n;
INSERT INTO care.tenant SELECT n, 'us', 'x' FROM generate_series(1, 4) n;
INSERT INTO care.ward SELECT n, CASE WHEN n % 2 = 0 THEN 'us' ELSE 'them' END, seed.word(n, 'ward') FROM generate_series(1, 8) n;
INSERT INTO care.shown SELECT n, 400 + seed.pick(n, 200), seed.word(n, 'shown') FROM generate_series(1, 8) n;
INSERT INTO care.event SELECT n, date '2024-01-01' + n * 5, (ARRAY['login', 'logout', 'buy'])[1 + n % 3],
       seed.word(n, 'event'), seed.whole(n) % 1000000 FROM generate_series(1, 60) n;
INSERT INTO care.grain SELECT n, seed.whole(n) % 1000000 FROM generate_series(1, 5) n;
INSERT INTO care.ledger SELECT n, 'kind' || n % 5, seed.word(n, 'account'), seed.number(n)::int, seed.pick(n, 1000),
       date '2024-01-01' + n % 300, repeat('remark ', 30) FROM generate_series(1, 2500) n;
INSERT INTO care.filed SELECT n, seed.whole(n) % 1000000, seed.word(n, 'filed') FROM generate_series(1, 200) n;
INSERT INTO care.shelf SELECT n, (n * 37) % 200, seed.word(n, 'shelf') FROM generate_series(1, 200) n;
INSERT INTO care.older SELECT n, 'p' || n % 2 FROM generate_series(1, 20) n;
ALTER TABLE care.older ADD COLUMN secret text DEFAULT '{WORD}';
ALTER TABLE care.older ALTER COLUMN secret DROP DEFAULT;
INSERT INTO care.older SELECT n, 'q', seed.word(n, 'older') FROM generate_series(21, 30) n;
INSERT INTO public.customers SELECT n, seed.word(n, 'name'), seed.equal(n, 'email') || '@c.test', '+49' || lpad(seed.whole(n)::text, 10, '5'),
       substr(seed.word(n, 'nid'), 1, 7) || 'tail', seed.day(n), (ARRAY['Rome', 'Oslo'])[1 + n % 2], 'DE', (ARRAY['free', 'pro'])[1 + n % 2],
       seed.word(n, 'notes'), timestamptz '2023-01-01 00:00+00' + n * interval '1 day' FROM generate_series(1, 60) n;
INSERT INTO public.orders SELECT n, 1 + n % 60, (ARRAY['paid', 'pending', 'shipped'])[1 + n % 3],
       timestamptz '2024-01-01 00:00+00' + n * interval '1 hour', 'DE', n * 2.5 FROM generate_series(1, 150) n;
INSERT INTO public.products SELECT n, 'sku' || n, 'thing ' || n, n * 3, jsonb_build_object('w', n) FROM generate_series(1, 20) n;
INSERT INTO public.payments SELECT n, n, 'card', seed.word(n, 'cardno') || 'tail', seed.word(n, 'iban') || 'tail', n FROM generate_series(1, 40) n;
INSERT INTO public.tickets SELECT n, 1 + n % 60, 'subject ' || n, seed.word(n, 'ticket'), timestamptz '2024-05-01 00:00+00' + n * interval '1 day'
  FROM generate_series(1, 40) n;
INSERT INTO hr.employees SELECT n, 'worker ' || n, 'title', 'team' || n % 3 FROM generate_series(1, 12) n;
INSERT INTO hr.payroll SELECT n, seed.number(n), seed.word(n, 'pay') || 'tail' FROM generate_series(1, 12) n;
REFRESH MATERIALIZED VIEW care.mv;
CLUSTER care.filed USING filed_amount;
CLUSTER care.shelf USING shelf_place;
