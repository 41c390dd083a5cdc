//! What happened to the dumps, in words: where the rows went, which rules they broke, what the pipeline asks in vain.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::plan::Plan;
use crate::review::{Account, Broken, Dumps, FileReport, RULES, SourceKind, UNKNOWN_VALUE, Words};

/// Unknown values that are printed of a column.
const SHOWN: usize = 12;

/// Pads to a width on the screen, where a Chinese character takes two places.
pub fn pad(text: &str, width: usize) -> String {
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

/// Where the rows of each source went. Parts that are seldom met are left out where there are none.
pub fn rows(out: &mut impl Write, accounts: &BTreeMap<SourceKind, Account>, words: Words) -> io::Result<()> {
    let heads: [(&str, &str, bool); 9] = [
        ("读入 =", "read =", true),
        ("采用 +", "used +", true),
        ("合并 +", "folded +", false),
        ("相同 +", "identical +", true),
        ("被更新 +", "superseded +", true),
        ("隔离 +", "quarantined +", true),
        ("时点后 +", "left out +", true),
        ("筛除 +", "filtered +", false),
        ("空行 +", "blank +", false),
    ];
    let shown: Vec<bool> =
        (0..heads.len()).map(|i| heads[i].2 || accounts.values().any(|account| account.parts()[i].1 > 0)).collect();
    let last = shown.iter().rposition(|s| *s).unwrap_or(0);
    let head = |(i, (zh, en, _)): (usize, &(&str, &str, bool))| {
        let text = words.either(zh, en);
        align(if i == last { text.trim_end_matches(" +") } else { &text })
    };
    let kept = |i: &usize| shown[*i];
    let titles: String = heads.iter().enumerate().filter(|(i, _)| kept(i)).map(head).collect();
    writeln!(out, "{}{titles}", pad(&words.either("数据行", "rows"), 8))?;
    for (kind, account) in accounts {
        let parts = account.parts();
        let counts: String =
            parts.iter().enumerate().filter(|(i, _)| kept(i)).map(|(_, (_, n))| align(&n.to_string())).collect();
        writeln!(out, "{}{counts}", pad(kind.name(), 8))?;
    }
    writeln!(out)
}

/// Every rule that rows broke: rows, and one example with its file and row.
pub fn rules(out: &mut impl Write, dumps: &Dumps, words: Words) -> io::Result<()> {
    let mut any = false;
    for rule in RULES {
        for (kind, loaded) in &dumps.sources {
            let sides = [("error", words.either("隔离", "quarantined")), ("warning", words.either("提示", "warning"))];
            for (side, severity) in sides {
                let broken = |file: &FileReport| -> Option<Broken> {
                    let rules = if side == "error" { &file.errors } else { &file.warnings };
                    rules.get(rule.name).cloned()
                };
                let found: Vec<(&str, Broken)> =
                    loaded.files.iter().filter_map(|f| broken(f).map(|b| (f.name.as_str(), b))).collect();
                if found.is_empty() {
                    continue;
                }
                any = true;
                let rows: u64 = found.iter().map(|(_, b)| b.rows).sum();
                let label = words.either(rule.label.zh, rule.label.en);
                writeln!(
                    out,
                    "{}{}{} {rows:>8} {}  {label}",
                    pad(rule.name, 23),
                    pad(kind.name(), 9),
                    pad(&severity, 11),
                    words.either("行", "rows")
                )?;
                for (file, row, text) in examples(&found) {
                    let (such, at) = (words.either("例：", "for example "), words.either("第", "row "));
                    let end = words.either(" 行", "");
                    writeln!(out, "    {such}{file} {at}{row}{end}: {text}")?;
                }
                if rule == &UNKNOWN_VALUE && side == "warning" {
                    unknown_values(out, loaded.files.iter().map(|f| &f.unknown))?;
                }
            }
        }
    }
    if !any {
        writeln!(out, "{}", words.either("没有数据行违反规则。", "No row breaks a rule."))?;
    }
    Ok(())
}

/// The first case of a rule; about a column that files lack, every file.
fn examples<'a>(found: &'a [(&'a str, Broken)]) -> impl Iterator<Item = (&'a str, u64, &'a str)> {
    let cases = found.iter().filter_map(|(f, b)| b.example.as_ref().map(|(row, text)| (*f, *row, text.as_str())));
    let mut last = "";
    // The same text again, file after file, tells nothing new.
    cases.enumerate().filter_map(move |(i, case)| {
        let new = i == 0 || (case.1 <= 1 && case.2 != last);
        last = case.2;
        new.then_some(case)
    })
}

fn unknown_values<'a>(
    out: &mut impl Write,
    files: impl Iterator<Item = &'a BTreeMap<(String, String), u64>>,
) -> io::Result<()> {
    let mut columns: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for ((column, value), rows) in files.flatten() {
        *columns.entry(column).or_default().entry(value).or_default() += rows;
    }
    for (column, values) in columns {
        let mut values: Vec<(&str, u64)> = values.into_iter().collect();
        values.sort_by_key(|(value, rows)| (std::cmp::Reverse(*rows), *value));
        let more = values.len().saturating_sub(SHOWN);
        let listed: Vec<String> = values.iter().take(SHOWN).map(|(value, rows)| format!("{value} ({rows})")).collect();
        let more = if more > 0 { format!(", … +{more}") } else { String::new() };
        writeln!(out, "    {column}: {}{more}", listed.join(", "))?;
    }
    Ok(())
}

/// How many tickets each calendar counts for, where there are several.
pub fn calendars(out: &mut impl Write, plan: &Plan, tickets: &[u64]) -> io::Result<()> {
    let words = Words::of(plan);
    if plan.calendars.len() < 2 {
        return Ok(());
    }
    writeln!(out, "{}", words.either("各工作日历的工单数", "Tickets by calendar"))?;
    let rows = plan.calendars.iter().zip(tickets);
    let rows: Vec<(&str, u64, bool)> =
        rows.map(|(calendar, count)| (calendar.name.as_str(), *count, !calendar.when.is_empty())).collect();
    counted(out, &rows, words)?;
    writeln!(out)
}

/// Names and how many tickets each has; one that should match some and matches none is most likely a slip.
fn counted(out: &mut impl Write, rows: &[(&str, u64, bool)], words: Words) -> io::Result<()> {
    let width = rows.iter().map(|(name, ..)| name.width()).max().unwrap_or(0);
    for (name, count, expected) in rows {
        let hint = words.either("   没有工单符合，请检查 when", "   matches no ticket: look at its `when`");
        let hint = if *count == 0 && *expected { hint.as_str() } else { "" };
        writeln!(out, "  {} {count:>8}{hint}", pad(name, width))?;
    }
    Ok(())
}

/// How many tickets each SLA policy holds; one that matches nothing is most likely a slip.
pub fn policies(out: &mut impl Write, plan: &Plan, tickets: &(Vec<u64>, u64)) -> io::Result<()> {
    let words = Words::of(plan);
    if plan.policies.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", words.either("各时限规则的工单数", "Tickets by SLA policy"))?;
    let none = words.either("无规则", "no policy");
    let rows = plan.policies.iter().zip(&tickets.0);
    // A policy for surveys alone need not match a ticket.
    let mut rows: Vec<(&str, u64, bool)> =
        rows.map(|(policy, count)| (policy.name.as_str(), *count, plan.is_for_tickets(policy))).collect();
    if tickets.1 > 0 {
        rows.push((&none, tickets.1, false));
    }
    counted(out, &rows, words)?;
    writeln!(out)
}
