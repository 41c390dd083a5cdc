//! `[clocks.*]`: what stops a clock.

use super::reader::Section;

/// The clocks there are, whether a plan names them or not.
pub const CLOCKS: [&str; 3] = ["first_response", "start", "resolution"];

/// Checks the clocks. Nothing of them reaches the plan yet: pauses are the only thing to say, and need a source.
pub fn read(mut section: Section) {
    for clock in CLOCKS {
        let mut clock = section.section(clock);
        if let Some(item) = clock.get("pauses")
            && item.texts().is_some_and(|pauses| !pauses.is_empty())
        {
            item.problems.wrong(
                item.key_at.clone(),
                "`pauses` are not read by this version",
                "not read",
                "remove them: clocks run on while a ticket waits",
            );
        }
        clock.finish();
    }
    for entry in section.entries().iter().filter(|entry| !CLOCKS.contains(&entry.key)) {
        section.unknown(entry, "clock", &CLOCKS);
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::check;

    #[test]
    fn clocks_are_known_and_do_not_pause() {
        assert_eq!(
            check(
                "[clocks.resolution]\npauses = [\"等待客户\"]\n[clocks.start]\npauses = []\npause = 1\n[clocks.resolutoin]\n\
                 [clocks.first_response]\npauses = 3\n"
            ),
            [
                "2: `pauses` are not read by this version | remove them: clocks run on while a ticket waits",
                "5: unknown key `pause` in [clocks.start] | did you mean `pauses`?",
                "6: unknown clock `resolutoin` in [clocks] | did you mean `resolution`?",
                "8: `pauses` must be a string or a list of strings, not a whole number | ",
            ]
        );
    }
}
