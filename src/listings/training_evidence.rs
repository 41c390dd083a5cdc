//! The answers behind each skill gap.

use std::collections::HashMap;

use polars::prelude::*;

use super::{Listing, Review, gathered, reviewed, texts};
use crate::schema::Type::{Double, Text, Timestamp};
use crate::schema::facts::{SURVEY, score};
use crate::schema::shared::{DIMENSION, PERIOD, PRODUCT_MODEL, STAFF_ID, STAFF_NAME, TICKET_ID};
use crate::schema::{Label, Table, column};

static TABLE: Table = Table {
    name: "training_evidence",
    label: Label { zh: "培训依据", en: "Training evidence" },
    grain: "one row per skill gap of the reviewed period and low answer behind it, ten at most for each gap",
    columns: &[
        PERIOD,
        STAFF_ID.doc("Staff member with the gap."),
        STAFF_NAME,
        DIMENSION,
        column("score", Double, "points", "评分", "Score", "The answer, 1–5."),
        column("survey_id", Text, "", "评价编号", "Survey", "Survey number."),
        TICKET_ID,
        column("answered_at", Timestamp, "", "评价时间", "Answered", "When the survey was answered."),
        column("evaluator", Text, "", "评价主体", "Evaluator", "Who answered."),
        column("service_type", Text, "", "服务类型", "Service type", "Kind of service."),
        PRODUCT_MODEL.doc("Product model of the ticket; null where the data have none."),
        column("fault_codes", Text, "", "故障代码", "Fault codes", "Fault codes of the ticket, joined by `;`."),
        column("emotion", Text, "", "客户情绪", "Emotion", "The customer's mood as noted."),
        column("comment", Text, "", "评价内容", "Comment", "Free text."),
        column("suggestion", Text, "", "改进建议", "Suggestion", "Free text."),
    ],
};

pub static LISTING: Listing =
    Listing { table: &TABLE, doc: DOC, columns, pick, parts, by: &BY, order, most: Some(MOST), gather: None };

/// Rows of a gap.
const MOST: usize = 10;

const DOC: &str = "\
# Training evidence (培训依据)

The answers behind each row of `skill_gaps` with `is_gap` in the reviewed period: the ten lowest below the target of `[scores]`, the
newest of equal ones first, with ticket, date, service type, fault and what the customer wrote. Gaps stand in the order of `skill_gaps`,
the most pressing first.

Read them before you talk to somebody: ten low answers to one service type or one fault ask for another course than ten to all
kinds of work, and a gap whose evidence comes from one customer is no gap of skill.
";

const BY: [&str; 3] = ["score", "answered_at", "survey_id"];

/// The lowest first, of equal ones the newest.
fn order() -> SortMultipleOptions {
    SortMultipleOptions::default().with_order_descending_multi([false, true, false])
}

fn columns(review: &Review, fact: &str) -> Vec<String> {
    let scores = review.plan.score_names().into_iter().map(score);
    let own = TABLE.columns.iter().map(|column| column.name).filter(|name| !["dimension", "score"].contains(name));
    own.chain(scores).filter(|_| fact == SURVEY).map(ToOwned::to_owned).collect()
}

fn pick(review: &Review, fact: &str, rows: &DataFrame) -> PolarsResult<Option<DataFrame>> {
    if fact != SURVEY || rows.column("staff_id").is_err() {
        return Ok(None);
    }
    let Some(period) = reviewed(review, rows)? else { return Ok(None) };
    let (mut places, mut names, mut points) = (Vec::new(), Vec::new(), Vec::new());
    for name in review.plan.score_names() {
        let Ok(scores) = rows.column(score(name)) else { continue };
        for ((place, reviewed), score) in (0..).zip(period.iter()).zip(scores.i32()?.iter()) {
            let given = score.filter(|_| reviewed == Some(true)).map(|score| f64::from(score) / 1000.0);
            if let Some(given) = given.filter(|given| *given < review.plan.scores.target) {
                places.push(place);
                names.push(name);
                points.push(given);
            }
        }
    }
    if places.is_empty() {
        return Ok(None);
    }
    let names = Column::new("dimension".into(), names).cast(&DataType::from_categories(Categories::global()))?;
    gathered(&TABLE, rows, &places, &[names, Column::new("score".into(), points)]).map(Some)
}

/// Gap by gap, as they are told.
fn parts(review: &Review, rows: &DataFrame) -> PolarsResult<Vec<DataFrame>> {
    let gaps = (0..).zip(review.gaps).map(|(place, gap)| ((gap.staff_id.as_str(), gap.dimension.as_str()), place));
    let gaps: HashMap<(&str, &str), usize> = gaps.collect();
    let mut of: Vec<Vec<IdxSize>> = vec![Vec::new(); review.gaps.len()];
    let both = texts(rows.column("staff_id")?)?.into_iter().zip(texts(rows.column("dimension")?)?);
    for (row, (staff, dimension)) in (0..).zip(both) {
        if let Some(place) = staff.zip(dimension).and_then(|key| gaps.get(&key)) {
            of[*place].push(row);
        }
    }
    let take = |own: Vec<IdxSize>| {
        let own = IdxCa::from_slice(PlSmallStr::EMPTY, &own);
        let columns = rows.columns().iter().map(|column| column.take(&own)).collect::<PolarsResult<Vec<_>>>()?;
        DataFrame::new(own.len(), columns)
    };
    of.into_iter().map(take).collect()
}
