//! ODS: which sheets a document has. All of them lie one behind the other in a single part.

use quick_xml::events::{BytesStart, Event};

use super::ods_rows::TableRows;
use super::package::Package;
use super::xml::{Xml, attribute};
use super::{PASSWORD, Sheet, in_part, no_such_sheet};

const CONTENT: &str = "content.xml";

pub fn sheets(mut package: Package) -> Result<Vec<Sheet>, String> {
    refuse_encrypted(&mut package)?;
    let mut xml = Xml::new(package.large(CONTENT)?);
    let mut sheets = Vec::new();
    while let Some(name) = in_part(CONTENT, next_table(&mut xml))? {
        in_part(CONTENT, xml.skip())?;
        sheets.push(Sheet { name });
    }
    Ok(sheets)
}

pub fn rows(mut package: Package, sheet: &str) -> Result<TableRows, String> {
    refuse_encrypted(&mut package)?;
    let mut xml = Xml::new(package.into_large(CONTENT)?);
    while let Some(name) = in_part(CONTENT, next_table(&mut xml))? {
        if name == sheet {
            return Ok(TableRows::new(xml, sheet));
        }
        in_part(CONTENT, xml.skip())?;
    }
    Err(no_such_sheet(sheet))
}

/// Goes on to the next sheet and gives its name.
fn next_table<R: std::io::Read>(xml: &mut Xml<R>) -> Result<Option<String>, String> {
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "document-content" | "body" | "spreadsheet" => {}
                "table" => {
                    let name = name(&tag)?;
                    // Values of other files that formulas refer to are kept in sheets that no one sees.
                    if name.starts_with("'file:") { xml.skip()? } else { return Ok(Some(name)) }
                }
                _ => xml.skip()?,
            },
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

fn name(tag: &BytesStart<'_>) -> Result<String, String> {
    Ok(attribute(tag, "name")?.unwrap_or_default().into_owned())
}

/// A protected document says so in its list of parts; what it holds makes no sense without the password.
fn refuse_encrypted(package: &mut Package) -> Result<(), String> {
    const MANIFEST: &str = "META-INF/manifest.xml";
    if package.has("encrypted-package") {
        return Err(PASSWORD.to_owned());
    }
    if !package.has(MANIFEST) {
        return Ok(());
    }
    let mut xml = Xml::new(package.small(MANIFEST)?);
    loop {
        match in_part(MANIFEST, xml.next())? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "encryption-data" => {
                return Err(PASSWORD.to_owned());
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
