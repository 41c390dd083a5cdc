//! `[sources.tickets]`: what tickets need beyond the columns that were recognised.

use std::collections::BTreeSet;

use super::build::{label, row_number};
use super::columns::How;
use super::content::Column;
use super::dates::Reading;
use super::kinds::Feed;
use super::say::Tongue;
use super::source::{Line, SourceDraft, Theirs};
use super::{events, files, guess};
use crate::schema::synonyms;

/// More words than this are no list of states.
const STATES: usize = 40;

pub fn complete<'a>(draft: &mut SourceDraft<'a>, feed: &Feed<'_, 'a>, tongue: Tongue) {
    if !draft.has("ticket_id") {
        let why = tongue.say(
            "没有找到单号列，以行号代替；重复导出的工单无法识别",
            "no column of numbers was found; tickets that come again in another dump count twice",
        );
        draft.columns.push(Line::new("ticket_id", row_number(&draft.tables)).unsure(Some(why)));
    }
    if let (false, Some(closed)) = (draft.has("resolved_at"), draft.columns.iter_mut().find(|l| l.ours == "closed_at"))
    {
        let why =
            tongue.say("没有解决时间，以关闭时间代替", "there is no time of solution, so the closing stands for it");
        "resolved_at".clone_into(&mut closed.ours);
        *closed = closed.clone().unsure(Some(why));
    }
    closings(draft, feed, tongue);
    people(draft, feed, tongue);
    if let (false, Some(name)) = (draft.has("staff_id"), draft.columns.iter_mut().find(|l| l.ours == "staff_name")) {
        let why = tongue
            .say("没有员工编号，以姓名代替；同名者会合为一人", "there are names only; namesakes count as one person");
        "staff_id".clone_into(&mut name.ours);
        *name = name.clone().unsure(Some(why));
    }
    if let (false, Some(at)) = (draft.has("branch"), files::branch(&draft.tables)) {
        let why = match at {
            "@sheet" => tongue.say("以工作表名作为网点", "the names of the sheets are taken for branches"),
            _ => tongue.say("以文件名作为网点", "the names of the files are taken for branches"),
        };
        draft.columns.push(Line::new("branch", Theirs::Names(vec![at.to_owned()])).unsure(Some(why)));
    }
    let used: BTreeSet<String> = draft.used().into_iter().map(str::to_owned).collect();
    outcomes(draft, feed, &used, tongue);
    statuses(draft, feed);
    let several =
        draft.columns.iter().any(|line| line.ours == "ticket_id" && matches!(line.theirs, Theirs::Joined { .. }));
    if !several {
        events(draft, feed, tongue);
        counted(draft, feed, tongue);
    }
    overlaps(draft, feed, tongue);
}

/// Where only some tables have a time of solution, the closing stands for it in the others.
fn closings(draft: &mut SourceDraft, feed: &Feed, tongue: Tongue) {
    let (Some(resolved), Some(closed)) = (feed.matches.get("resolved_at"), feed.matches.get("closed_at")) else {
        return;
    };
    let has = |columns: &[&Column], table| columns.iter().any(|column| column.place(table).is_some());
    let lacking = |table: &usize| !has(&resolved.theirs, *table) && has(&closed.theirs, *table);
    let Some(first) = (0..feed.group.tables.len()).find(lacking) else { return };
    let Some(line) = draft.columns.iter_mut().find(|line| line.ours == "resolved_at") else { return };
    let label = feed.group.tables.get(first).map(|peek| label(peek)).unwrap_or_default();
    // A column of theirs stands for one of ours only.
    let lacks = |column: &&&Column| (0..feed.group.tables.len()).any(|t| lacking(&t) && column.place(t).is_some());
    let moved: Vec<String> = closed.theirs.iter().filter(lacks).map(|column| column.name.to_owned()).collect();
    let Theirs::Names(names) = &mut line.theirs else { return };
    names.extend(moved.iter().cloned());
    let why = if tongue.is_zh() {
        format!("{label} 没有解决时间，以关闭时间代替")
    } else {
        format!("{label} has no time of solution, so the closing stands for it")
    };
    *line = line.clone().unsure(Some(why));
    draft.columns.retain_mut(|line| match &mut line.theirs {
        Theirs::Names(names) if line.ours == "closed_at" => {
            names.retain(|name| !moved.contains(name));
            !names.is_empty()
        }
        Theirs::Written { names, .. } | Theirs::Joined { columns: names, .. } if line.ours == "closed_at" => {
            !names.iter().any(|name| moved.contains(name))
        }
        _ => true,
    });
}

/// Files that name staff in one column or another, never in both: the same people, by their names.
fn people(draft: &mut SourceDraft, feed: &Feed, tongue: Tongue) {
    let (Some(id), Some(name)) = (feed.matches.get("staff_id"), feed.matches.get("staff_name")) else { return };
    let apart = !id.theirs.iter().any(|id| name.theirs.iter().any(|name| id.meets(name)));
    if id.how == How::Strong || !apart {
        return;
    }
    let names: Vec<String> = name.theirs.iter().map(|column| column.name.to_owned()).collect();
    let why = tongue.say(
        "各文件以不同的列记姓名；同名者会合为一人",
        "files name people in different columns; namesakes count as one",
    );
    if let Some(line) = draft.columns.iter_mut().find(|line| line.ours == "staff_id")
        && let Theirs::Names(ids) = &mut line.theirs
    {
        ids.extend(names);
        *line = line.clone().unsure(Some(why));
        draft.columns.retain(|line| line.ours != "staff_name");
    }
}

/// Their outcomes. Of several that never stand in the same file, one name for the other, the last one is kept, if it is
/// the name in most files: `carry` knows no alternatives.
fn outcomes<'a>(draft: &mut SourceDraft<'a>, feed: &Feed<'_, 'a>, used: &BTreeSet<String>, tongue: Tongue) {
    let mut free: Vec<&Column<'a>> = guess::outcomes(feed.group).filter(|c| !used.contains(c.name)).collect();
    let last = |column: &Column| column.places.iter().map(|place| place.table).max();
    let newest: Vec<(&str, usize)> = free
        .iter()
        .filter(|one| free.iter().all(|other| one.name == other.name || one.meets(other) || last(one) > last(other)))
        .map(|one| (one.name, one.places.len()))
        .collect();
    let (free_again, newest) = (free.clone(), newest);
    free.retain(|one| {
        let renamed = free_again.iter().find(|other| {
            let later = newest.iter().any(|(name, files)| *name == other.name && *files > one.places.len());
            other.name != one.name && !other.meets(one) && later
        });
        if let Some(other) = renamed {
            draft.notes.push(if tongue.is_zh() {
                format!("carry 不能列别名，“{}”与“{}”不在同一文件，只保留后者", one.name, other.name)
            } else {
                format!(
                    "`carry` has no alternatives: \"{}\" never stands beside \"{}\" and is left out",
                    one.name, other.name
                )
            });
        }
        renamed.is_none()
    });
    draft.carry = free.into_iter().map(|column| column.name).collect();
}

fn statuses<'a>(draft: &mut SourceDraft<'a>, feed: &Feed<'_, 'a>) {
    let Some(found) = feed.matches.get("status") else { return };
    let words: BTreeSet<&'a str> = found.theirs.iter().flat_map(|column| column.distinct.keys().copied()).collect();
    if words.len() > STATES {
        return;
    }
    for word in words {
        match synonyms::status(word) {
            Some(ours) => _ = draft.statuses.insert(word, ours),
            None => draft.other_statuses.push(word),
        }
    }
}

/// A log with a row an event: which row of a ticket counts.
fn events(draft: &mut SourceDraft, feed: &Feed, tongue: Tongue) {
    let Some(id) = feed.matches.column("ticket_id").filter(|id| events::repeats(feed.group, id)) else { return };
    let time = feed.event_times.first();
    if let Some(time) = time {
        draft.notes.push(if tongue.is_zh() {
            format!("“{}”逐行不同，是每条记录的时间，不作为工单的任何时刻", time.name)
        } else {
            format!(
                "\"{}\" differs from row to row of a ticket: the time of an event, and no moment of the ticket",
                time.name
            )
        });
    }
    if let Some(version) = events::version(feed.group, id) {
        let mut line = Line::new("latest_by", Theirs::Names(vec![version.column.name.to_owned()]));
        line.remark = Some(tongue.say(
            "同一工单有多行，取此列最大的一行",
            "a ticket has several rows; the one with the largest number counts",
        ));
        let guessed = tongue.say(
            "每个工单内从 1 数起，视为版本；若每行是一次上门或一个故障，请先汇总",
            "it counts the rows of each ticket; if a row is a visit or a fault, sum them up first",
        );
        draft.latest_by = Some(line.unsure((!version.named).then_some(guessed)));
        return;
    }
    // No format can be given for it, so its times must be plain.
    let known = |time: &Column| time.places.iter().all(|place| matches!(place.reading, Reading::Known(_)));
    let everywhere =
        |time: &&&Column| (0..feed.group.tables.len()).all(|table| time.place(table).is_some()) && known(time);
    if let Some(time) = time.filter(everywhere).filter(|time| !events::in_file_order(feed.group, id, time)) {
        let why = tongue.say(
            "各行未按此时间排列，故取时间最晚的一行；请核对",
            "the rows do not stand in the order of this time; the latest one of a ticket counts",
        );
        let line = Line::new("latest_by", Theirs::Names(vec![time.name.to_owned()]));
        draft.latest_by = Some(line.unsure(Some(why)));
        return;
    }
    draft.notes.push(match time {
        Some(time) if events::in_file_order(feed.group, id, time) => tongue.say(
            "同一工单有多行，以文件中最后一行为准；各行正按时间先后排列",
            "tickets come in several rows and the last one counts; they stand in the order of time",
        ),
        Some(time) if tongue.is_zh() => {
            format!("同一工单有多行，以文件中最后一行为准，但各行未按“{}”排列；请先按它排序再导出", time.name)
        }
        Some(time) => format!(
            "tickets come in several rows and the last one counts, but they do not stand in the order of \"{}\": sort the dump by it",
            time.name
        ),
        None => tongue.say(
            "同一工单有多行，以文件中最后一行为准；若每行是一次上门或一个故障，请先汇总",
            "tickets come in several rows and the last one counts; if a row is a visit or a fault, sum them up first",
        ),
    });
}

/// Numbers that are those of the rows.
fn counted(draft: &mut SourceDraft, feed: &Feed, tongue: Tongue) {
    let counts = feed.matches.column("ticket_id").is_some_and(Column::counts_rows);
    if let Some(line) = draft.columns.iter_mut().find(|line| line.ours == "ticket_id").filter(|_| counts) {
        let why = tongue.say(
            "只是 1、2、3……；若别的导出也从 1 数起，同号工单会互相覆盖",
            "1, 2, 3, …; if another dump begins at 1 again, its tickets replace these",
        );
        *line = line.clone().unsure(Some(why));
    }
}

/// Files that hold the same tickets.
fn overlaps(draft: &mut SourceDraft, feed: &Feed, tongue: Tongue) {
    let Some(found) = feed.matches.get("ticket_id") else { return };
    let mut before: Vec<(usize, BTreeSet<&str>)> = Vec::new();
    for table in 0..feed.group.tables.len() {
        let places = found.theirs.iter().filter_map(|column| column.place(table));
        let ids: BTreeSet<&str> = places.flat_map(|place| feed.group.cells(place)).map(|cell| cell.text).collect();
        if ids.len() < 10 {
            continue;
        }
        let same = before.iter().find(|(_, others)| ids.intersection(others).count() * 100 >= ids.len() * 95);
        if let Some((other, _)) = same
            && let (Some(one), Some(other)) = (feed.group.tables.get(table), feed.group.tables.get(*other))
        {
            let (one, other) = (label(one), label(other));
            draft.notes.push(if tongue.is_zh() {
                format!("{one} 与 {other} 是同一批工单，后读的一份为准")
            } else {
                format!("{one} holds the same tickets as {other}; the later dump counts")
            });
        }
        before.push((table, ids));
    }
}
