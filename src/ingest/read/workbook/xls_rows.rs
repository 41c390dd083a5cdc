//! Rows of an XLS sheet. Its cells need not lie in order: their places are noted first, then read row by row.

use super::biff;
use super::cell::write_number;
use super::in_sheet;
use super::line::{Line, MAX_COLUMNS, MAX_REGIONS, Region, reference};
use super::ole::{u16_at, u32_at};
use super::xls::Globals;
use crate::ingest::read::{Native, Record, Rows};

const FORMULA: u16 = 0x0006;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const NUMBER: u16 = 0x0203;
const BOOLEAN: u16 = 0x0205;
const FORMULA_TEXT: u16 = 0x0207;
const SMALL_NUMBER: u16 = 0x027E;
const SMALL_NUMBERS: u16 = 0x00BD;
const SHARED_TEXT: u16 = 0x00FD;
const MERGED: u16 = 0x00E5;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;

/// The rows of a sheet.
#[derive(Debug)]
pub struct CellRows {
    stream: Vec<u8>,
    globals: Globals,
    sheet: String,
    spots: Vec<Spot>,
    next: usize,
    line: Line,
    text: String,
}

/// Where the value of a cell lies.
#[derive(Debug, Clone, Copy)]
struct Spot {
    row: u16,
    column: u16,
    at: u32,
}

impl Rows for CellRows {
    fn next(&mut self, record: &mut Record) -> Result<bool, String> {
        self.advance(record).map_err(|why| in_sheet(&self.sheet, &why))
    }

    fn strict(&self) -> bool {
        false
    }
}

impl CellRows {
    pub fn new(stream: Vec<u8>, globals: Globals, sheet: &str, at: usize) -> Result<Self, String> {
        let (spots, regions) = spots(&stream, at)?;
        Ok(Self {
            stream,
            globals,
            sheet: sheet.to_owned(),
            spots,
            next: 0,
            line: Line::new(regions),
            text: String::new(),
        })
    }

    fn advance(&mut self, record: &mut Record) -> Result<bool, String> {
        while let Some(&first) = self.spots.get(self.next) {
            let row = u64::from(first.row) + 1;
            self.line.begin(row, record);
            while let Some(&spot) = self.spots.get(self.next).filter(|s| s.row == first.row) {
                self.next += 1;
                let column = usize::from(spot.column);
                let damaged = |why: &str| format!("cell {} is damaged ({why})", reference(row, column));
                let native = self.value(spot).ok_or_else(|| damaged("its value cannot be read"))?;
                if !self.text.is_empty() {
                    self.line.put(record, column, &self.text, native).map_err(|why| damaged(&why))?;
                }
            }
            if self.line.end(record) {
                return Ok(true);
            }
        }
        record.clear();
        Ok(false)
    }

    /// Turns the value of a cell into `text`.
    fn value(&mut self, spot: Spot) -> Option<Native> {
        self.text.clear();
        let piece = biff::record(&self.stream, spot.at as usize)?;
        let data = piece.data;
        match piece.kind {
            SMALL_NUMBER => self.number(u16_at(data, 4)?, small(u32_at(data, 6)?)),
            SMALL_NUMBERS => {
                let index = usize::from(spot.column.checked_sub(u16_at(data, 2)?)?);
                self.number(u16_at(data, 4 + index * 6)?, small(u32_at(data, 6 + index * 6)?))
            }
            SHARED_TEXT => {
                self.text.push_str(self.globals.strings.get(u32_at(data, 6)? as usize)?);
                Some(Native::Text)
            }
            LABEL | RICH_LABEL | FORMULA_TEXT => {
                let start = if piece.kind == FORMULA_TEXT { 0 } else { 6 };
                self.text = self.globals.texts.read(&self.stream, piece, start, true)?;
                Some(Native::Text)
            }
            BOOLEAN if *data.get(7)? == 0 => Some(self.constant(truth(*data.get(6)?))),
            BOOLEAN => Some(self.constant(error(*data.get(6)?))),
            FORMULA if u16_at(data, 12)? == 0xFFFF => match data.get(6)? {
                1 => Some(self.constant(truth(*data.get(8)?))),
                2 => Some(self.constant(error(*data.get(8)?))),
                _ => Some(Native::Text),
            },
            NUMBER | FORMULA => self.number(u16_at(data, 4)?, double(data, 6)?),
            _ => None,
        }
    }

    fn number(&mut self, style: u16, value: f64) -> Option<Native> {
        let look = self.globals.looks.get(usize::from(style)).copied().unwrap_or_default();
        if !value.is_finite() {
            return None;
        }
        Some(write_number(value, look, self.globals.since_1904, &mut self.text))
    }

    fn constant(&mut self, text: &str) -> Native {
        self.text.push_str(text);
        Native::Text
    }
}

fn double(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(*data.get(at..)?.first_chunk()?))
}

/// A number in 30 bits: the upper half of a double, or a whole number, either of them in hundredths or not.
fn small(bits: u32) -> f64 {
    let value =
        if bits & 2 == 0 { f64::from_bits(u64::from(bits & !3) << 32) } else { f64::from(bits.cast_signed() >> 2) };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

const fn truth(value: u8) -> &'static str {
    if value == 0 { "FALSE" } else { "TRUE" }
}

const fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2B => "#GETTING_DATA",
        _ => "#N/A",
    }
}

/// The cells of a sheet that hold something, in order, and its merged regions.
fn spots(stream: &[u8], start: usize) -> Result<(Vec<Spot>, Vec<Region>), String> {
    let (mut spots, mut regions) = (Vec::new(), Vec::new());
    let (mut at, mut depth) = (start, 0_u32);
    // A formula whose text follows it.
    let mut formula: Option<(u16, u16)> = None;
    loop {
        let piece = biff::record(stream, at).ok_or(super::package::DAMAGED)?;
        at = piece.next;
        let data = piece.data;
        match piece.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            // Charts within the sheet carry cells of their own.
            _ if depth > 1 => {}
            FORMULA | NUMBER | SMALL_NUMBER | SMALL_NUMBERS | SHARED_TEXT | LABEL | RICH_LABEL | BOOLEAN => {
                let place = u16_at(data, 0).zip(u16_at(data, 2));
                let (row, first) = place.ok_or("a cell lies nowhere")?;
                let is_text = piece.kind == FORMULA && u16_at(data, 12) == Some(0xFFFF) && data.get(6) == Some(&0);
                formula = is_text.then_some((row, first));
                let last = if piece.kind == SMALL_NUMBERS {
                    u16_at(data, data.len().saturating_sub(2)).unwrap_or(first)
                } else {
                    first
                };
                if usize::from(last) >= MAX_COLUMNS || usize::from(last.saturating_sub(first)) > data.len() / 6 {
                    return Err(format!("row {} has a cell beyond the last column", u32::from(row) + 1));
                }
                if !is_text {
                    spots.extend((first..=last).map(|column| spot(row, column, piece.at)));
                }
            }
            FORMULA_TEXT => spots.extend(formula.take().map(|(row, column)| spot(row, column, piece.at))),
            MERGED => {
                let areas = data.get(2..).unwrap_or_default().as_chunks::<8>().0;
                regions.extend(areas.iter().filter_map(|area| {
                    let (first, last) = (u16_at(area, 0)?, u16_at(area, 2)?);
                    let column = usize::from(u16_at(area, 4)?);
                    Some(Region { first_row: u64::from(first) + 1, column, last_row: u64::from(last) + 1 })
                }));
                if regions.len() > MAX_REGIONS {
                    return Err("there are more than a million merged regions".into());
                }
            }
            _ => {}
        }
    }
    // Stable, so that a cell that comes twice is found as such.
    spots.sort_by_key(|s| (s.row, s.column));
    Ok((spots, regions))
}

fn spot(row: u16, column: u16, at: usize) -> Spot {
    // Files are far below 4 GiB.
    Spot { row, column, at: u32::try_from(at).unwrap_or(u32::MAX) }
}
