//! The arguments that name what to review.

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};

use crate::review::{Request, last_moment};
use crate::time::period::Period;
use crate::time::{MICROS, Wall, wall};

/// The pipeline of a run that names none.
pub const DEFAULT_PIPELINE: &str = "pipelines/quarterly.toml";

/// What to review, and from when to see it.
#[derive(Debug, Clone, clap::Args)]
pub struct What {
    /// Pipeline file
    #[arg(default_value = DEFAULT_PIPELINE)]
    pub pipeline: PathBuf,

    /// Period to review: 2026Q3, 2026-07, 2026H1 or 2026 [default: the last one in which a ticket was requested]
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,

    /// See everything as of the end of this day (2026-10-07), or this moment ("2026-10-07 12:00"): what happened later has not
    /// happened [default: the end of the period, or what the pipeline says]
    #[arg(long, value_name = "DATE", value_parser = as_of)]
    pub as_of: Option<Wall>,
}

impl Default for What {
    fn default() -> Self {
        Self { pipeline: DEFAULT_PIPELINE.into(), period: None, as_of: None }
    }
}

impl What {
    pub fn request(&self, out: PathBuf) -> Request {
        Request { period: self.period, as_of: self.as_of, out, threads: threads() }
    }
}

/// As many threads as polars takes, so that one setting bounds both.
fn threads() -> usize {
    let asked = std::env::var("POLARS_MAX_THREADS").ok().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

fn period(text: &str) -> Result<Period, String> {
    Period::parse(text).map_err(|e| e.to_string())
}

fn as_of(text: &str) -> Result<Wall, String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(last_moment(date));
    }
    let moment = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    // A moment means its second: what happened within it has happened.
    moment
        .map(|m| wall(m) + MICROS - 1)
        .ok_or_else(|| format!("{text:?} is neither a date like 2026-10-07 nor a moment like \"2026-10-07 12:00\""))
}
