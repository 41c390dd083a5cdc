//! What both sides of a contract agreed on: working hours, clocks, pauses, targets and outcomes, counted by hand.
//!
//! 2026-07-01 is a Wednesday. Where nothing else is said, the service is open from Monday to Friday, 08:30–17:30.

mod calendars;
mod causes;
mod daylight_saving;
mod declared;
mod events;
mod reopened;
mod story;
mod surveys;
mod targets;
mod timeliness;

use crate::support::{Review, Tiny};

/// Monday to Friday, nine hours a day.
const OFFICE: &str = "[calendars.default]\nweekly = { mon-fri = \"08:30-17:30\" }\n";

/// A desk with dumps whose columns bear our own names. `review` stands under `[review]`; each dump is a source, keys of
/// it, and its CSV; `rest` is the rest of the pipeline.
fn desk(review: &str, dumps: &[(&str, &str, &str)], rest: &str) -> Tiny {
    let source = |(name, keys, rows): &(&str, &str, &str)| {
        let header = rows.lines().next().unwrap().split(',');
        let columns: Vec<String> = header
            .filter(|column| !DIMENSIONS.contains(column))
            .map(|column| format!("{column} = \"{column}\"\n"))
            .collect();
        format!(
            "[sources.{name}]\nfiles = [\"../dumps/{name}.csv\"]\n{keys}\n[sources.{name}.columns]\n{}",
            columns.concat()
        )
    };
    let sources: Vec<String> = dumps.iter().map(source).collect();
    let tiny = Tiny::whole(&format!("[review]\nlanguage = \"en\"\n{review}\n{}{rest}", sources.concat()));
    dumps.iter().fold(tiny, |tiny, (name, _, rows)| tiny.with(&format!("{name}.csv"), rows))
}

/// Columns of surveys that are answers.
const DIMENSIONS: [&str; 2] = ["timeliness", "overall"];

/// The review of such a desk.
#[track_caller]
fn reviewed(dumps: &[(&str, &str, &str)], rest: &str) -> Review {
    desk("", dumps, rest).review()
}

/// A review as of a moment.
#[track_caller]
fn seen(tiny: &Tiny, as_of: &str) -> Review {
    let ran = tiny.desk.run(&["run", "pipelines/p.toml", "--out", "out", "--quiet", "--as-of", as_of]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    Review { output: tiny.desk.output("current") }
}

/// These columns of all tickets.
fn tickets(review: &Review, columns: &[&str]) -> Vec<String> {
    review.rows("facts/fact_ticket", columns)
}

/// These columns of all surveys.
fn of_surveys(review: &Review, columns: &[&str]) -> Vec<String> {
    review.rows("facts/fact_survey", columns)
}
