//! Repeats: the same customer (or unit) comes back with the same fault of the same model soon after it was solved.

use crate::time::Wall;

/// One fault of one ticket.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// Who and what: customer (or serial number), model and fault, hashed.
    pub key: u128,
    /// Number of the ticket in a fixed order.
    pub ticket: u32,
    pub requested: Wall,
    /// `None` while open, and where the moments contradict one another.
    pub resolved: Option<Wall>,
}

/// The earlier visit that another repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// Place of the earlier visit in the input.
    pub visit: usize,
    pub resolved: Wall,
}

/// For each visit, the visit of the same key, requested earlier, that was resolved last before this one was requested and
/// at most `within` microseconds before. Of visits requested at the same moment, the one with the lower ticket number is the
/// earlier one; of visits resolved at the same moment, the one with the higher ticket number is taken.
pub fn find(visits: &[Visit], within: i64) -> Vec<Option<Earlier>> {
    /// What happens to a key, in the order of time. Class 0: resolutions of visits requested before that moment; they count for
    /// every request at it. Class 1: requests, and resolutions in the very moment of the request, ticket by ticket.
    type Event = (u128, Wall, u8, u32, u8, usize);
    let mut events: Vec<Event> = Vec::with_capacity(visits.len() * 2);
    for (place, visit) in visits.iter().enumerate() {
        events.push((visit.key, visit.requested, 1, visit.ticket, 0, place));
        if let Some(resolved) = visit.resolved.filter(|r| *r >= visit.requested) {
            events.push((visit.key, resolved, u8::from(resolved == visit.requested), visit.ticket, 1, place));
        }
    }
    events.sort_unstable();
    let mut found = vec![None; visits.len()];
    let mut latest: Option<Earlier> = None;
    let mut key = None;
    for (event_key, at, _, _, kind, place) in events {
        if key != Some(event_key) {
            key = Some(event_key);
            latest = None;
        }
        if kind == 0 {
            found[place] = latest.filter(|e| at - e.resolved <= within);
        } else {
            latest = Some(Earlier { visit: place, resolved: at });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn visit(key: u128, ticket: u32, requested: Wall, resolved: Option<Wall>) -> Visit {
        Visit { key, ticket, requested, resolved }
    }

    #[test]
    fn the_border_is_included_and_open_visits_do_not_count() {
        let visits =
            [visit(1, 0, 0, Some(10)), visit(1, 1, 40, None), visit(1, 2, 41, Some(50)), visit(2, 3, 45, Some(46))];
        let found = find(&visits, 30);
        assert_eq!(found, [None, Some(Earlier { visit: 0, resolved: 10 }), None, None]);
    }

    #[test]
    fn a_visit_solved_at_once_does_not_repeat_itself() {
        assert_eq!(find(&[visit(1, 0, 5, Some(5))], 30), [None]);
        let twins = [visit(1, 0, 5, Some(5)), visit(1, 1, 5, Some(5))];
        assert_eq!(find(&twins, 30), [None, Some(Earlier { visit: 0, resolved: 5 })]);
    }

    /// The definition, pair by pair.
    fn brute_force(visits: &[Visit], within: i64) -> Vec<Option<Wall>> {
        visits
            .iter()
            .map(|now| {
                visits
                    .iter()
                    .filter(|then| then.key == now.key && (then.requested, then.ticket) < (now.requested, now.ticket))
                    .filter_map(|then| then.resolved.filter(|r| *r >= then.requested))
                    .filter(|r| *r <= now.requested && now.requested - r <= within)
                    .max()
            })
            .collect()
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(
            raw in prop::collection::vec((0u128..3, 0i64..60, prop::option::of(-3i64..40)), 0..40),
            within in 0i64..40,
        ) {
            let visits: Vec<Visit> = (0u32..)
                .zip(raw)
                .map(|(ticket, (key, requested, after))| visit(key, ticket, requested, after.map(|a| requested + a)))
                .collect();
            let found: Vec<Option<Wall>> = find(&visits, within).into_iter().map(|e| e.map(|e| e.resolved)).collect();
            prop_assert_eq!(found, brute_force(&visits, within));
        }
    }
}
