//! Names that a plan makes up, such as those of its own clocks, held for as long as the program runs.
//!
//! Columns and clocks have static names everywhere; the few that a pipeline file declares join them here.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// The same text as a static one. Each distinct text is held once.
#[must_use]
pub fn hold(text: &str) -> &'static str {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(held) = names.get(text) {
        return held;
    }
    let held: &'static str = Box::leak(text.into());
    names.insert(held);
    held
}

#[cfg(test)]
mod tests {
    use super::hold;

    #[test]
    fn equal_texts_are_held_once() {
        let (one, other) = (hold("到场_at"), hold(&["到场", "_at"].concat()));
        assert_eq!(one, "到场_at");
        assert!(std::ptr::eq(one, other));
    }
}
