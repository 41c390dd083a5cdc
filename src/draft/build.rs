//! From what a group of tables feeds to the section of the pipeline.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::columns::{How, Match};
use super::content::{Column, percent};
use super::keys::Clash;
use super::kinds::Feed;
use super::say::Tongue;
use super::source::{Line, SourceDraft, Theirs, separator, time_line};
use super::{Peek, clocks, dates, events, files, group, staff, surveys};
use std::path::Path;

use crate::schema::input::{Kind, SourceKind};

/// What all sources of a draft have in common.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'d> {
    pub tongue: Tongue,
    pub folder: &'d Path,
    pub today: NaiveDate,
    pub peeks: &'d [&'d Peek],
}

/// Drafts the source of a feed. `tickets` are those that the draft reads, and `clash` their numbers that are not their own.
pub fn source<'a>(
    feed: &Feed<'_, 'a>,
    tickets: Option<&Feed<'_, 'a>>,
    clash: Option<&Clash>,
    setting: Setting<'a>,
) -> SourceDraft<'a> {
    let tables = feed.group.tables.clone();
    let main = ["requested_at", "answered_at", "paused_at"].into_iter().find_map(|ours| feed.matches.column(ours));
    let mut draft = SourceDraft {
        kind: feed.kind,
        files: files::patterns(&tables, setting.folder),
        sheets: files::sheets(&tables, setting.peeks),
        tables,
        missing: Vec::new(),
        missing_unsure: None,
        pending: Vec::new(),
        resolved: Vec::new(),
        statuses_unsure: None,
        latest_by: None,
        carry: Vec::new(),
        filled: None,
        columns: columns(feed, setting.tongue),
        dimensions: Vec::new(),
        statuses: BTreeMap::new(),
        other_statuses: Vec::new(),
        notes: notes(feed, setting.tongue),
        span: main.and_then(Column::span),
        dates_only: main.is_some_and(Column::dates_only),
    };
    if let Some(clash) = clash.filter(|_| feed.kind != SourceKind::Staff) {
        key(&mut draft, clash, setting.tongue);
    }
    match feed.kind {
        SourceKind::Tickets => super::tickets::complete(&mut draft, feed, setting.tongue),
        SourceKind::Surveys => surveys::complete(&mut draft, feed, setting),
        SourceKind::Staff => staff::complete(&mut draft, feed, tickets, setting.tongue),
        SourceKind::Pauses => {
            draft.filled = among(feed, "paused_at");
            events::complete(&mut draft, feed, setting.tongue);
        }
        SourceKind::Actions => draft.filled = among(feed, "due_on"),
        SourceKind::Units => {}
    }
    // Times of day in a column of their own were joined to their days.
    let joined = |ours| matches!(draft.line(ours).map(|line| &line.theirs), Some(Theirs::Joined { .. }));
    draft.dates_only &= !["requested_at", "answered_at"].into_iter().any(joined);
    let place = |ours: &str| feed.kind.columns().iter().position(|column| column.name == ours);
    draft.columns.sort_by_key(|line| place(&line.ours));
    let mut missing = missing(feed, &draft.used());
    let (words, why, notes) = words(feed, &draft, setting.tongue);
    missing.extend(words);
    (draft.missing, draft.missing_unsure) = (missing, why);
    draft.notes.extend(notes);
    draft
}

/// Names tickets by more than their number, where numbers are not their own.
fn key(draft: &mut SourceDraft, clash: &Clash, tongue: Tongue) {
    const SHOWN: usize = 5;
    let tickets = draft.kind == SourceKind::Tickets;
    let Some(line) = draft.columns.iter_mut().find(|line| line.ours == "ticket_id") else { return };
    let mut numbers =
        clash.numbers.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(tongue.say("、", ", ").as_str());
    if clash.numbers.len() > SHOWN {
        numbers += &tongue.say(" 等", ", …");
    }
    match &clash.columns {
        Some(columns) => {
            line.theirs = Theirs::Joined { columns: columns.clone(), with: "-" };
            let why = match (tongue.is_zh(), clash.numbers.len()) {
                (true, _) => format!("单号 {numbers} 在同一文件中指不同的工单，故几列合为编号"),
                (false, 1) => format!("number {numbers} stands for different tickets in one file"),
                (false, _) => format!("numbers {numbers} stand for different tickets in one file each"),
            };
            *line = line.clone().unsure(Some(why));
        }
        None if tickets => {
            let why = if tongue.is_zh() {
                format!("单号 {numbers} 在同一文件中似指不同的工单，只有最后一行计入；请核对")
            } else {
                format!(
                    "{numbers} seem to stand for different tickets in one file, and only the last row of each counts"
                )
            };
            *line = line.clone().unsure(Some(why));
        }
        None => {}
    }
}

/// Words in columns of times that are no times: which mean "no value", why that is unsure, and which cannot, for they mean
/// something in other columns.
fn words<'a>(feed: &Feed<'_, 'a>, draft: &SourceDraft, tongue: Tongue) -> (Vec<&'a str>, Option<String>, Vec<String>) {
    let used = draft.used();
    let is_moment =
        |line: &&Line| feed.kind.column(&line.ours).is_some_and(|ours| matches!(ours.kind, Kind::Time | Kind::Date));
    let moments: BTreeSet<&str> =
        draft.columns.iter().filter(is_moment).flat_map(|line| line.theirs.names()).map(String::as_str).collect();
    let columns = || feed.group.columns.iter().filter(|column| used.contains(column.name));
    let meant = |word: &str| columns().any(|c| !moments.contains(c.name) && c.distinct.contains_key(word));
    let (mut missing, mut why, mut notes) = (BTreeSet::new(), Vec::new(), Vec::new());
    for column in columns().filter(|column| moments.contains(column.name)) {
        for word in column.words.keys().copied() {
            let (name, meant) = (column.name, meant(word));
            let text = match (tongue.is_zh(), meant) {
                (true, false) => format!("“{name}”中的“{word}”不是时间"),
                (true, true) => format!("“{name}”中的“{word}”不是时间，但别的列也用此词，不能视为空；这些行会被隔离"),
                (false, false) => format!("\"{word}\" in \"{name}\" is no time"),
                (false, true) => format!(
                    "\"{word}\" in \"{name}\" is no time, and means something in other columns: such rows will be quarantined"
                ),
            };
            if meant {
                notes.push(text);
            } else {
                missing.insert(word);
                why.push(text);
            }
        }
    }
    let why = (!why.is_empty()).then(|| why.join(&tongue.say("，", ", ")));
    (missing.into_iter().collect(), why, notes)
}

/// The column that must be filled where only some rows of a ticket table belong to the source.
pub fn among(feed: &Feed, ours: &str) -> Option<String> {
    feed.matches.column(ours).filter(|_| feed.among_tickets).map(|column| column.name.to_owned())
}

/// The lines of the columns that were recognised.
fn columns(feed: &Feed, tongue: Tongue) -> Vec<Line> {
    // Of each two moments the first must not be the later one.
    const MOMENTS: [&str; 5] = ["requested_at", "first_response_at", "started_at", "resolved_at", "closed_at"];
    let moments: Vec<&Column> = MOMENTS.into_iter().filter_map(|ours| feed.matches.column(ours)).collect();
    let pairs: Vec<_> = moments
        .iter()
        .enumerate()
        .flat_map(|(i, first)| moments.iter().skip(i + 1).map(move |then| (*first, *then)))
        .collect();
    let used = feed.matches.0.iter().flat_map(|found| found.theirs.iter().map(|column| column.name)).collect();
    feed.matches
        .0
        .iter()
        .map(|found| {
            let names: Vec<String> = found.theirs.iter().map(|column| column.name.to_owned()).collect();
            let line = match found.ours.kind {
                Kind::Time | Kind::Date => {
                    let settled = found.theirs.iter().find_map(|column| dates::settle(feed.group, column, &pairs));
                    let clock = found.theirs.iter().find_map(|column| clocks::of_day(feed.group, column, &used));
                    match (clock, &found.theirs[..]) {
                        (Some(clock), [day]) if found.ours.kind == Kind::Time => {
                            with_clock(time_line(found.ours.name, names, settled, tongue), day, clock, tongue)
                        }
                        _ => time_line(found.ours.name, names, settled, tongue),
                    }
                }
                Kind::Codes => match separator(&found.theirs) {
                    Some(separator) => Line::new(found.ours.name, Theirs::Codes { names, separator }),
                    None => Line::new(found.ours.name, Theirs::Names(names)),
                },
                _ => Line::new(found.ours.name, Theirs::Names(names)),
            };
            Line { remark: nearly_empty(&found.theirs, tongue), ..line.unsure(doubt(feed, found, tongue)) }
        })
        .collect()
}

/// A day with its time of day from another column, if they can be read as one.
fn with_clock(line: Line, day: &Column, (clock, fits): (&Column, bool), tongue: Tongue) -> Line {
    if fits && matches!(line.theirs, Theirs::Names(_)) {
        let columns = vec![day.name.to_owned(), clock.name.to_owned()];
        let why = tongue.say("日期和时刻分在两列，按列名配对", "day and time of day stand in two columns");
        return Line { theirs: Theirs::Joined { columns, with: " " }, ..line }.unsure(Some(why));
    }
    let why = if tongue.is_zh() {
        format!("时刻另在“{}”一列，未能合并，时间均按 0 点计；请在导出时合为一列", clock.name)
    } else {
        format!("the time of day stands in \"{}\" and is lost: join the two in the dump", clock.name)
    };
    line.unsure(Some(why))
}

fn doubt(feed: &Feed, found: &Match, tongue: Tongue) -> Option<String> {
    let certain = match found.ours.kind {
        // The rows bear it out.
        Kind::Text => true,
        // No other moment could be meant.
        Kind::Time => feed.group.columns.iter().filter(|column| column.is_written_time()).count() == 1,
        _ => false,
    };
    match found.how {
        How::Strong => None,
        How::Weak if certain => None,
        How::Weak => Some(tongue.say("列名含义较宽，请核对", "its name may mean other things")),
        How::Alike => Some(tongue.say("按相近的列名推断", "by the likeness of its name")),
        How::Guessed => Some(tongue.say("按内容推断", "by what is in it")),
    }
}

fn nearly_empty(columns: &[&Column], tongue: Tongue) -> Option<String> {
    let rows: usize = columns.iter().map(|column| column.rows).sum();
    let filled: usize = columns.iter().map(|column| column.cells.len()).sum();
    match percent(filled, rows) {
        _ if rows == 0 || filled * 10 >= rows => None,
        _ if filled == 0 => Some(tongue.say("抽样中为空", "empty in the rows looked at")),
        share if tongue.is_zh() => Some(format!("仅 {share}% 的行有内容")),
        share => Some(format!("filled in {share} % of the rows")),
    }
}

/// Markers of "no value" in the columns used. `无` in an answer to yes or no is a no.
fn missing<'a>(feed: &Feed<'_, 'a>, used: &BTreeSet<&str>) -> Vec<&'a str> {
    let flags: BTreeSet<&str> = feed
        .matches
        .0
        .iter()
        .filter(|found| found.ours.kind == Kind::Flag)
        .flat_map(|found| found.theirs.iter().map(|column| column.name))
        .collect();
    let (mut nos, mut found) = (BTreeSet::new(), BTreeSet::new());
    for column in feed.group.columns.iter().filter(|column| used.contains(column.name)) {
        let markers = if flags.contains(column.name) { &mut nos } else { &mut found };
        markers.extend(column.markers.iter().copied());
    }
    found.retain(|marker| !nos.contains(marker));
    found.into_iter().collect()
}

/// What must be said about the files themselves.
fn notes(feed: &Feed, tongue: Tongue) -> Vec<String> {
    let mut notes = Vec::new();
    for found in feed.matches.0.iter().filter(|found| found.ours.required) {
        let lacks = |table: &usize| !found.theirs.iter().any(|column| column.place(*table).is_some());
        let lacking = (0..feed.group.tables.len()).filter(lacks).filter_map(|table| feed.group.tables.get(table));
        let lacking: Vec<String> = lacking.map(|peek| label(peek)).collect();
        if !lacking.is_empty() {
            let (ours, lacking) = (found.ours.name, lacking.join(&tongue.say("、", ", ")));
            notes.push(if tongue.is_zh() {
                format!("{lacking} 没有可作 {ours} 的列，运行时会停下；请补上列名，或不读")
            } else {
                format!("{lacking}: no column could be taken for {ours}, and a run stops there; name it, or leave the file out")
            });
        }
    }
    for column in feed.group.columns.iter().filter(|column| column.is_empty() && column.formulas > 0) {
        notes.push(if tongue.is_zh() {
            format!("“{}”只有公式，没有存下计算结果，无法使用；请用 Excel 打开并保存后再读", column.name)
        } else {
            format!(
                "\"{}\" holds formulas without stored values and cannot be used: open the file in Excel and save it",
                column.name
            )
        });
    }
    let layouts = group::groups(&feed.group.tables);
    if let [first, second, ..] = &layouts[..]
        && let (Some(one), Some(other)) = (first.first(), second.first())
    {
        let (one, other) = (label(one), label(other));
        notes.push(if tongue.is_zh() {
            format!("{one} 与 {other} 的列差别很大，却读作同一来源；请逐列核对")
        } else {
            format!("{one} and {other} differ in most of their columns and are read as one source: check each column")
        });
    }
    for peek in &feed.group.tables {
        let mut seen = BTreeSet::new();
        for name in peek.header.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            if !seen.insert(name) {
                notes.push(if tongue.is_zh() {
                    format!("{} 有两列同名“{name}”，请改名后再读", label(peek))
                } else {
                    format!("{} has two columns called \"{name}\": rename one of them", label(peek))
                });
            }
        }
    }
    notes
}

/// A table as messages name it.
pub fn label(peek: &Peek) -> String {
    let file = peek.path.file_name().unwrap_or_default().to_string_lossy();
    peek.table.as_ref().map_or_else(|| file.to_string(), |table| format!("{file}/{table}"))
}

/// Something that differs from row to row, where no column does: the place of the row.
pub fn row_number(tables: &[&Peek]) -> Theirs {
    let several = |differs: &dyn Fn(&&Peek) -> bool| tables.iter().any(differs);
    let Some(first) = tables.first() else { return Theirs::Names(vec!["@row".to_owned()]) };
    let mut columns = Vec::new();
    if several(&|peek| peek.path != first.path) {
        columns.push("@file".to_owned());
    }
    if several(&|peek| peek.table != first.table) {
        columns.push("@sheet".to_owned());
    }
    columns.push("@row".to_owned());
    if columns.len() == 1 { Theirs::Names(columns) } else { Theirs::Joined { columns, with: "-" } }
}
