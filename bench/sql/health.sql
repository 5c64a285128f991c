-- Customers at each month's end with what their health is made of, each over its trailing days.
CREATE OR REPLACE TEMP TABLE customer AS
SELECT account_id, m, sum(mrr) AS mrr
FROM (
    SELECT account_id, mrr, unnest(range(greatest(came, 0), least(coalesce(went, getvariable('months')), getvariable('months'))))::SMALLINT AS m
    FROM sub WHERE mrr > 0
)
GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE month_end AS
SELECT m::SMALLINT AS m, (make_date(((getvariable('first_month') + m) // 12)::BIGINT, ((getvariable('first_month') + m) % 12 + 1)::BIGINT, 1)) AS until
FROM range(getvariable('months')) AS r(m);
-- The month ends whose trailing days hold a day: by day, so that rows are joined by equality.
CREATE OR REPLACE MACRO looking(days) AS TABLE
    SELECT m, until - 1 - d::INTEGER AS day FROM month_end, range(days) AS r(d);

-- The last day of contact in each month, and of each account the months that have one as bits: the
-- last of them up to a month is its highest bit.
CREATE OR REPLACE TEMP TABLE contact_day AS
SELECT account_id, greatest(mi(created_at), -1)::SMALLINT AS m, max(created_at)::DATE AS day
FROM activity WHERE account_id IN (SELECT account_id FROM paid) GROUP BY account_id, greatest(mi(created_at), -1)::SMALLINT HAVING m < getvariable('months');
CREATE OR REPLACE TEMP TABLE contact AS
WITH met AS (SELECT account_id, bit_or(1::HUGEINT << (m + 1)) AS months FROM contact_day GROUP BY ALL),
latest AS (
    SELECT c.account_id, c.m, floor(log2((months & ((1::HUGEINT << (c.m + 2)) - 1))::DOUBLE))::SMALLINT - 1 AS found
    FROM customer AS c JOIN met USING (account_id) WHERE months & ((1::HUGEINT << (c.m + 2)) - 1) > 0
)
SELECT l.account_id, l.m, d.day FROM latest AS l JOIN contact_day AS d ON d.account_id = l.account_id AND d.m = l.found;

CREATE OR REPLACE TEMP TABLE health_raw AS
WITH used AS (
    SELECT account_id, m, count(*) AS days FROM use_day JOIN looking(30) ON day = occurred_on GROUP BY ALL
), uses AS (SELECT account_id, min(occurred_on) AS began FROM use_day GROUP BY ALL),
cases AS (
    SELECT account_id, m, count(*) FILTER (WHERE is_recent) AS cases, avg(satisfaction) AS rating
    FROM (SELECT account_id, created_at::DATE AS made, satisfaction FROM ticket WHERE account_id IS NOT NULL)
    JOIN (SELECT m, day, day >= until - 30 AS is_recent FROM looking(90) JOIN month_end USING (m)) ON day = made GROUP BY ALL
), renewed AS (
    SELECT account_id, m, max_by((outcome = 'renewed')::INTEGER, (due_on, id)) AS kept
    FROM (SELECT account_id, outcome, due_on, id FROM renewal WHERE outcome IN ('renewed', 'churned')) JOIN looking(365) ON day = due_on
    GROUP BY ALL
)
SELECT c.account_id, c.m, c.mrr,
    CASE WHEN uses.began < until THEN coalesce(days, 0) END AS usage_days,
    CASE WHEN until > (SELECT min(created_at)::DATE FROM ticket) THEN coalesce(cases, 0) END AS cases, rating, kept, until - 1 - contact.day AS away
FROM customer AS c JOIN month_end USING (m) LEFT JOIN uses USING (account_id)
LEFT JOIN used USING (account_id, m) LEFT JOIN cases USING (account_id, m) LEFT JOIN renewed USING (account_id, m)
LEFT JOIN contact USING (account_id, m);

CREATE OR REPLACE MACRO between_0_1(x, worst, best) AS least(greatest((x - worst) / (best - worst), 0.0), 1.0);
CREATE OR REPLACE TEMP TABLE health_month AS
WITH scored AS (
    SELECT account_id, m, mrr,
        700 * coalesce(between_0_1(usage_days, 0.0, 12.0), 0) + 500 * coalesce(between_0_1(cases, 5.0, 0.0), 0)
            + 800 * coalesce(between_0_1(rating, 1.0, 5.0), 0) + 300 * coalesce(between_0_1(kept, 0.0, 1.0), 0)
            + 500 * coalesce(between_0_1(away, 120.0, 14.0), 0) AS points,
        7 * (usage_days IS NOT NULL)::INTEGER + 5 * (cases IS NOT NULL)::INTEGER + 8 * (rating IS NOT NULL)::INTEGER
            + 3 * (kept IS NOT NULL)::INTEGER + 5 * (away IS NOT NULL)::INTEGER AS weight
    FROM health_raw
)
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m,
    avg(points / weight) AS score, count(*) AS n, sum(CASE WHEN points / weight < 50 THEN mrr ELSE 0 END) AS risk
FROM scored AS s LEFT JOIN account AS a ON a.id = s.account_id LEFT JOIN owner_team USING (owner_id)
GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m));

INSERT INTO answer BY NAME
SELECT 'customer_health' AS kpi, level, id, m, score AS value, n FROM health_month
UNION ALL BY NAME
SELECT 'at_risk_revenue' AS kpi, level, id, m, risk AS value, n FROM health_month;
