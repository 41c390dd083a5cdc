//! How completely the columns of each table are filled.

use super::batch::ROW;
use super::header::{CARRY, SCORE};
use super::{IngestError, Loaded};
use crate::plan::Plan;
use crate::schema::rules::{COLUMN_EMPTIED, Severity};

/// Tables with fewer rows say little about a column.
const FEWEST: u64 = 10;

/// Counts the values of every mapped column in every table, and warns of columns that are empty where they used to be
/// filled.
pub fn count(loaded: &mut Loaded, plan: &Plan) -> Result<(), IngestError> {
    let mut rows = vec![0u64; loaded.files.len()];
    for (batch, file) in loaded.batches.iter().zip(&loaded.batch_file) {
        rows[*file] += batch.height() as u64;
        loaded.files[*file].kept += batch.height() as u64;
        for (name, filled) in batch.filled()? {
            let name = name.trim_start_matches(SCORE);
            if name != ROW && !name.starts_with(CARRY) {
                *loaded.files[*file].filled.entry(name.to_owned()).or_default() += filled as u64;
            }
        }
    }
    if plan.quality.severity(&COLUMN_EMPTIED) == Severity::Off {
        return Ok(());
    }
    for index in 1..loaded.files.len() {
        if rows[index] < FEWEST {
            continue;
        }
        let (before, after) = loaded.files.split_at_mut(index);
        let report = &mut after[0];
        let rows_before: u64 = rows[..index].iter().sum();
        let used_to_be = |name: &str| {
            let filled: u64 = before.iter().filter_map(|f| f.filled.get(name)).sum();
            rows_before >= FEWEST && filled * 2 > rows_before
        };
        // A column that the table does not have at all has its own rule.
        let emptied = |(name, filled): (&String, &u64)| {
            (*filled == 0 && used_to_be(name) && !report.lacking.contains(name)).then(|| name.clone())
        };
        let emptied: Vec<String> = report.filled.iter().filter_map(emptied).collect();
        if !emptied.is_empty() {
            report.warn_of_columns(&COLUMN_EMPTIED, rows[index], &emptied);
        }
    }
    Ok(())
}
