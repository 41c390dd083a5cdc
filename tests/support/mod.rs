//! What the promises are tested with: a desk with a pipeline and dumps, runs of the program, and what they wrote.

mod desk;
mod output;
pub mod reviewed;
mod silent;
mod table;
mod tiny;

use std::sync::OnceLock;

pub use self::desk::{Desk, Ran};
pub use self::output::Output;
pub use self::silent::Silent;
pub use self::table::{Cell, Stored};
pub use self::tiny::{Review, Tiny};

/// What the default pipeline makes of the fixtures, with two threads. Made once.
pub fn whole() -> &'static Output {
    static WHOLE: OnceLock<Output> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let desk = Desk::whole();
        desk.review(&[], "2").done();
        desk.output("2026Q3")
    })
}

/// What the default pipeline makes of the first rows of some fixtures, see [`Desk::small`]. Made once.
pub fn small() -> &'static Output {
    static SMALL: OnceLock<Output> = OnceLock::new();
    SMALL.get_or_init(|| {
        let desk = Desk::small();
        desk.review(&[], "2").done();
        desk.output("2026Q3")
    })
}
