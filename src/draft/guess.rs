//! What columns are that no name tells: a number is unique, and moments follow each other.

use super::columns::{How, Matches};
use super::content::{Column, percent};
use super::group::Group;
use crate::ingest::read::Native;
use crate::schema::input::SourceKind;
use crate::schema::synonyms::{NOT_MOMENTS, OUTCOMES, key, keys};

/// Their columns that say what became of a target.
pub fn outcomes<'g, 'a>(group: &'g Group<'a>) -> impl Iterator<Item = &'g Column<'a>> {
    group.columns.iter().filter(|column| {
        let keys = keys(column.name);
        OUTCOMES.iter().any(|name| keys.contains(&key(name))) && !column.is_empty()
    })
}

/// Columns with moments of the service that have no meaning yet.
fn moments<'g, 'a>(group: &'g Group<'a>, matches: &Matches) -> Vec<&'g Column<'a>> {
    let told = |column: &Column| {
        let plain = key(column.name);
        NOT_MOMENTS.iter().any(|word| plain.contains(word))
    };
    let free = |column: &&Column| !matches.uses(column) && !told(column);
    group.columns.iter().filter(free).filter(|c| is_moment(group, c)).collect()
}

/// A time by its looks. Where there is none at all, the days of a spreadsheet, in years of this century, are one.
fn is_moment(group: &Group, column: &Column) -> bool {
    const DAYS: std::ops::RangeInclusive<f64> = 36_526.0..=55_000.0;
    const TEN_YEARS: f64 = 3_660.0;
    let day = |c: &Column| {
        let native = c.cells.iter().all(|cell| cell.native == Native::Number);
        let fits = |(low, high)| DAYS.contains(&low) && DAYS.contains(&high) && high - low <= TEN_YEARS;
        native && c.is_serial() && c.range().is_some_and(fits)
    };
    column.is_written_time() || day(column) && !group.columns.iter().any(Column::is_written_time)
}

/// Rows in which `first` is not later than `then`, in per cent of those that have both; none where hardly any has.
fn in_order(group: &Group, first: &Column, then: &Column) -> Option<usize> {
    let moment = |column: &Column, table, row| {
        let place = column.place(table)?;
        place.reading.time(group.cell(place, row)?)
    };
    let both = group.rows().filter_map(|(table, row)| Some((moment(first, table, row)?, moment(then, table, row)?)));
    let (ordered, all) = both.fold((0, 0), |(ordered, all), (a, b)| (ordered + usize::from(a <= b), all + 1));
    (all >= 3).then(|| percent(ordered, all))
}

/// The moment of the request: the free one that comes before all the others.
pub fn requested<'g, 'a>(group: &'g Group<'a>, matches: &Matches) -> Option<&'g Column<'a>> {
    let free = moments(group, matches);
    let times: Vec<&Column> = group.columns.iter().filter(|c| is_moment(group, c)).collect();
    let first = |column: &&&Column| {
        column.filled_percent() >= 90
            && times.iter().filter(|other| other.name != column.name).all(|other| {
                let told = NOT_MOMENTS.iter().any(|word| key(other.name).contains(word));
                told || in_order(group, column, other).is_none_or(|share| share >= 95)
            })
    };
    free.iter().find(first).copied()
}

/// Finds the moment of the request in tables that name it in a way of their own, where others were recognised: their
/// first free moment that is in every row.
pub fn requested_elsewhere<'g, 'a>(group: &'g Group<'a>, matches: &mut Matches<'g, 'a>) {
    for table in 0..group.tables.len() {
        let Some(found) = matches.get("requested_at") else { return };
        if found.theirs.iter().any(|column| column.place(table).is_some()) {
            continue;
        }
        let fits = |column: &&&Column| {
            let found = found.theirs.iter().any(|other| other.meets(column));
            column.place(table).is_some() && column.filled_percent() >= 90 && !found
        };
        let guess = moments(group, matches).iter().find(fits).copied();
        if let (Some(column), Some(found)) = (guess, matches.0.iter_mut().find(|f| f.ours.name == "requested_at")) {
            found.theirs.push(column);
            found.how = How::Guessed;
        }
    }
}

/// The number of a ticket: the first column that differs in every row and is no time and no long text.
pub fn number<'g, 'a>(group: &'g Group<'a>, matches: &Matches) -> Option<&'g Column<'a>> {
    group.columns.iter().find(|column| {
        !matches.uses(column)
            && column.filled_percent() >= 98
            && column.is_unique()
            && !is_moment(group, column)
            && column.percent(|text| text.chars().count() <= 30 && !text.contains(' ')) >= 95
    })
}

/// Gives free moments the places that nothing has taken: the last one is the solution, the first one the response.
pub fn later_moments<'g, 'a>(group: &'g Group<'a>, matches: &mut Matches<'g, 'a>, events: &[&Column]) {
    let Some(requested) = matches.column("requested_at") else { return };
    let follows = |column: &&&Column| in_order(group, requested, column).is_some_and(|share| share >= 95);
    let mut free = moments(group, matches);
    free.retain(|column| !events.iter().any(|event| event.name == column.name));
    let mut after: Vec<&'g Column<'a>> = free.iter().filter(follows).copied().collect();
    after.sort_by(|a, b| {
        if in_order(group, a, b) >= in_order(group, b, a) {
            std::cmp::Ordering::Less
        } else {
            std::cmp::Ordering::Greater
        }
    });
    if !matches.has("resolved_at")
        && !matches.has("closed_at")
        && let Some(last) = after.pop()
    {
        matches.put(SourceKind::Tickets, "resolved_at", vec![last], How::Guessed);
    }
    let before_end = |column: &&&Column| {
        let end = matches.column("resolved_at").or(matches.column("closed_at"));
        end.is_some_and(|end| in_order(group, column, end).is_some_and(|share| share >= 95))
    };
    let between: Vec<&'g Column<'a>> = after.iter().filter(before_end).copied().collect();
    let mut between = between.into_iter();
    for ours in ["first_response_at", "started_at"] {
        if !matches.has(ours)
            && let Some(column) = between.next()
        {
            matches.put(SourceKind::Tickets, ours, vec![column], How::Guessed);
        }
    }
}

/// Finds the later moments in tables that name them in a way of their own, where they were recognised in others.
pub fn later_elsewhere<'g, 'a>(group: &'g Group<'a>, matches: &mut Matches<'g, 'a>, events: &[&Column]) {
    for table in 0..group.tables.len() {
        let here = |column: &Column| column.place(table).is_some();
        let has = |matches: &Matches, ours| matches.get(ours).is_some_and(|m| m.theirs.iter().any(|c| here(c)));
        let known = |ours| matches.get(ours).and_then(|m| m.theirs.iter().copied().find(|c| here(c)));
        let Some(requested) = known("requested_at") else { continue };
        let mut free = moments(group, matches);
        free.retain(|column| here(column) && !events.iter().any(|event| event.name == column.name));
        free.retain(|column| in_order(group, requested, column).is_some_and(|share| share >= 95));
        free.sort_by_key(|column| free_before(group, column));
        if !has(matches, "resolved_at")
            && !has(matches, "closed_at")
            && let Some(last) = free.pop()
        {
            let ours = if matches.has("resolved_at") { "resolved_at" } else { "closed_at" };
            add(matches, ours, last);
        }
        let mut free = free.into_iter();
        for ours in ["first_response_at", "started_at"] {
            if matches.has(ours)
                && !has(matches, ours)
                && let Some(column) = free.next()
            {
                add(matches, ours, column);
            }
        }
    }
}

/// How many other moments of the group lie before a column.
fn free_before(group: &Group, column: &Column) -> usize {
    let before = |other: &&Column| {
        other.name != column.name
            && is_moment(group, other)
            && in_order(group, other, column) > in_order(group, column, other)
    };
    group.columns.iter().filter(before).count()
}

/// One more of their names for a column of ours, by what is in it, if no table has both.
fn add<'g, 'a>(matches: &mut Matches<'g, 'a>, ours: &str, column: &'g Column<'a>) {
    let found = matches.0.iter_mut().find(|found| found.ours.name == ours);
    if let Some(found) = found.filter(|found| !found.theirs.iter().any(|other| other.meets(column))) {
        found.theirs.push(column);
        found.how = How::Guessed;
    }
}
