//! `aftersales explain ticket`: the story of one ticket.

use std::io::Write;
use std::path::PathBuf;

use super::super::Talk;
use super::super::exit::Failure;
use super::super::progress::Progress;
use super::super::request::What;
use super::story::{Wording, tell};
use crate::plan::{self, Plan};
use crate::review::{self, catalogue};

/// Tells the story of one ticket: what happened, which days counted, and what each target came to
///
/// In the language of the pipeline, and in words that a customer could be shown.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  aftersales explain ticket SR20260817901
  aftersales explain ticket SR20260817901 pipelines/quarterly.toml --as-of 2026-10-07")]
pub struct Args {
    /// Number of the ticket
    #[arg(value_name = "NUMBER")]
    ticket: String,

    #[command(flatten)]
    what: What,
}

pub fn run(args: &Args, talk: Talk) -> Result<(), Failure> {
    let plan = plan::load(&args.what.pipeline)?;
    let progress = Progress::new(talk.quiet, talk.verbose);
    let story = review::story(&plan, &args.what.request(PathBuf::new()), &args.ticket, &progress)?;
    progress.finish();
    write!(std::io::stdout().lock(), "{}", tell(&story, &wording(&plan)))?;
    Ok(())
}

/// What the plan's language calls clocks and columns.
fn wording(plan: &Plan) -> Wording {
    let language = plan.review.language;
    let facts = catalogue().into_iter().filter(|entry| ["fact_ticket", "fact_survey"].contains(&entry.table.name));
    let columns = facts.flat_map(|entry| entry.table.columns.iter());
    Wording {
        language,
        clocks: plan.clocks.iter().map(|clock| (clock.what.name, clock.what.label.get(language))).collect(),
        columns: columns.map(|column| (column.name, column.label.get(language))).collect(),
    }
}
