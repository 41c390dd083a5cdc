//! What comes back, what customers speak of, and whether measures helped.

use super::super::Report;
use crate::publish::View;
use crate::schema::facts::action::is_open;
use crate::schema::facts::opinion::{OF_SURVEYS, OTHER};
use crate::schema::shared::ALL;

/// A product model and a fault.
pub type Named = (String, String);

/// What to improve.
#[derive(Debug, Default)]
pub struct Improve {
    /// The three defects to mend first.
    pub first: Vec<Named>,
    /// Defects that rise from month to month, with q < 0.05.
    pub rising: Vec<Named>,
    /// Defects that nobody had before the period, and those that had vanished in it.
    pub new: Vec<Named>,
    pub vanished: Vec<Named>,
    /// The themes most spoken of in surveys, with their shares, and the number of texts.
    pub themes: Vec<(String, f64)>,
    pub texts: u64,
    /// Measures by their numbers: overdue, better, worse, and those whose target is not in the data.
    pub overdue: Vec<String>,
    pub better: Vec<String>,
    pub worse: Vec<String>,
    pub unknown: Vec<(String, String)>,
}

/// Themes that are named.
const THEMES: usize = 3;

pub fn improve(report: &Report) -> Improve {
    let period = report.moment.period.to_string();
    let view = |name: &str| report.tables.iter().find(|(t, _)| t.name == name).map(|(_, frame)| View::new(frame));
    let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let named = |table: View, row: usize| (own(table.text("product_model", row)), own(table.text("fault_code", row)));
    let mut found = Improve::default();
    if let Some(table) = view("defect_ranking") {
        let rows = table.defects(&[("period", &period)]).into_iter().filter(|row| table.flag("is_top_three", *row));
        let mut rows: Vec<usize> = rows.collect();
        rows.sort_by_key(|row| table.long("priority_rank", *row));
        found.first = rows.into_iter().map(|row| named(table, row)).collect();
    }
    if let Some(table) = view("defect_trend") {
        let with = |column: &str, value: &str| {
            let mut all: Vec<Named> = table.rows(&[(column, value)]).into_iter().map(|row| named(table, row)).collect();
            // A row for each month.
            all.dedup();
            all
        };
        found.rising = with("trend", "rising");
        found.new = with("standing", "new");
        found.vanished = with("standing", "vanished");
    }
    if let Some(table) = view("opinion_themes") {
        let rows = table.rows(&[("period", &period), ("source", OF_SURVEYS), ("breakdown", ALL)]);
        found.texts = rows.first().map_or(0, |row| table.count("n", *row));
        let themes = rows.iter().filter_map(|row| Some((own(table.text("theme", *row)), table.double("share", *row)?)));
        found.themes = themes.filter(|(theme, share)| theme != OTHER && *share > 0.0).collect();
        found.themes.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.themes.truncate(THEMES);
    }
    if let Some(table) = view("action_effect") {
        for row in table.rows(&[("period", &period)]) {
            let id = own(table.text("action_id", row));
            let open = table.text("state", row).is_some_and(is_open);
            if open && table.long("overdue_workdays", row).is_some_and(|days| days > 0) {
                found.overdue.push(id.clone());
            }
            match table.text("verdict", row) {
                Some("better") => found.better.push(id),
                Some("worse") => found.worse.push(id),
                Some("not_in_data") => found.unknown.push((id, own(table.text("target", row)))),
                _ => {}
            }
        }
    }
    found
}
