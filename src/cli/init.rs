//! `aftersales init`: drafts a pipeline file from dumps.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::NaiveDate;

use super::Talk;
use super::exit::Failure;
use crate::review::{self, Language};

/// Drafts a pipeline file from dumps: looks at headers and first rows, and says what it was unsure about
///
/// Give every dump that the review shall read: tickets, surveys, roster; CSV, XLSX, XLS, ODS, Parquet, NDJSON, packed or
/// not. Lines of the draft that need a look are marked UNSURE.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  aftersales init dumps/*.csv staff.xlsx -o pipelines/service.toml
  aftersales check pipelines/service.toml")]
pub struct Args {
    /// Dumps, or patterns of dumps
    #[arg(required = true)]
    files: Vec<PathBuf>,

    /// Write the pipeline here, instead of to the terminal; paths in it are relative to its folder
    #[arg(short, long)]
    out: Option<PathBuf>,

    /// Replace a file that is there already
    #[arg(long, requires = "out")]
    force: bool,
}

pub fn run(args: &Args, talk: Talk) -> Result<(), Failure> {
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from("pipeline.toml"));
    let draft = review::draft(&args.files, &path, today())?;
    let mut out = std::io::stdout().lock();
    let Some(to) = &args.out else {
        write!(out, "{}", draft.text)?;
        return Ok(());
    };
    review::save_draft(to, &draft.text, args.force)?;
    if !talk.quiet {
        tell(&mut out, to, &draft)?;
    }
    Ok(())
}

fn tell(out: &mut impl Write, to: &Path, draft: &review::Draft) -> std::io::Result<()> {
    let to = to.display();
    let zh = draft.language == Language::Zh;
    let say = |zh_text: &'static str, en: &'static str| if zh { zh_text } else { en };
    writeln!(out, "{to}{}\n", say("：已起草。", ": drafted."))?;
    for source in &draft.sources {
        writeln!(out, "  {}", source.say(draft.language))?;
    }
    if !draft.left_out.is_empty() {
        writeln!(out, "  {}{}", say("未读：", "not read: "), draft.left_out.join(say("、", ", ")))?;
    }
    if !draft.doubts.is_empty() {
        writeln!(out, "\n{}", say("请核对：", "Please look at:"))?;
        for doubt in &draft.doubts {
            writeln!(out, "  - {doubt}")?;
        }
    }
    writeln!(out, "\n{}\n  aftersales check {to}\n  aftersales run {to}", say("接下来：", "Next:"))
}

/// The day on the clock of this machine, for dumps that say nothing of time.
fn today() -> NaiveDate {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let days = i32::try_from(seconds / 86_400).unwrap_or_default();
    NaiveDate::from_epoch_days(days).unwrap_or_default()
}
