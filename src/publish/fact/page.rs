//! Encoded values as the pages of one column chunk.

use std::cell::RefCell;
use std::io;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, EncodingMask, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::bits::{self, Bits};

/// The values of one column in one row group.
#[derive(Debug)]
pub struct Chunk {
    /// Distinct values one after the other, plain, and their number.
    pub dictionary: Option<(Vec<u8>, usize)>,
    /// Of the data pages.
    pub encoding: Encoding,
    pub pages: Vec<Body>,
    pub statistics: Statistics,
}

/// A data page: its levels and values.
#[derive(Debug)]
pub struct Body {
    /// Rows, missing values counted.
    pub rows: usize,
    pub bytes: Vec<u8>,
}

impl Chunk {
    /// A chunk of plain values in one page.
    pub fn plain(valid: &Bits, values: &[u8], statistics: Statistics) -> Self {
        let mut body = Body::of(valid, 0, valid.len());
        body.bytes.extend_from_slice(values);
        Self { dictionary: None, encoding: Encoding::PLAIN, pages: vec![body], statistics }
    }

    /// A chunk whose values are places in a dictionary.
    pub fn places(valid: &Bits, places: &[u32], dictionary: (Vec<u8>, usize), statistics: Statistics) -> Self {
        let mut body = Body::of(valid, 0, valid.len());
        let width = bits::width(dictionary.1.saturating_sub(1) as u64).max(1);
        body.bytes.extend_from_slice(width.to_le_bytes().get(..1).unwrap_or_default());
        bits::hybrid(places, width, &mut body.bytes);
        Self { dictionary: Some(dictionary), encoding: Encoding::RLE_DICTIONARY, pages: vec![body], statistics }
    }
}

impl Body {
    /// The levels of some rows, ready for their values.
    pub fn of(valid: &Bits, from: usize, to: usize) -> Self {
        let mut bytes = Vec::new();
        bits::levels(valid, from, to, &mut bytes);
        Self { rows: to - from, bytes }
    }
}

/// A chunk as it stands in the file, with what the footer says of it.
pub type Encoded = (Bytes, ColumnCloseResult);

thread_local! {
    /// Each thread's own: it takes a megabyte, and longer to make than a page to compress.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses a page, with the level that all files have.
fn compressed(page: &[u8]) -> io::Result<Bytes> {
    COMPRESSOR.with_borrow_mut(|own| {
        let compressor = match own {
            Some(compressor) => compressor,
            none => none.insert(Compressor::new(ZstdLevel::default().compression_level())?),
        };
        Ok(Bytes::from(compressor.compress(page)?))
    })
}

/// Compresses a chunk.
pub fn encode(chunk: Chunk, column: &ColumnDescPtr) -> Result<Encoded, ParquetError> {
    let mut sink = TrackedWrite::new(Vec::new());
    let mut writer = SerializedPageWriter::new(&mut sink);
    let (mut whole, mut rows, mut data_offset) = (0, 0, None);
    let mut encodings = vec![Encoding::RLE, chunk.encoding];
    let has_dictionary = chunk.dictionary.is_some();
    if let Some((values, count)) = chunk.dictionary {
        encodings.push(Encoding::PLAIN);
        let buf = compressed(&values)?;
        let num_values = number(count)?;
        let page = Page::DictionaryPage { buf, num_values, encoding: Encoding::PLAIN, is_sorted: false };
        whole += writer.write_page(CompressedPage::new(page, values.len()))?.uncompressed_size;
    }
    for body in chunk.pages {
        let page = Page::DataPage {
            buf: compressed(&body.bytes)?,
            num_values: number(body.rows)?,
            encoding: chunk.encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        // A page header holds signed 32-bit sizes.
        i32::try_from(body.bytes.len()).map_err(|e| ParquetError::External(Box::new(e)))?;
        let written = writer.write_page(CompressedPage::new(page, body.bytes.len()))?;
        data_offset.get_or_insert(written.offset);
        whole += written.uncompressed_size;
        rows += body.rows;
    }
    let bytes = Bytes::from(sink.into_inner()?);
    let metadata = ColumnChunkMetaData::builder(column.clone())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_encodings_mask(EncodingMask::new_from_encodings(encodings.iter()))
        .set_total_compressed_size(number(bytes.len())?)
        .set_total_uncompressed_size(number(whole)?)
        .set_num_values(number(rows)?)
        .set_data_page_offset(number(data_offset.unwrap_or(0))?)
        .set_dictionary_page_offset(has_dictionary.then_some(0))
        .set_statistics(chunk.statistics)
        .build()?;
    let close = ColumnCloseResult {
        bytes_written: bytes.len() as u64,
        rows_written: rows as u64,
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    Ok((bytes, close))
}

fn number<A, B: TryFrom<A>>(value: A) -> Result<B, ParquetError>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    B::try_from(value).map_err(|e| ParquetError::External(Box::new(e)))
}
