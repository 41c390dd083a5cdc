//! XLS: which sheets a workbook has, and what all sheets share.

use super::biff::{self, Texts, record};
use super::cell::Look;
use super::format;
use super::ole::{Ole, u16_at, u32_at};
use super::strings::Strings;
use super::xls_rows::CellRows;
use super::{PASSWORD, Sheet, advise, in_sheet, no_such_sheet};
use crate::ingest::read::Seekable;

/// What stands before the sheets.
#[derive(Debug)]
pub struct Globals {
    /// Name and place of each worksheet.
    sheets: Vec<(String, usize)>,
    pub strings: Strings,
    /// What each cell style makes of a number.
    pub looks: Vec<Look>,
    pub since_1904: bool,
    pub texts: Texts,
}

pub fn sheets(input: Box<dyn Seekable>) -> Result<Vec<Sheet>, String> {
    let globals = Globals::read(&stream(input)?).map_err(|why| advise(&why))?;
    Ok(globals.sheets.into_iter().map(|(name, _)| Sheet { name }).collect())
}

pub fn rows(input: Box<dyn Seekable>, sheet: &str) -> Result<CellRows, String> {
    let stream = stream(input)?;
    let globals = Globals::read(&stream).map_err(|why| advise(&why))?;
    let (_, at) = globals.sheets.iter().find(|(name, _)| name == sheet).ok_or_else(|| no_such_sheet(sheet))?;
    let at = *at;
    CellRows::new(stream, globals, sheet, at).map_err(|why| in_sheet(sheet, &why))
}

/// The bytes of the workbook proper.
fn stream(input: Box<dyn Seekable>) -> Result<Vec<u8>, String> {
    let ole = Ole::open(input)?;
    if ole.has("EncryptedPackage") {
        return Err(PASSWORD.to_owned());
    }
    for name in ["Workbook", "Book"] {
        if let Some(stream) = ole.stream(name)? {
            return Ok(stream);
        }
    }
    Err("it is no workbook of Excel; save the table as .xlsx or CSV".to_owned())
}

impl Globals {
    fn read(stream: &[u8]) -> Result<Self, String> {
        let mut globals = Self {
            sheets: Vec::new(),
            strings: Strings::default(),
            looks: Vec::new(),
            since_1904: false,
            texts: Texts::Unicode,
        };
        let mut styles: Vec<u16> = Vec::new();
        let mut custom: Vec<(u16, Look)> = Vec::new();
        let mut at = 0;
        loop {
            let record = record(stream, at).ok_or(super::package::DAMAGED)?;
            at = record.next;
            let data = record.data;
            match record.kind {
                0x0809 => globals.texts = version(data)?,
                0x002F => return Err(PASSWORD.to_owned()),
                0x0042 => {
                    if let (Texts::Bytes(_), Some(page)) = (globals.texts, u16_at(data, 0)) {
                        globals.texts = Texts::Bytes(biff::encoding(page));
                    }
                }
                0x0022 => globals.since_1904 = u16_at(data, 0) == Some(1),
                0x041E => {
                    let wide = matches!(globals.texts, Texts::Unicode);
                    let code = globals.texts.read(stream, record, 2, wide);
                    let (Some(id), Some(code)) = (u16_at(data, 0), code) else {
                        return Err("a number format is damaged".into());
                    };
                    custom.push((id, format::classify(&code)));
                }
                0x00E0 => styles.push(u16_at(data, 2).ok_or("a cell style is damaged")?),
                0x0085 => {
                    let name = globals.texts.read(stream, record, 6, false);
                    let (Some(place), Some(kind), Some(name)) = (u32_at(data, 0), data.get(5), name) else {
                        return Err("its list of sheets is damaged".into());
                    };
                    if *kind == 0 {
                        globals.sheets.push((name, place as usize));
                    }
                }
                0x00FC => globals.strings = biff::shared(stream, record)?,
                0x000A => break,
                _ => {}
            }
        }
        let look = |id: &u16| {
            let own = custom.iter().rev().find(|(custom, _)| custom == id);
            own.map_or_else(|| format::builtin(u32::from(*id)), |(_, look)| *look)
        };
        globals.looks = styles.iter().map(look).collect();
        Ok(globals)
    }
}

/// What kind of texts the version has.
fn version(data: &[u8]) -> Result<Texts, String> {
    match u16_at(data, 0) {
        Some(0x0600) => Ok(Texts::Unicode),
        Some(0x0500) => Ok(Texts::Bytes(biff::encoding(1252))),
        _ => Err("it is of a version before Excel 5.0; open it in Excel and save it as .xlsx".into()),
    }
}
