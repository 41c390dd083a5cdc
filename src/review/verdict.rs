//! Whether the dumps may be reviewed: no row lost, not too many bad ones.

use super::ReviewError;
use super::error::{BadSource, Refused};
use super::sink::Passed;
use crate::ingest::Dumps;
use crate::plan::Plan;
use crate::schema::facts::{DIM_STAFF, FACT_ACTION, FACT_UNITS, SURVEY, TICKET};
use crate::schema::input::SourceKind;

/// Checks that every row read is accounted for, and that the facts hold as many as were used.
pub fn nothing_lost(dumps: &Dumps, passed: &Passed, pauses_used: usize) -> Result<(), ReviewError> {
    for (kind, loaded) in &dumps.sources {
        if let Some(file) = loaded.files.iter().find(|f| !f.account.balances()) {
            return Err(ReviewError::RowsLost { file: file.name.clone(), account: format!("{:?}", file.account) });
        }
        let rows = match kind {
            SourceKind::Tickets => passed.rows(TICKET),
            SourceKind::Pauses => pauses_used,
            SourceKind::Surveys => passed.rows(SURVEY),
            SourceKind::Staff => passed.rows(DIM_STAFF.name),
            SourceKind::Actions => passed.rows(FACT_ACTION.name),
            SourceKind::Units => passed.rows(FACT_UNITS.name),
        };
        let account = loaded.account();
        if account.used != rows as u64 {
            return Err(ReviewError::RowsLost {
                file: kind.name().to_owned(),
                account: format!("{account:?}, and {rows} facts"),
            });
        }
    }
    Ok(())
}

/// Checks that no source has more bad rows than the plan tolerates.
#[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^53")]
pub fn tolerable(plan: &Plan, dumps: &Dumps) -> Result<(), ReviewError> {
    let tolerate = plan.quality.tolerate;
    let mut bad = Vec::new();
    for (kind, loaded) in &dumps.sources {
        let account = loaded.account();
        if account.quarantined as f64 > tolerate * account.read as f64 {
            let first = loaded.quarantine.first();
            let example = first.map_or_else(String::new, |b| format!("{} row {}: {}", b.file, b.row, b.message));
            bad.push(BadSource {
                kind: *kind,
                read: account.read,
                quarantined: account.quarantined,
                tolerate,
                example,
            });
        }
    }
    if bad.is_empty() {
        Ok(())
    } else {
        Err(ReviewError::TooManyBadRows(Refused { sources: bad, folder: None, unwritten: None }))
    }
}
