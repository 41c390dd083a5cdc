//! The arguments that name what to review.

use std::path::PathBuf;

use crate::review::{Period, Request, Wall, parse_as_of, parse_period};

/// The pipeline of a run that names none.
pub const DEFAULT_PIPELINE: &str = "pipelines/quarterly.toml";

/// What to review, and from when to see it.
#[derive(Debug, Clone, clap::Args)]
pub struct What {
    /// Pipeline file
    #[arg(default_value = DEFAULT_PIPELINE)]
    pub pipeline: PathBuf,

    /// Period to review: 2026Q3, 2026-07, 2026H1 or 2026 [default: the last one in which a ticket was requested]
    #[arg(long, value_parser = parse_period)]
    pub period: Option<Period>,

    /// See everything as of the end of this day (2026-10-07), or this moment ("2026-10-07 12:00"): what happened later has not
    /// happened [default: the end of the period, or what the pipeline says]
    #[arg(long, value_name = "DATE", value_parser = parse_as_of)]
    pub as_of: Option<Wall>,
}

impl Default for What {
    fn default() -> Self {
        Self { pipeline: DEFAULT_PIPELINE.into(), period: None, as_of: None }
    }
}

impl What {
    pub fn request(&self, out: PathBuf) -> Request {
        Request { period: self.period, as_of: self.as_of, out }
    }
}
