//! Any bytes as a CSV: the encoding is found, the separator is found, every row is read.
#![no_main]

use std::io::{Cursor, Read};

use aftersales::ingest::read::delimited::{self, Delimited};
use aftersales::ingest::read::{Record, Rows, encoding};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let open = || Ok(Box::new(Cursor::new(data.to_vec())) as Box<dyn Read + Send>);
    let Ok(found) = encoding::find(&open, |_| ()) else { return };
    let text = || encoding::decode(open().unwrap(), found).unwrap();
    let separator = delimited::separator(text()).unwrap();
    let mut rows = Delimited::new(text(), separator);
    let mut record = Record::default();
    let mut last = 0;
    while rows.next(&mut record).unwrap() {
        assert!(record.number > last, "rows are numbered upwards");
        last = record.number;
        let cells: usize = record.iter().map(str::len).sum();
        assert_eq!(cells, record.size());
    }
    assert!(!rows.next(&mut record).unwrap(), "the end stays the end");
});
