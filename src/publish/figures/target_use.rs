//! Time used as a share of the target: a histogram for each clock.

use super::{Chart, Shown, View, Words};
use crate::publish::charts::{Caption, TargetUseChart, TargetUsePanel};

const NAME: &str = "sla_target_use";

/// The target, and the end of the bins of a tenth of it, in percent.
const TARGET: i64 = 100;
const FINE: i64 = 200;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<TargetUseChart> {
    let words = shown.words();
    let table = shown.table(NAME)?;
    let rows = shown.reviewed(table, &[]);
    let mut far: Vec<(i64, Option<i64>)> = rows
        .iter()
        .filter_map(|row| Some((table.long("from_percent", *row)?, table.long("to_percent", *row))))
        .filter(|(from, _)| *from >= FINE)
        .collect();
    far.sort_unstable();
    far.dedup();
    let clocks = shown.clocks(table, &rows).into_iter();
    let panels: Vec<TargetUsePanel> = clocks.filter_map(|clock| panel(words, table, &rows, clock, &far)).collect();
    if panels.is_empty() {
        return None;
    }
    let percent = |n: i64| Words::number(n.unsigned_abs());
    let name = |(from, to): &(i64, Option<i64>)| match to {
        Some(to) => format!("{}–{}%", percent(*from), percent(*to)),
        None => format!("> {}%", percent(*from)),
    };
    Some(TargetUseChart {
        caption: Caption {
            title: words.either("时限使用率分布", "Time used as a share of the target"),
            subtitle: format!(
                "{} · {}",
                words.period(shown.release.period),
                words.either("每个柱为时限的十分之一", "each bar is a tenth of the target")
            ),
            footnote: Some(words.either(
                "使用率 = 用时 ÷ 时限；纵轴为数量。只含已结束且有时限的计时：仍未结束的超时不在图中，故此处占比与达标率可能不同。\
                 右侧断轴后的柱各跨数倍时限，宽度不按比例。",
                "Share = time used ÷ target; the scale counts cases. Only clocks that have ended and have a target: what is \
                 still open and already over is not shown, so these shares can differ from the attainment. Bars right of \
                 the break span several targets each; their widths are not to scale.",
            )),
        },
        panels,
        far: far.iter().map(name).collect(),
        within_label: words.either("时限内", "Within the target"),
        over_label: words.either("超过时限", "Over the target"),
        line_label: words.either("时限（100%）", "Target (100%)"),
        far_label: words.either("宽度不按比例", "widths not to scale"),
    })
}

/// The panel of a clock; nothing where none has ended with a target.
fn panel(words: Words, table: View, rows: &[usize], clock: &str, far: &[(i64, Option<i64>)]) -> Option<TargetUsePanel> {
    let own = rows.iter().copied().filter(|row| table.text("clock", *row) == Some(clock));
    // From, to, tickets.
    let bins: Vec<(i64, Option<i64>, u64)> = own
        .filter_map(|row| {
            let from = table.long("from_percent", row)?;
            Some((from, table.long("to_percent", row), table.count("tickets", row)))
        })
        .collect();
    let sum = |from: i64| bins.iter().filter(|bin| bin.0 >= from).map(|bin| bin.2).sum::<u64>();
    let (all, over) = (sum(0), sum(TARGET));
    if all == 0 {
        return None;
    }
    let of = |from: i64, to: Option<i64>| bins.iter().filter(|bin| (bin.0, bin.1) == (from, to)).map(|bin| bin.2).sum();
    let share = format!("{:.1}%", real(over) / real(all) * 100.0);
    let (over, all, unit) = (Words::number(over), Words::number(all), words.cases(clock));
    Some(TargetUsePanel {
        label: words.clock(clock),
        note: words.either(
            &format!("超过时限 {share}（{over} / {all} {unit}）"),
            &format!("{share} over the target ({over} of {all} {unit})"),
        ),
        tenths: (0..FINE / 10).map(|tenth| of(tenth * 10, Some(tenth * 10 + 10))).collect(),
        far: far.iter().map(|(from, to)| of(*from, *to)).collect(),
    })
}

fn real(n: u64) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::super::testing::Fixture;
    use super::*;

    fn fixture(rows: &[(&str, i32, Option<i32>, i64)]) -> Fixture {
        let frame = df!(
            "period" => vec!["2026Q3"; rows.len()],
            "clock" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "from_percent" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "to_percent" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
            "tickets" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
        );
        Fixture::new(vec![(NAME, frame.unwrap())])
    }

    #[test]
    fn bins_find_their_place_and_those_from_the_target_on_are_over() {
        let fixture = fixture(&[
            ("resolution", 0, Some(10), 3),
            ("resolution", 90, Some(100), 2),
            ("resolution", 100, Some(110), 1),
            ("resolution", 200, Some(500), 1),
            ("resolution", 500, Some(1000), 0),
            ("resolution", 1000, None, 1),
            ("start", 0, Some(10), 0),
        ]);
        let chart = fixture.shown(choose).unwrap();
        assert_eq!(chart.far, ["200–500%", "500–1,000%", "> 1,000%"]);
        let [panel] = chart.panels.as_slice() else { panic!() };
        assert_eq!((panel.tenths.len(), &panel.tenths[..1], &panel.tenths[9..11]), (20, &[3][..], &[2, 1][..]));
        assert_eq!(panel.far, [1, 0, 1]);
        assert_eq!(panel.note, "超过时限 37.5%（3 / 8 张工单）");
    }

    #[test]
    fn nothing_ended_gives_no_chart() {
        assert!(fixture(&[("resolution", 0, Some(10), 0)]).shown(choose).is_none());
        assert!(Fixture::new(Vec::new()).shown(choose).is_none());
    }
}
