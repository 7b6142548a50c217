-- A shop without personal data in what is asked about it; `contact` alone is tagged.
CREATE SCHEMA shop;
CREATE TABLE shop.customer (
    id int PRIMARY KEY, name text NOT NULL, country char(2), segment text, created_at timestamptz, active bool, score float8
);
CREATE TABLE shop.contact (customer_id int PRIMARY KEY REFERENCES shop.customer, mail text, phone text, kind text);
CREATE TABLE shop.product (
    id int PRIMARY KEY, sku varchar(12) UNIQUE, name text, category text, price numeric(10,2), attrs jsonb, tags text[],
    released date, doc tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(name, ''))) STORED
);
CREATE TABLE shop.orders (
    id bigint PRIMARY KEY, customer_id int REFERENCES shop.customer, ordered_at timestamptz NOT NULL, status text,
    total numeric(12,2), channel text, took interval, note text
);
CREATE TABLE shop.line (
    order_id bigint REFERENCES shop.orders, place int, product_id int REFERENCES shop.product, quantity int,
    price numeric(10,2), PRIMARY KEY (order_id, place)
);
CREATE TABLE shop.event (at timestamptz NOT NULL, kind text, session uuid, ip inet, payload jsonb) PARTITION BY RANGE (at);
CREATE TABLE shop.event_1 PARTITION OF shop.event FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
CREATE TABLE shop.event_2 PARTITION OF shop.event FOR VALUES FROM ('2025-02-01') TO ('2025-04-01');
CREATE TABLE shop.employee (id int PRIMARY KEY, boss int REFERENCES shop.employee, name text, team text, since date);
CREATE TABLE shop.stock (warehouse text, product_id int REFERENCES shop.product, period daterange, amount int);
CREATE TABLE shop.reading (sensor int, at timestamp, value float8, raw bytea);
CREATE TABLE shop.page (id int, path text, body xml, parsed json);
CREATE VIEW shop.revenue AS
    SELECT o.id, o.ordered_at::date AS day, c.country, sum(l.quantity * l.price) AS amount
    FROM shop.orders o JOIN shop.customer c ON c.id = o.customer_id JOIN shop.line l ON l.order_id = o.id GROUP BY 1, 2, 3;
CREATE VIEW shop.daily AS SELECT day, sum(amount) AS amount, count(*) AS orders FROM shop.revenue GROUP BY day;

INSERT INTO shop.customer SELECT n, 'customer ' || n, (ARRAY['DE','FR','IT','US'])[1 + n % 4],
    (ARRAY['small','large',NULL])[1 + n % 3], timestamptz '2024-01-01 00:00Z' + n * interval '31 hours', n % 5 <> 0, n / 7.0::float8
    FROM generate_series(1, 60) n;
INSERT INTO shop.contact SELECT n, 'c' || n || '@example.test', '+49 30 ' || n, 'work' FROM generate_series(1, 60) n;
INSERT INTO shop.product (id, sku, name, category, price, attrs, tags, released)
    SELECT n, 'SKU-' || lpad(n::text, 4, '0'), (ARRAY['red running shoe','blue walking shoe','green tea','black coffee','lamp'])[1 + n % 5],
    (ARRAY['shoes','shoes','food','food','home'])[1 + n % 5], (n * 1.37)::numeric(10,2),
    jsonb_build_object('weight', n * 10, 'colour', (ARRAY['red','blue','green'])[1 + n % 3], 'sizes', jsonb_build_array(n, n + 1),
        'maker', jsonb_build_object('name', 'maker ' || n % 3, 'since', 1990 + n % 7)),
    ARRAY['t' || n % 3, 't' || n % 4], date '2024-03-01' + n FROM generate_series(1, 25) n;
INSERT INTO shop.orders SELECT n, 1 + n % 60, timestamptz '2025-01-01 08:00Z' + n * interval '7 hours 13 minutes',
    (ARRAY['paid','open','shipped','returned'])[1 + n % 4], (n * 3.5)::numeric(12,2), (ARRAY['web','app','shop'])[1 + n % 3],
    n * interval '11 minutes', CASE WHEN n % 6 = 0 THEN NULL ELSE E'line one\nline "two", n°' || n END FROM generate_series(1, 200) n;
INSERT INTO shop.line SELECT n, p, 1 + (n * p) % 25, 1 + (n + p) % 5, ((n + p) * 0.99)::numeric(10,2)
    FROM generate_series(1, 200) n, generate_series(1, 3) p WHERE (n + p) % 4 <> 0;
INSERT INTO shop.event SELECT timestamptz '2025-01-01 00:00Z' + n * interval '11 hours', (ARRAY['view','click','buy'])[1 + n % 3],
    ('00000000-0000-4000-8000-' || lpad((n % 20)::text, 12, '0'))::uuid, ('10.0.' || n % 4 || '.' || n % 200)::inet,
    jsonb_build_object('page', '/p/' || n % 9, 'ms', n * 3) FROM generate_series(1, 150) n;
INSERT INTO shop.employee SELECT n, NULLIF(n / 3, 0), 'employee ' || n, (ARRAY['sales','it'])[1 + n % 2], date '2015-01-01' + 97 * n
    FROM generate_series(1, 26) n;
INSERT INTO shop.stock SELECT (ARRAY['north','south'])[1 + n % 2], 1 + n % 25, daterange(date '2025-01-01' + n, date '2025-01-15' + n), n * 2
    FROM generate_series(1, 60) n;
INSERT INTO shop.reading SELECT n % 4, timestamp '2025-01-01' + n * interval '1 hour', sin(n)::float8, decode(md5(n::text), 'hex')
    FROM generate_series(1, 96) n;
INSERT INTO shop.page VALUES (1, '/a', NULL, '{"b": 1, "a": [1, 2.50, null]}'), (2, '/b', NULL, '[]');
