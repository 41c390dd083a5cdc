//! Tables become files. The only room that writes them.
//!
//! Everything goes into a folder aside, which then takes the place of the previous output as a whole.

mod adopted;
pub mod calls;
pub mod charts;
mod dictionary;
mod error;
mod fact;
mod figures;
mod manifest;
pub mod mend;
mod parquet;
mod release;
mod staging;
pub mod text;

pub use self::error::PublishError;
pub use self::fact::FactFile;
pub use self::figures::{View, Words};
pub use self::manifest::{Input, Origin, Output, RowCounts};
pub use self::release::{Opened, Rejected, Release, Sheet, Written, open, write_rejected};
pub use self::staging::abandon;
