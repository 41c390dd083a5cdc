//! What the review must find: a defect that rises and repeats, and tickets around holidays and make-up workdays.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use super::calendar::{at, day, is_workday};
use super::products::{DEFECT, DEFECT_MODEL};
use super::rng::Rng;
use super::tickets::{INSTALLATION, Made, REPAIR, Ticket, World, moment, ticket};

/// A quarter's share of the planted defect: first and last day, tickets of customers who never had it, and how many of
/// those (from the first part of the quarter) come back with it.
struct Wave {
    from: NaiveDate,
    to: NaiveDate,
    back_until: NaiveDate,
    first: usize,
    again: usize,
}

/// Tickets with the planted defect, each of a customer of its own, and the repeats.
pub fn defect(world: &World, rng: &mut Rng) -> Vec<Ticket> {
    let waves = [
        Wave { from: day(1, 5), to: day(3, 30), back_until: day(2, 27), first: 21, again: 1 },
        Wave { from: day(4, 1), to: day(6, 29), back_until: day(5, 25), first: 25, again: 1 },
        Wave { from: day(7, 1), to: day(9, 29), back_until: day(8, 25), first: 62, again: 20 },
    ];
    let mut owners: Vec<usize> =
        (0..world.customers.len()).filter(|c| world.customers[*c].models.contains(&DEFECT_MODEL)).collect();
    let mut all = Vec::new();
    for wave in waves {
        let workday = |last: NaiveDate, rng: &mut Rng| {
            let days: Vec<NaiveDate> =
                wave.from.iter_days().take_while(|d| *d <= last).filter(|d| is_workday(*d)).collect();
            *rng.pick(&days)
        };
        for i in 0..wave.first {
            let customer = owners.swap_remove(rng.below(owners.len()));
            let back = i < wave.again;
            let date = workday(if back { wave.back_until } else { wave.to }, rng);
            let first = leak(world, moment(date, rng), customer, rng);
            if back {
                let end = first.resolved.expect("planted tickets end");
                let mut date = (end + Duration::days(rng.between(3, 25))).date();
                while !is_workday(date) {
                    date = date.pred_opt().expect("a day before");
                }
                all.push(Ticket { made: Made::Again, ..leak(world, moment(date, rng), customer, rng) });
            }
            all.push(first);
        }
    }
    all
}

fn leak(world: &World, requested: NaiveDateTime, customer: usize, rng: &mut Rng) -> Ticket {
    let mut t = ticket(world, requested, customer, DEFECT_MODEL, Some(DEFECT), rng);
    while t.resolved.is_none() {
        t = ticket(world, requested, customer, DEFECT_MODEL, Some(DEFECT), rng);
    }
    t.made = Made::Planted;
    t
}

type Moment = (u32, u32, u32, u32, u32);
/// Ticket, whether it is the repair of a VIP, requested, first response, resolved.
type Case = (&'static str, bool, Moment, Option<Moment>, Option<Moment>);

/// Tickets whose working time fixtures/README.md adds up by hand.
#[rustfmt::skip]
const CASES: [Case; 20] = [
    // The last Friday and the make-up Saturday before the Spring Festival, 15–23 February.
    ("SR20260213901", false, (2, 13, 16, 30, 0), Some((2, 14, 14, 0, 0)), Some((2, 14, 17, 0, 0))),
    ("SR20260213902", false, (2, 13, 15, 0, 0), Some((2, 13, 15, 40, 0)), Some((2, 24, 15, 0, 0))),
    ("SR20260213903", true, (2, 13, 15, 0, 0), Some((2, 13, 15, 20, 0)), Some((2, 24, 15, 0, 0))),
    ("SR20260213904", true, (2, 13, 15, 0, 0), Some((2, 13, 15, 20, 0)), Some((2, 24, 15, 0, 1))),
    ("SR20260213905", false, (2, 13, 15, 30, 0), Some((2, 13, 17, 30, 0)), Some((2, 14, 11, 0, 0))),
    ("SR20260214901", false, (2, 14, 17, 0, 0), Some((2, 24, 9, 30, 0)), Some((2, 25, 10, 0, 0))),
    ("SR20260214902", false, (2, 14, 10, 0, 0), Some((2, 14, 14, 30, 0)), Some((2, 24, 10, 0, 0))),
    ("SR20260217901", false, (2, 17, 10, 0, 0), Some((2, 24, 10, 15, 0)), Some((2, 25, 16, 0, 0))),
    ("SR20260218901", false, (2, 18, 20, 0, 0), Some((2, 18, 20, 10, 0)), Some((2, 26, 17, 30, 0))),
    // The make-up Saturday after it.
    ("SR20260225901", false, (2, 25, 16, 30, 0), Some((2, 25, 17, 0, 0)), Some((2, 28, 17, 0, 0))),
    ("SR20260227901", false, (2, 27, 17, 10, 0), Some((2, 28, 10, 30, 0)), Some((2, 28, 15, 0, 0))),
    // The make-up Sunday before National Day, and the Mid-Autumn days 25–27 September.
    ("SR20260919901", false, (9, 19, 15, 0, 0), Some((9, 20, 10, 0, 0)), Some((9, 21, 9, 0, 0))),
    ("SR20260920901", false, (9, 20, 9, 0, 0), Some((9, 20, 11, 30, 0)), Some((9, 20, 16, 0, 0))),
    ("SR20260920902", false, (9, 20, 13, 30, 0), Some((9, 20, 15, 0, 0)), Some((9, 23, 9, 0, 0))),
    ("SR20260920903", false, (9, 20, 8, 0, 0), Some((9, 20, 9, 0, 0)), Some((9, 23, 9, 0, 0))),
    ("SR20260920904", true, (9, 20, 11, 45, 0), Some((9, 20, 13, 20, 0)), Some((9, 22, 11, 0, 0))),
    ("SR20260924901", false, (9, 24, 17, 0, 0), Some((9, 28, 9, 45, 0)), Some((9, 28, 16, 0, 0))),
    // Open at the end of September.
    ("SR20260930901", false, (9, 30, 16, 30, 0), None, None),
    ("SR20260930902", false, (9, 30, 9, 0, 0), None, None),
    ("SR20260930903", false, (9, 30, 11, 30, 0), Some((9, 30, 13, 30, 0)), None),
];

/// All of a quick branch and of experienced staff; installations where no VIP needs a repair.
pub fn around_holidays(world: &World, rng: &mut Rng) -> Vec<Ticket> {
    let moment = |(month, on, hour, minute, second): Moment| at(month, on, hour, minute, second);
    let case = |(id, vip, requested, first, resolved): Case| {
        let (service, fault) = if vip { (REPAIR, Some("不通电")) } else { (INSTALLATION, None) };
        let requested = moment(requested);
        let mut t = loop {
            let customer = rng.below(world.customers.len());
            let model = world.customers[customer].models[0];
            let t = ticket(world, requested, customer, model, fault, rng);
            let known = t.staff.is_some_and(|s| !world.staff[s].is_new(requested.date()));
            if known && t.branch == 0 && t.service == service && world.customers[customer].vip == vip {
                break t;
            }
        };
        id.clone_into(&mut t.id);
        t.first_response = first.map(moment);
        t.started = t.first_response;
        t.resolved = resolved.map(moment);
        (t.cancelled, t.reopened) = (None, None);
        t.made = Made::ByHand;
        t
    };
    CASES.into_iter().map(case).collect()
}
