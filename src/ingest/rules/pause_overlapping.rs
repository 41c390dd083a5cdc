//! A pause begins before an earlier one of its ticket has ended.

use super::{Check, Pause, shown};
use crate::schema::rules::PAUSE_OVERLAPPING;

pub fn check<'a>() -> Check<Pause<'a>> {
    Check {
        rule: &PAUSE_OVERLAPPING,
        broken: |pause| pause.is_pause && pause.before.is_some_and(|end| pause.paused < end),
        message: |pause| {
            let until = pause.before.map(shown).unwrap_or_default();
            format!("paused {}, while an earlier pause lasts until {until}", shown(pause.paused))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pause;

    #[test]
    fn one_may_begin_where_another_ends() {
        let broken =
            |before| (super::check().broken)(&Pause { paused: 20, before, is_pause: true, ..Pause::default() });
        assert!(broken(Some(21)));
        assert!(!broken(Some(20)));
        assert!(!broken(None));
    }
}
