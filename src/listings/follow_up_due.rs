//! The calls that are to be made.

use polars::prelude::*;

use super::{Listing, Review, gathered};
use crate::schema::Type::{Text, Timestamp};
use crate::schema::facts::AWAITED;
use crate::schema::facts::follow_up::{ACTION_ID, DUE_AT, ENDED_AT, FROM_AT, OCCASION, STATE};
use crate::schema::shared::{PERIOD, PRODUCT_MODEL, STAFF_ID, STAFF_NAME, TEAM, TICKET_ID};
use crate::schema::{Label, Table, column};

static TABLE: Table = Table {
    name: "follow_up_due",
    label: Label { zh: "待回访清单", en: "Follow-up calls due" },
    grain: "one row per call to make: of a finished ticket whose customer has not answered a survey of it (since the measure)",
    columns: &[
        PERIOD,
        column(
            STATE,
            Text,
            "",
            "状态",
            "State",
            "`overdue`: the call should have been made by the moment of the review; `due`: it may be made now; `ahead`: later.",
        ),
        column(
            OCCASION,
            Text,
            "",
            "回访事由",
            "Occasion",
            "`complaint` where the ticket is one, else `service`; `measure` where what it was about has been improved since.",
        ),
        column(DUE_AT, Timestamp, "", "最迟回访时间", "Due", "When the customer should have been called."),
        column(FROM_AT, Timestamp, "", "最早回访时间", "From", "From when on the customer may be called."),
        column(
            ENDED_AT,
            Timestamp,
            "",
            "服务结束时间",
            "Service ended",
            "When the ticket was resolved (else: closed).",
        ),
        TICKET_ID,
        column("customer_id", Text, "", "客户编号", "Customer", "Customer number."),
        column("customer_tier", Text, "", "客户等级", "Customer tier", "Customer tier as in the dump."),
        column("service_type", Text, "", "服务类型", "Service type", "Kind of service."),
        PRODUCT_MODEL.doc("Product model of the ticket; null where the data have none."),
        column("fault_codes", Text, "", "故障代码", "Fault codes", "Fault codes of the ticket, joined by `;`."),
        column("region", Text, "", "区域", "Region", "Region as in the dump."),
        column("branch", Text, "", "网点", "Branch", "Branch as in the dump."),
        STAFF_ID.doc("Staff of the ticket, who should not make the call."),
        STAFF_NAME,
        TEAM,
        column(ACTION_ID, Text, "", "措施编号", "Action", "The measure after which the customer is called again."),
        column("requested_at", Timestamp, "", "客户提出需求时间", "Requested", "When the customer asked."),
    ],
};

pub static LISTING: Listing =
    Listing { table: &TABLE, doc: DOC, columns, pick, parts, by: &BY, order, most: None, gather: None };

const DOC: &str = "\
# Follow-up calls due (待回访清单)

Whom to call about which service: tickets that are finished (resolved, else closed) and not cancelled, of which no customer has
answered a survey. `[follow_up]` says by when: after a service from `service_from` to `service_by` (3rd working day to the closing of
the 5th, in the ticket's own calendar), after a complaint by `complaint_by` (24 h around the clock). A customer who has answered has
been heard, however the question came; other calls leave no trace in the dumps.

After a measure of `[sources.actions]` was completed the customers whom it concerns are called again, by `measure_by` (a week): those of
finished tickets with the fault, model or product line that its target names, that ended within `measure_reach` before the completion.
Only a survey of the same ticket that was answered after the completion spares that call.

Told are the calls that fall due from the first day of the reviewed period on, of tickets that ended at most 31 days before it,
whatever period the tickets belong to. The earliest due time comes first, so overdue calls stand above all others; a due time beyond
the years that the calendar knows is null and comes last.

A call of a random sample instead of everybody is what `aftersales sample` draws.
";

/// Overdue ones first.
const BY: [&str; 3] = [DUE_AT, "ticket_id", ACTION_ID];

fn order() -> SortMultipleOptions {
    SortMultipleOptions::default().with_nulls_last(true)
}

/// They come from no fact that is published.
fn columns(_: &Review, _: &str) -> Vec<String> {
    Vec::new()
}

fn pick(review: &Review, fact: &str, rows: &DataFrame) -> PolarsResult<Option<DataFrame>> {
    if fact != AWAITED || rows.height() == 0 {
        return Ok(None);
    }
    let all: Vec<IdxSize> = (0..).take(rows.height()).collect();
    let period = Column::new("period".into(), vec![review.period; all.len()]);
    gathered(&TABLE, rows, &all, &[period]).map(Some)
}

#[expect(clippy::unnecessary_wraps, reason = "one of several, of which others fail")]
fn parts(_: &Review, rows: &DataFrame) -> PolarsResult<Vec<DataFrame>> {
    Ok(vec![rows.clone()])
}
