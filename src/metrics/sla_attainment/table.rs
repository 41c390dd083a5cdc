//! The columns of `sla_attainment`, and its documentation.

use crate::schema::Type::{Double, Int64};
use crate::schema::shared::{BREAKDOWN, CHANGE_Q, CI_HIGH, CI_LOW, CLOCK, MEMBER, PERIOD, PERIOD_TYPE, TICKETS};
use crate::schema::{Column, Label, Table, column};

const fn count(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Int64, "tickets", zh, en, doc)
}

const fn share(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Double, "share", zh, en, doc)
}

const fn seconds(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Int64, "s", zh, en, doc)
}

pub(super) static TABLE: Table = Table {
    name: "sla_attainment",
    label: Label { zh: "响应时间达标率", en: "SLA attainment" },
    grain: "one row per period, clock, breakdown and member",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        CLOCK,
        BREAKDOWN,
        MEMBER,
        TICKETS.doc(
            "All tickets of the member to which the clock applies, or surveys where the clock is one of surveys; the sum of the six outcomes.",
        ),
        count("met", "达标", "Met", "Time used is at most the target."),
        count(
            "breached",
            "超时",
            "Breached",
            "Time used is more than the target, at the end of the clock or, while it is open, at `--as-of`.",
        ),
        count("running", "进行中", "Running", "Open, and the time used so far is at most the target."),
        count("no_target", "无时限", "No target", "No policy sets a target."),
        count("cancelled", "已取消", "Cancelled", "Cancelled tickets."),
        count("unusable", "无法计时", "Unusable", "Moments missing or contradictory."),
        share("attainment", "达标率", "Attainment", "met / (met + breached)."),
        CI_LOW.doc("Lower end of the 95 % Wilson interval of the attainment."),
        CI_HIGH.doc("Upper end of the 95 % Wilson interval of the attainment."),
        seconds("p50_seconds", "用时中位数", "Median time", "Median of the time used by ended clocks, within 1 %."),
        seconds(
            "p90_seconds",
            "用时90分位",
            "90th percentile",
            "90th percentile of the time used by ended clocks, within 1 %.",
        ),
        share(
            "previous_attainment",
            "上期达标率",
            "Previous attainment",
            "Attainment of the period of the same type before.",
        ),
        share("change", "变化", "Change", "attainment − previous_attainment."),
        CHANGE_Q,
        share(
            "change_low",
            "变化置信下限",
            "Change, low",
            "Lower end of the 95 % Newcombe interval of the change; null where one of the two periods has nothing judged.",
        ),
        share("change_high", "变化置信上限", "Change, high", "Upper end of the 95 % Newcombe interval of the change."),
    ],
};

pub(super) const DOC: &str = "\
# SLA attainment (响应时间达标率)

## What it says
How many tickets kept their promised time, for each clock, period and breakdown, with the uncertainty that the number
of tickets leaves. Clocks of surveys stand in the same table: `survey_return` (resolved to answered) and
`suggestion_reply` (answered to suggestion answered), and clocks that the pipeline declares.

## How it is counted
Each clock runs in working time from its start, for tickets the request unless the pipeline declares another (targets
in clock hours run around the clock). A ticket is `met` when the time used is at most its target, `breached` when it
is more, whether the clock has ended or is still open at `--as-of`. Attainment is met ÷ (met + breached); tickets
still running, without target, cancelled or unusable stand apart and are counted. Quantiles come from counts per
logarithmic bucket: exact up to 127 s, within 0.8 % above.

A ticket belongs to the period of its request, a survey to that of its answer. The rows of a clock of surveys count
surveys: `tickets` and the six outcomes are numbers of surveys then.
Breakdowns of surveys are those of their tickets; staff, team and tenure are of the one whom the survey is credited
to. Tickets and surveys to which a clock does not apply (a survey without a suggestion, for `suggestion_reply`) are
not counted; a member that has only such has no row.

`change` is the attainment minus that of the period before, `change_low` to `change_high` its 95 % interval by
Newcombe, made from the two Wilson intervals that the table shows. `change_q` comes from the pooled two-proportion z
test, the score test of no change at all, over all clocks, periods, breakdowns and members of the table together.
Interval and test are kept apart on purpose: the interval says how large the change may be, the test whether there is
one. Both hold their 5 %, and they part in few cases close to the border (in 3 % at most among equal shares, for sizes
from 10 to 1,200). But the interval stands for its own row alone, while `change_q` pays for all changes that were
looked at: an interval without 0 beside a `change_q` above 0.05 is no contradiction.

## How to read it
Compare intervals, not points: with few tickets a high share can be luck. `change_q` below 0.05 marks a change against
the previous period that chance hardly explains, with all changes of the table taken into account; `change_low` and
`change_high` say how much it may be. With fewer than about ten tickets in a period neither says much. `survey_return`
knows only surveys that came back: those never answered are in no dump.

## Source
Wilson (1927), score interval; Newcombe (1998), method 10, interval of a difference; two-proportion z test with pooled
variance; Benjamini and Hochberg (1995).
";
