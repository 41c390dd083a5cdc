//! The rows of a dump in another order.

use std::collections::BTreeMap;

use csv::{ByteRecord, ReaderBuilder, Terminator, WriterBuilder};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Shuffles the rows below the header. Rows of the same ticket or survey keep their order, for of several versions in one
/// dump the last one counts. Works on bytes, so that it serves every encoding in which a comma is a comma.
pub fn rows(name: &str, bytes: &[u8], seed: u64) -> Vec<u8> {
    let bare = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bare);
    let mut records = reader.into_byte_records().map(Result::unwrap);
    let header = records.next().expect("a header");
    let rows: Vec<ByteRecord> = records.collect();

    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = Random(seed);
    for place in (1..order.len()).rev() {
        order.swap(place, random.below(place + 1));
    }
    let mut places: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
    for (place, row) in order.iter().enumerate() {
        places.entry(key(name, &rows[*row])).or_default().push(place);
    }
    for places in places.values() {
        let mut versions: Vec<usize> = places.iter().map(|place| order[*place]).collect();
        versions.sort_unstable();
        places.iter().zip(versions).for_each(|(place, row)| order[*place] = row);
    }

    let crlf = bare.windows(2).any(|pair| pair == b"\r\n");
    let terminator = if crlf { Terminator::CRLF } else { Terminator::Any(b'\n') };
    let mut writer = WriterBuilder::new().flexible(true).terminator(terminator).from_writer(Vec::new());
    writer.write_byte_record(&header).unwrap();
    for row in &order {
        writer.write_byte_record(&rows[*row]).unwrap();
    }
    let bom = if bare.len() < bytes.len() { BOM } else { &[] };
    [bom, &writer.into_inner().unwrap()].concat()
}

/// What a row is a version of: the ticket, wherever its column stands; else the first cell.
fn key(name: &str, row: &ByteRecord) -> Vec<u8> {
    let ticket = row.iter().find(|cell| cell.starts_with(b"SR20")).filter(|_| name.starts_with("tickets"));
    ticket.or_else(|| row.get(0)).unwrap_or_default().to_vec()
}

/// Xorshift; the same numbers everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}
