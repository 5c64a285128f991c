CREATE VIEW campaign AS
SELECT 'camp-' || i AS id, 'Campaign ' || i AS name,
    one_of(['Email', 'Search', 'Event', 'Social', 'Webinar'], i, 200) AS channel,
    start AS started_on, start + (20 + pick(i, 202, 60))::INTEGER AS ended_on,
    budget::DECIMAL(18, 4) AS budget, round(budget * (0.7 + 0.5 * u(i, 203)), 2)::DECIMAL(18, 4) AS cost
FROM (
    SELECT i, round(2000 + wait(i, 204, 15000), 2) AS budget,
        on_day(origin()) + (i * (getvariable('days') - 20) // getvariable('campaigns'))::INTEGER AS start
    FROM range(getvariable('campaigns')) AS t(i)
);

-- Mail runs from sent to converted, each step a share of the one before; pages and events are
-- met beside it. A row in ten of the mail's deliveries is not recorded.
CREATE VIEW touch AS
SELECT 'tch-' || i || '-' || kind AS id, 'camp-' || pick(i, 210, getvariable('campaigns')) AS campaign_id,
    CASE WHEN i % 3 = 0 THEN 'lead-' || pick(i, 211, getvariable('leads')) END AS lead_id,
    CASE WHEN i % 3 = 1 THEN 'con-' || pick(i, 212, getvariable('contacts')) END AS contact_id,
    kind, make_timestamp(later(moment(i, 213), k * 3 + wait(i, 217, 6), i, 218)) AS occurred_at,
    CASE WHEN kind = 'visited' THEN 1 + pick(i, 219, 40) END AS "count"
FROM range(getvariable('touches') * 5 // 17) AS t(i), (VALUES
    (0, 'sent', 0.0, 0.6), (1, 'delivered', 0.02, 0.58), (2, 'bounced', 0.0, 0.02),
    (3, 'opened', 0.02, 0.3), (4, 'clicked', 0.02, 0.15), (5, 'responded', 0.02, 0.1),
    (6, 'converted', 0.02, 0.06), (0, 'visited', 0.6, 1.0), (1, 'form_submitted', 0.6, 0.72),
    (0, 'registered', 0.72, 0.8), (1, 'attended', 0.72, 0.77)) AS s(k, kind, low, high)
WHERE u(i, 220) >= low AND u(i, 220) < high AND (kind != 'delivered' OR u(i, 221) > 0.03);
