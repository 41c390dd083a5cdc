//! Any text as the cells of a column: a format is decided, every kind of value is read.
#![no_main]

use aftersales::ingest::values::time::{self, Decision};
use aftersales::ingest::values::{codes, flag, number, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|cells: &str| {
    let cells: Vec<&str> = cells.split('\n').map(text::trim).collect();
    let zone = chrono_tz::Asia::Shanghai;
    let format = match time::decide(&cells) {
        Decision::Format(format) => Some(format),
        Decision::Ambiguous(tie) => {
            assert!(tie.formats().len() > 1);
            tie.formats().first().and_then(|format| time::given(format))
        }
        Decision::Unknown => None,
    };
    for cell in cells {
        if let Some(format) = &format {
            let _ = format.parse(cell, zone);
        }
        let _ = (time::serial(cell), number::count(cell), number::version(cell), flag::parse(cell));
        let _ = number::score(cell, &std::collections::BTreeMap::new(), (1.0, 5.0));
        let _ = codes::split(cell, None);
        assert_eq!(text::trim(text::trim(cell)), text::trim(cell));
        assert_eq!(text::id(&text::id(cell)), text::id(cell));
    }
});
