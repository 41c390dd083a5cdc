//! Tickets whose pauses, reopenings and promises fixtures/README.md adds up by hand, and two surveys of them.

use super::calendar::at;
use super::pauses::{CUSTOMER, HANDED_ON, PARTS, Pause, between};
use super::rng::Rng;
use super::surveys::Survey;
use super::tickets::{HOTLINE, INSTALLATION, Made, REPAIR, Ticket, World, ticket};

/// Month, day, hour and minute.
type Moment = (u32, u32, u32, u32);

#[derive(Clone, Copy)]
struct Case {
    id: &'static str,
    /// Repairs are those of a VIP, and he was promised a time.
    service: &'static str,
    requested: Moment,
    answered: Moment,
    first_resolved: Option<Moment>,
    reopened: Option<Moment>,
    resolved: Option<Moment>,
    promised: Option<Moment>,
}

const fn case(id: &'static str, service: &'static str, requested: Moment, answered: Moment) -> Case {
    Case { id, service, requested, answered, first_resolved: None, reopened: None, resolved: None, promised: None }
}

#[rustfmt::skip]
const CASES: [Case; 7] = [
    // Two pauses, one of which begins in the other.
    Case { resolved: Some((8, 14, 15, 0)), ..case("SR20260810901", INSTALLATION, (8, 10, 9, 0), (8, 10, 9, 30)) },
    // A pause that stops nothing, over a weekend.
    Case { resolved: Some((8, 19, 15, 30)), ..case("SR20260814901", INSTALLATION, (8, 14, 14, 0), (8, 14, 14, 30)) },
    // Reopened, and resolved again.
    Case {
        first_resolved: Some((8, 18, 10, 0)), reopened: Some((8, 21, 9, 0)), resolved: Some((8, 24, 14, 0)),
        ..case("SR20260817901", INSTALLATION, (8, 17, 10, 0), (8, 17, 10, 30))
    },
    // Promised for noon.
    Case {
        resolved: Some((8, 20, 16, 0)), promised: Some((8, 20, 12, 0)),
        ..case("SR20260819901", REPAIR, (8, 19, 9, 0), (8, 19, 9, 30))
    },
    // The hotline on a weekend and on a holiday.
    Case { resolved: Some((8, 23, 12, 0)), ..case("SR20260822901", HOTLINE, (8, 22, 19, 0), (8, 23, 8, 30)) },
    // Reopened, and open since.
    Case {
        first_resolved: Some((9, 23, 9, 0)), reopened: Some((9, 28, 13, 30)),
        ..case("SR20260922901", INSTALLATION, (9, 22, 9, 0), (9, 22, 9, 30))
    },
    Case { resolved: Some((9, 25, 17, 30)), ..case("SR20260925901", HOTLINE, (9, 25, 10, 0), (9, 25, 12, 30)) },
];

/// Tickets of a quick branch and of experienced staff, and the surveys.
pub fn cases(world: &World, rng: &mut Rng) -> (Vec<Ticket>, Vec<Survey>) {
    let tickets = CASES.map(|case| made(&case, world, rng)).to_vec();
    let survey = |id: &str, ticket: &str, answered: Moment, suggestion, replied: Moment| Survey {
        id: id.to_owned(),
        ticket: ticket.to_owned(),
        staff: String::new(),
        evaluator: "客户",
        answered: moment(answered),
        scores: [0; 6],
        suggestion,
        replied: Some(moment(replied)),
    };
    let surveys = vec![
        survey("P80001", "SR20260810901", (8, 15, 10, 0), "希望提前告知配件到货时间", (8, 25, 9, 30)),
        survey("P80002", "SR20260817901", (8, 25, 11, 0), "一次修好就更好了", (9, 1, 17, 30)),
    ];
    (tickets, surveys)
}

fn moment((month, day, hour, minute): Moment) -> chrono::NaiveDateTime {
    at(month, day, hour, minute, 0)
}

fn made(case: &Case, world: &World, rng: &mut Rng) -> Ticket {
    let (requested, vip) = (moment(case.requested), case.service == REPAIR);
    let fault = vip.then_some("不通电");
    let mut t = loop {
        let customer = rng.below(world.customers.len());
        let model = world.customers[customer].models[0];
        let t = ticket(world, requested, customer, model, fault, rng);
        let known = t.staff.is_some_and(|s| !world.staff[s].is_new(requested.date()));
        if known && t.branch == 0 && t.service == case.service && world.customers[customer].vip == vip {
            break t;
        }
    };
    case.id.clone_into(&mut t.id);
    t.first_response = Some(moment(case.answered));
    t.started = t.first_response;
    t.first_resolved = case.first_resolved.map(moment);
    t.reopened = case.reopened.map(moment);
    t.resolved = case.resolved.map(moment);
    t.promised = case.promised.map(moment);
    t.cancelled = None;
    t.made = Made::ByHand;
    t
}

pub fn pauses() -> Vec<Pause> {
    vec![
        between("SR20260810901", (8, 10, 11, 0), (8, 11, 14, 0), CUSTOMER),
        between("SR20260810901", (8, 11, 13, 30), (8, 12, 10, 0), PARTS),
        between("SR20260814901", (8, 14, 15, 0), (8, 17, 10, 0), HANDED_ON),
        between("SR20260819901", (8, 20, 10, 0), (8, 20, 16, 0), PARTS),
    ]
}
