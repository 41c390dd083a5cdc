//! Improvement measures on a calendar, and what they did.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Chart, Shown, View, Words};
use crate::publish::charts::{Caption, Change, MeasureBar, MeasureState, MeasureTick, MeasuresChart};
use crate::schema::facts::action::{NOT_STARTED, is_open};

const NAME: &str = "measures";

/// Measures that a page holds.
const MOST: usize = 25;
/// Months before and after the review that the calendar reaches at most.
const REACH: (u32, u32) = (18, 12);
/// Up to so many days the calendar has weeks, beyond them months.
const WEEKS: i64 = 75;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

/// The days of a measure.
struct Measure {
    row: usize,
    created: Option<NaiveDate>,
    due: Option<NaiveDate>,
    completed: Option<NaiveDate>,
    open: bool,
    /// Working days, also of one that was completed late.
    overdue: i64,
}

impl Measure {
    fn of(table: View, row: usize) -> Self {
        Self {
            row,
            created: table.date("created_on", row),
            due: table.date("due_on", row),
            completed: table.date("completed_on", row),
            open: is_open(table.text("state", row).unwrap_or_default()),
            overdue: table.long("overdue_workdays", row).unwrap_or(0),
        }
    }

    fn is_overdue(&self) -> bool {
        self.open && self.overdue > 0
    }

    fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        [self.created, self.due, self.completed].into_iter().flatten()
    }
}

fn choose(shown: &Shown) -> Option<MeasuresChart> {
    let words = shown.words();
    let table = shown.table("action_effect")?;
    let today = NaiveDate::parse_from_str(shown.release.as_of.get(..10)?, "%Y-%m-%d").ok()?;
    let rows = shown.reviewed(table, &[]);
    let mut measures: Vec<Measure> = rows.into_iter().map(|row| Measure::of(table, row)).collect();
    let id = |measure: &Measure| table.text("action_id", measure.row);
    let order = |m: &Measure| (!m.is_overdue(), m.due.unwrap_or(NaiveDate::MAX));
    measures.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| id(a).cmp(&id(b))));
    let (of, overdue) = (measures.len(), measures.iter().filter(|m| m.is_overdue()).count());
    measures.truncate(MOST);
    if measures.is_empty() {
        return None;
    }
    // Half a day of air at both ends; what reaches beyond the calendar is cut.
    let earliest = measures.iter().flat_map(Measure::days).min().unwrap_or(today).min(today);
    let latest = measures.iter().flat_map(Measure::days).max().unwrap_or(today).max(today);
    let earliest = earliest.max(today.checked_sub_months(Months::new(REACH.0)).unwrap_or(earliest));
    let latest = latest.min(today.checked_add_months(Months::new(REACH.1)).unwrap_or(latest));
    let shown_of = if of > MOST {
        words.either(
            &format!("{of} 项措施中逾期及时限最近的 {MOST} 项"),
            &format!("{MOST} of {of} measures, overdue ones first"),
        )
    } else {
        words.either(&format!("n = {of} 项措施"), &format!("n = {of} measures"))
    };
    let late = words.either(&format!("逾期 {overdue} 项"), &format!("{overdue} overdue"));
    Some(MeasuresChart {
        caption: Caption {
            title: words.either("改进措施进度与效果", "Improvement measures and their effect"),
            subtitle: format!("{} · {shown_of} · {late}", words.period(shown.release.period)),
            footnote: Some(words.either(
                "横条自制定日至完成日，未完成者至评审时点；逾期者在前，其余按完成时限排列。效果为完成前后之比较，有显著差异（q < 0.05，\
                 Benjamini–Hochberg 校正）方称改善或变差；同期其他变化也可能是原因。",
                "Bars run from the day a measure was decided on to its completion, or to the review; overdue ones come first, then by the \
                 day due. Effects compare before with after: better or worse only with a q below 0.05 (Benjamini–Hochberg), and other things \
                 may have changed as well.",
            )),
        },
        rows: measures.iter().map(|measure| bar(words, table, measure, (earliest, today))).collect(),
        days: (number(earliest) - 0.5, number(latest) + 0.5),
        ticks: ticks(words, earliest, latest),
        today: number(today),
        state_labels: [
            words.either("已完成", "Completed"),
            words.either("进行中", "Under way"),
            words.either("未启动", "Not started"),
        ],
        late_label: words.either("逾期部分", "Past the day due"),
        due_label: words.either("完成时限", "Due"),
        today_label: words.either("评审时点", "The review"),
        heads: [
            words.either("措施", "Measure"),
            words.either("责任部门与责任人", "Responsible"),
            words.either("效果（前 → 后）", "Effect (before → after)"),
        ],
    })
}

fn bar(words: Words, table: View, measure: &Measure, (earliest, today): (NaiveDate, NaiveDate)) -> MeasureBar {
    let text = |column: &str| table.text(column, measure.row).filter(|text| !text.is_empty());
    let what: Vec<&str> = ["target", "measure"].into_iter().filter_map(text).collect();
    let what = what.join(&words.either("：", ": "));
    let from = measure.created.unwrap_or(earliest).max(earliest);
    let to = measure.completed.unwrap_or(today).max(from);
    let (effect, verdict) = effect(words, table, measure);
    MeasureBar {
        label: [text("action_id").unwrap_or_default(), &what].join(" ").trim().to_owned(),
        responsible: ["department", "owner"].into_iter().filter_map(text).map(str::to_owned).collect(),
        state: match text("state") {
            Some(NOT_STARTED) => MeasureState::NotStarted,
            _ if measure.open => MeasureState::UnderWay,
            _ => MeasureState::Completed,
        },
        bar: (number(from), number(to)),
        due: measure.due.map(number),
        late: measure.overdue > 0,
        effect,
        verdict,
    }
}

/// What a measure did, in words, and whether it helped: falling is good.
fn effect(words: Words, table: View, measure: &Measure) -> (String, Change) {
    let late = measure.overdue;
    if measure.is_overdue() {
        return (
            words.either(&format!("逾期 {late} 个工作日"), &format!("{late} working days overdue")),
            Change::Rising,
        );
    }
    let (before, after) = (table.double("before_value", measure.row), table.double("after_value", measure.row));
    let figure = |value: f64| match table.text("unit", measure.row) {
        Some("share") => format!("{:.1}%", value * 100.0),
        Some("points") => format!("{value:.2}"),
        _ => format!("{value:.1}"),
    };
    let unit = match table.text("unit", measure.row) {
        Some("per_100") => words.either(" 每百单", " per 100"),
        Some("points") => words.either(" 分", " points"),
        _ => String::new(),
    };
    let values = before.zip(after).map(|(b, a)| format!("{} → {}{unit}", figure(b), figure(a)));
    let values = values.unwrap_or_default();
    let told = |verdict: &str| format!("{values} {verdict}").trim_start().to_owned();
    match table.text("verdict", measure.row) {
        Some("better") => (told("✓"), Change::Falling),
        Some("worse") => (told(&words.either("变差", "worse")), Change::Rising),
        Some("no_difference") => (told(&words.either("无显著差异", "no difference")), Change::Steady),
        Some("too_early") => (words.either("完成不久，尚难判断", "too early to tell"), Change::Steady),
        Some("too_few") => (words.either("样本不足", "too few cases"), Change::Steady),
        Some("not_in_data") => (words.either("数据中无此对象", "not in the data"), Change::Steady),
        Some("not_completed") => (words.either("尚未完成", "not completed"), Change::Steady),
        _ => (values, Change::Steady),
    }
}

/// A day as a figure of the axis.
fn number(day: NaiveDate) -> f64 {
    f64::from(day.to_epoch_days())
}

/// Mondays of a short calendar, first days of the months of a long one.
fn ticks(words: Words, from: NaiveDate, to: NaiveDate) -> Vec<MeasureTick> {
    let weekly = (to - from).num_days() <= WEEKS;
    let start = if weekly {
        from.checked_sub_days(Days::new(u64::from(from.weekday().num_days_from_monday())))
    } else {
        from.with_day(1)
    };
    let step = |day: &NaiveDate| {
        if weekly { day.checked_add_days(Days::new(7)) } else { day.checked_add_months(Months::new(1)) }
    };
    let label = |day: NaiveDate| {
        let month = words.month(&format!("{:04}-{:02}", day.year(), day.month()));
        if weekly {
            words.either(&format!("{month}{}日", day.day()), &format!("{month} {}", day.day()))
        } else {
            month
        }
    };
    let days = std::iter::successors(start, step).take_while(|day| *day <= to);
    days.map(|day| MeasureTick { day: number(day), label: label(day), year: day.year().to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::super::testing::Fixture;
    use super::*;

    /// Number, state, created, due, completed, overdue, verdict, unit.
    type Row = (&'static str, &'static str, [Option<&'static str>; 3], Option<i32>, &'static str, &'static str);

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    fn fixture(rows: &[Row]) -> Fixture {
        let days = |name: &str, place: usize| {
            let days: Vec<_> = rows.iter().map(|r| r.2[place].map(|text| day(text).to_epoch_days())).collect();
            Column::new(name.into(), days).cast(&DataType::Date).unwrap()
        };
        let mut frame = df!(
            "period" => vec!["2026Q3"; rows.len()],
            "action_id" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "target" => vec!["漏水"; rows.len()],
            "measure" => vec!["更换密封圈"; rows.len()],
            "department" => vec!["质量部"; rows.len()],
            "owner" => vec![Some("王喆"); rows.len()],
            "state" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "overdue_workdays" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
            "verdict" => rows.iter().map(|r| r.4).collect::<Vec<_>>(),
            "before_value" => rows.iter().map(|r| (r.4 != "too_few").then_some(0.31)).collect::<Vec<_>>(),
            "after_value" => rows.iter().map(|r| (r.4 != "too_few").then_some(0.1249)).collect::<Vec<_>>(),
            "unit" => rows.iter().map(|r| r.5).collect::<Vec<_>>(),
        )
        .unwrap();
        for (place, name) in ["created_on", "due_on", "completed_on"].into_iter().enumerate() {
            frame.with_column(days(name, place)).unwrap();
        }
        Fixture::new(vec![("action_effect", frame)])
    }

    #[test]
    fn overdue_measures_come_first_then_the_next_due() {
        let fixture = fixture(&[
            (
                "A1",
                "closed",
                [Some("2026-04-01"), Some("2026-05-01"), Some("2026-05-06")],
                Some(2),
                "better",
                "per_100",
            ),
            ("A2", "under_way", [Some("2026-07-01"), Some("2026-12-01"), None], Some(0), "not_completed", "share"),
            ("A3", "not_started", [None, Some("2026-09-01"), None], Some(21), "not_completed", "share"),
            ("A4", "done", [Some("2026-08-01"), None, Some("2026-09-20")], None, "too_few", "points"),
            (
                "A5",
                "verifying",
                [Some("2026-08-01"), Some("2026-06-01"), Some("2026-08-20")],
                Some(0),
                "worse",
                "share",
            ),
        ]);
        let chart = fixture.shown(choose).unwrap();
        let rows: Vec<_> = chart.rows.iter().map(|r| (r.label.as_str(), r.state, r.late, r.effect.as_str())).collect();
        assert_eq!(
            rows,
            [
                ("A3 漏水：更换密封圈", MeasureState::NotStarted, true, "逾期 21 个工作日"),
                ("A1 漏水：更换密封圈", MeasureState::Completed, true, "0.3 → 0.1 每百单 ✓"),
                ("A5 漏水：更换密封圈", MeasureState::Completed, false, "31.0% → 12.5% 变差"),
                ("A2 漏水：更换密封圈", MeasureState::UnderWay, false, "尚未完成"),
                ("A4 漏水：更换密封圈", MeasureState::Completed, false, "样本不足"),
            ]
        );
        // Without a first day a bar begins with the earliest one; an open measure reaches to the review.
        let (first, today) = (number(day("2026-04-01")), number(day("2026-09-30")));
        assert_eq!((chart.rows[0].bar, chart.today), ((first, today), today));
        assert_eq!(chart.days, (first - 0.5, number(day("2026-12-01")) + 0.5));
        assert_eq!(chart.caption.subtitle, "2026年第3季度 · n = 5 项措施 · 逾期 1 项");
        let months: Vec<&str> = chart.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(months, ["4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"]);
    }

    #[test]
    fn a_short_calendar_has_weeks_and_a_long_one_is_cut() {
        let one = |created, due| {
            let rows = [("A1", "under_way", [Some(created), Some(due), None], Some(0), "not_completed", "share")];
            fixture(&rows).shown(choose).unwrap()
        };
        let weeks = one("2026-09-03", "2026-10-08");
        let labels: Vec<&str> = weeks.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["8月31日", "9月7日", "9月14日", "9月21日", "9月28日", "10月5日"]);
        let long = one("2001-01-01", "2099-01-01");
        assert_eq!(long.days, (number(day("2025-03-30")) - 0.5, number(day("2027-09-30")) + 0.5));
        assert!(fixture(&[]).shown(choose).is_none());
    }
}
