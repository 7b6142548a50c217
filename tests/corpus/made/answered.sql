-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here.

-- # answered: made from templates

-- % minmax

SELECT min(total), max(total) FROM shop.orders
= read shop.orders
@ reads shop.orders

SELECT min(price), max(price) FROM shop.product
= read shop.product
@ reads shop.product

SELECT min(quantity), max(quantity) FROM shop.item
= read shop.item
@ reads shop.item

SELECT min(ms), max(ms) FROM shop.event
= read shop.event
@ reads shop.event

SELECT min(fee), max(fee) FROM care.visit
= read care.visit
@ reads care.visit

SELECT min(value), max(value) FROM care.lab
= read care.lab
@ reads care.lab

SELECT min(rating), max(rating) FROM care.doctor
= read care.doctor
@ reads care.doctor

SELECT min(quantity), max(quantity) FROM shop.stock
= read shop.stock
@ reads shop.stock

SELECT min(budget), max(budget) FROM hr.department
= read hr.department
@ reads hr.department

SELECT min(bonus), max(bonus) FROM hr.employee
= read hr.employee
@ reads hr.employee

SELECT min(margin), max(margin) FROM shop.product
= read shop.product
@ reads shop.product

SELECT min(score), max(score) FROM care.visit
= read care.visit
@ reads care.visit

SELECT min(weight), max(weight) FROM shop.product
= read shop.product
@ reads shop.product

SELECT min(cost), max(cost) FROM shop.product
= read shop.product
@ reads shop.product

SELECT min(price), max(price) FROM shop.price_history
= read shop.price_history
@ reads shop.price_history

SELECT min(line), max(line) FROM shop.item
= read shop.item
@ reads shop.item

SELECT min(price), max(price) FROM shop.item
= read shop.item
@ reads shop.item

SELECT min(amount), max(amount) FROM shop.order_lines
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT min(visits), max(visits) FROM care.busy
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT min(total), max(total) FROM shop.placed
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % summary

SELECT count(total), sum(total), round(avg(total)::numeric, 3), stddev_pop(total) FROM shop.orders
= read shop.orders
@ reads shop.orders

SELECT count(price), sum(price), round(avg(price)::numeric, 3), stddev_pop(price) FROM shop.product
= read shop.product
@ reads shop.product

SELECT count(quantity), sum(quantity), round(avg(quantity)::numeric, 3), stddev_pop(quantity) FROM shop.item
= read shop.item
@ reads shop.item

SELECT count(ms), sum(ms), round(avg(ms)::numeric, 3), stddev_pop(ms) FROM shop.event
= read shop.event
@ reads shop.event

SELECT count(fee), sum(fee), round(avg(fee)::numeric, 3), stddev_pop(fee) FROM care.visit
= read care.visit
@ reads care.visit

SELECT count(value), sum(value), round(avg(value)::numeric, 3), stddev_pop(value) FROM care.lab
= read care.lab
@ reads care.lab

SELECT count(rating), sum(rating), round(avg(rating)::numeric, 3), stddev_pop(rating) FROM care.doctor
= read care.doctor
@ reads care.doctor

SELECT count(quantity), sum(quantity), round(avg(quantity)::numeric, 3), stddev_pop(quantity) FROM shop.stock
= read shop.stock
@ reads shop.stock

SELECT count(budget), sum(budget), round(avg(budget)::numeric, 3), stddev_pop(budget) FROM hr.department
= read hr.department
@ reads hr.department

SELECT count(bonus), sum(bonus), round(avg(bonus)::numeric, 3), stddev_pop(bonus) FROM hr.employee
= read hr.employee
@ reads hr.employee

SELECT count(margin), sum(margin), round(avg(margin)::numeric, 3), stddev_pop(margin) FROM shop.product
= read shop.product
@ reads shop.product

SELECT count(score), sum(score), round(avg(score)::numeric, 3), stddev_pop(score) FROM care.visit
= read care.visit
@ reads care.visit

SELECT count(weight), sum(weight), round(avg(weight)::numeric, 3), stddev_pop(weight) FROM shop.product
= read shop.product
@ reads shop.product

SELECT count(cost), sum(cost), round(avg(cost)::numeric, 3), stddev_pop(cost) FROM shop.product
= read shop.product
@ reads shop.product

SELECT count(price), sum(price), round(avg(price)::numeric, 3), stddev_pop(price) FROM shop.price_history
= read shop.price_history
@ reads shop.price_history

SELECT count(line), sum(line), round(avg(line)::numeric, 3), stddev_pop(line) FROM shop.item
= read shop.item
@ reads shop.item

SELECT count(price), sum(price), round(avg(price)::numeric, 3), stddev_pop(price) FROM shop.item
= read shop.item
@ reads shop.item

SELECT count(amount), sum(amount), round(avg(amount)::numeric, 3), stddev_pop(amount) FROM shop.order_lines
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT count(visits), sum(visits), round(avg(visits)::numeric, 3), stddev_pop(visits) FROM care.busy
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT count(total), sum(total), round(avg(total)::numeric, 3), stddev_pop(total) FROM shop.placed
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % filtered

SELECT count(*) FILTER (WHERE total > 10), count(*) FILTER (WHERE total IS NULL) FROM shop.orders
= read shop.orders
@ reads shop.orders

SELECT count(*) FILTER (WHERE price > 10), count(*) FILTER (WHERE price IS NULL) FROM shop.product
= read shop.product
@ reads shop.product

SELECT count(*) FILTER (WHERE quantity > 10), count(*) FILTER (WHERE quantity IS NULL) FROM shop.item
= read shop.item
@ reads shop.item

SELECT count(*) FILTER (WHERE ms > 10), count(*) FILTER (WHERE ms IS NULL) FROM shop.event
= read shop.event
@ reads shop.event

SELECT count(*) FILTER (WHERE fee > 10), count(*) FILTER (WHERE fee IS NULL) FROM care.visit
= read care.visit
@ reads care.visit

SELECT count(*) FILTER (WHERE value > 10), count(*) FILTER (WHERE value IS NULL) FROM care.lab
= read care.lab
@ reads care.lab

SELECT count(*) FILTER (WHERE rating > 10), count(*) FILTER (WHERE rating IS NULL) FROM care.doctor
= read care.doctor
@ reads care.doctor

SELECT count(*) FILTER (WHERE quantity > 10), count(*) FILTER (WHERE quantity IS NULL) FROM shop.stock
= read shop.stock
@ reads shop.stock

SELECT count(*) FILTER (WHERE budget > 10), count(*) FILTER (WHERE budget IS NULL) FROM hr.department
= read hr.department
@ reads hr.department

SELECT count(*) FILTER (WHERE bonus > 10), count(*) FILTER (WHERE bonus IS NULL) FROM hr.employee
= read hr.employee
@ reads hr.employee

SELECT count(*) FILTER (WHERE margin > 10), count(*) FILTER (WHERE margin IS NULL) FROM shop.product
= read shop.product
@ reads shop.product

SELECT count(*) FILTER (WHERE score > 10), count(*) FILTER (WHERE score IS NULL) FROM care.visit
= read care.visit
@ reads care.visit

SELECT count(*) FILTER (WHERE weight > 10), count(*) FILTER (WHERE weight IS NULL) FROM shop.product
= read shop.product
@ reads shop.product

SELECT count(*) FILTER (WHERE cost > 10), count(*) FILTER (WHERE cost IS NULL) FROM shop.product
= read shop.product
@ reads shop.product

SELECT count(*) FILTER (WHERE price > 10), count(*) FILTER (WHERE price IS NULL) FROM shop.price_history
= read shop.price_history
@ reads shop.price_history

SELECT count(*) FILTER (WHERE line > 10), count(*) FILTER (WHERE line IS NULL) FROM shop.item
= read shop.item
@ reads shop.item

SELECT count(*) FILTER (WHERE price > 10), count(*) FILTER (WHERE price IS NULL) FROM shop.item
= read shop.item
@ reads shop.item

SELECT count(*) FILTER (WHERE amount > 10), count(*) FILTER (WHERE amount IS NULL) FROM shop.order_lines
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT count(*) FILTER (WHERE visits > 10), count(*) FILTER (WHERE visits IS NULL) FROM care.busy
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT count(*) FILTER (WHERE total > 10), count(*) FILTER (WHERE total IS NULL) FROM shop.placed
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % median

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM shop.orders WHERE total >= 0
= read shop.orders
@ reads shop.orders

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FROM shop.product WHERE price >= 0
= read shop.product
@ reads shop.product

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY quantity) FROM shop.item WHERE quantity >= 0
= read shop.item
@ reads shop.item

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FROM shop.event WHERE ms >= 0
= read shop.event
@ reads shop.event

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY fee) FROM care.visit WHERE fee >= 0
= read care.visit
@ reads care.visit

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY value) FROM care.lab WHERE value >= 0
= read care.lab
@ reads care.lab

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY rating) FROM care.doctor WHERE rating >= 0
= read care.doctor
@ reads care.doctor

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY quantity) FROM shop.stock WHERE quantity >= 0
= read shop.stock
@ reads shop.stock

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY budget) FROM hr.department WHERE budget >= 0
= read hr.department
@ reads hr.department

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY bonus) FROM hr.employee WHERE bonus >= 0
= read hr.employee
@ reads hr.employee

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY margin) FROM shop.product WHERE margin >= 0
= read shop.product
@ reads shop.product

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY score) FROM care.visit WHERE score >= 0
= read care.visit
@ reads care.visit

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY weight) FROM shop.product WHERE weight >= 0
= read shop.product
@ reads shop.product

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY cost) FROM shop.product WHERE cost >= 0
= read shop.product
@ reads shop.product

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FROM shop.price_history WHERE price >= 0
= read shop.price_history
@ reads shop.price_history

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY line) FROM shop.item WHERE line >= 0
= read shop.item
@ reads shop.item

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FROM shop.item WHERE price >= 0
= read shop.item
@ reads shop.item

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM shop.order_lines WHERE amount >= 0
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY visits) FROM care.busy WHERE visits >= 0
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM shop.placed WHERE total >= 0
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % histogram

SELECT width_bucket(total::float8, 0, 100, 10) AS b, count(*) FROM shop.orders GROUP BY b ORDER BY b
= read shop.orders
@ reads shop.orders

SELECT width_bucket(price::float8, 0, 100, 10) AS b, count(*) FROM shop.product GROUP BY b ORDER BY b
= read shop.product
@ reads shop.product

SELECT width_bucket(quantity::float8, 0, 100, 10) AS b, count(*) FROM shop.item GROUP BY b ORDER BY b
= read shop.item
@ reads shop.item

SELECT width_bucket(ms::float8, 0, 100, 10) AS b, count(*) FROM shop.event GROUP BY b ORDER BY b
= read shop.event
@ reads shop.event

SELECT width_bucket(fee::float8, 0, 100, 10) AS b, count(*) FROM care.visit GROUP BY b ORDER BY b
= read care.visit
@ reads care.visit

SELECT width_bucket(value::float8, 0, 100, 10) AS b, count(*) FROM care.lab GROUP BY b ORDER BY b
= read care.lab
@ reads care.lab

SELECT width_bucket(rating::float8, 0, 100, 10) AS b, count(*) FROM care.doctor GROUP BY b ORDER BY b
= read care.doctor
@ reads care.doctor

SELECT width_bucket(quantity::float8, 0, 100, 10) AS b, count(*) FROM shop.stock GROUP BY b ORDER BY b
= read shop.stock
@ reads shop.stock

-- ! one budget is NaN, which is in no bucket: the server fails alike
SELECT width_bucket(budget::float8, 0, 100, 10) AS b, count(*) FROM hr.department GROUP BY b ORDER BY b
= read hr.department
@ fails 2201G

SELECT width_bucket(bonus::float8, 0, 100, 10) AS b, count(*) FROM hr.employee GROUP BY b ORDER BY b
= read hr.employee
@ reads hr.employee

SELECT width_bucket(margin::float8, 0, 100, 10) AS b, count(*) FROM shop.product GROUP BY b ORDER BY b
= read shop.product
@ reads shop.product

SELECT width_bucket(score::float8, 0, 100, 10) AS b, count(*) FROM care.visit GROUP BY b ORDER BY b
= read care.visit
@ reads care.visit

SELECT width_bucket(weight::float8, 0, 100, 10) AS b, count(*) FROM shop.product GROUP BY b ORDER BY b
= read shop.product
@ reads shop.product

SELECT width_bucket(cost::float8, 0, 100, 10) AS b, count(*) FROM shop.product GROUP BY b ORDER BY b
= read shop.product
@ reads shop.product

SELECT width_bucket(price::float8, 0, 100, 10) AS b, count(*) FROM shop.price_history GROUP BY b ORDER BY b
= read shop.price_history
@ reads shop.price_history

SELECT width_bucket(line::float8, 0, 100, 10) AS b, count(*) FROM shop.item GROUP BY b ORDER BY b
= read shop.item
@ reads shop.item

SELECT width_bucket(price::float8, 0, 100, 10) AS b, count(*) FROM shop.item GROUP BY b ORDER BY b
= read shop.item
@ reads shop.item

SELECT width_bucket(amount::float8, 0, 100, 10) AS b, count(*) FROM shop.order_lines GROUP BY b ORDER BY b
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT width_bucket(visits::float8, 0, 100, 10) AS b, count(*) FROM care.busy GROUP BY b ORDER BY b
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT width_bucket(total::float8, 0, 100, 10) AS b, count(*) FROM shop.placed GROUP BY b ORDER BY b
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % topn

SELECT total FROM shop.orders WHERE total IS NOT NULL ORDER BY total DESC LIMIT 5
= read shop.orders
@ reads shop.orders

SELECT price FROM shop.product WHERE price IS NOT NULL ORDER BY price DESC LIMIT 5
= read shop.product
@ reads shop.product

SELECT quantity FROM shop.item WHERE quantity IS NOT NULL ORDER BY quantity DESC LIMIT 5
= read shop.item
@ reads shop.item

SELECT ms FROM shop.event WHERE ms IS NOT NULL ORDER BY ms DESC LIMIT 5
= read shop.event
@ reads shop.event

SELECT fee FROM care.visit WHERE fee IS NOT NULL ORDER BY fee DESC LIMIT 5
= read care.visit
@ reads care.visit

SELECT value FROM care.lab WHERE value IS NOT NULL ORDER BY value DESC LIMIT 5
= read care.lab
@ reads care.lab

SELECT rating FROM care.doctor WHERE rating IS NOT NULL ORDER BY rating DESC LIMIT 5
= read care.doctor
@ reads care.doctor

SELECT quantity FROM shop.stock WHERE quantity IS NOT NULL ORDER BY quantity DESC LIMIT 5
= read shop.stock
@ reads shop.stock

SELECT budget FROM hr.department WHERE budget IS NOT NULL ORDER BY budget DESC LIMIT 5
= read hr.department
@ reads hr.department

SELECT bonus FROM hr.employee WHERE bonus IS NOT NULL ORDER BY bonus DESC LIMIT 5
= read hr.employee
@ reads hr.employee

SELECT margin FROM shop.product WHERE margin IS NOT NULL ORDER BY margin DESC LIMIT 5
= read shop.product
@ reads shop.product

SELECT score FROM care.visit WHERE score IS NOT NULL ORDER BY score DESC LIMIT 5
= read care.visit
@ reads care.visit

SELECT weight FROM shop.product WHERE weight IS NOT NULL ORDER BY weight DESC LIMIT 5
= read shop.product
@ reads shop.product

SELECT cost FROM shop.product WHERE cost IS NOT NULL ORDER BY cost DESC LIMIT 5
= read shop.product
@ reads shop.product

SELECT price FROM shop.price_history WHERE price IS NOT NULL ORDER BY price DESC LIMIT 5
= read shop.price_history
@ reads shop.price_history

SELECT line FROM shop.item WHERE line IS NOT NULL ORDER BY line DESC LIMIT 5
= read shop.item
@ reads shop.item

SELECT price FROM shop.item WHERE price IS NOT NULL ORDER BY price DESC LIMIT 5
= read shop.item
@ reads shop.item

SELECT amount FROM shop.order_lines WHERE amount IS NOT NULL ORDER BY amount DESC LIMIT 5
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT visits FROM care.busy WHERE visits IS NOT NULL ORDER BY visits DESC LIMIT 5
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT total FROM shop.placed WHERE total IS NOT NULL ORDER BY total DESC LIMIT 5
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % above_average

SELECT count(*) FROM shop.orders a WHERE a.total > (SELECT avg(b.total) FROM shop.orders b)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.product a WHERE a.price > (SELECT avg(b.price) FROM shop.product b)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.item a WHERE a.quantity > (SELECT avg(b.quantity) FROM shop.item b)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.event a WHERE a.ms > (SELECT avg(b.ms) FROM shop.event b)
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.visit a WHERE a.fee > (SELECT avg(b.fee) FROM care.visit b)
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.lab a WHERE a.value > (SELECT avg(b.value) FROM care.lab b)
= read care.lab
@ reads care.lab

SELECT count(*) FROM care.doctor a WHERE a.rating > (SELECT avg(b.rating) FROM care.doctor b)
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM shop.stock a WHERE a.quantity > (SELECT avg(b.quantity) FROM shop.stock b)
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM hr.department a WHERE a.budget > (SELECT avg(b.budget) FROM hr.department b)
= read hr.department
@ reads hr.department

SELECT count(*) FROM hr.employee a WHERE a.bonus > (SELECT avg(b.bonus) FROM hr.employee b)
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM shop.product a WHERE a.margin > (SELECT avg(b.margin) FROM shop.product b)
= read shop.product
@ reads shop.product

SELECT count(*) FROM care.visit a WHERE a.score > (SELECT avg(b.score) FROM care.visit b)
= read care.visit
@ reads care.visit

SELECT count(*) FROM shop.product a WHERE a.weight > (SELECT avg(b.weight) FROM shop.product b)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.product a WHERE a.cost > (SELECT avg(b.cost) FROM shop.product b)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.price_history a WHERE a.price > (SELECT avg(b.price) FROM shop.price_history b)
= read shop.price_history
@ reads shop.price_history

SELECT count(*) FROM shop.item a WHERE a.line > (SELECT avg(b.line) FROM shop.item b)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.item a WHERE a.price > (SELECT avg(b.price) FROM shop.item b)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.order_lines a WHERE a.amount > (SELECT avg(b.amount) FROM shop.order_lines b)
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT count(*) FROM care.busy a WHERE a.visits > (SELECT avg(b.visits) FROM care.busy b)
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT count(*) FROM shop.placed a WHERE a.total > (SELECT avg(b.total) FROM shop.placed b)
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % arithmetic

SELECT total + 1 FROM shop.orders ORDER BY 1 LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT price + 1 FROM shop.product ORDER BY 1 LIMIT 4
= read shop.product
@ reads shop.product

SELECT quantity + 1 FROM shop.item ORDER BY 1 LIMIT 4
= read shop.item
@ reads shop.item

SELECT ms + 1 FROM shop.event ORDER BY 1 LIMIT 4
= read shop.event
@ reads shop.event

SELECT fee + 1 FROM care.visit ORDER BY 1 LIMIT 4
= read care.visit
@ reads care.visit

SELECT value + 1 FROM care.lab ORDER BY 1 LIMIT 4
= read care.lab
@ reads care.lab

SELECT rating + 1 FROM care.doctor ORDER BY 1 LIMIT 4
= read care.doctor
@ reads care.doctor

SELECT quantity + 1 FROM shop.stock ORDER BY 1 LIMIT 4
= read shop.stock
@ reads shop.stock

SELECT budget + 1 FROM hr.department ORDER BY 1 LIMIT 4
= read hr.department
@ reads hr.department

SELECT bonus + 1 FROM hr.employee ORDER BY 1 LIMIT 4
= read hr.employee
@ reads hr.employee

SELECT margin + 1 FROM shop.product ORDER BY 1 LIMIT 4
= read shop.product
@ reads shop.product

SELECT score + 1 FROM care.visit ORDER BY 1 LIMIT 4
= read care.visit
@ reads care.visit

SELECT weight + 1 FROM shop.product ORDER BY 1 LIMIT 4
= read shop.product
@ reads shop.product

SELECT cost + 1 FROM shop.product ORDER BY 1 LIMIT 4
= read shop.product
@ reads shop.product

SELECT price + 1 FROM shop.price_history ORDER BY 1 LIMIT 4
= read shop.price_history
@ reads shop.price_history

SELECT line + 1 FROM shop.item ORDER BY 1 LIMIT 4
= read shop.item
@ reads shop.item

SELECT price + 1 FROM shop.item ORDER BY 1 LIMIT 4
= read shop.item
@ reads shop.item

SELECT amount + 1 FROM shop.order_lines ORDER BY 1 LIMIT 4
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT visits + 1 FROM care.busy ORDER BY 1 LIMIT 4
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT total + 1 FROM shop.placed ORDER BY 1 LIMIT 4
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % coalesced

SELECT coalesce(total, -1), nullif(total, 0), greatest(total, 5), least(total, 5) FROM shop.orders ORDER BY 1, 2, 3 LIMIT 6
= read shop.orders
@ reads shop.orders

SELECT coalesce(price, -1), nullif(price, 0), greatest(price, 5), least(price, 5) FROM shop.product ORDER BY 1, 2, 3 LIMIT 6
= read shop.product
@ reads shop.product

SELECT coalesce(quantity, -1), nullif(quantity, 0), greatest(quantity, 5), least(quantity, 5) FROM shop.item ORDER BY 1, 2, 3 LIMIT 6
= read shop.item
@ reads shop.item

SELECT coalesce(ms, -1), nullif(ms, 0), greatest(ms, 5), least(ms, 5) FROM shop.event ORDER BY 1, 2, 3 LIMIT 6
= read shop.event
@ reads shop.event

SELECT coalesce(fee, -1), nullif(fee, 0), greatest(fee, 5), least(fee, 5) FROM care.visit ORDER BY 1, 2, 3 LIMIT 6
= read care.visit
@ reads care.visit

SELECT coalesce(value, -1), nullif(value, 0), greatest(value, 5), least(value, 5) FROM care.lab ORDER BY 1, 2, 3 LIMIT 6
= read care.lab
@ reads care.lab

SELECT coalesce(rating, -1), nullif(rating, 0), greatest(rating, 5), least(rating, 5) FROM care.doctor ORDER BY 1, 2, 3 LIMIT 6
= read care.doctor
@ reads care.doctor

SELECT coalesce(quantity, -1), nullif(quantity, 0), greatest(quantity, 5), least(quantity, 5) FROM shop.stock ORDER BY 1, 2, 3 LIMIT 6
= read shop.stock
@ reads shop.stock

SELECT coalesce(budget, -1), nullif(budget, 0), greatest(budget, 5), least(budget, 5) FROM hr.department ORDER BY 1, 2, 3 LIMIT 6
= read hr.department
@ reads hr.department

SELECT coalesce(bonus, -1), nullif(bonus, 0), greatest(bonus, 5), least(bonus, 5) FROM hr.employee ORDER BY 1, 2, 3 LIMIT 6
= read hr.employee
@ reads hr.employee

SELECT coalesce(margin, -1), nullif(margin, 0), greatest(margin, 5), least(margin, 5) FROM shop.product ORDER BY 1, 2, 3 LIMIT 6
= read shop.product
@ reads shop.product

SELECT coalesce(score, -1), nullif(score, 0), greatest(score, 5), least(score, 5) FROM care.visit ORDER BY 1, 2, 3 LIMIT 6
= read care.visit
@ reads care.visit

SELECT coalesce(weight, -1), nullif(weight, 0), greatest(weight, 5), least(weight, 5) FROM shop.product ORDER BY 1, 2, 3 LIMIT 6
= read shop.product
@ reads shop.product

SELECT coalesce(cost, -1), nullif(cost, 0), greatest(cost, 5), least(cost, 5) FROM shop.product ORDER BY 1, 2, 3 LIMIT 6
= read shop.product
@ reads shop.product

SELECT coalesce(price, -1), nullif(price, 0), greatest(price, 5), least(price, 5) FROM shop.price_history ORDER BY 1, 2, 3 LIMIT 6
= read shop.price_history
@ reads shop.price_history

SELECT coalesce(line, -1), nullif(line, 0), greatest(line, 5), least(line, 5) FROM shop.item ORDER BY 1, 2, 3 LIMIT 6
= read shop.item
@ reads shop.item

SELECT coalesce(price, -1), nullif(price, 0), greatest(price, 5), least(price, 5) FROM shop.item ORDER BY 1, 2, 3 LIMIT 6
= read shop.item
@ reads shop.item

SELECT coalesce(amount, -1), nullif(amount, 0), greatest(amount, 5), least(amount, 5) FROM shop.order_lines ORDER BY 1, 2, 3 LIMIT 6
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT coalesce(visits, -1), nullif(visits, 0), greatest(visits, 5), least(visits, 5) FROM care.busy ORDER BY 1, 2, 3 LIMIT 6
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT coalesce(total, -1), nullif(total, 0), greatest(total, 5), least(total, 5) FROM shop.placed ORDER BY 1, 2, 3 LIMIT 6
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % casted

SELECT total::int FROM shop.orders WHERE total BETWEEN 1 AND 9 ORDER BY total LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT price::int FROM shop.product WHERE price BETWEEN 1 AND 9 ORDER BY price LIMIT 3
= read shop.product
@ reads shop.product

SELECT quantity::int FROM shop.item WHERE quantity BETWEEN 1 AND 9 ORDER BY quantity LIMIT 3
= read shop.item
@ reads shop.item

SELECT ms::int FROM shop.event WHERE ms BETWEEN 1 AND 9 ORDER BY ms LIMIT 3
= read shop.event
@ reads shop.event

SELECT fee::int FROM care.visit WHERE fee BETWEEN 1 AND 9 ORDER BY fee LIMIT 3
= read care.visit
@ reads care.visit

SELECT value::int FROM care.lab WHERE value BETWEEN 1 AND 9 ORDER BY value LIMIT 3
= read care.lab
@ reads care.lab

SELECT rating::int FROM care.doctor WHERE rating BETWEEN 1 AND 9 ORDER BY rating LIMIT 3
= read care.doctor
@ reads care.doctor

SELECT quantity::int FROM shop.stock WHERE quantity BETWEEN 1 AND 9 ORDER BY quantity LIMIT 3
= read shop.stock
@ reads shop.stock

SELECT budget::int FROM hr.department WHERE budget BETWEEN 1 AND 9 ORDER BY budget LIMIT 3
= read hr.department
@ reads hr.department

SELECT bonus::int FROM hr.employee WHERE bonus BETWEEN 1 AND 9 ORDER BY bonus LIMIT 3
= read hr.employee
@ reads hr.employee

SELECT margin::int FROM shop.product WHERE margin BETWEEN 1 AND 9 ORDER BY margin LIMIT 3
= read shop.product
@ reads shop.product

SELECT score::int FROM care.visit WHERE score BETWEEN 1 AND 9 ORDER BY score LIMIT 3
= read care.visit
@ reads care.visit

SELECT weight::int FROM shop.product WHERE weight BETWEEN 1 AND 9 ORDER BY weight LIMIT 3
= read shop.product
@ reads shop.product

SELECT cost::int FROM shop.product WHERE cost BETWEEN 1 AND 9 ORDER BY cost LIMIT 3
= read shop.product
@ reads shop.product

SELECT price::int FROM shop.price_history WHERE price BETWEEN 1 AND 9 ORDER BY price LIMIT 3
= read shop.price_history
@ reads shop.price_history

SELECT line::int FROM shop.item WHERE line BETWEEN 1 AND 9 ORDER BY line LIMIT 3
= read shop.item
@ reads shop.item

SELECT price::int FROM shop.item WHERE price BETWEEN 1 AND 9 ORDER BY price LIMIT 3
= read shop.item
@ reads shop.item

SELECT amount::int FROM shop.order_lines WHERE amount BETWEEN 1 AND 9 ORDER BY amount LIMIT 3
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT visits::int FROM care.busy WHERE visits BETWEEN 1 AND 9 ORDER BY visits LIMIT 3
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT total::int FROM shop.placed WHERE total BETWEEN 1 AND 9 ORDER BY total LIMIT 3
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % math

SELECT abs(total) FROM shop.orders WHERE total > 0 ORDER BY 1 LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT abs(budget) FROM hr.department WHERE budget > 0 ORDER BY 1 LIMIT 3
= read hr.department
@ reads hr.department

SELECT abs(price) FROM shop.item WHERE price > 0 ORDER BY 1 LIMIT 3
= read shop.item
@ reads shop.item

SELECT ceil(fee) FROM care.visit WHERE fee > 0 ORDER BY 1 LIMIT 3
= read care.visit
@ reads care.visit

SELECT ceil(weight) FROM shop.product WHERE weight > 0 ORDER BY 1 LIMIT 3
= read shop.product
@ reads shop.product

SELECT floor(total) FROM shop.orders WHERE total > 0 ORDER BY 1 LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT floor(budget) FROM hr.department WHERE budget > 0 ORDER BY 1 LIMIT 3
= read hr.department
@ reads hr.department

SELECT floor(price) FROM shop.item WHERE price > 0 ORDER BY 1 LIMIT 3
= read shop.item
@ reads shop.item

SELECT sign(fee) FROM care.visit WHERE fee > 0 ORDER BY 1 LIMIT 3
= read care.visit
@ reads care.visit

SELECT sign(weight) FROM shop.product WHERE weight > 0 ORDER BY 1 LIMIT 3
= read shop.product
@ reads shop.product

SELECT round(total) FROM shop.orders WHERE total > 0 ORDER BY 1 LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT round(budget) FROM hr.department WHERE budget > 0 ORDER BY 1 LIMIT 3
= read hr.department
@ reads hr.department

SELECT round(price) FROM shop.item WHERE price > 0 ORDER BY 1 LIMIT 3
= read shop.item
@ reads shop.item

SELECT trunc(fee) FROM care.visit WHERE fee > 0 ORDER BY 1 LIMIT 3
= read care.visit
@ reads care.visit

SELECT trunc(weight) FROM shop.product WHERE weight > 0 ORDER BY 1 LIMIT 3
= read shop.product
@ reads shop.product

SELECT sqrt(total) FROM shop.orders WHERE total > 0 ORDER BY 1 LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT sqrt(budget) FROM hr.department WHERE budget > 0 ORDER BY 1 LIMIT 3
= read hr.department
@ reads hr.department

SELECT sqrt(price) FROM shop.item WHERE price > 0 ORDER BY 1 LIMIT 3
= read shop.item
@ reads shop.item

SELECT ln(fee) FROM care.visit WHERE fee > 0 ORDER BY 1 LIMIT 3
= read care.visit
@ reads care.visit

SELECT ln(weight) FROM shop.product WHERE weight > 0 ORDER BY 1 LIMIT 3
= read shop.product
@ reads shop.product

-- % grouped

SELECT state, sum(total) FROM shop.orders GROUP BY state ORDER BY state
= read shop.orders
@ reads shop.orders

SELECT state, array_agg(total) FROM shop.orders GROUP BY state ORDER BY state
= read shop.orders
@ reads shop.orders

SELECT category, max(price) FROM shop.product GROUP BY category ORDER BY category
= read shop.product
@ reads shop.product

SELECT product_id, count(quantity) FROM shop.item GROUP BY product_id ORDER BY product_id
= read shop.item
@ reads shop.item

SELECT kind, avg(ms) FROM shop.event GROUP BY kind ORDER BY kind
= read shop.event
@ reads shop.event

SELECT doctor_id, sum(fee) FROM care.visit GROUP BY doctor_id ORDER BY doctor_id
= read care.visit
@ reads care.visit

SELECT doctor_id, array_agg(fee) FROM care.visit GROUP BY doctor_id ORDER BY doctor_id
= read care.visit
@ reads care.visit

SELECT kind, max(value) FROM care.lab GROUP BY kind ORDER BY kind
= read care.lab
@ reads care.lab

SELECT speciality, count(rating) FROM care.doctor GROUP BY speciality ORDER BY speciality
= read care.doctor
@ reads care.doctor

SELECT warehouse, avg(quantity) FROM shop.stock GROUP BY warehouse ORDER BY warehouse
= read shop.stock
@ reads shop.stock

SELECT grade, sum(bonus) FROM hr.employee GROUP BY grade ORDER BY grade
= read hr.employee
@ reads hr.employee

SELECT grade, array_agg(bonus) FROM hr.employee GROUP BY grade ORDER BY grade
= read hr.employee
@ reads hr.employee

SELECT memo, max(score) FROM care.visit GROUP BY memo ORDER BY memo
= read care.visit
@ reads care.visit

SELECT order_id, count(line) FROM shop.item GROUP BY order_id ORDER BY order_id
= read shop.item
@ reads shop.item

SELECT currency, avg(total) FROM shop.orders GROUP BY currency ORDER BY currency
= read shop.orders
@ reads shop.orders

SELECT category, sum(weight) FROM shop.product GROUP BY category ORDER BY category
= read shop.product
@ reads shop.product

SELECT category, array_agg(weight) FROM shop.product GROUP BY category ORDER BY category
= read shop.product
@ reads shop.product

SELECT path, max(customer_id) FROM shop.event GROUP BY path ORDER BY path
= read shop.event
@ reads shop.event

SELECT name, count(visits) FROM care.busy GROUP BY name ORDER BY name
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT day, avg(n) FROM shop.daily GROUP BY day ORDER BY day
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % rolled

SELECT state, sum(total), grouping(state) FROM shop.orders GROUP BY ROLLUP (state) ORDER BY 3, 1
= read shop.orders
@ reads shop.orders

SELECT category, sum(price), grouping(category) FROM shop.product GROUP BY ROLLUP (category) ORDER BY 3, 1
= read shop.product
@ reads shop.product

SELECT product_id, sum(quantity), grouping(product_id) FROM shop.item GROUP BY ROLLUP (product_id) ORDER BY 3, 1
= read shop.item
@ reads shop.item

SELECT kind, sum(ms), grouping(kind) FROM shop.event GROUP BY ROLLUP (kind) ORDER BY 3, 1
= read shop.event
@ reads shop.event

SELECT doctor_id, sum(fee), grouping(doctor_id) FROM care.visit GROUP BY ROLLUP (doctor_id) ORDER BY 3, 1
= read care.visit
@ reads care.visit

SELECT kind, sum(value), grouping(kind) FROM care.lab GROUP BY ROLLUP (kind) ORDER BY 3, 1
= read care.lab
@ reads care.lab

SELECT speciality, sum(rating), grouping(speciality) FROM care.doctor GROUP BY ROLLUP (speciality) ORDER BY 3, 1
= read care.doctor
@ reads care.doctor

SELECT warehouse, sum(quantity), grouping(warehouse) FROM shop.stock GROUP BY ROLLUP (warehouse) ORDER BY 3, 1
= read shop.stock
@ reads shop.stock

SELECT grade, sum(bonus), grouping(grade) FROM hr.employee GROUP BY ROLLUP (grade) ORDER BY 3, 1
= read hr.employee
@ reads hr.employee

SELECT memo, sum(score), grouping(memo) FROM care.visit GROUP BY ROLLUP (memo) ORDER BY 3, 1
= read care.visit
@ reads care.visit

SELECT order_id, sum(line), grouping(order_id) FROM shop.item GROUP BY ROLLUP (order_id) ORDER BY 3, 1
= read shop.item
@ reads shop.item

SELECT currency, sum(total), grouping(currency) FROM shop.orders GROUP BY ROLLUP (currency) ORDER BY 3, 1
= read shop.orders
@ reads shop.orders

SELECT category, sum(weight), grouping(category) FROM shop.product GROUP BY ROLLUP (category) ORDER BY 3, 1
= read shop.product
@ reads shop.product

SELECT path, sum(customer_id), grouping(path) FROM shop.event GROUP BY ROLLUP (path) ORDER BY 3, 1
= read shop.event
@ reads shop.event

SELECT name, sum(visits), grouping(name) FROM care.busy GROUP BY ROLLUP (name) ORDER BY 3, 1
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT day, sum(n), grouping(day) FROM shop.daily GROUP BY ROLLUP (day) ORDER BY 3, 1
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % having

SELECT state FROM shop.orders GROUP BY state HAVING count(total) > 2 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT state FROM shop.orders GROUP BY state HAVING avg(total) > 2 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT category FROM shop.product GROUP BY category HAVING max(price) > 2 ORDER BY 1
= read shop.product
@ reads shop.product

SELECT product_id FROM shop.item GROUP BY product_id HAVING sum(quantity) > 2 ORDER BY 1
= read shop.item
@ reads shop.item

SELECT kind FROM shop.event GROUP BY kind HAVING count(ms) > 2 ORDER BY 1
= read shop.event
@ reads shop.event

SELECT doctor_id FROM care.visit GROUP BY doctor_id HAVING count(fee) > 2 ORDER BY 1
= read care.visit
@ reads care.visit

SELECT doctor_id FROM care.visit GROUP BY doctor_id HAVING avg(fee) > 2 ORDER BY 1
= read care.visit
@ reads care.visit

SELECT kind FROM care.lab GROUP BY kind HAVING max(value) > 2 ORDER BY 1
= read care.lab
@ reads care.lab

SELECT speciality FROM care.doctor GROUP BY speciality HAVING sum(rating) > 2 ORDER BY 1
= read care.doctor
@ reads care.doctor

SELECT warehouse FROM shop.stock GROUP BY warehouse HAVING count(quantity) > 2 ORDER BY 1
= read shop.stock
@ reads shop.stock

SELECT grade FROM hr.employee GROUP BY grade HAVING count(bonus) > 2 ORDER BY 1
= read hr.employee
@ reads hr.employee

SELECT grade FROM hr.employee GROUP BY grade HAVING avg(bonus) > 2 ORDER BY 1
= read hr.employee
@ reads hr.employee

SELECT memo FROM care.visit GROUP BY memo HAVING max(score) > 2 ORDER BY 1
= read care.visit
@ reads care.visit

SELECT order_id FROM shop.item GROUP BY order_id HAVING sum(line) > 2 ORDER BY 1
= read shop.item
@ reads shop.item

SELECT currency FROM shop.orders GROUP BY currency HAVING count(total) > 2 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT category FROM shop.product GROUP BY category HAVING count(weight) > 2 ORDER BY 1
= read shop.product
@ reads shop.product

SELECT category FROM shop.product GROUP BY category HAVING avg(weight) > 2 ORDER BY 1
= read shop.product
@ reads shop.product

SELECT path FROM shop.event GROUP BY path HAVING max(customer_id) > 2 ORDER BY 1
= read shop.event
@ reads shop.event

SELECT name FROM care.busy GROUP BY name HAVING sum(visits) > 2 ORDER BY 1
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT day FROM shop.daily GROUP BY day HAVING count(n) > 2 ORDER BY 1
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % windowed

SELECT state, total, rank() OVER (PARTITION BY state ORDER BY total) FROM shop.orders ORDER BY 1, 2, 3 LIMIT 12
= read shop.orders
@ reads shop.orders

SELECT state, total, ntile(3) OVER (PARTITION BY state ORDER BY total) FROM shop.orders ORDER BY 1, 2, 3 LIMIT 12
= read shop.orders
@ reads shop.orders

SELECT category, price, count(*) OVER (PARTITION BY category ORDER BY price) FROM shop.product ORDER BY 1, 2, 3 LIMIT 12
= read shop.product
@ reads shop.product

SELECT product_id, quantity, percent_rank() OVER (PARTITION BY product_id ORDER BY quantity) FROM shop.item ORDER BY 1, 2, 3 LIMIT 12
= read shop.item
@ reads shop.item

SELECT kind, ms, dense_rank() OVER (PARTITION BY kind ORDER BY ms) FROM shop.event ORDER BY 1, 2, 3 LIMIT 12
= read shop.event
@ reads shop.event

SELECT doctor_id, fee, rank() OVER (PARTITION BY doctor_id ORDER BY fee) FROM care.visit ORDER BY 1, 2, 3 LIMIT 12
= read care.visit
@ reads care.visit

SELECT doctor_id, fee, ntile(3) OVER (PARTITION BY doctor_id ORDER BY fee) FROM care.visit ORDER BY 1, 2, 3 LIMIT 12
= read care.visit
@ reads care.visit

SELECT kind, value, count(*) OVER (PARTITION BY kind ORDER BY value) FROM care.lab ORDER BY 1, 2, 3 LIMIT 12
= read care.lab
@ reads care.lab

SELECT speciality, rating, percent_rank() OVER (PARTITION BY speciality ORDER BY rating) FROM care.doctor ORDER BY 1, 2, 3 LIMIT 12
= read care.doctor
@ reads care.doctor

SELECT warehouse, quantity, dense_rank() OVER (PARTITION BY warehouse ORDER BY quantity) FROM shop.stock ORDER BY 1, 2, 3 LIMIT 12
= read shop.stock
@ reads shop.stock

SELECT grade, bonus, rank() OVER (PARTITION BY grade ORDER BY bonus) FROM hr.employee ORDER BY 1, 2, 3 LIMIT 12
= read hr.employee
@ reads hr.employee

SELECT grade, bonus, ntile(3) OVER (PARTITION BY grade ORDER BY bonus) FROM hr.employee ORDER BY 1, 2, 3 LIMIT 12
= read hr.employee
@ reads hr.employee

SELECT memo, score, count(*) OVER (PARTITION BY memo ORDER BY score) FROM care.visit ORDER BY 1, 2, 3 LIMIT 12
= read care.visit
@ reads care.visit

SELECT order_id, line, percent_rank() OVER (PARTITION BY order_id ORDER BY line) FROM shop.item ORDER BY 1, 2, 3 LIMIT 12
= read shop.item
@ reads shop.item

SELECT currency, total, dense_rank() OVER (PARTITION BY currency ORDER BY total) FROM shop.orders ORDER BY 1, 2, 3 LIMIT 12
= read shop.orders
@ reads shop.orders

SELECT category, weight, rank() OVER (PARTITION BY category ORDER BY weight) FROM shop.product ORDER BY 1, 2, 3 LIMIT 12
= read shop.product
@ reads shop.product

SELECT category, weight, ntile(3) OVER (PARTITION BY category ORDER BY weight) FROM shop.product ORDER BY 1, 2, 3 LIMIT 12
= read shop.product
@ reads shop.product

SELECT path, customer_id, count(*) OVER (PARTITION BY path ORDER BY customer_id) FROM shop.event ORDER BY 1, 2, 3 LIMIT 12
= read shop.event
@ reads shop.event

SELECT name, visits, percent_rank() OVER (PARTITION BY name ORDER BY visits) FROM care.busy ORDER BY 1, 2, 3 LIMIT 12
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT day, n, dense_rank() OVER (PARTITION BY day ORDER BY n) FROM shop.daily ORDER BY 1, 2, 3 LIMIT 12
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % running

SELECT total, sum(total) OVER (ORDER BY total ROWS UNBOUNDED PRECEDING) FROM shop.orders ORDER BY 1, 2 LIMIT 15
= read shop.orders
@ reads shop.orders

SELECT price, sum(price) OVER (ORDER BY price ROWS UNBOUNDED PRECEDING) FROM shop.product ORDER BY 1, 2 LIMIT 15
= read shop.product
@ reads shop.product

SELECT quantity, sum(quantity) OVER (ORDER BY quantity ROWS UNBOUNDED PRECEDING) FROM shop.item ORDER BY 1, 2 LIMIT 15
= read shop.item
@ reads shop.item

SELECT ms, sum(ms) OVER (ORDER BY ms ROWS UNBOUNDED PRECEDING) FROM shop.event ORDER BY 1, 2 LIMIT 15
= read shop.event
@ reads shop.event

SELECT fee, sum(fee) OVER (ORDER BY fee ROWS UNBOUNDED PRECEDING) FROM care.visit ORDER BY 1, 2 LIMIT 15
= read care.visit
@ reads care.visit

SELECT value, sum(value) OVER (ORDER BY value ROWS UNBOUNDED PRECEDING) FROM care.lab ORDER BY 1, 2 LIMIT 15
= read care.lab
@ reads care.lab

SELECT rating, sum(rating) OVER (ORDER BY rating ROWS UNBOUNDED PRECEDING) FROM care.doctor ORDER BY 1, 2 LIMIT 15
= read care.doctor
@ reads care.doctor

SELECT quantity, sum(quantity) OVER (ORDER BY quantity ROWS UNBOUNDED PRECEDING) FROM shop.stock ORDER BY 1, 2 LIMIT 15
= read shop.stock
@ reads shop.stock

SELECT budget, sum(budget) OVER (ORDER BY budget ROWS UNBOUNDED PRECEDING) FROM hr.department ORDER BY 1, 2 LIMIT 15
= read hr.department
@ reads hr.department

SELECT bonus, sum(bonus) OVER (ORDER BY bonus ROWS UNBOUNDED PRECEDING) FROM hr.employee ORDER BY 1, 2 LIMIT 15
= read hr.employee
@ reads hr.employee

SELECT margin, sum(margin) OVER (ORDER BY margin ROWS UNBOUNDED PRECEDING) FROM shop.product ORDER BY 1, 2 LIMIT 15
= read shop.product
@ reads shop.product

SELECT score, sum(score) OVER (ORDER BY score ROWS UNBOUNDED PRECEDING) FROM care.visit ORDER BY 1, 2 LIMIT 15
= read care.visit
@ reads care.visit

SELECT weight, sum(weight) OVER (ORDER BY weight ROWS UNBOUNDED PRECEDING) FROM shop.product ORDER BY 1, 2 LIMIT 15
= read shop.product
@ reads shop.product

SELECT cost, sum(cost) OVER (ORDER BY cost ROWS UNBOUNDED PRECEDING) FROM shop.product ORDER BY 1, 2 LIMIT 15
= read shop.product
@ reads shop.product

SELECT price, sum(price) OVER (ORDER BY price ROWS UNBOUNDED PRECEDING) FROM shop.price_history ORDER BY 1, 2 LIMIT 15
= read shop.price_history
@ reads shop.price_history

SELECT line, sum(line) OVER (ORDER BY line ROWS UNBOUNDED PRECEDING) FROM shop.item ORDER BY 1, 2 LIMIT 15
= read shop.item
@ reads shop.item

SELECT price, sum(price) OVER (ORDER BY price ROWS UNBOUNDED PRECEDING) FROM shop.item ORDER BY 1, 2 LIMIT 15
= read shop.item
@ reads shop.item

SELECT amount, sum(amount) OVER (ORDER BY amount ROWS UNBOUNDED PRECEDING) FROM shop.order_lines ORDER BY 1, 2 LIMIT 15
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT visits, sum(visits) OVER (ORDER BY visits ROWS UNBOUNDED PRECEDING) FROM care.busy ORDER BY 1, 2 LIMIT 15
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT total, sum(total) OVER (ORDER BY total ROWS UNBOUNDED PRECEDING) FROM shop.placed ORDER BY 1, 2 LIMIT 15
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % share

SELECT state, round(100.0 * count(total) / sum(count(*)) OVER (), 2) FROM shop.orders GROUP BY state ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT category, round(100.0 * count(price) / sum(count(*)) OVER (), 2) FROM shop.product GROUP BY category ORDER BY 1
= read shop.product
@ reads shop.product

SELECT product_id, round(100.0 * count(quantity) / sum(count(*)) OVER (), 2) FROM shop.item GROUP BY product_id ORDER BY 1
= read shop.item
@ reads shop.item

SELECT kind, round(100.0 * count(ms) / sum(count(*)) OVER (), 2) FROM shop.event GROUP BY kind ORDER BY 1
= read shop.event
@ reads shop.event

SELECT doctor_id, round(100.0 * count(fee) / sum(count(*)) OVER (), 2) FROM care.visit GROUP BY doctor_id ORDER BY 1
= read care.visit
@ reads care.visit

SELECT kind, round(100.0 * count(value) / sum(count(*)) OVER (), 2) FROM care.lab GROUP BY kind ORDER BY 1
= read care.lab
@ reads care.lab

SELECT speciality, round(100.0 * count(rating) / sum(count(*)) OVER (), 2) FROM care.doctor GROUP BY speciality ORDER BY 1
= read care.doctor
@ reads care.doctor

SELECT warehouse, round(100.0 * count(quantity) / sum(count(*)) OVER (), 2) FROM shop.stock GROUP BY warehouse ORDER BY 1
= read shop.stock
@ reads shop.stock

SELECT grade, round(100.0 * count(bonus) / sum(count(*)) OVER (), 2) FROM hr.employee GROUP BY grade ORDER BY 1
= read hr.employee
@ reads hr.employee

SELECT memo, round(100.0 * count(score) / sum(count(*)) OVER (), 2) FROM care.visit GROUP BY memo ORDER BY 1
= read care.visit
@ reads care.visit

SELECT order_id, round(100.0 * count(line) / sum(count(*)) OVER (), 2) FROM shop.item GROUP BY order_id ORDER BY 1
= read shop.item
@ reads shop.item

SELECT currency, round(100.0 * count(total) / sum(count(*)) OVER (), 2) FROM shop.orders GROUP BY currency ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT category, round(100.0 * count(weight) / sum(count(*)) OVER (), 2) FROM shop.product GROUP BY category ORDER BY 1
= read shop.product
@ reads shop.product

SELECT path, round(100.0 * count(customer_id) / sum(count(*)) OVER (), 2) FROM shop.event GROUP BY path ORDER BY 1
= read shop.event
@ reads shop.event

SELECT name, round(100.0 * count(visits) / sum(count(*)) OVER (), 2) FROM care.busy GROUP BY name ORDER BY 1
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT day, round(100.0 * count(n) / sum(count(*)) OVER (), 2) FROM shop.daily GROUP BY day ORDER BY 1
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % best_in_group

SELECT DISTINCT ON (state) state, total FROM shop.orders ORDER BY state, total DESC NULLS LAST
= read shop.orders
@ reads shop.orders

SELECT DISTINCT ON (category) category, price FROM shop.product ORDER BY category, price DESC NULLS LAST
= read shop.product
@ reads shop.product

SELECT DISTINCT ON (product_id) product_id, quantity FROM shop.item ORDER BY product_id, quantity DESC NULLS LAST
= read shop.item
@ reads shop.item

SELECT DISTINCT ON (kind) kind, ms FROM shop.event ORDER BY kind, ms DESC NULLS LAST
= read shop.event
@ reads shop.event

SELECT DISTINCT ON (doctor_id) doctor_id, fee FROM care.visit ORDER BY doctor_id, fee DESC NULLS LAST
= read care.visit
@ reads care.visit

SELECT DISTINCT ON (kind) kind, value FROM care.lab ORDER BY kind, value DESC NULLS LAST
= read care.lab
@ reads care.lab

SELECT DISTINCT ON (speciality) speciality, rating FROM care.doctor ORDER BY speciality, rating DESC NULLS LAST
= read care.doctor
@ reads care.doctor

SELECT DISTINCT ON (warehouse) warehouse, quantity FROM shop.stock ORDER BY warehouse, quantity DESC NULLS LAST
= read shop.stock
@ reads shop.stock

SELECT DISTINCT ON (grade) grade, bonus FROM hr.employee ORDER BY grade, bonus DESC NULLS LAST
= read hr.employee
@ reads hr.employee

SELECT DISTINCT ON (memo) memo, score FROM care.visit ORDER BY memo, score DESC NULLS LAST
= read care.visit
@ reads care.visit

SELECT DISTINCT ON (order_id) order_id, line FROM shop.item ORDER BY order_id, line DESC NULLS LAST
= read shop.item
@ reads shop.item

SELECT DISTINCT ON (currency) currency, total FROM shop.orders ORDER BY currency, total DESC NULLS LAST
= read shop.orders
@ reads shop.orders

SELECT DISTINCT ON (category) category, weight FROM shop.product ORDER BY category, weight DESC NULLS LAST
= read shop.product
@ reads shop.product

SELECT DISTINCT ON (path) path, customer_id FROM shop.event ORDER BY path, customer_id DESC NULLS LAST
= read shop.event
@ reads shop.event

SELECT DISTINCT ON (name) name, visits FROM care.busy ORDER BY name, visits DESC NULLS LAST
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT DISTINCT ON (day) day, n FROM shop.daily ORDER BY day, n DESC NULLS LAST
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % group_cte

WITH g AS MATERIALIZED (SELECT state AS k, max(total) AS m FROM shop.orders GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.orders
@ reads shop.orders

WITH g AS MATERIALIZED (SELECT product_id AS k, max(quantity) AS m FROM shop.item GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.item
@ reads shop.item

WITH g AS MATERIALIZED (SELECT doctor_id AS k, max(fee) AS m FROM care.visit GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read care.visit
@ reads care.visit

WITH g AS MATERIALIZED (SELECT warehouse AS k, max(quantity) AS m FROM shop.stock GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.stock
@ reads shop.stock

WITH g AS MATERIALIZED (SELECT memo AS k, max(score) AS m FROM care.visit GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read care.visit
@ reads care.visit

WITH g AS MATERIALIZED (SELECT category AS k, max(weight) AS m FROM shop.product GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.product
@ reads shop.product

WITH g AS MATERIALIZED (SELECT name AS k, max(visits) AS m FROM care.busy GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

WITH g AS NOT MATERIALIZED (SELECT state AS k, max(total) AS m FROM shop.orders GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.orders
@ reads shop.orders

WITH g AS NOT MATERIALIZED (SELECT kind AS k, max(ms) AS m FROM shop.event GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.event
@ reads shop.event

WITH g AS NOT MATERIALIZED (SELECT kind AS k, max(value) AS m FROM care.lab GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read care.lab
@ reads care.lab

WITH g AS NOT MATERIALIZED (SELECT grade AS k, max(bonus) AS m FROM hr.employee GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read hr.employee
@ reads hr.employee

WITH g AS NOT MATERIALIZED (SELECT order_id AS k, max(line) AS m FROM shop.item GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.item
@ reads shop.item

WITH g AS NOT MATERIALIZED (SELECT category AS k, max(weight) AS m FROM shop.product GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.product
@ reads shop.product

WITH g AS NOT MATERIALIZED (SELECT day AS k, max(n) AS m FROM shop.daily GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

WITH g AS /* plain */ (SELECT category AS k, max(price) AS m FROM shop.product GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.product
@ reads shop.product

WITH g AS /* plain */ (SELECT doctor_id AS k, max(fee) AS m FROM care.visit GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read care.visit
@ reads care.visit

WITH g AS /* plain */ (SELECT speciality AS k, max(rating) AS m FROM care.doctor GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read care.doctor
@ reads care.doctor

WITH g AS /* plain */ (SELECT grade AS k, max(bonus) AS m FROM hr.employee GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read hr.employee
@ reads hr.employee

WITH g AS /* plain */ (SELECT currency AS k, max(total) AS m FROM shop.orders GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.orders
@ reads shop.orders

WITH g AS /* plain */ (SELECT path AS k, max(customer_id) AS m FROM shop.event GROUP BY 1) SELECT t.k, t.m FROM g t JOIN g u ON u.m = t.m ORDER BY 1, 2 LIMIT 9
= read shop.event
@ reads shop.event

-- % semi

SELECT count(*) FROM shop.orders a WHERE EXISTS (SELECT 1 FROM shop.orders b WHERE b.state = a.state AND b.total > a.total)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders a WHERE NOT EXISTS (SELECT 1 FROM shop.orders b WHERE b.state = a.state AND b.total > a.total)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.product a WHERE NOT EXISTS (SELECT 1 FROM shop.product b WHERE b.category = a.category AND b.price > a.price)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.item a WHERE EXISTS (SELECT 1 FROM shop.item b WHERE b.product_id = a.product_id AND b.quantity > a.quantity)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.event a WHERE EXISTS (SELECT 1 FROM shop.event b WHERE b.kind = a.kind AND b.ms > a.ms)
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.visit a WHERE EXISTS (SELECT 1 FROM care.visit b WHERE b.doctor_id = a.doctor_id AND b.fee > a.fee)
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.visit a WHERE NOT EXISTS (SELECT 1 FROM care.visit b WHERE b.doctor_id = a.doctor_id AND b.fee > a.fee)
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.lab a WHERE NOT EXISTS (SELECT 1 FROM care.lab b WHERE b.kind = a.kind AND b.value > a.value)
= read care.lab
@ reads care.lab

SELECT count(*) FROM care.doctor a WHERE EXISTS (SELECT 1 FROM care.doctor b WHERE b.speciality = a.speciality AND b.rating > a.rating)
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM shop.stock a WHERE EXISTS (SELECT 1 FROM shop.stock b WHERE b.warehouse = a.warehouse AND b.quantity > a.quantity)
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM hr.employee a WHERE EXISTS (SELECT 1 FROM hr.employee b WHERE b.grade = a.grade AND b.bonus > a.bonus)
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM hr.employee a WHERE NOT EXISTS (SELECT 1 FROM hr.employee b WHERE b.grade = a.grade AND b.bonus > a.bonus)
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM care.visit a WHERE NOT EXISTS (SELECT 1 FROM care.visit b WHERE b.memo = a.memo AND b.score > a.score)
= read care.visit
@ reads care.visit

SELECT count(*) FROM shop.item a WHERE EXISTS (SELECT 1 FROM shop.item b WHERE b.order_id = a.order_id AND b.line > a.line)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.orders a WHERE EXISTS (SELECT 1 FROM shop.orders b WHERE b.currency = a.currency AND b.total > a.total)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.product a WHERE EXISTS (SELECT 1 FROM shop.product b WHERE b.category = a.category AND b.weight > a.weight)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.product a WHERE NOT EXISTS (SELECT 1 FROM shop.product b WHERE b.category = a.category AND b.weight > a.weight)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.event a WHERE NOT EXISTS (SELECT 1 FROM shop.event b WHERE b.path = a.path AND b.customer_id > a.customer_id)
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.busy a WHERE EXISTS (SELECT 1 FROM care.busy b WHERE b.name = a.name AND b.visits > a.visits)
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT count(*) FROM shop.daily a WHERE EXISTS (SELECT 1 FROM shop.daily b WHERE b.day = a.day AND b.n > a.n)
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % in_list

SELECT count(*) FROM shop.orders WHERE state IN (SELECT state FROM shop.orders WHERE total IS NOT NULL)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE state <> ALL (SELECT state FROM shop.orders WHERE total IS NOT NULL)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.product WHERE category = ANY (SELECT category FROM shop.product WHERE price IS NOT NULL)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.item WHERE product_id NOT IN (SELECT product_id FROM shop.item WHERE quantity IS NOT NULL)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.event WHERE kind IN (SELECT kind FROM shop.event WHERE ms IS NOT NULL)
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.visit WHERE doctor_id IN (SELECT doctor_id FROM care.visit WHERE fee IS NOT NULL)
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.visit WHERE doctor_id <> ALL (SELECT doctor_id FROM care.visit WHERE fee IS NOT NULL)
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.lab WHERE kind = ANY (SELECT kind FROM care.lab WHERE value IS NOT NULL)
= read care.lab
@ reads care.lab

SELECT count(*) FROM care.doctor WHERE speciality NOT IN (SELECT speciality FROM care.doctor WHERE rating IS NOT NULL)
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM shop.stock WHERE warehouse IN (SELECT warehouse FROM shop.stock WHERE quantity IS NOT NULL)
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM hr.employee WHERE grade IN (SELECT grade FROM hr.employee WHERE bonus IS NOT NULL)
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM hr.employee WHERE grade <> ALL (SELECT grade FROM hr.employee WHERE bonus IS NOT NULL)
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM care.visit WHERE memo = ANY (SELECT memo FROM care.visit WHERE score IS NOT NULL)
= read care.visit
@ reads care.visit

SELECT count(*) FROM shop.item WHERE order_id NOT IN (SELECT order_id FROM shop.item WHERE line IS NOT NULL)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.orders WHERE currency IN (SELECT currency FROM shop.orders WHERE total IS NOT NULL)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.product WHERE category IN (SELECT category FROM shop.product WHERE weight IS NOT NULL)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.product WHERE category <> ALL (SELECT category FROM shop.product WHERE weight IS NOT NULL)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.event WHERE path = ANY (SELECT path FROM shop.event WHERE customer_id IS NOT NULL)
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.busy WHERE name NOT IN (SELECT name FROM care.busy WHERE visits IS NOT NULL)
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT count(*) FROM shop.daily WHERE day IN (SELECT day FROM shop.daily WHERE n IS NOT NULL)
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % lateral

SELECT k.state, l.total FROM (SELECT DISTINCT state FROM shop.orders) k JOIN LATERAL (SELECT total FROM shop.orders x WHERE x.state = k.state ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.orders
@ reads shop.orders

SELECT k.state, l.total FROM (SELECT DISTINCT state FROM shop.orders) k LEFT JOIN LATERAL (SELECT total FROM shop.orders x WHERE x.state = k.state ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.orders
@ reads shop.orders

SELECT k.category, l.price FROM (SELECT DISTINCT category FROM shop.product) k LEFT JOIN LATERAL (SELECT price FROM shop.product x WHERE x.category = k.category ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.product
@ reads shop.product

SELECT k.product_id, l.quantity FROM (SELECT DISTINCT product_id FROM shop.item) k JOIN LATERAL (SELECT quantity FROM shop.item x WHERE x.product_id = k.product_id ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.item
@ reads shop.item

SELECT k.kind, l.ms FROM (SELECT DISTINCT kind FROM shop.event) k JOIN LATERAL (SELECT ms FROM shop.event x WHERE x.kind = k.kind ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.event
@ reads shop.event

SELECT k.doctor_id, l.fee FROM (SELECT DISTINCT doctor_id FROM care.visit) k JOIN LATERAL (SELECT fee FROM care.visit x WHERE x.doctor_id = k.doctor_id ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read care.visit
@ reads care.visit

SELECT k.doctor_id, l.fee FROM (SELECT DISTINCT doctor_id FROM care.visit) k LEFT JOIN LATERAL (SELECT fee FROM care.visit x WHERE x.doctor_id = k.doctor_id ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read care.visit
@ reads care.visit

SELECT k.kind, l.value FROM (SELECT DISTINCT kind FROM care.lab) k LEFT JOIN LATERAL (SELECT value FROM care.lab x WHERE x.kind = k.kind ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read care.lab
@ reads care.lab

SELECT k.speciality, l.rating FROM (SELECT DISTINCT speciality FROM care.doctor) k JOIN LATERAL (SELECT rating FROM care.doctor x WHERE x.speciality = k.speciality ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read care.doctor
@ reads care.doctor

SELECT k.warehouse, l.quantity FROM (SELECT DISTINCT warehouse FROM shop.stock) k JOIN LATERAL (SELECT quantity FROM shop.stock x WHERE x.warehouse = k.warehouse ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.stock
@ reads shop.stock

SELECT k.grade, l.bonus FROM (SELECT DISTINCT grade FROM hr.employee) k JOIN LATERAL (SELECT bonus FROM hr.employee x WHERE x.grade = k.grade ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read hr.employee
@ reads hr.employee

SELECT k.grade, l.bonus FROM (SELECT DISTINCT grade FROM hr.employee) k LEFT JOIN LATERAL (SELECT bonus FROM hr.employee x WHERE x.grade = k.grade ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read hr.employee
@ reads hr.employee

SELECT k.memo, l.score FROM (SELECT DISTINCT memo FROM care.visit) k LEFT JOIN LATERAL (SELECT score FROM care.visit x WHERE x.memo = k.memo ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read care.visit
@ reads care.visit

SELECT k.order_id, l.line FROM (SELECT DISTINCT order_id FROM shop.item) k JOIN LATERAL (SELECT line FROM shop.item x WHERE x.order_id = k.order_id ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.item
@ reads shop.item

SELECT k.currency, l.total FROM (SELECT DISTINCT currency FROM shop.orders) k JOIN LATERAL (SELECT total FROM shop.orders x WHERE x.currency = k.currency ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.orders
@ reads shop.orders

SELECT k.category, l.weight FROM (SELECT DISTINCT category FROM shop.product) k JOIN LATERAL (SELECT weight FROM shop.product x WHERE x.category = k.category ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.product
@ reads shop.product

SELECT k.category, l.weight FROM (SELECT DISTINCT category FROM shop.product) k LEFT JOIN LATERAL (SELECT weight FROM shop.product x WHERE x.category = k.category ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.product
@ reads shop.product

SELECT k.path, l.customer_id FROM (SELECT DISTINCT path FROM shop.event) k LEFT JOIN LATERAL (SELECT customer_id FROM shop.event x WHERE x.path = k.path ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.event
@ reads shop.event

SELECT k.name, l.visits FROM (SELECT DISTINCT name FROM care.busy) k JOIN LATERAL (SELECT visits FROM care.busy x WHERE x.name = k.name ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT k.day, l.n FROM (SELECT DISTINCT day FROM shop.daily) k JOIN LATERAL (SELECT n FROM shop.daily x WHERE x.day = k.day ORDER BY 1 LIMIT 1) l ON true ORDER BY 1, 2
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % text_case

SELECT DISTINCT upper(title) FROM shop.product ORDER BY 1 LIMIT 5
= read shop.product
@ reads shop.product

SELECT DISTINCT upper(path) FROM shop.event ORDER BY 1 LIMIT 5
= read shop.event
@ reads shop.event

SELECT DISTINCT upper(plan) FROM shop.customer ORDER BY 1 LIMIT 5
= read shop.customer
@ reads shop.customer

SELECT DISTINCT lower(memo) FROM care.visit ORDER BY 1 LIMIT 5
= read care.visit
@ reads care.visit

SELECT DISTINCT lower(reason) FROM hr.absence ORDER BY 1 LIMIT 5
= read hr.absence
@ reads hr.absence

SELECT DISTINCT initcap(title) FROM shop.product ORDER BY 1 LIMIT 5
= read shop.product
@ reads shop.product

SELECT DISTINCT initcap(path) FROM shop.event ORDER BY 1 LIMIT 5
= read shop.event
@ reads shop.event

SELECT DISTINCT initcap(plan) FROM shop.customer ORDER BY 1 LIMIT 5
= read shop.customer
@ reads shop.customer

SELECT DISTINCT md5(memo) FROM care.visit ORDER BY 1 LIMIT 5
= read care.visit
@ reads care.visit

SELECT DISTINCT md5(reason) FROM hr.absence ORDER BY 1 LIMIT 5
= read hr.absence
@ reads hr.absence

SELECT DISTINCT reverse(title) FROM shop.product ORDER BY 1 LIMIT 5
= read shop.product
@ reads shop.product

SELECT DISTINCT reverse(path) FROM shop.event ORDER BY 1 LIMIT 5
= read shop.event
@ reads shop.event

SELECT DISTINCT reverse(plan) FROM shop.customer ORDER BY 1 LIMIT 5
= read shop.customer
@ reads shop.customer

SELECT DISTINCT length(memo) FROM care.visit ORDER BY 1 LIMIT 5
= read care.visit
@ reads care.visit

SELECT DISTINCT length(reason) FROM hr.absence ORDER BY 1 LIMIT 5
= read hr.absence
@ reads hr.absence

SELECT DISTINCT btrim(title) FROM shop.product ORDER BY 1 LIMIT 5
= read shop.product
@ reads shop.product

SELECT DISTINCT btrim(path) FROM shop.event ORDER BY 1 LIMIT 5
= read shop.event
@ reads shop.event

SELECT DISTINCT btrim(plan) FROM shop.customer ORDER BY 1 LIMIT 5
= read shop.customer
@ reads shop.customer

SELECT DISTINCT quote_literal(memo) FROM care.visit ORDER BY 1 LIMIT 5
= read care.visit
@ reads care.visit

SELECT DISTINCT quote_literal(reason) FROM hr.absence ORDER BY 1 LIMIT 5
= read hr.absence
@ reads hr.absence

-- % text_match

SELECT count(*) FROM shop.product WHERE title LIKE 'a'
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.product WHERE sku LIKE 'a'
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.product WHERE category LIKE 'a'
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.orders WHERE coupon LIKE 'a'
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM care.visit WHERE memo LIKE 'a'
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.doctor WHERE name LIKE 'a'
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM care.doctor WHERE speciality LIKE 'a'
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM shop.region WHERE name LIKE 'a'
= read shop.region
@ reads shop.region

SELECT count(*) FROM shop.event WHERE path LIKE 'a'
= read shop.event
@ reads shop.event

SELECT count(*) FROM shop.event WHERE kind LIKE 'a'
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.lab WHERE kind LIKE 'a'
= read care.lab
@ reads care.lab

SELECT count(*) FROM hr.department WHERE name LIKE 'a'
= read hr.department
@ reads hr.department

SELECT count(*) FROM hr.absence WHERE reason LIKE 'a'
= read hr.absence
@ reads hr.absence

SELECT count(*) FROM care.log WHERE line LIKE 'a'
= read care.log
@ reads care.log

SELECT count(*) FROM care.parent WHERE kind LIKE 'a'
= read care.parent
@ reads care.parent

SELECT count(*) FROM care.member WHERE plan LIKE 'a'
= read care.member
@ reads care.member

SELECT count(*) FROM shop.customer WHERE plan LIKE 'a'
= read shop.customer
@ reads shop.customer

SELECT count(*) FROM shop.stock WHERE warehouse LIKE 'a'
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM shop.cache WHERE key LIKE 'a'
= read shop.cache
@ reads shop.cache

SELECT count(*) FROM shop.import WHERE raw LIKE 'a'
= read shop.import
@ reads shop.import

-- % text_parts

SELECT left(title, 2), right(title, 2), substr(title, 2), strpos(title, 'a') FROM shop.product ORDER BY title LIMIT 4
= read shop.product
@ reads shop.product

SELECT left(sku, 2), right(sku, 2), substr(sku, 2), strpos(sku, 'a') FROM shop.product ORDER BY sku LIMIT 4
= read shop.product
@ reads shop.product

SELECT left(category, 2), right(category, 2), substr(category, 2), strpos(category, 'a') FROM shop.product ORDER BY category LIMIT 4
= read shop.product
@ reads shop.product

SELECT left(coupon, 2), right(coupon, 2), substr(coupon, 2), strpos(coupon, 'a') FROM shop.orders ORDER BY coupon LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT left(memo, 2), right(memo, 2), substr(memo, 2), strpos(memo, 'a') FROM care.visit ORDER BY memo LIMIT 4
= read care.visit
@ reads care.visit

SELECT left(name, 2), right(name, 2), substr(name, 2), strpos(name, 'a') FROM care.doctor ORDER BY name LIMIT 4
= read care.doctor
@ reads care.doctor

SELECT left(speciality, 2), right(speciality, 2), substr(speciality, 2), strpos(speciality, 'a') FROM care.doctor ORDER BY speciality LIMIT 4
= read care.doctor
@ reads care.doctor

SELECT left(name, 2), right(name, 2), substr(name, 2), strpos(name, 'a') FROM shop.region ORDER BY name LIMIT 4
= read shop.region
@ reads shop.region

SELECT left(path, 2), right(path, 2), substr(path, 2), strpos(path, 'a') FROM shop.event ORDER BY path LIMIT 4
= read shop.event
@ reads shop.event

SELECT left(kind, 2), right(kind, 2), substr(kind, 2), strpos(kind, 'a') FROM shop.event ORDER BY kind LIMIT 4
= read shop.event
@ reads shop.event

SELECT left(kind, 2), right(kind, 2), substr(kind, 2), strpos(kind, 'a') FROM care.lab ORDER BY kind LIMIT 4
= read care.lab
@ reads care.lab

SELECT left(name, 2), right(name, 2), substr(name, 2), strpos(name, 'a') FROM hr.department ORDER BY name LIMIT 4
= read hr.department
@ reads hr.department

SELECT left(reason, 2), right(reason, 2), substr(reason, 2), strpos(reason, 'a') FROM hr.absence ORDER BY reason LIMIT 4
= read hr.absence
@ reads hr.absence

SELECT left(line, 2), right(line, 2), substr(line, 2), strpos(line, 'a') FROM care.log ORDER BY line LIMIT 4
= read care.log
@ reads care.log

SELECT left(kind, 2), right(kind, 2), substr(kind, 2), strpos(kind, 'a') FROM care.parent ORDER BY kind LIMIT 4
= read care.parent
@ reads care.parent

SELECT left(plan, 2), right(plan, 2), substr(plan, 2), strpos(plan, 'a') FROM care.member ORDER BY plan LIMIT 4
= read care.member
@ reads care.member

SELECT left(plan, 2), right(plan, 2), substr(plan, 2), strpos(plan, 'a') FROM shop.customer ORDER BY plan LIMIT 4
= read shop.customer
@ reads shop.customer

SELECT left(warehouse, 2), right(warehouse, 2), substr(warehouse, 2), strpos(warehouse, 'a') FROM shop.stock ORDER BY warehouse LIMIT 4
= read shop.stock
@ reads shop.stock

SELECT left(key, 2), right(key, 2), substr(key, 2), strpos(key, 'a') FROM shop.cache ORDER BY key LIMIT 4
= read shop.cache
@ reads shop.cache

SELECT left(raw, 2), right(raw, 2), substr(raw, 2), strpos(raw, 'a') FROM shop.import ORDER BY raw LIMIT 4
= read shop.import
@ reads shop.import

-- % text_agg

SELECT string_agg(title, ',' ORDER BY title) FROM shop.product
= read shop.product
@ reads shop.product

SELECT string_agg(sku, ',' ORDER BY sku) FROM shop.product
= read shop.product
@ reads shop.product

SELECT string_agg(category, ',' ORDER BY category) FROM shop.product
= read shop.product
@ reads shop.product

SELECT string_agg(coupon, ',' ORDER BY coupon) FROM shop.orders
= read shop.orders
@ reads shop.orders

SELECT string_agg(memo, ',' ORDER BY memo) FROM care.visit
= read care.visit
@ reads care.visit

SELECT string_agg(name, ',' ORDER BY name) FROM care.doctor
= read care.doctor
@ reads care.doctor

SELECT string_agg(speciality, ',' ORDER BY speciality) FROM care.doctor
= read care.doctor
@ reads care.doctor

SELECT string_agg(name, ',' ORDER BY name) FROM shop.region
= read shop.region
@ reads shop.region

SELECT string_agg(path, ',' ORDER BY path) FROM shop.event
= read shop.event
@ reads shop.event

SELECT string_agg(kind, ',' ORDER BY kind) FROM shop.event
= read shop.event
@ reads shop.event

SELECT string_agg(kind, ',' ORDER BY kind) FROM care.lab
= read care.lab
@ reads care.lab

SELECT string_agg(name, ',' ORDER BY name) FROM hr.department
= read hr.department
@ reads hr.department

SELECT string_agg(reason, ',' ORDER BY reason) FROM hr.absence
= read hr.absence
@ reads hr.absence

SELECT string_agg(line, ',' ORDER BY line) FROM care.log
= read care.log
@ reads care.log

SELECT string_agg(kind, ',' ORDER BY kind) FROM care.parent
= read care.parent
@ reads care.parent

SELECT string_agg(plan, ',' ORDER BY plan) FROM care.member
= read care.member
@ reads care.member

SELECT string_agg(plan, ',' ORDER BY plan) FROM shop.customer
= read shop.customer
@ reads shop.customer

SELECT string_agg(warehouse, ',' ORDER BY warehouse) FROM shop.stock
= read shop.stock
@ reads shop.stock

SELECT string_agg(key, ',' ORDER BY key) FROM shop.cache
= read shop.cache
@ reads shop.cache

SELECT string_agg(raw, ',' ORDER BY raw) FROM shop.import
= read shop.import
@ reads shop.import

-- % text_split

SELECT w, count(*) FROM shop.product, string_to_table(title, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.product
@ reads shop.product

SELECT w, count(*) FROM shop.product, string_to_table(sku, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.product
@ reads shop.product

SELECT w, count(*) FROM shop.product, string_to_table(category, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.product
@ reads shop.product

SELECT w, count(*) FROM shop.orders, string_to_table(coupon, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.orders
@ reads shop.orders

SELECT w, count(*) FROM care.visit, string_to_table(memo, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read care.visit
@ reads care.visit

SELECT w, count(*) FROM care.doctor, string_to_table(name, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read care.doctor
@ reads care.doctor

SELECT w, count(*) FROM care.doctor, string_to_table(speciality, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read care.doctor
@ reads care.doctor

SELECT w, count(*) FROM shop.region, string_to_table(name, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.region
@ reads shop.region

SELECT w, count(*) FROM shop.event, string_to_table(path, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.event
@ reads shop.event

SELECT w, count(*) FROM shop.event, string_to_table(kind, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.event
@ reads shop.event

SELECT w, count(*) FROM care.lab, string_to_table(kind, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read care.lab
@ reads care.lab

SELECT w, count(*) FROM hr.department, string_to_table(name, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read hr.department
@ reads hr.department

SELECT w, count(*) FROM hr.absence, string_to_table(reason, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read hr.absence
@ reads hr.absence

SELECT w, count(*) FROM care.log, string_to_table(line, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read care.log
@ reads care.log

SELECT w, count(*) FROM care.parent, string_to_table(kind, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read care.parent
@ reads care.parent

SELECT w, count(*) FROM care.member, string_to_table(plan, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read care.member
@ reads care.member

SELECT w, count(*) FROM shop.customer, string_to_table(plan, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.customer
@ reads shop.customer

SELECT w, count(*) FROM shop.stock, string_to_table(warehouse, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.stock
@ reads shop.stock

SELECT w, count(*) FROM shop.cache, string_to_table(key, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.cache
@ reads shop.cache

SELECT w, count(*) FROM shop.import, string_to_table(raw, ' ') AS w GROUP BY w ORDER BY 2 DESC, 1 LIMIT 6
= read shop.import
@ reads shop.import

-- % text_search

SELECT count(*) FROM shop.product WHERE to_tsvector('simple', title) @@ plainto_tsquery('simple', 'lamp')
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.product WHERE to_tsvector('simple', sku) @@ plainto_tsquery('simple', 'lamp')
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.product WHERE to_tsvector('simple', category) @@ plainto_tsquery('simple', 'lamp')
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.orders WHERE to_tsvector('simple', coupon) @@ plainto_tsquery('simple', 'lamp')
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM care.visit WHERE to_tsvector('simple', memo) @@ plainto_tsquery('simple', 'lamp')
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.doctor WHERE to_tsvector('simple', name) @@ plainto_tsquery('simple', 'lamp')
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM care.doctor WHERE to_tsvector('simple', speciality) @@ plainto_tsquery('simple', 'lamp')
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM shop.region WHERE to_tsvector('simple', name) @@ plainto_tsquery('simple', 'lamp')
= read shop.region
@ reads shop.region

SELECT count(*) FROM shop.event WHERE to_tsvector('simple', path) @@ plainto_tsquery('simple', 'lamp')
= read shop.event
@ reads shop.event

SELECT count(*) FROM shop.event WHERE to_tsvector('simple', kind) @@ plainto_tsquery('simple', 'lamp')
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.lab WHERE to_tsvector('simple', kind) @@ plainto_tsquery('simple', 'lamp')
= read care.lab
@ reads care.lab

SELECT count(*) FROM hr.department WHERE to_tsvector('simple', name) @@ plainto_tsquery('simple', 'lamp')
= read hr.department
@ reads hr.department

SELECT count(*) FROM hr.absence WHERE to_tsvector('simple', reason) @@ plainto_tsquery('simple', 'lamp')
= read hr.absence
@ reads hr.absence

SELECT count(*) FROM care.log WHERE to_tsvector('simple', line) @@ plainto_tsquery('simple', 'lamp')
= read care.log
@ reads care.log

SELECT count(*) FROM care.parent WHERE to_tsvector('simple', kind) @@ plainto_tsquery('simple', 'lamp')
= read care.parent
@ reads care.parent

SELECT count(*) FROM care.member WHERE to_tsvector('simple', plan) @@ plainto_tsquery('simple', 'lamp')
= read care.member
@ reads care.member

SELECT count(*) FROM shop.customer WHERE to_tsvector('simple', plan) @@ plainto_tsquery('simple', 'lamp')
= read shop.customer
@ reads shop.customer

SELECT count(*) FROM shop.stock WHERE to_tsvector('simple', warehouse) @@ plainto_tsquery('simple', 'lamp')
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM shop.cache WHERE to_tsvector('simple', key) @@ plainto_tsquery('simple', 'lamp')
= read shop.cache
@ reads shop.cache

SELECT count(*) FROM shop.import WHERE to_tsvector('simple', raw) @@ plainto_tsquery('simple', 'lamp')
= read shop.import
@ reads shop.import

-- % text_concat

SELECT title || '/' || coalesce(title, ''), concat_ws('-', title, NULL, 1) FROM shop.product ORDER BY 1 NULLS LAST LIMIT 3
= read shop.product
@ reads shop.product

SELECT sku || '/' || coalesce(sku, ''), concat_ws('-', sku, NULL, 1) FROM shop.product ORDER BY 1 NULLS LAST LIMIT 3
= read shop.product
@ reads shop.product

SELECT category || '/' || coalesce(category, ''), concat_ws('-', category, NULL, 1) FROM shop.product ORDER BY 1 NULLS LAST LIMIT 3
= read shop.product
@ reads shop.product

SELECT coupon || '/' || coalesce(coupon, ''), concat_ws('-', coupon, NULL, 1) FROM shop.orders ORDER BY 1 NULLS LAST LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT memo || '/' || coalesce(memo, ''), concat_ws('-', memo, NULL, 1) FROM care.visit ORDER BY 1 NULLS LAST LIMIT 3
= read care.visit
@ reads care.visit

SELECT name || '/' || coalesce(name, ''), concat_ws('-', name, NULL, 1) FROM care.doctor ORDER BY 1 NULLS LAST LIMIT 3
= read care.doctor
@ reads care.doctor

SELECT speciality || '/' || coalesce(speciality, ''), concat_ws('-', speciality, NULL, 1) FROM care.doctor ORDER BY 1 NULLS LAST LIMIT 3
= read care.doctor
@ reads care.doctor

SELECT name || '/' || coalesce(name, ''), concat_ws('-', name, NULL, 1) FROM shop.region ORDER BY 1 NULLS LAST LIMIT 3
= read shop.region
@ reads shop.region

SELECT path || '/' || coalesce(path, ''), concat_ws('-', path, NULL, 1) FROM shop.event ORDER BY 1 NULLS LAST LIMIT 3
= read shop.event
@ reads shop.event

SELECT kind || '/' || coalesce(kind, ''), concat_ws('-', kind, NULL, 1) FROM shop.event ORDER BY 1 NULLS LAST LIMIT 3
= read shop.event
@ reads shop.event

SELECT kind || '/' || coalesce(kind, ''), concat_ws('-', kind, NULL, 1) FROM care.lab ORDER BY 1 NULLS LAST LIMIT 3
= read care.lab
@ reads care.lab

SELECT name || '/' || coalesce(name, ''), concat_ws('-', name, NULL, 1) FROM hr.department ORDER BY 1 NULLS LAST LIMIT 3
= read hr.department
@ reads hr.department

SELECT reason || '/' || coalesce(reason, ''), concat_ws('-', reason, NULL, 1) FROM hr.absence ORDER BY 1 NULLS LAST LIMIT 3
= read hr.absence
@ reads hr.absence

SELECT line || '/' || coalesce(line, ''), concat_ws('-', line, NULL, 1) FROM care.log ORDER BY 1 NULLS LAST LIMIT 3
= read care.log
@ reads care.log

SELECT kind || '/' || coalesce(kind, ''), concat_ws('-', kind, NULL, 1) FROM care.parent ORDER BY 1 NULLS LAST LIMIT 3
= read care.parent
@ reads care.parent

SELECT plan || '/' || coalesce(plan, ''), concat_ws('-', plan, NULL, 1) FROM care.member ORDER BY 1 NULLS LAST LIMIT 3
= read care.member
@ reads care.member

SELECT plan || '/' || coalesce(plan, ''), concat_ws('-', plan, NULL, 1) FROM shop.customer ORDER BY 1 NULLS LAST LIMIT 3
= read shop.customer
@ reads shop.customer

SELECT warehouse || '/' || coalesce(warehouse, ''), concat_ws('-', warehouse, NULL, 1) FROM shop.stock ORDER BY 1 NULLS LAST LIMIT 3
= read shop.stock
@ reads shop.stock

SELECT key || '/' || coalesce(key, ''), concat_ws('-', key, NULL, 1) FROM shop.cache ORDER BY 1 NULLS LAST LIMIT 3
= read shop.cache
@ reads shop.cache

SELECT raw || '/' || coalesce(raw, ''), concat_ws('-', raw, NULL, 1) FROM shop.import ORDER BY 1 NULLS LAST LIMIT 3
= read shop.import
@ reads shop.import

-- % text_collate

SELECT title FROM shop.product WHERE title IS NOT NULL ORDER BY title COLLATE "C" ASC LIMIT 4
= read shop.product
@ reads shop.product

SELECT sku FROM shop.product WHERE sku IS NOT NULL ORDER BY sku COLLATE "C" ASC LIMIT 4
= read shop.product
@ reads shop.product

SELECT category FROM shop.product WHERE category IS NOT NULL ORDER BY category COLLATE "C" ASC LIMIT 4
= read shop.product
@ reads shop.product

SELECT coupon FROM shop.orders WHERE coupon IS NOT NULL ORDER BY coupon COLLATE "C" ASC LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT memo FROM care.visit WHERE memo IS NOT NULL ORDER BY memo COLLATE "C" ASC LIMIT 4
= read care.visit
@ reads care.visit

SELECT name FROM care.doctor WHERE name IS NOT NULL ORDER BY name COLLATE "C" ASC LIMIT 4
= read care.doctor
@ reads care.doctor

SELECT speciality FROM care.doctor WHERE speciality IS NOT NULL ORDER BY speciality COLLATE "C" ASC LIMIT 4
= read care.doctor
@ reads care.doctor

SELECT name FROM shop.region WHERE name IS NOT NULL ORDER BY name COLLATE "C" ASC LIMIT 4
= read shop.region
@ reads shop.region

SELECT path FROM shop.event WHERE path IS NOT NULL ORDER BY path COLLATE "C" ASC LIMIT 4
= read shop.event
@ reads shop.event

SELECT kind FROM shop.event WHERE kind IS NOT NULL ORDER BY kind COLLATE "C" ASC LIMIT 4
= read shop.event
@ reads shop.event

SELECT kind FROM care.lab WHERE kind IS NOT NULL ORDER BY kind COLLATE "C" ASC LIMIT 4
= read care.lab
@ reads care.lab

SELECT name FROM hr.department WHERE name IS NOT NULL ORDER BY name COLLATE "C" ASC LIMIT 4
= read hr.department
@ reads hr.department

SELECT reason FROM hr.absence WHERE reason IS NOT NULL ORDER BY reason COLLATE "C" ASC LIMIT 4
= read hr.absence
@ reads hr.absence

SELECT line FROM care.log WHERE line IS NOT NULL ORDER BY line COLLATE "C" ASC LIMIT 4
= read care.log
@ reads care.log

SELECT kind FROM care.parent WHERE kind IS NOT NULL ORDER BY kind COLLATE "C" ASC LIMIT 4
= read care.parent
@ reads care.parent

SELECT plan FROM care.member WHERE plan IS NOT NULL ORDER BY plan COLLATE "C" ASC LIMIT 4
= read care.member
@ reads care.member

SELECT plan FROM shop.customer WHERE plan IS NOT NULL ORDER BY plan COLLATE "C" ASC LIMIT 4
= read shop.customer
@ reads shop.customer

SELECT warehouse FROM shop.stock WHERE warehouse IS NOT NULL ORDER BY warehouse COLLATE "C" ASC LIMIT 4
= read shop.stock
@ reads shop.stock

SELECT key FROM shop.cache WHERE key IS NOT NULL ORDER BY key COLLATE "C" ASC LIMIT 4
= read shop.cache
@ reads shop.cache

SELECT raw FROM shop.import WHERE raw IS NOT NULL ORDER BY raw COLLATE "C" ASC LIMIT 4
= read shop.import
@ reads shop.import

-- % time_bucket

SELECT date_trunc('month', placed) AS m, count(*) FROM shop.orders GROUP BY m ORDER BY m
= read shop.orders
@ reads shop.orders

SELECT date_trunc('month', paid) AS m, count(*) FROM shop.orders GROUP BY m ORDER BY m
= read shop.orders
@ reads shop.orders

SELECT date_trunc('month', at) AS m, count(*) FROM shop.event GROUP BY m ORDER BY m
= read shop.event
@ reads shop.event

SELECT date_trunc('month', at) AS m, count(*) FROM care.visit GROUP BY m ORDER BY m
= read care.visit
@ reads care.visit

SELECT date_trunc('month', taken) AS m, count(*) FROM care.lab GROUP BY m ORDER BY m
= read care.lab
@ reads care.lab

SELECT date_trunc('month', launched) AS m, count(*) FROM shop.product GROUP BY m ORDER BY m
= read shop.product
@ reads shop.product

SELECT date_trunc('month', since) AS m, count(*) FROM care.doctor GROUP BY m ORDER BY m
= read care.doctor
@ reads care.doctor

SELECT date_trunc('month', hired) AS m, count(*) FROM hr.employee GROUP BY m ORDER BY m
= read hr.employee
@ reads hr.employee

SELECT date_trunc('month', joined) AS m, count(*) FROM care.member GROUP BY m ORDER BY m
= read care.member
@ reads care.member

SELECT date_trunc('month', created) AS m, count(*) FROM shop.customer GROUP BY m ORDER BY m
= read shop.customer
@ reads shop.customer

SELECT date_trunc('month', expires) AS m, count(*) FROM shop.cache GROUP BY m ORDER BY m
= read shop.cache
@ reads shop.cache

SELECT date_trunc('month', at) AS m, count(*) FROM care.log GROUP BY m ORDER BY m
= read care.log
@ reads care.log

SELECT date_trunc('month', day) AS m, count(*) FROM shop.daily GROUP BY m ORDER BY m
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT date_trunc('month', at) AS m, count(*) FROM shop.event_2024q1 GROUP BY m ORDER BY m
= read shop.event_2024q1
@ reads shop.event_2024q1

-- % time_parts

SELECT extract(year FROM placed), count(*) FROM shop.orders GROUP BY 1 ORDER BY 1 LIMIT 8
= read shop.orders
@ reads shop.orders

SELECT extract(year FROM paid), count(*) FROM shop.orders GROUP BY 1 ORDER BY 1 LIMIT 8
= read shop.orders
@ reads shop.orders

SELECT extract(year FROM at), count(*) FROM shop.event GROUP BY 1 ORDER BY 1 LIMIT 8
= read shop.event
@ reads shop.event

SELECT extract(year FROM at), count(*) FROM care.visit GROUP BY 1 ORDER BY 1 LIMIT 8
= read care.visit
@ reads care.visit

SELECT extract(year FROM taken), count(*) FROM care.lab GROUP BY 1 ORDER BY 1 LIMIT 8
= read care.lab
@ reads care.lab

SELECT extract(year FROM launched), count(*) FROM shop.product GROUP BY 1 ORDER BY 1 LIMIT 8
= read shop.product
@ reads shop.product

SELECT extract(year FROM since), count(*) FROM care.doctor GROUP BY 1 ORDER BY 1 LIMIT 8
= read care.doctor
@ reads care.doctor

SELECT extract(year FROM hired), count(*) FROM hr.employee GROUP BY 1 ORDER BY 1 LIMIT 8
= read hr.employee
@ reads hr.employee

SELECT extract(year FROM joined), count(*) FROM care.member GROUP BY 1 ORDER BY 1 LIMIT 8
= read care.member
@ reads care.member

SELECT extract(year FROM created), count(*) FROM shop.customer GROUP BY 1 ORDER BY 1 LIMIT 8
= read shop.customer
@ reads shop.customer

SELECT extract(year FROM expires), count(*) FROM shop.cache GROUP BY 1 ORDER BY 1 LIMIT 8
= read shop.cache
@ reads shop.cache

SELECT extract(year FROM at), count(*) FROM care.log GROUP BY 1 ORDER BY 1 LIMIT 8
= read care.log
@ reads care.log

SELECT extract(year FROM day), count(*) FROM shop.daily GROUP BY 1 ORDER BY 1 LIMIT 8
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT extract(year FROM at), count(*) FROM shop.event_2024q1 GROUP BY 1 ORDER BY 1 LIMIT 8
= read shop.event_2024q1
@ reads shop.event_2024q1

-- % time_bounds

SELECT min(placed), max(placed), max(placed) - min(placed) FROM shop.orders
= read shop.orders
@ reads shop.orders

SELECT min(paid), max(paid), max(paid) - min(paid) FROM shop.orders
= read shop.orders
@ reads shop.orders

SELECT min(at), max(at), max(at) - min(at) FROM shop.event
= read shop.event
@ reads shop.event

SELECT min(at), max(at), max(at) - min(at) FROM care.visit
= read care.visit
@ reads care.visit

SELECT min(taken), max(taken), max(taken) - min(taken) FROM care.lab
= read care.lab
@ reads care.lab

SELECT min(launched), max(launched), max(launched) - min(launched) FROM shop.product
= read shop.product
@ reads shop.product

SELECT min(since), max(since), max(since) - min(since) FROM care.doctor
= read care.doctor
@ reads care.doctor

SELECT min(hired), max(hired), max(hired) - min(hired) FROM hr.employee
= read hr.employee
@ reads hr.employee

SELECT min(joined), max(joined), max(joined) - min(joined) FROM care.member
= read care.member
@ reads care.member

SELECT min(created), max(created), max(created) - min(created) FROM shop.customer
= read shop.customer
@ reads shop.customer

SELECT min(expires), max(expires), max(expires) - min(expires) FROM shop.cache
= read shop.cache
@ reads shop.cache

SELECT min(at), max(at), max(at) - min(at) FROM care.log
= read care.log
@ reads care.log

SELECT min(day), max(day), max(day) - min(day) FROM shop.daily
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT min(at), max(at), max(at) - min(at) FROM shop.event_2024q1
= read shop.event_2024q1
@ reads shop.event_2024q1

-- % time_since

SELECT count(*) FROM shop.orders WHERE placed > timestamp '2024-02-01' - interval '1 month'
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE placed <= timestamp '2024-02-01' + interval '2 days'
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE paid > timestamp '2024-02-01' AT TIME ZONE 'UTC'
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.event WHERE at > timestamp '2024-02-01' - interval '1 month'
= read shop.event
@ reads shop.event

SELECT count(*) FROM shop.event WHERE at <= timestamp '2024-02-01' + interval '2 days'
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.visit WHERE at <= timestamp '2024-02-01' - interval '1 month'
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.lab WHERE taken > timestamp '2024-02-01' + interval '2 days'
= read care.lab
@ reads care.lab

SELECT count(*) FROM care.lab WHERE taken <= timestamp '2024-02-01' AT TIME ZONE 'UTC'
= read care.lab
@ reads care.lab

SELECT count(*) FROM shop.product WHERE launched <= timestamp '2024-02-01' - interval '1 month'
= read shop.product
@ reads shop.product

SELECT count(*) FROM care.doctor WHERE since > timestamp '2024-02-01' + interval '2 days'
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM hr.employee WHERE hired > timestamp '2024-02-01' - interval '1 month'
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM hr.employee WHERE hired <= timestamp '2024-02-01' + interval '2 days'
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM care.member WHERE joined > timestamp '2024-02-01' AT TIME ZONE 'UTC'
= read care.member
@ reads care.member

SELECT count(*) FROM shop.customer WHERE created > timestamp '2024-02-01' - interval '1 month'
= read shop.customer
@ reads shop.customer

SELECT count(*) FROM shop.customer WHERE created <= timestamp '2024-02-01' + interval '2 days'
= read shop.customer
@ reads shop.customer

SELECT count(*) FROM shop.cache WHERE expires <= timestamp '2024-02-01' - interval '1 month'
= read shop.cache
@ reads shop.cache

SELECT count(*) FROM care.log WHERE at > timestamp '2024-02-01' + interval '2 days'
= read care.log
@ reads care.log

SELECT count(*) FROM care.log WHERE at <= timestamp '2024-02-01' AT TIME ZONE 'UTC'
= read care.log
@ reads care.log

SELECT count(*) FROM shop.daily WHERE day <= timestamp '2024-02-01' - interval '1 month'
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT count(*) FROM shop.event_2024q1 WHERE at > timestamp '2024-02-01' + interval '2 days'
= read shop.event_2024q1
@ reads shop.event_2024q1

-- % time_text

SELECT to_char(placed, 'YYYY-MM-DD'), placed::date FROM shop.orders WHERE isfinite(placed) ORDER BY placed LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT to_char(paid, 'YYYY-MM-DD'), paid::date FROM shop.orders WHERE isfinite(paid) ORDER BY paid LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT to_char(at, 'YYYY-MM-DD'), at::date FROM shop.event WHERE isfinite(at) ORDER BY at LIMIT 3
= read shop.event
@ reads shop.event

SELECT to_char(at, 'YYYY-MM-DD'), at::date FROM care.visit WHERE isfinite(at) ORDER BY at LIMIT 3
= read care.visit
@ reads care.visit

SELECT to_char(taken, 'YYYY-MM-DD'), taken::date FROM care.lab WHERE isfinite(taken) ORDER BY taken LIMIT 3
= read care.lab
@ reads care.lab

SELECT to_char(launched, 'YYYY-MM-DD'), launched::date FROM shop.product WHERE isfinite(launched) ORDER BY launched LIMIT 3
= read shop.product
@ reads shop.product

SELECT to_char(since, 'YYYY-MM-DD'), since::date FROM care.doctor WHERE isfinite(since) ORDER BY since LIMIT 3
= read care.doctor
@ reads care.doctor

SELECT to_char(hired, 'YYYY-MM-DD'), hired::date FROM hr.employee WHERE isfinite(hired) ORDER BY hired LIMIT 3
= read hr.employee
@ reads hr.employee

SELECT to_char(joined, 'YYYY-MM-DD'), joined::date FROM care.member WHERE isfinite(joined) ORDER BY joined LIMIT 3
= read care.member
@ reads care.member

SELECT to_char(created, 'YYYY-MM-DD'), created::date FROM shop.customer WHERE isfinite(created) ORDER BY created LIMIT 3
= read shop.customer
@ reads shop.customer

SELECT to_char(expires, 'YYYY-MM-DD'), expires::date FROM shop.cache WHERE isfinite(expires) ORDER BY expires LIMIT 3
= read shop.cache
@ reads shop.cache

SELECT to_char(at, 'YYYY-MM-DD'), at::date FROM care.log WHERE isfinite(at) ORDER BY at LIMIT 3
= read care.log
@ reads care.log

SELECT to_char(day, 'YYYY-MM-DD'), day::date FROM shop.daily WHERE isfinite(day) ORDER BY day LIMIT 3
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT to_char(at, 'YYYY-MM-DD'), at::date FROM shop.event_2024q1 WHERE isfinite(at) ORDER BY at LIMIT 3
= read shop.event_2024q1
@ reads shop.event_2024q1

-- % time_series

SELECT d, count(placed) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN shop.orders t ON t.placed::date = d GROUP BY d ORDER BY d
= read shop.orders
@ reads shop.orders

SELECT d, count(paid) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN shop.orders t ON t.paid::date = d GROUP BY d ORDER BY d
= read shop.orders
@ reads shop.orders

SELECT d, count(at) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN shop.event t ON t.at::date = d GROUP BY d ORDER BY d
= read shop.event
@ reads shop.event

SELECT d, count(at) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN care.visit t ON t.at::date = d GROUP BY d ORDER BY d
= read care.visit
@ reads care.visit

SELECT d, count(taken) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN care.lab t ON t.taken::date = d GROUP BY d ORDER BY d
= read care.lab
@ reads care.lab

SELECT d, count(launched) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN shop.product t ON t.launched::date = d GROUP BY d ORDER BY d
= read shop.product
@ reads shop.product

SELECT d, count(since) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN care.doctor t ON t.since::date = d GROUP BY d ORDER BY d
= read care.doctor
@ reads care.doctor

SELECT d, count(hired) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN hr.employee t ON t.hired::date = d GROUP BY d ORDER BY d
= read hr.employee
@ reads hr.employee

SELECT d, count(joined) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN care.member t ON t.joined::date = d GROUP BY d ORDER BY d
= read care.member
@ reads care.member

SELECT d, count(created) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN shop.customer t ON t.created::date = d GROUP BY d ORDER BY d
= read shop.customer
@ reads shop.customer

SELECT d, count(expires) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN shop.cache t ON t.expires::date = d GROUP BY d ORDER BY d
= read shop.cache
@ reads shop.cache

SELECT d, count(at) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN care.log t ON t.at::date = d GROUP BY d ORDER BY d
= read care.log
@ reads care.log

SELECT d, count(day) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN shop.daily t ON t.day::date = d GROUP BY d ORDER BY d
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT d, count(at) FROM generate_series(date '2024-01-01', '2024-01-05', interval '1 day') d LEFT JOIN shop.event_2024q1 t ON t.at::date = d GROUP BY d ORDER BY d
= read shop.event_2024q1
@ reads shop.event_2024q1

-- % time_gaps

SELECT max(g) FROM (SELECT placed - lag(placed) OVER (ORDER BY placed) AS g FROM shop.orders WHERE isfinite(placed)) x
= read shop.orders
@ reads shop.orders

SELECT max(g) FROM (SELECT paid - lag(paid) OVER (ORDER BY paid) AS g FROM shop.orders WHERE isfinite(paid)) x
= read shop.orders
@ reads shop.orders

SELECT max(g) FROM (SELECT at - lag(at) OVER (ORDER BY at) AS g FROM shop.event WHERE isfinite(at)) x
= read shop.event
@ reads shop.event

SELECT max(g) FROM (SELECT at - lag(at) OVER (ORDER BY at) AS g FROM care.visit WHERE isfinite(at)) x
= read care.visit
@ reads care.visit

SELECT max(g) FROM (SELECT taken - lag(taken) OVER (ORDER BY taken) AS g FROM care.lab WHERE isfinite(taken)) x
= read care.lab
@ reads care.lab

SELECT max(g) FROM (SELECT launched - lag(launched) OVER (ORDER BY launched) AS g FROM shop.product WHERE isfinite(launched)) x
= read shop.product
@ reads shop.product

SELECT max(g) FROM (SELECT since - lag(since) OVER (ORDER BY since) AS g FROM care.doctor WHERE isfinite(since)) x
= read care.doctor
@ reads care.doctor

SELECT max(g) FROM (SELECT hired - lag(hired) OVER (ORDER BY hired) AS g FROM hr.employee WHERE isfinite(hired)) x
= read hr.employee
@ reads hr.employee

SELECT max(g) FROM (SELECT joined - lag(joined) OVER (ORDER BY joined) AS g FROM care.member WHERE isfinite(joined)) x
= read care.member
@ reads care.member

SELECT max(g) FROM (SELECT created - lag(created) OVER (ORDER BY created) AS g FROM shop.customer WHERE isfinite(created)) x
= read shop.customer
@ reads shop.customer

SELECT max(g) FROM (SELECT expires - lag(expires) OVER (ORDER BY expires) AS g FROM shop.cache WHERE isfinite(expires)) x
= read shop.cache
@ reads shop.cache

SELECT max(g) FROM (SELECT at - lag(at) OVER (ORDER BY at) AS g FROM care.log WHERE isfinite(at)) x
= read care.log
@ reads care.log

SELECT max(g) FROM (SELECT day - lag(day) OVER (ORDER BY day) AS g FROM shop.daily WHERE isfinite(day)) x
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT max(g) FROM (SELECT at - lag(at) OVER (ORDER BY at) AS g FROM shop.event_2024q1 WHERE isfinite(at)) x
= read shop.event_2024q1
@ reads shop.event_2024q1

-- % counted

SELECT count(*) AS n FROM shop.orders AS t
= read shop.orders
@ reads shop.orders

SELECT count(*) AS n FROM shop.product AS t
= read shop.product
@ reads shop.product

SELECT count(*) AS n FROM shop.item AS t
= read shop.item
@ reads shop.item

SELECT count(*) AS n FROM shop.event AS t
= read shop.event
@ reads shop.event

SELECT count(*) AS n FROM shop.stock AS t
= read shop.stock
@ reads shop.stock

SELECT count(*) AS n FROM shop.region AS t
= read shop.region
@ reads shop.region

SELECT count(*) AS n FROM care.visit AS t
= read care.visit
@ reads care.visit

SELECT count(*) AS n FROM care.doctor AS t
= read care.doctor
@ reads care.doctor

SELECT count(*) AS n FROM care.lab AS t
= read care.lab
@ reads care.lab

SELECT count(*) AS n FROM care.log AS t
= read care.log
@ reads care.log

SELECT count(*) AS n FROM care.parent AS t
= read care.parent
@ reads care.parent

SELECT count(*) AS n FROM care.child AS t
= read care.child
@ reads care.child

SELECT count(*) AS n FROM hr.department AS t
= read hr.department
@ reads hr.department

SELECT count(*) AS n FROM hr.absence AS t
= read hr.absence
@ reads hr.absence

SELECT count(*) AS n FROM shop.audit AS t
= read shop.audit
@ reads shop.audit

SELECT count(*) AS n FROM shop.import AS t
= read shop.import
@ reads shop.import

SELECT count(*) AS n FROM shop.cache AS t
= read shop.cache
@ reads shop.cache

SELECT count(*) AS n FROM shop.price_history AS t
= read shop.price_history
@ reads shop.price_history

SELECT count(*) AS n FROM shop.cheap AS t
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT count(*) AS n FROM shop.daily AS t
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % nothing

SELECT * FROM shop.orders WHERE false
= read shop.orders
@ reads shop.orders

SELECT * FROM shop.product WHERE false
= read shop.product
@ reads shop.product

SELECT * FROM shop.item WHERE false
= read shop.item
@ reads shop.item

SELECT * FROM shop.event WHERE false
= read shop.event
@ reads shop.event

SELECT * FROM shop.stock WHERE false
= read shop.stock
@ reads shop.stock

SELECT * FROM shop.region WHERE false
= read shop.region
@ reads shop.region

SELECT * FROM care.visit WHERE false
= read care.visit
@ reads care.visit

SELECT * FROM care.doctor WHERE false
= read care.doctor
@ reads care.doctor

SELECT * FROM care.lab WHERE false
= read care.lab
@ reads care.lab

SELECT * FROM care.log WHERE false
= read care.log
@ reads care.log

SELECT * FROM care.parent WHERE false
= read care.parent
@ reads care.parent

SELECT * FROM care.child WHERE false
= read care.child
@ reads care.child

SELECT * FROM hr.department WHERE false
= read hr.department
@ reads hr.department

SELECT * FROM hr.absence WHERE false
= read hr.absence
@ reads hr.absence

SELECT * FROM shop.audit WHERE false
= read shop.audit
@ reads shop.audit

SELECT * FROM shop.import WHERE false
= read shop.import
@ reads shop.import

SELECT * FROM shop.cache WHERE false
= read shop.cache
@ reads shop.cache

SELECT * FROM shop.price_history WHERE false
= read shop.price_history
@ reads shop.price_history

SELECT * FROM shop.cheap WHERE false
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT * FROM shop.daily WHERE false
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % whole

SELECT t FROM shop.orders t ORDER BY t::text LIMIT 2
= read shop.orders
@ reads shop.orders

SELECT t FROM shop.product t ORDER BY t::text LIMIT 2
= read shop.product
@ reads shop.product

SELECT t FROM shop.item t ORDER BY t::text LIMIT 2
= read shop.item
@ reads shop.item

SELECT t FROM shop.event t ORDER BY t::text LIMIT 2
= read shop.event
@ reads shop.event

SELECT t FROM shop.stock t ORDER BY t::text LIMIT 2
= read shop.stock
@ reads shop.stock

SELECT t FROM shop.region t ORDER BY t::text LIMIT 2
= read shop.region
@ reads shop.region

SELECT t FROM care.visit t ORDER BY t::text LIMIT 2
= read care.visit
@ reads care.visit

SELECT t FROM care.doctor t ORDER BY t::text LIMIT 2
= read care.doctor
@ reads care.doctor

SELECT t FROM care.lab t ORDER BY t::text LIMIT 2
= read care.lab
@ reads care.lab

SELECT t FROM care.log t ORDER BY t::text LIMIT 2
= read care.log
@ reads care.log

SELECT t FROM care.parent t ORDER BY t::text LIMIT 2
= read care.parent
@ reads care.parent

SELECT t FROM care.child t ORDER BY t::text LIMIT 2
= read care.child
@ reads care.child

SELECT t FROM hr.department t ORDER BY t::text LIMIT 2
= read hr.department
@ reads hr.department

SELECT t FROM hr.absence t ORDER BY t::text LIMIT 2
= read hr.absence
@ reads hr.absence

SELECT t FROM shop.audit t ORDER BY t::text LIMIT 2
= read shop.audit
@ reads shop.audit

SELECT t FROM shop.import t ORDER BY t::text LIMIT 2
= read shop.import
@ reads shop.import

SELECT t FROM shop.cache t ORDER BY t::text LIMIT 2
= read shop.cache
@ reads shop.cache

SELECT t FROM shop.price_history t ORDER BY t::text LIMIT 2
= read shop.price_history
@ reads shop.price_history

SELECT t FROM shop.cheap t ORDER BY t::text LIMIT 2
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT t FROM shop.daily t ORDER BY t::text LIMIT 2
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % as_json

SELECT to_jsonb(t) FROM shop.orders AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.orders
@ reads shop.orders

SELECT to_jsonb(t) FROM shop.event AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.event
@ reads shop.event

SELECT to_jsonb(t) FROM care.visit AS t ORDER BY 1::text, t::text LIMIT 2
= read care.visit
@ reads care.visit

SELECT to_jsonb(t) FROM care.log AS t ORDER BY 1::text, t::text LIMIT 2
= read care.log
@ reads care.log

SELECT to_jsonb(t) FROM hr.department AS t ORDER BY 1::text, t::text LIMIT 2
= read hr.department
@ reads hr.department

SELECT to_jsonb(t) FROM shop.import AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.import
@ reads shop.import

SELECT to_jsonb(t) FROM shop.cheap AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT row_to_json(t) FROM shop.product AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.product
@ reads shop.product

SELECT row_to_json(t) FROM shop.stock AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.stock
@ reads shop.stock

SELECT row_to_json(t) FROM care.doctor AS t ORDER BY 1::text, t::text LIMIT 2
= read care.doctor
@ reads care.doctor

SELECT row_to_json(t) FROM care.parent AS t ORDER BY 1::text, t::text LIMIT 2
= read care.parent
@ reads care.parent

SELECT row_to_json(t) FROM hr.absence AS t ORDER BY 1::text, t::text LIMIT 2
= read hr.absence
@ reads hr.absence

SELECT row_to_json(t) FROM shop.cache AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.cache
@ reads shop.cache

SELECT row_to_json(t) FROM shop.daily AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT to_json(t) FROM shop.item AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.item
@ reads shop.item

SELECT to_json(t) FROM shop.region AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.region
@ reads shop.region

SELECT to_json(t) FROM care.lab AS t ORDER BY 1::text, t::text LIMIT 2
= read care.lab
@ reads care.lab

SELECT to_json(t) FROM care.child AS t ORDER BY 1::text, t::text LIMIT 2
= read care.child
@ reads care.child

SELECT to_json(t) FROM shop.audit AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.audit
@ reads shop.audit

SELECT to_json(t) FROM shop.price_history AS t ORDER BY 1::text, t::text LIMIT 2
= read shop.price_history
@ reads shop.price_history

-- % json_keys

SELECT DISTINCT k FROM shop.orders t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.orders
@ reads shop.orders

SELECT DISTINCT k FROM shop.product t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.product
@ reads shop.product

SELECT DISTINCT k FROM shop.item t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.item
@ reads shop.item

SELECT DISTINCT k FROM shop.event t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.event
@ reads shop.event

SELECT DISTINCT k FROM shop.stock t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.stock
@ reads shop.stock

SELECT DISTINCT k FROM shop.region t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.region
@ reads shop.region

SELECT DISTINCT k FROM care.visit t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read care.visit
@ reads care.visit

SELECT DISTINCT k FROM care.doctor t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read care.doctor
@ reads care.doctor

SELECT DISTINCT k FROM care.lab t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read care.lab
@ reads care.lab

SELECT DISTINCT k FROM care.log t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read care.log
@ reads care.log

SELECT DISTINCT k FROM care.parent t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read care.parent
@ reads care.parent

SELECT DISTINCT k FROM care.child t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read care.child
@ reads care.child

SELECT DISTINCT k FROM hr.department t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read hr.department
@ reads hr.department

SELECT DISTINCT k FROM hr.absence t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read hr.absence
@ reads hr.absence

SELECT DISTINCT k FROM shop.audit t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.audit
@ reads shop.audit

SELECT DISTINCT k FROM shop.import t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.import
@ reads shop.import

SELECT DISTINCT k FROM shop.cache t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.cache
@ reads shop.cache

SELECT DISTINCT k FROM shop.price_history t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.price_history
@ reads shop.price_history

SELECT DISTINCT k FROM shop.cheap t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT DISTINCT k FROM shop.daily t, jsonb_object_keys(to_jsonb(t)) k ORDER BY k
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % paged

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.orders t) x WHERE x.n <= 2
= read shop.orders
@ reads shop.orders

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.product t) x WHERE x.n <= 2
= read shop.product
@ reads shop.product

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.item t) x WHERE x.n <= 2
= read shop.item
@ reads shop.item

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.event t) x WHERE x.n <= 2
= read shop.event
@ reads shop.event

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.stock t) x WHERE x.n <= 2
= read shop.stock
@ reads shop.stock

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.region t) x WHERE x.n <= 2
= read shop.region
@ reads shop.region

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM care.visit t) x WHERE x.n <= 2
= read care.visit
@ reads care.visit

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM care.doctor t) x WHERE x.n <= 2
= read care.doctor
@ reads care.doctor

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM care.lab t) x WHERE x.n <= 2
= read care.lab
@ reads care.lab

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM care.log t) x WHERE x.n <= 2
= read care.log
@ reads care.log

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM care.parent t) x WHERE x.n <= 2
= read care.parent
@ reads care.parent

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM care.child t) x WHERE x.n <= 2
= read care.child
@ reads care.child

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM hr.department t) x WHERE x.n <= 2
= read hr.department
@ reads hr.department

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM hr.absence t) x WHERE x.n <= 2
= read hr.absence
@ reads hr.absence

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.audit t) x WHERE x.n <= 2
= read shop.audit
@ reads shop.audit

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.import t) x WHERE x.n <= 2
= read shop.import
@ reads shop.import

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.cache t) x WHERE x.n <= 2
= read shop.cache
@ reads shop.cache

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.price_history t) x WHERE x.n <= 2
= read shop.price_history
@ reads shop.price_history

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.cheap t) x WHERE x.n <= 2
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT x.* FROM (SELECT t.*, row_number() OVER () AS n FROM shop.daily t) x WHERE x.n <= 2
= ! unknown
@ error 42702

-- % derived

SELECT count(*) FROM (TABLE shop.orders) q
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM (TABLE shop.item) q
= read shop.item
@ reads shop.item

SELECT count(*) FROM (TABLE shop.stock) q
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM (TABLE care.visit) q
= read care.visit
@ reads care.visit

SELECT count(*) FROM (TABLE care.lab) q
= read care.lab
@ reads care.lab

SELECT count(*) FROM (TABLE care.parent) q
= read care.parent
@ reads care.parent

SELECT count(*) FROM (TABLE hr.department) q
= read hr.department
@ reads hr.department

SELECT count(*) FROM (TABLE shop.audit) q
= read shop.audit
@ reads shop.audit

SELECT count(*) FROM (TABLE shop.cache) q
= read shop.cache
@ reads shop.cache

SELECT count(*) FROM (TABLE shop.cheap) q
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT count(*) FROM (SELECT DISTINCT * FROM shop.orders) q
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM (SELECT DISTINCT * FROM shop.item) q
= read shop.item
@ reads shop.item

SELECT count(*) FROM (SELECT DISTINCT * FROM shop.stock) q
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM (SELECT DISTINCT * FROM care.visit) q
= read care.visit
@ reads care.visit

SELECT count(*) FROM (SELECT DISTINCT * FROM care.lab) q
= read care.lab
@ reads care.lab

SELECT count(*) FROM (SELECT DISTINCT * FROM care.parent) q
= read care.parent
@ reads care.parent

SELECT count(*) FROM (SELECT DISTINCT * FROM hr.department) q
= read hr.department
@ reads hr.department

SELECT count(*) FROM (SELECT DISTINCT * FROM shop.audit) q
= read shop.audit
@ reads shop.audit

SELECT count(*) FROM (SELECT DISTINCT * FROM shop.cache) q
= read shop.cache
@ reads shop.cache

SELECT count(*) FROM (SELECT DISTINCT * FROM shop.cheap) q
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

-- % limited

(TABLE shop.orders LIMIT 1) UNION ALL (TABLE shop.orders LIMIT 1)
= read shop.orders
@ reads shop.orders

(TABLE shop.product LIMIT 1) UNION ALL (TABLE shop.product LIMIT 1)
= read shop.product
@ reads shop.product

(TABLE shop.item LIMIT 1) UNION ALL (TABLE shop.item LIMIT 1)
= read shop.item
@ reads shop.item

(TABLE shop.event LIMIT 1) UNION ALL (TABLE shop.event LIMIT 1)
= read shop.event
@ reads shop.event

(TABLE shop.stock LIMIT 1) UNION ALL (TABLE shop.stock LIMIT 1)
= read shop.stock
@ reads shop.stock

(TABLE shop.region LIMIT 1) UNION ALL (TABLE shop.region LIMIT 1)
= read shop.region
@ reads shop.region

(TABLE care.visit LIMIT 1) UNION ALL (TABLE care.visit LIMIT 1)
= read care.visit
@ reads care.visit

(TABLE care.doctor LIMIT 1) UNION ALL (TABLE care.doctor LIMIT 1)
= read care.doctor
@ reads care.doctor

(TABLE care.lab LIMIT 1) UNION ALL (TABLE care.lab LIMIT 1)
= read care.lab
@ reads care.lab

(TABLE care.log LIMIT 1) UNION ALL (TABLE care.log LIMIT 1)
= read care.log
@ reads care.log

(TABLE care.parent LIMIT 1) UNION ALL (TABLE care.parent LIMIT 1)
= read care.parent
@ reads care.parent

(TABLE care.child LIMIT 1) UNION ALL (TABLE care.child LIMIT 1)
= read care.child
@ reads care.child

(TABLE hr.department LIMIT 1) UNION ALL (TABLE hr.department LIMIT 1)
= read hr.department
@ reads hr.department

(TABLE hr.absence LIMIT 1) UNION ALL (TABLE hr.absence LIMIT 1)
= read hr.absence
@ reads hr.absence

(TABLE shop.audit LIMIT 1) UNION ALL (TABLE shop.audit LIMIT 1)
= read shop.audit
@ reads shop.audit

(TABLE shop.import LIMIT 1) UNION ALL (TABLE shop.import LIMIT 1)
= read shop.import
@ reads shop.import

(TABLE shop.cache LIMIT 1) UNION ALL (TABLE shop.cache LIMIT 1)
= read shop.cache
@ reads shop.cache

(TABLE shop.price_history LIMIT 1) UNION ALL (TABLE shop.price_history LIMIT 1)
= read shop.price_history
@ reads shop.price_history

(TABLE shop.cheap LIMIT 1) UNION ALL (TABLE shop.cheap LIMIT 1)
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

(TABLE shop.daily LIMIT 1) UNION ALL (TABLE shop.daily LIMIT 1)
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % exists

SELECT EXISTS (SELECT FROM shop.orders), NOT EXISTS (SELECT 1 FROM shop.orders WHERE true)
= read shop.orders
@ reads shop.orders

SELECT EXISTS (SELECT FROM shop.product), NOT EXISTS (SELECT 1 FROM shop.product WHERE true)
= read shop.product
@ reads shop.product

SELECT EXISTS (SELECT FROM shop.item), NOT EXISTS (SELECT 1 FROM shop.item WHERE true)
= read shop.item
@ reads shop.item

SELECT EXISTS (SELECT FROM shop.event), NOT EXISTS (SELECT 1 FROM shop.event WHERE true)
= read shop.event
@ reads shop.event

SELECT EXISTS (SELECT FROM shop.stock), NOT EXISTS (SELECT 1 FROM shop.stock WHERE true)
= read shop.stock
@ reads shop.stock

SELECT EXISTS (SELECT FROM shop.region), NOT EXISTS (SELECT 1 FROM shop.region WHERE true)
= read shop.region
@ reads shop.region

SELECT EXISTS (SELECT FROM care.visit), NOT EXISTS (SELECT 1 FROM care.visit WHERE true)
= read care.visit
@ reads care.visit

SELECT EXISTS (SELECT FROM care.doctor), NOT EXISTS (SELECT 1 FROM care.doctor WHERE true)
= read care.doctor
@ reads care.doctor

SELECT EXISTS (SELECT FROM care.lab), NOT EXISTS (SELECT 1 FROM care.lab WHERE true)
= read care.lab
@ reads care.lab

SELECT EXISTS (SELECT FROM care.log), NOT EXISTS (SELECT 1 FROM care.log WHERE true)
= read care.log
@ reads care.log

SELECT EXISTS (SELECT FROM care.parent), NOT EXISTS (SELECT 1 FROM care.parent WHERE true)
= read care.parent
@ reads care.parent

SELECT EXISTS (SELECT FROM care.child), NOT EXISTS (SELECT 1 FROM care.child WHERE true)
= read care.child
@ reads care.child

SELECT EXISTS (SELECT FROM hr.department), NOT EXISTS (SELECT 1 FROM hr.department WHERE true)
= read hr.department
@ reads hr.department

SELECT EXISTS (SELECT FROM hr.absence), NOT EXISTS (SELECT 1 FROM hr.absence WHERE true)
= read hr.absence
@ reads hr.absence

SELECT EXISTS (SELECT FROM shop.audit), NOT EXISTS (SELECT 1 FROM shop.audit WHERE true)
= read shop.audit
@ reads shop.audit

SELECT EXISTS (SELECT FROM shop.import), NOT EXISTS (SELECT 1 FROM shop.import WHERE true)
= read shop.import
@ reads shop.import

SELECT EXISTS (SELECT FROM shop.cache), NOT EXISTS (SELECT 1 FROM shop.cache WHERE true)
= read shop.cache
@ reads shop.cache

SELECT EXISTS (SELECT FROM shop.price_history), NOT EXISTS (SELECT 1 FROM shop.price_history WHERE true)
= read shop.price_history
@ reads shop.price_history

SELECT EXISTS (SELECT FROM shop.cheap), NOT EXISTS (SELECT 1 FROM shop.cheap WHERE true)
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT EXISTS (SELECT FROM shop.daily), NOT EXISTS (SELECT 1 FROM shop.daily WHERE true)
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % crossed

SELECT count(*) FROM (SELECT 1 FROM shop.orders LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM (SELECT 1 FROM shop.product LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.product
@ reads shop.product

SELECT count(*) FROM (SELECT 1 FROM shop.item LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.item
@ reads shop.item

SELECT count(*) FROM (SELECT 1 FROM shop.event LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.event
@ reads shop.event

SELECT count(*) FROM (SELECT 1 FROM shop.stock LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM (SELECT 1 FROM shop.region LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.region
@ reads shop.region

SELECT count(*) FROM (SELECT 1 FROM care.visit LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read care.visit
@ reads care.visit

SELECT count(*) FROM (SELECT 1 FROM care.doctor LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM (SELECT 1 FROM care.lab LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read care.lab
@ reads care.lab

SELECT count(*) FROM (SELECT 1 FROM care.log LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read care.log
@ reads care.log

SELECT count(*) FROM (SELECT 1 FROM care.parent LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read care.parent
@ reads care.parent

SELECT count(*) FROM (SELECT 1 FROM care.child LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read care.child
@ reads care.child

SELECT count(*) FROM (SELECT 1 FROM hr.department LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read hr.department
@ reads hr.department

SELECT count(*) FROM (SELECT 1 FROM hr.absence LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read hr.absence
@ reads hr.absence

SELECT count(*) FROM (SELECT 1 FROM shop.audit LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.audit
@ reads shop.audit

SELECT count(*) FROM (SELECT 1 FROM shop.import LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.import
@ reads shop.import

SELECT count(*) FROM (SELECT 1 FROM shop.cache LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.cache
@ reads shop.cache

SELECT count(*) FROM (SELECT 1 FROM shop.price_history LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.price_history
@ reads shop.price_history

SELECT count(*) FROM (SELECT 1 FROM shop.cheap LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT count(*) FROM (SELECT 1 FROM shop.daily LIMIT 3) a CROSS JOIN generate_series(1, 2) b
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % recursive

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.orders UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.orders
@ reads shop.orders

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.product UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.product
@ reads shop.product

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.item UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.item
@ reads shop.item

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.event UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.event
@ reads shop.event

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.stock UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.stock
@ reads shop.stock

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.region UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.region
@ reads shop.region

WITH RECURSIVE r (n) AS (SELECT count(*) FROM care.visit UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read care.visit
@ reads care.visit

WITH RECURSIVE r (n) AS (SELECT count(*) FROM care.doctor UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read care.doctor
@ reads care.doctor

WITH RECURSIVE r (n) AS (SELECT count(*) FROM care.lab UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read care.lab
@ reads care.lab

WITH RECURSIVE r (n) AS (SELECT count(*) FROM care.log UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read care.log
@ reads care.log

WITH RECURSIVE r (n) AS (SELECT count(*) FROM care.parent UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read care.parent
@ reads care.parent

WITH RECURSIVE r (n) AS (SELECT count(*) FROM care.child UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read care.child
@ reads care.child

WITH RECURSIVE r (n) AS (SELECT count(*) FROM hr.department UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read hr.department
@ reads hr.department

WITH RECURSIVE r (n) AS (SELECT count(*) FROM hr.absence UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read hr.absence
@ reads hr.absence

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.audit UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.audit
@ reads shop.audit

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.import UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.import
@ reads shop.import

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.cache UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.cache
@ reads shop.cache

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.price_history UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.price_history
@ reads shop.price_history

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.cheap UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

WITH RECURSIVE r (n) AS (SELECT count(*) FROM shop.daily UNION ALL SELECT n / 2 FROM r WHERE n > 1) SELECT n FROM r
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

-- % columns

SELECT column_name, data_type FROM information_schema.columns WHERE table_schema || '.' || table_name = 'shop.orders' ORDER BY ordinal_position
= read catalog:information_schema.columns
@ reads nothing

SELECT column_name, data_type FROM information_schema.columns WHERE table_schema || '.' || table_name = 'shop.orders' ORDER BY column_name
= read catalog:information_schema.columns
@ reads nothing

-- % sampled

SELECT count(*) >= 0 FROM shop.orders TABLESAMPLE SYSTEM (100)
= read shop.orders
@ reads shop.orders

SELECT count(*) >= 0 FROM shop.orders TABLESAMPLE BERNOULLI (10)
= read shop.orders
@ reads shop.orders

SELECT count(*) >= 0 FROM shop.product TABLESAMPLE SYSTEM (100)
= read shop.product
@ reads shop.product

SELECT count(*) >= 0 FROM shop.product TABLESAMPLE BERNOULLI (10)
= read shop.product
@ reads shop.product

SELECT count(*) >= 0 FROM shop.item TABLESAMPLE SYSTEM (100)
= read shop.item
@ reads shop.item

SELECT count(*) >= 0 FROM shop.item TABLESAMPLE BERNOULLI (10)
= read shop.item
@ reads shop.item

SELECT count(*) >= 0 FROM care.visit TABLESAMPLE SYSTEM (100)
= read care.visit
@ reads care.visit

SELECT count(*) >= 0 FROM care.visit TABLESAMPLE BERNOULLI (10)
= read care.visit
@ reads care.visit

SELECT count(*) >= 0 FROM care.doctor TABLESAMPLE SYSTEM (100)
= read care.doctor
@ reads care.doctor

SELECT count(*) >= 0 FROM care.doctor TABLESAMPLE BERNOULLI (10)
= read care.doctor
@ reads care.doctor

SELECT count(*) >= 0 FROM care.log TABLESAMPLE SYSTEM (100)
= read care.log
@ reads care.log

SELECT count(*) >= 0 FROM care.log TABLESAMPLE BERNOULLI (10)
= read care.log
@ reads care.log

SELECT count(*) >= 0 FROM hr.department TABLESAMPLE SYSTEM (100)
= read hr.department
@ reads hr.department

SELECT count(*) >= 0 FROM hr.department TABLESAMPLE BERNOULLI (10)
= read hr.department
@ reads hr.department

SELECT count(*) >= 0 FROM shop.event_2024q1 TABLESAMPLE SYSTEM (100)
= read shop.event_2024q1
@ reads shop.event_2024q1

SELECT count(*) >= 0 FROM shop.event_2024q1 TABLESAMPLE BERNOULLI (10)
= read shop.event_2024q1
@ reads shop.event_2024q1

SELECT count(*) >= 0 FROM shop.stock TABLESAMPLE SYSTEM (100)
= read shop.stock
@ reads shop.stock

SELECT count(*) >= 0 FROM shop.stock TABLESAMPLE BERNOULLI (10)
= read shop.stock
@ reads shop.stock

SELECT count(*) >= 0 FROM care.lab TABLESAMPLE SYSTEM (100)
= read care.lab
@ reads care.lab

SELECT count(*) >= 0 FROM care.lab TABLESAMPLE BERNOULLI (10)
= read care.lab
@ reads care.lab

-- % join_kinds

SELECT count(*) FROM shop.orders x INNER JOIN care.visit y ON x.id = y.id
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT count(*) FROM shop.orders x INNER JOIN hr.department y ON x.id = y.id
= read hr.department shop.orders
@ reads hr.department shop.orders

SELECT count(*) FROM shop.orders x LEFT JOIN care.visit y ON x.id = y.id
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT count(*) FROM shop.orders x LEFT JOIN care.log y ON x.id = y.id
= read care.log shop.orders
@ reads care.log shop.orders

SELECT count(*) FROM shop.orders x RIGHT OUTER JOIN hr.department y ON x.id = y.id
= read hr.department shop.orders
@ reads hr.department shop.orders

SELECT count(*) FROM shop.orders x FULL JOIN care.visit y ON x.id = y.id
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT count(*) FROM shop.orders x FULL JOIN hr.department y ON x.id = y.id
= read hr.department shop.orders
@ reads hr.department shop.orders

SELECT count(*) FROM shop.product x INNER JOIN care.visit y ON x.id = y.id
= read care.visit shop.product
@ reads care.visit shop.product

SELECT count(*) FROM shop.product x INNER JOIN care.log y ON x.id = y.id
= read care.log shop.product
@ reads care.log shop.product

SELECT count(*) FROM shop.product x LEFT JOIN hr.department y ON x.id = y.id
= read hr.department shop.product
@ reads hr.department shop.product

SELECT count(*) FROM shop.product x RIGHT OUTER JOIN care.visit y ON x.id = y.id
= read care.visit shop.product
@ reads care.visit shop.product

SELECT count(*) FROM shop.product x RIGHT OUTER JOIN hr.department y ON x.id = y.id
= read hr.department shop.product
@ reads hr.department shop.product

SELECT count(*) FROM shop.product x FULL JOIN care.visit y ON x.id = y.id
= read care.visit shop.product
@ reads care.visit shop.product

SELECT count(*) FROM shop.product x FULL JOIN care.log y ON x.id = y.id
= read care.log shop.product
@ reads care.log shop.product

SELECT count(*) FROM care.doctor x INNER JOIN hr.department y ON x.id = y.id
= read care.doctor hr.department
@ reads care.doctor hr.department

SELECT count(*) FROM care.doctor x LEFT JOIN care.visit y ON x.id = y.id
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT count(*) FROM care.doctor x LEFT JOIN hr.department y ON x.id = y.id
= read care.doctor hr.department
@ reads care.doctor hr.department

SELECT count(*) FROM care.doctor x RIGHT OUTER JOIN care.visit y ON x.id = y.id
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT count(*) FROM care.doctor x RIGHT OUTER JOIN care.log y ON x.id = y.id
= read care.doctor care.log
@ reads care.doctor care.log

SELECT count(*) FROM care.doctor x FULL JOIN hr.department y ON x.id = y.id
= read care.doctor hr.department
@ reads care.doctor hr.department

-- % join_using

SELECT id, count(*) FROM shop.orders INNER JOIN (SELECT id FROM care.visit) v USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT id, count(*) FROM shop.orders INNER JOIN (SELECT id FROM hr.department) d USING (id) GROUP BY id ORDER BY id LIMIT 3
= read hr.department shop.orders
@ reads hr.department shop.orders

SELECT id, count(*) FROM shop.orders INNER JOIN (SELECT generate_series(1, 3) AS id) g USING (id) GROUP BY id ORDER BY id LIMIT 3
= read shop.orders
@ reads shop.orders

SELECT id, count(*) FROM shop.orders LEFT JOIN (SELECT id FROM care.visit) v USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT id, count(*) FROM shop.orders LEFT JOIN (SELECT id FROM hr.department) d USING (id) GROUP BY id ORDER BY id LIMIT 3
= read hr.department shop.orders
@ reads hr.department shop.orders

SELECT id, count(*) FROM shop.product INNER JOIN (SELECT id FROM care.visit) v USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.visit shop.product
@ reads care.visit shop.product

SELECT id, count(*) FROM shop.product INNER JOIN (SELECT id FROM hr.department) d USING (id) GROUP BY id ORDER BY id LIMIT 3
= read hr.department shop.product
@ reads hr.department shop.product

SELECT id, count(*) FROM shop.product INNER JOIN (SELECT generate_series(1, 3) AS id) g USING (id) GROUP BY id ORDER BY id LIMIT 3
= read shop.product
@ reads shop.product

SELECT id, count(*) FROM shop.product LEFT JOIN (SELECT id FROM care.visit) v USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.visit shop.product
@ reads care.visit shop.product

SELECT id, count(*) FROM shop.product LEFT JOIN (SELECT id FROM hr.department) d USING (id) GROUP BY id ORDER BY id LIMIT 3
= read hr.department shop.product
@ reads hr.department shop.product

SELECT id, count(*) FROM care.doctor INNER JOIN (SELECT id FROM care.visit) v USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT id, count(*) FROM care.doctor INNER JOIN (SELECT id FROM hr.department) d USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.doctor hr.department
@ reads care.doctor hr.department

SELECT id, count(*) FROM care.doctor INNER JOIN (SELECT generate_series(1, 3) AS id) g USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.doctor
@ reads care.doctor

SELECT id, count(*) FROM care.doctor LEFT JOIN (SELECT id FROM care.visit) v USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT id, count(*) FROM care.doctor LEFT JOIN (SELECT id FROM hr.department) d USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.doctor hr.department
@ reads care.doctor hr.department

SELECT id, count(*) FROM shop.placed INNER JOIN (SELECT id FROM care.visit) v USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.visit shop.orders shop.placed | via_view
@ reads care.visit shop.orders shop.placed

SELECT id, count(*) FROM shop.placed INNER JOIN (SELECT id FROM hr.department) d USING (id) GROUP BY id ORDER BY id LIMIT 3
= read hr.department shop.orders shop.placed | via_view
@ reads hr.department shop.orders shop.placed

SELECT id, count(*) FROM shop.placed INNER JOIN (SELECT generate_series(1, 3) AS id) g USING (id) GROUP BY id ORDER BY id LIMIT 3
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

SELECT id, count(*) FROM shop.placed LEFT JOIN (SELECT id FROM care.visit) v USING (id) GROUP BY id ORDER BY id LIMIT 3
= read care.visit shop.orders shop.placed | via_view
@ reads care.visit shop.orders shop.placed

SELECT id, count(*) FROM shop.placed LEFT JOIN (SELECT id FROM hr.department) d USING (id) GROUP BY id ORDER BY id LIMIT 3
= read hr.department shop.orders shop.placed | via_view
@ reads hr.department shop.orders shop.placed

-- % set_ops

SELECT id FROM shop.orders UNION SELECT id FROM shop.product ORDER BY id ASC LIMIT 5
= read shop.orders shop.product
@ reads shop.orders shop.product

SELECT id FROM shop.orders UNION SELECT id FROM care.visit ORDER BY id DESC LIMIT 5
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT id FROM shop.orders UNION ALL SELECT id FROM care.visit ORDER BY id ASC LIMIT 5
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT id FROM shop.orders INTERSECT SELECT id FROM shop.product ORDER BY id DESC LIMIT 5
= read shop.orders shop.product
@ reads shop.orders shop.product

SELECT id FROM shop.orders EXCEPT SELECT id FROM shop.product ORDER BY id ASC LIMIT 5
= read shop.orders shop.product
@ reads shop.orders shop.product

SELECT id FROM shop.orders EXCEPT SELECT id FROM care.visit ORDER BY id DESC LIMIT 5
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT id FROM shop.orders EXCEPT ALL SELECT id FROM care.visit ORDER BY id ASC LIMIT 5
= read care.visit shop.orders
@ reads care.visit shop.orders

SELECT id FROM care.doctor UNION SELECT id FROM shop.product ORDER BY id DESC LIMIT 5
= read care.doctor shop.product
@ reads care.doctor shop.product

SELECT id FROM care.doctor UNION ALL SELECT id FROM shop.product ORDER BY id ASC LIMIT 5
= read care.doctor shop.product
@ reads care.doctor shop.product

SELECT id FROM care.doctor UNION ALL SELECT id FROM care.visit ORDER BY id DESC LIMIT 5
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT id FROM care.doctor INTERSECT SELECT id FROM care.visit ORDER BY id ASC LIMIT 5
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT id FROM care.doctor EXCEPT SELECT id FROM shop.product ORDER BY id DESC LIMIT 5
= read care.doctor shop.product
@ reads care.doctor shop.product

SELECT id FROM care.doctor EXCEPT ALL SELECT id FROM shop.product ORDER BY id ASC LIMIT 5
= read care.doctor shop.product
@ reads care.doctor shop.product

SELECT id FROM care.doctor EXCEPT ALL SELECT id FROM care.visit ORDER BY id DESC LIMIT 5
= read care.doctor care.visit
@ reads care.doctor care.visit

SELECT id FROM shop.cheap UNION SELECT id FROM care.visit ORDER BY id ASC LIMIT 5
= read care.visit shop.product shop.cheap | via_view
@ reads care.visit shop.cheap shop.product

SELECT id FROM shop.cheap UNION ALL SELECT id FROM shop.product ORDER BY id DESC LIMIT 5
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT id FROM shop.cheap INTERSECT SELECT id FROM shop.product ORDER BY id ASC LIMIT 5
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT id FROM shop.cheap INTERSECT SELECT id FROM care.visit ORDER BY id DESC LIMIT 5
= read care.visit shop.product shop.cheap | via_view
@ reads care.visit shop.cheap shop.product

SELECT id FROM shop.cheap EXCEPT SELECT id FROM care.visit ORDER BY id ASC LIMIT 5
= read care.visit shop.product shop.cheap | via_view
@ reads care.visit shop.cheap shop.product

SELECT id FROM shop.cheap EXCEPT ALL SELECT id FROM shop.product ORDER BY id DESC LIMIT 5
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

-- % array_ops

SELECT codes || 1 FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT codes[1] + codes[2] FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT codes @> ARRAY[1] FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT array_length(codes, 1) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT array_to_string(codes, ',') FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT 3 = ANY (codes) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT codes[2:3] FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT array_remove(codes, NULL) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT codes = ARRAY[1] FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT cardinality(codes) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT codes::text[] FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT array_position(codes, 2) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT to_jsonb(codes) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT unnest(codes) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT (SELECT sum(c) FROM unnest(codes) c) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT codes && '{1}' FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT array_upper(codes, 1) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT array_cat(codes, codes) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

-- % json_ops

SELECT attributes->'size' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes->>'color' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes#>'{size,w}' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes#>>'{size,h}' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes ? 'color' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes ?| ARRAY['a'] FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes ?& ARRAY['size'] FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes @> '{}' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes || '{"z": 1}' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes - 'color' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT jsonb_typeof(attributes->'size') FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes['color'] FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT jsonb_pretty(attributes) FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT (attributes->'size'->>'w')::int FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes @? '$.size' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT jsonb_path_query_array(attributes, '$.*') FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT attributes #- '{size}' FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

SELECT jsonb_extract_path_text(attributes, 'size', 'w') FROM shop.product WHERE id < 5 ORDER BY id
= read shop.product
@ reads shop.product

-- % range_ops

SELECT lower(days) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT upper(days) - lower(days) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days @> date '2024-01-02' FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days && '[2024-01-01,2024-01-03)'::daterange FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT isempty(days) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days * '[2024-01-01,2024-01-03)' FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days -|- '[2023-01-01,2024-01-01)' FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days << '[2030-01-01,)' FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days + '[2024-01-01,2024-01-09)' FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days::text FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT lower_inf(days) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT upper_inc(days) FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days::datemultirange FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT range_merge(days, '[2023-01-01,2023-02-01)') FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days = days FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

SELECT days <@ '[2024-01-01,)' FROM care.visit WHERE id < 5 ORDER BY id
= read care.visit
@ reads care.visit

-- % case_forms

SELECT CASE WHEN total > 100 THEN 'big' ELSE 'small' END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT CASE state WHEN 'paid' THEN 1 END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT CASE WHEN coupon IS NULL THEN NULL ELSE coupon END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT CASE currency WHEN 'EUR' THEN '€' WHEN 'USD' THEN '$' END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT CASE WHEN paid IS NULL AND state = 'paid' THEN 'odd' WHEN total BETWEEN 1 AND 9 THEN 'tiny' END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT CASE WHEN id % 2 = 0 THEN id % 3 ELSE -1 END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT CASE WHEN EXISTS (SELECT 1 FROM shop.item i WHERE i.order_id = orders.id AND i.quantity > 4) THEN 'heavy' END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT CASE WHEN total IN (SELECT max(total) FROM shop.orders) THEN 'top' END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT CASE WHEN state > 'paid' THEN 'late' ELSE state::text END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

SELECT CASE WHEN customer_id = ANY ('{1,2}') THEN true END AS kind, count(*) FROM shop.orders GROUP BY 1 ORDER BY 1
= read shop.orders
@ reads shop.orders

-- % booleans

SELECT count(*) FROM shop.orders WHERE coupon IS NULL OR total > 5
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE NOT (state = 'cart')
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE (total > 5) IS NOT TRUE
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE paid IS DISTINCT FROM placed
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE total BETWEEN SYMMETRIC 9 AND 1
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE (id, total) > (5, 10)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE ROW(id, currency) IN (ROW(1, 'EUR'))
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE coupon LIKE ANY (ARRAY['SAVE%'])
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE total = ALL (SELECT 1 WHERE false)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE state::text ~ '^p' AND paid NOTNULL
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE date_part('hour', placed) < 12
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE CASE WHEN total > 1 THEN true END
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE id IN (SELECT order_id FROM shop.item) = true
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT count(*) FROM shop.orders WHERE coupon NOT SIMILAR TO 'x%'
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE placed::date = ANY (SELECT day::date FROM shop.daily)
= read shop.orders shop.daily | via_view
@ reads shop.daily shop.orders

SELECT count(*) FROM shop.orders WHERE mod(id, 2)::int::bool
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE num_nulls(coupon, paid) = 1
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.orders WHERE NULLIF(coupon, '') IS NOT NULL
= read shop.orders
@ reads shop.orders

-- % order_forms

SELECT id, total FROM shop.orders ORDER BY total, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY total DESC NULLS LAST, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY 2, 1 LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY state, id DESC LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY total USING <, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY coupon NULLS FIRST, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY length(coupon), id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY CASE state WHEN 'paid' THEN 0 ELSE 1 END, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY (SELECT count(*) FROM shop.item i WHERE i.order_id = orders.id), id LIMIT 4
= read shop.item shop.orders
@ reads shop.item shop.orders

SELECT id, total FROM shop.orders ORDER BY currency COLLATE "C", id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY placed::date DESC, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY -total, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY id % 7, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY orders.* DESC LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY random() * 0, id LIMIT 4
= read shop.orders
@ reads shop.orders

SELECT id, total FROM shop.orders ORDER BY total IS NULL, id LIMIT 4
= read shop.orders
@ reads shop.orders

-- % intervals

SELECT placed + interval '1 day' FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT placed - interval '2 hours' FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT age(placed, paid) FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT justify_hours(placed - paid) FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT extract(epoch FROM placed - paid) FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT placed AT TIME ZONE 'Europe/Paris' FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT date_bin('1 day', placed, '2024-01-01Z') FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT placed::time FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT placed::date - date '2024-01-01' FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT to_char(placed - paid, 'HH24:MI') FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT (placed, interval '1 day') OVERLAPS (paid, interval '1 day') FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT date_trunc('week', placed, 'Asia/Tokyo') FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT make_interval(days => id::int) + placed FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT greatest(placed, paid) FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT tstzrange(placed, placed + '1 h') FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

SELECT placed::timestamp::text FROM shop.orders WHERE id < 4 ORDER BY id
= read shop.orders
@ reads shop.orders

-- % catalog_counts

SELECT count(*) > 0 FROM pg_class
= read catalog:pg_catalog.pg_class
@ reads nothing

SELECT count(*) > 0 FROM pg_namespace
= read catalog:pg_catalog.pg_namespace
@ reads nothing

SELECT count(*) > 0 FROM pg_attribute
= read catalog:pg_catalog.pg_attribute
@ reads nothing

SELECT count(*) > 0 FROM pg_type
= read catalog:pg_catalog.pg_type
@ reads nothing

SELECT count(*) > 0 FROM pg_index
= read catalog:pg_catalog.pg_index
@ reads nothing

SELECT count(*) > 0 FROM pg_constraint
= read catalog:pg_catalog.pg_constraint
@ reads nothing

SELECT count(*) > 0 FROM pg_enum
= read catalog:pg_catalog.pg_enum
@ reads nothing

SELECT count(*) > 0 FROM pg_inherits
= read catalog:pg_catalog.pg_inherits
@ reads nothing

SELECT count(*) > 0 FROM pg_tables
= read catalog:pg_catalog.pg_tables
@ reads nothing

SELECT count(*) > 0 FROM pg_indexes
= read catalog:pg_catalog.pg_indexes
@ reads nothing

SELECT count(*) > 0 FROM pg_am
= read catalog:pg_catalog.pg_am
@ reads nothing

SELECT count(*) > 0 FROM pg_collation
= read catalog:pg_catalog.pg_collation
@ reads nothing

SELECT count(*) > 0 FROM pg_range
= read catalog:pg_catalog.pg_range
@ reads nothing

-- ! pg_sequence_last_value locks each sequence for a moment, as for any reader of this view; sql 7 lists it
SELECT count(*) > 0 FROM pg_sequences
= read catalog:pg_catalog.pg_sequences
@ acts locks:care.log_id_seq(RowExclusive),shop.audit_id_seq(RowExclusive),shop.customer_id_seq(RowExclusive),shop.numbers(RowExclusive) unstopped

SELECT count(*) > 0 FROM pg_description
= read catalog:pg_catalog.pg_description
@ reads nothing

SELECT count(*) > 0 FROM information_schema.tables
= read catalog:information_schema.tables
@ reads nothing

SELECT count(*) > 0 FROM information_schema.columns
= read catalog:information_schema.columns
@ reads nothing

SELECT count(*) > 0 FROM information_schema.schemata
= read catalog:information_schema.schemata
@ reads nothing

SELECT count(*) > 0 FROM information_schema.key_column_usage
= read catalog:information_schema.key_column_usage
@ reads nothing

SELECT count(*) > 0 FROM information_schema.table_constraints
= read catalog:information_schema.table_constraints
@ reads nothing

-- % view_of_views

SELECT count(*) FROM care.busy x, care.busiest y WHERE x.id = y.id
= read care.doctor care.visit care.busiest care.busy | via_view
@ reads care.busiest care.busy care.doctor care.visit

SELECT count(*) FROM care.busy x, shop.cheap y WHERE x.id = y.id
= read care.doctor care.visit shop.product care.busy shop.cheap | via_view
@ reads care.busy care.doctor care.visit shop.cheap shop.product

SELECT count(*) FROM care.busy x, shop.placed y WHERE x.id = y.id
= read care.doctor care.visit shop.orders care.busy shop.placed | via_view
@ reads care.busy care.doctor care.visit shop.orders shop.placed

SELECT count(*) FROM care.busy x, care.busy y WHERE x.id = y.id
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT count(*) FROM care.busiest x, care.busiest y WHERE x.id = y.id
= read care.doctor care.visit care.busiest care.busy | via_view
@ reads care.busiest care.busy care.doctor care.visit

SELECT count(*) FROM care.busiest x, shop.cheap y WHERE x.id = y.id
= read care.doctor care.visit shop.product care.busiest care.busy shop.cheap | via_view
@ reads care.busiest care.busy care.doctor care.visit shop.cheap shop.product

SELECT count(*) FROM care.busiest x, shop.placed y WHERE x.id = y.id
= read care.doctor care.visit shop.orders care.busiest care.busy shop.placed | via_view
@ reads care.busiest care.busy care.doctor care.visit shop.orders shop.placed

SELECT count(*) FROM care.busiest x, care.busy y WHERE x.id = y.id
= read care.doctor care.visit care.busiest care.busy | via_view
@ reads care.busiest care.busy care.doctor care.visit

SELECT count(*) FROM shop.cheap x, care.busiest y WHERE x.id = y.id
= read care.doctor care.visit shop.product care.busiest care.busy shop.cheap | via_view
@ reads care.busiest care.busy care.doctor care.visit shop.cheap shop.product

SELECT count(*) FROM shop.cheap x, shop.cheap y WHERE x.id = y.id
= read shop.product shop.cheap | via_view
@ reads shop.cheap shop.product

SELECT count(*) FROM shop.cheap x, shop.placed y WHERE x.id = y.id
= read shop.orders shop.product shop.cheap shop.placed | via_view
@ reads shop.cheap shop.orders shop.placed shop.product

SELECT count(*) FROM shop.cheap x, care.busy y WHERE x.id = y.id
= read care.doctor care.visit shop.product care.busy shop.cheap | via_view
@ reads care.busy care.doctor care.visit shop.cheap shop.product

SELECT count(*) FROM shop.placed x, care.busiest y WHERE x.id = y.id
= read care.doctor care.visit shop.orders care.busiest care.busy shop.placed | via_view
@ reads care.busiest care.busy care.doctor care.visit shop.orders shop.placed

SELECT count(*) FROM shop.placed x, shop.cheap y WHERE x.id = y.id
= read shop.orders shop.product shop.cheap shop.placed | via_view
@ reads shop.cheap shop.orders shop.placed shop.product

SELECT count(*) FROM shop.placed x, shop.placed y WHERE x.id = y.id
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

SELECT count(*) FROM shop.placed x, care.busy y WHERE x.id = y.id
= read care.doctor care.visit shop.orders care.busy shop.placed | via_view
@ reads care.busy care.doctor care.visit shop.orders shop.placed

SELECT count(*) FROM shop.order_lines x, care.busiest y WHERE x.id = y.id
= read care.doctor care.visit shop.item shop.orders shop.product care.busiest care.busy shop.order_lines | via_view
@ reads care.busiest care.busy care.doctor care.visit shop.item shop.order_lines shop.orders shop.product

SELECT count(*) FROM shop.order_lines x, shop.cheap y WHERE x.id = y.id
= read shop.item shop.orders shop.product shop.cheap shop.order_lines | via_view
@ reads shop.cheap shop.item shop.order_lines shop.orders shop.product

SELECT count(*) FROM shop.order_lines x, shop.placed y WHERE x.id = y.id
= read shop.item shop.orders shop.product shop.order_lines shop.placed | via_view
@ reads shop.item shop.order_lines shop.orders shop.placed shop.product

SELECT count(*) FROM shop.order_lines x, care.busy y WHERE x.id = y.id
= read care.doctor care.visit shop.item shop.orders shop.product care.busy shop.order_lines | via_view
@ reads care.busy care.doctor care.visit shop.item shop.order_lines shop.orders shop.product

-- % parameters

SELECT total FROM shop.orders WHERE total::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.orders
@ reads shop.orders

SELECT price FROM shop.product WHERE price::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.product
@ reads shop.product

SELECT quantity FROM shop.item WHERE quantity::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.item
@ reads shop.item

SELECT ms FROM shop.event WHERE ms::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.event
@ reads shop.event

SELECT fee FROM care.visit WHERE fee::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read care.visit
@ reads care.visit

SELECT value FROM care.lab WHERE value::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read care.lab
@ reads care.lab

SELECT rating FROM care.doctor WHERE rating::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read care.doctor
@ reads care.doctor

SELECT quantity FROM shop.stock WHERE quantity::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.stock
@ reads shop.stock

SELECT budget FROM hr.department WHERE budget::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read hr.department
@ reads hr.department

SELECT bonus FROM hr.employee WHERE bonus::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read hr.employee
@ reads hr.employee

SELECT margin FROM shop.product WHERE margin::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.product
@ reads shop.product

SELECT score FROM care.visit WHERE score::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read care.visit
@ reads care.visit

SELECT weight FROM shop.product WHERE weight::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.product
@ reads shop.product

SELECT cost FROM shop.product WHERE cost::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.product
@ reads shop.product

SELECT price FROM shop.price_history WHERE price::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.price_history
@ reads shop.price_history

SELECT line FROM shop.item WHERE line::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.item
@ reads shop.item

SELECT price FROM shop.item WHERE price::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.item
@ reads shop.item

SELECT amount FROM shop.order_lines WHERE amount::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT visits FROM care.busy WHERE visits::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT total FROM shop.placed WHERE total::numeric > $1::numeric ORDER BY 1 LIMIT 2
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % casts_of_types

SELECT CAST('1' AS smallint)
= read expression:constants
@ reads nothing

SELECT CAST('1.5' AS numeric(4, 2))
= read expression:constants
@ reads nothing

SELECT CAST('a' AS char(3))
= read expression:constants
@ reads nothing

SELECT CAST('t' AS bool)
= read expression:constants
@ reads nothing

SELECT CAST('{"a":1}' AS jsonb)
= read expression:constants
@ reads nothing

SELECT CAST('10:00' AS timetz)
= read expression:constants
@ reads nothing

SELECT CAST('1 day' AS interval)
= read expression:constants
@ reads nothing

SELECT CAST('10.0.0.1' AS inet)
= read expression:constants
@ reads nothing

SELECT CAST('[1,2)' AS int4range)
= read expression:constants
@ reads nothing

SELECT CAST('(1,2)' AS point)
= read expression:constants
@ reads nothing

SELECT CAST('a b' AS tsvector)
= read expression:constants
@ reads nothing

SELECT CAST('\x00' AS bytea)
= read expression:constants
@ reads nothing

SELECT CAST('9.99' AS shop.money)
= read expression:constants
@ reads nothing

SELECT CAST('a@b' AS shop.email)
= read expression:constants
@ reads nothing

SELECT CAST(B'101' AS bit(5))
= read expression:constants
@ reads nothing

SELECT CAST('08:00:2b:01:02:03' AS macaddr)
= read expression:constants
@ reads nothing

-- % nested_subqueries

SELECT a.v FROM (SELECT b.v FROM (SELECT total AS v FROM shop.orders WHERE total IS NOT NULL) b WHERE b.v < (SELECT max(total) FROM shop.orders)) a ORDER BY a.v LIMIT 2
= read shop.orders
@ reads shop.orders

SELECT a.v FROM (SELECT b.v FROM (SELECT price AS v FROM shop.product WHERE price IS NOT NULL) b WHERE b.v < (SELECT max(price) FROM shop.product)) a ORDER BY a.v LIMIT 2
= read shop.product
@ reads shop.product

SELECT a.v FROM (SELECT b.v FROM (SELECT quantity AS v FROM shop.item WHERE quantity IS NOT NULL) b WHERE b.v < (SELECT max(quantity) FROM shop.item)) a ORDER BY a.v LIMIT 2
= read shop.item
@ reads shop.item

SELECT a.v FROM (SELECT b.v FROM (SELECT ms AS v FROM shop.event WHERE ms IS NOT NULL) b WHERE b.v < (SELECT max(ms) FROM shop.event)) a ORDER BY a.v LIMIT 2
= read shop.event
@ reads shop.event

SELECT a.v FROM (SELECT b.v FROM (SELECT fee AS v FROM care.visit WHERE fee IS NOT NULL) b WHERE b.v < (SELECT max(fee) FROM care.visit)) a ORDER BY a.v LIMIT 2
= read care.visit
@ reads care.visit

SELECT a.v FROM (SELECT b.v FROM (SELECT value AS v FROM care.lab WHERE value IS NOT NULL) b WHERE b.v < (SELECT max(value) FROM care.lab)) a ORDER BY a.v LIMIT 2
= read care.lab
@ reads care.lab

SELECT a.v FROM (SELECT b.v FROM (SELECT rating AS v FROM care.doctor WHERE rating IS NOT NULL) b WHERE b.v < (SELECT max(rating) FROM care.doctor)) a ORDER BY a.v LIMIT 2
= read care.doctor
@ reads care.doctor

SELECT a.v FROM (SELECT b.v FROM (SELECT quantity AS v FROM shop.stock WHERE quantity IS NOT NULL) b WHERE b.v < (SELECT max(quantity) FROM shop.stock)) a ORDER BY a.v LIMIT 2
= read shop.stock
@ reads shop.stock

SELECT a.v FROM (SELECT b.v FROM (SELECT budget AS v FROM hr.department WHERE budget IS NOT NULL) b WHERE b.v < (SELECT max(budget) FROM hr.department)) a ORDER BY a.v LIMIT 2
= read hr.department
@ reads hr.department

SELECT a.v FROM (SELECT b.v FROM (SELECT bonus AS v FROM hr.employee WHERE bonus IS NOT NULL) b WHERE b.v < (SELECT max(bonus) FROM hr.employee)) a ORDER BY a.v LIMIT 2
= read hr.employee
@ reads hr.employee

SELECT a.v FROM (SELECT b.v FROM (SELECT margin AS v FROM shop.product WHERE margin IS NOT NULL) b WHERE b.v < (SELECT max(margin) FROM shop.product)) a ORDER BY a.v LIMIT 2
= read shop.product
@ reads shop.product

SELECT a.v FROM (SELECT b.v FROM (SELECT score AS v FROM care.visit WHERE score IS NOT NULL) b WHERE b.v < (SELECT max(score) FROM care.visit)) a ORDER BY a.v LIMIT 2
= read care.visit
@ reads care.visit

SELECT a.v FROM (SELECT b.v FROM (SELECT weight AS v FROM shop.product WHERE weight IS NOT NULL) b WHERE b.v < (SELECT max(weight) FROM shop.product)) a ORDER BY a.v LIMIT 2
= read shop.product
@ reads shop.product

SELECT a.v FROM (SELECT b.v FROM (SELECT cost AS v FROM shop.product WHERE cost IS NOT NULL) b WHERE b.v < (SELECT max(cost) FROM shop.product)) a ORDER BY a.v LIMIT 2
= read shop.product
@ reads shop.product

SELECT a.v FROM (SELECT b.v FROM (SELECT price AS v FROM shop.price_history WHERE price IS NOT NULL) b WHERE b.v < (SELECT max(price) FROM shop.price_history)) a ORDER BY a.v LIMIT 2
= read shop.price_history
@ reads shop.price_history

SELECT a.v FROM (SELECT b.v FROM (SELECT line AS v FROM shop.item WHERE line IS NOT NULL) b WHERE b.v < (SELECT max(line) FROM shop.item)) a ORDER BY a.v LIMIT 2
= read shop.item
@ reads shop.item

SELECT a.v FROM (SELECT b.v FROM (SELECT price AS v FROM shop.item WHERE price IS NOT NULL) b WHERE b.v < (SELECT max(price) FROM shop.item)) a ORDER BY a.v LIMIT 2
= read shop.item
@ reads shop.item

SELECT a.v FROM (SELECT b.v FROM (SELECT amount AS v FROM shop.order_lines WHERE amount IS NOT NULL) b WHERE b.v < (SELECT max(amount) FROM shop.order_lines)) a ORDER BY a.v LIMIT 2
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT a.v FROM (SELECT b.v FROM (SELECT visits AS v FROM care.busy WHERE visits IS NOT NULL) b WHERE b.v < (SELECT max(visits) FROM care.busy)) a ORDER BY a.v LIMIT 2
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT a.v FROM (SELECT b.v FROM (SELECT total AS v FROM shop.placed WHERE total IS NOT NULL) b WHERE b.v < (SELECT max(total) FROM shop.placed)) a ORDER BY a.v LIMIT 2
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % scalar_pairs

SELECT (SELECT max(total) FROM shop.orders) - (SELECT min(total) FROM shop.orders) AS spread
= read shop.orders
@ reads shop.orders

SELECT (SELECT max(price) FROM shop.product) - (SELECT min(price) FROM shop.product) AS spread
= read shop.product
@ reads shop.product

SELECT (SELECT max(quantity) FROM shop.item) - (SELECT min(quantity) FROM shop.item) AS spread
= read shop.item
@ reads shop.item

SELECT (SELECT max(ms) FROM shop.event) - (SELECT min(ms) FROM shop.event) AS spread
= read shop.event
@ reads shop.event

SELECT (SELECT max(fee) FROM care.visit) - (SELECT min(fee) FROM care.visit) AS spread
= read care.visit
@ reads care.visit

SELECT (SELECT max(value) FROM care.lab) - (SELECT min(value) FROM care.lab) AS spread
= read care.lab
@ reads care.lab

SELECT (SELECT max(rating) FROM care.doctor) - (SELECT min(rating) FROM care.doctor) AS spread
= read care.doctor
@ reads care.doctor

SELECT (SELECT max(quantity) FROM shop.stock) - (SELECT min(quantity) FROM shop.stock) AS spread
= read shop.stock
@ reads shop.stock

SELECT (SELECT max(budget) FROM hr.department) - (SELECT min(budget) FROM hr.department) AS spread
= read hr.department
@ reads hr.department

SELECT (SELECT max(bonus) FROM hr.employee) - (SELECT min(bonus) FROM hr.employee) AS spread
= read hr.employee
@ reads hr.employee

SELECT (SELECT max(margin) FROM shop.product) - (SELECT min(margin) FROM shop.product) AS spread
= read shop.product
@ reads shop.product

SELECT (SELECT max(score) FROM care.visit) - (SELECT min(score) FROM care.visit) AS spread
= read care.visit
@ reads care.visit

SELECT (SELECT max(weight) FROM shop.product) - (SELECT min(weight) FROM shop.product) AS spread
= read shop.product
@ reads shop.product

SELECT (SELECT max(cost) FROM shop.product) - (SELECT min(cost) FROM shop.product) AS spread
= read shop.product
@ reads shop.product

SELECT (SELECT max(price) FROM shop.price_history) - (SELECT min(price) FROM shop.price_history) AS spread
= read shop.price_history
@ reads shop.price_history

SELECT (SELECT max(line) FROM shop.item) - (SELECT min(line) FROM shop.item) AS spread
= read shop.item
@ reads shop.item

SELECT (SELECT max(price) FROM shop.item) - (SELECT min(price) FROM shop.item) AS spread
= read shop.item
@ reads shop.item

SELECT (SELECT max(amount) FROM shop.order_lines) - (SELECT min(amount) FROM shop.order_lines) AS spread
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT (SELECT max(visits) FROM care.busy) - (SELECT min(visits) FROM care.busy) AS spread
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT (SELECT max(total) FROM shop.placed) - (SELECT min(total) FROM shop.placed) AS spread
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % any_all

SELECT count(*) FROM shop.orders WHERE total >= ALL (SELECT total FROM shop.orders WHERE total IS NOT NULL)
= read shop.orders
@ reads shop.orders

SELECT count(*) FROM shop.product WHERE price >= ALL (SELECT price FROM shop.product WHERE price IS NOT NULL)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.item WHERE quantity >= ALL (SELECT quantity FROM shop.item WHERE quantity IS NOT NULL)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.event WHERE ms >= ALL (SELECT ms FROM shop.event WHERE ms IS NOT NULL)
= read shop.event
@ reads shop.event

SELECT count(*) FROM care.visit WHERE fee >= ALL (SELECT fee FROM care.visit WHERE fee IS NOT NULL)
= read care.visit
@ reads care.visit

SELECT count(*) FROM care.lab WHERE value >= ALL (SELECT value FROM care.lab WHERE value IS NOT NULL)
= read care.lab
@ reads care.lab

SELECT count(*) FROM care.doctor WHERE rating >= ALL (SELECT rating FROM care.doctor WHERE rating IS NOT NULL)
= read care.doctor
@ reads care.doctor

SELECT count(*) FROM shop.stock WHERE quantity >= ALL (SELECT quantity FROM shop.stock WHERE quantity IS NOT NULL)
= read shop.stock
@ reads shop.stock

SELECT count(*) FROM hr.department WHERE budget >= ALL (SELECT budget FROM hr.department WHERE budget IS NOT NULL)
= read hr.department
@ reads hr.department

SELECT count(*) FROM hr.employee WHERE bonus >= ALL (SELECT bonus FROM hr.employee WHERE bonus IS NOT NULL)
= read hr.employee
@ reads hr.employee

SELECT count(*) FROM shop.product WHERE margin >= ALL (SELECT margin FROM shop.product WHERE margin IS NOT NULL)
= read shop.product
@ reads shop.product

SELECT count(*) FROM care.visit WHERE score >= ALL (SELECT score FROM care.visit WHERE score IS NOT NULL)
= read care.visit
@ reads care.visit

SELECT count(*) FROM shop.product WHERE weight >= ALL (SELECT weight FROM shop.product WHERE weight IS NOT NULL)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.product WHERE cost >= ALL (SELECT cost FROM shop.product WHERE cost IS NOT NULL)
= read shop.product
@ reads shop.product

SELECT count(*) FROM shop.price_history WHERE price >= ALL (SELECT price FROM shop.price_history WHERE price IS NOT NULL)
= read shop.price_history
@ reads shop.price_history

SELECT count(*) FROM shop.item WHERE line >= ALL (SELECT line FROM shop.item WHERE line IS NOT NULL)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.item WHERE price >= ALL (SELECT price FROM shop.item WHERE price IS NOT NULL)
= read shop.item
@ reads shop.item

SELECT count(*) FROM shop.order_lines WHERE amount >= ALL (SELECT amount FROM shop.order_lines WHERE amount IS NOT NULL)
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT count(*) FROM care.busy WHERE visits >= ALL (SELECT visits FROM care.busy WHERE visits IS NOT NULL)
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT count(*) FROM shop.placed WHERE total >= ALL (SELECT total FROM shop.placed WHERE total IS NOT NULL)
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed

-- % named_windows

SELECT total, first_value(total) OVER w, last_value(total) OVER (w ROWS 2 PRECEDING) FROM shop.orders WINDOW w AS (ORDER BY total) ORDER BY 1, 2, 3 LIMIT 5
= read shop.orders
@ reads shop.orders

SELECT price, first_value(price) OVER w, last_value(price) OVER (w ROWS 2 PRECEDING) FROM shop.product WINDOW w AS (ORDER BY price) ORDER BY 1, 2, 3 LIMIT 5
= read shop.product
@ reads shop.product

SELECT quantity, first_value(quantity) OVER w, last_value(quantity) OVER (w ROWS 2 PRECEDING) FROM shop.item WINDOW w AS (ORDER BY quantity) ORDER BY 1, 2, 3 LIMIT 5
= read shop.item
@ reads shop.item

SELECT ms, first_value(ms) OVER w, last_value(ms) OVER (w ROWS 2 PRECEDING) FROM shop.event WINDOW w AS (ORDER BY ms) ORDER BY 1, 2, 3 LIMIT 5
= read shop.event
@ reads shop.event

SELECT fee, first_value(fee) OVER w, last_value(fee) OVER (w ROWS 2 PRECEDING) FROM care.visit WINDOW w AS (ORDER BY fee) ORDER BY 1, 2, 3 LIMIT 5
= read care.visit
@ reads care.visit

SELECT value, first_value(value) OVER w, last_value(value) OVER (w ROWS 2 PRECEDING) FROM care.lab WINDOW w AS (ORDER BY value) ORDER BY 1, 2, 3 LIMIT 5
= read care.lab
@ reads care.lab

SELECT rating, first_value(rating) OVER w, last_value(rating) OVER (w ROWS 2 PRECEDING) FROM care.doctor WINDOW w AS (ORDER BY rating) ORDER BY 1, 2, 3 LIMIT 5
= read care.doctor
@ reads care.doctor

SELECT quantity, first_value(quantity) OVER w, last_value(quantity) OVER (w ROWS 2 PRECEDING) FROM shop.stock WINDOW w AS (ORDER BY quantity) ORDER BY 1, 2, 3 LIMIT 5
= read shop.stock
@ reads shop.stock

SELECT budget, first_value(budget) OVER w, last_value(budget) OVER (w ROWS 2 PRECEDING) FROM hr.department WINDOW w AS (ORDER BY budget) ORDER BY 1, 2, 3 LIMIT 5
= read hr.department
@ reads hr.department

SELECT bonus, first_value(bonus) OVER w, last_value(bonus) OVER (w ROWS 2 PRECEDING) FROM hr.employee WINDOW w AS (ORDER BY bonus) ORDER BY 1, 2, 3 LIMIT 5
= read hr.employee
@ reads hr.employee

SELECT margin, first_value(margin) OVER w, last_value(margin) OVER (w ROWS 2 PRECEDING) FROM shop.product WINDOW w AS (ORDER BY margin) ORDER BY 1, 2, 3 LIMIT 5
= read shop.product
@ reads shop.product

SELECT score, first_value(score) OVER w, last_value(score) OVER (w ROWS 2 PRECEDING) FROM care.visit WINDOW w AS (ORDER BY score) ORDER BY 1, 2, 3 LIMIT 5
= read care.visit
@ reads care.visit

SELECT weight, first_value(weight) OVER w, last_value(weight) OVER (w ROWS 2 PRECEDING) FROM shop.product WINDOW w AS (ORDER BY weight) ORDER BY 1, 2, 3 LIMIT 5
= read shop.product
@ reads shop.product

SELECT cost, first_value(cost) OVER w, last_value(cost) OVER (w ROWS 2 PRECEDING) FROM shop.product WINDOW w AS (ORDER BY cost) ORDER BY 1, 2, 3 LIMIT 5
= read shop.product
@ reads shop.product

SELECT price, first_value(price) OVER w, last_value(price) OVER (w ROWS 2 PRECEDING) FROM shop.price_history WINDOW w AS (ORDER BY price) ORDER BY 1, 2, 3 LIMIT 5
= read shop.price_history
@ reads shop.price_history

SELECT line, first_value(line) OVER w, last_value(line) OVER (w ROWS 2 PRECEDING) FROM shop.item WINDOW w AS (ORDER BY line) ORDER BY 1, 2, 3 LIMIT 5
= read shop.item
@ reads shop.item

SELECT price, first_value(price) OVER w, last_value(price) OVER (w ROWS 2 PRECEDING) FROM shop.item WINDOW w AS (ORDER BY price) ORDER BY 1, 2, 3 LIMIT 5
= read shop.item
@ reads shop.item

SELECT amount, first_value(amount) OVER w, last_value(amount) OVER (w ROWS 2 PRECEDING) FROM shop.order_lines WINDOW w AS (ORDER BY amount) ORDER BY 1, 2, 3 LIMIT 5
= read shop.item shop.orders shop.product shop.order_lines | via_view
@ reads shop.item shop.order_lines shop.orders shop.product

SELECT visits, first_value(visits) OVER w, last_value(visits) OVER (w ROWS 2 PRECEDING) FROM care.busy WINDOW w AS (ORDER BY visits) ORDER BY 1, 2, 3 LIMIT 5
= read care.doctor care.visit care.busy | via_view
@ reads care.busy care.doctor care.visit

SELECT total, first_value(total) OVER w, last_value(total) OVER (w ROWS 2 PRECEDING) FROM shop.placed WINDOW w AS (ORDER BY total) ORDER BY 1, 2, 3 LIMIT 5
= read shop.orders shop.placed | via_view
@ reads shop.orders shop.placed
