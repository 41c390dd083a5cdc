-- The sums of one breakdown of the surveys, as a part of score_sums; run for each.
INSERT INTO score_sums
SELECT month, '$breakdown', $member, $sums FROM surveys GROUP BY ALL;
