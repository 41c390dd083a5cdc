//! The figures that a reader asks for first.

mod improve;

use crate::plan::Plan;
use crate::publish::View;
use crate::schema::facts::{TICKET, follow_up};
use crate::schema::shared::{ALL, JOINED};

use super::Report;
pub use improve::{Improve, Named};

/// The short summary of a review.
#[derive(Debug, Default)]
pub struct Headlines {
    pub attainment: Vec<Attainment>,
    /// Tickets of the period, where no clock of tickets could be judged; 0 where some could.
    pub without_target: u64,
    /// Dimensions whose score differs between tenure bands, with q < 0.05.
    pub tenure: Vec<Tenure>,
    /// Dimensions in which members of staff are weaker than their peers, the most pressing first.
    pub courses: Vec<Course>,
    /// What overall satisfaction hangs on.
    pub drivers: Option<Drivers>,
    /// The part of the evaluators' weights whose evaluators have answered, where it is not all of them.
    pub weighed: Option<f64>,
    /// Calls that customers wait for.
    pub calls: Calls,
    /// The first three defects.
    pub defects: Vec<Defect>,
    /// What to improve, and what became of measures.
    pub improve: Improve,
}

/// One clock over all tickets of the period, or all surveys.
#[derive(Debug)]
pub struct Attainment {
    pub clock: String,
    pub share: f64,
    pub low: f64,
    pub high: f64,
    /// Tickets judged, or surveys.
    pub n: u64,
}

/// A dimension in which tenure bands differ.
#[derive(Debug)]
pub struct Tenure {
    pub dimension: String,
    /// The lowest band, the most senior one, and the first's mean − the other's; none where the senior band is the lowest.
    pub gap: Option<(String, String, f64)>,
    pub q: f64,
}

/// Calls that are due.
#[derive(Debug, Default)]
pub struct Calls {
    /// Those that should have been made, and how many of them after complaints and after measures.
    pub overdue: u64,
    pub complaints: u64,
    pub measures: u64,
    /// Those that may be made now.
    pub due: u64,
}

/// Members of staff with the same gap.
#[derive(Debug)]
pub struct Course {
    pub dimension: String,
    /// Numbers and names, the most pressing first.
    pub staff: Vec<(String, String)>,
}

/// What overall satisfaction hangs on.
#[derive(Debug)]
pub struct Drivers {
    /// The most important dimension, and its share of what all dimensions explain.
    pub most: (String, f64),
    /// Important and weak ones with their means; where most is to be won comes first.
    pub first: Vec<(String, f64)>,
}

#[derive(Debug)]
pub struct Defect {
    pub model: String,
    pub fault: String,
    pub tickets: u64,
    /// None where the data cannot tell.
    pub repeats: Option<u64>,
    /// Tickets in the previous period, where the data reach back to it.
    pub previous: Option<i64>,
}

/// Picks the headlines out of the tables of a report.
pub fn headlines(plan: &Plan, report: &Report) -> Headlines {
    let period = report.moment.period.to_string();
    let view = |name: &str| report.tables.iter().find(|(t, _)| t.name == name).map(|(_, frame)| View::new(frame));
    let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let mut found = Headlines { improve: improve::improve(report), ..Headlines::default() };
    if let Some(table) = view("sla_attainment") {
        let rows = table.rows(&[("period", &period), ("breakdown", ALL)]);
        for row in rows.iter().copied() {
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
        // Surveys that came back in time say nothing of targets for tickets.
        let of_tickets = |name: &str| plan.clocks_of(TICKET).any(|clock| clock.what.name == name);
        if !found.attainment.iter().any(|a| of_tickets(&a.clock)) {
            let rows = rows.iter().copied().filter(|row| table.text("clock", *row).is_some_and(of_tickets));
            found.without_target = rows.map(|row| table.count("tickets", row)).max().unwrap_or(0);
        }
    }
    if let Some(table) = view("tenure_effect") {
        for row in table.rows(&[("period", &period)]) {
            let Some(q) = table.double("q", row).filter(|q| *q < 0.05) else { continue };
            let (lowest, senior) = (own(table.text("lowest_band", row)), own(table.text("reference_band", row)));
            let gap = table.double("gap", row).filter(|_| lowest != senior).map(|gap| (lowest, senior, gap));
            found.tenure.push(Tenure { dimension: own(table.text("dimension", row)), gap, q });
        }
    }
    if let Some(table) = view("training_groups") {
        for row in table.rows(&[("period", &period)]) {
            let split =
                |column: &str| own(table.text(column, row)).split(JOINED).map(str::to_owned).collect::<Vec<_>>();
            let staff = split("staff_ids").into_iter().zip(split("staff_names")).collect();
            found.courses.push(Course { dimension: own(table.text("dimension", row)), staff });
        }
    }
    if let Some(table) = view("satisfaction_drivers") {
        let rows = table.rows(&[("period", &period)]);
        let name = |row: usize| own(table.text("dimension", row));
        let most = rows.iter().filter_map(|row| Some((name(*row), table.double("importance", *row)?)));
        let first = rows.iter().filter(|row| table.text("quadrant", **row) == Some("mend_first"));
        let first = first.filter_map(|row| Some((name(*row), table.double("mean", *row)?))).collect();
        found.drivers = most.max_by(|a, b| a.1.total_cmp(&b.1)).map(|most| Drivers { most, first });
    }
    if let Some(table) = view("dimension_scores").filter(|_| !plan.scores.weights.is_empty()) {
        let rows = table.rows(&[("period", &period), ("breakdown", ALL)]);
        let share = rows.iter().filter_map(|row| table.double("weight_share", *row)).fold(0.0, f64::max);
        found.weighed = (!rows.is_empty() && share < 1.0 - 1e-9).then_some(share);
    }
    if let Some(table) = view("follow_up_due") {
        let count = |wanted: &[(&str, &str)]| table.rows(wanted).len() as u64;
        let overdue = ("state", follow_up::OVERDUE);
        found.calls = Calls {
            overdue: count(&[overdue]),
            complaints: count(&[overdue, ("occasion", follow_up::COMPLAINT)]),
            measures: count(&[overdue, ("occasion", follow_up::MEASURE)]),
            due: count(&[("state", follow_up::DUE)]),
        };
    }
    if let Some(table) = view("defect_ranking") {
        for row in table.defects(&[("period", &period)]).into_iter().take(3) {
            found.defects.push(Defect {
                model: own(table.text("product_model", row)),
                fault: own(table.text("fault_code", row)),
                tickets: table.count("tickets", row),
                repeats: table.double("repeat_rate", row).map(|_| table.count("repeats", row)),
                previous: table.long("previous_tickets", row),
            });
        }
    }
    found
}
