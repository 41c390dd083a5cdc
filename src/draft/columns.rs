//! Which of their columns is which of ours: by name first, by the likeness of names next; the contents must agree.

use super::content::Column;
use super::events;
use super::group::Group;
use crate::ingest::values::{codes, number};
use crate::schema::input::{InputColumn, Kind, SourceKind};
use crate::schema::synonyms::{self, Keyed, NOT_MOMENTS};

/// In fewer rows than this nothing comes again often enough to tell.
const FEW: usize = 20;

/// How a column was recognised, the surest way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// By a name that means nothing else.
    Strong,
    /// By a name that is used for other things as well.
    Weak,
    /// By a name that is like a known one.
    Alike,
    /// By what is in it.
    Guessed,
}

/// One of our columns and theirs for it: several where files name it differently.
#[derive(Debug)]
pub struct Match<'g, 'a> {
    pub ours: &'static InputColumn,
    pub theirs: Vec<&'g Column<'a>>,
    pub how: How,
}

/// What was recognised in a group of tables, taken as dumps of one kind.
#[derive(Debug, Default)]
pub struct Matches<'g, 'a>(pub Vec<Match<'g, 'a>>);

impl<'g, 'a> Matches<'g, 'a> {
    pub fn get(&self, ours: &str) -> Option<&Match<'g, 'a>> {
        self.0.iter().find(|found| found.ours.name == ours)
    }

    pub fn has(&self, ours: &str) -> bool {
        self.get(ours).is_some()
    }

    /// The first of their columns for one of ours.
    pub fn column(&self, ours: &str) -> Option<&'g Column<'a>> {
        self.get(ours).and_then(|found| found.theirs.first().copied())
    }

    pub fn uses(&self, theirs: &Column) -> bool {
        self.0.iter().any(|found| found.theirs.iter().any(|column| column.name == theirs.name))
    }

    pub fn take(&mut self, ours: &str) -> Option<Match<'g, 'a>> {
        let place = self.0.iter().position(|found| found.ours.name == ours)?;
        Some(self.0.remove(place))
    }

    pub fn put(&mut self, kind: SourceKind, ours: &str, theirs: Vec<&'g Column<'a>>, how: How) {
        if let (Some(ours), false) = (kind.column(ours), theirs.is_empty()) {
            self.0.push(Match { ours, theirs, how });
        }
    }
}

/// Recognises the columns of a group by their names.
pub fn recognise<'g, 'a>(group: &'g Group<'a>, kind: SourceKind) -> Matches<'g, 'a> {
    let mut candidates = Vec::new();
    for (place, column) in group.columns.iter().enumerate() {
        let keys = synonyms::keys(column.name);
        for names in synonyms::keyed(kind) {
            if let Some((how, rank)) = likeness(&keys, names)
                && suits(group, column, names.ours, how)
            {
                candidates.push((how, rank, place, names.ours, column));
            }
        }
    }
    candidates.sort_by_key(|(how, rank, place, ..)| (*how, *rank, *place));
    let mut matches = Matches::default();
    for (how, _, _, ours, column) in candidates {
        if matches.uses(column) {
            continue;
        }
        match matches.0.iter_mut().find(|found| found.ours.name == ours.name) {
            None => matches.0.push(Match { ours, theirs: vec![column], how }),
            // Another name for it in other files.
            Some(found) if !found.theirs.iter().any(|other| other.meets(column)) => {
                found.theirs.push(column);
                found.how = found.how.max(how);
            }
            Some(_) => {}
        }
    }
    matches
}

/// How a name stands for one of our columns, and its rank among the names that do.
fn likeness(keys: &[String], names: &Keyed) -> Option<(How, usize)> {
    let rank = |list: &[String]| list.iter().position(|name| keys.contains(name));
    if let Some(rank) = rank(&names.strong) {
        return Some((How::Strong, rank));
    }
    if let Some(rank) = rank(&names.weak) {
        return Some((How::Weak, rank));
    }
    let plain = keys.get(1).or(keys.first())?;
    let moment = names.ours.kind == Kind::Time && !names.ours.name.starts_with("promised");
    if moment && NOT_MOMENTS.iter().any(|word| plain.contains(word)) {
        return None;
    }
    names.strong.iter().position(|name| like(plain, name)).map(|rank| (How::Alike, rank))
}

/// A slip of the pen, or a longer name with the known one at its end, where Chinese and English have the main word.
fn like(name: &str, known: &str) -> bool {
    let (length, known_length) = (name.chars().count(), known.chars().count());
    let chinese = !known.is_ascii();
    if name.ends_with(known) && length <= known_length * 3 {
        return known_length >= if chinese { 3 } else { 9 };
    }
    length >= if chinese { 5 } else { 6 } && strsim::normalized_damerau_levenshtein(name, known) >= 0.88
}

/// Whether the contents of a column can be what its name says.
fn suits(group: &Group, column: &Column, ours: &InputColumn, how: How) -> bool {
    if column.is_empty() {
        return how == How::Strong && column.formulas == 0;
    }
    let sure = how == How::Strong;
    match ours.kind {
        Kind::Time | Kind::Date => column.is_time() && (sure || column.is_written_time()),
        Kind::Count => column.percent(|text| number::count(text).is_some()) >= 80,
        Kind::Flag => column.is_flag(),
        Kind::Category if column.is_written_time() => false,
        Kind::Category if ours.name.starts_with("staff") => sure || !column.is_flag(),
        Kind::Category => sure || column.is_category() || column.cells.len() < FEW,
        Kind::Codes => sure || column.is_category() || are_codes(column),
        Kind::Text => match ours.name {
            _ if column.is_written_time() => false,
            "survey_id" => sure || column.is_unique(),
            "ticket_id" => {
                let alone = group.tables.len() == 1 && column.counts_rows() && column.name.contains('号');
                sure || column.is_unique() || alone || events::has_version(group, column)
            }
            "fault_description" => sure || column.distinct.len() * 4 >= column.cells.len(),
            "customer_id" => sure || !column.is_flag(),
            "score" => column.is_number() || super::dimensions::points_percent(column) >= 60,
            "comment" | "suggestion" => !column.is_number(),
            _ => true,
        },
    }
}

/// Several short codes in a cell.
fn are_codes(column: &Column) -> bool {
    let pieces: Vec<_> = column.cells.iter().flat_map(|cell| codes::split(cell.text, None)).collect();
    let distinct: std::collections::BTreeSet<_> = pieces.iter().collect();
    pieces.len() > column.cells.len()
        && distinct.len() * 3 <= pieces.len()
        && pieces.iter().filter(|piece| piece.chars().count() <= 12).count() * 10 >= pieces.len() * 9
}
