-- A touch is its lead's owner's; most name no lead. Mail is delivered, or sent where its campaign
-- records no delivery at all.
CREATE OR REPLACE TEMP TABLE touch_owner AS
WITH delivering AS (SELECT DISTINCT campaign_id FROM touch WHERE kind = 'delivered'),
by_lead AS (
    SELECT lead_id, mi(occurred_at) AS m, kind, campaign_id IS NOT NULL AS named,
        kind = 'delivered' OR kind = 'sent' AND coalesce(campaign_id, '') NOT IN (SELECT coalesce(campaign_id, '') FROM delivering) AS reached,
        sum(coalesce("count", 1)) AS q, count(*) AS c
    FROM touch GROUP BY ALL
)
SELECT owner_id, m,
    sum(q) FILTER (WHERE kind = 'visited') AS visits, sum(c) FILTER (WHERE kind = 'visited') AS visits_n,
    sum(q) FILTER (WHERE kind = 'form_submitted') AS forms, sum(c) FILTER (WHERE kind = 'form_submitted') AS forms_n,
    sum(q) FILTER (WHERE kind = 'attended') AS attended,
    sum(q) FILTER (WHERE kind = 'registered') AS registered, sum(c) FILTER (WHERE kind = 'registered') AS registered_n,
    sum(q) FILTER (WHERE kind = 'bounced') AS bounced,
    sum(q) FILTER (WHERE kind = 'sent') AS sent, sum(c) FILTER (WHERE kind = 'sent') AS sent_n,
    sum(q) FILTER (WHERE kind = 'responded') AS responded, sum(q) FILTER (WHERE kind = 'converted') AS converted,
    sum(q) FILTER (WHERE reached) AS delivered, sum(c) FILTER (WHERE reached) AS delivered_n,
    sum(q) FILTER (WHERE kind = 'converted' AND named) AS converted_named,
    sum(q) FILTER (WHERE kind = 'visited' AND named) AS visits_named,
    sum(c) FILTER (WHERE kind = 'visited' AND named) AS visits_named_n
FROM by_lead AS t LEFT JOIN lead AS l ON l.id = t.lead_id
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE touch_month AS FROM rolled('touch_owner');

INSERT INTO answer BY NAME
SELECT 'website_visits' AS kpi, level, id, m, visits AS value, visits_n AS n FROM touch_month WHERE visits_n > 0
UNION ALL BY NAME
SELECT 'form_submissions' AS kpi, level, id, m, forms AS value, forms_n AS n FROM touch_month WHERE forms_n > 0
UNION ALL BY NAME
SELECT 'event_participation' AS kpi, level, id, m, share(attended, registered) AS value,
    coalesce(attended, 0) AS part_over, registered AS part_under, registered_n AS n FROM touch_month WHERE registered > 0
UNION ALL BY NAME
SELECT 'email_bounce_rate' AS kpi, level, id, m, share(bounced, sent) AS value,
    coalesce(bounced, 0) AS part_over, sent AS part_under, sent_n AS n FROM touch_month WHERE sent > 0
UNION ALL BY NAME
SELECT 'campaign_response_rate' AS kpi, level, id, m, share(responded, delivered) AS value,
    coalesce(responded, 0) AS part_over, delivered AS part_under, delivered_n AS n FROM touch_month WHERE delivered > 0
UNION ALL BY NAME
SELECT 'campaign_conversion_rate' AS kpi, level, id, m, share(converted, delivered) AS value,
    coalesce(converted, 0) AS part_over, delivered AS part_under, delivered_n AS n FROM touch_month WHERE delivered > 0
UNION ALL BY NAME
SELECT 'campaign_conversion_rate_by_visit' AS kpi, level, id, m, share(converted_named, visits_named) AS value,
    coalesce(converted_named, 0) AS part_over, visits_named AS part_under, visits_named_n AS n
FROM touch_month WHERE visits_named > 0;
