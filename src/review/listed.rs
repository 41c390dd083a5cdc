//! The tables of the listings, once the figures are there.

use polars::prelude::DataFrame;

use super::ReviewError;
use crate::ingest::Kept;
use crate::listings::{self, Gap, LISTINGS, Listing};
use crate::plan::Plan;
use crate::publish::View;
use crate::schema::Table;

/// The tables of all listings, from what they picked and from what the figures tell.
pub fn listed(
    plan: &Plan,
    period: &str,
    picked: Vec<Vec<Kept>>,
    figures: &[(&'static Table, DataFrame)],
    roster: &DataFrame,
) -> Result<Vec<(&'static Table, DataFrame)>, ReviewError> {
    let gaps = gaps(period, figures);
    let names = View::new(roster);
    let names = (0..roster.height()).filter_map(|row| names.text("staff_name", row).map(ToOwned::to_owned));
    let staff: Vec<String> = names.collect();
    let review = listings::Review { plan, period, gaps: &gaps, staff: &staff };
    let listings = LISTINGS.iter().zip(picked);
    let table = |(listing, pieces): (&&Listing, Vec<Kept>)| {
        Ok((listing.table, listing.table(&review, pieces.into_iter().map(|piece| piece.load()))?))
    };
    listings.map(table).collect()
}

/// The skill gaps of a period, in the order of their table.
fn gaps(period: &str, figures: &[(&'static Table, DataFrame)]) -> Vec<Gap> {
    let Some((_, table)) = figures.iter().find(|(table, _)| table.name == "skill_gaps") else { return Vec::new() };
    let view = View::new(table);
    let found = view.rows(&[("period", period)]).into_iter().filter(|row| view.flag("is_gap", *row));
    let text = |column: &str, row: usize| view.text(column, row).unwrap_or_default().to_owned();
    found.map(|row| Gap { staff_id: text("staff_id", row), dimension: text("dimension", row) }).collect()
}
