//! Times in columns: how they are written, and which of two readings is the likelier one.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::content::{Cell, Column, Place};
use super::group::Group;
use crate::ingest::read::Native;
use crate::ingest::values::time::{self, Decision, Format};
use crate::schema::synonyms;

/// Wall-clock microseconds, as `ingest` reads them.
pub type Moment = i64;

const DAY: Moment = 86_400_000_000;

/// So many cells are tried first.
const FEW: usize = 40;

/// The longest word in place of a time, and the number of different ones that may be.
const LONGEST: usize = 12;
const WORDS: usize = 5;

/// How the times of a column of one table are written.
#[derive(Debug)]
pub enum Reading {
    /// One format for all.
    Known(Format),
    /// Day and month cannot be told apart: a sample and the formats that it may have.
    Ambiguous { sample: String, formats: Vec<(String, Format)> },
    /// No times.
    No,
}

impl Reading {
    /// The moment in a cell; of several readings the first.
    pub fn time(&self, cell: Cell) -> Option<Moment> {
        self.time_as(cell, 0)
    }

    /// The moment in a cell in one of several readings.
    fn time_as(&self, cell: Cell, reading: usize) -> Option<Moment> {
        let native = Format::native();
        let format = match self {
            _ if cell.native == Native::Time => &native,
            Self::Known(format) => format,
            Self::Ambiguous { formats, .. } => &formats.get(reading)?.1,
            Self::No => return None,
        };
        // The zone matters only for times that bring one of their own, and not for their order.
        let moment = format.parse(cell.text, Tz::UTC);
        if cell.native == Native::Number { moment.or_else(|| Format::Serial.parse(cell.text, Tz::UTC)) } else { moment }
    }
}

/// Decides how the times of a column are written, if it holds times at all.
pub fn read(cells: &[Cell]) -> Reading {
    let written: Vec<&str> = cells.iter().filter(|cell| cell.native != Native::Time).map(|cell| cell.text).collect();
    let serial = |cell: &Cell| {
        cell.native == Native::Number && cell.text.parse().is_ok_and(|days: f64| (20_000.0..=80_000.0).contains(&days))
    };
    // Numbers of a spreadsheet beside its dates: days whose cells were never told to look like days.
    if !written.is_empty() && cells.iter().all(|cell| cell.native == Native::Time || serial(cell)) {
        return Reading::Known(Format::Serial);
    }
    let plausible = written.iter().filter(|text| could_be_time(text)).count();
    if plausible * 2 <= written.len() {
        return if written.len() * 2 < cells.len() { Reading::Known(Format::native()) } else { Reading::No };
    }
    // A few cells, spread over all of them, tell most columns that hold no times.
    let few: Vec<&str> = written.iter().step_by(written.len().div_ceil(FEW).max(1)).copied().collect();
    if written.len() > FEW && time::decide(&few) == Decision::Unknown {
        return Reading::No;
    }
    let decision = match time::decide(&written) {
        Decision::Ambiguous(tie) => tie.settle(),
        decision => decision,
    };
    match decision {
        Decision::Format(format) => Reading::Known(format),
        Decision::Ambiguous(tie) => {
            let formats = tie.formats().into_iter().filter_map(|text| Some((text.clone(), time::given(&text)?)));
            Reading::Ambiguous { sample: tie.sample().to_owned(), formats: formats.collect() }
        }
        Decision::Unknown => Reading::No,
    }
}

/// Words that stand where a time is not known, such as `未解决`: a few short ones, and not in nearly all of the cells.
pub fn words<'a>(cells: &[Cell<'a>]) -> BTreeSet<&'a str> {
    let word = |cell: &&Cell<'a>| {
        let short = cell.text.chars().count() <= LONGEST && !cell.text.contains(char::is_numeric);
        cell.native == Native::Text && short && synonyms::no_time(cell.text)
    };
    let words = || cells.iter().filter(word).map(|cell| cell.text);
    let distinct: BTreeSet<&str> = words().collect();
    // A column of times that is nearly all such words would be one of states.
    if distinct.len() <= WORDS && words().count() * 5 <= cells.len() * 4 { distinct } else { BTreeSet::new() }
}

/// Whether a name speaks of a moment, and not of a span of time.
pub fn names_moment(name: &str) -> bool {
    const MOMENTS: [&str; 9] = ["时间", "日期", "时刻", "date", "time", "opened", "closed", "created", "resolved"];
    const SPANS: [&str; 10] = ["时长", "耗时", "秒", "分钟", "小时", "天", "seconds", "minutes", "hours", "days"];
    let lower = name.to_lowercase();
    let ends = ["_at", "_on", "_dt", " at", " on"].iter().any(|end| lower.ends_with(end));
    (ends || MOMENTS.iter().any(|word| lower.contains(word))) && !SPANS.iter().any(|word| lower.contains(word))
}

/// Spares the trial of all formats where there is nothing to find.
fn could_be_time(text: &str) -> bool {
    text.len() <= 60 && text.chars().filter(|c| c.is_numeric()).count() >= 3
}

pub const fn is_midnight(time: Moment) -> bool {
    time.rem_euclid(DAY) == 0
}

/// The year of a moment.
pub fn year(time: Moment) -> i32 {
    chrono::DateTime::from_timestamp_micros(time).map_or(1970, |moment| chrono::Datelike::year(&moment.date_naive()))
}

/// What was made of a column whose day and month cannot be told apart.
#[derive(Debug)]
pub struct Settled {
    pub sample: String,
    pub likelier: String,
    pub others: Vec<String>,
    /// Why the first one is the likelier.
    pub reason: Reason,
    /// Other tables of the group write the times of this column in another way, so that no one format fits all.
    pub mixed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Another table or column writes its times that way.
    Elsewhere,
    /// Moments stand in the right order.
    Order,
    /// Moments do not lie after the latest moment that is certain.
    NotLater,
    /// Nothing tells: the day stands first in most countries.
    Usual,
}

/// The likelier reading of a column, if it has several. `pairs` are columns that must not be earlier than another one.
pub fn settle(group: &Group, column: &Column, pairs: &[(&Column, &Column)]) -> Option<Settled> {
    let (sample, formats) = column.places.iter().find_map(|place| match &place.reading {
        Reading::Ambiguous { sample, formats } => Some((sample.clone(), formats)),
        _ => None,
    })?;
    let mixed = column.places.iter().any(|place| match &place.reading {
        Reading::Ambiguous { formats: other, .. } => other != formats,
        Reading::Known(format) => place_has_text(group, place) && !formats.iter().any(|(_, known)| known == format),
        Reading::No => false,
    });
    let least = |count: &dyn Fn(usize) -> usize| {
        let counts: Vec<usize> = (0..formats.len()).map(count).collect();
        let least = counts.iter().min().copied()?;
        let mut places = counts.iter().enumerate().filter(|(_, count)| **count == least).map(|(place, _)| place);
        // Some reading must be worse, or the counts say nothing.
        let first = places.next()?;
        (places.count() + 1 < counts.len()).then_some(first)
    };
    let (chosen, reason) = elsewhere(group, formats)
        .map(|place| (place, Reason::Elsewhere))
        .or_else(|| Some((least(&|reading| broken(group, column, pairs, reading))?, Reason::Order)))
        .or_else(|| Some((least(&|reading| later(group, column, reading))?, Reason::NotLater)))
        .unwrap_or((0, Reason::Usual));
    let likelier = formats.get(chosen)?.0.clone();
    let others = formats.iter().map(|(text, _)| text.clone()).filter(|text| *text != likelier).collect();
    Some(Settled { sample, likelier, others, reason, mixed })
}

/// Whether a table writes the times of the column as text.
fn place_has_text(group: &Group, place: &Place) -> bool {
    group.cells(place).any(|cell| !cell.text.is_empty() && cell.native != Native::Time)
}

/// The place of the format in the order that other columns of the group have beyond doubt, if they all agree.
fn elsewhere(group: &Group, formats: &[(String, Format)]) -> Option<usize> {
    let places = group.columns.iter().flat_map(|column| &column.places);
    let orders: BTreeSet<Order> = places
        .filter_map(|place| match &place.reading {
            Reading::Known(format) => order(format),
            _ => None,
        })
        .collect();
    let only = orders.first().filter(|_| orders.len() == 1)?;
    formats.iter().position(|(_, format)| order(format).as_ref() == Some(only))
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// What stands first in a format whose year, of four digits, stands last.
fn order(format: &Format) -> Option<Order> {
    let reads = |text: &str| format.parse(text, Tz::UTC).is_some();
    ["-", "/", "."].into_iter().find_map(|s| {
        let (day, month) = (reads(&format!("31{s}12{s}2026")), reads(&format!("12{s}31{s}2026")));
        match (day, month) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        }
    })
}

/// Rows in which the reading puts moments into the wrong order.
fn broken(group: &Group, column: &Column, pairs: &[(&Column, &Column)], reading: usize) -> usize {
    let moment = |of: &Column, table, row| {
        let place = of.place(table)?;
        // Two columns in doubt are written by the same hand.
        place.reading.time_as(group.cell(place, row)?, reading)
    };
    let about = pairs.iter().filter(|(first, then)| first.name == column.name || then.name == column.name);
    about
        .map(|(first, then)| {
            group
                .rows()
                .filter(|(t, row)| moment(first, *t, *row) > moment(then, *t, *row).or(Some(Moment::MAX)))
                .count()
        })
        .sum()
}

/// Cells that the reading puts after the latest moment that is certain.
fn later(group: &Group, column: &Column, reading: usize) -> usize {
    let certain = group
        .columns
        .iter()
        .filter(|other| other.is_written_time() && other.places.iter().all(|p| matches!(p.reading, Reading::Known(_))));
    let Some(latest) = certain.filter_map(|other| other.times.last().copied()).max() else { return 0 };
    let cells = column.places.iter().flat_map(|place| group.cells(place).map(move |cell| (place, cell)));
    cells.filter(|(place, cell)| place.reading.time_as(*cell, reading).is_some_and(|t| t > latest + DAY)).count()
}
