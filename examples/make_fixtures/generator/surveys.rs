//! Surveys: what customers, supervisors and auditors say of the tickets.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::calendar::{day, month_end};
use super::people::Staff;
use super::rng::Rng;
use super::tickets::{Made, Ticket, World};

/// Dimensions are, in order: attitude, professionalism, resolution, process, timeliness; then overall.
const LEVEL: [f64; 5] = [4.45, 4.35, 4.3, 4.35, 4.25];
/// How much weaker new staff are in professionalism, before rounding to whole points.
const NEW_STAFF: f64 = 0.68;

#[derive(Clone)]
pub struct Survey {
    pub id: String,
    pub ticket: String,
    pub staff: String,
    pub evaluator: &'static str,
    pub answered: NaiveDateTime,
    /// 1–5; 0: not answered.
    pub scores: [u8; 6],
    pub suggestion: &'static str,
    /// When somebody replied to the suggestion.
    pub replied: Option<NaiveDateTime>,
}

impl Survey {
    /// One of those that `fixtures/README.md` adds up by hand.
    pub fn is_by_hand(&self) -> bool {
        self.id.starts_with("P8")
    }
}

/// All surveys answered until the end of September, in the order of their answers.
pub fn surveys(world: &World, tickets: &[Ticket], rng: &mut Rng) -> Vec<Survey> {
    let mut all = Vec::new();
    for t in tickets.iter().filter(|t| t.reopened.is_none()) {
        let (Some(resolved), Some(staff)) = (t.resolved, t.staff) else {
            continue;
        };
        if resolved < t.requested || t.made == Made::ByHand || resolved > month_end(9) {
            continue;
        }
        if rng.chance(0.405) {
            all.push(survey(world, t, staff, "客户", rng));
        }
        if rng.chance(0.03) {
            all.push(survey(world, t, staff, if rng.chance(0.6) { "服务主管" } else { "质量审核员" }, rng));
        }
    }
    for _ in 0..45 {
        all.push(at_the_counter(world, rng));
    }
    all.retain(|s| s.answered <= month_end(9));
    all.sort_by(|a, b| (a.answered, &a.ticket, &a.staff).cmp(&(b.answered, &b.ticket, &b.staff)));
    for (n, s) in (1..).zip(all.iter_mut()) {
        s.id = format!("P{n:05}");
    }
    all
}

fn survey(world: &World, t: &Ticket, staff: usize, evaluator: &'static str, rng: &mut Rng) -> Survey {
    let resolved = t.resolved.expect("only finished tickets are asked about");
    let inside = evaluator != "客户";
    // Now and then a colleague came instead, and the survey says so.
    let colleague = rng.chance(0.012).then(|| {
        let date = t.requested.date();
        let there: Vec<usize> = (0..world.staff.len())
            .filter(|s| world.staff[*s].branch == t.branch && world.staff[*s].works_on(date))
            .collect();
        *rng.pick(&there)
    });
    let credited = &world.staff[colleague.unwrap_or(staff)];
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
        suggestion: suggestion(scores, rng),
        replied: None,
    }
}

/// A survey without a ticket, answered at the counter: it names the staff member.
fn at_the_counter(world: &World, rng: &mut Rng) -> Survey {
    let date: NaiveDate = day(1, 5) + Duration::days(rng.between(0, 265));
    let staff = loop {
        let s = rng.below(world.staff.len());
        if world.staff[s].works_on(date) && world.staff[s].load > 0.5 {
            break &world.staff[s];
        }
    };
    let scores = scores(level(staff, date), rng);
    Survey {
        id: String::new(),
        ticket: String::new(),
        staff: staff.id.clone(),
        evaluator: "客户",
        answered: date.and_time(NaiveTime::MIN) + Duration::seconds(rng.between(32_400, 61_200)),
        scores,
        suggestion: suggestion(scores, rng),
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

pub const WISHES: [&str; 6] =
    ["上门前请先电话", "配件备齐再来", "希望讲解清楚些", "周末也能上门", "处理再快一些", "多谢,很好"];

fn suggestion(scores: [u8; 6], rng: &mut Rng) -> &'static str {
    let unhappy = scores[5] > 0 && scores[5] <= 3;
    if rng.chance(if unhappy { 0.35 } else { 0.08 }) {
        WISHES[rng.below(WISHES.len())]
    } else if rng.chance(0.02) {
        "无"
    } else {
        ""
    }
}
