//! Tickets as they come in and as they are worked on.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime};

use super::calendar::{advance, is_holiday, is_make_up, is_open, is_workday, month_end};
use super::people::{BRANCHES, Customer, Role, SLOW_BRANCH, Staff};
use super::products::{Model, fault, serial};
use super::rng::Rng;

/// The service type of repairs.
pub const REPAIR: &str = "维修";
/// The service type that the hotline serves.
pub const HOTLINE: &str = "技术咨询";
/// The service type of installations.
pub const INSTALLATION: &str = "安装调试";

/// What differs between the service types: name in the dumps, share, who does it, and the median working minutes to the
/// first response, from there to the start, and from there to the end.
struct Service(&'static str, f64, Role, [f64; 3]);
const SERVICES: [Service; 5] = [
    Service(REPAIR, 0.48, Role::Repair, [36.0, 130.0, 420.0]),
    Service(HOTLINE, 0.20, Role::Desk, [28.0, 35.0, 110.0]),
    Service(INSTALLATION, 0.16, Role::Install, [48.0, 170.0, 390.0]),
    Service("退换货处理", 0.11, Role::Desk, [52.0, 180.0, 500.0]),
    Service("其他", 0.05, Role::Desk, [46.0, 150.0, 420.0]),
];
/// Tickets of January to September in the fixtures, besides the planted ones.
pub const A_MONTH: [usize; 9] = [1005, 880, 1030, 990, 965, 995, 1050, 1045, 1010];

/// Why a ticket is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    ByChance,
    /// For a purpose: nothing else may be done to it.
    Planted,
    /// Comes back with the planted defect.
    Again,
    /// One of those that `fixtures/README.md` adds up by hand; nobody is asked about it.
    ByHand,
}

/// A ticket, as it will have been at its end.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub id: String,
    pub requested: NaiveDateTime,
    pub first_response: Option<NaiveDateTime>,
    pub started: Option<NaiveDateTime>,
    pub resolved: Option<NaiveDateTime>,
    pub cancelled: Option<NaiveDateTime>,
    pub reopened: Option<NaiveDateTime>,
    /// Of a reopened ticket whose dumps say when; `resolved` is then the final resolution.
    pub first_resolved: Option<NaiveDateTime>,
    pub promised: Option<NaiveDateTime>,
    pub status: &'static str,
    /// Number of the customer, from 0.
    pub customer: usize,
    pub service: &'static str,
    pub channel: &'static str,
    pub priority: &'static str,
    pub branch: usize,
    /// Place in the list of models.
    pub model: usize,
    pub serial: String,
    pub faults: String,
    pub description: String,
    /// Place in the list of staff; none: somebody the roster does not know.
    pub staff: Option<usize>,
    /// At most 3.
    pub visits: usize,
    pub complaint: bool,
    pub made: Made,
}

impl Ticket {
    /// Done and never touched again within the month of its request.
    pub fn is_settled(&self) -> bool {
        let done = self.resolved.is_some_and(|t| t <= month_end(self.requested.month()));
        done && self.reopened.is_none() && self.cancelled.is_none() && self.made == Made::ByChance
    }

    /// Makes it contradict itself, in the n-th way, which stays in the data: resolved or answered before the request, done
    /// by somebody whom nobody knows.
    pub fn contradict(&mut self, n: usize, rng: &mut Rng) {
        self.made = Made::Planted;
        match n % 5 {
            0 | 3 => self.staff = None,
            1 => self.first_response = Some(self.requested - Duration::minutes(rng.between(65, 300))),
            _ => self.resolved = Some(self.requested - Duration::hours(rng.between(3, 40))),
        }
    }
}

/// Who is there to serve, and what is said to them.
pub trait Office {
    /// A member of the staff.
    fn staff(&self, place: usize) -> &Staff;
    /// Somebody of the branch, mostly one whose work this is.
    fn assign(&self, branch: usize, role: Role, date: NaiveDate, rng: &mut Rng) -> usize;
    /// Anybody of the branch.
    fn colleague(&self, branch: usize, date: NaiveDate, rng: &mut Rng) -> usize;
    /// A product model.
    fn model(&self, place: usize) -> &Model;
    /// What the customer says of the faults.
    fn describe(&self, faults: &str, rng: &mut Rng) -> String;
    /// What the customer suggests.
    fn wish(&self, rng: &mut Rng) -> String;
}

/// How many tickets a day has, against a usual workday.
pub fn weight_of_day(date: NaiveDate) -> f64 {
    match (is_make_up(date), is_workday(date), is_holiday(date)) {
        (true, ..) => 0.8,
        (_, true, _) => 1.0,
        (_, _, true) => 0.15,
        _ => 0.25,
    }
}

/// A moment of this day: mostly within working hours, at times in the evening.
pub fn moment(date: NaiveDate, rng: &mut Rng) -> NaiveDateTime {
    let (from, to) = match rng.weighted(&[0.40, 0.43, 0.12, 0.05]) {
        0 => (30_600, 43_199),
        1 => (46_800, 62_999),
        2 => (63_000, 79_199),
        _ => (23_400, 30_599),
    };
    date.and_time(NaiveTime::MIN) + Duration::seconds(rng.between(from, to))
}

fn minutes(median: f64, sigma: f64, rng: &mut Rng) -> i64 {
    // A float to integer cast saturates; the value is a few days at most.
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted")]
    let seconds = (60.0 * rng.lognormal(median, sigma)) as i64;
    seconds.max(60)
}

/// One ticket of this customer from its request to its end, still without a number. A given fault makes it a repair.
pub fn ticket(
    office: &impl Office,
    requested: NaiveDateTime,
    customer: usize,
    buyer: &Customer,
    model: usize,
    given: Option<&'static str>,
    rng: &mut Rng,
) -> Ticket {
    let kind = if given.is_some() { 0 } else { rng.weighted(&SERVICES.map(|s| s.1)) };
    let Service(service, _, role, medians) = SERVICES[kind];
    let branch = if rng.chance(0.95) { buyer.branch } else { rng.weighted(&BRANCHES.map(|b| b.2)) };
    let urgent = buyer.vip && service == REPAIR;

    let hurry = if urgent { 0.55 } else { 1.0 };
    let first = if !is_open(requested) && rng.chance(0.25) {
        requested + Duration::seconds(rng.between(240, 2_700))
    } else {
        advance(requested, minutes(medians[0] * hurry, 0.9, rng))
    };
    let started = advance(first, minutes(medians[1] * hurry, 0.85, rng));
    let slow = if branch == SLOW_BRANCH { 2.35 } else { 1.0 };
    let mut resolved = advance(started, minutes(medians[2] * hurry * slow, 0.75, rng));
    if rng.chance(0.05) {
        resolved += Duration::seconds(rng.between(5_400, 16_200));
    }
    let cancelled = rng.chance(0.015).then(|| started + Duration::minutes(rng.between(5, 300)));
    let ends = cancelled.is_none() && !rng.chance(0.003);
    let reopened = (ends && rng.chance(0.025)).then(|| resolved + Duration::hours(rng.between(20, 240)));

    let faults = match given {
        Some(one) => one.to_owned(),
        None => faults(kind, model, office.model(model), rng),
    };
    Ticket {
        id: String::new(),
        requested,
        first_response: Some(first),
        started: cancelled.is_none().then_some(started),
        resolved: ends.then_some(resolved),
        cancelled,
        reopened,
        first_resolved: None,
        promised: None,
        status: if rng.chance(0.15) { "已解决" } else { "已关闭" },
        customer,
        service,
        channel: ["电话", "微信", "网页", "门店"][rng.weighted(&[0.45, 0.35, 0.15, 0.05])],
        priority: ["高", "中", "低", "?", ""][rng.weighted(&[0.15, 0.6, 0.235, 0.01, 0.005])],
        branch,
        model,
        serial: if rng.chance(0.02) { "无".to_owned() } else { serial(office.model(model), &buyer.id) },
        description: if service == REPAIR && rng.chance(0.6) { office.describe(&faults, rng) } else { String::new() },
        faults,
        staff: Some(office.assign(branch, role, requested.date(), rng)),
        visits: match kind {
            0 | 2 => [1, 2, 3][rng.weighted(&[0.84, 0.14, 0.02])],
            _ => 0,
        },
        complaint: rng.chance(0.02),
        made: Made::ByChance,
    }
}

/// The cell of fault codes: one, at times two, at times with a separator too many; rarely outside repairs.
fn faults(kind: usize, place: usize, model: &Model, rng: &mut Rng) -> String {
    let some = [0.97, 0.0, 0.02, 0.2, 0.0][kind];
    if !rng.chance(some) {
        return (*rng.pick(if kind == 0 { &["", "无", "?"] } else { &["", "", "无"] })).to_owned();
    }
    let first = fault(place, model.line, rng);
    let second = fault(place, model.line, rng);
    match rng.weighted(&[0.88, 0.117, 0.003]) {
        1 if first != second => [first, "、", second].concat(),
        2 => [first, "、"].concat(),
        _ => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::calendar::day;

    #[test]
    fn days_off_bring_few_tickets_and_make_up_days_nearly_as_many_as_others() {
        for (month, on, weight) in [(7, 1, 1.0), (7, 4, 0.25), (2, 17, 0.15), (2, 14, 0.8)] {
            assert!((weight_of_day(day(month, on)) - weight).abs() < 1e-9, "{month}-{on}");
        }
    }

    #[test]
    fn moments_lie_on_their_day_and_mostly_in_working_hours() {
        let mut rng = Rng::new(1);
        let all: Vec<NaiveDateTime> = (0..1000).map(|_| moment(day(7, 1), &mut rng)).collect();
        assert!(all.iter().all(|t| t.date() == day(7, 1)));
        let open = all.iter().filter(|t| is_open(**t)).count();
        assert!((780..880).contains(&open), "{open}");
    }
}
