-- A deal slips out of a month when its expected close was in it at some moment of it and is later
-- when it ends. The expected close of a month's end is that of its last change, so changes are
-- gathered by deal and month before they are put in order.
CREATE OR REPLACE TEMP TABLE slipped_owner AS
WITH told AS (
    SELECT d.pos, any_value(d.owner_id) AS owner_id, mi(changed_at) AS m, mi(max_by(c.expected_close_on, changed_at)) AS left_at,
        bool_or(mi(c.expected_close_on) = mi(changed_at)) AS inside,
        min(changed_at) != date_trunc('month', min(changed_at)) AS came_in
    FROM stage_change AS c JOIN deal AS d ON d.id = c.opportunity_id
    WHERE c.expected_close_on IS NOT NULL AND coalesce(closed > mi(changed_at), TRUE) AND opened <= mi(changed_at) GROUP BY ALL
), followed AS (
    SELECT *, lag(left_at) OVER (PARTITION BY pos ORDER BY m) AS found_at FROM told
)
SELECT owner_id, m, count(*) AS slipped
FROM followed WHERE asked(m) AND left_at > m AND (inside OR found_at = m AND came_in)
GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE slipped_month AS FROM rolled('slipped_owner');

-- A team's own quota stands for its people, and above for the teams below it.
CREATE OR REPLACE TEMP TABLE quota_month AS
WITH RECURSIVE quotas AS (
    SELECT owner_id, coalesce(q.team_id, t.team_id) AS team_id, mi(period_start_on) AS m, amount
    FROM quota AS q LEFT JOIN owner_team AS t USING (owner_id)
    WHERE kpi = 'won_revenue' AND period_grain = 'month' AND asked(mi(period_start_on))
), own_team AS (SELECT DISTINCT team_id, m FROM quotas WHERE owner_id IS NULL),
above AS (
    SELECT id, parent_id FROM team WHERE parent_id IS NOT NULL
    UNION SELECT a.id, t.parent_id FROM above AS a JOIN team AS t ON t.id = a.parent_id WHERE t.parent_id IS NOT NULL
)
SELECT 'owner' AS level, owner_id AS id, m, sum(amount) AS quota, count(amount) AS quotas FROM quotas
WHERE owner_id IS NOT NULL GROUP BY ALL
UNION ALL
SELECT 'team', team_id, m, sum(amount), count(amount) FROM quotas AS q
WHERE owner_id IS NULL OR NOT EXISTS (FROM own_team AS o WHERE o.team_id = q.team_id AND o.m = q.m) GROUP BY ALL
UNION ALL
SELECT 'tenant', NULL, m, sum(amount), count(amount) FROM quotas AS q
WHERE (owner_id IS NULL OR NOT EXISTS (FROM own_team AS o WHERE o.team_id = q.team_id AND o.m = q.m))
    AND NOT EXISTS (FROM own_team AS o JOIN above AS a ON a.parent_id = o.team_id WHERE a.id = q.team_id AND o.m = q.m)
GROUP BY ALL;

-- The last forecast of each owner before the month's first day ends, against what was won.
CREATE OR REPLACE TEMP TABLE forecast_owner AS
WITH opening AS (
    SELECT owner_id, mi(period_start_on) AS m, max_by(amount, (submitted_at, id))::DOUBLE AS said
    FROM forecast
    WHERE period_grain = 'month' AND submitted_at < period_start_on + INTERVAL 1 DAY AND category = 'commit'
        AND asked(mi(period_start_on))
    GROUP BY ALL
)
SELECT o.owner_id, o.m, said, coalesce(won_amount, 0)::DOUBLE AS won
FROM opening AS o LEFT JOIN deal_month AS d ON d.level = 'owner' AND d.id = o.owner_id AND d.m = o.m
WHERE said IS NOT NULL;
CREATE OR REPLACE TEMP TABLE forecast_month AS
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m,
    sum(abs(won - said)) AS missed, sum(said - won) AS above, sum(won) AS won, count(*) AS owners
FROM forecast_owner LEFT JOIN owner_team USING (owner_id)
GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m));

-- Cost and success of campaigns have no owner: these are told of the tenant alone.
CREATE OR REPLACE TEMP TABLE campaign_won AS
SELECT mi(c.started_on) AS m, sum(o.amount) AS won FROM opportunity AS o JOIN campaign AS c ON c.id = o.campaign_id
WHERE status_of(o.stage) = 'won' GROUP BY ALL;

INSERT INTO answer BY NAME
SELECT 'slipped_deals' AS kpi, level, id, m, slipped AS value, slipped AS n FROM slipped_month
UNION ALL BY NAME
SELECT 'quota_attainment' AS kpi, q.level, q.id, q.m, share(won_amount, quota) AS value,
    coalesce(won_amount, 0) AS part_over, quota AS part_under, quotas AS n
FROM quota_month AS q LEFT JOIN deal_month AS d ON d.level = q.level AND d.id IS NOT DISTINCT FROM q.id AND d.m = q.m
WHERE quota != 0
UNION ALL BY NAME
SELECT 'pipeline_coverage' AS kpi, q.level, q.id, q.m, share(expected_amount, quota) AS value,
    coalesce(expected_amount, 0) AS part_over, quota AS part_under, quotas AS n
FROM quota_month AS q LEFT JOIN deal_month AS d ON d.level = q.level AND d.id IS NOT DISTINCT FROM q.id AND d.m = q.m
WHERE quota != 0
UNION ALL BY NAME
SELECT 'pipeline_coverage_weighted' AS kpi, q.level, q.id, q.m, share(expected_weighted, quota) AS value,
    coalesce(expected_weighted, 0) AS part_over, quota AS part_under, quotas AS n
FROM quota_month AS q LEFT JOIN deal_month AS d ON d.level = q.level AND d.id IS NOT DISTINCT FROM q.id AND d.m = q.m
WHERE quota != 0
UNION ALL BY NAME
SELECT 'pipeline_coverage_remaining' AS kpi, q.level, q.id, q.m, share(expected_amount, greatest(quota - coalesce(won_amount, 0), 0)) AS value,
    coalesce(expected_amount, 0) AS part_over, greatest(quota - coalesce(won_amount, 0), 0) AS part_under, NULL AS n
FROM quota_month AS q LEFT JOIN deal_month AS d ON d.level = q.level AND d.id IS NOT DISTINCT FROM q.id AND d.m = q.m
WHERE quota > coalesce(won_amount, 0)
UNION ALL BY NAME
SELECT 'forecast_accuracy' AS kpi, level, id, m, greatest(0, 1 - missed / won) AS value,
    missed AS part_over, won AS part_under, owners AS n FROM forecast_month WHERE won > 0
UNION ALL BY NAME
SELECT 'forecast_bias' AS kpi, level, id, m, above / won AS value,
    above AS part_over, won AS part_under, owners AS n FROM forecast_month WHERE won > 0
UNION ALL BY NAME
SELECT 'campaign_roi' AS kpi, 'tenant' AS level, c.m, (coalesce(won, 0) - cost)::DOUBLE / cost::DOUBLE AS value,
    coalesce(won, 0) - cost AS part_over, cost AS part_under, n FROM campaign_month AS c LEFT JOIN campaign_won USING (m) WHERE cost != 0
UNION ALL BY NAME
SELECT 'campaign_roi_by_close' AS kpi, 'tenant' AS level, c.m, (coalesce(won_campaign, 0) - cost)::DOUBLE / cost::DOUBLE AS value,
    coalesce(won_campaign, 0) - cost AS part_over, cost AS part_under, n
FROM campaign_month AS c LEFT JOIN deal_month AS d ON d.level = 'tenant' AND d.m = c.m WHERE cost != 0;
