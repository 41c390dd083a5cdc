//! `aftersales` turns the periodic dumps of an after-sales service into a service-quality review.
//!
//! The rooms, in the order in which data pass through them: [`ingest`] (files become facts), [`tally`] (facts become
//! integer sums), [`metrics`] and [`listings`] (sums and facts become tables), [`publish`] (tables become files). [`schema`]
//! holds the vocabulary, [`plan`] the checked pipeline file, [`time`] working calendars, [`stats`] statistics, [`opinions`]
//! themes and words of texts; [`draft`]
//! writes a first pipeline file from dumps; [`review`] is the whole flow, [`cli`] the commands. [`generate`] makes
//! dumps to try all that with.

// No dump, plan or full disk may end the program without a message.
#![cfg_attr(
    not(test),
    warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)
)]

pub mod cli;
pub mod draft;
pub mod generate;
pub mod ingest;
pub mod listings;
pub mod metrics;
pub mod opinions;
pub mod plan;
pub mod publish;
pub mod review;
pub mod schema;
pub mod stats;
pub mod tally;
pub mod time;
