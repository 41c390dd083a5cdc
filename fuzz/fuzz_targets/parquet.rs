//! Any bytes as a Parquet file: every row is read, or an error is told.
#![no_main]

use std::io::Cursor;

use aftersales::ingest::read::{Record, parquet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(mut rows) = parquet::rows(Box::new(Cursor::new(data.to_vec()))) else { return };
    let mut record = Record::default();
    let mut count = 0;
    while count < 100_000 && matches!(rows.next(&mut record), Ok(true)) {
        count += 1;
    }
});
