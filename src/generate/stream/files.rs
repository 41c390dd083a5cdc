//! The files of the dumps, all open at once.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Summary;
use super::chunk::Rows;
use super::company::Company;
use super::csv::Csv;
use crate::generate::fixtures;
use crate::generate::rows::{self, PAUSE_HEADER, STAFF_HEADER, SURVEY_HEADER, TICKET_HEADER};

/// What a folder of such dumps holds besides them.
pub const OTHERS: &[&str] = &["README.md", "calendars/cn.toml", "pipeline.toml"];
/// How the README of such a folder begins.
pub const MARK: &str = "# Made-up dumps\n";

const PIPELINE: &str = include_str!("../../../pipelines/quarterly.toml");
const CALENDAR: &str = include_str!("../../../pipelines/calendars/cn.toml");

/// The default pipeline, for dumps beside it.
pub fn pipeline() -> String {
    PIPELINE.replace("../fixtures/", "")
}

/// A file under construction.
struct Dump {
    file: File,
    rows: u64,
    bytes: u64,
}

impl Dump {
    fn create(path: &Path, header: &[&str]) -> io::Result<Self> {
        let mut one = Self { file: File::create(path)?, rows: 0, bytes: 0 };
        let mut csv = Csv::default();
        csv.line(header);
        one.add(&csv)?;
        one.rows = 0;
        Ok(one)
    }

    fn add(&mut self, csv: &Csv) -> io::Result<()> {
        self.rows += csv.rows;
        self.bytes += csv.bytes.len() as u64;
        self.file.write_all(&csv.bytes)
    }
}

/// The dumps of tickets and surveys of nine months, and that of pauses.
pub struct Files {
    folder: PathBuf,
    tickets: Vec<Dump>,
    surveys: Vec<Dump>,
    pauses: Dump,
    answered: u64,
}

impl Files {
    /// Begins all dumps with their headers.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let months = |source: &str, header: &[&str]| -> io::Result<Vec<Dump>> {
            let one = |month: u32| Dump::create(&folder.join(format!("{source}-2026-{month:02}.csv")), header);
            (1..=9).map(one).collect()
        };
        Ok(Self {
            folder: folder.to_owned(),
            tickets: months("tickets", &TICKET_HEADER)?,
            surveys: months("surveys", &SURVEY_HEADER)?,
            pauses: Dump::create(&folder.join("pauses.csv"), &PAUSE_HEADER)?,
            answered: 0,
        })
    }

    /// Appends what a piece of a day brought.
    pub fn add(&mut self, rows: &Rows) -> io::Result<()> {
        let months = self.tickets.iter_mut().zip(&rows.tickets).chain(self.surveys.iter_mut().zip(&rows.surveys));
        for (dump, csv) in months.chain([(&mut self.pauses, &rows.pauses)]) {
            dump.add(csv)?;
        }
        self.answered += rows.answered;
        Ok(())
    }

    /// Writes what stands beside these dumps: roster, pipeline, calendar, README.
    pub fn finish(self, company: &Company) -> io::Result<Summary> {
        let mut roster = Csv::default();
        for one in company.staff.iter().chain(&company.former) {
            rows::staff(&mut roster, one);
            roster.end();
        }
        rows::bad_staff(&mut roster, &company.unreadable());
        roster.end();
        let mut staff = Dump::create(&self.folder.join("staff.csv"), &STAFF_HEADER)?;
        staff.add(&roster)?;
        fs::write(self.folder.join("actions.csv"), fixtures::actions())?;
        fs::write(self.folder.join("pipeline.toml"), pipeline())?;
        fs::create_dir_all(self.folder.join("calendars"))?;
        fs::write(self.folder.join("calendars/cn.toml"), CALENDAR)?;
        let rows = |dumps: &[Dump]| dumps.iter().map(|dump| dump.rows).sum::<u64>();
        let all = self.tickets.iter().chain(&self.surveys).chain([&self.pauses, &staff]);
        let summary = Summary {
            sizes: company.sizes,
            ticket_rows: rows(&self.tickets),
            surveys: self.answered,
            survey_rows: rows(&self.surveys),
            pause_rows: self.pauses.rows,
            staff_rows: staff.rows,
            bytes: all.map(|dump| dump.bytes).sum(),
        };
        fs::write(self.folder.join("README.md"), readme(&summary))?;
        Ok(summary)
    }
}

fn readme(summary: &Summary) -> String {
    let Summary { sizes, ticket_rows, surveys, survey_rows, pause_rows, staff_rows, bytes } = summary;
    format!(
        "{MARK}
Of January to September 2026. Nobody in them exists. The same command writes the same bytes:

    aftersales generate --tickets {} --seed {} --staff {} --customers {} --models {}

| dumps | distinct | rows |
| --- | ---: | ---: |
| tickets | {} | {ticket_rows} |
| surveys | {surveys} | {survey_rows} |
| pauses | | {pause_rows} |
| staff | {} | {staff_rows} |

{bytes} bytes. A dump of tickets is the state at the end of its month; what changes later stands in a later dump, and the
latest counts. About one row in a thousand is bad.

What a review finds: staff hired less than three months before the ticket are weak in 专业能力 and in nothing else;
KX-300 × 漏水 rises in the third quarter and comes back within 30 days; 西安分部 misses resolution targets.

    aftersales run pipeline.toml
",
        sizes.tickets,
        sizes.seed,
        sizes.staff,
        sizes.customers,
        sizes.models,
        sizes.tickets,
        staff_rows - 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pipeline_reads_what_lies_beside_it() {
        let text = pipeline();
        assert!(text.contains("files   = [\"tickets-*.csv\"]") && !text.contains(".."), "{text}");
    }
}
