//! Faults.

use super::super::Type::{Bool, Int32, Int64};
use super::super::shared::{FAULT_CODE, PERIOD, PRODUCT_MODEL, STAFF_ID, TEAM, TENURE_BAND, TICKET_ID};
use super::super::{Label, Table, column};
use super::{BRANCH, CUSTOMER_ID, MONTH, REGION, REQUESTED_AT, SERIAL_NUMBER, SERVICE_TYPE, fix, text};

/// One row per ticket and distinct fault code.
pub static FACT_FAULT: Table = Table {
    name: "fact_fault",
    label: Label { zh: "故障事实表", en: "Faults" },
    grain: "one row per ticket and distinct fault code",
    columns: &[
        TICKET_ID,
        FAULT_CODE,
        PRODUCT_MODEL,
        MONTH,
        PERIOD,
        REQUESTED_AT,
        CUSTOMER_ID,
        SERIAL_NUMBER,
        SERVICE_TYPE,
        column(
            "is_repeat",
            Bool,
            "",
            "是否重复",
            "Repeat",
            "An earlier ticket of the same customer (or serial number), model and fault was resolved within the plan's days before this request; null where the ticket has no customer (or serial number).",
        ),
        text(
            "repeat_of",
            "重复自工单",
            "Repeat of",
            "The ticket it repeats: the one resolved last before this request.",
        ),
        column(
            "since_resolved_seconds",
            Int64,
            "s",
            "距上次解决",
            "Since resolved",
            "Real seconds from that resolution to this request.",
        ),
        text(
            "chain_of",
            "首次工单",
            "Chain of",
            "The ticket that began it all, where this one repeats one that may be a repeat itself.",
        ),
        column(
            "chain_visit",
            Int32,
            "visits",
            "第几次报修",
            "Chain visit",
            "The number of this visit in the chain; that ticket is the first. Null where it repeats nothing.",
        ),
        column(
            "overall_answers",
            Int32,
            "answers",
            "总体满意度份数",
            "Overall answers",
            "Answers to `overall` in the surveys of this ticket.",
        ),
        column(
            "overall_thousandths",
            Int64,
            "points/1000",
            "总体满意度合计",
            "Overall sum",
            "Sum of those answers in thousandths of a point.",
        ),
        STAFF_ID.doc("Staff of the ticket."),
        TEAM,
        TENURE_BAND,
        REGION,
        BRANCH,
        fix::STAGE_COLUMN,
        column(
            "returned",
            Bool,
            "",
            "再次报修",
            "Returned",
            "The customer (or unit) came back with the same model and fault after this was resolved, however late; null where it is not resolved, cancelled, or nobody knows whose it was.",
        ),
        column(
            "followed_days",
            Int32,
            "days",
            "跟踪天数",
            "Followed",
            "Whole days of 24 h from the resolution to that return, else to the moment of the review.",
        ),
        fix::FAILED_COLUMN,
        fix::TICKET_FAILED_COLUMN,
    ],
};
