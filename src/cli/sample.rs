//! `aftersales sample`: draws a round of calls.

use std::io::Write;
use std::path::{Path, PathBuf};

use unicode_width::UnicodeWidthStr;

use super::Talk;
use super::account::pad;
use super::exit::Failure;
use super::progress::Progress;
use super::request::What;
use crate::review::{Count, Round, Stratum, Words, save_calls, stratum_label};
use crate::{plan, review};

/// Draws whom to call of a period's customers, and writes the list for those who call
///
/// VIPs, complaint cases and others by the shares of `[follow_up]`, without replacement. Left alone are customers of whom no
/// ticket is finished, and those who have answered a survey within `not_within`. The same dumps, pipeline and seed give the
/// same list. It holds names and phones where the dumps do: keep it within the department.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  aftersales sample
  aftersales sample pipelines/quarterly.toml --period 2026Q3 --as-of 2026-10-09
  aftersales sample --seed 7 --out calls.csv")]
pub struct Args {
    #[command(flatten)]
    what: What,

    /// Another seed draws others [default: what the pipeline says, 1]
    #[arg(long, value_name = "S")]
    seed: Option<i64>,

    /// Write the list here [default: output/sample-<period>.csv]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Replace a list that is there already
    #[arg(long)]
    force: bool,
}

pub fn run(args: &Args, talk: Talk) -> Result<(), Failure> {
    let plan = plan::load(&args.what.pipeline)?.with_contacts();
    let progress = Progress::new(talk.quiet, talk.verbose);
    let round = review::sample(&plan, &args.what.request(PathBuf::new()), args.seed, &progress)?;
    let usual = || PathBuf::from(format!("output/sample-{}.csv", round.moment.period));
    let path = args.out.clone().unwrap_or_else(usual);
    save_calls(&path, &round, args.force)?;
    progress.finish();
    if !talk.quiet {
        tell(&mut std::io::stdout().lock(), &round, &path, Words::of(&plan))?;
    }
    Ok(())
}

fn tell(out: &mut impl Write, round: &Round, path: &Path, words: Words) -> std::io::Result<()> {
    let name = |stratum: Stratum| words.either(stratum_label(stratum).zh, stratum_label(stratum).en);
    let heads = [
        ("客户", "customers"),
        ("未完成", "unfinished"),
        ("近期已评价", "asked lately"),
        ("应抽", "wanted"),
        ("抽中", "drawn"),
    ];
    let heads = heads.map(|(zh, en)| right(&words.either(zh, en))).concat();
    writeln!(out, "{}{heads}", pad(&words.either("分层", "stratum"), 10))?;
    for (stratum, count) in Stratum::ALL.into_iter().zip(round.counts) {
        let Count { customers, unfinished, asked, wanted, drawn } = count;
        let cells = [customers, unfinished, asked, wanted, drawn].map(|n| right(&n.to_string())).concat();
        writeln!(out, "{}{cells}", pad(&name(stratum), 10))?;
    }
    writeln!(out)?;
    for (place, stratum) in Stratum::ALL.into_iter().enumerate() {
        let from = Stratum::ALL.into_iter().zip(round.drawn[place]).filter(|(from, n)| *from != stratum && *n > 0);
        for (from, n) in from {
            let text = words.either(
                &format!("{}可回访的不足，由{}替补 {n} 位", name(stratum), name(from)),
                &format!("Too few of stratum {}: {n} of {} stand in", name(stratum), name(from)),
            );
            writeln!(out, "{text}")?;
        }
        let missing = round.counts[place].wanted - round.drawn[place].iter().sum::<u64>();
        if missing > 0 {
            let text = words.either(
                &format!("{}仍缺 {missing} 位：已无可回访的客户", name(stratum)),
                &format!("{missing} of stratum {} are missing: nobody is left to call", name(stratum)),
            );
            writeln!(out, "{text}")?;
        }
    }
    if round.nameless > 0 {
        let n = round.nameless;
        let text = words.either(
            &format!("{n} 张工单没有客户，未计入"),
            &format!("{n} tickets name no customer and are not counted"),
        );
        writeln!(out, "{text}")?;
    }
    let (period, seed, rows) = (words.period(&round.moment.period.to_string()), round.seed, round.sheet.rows.len());
    let text = words.either(
        &format!("{period}：{rows} 位客户，抽样种子 {seed}；含客户联系方式，请勿外传"),
        &format!("{period}: {rows} customers, seed {seed}; the list holds contacts, keep it within the department"),
    );
    writeln!(out, "{text}\n{}  {}", words.either("请打开：", "Open:"), path.display())
}

/// Aligned right in a column.
fn right(text: &str) -> String {
    format!("{}{text}", " ".repeat(14_usize.saturating_sub(text.width())))
}
