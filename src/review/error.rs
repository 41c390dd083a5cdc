//! Why there is no review, and the exit code that tells of it.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::ingest::IngestError;
use crate::publish::PublishError;
use crate::schema::input::SourceKind;
use crate::time::period::Period;

/// Why there is no review.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error(transparent)]
    Ingest(#[from] IngestError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(
        "the pipeline asks for other facts than those in {folder}: what stands under {sections} has changed.\n  Make the review from the dumps again, without --from-facts. Titles, language, labels, goals, breakdowns, what stands under [follow_up], `levels` of [defects], and `target`, `min_n` and `weights` of scores may change."
    )]
    OtherFacts { folder: String, sections: String },
    #[error(
        "no ticket was requested and no survey answered{0}: there is nothing to review.\n  Check the dumps, or name a period with --period."
    )]
    NoTickets(String),
    #[error(
        "no ticket was requested and no survey answered in {0}: there is nothing to review.\n  Choose another --period or --as-of, or check the dumps."
    )]
    NothingIn(String),
    #[error(
        "--as-of {as_of} lies before {period} begins: nothing of it has happened yet.\n  Choose a later --as-of, or an earlier --period."
    )]
    AsOfBeforePeriod { as_of: NaiveDate, period: Period },
    #[error(
        "{0} is outside the years that the calendar knows.\n  Extend the calendar, or choose another period or --as-of."
    )]
    OutsideCalendar(NaiveDate),
    #[error(
        "no ticket of {0} names a customer, so there is nobody to call.\n  Map customer_id, or customer_name and customer_phone, in [sources.tickets.columns], or choose another --period."
    )]
    NoCustomers(String),
    #[error("{}", no_ticket(.ticket_id, .set_aside.as_deref(), .near))]
    NoTicket {
        ticket_id: String,
        /// Where a row with this number was set aside, and why.
        set_aside: Option<String>,
        /// Numbers that are written nearly alike.
        near: Vec<String>,
    },
    #[error("{0}")]
    NothingToDraft(String),
    #[error("the draft does not read well. This is a mistake of the program; please report it with these lines:\n{0}")]
    BadDraft(String),
    #[error("{}", too_many_bad_rows(.0))]
    TooManyBadRows(Refused),
    #[error("the rows of {file} do not add up: {account}. This is a mistake of the program; please report it.")]
    RowsLost { file: String, account: String },
    #[error(transparent)]
    Engine(#[from] polars::error::PolarsError),
}

impl ReviewError {
    /// The exit code that tells of it.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoTickets(_)
            | Self::NothingIn(_)
            | Self::AsOfBeforePeriod { .. }
            | Self::OutsideCalendar(_)
            | Self::NoTicket { .. } => 2,
            Self::OtherFacts { .. } => 3,
            Self::TooManyBadRows(_) => 5,
            Self::Publish(_) | Self::Ingest(IngestError::Aside { .. }) => 6,
            Self::Ingest(IngestError::Engine(_)) | Self::RowsLost { .. } | Self::BadDraft(_) | Self::Engine(_) => 1,
            Self::Ingest(_) | Self::NothingToDraft(_) | Self::NoCustomers(_) => 4,
        }
    }
}

/// Dumps with more bad rows than the plan tolerates.
#[derive(Debug, Clone)]
pub struct Refused {
    pub sources: Vec<BadSource>,
    /// Where their quarantine has been written.
    pub folder: Option<PathBuf>,
    /// Why it could not be written.
    pub unwritten: Option<String>,
}

/// A source with more bad rows than the plan tolerates.
#[derive(Debug, Clone)]
pub struct BadSource {
    pub kind: SourceKind,
    pub read: u64,
    pub quarantined: u64,
    pub tolerate: f64,
    /// The first of them: file, row and message.
    pub example: String,
}

fn no_ticket(ticket_id: &str, set_aside: Option<&str>, near: &[String]) -> String {
    let why = match set_aside {
        Some(row) => format!("A row with this number was set aside: {row}"),
        None if near.is_empty() => {
            "No dump has it, or it was requested after the moment of the review: look at the number, or choose a later \
             --as-of."
                .to_owned()
        }
        None => format!("Did you mean {}?", near.join(", ")),
    };
    format!("no ticket {ticket_id:?} is used in this review.\n  {why}")
}

fn too_many_bad_rows(refused: &Refused) -> String {
    let line = |bad: &BadSource| {
        let (kind, quarantined, read, tolerate) = (bad.kind.name(), bad.quarantined, bad.read, bad.tolerate * 100.0);
        format!("  {kind}: {quarantined} of {read} rows, more than {tolerate} %; for example {}", bad.example)
    };
    let lines: Vec<String> = refused.sources.iter().map(line).collect();
    let advice = refused.folder.as_ref().map_or_else(
        || "  Mend the dumps, or raise `tolerate`.".to_owned(),
        |folder| {
            let folder = folder.display();
            format!(
                "  The rows lie in {folder}/quarantine, a CSV for each dump: mend them there and feed them again, or raise \
                 `tolerate`.\n  The previous output is untouched. `aftersales check` lists the rules that the rows break."
            )
        },
    );
    let unwritten =
        refused.unwritten.as_ref().map_or_else(String::new, |e| format!("\n  They could not be put aside: {e}"));
    format!(
        "more bad rows than the pipeline tolerates ([quality] tolerate):\n{}\n{advice}{unwritten}",
        lines.join("\n")
    )
}
