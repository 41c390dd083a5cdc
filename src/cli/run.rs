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
  aftersales run pipelines/quarterly.toml --as-of 2026-10-07 --out reviews
  aftersales run pipelines/quarterly.toml --from-facts output/current")]
pub struct Args {
    #[command(flatten)]
    what: What,

    /// Folder for the output
    #[arg(long, default_value = OUT)]
    out: PathBuf,

    /// Take the facts of this review (output/2026Q3, output/current) instead of the dumps: the same period, seen from the same
    /// moment, with other figures. Breakdowns, goals, labels, title, language, `[follow_up]`, `levels` of `[defects]`, and `target`, `min_n` and
    /// `weights` of scores may differ from the pipeline that made it; all else shapes the facts
    #[arg(long, value_name = "DIR", conflicts_with_all = ["period", "as_of"])]
    from_facts: Option<PathBuf>,
}

const OUT: &str = "output";

impl Default for Args {
    fn default() -> Self {
        Self { what: What::default(), out: OUT.into(), from_facts: None }
    }
}

pub fn run(args: &Args, talk: Talk) -> Result<(), Failure> {
    let plan = plan::load(&args.what.pipeline)?;
    let progress = Progress::new(talk.quiet, talk.verbose);
    let report = match &args.from_facts {
        Some(facts) => review::run_again(&plan, facts, &args.out, &progress)?,
        None => review::run(&plan, &args.what.request(args.out.clone()), &progress)?,
    };
    progress.finish();
    if !talk.quiet {
        summary::print(&plan, &report)?;
    }
    Ok(())
}
