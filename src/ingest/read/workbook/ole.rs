//! The file system within a file in which Excel 97 to 2003 stored workbooks, and later Excel stores protected ones
//! ([MS-CFB]). Sectors hang together in chains; a chain that runs in a circle is cut.

use std::io::Read;

use crate::ingest::read::Seekable;

/// Largest file that is read. Sheets of this kind have at most 65,536 rows.
const MAX_FILE: u64 = 512 << 20;
const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const HEADER: usize = 512;
/// Sector numbers from here on mean an end.
const NO_SECTOR: u32 = 0xFFFF_FFFA;
const ENTRY: usize = 128;
const MINI_SECTOR: usize = 64;

/// A file with streams in it.
#[derive(Debug)]
pub struct Ole {
    bytes: Vec<u8>,
    sector: usize,
    next: Vec<u32>,
    next_mini: Vec<u32>,
    mini: Vec<u8>,
    streams: Vec<Stream>,
    /// Streams shorter than this lie in mini sectors.
    cutoff: usize,
}

#[derive(Debug, Clone)]
struct Stream {
    name: String,
    start: u32,
    size: usize,
}

impl Ole {
    pub fn open(mut input: Box<dyn Seekable>) -> Result<Self, String> {
        let mut bytes = Vec::new();
        input.rewind().map_err(|e| e.to_string())?;
        (&mut input).take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
        if bytes.len() as u64 > MAX_FILE {
            return Err("it is larger than 512 MiB; save it as .xlsx".into());
        }
        if !bytes.starts_with(MAGIC) {
            return Err("it is no workbook of Excel 97 to 2003; open it in Excel and save it as .xlsx".into());
        }
        Self::parse(bytes).ok_or_else(|| super::advise(super::package::DAMAGED))
    }

    fn parse(bytes: Vec<u8>) -> Option<Self> {
        let sector = match u16_at(&bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let cutoff = u32_at(&bytes, 56)? as usize;
        let mini_start = u32_at(&bytes, 60)?;
        let directory = u32_at(&bytes, 48)?;
        let mut ole = Self {
            bytes,
            sector,
            next: Vec::new(),
            next_mini: Vec::new(),
            mini: Vec::new(),
            streams: Vec::new(),
            cutoff,
        };
        ole.next = ole.sector_table()?;
        let limit = ole.bytes.len();
        ole.next_mini = numbers(&ole.chain(mini_start, limit)).collect();
        let entries = ole.chain(directory, limit);
        for entry in entries.chunks_exact(ENTRY) {
            let stream = Stream {
                name: name(entry)?,
                start: u32_at(entry, 116)?,
                size: usize::try_from(u32_at(entry, 120)?).ok()?,
            };
            match entry.get(66)? {
                2 => ole.streams.push(stream),
                // The root holds the mini sectors.
                5 => ole.mini = ole.chain(stream.start, stream.size),
                _ => {}
            }
        }
        Some(ole)
    }

    pub fn has(&self, name: &str) -> bool {
        self.streams.iter().any(|s| s.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream, all of them; nothing where there is no such stream.
    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(stream) = self.streams.iter().find(|s| s.name.eq_ignore_ascii_case(name)) else { return Ok(None) };
        let bytes = if stream.size >= self.cutoff {
            self.chain(stream.start, stream.size)
        } else {
            let sector = |id: u32| slice(&self.mini, id as usize * MINI_SECTOR, MINI_SECTOR);
            follow(stream.start, stream.size, self.mini.len() / MINI_SECTOR, &self.next_mini, sector)
        };
        if bytes.len() < stream.size {
            return Err(super::advise(super::package::DAMAGED));
        }
        Ok(Some(bytes))
    }

    /// For each sector the one that follows it.
    fn sector_table(&self) -> Option<Vec<u32>> {
        let sectors = self.bytes.len() / self.sector + 1;
        let mut places: Vec<u32> = numbers(self.bytes.get(76..HEADER)?).collect();
        let mut more = u32_at(&self.bytes, 68)?;
        // Places beyond the first 109 stand in sectors of their own, each ending in the number of the next.
        for _ in 0..sectors {
            if more >= NO_SECTOR {
                break;
            }
            places.extend(numbers(self.sector(more)));
            more = places.pop()?;
        }
        let mut table = Vec::new();
        for place in places.into_iter().filter(|&p| p < NO_SECTOR).take(sectors) {
            table.extend(numbers(self.sector(place)));
        }
        Some(table)
    }

    fn sector(&self, id: u32) -> &[u8] {
        // The header takes the room of one sector.
        slice(&self.bytes, (id as usize + 1) * self.sector, self.sector)
    }

    fn chain(&self, start: u32, size: usize) -> Vec<u8> {
        follow(start, size, self.bytes.len() / self.sector + 1, &self.next, |id| self.sector(id))
    }
}

/// Sectors along a chain, as far as they are there.
fn follow<'a>(start: u32, size: usize, sectors: usize, next: &[u32], sector: impl Fn(u32) -> &'a [u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut id = start;
    for _ in 0..sectors {
        if id >= NO_SECTOR || bytes.len() >= size {
            break;
        }
        bytes.extend_from_slice(sector(id));
        id = next.get(id as usize).copied().unwrap_or(NO_SECTOR);
    }
    bytes.truncate(size);
    bytes
}

/// Bytes of a sector; fewer at the end of the file.
fn slice(bytes: &[u8], start: usize, length: usize) -> &[u8] {
    bytes.get(start..bytes.len().min(start + length)).unwrap_or_default()
}

fn name(entry: &[u8]) -> Option<String> {
    let length = usize::from(u16_at(entry, 64)?).min(64);
    let units = entry.get(..length)?.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b));
    Some(String::from_utf16_lossy(&units.take_while(|&u| u != 0).collect::<Vec<_>>()))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b))
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_end_where_they_run_in_a_circle() {
        let data = [b'a', b'b', b'c'];
        let sector = |id: u32| data.get(id as usize..=id as usize).unwrap_or_default();
        assert_eq!(follow(0, 9, 3, &[2, NO_SECTOR, 1], sector), b"acb");
        assert_eq!(follow(0, 2, 3, &[2, NO_SECTOR, 1], sector), b"ac");
        assert_eq!(follow(0, 9, 3, &[1, 0], sector), b"aba");
        assert_eq!(follow(7, 9, 3, &[], sector), b"");
    }
}
