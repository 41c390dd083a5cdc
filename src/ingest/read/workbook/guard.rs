//! Libraries that unpack and parse may give up with a panic on a damaged file. Here it becomes a message.

use crate::ingest::read::{Record, Rows, no_panic};

/// Runs what reads a workbook.
pub fn call<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    no_panic(|| super::advise("the workbook is damaged"), read)
}

/// Rows that end with a message where reading them panics.
pub fn rows(rows: impl Rows + 'static) -> Box<dyn Rows> {
    Box::new(Guarded { rows, ended: false })
}

struct Guarded<R> {
    rows: R,
    ended: bool,
}

impl<R: Rows> Rows for Guarded<R> {
    fn next(&mut self, record: &mut Record) -> Result<bool, String> {
        if self.ended {
            record.clear();
            return Ok(false);
        }
        let more = call(|| self.rows.next(record));
        // After an error the reader is in no state to go on.
        self.ended = !matches!(more, Ok(true));
        more
    }

    fn strict(&self) -> bool {
        self.rows.strict()
    }
}
