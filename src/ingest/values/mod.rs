//! From the text of a cell to a value. Pure functions; one kind of value, one file.

pub mod codes;
pub mod flag;
pub mod footer;
pub mod number;
pub mod text;
pub mod time;
