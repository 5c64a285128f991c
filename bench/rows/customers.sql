-- Every customer has two subscriptions: the second follows the first (another plan), or runs
-- beside it, or comes after a pause. A fifth of them were customers before the span.
CREATE TEMP TABLE customer_fact AS
SELECT *, start_day + 60 + pick(a, 402, 400) AS second_day, u(a, 403) AS way
FROM (
    SELECT a, CASE WHEN u(a, 400) < 0.2 THEN -1 - pick(a, 401, 300) ELSE raw_day(a, 404) END AS start_day
    FROM range(getvariable('customers')) AS t(a)
);
CREATE TEMP TABLE sub_fact AS
SELECT a * 2 AS s, a, start_day AS begins,
    CASE WHEN way < 0.2 THEN start_day + 90 + floor(wait(a, 410, 900))::BIGINT
        WHEN way < 0.85 THEN second_day
        ELSE second_day - 10 - pick(a, 411, 40) END AS ends,
    round(50 + wait(a, 412, 700), 2)::DECIMAL(18, 4) AS mrr
FROM customer_fact
UNION ALL
SELECT a * 2 + 1, a, second_day, second_day + 60 + floor(wait(a, 413, 700))::BIGINT,
    round((50 + wait(a, 412, 700)) * (0.7 + 0.9 * u(a, 414)), 2)::DECIMAL(18, 4)
FROM customer_fact;

CREATE VIEW subscription AS
SELECT 'sub-' || s AS id, 'acc-' || a AS account_id, 'prod-' || pick(s, 420, 24) AS product_id,
    one_of(['Basic', 'Pro', 'Scale'], s, 421) AS plan, rep_id(CASE WHEN s % 16 = 1 THEN rep(s, 424) ELSE rep(a, 5) END) AS owner_id,
    on_day(origin()) + begins::INTEGER AS started_on,
    CASE WHEN ends < getvariable('days') THEN on_day(origin()) + ends::INTEGER END AS ended_on,
    on_day(origin()) + (begins + 365)::INTEGER AS renewal_due_on, mrr, 'EUR' AS currency,
    1 + pick(s, 422, 80) AS seats, u(s, 423) < 0.05 AS is_trial,
    CASE WHEN ends < getvariable('days') THEN 'ended' ELSE 'active' END AS status
FROM sub_fact;

CREATE VIEW mrr_movement AS
SELECT 'mov-' || s || '-' || k AS id, 'sub-' || s AS subscription_id, 'acc-' || a AS account_id,
    on_day(origin()) + CASE k WHEN 0 THEN begins ELSE begins + (ends - begins) * k // 5 END::INTEGER AS occurred_on,
    CASE k WHEN 0 THEN 'new' WHEN 5 THEN 'churn'
        ELSE one_of(['expansion', 'expansion', 'contraction'], s * 8 + k, 430) END AS kind,
    CASE k WHEN 0 THEN mrr WHEN 5 THEN -mrr
        ELSE round((mrr * (u(s * 8 + k, 431) - 0.4) / 4)::DECIMAL(18, 4), 2) END AS amount
FROM sub_fact, range(6) AS t(k);

CREATE VIEW renewal AS
SELECT 'ren-' || s || '-' || k AS id, 'sub-' || s AS subscription_id, 'acc-' || a AS account_id,
    on_day(origin()) + due::INTEGER AS due_on,
    CASE WHEN due + 10 > getvariable('days') THEN 'pending' WHEN ends > due THEN 'renewed' ELSE 'churned' END AS outcome,
    CASE WHEN due + 10 <= getvariable('days')
        THEN on_day(origin()) + (due - 20 + pick(s * 4 + k, 440, 30))::INTEGER END AS decided_on,
    mrr * 12 AS amount_due,
    CASE WHEN due + 10 <= getvariable('days') AND ends > due
        THEN round(mrr * 12 * (0.9 + 0.25 * u(s * 4 + k, 441))::DECIMAL(18, 4), 2) END AS amount_renewed
FROM (SELECT *, begins + 365 * (k + 1) AS due FROM sub_fact, range(3) AS t(k))
WHERE due >= 0 AND due - 365 < ends AND due < getvariable('days') + 60;

-- Days of use within the subscribed time; the first one is what activation waits for.
CREATE VIEW "usage" AS
SELECT 'use-' || a || '-' || k AS id, 'acc-' || a AS account_id, 'sub-' || (a * 2 + (k % 8 = 7)::INTEGER) AS subscription_id,
    one_of(['reports', 'import', 'api', 'dashboard', 'alerts'], a * 256 + k, 450) AS feature,
    on_day(origin()) + day::INTEGER AS occurred_on, 1 + floor(wait(a * 256 + k, 451, 20))::BIGINT AS events,
    1 + pick(a * 256 + k, 452, 15) AS active_users
FROM (
    SELECT a, k, start_day + CASE k WHEN 0 THEN floor(wait(a, 453, 9))::BIGINT
        ELSE pick(a * 256 + k, 454, greatest(1, least(getvariable('days') - start_day, 90 + pick(a, 455, 900)))) END AS day
    FROM customer_fact, range(getvariable('usage') // getvariable('customers')) AS t(k)
)
WHERE day >= 0 AND day < getvariable('days') AND u(a, 456) > 0.04;

CREATE VIEW onboarding_step AS
SELECT 'onb-' || a || '-' || k AS id, 'acc-' || a AS account_id,
    ['Kick-off', 'Data import', 'Training', 'First report', 'Hand-over'][k + 1] AS step, k != 3 AS required,
    make_timestamp(origin() + start_day * 86400000000 + 32400000000) AS started_at,
    if_past(origin() + start_day * 86400000000 + (32400 + wait(a, 460, 86400 * 11) * (k + 1)
        + wait(a * 8 + k, 461, 86400 * 3))::BIGINT * 1000000) AS completed_at,
    make_timestamp(origin() + (start_day + 14 * (k + 1)) * 86400000000) AS due_at
FROM customer_fact, range(5) AS t(k) WHERE start_day >= 0;
