//! Third and later visits for the same.

use polars::prelude::*;

use super::{Listing, Review, gathered, reviewed};
use crate::schema::Type::{Int32, Text, Timestamp};
use crate::schema::facts::FACT_FAULT;
use crate::schema::shared::{FAULT_CODE, PERIOD, PRODUCT_MODEL, STAFF_ID, TICKET_ID};
use crate::schema::{Label, Table, column};

static TABLE: Table = Table {
    name: "repeat_chains",
    label: Label { zh: "多次报修清单", en: "Repeat chains" },
    grain: "one row per ticket and fault code of the reviewed period that is the third visit or a later one for the same",
    columns: &[
        PERIOD,
        PRODUCT_MODEL,
        FAULT_CODE,
        column("customer_id", Text, "", "客户编号", "Customer", "Customer number."),
        column("serial_number", Text, "", "产品序列号", "Serial number", "Serial number of the unit."),
        column("chain_of", Text, "", "首次工单", "First ticket", "The ticket that began it all."),
        column(
            "chain_visit",
            Int32,
            "visits",
            "第几次报修",
            "Visit",
            "The number of this visit; the first ticket is 1.",
        ),
        TICKET_ID,
        column("requested_at", Timestamp, "", "客户提出需求时间", "Requested", "When the customer came again."),
        column("repeat_of", Text, "", "前次工单号", "Earlier ticket", "The visit before."),
        STAFF_ID.doc("Staff of this ticket."),
    ],
};

pub static LISTING: Listing =
    Listing { table: &TABLE, doc: DOC, columns, pick, parts, by: &BY, order, most: None, gather: None };

const DOC: &str = "\
# Repeat chains (多次报修清单)

Customers (or units, `same` in `[defects]`) that came for the same fault of the same model a third time and more: each visit repeats the
one before within `repeat_within_days`, and that one is a repeat, too. The longest chains come first, and in a chain the latest visit;
`repeat_tickets` has each pair with the days between.

Two visits are bad luck, three are a case for somebody who looks at the root cause, and for an apology.
";

const BY: [&str; 4] = ["chain_visit", "chain_of", "fault_code", "ticket_id"];

/// The longest first.
fn order() -> SortMultipleOptions {
    SortMultipleOptions::default().with_order_descending_multi([true, false, false, false])
}

/// The third visit makes a chain.
const FEWEST: i32 = 3;

fn columns(_: &Review, fact: &str) -> Vec<String> {
    let own = TABLE.columns.iter().map(|column| column.name).filter(|_| fact == FACT_FAULT.name);
    own.map(ToOwned::to_owned).collect()
}

fn pick(review: &Review, fact: &str, rows: &DataFrame) -> PolarsResult<Option<DataFrame>> {
    if fact != FACT_FAULT.name {
        return Ok(None);
    }
    let (Some(period), Ok(visits)) = (reviewed(review, rows)?, rows.column("chain_visit")) else { return Ok(None) };
    let both = (0..).zip(period.iter().zip(visits.i32()?.iter()));
    let chosen = both.filter(|(_, (reviewed, visit))| *reviewed == Some(true) && visit.is_some_and(|n| n >= FEWEST));
    let chosen: Vec<IdxSize> = chosen.map(|(row, _)| row).collect();
    if chosen.is_empty() {
        return Ok(None);
    }
    // A text, for it is sorted by.
    let codes = super::texts(rows.column("fault_code")?)?;
    let codes = Column::new("fault_code".into(), chosen.iter().map(|row| codes[*row as usize]).collect::<Vec<_>>());
    gathered(&TABLE, rows, &chosen, &[codes]).map(Some)
}

#[expect(clippy::unnecessary_wraps, reason = "one of several, of which others fail")]
fn parts(_: &Review, rows: &DataFrame) -> PolarsResult<Vec<DataFrame>> {
    Ok(vec![rows.clone()])
}
