CREATE TEMP TABLE ticket_fact AS
SELECT i, moment(i, 300) AS made, u(i, 304) AS luck, pick(i, 305, 4) AS urgency
FROM range(getvariable('tickets')) AS t(i);

CREATE VIEW ticket AS
WITH answered AS (
    SELECT *, made + (120 + wait(i, 310, 3600 * (2 + 3 * urgency)))::BIGINT * 1000000 AS first_at
    FROM ticket_fact
), solved AS (
    SELECT *, CASE WHEN luck > 0.03
        THEN first_at + (300 + wait(i, 311, 3600 * (8 + 16 * urgency)))::BIGINT * 1000000 END AS done_at
    FROM answered
)
SELECT 'tic-' || i AS id, 'acc-' || pick(i, 320, getvariable('customers') * 11 // 10) AS account_id,
    'con-' || pick(i, 321, getvariable('contacts')) AS contact_id, rep_id(rep(i, 322)) AS owner_id,
    'prod-' || pick(i, 323, 24) AS product_id,
    one_of(['Billing', 'Bug', 'How to', 'Outage', 'Request'], i, 324) AS category,
    ['urgent', 'high', 'normal', 'low'][urgency + 1] AS priority,
    one_of(['email', 'chat', 'phone', 'web'], i, 325) AS channel,
    CASE WHEN done_at < finish() THEN 'solved' ELSE 'open' END AS status,
    u(i, 326) < 0.08 AS is_complaint, make_timestamp(made) AS created_at,
    if_past(first_at) AS first_response_at, if_past(done_at) AS resolved_at,
    CASE WHEN u(i, 327) > 0.2 THEN if_past(done_at + (wait(i, 328, 3600 * 48))::BIGINT * 1000000) END AS closed_at,
    CASE WHEN u(i, 329) < 0.07 THEN 1 + pick(i, 330, 2) ELSE 0 END AS reopened_count,
    1 + floor(wait(i, 331, 1.2))::BIGINT AS agent_replies,
    [60, 240, 480, 1440][urgency + 1]::DOUBLE AS sla_first_response_minutes,
    [480, 1440, 2880, 7200][urgency + 1]::DOUBLE AS sla_resolution_minutes,
    CASE WHEN done_at < finish() AND u(i, 332) < 0.35
        THEN (5 - least(4, floor(wait(i, 333, 0.9))))::DOUBLE END AS satisfaction,
    CASE WHEN done_at < finish() AND u(i, 332) >= 0.35 AND u(i, 332) < 0.4 THEN u(i, 334) < 0.8 END AS is_satisfied
FROM solved;
