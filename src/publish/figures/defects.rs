//! Pareto chart of the defects: tickets, cumulative line, classes.

use super::{Chart, Shown, Words};
use crate::publish::charts::{AbcClass, Caption, ParetoChart, ParetoRow};

const NAME: &str = "defect_pareto";

/// Bars that a page holds; the rest is summed up class by class.
const MOST: usize = 20;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<ParetoChart> {
    let words = Words::of(shown.release.plan);
    let table = shown.table("defect_ranking")?;
    let rows = table.defects(&[("period", shown.release.period)]);
    if rows.is_empty() {
        return None;
    }
    let total: u64 = rows.iter().map(|r| table.count("tickets", *r)).sum();
    let class = |row: usize| match table.text("pareto_class", row) {
        Some("A") => AbcClass::A,
        Some("B") => AbcClass::B,
        _ => AbcClass::C,
    };
    let mut bars: Vec<ParetoRow> = rows
        .iter()
        .take(MOST)
        .map(|row| ParetoRow {
            label: words.defect(table, *row),
            tickets: table.count("tickets", *row),
            cumulative: table.double("cumulative_share", *row).unwrap_or_default(),
            class: class(*row),
            summary: false,
        })
        .collect();
    for rest in rows.get(MOST..).unwrap_or_default().chunk_by(|a, b| class(*a) == class(*b)) {
        let (Some(first), Some(last)) = (rest.first(), rest.last()) else { continue };
        bars.push(ParetoRow {
            label: words.either(&format!("其余 {} 项", rest.len()), &format!("{} others", rest.len())),
            tickets: rest.iter().map(|r| table.count("tickets", *r)).sum(),
            cumulative: table.double("cumulative_share", *last).unwrap_or_default(),
            class: class(*first),
            summary: true,
        });
    }
    Some(ParetoChart {
        caption: Caption {
            title: words.either("重复故障帕累托图（型号 × 故障）", "Pareto chart of defects (model × fault)"),
            subtitle: format!(
                "{} · n = {} {} · {}",
                words.period(shown.release.period),
                Words::number(total),
                words.either("次故障", "faults"),
                words.either(&format!("{} 种故障", rows.len()), &format!("{} defects", rows.len()))
            ),
            footnote: Some(words.either(
                "一张工单有多个故障代码时，每个代码各计一次。",
                "A ticket with several fault codes counts once for each of them.",
            )),
        },
        rows: bars,
        count_label: words.either("工单数", "Tickets"),
        cumulative_label: words.either("累计占比", "Cumulative share"),
        class_labels: [
            words.either("A 类：累计至 80%", "A: up to 80 %"),
            words.either("B 类：累计至 95%", "B: up to 95 %"),
            words.either("C 类：其余", "C: the rest"),
        ],
    })
}
