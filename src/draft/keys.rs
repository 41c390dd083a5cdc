//! Ticket numbers that stand for different tickets in one file: a number that begins anew on every sheet, or every year.

use std::collections::BTreeMap;
use std::path::Path;

use super::Peek;
use super::columns::Matches;
use super::content::Column;
use super::events;
use super::group::Group;
use super::kinds::Feed;
use crate::plan::AT_SHEET;
use crate::schema::input::SourceKind;

/// So many different tickets of one number are told apart; more say nothing new.
const ENOUGH: usize = 20;

/// Columns that say whom and what a ticket is about.
const IDENTITY: [&str; 5] = ["customer_id", "customer_name", "customer_phone", "serial_number", "fault_description"];

/// Numbers that stand for several tickets.
#[derive(Debug)]
pub struct Clash {
    pub numbers: Vec<String>,
    /// Their columns that tell the tickets apart together, if every source that names tickets has them.
    pub columns: Option<Vec<String>>,
}

/// A row and what it is known by.
struct Row<'a> {
    table: usize,
    at: usize,
    sheet: Option<&'a str>,
    time: Option<&'a str>,
}

/// Finds numbers that clash within a file; those in several files are late dumps.
pub fn clash(feeds: &[Feed]) -> Option<Clash> {
    let tickets = feeds.iter().find(|feed| feed.kind == SourceKind::Tickets)?;
    let (group, matches) = (tickets.group, &tickets.matches);
    let (id, time) = (matches.get("ticket_id")?, matches.get("requested_at")?);
    if id.theirs.iter().any(|id| events::has_version(group, id)) || !tickets.event_times.is_empty() {
        return None;
    }
    let mut seen: BTreeMap<(&Path, &str, &str), Vec<Row>> = BTreeMap::new();
    for (table, row) in group.rows() {
        let Some(peek) = group.tables.get(table) else { continue };
        let text = |columns: &[&Column]| columns.iter().find_map(|column| group.text(column, table, row));
        if let Some(number) = text(&id.theirs).filter(|number| !number.is_empty()) {
            let time = text(&time.theirs).filter(|time| !time.is_empty());
            let (file, member, sheet) = place(peek);
            seen.entry((file, member, number)).or_default().push(Row { table, at: row, sheet, time });
        }
    }
    seen.retain(|_, rows| rows.len() > 1);
    let log = is_log(group, matches, id.theirs.as_slice());
    let different = |a: &Row, b: &Row| differ(group, matches, log, a, b);
    // One row of each ticket.
    let mut clashing: BTreeMap<&str, Vec<Vec<&Row>>> = BTreeMap::new();
    let mut moved = false;
    for ((.., number), rows) in &seen {
        let mut things: Vec<&Row> = Vec::new();
        for row in rows {
            match things.iter().find(|thing| !different(thing, row)) {
                Some(same) => moved |= same.sheet != row.sheet,
                None if things.len() < ENOUGH => things.push(row),
                None => {}
            }
        }
        if things.len() > 1 {
            clashing.entry(number).or_default().push(things);
        }
    }
    // Where most numbers come again with the same ticket, the few others are slips.
    if clashing.is_empty() {
        return None;
    }
    let numbers = clashing.keys().map(|number| (*number).to_owned()).collect();
    let systematic = clashing.values().map(Vec::len).sum::<usize>() * 2 >= seen.len();
    let ([id], [time], true) = (id.theirs.as_slice(), time.theirs.as_slice(), systematic) else {
        return Some(Clash { numbers, columns: None });
    };
    let unique = |by: &dyn Fn(&Row, &Row) -> bool| {
        clashing
            .values()
            .flatten()
            .all(|things| things.iter().enumerate().all(|(i, a)| things.iter().skip(i + 1).all(|b| !by(a, b))))
    };
    let same_sheet = |a: &Row, b: &Row| a.sheet == b.sheet;
    let same_time = |a: &Row, b: &Row| a.time == b.time;
    // A ticket that stands on several sheets must stay one.
    let columns = if !moved && unique(&same_sheet) {
        vec![AT_SHEET, id.name]
    } else if unique(&same_time) {
        vec![id.name, time.name]
    } else if !moved && unique(&|a, b| same_sheet(a, b) && same_time(a, b)) {
        vec![AT_SHEET, id.name, time.name]
    } else {
        Vec::new()
    };
    let fits = !columns.is_empty() && feeds.iter().all(|feed| names_all(feed, group, &columns));
    let columns = fits.then(|| columns.into_iter().map(str::to_owned).collect());
    Some(Clash { numbers, columns })
}

/// The file, the member of an archive and the sheet of a table.
fn place(peek: &Peek) -> (&Path, &str, Option<&str>) {
    const BOOKS: [&str; 3] = ["XLSX", "XLS", "ODS"];
    let table = peek.table.as_deref().unwrap_or_default();
    let (member, sheet) = match (BOOKS.contains(&peek.format.as_str()), table.rsplit_once('/')) {
        (true, Some((member, sheet))) => (member, Some(sheet)),
        (true, None) => ("", Some(table)),
        (false, _) => (table, None),
    };
    (&peek.path, member, sheet)
}

/// The rows of most tickets differ in their status: what happened to them, row by row.
fn is_log(group: &Group, matches: &Matches, ids: &[&Column]) -> bool {
    let Some(status) = matches.column("status") else { return false };
    ids.iter().any(|id| events::repeats(group, id) && events::varies(group, id, status))
}

/// Whether two rows of the same number are different tickets, not two states of the same.
fn differ(group: &Group, matches: &Matches, log: bool, a: &Row, b: &Row) -> bool {
    let pair = |column: &Column| {
        let text = |row: &Row| group.text(column, row.table, row.at).filter(|text| !text.is_empty());
        Some(text(a)? == text(b)?)
    };
    let share = |pairs: &[bool]| (pairs.iter().filter(|same| **same).count(), pairs.len());
    let other_time = a.time.zip(b.time).is_some_and(|(a, b)| a != b);
    let identity: Vec<bool> =
        IDENTITY.iter().filter_map(|ours| matches.get(ours)?.theirs.iter().find_map(|column| pair(column))).collect();
    match share(&identity) {
        (_, 0) if other_time => !log,
        (same, all) if all > 0 => same * 2 < all || other_time && same < all,
        // Of the same moment, on two sheets: tickets that agree in hardly anything else.
        _ if a.sheet != b.sheet => {
            let keys = ["ticket_id", "requested_at"].into_iter().filter_map(|ours| matches.get(ours));
            let keys: Vec<&str> = keys.flat_map(|found| found.theirs.iter().map(|column| column.name)).collect();
            let others: Vec<bool> =
                group.columns.iter().filter(|column| !keys.contains(&column.name)).filter_map(pair).collect();
            let (same, all) = share(&others);
            all >= 2 && same * 2 < all
        }
        _ => false,
    }
}

/// Whether the tables of a source have all that makes the key, if it names tickets.
fn names_all(feed: &Feed, tickets: &Group, columns: &[&str]) -> bool {
    let same = std::ptr::eq(feed.group, tickets);
    let has = |peek: &&Peek, name: &str| peek.header.iter().any(|theirs| theirs.trim() == name);
    let named =
        |name: &&str| if *name == AT_SHEET { same } else { feed.group.tables.iter().all(|peek| has(peek, name)) };
    !feed.matches.has("ticket_id") || feed.kind == SourceKind::Staff || columns.iter().all(named)
}
