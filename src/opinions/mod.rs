//! What customers write: themes found by words, terms cut out by segmentation, names and phones masked. Texts in, facts about
//! them out; nothing here counts.

mod mask;
mod normal;
mod terms;
mod themes;

pub use self::mask::Mask;
pub use self::terms::Terms;
pub use self::themes::{Found, Scratch, Themes};

use crate::plan::Opinions;

/// All that texts are looked at with.
#[derive(Debug)]
pub struct Lexicon {
    pub themes: Themes,
    pub terms: Terms,
}

impl Lexicon {
    /// None where the plan names no themes.
    pub fn of(opinions: &Opinions) -> Option<Self> {
        let some = !opinions.themes.is_empty();
        some.then(|| Self { themes: Themes::new(opinions), terms: Terms::new(opinions) })
    }
}

#[cfg(test)]
mod judged;
