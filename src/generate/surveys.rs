//! Surveys: what customers, supervisors and auditors say of the tickets.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::calendar::month_end;
use super::people::Staff;
use super::rng::Rng;
use super::tickets::{Made, Office, Ticket};

/// Dimensions are, in order: attitude, professionalism, resolution, process, timeliness; then overall.
const LEVEL: [f64; 5] = [4.45, 4.35, 4.3, 4.35, 4.25];
/// How much weaker new staff are in professionalism, before rounding to whole points.
const NEW_STAFF: f64 = 0.68;

/// What somebody answered.
#[derive(Clone, Debug)]
pub struct Survey {
    pub id: String,
    /// Empty: answered at the counter.
    pub ticket: String,
    /// Empty: whoever the ticket names.
    pub staff: String,
    pub evaluator: &'static str,
    pub answered: NaiveDateTime,
    /// 1–5; 0: not answered.
    pub scores: [u8; 6],
    pub suggestion: String,
    /// When somebody replied to the suggestion.
    pub replied: Option<NaiveDateTime>,
}

/// Boxes that praise, each with the place of the dimension that it goes with.
const BOXES: [(&str, usize); 4] = [("响应迅速", 4), ("态度友好", 0), ("技术专业", 1), ("流程规范", 3)];
/// The box of all that has no box.
const OTHER: &str = "其他";

impl Survey {
    /// Draws that leave those of the other cells as they are.
    fn own_draws(&self, of: u64) -> Rng {
        Rng::of(&[of, self.answered.and_utc().timestamp().unsigned_abs(), u64::from(self.scores[1])])
    }

    /// The boxes ticked by a customer: mostly of what got full marks.
    pub fn strengths(&self) -> String {
        let mut rng = self.own_draws(1);
        if self.evaluator != CUSTOMER || rng.chance(0.3) {
            return String::new();
        }
        let mut ticked: Vec<&str> = Vec::new();
        for (name, place) in BOXES {
            if rng.chance(if self.scores[place] == 5 { 0.6 } else { 0.06 }) {
                ticked.push(name);
            }
        }
        if rng.chance(0.03) {
            ticked.push(OTHER);
        }
        ticked.join("、")
    }

    /// The mood that somebody noted who called the customer.
    pub fn emotion(&self) -> &'static str {
        let mut rng = self.own_draws(2);
        if self.evaluator != CUSTOMER || !rng.chance(0.35) {
            return "";
        }
        match self.scores[5] {
            0 | 4.. => ["平静", "轻微不满"][usize::from(rng.chance(0.05))],
            3 => ["平静", "轻微不满"][usize::from(rng.chance(0.7))],
            2 => ["轻微不满", "明显不满"][usize::from(rng.chance(0.6))],
            _ => "愤怒",
        }
    }

    /// Suggests something, so that somebody should reply.
    pub fn suggests(&self) -> bool {
        !["", NOTHING].contains(&self.suggestion.as_str())
    }
}

/// Share of the tickets whose customer answers, and of those that a supervisor or an auditor looks at.
pub const ANSWERED: [f64; 2] = [0.405, 0.03];
/// The customer, as evaluator.
pub const CUSTOMER: &str = "客户";

/// When it ended, and who did it, if anybody may be asked about this ticket.
pub fn asked(t: &Ticket) -> Option<(NaiveDateTime, usize)> {
    let (resolved, staff) = (t.resolved?, t.staff?);
    let unusable = resolved < t.requested || t.made == Made::ByHand || resolved > month_end(9);
    (t.reopened.is_none() && !unusable).then_some((resolved, staff))
}

/// One of those who look at tickets for the company.
pub fn inside(rng: &mut Rng) -> &'static str {
    if rng.chance(0.6) { "服务主管" } else { "质量审核员" }
}

/// What an evaluator says of a ticket that ended at this moment, done by this member of the staff.
pub fn survey(
    office: &impl Office,
    t: &Ticket,
    (resolved, staff): (NaiveDateTime, usize),
    evaluator: &'static str,
    rng: &mut Rng,
) -> Survey {
    let inside = evaluator != CUSTOMER;
    // Now and then a colleague came instead, and the survey says so.
    let colleague = rng.chance(0.012).then(|| office.colleague(t.branch, t.requested.date(), rng));
    let credited = office.staff(colleague.unwrap_or(staff));
    let mut level = level(credited, t.requested.date());
    if t.made == Made::Again {
        level[2] -= 0.8;
    }
    if (resolved - t.requested).num_hours() > 96 {
        level[4] -= 0.6;
    }
    if inside {
        level = level.map(|l| l - 0.15);
    }
    let scores = scores(level, rng);
    Survey {
        id: String::new(),
        ticket: t.id.clone(),
        staff: if colleague.is_some() || inside { credited.id.clone() } else { String::new() },
        evaluator,
        answered: answered(resolved, rng),
        scores,
        suggestion: suggestion(office, scores, rng),
        replied: None,
    }
}

/// A survey without a ticket, answered at the counter: it names the staff member.
pub fn at_the_counter(office: &impl Office, staff: &Staff, date: NaiveDate, rng: &mut Rng) -> Survey {
    let scores = scores(level(staff, date), rng);
    Survey {
        id: String::new(),
        ticket: String::new(),
        staff: staff.id.clone(),
        evaluator: CUSTOMER,
        answered: date.and_time(NaiveTime::MIN) + Duration::seconds(rng.between(32_400, 61_200)),
        scores,
        suggestion: suggestion(office, scores, rng),
        replied: None,
    }
}

/// Some hours or days later, between eight in the morning and ten in the evening.
fn answered(resolved: NaiveDateTime, rng: &mut Rng) -> NaiveDateTime {
    let hours = rng.lognormal(14.0, 1.0).min(400.0);
    #[expect(clippy::cast_possible_truncation, reason = "whole minutes are wanted")]
    let later = resolved + Duration::minutes((hours * 60.0) as i64) + Duration::seconds(rng.between(0, 59));
    if (8..22).contains(&later.hour()) { later } else { later + Duration::hours(11) }
}

/// What is to be expected of a staff member on this day.
fn level(staff: &Staff, date: NaiveDate) -> [f64; 5] {
    let mut level: [f64; 5] = std::array::from_fn(|i| LEVEL[i] + staff.skill[i]);
    level[1] -= if staff.is_new(date) { NEW_STAFF } else { 0.0 };
    level
}

fn scores(level: [f64; 5], rng: &mut Rng) -> [u8; 6] {
    let mood = 0.5 * rng.normal();
    let felt = level.map(|l| l + mood + 0.55 * rng.normal());
    let weighted: f64 = felt.iter().zip([0.15, 0.25, 0.3, 0.1, 0.2]).map(|(f, w)| f * w).sum();
    let total = weighted + 0.3 * rng.normal();
    let mut out = [0; 6];
    for (o, f) in out.iter_mut().zip(felt.into_iter().chain([total])) {
        *o = points(f);
    }
    // Some leave an answer out, mostly on the process.
    if rng.chance(0.10) {
        out[rng.weighted(&[0.2, 0.1, 0.1, 0.4, 0.15, 0.05])] = 0;
    }
    out
}

fn points(felt: f64) -> u8 {
    [1, 2, 3, 4].into_iter().rev().find(|p| felt >= f64::from(*p) + 0.5).map_or(1, |p| p + 1)
}

/// What the fixtures' customers suggest.
pub const WISHES: [&str; 6] =
    ["上门前请先电话", "配件备齐再来", "希望讲解清楚些", "周末也能上门", "处理再快一些", "多谢,很好"];
/// Written where there is nothing to suggest.
const NOTHING: &str = "无";

fn suggestion(office: &impl Office, scores: [u8; 6], rng: &mut Rng) -> String {
    let unhappy = scores[5] > 0 && scores[5] <= 3;
    if rng.chance(if unhappy { 0.35 } else { 0.08 }) {
        office.wish(rng)
    } else if rng.chance(0.02) {
        NOTHING.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feelings_become_whole_points() {
        for (felt, wanted) in [(-3.0, 1), (1.49, 1), (1.5, 2), (2.6, 3), (4.49, 4), (4.5, 5), (9.0, 5)] {
            assert_eq!(points(felt), wanted, "{felt}");
        }
    }
}
