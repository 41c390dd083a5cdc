//! Repeat visits, pair by pair.

use polars::prelude::*;

use super::{Listing, Review, equal};
use crate::schema::Type::{Bool, Double, Int64, Text, Timestamp};
use crate::schema::facts::{FACT_FAULT, PARTS_WAIT};
use crate::schema::shared::{FAULT_CODE, PERIOD, PRODUCT_MODEL, TICKET_ID};
use crate::schema::{Label, Table, column};

static TABLE: Table = Table {
    name: "repeat_tickets",
    label: Label { zh: "重复报修清单", en: "Repeat tickets" },
    grain: "one row per ticket and fault code of the reviewed period that repeats an earlier ticket",
    columns: &[
        PERIOD,
        PRODUCT_MODEL,
        FAULT_CODE,
        column("customer_id", Text, "", "客户编号", "Customer", "Customer number."),
        TICKET_ID,
        column("requested_at", Timestamp, "", "客户提出需求时间", "Requested", "When the customer came back."),
        column("staff_id", Text, "", "员工编号", "Staff", "Staff of this ticket."),
        column("earlier_ticket_id", Text, "", "前次工单号", "Earlier ticket", "The ticket it repeats."),
        column(
            "earlier_resolved_at",
            Timestamp,
            "",
            "前次解决时间",
            "Earlier resolved",
            "When that ticket was resolved.",
        ),
        column("earlier_staff_id", Text, "", "前次员工编号", "Earlier staff", "Staff of that ticket."),
        column(
            "days_between",
            Double,
            "days",
            "间隔天数",
            "Days between",
            "From that resolution to this request, in days of 24 h.",
        ),
        column(
            "same_staff",
            Bool,
            "",
            "同一员工",
            "Same staff",
            "Both tickets had the same staff; null where one has none.",
        ),
        column(
            PARTS_WAIT,
            Int64,
            "s",
            "等待备件时长",
            "Waiting for parts",
            "Real seconds for which this ticket waited for parts; null where no pause in the data does.",
        ),
        column(
            "earlier_parts_wait_seconds",
            Int64,
            "s",
            "前次等待备件时长",
            "Earlier waiting for parts",
            "The same of the earlier ticket.",
        ),
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
# Repeat tickets (重复报修清单)

The evidence behind `repeats` in `defect_ranking`: each ticket of the reviewed period whose customer (or serial number, `same` in
`[defects]`), model and fault had been resolved within `repeat_within_days` before, with the ticket it repeats. Sorted by
model, fault and time.
";

/// What a row is made of, besides `product_model` and the like, which need not be there.
const NEEDED: [&str; 4] = ["period", "is_repeat", "repeat_of", "since_resolved_seconds"];
const OTHERS: [&str; 10] = [
    "product_model",
    "fault_code",
    "customer_id",
    "ticket_id",
    "requested_at",
    "staff_id",
    "@earlier_staff_id",
    "@earlier_resolved_at",
    PARTS_WAIT,
    "@earlier_parts_wait_seconds",
];

fn columns(_: &Review, fact: &str) -> Vec<String> {
    let own = NEEDED.into_iter().chain(OTHERS).filter(|_| fact == FACT_FAULT.name);
    own.map(ToOwned::to_owned).collect()
}

fn pick(review: &Review, fact: &str, rows: &DataFrame) -> PolarsResult<Option<DataFrame>> {
    if fact != FACT_FAULT.name || NEEDED.iter().any(|c| rows.column(c).is_err()) {
        return Ok(None);
    }
    let wanted = equal(rows.column("period")?, review.period)? & rows.column("is_repeat")?.bool()?.clone();
    if !wanted.any() {
        return Ok(None);
    }
    let rows = &rows.filter_seq(&wanted)?;
    let text = |column: &str| col(column).cast(DataType::String);
    let optional = |column: &str, dtype: DataType| match rows.column(column) {
        Ok(_) => col(column).cast(dtype),
        Err(_) => lit(NULL).cast(dtype),
    };
    let optional_text = |column: &str| optional(column, DataType::String);
    let columns = [
        text("period"),
        optional_text("product_model").alias("product_model"),
        text("fault_code"),
        optional_text("customer_id").alias("customer_id"),
        col("ticket_id"),
        col("requested_at"),
        optional_text("staff_id").alias("staff_id"),
        col("repeat_of").alias("earlier_ticket_id"),
        optional("@earlier_resolved_at", DataType::Datetime(TimeUnit::Microseconds, None)).alias("earlier_resolved_at"),
        optional_text("@earlier_staff_id").alias("earlier_staff_id"),
        (col("since_resolved_seconds").cast(DataType::Float64) / lit(86_400.0)).alias("days_between"),
        optional_text("staff_id").eq(optional_text("@earlier_staff_id")).alias("same_staff"),
        optional(PARTS_WAIT, DataType::Int64).alias(PARTS_WAIT),
        optional("@earlier_parts_wait_seconds", DataType::Int64).alias("earlier_parts_wait_seconds"),
    ];
    rows.clone().lazy().select_seq(columns).collect().map(Some)
}

#[expect(clippy::unnecessary_wraps, reason = "one of several, of which others fail")]
fn parts(_: &Review, rows: &DataFrame) -> PolarsResult<Vec<DataFrame>> {
    Ok(vec![rows.clone()])
}

const BY: [&str; 4] = ["product_model", "fault_code", "requested_at", "ticket_id"];
