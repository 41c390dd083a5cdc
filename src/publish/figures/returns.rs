//! How soon defects come back: the faults that come back most, a small panel each.

use super::{Chart, Shown, View, Words};
use crate::publish::charts::{Caption, ReturnsChart, ReturnsPanel, ReturnsStep};
use crate::schema::shared::ALL;

const NAME: &str = "repeat_curves";

/// Panels that a page holds.
const MOST: usize = 9;
/// Cases that make a curve.
const FEWEST: u64 = 50;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<ReturnsChart> {
    let words = shown.words();
    let table = shown.table("repeat_times")?;
    let within = shown.release.plan.defects.repeat_within_days;
    let marked = f64::from(i32::try_from(within).unwrap_or(i32::MAX));
    let all = steps(table, &shown.reviewed(table, &[("breakdown", ALL)]));
    let rows = shown.reviewed(table, &[("breakdown", "fault_code")]);
    // Beyond the days in which a repeat counts the curve goes on for a while, to show whether it levels out.
    let days = marked * 3.0;
    let mut faults = Vec::new();
    for rows in rows.chunk_by(|a, b| table.text("member", *a) == table.text("member", *b)) {
        let n = rows.first().map_or(0, |row| table.count("n", *row));
        let soon = rows.iter().filter(|row| table.long("day", **row).is_some_and(|day| day < within));
        let back: u64 = soon.map(|row| table.count("returned", *row)).sum();
        if n >= FEWEST {
            faults.push((back, rows, n));
        }
    }
    if faults.is_empty() {
        return None;
    }
    let of = faults.len();
    // Within the days of a repeat; of equal ones the order of the table.
    faults.sort_by_key(|(back, ..)| std::cmp::Reverse(*back));
    faults.truncate(MOST);
    let panel = |(_, rows, n): &(u64, &[usize], u64)| {
        let steps = steps(table, rows);
        let by = steps.iter().take_while(|step| step.day < marked).last().map_or(0.0, |step| step.share);
        let (cases, share) = (Words::number(*n), format!("{:.1}%", by * 100.0));
        ReturnsPanel {
            label: rows.first().and_then(|row| table.text("member", *row)).unwrap_or_default().to_owned(),
            note: words.either(
                &format!("n = {cases} · {within} 天内 {share}"),
                &format!("n = {cases} · {share} within {within} days"),
            ),
            steps,
        }
    };
    let panels: Vec<ReturnsPanel> = faults.iter().map(panel).collect();
    let shown_of = words.either(
        &format!("{of} 种故障中再次报修最多的 {} 种", panels.len()),
        &format!("the {} of {of} faults that come back most", panels.len()),
    );
    Some(ReturnsChart {
        caption: Caption {
            title: words.either("再次报修曲线", "How soon defects come back"),
            subtitle: format!("{} · {shown_of}", words.period(shown.release.period)),
            footnote: Some(words.either(
                "纵轴：解决后至该日，同一客户以同一型号、同一故障再次报修的比例（Kaplan–Meier 估计，含数据中全部已解决工单；\
                 尚未再次报修的按评审时点截尾）。区间重叠时不宜比较。",
                "Share of which the same customer has come back with the same model and fault by that day: Kaplan–Meier over \
                 all resolutions in the data; who has not come back is watched until the moment of the review. Do not compare \
                 faults whose intervals overlap.",
            )),
        },
        panels,
        all,
        days,
        marked,
        own_label: words.either("该故障及 95% 区间", "The fault, with 95 % interval"),
        all_label: words.either("全部故障", "All faults"),
        marked_label: words.either(&format!("{within} 天"), &format!("{within} days")),
        axis_label: words.either("解决后天数", "Days after the resolution"),
    })
}

/// The part that has come back, from the part that stayed away.
fn steps(table: View, rows: &[usize]) -> Vec<ReturnsStep> {
    let step = |row: &usize| {
        let back = |column: &str| table.double(column, *row).map(|stayed| 1.0 - stayed);
        let day = table.long("day", *row).and_then(|day| i32::try_from(day).ok())?;
        // By the end of a day is by the beginning of the next.
        Some(ReturnsStep {
            day: f64::from(day),
            share: back("stayed_share")?,
            low: back("ci_high").unwrap_or(f64::NAN),
            high: back("ci_low").unwrap_or(f64::NAN),
        })
    };
    rows.iter().filter_map(step).collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::super::testing::Fixture;
    use super::*;

    /// Breakdown, member, day, returned, stayed, n.
    type Row = (&'static str, &'static str, i32, i64, f64, i64);

    fn fixture(rows: &[Row]) -> Fixture {
        let column = |of: fn(&Row) -> f64| rows.iter().map(of).collect::<Vec<_>>();
        let frame = df!(
            "period" => vec!["2026Q3"; rows.len()],
            "breakdown" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "member" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "day" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
            "returned" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
            "stayed_share" => column(|r| r.4),
            "ci_low" => column(|r| r.4 - 0.01),
            "ci_high" => column(|r| r.4 + 0.01),
            "n" => rows.iter().map(|r| r.5).collect::<Vec<_>>(),
        );
        Fixture::new(vec![("repeat_times", frame.unwrap())])
    }

    #[test]
    fn faults_that_come_back_most_come_first_and_few_cases_make_no_curve() {
        let fixture = fixture(&[
            ("all", "all", 2, 9, 0.95, 300),
            ("fault_code", "异响", 2, 1, 0.99, 100),
            ("fault_code", "漏水", 2, 4, 0.96, 100),
            ("fault_code", "漏水", 29, 2, 0.94, 100),
            ("fault_code", "漏水", 30, 2, 0.92, 100),
            ("fault_code", "罕见", 2, 5, 0.5, 10),
        ]);
        let chart = fixture.shown(choose).unwrap();
        let panels: Vec<(&str, &str)> = chart.panels.iter().map(|p| (p.label.as_str(), p.note.as_str())).collect();
        // The thirtieth day has not ended within thirty days.
        assert_eq!(panels, [("漏水", "n = 100 · 30 天内 6.0%"), ("异响", "n = 100 · 30 天内 1.0%")]);
        assert_eq!((chart.all.len(), chart.days, chart.marked), (1, 90.0, 30.0));
        assert!((chart.panels[0].steps[0].low - 0.03).abs() < 1e-9);
    }

    #[test]
    fn without_faults_there_is_no_chart() {
        assert!(fixture(&[("all", "all", 2, 9, 0.95, 300)]).shown(choose).is_none());
        assert!(Fixture::new(Vec::new()).shown(choose).is_none());
    }
}
