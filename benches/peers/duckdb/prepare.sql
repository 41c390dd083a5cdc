-- What the sums of all breakdowns go into.
CREATE TABLE clock_sums (period_type VARCHAR, span INTEGER, clock VARCHAR, breakdown VARCHAR, member VARCHAR, tickets BIGINT, met BIGINT,
    breached BIGINT, running BIGINT, no_target BIGINT, cancelled BIGINT, unusable BIGINT, p50_seconds BIGINT, p90_seconds BIGINT);

-- Of each dimension: answers, points, squared points, answers of four and more.
CREATE TYPE sums AS STRUCT(n BIGINT, points BIGINT, squares BIGINT, satisfied BIGINT);
CREATE MACRO sums_of(score) AS {n: count(score), points: sum(score)::BIGINT, squares: sum(score * score)::BIGINT,
    satisfied: count(*) FILTER (score >= 4)};
CREATE TABLE score_sums (month INTEGER, breakdown VARCHAR, member VARCHAR, attitude sums, professionalism sums, resolution sums,
    process sums, timeliness sums, overall sums);
