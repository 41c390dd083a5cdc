-- The dumps as tables: typed while they are read; rows that cannot be typed, or lack their key, are left out.
-- The rowid keeps the order of the dumps: of several rows with one key the last one counts.

-- A time as seconds since 1970; the calendar knows the years 2018 to 2026.
CREATE MACRO seconds(t) AS (epoch_ms(t) // 1000)::INTEGER;
CREATE MACRO known(t) AS t IS NULL OR (t >= TIMESTAMP '2018-01-01' AND t < TIMESTAMP '2027-01-01');

CREATE TABLE ticket_rows AS
SELECT ticket_id, seconds(requested_at) AS requested_at, seconds(first_response_at) AS first_response_at,
    seconds(started_at) AS started_at, seconds(resolved_at) AS resolved_at, status, customer_id, customer_tier,
    CASE service_type WHEN '维修' THEN '维修服务' ELSE service_type END AS service_type,
    priority, region, branch, product_model, fault_codes, staff_id, visits,
    seconds(first_resolved_at) AS first_resolved_at, seconds(reopened_at) AS reopened_at, seconds(promised_at) AS promised_at
FROM read_csv(getvariable('dumps') || '/tickets-*.csv', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
    nullstr = ['', '?', '无'], timestampformat = '%Y-%m-%d %H:%M:%S', ignore_errors = true, columns = {
        ticket_id: VARCHAR, requested_at: TIMESTAMP, first_response_at: TIMESTAMP, started_at: TIMESTAMP, resolved_at: TIMESTAMP,
        status: VARCHAR, customer_id: VARCHAR, customer_name: VARCHAR, customer_tier: VARCHAR, customer_kind: VARCHAR,
        service_type: VARCHAR, channel: VARCHAR, priority: VARCHAR, region: VARCHAR, branch: VARCHAR, product_model: VARCHAR,
        product_line: VARCHAR, serial_number: VARCHAR, fault_codes: VARCHAR, fault_description: VARCHAR, staff_id: VARCHAR,
        visits: INTEGER, reopened: VARCHAR, is_complaint: VARCHAR, first_resolved_at: TIMESTAMP, reopened_at: TIMESTAMP,
        promised_at: TIMESTAMP})
WHERE ticket_id IS NOT NULL AND requested_at IS NOT NULL
    AND (reopened IS NULL OR reopened IN ('是', '否')) AND (is_complaint IS NULL OR is_complaint IN ('是', '否'))
    AND known(requested_at) AND known(first_response_at) AND known(started_at) AND known(resolved_at)
    AND known(first_resolved_at) AND known(reopened_at) AND known(promised_at);

CREATE TABLE survey_rows AS
SELECT survey_id, ticket_id, staff_id, evaluator, seconds(answered_at) AS answered_at, attitude, professionalism, resolution, process, timeliness, overall,
    suggestion IS NOT NULL AS has_suggestion, seconds(replied_at) AS replied_at
FROM read_csv(getvariable('dumps') || '/surveys-*.csv', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
    nullstr = ['', '?', '无'], timestampformat = '%Y-%m-%d %H:%M:%S', ignore_errors = true, columns = {
        survey_id: VARCHAR, ticket_id: VARCHAR, staff_id: VARCHAR, evaluator: VARCHAR, answered_at: TIMESTAMP,
        attitude: TINYINT, professionalism: TINYINT, resolution: TINYINT, process: TINYINT, timeliness: TINYINT, overall: TINYINT,
        suggestion: VARCHAR, replied_at: TIMESTAMP, strengths: VARCHAR, emotion: VARCHAR})
WHERE answered_at IS NOT NULL AND (ticket_id IS NOT NULL OR staff_id IS NOT NULL)
    AND coalesce(least(attitude, professionalism, resolution, process, timeliness, overall) >= 1, true)
    AND coalesce(greatest(attitude, professionalism, resolution, process, timeliness, overall) <= 5, true);

CREATE TABLE pause_rows AS
SELECT ticket_id, seconds(paused_at) AS paused_at, seconds(resumed_at) AS resumed_at, reason
FROM read_csv(getvariable('dumps') || '/pauses.csv', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
    nullstr = ['', '?', '无'], timestampformat = '%Y-%m-%d %H:%M:%S', ignore_errors = true, columns = {
        ticket_id: VARCHAR, paused_at: TIMESTAMP, resumed_at: TIMESTAMP, reason: VARCHAR})
WHERE ticket_id IS NOT NULL AND paused_at IS NOT NULL AND known(paused_at) AND known(resumed_at);

CREATE TABLE staff AS
SELECT staff_id, team, hired_on
FROM read_csv(getvariable('dumps') || '/staff.csv', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
    nullstr = ['', '?', '无'], dateformat = '%Y-%m-%d', ignore_errors = true, columns = {
        staff_id: VARCHAR, staff_name: VARCHAR, team: VARCHAR, position: VARCHAR, branch: VARCHAR, hired_on: DATE, left_on: DATE})
WHERE staff_id IS NOT NULL;
