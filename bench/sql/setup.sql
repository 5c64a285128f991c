-- Months are counted from the first one asked for. What an owner did is added up to teams and to
-- the tenant; what cannot be added is made at each level from the same rows.
CREATE OR REPLACE MACRO mi(x) AS (year(x) * 12 + month(x) - getvariable('first_month'))::SMALLINT;
CREATE OR REPLACE MACRO asked(m) AS m >= 0 AND m < getvariable('months');
CREATE OR REPLACE MACRO share(a, b) AS coalesce(a, 0)::DOUBLE / nullif(b, 0)::DOUBLE;
CREATE OR REPLACE MACRO level_of(g) AS CASE g WHEN 1 THEN 'owner' WHEN 2 THEN 'team' ELSE 'tenant' END;
CREATE OR REPLACE MACRO hours_between(a, b) AS (epoch_us(b) - epoch_us(a)) / 3600000000.0;
-- Business time (Monday to Friday, nine to five) from a fixed Monday to a moment, in microseconds.
CREATE OR REPLACE MACRO worked_by_day(d, rest) AS (d // 7 * 5 + least(d % 7, 5)) * 28800000000
    + CASE WHEN d % 7 < 5 THEN least(greatest(rest - 32400000000, 0), 28800000000) ELSE 0 END;
CREATE OR REPLACE MACRO worked_until(t) AS
    worked_by_day(epoch_us(t) // 86400000000 - 4, epoch_us(t) % 86400000000);
CREATE OR REPLACE MACRO office_hours(a, b) AS (worked_until(b) - worked_until(a)) / 3600000000.0;

CREATE OR REPLACE TEMP TABLE owner_team AS SELECT id AS owner_id, team_id FROM "user";
-- People and teams as small numbers: nobody is 0.
CREATE OR REPLACE TEMP TABLE person AS
SELECT owner_id, team_id, row_number() OVER (ORDER BY owner_id)::INTEGER AS place,
    CASE WHEN team_id IS NULL THEN 0 ELSE dense_rank() OVER (ORDER BY team_id) END::INTEGER AS team_place
FROM owner_team;
CREATE OR REPLACE TEMP TABLE answer (
    kpi VARCHAR, m SMALLINT, level VARCHAR, id VARCHAR,
    value DOUBLE, part_over DOUBLE, part_under DOUBLE, n BIGINT
);
-- Sums of a table of (owner_id, m, …) at the three levels.
CREATE OR REPLACE MACRO rolled(source) AS TABLE
    SELECT level_of(grouping(owner_id, team_id)) AS level, coalesce(owner_id, team_id) AS id, m,
        sum(COLUMNS(* EXCLUDE (owner_id, team_id, m)))
    FROM query_table(source) LEFT JOIN owner_team USING (owner_id)
    WHERE asked(m)
    GROUP BY GROUPING SETS ((owner_id, m), (team_id, m), (m));
