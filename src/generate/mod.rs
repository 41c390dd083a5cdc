//! Makes dumps of an after-sales service that does not exist, with known facts in them.
//!
//! Two kinds: [`fixtures`], a small set with every dirty case, and [`stream`], dumps of any size with the same facts. What a
//! ticket, a survey and a pause are, both share.
//!
//! This room does not use the tool itself: it has to know the truth without it.
#![expect(clippy::expect_used, reason = "nothing is read here: what is expected follows from the tables of this room")]

mod agreed;
mod bad;
mod calendar;
pub mod fixtures;
mod pauses;
mod people;
mod products;
mod rng;
mod rows;
mod store;
pub mod stream;
mod surveys;
mod tickets;

pub use self::store::{GenerateError, abandon};
