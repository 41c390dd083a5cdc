//! Repeats: the same customer (or unit) comes back with the same fault of the same model soon after it was solved.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::time::Wall;

/// One fault of one ticket. There are as many as faults, so options are folded into their values.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    key: u128,
    pub requested: Wall,
    resolved: Wall,
}

/// The key of a visit of nobody known, which no hash is.
const NOBODY: u128 = 0;
/// The resolution of an open ticket.
const NEVER: Wall = Wall::MIN;

impl Visit {
    /// `key` is who and what: customer (or serial number), model and fault, hashed; none where nobody knows who. `resolved`
    /// is none while the ticket is open.
    pub fn new(key: Option<u128>, requested: Wall, resolved: Option<Wall>) -> Self {
        Self { key: key.unwrap_or(NOBODY), requested, resolved: resolved.unwrap_or(NEVER) }
    }

    /// Whether it is known who came.
    pub const fn is_known(&self) -> bool {
        self.key != NOBODY
    }

    /// When it was resolved, if that can be: not before it was requested.
    pub fn resolved(&self) -> Option<Wall> {
        (self.resolved != NEVER && self.resolved >= self.requested).then_some(self.resolved)
    }
}

/// The earlier visit that another repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// Place of the earlier visit in the input.
    pub visit: usize,
    pub resolved: Wall,
}

/// The place of a repeat in a chain: the visit that it repeats may be a repeat itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Place of the first visit in the input.
    pub first: usize,
    /// The first visit is number 1.
    pub number: i32,
}

/// What visits of one key have to do with one another, both in the order of the input.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Visits that are repeats, with the one that they repeat.
    pub repeats: Vec<(usize, Earlier)>,
    /// For the same visits, in the same order, which one began the chain of repeats, and the number of this visit in it.
    pub chains: Vec<(usize, Link)>,
    /// Resolved visits after which somebody came back with the same, and when, however late.
    pub returns: Vec<(usize, Wall)>,
}

/// Finds the visits after which somebody came back, and those that are repeats: each with the visit of the same key, requested earlier, that was resolved last before
/// this one was requested and at most `within` microseconds before; in the order of the input. Of visits requested at the
/// same moment, the one with the lower ticket number is the earlier one; of visits resolved at the same moment, the one with
/// the higher ticket number is taken. Few share a moment, so `names` tells the numbers of those alone; it gets places of
/// visits in ascending order.
///
/// # Errors
/// Those of `names`.
pub fn find<E>(
    visits: &[Visit],
    within: i64,
    names: impl FnOnce(&[usize]) -> Result<HashMap<usize, String>, E>,
) -> Result<Found, E> {
    let groups: Vec<Vec<u32>> = shares(visits).into_par_iter().map(|share| come_again(visits, share)).collect();
    let mut tied: Vec<usize> =
        groups.par_iter().flat_map_iter(|group| tied(&events(visits, group, &HashMap::new()))).collect();
    tied.sort_unstable();
    tied.dedup();
    let ranks = if tied.is_empty() { HashMap::new() } else { ranks(&names(&tied)?) };
    let found: Vec<Found> = groups.par_iter().map(|group| of_keys(&events(visits, group, &ranks), within)).collect();
    let mut all = Found::default();
    for Found { repeats, chains, returns } in found {
        all.repeats.extend(repeats);
        all.chains.extend(chains);
        all.returns.extend(returns);
    }
    all.repeats.sort_unstable_by_key(|(visit, _)| *visit);
    all.chains.sort_unstable_by_key(|(visit, _)| *visit);
    all.returns.sort_unstable();
    Ok(all)
}

/// Parts in which visits are looked at, so that little of them is in memory twice.
const SHARES: usize = 64;

/// Visits by the first bits of their keys.
fn shares(visits: &[Visit]) -> Vec<Vec<u32>> {
    let mut shares = vec![Vec::new(); SHARES];
    for (place, visit) in (0..).zip(visits) {
        if visit.is_known() {
            shares[usize::try_from(visit.key >> 122).unwrap_or_default()].push(place);
        }
    }
    shares
}

/// The visits whose key others have, too, key by key.
fn come_again(visits: &[Visit], mut share: Vec<u32>) -> Vec<u32> {
    share.sort_unstable_by_key(|place| visits[*place as usize].key);
    let alike = share.chunk_by(|a, b| visits[*a as usize].key == visits[*b as usize].key);
    alike.filter(|alike| alike.len() > 1).flatten().copied().collect()
}

/// What happens to a key at a moment, in the order in which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    key: u128,
    at: Wall,
    /// False for resolutions of visits requested before that moment, which count for every request at it. Requests, and
    /// resolutions in the very moment of the request, follow ticket by ticket.
    at_request: bool,
    /// Rank of the ticket's number, where others share the moment.
    rank: u32,
    is_resolution: bool,
    visit: u32,
}

fn events(visits: &[Visit], group: &[u32], ranks: &HashMap<usize, u32>) -> Vec<Event> {
    let mut events = Vec::with_capacity(group.len() * 2);
    for place in group {
        let visit = &visits[*place as usize];
        let rank = ranks.get(&(*place as usize)).copied().unwrap_or_default();
        let request =
            Event { key: visit.key, at: visit.requested, at_request: true, rank, is_resolution: false, visit: *place };
        events.push(request);
        let at = visit.resolved;
        if at != NEVER && at >= visit.requested {
            events.push(Event { at, at_request: at == visit.requested, is_resolution: true, ..request });
        }
    }
    events.sort_unstable();
    events
}

/// Visits whose order their tickets' numbers decide.
fn tied(events: &[Event]) -> Vec<usize> {
    let same = |a: &Event, b: &Event| (a.key, a.at, a.at_request) == (b.key, b.at, b.at_request);
    let shared = events.chunk_by(same).filter(|run| run.iter().any(|event| event.visit != run[0].visit));
    shared.flatten().map(|event| event.visit as usize).collect()
}

/// Ranks by number; faults of one ticket share its rank.
fn ranks(names: &HashMap<usize, String>) -> HashMap<usize, u32> {
    let mut order: Vec<(&str, usize)> = names.iter().map(|(visit, name)| (name.as_str(), *visit)).collect();
    order.sort_unstable();
    let alike = order.chunk_by(|a, b| a.0 == b.0);
    (0..).zip(alike).flat_map(|(rank, alike)| alike.iter().map(move |(_, visit)| (*visit, rank))).collect()
}

fn of_keys(events: &[Event], within: i64) -> Found {
    let mut found = Found::default();
    let mut waiting = Vec::new();
    let mut links: HashMap<usize, Link> = HashMap::new();
    for of_key in events.chunk_by(|a, b| a.key == b.key) {
        let mut latest: Option<Earlier> = None;
        waiting.clear();
        for event in of_key {
            let visit = event.visit as usize;
            if event.is_resolution {
                latest = Some(Earlier { visit, resolved: event.at });
                waiting.push(visit);
                continue;
            }
            found.returns.extend(waiting.drain(..).map(|earlier| (earlier, event.at)));
            if let Some(earlier) = latest.filter(|earlier| event.at - earlier.resolved <= within) {
                found.repeats.push((visit, earlier));
                let before = links.get(&earlier.visit).copied().unwrap_or(Link { first: earlier.visit, number: 1 });
                let link = Link { number: before.number + 1, ..before };
                links.insert(visit, link);
                found.chains.push((visit, link));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A key, the number of the ticket, requested, resolved.
    type Case = (u128, u32, Wall, Option<Wall>);

    /// What each visit repeats.
    fn found(cases: &[Case], within: i64) -> Vec<Option<Earlier>> {
        // Keys are hashes, whose first bits differ, and none is 0.
        let key = |key: &u128| Some((key + 1).rotate_right(3));
        let visit = |(who, _, requested, resolved): &Case| Visit::new(key(who), *requested, *resolved);
        let visits: Vec<Visit> = cases.iter().map(visit).collect();
        let name = |visit: &usize| (*visit, format!("T{:05}", cases[*visit].1));
        let found = find(&visits, within, |tied| Ok::<_, ()>(tied.iter().map(name).collect())).unwrap();
        let mut all = vec![None; cases.len()];
        for (visit, earlier) in found.repeats {
            all[visit] = Some(earlier);
        }
        all
    }

    /// When somebody came back after each visit.
    fn returns(cases: &[Case]) -> Vec<Option<Wall>> {
        let visit = |(who, _, requested, resolved): &Case| Visit::new(Some(who + 1), *requested, *resolved);
        let visits: Vec<Visit> = cases.iter().map(visit).collect();
        let name = |visit: &usize| (*visit, format!("T{:05}", cases[*visit].1));
        let found = find(&visits, 0, |tied| Ok::<_, ()>(tied.iter().map(name).collect())).unwrap();
        let mut all = vec![None; cases.len()];
        for (visit, at) in found.returns {
            all[visit] = Some(at);
        }
        all
    }

    #[test]
    fn the_border_is_included_and_open_visits_do_not_count() {
        let visits = [(1, 0, 0, Some(10)), (1, 1, 40, None), (1, 2, 41, Some(50)), (2, 3, 45, Some(46))];
        assert_eq!(found(&visits, 30), [None, Some(Earlier { visit: 0, resolved: 10 }), None, None]);
    }

    #[test]
    fn repeats_of_repeats_make_a_chain() {
        let visit = |requested, resolved| Visit::new(Some(7), requested, Some(resolved));
        let visits = [visit(40, 41), visit(0, 10), visit(20, 30), visit(90, 91), visit(92, 93)];
        let found = find(&visits, 15, |_| Ok::<_, ()>(HashMap::new())).unwrap();
        let link = |first, number| Link { first, number };
        // The one at 90 comes too late after that at 40, and begins a chain of its own.
        assert_eq!(found.chains, [(0, link(1, 3)), (2, link(1, 2)), (4, link(3, 2))]);
    }

    #[test]
    fn a_visit_solved_at_once_does_not_repeat_itself() {
        assert_eq!(found(&[(1, 0, 5, Some(5))], 30), [None]);
        let first = Some(Earlier { visit: 0, resolved: 5 });
        assert_eq!(found(&[(1, 0, 5, Some(5)), (1, 1, 5, Some(5))], 30), [None, first]);
        // The number decides, not the place.
        let second = Some(Earlier { visit: 1, resolved: 5 });
        assert_eq!(found(&[(1, 1, 5, Some(5)), (1, 0, 5, Some(5))], 30), [second, None]);
    }

    #[test]
    fn whom_nobody_knows_never_comes_again() {
        let nobody = |requested| Visit::new(None, requested, Some(requested));
        assert_eq!(find(&[nobody(1), nobody(2)], 30, |_| Ok::<_, ()>(HashMap::new())), Ok(Found::default()));
    }

    /// The definition, pair by pair.
    fn brute_force(visits: &[Case], within: i64) -> Vec<Option<Wall>> {
        visits
            .iter()
            .map(|now| {
                visits
                    .iter()
                    .filter(|then| then.0 == now.0 && (then.2, then.1) < (now.2, now.1))
                    .filter_map(|then| then.3.filter(|r| *r >= then.2))
                    .filter(|r| *r <= now.2 && now.2 - r <= within)
                    .max()
            })
            .collect()
    }

    /// The first request of the same key that is not before the resolution and whose ticket is a later one.
    fn returns_by_hand(visits: &[Case]) -> Vec<Option<Wall>> {
        let came_back = |then: &Case| {
            let resolved = then.3.filter(|resolved| *resolved >= then.2)?;
            let later = visits.iter().filter(|now| now.0 == then.0 && (now.2, now.1) > (then.2, then.1));
            later.map(|now| now.2).filter(|requested| *requested >= resolved).min()
        };
        visits.iter().map(came_back).collect()
    }

    proptest! {
        #[test]
        fn returns_agree_with_the_definition(
            raw in prop::collection::vec((0u128..3, 0i64..60, prop::option::of(-3i64..40)), 0..40),
        ) {
            let visits: Vec<Case> = (0u32..)
                .zip(raw)
                .map(|(place, (key, requested, after))| (key, place * 7919 % 4099, requested, after.map(|a| requested + a)))
                .collect();
            prop_assert_eq!(returns(&visits), returns_by_hand(&visits));
        }

        #[test]
        fn agrees_with_the_definition(
            raw in prop::collection::vec((0u128..3, 0i64..60, prop::option::of(-3i64..40)), 0..40),
            within in 0i64..40,
        ) {
            // Numbers in another order than places.
            let visits: Vec<Case> = (0u32..)
                .zip(raw)
                .map(|(place, (key, requested, after))| (key, place * 7919 % 4099, requested, after.map(|a| requested + a)))
                .collect();
            let resolved: Vec<Option<Wall>> = found(&visits, within).into_iter().map(|e| e.map(|e| e.resolved)).collect();
            prop_assert_eq!(resolved, brute_force(&visits, within));
        }
    }
}
