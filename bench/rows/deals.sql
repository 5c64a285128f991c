-- One of every four leads becomes an opportunity: that of lead 4c + chosen(c) is opportunity c.
CREATE OR REPLACE MACRO chosen(c) AS pick(c, 100, 4);
CREATE TEMP TABLE lead_fact AS
SELECT i, made, rep(i, 101) AS r, i // 4 AS c, i % 4 = chosen(i // 4) AS converts,
    u(i, 102) AS quality,
    later(made, 24 + wait(i, 103, 24 * 9), i, 104) AS converted
FROM (SELECT i, moment(i, 105) AS made FROM range(getvariable('leads')) AS t(i));

CREATE VIEW lead AS
SELECT 'lead-' || i AS id, 'Person ' || i AS name, 'person' || i || '@prospect.example' AS email,
    CASE WHEN u(i, 110) > 0.2 THEN '+1 555 ' || (1000000 + i) END AS phone,
    'Prospect ' || (i // 3) AS company, one_of(['DE', 'US', 'FR', 'GB', 'SE'], i, 111) AS country,
    one_of(['Web', 'Web', 'Event', 'Referral', 'Partner', 'Paid search', 'Outbound', 'Newsletter'], i, 112) AS lead_source,
    CASE WHEN u(i, 113) < 0.6 THEN 'camp-' || pick(i, 114, getvariable('campaigns')) END AS campaign_id,
    CASE WHEN u(i, 115) > 0.01 THEN rep_id(r) END AS owner_id,
    CASE WHEN converts THEN 'converted' WHEN quality < 0.5 THEN 'qualified' ELSE 'working' END AS status,
    CASE WHEN u(i, 116) > 0.05
        THEN round(greatest(0, least(100, 45 + 18 * converts::INTEGER + 20 * bell(i, 117))), 1) END AS score,
    make_timestamp(made) AS created_at,
    CASE WHEN converts THEN make_timestamp(made + ((converted - made) * 0.6)::BIGINT)
        WHEN quality < 0.45 THEN make_timestamp(later(made, wait(i, 120, 24 * 12), i, 121)) END AS qualified_at,
    CASE WHEN NOT converts AND quality > 0.75
        THEN make_timestamp(later(made, wait(i, 122, 24 * 20), i, 123)) END AS disqualified_at,
    CASE WHEN NOT converts AND quality > 0.75
        THEN one_of(['No budget', 'No need', 'Duplicate', 'Student'], i, 124) END AS disqualified_reason,
    CASE WHEN converts THEN make_timestamp(converted) END AS converted_at,
    CASE WHEN converts THEN 'opp-' || c END AS opportunity_id,
    CASE WHEN converts THEN 'acc-' || pick(c, 140, getvariable('accounts')) END AS account_id
FROM lead_fact;

-- A deal runs for some weeks and ends won or lost, or is still open where the span ends.
CREATE TEMP TABLE deal_fact AS
SELECT o, lead_i, made, r, cycle_us, made + cycle_us AS closes, made + cycle_us < finish() AS is_closed,
    wins, CASE WHEN wins THEN 4 ELSE 1 + pick(o, 154, 4) END AS reached,
    round(exp(8.6 + 0.9 * bell(o, 151)), 2)::DECIMAL(18, 4) AS amount,
    1 + floor(u(o, 156) * 1.35)::INTEGER AS pushes
FROM (
    SELECT o, lead_i, made, r, u(o, 155) < 0.2 + 0.25 * skill(r) AS wins,
        (exp(3.6 + 0.55 * bell(o, 158)) * 86400)::BIGINT * 1000000 AS cycle_us
    FROM (
        SELECT c AS o, i AS lead_i, converted AS made, r FROM lead_fact WHERE converts
        UNION ALL
        SELECT o, NULL, moment(o, 160), rep(o, 164)
        FROM range(getvariable('leads') // 4, getvariable('opportunities')) AS t(o)
    )
);

CREATE OR REPLACE MACRO step_at(made, cycle_us, share) AS made + (cycle_us * share)::BIGINT // 1000000 * 1000000;
-- The day on which the owner expects the deal to close, after so many changes of mind.
CREATE OR REPLACE MACRO expected(made, cycle_us, pushed, pushes) AS
    on_day(made + (cycle_us * (1.05 - 0.25 * (pushes - pushed)))::BIGINT);
CREATE TEMP TABLE step AS
SELECT *, row_number() OVER (PARTITION BY o ORDER BY happened, k) AS n
FROM (
    SELECT o, r, k, amount, made, cycle_us, pushes, pushed,
        CASE WHEN k = 0 THEN made ELSE step_at(made, cycle_us, share) END AS happened,
        stage_no, is_closed, wins
    FROM deal_fact, (VALUES (0, 0.0, 1, 0), (1, 0.22, 2, 0), (2, 0.35, NULL, 1), (3, 0.5, 3, 1),
        (4, 0.66, NULL, 2), (5, 0.75, 4, 2), (6, 1.0, 5, 2)) AS s(k, share, stage_no, pushed)
    WHERE (k = 0 OR step_at(made, cycle_us, share) < finish())
        AND (stage_no IS NULL OR stage_no = 5 OR stage_no <= reached)
        AND (stage_no IS NOT NULL OR pushed <= pushes)
);
CREATE OR REPLACE MACRO stage_name(no, wins) AS CASE no
    WHEN 1 THEN 'Prospecting' WHEN 2 THEN 'Qualification' WHEN 3 THEN 'Proposal'
    WHEN 4 THEN 'Negotiation' WHEN 5 THEN CASE WHEN wins THEN 'Won' ELSE 'Lost' END END;
CREATE TEMP TABLE stage_fact AS
SELECT *, max(stage_no) OVER so_far AS stage_now,
    max(stage_no) OVER (PARTITION BY o ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS stage_was,
    max(pushed) OVER so_far AS pushed_now
FROM step WINDOW so_far AS (PARTITION BY o ORDER BY n);

CREATE VIEW stage_change AS
SELECT 'sc-' || o || '-' || n AS id, 'opp-' || o AS opportunity_id,
    stage_name(stage_was, wins) AS from_stage, stage_name(stage_now, wins) AS to_stage,
    make_timestamp(happened) AS changed_at, rep_id(r) AS changed_by_id, amount,
    expected(made, cycle_us, least(pushed_now, pushes), pushes) AS expected_close_on
FROM stage_fact;

CREATE VIEW opportunity AS
SELECT 'opp-' || d.o AS id, 'Deal ' || d.o AS name,
    'acc-' || pick(d.o, 140, getvariable('accounts')) AS account_id,
    'lead-' || lead_i AS lead_id,
    CASE WHEN u(d.o, 170) < 0.5 THEN 'camp-' || pick(d.o, 171, getvariable('campaigns')) END AS campaign_id,
    rep_id(d.r) AS owner_id, 'prod-' || pick(d.o, 172, 24) AS product_id,
    stage_name(s.stage_now, d.wins) AS stage,
    CASE WHEN d.is_closed OR u(d.o, 173) > 0.03 THEN d.amount END AS amount, 'EUR' AS currency,
    CASE WHEN d.lead_i IS NOT NULL THEN 'new' ELSE one_of(['new', 'expansion', 'expansion', 'renewal'], d.o, 174) END AS kind,
    one_of(['Web', 'Web', 'Event', 'Referral', 'Partner', 'Paid search', 'Outbound', 'Newsletter'], coalesce(d.lead_i, d.o), 112) AS lead_source,
    CASE WHEN u(d.o, 175) > 0.002 THEN make_timestamp(d.made) END AS created_at,
    expected(d.made, d.cycle_us, least(s.pushed_now, d.pushes), d.pushes) AS expected_close_on,
    CASE WHEN d.is_closed THEN make_timestamp(step_at(d.made, d.cycle_us, 1.0)) END AS closed_at,
    CASE WHEN d.is_closed AND NOT d.wins THEN one_of(['Price', 'Timing', 'Competitor', 'No decision'], d.o, 176) END AS lost_reason,
    CASE WHEN NOT d.is_closed AND u(d.o, 177) > 0.25 THEN 'Call back' END AS next_step,
    make_timestamp(s.happened) AS updated_at
FROM deal_fact AS d JOIN (SELECT * FROM stage_fact QUALIFY n = max(n) OVER (PARTITION BY o)) AS s ON s.o = d.o;
