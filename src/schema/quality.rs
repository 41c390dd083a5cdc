//! What is known about the dumps themselves: quarantined rows, counts by rule, and the dictionary of all columns.

use super::Type::{Double, Int64, Text, Timestamp};
use super::shared::ROWS;
use super::{Label, Table, column};

/// One row per quarantined row of a source.
pub static QUARANTINE: Table = Table {
    name: "quarantine",
    label: Label { zh: "隔离数据", en: "Quarantine" },
    grain: "one row per row of a dump that could not be used",
    columns: &[
        column("file", Text, "", "文件", "File", "File name."),
        column(
            "row",
            Int64,
            "",
            "行号",
            "Row",
            "Row of the file or sheet as a spreadsheet numbers it, from 1: titles, header and blank rows count, a quoted line break begins no row. In NDJSON the line.",
        ),
        column("column", Text, "", "列", "Column", "Column as the file names it; null where the whole row is meant."),
        column("value", Text, "", "值", "Value", "The cell as written."),
        column("rule", Text, "", "规则", "Rule", "Rule that the row breaks."),
        column("message", Text, "", "说明", "Message", "What is wrong and what was expected."),
        column("raw", Text, "", "原始行", "Raw row", "The row as read, as one line of CSV."),
    ],
};

/// Counts of what happened to the rows of the dumps.
pub static DATA_QUALITY: Table = Table {
    name: "data_quality",
    label: Label { zh: "数据质量", en: "Data quality" },
    grain: "one row per source, file, rule, and column where the rule is about one; the account of rows (`read`, `used`, `folded`, `identical`, `superseded`, `quarantined`, `left_out`, `filtered`, `blank`) is there for every file",
    columns: &[
        column("source", Text, "", "数据源", "Source", "`tickets`, `pauses`, `surveys` or `staff`."),
        column(
            "file",
            Text,
            "",
            "文件",
            "File",
            "File name, with its sheet or member; null where the source as a whole is meant.",
        ),
        column(
            "rule",
            Text,
            "",
            "规则",
            "Rule",
            "What was counted: a part of the account, a rule, `filled` (completeness of a column), `latest` (the last moment that had happened), `in_period` and `in_previous_period` (rows used by reporting period).",
        ),
        column(
            "severity",
            Text,
            "",
            "级别",
            "Severity",
            "`info`: an account of rows; `warning`: rows counted and used; `error`: rows quarantined.",
        ),
        ROWS,
        column(
            "column",
            Text,
            "",
            "列",
            "Column",
            "Our column, for `filled`, `unknown_value`, `column_missing` and `column_emptied`; else null.",
        ),
        column("share", Double, "share", "占比", "Share", "For `filled`: rows with a value among the rows kept."),
        column("latest", Timestamp, "", "最新时间", "Latest", "For `latest`: the moment."),
        column("value", Text, "", "取值", "Value", "For `unknown_value`: the value as the dump has it."),
    ],
};

/// Every column of every published table.
pub static DATA_DICTIONARY: Table = Table {
    name: "data_dictionary",
    label: Label { zh: "数据字典", en: "Data dictionary" },
    grain: "one row per column of a published table",
    columns: &[
        column("table", Text, "", "表", "Table", "Table name."),
        column("column", Text, "", "列", "Column", "Column name."),
        column("position", Int64, "", "位置", "Position", "Place of the column in its table, from 1."),
        column("type", Text, "", "类型", "Type", "Parquet type."),
        column("unit", Text, "", "单位", "Unit", "Unit, empty where there is none."),
        column("label_zh", Text, "", "中文名", "Chinese label", "Label in Chinese."),
        column("label_en", Text, "", "英文名", "English label", "Label in English."),
        column("description", Text, "", "说明", "Description", "What the column holds."),
    ],
};
