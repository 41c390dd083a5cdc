//! `aftersales generate`: writes made-up dumps.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Talk;
use super::exit::Failure;
use super::progress::Counting;
use crate::generate::stream::{self, MODELS_BETWEEN, MOST_CUSTOMERS, MOST_TICKETS, STAFF, Scale, Summary};
use crate::generate::{GenerateError, fixtures};

/// Writes made-up dumps of any size, with known facts in them and a pipeline that reads them
///
/// January to September 2026: tickets and surveys by month, pauses, staff. The same numbers and seed give the same bytes.
/// Without --tickets: the small dumps of `fixtures/`, which have every dirty case, and the tables of their README.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  aftersales generate --tickets 20000 --out dumps
  aftersales run dumps/pipeline.toml
  aftersales generate --tickets 10000000 --seed 7 --out /data/ten-million
  aftersales generate")]
pub struct Args {
    /// Distinct tickets; ten million are about 3 GB
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_TICKETS))]
    tickets: Option<u64>,

    /// Another seed gives other dumps with the same facts
    #[arg(long, value_name = "S", default_value_t = 1, requires = "tickets")]
    seed: u64,

    /// Folder for the dumps: new, empty, or with earlier ones [default: dumps; without --tickets: fixtures]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Staff who work on the tickets [default: 1 for 5000 tickets, at least 40]
    #[arg(long, value_name = "N", requires = "tickets", value_parser = clap::value_parser!(u64).range(STAFF))]
    staff: Option<u64>,

    /// Customers [default: 2 for 5 tickets]
    #[arg(long, value_name = "N", requires = "tickets", value_parser = clap::value_parser!(u64).range(1..=MOST_CUSTOMERS))]
    customers: Option<u64>,

    /// Product models [default: 32]
    #[arg(long, value_name = "N", requires = "tickets", value_parser = clap::value_parser!(u64).range(MODELS_BETWEEN))]
    models: Option<u64>,
}

pub fn run(args: &Args, talk: Talk) -> Result<(), Failure> {
    let folder = |default: &str| args.out.clone().unwrap_or_else(|| PathBuf::from(default));
    let mut out = std::io::stdout().lock();
    let Some(tickets) = args.tickets else {
        let dumps = fixtures::write(&folder("fixtures"))?;
        if !talk.quiet {
            writeln!(out, "{}", dumps.counts)?;
        }
        return Ok(());
    };
    let folder = folder("dumps");
    let Args { seed, staff, customers, models, .. } = *args;
    let progress = Counting::new(talk.quiet, talk.verbose, "write dumps", "tickets", tickets);
    let scale = Scale { tickets, seed, staff, customers, models };
    let summary = stream::write(&scale, &folder, &|tickets| progress.add(tickets))?;
    progress.finish();
    if !talk.quiet {
        tell(&mut out, &folder, &summary)?;
    }
    Ok(())
}

fn tell(out: &mut impl Write, folder: &Path, summary: &Summary) -> std::io::Result<()> {
    let Summary { sizes, ticket_rows, surveys, survey_rows, pause_rows, staff_rows, bytes } = *summary;
    let line = |name: &str, distinct: u64, rows: u64| format!("  {name:<8} {distinct:>12} {rows:>12} rows");
    writeln!(out, "{}: {} MB of made-up dumps.\n", folder.display(), bytes.div_ceil(1_000_000))?;
    writeln!(out, "{}", line("tickets", sizes.tickets, ticket_rows))?;
    writeln!(out, "{}", line("surveys", surveys, survey_rows))?;
    writeln!(out, "  {:<8} {:>12} {pause_rows:>12} rows", "pauses", "")?;
    writeln!(out, "{}", line("staff", sizes.staff, staff_rows))?;
    writeln!(out, "\nNext:\n  aftersales run {}", folder.join("pipeline.toml").display())
}

impl From<GenerateError> for Failure {
    fn from(error: GenerateError) -> Self {
        Self::Generate(error)
    }
}
