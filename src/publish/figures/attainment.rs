//! Attainment by service type and clock, with intervals and the number of tickets.

use super::{Figure, Shown, Words};
use crate::publish::charts::{AttainmentChart, AttainmentRow, Caption, ChartError, Rendered};

pub static FIGURE: Figure = Figure { name: "attainment_by_service_type", draw };

const BY: &str = "service_type";

fn draw(shown: &Shown) -> Option<Result<Rendered, ChartError>> {
    let words = Words::of(shown.release.plan);
    let table = shown.table("sla_attainment")?;
    let rows = shown.reviewed(table, &[("breakdown", BY)]);
    let clocks = table.distinct("clock", &rows);
    let mut members: Vec<(&str, u64)> = table
        .distinct("member", &rows)
        .into_iter()
        .map(|m| {
            (
                m,
                rows.iter()
                    .filter(|r| table.text("member", **r) == Some(m))
                    .map(|r| table.count("tickets", *r))
                    .max()
                    .unwrap_or(0),
            )
        })
        .collect();
    if !rows.iter().any(|row| table.double("attainment", *row).is_some()) {
        return None;
    }
    // The figures of most tickets first; equal numbers in the order of the table.
    members.sort_by_key(|(_, tickets)| std::cmp::Reverse(*tickets));
    let tickets: u64 = members.iter().map(|(_, tickets)| tickets).sum();
    let estimate = |member: &str, clock: &str| {
        let row = rows
            .iter()
            .find(|r| table.text("member", **r) == Some(member) && table.text("clock", **r) == Some(clock))?;
        table.estimate("attainment", table.count("met", *row) + table.count("breached", *row), *row)
    };
    let chart = AttainmentChart {
        caption: Caption {
            title: words.either("各服务类型响应时间达标率", "SLA attainment by service type"),
            subtitle: format!(
                "{} · n = {} {}",
                words.period(shown.release.period),
                Words::number(tickets),
                words.either("张工单", "tickets")
            ),
            footnote: Some(words.either(
                "达标率 = 达标 ÷（达标 + 超时）；右列为计入的工单数；横线为 95% Wilson 置信区间。",
                "Attainment = met ÷ (met + breached); counts are the tickets judged; bars are 95 % Wilson intervals.",
            )),
        },
        clocks: clocks.iter().map(|c| words.clock(c)).collect(),
        rows: members
            .iter()
            .map(|(member, _)| AttainmentRow {
                label: words.member(member),
                estimates: clocks.iter().map(|clock| estimate(member, clock)).collect(),
            })
            .collect(),
        target: None,
        interval_label: words.either("达标率及 95% 置信区间", "Attainment and 95 % interval"),
        below_label: words.either("低于目标", "Below the target"),
        count_label: words.either("工单数", "Tickets"),
        no_data: words.either("无可判定工单", "none judged"),
    };
    Some(chart.draw())
}
