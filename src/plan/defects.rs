//! `[defects]`: when a defect counts as the same one again.

use super::reader::{Item, Section};
use super::types::{Defects, Same};

const REPEAT_WITHIN_DAYS: i64 = 30;

/// Further apart than this is a slip of the pen.
const MAX_DAYS: i64 = 3660;

pub fn read(mut section: Section) -> Defects {
    let defects = Defects {
        repeat_within_days: section
            .get("repeat_within_days")
            .and_then(|item| days(&item))
            .unwrap_or(REPEAT_WITHIN_DAYS),
        same: section
            .get("same")
            .and_then(|item| item.choice(&[("customer", Same::Customer), ("serial_number", Same::SerialNumber)]))
            .unwrap_or_default(),
    };
    section.finish();
    defects
}

fn days(item: &Item) -> Option<i64> {
    let days = item.integer()?;
    if !(1..=MAX_DAYS).contains(&days) {
        let message = format!("`{}` must be from 1 to {MAX_DAYS}, not {days}", item.key);
        item.wrong(message, "not a number of days", "30 is usual");
    }
    Some(days)
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::check;

    #[test]
    fn days_and_sameness_are_checked() {
        for days in ["0", "-1", "9223372036854775807"] {
            assert_eq!(
                check(&format!("[defects]\nrepeat_within_days = {days}\nsame = \"serial\"\n")),
                [
                    format!("2: `repeat_within_days` must be from 1 to 3660, not {days} | 30 is usual"),
                    "3: `same` cannot be `serial` | known here: customer, serial_number".to_owned(),
                ]
            );
        }
    }
}
