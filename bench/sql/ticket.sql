CREATE OR REPLACE TEMP TABLE case_fact AS
SELECT owner_id, team_id, mi(created_at) AS opened, mi(resolved_at) AS solved, mi(coalesce(closed_at, resolved_at)) AS ended,
    hours_between(created_at, first_response_at) AS response, office_hours(created_at, first_response_at) AS office,
    hours_between(created_at, resolved_at) AS resolution, is_complaint, reopened_count, agent_replies,
    first_response_at <= created_at + to_microseconds((sla_first_response_minutes * 60000000)::BIGINT) AS answered_in_time,
    sla_first_response_minutes IS NOT NULL AND (first_response_at IS NOT NULL
        OR created_at + to_microseconds((sla_first_response_minutes * 60000000)::BIGINT) < getvariable('today') + INTERVAL 1 DAY) AS answer_due,
    resolved_at <= created_at + to_microseconds((sla_resolution_minutes * 60000000)::BIGINT) AS solved_in_time,
    sla_resolution_minutes IS NOT NULL AND (resolved_at IS NOT NULL
        OR created_at + to_microseconds((sla_resolution_minutes * 60000000)::BIGINT) < getvariable('today') + INTERVAL 1 DAY) AS solution_due,
    satisfaction >= 4 OR is_satisfied AS content, satisfaction IS NOT NULL OR is_satisfied IS NOT NULL AS rated
FROM ticket LEFT JOIN owner_team USING (owner_id);

CREATE OR REPLACE TEMP TABLE case_opened AS
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, opened AS m,
    count(*) AS tickets, count(*) FILTER (WHERE is_complaint) AS complaints,
    quantile_cont(response, [0.5, 0.9]) FILTER (WHERE response >= 0) AS q, median(office) FILTER (WHERE office >= 0) AS office,
    count(*) FILTER (WHERE response >= 0) AS answered,
    count(*) FILTER (WHERE answered_in_time) AS answered_in_time, count(*) FILTER (WHERE answer_due) AS answer_due,
    count(*) FILTER (WHERE solved_in_time) AS solved_in_time, count(*) FILTER (WHERE solution_due) AS solution_due,
    count(*) FILTER (WHERE content) AS content, count(*) FILTER (WHERE rated) AS rated,
    count(*) FILTER (WHERE rated AND solved IS NOT NULL) AS solved_rated, count(solved) AS solved
FROM case_fact WHERE asked(opened) GROUP BY GROUPING SETS ((owner_id, opened), (team_id, opened), (opened));

CREATE OR REPLACE TEMP TABLE case_solved AS
SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, solved AS m,
    quantile_cont(resolution, [0.5, 0.9]) FILTER (WHERE resolution >= 0) AS q, count(*) FILTER (WHERE resolution >= 0) AS timed,
    count(*) AS solved, count(*) FILTER (WHERE reopened_count > 0) AS reopened,
    count(*) FILTER (WHERE agent_replies <= 1 AND coalesce(reopened_count, 0) = 0) AS at_once, count(agent_replies) AS told
FROM case_fact WHERE asked(solved) GROUP BY GROUPING SETS ((owner_id, solved), (team_id, solved), (solved));

CREATE OR REPLACE TEMP TABLE case_owner AS
SELECT owner_id, ended AS m, count(*) FILTER (WHERE agent_replies = 1) AS one_reply, count(agent_replies) AS told,
    -count(*) FILTER (WHERE ended >= greatest(opened, 0)) AS came
FROM case_fact WHERE ended >= 0 GROUP BY ALL
UNION ALL BY NAME
SELECT owner_id, greatest(opened, -1)::SMALLINT AS m, count(*) AS opened, count(*) FILTER (WHERE coalesce(ended >= greatest(opened, 0), TRUE)) AS came
FROM case_fact GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE case_standing AS
WITH summed AS (
    SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m,
        sum(one_reply) AS one_reply, sum(told) AS told, sum(came) AS came, sum(opened) AS opened
    FROM case_owner LEFT JOIN owner_team USING (owner_id) WHERE m < getvariable('months')
    GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m))
), every AS (SELECT * FROM (SELECT DISTINCT level, id FROM summed), range(-1, getvariable('months')) AS r(m))
SELECT e.level, e.id, e.m, one_reply, told, sum(came) OVER w AS standing, sum(opened) OVER w AS ever
FROM every AS e LEFT JOIN summed AS s ON s.level = e.level AND s.id IS NOT DISTINCT FROM e.id AND s.m = e.m
WINDOW w AS (PARTITION BY e.level, e.id ORDER BY e.m);

INSERT INTO answer BY NAME
SELECT 'tickets_created' AS kpi, level, id, m, tickets AS value, tickets AS n FROM case_opened
UNION ALL BY NAME
SELECT 'complaints' AS kpi, level, id, m, complaints AS value, complaints AS n FROM case_opened WHERE complaints > 0
UNION ALL BY NAME
SELECT 'first_response_hours' AS kpi, level, id, m, q[1] AS value, answered AS n FROM case_opened WHERE answered > 0
UNION ALL BY NAME
SELECT 'first_response_p90_hours' AS kpi, level, id, m, q[2] AS value, answered AS n FROM case_opened WHERE answered > 0
UNION ALL BY NAME
SELECT 'first_response_business_hours' AS kpi, level, id, m, office AS value, answered AS n FROM case_opened WHERE answered > 0
UNION ALL BY NAME
SELECT 'sla_first_response_rate' AS kpi, level, id, m, share(answered_in_time, answer_due) AS value,
    answered_in_time AS part_over, answer_due AS part_under, answer_due AS n FROM case_opened WHERE answer_due > 0
UNION ALL BY NAME
SELECT 'sla_resolution_rate' AS kpi, level, id, m, share(solved_in_time, solution_due) AS value,
    solved_in_time AS part_over, solution_due AS part_under, solution_due AS n FROM case_opened WHERE solution_due > 0
UNION ALL BY NAME
SELECT 'csat' AS kpi, level, id, m, share(content, rated) AS value, content AS part_over, rated AS part_under, rated AS n
FROM case_opened WHERE rated > 0
UNION ALL BY NAME
SELECT 'csat_response_rate' AS kpi, level, id, m, share(solved_rated, solved) AS value,
    solved_rated AS part_over, solved AS part_under, solved AS n FROM case_opened WHERE solved > 0
UNION ALL BY NAME
SELECT 'resolution_hours' AS kpi, level, id, m, q[1] AS value, timed AS n FROM case_solved WHERE timed > 0
UNION ALL BY NAME
SELECT 'resolution_p90_hours' AS kpi, level, id, m, q[2] AS value, timed AS n FROM case_solved WHERE timed > 0
UNION ALL BY NAME
SELECT 'reopen_rate' AS kpi, level, id, m, share(reopened, solved) AS value, reopened AS part_over, solved AS part_under, solved AS n
FROM case_solved
UNION ALL BY NAME
SELECT 'first_contact_resolution' AS kpi, level, id, m, share(at_once, told) AS value, at_once AS part_over, told AS part_under, told AS n
FROM case_solved WHERE told > 0
UNION ALL BY NAME
SELECT 'first_contact_resolution_one_reply' AS kpi, level, id, m, share(one_reply, told) AS value,
    one_reply AS part_over, told AS part_under, told AS n FROM case_standing WHERE told > 0 AND m >= 0
UNION ALL BY NAME
SELECT 'open_tickets' AS kpi, level, id, m, coalesce(standing, 0) AS value, coalesce(standing, 0) AS n FROM case_standing WHERE ever > 0 AND m >= 0;
