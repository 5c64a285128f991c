-- MRR moves only where a subscription begins or ends, so accounts are compared between the bounds
-- of those months alone, and what stands is what moved added up. Twelve months before the first
-- one are told too: the trailing churn looks at them.
CREATE OR REPLACE TEMP TABLE sub AS
SELECT s.id, s.account_id, s.owner_id, team_id, started_on, ended_on,
    CASE WHEN coalesce(is_trial, FALSE) THEN 0 ELSE mrr END AS mrr,
    greatest(mi(started_on), -13)::SMALLINT AS came,
    CASE WHEN ended_on IS NOT NULL THEN greatest(mi(ended_on), -13) END::SMALLINT AS went
FROM subscription AS s LEFT JOIN owner_team USING (owner_id);

CREATE OR REPLACE TEMP TABLE mrr_move AS
WITH moves AS (
    SELECT account_id, owner_id, team_id, came AS m, mrr AS step, 1 AS one, 1 AS opened FROM sub
    WHERE came < getvariable('months') AND coalesce(ended_on >= started_on, TRUE)
    UNION ALL
    SELECT account_id, owner_id, team_id, went, -mrr, -1, 0 FROM sub WHERE went < getvariable('months') AND ended_on >= started_on
), netted AS (
    SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, account_id, m,
        sum(step) AS step, sum(one) AS ones, sum(opened) AS opened
    FROM moves GROUP BY GROUPING SETS ((account_id, owner_id, m), (account_id, team_id, m), (account_id, m))
), stood AS (
    SELECT level, id, m, step, ones, opened, sum(step) OVER (PARTITION BY level, id, account_id ORDER BY m) AS later FROM netted
)
SELECT level, id, m, sum(step) AS moved, sum(ones) AS ones, sum(opened) AS opened, sum(greatest(-step, 0)) AS lost,
    sum(CASE WHEN later - step > 0 THEN greatest(step, 0) ELSE 0 END) AS gained,
    count(*) FILTER (WHERE later > 0 AND later - step <= 0) AS won_accounts,
    count(*) FILTER (WHERE later <= 0 AND later - step > 0) AS lost_accounts,
    count(*) FILTER (WHERE later - step > 0 AND step > 0) AS risen_accounts
FROM stood GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE mrr_month AS
WITH every AS (SELECT * FROM (SELECT DISTINCT level, id FROM mrr_move), range(-13, getvariable('months')) AS r(m)),
stood AS (
    SELECT e.level, e.id, e.m, coalesce(moved, 0) AS moved, coalesce(lost, 0) AS lost, coalesce(gained, 0) AS gained,
        coalesce(lost_accounts, 0) AS lost_accounts, coalesce(risen_accounts, 0) AS risen_accounts,
        sum(moved) OVER w AS at_end, sum(ones) OVER w AS subs, sum(opened) OVER w AS ever, sum(won_accounts - lost_accounts) OVER w AS accounts_end
    FROM every AS e LEFT JOIN mrr_move AS x ON x.level = e.level AND x.id IS NOT DISTINCT FROM e.id AND x.m = e.m
    WINDOW w AS (PARTITION BY e.level, e.id ORDER BY e.m)
), bounds AS (
    SELECT *, lag(at_end) OVER w AS at_start, lag(accounts_end) OVER w AS accounts_start
    FROM stood WINDOW w AS (PARTITION BY level, id ORDER BY m)
)
SELECT *, sum(CASE WHEN accounts_start > 0 THEN lost_accounts END) OVER w AS lost_year,
    sum(accounts_start) OVER w AS start_year
FROM bounds WHERE m > -13
WINDOW w AS (PARTITION BY level, id ORDER BY m ROWS BETWEEN 11 PRECEDING AND CURRENT ROW);
DELETE FROM mrr_month WHERE m < 0;

-- What has no owner of its own is its account's owner's, else its subscription's.
CREATE OR REPLACE TEMP TABLE holder AS SELECT id AS account_id, owner_id FROM account WHERE owner_id IS NOT NULL;
CREATE OR REPLACE TEMP TABLE sub_owner AS
WITH firsts AS (
    SELECT min_by(owner_id, (started_on, id)) AS owner_id, mi(min(started_on)) AS m FROM sub WHERE mrr > 0 GROUP BY account_id
)
SELECT owner_id, m, count(*) AS fresh FROM firsts GROUP BY ALL
UNION ALL BY NAME
SELECT coalesce(a.owner_id, s.owner_id) AS owner_id, mi(occurred_on) AS m, sum(amount) FILTER (WHERE v.kind = 'expansion') AS booked,
    count(amount) FILTER (WHERE v.kind = 'expansion') AS booked_n,
    sum(abs(amount)) FILTER (WHERE v.kind IN ('contraction', 'churn')) AS gone,
    count(amount) FILTER (WHERE v.kind IN ('contraction', 'churn')) AS gone_n
FROM mrr_movement AS v LEFT JOIN holder AS a ON a.account_id = v.account_id LEFT JOIN subscription AS s ON s.id = v.subscription_id GROUP BY ALL
UNION ALL BY NAME
SELECT coalesce(a.owner_id, s.owner_id) AS owner_id, mi(due_on) AS m, count(*) AS due, count(*) FILTER (WHERE outcome = 'renewed') AS renewed,
    count(*) FILTER (WHERE outcome IN ('renewed', 'churned')) AS decided,
    count(*) FILTER (WHERE coalesce(outcome, 'pending') = 'pending') AS pending,
    sum(coalesce(amount_renewed, amount_due)) FILTER (WHERE outcome = 'renewed') AS renewed_amount,
    sum(amount_due) AS due_amount, count(amount_due) AS due_valued,
    sum(amount_due) FILTER (WHERE outcome IN ('renewed', 'churned')) AS decided_amount,
    count(amount_due) FILTER (WHERE outcome IN ('renewed', 'churned')) AS decided_valued
FROM renewal AS r LEFT JOIN holder AS a ON a.account_id = r.account_id LEFT JOIN subscription AS s ON s.id = r.subscription_id GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE sub_month AS FROM rolled('sub_owner');

-- Days on which an account that pays used the product: one owner looks after all of an account's
-- use, so its days add up. Only of accounts without an owner they are counted at each level.
CREATE OR REPLACE TEMP TABLE use_day AS SELECT DISTINCT account_id, occurred_on FROM usage;
CREATE OR REPLACE TEMP TABLE paid AS
SELECT account_id, started_on AS begins, coalesce(ended_on, DATE '9999-12-31') AS ends FROM sub WHERE mrr > 0;
CREATE OR REPLACE TEMP TABLE used_owner AS
SELECT owner_id, mi(occurred_on) AS m, count(*) AS days
FROM use_day AS d SEMI JOIN paid AS p ON p.account_id = d.account_id AND p.begins <= d.occurred_on AND p.ends > d.occurred_on
JOIN holder AS h ON h.account_id = d.account_id
GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE used_month AS
WITH alone AS (
    SELECT owner_id, team_id, m, days FROM used_owner LEFT JOIN owner_team USING (owner_id) WHERE asked(m)
), shared AS (
    SELECT DISTINCT u.account_id, u.occurred_on, mi(u.occurred_on) AS m, s.owner_id, t.team_id
    FROM usage AS u ANTI JOIN holder AS h ON h.account_id = u.account_id
    SEMI JOIN paid AS p ON p.account_id = u.account_id AND p.begins <= u.occurred_on AND p.ends > u.occurred_on
    LEFT JOIN subscription AS s ON s.id = u.subscription_id LEFT JOIN owner_team AS t ON t.owner_id = s.owner_id
    WHERE asked(mi(u.occurred_on))
), counted AS (
    SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m, sum(days) AS days
    FROM alone GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m))
    UNION ALL
    SELECT 'owner', owner_id, m, count(DISTINCT (account_id, occurred_on)) FROM shared GROUP BY ALL
    UNION ALL
    SELECT 'team', team_id, m, count(DISTINCT (account_id, occurred_on)) FROM shared GROUP BY ALL
    UNION ALL
    SELECT 'tenant', NULL, m, count(DISTINCT (account_id, occurred_on)) FROM shared GROUP BY ALL
)
SELECT level, id, m, sum(days) AS days FROM counted GROUP BY ALL;

-- From a subscription's start to the first day of use at or after it: the first day at all, unless
-- that was before the start.
CREATE OR REPLACE TEMP TABLE activation_month AS
WITH firsts AS (SELECT account_id, min(occurred_on) AS day FROM use_day GROUP BY ALL),
begun AS (
    SELECT s.id, s.account_id, s.owner_id, team_id, mi(s.started_on) AS m, s.started_on, day
    FROM subscription AS s LEFT JOIN firsts AS f ON f.account_id = s.account_id LEFT JOIN owner_team USING (owner_id)
), again AS (
    SELECT b.id, min(u.occurred_on) AS day FROM begun AS b
    JOIN use_day AS u ON u.account_id = b.account_id AND u.occurred_on >= b.started_on
    WHERE b.day < b.started_on GROUP BY ALL
), activated AS (
    SELECT owner_id, team_id, m, (CASE WHEN b.day >= started_on THEN b.day ELSE a.day END - started_on)::DOUBLE AS days
    FROM begun AS b LEFT JOIN again AS a USING (id)
)
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m,
    quantile_cont(days, [0.5, 0.9]) AS q, count(days) AS n
FROM activated WHERE asked(m) GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m));

CREATE OR REPLACE TEMP TABLE onboarding_month AS
WITH steps AS (
    SELECT account_id, min(started_at) AS began,
        CASE WHEN count(*) FILTER (WHERE coalesce(required, TRUE) AND completed_at IS NULL) = 0
            THEN max(completed_at) FILTER (WHERE coalesce(required, TRUE)) END AS done
    FROM onboarding_step GROUP BY ALL
)
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m, count(*) AS begun,
    count(*) FILTER (WHERE epoch_us(done) - epoch_us(began) <= 5184000000000) AS completed,
    max(began) + INTERVAL 1440 HOURS <= getvariable('today') AS is_mature
FROM (
    SELECT s.*, owner_id, team_id, mi(began) AS m
    FROM steps AS s LEFT JOIN account AS a ON a.id = s.account_id LEFT JOIN owner_team USING (owner_id)
)
WHERE asked(m) GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m));

INSERT INTO answer BY NAME
SELECT 'mrr' AS kpi, level, id, m, at_end AS value, subs AS n FROM mrr_month WHERE ever > 0
UNION ALL BY NAME
SELECT 'active_customers' AS kpi, level, id, m, accounts_end AS value, accounts_end AS n FROM mrr_month WHERE ever > 0
UNION ALL BY NAME
SELECT 'mrr_growth_rate' AS kpi, level, id, m, share(moved, at_start) AS value,
    moved AS part_over, at_start AS part_under, accounts_start AS n FROM mrr_month WHERE accounts_start > 0
UNION ALL BY NAME
SELECT 'revenue_churn_rate' AS kpi, level, id, m, share(lost, at_start) AS value,
    lost AS part_over, at_start AS part_under, accounts_start AS n FROM mrr_month WHERE accounts_start > 0
UNION ALL BY NAME
SELECT 'gross_revenue_retention' AS kpi, level, id, m, share(at_start - lost, at_start) AS value,
    at_start - lost AS part_over, at_start AS part_under, accounts_start AS n FROM mrr_month WHERE accounts_start > 0
UNION ALL BY NAME
SELECT 'net_revenue_retention' AS kpi, level, id, m, share(at_start - lost + gained, at_start) AS value,
    at_start - lost + gained AS part_over, at_start AS part_under, accounts_start AS n FROM mrr_month WHERE accounts_start > 0
UNION ALL BY NAME
SELECT 'expansion_revenue' AS kpi, level, id, m, gained AS value, accounts_start AS n FROM mrr_month WHERE accounts_start > 0
UNION ALL BY NAME
SELECT 'upsell_rate' AS kpi, level, id, m, share(risen_accounts, accounts_start) AS value,
    risen_accounts AS part_over, accounts_start AS part_under, accounts_start AS n FROM mrr_month WHERE accounts_start > 0
UNION ALL BY NAME
SELECT 'customer_churn_rate' AS kpi, level, id, m, share(lost_accounts, accounts_start) AS value,
    lost_accounts AS part_over, accounts_start AS part_under, accounts_start AS n FROM mrr_month WHERE accounts_start > 0
UNION ALL BY NAME
SELECT 'customer_lifetime_value' AS kpi, level, id, m,
    share(at_end, accounts_end) * 0.8 / share(lost_year, start_year) AS value, NULL AS n
FROM mrr_month WHERE accounts_end > 0 AND lost_year > 0 AND start_year > 0
UNION ALL BY NAME
SELECT 'new_customers' AS kpi, level, id, m, fresh AS value, fresh AS n FROM sub_month WHERE fresh > 0
UNION ALL BY NAME
SELECT 'expansion_revenue_booked' AS kpi, level, id, m, booked AS value, booked_n AS n FROM sub_month WHERE booked_n > 0
UNION ALL BY NAME
SELECT 'lost_revenue_booked' AS kpi, level, id, m, gone AS value, gone_n AS n FROM sub_month WHERE gone_n > 0
UNION ALL BY NAME
SELECT 'renewal_rate' AS kpi, level, id, m, share(renewed, due) AS value, renewed AS part_over, due AS part_under, due AS n
FROM sub_month WHERE due > 0
UNION ALL BY NAME
SELECT 'renewal_rate_decided' AS kpi, level, id, m, share(renewed, decided) AS value,
    renewed AS part_over, decided AS part_under, decided AS n FROM sub_month WHERE decided > 0
UNION ALL BY NAME
SELECT 'renewals_pending_rate' AS kpi, level, id, m, share(pending, due) AS value,
    pending AS part_over, due AS part_under, due AS n FROM sub_month WHERE due > 0
UNION ALL BY NAME
SELECT 'renewal_rate_value' AS kpi, level, id, m, share(renewed_amount, due_amount) AS value,
    coalesce(renewed_amount, 0) AS part_over, due_amount AS part_under, due_valued AS n FROM sub_month WHERE due_amount != 0
UNION ALL BY NAME
SELECT 'net_revenue_retention_by_renewal' AS kpi, level, id, m, share(renewed_amount, decided_amount) AS value,
    coalesce(renewed_amount, 0) AS part_over, decided_amount AS part_under, decided_valued AS n FROM sub_month WHERE decided_amount != 0
UNION ALL BY NAME
SELECT 'product_usage_days' AS kpi, b.level, b.id, b.m, share(days, accounts_end) AS value,
    coalesce(days, 0) AS part_over, accounts_end AS part_under, accounts_end AS n
FROM mrr_month AS b LEFT JOIN used_month AS u ON u.level = b.level AND u.id IS NOT DISTINCT FROM b.id AND u.m = b.m
WHERE accounts_end > 0
UNION ALL BY NAME
SELECT 'activation_days' AS kpi, level, id, m, q[1] AS value, n FROM activation_month WHERE n > 0
UNION ALL BY NAME
SELECT 'activation_p90_days' AS kpi, level, id, m, q[2] AS value, n FROM activation_month WHERE n > 0
UNION ALL BY NAME
SELECT 'onboarding_completion_rate' AS kpi, level, id, m, share(completed, begun) AS value,
    completed AS part_over, begun AS part_under, begun AS n FROM onboarding_month WHERE is_mature;
