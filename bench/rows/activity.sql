-- Work on leads, deals and customers, and a rest on nothing; what is answered and how late is
-- drawn by its number. The first row of two leads in five is a robot's mail.
CREATE TEMP TABLE work AS
SELECT i * 3 + k AS j, r, i AS lead_i, NULL::BIGINT AS o, NULL::BIGINT AS a,
    CASE WHEN k = 0 AND u(i, 501) < 0.4 THEN 'robot' WHEN u(i, 502) < 0.05 THEN 'robot' ELSE 'lead' END AS about,
    later(made, CASE WHEN k = 0 AND u(i, 501) < 0.4 THEN 0.02 ELSE 0.1 + wait(i, 503, 6) + k * wait(i, 504, 40) END, i * 3 + k, 505) AS made
FROM lead_fact, range(3) AS t(k)
UNION ALL
SELECT getvariable('leads') * 3 + o * 12 + k, r, NULL, o, NULL, 'deal',
    least(finish() - (1 + pick(o * 12 + k, 507, 86400)) * 1000000, greatest(made,
        in_hours(made + (cycle_us * (k + u(o * 12 + k, 506)) / 12)::BIGINT, o * 12 + k, 512)))
FROM deal_fact, range(12) AS t(k)
UNION ALL
SELECT getvariable('leads') * 3 + getvariable('opportunities') * 12 + j, rep(j, 509), NULL, NULL,
    CASE WHEN u(j, 508) < 0.75 THEN pick(j, 510, getvariable('customers') * 11 // 10) END, 'account', moment(j, 511)
FROM range(getvariable('activities') - getvariable('leads') * 3 - getvariable('opportunities') * 12) AS t(j);

CREATE VIEW activity AS
WITH kinds AS (
    SELECT *, CASE about WHEN 'robot' THEN 'email'
        WHEN 'lead' THEN one_of(['call', 'call', 'call', 'email', 'email', 'email', 'follow_up', 'meeting', 'note'], j, 520)
        WHEN 'deal' THEN one_of(['call', 'call', 'email', 'email', 'email', 'meeting', 'meeting', 'demo', 'task', 'follow_up', 'follow_up', 'note'], j, 520)
        ELSE one_of(['call', 'email', 'email', 'meeting', 'task', 'task', 'note'], j, 520) END AS kind
    FROM work
), timed AS (
    SELECT *, kind IN ('task', 'follow_up') AS planned, kind IN ('meeting', 'demo') AS met,
        CASE WHEN kind IN ('task', 'follow_up', 'meeting', 'demo')
            THEN made + (3600 + wait(j, 521, 86400 * 4))::BIGINT * 1000000 END AS due
    FROM kinds
)
SELECT 'act-' || j AS id, kind,
    CASE WHEN kind IN ('call', 'email') THEN CASE WHEN about = 'robot' OR u(j, 530) < 0.75 THEN 'outbound' ELSE 'inbound' END END AS direction,
    rep_id(r) AS owner_id, 'lead-' || lead_i AS lead_id,
    CASE WHEN u(j, 531) < 0.3 AND lead_i IS NULL THEN 'con-' || pick(j, 532, getvariable('contacts')) END AS contact_id,
    'acc-' || coalesce(a, pick(o, 140, getvariable('accounts'))) AS account_id, 'opp-' || o AS opportunity_id,
    make_timestamp(made) AS created_at, make_timestamp(due) AS due_at,
    CASE WHEN kind = 'note' THEN NULL
        WHEN planned THEN CASE WHEN u(j, 533) < 0.85 THEN if_past(due + (86400 * 2 * bell(j, 534))::BIGINT * 1000000) END
        WHEN met THEN CASE WHEN u(j, 533) < 0.8 THEN if_past(due + 2700000000) END
        WHEN u(j, 533) < 0.7 THEN if_past(made + (60 + pick(j, 535, 900)) * 1000000) END AS completed_at,
    CASE kind WHEN 'call' THEN one_of(['connected', 'connected', 'no_answer', 'no_answer', 'voicemail'], j, 536)
        WHEN 'email' THEN CASE WHEN u(j, 536) < 0.18 THEN 'replied' WHEN u(j, 536) < 0.2 THEN 'bounced' END
        WHEN 'meeting' THEN CASE WHEN due < finish() THEN one_of(['held', 'held', 'held', 'held', 'no_show'], j, 536) END
        WHEN 'demo' THEN CASE WHEN due < finish() THEN one_of(['held', 'held', 'held', 'no_show'], j, 536) END END AS outcome,
    about = 'robot' AS automated
FROM timed;
