-- The three tables, from the sums. Months and quarters are numbers (year * 12 + month, year * 4 + quarter) until here.

CREATE MACRO span_name(kind, n) AS
    CASE kind WHEN 'month' THEN format('{}-{:02d}', n // 12, n % 12 + 1) ELSE format('{}Q{}', n // 4, n % 4 + 1) END;

CREATE TABLE sla_attainment AS
WITH shares AS (
    SELECT *, met / nullif(met + breached, 0) AS attainment FROM clock_sums
)
SELECT now.period_type, span_name(now.period_type, now.span) AS period, now.clock, now.breakdown, now.member,
    now.tickets, now.met, now.breached, now.running, now.no_target, now.cancelled, now.unusable, now.attainment,
    now.p50_seconds, now.p90_seconds, before.attainment AS previous_attainment, now.attainment - before.attainment AS change
FROM shares now
LEFT JOIN shares before ON (before.period_type, before.clock, before.breakdown, before.member, before.span)
    = (now.period_type, now.clock, now.breakdown, now.member, now.span - 1)
ORDER BY ALL;

CREATE TABLE dimension_scores AS
WITH long AS (
    UNPIVOT score_sums ON attitude, professionalism, resolution, process, timeliness, overall INTO NAME dimension VALUE s
), spans AS (
    SELECT 'month' AS period_type, month AS span, dimension, breakdown, member, s FROM long
    UNION ALL
    SELECT 'quarter', month // 3, dimension, breakdown, member, s FROM long
), summed AS (
    SELECT period_type, span, dimension, breakdown, member, sum(s.n)::BIGINT AS n, sum(s.points)::BIGINT AS points,
        sum(s.squares)::BIGINT AS squares, sum(s.satisfied)::BIGINT AS satisfied, n < 5 AS suppressed
    FROM spans GROUP BY ALL HAVING sum(s.n) > 0
), figures AS (
    SELECT *, CASE WHEN NOT suppressed THEN points / n END AS mean,
        CASE WHEN NOT suppressed THEN sqrt((n * squares - points * points) / (n * (n - 1))) END AS sd,
        CASE WHEN NOT suppressed THEN satisfied / n END AS satisfied_share
    FROM summed
)
SELECT now.period_type, span_name(now.period_type, now.span) AS period, now.dimension, now.breakdown, now.member, now.n, now.mean, now.sd,
    now.satisfied_share, now.suppressed, CASE WHEN NOT now.suppressed THEN before.mean END AS previous_mean, now.mean - before.mean AS change
FROM figures now
LEFT JOIN figures before ON (before.period_type, before.dimension, before.breakdown, before.member, before.span)
    = (now.period_type, now.dimension, now.breakdown, now.member, now.span - 1)
ORDER BY ALL;

-- A repeat: an earlier ticket of the same customer, model and fault was resolved within 30 days before this one was requested.
CREATE TABLE defect_sums AS
WITH repeats AS (
    SELECT DISTINCT f.ticket_id, f.fault_code
    FROM faults f JOIN faults e ON e.customer_id = f.customer_id AND e.product_model = f.product_model AND e.fault_code = f.fault_code
        AND e.requested_at < f.requested_at AND e.resolved_at BETWEEN f.requested_at - 30 * 86400 AND f.requested_at
), answers AS (
    SELECT ticket_id, count(overall) AS n, sum(overall)::BIGINT AS points FROM surveys WHERE ticket_id IS NOT NULL GROUP BY ticket_id
), counted AS (
    SELECT month, month // 3 AS quarter, product_model, fault_code, customer_id, r.ticket_id IS NOT NULL AS is_repeat, a.n, a.points
    FROM faults f LEFT JOIN repeats r USING (ticket_id, fault_code) LEFT JOIN answers a USING (ticket_id)
)
SELECT 'month' AS period_type, month AS span, product_model, fault_code, count(*) AS tickets, count(DISTINCT customer_id) AS customers,
    count(*) FILTER (is_repeat) AS repeats, coalesce(sum(n), 0)::BIGINT AS answers, coalesce(sum(points), 0)::BIGINT AS points
FROM counted GROUP BY ALL
UNION ALL
SELECT 'quarter', quarter, product_model, fault_code, count(*), count(DISTINCT customer_id), count(*) FILTER (is_repeat),
    coalesce(sum(n), 0)::BIGINT, coalesce(sum(points), 0)::BIGINT
FROM counted GROUP BY ALL;

CREATE TABLE defect_ranking AS
WITH exposure AS (
    SELECT 'month' AS period_type, month AS span, count(*) AS exposed FROM tickets GROUP BY ALL
    UNION ALL
    SELECT 'quarter', month // 3, count(*) FROM tickets GROUP BY ALL
), ranked AS (
    SELECT *, row_number() OVER best AS rank, sum(tickets) OVER best AS walked, sum(tickets) OVER peers AS total,
        sum(points) OVER peers / sum(answers) OVER peers AS mean
    FROM defect_sums
    WINDOW peers AS (PARTITION BY period_type, span),
        best AS (PARTITION BY period_type, span ORDER BY tickets DESC, product_model, fault_code ROWS UNBOUNDED PRECEDING)
), scored AS (
    SELECT d.*, e.exposed, b.exposed AS exposed_before, CASE WHEN b.exposed > 0 THEN coalesce(p.tickets, 0) END AS previous_tickets,
        d.tickets * (5 - (d.points + 5 * mean) / (d.answers + 5)) / 4 AS priority_score
    FROM ranked d JOIN exposure e USING (period_type, span)
    LEFT JOIN exposure b ON b.period_type = d.period_type AND b.span = d.span - 1
    LEFT JOIN defect_sums p ON (p.period_type, p.span, p.product_model, p.fault_code)
        = (d.period_type, d.span - 1, d.product_model, d.fault_code)
)
SELECT period_type, span_name(period_type, span) AS period, rank::INTEGER AS rank, product_model, fault_code, tickets,
    tickets / total AS share, walked / total AS cumulative_share,
    CASE WHEN (walked - tickets) * 100 < total * 80 THEN 'A' WHEN (walked - tickets) * 100 < total * 95 THEN 'B' ELSE 'C' END AS pareto_class,
    customers, repeats, repeats / tickets AS repeat_rate, previous_tickets,
    (tickets / exposed) / nullif(previous_tickets / exposed_before, 0) AS change_ratio, answers AS overall_answers,
    CASE WHEN answers >= 5 THEN points / answers END AS mean_overall, priority_score,
    row_number() OVER (PARTITION BY period_type, span ORDER BY priority_score DESC, rank)::INTEGER AS priority_rank
FROM scored
ORDER BY period_type, period, rank;
