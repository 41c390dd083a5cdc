//! What each clock of a story came to: target, due time, time used as a sum that can be checked, outcome and why.

use super::sums;
use super::wording::Wording;
use crate::review::{Story, Target, Told};

/// The headline of a clock and, below it, a line each: what it is about, and the words.
pub struct Verdict {
    pub headline: String,
    pub lines: Vec<(&'static str, String)>,
}

/// Clocks that apply to the ticket or its surveys.
pub fn verdicts(story: &Story, wording: &Wording) -> Vec<Verdict> {
    let verdict = |told: &Told| {
        let outcome = told.outcome?;
        Some(Verdict { headline: headline(told, outcome, wording), lines: lines(story, told, outcome, wording) })
    };
    story.clocks.iter().filter_map(verdict).collect()
}

fn headline(told: &Told, outcome: &str, wording: &Wording) -> String {
    let clock = wording.clock(told.clock);
    let of = told.survey.as_ref().map_or_else(String::new, |survey| {
        wording.either(&format!("（评价 {survey}）"), &format!(" (survey {survey})")).to_owned()
    });
    let mut text = wording.either(&format!("{clock}{of}："), &format!("{clock}{of}: ")).to_owned();
    text += match outcome {
        "met" => wording.either("达标", "on time"),
        "breached" => wording.either("超时", "late"),
        "running" => wording.either("进行中", "in progress"),
        "no_target" => wording.either("无时限", "no target"),
        "cancelled" => wording.either("已取消，不作考核", "cancelled, not judged"),
        _ => wording.either("无法计时", "cannot be timed"),
    };
    if let (Some(over), "breached") = (told.over_seconds, outcome) {
        let over = wording.duration(over);
        text += wording.either(&format!(" {over}"), &format!(" by {over}"));
        if told.promised {
            // Whoever waits for a promised hour waits at night, too.
            text += wording.either("（自承诺时间起）", " after the promised time");
        }
        if told.end.is_none() {
            text += wording.either("，尚未完成", ", and still open");
        }
    }
    text
}

fn lines(story: &Story, told: &Told, outcome: &str, wording: &Wording) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if outcome == "unusable" {
        lines.push((wording.either("原因", "why"), unusable(told, wording)));
        return lines;
    }
    if outcome == "cancelled" {
        return lines;
    }
    if let Some(start) = told.start {
        let from = wording.moment(start);
        let to = told.end.map_or_else(|| wording.either("至今", "now").to_owned(), |end| wording.moment(end));
        let to = wording.either(if told.end.is_some() { "至 " } else { "" }, "to ").to_owned() + &to;
        lines.push((
            wording.either("起止", "time"),
            wording.either(&format!("{from} {to}"), &format!("from {from} {to}")).to_owned(),
        ));
    }
    if let Some(target) = target(told, wording) {
        lines.push((wording.either("时限", "target"), target));
    }
    if let Some(due) = told.due {
        lines.push((wording.either("到期", "due"), due_time(told, wording.moment(due), wording)));
    }
    if let Some(used) = used(story, told, wording) {
        lines.push((wording.either("用时", "used"), used));
    }
    let left = told.target_seconds.filter(|_| !told.promised);
    if let (Some(target), Some(used), "running") = (left, told.used_seconds, outcome) {
        lines.push((wording.either("剩余", "left"), wording.duration((target - used).max(0))));
    }
    if let (Some(cause), "breached") = (told.cause, outcome) {
        lines.push((wording.either("原因", "why"), why(cause, wording).to_owned()));
    }
    lines
}

/// The target, and who agreed on it.
fn target(told: &Told, wording: &Wording) -> Option<String> {
    let basis = basis(told, wording)?;
    let agreed = match (told.target, told.target_seconds) {
        (Some(target @ Target::Days { .. }), Some(seconds)) if !told.promised => {
            let (target, time) = (wording.target(target), wording.duration(seconds));
            wording
                .either(&format!("{target}，合 {time}工作时间"), &format!("{target}, {time} of working time"))
                .to_owned()
        }
        (Some(target), _) if !told.promised => wording.target(target),
        _ => return Some(basis),
    };
    Some(wording.either(&format!("{agreed}，{basis}"), &format!("{agreed}, {basis}")).to_owned())
}

fn basis(told: &Told, wording: &Wording) -> Option<String> {
    if told.promised {
        return Some(wording.either("按对客户的承诺", "as promised to the customer").to_owned());
    }
    let policy = told.policy.as_deref()?;
    if policy == told.clock {
        return Some(wording.either("按该项通用约定", "agreed for all").to_owned());
    }
    let number = policy.strip_prefix("sla-").filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    Some(match number {
        Some(number) => {
            wording.either(&format!("按第 {number} 条服务约定"), &format!("service agreement no. {number}")).to_owned()
        }
        None => wording.either(&format!("按服务约定“{policy}”"), &format!("service agreement “{policy}”")).to_owned(),
    })
}

fn due_time(told: &Told, due: String, wording: &Wording) -> String {
    match told.paused_seconds {
        Some(1..) if !told.promised => due + wording.either("（已按暂停顺延）", " (put off by the time on hold)"),
        _ => due,
    }
}

/// `24 小时中用了 8 小时 12 分：周一 2 小时 30 分 + 周二 5 小时 42 分`.
fn used(story: &Story, told: &Told, wording: &Wording) -> Option<String> {
    let seconds = told.used_seconds?;
    let time = wording.duration(seconds);
    let mut text = match told.target_seconds.filter(|_| !told.promised) {
        Some(target) => {
            let target = wording.duration(target);
            wording.either(&format!("{target}中用了 {time}"), &format!("{time} of {target}")).to_owned()
        }
        None => time,
    };
    let paused = told.paused_seconds.filter(|paused| *paused > 0);
    let sum = sums::by_date(story, told).filter(|parts| !parts.is_empty());
    match (sum, whole(story, told)) {
        (Some(parts), _) => {
            text += wording.either("：", ": ");
            text += &sums::written(&parts, wording);
            if let Some(paused) = paused {
                let paused = wording.duration(paused);
                text +=
                    wording.either(&format!("（暂停 {paused}未计入）"), &format!(" ({paused} on hold not counted)"));
            }
        }
        (None, Some(whole)) if whole - paused.unwrap_or(0) == seconds => {
            if let Some(paused) = paused {
                let (whole, paused) = (wording.duration(whole), wording.duration(paused));
                text += wording.either(
                    &format!("：从起到止 {whole} − 暂停 {paused}"),
                    &format!(": {whole} from start to end − {paused} on hold"),
                );
            }
        }
        _ => {
            if let Some(paused) = paused {
                let paused = wording.duration(paused);
                text +=
                    wording.either(&format!("（暂停 {paused}未计入）"), &format!(" ({paused} on hold not counted)"));
            }
        }
    }
    Some(text)
}

/// Seconds from start to end, for a target around the clock.
fn whole(story: &Story, told: &Told) -> Option<i64> {
    matches!(told.target, Some(Target::Clock { .. })).then_some(())?;
    let second = |wall: i64| wall.div_euclid(1_000_000);
    Some(second(told.end.unwrap_or(story.as_of)) - second(told.start?))
}

fn unusable(told: &Told, wording: &Wording) -> String {
    if let Some(pair) = told.contradiction {
        let (earlier, later) = (wording.event(pair.earlier.0), wording.event(pair.later.0));
        let (before, after) = (wording.moment(pair.later.1), wording.moment(pair.earlier.1));
        let zh = format!("记录中“{later}”（{before}）早于“{earlier}”（{after}），两者必有一误");
        let en = format!("“{later}” ({before}) is recorded before “{earlier}” ({after}); one of them must be wrong");
        return wording.either(&zh, &en).to_owned();
    }
    let missing = match (told.start, told.end) {
        (None, _) => wording.either("没有记录起始时刻", "the moment at which it begins is not recorded"),
        (_, None) => wording.either("没有记录完成时刻", "the moment at which it ended is not recorded"),
        _ => wording
            .either("所需日期不在工作日历的年份之内", "the working calendar does not know the years of these dates"),
    };
    missing.to_owned()
}

fn why<'t>(cause: &'t str, wording: &Wording) -> &'t str {
    match cause {
        "no_response" => wording.either("至今没有响应", "nobody has responded yet"),
        "response" => wording.either("首次响应之前用时最长", "the time up to the first response took longest"),
        "waiting" => wording.either("响应之后等待开始处理用时最长", "waiting for work to begin took longest"),
        "handling" => wording.either("处理过程用时最长", "the work itself took longest"),
        "open" => wording.either("至今没有完成", "not done yet"),
        "late" => wording.either("完成得晚", "done late"),
        other => other,
    }
}
