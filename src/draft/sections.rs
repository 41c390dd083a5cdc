//! The sections of the draft besides its sources.

use super::build::Setting;
use super::dates::{Moment, year};
use super::dimensions;
use super::kinds::Feed;
use super::say::{Tongue, key, list, plain, quoted};
use super::source::SourceDraft;
use crate::schema::Language;
use crate::schema::input::SourceKind;

use std::fmt::Write;

const DAY: Moment = 86_400_000_000;

/// Years of the built-in Chinese holidays.
const HOLIDAYS: std::ops::RangeInclusive<i32> = 2018..=2026;

pub struct Sources<'s, 'a>(pub &'s [SourceDraft<'a>]);

impl<'s, 'a> Sources<'s, 'a> {
    pub fn get(&self, kind: SourceKind) -> Option<&'s SourceDraft<'a>> {
        self.0.iter().find(|source| source.kind == kind)
    }

    fn has(&self, kind: SourceKind, ours: &str) -> bool {
        self.get(kind).is_some_and(|source| source.has(ours))
    }

    fn tickets_have(&self, ours: &str) -> bool {
        self.has(SourceKind::Tickets, ours)
    }

    /// First and last moment of tickets and surveys.
    fn span(&self) -> Option<(Moment, Moment)> {
        let spans = self.0.iter().filter_map(|source| source.span);
        spans.reduce(|(low, high), (first, last)| (low.min(first), high.max(last)))
    }
}

/// `[review]`, and what is unsure about it.
pub fn review(sources: &Sources, setting: Setting, doubts: &mut Vec<String>) -> String {
    let tongue = setting.tongue;
    let main = sources.get(SourceKind::Tickets).or(sources.get(SourceKind::Surveys));
    let about = main.and_then(|source| super::files::title(&source.tables));
    let title = match (tongue.0, about) {
        (Language::Zh, Some(about)) => format!("{about} 服务质量评审"),
        (Language::Zh, None) => "售后服务质量评审".to_owned(),
        (Language::En, Some(about)) => format!("Service quality review: {about}"),
        (Language::En, None) => "After-sales quality review".to_owned(),
    };
    let period = match sources.span().map(|(first, last)| (last - first) / DAY) {
        Some(days) if days > 3 * 366 => "year",
        Some(0) => "year",
        // Where only the beginning was seen there is probably more.
        Some(days) if days < 62 && setting.peeks.iter().all(|peek| peek.complete) => "month",
        _ => "quarter",
    };
    let (zone, language, unsure) = match tongue.0 {
        Language::Zh => ("Asia/Shanghai", "zh", String::new()),
        Language::En => {
            let why = "nothing in the files names a time zone";
            doubts.push(format!("review.time_zone = \"UTC\": {why}"));
            ("UTC", "en", format!("  # UNSURE: {why}"))
        }
    };
    format!(
        "[review]\ntitle     = {}\nperiod    = \"{period}\"  # month | quarter | half | year\n\
         time_zone = \"{zone}\"{unsure}\nlanguage  = \"{language}\"  # zh | en\n",
        quoted(&title),
    )
}

/// `[calendars.default]`, `[[sla]]` and `[clocks]`.
pub fn targets(sources: &Sources, tongue: Tongue, doubts: &mut Vec<String>) -> String {
    let Some(tickets) = sources.get(SourceKind::Tickets) else { return String::new() };
    let known = sources.span().is_some_and(|(a, b)| HOLIDAYS.contains(&year(a)) && HOLIDAYS.contains(&year(b)));
    let hours = if tongue.is_zh() { "08:30-12:00 13:00-17:30" } else { "09:00-17:00" };
    let mut text = format!("[calendars.default]\nweekly   = {{ mon-fri = \"{hours}\" }}");
    let why = tongue.say("请改成实际工作时间", "write your own hours");
    _ = writeln!(text, "  # UNSURE: {why}");
    doubts.push(format!("calendars.default.weekly = \"{hours}\": {why}"));
    if tongue.is_zh() {
        if known {
            text += "holidays = \"cn\"  # 法定节假日与调休，2018–2026 年\n";
        } else {
            let why = "数据年份超出内置节假日（2018–2026 年），未计节假日";
            doubts.push(format!("calendars.default: {why}"));
            _ = writeln!(text, "# UNSURE: {why}");
        }
    } else {
        text += "# dates  = { \"2026-12-25\" = \"closed\" }  # public holidays and other special days\n";
    }
    text += &sla(tickets, tongue, doubts);
    if sources.get(SourceKind::Pauses).is_some() {
        let why = tongue.say("假定所有暂停都停表", "all pauses are taken to stop the clock");
        doubts.push(format!("clocks.resolution.pauses = \"all\": {why}"));
        _ = writeln!(text, "\n[clocks.resolution]\npauses = \"all\"  # UNSURE: {why}");
    }
    text
}

fn sla(tickets: &SourceDraft, tongue: Tongue, doubts: &mut Vec<String>) -> String {
    let mut targets = Vec::new();
    let mut promised = false;
    for (clock, end, promise, hours, days) in [
        ("first_response", "first_response_at", "promised_first_response_at", "2h", "1d close"),
        ("start", "started_at", "", "8h", "2d close"),
        ("resolution", "resolved_at", "promised_resolution_at", "24h", "3d close"),
    ] {
        if tickets.has(promise) {
            promised = true;
        } else if tickets.has(end) {
            targets.push((clock, if tickets.dates_only { days } else { hours }));
        }
    }
    let mut text = String::from("\n");
    if promised {
        _ = writeln!(text,
            "# {}",
            tongue.say(
                "工单自带承诺时间，优先于下面的时限；没有承诺的工单，如需考核请补写时限。",
                "Tickets bring their own promised times, which come before these targets; write targets for the others.",
            )
        );
    }
    _ = writeln!(text,
        "# {}",
        tongue.say(
            "\"2h\" 工作时间；\"24h clock\" 自然时间；\"3d close\" 第三个工作日下班前。自上而下，第一条符合的生效。",
            "\"2h\" working time; \"24h clock\" around the clock; \"3d close\" by closing of the third working day. The first match wins.",
        )
    );
    if targets.is_empty() {
        return text + "# [[sla]]\n# resolution = \"24h\"\n";
    }
    let why = tongue.say("示例时限，请改成贵司的承诺", "an example; write what you promise");
    doubts.push(format!("sla: {why}"));
    text += "[[sla]]\n";
    for (clock, target) in targets {
        _ = writeln!(text, "{clock:14} = \"{target}\"  # UNSURE: {why}");
    }
    text
}

/// `[tenure]`, `[scores]`, `[defects]`, `[opinions]`, `[breakdowns]` and `[quality]`.
pub fn figures(sources: &Sources, surveys: Option<&Feed>, tongue: Tongue, doubts: &mut Vec<String>) -> String {
    let mut text = String::new();
    let roster = sources.get(SourceKind::Staff);
    let tenure = roster.is_some_and(|roster| roster.has("hired_on") || roster.has("tenure_band"));
    if roster.is_some_and(|roster| roster.has("hired_on")) {
        let what = tongue.say("满月数，a-b 表示 a ≤ 工龄 < b", "completed months, a ≤ tenure < b");
        _ = writeln!(text, "[tenure]\nbands = [\"0-3m\", \"3-6m\", \"6-12m\", \"1-3y\", \"3y+\"]  # {what}\n");
    }
    if let Some(feed) = surveys {
        _ = writeln!(
            text,
            "[scores]\ntarget = 4.0  # {}\nmin_n  = 5    # {}\n{}",
            tongue.say("各维度应达到的均分", "the mean that a dimension should reach"),
            tongue.say("少于 5 份不出数", "fewer answers: no figure"),
            words(feed, tongue, doubts)
        );
    }
    if sources.tickets_have("fault_codes") {
        let customer = ["customer_id", "customer_name", "customer_phone"].iter().any(|ours| sources.tickets_have(ours));
        let serial = sources.tickets_have("serial_number") && !customer;
        _ = writeln!(
            text,
            "[defects]\nrepeat_within_days = 30\nsame = \"{}\"  # customer | serial_number",
            if serial { "serial_number" } else { "customer" }
        );
        if !customer && !serial {
            let why = tongue.say(
                "没有客户和序列号，无法识别重复报修",
                "no column names the customer or the unit, so repeats cannot be seen",
            );
            doubts.push(format!("defects: {why}"));
            _ = writeln!(text, "# UNSURE: {why}");
        }
        text.push('\n');
    }
    if sources.tickets_have("fault_description")
        || ["suggestion", "comment"].iter().any(|ours| sources.has(SourceKind::Surveys, ours))
    {
        let lists = tongue.say("[\"zh\", \"en\"]", "\"en\"");
        let what = tongue.say("意见主题词典，自己的放在 themes/ 下", "lists of themes; your own go into themes/");
        _ = writeln!(text, "[opinions]\nthemes = {lists}  # {what}\n");
    }
    text += &breakdowns(sources, surveys.is_some(), tenure);
    let tolerate = tongue.say("坏行超过 2 % 即停止", "more bad rows in a source: the run stops");
    text + &format!("[quality]\ntolerate = \"2%\"  # {tolerate}\n")
}

fn words(feed: &Feed, tongue: Tongue, doubts: &mut Vec<String>) -> String {
    let mut columns: Vec<_> = feed.dimensions.iter().flat_map(|found| found.columns.iter().copied()).collect();
    columns.extend(feed.matches.column("score"));
    let (known, others) = dimensions::words(&columns);
    let mut text = String::new();
    if !known.is_empty() {
        let mut sorted: Vec<_> = known.into_iter().collect();
        sorted.sort_by_key(|(word, points)| (std::cmp::Reverse(*points), *word));
        let pairs: Vec<String> = sorted.iter().map(|(word, points)| format!("{} = {points}", key(word))).collect();
        _ = writeln!(text, "words  = {{ {} }}", pairs.join(", "));
    }
    if !others.is_empty() {
        let others: Vec<&str> = others.into_iter().take(20).collect();
        let why = tongue.say("下列答案不知几分，请加入 words", "these answers have no points yet: add them to `words`");
        let example: Vec<String> = others.iter().map(|word| format!("{} = …", key(word))).collect();
        let example = format!("words = {{ {} }}", example.join(", "));
        doubts.push(format!("scores.words: {why}: {example}"));
        _ = writeln!(text, "# UNSURE: {why}: {}", plain(&example));
    }
    text
}

fn breakdowns(sources: &Sources, scored: bool, tenure: bool) -> String {
    let team = sources.has(SourceKind::Staff, "team");
    let staff = sources.tickets_have("staff_id");
    let of_tickets = |name: &str| match name {
        "team" => team && staff,
        "staff" => staff,
        "tenure_band" => tenure && staff,
        other => sources.tickets_have(other),
    };
    let credited = staff || sources.has(SourceKind::Surveys, "staff_id");
    let of_scores = |name: &str| match name {
        "team" => team && credited,
        "staff" => credited,
        "tenure_band" => tenure && credited,
        "evaluator" => sources.has(SourceKind::Surveys, "evaluator"),
        other => sources.tickets_have(other),
    };
    let all =
        ["service_type", "priority", "region", "branch", "channel", "customer_tier", "team", "staff", "tenure_band"];
    let sla: Vec<&str> = all.into_iter().filter(|name| of_tickets(name)).collect();
    let answers: Vec<&str> = ["staff", "tenure_band", "team", "branch", "service_type", "evaluator"]
        .into_iter()
        .filter(|name| of_scores(name))
        .collect();
    let mut text = String::from("[breakdowns]\n");
    if sources.get(SourceKind::Tickets).is_some() {
        _ = writeln!(text, "sla    = {}", list(&sla));
    }
    if scored {
        _ = writeln!(text, "scores = {}", list(&answers));
    }
    text + "\n"
}
