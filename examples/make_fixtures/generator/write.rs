//! Rows become cells, and cells become the bytes of files.

use chrono::NaiveDateTime;

use super::calendar::month_end;
use super::dirt::{Kind, Row};
use super::people::{BRANCHES, Staff};
use super::products::MODELS;
use super::surveys::Survey;
use super::tickets::{Ticket, World};

#[rustfmt::skip]
const TICKET_HEADER: [&str; 27] = [
    "服务工单号", "客户提出需求时间", "首次响应时间", "开始处理时间", "问题解决时间", "工单状态", "客户编号", "客户名称",
    "客户等级", "客户类别", "服务类型", "服务渠道", "优先级", "区域", "网点", "产品型号", "产品线", "产品序列号", "故障类别",
    "故障描述", "员工编号", "上门次数", "是否重开", "是否投诉", "首次解决时间", "重开时间", "承诺解决时间",
];
#[rustfmt::skip]
const SURVEY_HEADER: [&str; 13] = [
    "评价编号", "服务工单号", "员工编号", "评价主体", "评价时间", "服务态度", "专业能力", "问题解决", "流程规范性",
    "响应时效(客户评)", "总体满意度", "改进建议", "建议回复时间",
];
const PAUSE_HEADER: [&str; 4] = ["服务工单号", "暂停时间", "恢复时间", "暂停原因"];
const STAFF_HEADER: [&str; 7] = ["员工编号", "姓名", "班组", "岗位", "网点", "入职日期", "离职日期"];

pub fn time(t: NaiveDateTime) -> String {
    t.format("%Y-%m-%d %H:%M:%S").to_string()
}

fn yes(flag: bool) -> String {
    if flag { "是" } else { "否" }.to_owned()
}

/// A ticket as a dump taken at this moment shows it.
pub fn ticket_cells(world: &World, t: &Ticket, taken: NaiveDateTime) -> Vec<String> {
    let seen = |moment: Option<NaiveDateTime>| moment.filter(|m| *m <= taken);
    let shown = |moment: Option<NaiveDateTime>| seen(moment).map(time).unwrap_or_default();
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
    let customer = &world.customers[t.customer];
    let (branch, region, _) = BRANCHES[t.branch];
    let (model, line, _) = MODELS[t.model];
    let text = str::to_owned;
    vec![
        t.id.clone(),
        time(t.requested),
        shown(t.first_response),
        shown(t.started),
        shown(resolved),
        text(status),
        customer.id.clone(),
        customer.name.clone(),
        text(if customer.vip { "VIP客户" } else { "普通客户" }),
        text(if customer.company { "企业" } else { "个人" }),
        text(t.service),
        text(t.channel),
        text(t.priority),
        text(region),
        text(branch),
        text(model),
        text(line),
        t.serial.clone(),
        t.faults.clone(),
        t.description.clone(),
        t.staff.map_or_else(|| text("S999"), |s| world.staff[s].id.clone()),
        if done { t.visits.to_string() } else { String::new() },
        yes(seen(t.reopened).is_some()),
        yes(t.complaint),
        shown(again.and(t.first_resolved)),
        shown(again),
        t.promised.map(time).unwrap_or_default(),
    ]
}

/// A survey as the dump of a month shows it; that of April to June has words for points.
pub fn survey_cells(s: &Survey, index: usize) -> Vec<String> {
    const WORDS: [&str; 6] = ["", "非常不满意", "不满意", "一般", "满意", "非常满意"];
    let missing = ["", "?", "无"][s.scores.iter().map(|p| usize::from(*p)).sum::<usize>() % 3];
    let in_words = (3..6).contains(&index);
    let mut cells = vec![s.id.clone(), s.ticket.clone(), s.staff.clone(), s.evaluator.to_owned(), time(s.answered)];
    cells.extend(s.scores.iter().map(|p| match p {
        0 => missing.to_owned(),
        p if in_words => WORDS[usize::from(*p)].to_owned(),
        p => p.to_string(),
    }));
    cells.push(s.suggestion.to_owned());
    let taken = month_end(u32::try_from(index).expect("a month") + 1);
    cells.push(s.replied.filter(|at| *at <= taken).map(time).unwrap_or_default());
    cells
}

/// The roster: those who work, those who left, and one row that cannot be read.
pub fn staff_rows(staff: &[Staff], former: &[Staff]) -> Vec<Row> {
    let cells = |s: &Staff| {
        let left = s.left.map(|d| d.to_string()).unwrap_or_default();
        let text = str::to_owned;
        vec![
            s.id.clone(),
            s.name.clone(),
            text(s.team),
            text(s.position),
            text(BRANCHES[s.branch].0),
            s.hired.to_string(),
            left,
        ]
    };
    let mut rows: Vec<Row> = staff.iter().chain(former).map(|s| Row::new(cells(s), Kind::Used)).collect();
    let bad = ["S060", "钱*", "安装组", "安装工程师", "天津分部", "2025年冬", ""].map(str::to_owned).to_vec();
    rows.push(Row::new(bad, Kind::Bad(super::dirt::BAD_STAFF.0)));
    rows
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

fn csv<'a>(lines: impl Iterator<Item = &'a [String]>, end: &str) -> String {
    let mut out = String::new();
    for cells in lines {
        out.push_str(&cells.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(","));
        out.push_str(end);
    }
    out
}

fn with_header(header: &[&str], rows: &[Row], end: &str) -> String {
    let header: Vec<String> = header.iter().map(|h| (*h).to_owned()).collect();
    csv(std::iter::once(header.as_slice()).chain(rows.iter().map(|r| r.cells.as_slice())), end)
}

/// Places of the times of a ticket.
const TIMES: [usize; 7] = [1, 2, 3, 4, 24, 25, 26];

/// `2026-07-01 08:30:00` as `2026/7/1 8:30`; anything else stays as it is.
fn with_slashes(cell: &str) -> String {
    let parts: Vec<&str> = cell.split(['-', ' ', ':']).collect();
    let short = |n: &str| n.strip_prefix('0').unwrap_or(n).to_owned();
    match parts[..] {
        [y, mo, d, h, mi, _] => format!("{y}/{}/{} {}:{mi}", short(mo), short(d), short(h)),
        _ => cell.to_owned(),
    }
}

/// One monthly dump of tickets, each month as its own office would send it.
pub fn ticket_file(month: usize, mut rows: Vec<Row>) -> Vec<u8> {
    let mut header = TICKET_HEADER.to_vec();
    match month {
        3 => {
            header.push("备注");
            for row in &mut rows {
                let called = row.cells[0].ends_with("17");
                row.cells.push(if called { "已回访" } else { "" }.to_owned());
            }
        }
        5 => {
            header.push("导出时间");
            for row in &mut rows {
                row.cells.push("2026-06-01".to_owned());
            }
        }
        6 => {
            header[0] = "工单编号";
            header[1] = "报修时间";
            header[14] = "处理网点";
        }
        7 => {
            for row in &mut rows {
                let times = row.cells.iter_mut().enumerate().filter(|(place, _)| TIMES.contains(place));
                times.for_each(|(_, cell)| *cell = with_slashes(cell));
            }
        }
        8 => {
            header.swap(13, 15);
            for row in rows.iter_mut().filter(|r| r.cells.len() > 15) {
                row.cells.swap(13, 15);
            }
        }
        _ => {}
    }
    let text = with_header(&header, &rows, if month == 5 { "\r\n" } else { "\n" });
    match month {
        1 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        4 => encoding_rs::GB18030.encode(&text).0.into_owned(),
        _ => text.into_bytes(),
    }
}

pub fn survey_file(rows: &[Row]) -> Vec<u8> {
    with_header(&SURVEY_HEADER, rows, "\n").into_bytes()
}

pub fn pause_file(rows: &[Row]) -> Vec<u8> {
    with_header(&PAUSE_HEADER, rows, "\n").into_bytes()
}

pub fn staff_file(rows: &[Row]) -> Vec<u8> {
    with_header(&STAFF_HEADER, rows, "\n").into_bytes()
}
