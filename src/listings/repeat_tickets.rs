//! Repeat visits, pair by pair.

use polars::prelude::*;

use super::{Listing, Sources};
use crate::schema::Type::{Bool, Double, Text, Timestamp};
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
    ],
};

pub static LISTING: Listing = Listing { table: &TABLE, doc: DOC, select };

const DOC: &str = "\
# Repeat tickets (重复报修清单)

The evidence behind `repeats` in `defect_ranking`: each ticket of the reviewed period whose customer (or serial number, `same` in
`[defects]`), model and fault had been resolved within `repeat_within_days` before, with the ticket it repeats. Sorted by
model, fault and time.
";

fn select(sources: &Sources) -> PolarsResult<DataFrame> {
    let wanted = ["period", "is_repeat", "repeat_of", "since_resolved_seconds"];
    if wanted.iter().any(|c| sources.faults.column(c).is_err()) {
        return Ok(DataFrame::empty());
    }
    let text = |column: &str| col(column).cast(DataType::String);
    let repeats = sources.faults.clone().lazy().filter(col("is_repeat").and(text("period").eq(lit(sources.period))));
    let repeats = repeats.collect()?;
    if repeats.height() == 0 {
        return Ok(DataFrame::empty());
    }
    let staff =
        if sources.tickets.column("staff_id").is_ok() { text("staff_id") } else { lit(NULL).cast(DataType::String) };
    let tickets = sources.tickets.clone().lazy();
    let own = tickets.clone().select([col("ticket_id"), staff.clone().alias("staff_id")]);
    let earlier = tickets.select([
        col("ticket_id").alias("repeat_of"),
        staff.alias("earlier_staff_id"),
        col("resolved_at").alias("earlier_resolved_at"),
    ]);
    let optional = |column: &'static str| {
        if repeats.column(column).is_ok() { text(column) } else { lit(NULL).cast(DataType::String).alias(column) }
    };
    let columns = [
        text("period"),
        optional("product_model"),
        text("fault_code"),
        optional("customer_id"),
        col("ticket_id"),
        col("requested_at"),
        col("repeat_of"),
        col("since_resolved_seconds"),
    ];
    let joined = repeats
        .clone()
        .lazy()
        .select(columns)
        .join(own, [col("ticket_id")], [col("ticket_id")], JoinArgs::new(JoinType::Left))
        .join(earlier, [col("repeat_of")], [col("repeat_of")], JoinArgs::new(JoinType::Left));
    joined
        .with_columns([
            (col("since_resolved_seconds").cast(DataType::Float64) / lit(86_400.0)).alias("days_between"),
            col("staff_id").eq(col("earlier_staff_id")).alias("same_staff"),
        ])
        .select([
            col("period"),
            col("product_model"),
            col("fault_code"),
            col("customer_id"),
            col("ticket_id"),
            col("requested_at"),
            col("staff_id"),
            col("repeat_of").alias("earlier_ticket_id"),
            col("earlier_resolved_at"),
            col("earlier_staff_id"),
            col("days_between"),
            col("same_staff"),
        ])
        .sort(["product_model", "fault_code", "requested_at", "ticket_id"], SortMultipleOptions::default())
        .collect()
}
