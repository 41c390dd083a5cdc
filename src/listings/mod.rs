//! Rows picked out of the facts as evidence. One listing, one file.
//!
//! To add one: write its file, and list it in [`LISTINGS`].

mod follow_up_due;
mod opinion_quotes;
mod repeat_chains;
mod repeat_tickets;
mod sla_breaches;
mod survey_flags;
mod training_evidence;

use polars::prelude::*;

use crate::plan::Plan;
use crate::schema::{Table, Type};

/// A choice of rows from the facts, which pass by piece by piece.
#[derive(Debug)]
pub struct Listing {
    pub table: &'static Table,
    /// What it holds and what it is for, in Markdown.
    pub doc: &'static str,
    /// The columns of a fact that `pick` looks at, where it has them; those of other facts are empty. Names that begin with
    /// `@` are of columns that are not published.
    pub columns: fn(&Review, &str) -> Vec<String>,
    /// The rows that a piece of a fact gives, with the columns of the table; none where it gives none.
    pub pick: fn(&Review, &str, &DataFrame) -> PolarsResult<Option<DataFrame>>,
    /// The rows of a piece by the parts of the table to which they belong, in the order of the parts; all pieces have as many.
    pub parts: fn(&Review, &DataFrame) -> PolarsResult<Vec<DataFrame>>,
    /// The columns by which the rows of a part are sorted.
    pub by: &'static [&'static str],
    /// How they are sorted.
    pub order: fn() -> SortMultipleOptions,
    /// So many rows of each part, its first ones, make the table; none: all of them.
    pub most: Option<usize>,
    /// What becomes of the sorted rows of a part; none: they stay as they are.
    pub gather: Option<Gather>,
}

/// Makes the rows of a part of what was picked for it.
pub type Gather = fn(&Review, &DataFrame) -> PolarsResult<DataFrame>;

/// What a listing is made for.
#[derive(Debug, Clone, Copy)]
pub struct Review<'a> {
    pub plan: &'a Plan,
    /// Name of the reviewed period.
    pub period: &'a str,
    /// The skill gaps that the figures of the period tell, the most pressing first; none are known while facts pass by.
    pub gaps: &'a [Gap],
    /// Names of staff, which are masked in texts; none are known while facts pass by.
    pub staff: &'a [String],
}

/// A member of staff who is weaker than the peers in a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub staff_id: String,
    pub dimension: String,
}

impl Listing {
    /// The table of all pieces, which are let go one by one.
    pub fn table(
        &self,
        review: &Review,
        pieces: impl Iterator<Item = PolarsResult<DataFrame>>,
    ) -> PolarsResult<DataFrame> {
        let mut parts: Vec<DataFrame> = Vec::new();
        for piece in pieces {
            for (place, rows) in (self.parts)(review, &piece?)?.into_iter().enumerate() {
                match parts.get_mut(place) {
                    Some(part) => drop(part.vstack_mut_owned(rows)?),
                    None => parts.push(rows),
                }
            }
        }
        let mut all: Option<DataFrame> = None;
        for part in parts {
            let mut sorted = part.sort(self.by.iter().copied(), (self.order)())?;
            if let Some(gather) = self.gather {
                sorted = gather(review, &sorted)?;
            }
            if let Some(most) = self.most {
                sorted = sorted.head(Some(most));
            }
            match &mut all {
                None => all = Some(sorted),
                Some(all) => drop(all.vstack_mut_owned(sorted)?),
            }
        }
        Ok(all.unwrap_or_default())
    }
}

/// The rows of the reviewed period; none where the piece has none.
fn reviewed(review: &Review, rows: &DataFrame) -> PolarsResult<Option<BooleanChunked>> {
    let Ok(periods) = rows.column("period") else { return Ok(None) };
    let reviewed = equal(periods, review.period)?;
    Ok(reviewed.any().then_some(reviewed))
}

/// The rows whose text is this.
fn equal(texts: &Column, text: &str) -> PolarsResult<BooleanChunked> {
    let Some(categories) = texts.try_cat32() else {
        return Ok(BooleanChunked::from_iter_values(PlSmallStr::EMPTY, texts.str()?.iter().map(|t| t == Some(text))));
    };
    let code = categories.get_mapping().get_cat(text);
    let equal = categories.physical().iter().map(|c| c.is_some() && c == code);
    Ok(BooleanChunked::from_iter_values(PlSmallStr::EMPTY, equal))
}

/// The texts of a column, whether they are categories or not.
fn texts(column: &Column) -> PolarsResult<Vec<Option<&str>>> {
    match column.try_cat32() {
        Some(categories) => Ok(categories.iter_str().collect()),
        None => Ok(column.str()?.iter().collect()),
    }
}

/// A listing's columns: `own` where it makes them, else those of these rows of a fact, empty where the fact has none.
fn gathered(table: &Table, fact: &DataFrame, rows: &[IdxSize], own: &[Column]) -> PolarsResult<DataFrame> {
    let rows = IdxCa::from_slice(PlSmallStr::EMPTY, rows);
    let cell = |column: &crate::schema::Column| {
        if let Some(own) = own.iter().find(|own| own.name() == column.name) {
            return Ok(own.clone());
        }
        match (fact.column(column.name), column.dtype) {
            // On this thread: pieces come from threads of another pool.
            (Ok(there), _) => there.take(&rows),
            (Err(_), Type::Timestamp) => {
                let dtype = DataType::Datetime(TimeUnit::Microseconds, None);
                Ok(Column::full_null(PlSmallStr::from_static(column.name), rows.len(), &dtype))
            }
            (Err(_), _) => Ok(Column::full_null(PlSmallStr::from_static(column.name), rows.len(), &DataType::String)),
        }
    };
    let columns = table.columns.iter().map(cell).collect::<PolarsResult<Vec<_>>>()?;
    DataFrame::new(rows.len(), columns)
}

/// All listings, sorted by table name.
pub static LISTINGS: [&Listing; 7] = [
    &follow_up_due::LISTING,
    &opinion_quotes::LISTING,
    &repeat_chains::LISTING,
    &repeat_tickets::LISTING,
    &sla_breaches::LISTING,
    &survey_flags::LISTING,
    &training_evidence::LISTING,
];

#[cfg(test)]
mod tests {
    use super::LISTINGS;

    #[test]
    fn listings_are_sorted_and_documented() {
        assert!(LISTINGS.is_sorted_by_key(|l| l.table.name));
        for listing in LISTINGS {
            assert!(listing.doc.starts_with("# "), "{}", listing.table.name);
            assert!(!listing.table.grain.is_empty(), "{}", listing.table.name);
        }
    }

    #[test]
    fn every_file_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/listings");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let stem = name.trim_end_matches(".rs");
            assert!(stem == "mod" || LISTINGS.iter().any(|l| l.table.name == stem), "{name} is not listed");
        }
    }
}
