//! Exit codes, and what is said before them.

use crate::generate::GenerateError;
use crate::plan::PlanErrors;
use crate::review::ReviewError;

/// The codes, as the help tells them.
pub const HELP: &str = "\
Exit codes:
  0  done
  1  unexpected: a mistake of the program
  2  usage: the command line, or a period without data
  3  the pipeline file is wrong
  4  a dump cannot be read, or lacks a required column
  5  more bad rows than the pipeline tolerates
  6  the output cannot be written

Example:
  aftersales run pipelines/quarterly.toml --period 2026Q3 --as-of 2026-10-07";

/// After Ctrl-C, as shells count it.
pub const INTERRUPTED: u8 = 130;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    Usage(String),
    Plan(PlanErrors),
    Review(ReviewError),
    /// Made-up dumps are not written.
    Generate(GenerateError),
    /// The reader of our output went away, or the terminal cannot be written.
    Output(std::io::Error),
}

impl Failure {
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Plan(_) => 3,
            Self::Output(_) | Self::Generate(_) => 6,
            Self::Review(error) => error.exit_code(),
        }
    }

    pub fn message(&self, color: bool) -> String {
        match self {
            Self::Usage(message) => format!("error: {message}\n"),
            Self::Plan(errors) => errors.render(color),
            Self::Review(error) => format!("error: {error}\n"),
            Self::Generate(error) => format!("error: {error}\n"),
            Self::Output(error) => format!("error: the result cannot be printed: {error}\n"),
        }
    }
}

impl From<PlanErrors> for Failure {
    fn from(errors: PlanErrors) -> Self {
        Self::Plan(errors)
    }
}

impl From<ReviewError> for Failure {
    fn from(error: ReviewError) -> Self {
        Self::Review(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}
