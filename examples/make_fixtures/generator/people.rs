//! Branches, staff and customers.

use chrono::{Months, NaiveDate};

use super::calendar::day;
use super::rng::Rng;

/// Branch, its region and its share of the tickets.
pub const BRANCHES: [(&str, &str, f64); 10] = [
    ("上海一分", "华东", 1.3),
    ("上海二分", "华东", 1.1),
    ("杭州分部", "华东", 1.0),
    ("广州分部", "华南", 1.1),
    ("深圳分部", "华南", 1.1),
    ("北京分部", "华北", 1.2),
    ("天津分部", "华北", 0.8),
    ("成都分部", "西部", 1.0),
    ("重庆分部", "西部", 0.8),
    ("西安分部", "西部", 0.8),
];
/// The branch that misses resolution targets.
pub const SLOW_BRANCH: usize = 9;

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "蒋",
    "蔡", "余",
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Repair,
    Install,
    Desk,
}

pub struct Staff {
    pub id: String,
    pub name: String,
    pub team: &'static str,
    pub position: &'static str,
    pub role: Role,
    pub branch: usize,
    pub hired: NaiveDate,
    pub left: Option<NaiveDate>,
    /// Share of the work that this one takes.
    pub load: f64,
    /// Own strength in attitude, professionalism, resolution, process and timeliness.
    pub skill: [f64; 5],
}

impl Staff {
    pub fn works_on(&self, date: NaiveDate) -> bool {
        self.hired <= date && self.left.is_none_or(|left| date < left)
    }

    /// Hired less than three months before.
    pub fn is_new(&self, date: NaiveDate) -> bool {
        date < self.hired + Months::new(3)
    }
}

/// Year, month and day of the hiring of S001–S040; four to a branch.
#[rustfmt::skip]
const HIRED: [(i32, u32, u32); 40] = [
    (2018, 3, 5), (2026, 6, 1), (2021, 7, 12), (2023, 4, 17),
    (2019, 9, 2), (2022, 5, 23), (2026, 6, 8), (2018, 11, 19),
    (2020, 4, 7), (2025, 11, 24), (2023, 8, 14), (2026, 6, 22),
    (2018, 6, 25), (2026, 5, 18), (2024, 3, 11), (2021, 2, 22),
    (2026, 7, 6), (2019, 3, 18), (2022, 10, 10), (2025, 9, 15),
    (2020, 8, 31), (2023, 2, 13), (2026, 6, 15), (2019, 12, 9),
    (2018, 9, 17), (2026, 3, 2), (2024, 7, 8), (2026, 7, 13),
    (2021, 5, 10), (2026, 7, 1), (2025, 6, 30), (2022, 3, 21),
    (2019, 6, 3), (2024, 11, 18), (2026, 1, 12), (2020, 10, 26),
    (2018, 4, 16), (2023, 10, 9), (2021, 11, 1), (2025, 3, 24),
];
/// Those of S001–S040 that leave in 2026.
const LEFT: [(usize, (u32, u32)); 3] = [(8, (4, 1)), (33, (6, 16)), (21, (7, 8))];
/// Supervisors, who take a ticket now and then.
const SUPERVISORS: [usize; 2] = [0, 24];

fn masked(surname: &str) -> String {
    format!("{surname}*")
}

/// S001–S040, who work on the tickets.
pub fn staff(rng: &mut Rng) -> Vec<Staff> {
    let mut all: Vec<Staff> = (0..40).map(|i| member(i, rng)).collect();
    for (i, (month, on)) in LEFT {
        all[i].left = Some(day(month, on));
    }
    for i in SUPERVISORS {
        all[i].position = "主管";
        all[i].load = 0.04;
    }
    all
}

fn member(i: usize, rng: &mut Rng) -> Staff {
    let (branch, slot) = (i / 4, i % 4);
    let (role, team, position) = match slot {
        0 | 1 if branch < 5 => (Role::Repair, "维修一组", "维修工程师"),
        0 | 1 => (Role::Repair, "维修二组", "维修工程师"),
        2 => (Role::Install, "安装组", "安装工程师"),
        _ if branch % 2 == 0 => (Role::Desk, "客服组", "客服专员"),
        _ => (Role::Desk, "技术支持组", "技术支持"),
    };
    let (year, month, on) = HIRED[i];
    Staff {
        id: format!("S{:03}", i + 1),
        name: masked(SURNAMES[i]),
        team,
        position,
        role,
        branch,
        hired: NaiveDate::from_ymd_opt(year, month, on).expect("a date"),
        left: None,
        load: 0.8 + 0.4 * rng.unit(),
        skill: std::array::from_fn(|_| 0.07 * rng.normal()),
    }
}

/// S041–S059, who left before 2026; rosters keep them.
pub fn former(rng: &mut Rng) -> Vec<Staff> {
    (40..59)
        .map(|i| {
            let mut one = member(i - 40, rng);
            one.id = format!("S{:03}", i + 1);
            one.name = masked(SURNAMES[(i * 7) % 40]);
            let year = i32::try_from(rng.between(2018, 2022)).expect("a year");
            let month = u32::try_from(rng.between(1, 12)).expect("a month");
            let hired = NaiveDate::from_ymd_opt(year, month, 10).expect("a date");
            one.hired = hired;
            one.left = Some(hired + Months::new(u32::try_from(rng.between(3, 36)).expect("months")));
            one
        })
        .collect()
}

pub struct Customer {
    pub id: String,
    pub name: String,
    pub vip: bool,
    pub company: bool,
    pub branch: usize,
    /// Products owned: one or two models, as places in `products::MODELS`.
    pub models: Vec<usize>,
}

const PLACES: [&str; 8] = ["华东", "恒远", "金桥", "南湖", "新安", "立信", "长风", "永泰"];
const TRADES: [&str; 8] = ["精工", "餐饮", "酒店", "物业", "学校", "医药", "电子", "商贸"];

pub fn customers(rng: &mut Rng, model_weights: &[f64]) -> Vec<Customer> {
    let shares = BRANCHES.map(|b| b.2);
    (0..4000)
        .map(|i| {
            let company = rng.chance(0.18);
            let name = if company {
                format!("{}{}公司", rng.pick(&PLACES), rng.pick(&TRADES))
            } else {
                format!("{}({:04})", rng.pick(&SURNAMES), rng.below(10_000))
            };
            let mut models = vec![rng.weighted(model_weights)];
            if company || rng.chance(0.15) {
                models.push(rng.weighted(model_weights));
            }
            Customer {
                id: format!("C{:04}", i + 1),
                name,
                vip: rng.chance(if company { 0.25 } else { 0.09 }),
                company,
                branch: rng.weighted(&shares),
                models,
            }
        })
        .collect()
}
