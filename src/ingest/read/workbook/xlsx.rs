//! XLSX: which sheets a workbook has, where their parts are, and what its styles say about numbers.

use quick_xml::events::Event;

use super::cell::Look;
use super::format;
use super::package::Package;
use super::strings::Strings;
use super::xlsx_rows::SheetRows;
use super::xml::{Xml, attribute, count};
use super::{Sheet, in_part, merged};

/// How a workbook is made up.
#[derive(Debug)]
struct Book {
    /// Name and part of each worksheet.
    sheets: Vec<(String, String)>,
    strings: Option<String>,
    styles: Option<String>,
    since_1904: bool,
}

/// A part that another one refers to.
#[derive(Debug)]
struct Relation {
    id: String,
    /// Last piece of its type: `worksheet`, `styles`.
    kind: String,
    target: String,
}

pub fn sheets(mut package: Package) -> Result<Vec<Sheet>, String> {
    let book = Book::read(&mut package)?;
    Ok(book.sheets.into_iter().map(|(name, _)| Sheet { name }).collect())
}

pub fn rows(mut package: Package, sheet: &str) -> Result<SheetRows, String> {
    let book = Book::read(&mut package)?;
    let Some((_, path)) = book.sheets.into_iter().find(|(name, _)| name == sheet) else {
        return Err(super::no_such_sheet(sheet));
    };
    let looks = match &book.styles {
        Some(part) => in_part(part, styles(&mut package, part))?,
        None => Vec::new(),
    };
    let strings = match &book.strings {
        Some(part) => in_part(part, package.large(part).and_then(|p| Strings::read(Xml::new(p))))?,
        None => Strings::default(),
    };
    let regions = merged::regions(package.large(&path)?).map_err(|e| super::in_sheet(sheet, &e))?;
    let part = package.into_large(&path)?;
    Ok(SheetRows::new(Xml::new(part), sheet, strings, looks, book.since_1904, regions))
}

impl Book {
    fn read(package: &mut Package) -> Result<Self, String> {
        let main = main_part(package)?;
        let relations = relations(package, &main)?;
        let target = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
        // Programs that leave a part out may still refer to it.
        let present = |path: Option<String>| path.filter(|p| package.has(p));
        let strings = present(target("sharedStrings"));
        let styles = present(target("styles"));
        let (listed, since_1904) = in_part(&main, workbook(package, &main))?;
        let mut sheets = Vec::new();
        for (name, id) in listed {
            let relation = relations.iter().find(|r| r.id == id);
            let relation =
                relation.ok_or_else(|| format!("the workbook does not say where its sheet \"{name}\" is"))?;
            if relation.kind == "worksheet" {
                sheets.push((name, relation.target.clone()));
            }
        }
        Ok(Self { sheets, strings, styles, since_1904 })
    }
}

/// The part that lists the sheets: `xl/workbook.xml`, unless the workbook says otherwise.
fn main_part(package: &mut Package) -> Result<String, String> {
    let found = if package.has("_rels/.rels") { relations(package, "")? } else { Vec::new() };
    let main = found.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target);
    Ok(main.filter(|m| package.has(m)).unwrap_or_else(|| "xl/workbook.xml".to_owned()))
}

/// What a part refers to.
fn relations(package: &mut Package, part: &str) -> Result<Vec<Relation>, String> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let path = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
    let mut xml = Xml::new(package.small(&path)?);
    let mut relations = Vec::new();
    loop {
        match in_part(&path, xml.next())? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "Relationship" => {
                let get = |name| Ok::<_, String>(attribute(&tag, name)?.unwrap_or_default());
                relations.push(Relation {
                    id: get("Id")?.into_owned(),
                    kind: get("Type")?.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: resolve(folder, &get("Target")?),
                });
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// A path as seen from a folder of the zip.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let absolute = target.starts_with('/');
    let mut pieces: Vec<&str> = if absolute { Vec::new() } else { folder.split('/').collect() };
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop();
            }
            piece => pieces.push(piece),
        }
    }
    pieces.retain(|p| !p.is_empty());
    pieces.join("/")
}

/// Name and relation of each sheet, and whether dates count from 1904.
fn workbook(package: &mut Package, part: &str) -> Result<(Vec<(String, String)>, bool), String> {
    let mut xml = Xml::new(package.small(part)?);
    let (mut sheets, mut since_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "sheet" => {
                    let name = attribute(&tag, "name")?.unwrap_or_default().into_owned();
                    sheets.push((name, attribute(&tag, "id")?.unwrap_or_default().into_owned()));
                }
                "workbookPr" => {
                    since_1904 = attribute(&tag, "date1904")?.is_some_and(|v| matches!(&*v, "1" | "true" | "on"));
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, since_1904)),
            _ => {}
        }
    }
}

/// What each cell style makes of a number.
fn styles(package: &mut Package, part: &str) -> Result<Vec<Look>, String> {
    let mut xml = Xml::new(package.small(part)?);
    let mut custom: Vec<(u64, Look)> = Vec::new();
    let mut cells: Vec<u64> = Vec::new();
    let mut within = false;
    loop {
        match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let code = attribute(&tag, "formatCode")?.unwrap_or_default();
                    custom.extend(count(&tag, "numFmtId")?.map(|id| (id, format::classify(&code))));
                }
                "cellXfs" => within = true,
                "xf" if within => cells.push(count(&tag, "numFmtId")?.unwrap_or(0)),
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => within = false,
            Event::Eof => break,
            _ => {}
        }
    }
    custom.sort_by_key(|(id, _)| *id);
    let look = |id: &u64| match custom.binary_search_by_key(id, |(id, _)| *id) {
        Ok(at) => custom.get(at).map_or(Look::Number, |(_, look)| *look),
        Err(_) => u32::try_from(*id).map_or(Look::Number, format::builtin),
    };
    Ok(cells.iter().map(look).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_seen_from_their_folder() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl/worksheets", "..\\styles.xml", "xl/styles.xml"),
            ("xl", "../../../x.xml", "x.xml"),
        ] {
            assert_eq!(resolve(folder, target), path);
        }
    }
}
