//! Long surveys: the answers of one survey, a row each, become one row with a column a dimension.

use std::collections::HashMap;

use polars::prelude::*;

use super::batch::ROW;
use super::facts::frame;
use super::header::SCORE;
use super::quality::FileReport;
use super::{IngestError, Kept, Shelf};

/// Folds the answers of each survey into the row that came first. Batches come as (table, rows); the accounts of the tables
/// are settled.
pub fn answers(
    batches: &[(usize, Kept)],
    shelf: &Shelf,
    files: &mut [FileReport],
) -> Result<Vec<(usize, Kept)>, IngestError> {
    let load = |(file, batch): &(usize, Kept)| Ok((*file, batch.load()?));
    let batches = batches.iter().map(load).collect::<PolarsResult<Vec<_>>>()?;
    let mut surveys: HashMap<String, usize> = HashMap::new();
    // For every survey its first row, and for every dimension the answer and whence it comes.
    let mut firsts: Vec<(usize, IdxSize)> = Vec::new();
    let names: Vec<String> = batches.first().map_or_else(Vec::new, |(_, frame)| {
        frame.get_column_names().into_iter().filter(|n| n.starts_with(SCORE)).map(ToString::to_string).collect()
    });
    let mut scores: Vec<Vec<Option<i32>>> = vec![Vec::new(); names.len()];
    for (place, (file, batch)) in batches.iter().enumerate() {
        let ids = frame::texts(batch, "survey_id")?;
        let answers: Vec<Vec<Option<i32>>> =
            names.iter().map(|name| frame::ints(batch, name)).collect::<PolarsResult<_>>()?;
        for ((row, id), index) in ids.iter().enumerate().zip(0..) {
            let known = surveys.get(id.unwrap_or_default()).copied();
            let survey = known.unwrap_or_else(|| {
                surveys.insert(id.unwrap_or_default().to_owned(), firsts.len());
                firsts.push((place, index));
                for column in &mut scores {
                    column.push(None);
                }
                firsts.len() - 1
            });
            if known.is_some() {
                files[*file].account.used -= 1;
                files[*file].account.folded += 1;
            }
            for (column, answers) in scores.iter_mut().zip(&answers) {
                if answers[row].is_some() {
                    column[survey] = answers[row];
                }
            }
        }
    }
    let mut folded = Vec::new();
    for (place, (file, batch)) in batches.into_iter().enumerate() {
        let (rows, mine): (Vec<IdxSize>, Vec<usize>) =
            firsts.iter().enumerate().filter(|(_, (p, _))| *p == place).map(|(i, (_, row))| (*row, i)).unzip();
        let mut frame = frame::gather(&batch, &IdxCa::from_slice(PlSmallStr::EMPTY, &rows))?;
        for (name, column) in names.iter().zip(&scores) {
            frame.with_column(frame::integers(name, mine.iter().map(|i| column[*i]).collect()))?;
        }
        debug_assert!(frame::has(&frame, ROW));
        folded.push((file, shelf.put(&frame, &[])?));
    }
    Ok(folded)
}
