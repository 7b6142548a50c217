-- Aggregates over the pay of tests/integration/test_aggregates.py: team a has 30 people, b has 12, c has 2; k is 10,
-- steps of 100. "= rows": told; "~": the statement sees masks only. A blank line between.

SELECT avg(income) FROM pay
= 3100

SELECT team, count(income), avg(income), sum(income) FROM pay GROUP BY team ORDER BY team
= a 30 3000 90800 / b 10 3200 38800 / c NULL NULL NULL

SELECT p.team, pg_catalog.avg(p.income) AS mean FROM hr.pay AS p GROUP BY p.team HAVING count(*) > 5 ORDER BY p.team DESC
= b 3200 / a 3000

SELECT avg(hr.pay.income) * 12 FROM hr.pay WHERE team = 'b'
= 38400

SELECT coalesce(sum(income), 0) AS total FROM pay WHERE team = 'c'
= 0

SELECT avg(income) FROM pay WHERE id = 4
= NULL

SELECT avg(income) FROM pay WHERE id < 10
= NULL

SELECT sum("income") FROM "pay" WHERE plan <> 'x' AND id <= $1
= 29300

SELECT count(income) FROM pay
= 40

SELECT team, avg(income) AS a FROM pay GROUP BY team ORDER BY a DESC NULLS LAST LIMIT 1
= b 3200

-- one person counted often, or alone

SELECT sum(p.income) FROM pay p JOIN generate_series(1, 1000) g ON p.id = 4 OR g = 1
~

SELECT sum(p.income) FROM pay p, pay q WHERE p.id = 4
~

SELECT sum(income) FROM (SELECT * FROM pay) x
~

SELECT avg(income) FILTER (WHERE id = 4) FROM pay
~

SELECT avg(DISTINCT income) FROM pay
~

SELECT sum(income * (id = 4)::int) FROM pay
~

SELECT sum(income + 0) FROM pay
~

SELECT avg(income) OVER () FROM pay
~

SELECT max(income) FROM pay
~

SELECT min(income), avg(income) FROM pay
~

SELECT income, avg(income) FROM pay GROUP BY income
~

SELECT avg(income) FROM pay WHERE income > 3000
~

SELECT avg(income) FROM pay HAVING min(income) > 1
~

SELECT avg(income) FROM pay ORDER BY avg(income)
~

SELECT team FROM pay GROUP BY team ORDER BY sum(income)
~

SELECT team FROM pay GROUP BY team HAVING sum(income) > 50000
~

SELECT avg(income), count(name) FROM pay
~

SELECT avg(income), count(p) FROM pay p
~

SELECT avg(income), to_jsonb(array_agg(pay.*)) FROM pay
~

WITH p AS (SELECT * FROM pay) SELECT avg(income) FROM p
~

SELECT avg(income) FROM pay UNION ALL SELECT 1
~

SELECT (SELECT avg(income) FROM pay)
~

SELECT avg(income) FROM payview
~

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY income) FROM pay
~

SELECT stddev(income), avg(income) FROM pay
~

SELECT string_agg(income::text, ',') FROM pay
~

SELECT array_agg(income) FROM pay
~

SELECT avg(income) FROM pay TABLESAMPLE SYSTEM (10)
! protected

SELECT avg(income) FROM pay p(a, b, c, d, e)
! missing

SELECT avg(pay.income /* x */) FROM pay
~
