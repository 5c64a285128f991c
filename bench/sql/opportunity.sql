CREATE OR REPLACE MACRO status_of(stage) AS CASE stage WHEN 'Won' THEN 'won' WHEN 'Lost' THEN 'lost' ELSE 'open' END;
CREATE OR REPLACE MACRO probability_of(stage) AS CASE stage
    WHEN 'Prospecting' THEN 0.1 WHEN 'Qualification' THEN 0.25 WHEN 'Proposal' THEN 0.5
    WHEN 'Negotiation' THEN 0.75 WHEN 'Won' THEN 1.0 WHEN 'Lost' THEN 0.0 END::DOUBLE;

CREATE OR REPLACE TEMP TABLE deal AS
SELECT id, pos, owner_id, team_id, status = 'won' AS won, status = 'lost' AS lost, status = 'open' AS is_open, amount, weighted,
    status = 'won' AND coalesce(kind, 'new') != 'renewal' AS fresh, status = 'won' AND campaign_id IS NOT NULL AS campaigned,
    CASE WHEN status = 'open' THEN probability END AS own_probability, opened, closed, expected, days, proposed, opened IS NOT NULL AND coalesce(closed >= greatest(opened, 0), TRUE) AS stands
FROM (
    SELECT o.id, pos, owner_id, team_id, status_of(stage) AS status, amount, amount * coalesce(probability_of(stage), probability) AS weighted,
        probability, kind, campaign_id, mi(created_at) AS opened, mi(closed_at) AS closed, mi(expected_close_on) AS expected,
        hours_between(created_at, closed_at) / 24 AS days,
        stage ILIKE '%proposal%' OR o.id IN (SELECT opportunity_id FROM stage_change WHERE to_stage ILIKE '%proposal%') AS proposed
    FROM opportunity AS o LEFT JOIN owner_team USING (owner_id)
);

-- A deal is worth what its stage of the time says, from the month in which it came to it to that in
-- which it left it: the last change of a month stands at its end. The first change is the creation.
CREATE OR REPLACE TEMP TABLE deal_stage AS
WITH told AS (
    SELECT d.pos, greatest(mi(CASE WHEN status_of(to_stage) = 'open' THEN changed_at - INTERVAL 1 MICROSECOND ELSE changed_at END), -1) AS m, max_by(to_stage, (changed_at, c.id)) AS stage
    FROM stage_change AS c JOIN deal AS d ON d.id = c.opportunity_id WHERE stands AND d.amount IS NOT NULL GROUP BY ALL
), followed AS (
    SELECT *, lead(m) OVER (PARTITION BY pos ORDER BY m) AS later FROM told
)
SELECT owner_id, greatest(m, opened) AS m, least(coalesce(later, closed), coalesce(closed, later)) AS ends,
    d.amount * coalesce(probability_of(stage), own_probability) AS weighted
FROM followed JOIN deal AS d USING (pos);

-- What can be added up, by its three dates; what stands open is what came less what went.
CREATE OR REPLACE TEMP TABLE deal_owner AS
SELECT owner_id, greatest(opened, -1)::SMALLINT AS m, count(*) AS created, sum(amount) AS created_amount, count(amount) AS created_valued,
    count(*) FILTER (WHERE won) AS created_won, count(*) FILTER (WHERE is_open) AS created_open,
    count(*) FILTER (WHERE proposed) AS created_proposed,
    count(*) FILTER (WHERE stands) AS came, sum(amount) FILTER (WHERE stands) AS came_amount
FROM deal WHERE opened IS NOT NULL GROUP BY ALL
UNION ALL BY NAME
SELECT owner_id, closed AS m, count(*) FILTER (WHERE won) AS won, count(*) FILTER (WHERE won OR lost) AS ended,
    sum(amount) FILTER (WHERE won) AS won_amount, count(amount) FILTER (WHERE won) AS won_valued,
    sum(amount) FILTER (WHERE won OR lost) AS ended_amount, count(amount) FILTER (WHERE won OR lost) AS ended_valued,
    sum(amount) FILTER (WHERE fresh) AS fresh_amount, count(amount) FILTER (WHERE fresh) AS fresh_valued,
    sum(amount) FILTER (WHERE campaigned) AS won_campaign,
    count(*) FILTER (WHERE won AND days >= 0) AS timed, sum(days) FILTER (WHERE won AND days >= 0) AS won_days,
    -count(*) FILTER (WHERE stands) AS came, -sum(amount) FILTER (WHERE stands) AS came_amount
FROM deal WHERE closed >= 0 GROUP BY ALL
UNION ALL BY NAME
SELECT owner_id, expected AS m, sum(amount) AS expected_amount, sum(weighted) AS expected_weighted
FROM deal WHERE is_open AND expected >= 0 GROUP BY ALL
UNION ALL BY NAME
SELECT owner_id, greatest(m, -1)::SMALLINT AS m, sum(weighted) AS came_weighted FROM deal_stage WHERE coalesce(ends > m, TRUE) GROUP BY ALL
UNION ALL BY NAME
SELECT owner_id, ends AS m, -sum(weighted) AS came_weighted FROM deal_stage WHERE ends > m GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE deal_month AS
WITH summed AS (
    SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m,
        sum(COLUMNS(* EXCLUDE (owner_id, team_id, m)))
    FROM deal_owner LEFT JOIN owner_team USING (owner_id) WHERE m >= -1 AND m < getvariable('months')
    GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m))
), every AS (
    -- A stock stands in the months in which nothing moved, too.
    SELECT * FROM (SELECT DISTINCT level, id FROM summed), range(-1, getvariable('months')) AS r(m)
)
SELECT e.level, e.id, e.m::SMALLINT AS m, s.* EXCLUDE (level, id, m, came, came_amount, came_weighted),
    sum(came) OVER w AS standing, sum(created) OVER w AS ever, sum(came_amount) OVER w AS standing_amount,
    sum(came_weighted) OVER w AS standing_weighted
FROM every AS e LEFT JOIN summed AS s ON s.level = e.level AND s.id IS NOT DISTINCT FROM e.id AND s.m = e.m
WINDOW w AS (PARTITION BY e.level, e.id ORDER BY e.m);
DELETE FROM deal_month WHERE m < 0;

CREATE OR REPLACE TEMP TABLE deal_middle AS
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, closed AS m,
    median(amount::DOUBLE) FILTER (WHERE won) AS amount,
    median(days) FILTER (WHERE won) AS won_days, median(days) FILTER (WHERE lost) AS lost_days, count(days) FILTER (WHERE lost) AS lost
FROM deal WHERE asked(closed) AND NOT is_open AND coalesce(days >= 0, TRUE)
GROUP BY GROUPING SETS ((owner_id, closed), (team_id, closed), (closed));

INSERT INTO answer BY NAME
SELECT 'opportunities_created' AS kpi, level, id, m, created AS value, created AS n FROM deal_month WHERE created > 0
UNION ALL BY NAME
SELECT 'pipeline_created' AS kpi, level, id, m, created_amount AS value, created_valued AS n FROM deal_month WHERE created_valued > 0
UNION ALL BY NAME
SELECT 'opportunity_conversion_rate' AS kpi, level, id, m, share(created_won, created) AS value,
    created_won AS part_over, created AS part_under, created AS n FROM deal_month WHERE created > 0
UNION ALL BY NAME
SELECT 'opportunities_still_open_rate' AS kpi, level, id, m, share(created_open, created) AS value,
    created_open AS part_over, created AS part_under, created AS n FROM deal_month WHERE created > 0
UNION ALL BY NAME
SELECT 'proposal_rate' AS kpi, level, id, m, share(created_proposed, created) AS value,
    created_proposed AS part_over, created AS part_under, created AS n FROM deal_month WHERE created > 0
UNION ALL BY NAME
SELECT 'win_rate' AS kpi, level, id, m, share(won, ended) AS value, won AS part_over, ended AS part_under, ended AS n
FROM deal_month WHERE ended > 0
UNION ALL BY NAME
SELECT 'win_rate_value' AS kpi, level, id, m, share(won_amount, ended_amount) AS value,
    coalesce(won_amount, 0) AS part_over, ended_amount AS part_under, ended_valued AS n FROM deal_month WHERE ended_amount != 0
UNION ALL BY NAME
SELECT 'won_deals' AS kpi, level, id, m, won AS value, won AS n FROM deal_month WHERE won > 0
UNION ALL BY NAME
SELECT 'won_revenue' AS kpi, level, id, m, won_amount AS value, won_valued AS n FROM deal_month WHERE won_valued > 0
UNION ALL BY NAME
SELECT 'average_deal_size' AS kpi, level, id, m, share(won_amount, won_valued) AS value, won_valued AS n
FROM deal_month WHERE won_valued > 0
UNION ALL BY NAME
SELECT 'average_deal_size_without_renewals' AS kpi, level, id, m, share(fresh_amount, fresh_valued) AS value, fresh_valued AS n
FROM deal_month WHERE fresh_valued > 0
UNION ALL BY NAME
SELECT 'median_deal_size' AS kpi, b.level, b.id, b.m, b.amount AS value, won_valued AS n
FROM deal_middle AS b JOIN deal_month AS a ON a.level = b.level AND a.id IS NOT DISTINCT FROM b.id AND a.m = b.m
WHERE won_valued > 0
UNION ALL BY NAME
SELECT 'sales_cycle_days' AS kpi, b.level, b.id, b.m, b.won_days AS value, timed AS n
FROM deal_middle AS b JOIN deal_month AS a ON a.level = b.level AND a.id IS NOT DISTINCT FROM b.id AND a.m = b.m
WHERE timed > 0
UNION ALL BY NAME
SELECT 'sales_cycle_mean_days' AS kpi, level, id, m, won_days / timed AS value, timed AS n FROM deal_month WHERE timed > 0
UNION ALL BY NAME
SELECT 'lost_cycle_days' AS kpi, level, id, m, lost_days AS value, lost AS n FROM deal_middle WHERE lost_days IS NOT NULL
UNION ALL BY NAME
SELECT 'pipeline_velocity' AS kpi, level, id, m,
    ended * share(won, ended) * share(won_amount, won_valued) / nullif(won_days / timed, 0) AS value, NULL AS n
FROM deal_month WHERE ended > 0 AND won_valued > 0 AND timed > 0
UNION ALL BY NAME
SELECT 'pipeline_velocity_open' AS kpi, level, id, m,
    coalesce(standing, 0) * share(won, ended) * share(won_amount, won_valued) / nullif(won_days / timed, 0) AS value, NULL AS n
FROM deal_month WHERE ended > 0 AND won_valued > 0 AND timed > 0
UNION ALL BY NAME
SELECT 'open_opportunities' AS kpi, level, id, m, coalesce(standing, 0) AS value, coalesce(standing, 0) AS n FROM deal_month WHERE ever > 0
UNION ALL BY NAME
SELECT 'pipeline_value' AS kpi, level, id, m, coalesce(standing_amount, 0) AS value, coalesce(standing, 0) AS n FROM deal_month WHERE ever > 0
UNION ALL BY NAME
SELECT 'weighted_pipeline' AS kpi, level, id, m, coalesce(standing_weighted, 0) AS value, coalesce(standing, 0) AS n FROM deal_month WHERE ever > 0;
