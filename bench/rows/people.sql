-- One team above all, a team for each of four regions, and the teams of the reps below those.
CREATE VIEW team AS
SELECT 'team-all' AS id, 'All sales' AS name, NULL AS parent_id, 'head' AS manager_id, NULL AS region
UNION ALL
SELECT 'region-' || i, ['North', 'East', 'South', 'West'][i + 1] || ' region', 'team-all',
    'director-' || i, ['North', 'East', 'South', 'West'][i + 1]
FROM range(4) AS t(i)
UNION ALL
SELECT 'team-' || i, 'Team ' || i, 'region-' || (i % 4), 'lead-of-' || i,
    ['North', 'East', 'South', 'West'][i % 4 + 1]
FROM range(getvariable('teams')) AS t(i);

CREATE VIEW "user" AS
SELECT rep_id(i) AS id, 'Rep ' || i AS name, 'rep' || i || '@meridian.example' AS email,
    'team-' || (i % getvariable('teams')) AS team_id, 'rep' AS role, u(i, 901) > 0.02 AS active
FROM range(getvariable('reps')) AS t(i)
UNION ALL
SELECT 'lead-of-' || i, 'Leader of team ' || i, 'leader' || i || '@meridian.example',
    'team-' || i, 'leader', true
FROM range(getvariable('teams')) AS t(i)
UNION ALL
SELECT 'director-' || i, 'Director ' || i, 'director' || i || '@meridian.example',
    'region-' || i, 'director', true
FROM range(4) AS t(i)
UNION ALL
SELECT 'head', 'Head of sales', 'head@meridian.example', 'team-all', 'executive', true;

CREATE VIEW product AS
SELECT 'prod-' || i AS id, 'Product ' || i AS name, (20 + i * 15)::DECIMAL(18, 4) AS list_price
FROM range(24) AS t(i);

-- The first customers hold subscriptions; the others are prospects.
CREATE VIEW account AS
SELECT 'acc-' || i AS id, 'Company ' || i AS name, 'company' || i || '.example' AS domain,
    one_of(['Software', 'Retail', 'Health', 'Finance', 'Industry', 'Media', 'Logistics', 'Energy'], i, 1) AS industry,
    one_of(['DE', 'US', 'FR', 'GB', 'SE'], i, 2) AS country,
    one_of(['North', 'East', 'South', 'West'], i, 3) AS region,
    (1 + wait(i, 4, 200))::BIGINT AS employees,
    rep_id(rep(i, 5)) AS owner_id,
    one_of(['Enterprise', 'Mid-market', 'Small'], i, 6) AS segment,
    one_of(['Basic', 'Pro', 'Scale'], i, 7) AS plan,
    CASE WHEN i < getvariable('customers') THEN 'customer' ELSE 'prospect' END AS lifecycle,
    make_timestamp(moment(i, 8)) AS created_at,
    make_timestamp(later(moment(i, 8), wait(i, 12, 3000), i, 13)) AS updated_at
FROM range(getvariable('accounts')) AS t(i);

CREATE VIEW contact AS
SELECT 'con-' || i AS id,
    CASE WHEN u(i, 20) > 0.05 THEN 'acc-' || pick(i, 21, getvariable('accounts')) END AS account_id,
    one_of(['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Tony', 'Frances', 'John'], i, 22) AS first_name,
    'Contact ' || i AS last_name, 'contact' || i || '@company.example' AS email,
    CASE WHEN u(i, 23) > 0.3 THEN '+49 30 ' || (1000000 + i) END AS phone,
    one_of(['Buyer', 'Manager', 'Engineer', 'Director'], i, 24) AS title,
    rep_id(rep(i, 25)) AS owner_id,
    make_timestamp(moment(i, 26)) AS created_at,
    make_timestamp(later(moment(i, 26), wait(i, 30, 4000), i, 31)) AS updated_at,
    CASE WHEN u(i, 32) > 0.4
        THEN make_timestamp(later(moment(i, 26), wait(i, 33, 4000), i, 34)) END AS last_activity_at
FROM range(getvariable('contacts')) AS t(i);
