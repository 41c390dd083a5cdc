//! The story of one ticket in words that a customer could be shown: what happened, which days counted, what each clock
//! came to.

mod clocks;
mod days;
mod sums;
#[cfg(test)]
mod tests;
mod wording;

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

pub use self::wording::Wording;
use crate::review::{Paused, Story};

/// What is told of a ticket besides moments and clocks, as far as it is known. The rest is nothing to a customer.
const ABOUT: [&str; 12] = [
    "status",
    "service_type",
    "priority",
    "channel",
    "region",
    "branch",
    "product_line",
    "product_model",
    "serial_number",
    "fault_codes",
    "fault_description",
    "staff_name",
];

/// Tells a story.
pub fn tell(story: &Story, wording: &Wording) -> String {
    let mut text = heading(story, wording);
    let about = story.about.iter().filter(|(column, _)| ABOUT.contains(column));
    let about = about.map(|(column, value)| (wording.column(column).to_owned(), value.clone()));
    section(&mut text, None, about.collect());
    let moments = story.moments.iter();
    let moments = moments.map(|(column, at)| (wording.moment(*at), wording.event(column).to_owned()));
    section(&mut text, Some(wording.either("经过", "What happened")), moments.collect());
    let pauses = story.pauses.iter().map(|pause| paused(pause, wording)).collect();
    section(&mut text, Some(wording.either("暂停计时", "On hold")), pauses);
    let clock = wording.clock("resolution");
    let (zh, en) = (
        format!("逐日工作时间，及计入“{clock}”的时间"),
        format!("Working hours day by day, and what of them counts for “{clock}”"),
    );
    section(&mut text, Some(wording.either(&zh, &en)), days::lines(story, wording));
    let verdicts = clocks::verdicts(story, wording);
    if !verdicts.is_empty() {
        let _ = writeln!(text, "\n{}", wording.either("时限", "Targets"));
    }
    for verdict in verdicts {
        let _ = writeln!(text, "  {}", verdict.headline);
        for (name, words) in verdict.lines {
            let _ = writeln!(text, "    {}  {words}", padded(name, wording.either("起止", "target").width()));
        }
    }
    text
}

fn heading(story: &Story, wording: &Wording) -> String {
    let (id, seen) = (&story.ticket_id, wording.last_moment(story.as_of));
    let calendar = match story.calendar.as_str() {
        "default" => String::new(),
        name => wording.either(&format!("，工作日历“{name}”"), &format!(", working calendar “{name}”")).to_owned(),
    };
    wording
        .either(&format!("工单 {id}\n截至 {seen}{calendar}\n"), &format!("Ticket {id}\nAs of {seen}{calendar}\n"))
        .to_owned()
}

/// A title and lines in two columns; nothing where there are no lines.
fn section(text: &mut String, title: Option<&str>, lines: Vec<(String, String)>) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}", title.map_or_else(String::new, |title| format!("\n{title}")));
    // Runs of days are long, and seldom: they do not push the others away.
    let widths = lines.iter().map(|(left, _)| left.width()).filter(|width| *width <= 24);
    let width = widths.max().unwrap_or(0);
    for (left, right) in lines {
        let _ = writeln!(text, "  {}  {right}", padded(&left, width));
    }
}

/// Pads to a width on the screen, where a Chinese character takes two places.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn paused(pause: &Paused, wording: &Wording) -> (String, String) {
    let begin = wording.moment(pause.begin);
    let end = pause.end.map(|end| wording.moment(end));
    let when = match end {
        Some(end) => wording.either(&format!("{begin} 至 {end}"), &format!("{begin} to {end}")).to_owned(),
        None => wording.either(&format!("{begin} 至今"), &format!("{begin} until now")).to_owned(),
    };
    let reason = match (&pause.reason, pause.closed) {
        (_, true) => wording.either("已解决，至重开之前", "resolved, until it was reopened"),
        (Some(reason), false) => reason,
        (None, false) => wording.either("原因未记录", "no reason recorded"),
    };
    let stopped: Vec<&str> = pause.stops.iter().map(|clock| wording.clock(clock)).collect();
    let stops = if stopped.is_empty() {
        wording.either("照常计时", "no time is deducted").to_owned()
    } else {
        let (zh, en) = (stopped.join("、"), stopped.join(", "));
        wording.either(&format!("不计入{zh}"), &format!("not counted: {en}")).to_owned()
    };
    (when, wording.either(&format!("{reason}，{stops}"), &format!("{reason}; {stops}")).to_owned())
}
