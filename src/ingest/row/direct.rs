//! The shortest way through a row: where every cell is plain or known from earlier rows, values go straight into their columns.
//! All of a row goes this way or nothing of it.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_128;

use super::quick::{Column, Quick, Way, bit, hash_number, hash_text};
use super::words::Meaning;
use super::{Identity, RowReader, cell};
use crate::ingest::batch::Collector;
use crate::ingest::keys;
use crate::ingest::read::Record;
use crate::ingest::values::text;
use crate::time::{DAY_SECONDS, MICROS};

/// A row has a bit for each column.
const MOST: usize = u64::BITS as usize;
/// After so many rows it is asked whether trying pays.
const PROOF: u32 = 4096;

/// Whether rows of a table are tried this way.
#[derive(Debug)]
pub struct Direct {
    /// The text that is the key; `None` where no row can go this way.
    key: Option<usize>,
    /// Columns of text.
    texts: Vec<usize>,
    tried: u32,
    failed: u32,
}

impl Direct {
    pub fn new(columns: &[Column], key: Option<usize>) -> Self {
        let is_read = |place: &usize| columns.get(*place).is_some_and(|column| matches!(column.way, Way::Text { .. }));
        let possible = columns.len() <= MOST && !columns.iter().any(|column| matches!(column.way, Way::None));
        let texts = columns.iter().enumerate().filter(|(_, column)| column.text).map(|(place, _)| place).collect();
        Self { key: key.filter(is_read).filter(|_| possible), texts, tried: 0, failed: 0 }
    }

    /// Counts a row that is tried; none where hardly any of those before it was plain.
    fn begin(&mut self) -> Option<usize> {
        if self.tried > PROOF && self.failed > self.tried / 2 {
            self.key = None;
        }
        self.tried = self.tried.saturating_add(1);
        self.key
    }
}

impl RowReader<'_> {
    /// The column that alone makes up the key of a row.
    pub(super) fn plain_key(&self) -> Option<usize> {
        self.places.only_key().filter(|_| !self.source.is_long())
    }

    /// Appends a row to its columns and gives the hash of its values; none where the row is not plain throughout, and then
    /// nothing has been appended.
    pub fn take(&self, record: &Record, quick: &mut Quick, collector: &mut Collector) -> Option<u128> {
        let key = quick.direct.begin()?;
        let fits = record.flaw.is_none() && record.is_typed() && self.width.is_none_or(|width| width == record.len());
        let taken = fits.then(|| self.fill(record, key, quick, collector)).flatten();
        if taken.is_none() {
            collector.undo();
            quick.direct.failed = quick.direct.failed.saturating_add(1);
        }
        taken
    }

    fn fill(&self, record: &Record, key: usize, quick: &mut Quick, collector: &mut Collector) -> Option<u128> {
        let Quick { columns, markers, direct, hashed } = quick;
        hashed.clear();
        let missing = |cell: &str| *markers & bit(cell.len()) != 0 && self.source.missing.iter().any(|m| m == cell);
        let fits = |wall| cell::stranger(self.plan, self.source.kind, wall).is_none();
        // Texts cannot be taken back, so they are appended last.
        let mut texts: Vec<Option<&str>> = Vec::with_capacity(direct.texts.len());
        let (mut nulls, mut known_by) = (0_u64, None);
        for (index, (column, builder)) in columns.iter_mut().zip(&mut collector.builders).enumerate() {
            let cell = match column.way {
                Way::None => return None,
                Way::Empty => "",
                _ => record.get(column.place).unwrap_or_default(),
            };
            // What is said ends in `continue`; what is not goes on behind.
            match &mut column.way {
                Way::Text { narrow } => {
                    let cell = text::trim(cell);
                    if !cell.is_empty() && !missing(cell) {
                        let narrowed = if *narrow { text::id(cell) } else { Cow::Borrowed(cell) };
                        let Cow::Borrowed(cell) = narrowed else { return None };
                        texts.push(Some(cell));
                        hash_text(hashed, cell);
                        if index == key {
                            known_by = Some(cell);
                        }
                        continue;
                    }
                }
                Way::Moment { memo, day, .. } if !cell.is_empty() && !missing(text::trim(cell)) => {
                    let wall = memo.parse(cell.as_bytes(), fits)?;
                    let number = if *day { wall.div_euclid(DAY_SECONDS * MICROS) } else { wall };
                    hash_number(hashed, number);
                    if let Some(builder) = builder {
                        builder.push_int(number);
                    }
                    continue;
                }
                Way::Words(words) if !cell.is_empty() => {
                    let meaning = words.meaning(cell.as_bytes(), hashed)?;
                    nulls |= u64::from(meaning == Meaning::Null) << index;
                    match (builder, meaning) {
                        (Some(builder), Meaning::Int(number)) => builder.push_int(number),
                        (Some(builder), Meaning::Word(code)) => builder.push_word(code),
                        (Some(builder), Meaning::Null) => builder.push_null(),
                        (None, _) => {}
                    }
                    continue;
                }
                Way::Moment { .. } | Way::Words(_) | Way::Empty | Way::None => {}
            }
            if column.required {
                return None;
            }
            hashed.push(0);
            nulls |= 1 << index;
            if column.text {
                texts.push(None);
            } else if let Some(builder) = builder {
                builder.push_null();
            }
        }
        let key = keys::of(known_by?);
        if !self.places.complete(self.source.kind, nulls) {
            return None;
        }
        for (index, text) in direct.texts.iter().zip(texts) {
            if let Some(Some(builder)) = collector.builders.get_mut(*index) {
                builder.push_text(text);
            }
        }
        let hash = xxh3_128(hashed);
        // The latest version is read by no short way, so no row here has one.
        let identity = Identity { key, content: (hash >> 64) as u64, version: 0 };
        collector.accept(identity, record.number);
        Some(hash)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use polars::prelude::DataFrame;
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::header::{self, Found, Reads};
    use crate::ingest::row::Whereabouts;
    use crate::ingest::values::time;
    use crate::ingest::{Shelf, row};
    use crate::plan::{self, Plan};
    use crate::schema::input::SourceKind;

    const TICKETS: &str = "ticket_id = \"a\"\nrequested_at = \"b\"\ncustomer_id = \"c\"\ncustomer_name = \"d\"\n\
                           fault_codes = \"e\"\nvisits = \"f\"\nreopened = \"g\"\nstaff_id = \"h\"\nregion = \"i\"\n\
                           fault_description = \"j\"\n";
    const SURVEYS: &str = "survey_id = \"a\"\nanswered_at = \"b\"\nticket_id = \"c\"\nstaff_id = \"d\"\ncomment = \"e\"\n\
                           [sources.surveys.dimensions]\nattitude = \"f\"\noverall = \"g\"\n";
    const HEADER: &str = "abcdefghij";
    /// A text that the header lacks.
    const LACKING: &str = "serial_number = \"k\"\n";

    type Row = (u128, row::Identity);

    /// Reads rows with or without the shortest way: how many went it, what came of the rows, and their columns.
    fn read(kind: SourceKind, plan: &Plan, records: &[Record], short: bool) -> (usize, Vec<Option<Row>>, DataFrame) {
        let source = &plan.sources[&kind];
        let header: Vec<String> = HEADER.chars().map(String::from).collect();
        let found = Found { header: &header, file: Path::new("t.csv"), row: 1 };
        let mut bindings = header::bind(source, &found).unwrap();
        for binding in &mut bindings {
            if let Reads::Time(format) = &mut binding.reads {
                *format = time::given("%Y-%m-%d");
            }
        }
        let reader = RowReader::new(source, plan, bindings, Whereabouts::default(), Some(header.len()));
        let (mut quick, mut collector) = (reader.quick(), Collector::new(&reader.bindings, 0));
        let (mut taken, mut rows, mut warned, mut scratch) = (0, Vec::new(), Vec::new(), Vec::new());
        for record in records {
            if short && let Some(hash) = reader.take(record, &mut quick, &mut collector) {
                taken += 1;
                rows.push(Some((hash, collector.last())));
                continue;
            }
            let mut values = Vec::new();
            rows.push(reader.read(record, &mut quick, &mut values, &mut warned).ok().map(|()| {
                let (identity, hash) = reader.identify(record, &values, &quick, &mut scratch);
                collector.push(&values, identity, record.number).unwrap();
                (hash, identity)
            }));
        }
        let shelf = Shelf::new(&std::env::temp_dir());
        (taken, rows, collector.finish(kind, &shelf).unwrap().rows.load().unwrap())
    }

    /// Without a number a customer is known by name.
    fn plan(numbered: bool) -> Plan {
        let tickets =
            TICKETS.replace("customer_id = \"c\"\n", if numbered { "customer_id = \"c\"\n" } else { LACKING });
        let source = |name, columns| {
            format!("[sources.{name}]\nfiles = \"t.csv\"\nmissing = [\"无\"]\n[sources.{name}.columns]\n{columns}")
        };
        let text = source("tickets", tickets.as_str()) + &source("surveys", SURVEYS);
        plan::parse(&text, Path::new("q.toml")).unwrap()
    }

    fn record(number: u64, cells: &[&str]) -> Record {
        let mut record = Record::default();
        record.number = number;
        for cell in cells {
            record.push(cell);
        }
        record
    }

    #[test]
    fn rows_of_known_cells_go_the_shortest_way() {
        let plan = plan(true);
        let row = |number| {
            let id = format!("T{number}");
            record(number, &[&id, "2026-07-01 08:30", "Ｃ1", "", "漏水、异响", "2", "否", "S1", "华东", " 不热 "])
        };
        let records: Vec<Record> = (1..=3).map(row).collect();
        let (taken, ..) = read(SourceKind::Tickets, &plan, &records, true);
        assert_eq!(taken, 0, "a full-width number takes the patient way");
        let narrow = records.iter().map(|r| {
            let cells: Vec<&str> = r.iter().map(|cell| if cell == "Ｃ1" { "C1" } else { cell }).collect();
            record(r.number, &cells)
        });
        let (taken, ..) = read(SourceKind::Tickets, &plan, &narrow.collect::<Vec<_>>(), true);
        assert_eq!(taken, 2, "all but the first, whose words were new");
    }

    proptest! {
        #[test]
        fn all_ways_agree(
            rows in prop::collection::vec(prop::collection::vec((0..12_usize, 0..8_usize), 10), 1..40),
            surveys in any::<bool>(),
            numbered in any::<bool>(),
        ) {
            const USUAL: [&str; 10] = ["T1", "2026-07-01 08:30", "C1", "李", "漏水", "2", "1", "S1", "3", "响"];
            const ODD: [&str; 8] = ["", "无", " 无 ", "Ａ1", "\u{200b}", "2026-7-1 8:30", "是", "1994-01-01"];
            let plan = plan(numbered);
            let records: Vec<Record> = rows.iter().zip(1..).map(|(row, number)| {
                let cell = |(at, (odd, which)): (usize, &(usize, usize))| if *odd == 0 { ODD[*which] } else { USUAL[at] };
                record(number, &row.iter().enumerate().map(cell).collect::<Vec<_>>())
            }).collect();
            let kind = if surveys { SourceKind::Surveys } else { SourceKind::Tickets };
            let (_, short, columns) = read(kind, &plan, &records, true);
            let (_, patient, same_columns) = read(kind, &plan, &records, false);
            prop_assert_eq!(short, patient);
            prop_assert!(columns.equals_missing(&same_columns), "{} {}", columns, same_columns);
        }
    }
}
