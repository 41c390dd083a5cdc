//! Surveys with a sign that they are not what they seem.

use polars::prelude::*;

use super::{Listing, Review, gathered, reviewed, texts};
use crate::schema::Type::{Double, Text, Timestamp};
use crate::schema::facts::{SURVEY, score};
use crate::schema::shared::{JOINED, PERIOD, STAFF_ID, STAFF_NAME, TEAM, TICKET_ID};
use crate::schema::{Label, Table, column};

static TABLE: Table = Table {
    name: "survey_flags",
    label: Label { zh: "存疑评价明细", en: "Flagged surveys" },
    grain: "one row per survey of the reviewed period and flag",
    columns: &[
        PERIOD,
        column("flag", Text, "", "标记", "Flag", "What is odd: see the table's description."),
        STAFF_ID.doc("Staff member credited."),
        STAFF_NAME,
        TEAM,
        column("survey_id", Text, "", "评价编号", "Survey", "Survey number."),
        TICKET_ID,
        column("evaluator", Text, "", "评价主体", "Evaluator", "Who answered."),
        column("answered_at", Timestamp, "", "评价时间", "Answered", "When the survey was answered."),
        column(
            "overall",
            Double,
            "points",
            "总体满意度",
            "Overall",
            "Answer to `overall`, 1–5; null where the data have none.",
        ),
        column("comment", Text, "", "评价内容", "Comment", "Free text."),
    ],
};

pub static LISTING: Listing = Listing {
    table: &TABLE,
    doc: DOC,
    columns,
    pick,
    parts,
    by: &BY,
    order: SortMultipleOptions::default,
    most: None,
    gather: None,
};

const DOC: &str = "\
# Flagged surveys (存疑评价明细)

Surveys of the reviewed period with a sign that they are not what they seem. They are used like all others; `integrity` tells what
the means would be without them, how common each flag is, and whether chance explains how many a member of staff has.

- `all_equal` 各维度同分: all answers are the same, in `equal_dimensions` dimensions at least. Most are honest: see the base rate.
- `at_once` 服务未结束即评价: answered before the service ended, or within `at_once` after it.
- `copied` 与客户评分完全相同: a supervisor or auditor gave the customer's marks throughout.
- `many_top` 短时间集中满分: one of `many_top` surveys at least with top marks only, for one member of staff within `many_top_within`.
- `same_customer` 同一客户多次评价: one of `same_customer` surveys at least by one customer, or from one phone, in the period.

Where dumps tell the day of an answer alone, `at_once` and `many_top` are not looked for. The thresholds stand in `[integrity]` of the pipeline. Sorted by flag, staff and time, so that a burst stands together. A flag is a
reason to look, not a proof.
";

const BY: [&str; 4] = ["flag", "staff_id", "answered_at", "survey_id"];
const FLAGS: &str = "flags";
const OVERALL: &str = "overall";

fn columns(_: &Review, fact: &str) -> Vec<String> {
    let own = TABLE.columns.iter().map(|column| column.name).filter(|name| !["flag", OVERALL].contains(name));
    own.chain([FLAGS, score(OVERALL)]).filter(|_| fact == SURVEY).map(ToOwned::to_owned).collect()
}

fn pick(review: &Review, fact: &str, rows: &DataFrame) -> PolarsResult<Option<DataFrame>> {
    if fact != SURVEY {
        return Ok(None);
    }
    let (Some(period), Ok(flags)) = (reviewed(review, rows)?, rows.column(FLAGS)) else { return Ok(None) };
    let overall = rows.column(score(OVERALL)).ok().map(|column| column.i32()).transpose()?;
    let (mut places, mut names, mut points) = (Vec::new(), Vec::new(), Vec::new());
    for ((place, reviewed), flags) in (0..).zip(period.iter()).zip(texts(flags)?) {
        for name in flags.filter(|_| reviewed == Some(true)).into_iter().flat_map(|flags| flags.split(JOINED)) {
            places.push(place);
            names.push(name);
            points.push(overall.and_then(|overall| overall.get(place as usize)).map(|score| f64::from(score) / 1000.0));
        }
    }
    if places.is_empty() {
        return Ok(None);
    }
    // Texts, for they are sorted by.
    let staff = rows.column("staff_id").ok().map(texts).transpose()?;
    let staff = places.iter().map(|place| staff.as_ref().and_then(|staff| staff[*place as usize]));
    let staff = Column::new("staff_id".into(), staff.collect::<Vec<_>>());
    let own = [Column::new("flag".into(), names), staff, Column::new(OVERALL.into(), points)];
    gathered(&TABLE, rows, &places, &own).map(Some)
}

#[expect(clippy::unnecessary_wraps, reason = "one of several, of which others fail")]
fn parts(_: &Review, rows: &DataFrame) -> PolarsResult<Vec<DataFrame>> {
    Ok(vec![rows.clone()])
}
