//! `aftersales explain`: the documentation of tables and columns, and the story of one ticket.

mod story;
mod ticket;

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::Talk;
use super::exit::Failure;
use crate::review::{Entry, catalogue};

/// Explains a metric or table: what it says, how it is counted, its columns; or a ticket
///
/// Without a name: lists all metrics and tables. `explain ticket NUMBER` tells the story of one ticket.
#[derive(Debug, Clone, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  aftersales explain sla_attainment
  aftersales explain ticket SR20260817901"
)]
pub struct Args {
    /// Name of a metric or table
    #[arg(value_name = "METRIC|TABLE")]
    name: Option<String>,

    #[command(subcommand)]
    of: Option<Of>,
}

/// What else can be explained.
#[derive(Debug, Clone, clap::Subcommand)]
enum Of {
    Ticket(ticket::Args),
}

pub fn run(args: &Args, talk: Talk) -> Result<(), Failure> {
    if let Some(Of::Ticket(args)) = &args.of {
        return ticket::run(args, talk);
    }
    let entries = catalogue();
    let mut out = std::io::stdout().lock();
    let Some(name) = &args.name else {
        let width = entries.iter().map(|entry| entry.table.name.len()).max().unwrap_or(0);
        for entry in &entries {
            let label = entry.label();
            writeln!(out, "{:<8} {:<width$} {} · {}", entry.kind, entry.table.name, label.zh, label.en)?;
        }
        writeln!(out, "\n`aftersales explain <name>` tells more.")?;
        return Ok(());
    };
    let Some(entry) = entries.iter().find(|e| e.table.name == name) else {
        let near = entries
            .iter()
            .map(|e| e.table.name)
            .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
        let hint = near.map_or_else(String::new, |n| format!(" Did you mean {n:?}?"));
        return Err(Failure::Usage(format!(
            "there is no metric or table {name:?}.{hint}\n  `aftersales explain` lists all of them."
        )));
    };
    explain(&mut out, entry)?;
    Ok(())
}

fn explain(out: &mut impl Write, entry: &Entry) -> std::io::Result<()> {
    let table = entry.table;
    match entry.doc {
        Some(doc) => writeln!(out, "{doc}")?,
        None => writeln!(out, "# {} ({})\n", table.label.en, table.label.zh)?,
    }
    writeln!(out, "## Columns of {}", table.name)?;
    writeln!(out, "Grain: {}.\n", table.grain)?;
    let columns = || table.columns.iter().chain(&entry.clocks);
    let width = columns().map(|c| c.name.width()).max().unwrap_or(0);
    for column in columns() {
        let unit = if column.unit.is_empty() { String::new() } else { format!(" [{}]", column.unit) };
        writeln!(
            out,
            "{:<width$}  {:<9}  {}{unit} · {}",
            column.name,
            column.dtype.name(),
            column.label.zh,
            column.doc
        )?;
    }
    Ok(())
}
