//! `aftersales check`: judges the pipeline and the dumps.

use std::io::Write;
use std::path::PathBuf;

use super::exit::Failure;
use super::progress::Progress;
use super::request::What;
use super::{Talk, account};
use crate::review::Words;
use crate::{plan, review};

/// Reads and judges the pipeline and the dumps; writes nothing
///
/// Prints where the rows of each source went, how many tickets each SLA policy holds, every rule that rows broke with an
/// example, and the values that the pipeline does not know.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Example:
  aftersales check pipelines/quarterly.toml")]
pub struct Args {
    #[command(flatten)]
    what: What,
}

pub fn run(args: &Args, talk: Talk) -> Result<(), Failure> {
    let plan = plan::load(&args.what.pipeline)?;
    let progress = Progress::new(talk.quiet, talk.verbose);
    // The judgement is printed even when it is that there are too many bad rows: that is what it is for.
    let checked = review::check(&plan, &args.what.request(PathBuf::new()), &progress)?;
    progress.finish();
    if !talk.quiet {
        let mut out = std::io::stdout().lock();
        let words = Words::of(&plan);
        let path = plan.path.display();
        let right = words.either(&format!("{path}：流程文件正确。"), &format!("{path}: the pipeline file is right."));
        writeln!(out, "{right}\n")?;
        account::rows(&mut out, &checked.report.accounts, words)?;
        account::notices(&mut out, &plan)?;
        account::calendars(&mut out, &plan, &checked.calendars)?;
        account::policies(&mut out, &plan, &checked.policies)?;
        account::rules(&mut out, &checked.report.dumps, words)?;
    }
    match checked.verdict {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}
