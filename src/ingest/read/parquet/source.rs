//! A seekable input as the Parquet reader wants it: readable at several places at a time, never beyond its end.

use std::io::{self, BufReader, Read, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use super::super::Seekable;

#[derive(Clone)]
pub struct Source {
    input: Arc<Mutex<Box<dyn Seekable>>>,
    length: u64,
}

impl Source {
    pub fn new(mut input: Box<dyn Seekable>) -> std::result::Result<Self, String> {
        let length = input.seek(SeekFrom::End(0)).map_err(|e| e.to_string())?;
        let source = Self { input: Arc::new(Mutex::new(input)), length };
        let mut end = [0; 4];
        source.fill(length.saturating_sub(4), &mut end).map_err(|_| super::damaged("it is cut off"))?;
        match &end {
            b"PAR1" => Ok(source),
            b"PARE" => Err("the Parquet file is encrypted; save it without encryption".to_owned()),
            _ => Err(super::damaged("it is cut off: its end is missing")),
        }
    }

    pub const fn length(&self) -> u64 {
        self.length
    }

    fn fill(&self, start: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.at(start, |input| input.read_exact(buffer))
    }

    fn at<T>(&self, start: u64, read: impl FnOnce(&mut dyn Seekable) -> io::Result<T>) -> io::Result<T> {
        // Each reading seeks first, so that one that broke off does no harm.
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.seek(SeekFrom::Start(start))?;
        read(input.as_mut())
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Source {
    type T = BufReader<Piece>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::with_capacity(1 << 12, Piece { source: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF(format!("it has no {length} bytes at {start}")));
        }
        let mut buffer = vec![0; length];
        self.fill(start, &mut buffer)?;
        Ok(buffer.into())
    }
}

/// Reads on from one place.
pub struct Piece {
    source: Source,
    at: u64,
}

impl Read for Piece {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.source.at(self.at, |input| input.read(buffer))?;
        self.at += n as u64;
        Ok(n)
    }
}
