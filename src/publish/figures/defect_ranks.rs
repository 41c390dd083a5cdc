//! Ranks of the defects in the period before and in the reviewed one.

use std::collections::BTreeMap;

use super::{Chart, Shown, View, Words, changed};
use crate::publish::charts::{Caption, Change, DefectRanksChart, RankEnd, RankLine};

const NAME: &str = "defect_ranks";

/// Ranks that a page holds.
const MOST: usize = 10;

/// Model and fault.
type Key<'a> = (&'a str, &'a str);

/// A defect in one period.
#[derive(Clone, Copy)]
struct Ranked {
    row: usize,
    rank: usize,
    tickets: u64,
}

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<DefectRanksChart> {
    let words = shown.words();
    let table = shown.table("defect_ranking")?;
    let period = shown.release.period;
    let rows = table.defects(&[("period", period)]);
    let kind = table.text("period_type", *rows.first()?)?;
    let before = table.defects(&[("period_type", kind)]);
    let previous = table.distinct("period", &before).into_iter().filter(|name| *name < period).max()?;
    let before = table.defects(&[("period_type", kind), ("period", previous)]);
    let sides = [ranked(table, &before), ranked(table, &rows)];

    // Those of the reviewed period in their order, then those that were among the first before.
    let mut first: Vec<(usize, usize, Key)> = Vec::new();
    for (key, now) in &sides[1] {
        let was = sides[0].get(key).map_or(usize::MAX, |was| was.rank);
        first.push((now.rank, was, *key));
    }
    let gone = sides[0].iter().filter(|(key, _)| !sides[1].contains_key(*key));
    first.extend(gone.map(|(key, was)| (usize::MAX, was.rank, *key)));
    first.retain(|(now, was, _)| *now.min(was) <= MOST);
    first.sort_unstable();
    if first.is_empty() {
        return None;
    }
    let total = |side: &BTreeMap<Key, Ranked>| side.values().map(|ranked| ranked.tickets).sum::<u64>();
    let names = [words.period(previous), words.period(period)];
    Some(DefectRanksChart {
        caption: Caption {
            title: words.either("主要故障的名次变化", "How the ranks of defects have changed"),
            subtitle: format!(
                "{} → {} · n = {} → {} {}",
                names[0],
                names[1],
                Words::number(total(&sides[0])),
                Words::number(total(&sides[1])),
                words.either("次故障", "faults"),
            ),
            footnote: Some(words.either(
                &format!(
                    "两期各取工单数最多的 {MOST} 项；数字为名次与工单数。倍数为本期与上期故障率之比（每张工单，有在用机统计时为每台在用机），彩色者变化显著\
                     （q < 0.05，Benjamini–Hochberg 校正）；其余名次升降可能出于偶然。"
                ),
                &format!(
                    "The {MOST} defects with most tickets of either period, with rank and tickets. × is the rate (per ticket, or per unit in the field where they are counted) against the \
                     period before; coloured ones have changed with a q below 0.05 (Benjamini–Hochberg). Other moves may be chance."
                ),
            )),
        },
        periods: names,
        lines: first.iter().map(|(_, _, key)| line(words, table, &sides, *key)).collect(),
        rails: [
            words.either(&format!("{MOST} 名以后"), &format!("below {MOST}")),
            words.either("无此故障", "none"),
        ],
        count_label: words.either("工单数", "Tickets"),
        keys: [
            words.either("显著上升", "Risen"),
            words.either("显著下降", "Fallen"),
            words.either("无显著变化", "No change shown"),
        ],
    })
}

/// The defects of a period that have tickets.
fn ranked<'a>(table: View<'a>, rows: &[usize]) -> BTreeMap<Key<'a>, Ranked> {
    let ranked = |row: &usize| {
        let key = (table.text("product_model", *row)?, table.text("fault_code", *row)?);
        let rank = usize::try_from(table.long("rank", *row)?).ok().filter(|rank| *rank > 0)?;
        Some((key, Ranked { row: *row, rank, tickets: table.count("tickets", *row) }))
    };
    rows.iter().filter_map(ranked).filter(|(_, ranked)| ranked.tickets > 0).collect()
}

fn line(words: Words, table: View, sides: &[BTreeMap<Key, Ranked>; 2], key: Key) -> RankLine {
    let [was, now] = [sides[0].get(&key).copied(), sides[1].get(&key).copied()];
    let end = |ranked: Option<Ranked>| match ranked {
        Some(Ranked { rank, tickets, .. }) if rank <= MOST => RankEnd::Place { rank, tickets },
        Some(_) => RankEnd::Lower,
        None => RankEnd::Missing,
    };
    let ratio = now.and_then(|now| table.double("change_ratio", now.row));
    let q = now.and_then(|now| table.double("change_q", now.row));
    // What was not there before has no ratio, and can only have risen.
    let up = ratio.map(|ratio| ratio > 1.0).or_else(|| (was.is_none() && now.is_some()).then_some(true));
    let change = changed(up, q);
    let elsewhere = |side: &str, ranked: Option<Ranked>| {
        let Ranked { rank, tickets, .. } = ranked.filter(|ranked| ranked.rank > MOST)?;
        let n = Words::number(tickets);
        Some(format!("{side}{}", words.either(&format!("第 {rank} 名（{n}）"), &format!(" rank {rank} ({n})"))))
    };
    let parts = [
        elsewhere(&words.either("上期", "Before:"), was),
        elsewhere(&words.either("本期", "Now:"), now),
        ratio.map(|ratio| format!("×{ratio:.2}")),
        q.filter(|_| change != Change::Steady).map(Words::q),
    ];
    let row = now.or(was).map_or(0, |ranked| ranked.row);
    RankLine {
        label: words.defect(table, row),
        ends: [end(was), end(now)],
        change,
        note: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::super::testing::Fixture;
    use super::*;

    /// Period, level, rank, fault, tickets, ratio, q.
    type Row = (&'static str, &'static str, i32, &'static str, i64, Option<f64>, Option<f64>);

    const FINE: &str = "product_model+fault_code";

    fn fixture(rows: &[Row]) -> Fixture {
        let kind = |period: &str| if period.contains('Q') { "quarter" } else { "month" };
        let frame = df!(
            "period_type" => rows.iter().map(|r| kind(r.0)).collect::<Vec<_>>(),
            "period" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "level" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "rank" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
            "product_model" => vec!["KX"; rows.len()],
            "fault_code" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
            "tickets" => rows.iter().map(|r| r.4).collect::<Vec<_>>(),
            "change_ratio" => rows.iter().map(|r| r.5).collect::<Vec<_>>(),
            "change_q" => rows.iter().map(|r| r.6).collect::<Vec<_>>(),
        );
        Fixture::new(vec![("defect_ranking", frame.unwrap())])
    }

    #[test]
    fn lines_join_the_two_periods() {
        let fixture = fixture(&[
            ("2026-08", FINE, 1, "漏水", 99, None, None),
            ("2026Q1", FINE, 1, "旧", 99, None, None),
            ("2026Q2", FINE, 1, "异响", 20, None, None),
            ("2026Q2", FINE, 2, "消失", 9, None, None),
            ("2026Q2", FINE, 14, "漏水", 2, None, None),
            ("2026Q3", "fault_code", 1, "漏水", 40, Some(9.0), Some(0.0)),
            ("2026Q3", FINE, 1, "漏水", 31, Some(15.0), Some(0.0001)),
            ("2026Q3", FINE, 2, "异响", 8, Some(0.4), Some(0.02)),
            ("2026Q3", FINE, 3, "新", 3, None, Some(0.3)),
        ]);
        let chart = fixture.shown(choose).unwrap();
        let place = |rank, tickets| RankEnd::Place { rank, tickets };
        let lines: Vec<_> = chart.lines.iter().map(|l| (l.label.as_str(), l.ends, l.change, l.note.as_str())).collect();
        assert_eq!(
            lines,
            [
                ("KX · 漏水", [RankEnd::Lower, place(1, 31)], Change::Rising, "上期第 14 名（2） · ×15.00 · q < 0.001"),
                ("KX · 异响", [place(1, 20), place(2, 8)], Change::Falling, "×0.40 · q = 0.020"),
                ("KX · 新", [RankEnd::Missing, place(3, 3)], Change::Steady, ""),
                ("KX · 消失", [place(2, 9), RankEnd::Missing], Change::Steady, ""),
            ]
        );
        assert_eq!(chart.caption.subtitle, "2026年第2季度 → 2026年第3季度 · n = 31 → 42 次故障");
    }

    #[test]
    fn without_a_period_before_there_is_no_chart() {
        assert!(fixture(&[("2026Q3", FINE, 1, "漏水", 3, None, None)]).shown(choose).is_none());
        let later = [("2026Q3", FINE, 1, "漏水", 3, None, None), ("2026-06", FINE, 1, "漏水", 3, None, None)];
        assert!(fixture(&later).shown(choose).is_none());
        assert!(Fixture::new(Vec::new()).shown(choose).is_none());
    }
}
