-- A rep forecasts each month and each quarter some days before it begins, corrects it on its
-- second day (still the opening forecast is the one before) and once more in its middle.
CREATE VIEW forecast AS
SELECT 'fc-' || r || '-' || grain || '-' || p || '-' || k AS id, rep_id(r) AS owner_id, start AS period_start_on,
    grain AS period_grain, 'commit' AS category,
    round(months * getvariable('won_month') * (0.6 + 0.9 * u(r * 4096 + p * 8 + k, 600)), 2)::DECIMAL(18, 4) AS amount,
    start::TIMESTAMP + CASE k WHEN 0 THEN INTERVAL '-3 days' WHEN 1 THEN INTERVAL '9 hours' ELSE INTERVAL '40 hours' END
        + to_seconds(pick(r * 64 + p, 601, 14000)) AS submitted_at
FROM range(getvariable('reps')) AS t(r), range(3) AS s(k), (
    SELECT 'month' AS grain, 1 AS months, p, (on_day(origin()) + to_months(p::INTEGER))::DATE AS start
    FROM range(getvariable('days') * 12 // 365) AS m(p)
    UNION ALL
    SELECT 'quarter', 3, p, (on_day(origin()) + to_months(p::INTEGER * 3))::DATE FROM range(getvariable('days') * 4 // 365) AS q(p)
);

CREATE VIEW quota AS
SELECT 'quota-' || who || '-' || p AS id, owner_id, team_id, 'won_revenue' AS kpi,
    (on_day(origin()) + to_months(p::INTEGER))::DATE AS period_start_on, 'month' AS period_grain,
    round(reps * getvariable('won_month') * (1 + p / 60), 2)::DECIMAL(18, 4) AS amount
FROM range(getvariable('days') * 12 // 365) AS m(p), (
    SELECT rep_id(r) AS who, rep_id(r) AS owner_id, NULL AS team_id, 0.7 + 0.6 * skill(r) AS reps
    FROM range(getvariable('reps')) AS t(r)
    UNION ALL
    SELECT 'team-' || g, NULL, 'team-' || g, 0.95 * getvariable('reps') / getvariable('teams')
    FROM range(getvariable('teams')) AS t(g)
);
