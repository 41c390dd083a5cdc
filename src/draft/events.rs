//! Logs with a row an event: the same ticket stands in several rows.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{How, Matches};
use super::content::{Column, percent};
use super::group::Group;
use super::kinds::Feed;
use super::say::Tongue;
use super::source::SourceDraft;
use crate::ingest::values::number;
use crate::schema::input::SourceKind;
use crate::schema::synonyms::{self, VERSIONS, key, keys};

/// In fewer tickets than this nothing but a name tells a column of versions.
const FEW: usize = 5;

/// The rows of the tickets that stand more than once in a table, in the order of the file.
fn histories(group: &Group, id: &Column) -> Vec<(usize, Vec<usize>)> {
    let mut rows: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (table, row) in group.rows() {
        if let Some(id) = group.text(id, table, row).filter(|id| !id.is_empty()) {
            rows.entry((table, id)).or_default().push(row);
        }
    }
    rows.into_iter().filter(|(_, rows)| rows.len() > 1).map(|((table, _), rows)| (table, rows)).collect()
}

/// Whether most of the tickets of a table come more than once.
pub fn repeats(group: &Group, id: &Column) -> bool {
    id.places.iter().any(|place| {
        let texts: Vec<&str> = group.cells(place).map(|cell| cell.text).filter(|text| !text.is_empty()).collect();
        let distinct: BTreeSet<_> = texts.iter().collect();
        texts.len() >= 5 && distinct.len() * 10 < texts.len() * 9
    })
}

/// Their column that counts the versions of a row.
#[derive(Debug)]
pub struct Version<'g, 'a> {
    pub column: &'g Column<'a>,
    /// Its name says so; else only its numbers do.
    pub named: bool,
}

pub fn has_version(group: &Group, id: &Column) -> bool {
    version(group, id).is_some_and(|version| version.named)
}

/// Finds the column of versions: by its name, if its numbers tell the rows of a ticket apart, or as the only one that
/// counts 1, 2, 3, … within each ticket.
pub fn version<'g, 'a>(group: &'g Group<'a>, id: &Column<'a>) -> Option<Version<'g, 'a>> {
    let histories = histories(group, id);
    let named = |column: &&Column| VERSIONS.iter().any(|name| keys(column.name).contains(&key(name)));
    // A count of the rows begins anew in every dump, so that an old one could win over a new one.
    let whole = |column: &&Column| {
        !column.counts_rows() && column.percent(|text| number::version(text).is_some()) >= 95 && column.name != id.name
    };
    let tells = |column: &&Column| rises(group, id, column) || tells_apart(group, &histories, column);
    if let Some(column) = group.columns.iter().filter(named).filter(whole).find(tells) {
        return Some(Version { column, named: true });
    }
    if histories.len() < FEW || !repeats(group, id) {
        return None;
    }
    let mut counting = group.columns.iter().filter(whole).filter(|column| counts(group, &histories, column));
    let column = counting.next()?;
    counting.next().is_none().then_some(Version { column, named: false })
}

/// Whether a column rises within the rows of a ticket, or falls in all of them (a dump with the latest row first).
fn rises(group: &Group, id: &Column, column: &Column) -> bool {
    let mut last = BTreeMap::new();
    let (mut up, mut down) = (0_usize, 0_usize);
    for (table, row) in group.rows() {
        let (Some(id), Some(version)) = (group.text(id, table, row), group.text(column, table, row)) else { continue };
        let Some(version) = number::version(version) else { continue };
        match last.insert((table, id), version) {
            Some(before) if before < version => up += 1,
            Some(before) if before > version => down += 1,
            _ => {}
        }
    }
    up.max(down) > 0 && percent(up.max(down), up + down) >= 90
}

fn numbers(group: &Group, table: usize, rows: &[usize], column: &Column) -> Vec<i64> {
    rows.iter().filter_map(|row| number::version(group.text(column, table, *row)?)).collect()
}

/// Another number in each row of a ticket, in whatever order the rows stand.
fn tells_apart(group: &Group, histories: &[(usize, Vec<usize>)], column: &Column) -> bool {
    let apart = |(table, rows): &&(usize, Vec<usize>)| {
        let numbers = numbers(group, *table, rows, column);
        numbers.len() == rows.len() && numbers.iter().collect::<BTreeSet<_>>().len() == rows.len()
    };
    !histories.is_empty() && percent(histories.iter().filter(apart).count(), histories.len()) >= 95
}

/// The numbers from 0 or 1 on, each once in the rows of a ticket.
fn counts(group: &Group, histories: &[(usize, Vec<usize>)], column: &Column) -> bool {
    let counting = |(table, rows): &&(usize, Vec<usize>)| {
        let mut numbers = numbers(group, *table, rows, column);
        numbers.sort_unstable();
        let first = numbers.first().copied().unwrap_or(-1);
        numbers.len() == rows.len() && (0..=1).contains(&first) && numbers.iter().zip(first..).all(|(n, due)| *n == due)
    };
    percent(histories.iter().filter(counting).count(), histories.len()) >= 95
}

/// The moment in a row.
fn moment(group: &Group, column: &Column, table: usize, row: usize) -> Option<super::dates::Moment> {
    let place = column.place(table)?;
    place.reading.time(group.cell(place, row)?)
}

/// Takes the times of events away from the moments of tickets: times that differ from row to row within a ticket, where
/// the time of the request does not.
pub fn set_aside<'g, 'a>(group: &'g Group<'a>, matches: &mut Matches<'g, 'a>) -> Vec<&'g Column<'a>> {
    let (Some(id), Some(requested)) = (matches.column("ticket_id"), matches.column("requested_at")) else {
        return Vec::new();
    };
    if !repeats(group, id) {
        return Vec::new();
    }
    let histories = histories(group, id);
    // Tickets in whose rows the times are all there: those whose times all differ, and those whose times are all one.
    let judge = |column: &Column| {
        let (mut filled, mut differing, mut same) = (0_usize, 0_usize, 0_usize);
        for (table, rows) in &histories {
            let times: Vec<_> = rows.iter().filter_map(|row| moment(group, column, *table, *row)).collect();
            if times.len() * 10 >= rows.len() * 9 {
                filled += 1;
                let distinct = times.iter().collect::<BTreeSet<_>>().len();
                differing += usize::from(distinct == times.len());
                same += usize::from(distinct == 1);
            }
        }
        (filled, differing, same)
    };
    let (_, _, same) = judge(requested);
    if percent(same, histories.len()) < 80 {
        return Vec::new();
    }
    let times: Vec<&Column> = group
        .columns
        .iter()
        .filter(|column| column.is_written_time() && column.name != requested.name)
        .filter(|column| {
            let (filled, differing, _) = judge(column);
            percent(filled, histories.len()) >= 80 && percent(differing, filled) >= 80
        })
        .collect();
    for ours in ["first_response_at", "started_at", "resolved_at", "first_resolved_at", "reopened_at", "closed_at"] {
        if matches.column(ours).is_some_and(|column| times.iter().any(|time| time.name == column.name)) {
            matches.take(ours);
        }
    }
    times
}

/// More words than this are no list of states.
const STATES: usize = 40;

/// The columns of a log that tell when tickets waited: their number, the time of an event, and a status with words for
/// waiting. `named` are the columns of pauses by their names, `tickets` those of the tickets in the same rows.
pub fn log<'g, 'a>(
    group: &'g Group<'a>,
    named: &Matches<'g, 'a>,
    tickets: Option<&Matches<'g, 'a>>,
    times: &[&'g Column<'a>],
) -> Option<Matches<'g, 'a>> {
    let find = |ours| tickets.and_then(|tickets| tickets.get(ours)).or_else(|| named.get(ours));
    let (id, status) = (find("ticket_id")?, find("status")?);
    let words = || status.theirs.iter().flat_map(|column| column.distinct.keys());
    let repeating = id.theirs.first().is_some_and(|id| repeats(group, id));
    if !repeating || words().count() > STATES || !words().any(|word| synonyms::waiting(word)) {
        return None;
    }
    let by_name = named.get("event_at").filter(|found| {
        let free = |column: &&Column| !tickets.is_some_and(|tickets| tickets.uses(column));
        // A name may mean other things: then the times must differ from row to row.
        let sure =
            found.how == How::Strong || found.theirs.iter().all(|c| times.iter().any(|time| time.name == c.name));
        sure && found.theirs.iter().all(free)
    });
    let (event, how) = match (by_name, times.first()) {
        (Some(found), _) => (found.theirs.clone(), found.how),
        (None, Some(time)) => (vec![*time], How::Guessed),
        (None, None) => return None,
    };
    let mut matches = Matches::default();
    matches.put(SourceKind::Pauses, "ticket_id", id.theirs.clone(), id.how);
    matches.put(SourceKind::Pauses, "event_at", event, how);
    matches.put(SourceKind::Pauses, "status", status.theirs.clone(), status.how);
    Some(matches)
}

/// What the statuses of a log mean.
pub fn complete<'a>(draft: &mut SourceDraft<'a>, feed: &Feed<'_, 'a>, tongue: Tongue) {
    let (Some(status), true) = (feed.matches.get("status"), feed.matches.has("event_at")) else { return };
    let words: BTreeSet<&'a str> = status.theirs.iter().flat_map(|column| column.distinct.keys().copied()).collect();
    let ended = |word: &&str| matches!(synonyms::status(word), Some("resolved" | "closed"));
    draft.resolved = words.iter().copied().filter(ended).collect();
    draft.pending = words.into_iter().filter(|word| synonyms::waiting(word) && !ended(word)).collect();
    let why = tongue.say(
        "按字面判断：pending 为等待中的状态（停表），resolved 为已解决的状态（其后重开的，已解决的时间不计）",
        "by their words: in `pending` a ticket waits, in `resolved` it is done, and time done before it is reopened does not count",
    );
    let seen_in_part = feed.group.tables.iter().any(|peek| !peek.complete);
    let more = tongue.say(
        "；只看了开头的行，其余行中的状态请补上",
        "; only the first rows were looked at: add the statuses of the others",
    );
    draft.statuses_unsure = Some(if seen_in_part { why + &more } else { why });
}

/// Whether the rows of each ticket stand in the order of this time.
pub fn in_file_order(group: &Group, id: &Column, time: &Column) -> bool {
    let histories = histories(group, id);
    let sorted =
        |(table, rows): &&(usize, Vec<usize>)| rows.iter().map(|row| moment(group, time, *table, *row)).is_sorted();
    percent(histories.iter().filter(sorted).count(), histories.len()) >= 95
}

/// Whether a column differs within the rows of most tickets.
pub fn varies(group: &Group, id: &Column, column: &Column) -> bool {
    let histories = histories(group, id);
    let differs = |(table, rows): &&(usize, Vec<usize>)| {
        rows.iter().filter_map(|row| group.text(column, *table, *row)).collect::<BTreeSet<_>>().len() > 1
    };
    percent(histories.iter().filter(differs).count(), histories.len()) >= 80
}
