//! Every missed target.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::{Listing, Review, equal, reviewed};
use crate::plan::{Clock, Counts};
use crate::schema::Type::{Double, Int64, Text, Timestamp};
use crate::schema::facts::{RESOLUTION, SEGMENTS, TICKET, began, outcome};
use crate::schema::shared::{CLOCK, PERIOD, STAFF_ID, STAFF_NAME, TEAM, TICKET_ID};
use crate::schema::{Label, Table, Type, column};

static TABLE: Table = Table {
    name: "sla_breaches",
    label: Label { zh: "超时工单明细", en: "SLA breaches" },
    grain: "one row per clock that missed its target, of a ticket or survey of the reviewed period",
    columns: &[
        PERIOD,
        CLOCK.doc("Name of the clock in the pipeline."),
        TICKET_ID,
        column(
            "survey_id",
            Text,
            "",
            "评价编号",
            "Survey",
            "The survey, for clocks of surveys; null for those of tickets.",
        ),
        column(
            "policy",
            Text,
            "",
            "规则",
            "Policy",
            "What set the target: an SLA policy, the clock, or `promised` for the ticket's own promise.",
        ),
        column("service_type", Text, "", "服务类型", "Service type", "Kind of service."),
        column("priority", Text, "", "优先级", "Priority", "Priority as in the dump."),
        column("region", Text, "", "区域", "Region", "Region as in the dump."),
        column("branch", Text, "", "网点", "Branch", "Branch as in the dump."),
        column("customer_tier", Text, "", "客户等级", "Customer tier", "Customer tier as in the dump."),
        STAFF_ID.doc("Staff of the ticket; for clocks of surveys, the one credited with the survey."),
        STAFF_NAME,
        TEAM,
        column("started_at", Timestamp, "", "计时开始", "Clock began", "When the clock began."),
        column("due_at", Timestamp, "", "到期时间", "Due", "When the target fell due."),
        column("ended_at", Timestamp, "", "计时结束", "Clock ended", "When the clock ended; null while it is open."),
        column(
            "target_seconds",
            Int64,
            "s",
            "目标时长",
            "Target",
            "Seconds for which the clock might run, in working time or, for targets around the clock, real ones.",
        ),
        column(
            "over_seconds",
            Int64,
            "s",
            "超时时长",
            "Over by",
            "How far the target was exceeded, in the same kind of seconds, beyond a promised time in real ones; while open, up to the moment of the review.",
        ),
        column(
            "over_share",
            Double,
            "share",
            "超时比例",
            "Over share",
            "over_seconds / target_seconds; 1 is twice the target. Null where the target is 0 or a promised time, beyond which real seconds count.",
        ),
        column(
            "cause",
            Text,
            "",
            "超时原因",
            "Cause",
            "The part of the time that took longest: `no_response`, `response`, `waiting` or `handling`; `open` or `late` for clocks without such parts.",
        ),
        column(
            "response_seconds",
            Int64,
            "s",
            "响应时长",
            "Response",
            "The ticket's working time from the request to the first response; null for clocks of surveys.",
        ),
        column(
            "waiting_seconds",
            Int64,
            "s",
            "等待时长",
            "Waiting",
            "The same from the first response to the beginning of the work.",
        ),
        column(
            "handling_seconds",
            Int64,
            "s",
            "处理时长",
            "Handling",
            "The same from the beginning of the work to the resolution.",
        ),
    ],
};

pub static LISTING: Listing =
    Listing { table: &TABLE, doc: DOC, columns, pick, parts, by: &BY, order, most: None, gather: None };

const BY: [&str; 3] = ["over_seconds", "ticket_id", "survey_id"];

const DOC: &str = "\
# SLA breaches (超时工单明细)

The evidence behind `breached` in `sla_attainment`: each clock of the reviewed period's tickets and surveys that missed its target,
ended or still open at `--as-of`, with its due time, how far it went over, and the part of the time that ate the target.
Sorted by clock as the pipeline lists them, then by how far over.

Use it three ways. Close first: rows without `ended_at` are customers who still wait. Then group by `cause`, `branch` or `staff_name`: `response` asks for
a thinner queue, `waiting` for parts and scheduling, `handling` for skill. Then check single rows before a contract partner does:
`aftersales explain ticket` tells the story of one in words, pauses and calendar included. A small `over_share` in many rows is a
target missed by a hair; a large one in few rows is a handful of tickets that were forgotten.
";

fn columns(review: &Review, fact: &str) -> Vec<String> {
    review.plan.clocks_of(fact).flat_map(asked).collect()
}

/// The columns of its fact that the rows of a clock are made of, where the fact has them.
fn asked(clock: &Clock) -> impl Iterator<Item = String> {
    let parts = clock.what.columns().into_iter().map(|c| c.name);
    let own = TABLE.columns.iter().map(|c| c.name).chain(parts);
    let own = own.chain([clock.what.start, clock.what.end, FIRST_RESOLVED_AT]).chain(SEGMENTS);
    own.map(ToOwned::to_owned).chain([began(clock.what.start)])
}

fn pick(review: &Review, fact: &str, rows: &DataFrame) -> PolarsResult<Option<DataFrame>> {
    let mut all: Option<DataFrame> = None;
    let Some(period) = reviewed(review, rows)? else { return Ok(None) };
    for clock in review.plan.clocks.iter().filter(|clock| clock.what.fact == fact) {
        let Some(rows) = breached(clock, rows, &period)? else { continue };
        match &mut all {
            None => all = Some(rows),
            Some(all) => drop(all.vstack_mut_owned(rows)?),
        }
    }
    Ok(all)
}

/// Clock by clock as the plan lists them.
fn parts(review: &Review, rows: &DataFrame) -> PolarsResult<Vec<DataFrame>> {
    let of = |clock: &Clock| {
        let mask = rows.column("clock")?.cat32()?.iter_str().map(|name| name == Some(clock.what.name));
        rows.filter_seq(&BooleanChunked::from_iter_values(PlSmallStr::EMPTY, mask))
    };
    review.plan.clocks.iter().map(of).collect()
}

/// The worst first.
fn order() -> SortMultipleOptions {
    SortMultipleOptions::default().with_order_descending_multi([true, false, false]).with_nulls_last(true)
}

/// Texts of few distinct values are categories; all others are as the table says.
fn frame_type(name: &str, dtype: Type) -> DataType {
    match dtype {
        Type::Text if matches!(name, "ticket_id" | "survey_id") => DataType::String,
        Type::Text => DataType::from_categories(Categories::global()),
        Type::Bool => DataType::Boolean,
        Type::Int32 => DataType::Int32,
        Type::Int64 => DataType::Int64,
        Type::Double => DataType::Float64,
        Type::Date => DataType::Date,
        Type::Timestamp => DataType::Datetime(TimeUnit::Microseconds, None),
    }
}

/// The rows of one clock; `None` where the piece has none.
fn breached(clock: &Clock, fact: &DataFrame, period: &BooleanChunked) -> PolarsResult<Option<DataFrame>> {
    let name = |part: &str| clock.what.column(part);
    let Ok(outcomes) = fact.column(name("outcome")) else { return Ok(None) };
    let wanted = equal(outcomes, outcome::BREACHED)? & period.clone();
    if !wanted.any() {
        return Ok(None);
    }
    // Facts are wide, and breaches may be many: nothing else is copied.
    let began = began(clock.what.start);
    let present: BTreeSet<String> = asked(clock).filter(|c| fact.column(c).is_ok()).collect();
    let rows = fact.select(present)?.filter_seq(&wanted)?;
    // What a fact lacks is empty in every row.
    let of = |from: &str| if rows.column(from).is_ok() { col(from) } else { lit(NULL) };
    let target = of(name("target_seconds"));
    let share = of(name("over_seconds")).cast(DataType::Float64) / target.clone().cast(DataType::Float64);
    let segment = |at: usize| if clock.what.fact == TICKET { of(SEGMENTS[at]) } else { lit(NULL) };
    let cells = TABLE.columns.iter().map(|column| {
        let cell = match column.name {
            "clock" => lit(clock.what.name),
            "policy" | "due_at" | "target_seconds" | "over_seconds" | "cause" => of(name(column.name)),
            "started_at" if moment(&rows, clock.what.start) => col(clock.what.start),
            // That of the ticket.
            "started_at" => of(&began),
            "ended_at" => ended(clock, &rows),
            // What is over a promise is counted around the clock, the time up to it is not.
            "over_share" => when(
                target.clone().gt(lit(0)).and(of(name("policy")).cast(DataType::String).neq_missing(lit("promised"))),
            )
            .then(share.clone())
            .otherwise(lit(NULL)),
            // A dump of tickets may carry a column of this name along.
            "survey_id" if clock.what.fact == TICKET => lit(NULL),
            "response_seconds" => segment(0),
            "waiting_seconds" => segment(1),
            "handling_seconds" => segment(2),
            own => of(own),
        };
        cell.cast(frame_type(column.name, column.dtype)).alias(column.name)
    });
    rows.clone().lazy().select_seq(cells.collect::<Vec<_>>()).collect().map(Some)
}

/// Column of tickets that were resolved more than once.
const FIRST_RESOLVED_AT: &str = "first_resolved_at";

/// When the clock ended. The first resolution ends a clock that counts it, where there was more than one.
fn ended(clock: &Clock, rows: &DataFrame) -> Expr {
    let end = if moment(rows, clock.what.end) { col(clock.what.end) } else { lit(NULL) };
    if clock.what.name == RESOLUTION && clock.counts == Counts::First && moment(rows, FIRST_RESOLVED_AT) {
        when(col(FIRST_RESOLVED_AT).is_not_null()).then(col(FIRST_RESOLVED_AT)).otherwise(end)
    } else {
        end
    }
}

/// Whether a frame has a column of moments under this name; one that is carried along is text.
fn moment(frame: &DataFrame, name: &str) -> bool {
    frame.column(name).is_ok_and(|c| matches!(c.dtype(), DataType::Datetime(..)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::plan::{self, Plan};

    fn default_plan() -> Plan {
        plan::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/quarterly.toml"))
            .expect("the default pipeline")
    }

    /// Columns of few distinct values are categories in facts.
    fn fact(frame: PolarsResult<DataFrame>, categories: &[&str], moments: &[&str]) -> DataFrame {
        let category = DataType::from_categories(Categories::global());
        let mut frame = frame.unwrap().lazy();
        for (names, dtype) in [(categories, category), (moments, DataType::Datetime(TimeUnit::Microseconds, None))] {
            frame = frame.with_columns(names.iter().map(|n| col(*n).cast(dtype.clone())).collect::<Vec<_>>());
        }
        frame.collect().unwrap()
    }

    /// Moments are microseconds, so that they can be told from seconds at a glance: 100, 200, ….
    fn tickets() -> DataFrame {
        let frame = df!(
            "ticket_id" => ["T4", "T3", "T2", "T1", "T0", "T9"],
            "period" => ["2026Q3", "2026Q3", "2026Q3", "2026Q3", "2026Q3", "2026Q2"],
            "service_type" => [Some("维修"), None, Some("安装"), Some("维修"), Some("维修"), Some("维修")],
            "survey_id" => ["carried", "along", "from", "a", "dump", "."],
            "requested_at" => [100i64, 100, 100, 100, 100, 100],
            "resolved_at" => [Some(900i64), Some(800), None, Some(700), Some(600), Some(500)],
            "first_resolved_at" => [None, Some(300i64), Some(400), Some(700), Some(600), Some(500)],
            "first_response_outcome" => ["met", "breached", "running", "met", "cancelled", "breached"],
            "first_response_over_seconds" => [None, Some(7i64), None, None, None, Some(8)],
            "resolution_outcome" => ["breached", "breached", "breached", "breached", "met", "breached"],
            "resolution_policy" => ["sla-1", "sla-1", "promised", "sla-2", "sla-1", "sla-1"],
            "resolution_due_at" => [Some(200i64), Some(200), Some(200), None, Some(950), Some(200)],
            "resolution_target_seconds" => [Some(3600i64), Some(3600), Some(0), Some(7200), Some(3600), Some(3600)],
            "resolution_over_seconds" => [Some(900i64), Some(1800), Some(1800), Some(5400), None, Some(9999)],
            "resolution_cause" => [Some("waiting"), Some("handling"), Some("no_response"), Some("response"), None, None],
            "segment_response_seconds" => [Some(11i64), None, None, Some(12), None, None],
            "segment_waiting_seconds" => [Some(21i64), None, None, Some(22), None, None],
            "segment_handling_seconds" => [Some(31i64), None, None, Some(32), None, None],
        );
        let categories = ["period", "service_type", "first_response_outcome", "resolution_outcome", "resolution_cause"];
        fact(frame, &categories, &["requested_at", "resolved_at", "first_resolved_at", "resolution_due_at"])
    }

    fn surveys() -> DataFrame {
        let frame = df!(
            "survey_id" => ["S3", "S2", "S1"],
            "ticket_id" => [Some("T0"), None, Some("T0")],
            "period" => ["2026Q3", "2026Q3", "2026Q3"],
            "staff_id" => ["E1", "E2", "E3"],
            "answered_at" => [990i64, 980, 970],
            "survey_return_outcome" => [Some("breached"), None, Some("breached")],
            "survey_return_target_seconds" => [86_400i64; 3],
            "survey_return_over_seconds" => [Some(43_200i64), None, Some(43_200)],
            "suggestion_reply_outcome" => [None, Some("breached"), Some("met")],
            "suggestion_reply_over_seconds" => [None, Some(60i64), None],
            // Not that of the ticket, for it is text from the dump.
            "resolved_at" => ["carried", "along", "too"],
            "@resolved_at" => [Some(600i64), None, Some(600)],
        );
        fact(frame, &["period", "survey_return_outcome"], &["answered_at", "@resolved_at"])
    }

    fn listing(plan: &Plan, tickets: &DataFrame, surveys: &DataFrame) -> DataFrame {
        let listed = listed(plan, "2026Q3", tickets, surveys);
        let found: Vec<(&str, DataType)> =
            listed.columns().iter().map(|c| (c.name().as_str(), c.dtype().clone())).collect();
        assert_eq!(found, TABLE.columns.iter().map(|c| (c.name, frame_type(c.name, c.dtype))).collect::<Vec<_>>());
        listed
    }

    fn listed(plan: &Plan, period: &str, tickets: &DataFrame, surveys: &DataFrame) -> DataFrame {
        let review = Review { plan, period, gaps: &[], staff: &[] };
        // The surveys in two pieces.
        let pieces =
            [(TICKET, tickets.clone()), ("fact_survey", surveys.head(Some(1))), ("fact_survey", surveys.slice(1, 9))];
        let picked = pieces.iter().filter_map(|(fact, rows)| pick(&review, fact, rows).unwrap());
        LISTING.table(&review, picked.map(Ok)).unwrap()
    }

    /// Cells of each row in one line; a missing value is `-`, a moment its microseconds.
    fn cells(table: &DataFrame, columns: &[&str]) -> Vec<String> {
        let cell = |name: &str, row: usize| match table.column(name).unwrap().get(row).unwrap() {
            AnyValue::Null => "-".to_owned(),
            AnyValue::Datetime(moment, ..) => moment.to_string(),
            value => value.str_value().into_owned(),
        };
        let line = |row: usize| columns.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" ");
        (0..table.height()).map(line).collect()
    }

    #[test]
    fn the_worst_of_each_clock_come_first() {
        let listed = listing(&default_plan(), &tickets(), &surveys());
        let columns =
            ["clock", "ticket_id", "survey_id", "started_at", "due_at", "ended_at", "over_seconds", "over_share"];
        assert_eq!(
            cells(&listed, &columns),
            [
                "first_response T3 - 100 - - 7 -",
                "resolution T1 - 100 - 700 5400 0.75",
                "resolution T2 - 100 200 - 1800 -",
                "resolution T3 - 100 200 800 1800 0.5",
                "resolution T4 - 100 200 900 900 0.25",
                "survey_return T0 S1 600 - 970 43200 0.5",
                "survey_return T0 S3 600 - 990 43200 0.5",
                "suggestion_reply - S2 980 - - 60 -",
            ]
        );
        let columns = [
            "period",
            "policy",
            "service_type",
            "staff_id",
            "cause",
            "response_seconds",
            "waiting_seconds",
            "handling_seconds",
        ];
        let rows = cells(&listed, &columns);
        assert_eq!(rows[1], "2026Q3 sla-2 维修 - response 12 22 32");
        assert_eq!(rows[2], "2026Q3 promised 安装 - no_response - - -");
        assert_eq!(rows[5], "2026Q3 - - E3 - - - -");
    }

    #[test]
    fn the_first_resolution_ends_a_clock_that_counts_it() {
        let mut plan = default_plan();
        plan.clocks.iter_mut().for_each(|clock| clock.counts = Counts::First);
        let listed = listing(&plan, &tickets(), &surveys());
        let ended: Vec<String> = cells(&listed, &["clock", "ticket_id", "started_at", "ended_at"]);
        assert_eq!(
            ended[1..5],
            ["resolution T1 100 700", "resolution T2 100 400", "resolution T3 100 300", "resolution T4 100 900"]
        );
        assert_eq!(ended[5], "survey_return T0 600 970");
    }

    #[test]
    fn a_period_that_no_row_has_is_empty() {
        assert_eq!(listed(&default_plan(), "1987H1", &tickets(), &surveys()).height(), 0);
    }

    #[test]
    fn without_breaches_or_clocks_there_are_no_rows() {
        let nothing = DataFrame::empty();
        let met = tickets().lazy().filter(col("ticket_id").eq(lit("T0"))).collect().unwrap();
        for (tickets, surveys) in [(&nothing, &nothing), (&met, &nothing), (&nothing, &surveys().head(Some(0)))] {
            assert_eq!(listed(&default_plan(), "2026Q3", tickets, surveys).height(), 0);
        }
        // Without tickets nobody knows when the clock began.
        let alone = surveys().drop("@resolved_at").unwrap();
        let alone = listing(&default_plan(), &nothing, &alone);
        assert_eq!(cells(&alone, &["clock", "started_at", "ended_at"])[0], "survey_return - 970");
    }
}
