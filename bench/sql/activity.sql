CREATE OR REPLACE TEMP TABLE activity_owner AS
SELECT owner_id, mi(coalesce(completed_at, created_at)) AS m,
    count(*) FILTER (WHERE calls) AS calls, count(*) FILTER (WHERE calls AND outcome = 'connected') AS connected,
    count(*) FILTER (WHERE mails) AS mails, count(*) FILTER (WHERE mails AND outcome = 'replied') AS replied,
    count(*) FILTER (WHERE held) AS held, count(*) FILTER (WHERE held AND has_deal) AS held_on_deal
FROM (
    SELECT owner_id, completed_at, created_at, outcome, kind = 'call' AS calls,
        kind = 'email' AND direction = 'outbound' AS mails,
        kind IN ('meeting', 'demo') AND outcome = 'held' AS held, opportunity_id IS NOT NULL AS has_deal
    FROM activity
)
GROUP BY ALL
UNION ALL BY NAME
SELECT owner_id, mi(created_at) AS m, count(*) AS booked FROM activity WHERE kind = 'meeting' GROUP BY ALL;

-- Follow-ups are placed by completion and by due date: gathered by both at once, then told apart.
CREATE OR REPLACE TEMP TABLE follow_up_owner AS
WITH both_dates AS MATERIALIZED (
    SELECT owner_id, mi(completed_at) AS done, mi(due_at) AS due_in, count(*) AS n,
        count(*) FILTER (WHERE completed_at <= due_at) AS in_time
    FROM activity WHERE kind IN ('follow_up', 'task') GROUP BY ALL
)
SELECT owner_id, done AS m, sum(n) AS followed_up FROM both_dates WHERE done IS NOT NULL GROUP BY ALL
UNION ALL BY NAME
SELECT owner_id, due_in AS m, sum(n) AS due, sum(in_time) AS in_time FROM both_dates WHERE due_in IS NOT NULL GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE follow_up_month AS FROM rolled('follow_up_owner');

CREATE OR REPLACE TEMP TABLE activity_month AS FROM rolled('activity_owner');

INSERT INTO answer BY NAME
SELECT 'calls_made' AS kpi, level, id, m, calls AS value, calls AS n FROM activity_month WHERE calls > 0
UNION ALL BY NAME
SELECT 'emails_sent' AS kpi, level, id, m, mails AS value, mails AS n FROM activity_month WHERE mails > 0
UNION ALL BY NAME
SELECT 'meetings_booked' AS kpi, level, id, m, booked AS value, booked AS n FROM activity_month WHERE booked > 0
UNION ALL BY NAME
SELECT 'meetings_held' AS kpi, level, id, m, held AS value, held AS n FROM activity_month WHERE held > 0
UNION ALL BY NAME
SELECT 'qualified_meetings' AS kpi, level, id, m, held_on_deal AS value, held_on_deal AS n
FROM activity_month WHERE held_on_deal > 0
UNION ALL BY NAME
SELECT 'follow_ups_completed' AS kpi, level, id, m, followed_up AS value, followed_up AS n
FROM follow_up_month WHERE followed_up > 0
UNION ALL BY NAME
SELECT 'follow_up_on_time_rate' AS kpi, level, id, m, share(in_time, due) AS value,
    in_time AS part_over, due AS part_under, due AS n FROM follow_up_month WHERE due > 0
UNION ALL BY NAME
SELECT 'email_response_rate' AS kpi, level, id, m, share(replied, mails) AS value,
    replied AS part_over, mails AS part_under, mails AS n FROM activity_month WHERE mails > 0
UNION ALL BY NAME
SELECT 'call_connect_rate' AS kpi, level, id, m, share(connected, calls) AS value,
    connected AS part_over, calls AS part_under, calls AS n FROM activity_month WHERE calls > 0;
