//! Units in the field.

use super::super::Type::{Bool, Date, Int32};
use super::super::shared::{PERIOD, PRODUCT_MODEL};
use super::super::{Label, Table, column};
use super::{MONTH, text};

/// Flag of counts: no later one of the same model and line in the month.
pub const IS_LAST: &str = "is_last";

/// One row per count of units in the field.
pub static FACT_UNITS: Table = Table {
    name: "fact_units",
    label: Label { zh: "在用机表", en: "Units in the field" },
    grain: "one row per count of the units of a model (or line) that are in the field",
    columns: &[
        PRODUCT_MODEL,
        text("product_line", "产品线", "Product line", "Product line as in the dump."),
        column("counted_on", Date, "", "统计日期", "Counted on", "The day on which so many were in the field."),
        column("units", Int32, "units", "在用台数", "Units", "Units in the field."),
        MONTH.doc("Month of the count, `2026-07`."),
        PERIOD.doc("Reporting period of the count."),
        column(
            IS_LAST,
            Bool,
            "",
            "当月最后一次",
            "Last of the month",
            "No later count of the same model and line in the month: such counts are what defects are set against.",
        ),
    ],
};
