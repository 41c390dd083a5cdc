//! The defects with most tickets, month by month, and whether they rise.

use super::{Chart, Shown, View, Words, changed};
use crate::publish::charts::{Caption, Change, DefectMonthsChart, DefectMonthsPanel, Moment};

const NAME: &str = "defect_months";

/// Panels that a page holds.
const MOST: usize = 9;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<DefectMonthsChart> {
    let words = shown.words();
    let table = shown.table("defect_trend")?;
    let rows = shown.reviewed(table, &[]);
    let mut months = table.distinct("month", &rows);
    months.sort_unstable();
    let (first, last) = (months.first()?, months.last()?);

    let defect = |row: usize| (table.text("product_model", row), table.text("fault_code", row));
    let mut sorted = rows.clone();
    sorted.sort_by_key(|row| defect(*row));
    let mut groups: Vec<&[usize]> = sorted.chunk_by(|a, b| defect(*a) == defect(*b)).collect();
    // Those that have vanished have no rank, and come after all others.
    groups.sort_by_key(|own| own.iter().filter_map(|row| table.long("rank", *row)).min().unwrap_or(i64::MAX));
    let of = groups.len();
    groups.truncate(MOST);
    let panels: Vec<DefectMonthsPanel> = groups.iter().filter_map(|own| panel(words, table, own, &months)).collect();
    let n: u64 = groups.iter().copied().flatten().map(|row| table.count("tickets", *row)).sum();
    let shown_of = words.either(
        &format!("{of} 种故障中本期工单最多的 {} 种", panels.len()),
        &format!("the {} of {of} defects with most tickets", panels.len()),
    );
    let period = shown.release.period;
    Some(DefectMonthsChart {
        caption: Caption {
            title: words.either("主要故障逐月走势", "The main defects month by month"),
            subtitle: format!(
                "{} – {} · {shown_of} · n = {} {}",
                words.period(first),
                words.period(last),
                Words::number(n),
                words.either("次故障", "faults"),
            ),
            footnote: Some(words.either(
                "各图刻度不同；过宽的区间在图顶截断。“每月 ×”为趋势检验拟合的逐月倍数，彩色带箭头者 q < 0.05\
                 （Benjamini–Hochberg 校正），其余起伏可能出于偶然。",
                "Each panel has its own scale; wide intervals are cut at the top. × a month is the fitted change from month to month; coloured \
                 ones with an arrow have a q below 0.05 (Benjamini–Hochberg), the ups and downs of the others may be chance.",
            )),
        },
        reviewed: months.iter().map(|month| lies_in(month, period)).collect(),
        months: months
            .iter()
            .map(|m| Moment { label: words.month(m), year: m.split('-').next().unwrap_or_default().to_owned() })
            .collect(),
        panels,
        reviewed_label: words.either("每百张工单中的该故障数及 95% 区间，本期各月", "Tickets per 100 with 95 % interval, months of the period"),
        earlier_label: words.either("此前各月", "Months before"),
        no_data: words.either("无数据", "no data"),
    })
}

fn panel(words: Words, table: View, own: &[usize], months: &[&str]) -> Option<DefectMonthsPanel> {
    let row = *own.first()?;
    let ratio = table.double("monthly_ratio", row);
    let q = table.double("q", row);
    let trend = match table.text("trend", row) {
        Some("rising") => changed(Some(true), q),
        Some("falling") => changed(Some(false), q),
        _ => Change::Steady,
    };
    let standing = match table.text("standing", row) {
        Some("new") => Some(words.either("新出现", "new")),
        Some("vanished") => Some(words.either("本期未再出现", "not seen in the period")),
        _ => None,
    };
    let n: u64 = own.iter().map(|row| table.count("tickets", *row)).sum();
    let parts = [
        Some(format!("n = {}", Words::number(n))),
        standing,
        ratio.map(|ratio| words.either(&format!("每月 ×{ratio:.2}"), &format!("×{ratio:.2} a month"))),
        q.map(Words::q),
    ];
    let rate = |month: &&str| {
        let row = *own.iter().find(|row| table.text("month", **row) == Some(month))?;
        table.estimate("rate_per_100", table.count("tickets", row), row)
    };
    Some(DefectMonthsPanel {
        label: words.defect(table, row),
        note: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        trend,
        rates: months.iter().map(rate).collect(),
    })
}

/// Whether a month like `2026-07` lies in a period like `2026Q3`.
fn lies_in(month: &str, period: &str) -> bool {
    let Some((year, number)) = month.split_once('-').and_then(|(y, m)| Some((y, m.parse::<u32>().ok()?))) else {
        return false;
    };
    let part = |sign: char, months: u32| {
        period
            .split_once(sign)
            .is_some_and(|(y, part)| y == year && part.parse() == Ok(number.saturating_sub(1) / months + 1))
    };
    period == month || period == year || part('Q', 3) || part('H', 6)
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::super::testing::Fixture;
    use super::*;

    /// Fault, month, tickets, rate, trend, ratio, q, standing, rank.
    type Row = (
        &'static str,
        &'static str,
        i64,
        Option<f64>,
        Option<&'static str>,
        Option<f64>,
        Option<f64>,
        Option<&'static str>,
        Option<i32>,
    );

    fn fixture(rows: &[Row]) -> Fixture {
        let frame = df!(
            "period" => vec!["2026Q3"; rows.len()],
            "product_model" => vec!["KX"; rows.len()],
            "fault_code" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "month" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "tickets" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
            "rate_per_100" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
            "ci_low" => rows.iter().map(|r| r.3.map(|rate| rate * 0.8)).collect::<Vec<_>>(),
            "ci_high" => rows.iter().map(|r| r.3.map(|rate| rate * 1.2)).collect::<Vec<_>>(),
            "trend" => rows.iter().map(|r| r.4).collect::<Vec<_>>(),
            "monthly_ratio" => rows.iter().map(|r| r.5).collect::<Vec<_>>(),
            "q" => rows.iter().map(|r| r.6).collect::<Vec<_>>(),
            "standing" => rows.iter().map(|r| r.7).collect::<Vec<_>>(),
            "rank" => rows.iter().map(|r| r.8).collect::<Vec<_>>(),
        );
        Fixture::new(vec![("defect_trend", frame.unwrap())])
    }

    #[test]
    fn panels_stand_by_rank_with_the_verdict_of_the_test() {
        let fixture = fixture(&[
            ("消失", "2026-06", 9, Some(3.0), None, None, None, Some("vanished"), None),
            ("异响", "2026-06", 5, Some(1.0), None, Some(1.01), Some(0.8), None, Some(2)),
            ("异响", "2026-08", 6, Some(1.2), None, Some(1.01), Some(0.8), None, Some(2)),
            ("漏水", "2026-06", 4, Some(1.0), Some("rising"), Some(1.5), Some(0.0004), None, Some(1)),
            ("漏水", "2026-07", 8, Some(2.0), Some("rising"), Some(1.5), Some(0.0004), None, Some(1)),
            ("漏水", "2026-08", 12, None, Some("rising"), Some(1.5), Some(0.0004), None, Some(1)),
        ]);
        let chart = fixture.shown(choose).unwrap();
        let panels: Vec<_> = chart.panels.iter().map(|p| (p.label.as_str(), p.note.as_str(), p.trend)).collect();
        assert_eq!(
            panels,
            [
                ("KX · 漏水", "n = 24 · 每月 ×1.50 · q < 0.001", Change::Rising),
                ("KX · 异响", "n = 11 · 每月 ×1.01 · q = 0.800", Change::Steady),
                ("KX · 消失", "n = 9 · 本期未再出现", Change::Steady),
            ]
        );
        assert_eq!(chart.reviewed, [false, true, true]);
        let there: Vec<Vec<bool>> =
            chart.panels.iter().map(|p| p.rates.iter().map(Option::is_some).collect()).collect();
        assert_eq!(there, [[true, true, false], [true, false, true], [true, false, false]]);
        assert!(Fixture::new(Vec::new()).shown(choose).is_none());
    }

    #[test]
    fn months_lie_in_periods_of_all_kinds() {
        for (month, period, inside) in [
            ("2026-07", "2026Q3", true),
            ("2026-06", "2026Q3", false),
            ("2025-07", "2026Q3", false),
            ("2026-06", "2026H1", true),
            ("2026-07", "2026H1", false),
            ("2026-07", "2026", true),
            ("2026-07", "2026-07", true),
            ("2026-08", "2026-07", false),
            ("2026", "2026", false),
        ] {
            assert_eq!(lies_in(month, period), inside, "{month} {period}");
        }
    }
}
