//! Attainment month by month, one panel a clock.

use super::{Figure, Shown, Words};
use crate::publish::charts::{Caption, ChartError, Month, MonthlyChart, MonthlyPanel, Rendered};
use crate::schema::shared::ALL;

pub static FIGURE: Figure = Figure { name: "attainment_monthly", draw };

/// Three years: more would not be legible.
const MONTHS: usize = 36;

fn draw(shown: &Shown) -> Option<Result<Rendered, ChartError>> {
    let words = Words::of(shown.release.plan);
    let table = shown.table("sla_attainment")?;
    let rows = table.rows(&[("period_type", "month"), ("breakdown", ALL)]);
    let months = table.distinct("period", &rows);
    let months = &months[months.len().saturating_sub(MONTHS)..];
    let (first, last) = (months.first()?, months.last()?);
    if !rows.iter().any(|row| table.double("attainment", *row).is_some()) {
        return None;
    }
    let clocks = table.distinct("clock", &rows);
    let judged = |row: usize| table.count("met", row) + table.count("breached", row);
    let row = |clock: &str, month: &str| {
        rows.iter().copied().find(|r| table.text("clock", *r) == Some(clock) && table.text("period", *r) == Some(month))
    };
    let tickets: u64 =
        months.iter().filter_map(|m| clocks.first().and_then(|c| row(c, m))).map(|r| table.count("tickets", r)).sum();
    let panel = |clock: &&str| MonthlyPanel {
        label: words.clock(clock),
        estimates: months
            .iter()
            .map(|m| row(clock, m).and_then(|r| table.estimate("attainment", judged(r), r)))
            .collect(),
    };
    let chart = MonthlyChart {
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
            .map(|m| Month { label: words.month(m), year: m.split('-').next().unwrap_or_default().to_owned() })
            .collect(),
        panels: clocks.iter().map(panel).collect(),
        target: None,
        interval_label: words.either("达标率及 95% 置信区间", "Attainment and 95 % interval"),
        count_label: "n".to_owned(),
        no_data: words.either("无可判定工单", "none judged"),
    };
    Some(chart.draw())
}
