//! The figures that a reader asks for first.

use crate::publish::View;
use crate::schema::shared::ALL;

use super::Report;

/// The short summary of a review.
#[derive(Debug, Default)]
pub struct Headlines {
    pub attainment: Vec<Attainment>,
    /// Dimensions whose score depends on tenure, with q < 0.05.
    pub tenure: Vec<Tenure>,
    /// The first three defects.
    pub defects: Vec<Defect>,
}

/// One clock over all tickets of the period.
#[derive(Debug)]
pub struct Attainment {
    pub clock: String,
    pub share: f64,
    pub low: f64,
    pub high: f64,
    /// Tickets judged.
    pub n: u64,
}

/// A dimension in which one tenure band is weaker.
#[derive(Debug)]
pub struct Tenure {
    pub dimension: String,
    pub lowest_band: String,
    pub reference_band: String,
    pub gap: f64,
    pub q: f64,
}

#[derive(Debug)]
pub struct Defect {
    pub model: String,
    pub fault: String,
    pub tickets: u64,
    pub repeats: u64,
    /// Rate per ticket against the previous period.
    pub change: Option<f64>,
}

/// Picks the headlines out of the tables of a report.
pub fn headlines(report: &Report) -> Headlines {
    let period = report.moment.period.to_string();
    let view = |name: &str| report.tables.iter().find(|(t, _)| t.name == name).map(|(_, frame)| View::new(frame));
    let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let mut found = Headlines::default();
    if let Some(table) = view("sla_attainment") {
        for row in table.rows(&[("period", &period), ("breakdown", ALL)]) {
            let n = table.count("met", row) + table.count("breached", row);
            if let Some(e) = table.estimate("attainment", n, row) {
                found.attainment.push(Attainment {
                    clock: own(table.text("clock", row)),
                    share: e.value,
                    low: e.low,
                    high: e.high,
                    n,
                });
            }
        }
    }
    if let Some(table) = view("tenure_effect") {
        for row in table.rows(&[("period", &period)]) {
            if let (Some(q), Some(gap)) = (table.double("q", row).filter(|q| *q < 0.05), table.double("gap", row)) {
                found.tenure.push(Tenure {
                    dimension: own(table.text("dimension", row)),
                    lowest_band: own(table.text("lowest_band", row)),
                    reference_band: own(table.text("reference_band", row)),
                    gap,
                    q,
                });
            }
        }
    }
    if let Some(table) = view("defect_ranking") {
        for row in table.rows(&[("period", &period)]).into_iter().take(3) {
            found.defects.push(Defect {
                model: own(table.text("product_model", row)),
                fault: own(table.text("fault_code", row)),
                tickets: table.count("tickets", row),
                repeats: table.count("repeats", row),
                change: table.double("change_ratio", row),
            });
        }
    }
    found
}
