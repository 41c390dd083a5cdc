//! Any bytes as a file on disk: packed or not, its tables are found and read, or an error is told.
#![no_main]

use std::io::Write;

use aftersales::ingest::read::{Record, look};
use aftersales::plan::Reading;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(data).unwrap();
    let Ok(look) = look(file.path(), &Reading::default()) else { return };
    for part in look.parts.iter().take(4) {
        let Ok(mut rows) = part.rows(file.path()) else { continue };
        let mut record = Record::default();
        let mut count = 0;
        while count < 100_000 && matches!(rows.next(&mut record), Ok(true)) {
            count += 1;
        }
    }
});
