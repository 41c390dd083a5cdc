//! Attainment month by month, one panel a clock.

use super::{Chart, Shown, Words};
use crate::publish::charts::{Caption, Moment, MonthlyChart, MonthlyPanel};
use crate::schema::shared::ALL;

const NAME: &str = "attainment_monthly";

/// Three years: more would not be legible.
const MONTHS: usize = 36;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<MonthlyChart> {
    let words = Words::of(shown.release.plan);
    let table = shown.table("sla_attainment")?;
    let rows = table.rows(&[("period_type", "month"), ("breakdown", ALL)]);
    let months = table.distinct("period", &rows);
    let months = &months[months.len().saturating_sub(MONTHS)..];
    let (first, last) = (months.first()?, months.last()?);
    // A clock that has never been judged, like that of a reply where nobody suggests anything, has no panel.
    let has = |clock: &&str| {
        let mut own = rows.iter().filter(|r| table.text("clock", **r) == Some(clock));
        own.any(|row| table.double("attainment", *row).is_some())
    };
    let clocks: Vec<&str> = shown.clocks(table, &rows).into_iter().filter(has).collect();
    if clocks.is_empty() {
        return None;
    }
    let judged = |row: usize| table.count("met", row) + table.count("breached", row);
    let row = |clock: &str, month: &str| {
        rows.iter().copied().find(|r| table.text("clock", *r) == Some(clock) && table.text("period", *r) == Some(month))
    };
    let tickets: u64 =
        months.iter().filter_map(|m| clocks.first().and_then(|c| row(c, m))).map(|r| table.count("tickets", r)).sum();
    let panel = |clock: &&str| MonthlyPanel {
        label: words.clock(clock),
        goal: words.goal(clock),
        estimates: months
            .iter()
            .map(|m| row(clock, m).and_then(|r| table.estimate("attainment", judged(r), r)))
            .collect(),
    };
    Some(MonthlyChart {
        caption: Caption {
            title: words.either("各月响应时间达标率", "SLA attainment month by month"),
            subtitle: format!(
                "{} – {} · n = {} {}",
                words.period(first),
                words.period(last),
                Words::number(tickets),
                words.either("张工单", "tickets")
            ),
            footnote: Some(words.either(
                "各月均按同一评审时点计算；n 为当月计入的工单数（达标 + 超时）。",
                "All months are seen as of the same moment; n is the number of tickets judged (met + breached).",
            )),
        },
        months: months
            .iter()
            .map(|m| Moment { label: words.month(m), year: m.split('-').next().unwrap_or_default().to_owned() })
            .collect(),
        panels: clocks.iter().map(panel).collect(),
        goal_label: words.goal_line(),
        interval_label: words.either("达标率及 95% 置信区间", "Attainment and 95 % interval"),
        count_label: "n".to_owned(),
        no_data: words.either("无可判定工单", "none judged"),
    })
}
