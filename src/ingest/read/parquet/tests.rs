use std::io::Cursor;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int32Array,
    Int64Array, ListArray, ListBuilder, RecordBatch, StringArray, StringBuilder, StructArray, Time64MicrosecondArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::super::Native;
use super::*;

fn written(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true))).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(1000))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn read(bytes: Vec<u8>) -> Result<Vec<Record>, String> {
    let mut rows = rows(Box::new(Cursor::new(bytes)))?;
    let mut all = vec![Record::default()];
    while rows.next(all.last_mut().unwrap())? {
        all.push(Record::default());
    }
    all.pop();
    Ok(all)
}

fn texts(record: &Record) -> Vec<&str> {
    record.iter().collect()
}

#[test]
fn every_type_becomes_text() {
    let moment = 1_782_894_600_000; // 2026-07-01 08:30:00
    let inner = Arc::new(Field::new("n", DataType::Int32, true));
    let mut codes = ListBuilder::new(StringBuilder::new());
    codes.append_value([Some("A;B"), Some("C")]);
    codes.append_null();
    let codes = codes.finish();
    let cases: Vec<(ArrayRef, &str, Native)> = vec![
        (Arc::new(StringArray::from(vec![Some("工单"), None])), "工单", Native::Text),
        (Arc::new(BinaryArray::from(vec![Some(&b"abc"[..]), None])), "abc", Native::Text),
        (Arc::new(BinaryArray::from(vec![Some(&b"\xFF\x00"[..]), None])), "ff00", Native::Text),
        (Arc::new(BooleanArray::from(vec![Some(true), None])), "TRUE", Native::Text),
        (Arc::new(Int32Array::from(vec![Some(-7), None])), "-7", Native::Number),
        (Arc::new(Int64Array::from(vec![Some(i64::MAX), None])), "9223372036854775807", Native::Number),
        (Arc::new(UInt64Array::from(vec![Some(u64::MAX), None])), "18446744073709551615", Native::Number),
        (Arc::new(Float32Array::from(vec![Some(0.1), None])), "0.1", Native::Number),
        (Arc::new(Float64Array::from(vec![Some(1e15), None])), "1000000000000000", Native::Number),
        (Arc::new(Float64Array::from(vec![Some(-0.0), None])), "0", Native::Number),
        (Arc::new(Float64Array::from(vec![Some(f64::NAN), None])), "NaN", Native::Text),
        (
            Arc::new(Decimal128Array::from(vec![Some(-1_250), None]).with_precision_and_scale(9, 3).unwrap()),
            "-1.25",
            Native::Number,
        ),
        (Arc::new(Date32Array::from(vec![Some(20_635), None])), "2026-07-01 00:00:00", Native::Time),
        (Arc::new(TimestampMillisecondArray::from(vec![Some(moment), None])), "2026-07-01 08:30:00", Native::Time),
        (
            Arc::new(
                TimestampMicrosecondArray::from(vec![Some(moment * 1000 + 5), None]).with_timezone("Asia/Shanghai"),
            ),
            "2026-07-01 08:30:00.000005+00:00",
            Native::Text,
        ),
        (Arc::new(Time64MicrosecondArray::from(vec![Some(30_600_000_000), None])), "08:30:00", Native::Text),
        (
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1), None, Some(3)]), None])),
            "1;;3",
            Native::Text,
        ),
        (Arc::new(codes), "[A;B, C]", Native::Text),
        (
            Arc::new(StructArray::from(vec![(inner, Arc::new(Int32Array::from(vec![Some(1), None])) as ArrayRef)])),
            "{n: 1}",
            Native::Text,
        ),
    ];
    for (array, expected, native) in cases {
        let kind = array.data_type().clone();
        let rows = read(written(vec![("c", array)])).unwrap();
        assert_eq!((texts(&rows[1]), rows[1].native(0)), (vec![expected], native), "{kind}");
        if !kind.is_nested() {
            assert_eq!((texts(&rows[2]), rows[2].native(0)), (vec![""], Native::Text), "{kind}");
        }
    }
}

#[test]
fn rows_keep_their_numbers_across_row_groups() {
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..20_000));
    let rows = read(written(vec![("a", numbers.clone()), ("b", numbers)])).unwrap();
    assert_eq!((rows.len(), texts(&rows[0])), (20_001, vec!["a", "b"]));
    for (at, number, text) in [(1, 2, "0"), (9_000, 9_001, "8999"), (20_000, 20_001, "19999")] {
        assert_eq!((rows[at].number, texts(&rows[at])), (number, vec![text, text]));
    }
    let empty = read(written(vec![("a", Arc::new(StringArray::from(Vec::<&str>::new())))])).unwrap();
    assert_eq!((empty.len(), texts(&empty[0])), (1, vec!["a"]));
}

#[test]
fn a_damaged_file_is_refused_without_a_panic() {
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..50));
    let words: ArrayRef = Arc::new(StringArray::from_iter_values((0..50).map(|i| format!("工单{i}"))));
    let sound = written(vec![("n", numbers), ("w", words)]);
    for length in [0, 3, 12, sound.len() / 2, sound.len() - 1] {
        assert!(read(sound[..length].to_vec()).unwrap_err().contains("damaged"), "{length}");
    }
    let mut encrypted = sound.clone();
    encrypted.splice(sound.len() - 4.., *b"PARE");
    assert!(read(encrypted).unwrap_err().contains("encrypted"));
    // Whatever byte is wrong, there are rows or a message.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for at in 4..sound.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut bytes = sound.clone();
            bytes[at] ^= flip;
            if let Err(reason) = read(bytes) {
                assert!(!reason.is_empty());
            }
        }
    }
    std::panic::set_hook(hook);
}
