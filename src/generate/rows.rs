//! What the rows of the dumps are: their columns, and their cells in order.

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::pauses::Pause;
use super::people::{BRANCHES, Customer, Staff};
use super::products::Model;
use super::surveys::Survey;
use super::tickets::Ticket;

/// The columns of tickets.
#[rustfmt::skip]
pub const TICKET_HEADER: [&str; 27] = [
    "服务工单号", "客户提出需求时间", "首次响应时间", "开始处理时间", "问题解决时间", "工单状态", "客户编号", "客户名称",
    "客户等级", "客户类别", "服务类型", "服务渠道", "优先级", "区域", "网点", "产品型号", "产品线", "产品序列号", "故障类别",
    "故障描述", "员工编号", "上门次数", "是否重开", "是否投诉", "首次解决时间", "重开时间", "承诺解决时间",
];
/// The columns of surveys.
#[rustfmt::skip]
pub const SURVEY_HEADER: [&str; 15] = [
    "评价编号", "服务工单号", "员工编号", "评价主体", "评价时间", "服务态度", "专业能力", "问题解决", "流程规范性",
    "响应时效(客户评)", "总体满意度", "改进建议", "建议回复时间", "服务亮点", "客户情绪",
];
/// The columns of pauses.
pub const PAUSE_HEADER: [&str; 4] = ["服务工单号", "暂停时间", "恢复时间", "暂停原因"];
/// The columns of the roster.
pub const STAFF_HEADER: [&str; 7] = ["员工编号", "姓名", "班组", "岗位", "网点", "入职日期", "离职日期"];

/// Takes the cells of a row, one after the other.
pub trait Cells {
    /// A cell as it is.
    fn text(&mut self, text: &str);

    /// `2026-07-01 08:30:05`; empty if there is no moment.
    fn time(&mut self, moment: Option<NaiveDateTime>) {
        match moment {
            None => self.text(""),
            Some(moment) => self.text(std::str::from_utf8(&digits(moment)).unwrap_or_default()),
        }
    }
}

impl Cells for Vec<String> {
    fn text(&mut self, text: &str) {
        self.push(text.to_owned());
    }
}

/// Year, month, day, hour, minute and second of a moment of the years 0 to 9999.
pub fn digits(t: NaiveDateTime) -> [u8; 19] {
    let mut out = *b"0000-00-00 00:00:00";
    let date = t.date();
    let year = u32::try_from(date.year()).unwrap_or_default();
    let pairs = [
        (0, year / 100 % 100),
        (2, year % 100),
        (5, date.month()),
        (8, date.day()),
        (11, t.hour()),
        (14, t.minute()),
        (17, t.second()),
    ];
    for (at, n) in pairs {
        out[at] = b'0' + u8::try_from(n / 10).unwrap_or_default();
        out[at + 1] = b'0' + u8::try_from(n % 10).unwrap_or_default();
    }
    out
}

const fn yes(flag: bool) -> &'static str {
    if flag { "是" } else { "否" }
}

/// What a row of a ticket tells of others: who bought what, and the number of who serves it.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    pub customer: &'a Customer,
    pub model: &'a Model,
    pub staff: &'a str,
}

/// A ticket as a dump taken at this moment shows it.
pub fn ticket(out: &mut impl Cells, t: &Ticket, around: &Around, taken: NaiveDateTime) {
    const COUNTS: [&str; 4] = ["0", "1", "2", "3"];
    let seen = |moment: Option<NaiveDateTime>| moment.filter(|m| *m <= taken);
    // The first resolution is the resolution until the customer comes back.
    let again = seen(t.reopened).filter(|_| t.first_resolved.is_some());
    let resolved = if again.is_none() { t.first_resolved.or(t.resolved) } else { t.resolved };
    let done = seen(resolved).is_some();
    let status = if seen(t.cancelled).is_some() {
        "已取消"
    } else if done {
        t.status
    } else if seen(t.first_response).is_some() {
        "处理中"
    } else {
        "待处理"
    };
    let Around { customer, model, staff } = around;
    let (branch, region, _) = BRANCHES[t.branch];
    out.text(&t.id);
    out.time(Some(t.requested));
    out.time(seen(t.first_response));
    out.time(seen(t.started));
    out.time(seen(resolved));
    out.text(status);
    out.text(&customer.id);
    out.text(&customer.name);
    out.text(if customer.vip { "VIP客户" } else { "普通客户" });
    out.text(if customer.company { "企业" } else { "个人" });
    for text in [t.service, t.channel, t.priority, region, branch, &*model.name, model.line] {
        out.text(text);
    }
    for text in [&t.serial, &t.faults, &t.description] {
        out.text(text);
    }
    out.text(staff);
    out.text(if done { COUNTS[t.visits] } else { "" });
    out.text(yes(seen(t.reopened).is_some()));
    out.text(yes(t.complaint));
    out.time(seen(again.and(t.first_resolved)));
    out.time(seen(again));
    out.time(t.promised);
}

/// A survey as a dump taken at this moment shows it, with words or digits for points.
pub fn survey(out: &mut impl Cells, s: &Survey, in_words: bool, taken: NaiveDateTime) {
    const WORDS: [&str; 6] = ["", "非常不满意", "不满意", "一般", "满意", "非常满意"];
    const DIGITS: [&str; 6] = ["", "1", "2", "3", "4", "5"];
    let missing = ["", "?", "无"][s.scores.iter().map(|p| usize::from(*p)).sum::<usize>() % 3];
    for text in [&s.id, &s.ticket, &s.staff, s.evaluator] {
        out.text(text);
    }
    out.time(Some(s.answered));
    for points in s.scores {
        out.text(match points {
            0 => missing,
            p if in_words => WORDS[usize::from(p)],
            p => DIGITS[usize::from(p)],
        });
    }
    out.text(&s.suggestion);
    out.time(s.replied.filter(|at| *at <= taken));
    out.text(&s.strengths());
    out.text(s.emotion());
}

/// A pause.
pub fn pause(out: &mut impl Cells, p: &Pause) {
    out.text(&p.ticket);
    out.time(Some(p.from));
    out.time(p.to);
    out.text(p.reason);
}

/// A member of the staff.
pub fn staff(out: &mut impl Cells, s: &Staff) {
    for text in [&*s.id, &*s.name, s.team, s.position, BRANCHES[s.branch].0] {
        out.text(text);
    }
    out.text(&s.hired.to_string());
    out.text(&s.left.map(|d| d.to_string()).unwrap_or_default());
}

/// The row of the roster that cannot be read, with this number.
pub fn bad_staff(out: &mut impl Cells, id: &str) {
    for text in [id, "钱*", "安装组", "安装工程师", "天津分部", "2025年冬", ""] {
        out.text(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::calendar::at;

    #[test]
    fn moments_have_nineteen_places() {
        for t in [at(1, 2, 3, 4, 5), at(12, 31, 23, 59, 59)] {
            assert_eq!(digits(t), t.format("%Y-%m-%d %H:%M:%S").to_string().as_bytes());
        }
    }
}
