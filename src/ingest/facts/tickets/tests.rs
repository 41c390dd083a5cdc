//! Tests of the fact of tickets.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::calendars::Calendars;
use super::super::roster::Roster;
use super::super::{Actions, Moment};
use super::derived::number;
use super::*;
use crate::plan;

#[test]
fn the_telling_columns_tell_what_all_columns_tell() {
    let plan = plan::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/quarterly.toml")).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let at = |hours: i64| Some(wall(day("2026-07-01").and_time(NaiveTime::MIN)) + hours * 3600 * MICROS);
    let period = Period::of(PeriodKind::Quarter, day("2026-07-01"));
    let moment = Moment { period, as_of: at(24 * 60).unwrap() };
    let calendars = Calendars::new(&plan, day("2026-07-01"), day("2026-09-30")).unwrap();
    let context = Context {
        plan: &plan,
        moment,
        calendars: &calendars,
        roster: &Roster::default(),
        actions: &Actions::default(),
        opinions: None,
        effects: None,
    };
    let columns = vec![
        Column::new(ROW.into(), [1_u32, 2, 3, 4, 5]),
        frame::strings("ticket_id", ["A", "B", "C", "D", "E"].map(Some)),
        frame::times("requested_at", vec![at(9), at(10), at(11), at(24 * 80), at(12)]),
        frame::times("first_response_at", vec![at(10), None, at(8), None, None]),
        frame::times("started_at", vec![at(11), at(9), None, None, at(24 * 70)]),
        frame::times("first_resolved_at", vec![at(12), None, None, None, None]),
        frame::times("reopened_at", vec![at(20), None, None, None, None]),
        frame::times("resolved_at", vec![at(30), at(24 * 70), None, None, at(11)]),
        frame::times("closed_at", vec![None, None, at(40), None, None]),
        frame::times("promised_resolution_at", vec![at(31), None, None, None, None]),
        frame::categories("status", [Some("closed"), Some(status::RESOLVED), None, None, None]).unwrap(),
        frame::flags("reopened", vec![Some(true), Some(false), None, None, Some(true)]),
        frame::categories("staff_id", [Some("E1"), None, Some("E2"), None, None]).unwrap(),
        frame::strings("fault_description", [Some("x"); 5]),
        frame::integers("visits", vec![Some(1); 5]),
    ];
    let all = DataFrame::new(5, columns).unwrap();
    let telling = telling(&context);
    let some: BTreeSet<&str> = telling.into_iter().filter(|name| frame::has(&all, name)).collect();
    assert!(some.len() < all.width());
    let told = |batch: DataFrame| {
        let told = known(batch, &context).unwrap();
        told.into_iter().map(|(key, moments)| (key, format!("{moments:?}"))).collect::<Vec<_>>()
    };
    let narrow = told(all.select(some.iter().copied()).unwrap());
    assert_eq!(narrow.len(), 4);
    assert_eq!(narrow, told(all));
}

#[test]
fn phones_are_told_apart_by_their_digits() {
    assert_eq!(number("138 0000-1111"), number("13800001111"));
    assert_ne!(number("13800001111"), number("13800001112"));
    // Masked ones would be taken for one another.
    for phone in ["138****1111", "138xxxx1111", "1111", ""] {
        assert_eq!(number(phone), None, "{phone}");
    }
}
