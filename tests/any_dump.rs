//! Whatever the dump, the same rows give the same review, and every cell that cannot be used is accounted for.

mod choice;
mod drafts;
mod formats;
mod mending;
pub mod parts;
mod pauses;
mod rules;
mod surveys;
mod values;
