//! Attainment by each breakdown, one panel a clock, the worst member first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Chart, Shown, View, Words};
use crate::publish::charts::{AttainmentChart, AttainmentClock, AttainmentRow, Caption, Estimate};
use crate::schema::facts;
use crate::schema::shared::{Breakdown, NONE, breakdown};

/// Rows that a page holds.
const MOST: usize = 40;
/// Panels that stand beside each other.
const PANELS: usize = 3;

/// One value of a breakdown.
struct Member<'a> {
    name: &'a str,
    /// The largest number of tickets that a clock counts.
    tickets: u64,
    /// By clock.
    estimates: BTreeMap<&'a str, Estimate>,
}

pub fn charts(shown: &Shown) -> Vec<Chart> {
    let named = |(name, chart): (String, AttainmentChart)| Chart::new(&name, move || chart.draw());
    let asked = shown.release.plan.breakdowns.sla.iter().filter_map(|name| breakdown(name));
    asked.flat_map(|by| choose(shown, by)).map(named).collect()
}

/// The charts of a breakdown: the first three clocks, then the next three.
fn choose(shown: &Shown, by: &Breakdown) -> Vec<(String, AttainmentChart)> {
    let Some(table) = shown.table("sla_attainment") else { return Vec::new() };
    let rows = shown.reviewed(table, &[("breakdown", by.name)]);
    let of_tickets = |clock: &&str| shown.release.plan.clock(clock).is_some_and(|c| c.what.fact == facts::TICKET);
    let clocks: Vec<&str> = shown.clocks(table, &rows).into_iter().filter(of_tickets).collect();
    let mut members = members(table, &rows, &clocks);
    let has = |clock: &&str| members.iter().any(|m| m.estimates.contains_key(clock));
    let clocks: Vec<&str> = clocks.into_iter().filter(has).collect();
    let Some(first) = clocks.iter().copied().find(|c| *c == facts::RESOLUTION).or_else(|| clocks.first().copied())
    else {
        return Vec::new();
    };
    members.sort_by(|a, b| b.tickets.cmp(&a.tickets).then(a.name.cmp(b.name)));
    let tickets = members.iter().map(|m| m.tickets).sum();
    let left_out = members.split_off(members.len().min(MOST));
    members.sort_by(|a, b| worse(a, b, first, shown.words().few()));

    let page = |(i, clocks): (usize, &[&str])| {
        let name = format!("attainment_by_{}", by.name);
        let name = if i == 0 { name } else { format!("{name}_{}", i + 1) };
        (name, chart(shown, by, (&members, &left_out), clocks, (first, tickets)))
    };
    clocks.chunks(PANELS).enumerate().map(page).collect()
}

fn members<'a>(table: View<'a>, rows: &[usize], clocks: &[&'a str]) -> Vec<Member<'a>> {
    let mut members: BTreeMap<&str, Member> = BTreeMap::new();
    for row in rows {
        let (Some(name), Some(clock)) = (table.text("member", *row), table.text("clock", *row)) else { continue };
        if !clocks.contains(&clock) {
            continue;
        }
        let member = members.entry(name).or_insert_with(|| Member { name, tickets: 0, estimates: BTreeMap::new() });
        member.tickets = member.tickets.max(table.count("tickets", *row));
        let judged = table.count("met", *row) + table.count("breached", *row);
        member.estimates.extend(table.estimate("attainment", judged, *row).map(|e| (clock, e)));
    }
    members.into_values().collect()
}

/// Lower attainment on a clock first, then more tickets judged. Members with fewer than `few` are no ranking and come after
/// the others, those without figure last.
fn worse(a: &Member, b: &Member, clock: &str, few: u64) -> Ordering {
    let order = match (a.estimates.get(clock), b.estimates.get(clock)) {
        (Some(a), Some(b)) => (a.n < few).cmp(&(b.n < few)).then(a.value.total_cmp(&b.value)).then(b.n.cmp(&a.n)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => b.tickets.cmp(&a.tickets),
    };
    order.then(a.name.cmp(b.name))
}

fn chart(
    shown: &Shown,
    by: &Breakdown,
    (members, left_out): (&[Member], &[Member]),
    clocks: &[&str],
    (sorted_by, tickets): (&str, u64),
) -> AttainmentChart {
    let words = shown.words();
    let roster = shown.table("dim_staff").filter(|_| by.name == "staff");
    let label = |member: &Member| match roster {
        Some(roster) if member.name != NONE => words.staff(roster, member.name),
        _ => words.member(member.name),
    };
    let ranked = words.clock(sorted_by);
    AttainmentChart {
        caption: Caption {
            title: words.either(
                &format!("各{}响应时间达标率", by.label.zh),
                &format!("SLA attainment by {}", by.label.en.to_lowercase()),
            ),
            subtitle: [
                words.period(shown.release.period),
                format!("n = {} {}", Words::number(tickets), words.either("张工单", "tickets")),
                words.either(
                    &format!("按“{ranked}”达标率由低到高排列"),
                    &format!("lowest attainment of “{ranked}” first"),
                ),
            ]
            .join(" · "),
            footnote: Some(footnote(words, (members, left_out), sorted_by)),
        },
        clocks: clocks.iter().map(|c| AttainmentClock { label: words.clock(c), goal: words.goal(c) }).collect(),
        rows: members
            .iter()
            .map(|member| AttainmentRow {
                label: label(member),
                estimates: clocks.iter().map(|clock| member.estimates.get(clock).copied()).collect(),
            })
            .collect(),
        goal_label: words.goal_line(),
        interval_label: words.either("达标率及 95% 置信区间", "Attainment and 95 % interval"),
        below_label: words.either("整个区间低于目标", "Whole interval below the goal"),
        count_label: words.either("工单数", "Tickets"),
        no_data: words.either("无可判定工单", "none judged"),
    }
}

fn footnote(words: Words, (members, left_out): (&[Member], &[Member]), sorted_by: &str) -> String {
    let mut note = words.either(
        "达标率 = 达标 ÷（达标 + 超时）；右列为计入的工单数；横线为 95% Wilson 置信区间。",
        "Attainment = met ÷ (met + breached); counts are the tickets judged; bars are 95 % Wilson intervals.",
    );
    let few = words.few();
    if members.iter().any(|member| member.estimates.get(sorted_by).is_some_and(|estimate| estimate.n < few)) {
        note += &words.either(
            &format!("不足 {few} 张工单的不参与排序，列在其后。"),
            &format!(" Those with fewer than {few} tickets are not ranked and come after the others."),
        );
    }
    if !left_out.is_empty() {
        let (members, tickets) = (left_out.len(), Words::number(left_out.iter().map(|m| m.tickets).sum()));
        note += &words.either(
            &format!("仅列工单最多的 {MOST} 项；其余 {members} 项（共 {tickets} 张工单）见表 sla_attainment。"),
            &format!(
                " Only the {MOST} with most tickets are shown; the table sla_attainment has the other {members} \
                 ({tickets} tickets)."
            ),
        );
    }
    note
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::super::testing::Fixture;
    use super::*;

    /// Clock, member, met, breached; the figures that nobody judged are null.
    fn fixture(rows: &[(&str, &str, i64, i64)]) -> Fixture {
        let share = |(_, _, met, breached): &(&str, &str, i64, i64)| {
            let [met, breached] = [met, breached].map(|n| f64::from(i32::try_from(*n).unwrap()));
            (met + breached > 0.0).then(|| met / (met + breached))
        };
        let frame = df!(
            "period" => vec!["2026Q3"; rows.len()],
            "breakdown" => vec!["staff"; rows.len()],
            "clock" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "member" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "tickets" => rows.iter().map(|r| r.2 + r.3 + 1).collect::<Vec<_>>(),
            "met" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
            "breached" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
            "attainment" => rows.iter().map(share).collect::<Vec<_>>(),
            "ci_low" => rows.iter().map(share).collect::<Vec<_>>(),
            "ci_high" => rows.iter().map(share).collect::<Vec<_>>(),
        );
        let roster = df!("staff_id" => ["S1", "S2"], "staff_name" => [Some("王喆"), None]);
        Fixture::new(vec![("sla_attainment", frame.unwrap()), ("dim_staff", roster.unwrap())])
    }

    fn chosen(fixture: &Fixture) -> Vec<(String, AttainmentChart)> {
        fixture.shown(|shown| choose(shown, breakdown("staff").unwrap()))
    }

    #[test]
    fn the_worst_resolution_comes_first_and_members_without_it_last() {
        let charts = chosen(&fixture(&[
            ("first_response", "S1", 1, 9),
            ("resolution", "S1", 9, 1),
            ("resolution", "S2", 5, 5),
            ("first_response", "(none)", 3, 0),
            ("resolution", "(none)", 0, 0),
            ("start", "S1", 0, 0),
            ("survey_return", "S1", 1, 0),
        ]));
        let [(name, chart)] = charts.as_slice() else { panic!("{}", charts.len()) };
        assert_eq!(name, "attainment_by_staff");
        assert_eq!(chart.rows.iter().map(|r| r.label.as_str()).collect::<Vec<_>>(), ["S2", "S1 王喆", "（未填）"]);
        assert_eq!(chart.clocks.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(), ["首次响应", "问题解决"]);
        assert!(!chart.caption.footnote.as_ref().unwrap().contains("不参与排序"));
        assert_eq!(chart.rows[0].estimates, [None, Some(Estimate { value: 0.5, low: 0.5, high: 0.5, n: 10 })]);
        // Each member's tickets once: 11 + 11 + 4.
        assert_eq!(chart.caption.subtitle, "2026年第3季度 · n = 26 张工单 · 按“问题解决”达标率由低到高排列");
    }

    #[test]
    fn a_few_tickets_make_no_ranking() {
        let charts =
            chosen(&fixture(&[("resolution", "S1", 0, 4), ("resolution", "S2", 4, 1), ("resolution", "S3", 9, 1)]));
        let chart = &charts[0].1;
        assert_eq!(chart.rows.iter().map(|r| r.label.as_str()).collect::<Vec<_>>(), ["S2", "S3", "S1 王喆"]);
        assert!(chart.caption.footnote.as_ref().unwrap().contains("不足 5 张工单的不参与排序"));
    }

    #[test]
    fn each_clock_has_its_own_goal() {
        let mut fixture = fixture(&[("first_response", "S1", 1, 1), ("resolution", "S1", 1, 1)]);
        fixture.goal("resolution", 0.9);
        let goals: Vec<Option<String>> =
            chosen(&fixture)[0].1.clocks.iter().map(|c| c.goal.as_ref().map(|g| g.label.clone())).collect();
        assert_eq!(goals, [None, Some("目标 90%".to_owned())]);
    }

    #[test]
    fn members_with_few_tickets_are_left_out_and_counted() {
        let names: Vec<String> = (0..43).map(|i| format!("P{i:02}")).collect();
        let rows: Vec<(&str, &str, i64, i64)> =
            names.iter().zip(0..).map(|(name, i)| ("start", name.as_str(), 10 + i, 0)).collect();
        let charts = chosen(&fixture(&rows));
        let chart = &charts[0].1;
        assert_eq!(chart.rows.len(), 40);
        assert!(!chart.rows.iter().any(|r| ["P00", "P01", "P02"].contains(&r.label.as_str())));
        // 11 + 12 + 13 tickets.
        let note = chart.caption.footnote.as_ref().unwrap();
        assert!(note.contains("其余 3 项（共 36 张工单）"), "{note}");
        assert!(chart.caption.subtitle.contains("按“开始处理”"));
    }

    #[test]
    fn nothing_judged_gives_no_chart() {
        assert!(chosen(&fixture(&[("resolution", "S1", 0, 0)])).is_empty());
        assert!(chosen(&fixture(&[])).is_empty());
        assert!(chosen(&Fixture::new(Vec::new())).is_empty());
    }
}
