-- What became of the clocks of each ticket and survey. Outcomes: 0 met, 1 breached, 2 running, 3 no target, 4 cancelled, 5 unusable.

-- Times are seconds since 1970. Key of a date in the calendar table.
CREATE MACRO place(hot, t) AS t // 86400 * 2 + hot;
-- Working seconds before a moment, from the row of its date.
CREATE MACRO work(hot, c, t) AS c.before + CASE WHEN NOT c.is_open THEN 0
    WHEN hot = 1 THEN greatest(least(t % 86400, 72000) - 28800, 0)
    ELSE greatest(least(t % 86400, 43200) - 30600, 0) + greatest(least(t % 86400, 63000) - 46800, 0) END;
CREATE MACRO later(a, b) AS coalesce(a > b, false);
CREATE MACRO as_seen(t) AS CASE WHEN t <= getvariable('as_of') THEN t END;
-- Completed months from the day of hiring to a date of the calendar.
CREATE MACRO tenure(hired, c) AS CASE WHEN c.place // 2 >= date_diff('day', DATE '1970-01-01', hired) THEN
    c.month - (year(hired) * 12 + month(hired) - 1) - (c.day_of_month < least(day(hired), c.days_in_month))::INTEGER END;
CREATE MACRO band_name(months) AS CASE WHEN months IS NULL THEN '(none)' WHEN months < 3 THEN '0-3m' WHEN months < 6 THEN '3-6m'
    WHEN months < 12 THEN '6-12m' WHEN months < 36 THEN '1-3y' ELSE '3y+' END;

-- Of several rows of one ticket the last one counts.
DELETE FROM ticket_rows WHERE rowid NOT IN (SELECT max(rowid) FROM ticket_rows GROUP BY ticket_id);

-- Tickets as of the moment of the review: what happened later has not happened. A ticket that was reopened is resolved by what came
-- after the reopening.
CREATE VIEW seen AS
SELECT ticket_id, requested_at, as_seen(first_response_at) AS first_response_at, as_seen(started_at) AS started_at,
    CASE WHEN as_seen(reopened_at) IS NULL THEN coalesce(as_seen(resolved_at), as_seen(first_resolved_at))
        WHEN as_seen(resolved_at) >= as_seen(reopened_at) THEN resolved_at END AS resolved_at,
    status, customer_id, service_type, priority, region, branch, product_model, fault_codes, staff_id,
    as_seen(first_resolved_at) AS first_resolved_at, as_seen(reopened_at) AS reopened_at, promised_at,
    (service_type IS NOT DISTINCT FROM '技术咨询')::INTEGER AS hot,
    CASE WHEN service_type = '维修服务' AND customer_tier = 'VIP客户' THEN 1 WHEN service_type = '技术咨询' THEN 2 ELSE 3 END AS policy
FROM ticket_rows
WHERE requested_at <= getvariable('as_of');

-- Times in which the clocks of a ticket stand still: pauses stop the resolution, a ticket that is closed stops all.
CREATE TABLE stops AS
WITH pauses AS (
    SELECT ticket_id, paused_at, as_seen(resumed_at) AS resumed_at
    FROM pause_rows
    WHERE rowid IN (SELECT max(rowid) FROM pause_rows GROUP BY ticket_id, paused_at, reason)
        AND reason IN ('等待客户', '等待备件') AND paused_at <= getvariable('as_of')
), stretches AS (
    SELECT t.ticket_id, hot, first_response_at, started_at, resolved_at, greatest(paused_at, requested_at) AS begin_at,
        CASE WHEN resolved_at >= requested_at THEN least(coalesce(resumed_at, resolved_at), resolved_at)
            ELSE least(coalesce(resumed_at, getvariable('as_of')), getvariable('as_of')) END AS end_at, false AS closed
    FROM pauses JOIN seen t USING (ticket_id)
    UNION ALL
    SELECT ticket_id, hot, first_response_at, started_at, resolved_at, greatest(first_resolved_at, requested_at), reopened_at, true
    FROM seen WHERE first_resolved_at < reopened_at
), alone AS (
    -- What no earlier stretch of the ticket covers.
    SELECT *, greatest(begin_at, max(end_at) OVER (
            PARTITION BY ticket_id ORDER BY begin_at, end_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS from_at,
        least(end_at, coalesce(resolved_at, getvariable('as_of'))) AS to_at,
        least(end_at, coalesce(first_response_at, getvariable('as_of'))) AS to_response,
        least(end_at, coalesce(started_at, getvariable('as_of'))) AS to_start
    FROM stretches WHERE begin_at < end_at
)
SELECT ticket_id,
    sum(CASE WHEN from_at < to_at THEN work(hot, t, to_at) - work(hot, f, from_at) ELSE 0 END)::INTEGER AS resolution,
    sum(CASE WHEN closed AND begin_at < to_response THEN work(hot, r, to_response) - work(hot, b, begin_at) ELSE 0 END)::INTEGER AS first_response,
    sum(CASE WHEN closed AND begin_at < to_start THEN work(hot, s, to_start) - work(hot, b, begin_at) ELSE 0 END)::INTEGER AS start
FROM alone
JOIN calendar f ON f.place = place(hot, from_at)
JOIN calendar t ON t.place = place(hot, to_at)
JOIN calendar b ON b.place = place(hot, begin_at)
JOIN calendar r ON r.place = place(hot, to_response)
JOIN calendar s ON s.place = place(hot, to_start)
GROUP BY ticket_id;
DROP TABLE pause_rows;

-- Outcome of a clock that has a target in seconds.
CREATE MACRO outcome(cancelled, wrong, used, target, ended) AS
    CASE WHEN cancelled THEN 4 WHEN wrong THEN 5 WHEN target IS NULL THEN 3 WHEN used > target THEN 1 WHEN ended THEN 0 ELSE 2 END;

CREATE TABLE tickets AS
WITH used AS (
    SELECT seen.*, q.month, band_name(tenure(hired_on, q)) AS tenure_band,
        coalesce(status = '已取消', false) AS cancelled,
        resolved_at IS NOT NULL OR coalesce(status IN ('已解决', '已关闭'), false) AS is_over,
        work(hot, f, coalesce(first_response_at, getvariable('as_of'))) - work(hot, q, requested_at) - coalesce(stops.first_response, 0) AS response_used,
        work(hot, s, coalesce(started_at, getvariable('as_of'))) - work(hot, q, requested_at) - coalesce(stops.start, 0) AS start_used,
        work(hot, r, coalesce(resolved_at, getvariable('as_of'))) - work(hot, q, requested_at)
            - CASE WHEN promised_at IS NULL THEN coalesce(stops.resolution, 0) ELSE 0 END AS resolution_used,
        later(requested_at, resolved_at) OR later(first_response_at, resolved_at) OR later(started_at, resolved_at)
            OR later(first_resolved_at, reopened_at) OR later(requested_at, first_resolved_at) OR later(requested_at, promised_at) AS torn
    FROM seen
    JOIN calendar q ON q.place = place(hot, requested_at)
    JOIN calendar f ON f.place = place(hot, coalesce(first_response_at, getvariable('as_of')))
    JOIN calendar s ON s.place = place(hot, coalesce(started_at, getvariable('as_of')))
    JOIN calendar r ON r.place = place(hot, coalesce(resolved_at, getvariable('as_of')))
    LEFT JOIN stops USING (ticket_id)
    LEFT JOIN staff USING (staff_id)
), judged AS (
    SELECT *,
        outcome(cancelled, later(requested_at, first_response_at) OR (first_response_at IS NULL AND is_over), response_used,
            CASE policy WHEN 1 THEN 3600 ELSE 7200 END, first_response_at IS NOT NULL)::TINYINT AS first_response,
        outcome(cancelled, later(requested_at, started_at) OR (started_at IS NULL AND is_over), start_used,
            CASE policy WHEN 1 THEN NULL WHEN 2 THEN 14400 ELSE 28800 END, started_at IS NOT NULL)::TINYINT AS start,
        CASE WHEN promised_at IS NULL
            THEN outcome(cancelled, torn OR (resolved_at IS NULL AND is_over), resolution_used,
                CASE policy WHEN 1 THEN 57600 WHEN 2 THEN 28800 ELSE 86400 END, resolved_at IS NOT NULL)
            ELSE outcome(cancelled, torn OR (resolved_at IS NULL AND is_over),
                (coalesce(resolved_at, getvariable('as_of')) > promised_at)::INTEGER, 0, resolved_at IS NOT NULL)
            END::TINYINT AS resolution
    FROM used
)
SELECT ticket_id, requested_at, month, hot, status, customer_id, coalesce(service_type, '(none)') AS service_type,
    coalesce(priority, '(none)') AS priority, coalesce(region, '(none)') AS region, coalesce(branch, '(none)') AS branch,
    staff_id, tenure_band, product_model, fault_codes, resolved_at, first_response, start, resolution,
    CASE WHEN first_response < 4 AND first_response_at IS NOT NULL THEN response_used END AS first_response_seconds,
    CASE WHEN start < 4 AND started_at IS NOT NULL THEN start_used END AS start_seconds,
    CASE WHEN resolution < 4 AND resolved_at IS NOT NULL THEN resolution_used END AS resolution_seconds
FROM judged;
DROP VIEW seen;
DROP TABLE ticket_rows;

CREATE TABLE surveys AS
WITH joined AS (
    SELECT s.survey_id, s.ticket_id, coalesce(s.staff_id, t.staff_id) AS staff_id, evaluator, s.answered_at,
        attitude, professionalism, s.resolution, process, timeliness, overall, has_suggestion, as_seen(replied_at) AS replied_at,
        coalesce(t.service_type, '(none)') AS service_type, coalesce(t.priority, '(none)') AS priority,
        coalesce(t.region, '(none)') AS region, coalesce(t.branch, '(none)') AS branch,
        coalesce(t.hot, 0) AS hot, t.requested_at, t.resolved_at, coalesce(t.status = '已取消', false) AS cancelled
    FROM survey_rows s LEFT JOIN tickets t USING (ticket_id)
    WHERE s.rowid IN (SELECT max(rowid) FROM survey_rows GROUP BY survey_id) AND s.answered_at <= getvariable('as_of')
), used AS (
    SELECT joined.*, staff.team, b.month, band_name(tenure(hired_on, q)) AS tenure_band,
        work(hot, b, answered_at) AS answered_work, work(hot, e, coalesce(replied_at, getvariable('as_of'))) AS until_work,
        -- After closing the five days count from the next day.
        CASE WHEN b.is_open AND answered_at % 86400 >= CASE hot WHEN 1 THEN 72000 ELSE 63000 END THEN n.reply_by ELSE b.reply_by END AS reply_by,
        answered_at - resolved_at AS return_used
    FROM joined
    JOIN calendar b ON b.place = place(hot, answered_at)
    JOIN calendar n ON n.place = b.place + 2
    JOIN calendar q ON q.place = place(hot, coalesce(requested_at, answered_at))
    JOIN calendar e ON e.place = place(hot, coalesce(replied_at, getvariable('as_of')))
    LEFT JOIN staff USING (staff_id)
), judged AS (
    SELECT *,
        CASE WHEN ticket_id IS NOT NULL THEN outcome(cancelled, coalesce(return_used < 0, true), return_used, 86400, true) END::TINYINT AS survey_return,
        CASE WHEN has_suggestion OR replied_at IS NOT NULL THEN outcome(false, later(answered_at, replied_at),
            until_work, reply_by, replied_at IS NOT NULL) END::TINYINT AS suggestion_reply
    FROM used
)
SELECT ticket_id, month, service_type, priority, region, branch, staff_id, team, tenure_band, evaluator, attitude, professionalism, resolution,
    process, timeliness, overall, survey_return, suggestion_reply,
    CASE WHEN survey_return < 4 THEN return_used END AS survey_return_seconds,
    CASE WHEN suggestion_reply < 4 AND replied_at IS NOT NULL THEN until_work - answered_work END AS suggestion_reply_seconds
FROM judged;
DROP TABLE survey_rows;

-- One row per ticket and distinct fault.
CREATE TABLE faults AS
WITH codes AS (
    SELECT ticket_id, requested_at, month, customer_id, coalesce(product_model, '(none)') AS product_model,
        CASE WHEN resolved_at >= requested_at THEN resolved_at END AS resolved_at,
        unnest(list_distinct(list_transform(string_split(fault_codes, '、'), lambda c: trim(c)))) AS fault_code
    FROM tickets WHERE fault_codes IS NOT NULL
)
SELECT * FROM codes WHERE fault_code NOT IN ('', '?', '无');
