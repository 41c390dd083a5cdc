//! Control chart for each clock: all tickets, and the service types with most of them.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{Chart, Shown, View, Words};
use crate::publish::charts::{Caption, ControlChart, ControlPanel, ControlPoint, ControlSignal, Moment};
use crate::schema::shared::ALL;

/// Weeks that a page holds.
const WEEKS: u64 = 60;
/// Small panels that a page holds.
const GROUPS: usize = 6;
/// What the small panels show.
const BY: &str = "service_type";

pub fn charts(shown: &Shown) -> Vec<Chart> {
    let named = |(name, chart): (String, ControlChart)| Chart::new(&name, move || chart.draw());
    choose(shown).into_iter().map(named).collect()
}

fn choose(shown: &Shown) -> Vec<(String, ControlChart)> {
    let Some(table) = shown.table("sla_control") else { return Vec::new() };
    let all = table.rows(&[("breakdown", ALL)]);
    let clocks = shown.clocks(table, &all).into_iter();
    clocks.filter_map(|clock| Some((format!("sla_control_{clock}"), chart(shown, table, clock)?))).collect()
}

/// The chart of one clock; nothing where no ticket was judged.
fn chart(shown: &Shown, table: View, clock: &str) -> Option<ControlChart> {
    let words = shown.words();
    let rows = table.rows(&[("clock", clock)]);
    let dated: Vec<(usize, NaiveDate)> =
        rows.iter().filter_map(|row| Some((*row, monday(table.text("week", *row)?)?))).collect();
    let weeks = weeks(dated.iter().filter(|(row, _)| table.count("n", *row) > 0).map(|(_, monday)| *monday));
    let (first, last) = (weeks.first()?, weeks.last()?);

    // By member: its rows of the shown weeks.
    let mut groups: BTreeMap<&str, BTreeMap<NaiveDate, usize>> = BTreeMap::new();
    let mut whole = BTreeMap::new();
    for (row, monday) in dated.into_iter().filter(|(_, monday)| monday >= first) {
        match (table.text("breakdown", row), table.text("member", row)) {
            (Some(ALL), _) => _ = whole.insert(monday, row),
            (Some(BY), Some(member)) => _ = groups.entry(member).or_default().insert(monday, row),
            _ => {}
        }
    }
    let cases = |rows: &BTreeMap<NaiveDate, usize>| rows.values().map(|row| table.count("n", *row)).sum::<u64>();
    let mut groups: Vec<(&str, u64, ControlPanel)> = groups
        .into_iter()
        .map(|(member, rows)| (member, cases(&rows), panel(table, &words.member(member), &weeks, &rows)))
        .filter(|(_, n, _)| *n > 0)
        .collect();
    // A single group is the same as all tickets.
    if groups.len() < 2 {
        groups.clear();
    }
    groups.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let left_out = groups.split_off(groups.len().min(GROUPS));
    let unit = words.cases(clock);
    let label = words.clock(clock);
    Some(ControlChart {
        caption: Caption {
            title: words
                .either(&format!("{label}达标率周控制图"), &format!("Weekly control chart of attainment: {label}")),
            subtitle: format!(
                "{} – {} · {} · n = {} {unit}",
                iso(*first),
                iso(*last),
                words.either(&format!("{} 周", weeks.len()), &format!("{} weeks", weeks.len())),
                Words::number(cases(&whole)),
            ),
            footnote: Some(footnote(words, left_out.len())),
        },
        weeks: weeks.iter().map(|monday| moment(words, *monday)).collect(),
        all: panel(table, &words.either("全部", "All"), &weeks, &whole),
        groups: groups.into_iter().map(|(_, _, panel)| panel).collect(),
        groups_label: words.either("按服务类型", "By service type"),
        value_label: words.either("每周达标率", "Attainment of the week"),
        center_label: words.either("中心线", "Centre"),
        limits_label: words.either("Laney p′ 控制限", "Laney p′ limits"),
        beyond_label: words.either("超出控制限", "Outside the limits"),
        run_label: words
            .either("连续 8 周及以上位于中心线同一侧", "8th week or later in a row on one side of the centre"),
        count_label: "n".to_owned(),
    })
}

fn panel(table: View, label: &str, weeks: &[NaiveDate], rows: &BTreeMap<NaiveDate, usize>) -> ControlPanel {
    let point = |monday: &NaiveDate| {
        let row = *rows.get(monday)?;
        Some(ControlPoint {
            value: table.double("attainment", row)?,
            limits: table.double("low", row).zip(table.double("high", row)),
            n: table.count("n", row),
            signal: match table.text("signal", row) {
                Some("beyond") => Some(ControlSignal::Beyond),
                Some("run") => Some(ControlSignal::Run),
                _ => None,
            },
        })
    };
    ControlPanel {
        label: label.to_owned(),
        center: rows.values().rev().find_map(|row| table.double("center", *row)),
        points: weeks.iter().map(point).collect(),
    }
}

fn footnote(words: Words, left_out: usize) -> String {
    let mut note = words.either(
        "中心线为各周合并的达标率（最近仍有 2% 以上工单进行中的几周除外，这几周无控制限）；浅蓝带为 Laney p′ 控制限（3σ，随每周 n 变化，并计入周与周之间超出抽样误差的波动）；\
         n 为当周可判定数（达标 + 超时）；横轴为各 ISO 周的周一；位置不足时超限周的日期从略。",
        "The centre is the attainment of all weeks together, without the newest ones as long as more than 2 % of their tickets \
         are still running, which have no limits; the band shows Laney p′ limits (3σ, wider where n is small \
         and where weeks vary by more than chance); n is what was judged in a week (met + breached); weeks are ISO weeks, \
         shown by their Monday. Dates beside signals are left out where they have no room.",
    );
    if left_out > 0 {
        note += &words.either(
            &format!("仅列数量最多的 {GROUPS} 个服务类型，其余 {left_out} 个见表 sla_control。"),
            &format!(
                " Only the {GROUPS} largest service types are shown; the table sla_control has the other {left_out}."
            ),
        );
    }
    note
}

/// All Mondays from the first week to the last, without gaps; the latest ones where there are too many.
fn weeks(mondays: impl Iterator<Item = NaiveDate>) -> Vec<NaiveDate> {
    let span = mondays.fold(None, |span: Option<(NaiveDate, NaiveDate)>, monday| {
        Some(span.map_or((monday, monday), |(first, last)| (first.min(monday), last.max(monday))))
    });
    let Some((first, last)) = span else { return Vec::new() };
    let back = (0..WEEKS).rev().filter_map(|weeks| last.checked_sub_days(Days::new(7 * weeks)));
    back.filter(|monday| *monday >= first).collect()
}

/// The Monday of `2026-W27`.
fn monday(week: &str) -> Option<NaiveDate> {
    let (year, week) = week.split_once("-W")?;
    NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)
}

fn iso(monday: NaiveDate) -> String {
    let week = monday.iso_week();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// `7月6日`, `6 Jul`.
fn moment(words: Words, monday: NaiveDate) -> Moment {
    let month = words.month(&format!("{:04}-{:02}", monday.year(), monday.month()));
    let day = monday.day();
    Moment {
        label: words.either(&format!("{month}{day}日"), &format!("{day} {month}")),
        year: monday.year().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::super::testing::Fixture;
    use super::*;

    /// Breakdown, member, week, n, signal.
    type Row = (&'static str, &'static str, &'static str, i64, Option<&'static str>);

    fn fixture(rows: &[Row]) -> Fixture {
        let half = |r: &Row| (r.3 > 0).then_some(0.5);
        let frame = df!(
            "clock" => vec!["resolution"; rows.len()],
            "breakdown" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "member" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "week" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
            "n" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
            "attainment" => rows.iter().map(half).collect::<Vec<_>>(),
            "center" => rows.iter().map(half).collect::<Vec<_>>(),
            "low" => rows.iter().map(|_| Some(0.25)).collect::<Vec<_>>(),
            "high" => rows.iter().map(|_| Some(0.75)).collect::<Vec<_>>(),
            "signal" => rows.iter().map(|r| r.4).collect::<Vec<_>>(),
        );
        Fixture::new(vec![("sla_control", frame.unwrap())])
    }

    #[test]
    fn weeks_without_tickets_are_gaps_and_the_year_turns_with_the_monday() {
        let fixture = fixture(&[
            ("all", "all", "2025-W52", 4, None),
            ("all", "all", "2026-W01", 0, None),
            ("all", "all", "2026-W02", 6, Some("beyond")),
            (BY, "维修", "2026-W02", 6, Some("run")),
            (BY, "(none)", "2026-W02", 9, None),
        ]);
        let charts = fixture.shown(choose);
        let (name, chart) = &charts[0];
        assert_eq!((charts.len(), name.as_str()), (1, "sla_control_resolution"));
        // ISO week 1 of 2026 begins on Monday, 29 December 2025.
        let weeks: Vec<(&str, &str)> = chart.weeks.iter().map(|w| (w.label.as_str(), w.year.as_str())).collect();
        assert_eq!(weeks, [("12月22日", "2025"), ("12月29日", "2025"), ("1月5日", "2026")]);
        assert_eq!(chart.caption.subtitle, "2025-W52 – 2026-W02 · 3 周 · n = 10 张工单");
        assert_eq!(chart.all.points.iter().map(|p| p.map(|p| p.n)).collect::<Vec<_>>(), [Some(4), None, Some(6)]);
        assert_eq!(chart.all.points[2].unwrap().signal, Some(ControlSignal::Beyond));
        assert_eq!(chart.groups.iter().map(|g| g.label.as_str()).collect::<Vec<_>>(), ["（未填）", "维修"]);
        assert_eq!(chart.groups[1].points[2].unwrap().signal, Some(ControlSignal::Run));
    }

    #[test]
    fn a_single_group_and_the_seventh_have_no_panel() {
        let one: [Row; 2] = [("all", "all", "2026-W02", 6, None), (BY, "a", "2026-W02", 6, None)];
        assert!(fixture(&one).shown(choose)[0].1.groups.is_empty());
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let mut many: Vec<Row> = names.into_iter().zip(1..).map(|(m, n)| (BY, m, "2026-W02", n, None)).collect();
        many.push(one[0]);
        let chart = &fixture(&many).shown(choose)[0].1;
        assert_eq!(chart.groups.iter().map(|g| g.label.as_str()).collect::<Vec<_>>(), ["h", "g", "f", "e", "d", "c"]);
        assert!(chart.caption.footnote.as_ref().unwrap().contains("其余 2 个"));
    }

    #[test]
    fn only_the_last_weeks_are_shown_and_nothing_judged_gives_no_chart() {
        let long = fixture(&[("all", "all", "2020-W01", 6, None), ("all", "all", "2026-W02", 6, None)]);
        assert_eq!(long.shown(choose)[0].1.weeks.len(), 60);
        assert!(fixture(&[("all", "all", "2026-W02", 0, None)]).shown(choose).is_empty());
        assert!(Fixture::new(Vec::new()).shown(choose).is_empty());
    }
}
