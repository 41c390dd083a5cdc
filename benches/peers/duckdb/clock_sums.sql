-- The sums of one fact and breakdown, as a part of clock_sums; run for each. One pass for the outcomes by month, which quarters are
-- added up from, and one each for the quantiles of months and of quarters, which do not add up. (Three passes for each breakdown
-- run in parallel and are quicker than GROUPING SETS; exact quantiles are quicker than counts per logarithmic bucket.)
CREATE OR REPLACE TEMP TABLE outcomes AS
SELECT month, $member AS member, $outcomes, count(*) AS n FROM $fact GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE quantiles AS
SELECT 'month' AS period_type, month AS span, $member AS member, $quantiles FROM $fact GROUP BY ALL
UNION ALL
SELECT 'quarter', month // 3, $member, $quantiles FROM $fact GROUP BY ALL;

INSERT INTO clock_sums
WITH spans AS (
    SELECT 'month' AS period_type, month AS span, * EXCLUDE (month) FROM outcomes
    UNION ALL
    SELECT 'quarter', month // 3, * EXCLUDE (month) FROM outcomes
), long AS (
    UNPIVOT spans ON $outcomes INTO NAME clock VALUE outcome
), sums AS (
    SELECT period_type, span, clock, member, sum(n)::BIGINT AS tickets,
        coalesce(sum(n) FILTER (outcome = 0), 0)::BIGINT AS met, coalesce(sum(n) FILTER (outcome = 1), 0)::BIGINT AS breached,
        coalesce(sum(n) FILTER (outcome = 2), 0)::BIGINT AS running, coalesce(sum(n) FILTER (outcome = 3), 0)::BIGINT AS no_target,
        coalesce(sum(n) FILTER (outcome = 4), 0)::BIGINT AS cancelled, coalesce(sum(n) FILTER (outcome = 5), 0)::BIGINT AS unusable
    FROM long GROUP BY ALL
), used AS (
    UNPIVOT quantiles ON $outcomes INTO NAME clock VALUE seconds
)
SELECT sums.period_type, sums.span, sums.clock, '$breakdown', sums.member, tickets, met, breached, running, no_target, cancelled, unusable,
    seconds[1], seconds[2]
FROM sums LEFT JOIN used USING (period_type, span, clock, member);
