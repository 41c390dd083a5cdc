//! Whatever the dump, the same rows give the same review, and every cell that cannot be used is accounted for.

#![allow(clippy::format_collect, clippy::format_push_string, reason = "small texts of tests, which read better so")]

mod choice;
mod drafts;
mod formats;
mod mending;
pub mod parts;
mod pauses;
mod rules;
mod surveys;
mod values;
