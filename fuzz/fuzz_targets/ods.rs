//! Any bytes as an ODS workbook: every row of every sheet is read, or an error is told.
#![no_main]

use std::io::Cursor;

use aftersales::ingest::read::Record;
use aftersales::ingest::read::workbook::{self, Kind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let open = || Box::new(Cursor::new(data.to_vec()));
    let Ok(sheets) = workbook::sheets(Kind::Ods, open()) else { return };
    for sheet in sheets.iter().take(4) {
        let Ok(mut rows) = workbook::rows(Kind::Ods, open(), &sheet.name) else { continue };
        let mut record = Record::default();
        let mut last = 0;
        while let Ok(true) = rows.next(&mut record) {
            assert!(record.number > last, "rows are numbered upwards");
            last = record.number;
        }
    }
});
