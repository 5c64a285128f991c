-- Everything is a function of a row's number and a salt, so that the same seed makes the same CRM
-- whatever the number of threads, and a record can be known without looking it up.
CREATE OR REPLACE MACRO draw(i, salt) AS hash(i::BIGINT * 1024 + salt + getvariable('seed') * 1000000000000);
-- A number in [0, 1).
CREATE OR REPLACE MACRO u(i, salt) AS (draw(i, salt) >> 11)::DOUBLE / 9007199254740992.0;
-- An integer in [0, n).
CREATE OR REPLACE MACRO pick(i, salt, n) AS (draw(i, salt) % n::UBIGINT)::BIGINT;
-- Roughly normal, from three uniform draws.
CREATE OR REPLACE MACRO bell(i, salt) AS (u(i, salt) + u(i, salt + 1) + u(i, salt + 2) - 1.5) * 2;
-- Exponential with the given mean.
CREATE OR REPLACE MACRO wait(i, salt, mean) AS -ln(1 - u(i, salt)) * mean;

-- Moments are microseconds since 1970. A day in the span: more of them towards the end, a yearly
-- swing, and few on Saturday and Sunday (the span begins on a Sunday).
CREATE OR REPLACE MACRO origin() AS getvariable('origin_us');
CREATE OR REPLACE MACRO finish() AS getvariable('finish_us');
CREATE OR REPLACE MACRO swing(t, days) AS t + 0.01 * sin(6.283185307 * t * days / 365.25) * (1 - t);
CREATE OR REPLACE MACRO raw_day(i, salt) AS greatest(0, least(getvariable('days') - 1,
    floor(swing(u(i, salt) ** 0.8, getvariable('days')) * getvariable('days'))))::BIGINT;
CREATE OR REPLACE MACRO worked(d, luck) AS CASE
    WHEN luck > 0.9 THEN d
    WHEN d % 7 = 6 THEN d - 1
    WHEN d % 7 = 0 AND d + 1 < getvariable('days') THEN d + 1
    ELSE d END;
CREATE OR REPLACE MACRO some_day(i, salt) AS worked(raw_day(i, salt), u(i, salt + 1));
-- A second of the business day, most of them around noon.
CREATE OR REPLACE MACRO some_second(i, salt) AS (8 * 3600 + (u(i, salt) + u(i, salt + 1)) * 5 * 3600)::BIGINT;
CREATE OR REPLACE MACRO moment(i, salt) AS
    origin() + (some_day(i, salt) * 86400 + some_second(i, salt + 2)) * 1000000;
-- Another moment of the same working day.
CREATE OR REPLACE MACRO in_hours(us, i, salt) AS origin() + 1000000 *
    (worked((us - origin()) // 86400000000, u(i, salt)) * 86400 + some_second(i, salt + 1));
-- A moment later by some hours, but inside the span: what follows late happens at its end.
CREATE OR REPLACE MACRO later(since, hours, i, salt) AS
    least(since + (hours * 3600)::BIGINT * 1000000, since + ((finish() - since) / 1000000 * u(i, salt))::BIGINT * 1000000);
-- The same, or nothing where the span ends before.
CREATE OR REPLACE MACRO if_past(us) AS CASE WHEN us < finish() THEN make_timestamp(us) END;
CREATE OR REPLACE MACRO on_day(us) AS make_timestamp(us)::DATE;

-- People: some have twice the records of others.
CREATE OR REPLACE MACRO rep(i, salt) AS (floor(getvariable('reps') * u(i, salt) ** 1.25))::BIGINT;
CREATE OR REPLACE MACRO rep_id(r) AS 'rep-' || r;
CREATE OR REPLACE MACRO skill(r) AS u(r, 900);
CREATE OR REPLACE MACRO one_of(list, i, salt) AS list[1 + pick(i, salt, len(list))];
