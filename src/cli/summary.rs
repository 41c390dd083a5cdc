//! The short summary of a review: where the rows went, the headlines, what to open.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::plan::Plan;
use crate::review::{BadRow, COLUMN_MISSING, Defect, Dumps, Output, RULES, Report, Severity, Words, headlines};

pub fn print(plan: &Plan, report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let words = Words::of(plan);
    let as_of = report.as_of().map_or_else(String::new, |day| day.to_string());
    let (title, period) = (&plan.review.title, words.period(&report.moment.period.to_string()));
    writeln!(out, "{title} · {period} · {} {as_of}\n", words.either("评审时点", "as of"))?;
    rows(&mut out, &report.dumps, words)?;
    notices(&mut out, plan)?;
    figures(&mut out, report, words)?;
    if let Some(written) = &report.written {
        let folder = written.folder.display();
        let (charts, tables) = (words.either("图表", "charts"), words.either("数据表", "tables"));
        writeln!(out, "{}", words.either("请打开：", "Open:"))?;
        for output in written.outputs.iter().filter(|o| o.file.starts_with("charts/") && !o.file.contains(".svg")) {
            writeln!(out, "  {charts}  {folder}/{}", output.file)?;
        }
        let filled = |o: &&&Output| o.file.starts_with("tables/") && o.rows.is_some_and(|r| r > 0);
        let about_data = |o: &&Output| o.file.starts_with("tables/data_");
        let (data, findings): (Vec<_>, Vec<_>) = written.outputs.iter().filter(|o| filled(&o)).partition(about_data);
        for output in findings.into_iter().chain(data) {
            let (file, count) = (&output.file, output.rows.unwrap_or(0));
            writeln!(out, "  {tables}  {folder}/{file} ({count} {})", words.either("行", "rows"))?;
        }
        writeln!(out, "  {}  {folder}/manifest.json", words.either("清单", "manifest"))?;
    }
    Ok(())
}

fn figures(out: &mut impl Write, report: &Report, words: Words) -> io::Result<()> {
    let headlines = headlines(report);
    if !headlines.attainment.is_empty() {
        writeln!(out, "{}", words.either("响应时间达标率（95% 区间）", "SLA attainment (95 % interval)"))?;
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
    if headlines.without_target > 0 {
        let n = headlines.without_target;
        let text = words.either(
            &format!("时限：{n} 张工单均无时限可考核"),
            &format!("SLA: none of {n} tickets has a target that can be judged"),
        );
        writeln!(out, "{text}\n")?;
    }
    for t in &headlines.tenure {
        let (dimension, q) = (words.dimension(&t.dimension), Short(t.q));
        let differs = words.either(
            &format!("{dimension}：各工龄段之间有差异（q {q}）"),
            &format!("{dimension}: tenure bands differ (q {q})"),
        );
        let gap = t.gap.as_ref().map_or_else(String::new, |(lowest, senior, gap)| {
            words.either(
                &format!("，{lowest} 最低，比 {senior} 低 {:.2} 分", -gap),
                &format!(", {lowest} is the lowest, {:.2} points below {senior}", -gap),
            )
        });
        writeln!(out, "{differs}{gap}")?;
    }
    if !headlines.tenure.is_empty() {
        writeln!(out)?;
    }
    if !headlines.defects.is_empty() {
        writeln!(out, "{}", words.either("最常见的故障（型号 × 故障）", "Most frequent defects (model × fault)"))?;
        let name = |d: &Defect| format!("{} {}", words.member(&d.model), d.fault);
        let width = headlines.defects.iter().map(|d| name(d).width()).max().unwrap_or(0);
        for d in &headlines.defects {
            let name = pad(&name(d), width + 2);
            let previous = d.previous.map_or_else(String::new, |n| {
                words.either(&format!("，上期 {n} 张"), &format!(", {n} in the previous period"))
            });
            let repeats = d.repeats.map_or_else(String::new, |n| {
                let ending = if n == 1 { "" } else { "s" };
                words.either(&format!("，重复 {n} 张"), &format!(", {n} repeat{ending}"))
            });
            let text = words.either(
                &format!("{} 张工单{repeats}{previous}", d.tickets),
                &format!("{} tickets{repeats}{previous}", d.tickets),
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

/// Aligns right in a column of the account of rows.
fn align(text: &str) -> String {
    format!("{}{text}", " ".repeat(14_usize.saturating_sub(text.width())))
}

/// What the pipeline asks for and the dumps cannot give.
pub fn notices(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let words = Words::of(plan);
    for (clock, column) in plan.targets_without_end() {
        let clock = words.clock(clock);
        let text = words.either(
            &format!("注意：{clock}有时限，但未映射 {column}，无法考核"),
            &format!("Note: {clock} has targets, but {column} is not mapped, so none is judged"),
        );
        writeln!(out, "{text}\n")?;
    }
    Ok(())
}

/// Where the rows of each source went.
pub fn rows(out: &mut impl Write, dumps: &Dumps, words: Words) -> io::Result<()> {
    let heads: [(&str, &str); 6] = [
        ("读入 =", "read ="),
        ("采用 +", "used +"),
        ("相同 +", "identical +"),
        ("被更新 +", "superseded +"),
        ("隔离 +", "quarantined +"),
        ("时点后", "left out"),
    ];
    let heads = heads.map(|(zh, en)| align(&words.either(zh, en)));
    writeln!(out, "{}{}", pad(&words.either("数据行", "rows"), 8), heads.concat())?;
    for (kind, loaded) in &dumps.sources {
        let counts = loaded.account().parts().map(|(_, rows)| align(&rows.to_string()));
        writeln!(out, "{}{}", pad(kind.name(), 8), counts.concat())?;
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
        if rule.name == COLUMN_MISSING.name {
            let lacking = dumps.sources.values().filter(|l| l.kind.name() == source).flat_map(|l| &l.files);
            for file in lacking.filter(|f| !f.lacking.is_empty()) {
                writeln!(out, "{:<21} {} has no {}", "", file.name, file.lacking.join(", "))?;
            }
        }
        if let Some(bad) = example {
            let value = bad.value.as_ref().map_or_else(String::new, |v| format!(" {v:?}"));
            let column = bad.column.as_ref().map_or_else(String::new, |c| format!(", column {c}"));
            writeln!(out, "{:<21} for example {} row {}{column}{value}: {}", "", bad.file, bad.row, bad.message)?;
        }
    }
    Ok(())
}
