//! `aftersales run`: makes a review.

use std::path::PathBuf;

use super::exit::Failure;
use super::progress::Progress;
use super::request::What;
use super::{Talk, summary};
use crate::{plan, review};

/// Reads the dumps, reviews a period and writes tables, facts and charts
///
/// The review appears in OUT/<period> as a whole; OUT/current points to it. The same dumps, pipeline and as-of give the
/// same bytes. The variable `POLARS_MAX_THREADS` bounds the number of threads.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  aftersales run
  aftersales run pipelines/quarterly.toml --period 2026Q2
  aftersales run pipelines/quarterly.toml --as-of 2026-10-07 --out reviews")]
pub struct Args {
    #[command(flatten)]
    what: What,

    /// Folder for the output
    #[arg(long, default_value = OUT)]
    out: PathBuf,
}

const OUT: &str = "output";

impl Default for Args {
    fn default() -> Self {
        Self { what: What::default(), out: OUT.into() }
    }
}

pub fn run(args: &Args, talk: Talk) -> Result<(), Failure> {
    let plan = plan::load(&args.what.pipeline)?;
    let progress = Progress::new(talk.quiet, talk.verbose);
    let report = review::run(&plan, &args.what.request(args.out.clone()), &progress)?;
    progress.finish();
    if !talk.quiet {
        summary::print(&plan, &report)?;
    }
    Ok(())
}
