//! `init`: a pipeline is drafted from the headers and the first rows of dumps.
//!
//! Tables of one kind are put together ([`group`]), taken for what they are ([`kinds`], [`columns`], [`dimensions`]) and
//! written as a commented pipeline that runs as it is. What was not certain is marked in its line and listed.

mod build;
mod clocks;
mod columns;
mod content;
mod dates;
mod dimensions;
#[cfg(test)]
mod dirty_tests;
mod events;
mod files;
mod footers;
mod group;
mod guess;
mod keys;
mod kinds;
mod say;
mod sections;
mod source;
mod staff;
mod summary;
mod surveys;
#[cfg(test)]
mod tests;
mod tickets;

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;
use std::path::Path;

use chrono::NaiveDate;

use build::Setting;
use group::Group;
use kinds::Feed;
use say::Tongue;
use sections::Sources;
use source::SourceDraft;
use summary::counted;

pub use summary::Summary;

pub use crate::ingest::peek::Peek;
use crate::ingest::read::Record;
use crate::schema::Language;
use crate::schema::input::SourceKind;

/// A drafted pipeline.
#[derive(Debug)]
pub struct Draft {
    /// The language that it speaks, with its doubts.
    pub language: Language,
    /// The pipeline file.
    pub text: String,
    /// What should be looked at before its figures are trusted, a sentence each.
    pub doubts: Vec<String>,
    /// The sources it reads, for the terminal.
    pub sources: Vec<Summary>,
    /// Tables that were looked at and are not read, as `file` or `file/sheet`.
    pub left_out: Vec<String>,
}

/// Drafts a pipeline that lies in `folder`. `today` stands in where no file says when anything happened.
///
/// # Errors
/// Why nothing could be drafted.
pub fn draft(peeks: &[Peek], folder: &Path, today: NaiveDate) -> Result<Draft, String> {
    let cleaned: Vec<Option<Peek>> = peeks.iter().map(footers::without).collect();
    let peeks: Vec<&Peek> =
        peeks.iter().zip(&cleaned).map(|(peek, cleaned)| cleaned.as_ref().unwrap_or(peek)).collect();
    let setting = Setting { tongue: Tongue(language(&peeks)), folder, today, peeks: &peeks };
    let groups: Vec<Group> = group::groups(&peeks).into_iter().map(Group::new).collect();
    let joined = same_kind(&groups);
    let groups = if joined.len() == groups.len() { groups } else { joined.into_iter().map(Group::new).collect() };
    let feeds = feeds(&groups);
    if feeds.is_empty() {
        return Err(nothing(&peeks));
    }
    Ok(write(&feeds, setting))
}

/// The feeds of all groups: of each kind one at most.
fn feeds<'g, 'a>(groups: &'g [Group<'a>]) -> Vec<Feed<'g, 'a>> {
    let mut feeds: Vec<Feed> = groups.iter().flat_map(kinds::feeds).collect();
    let main = |feed: &Feed| matches!(feed.kind, SourceKind::Tickets | SourceKind::Surveys);
    if !feeds.iter().any(main) {
        feeds.extend(groups.iter().find_map(kinds::by_content));
    }
    if !feeds.iter().any(main) {
        return Vec::new();
    }
    // Surveys of their own come before what ticket tables tell of surveys; so do rosters and pauses.
    feeds.sort_by_key(|feed| (feed.kind, feed.among_tickets, std::cmp::Reverse(rows(feed.group))));
    feeds.dedup_by_key(|feed| feed.kind);
    feeds
}

fn rows(group: &Group) -> usize {
    group.tables.iter().map(|peek| peek.rows.len()).sum()
}

/// What tables feed, and whether with an answer a row.
type Kinds = BTreeSet<(SourceKind, bool)>;

/// Tables that feed the same kind of source are one group, although their columns differ. Surveys with an answer a row do
/// not go together with those that have a column for each question.
fn same_kind<'a>(groups: &[Group<'a>]) -> Vec<Vec<&'a Peek>> {
    let mut joined: Vec<(Kinds, Vec<&'a Peek>)> = Vec::new();
    for group in groups {
        let kinds: Kinds = kinds::feeds(group)
            .iter()
            .filter(|feed| feed.kind == SourceKind::Tickets || !feed.among_tickets)
            .map(|feed| (feed.kind, feed.matches.has("dimension")))
            .collect();
        match joined.iter_mut().find(|(others, _)| !others.is_disjoint(&kinds)) {
            Some((others, tables)) => {
                others.extend(kinds);
                tables.extend(&group.tables);
            }
            None => joined.push((kinds, group.tables.clone())),
        }
    }
    joined.into_iter().map(|(_, tables)| tables).collect()
}

fn write(feeds: &[Feed], setting: Setting) -> Draft {
    let tongue = setting.tongue;
    let tickets = feeds.iter().find(|feed| feed.kind == SourceKind::Tickets);
    let clash = keys::clash(feeds);
    let sources: Vec<SourceDraft> =
        feeds.iter().map(|feed| build::source(feed, tickets, clash.as_ref(), setting)).collect();
    let left_out_peeks: Vec<&Peek> = setting
        .peeks
        .iter()
        .copied()
        .filter(|peek| !sources.iter().any(|source| source.tables.iter().any(|table| std::ptr::eq(*table, *peek))))
        .collect();
    let left_out: Vec<String> = left_out_peeks.iter().map(|peek| build::label(peek)).collect();

    let mut doubts: Vec<String> = Vec::new();
    let all = Sources(&sources);
    let review = sections::review(&all, setting, &mut doubts);
    doubts.extend(sources.iter().flat_map(SourceDraft::doubts));
    doubts.extend(rivals(&left_out_peeks, tongue));
    doubts.extend(scores_left(feeds, tongue));
    let targets = sections::targets(&all, tongue, &mut doubts);
    let surveys = feeds.iter().find(|feed| feed.kind == SourceKind::Surveys);
    let figures = sections::figures(&all, surveys, tongue, &mut doubts);

    let mut text = head(tongue) + "\n" + &review + "\n";
    let mut listed = HashSet::new();
    let mut summaries = Vec::new();
    for (feed, source) in feeds.iter().zip(&sources) {
        // Columns of a table that feeds several sources are listed once.
        let unused: Vec<&str> =
            unused(feed, &sources).into_iter().filter(|name| listed.insert((*name).to_owned())).collect();
        text += "\n";
        text += &read_from(&source.tables, tongue);
        text += &source.toml(tongue, &unused);
        summaries.push(Summary {
            kind: source.kind,
            tables: source.tables.len(),
            files: source.files.clone(),
            columns: source.columns.len(),
            dimensions: source.dimensions.len(),
            unused: unused.len(),
        });
    }
    if !left_out.is_empty() {
        let title = tongue.say("看过但未使用的表：", "Looked at, and not read:");
        _ = write!(text, "\n# {title}\n{}", say::wrapped(&left_out));
    }
    text += "\n\n";
    if !targets.is_empty() {
        text += &(targets + "\n");
    }
    Draft { language: tongue.0, text: text + &figures, doubts, sources: summaries, left_out }
}

/// Tables that are not read and look as if they should be: surveys of another form than those that are, and tables of
/// tickets without a time of request.
fn rivals(left_out: &[&Peek], tongue: Tongue) -> Vec<String> {
    let mut doubts = Vec::new();
    for peek in left_out {
        let (group, name) = (Group::new(vec![*peek]), build::label(peek));
        let tickets = columns::recognise(&group, SourceKind::Tickets);
        if kinds::feeds(&group).iter().any(|feed| feed.kind == SourceKind::Surveys) {
            doubts.push(if tongue.is_zh() {
                format!("{name} 也是评价，但格式与所读的不同（一行一题与一行一份），未读；请另写一份配置")
            } else {
                format!("{name} holds surveys of another form (a row an answer, or a row a survey), and is not read: give it a pipeline of its own")
            });
        } else if tickets.has("ticket_id") && !tickets.has("requested_at") {
            doubts.push(if tongue.is_zh() {
                format!("{name} 有单号，但看不出报修时间，未读")
            } else {
                format!("{name} has ticket numbers but no time of request that could be told, and is not read")
            });
        }
    }
    doubts
}

/// Scores in ticket tables, where surveys of their own are read.
fn scores_left(feeds: &[Feed], tongue: Tongue) -> Option<String> {
    let of = |kind| feeds.iter().find(|feed| feed.kind == kind);
    let (tickets, surveys) = (of(SourceKind::Tickets)?, of(SourceKind::Surveys)?);
    if std::ptr::eq(tickets.group, surveys.group) {
        return None;
    }
    let left = kinds::feeds(tickets.group).into_iter().find(|feed| feed.kind == SourceKind::Surveys)?;
    let names: Vec<&str> = left.dimensions.iter().flat_map(|found| found.theirs.iter().copied()).collect();
    let names = names.join(&tongue.say("、", ", "));
    Some(if tongue.is_zh() {
        format!("工单表中另有评分（{names}），未读；如需要，请另写一份配置")
    } else {
        format!("the tickets hold scores, too ({names}), and those are not read: give them a pipeline of their own")
    })
}

/// Their columns that no source uses, in the order of the files.
fn unused<'a>(feed: &Feed<'_, 'a>, sources: &[SourceDraft]) -> Vec<&'a str> {
    let shares = |source: &&SourceDraft| {
        source.tables.iter().any(|table| feed.group.tables.iter().any(|t| std::ptr::eq(*t, *table)))
    };
    let used: BTreeSet<&str> = sources.iter().filter(shares).flat_map(SourceDraft::used).collect();
    feed.group.columns.iter().map(|column| column.name).filter(|name| !used.contains(name)).collect()
}

fn head(tongue: Tongue) -> String {
    tongue.say(
        "# 由 aftersales init 起草。标有 UNSURE 的行请先核对，再看数字。\n\
         # 约定：路径相对于本文件；“我方列名 = 导出表列名”；一列有多个曾用名时写成列表。\n",
        "# Drafted by aftersales init. Look at every line marked UNSURE before you trust the figures.\n\
         # Paths are relative to this file; \"ours = theirs\"; of several names the first one that a file has is taken.\n",
    )
}

/// Which tables a source was drafted from.
fn read_from(tables: &[&Peek], tongue: Tongue) -> String {
    const SHOWN: usize = 6;
    let mut text = String::new();
    for peek in tables.iter().take(SHOWN) {
        let rows = match (peek.complete, tongue.is_zh()) {
            (true, true) => format!("{} 行", peek.rows.len()),
            (false, true) => format!("看了前 {} 行", peek.rows.len()),
            (true, false) => counted(peek.rows.len(), "row"),
            (false, false) => format!("first {} seen", counted(peek.rows.len(), "row")),
        };
        let between = tongue.say("，", ", ");
        let header = match (peek.header_row, tongue.is_zh()) {
            (..=1, _) => String::new(),
            (row, true) => format!("，表头在第 {row} 行"),
            (row, false) => format!(", header in row {row}"),
        };
        _ = writeln!(
            text,
            "# {}: {}{between}{rows}{header}",
            say::plain(&build::label(peek)),
            say::plain(&say::format(&peek.format, tongue))
        );
    }
    if tables.len() > SHOWN {
        let more = tables.len() - SHOWN;
        let (before, after) = if tongue.is_zh() { ("另有", "个") } else { ("and", "more") };
        _ = writeln!(text, "# {before} {more} {after}");
    }
    text
}

/// Chinese, if most headers are, or most of what stands in the rows.
fn language(peeks: &[&Peek]) -> Language {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let lettered = |text: &str| text.chars().any(char::is_alphabetic);
    let most = |texts: &mut dyn Iterator<Item = &str>| {
        let (zh, all) = texts
            .filter(|text| lettered(text))
            .fold((0, 0), |(zh, all), text| (zh + i32::from(chinese(text)), all + 1));
        zh * 2 > all
    };
    let headers = most(&mut peeks.iter().flat_map(|peek| peek.header.iter().map(String::as_str)));
    let rows = || peeks.iter().flat_map(|peek| peek.rows.iter().take(50));
    if headers || most(&mut rows().flat_map(Record::iter)) { Language::Zh } else { Language::En }
}

/// Why there is no draft.
fn nothing(peeks: &[&Peek]) -> String {
    let seen: Vec<String> = peeks
        .iter()
        .take(5)
        .map(|peek| {
            let header: Vec<&str> =
                peek.header.iter().map(String::as_str).filter(|name| !name.trim().is_empty()).take(8).collect();
            format!(
                "{} has {}",
                build::label(peek),
                if header.is_empty() { "no header".to_owned() } else { header.join(", ") }
            )
        })
        .collect();
    let seen = if seen.is_empty() { "no table was found".to_owned() } else { seen.join("; ") };
    format!(
        "no table has a ticket number and a time of request, or scores of a ticket or a staff member ({seen}); \
         check that the first row of the table holds the names of its columns, or write the pipeline by hand"
    )
}
