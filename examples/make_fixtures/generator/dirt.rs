//! Monthly dumps out of tickets and surveys: late updates, duplicates, contradictions and bad rows.

use chrono::{Datelike, Duration, NaiveDateTime};

use super::calendar::{day, month_end};
use super::rng::Rng;
use super::surveys::Survey;
use super::tickets::{Made, Ticket, World, moment, ticket};
use super::write::{survey_cells, ticket_cells};

/// Why a row is in a dump, so that fixtures/README.md can count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// The last row of its ticket or survey, which counts.
    Used,
    /// The same row comes again, in this file or the next one.
    Identical,
    /// An earlier state: a later row of its ticket or survey says something else.
    Superseded,
    /// A bad row, by its kind in `BAD_TICKETS`, `BAD_SURVEYS`, `pauses::BAD` or `BAD_STAFF`.
    Bad(&'static str),
}

pub struct Row {
    pub cells: Vec<String>,
    pub kind: Kind,
}

impl Row {
    pub fn new(cells: Vec<String>, kind: Kind) -> Self {
        Self { cells, kind }
    }
}

/// The kinds of bad rows, the rule each breaks, and how many there are in the files of January to September.
type Bad = (&'static str, &'static str, [usize; 9]);
#[rustfmt::skip]
pub const BAD_TICKETS: [Bad; 9] = [
    ("没有工单号", "missing_key", [1, 1, 0, 1, 0, 1, 1, 0, 1]),
    ("没有提出时间", "missing_key", [1, 0, 1, 0, 1, 1, 1, 1, 0]),
    ("提出时间不存在", "unparseable", [0, 1, 1, 1, 1, 1, 1, 0, 1]),
    ("解决时间读不出", "unparseable", [1, 0, 1, 1, 0, 1, 0, 1, 1]),
    ("上门次数不是数字", "unparseable", [1, 1, 0, 1, 1, 0, 1, 1, 0]),
    ("是否重开不是是否", "unparseable", [0, 1, 1, 0, 1, 0, 1, 0, 1]),
    ("字段少", "wrong_fields", [1, 0, 1, 0, 1, 1, 0, 1, 1]),
    ("字段多", "wrong_fields", [0, 1, 1, 1, 0, 1, 0, 1, 1]),
    ("日历之外的年份", "outside_calendar", [1, 0, 0, 1, 1, 0, 1, 1, 0]),
];
#[rustfmt::skip]
pub const BAD_SURVEYS: [Bad; 6] = [
    ("分数超出 1–5", "out_of_range", [1, 1, 1, 0, 0, 0, 1, 1, 1]),
    ("答案不认识", "unparseable", [0, 0, 1, 1, 1, 1, 0, 1, 0]),
    ("没有评价时间", "missing_key", [1, 0, 0, 1, 0, 0, 1, 0, 1]),
    ("没有工单也没有员工", "missing_key", [0, 1, 0, 1, 0, 1, 0, 1, 0]),
    ("评价时间读不出", "unparseable", [1, 0, 1, 0, 1, 0, 0, 1, 0]),
    ("字段少", "wrong_fields", [0, 1, 0, 0, 1, 0, 1, 0, 1]),
];
pub const BAD_STAFF: (&str, &str) = ("入职日期读不出", "unparseable");

/// Contradictions that stay in the data: resolved before the request, answered before it, staff that nobody knows.
pub fn contradict(tickets: &mut [Ticket], rng: &mut Rng) {
    let candidates: Vec<usize> =
        (0..tickets.len()).filter(|i| tickets[*i].is_settled() && tickets[*i].requested.day() > 2).collect();
    let stride = candidates.len() / 20;
    for (n, i) in candidates.into_iter().step_by(stride).take(20).enumerate() {
        let t = &mut tickets[i];
        t.made = Made::Planted;
        match n % 5 {
            0 | 3 => t.staff = None,
            1 => t.first_response = Some(t.requested - Duration::minutes(rng.between(65, 300))),
            _ => t.resolved = Some(t.requested - Duration::hours(rng.between(3, 40))),
        }
    }
}

pub fn spread(rows: &mut Vec<Row>, row: Row, rng: &mut Rng) {
    let place = rng.below(rows.len());
    rows.insert(place, row);
}

/// The tickets of each monthly dump.
pub fn ticket_dumps(world: &World, tickets: &[Ticket], rng: &mut Rng) -> Vec<Vec<Row>> {
    let mut dumps: Vec<Vec<Row>> = (0..9).map(|_| Vec::new()).collect();
    for t in tickets {
        let mut last: Option<(usize, usize)> = None;
        for month in t.requested.month()..=9 {
            let index = month as usize - 1;
            let cells = ticket_cells(world, t, month_end(month));
            if let Some((m, r)) = last {
                if dumps[m][r].cells == cells {
                    continue;
                }
                dumps[m][r].kind = Kind::Superseded;
            }
            last = Some((index, dumps[index].len()));
            dumps[index].push(Row::new(cells, Kind::Used));
        }
    }
    for month in 1..=9_u32 {
        let index = month as usize - 1;
        let settled: Vec<&Ticket> = tickets.iter().filter(|t| t.requested.month() == month && t.is_settled()).collect();
        let mut again = |n: usize, into: usize, rng: &mut Rng| {
            let cells = ticket_cells(world, settled[(n * 53 + 17) % settled.len()], month_end(month));
            let first = dumps[index].iter_mut().find(|row| row.cells == cells);
            first.expect("settled in this month").kind = Kind::Identical;
            spread(&mut dumps[into], Row::new(cells, Kind::Used), rng);
        };
        (0..15).for_each(|n| again(n, index, rng));
        // The dump of July has no seconds, so nothing of it looks the same in another one.
        if ![6, 7, 9].contains(&month) {
            (15..22).for_each(|n| again(n, index + 1, rng));
        }
        // Two states of one ticket in one dump; the later row is the later state.
        if month % 3 == 2 {
            for t in &settled[30..32] {
                let place = dumps[index].iter().position(|row| row.cells[0] == t.id).expect("of this month");
                let before = Ticket { resolved: None, ..(*t).clone() };
                let cells = ticket_cells(world, &before, month_end(month));
                dumps[index].insert(place, Row::new(cells, Kind::Superseded));
            }
        }
        for (kind, _, counts) in BAD_TICKETS {
            for n in 0..counts[index] {
                let cells = bad_ticket(world, kind, month, n, rng);
                spread(&mut dumps[index], Row::new(cells, Kind::Bad(kind)), rng);
            }
        }
    }
    dumps
}

fn bad_ticket(world: &World, kind: &'static str, month: u32, n: usize, rng: &mut Rng) -> Vec<String> {
    let date = day(month, 5) + Duration::days(rng.between(0, 10));
    let customer = rng.below(world.customers.len());
    let model = world.customers[customer].models[0];
    let mut t = ticket(world, moment(date, rng), customer, model, None, rng);
    let place = BAD_TICKETS.iter().position(|b| b.0 == kind).expect("one of them");
    t.id = format!("SR{}8{place}{n}", date.format("%Y%m%d"));
    let mut cells = ticket_cells(world, &t, month_end(9));
    let mut set = |place: usize, text: &str| text.clone_into(&mut cells[place]);
    match kind {
        "没有工单号" => set(0, ["", "?", "无"][month as usize % 3]),
        "没有提出时间" => set(1, ""),
        "提出时间不存在" if month.is_multiple_of(2) => set(1, "2026-13-45 10:00:00"),
        "提出时间不存在" => set(1, "2026-02-30 09:15:00"),
        "解决时间读不出" => set(4, "昨天下午"),
        "上门次数不是数字" => set(21, "两次"),
        "是否重开不是是否" => set(22, "也许"),
        "字段少" => cells.truncate(20),
        "字段多" => cells.extend(["", "重复导出"].map(str::to_owned)),
        _ => {
            cells[1].replace_range(0..4, "2062");
            cells[2..5].fill(String::new());
            "待处理".clone_into(&mut cells[5]);
            cells[21].clear();
        }
    }
    cells
}

/// The surveys of each monthly dump.
pub fn survey_dumps(surveys: &[Survey], rng: &mut Rng) -> Vec<Vec<Row>> {
    let mut dumps: Vec<Vec<Row>> = (0..9).map(|_| Vec::new()).collect();
    let mut corrected: Vec<(usize, Survey, Kind)> = Vec::new();
    for (n, s) in surveys.iter().enumerate() {
        let index = s.answered.month() as usize - 1;
        // A reply of a later month stands in the dump of that month.
        let reply = s.replied.map(|at| at.month() as usize - 1).filter(|reply| (index + 1..9).contains(reply));
        let later = n % 55 == 7 && index < 8 && !s.is_by_hand();
        let mut last = s.clone();
        if later {
            last.scores[5] = if s.scores[5] >= 4 { 3 } else { 4 };
            last.scores[0] = s.scores[0].max(4);
            let kind = if reply.is_some_and(|reply| reply > index + 1) { Kind::Superseded } else { Kind::Used };
            corrected.push((index + 1, last.clone(), kind));
        }
        let kind = if later || reply.is_some() { Kind::Superseded } else { Kind::Used };
        dumps[index].push(Row::new(survey_cells(s, index), kind));
        if n % 90 == 31 {
            dumps[index].push(Row::new(survey_cells(s, index), Kind::Identical));
        }
        if let Some(reply) = reply.filter(|reply| !later || *reply > index + 1) {
            dumps[reply].push(Row::new(survey_cells(&last, reply), Kind::Used));
        }
    }
    for (index, s, kind) in corrected {
        spread(&mut dumps[index], Row::new(survey_cells(&s, index), kind), rng);
    }
    let mut number = 90_000;
    let mut extra = |index: usize, like: &Survey, edit: &dyn Fn(&mut Vec<String>), kind: Kind, rng: &mut Rng| {
        number += 1;
        let mut cells = survey_cells(&Survey { id: format!("P{number}"), ..like.clone() }, index);
        edit(&mut cells);
        spread(&mut dumps[index], Row::new(cells, kind), rng);
    };
    for index in 0..9 {
        let month = day(u32::try_from(index).expect("small") + 1, 10).month();
        let of_a_ticket = |s: &&Survey| s.answered.month() == month && !s.ticket.is_empty() && !s.is_by_hand();
        let of_month: Vec<&Survey> = surveys.iter().filter(of_a_ticket).collect();
        for (kind, _, counts) in BAD_SURVEYS {
            for _ in 0..counts[index] {
                let like = *rng.pick(&of_month);
                extra(index, like, &|cells| bad_survey(kind, index, like.answered, cells), Kind::Bad(kind), rng);
            }
        }
        // Surveys of tickets that no dump has.
        let like = *rng.pick(&of_month);
        let unknown = format!("SR2025{:02}{:02}{:03}", 10 + index % 3, 3 + index, 7 + index);
        extra(index, like, &|cells| cells[1].clone_from(&unknown), Kind::Used, rng);
    }
    dumps
}

fn bad_survey(kind: &'static str, index: usize, answered: NaiveDateTime, cells: &mut Vec<String>) {
    let mut set = |place: usize, text: &str| text.clone_into(&mut cells[place]);
    match kind {
        "分数超出 1–5" => set(6, ["7", "0"][index % 2]),
        "答案不认识" => set(7, "很好吧"),
        "没有评价时间" => set(4, ""),
        "没有工单也没有员工" => {
            set(1, "");
            set(2, "");
        }
        "评价时间读不出" => set(4, &answered.format("%m月%d日").to_string()),
        _ => cells.truncate(7),
    }
}
