-- One pass by creation, one by qualification. A cohort is told where its last lead has had its time.
CREATE OR REPLACE TEMP TABLE lead_owner AS
SELECT owner_id, mi(created_at) AS m, count(*) AS leads,
    count(*) FILTER (WHERE epoch_us(qualified_at) - epoch_us(created_at) <= 2592000000000) AS qualified_soon,
    count(*) FILTER (WHERE epoch_us(converted_at) - epoch_us(created_at) <= 2592000000000) AS converted_soon,
    count(converted_at) AS converted,
    count(*) FILTER (WHERE score >= 50) AS good,
    count(converted_at) FILTER (WHERE score >= 50) AS good_converted,
    count(coalesce(qualified_at, converted_at)) FILTER (WHERE score >= 50) AS good_qualified,
    count(converted_at) FILTER (WHERE score IS NOT NULL) AS scored_converted,
    max(created_at) AS last
FROM lead GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE lead_month AS
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m,
    sum(COLUMNS(* EXCLUDE (owner_id, team_id, m, last))),
    max(last) + INTERVAL 720 HOURS <= getvariable('today') AS is_mature
FROM lead_owner LEFT JOIN owner_team USING (owner_id) WHERE asked(m)
GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m));

CREATE OR REPLACE TEMP TABLE qualified_owner AS
SELECT owner_id, mi(qualified_at) AS m, count(*) AS qualified, count(campaign_id) AS qualified_campaign
FROM lead WHERE qualified_at IS NOT NULL GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE qualified_month AS FROM rolled('qualified_owner');
CREATE OR REPLACE TEMP TABLE campaign_month AS
SELECT mi(started_on) AS m, sum(cost) AS cost, count(cost) AS n FROM campaign WHERE asked(mi(started_on)) GROUP BY ALL;

-- How well the score ranks: scores that tie share their rank. Counted by score first, so that the
-- coarser levels start from fewer rows; a group is one number, which sorts fast.
CREATE OR REPLACE TEMP TABLE score_owner AS
SELECT coalesce(o.place, 0) AS place, coalesce(o.team_place, 0) AS team_place, mi(created_at) AS m, score,
    count(converted_at)::INTEGER AS hit, (count(*) - count(converted_at))::INTEGER AS miss
FROM lead LEFT JOIN person AS o USING (owner_id) WHERE score IS NOT NULL AND asked(mi(created_at)) GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE score_team AS
SELECT team_place, m, score, sum(hit)::INTEGER AS hit, sum(miss)::INTEGER AS miss FROM score_owner GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE score_month AS
WITH scored AS (
    SELECT ((place * 3) << 16) + m AS g, score, hit, miss FROM score_owner
    UNION ALL SELECT ((team_place * 3 + 1) << 16) + m, score, hit, miss FROM score_team
    UNION ALL SELECT (2 << 16) + m, score, sum(hit)::INTEGER, sum(miss)::INTEGER FROM score_team GROUP BY ALL
), ranked AS (
    SELECT g, hit, miss, sum(miss) OVER (PARTITION BY g ORDER BY score ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto FROM scored
)
SELECT g, sum(hit * (upto - miss / 2.0)) AS won, sum(hit)::BIGINT AS hits, sum(miss)::BIGINT AS misses FROM ranked GROUP BY g;

-- The first human activity at or after a lead's creation: nearly always the first at all, so only
-- the leads whose first came too early are looked at again.
CREATE OR REPLACE TEMP TABLE response AS
WITH reached AS (
    SELECT lead_id, min(created_at) AS first_at FROM activity
    WHERE lead_id IS NOT NULL AND automated IS DISTINCT FROM TRUE GROUP BY ALL
), answered AS MATERIALIZED (
    SELECT l.id, l.owner_id, l.created_at, first_at FROM lead AS l LEFT JOIN reached AS r ON r.lead_id = l.id
), again AS (
    SELECT l.id, min(a.created_at) AS first_at
    FROM answered AS l JOIN activity AS a ON a.lead_id = l.id AND a.created_at >= l.created_at
    WHERE l.first_at < l.created_at AND a.automated IS DISTINCT FROM TRUE GROUP BY ALL
)
SELECT owner_id, team_id, mi(l.created_at) AS m, l.created_at,
    CASE WHEN l.first_at >= l.created_at THEN l.first_at ELSE again.first_at END AS first_at
FROM answered AS l LEFT JOIN again USING (id) LEFT JOIN owner_team USING (owner_id);
CREATE OR REPLACE TEMP TABLE response_month AS
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m,
    quantile_cont(h, [0.5, 0.9]) AS q, median(office) AS office, count(h) AS answered,
    count(*) FILTER (WHERE h <= 4) AS in_time, count(*) AS leads
FROM (
    SELECT owner_id, team_id, m, hours_between(created_at, first_at) AS h, office_hours(created_at, first_at) AS office
    FROM response WHERE asked(m)
)
GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m));

INSERT INTO answer BY NAME
SELECT 'new_leads' AS kpi, level, id, m, leads AS value, leads AS n FROM lead_month
UNION ALL BY NAME
SELECT unnest(['lead_source_quality', 'qualification_rate']) AS kpi, level, id, m, share(qualified_soon, leads) AS value,
    qualified_soon AS part_over, leads AS part_under, leads AS n FROM lead_month WHERE is_mature
UNION ALL BY NAME
SELECT 'lead_to_opportunity_rate' AS kpi, level, id, m, share(converted_soon, leads) AS value,
    converted_soon AS part_over, leads AS part_under, leads AS n FROM lead_month WHERE is_mature
UNION ALL BY NAME
SELECT 'lead_conversion_rate' AS kpi, level, id, m, share(converted, leads) AS value,
    converted AS part_over, leads AS part_under, leads AS n FROM lead_month
UNION ALL BY NAME
SELECT 'lead_scoring_precision' AS kpi, level, id, m, share(good_converted, good) AS value,
    good_converted AS part_over, good AS part_under, good AS n FROM lead_month WHERE good > 0
UNION ALL BY NAME
SELECT 'lead_scoring_precision_qualified' AS kpi, level, id, m, share(good_qualified, good) AS value,
    good_qualified AS part_over, good AS part_under, good AS n FROM lead_month WHERE good > 0
UNION ALL BY NAME
SELECT 'lead_scoring_recall' AS kpi, level, id, m, share(good_converted, scored_converted) AS value,
    good_converted AS part_over, scored_converted AS part_under, scored_converted AS n
FROM lead_month WHERE scored_converted > 0
UNION ALL BY NAME
SELECT 'lead_scoring_auc' AS kpi, ['owner', 'team', 'tenant'][(g >> 16) % 3 + 1] AS level,
    CASE (g >> 16) % 3 WHEN 0 THEN o.owner_id WHEN 1 THEN t.team_id END AS id, (g & 65535)::SMALLINT AS m,
    won / (hits::DOUBLE * misses) AS value, hits + misses AS n
FROM score_month LEFT JOIN person AS o ON (g >> 16) % 3 = 0 AND o.place = (g >> 16) // 3
LEFT JOIN (SELECT DISTINCT team_place, team_id FROM person) AS t ON (g >> 16) % 3 = 1 AND t.team_place = (g >> 16) // 3
WHERE hits + misses >= 100 AND hits > 0 AND misses > 0
UNION ALL BY NAME
SELECT 'qualified_leads' AS kpi, level, id, m, qualified AS value, qualified AS n FROM qualified_month
UNION ALL BY NAME
SELECT 'cost_per_qualified_lead' AS kpi, level, id, m, share(cost, qualified) AS value,
    coalesce(cost, 0) AS part_over, qualified AS part_under, qualified AS n
FROM qualified_month LEFT JOIN campaign_month USING (m) WHERE level = 'tenant'
UNION ALL BY NAME
SELECT 'cost_per_qualified_lead_attributed' AS kpi, level, id, m, share(cost, qualified_campaign) AS value,
    coalesce(cost, 0) AS part_over, qualified_campaign AS part_under, qualified_campaign AS n
FROM qualified_month LEFT JOIN campaign_month USING (m) WHERE level = 'tenant' AND qualified_campaign > 0
UNION ALL BY NAME
SELECT 'lead_response_hours' AS kpi, level, id, m, q[1] AS value, answered AS n FROM response_month WHERE answered > 0
UNION ALL BY NAME
SELECT 'lead_response_p90_hours' AS kpi, level, id, m, q[2] AS value, answered AS n FROM response_month WHERE answered > 0
UNION ALL BY NAME
SELECT 'lead_response_business_hours' AS kpi, level, id, m, office AS value, answered AS n FROM response_month WHERE answered > 0
UNION ALL BY NAME
SELECT 'lead_response_within_sla' AS kpi, level, id, m, share(in_time, leads) AS value,
    in_time AS part_over, leads AS part_under, leads AS n FROM response_month
UNION ALL BY NAME
SELECT 'lead_capture_rate' AS kpi, t.level, t.id, t.m, share(leads, visits) AS value,
    coalesce(leads, 0) AS part_over, visits AS part_under, visits_n AS n
FROM touch_month AS t LEFT JOIN lead_month AS l ON l.level = t.level AND l.id IS NOT DISTINCT FROM t.id AND l.m = t.m
WHERE visits > 0;
