//! `[sources.surveys]`: what surveys need beyond the columns that were recognised.

use chrono::{Datelike, NaiveDate};

use super::build::{Setting, label, row_number};
use super::columns::{How, recognise};
use super::files;
use super::kinds::Feed;
use super::source::{Line, SourceDraft, Theirs};
use crate::schema::input::SourceKind;
use crate::schema::synonyms::OVERALL;

pub fn complete<'a>(draft: &mut SourceDraft<'a>, feed: &Feed<'_, 'a>, setting: Setting) {
    let tongue = setting.tongue;
    if feed.among_tickets {
        // What is not said of the survey beyond doubt belongs to the ticket, its staff included.
        let sure = |ours: &str| feed.matches.get(ours).is_some_and(|found| found.how == How::Strong);
        draft.columns.retain(|line| line.ours == "ticket_id" || line.ours != "staff_id" && sure(&line.ours));
    }
    dimensions(draft, feed, setting);
    if feed.among_tickets {
        draft.filled = answered_or_score(draft, feed);
        only_with_scores(draft, setting);
    }
    if !draft.has("answered_at") {
        answered_at(draft, feed, setting);
    }
    let named = draft.has("ticket_id") || draft.has("staff_id");
    if !named {
        let why = tongue
            .say("没有工单号和员工列，全部记在一处", "no ticket and no staff is named; all answers stand together");
        draft.columns.push(Line::new("staff_id", Theirs::Always("-".to_owned())).unsure(Some(why)));
    }
    if !draft.has("survey_id") && !draft.has("ticket_id") && feed.matches.get("dimension").is_none() {
        let why = tongue.say(
            "没有评价编号，以行号代替；重复导出的评价会重复计入",
            "surveys have no number; those that come again in another dump count twice",
        );
        draft.columns.push(Line::new("survey_id", row_number(&draft.tables)).unsure(Some(why)));
    }
}

fn dimensions<'a>(draft: &mut SourceDraft<'a>, feed: &Feed<'_, 'a>, setting: Setting) {
    let tongue = setting.tongue;
    for found in &feed.dimensions {
        let names: Vec<String> = found.theirs.iter().map(|name| (*name).to_owned()).collect();
        let (theirs, why) = match found.scale {
            None => (Theirs::Names(names), None),
            Some((low, high)) => (
                Theirs::Scaled { names, scale: (low, high) },
                Some(if tongue.is_zh() {
                    format!("按取值推断为 {low}–{high} 分制")
                } else {
                    format!("the scale is taken from the answers: {low} to {high}")
                }),
            ),
        };
        let number = found.name.strip_prefix('q').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
        let unnamed = number.then(|| tongue.say("请改成有含义的英文名", "give it a telling name"));
        let general = (found.name == OVERALL && !found.known)
            .then(|| tongue.say("唯一的评分列，视为总体满意度", "the only score, so it is taken for the overall one"));
        draft.dimensions.push(Line::new(&found.name, theirs).unsure(why).unsure(unnamed).unsure(general));
    }
    if !feed.dimensions.iter().any(|found| found.name == OVERALL) {
        draft.notes.push(tongue.say(
            "没有总体满意度一列；若有一列是，请改名为 overall",
            "no column is the overall satisfaction; if one is, call it `overall`",
        ));
    }
}

/// The column that tells whether a row of a ticket table holds a survey.
fn answered_or_score(draft: &SourceDraft, feed: &Feed) -> Option<String> {
    let answered = draft.line("answered_at").and_then(|line| line.theirs.names().first().cloned());
    let overall = || feed.dimensions.iter().find(|found| found.name == OVERALL);
    let fullest =
        || feed.dimensions.iter().max_by_key(|found| found.columns.iter().map(|c| c.cells.len()).sum::<usize>());
    answered.or_else(|| overall().or_else(fullest)?.theirs.first().map(|name| (*name).to_owned()))
}

/// `where` knows no alternatives: files that call the column otherwise are not read as surveys, and named.
fn only_with_scores(draft: &mut SourceDraft, setting: Setting) {
    let Some(filled) = draft.filled.clone() else { return };
    let has = |peek: &&super::Peek| peek.header.iter().any(|name| name.trim() == filled);
    let lacking: Vec<String> = draft.tables.iter().filter(|peek| !has(peek)).map(|peek| label(peek)).collect();
    if lacking.is_empty() || lacking.len() == draft.tables.len() {
        return;
    }
    draft.tables.retain(has);
    draft.files = files::patterns(&draft.tables, setting.folder);
    draft.sheets = files::sheets(&draft.tables, setting.peeks);
    let lacking = lacking.join(&setting.tongue.say("、", ", "));
    draft.notes.push(if setting.tongue.is_zh() {
        format!("{lacking} 没有“{filled}”一列，其中的评价未读；请统一列名")
    } else {
        format!("{lacking}: no column \"{filled}\", so that its surveys are not read; give it that name")
    });
}

/// Where nothing says when a survey was answered: the end of its ticket, else a day for all of them.
fn answered_at(draft: &mut SourceDraft, feed: &Feed, setting: Setting) {
    let tongue = setting.tongue;
    let tickets = recognise(feed.group, SourceKind::Tickets);
    let moments = ["closed_at", "resolved_at", "requested_at"];
    let moment = feed.among_tickets.then(|| moments.into_iter().find_map(|ours| tickets.get(ours))).flatten();
    if let Some(found) = moment {
        let names: Vec<String> = found.theirs.iter().map(|column| column.name.to_owned()).collect();
        let why = tongue.say(
            "没有评价时间，以工单的时间代替",
            "nothing says when it was answered; a time of the ticket stands for it",
        );
        let settled = found.theirs.iter().find_map(|column| super::dates::settle(feed.group, column, &[]));
        draft.span = found.theirs.first().and_then(|column| column.span());
        draft.columns.push(super::source::time_line("answered_at", names, settled, tongue).unsure(Some(why)));
        return;
    }
    let year = feed.group.tables.iter().find_map(|peek| year(&files::stem(&peek.path)));
    let day = year.and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1)).unwrap_or(setting.today);
    let why =
        tongue.say("没有任何时间列，全部视为这一天", "there is no column of times; all answers are taken for this day");
    draft.columns.push(Line::new("answered_at", Theirs::Always(day.format("%Y-%m-%d").to_string())).unsure(Some(why)));
    let moment = day.and_hms_opt(0, 0, 0).map(|time| time.and_utc().timestamp_micros());
    draft.span = moment.map(|moment| (moment, moment));
}

/// The year in the name of a file.
fn year(stem: &str) -> Option<i32> {
    let numbers = stem.split(|c: char| !c.is_ascii_digit());
    let years = numbers.filter_map(|digits| digits.get(..4)?.parse::<i32>().ok());
    years.filter(|year| (1990..=2100).contains(year)).max().filter(|year| *year <= NaiveDate::MAX.year())
}

#[cfg(test)]
mod tests {
    #[test]
    fn years_are_found_in_names() {
        let cases = [
            ("tickets-2026-07", Some(2026)),
            ("2019", Some(2019)),
            ("survey20240731", Some(2024)),
            ("v10001", None),
            ("a", None),
        ];
        for (stem, expected) in cases {
            assert_eq!(super::year(stem), expected, "{stem}");
        }
    }
}
