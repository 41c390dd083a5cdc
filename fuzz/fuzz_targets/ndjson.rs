//! Any text as NDJSON: the header is gathered, every line is read.
#![no_main]

use std::io::Cursor;

use aftersales::ingest::read::{Record, ndjson};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(header) = ndjson::header(Cursor::new(text.as_bytes())) else { return };
    let width = header.len();
    let mut rows = ndjson::rows(Box::new(Cursor::new(text.as_bytes().to_vec())), header);
    let mut record = Record::default();
    while rows.next(&mut record).unwrap() {
        assert!(record.flaw.is_some() || record.len() == width);
    }
});
