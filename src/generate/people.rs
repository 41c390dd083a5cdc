//! Branches, staff and customers.

use chrono::{Months, NaiveDate};

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

pub const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "蒋",
    "蔡", "余",
];

/// What somebody does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Repair,
    Install,
    Desk,
}

/// A member of the staff.
#[derive(Clone, Debug)]
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
    /// Hired already and not gone yet.
    pub fn works_on(&self, date: NaiveDate) -> bool {
        self.hired <= date && self.left.is_none_or(|left| date < left)
    }

    /// Hired less than three months before.
    pub fn is_new(&self, date: NaiveDate) -> bool {
        date < self.hired + Months::new(3)
    }
}

/// Role, team and position of the place in a branch of those who work there.
pub fn post(branch: usize, place: usize) -> (Role, &'static str, &'static str) {
    match place % 4 {
        0 | 1 if branch < 5 => (Role::Repair, "维修一组", "维修工程师"),
        0 | 1 => (Role::Repair, "维修二组", "维修工程师"),
        2 => (Role::Install, "安装组", "安装工程师"),
        _ if branch.is_multiple_of(2) => (Role::Desk, "客服组", "客服专员"),
        _ => (Role::Desk, "技术支持组", "技术支持"),
    }
}

/// A name as rosters show it.
pub fn masked(surname: &str) -> String {
    format!("{surname}*")
}

/// A customer.
#[derive(Clone, Debug)]
pub struct Customer {
    pub id: String,
    pub name: String,
    pub vip: bool,
    pub company: bool,
    pub branch: usize,
    /// Products owned: one or two models, as places among the models.
    pub models: Vec<usize>,
}

const PLACES: [&str; 8] = ["华东", "恒远", "金桥", "南湖", "新安", "立信", "长风", "永泰"];
const TRADES: [&str; 8] = ["精工", "餐饮", "酒店", "物业", "学校", "医药", "电子", "商贸"];

/// The customer with this number; `model` draws a model.
pub fn customer(id: String, rng: &mut Rng, mut model: impl FnMut(&mut Rng) -> usize) -> Customer {
    let company = rng.chance(0.18);
    let name = if company {
        let (place, trade) = (*rng.pick(&PLACES), *rng.pick(&TRADES));
        [place, trade, "公司"].concat()
    } else {
        let mut name = (*rng.pick(&SURNAMES)).to_owned();
        name.push('(');
        push_number(&mut name, rng.next() % 10_000, 4);
        name.push(')');
        name
    };
    let mut models = vec![model(rng)];
    if company || rng.chance(0.15) {
        models.push(model(rng));
    }
    let vip = rng.chance(if company { 0.25 } else { 0.09 });
    Customer { id, name, vip, company, branch: rng.weighted(&BRANCHES.map(|b| b.2)), models }
}

/// A letter and a number with so many digits.
pub fn numbered(letter: &str, number: u64, width: usize) -> String {
    let mut id = String::with_capacity(letter.len() + width);
    id.push_str(letter);
    push_number(&mut id, number, width);
    id
}

/// Appends a number with this many digits at least.
pub fn push_number(text: &mut String, number: u64, width: usize) {
    let digits = 1 + number.checked_ilog10().unwrap_or(0) as usize;
    let width = width.max(digits);
    let mut power = 10_u64.pow(u32::try_from(width - 1).unwrap_or(u32::MAX));
    for _ in 0..width {
        text.push(char::from(b'0' + u8::try_from(number / power % 10).unwrap_or(0)));
        power /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_width() {
        for (number, width, wanted) in
            [(0, 1, "P0"), (0, 3, "P000"), (42, 4, "P0042"), (1234, 3, "P1234"), (u64::MAX, 1, "P18446744073709551615")]
        {
            assert_eq!(numbered("P", number, width), wanted);
        }
    }

    #[test]
    fn the_same_stream_makes_the_same_customer() {
        let make = |seed| customer("C1".to_owned(), &mut Rng::new(seed), |rng| rng.below(8));
        let (a, b) = (make(1), make(1));
        assert_eq!((&a.name, a.vip, a.branch, &a.models), (&b.name, b.vip, b.branch, &b.models));
        assert!((0..20).any(|seed| make(seed).company) && (0..20).any(|seed| !make(seed).company));
    }
}
