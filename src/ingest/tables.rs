//! What is known about the dumps, as tables.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::facts::frame;
use super::quality::{Broken, FileReport};
use super::{Dumps, Loaded};
use crate::schema::input::SourceKind;
use crate::schema::rules::{RULES, UNKNOWN_VALUE};
use crate::time::Wall;

/// One row of `data_quality`.
#[derive(Default)]
struct Line<'a> {
    source: &'static str,
    file: Option<&'a str>,
    rule: &'static str,
    severity: &'static str,
    rows: u64,
    column: Option<&'a str>,
    share: Option<f64>,
    latest: Option<Wall>,
    value: Option<&'a str>,
}

/// `data_quality`: for every file the account of its rows, the rules that rows broke, how complete its columns are and how
/// fresh it is; for the sources that `periods` names, once facts have been derived, their rows in the reviewed period and in
/// the one before.
pub fn data_quality(dumps: &Dumps, periods: &BTreeMap<SourceKind, [u64; 2]>) -> PolarsResult<DataFrame> {
    let mut lines = Vec::new();
    for (kind, loaded) in &dumps.sources {
        for file in &loaded.files {
            of_file(kind.name(), file, &mut lines);
        }
        for (rule, rows) in ["in_period", "in_previous_period"].into_iter().zip(periods.get(kind).into_iter().flatten())
        {
            lines.push(Line { source: kind.name(), rule, severity: "info", rows: *rows, ..Line::default() });
        }
    }
    let text = |name: &str, of: &dyn Fn(&Line) -> Option<String>| {
        Column::new(PlSmallStr::from_str(name), lines.iter().map(of).collect::<Vec<_>>())
    };
    DataFrame::new(
        lines.len(),
        vec![
            text("source", &|l| Some(l.source.to_owned())),
            text("file", &|l| l.file.map(ToOwned::to_owned)),
            text("rule", &|l| Some(l.rule.to_owned())),
            text("severity", &|l| Some(l.severity.to_owned())),
            frame::longs("rows", lines.iter().map(|l| Some(l.rows.cast_signed())).collect()),
            text("column", &|l| l.column.map(ToOwned::to_owned)),
            Column::new(PlSmallStr::from_static("share"), lines.iter().map(|l| l.share).collect::<Vec<_>>()),
            frame::times("latest", lines.iter().map(|l| l.latest).collect()),
            text("value", &|l| l.value.map(ToOwned::to_owned)),
        ],
    )
}

#[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^53")]
fn of_file<'a>(source: &'static str, report: &'a FileReport, lines: &mut Vec<Line<'a>>) {
    let file = Some(report.name.as_str());
    let line = |rule, severity, rows| Line { source, file, rule, severity, rows, ..Line::default() };
    lines.extend(report.account.parts().map(|(part, rows)| line(part, "info", rows)));
    for rule in RULES {
        let sides = [(&report.errors, "error"), (&report.warnings, "warning")];
        for (broken, severity) in sides.into_iter().filter_map(|(rules, s)| rules.get(rule.name).map(|b| (b, s))) {
            if rule == &UNKNOWN_VALUE && severity == "warning" {
                unknown_values(report, broken, &line, lines);
            } else {
                let column = broken.columns.as_deref();
                lines.push(Line { column, ..line(rule.name, severity, broken.rows) });
            }
        }
    }
    for (column, filled) in &report.filled {
        let share = (report.kept > 0).then(|| *filled as f64 / report.kept as f64);
        lines.push(Line { column: Some(column), share, ..line("filled", "info", *filled) });
    }
    if report.latest.is_some() {
        lines.push(Line { latest: report.latest, ..line("latest", "info", report.account.used) });
    }
}

/// One line a value; those beyond the list together.
fn unknown_values<'a>(
    report: &'a FileReport,
    broken: &Broken,
    line: &dyn Fn(&'static str, &'static str, u64) -> Line<'a>,
    lines: &mut Vec<Line<'a>>,
) {
    let mut rest = broken.rows;
    for ((column, value), rows) in &report.unknown {
        rest -= rows;
        let of_value = line(UNKNOWN_VALUE.name, "warning", *rows);
        lines.push(Line { column: Some(column), value: Some(value), ..of_value });
    }
    if rest > 0 {
        lines.push(line(UNKNOWN_VALUE.name, "warning", rest));
    }
}

/// `quarantine` of one source.
pub fn quarantine(loaded: &Loaded) -> PolarsResult<DataFrame> {
    let bad = || loaded.quarantine.iter();
    let text = |name: &str, values: Vec<Option<&str>>| Column::new(PlSmallStr::from_str(name), values);
    DataFrame::new(
        loaded.quarantine.len(),
        vec![
            text("file", bad().map(|b| Some(b.file.as_str())).collect()),
            frame::longs("row", bad().map(|b| Some(b.row.cast_signed())).collect()),
            text("column", bad().map(|b| b.column.as_deref()).collect()),
            text("value", bad().map(|b| b.value.as_deref()).collect()),
            text("rule", bad().map(|b| Some(b.rule.name)).collect()),
            text("message", bad().map(|b| Some(b.message.as_str())).collect()),
            text("raw", bad().map(|b| Some(b.raw.as_str())).collect()),
        ],
    )
}
