//! The short summary of a review: where the rows went, the headlines, what to open.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::ingest::quality::{RULES, Severity};
use crate::ingest::{Account, BadRow, Dumps};
use crate::plan::Plan;
use crate::review::{Report, Words, headlines};
use crate::time::date_time;

pub fn print(plan: &Plan, report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let words = Words::of(plan);
    let as_of = date_time(report.moment.as_of).map_or_else(String::new, |t| t.format("%Y-%m-%d").to_string());
    let (title, period) = (&plan.review.title, words.period(&report.moment.period.to_string()));
    writeln!(out, "{title} · {period} · {} {as_of}\n", words.either("评审时点", "as of"))?;
    rows(&mut out, &report.dumps)?;
    figures(&mut out, report, words)?;
    if let Some(written) = &report.written {
        let folder = written.folder.display();
        let (charts, tables) = (words.either("图表", "charts"), words.either("数据表", "tables"));
        writeln!(out, "{}", words.either("请打开：", "Open:"))?;
        for output in written.outputs.iter().filter(|o| o.file.starts_with("charts/") && !o.file.contains(".svg")) {
            writeln!(out, "  {charts}  {folder}/{}", output.file)?;
        }
        for output in written.outputs.iter().filter(|o| o.file.starts_with("tables/") && o.rows.is_some_and(|r| r > 0))
        {
            writeln!(
                out,
                "  {tables}  {folder}/{} ({} {})",
                output.file,
                output.rows.unwrap_or(0),
                words.either("行", "rows")
            )?;
        }
        writeln!(out, "  {}  {folder}/manifest.json", words.either("清单", "manifest"))?;
    }
    Ok(())
}

fn figures(out: &mut impl Write, report: &Report, words: Words) -> io::Result<()> {
    let headlines = headlines(report);
    if !headlines.attainment.is_empty() {
        writeln!(
            out,
            "{}",
            words.either("响应时间达标率（工作时间，95% 区间）", "SLA attainment (working time, 95 % interval)")
        )?;
        for a in &headlines.attainment {
            let clock = pad(&words.clock(&a.clock), 14);
            writeln!(
                out,
                "  {clock} {:>5.1} %  ({:.1}–{:.1} %)  n = {}",
                a.share * 100.0,
                a.low * 100.0,
                a.high * 100.0,
                a.n
            )?;
        }
        writeln!(out)?;
    }
    for t in &headlines.tenure {
        let dimension = words.dimension(&t.dimension);
        let (low, reference, gap, q) = (&t.lowest_band, &t.reference_band, t.gap, t.q);
        writeln!(
            out,
            "{}",
            words.either(
                &format!("{dimension}：工龄 {low} 的员工低于 {reference} {:.2} 分（q {}）", -gap, Short(q)),
                &format!(
                    "{dimension}: staff of {low} score {:.2} points lower than {reference} (q {})",
                    -gap,
                    Short(q)
                ),
            )
        )?;
    }
    if !headlines.tenure.is_empty() {
        writeln!(out)?;
    }
    if !headlines.defects.is_empty() {
        writeln!(out, "{}", words.either("最常见的故障（型号 × 故障）", "Most frequent defects (model × fault)"))?;
        for d in &headlines.defects {
            let name = pad(&format!("{} {}", words.member(&d.model), d.fault), 24);
            let change = d.change.map_or_else(String::new, |c| {
                words.either(&format!("，为上期的 {c:.1} 倍"), &format!(", {c:.1} × the previous period"))
            });
            let text = words.either(
                &format!("{} 张工单，重复 {} 张{change}", d.tickets, d.repeats),
                &format!("{} tickets, {} repeats{change}", d.tickets, d.repeats),
            );
            writeln!(out, "  {name} {text}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A q-value as a reader wants it.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        if self.0 < 0.001 { f.write_str("< 0.001") } else { write!(f, "= {:.3}", self.0) }
    }
}

/// Pads to a width on the screen, where a Chinese character takes two places.
fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Where the rows of each source went.
pub fn rows(out: &mut impl Write, dumps: &Dumps) -> io::Result<()> {
    writeln!(
        out,
        "{:<8} {:>10}   {:>10} {:>10} {:>10} {:>11} {:>9}",
        "rows", "read =", "used +", "identical +", "superseded +", "quarantined +", "left out"
    )?;
    for (kind, loaded) in &dumps.sources {
        let Account { read, used, identical, superseded, quarantined, left_out } = loaded.account();
        writeln!(
            out,
            "{:<8} {read:>10}   {used:>10} {identical:>11} {superseded:>12} {quarantined:>13} {left_out:>9}",
            kind.name()
        )?;
    }
    writeln!(out)
}

/// Every rule that rows broke: rows, and one example.
pub fn rules(out: &mut impl Write, dumps: &Dumps) -> io::Result<()> {
    let mut broken: BTreeMap<(usize, &str), (u64, Option<&BadRow>)> = BTreeMap::new();
    for (kind, loaded) in &dumps.sources {
        for (place, rule) in RULES.iter().enumerate() {
            let bad = || loaded.quarantine.iter().filter(|b| b.rule == rule.name);
            let warned: u64 = loaded.files.iter().filter_map(|f| f.warnings.get(rule.name)).sum();
            let rows = warned + bad().count() as u64;
            if rows > 0 {
                broken.insert((place, kind.name()), (rows, bad().next()));
            }
        }
    }
    if broken.is_empty() {
        return writeln!(out, "No row breaks a rule.");
    }
    for ((place, source), (rows, example)) in broken {
        let rule = RULES[place];
        let severity = if rule.severity == Severity::Error { "quarantined" } else { "warning" };
        writeln!(out, "{:<21} {source:<8} {severity:<11} {rows:>7} rows  {}", rule.name, rule.doc)?;
        if let Some(bad) = example {
            let value = bad.value.as_ref().map_or_else(String::new, |v| format!(" {v:?}"));
            let column = bad.column.as_ref().map_or_else(String::new, |c| format!(", column {c}"));
            writeln!(out, "{:<21} for example {} row {}{column}{value}: {}", "", bad.file, bad.row, bad.message)?;
        }
    }
    Ok(())
}
