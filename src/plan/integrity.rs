//! `[integrity]`: from when on surveys are flagged.

use super::quality::length;
use super::reader::{Item, Section};

/// `[integrity]`: from when on surveys are flagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integrity {
    /// Dimensions that must be alike for `all_equal` and `copied`.
    pub equal_dimensions: i64,
    /// Surveys with top marks that are many for one member of staff, and within how many seconds.
    pub many_top: i64,
    pub many_top_within: i64,
    /// Surveys of one customer in a period that are many.
    pub same_customer: i64,
    /// Seconds after the end of the service in which nobody can have judged it.
    pub at_once: i64,
}

const USUAL: Integrity =
    Integrity { equal_dimensions: 3, many_top: 5, many_top_within: 3600, same_customer: 5, at_once: 60 };

pub fn read(mut section: Section) -> Integrity {
    let integrity = Integrity {
        equal_dimensions: section
            .get("equal_dimensions")
            .and_then(|item| many(&item))
            .unwrap_or(USUAL.equal_dimensions),
        many_top: section.get("many_top").and_then(|item| many(&item)).unwrap_or(USUAL.many_top),
        many_top_within: section.get("many_top_within").and_then(|item| length(&item)).unwrap_or(USUAL.many_top_within),
        same_customer: section.get("same_customer").and_then(|item| many(&item)).unwrap_or(USUAL.same_customer),
        at_once: section.get("at_once").and_then(|item| length(&item)).unwrap_or(USUAL.at_once),
    };
    section.finish();
    integrity
}

/// Two are the fewest that can be many.
fn many(item: &Item) -> Option<i64> {
    let many = item.integer()?;
    if many < 2 {
        item.wrong(
            format!("`{}` must be at least 2, not {many}", item.key),
            "too few",
            "a single one would always be flagged",
        );
    }
    Some(many)
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{check, plan};

    #[test]
    fn thresholds_are_numbers_and_lengths_of_time() {
        let read = plan("[integrity]\nmany_top = 8\nmany_top_within = \"30m\"\nat_once = \"2m\"\n").integrity;
        assert_eq!((read.many_top, read.many_top_within, read.at_once, read.same_customer), (8, 1800, 120, 5));
        assert_eq!(
            check("[integrity]\nmany_top = 1\nat_once = 60\nburst = 3\n"),
            [
                "2: `many_top` must be at least 2, not 1 | a single one would always be flagged",
                "3: `at_once` must be a string, not a whole number | ",
                "4: unknown key `burst` in [integrity] | known here: equal_dimensions, many_top, many_top_within, same_customer, \
                 at_once",
            ]
        );
    }
}
