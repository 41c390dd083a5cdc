//! What customers write about, most often first.

use super::{Chart, Shown, View, Words, changed};
use crate::publish::charts::{Caption, Change, ThemeRow, ThemesChart};
use crate::schema::facts::opinion::{OF_SURVEYS, OF_TICKETS};
use crate::schema::shared::ALL;

const NAME: &str = "opinion_themes";

/// Themes that a page holds.
const MOST: usize = 16;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<ThemesChart> {
    let words = shown.words();
    let table = shown.table("opinion_themes")?;
    let of = |source: &str| shown.reviewed(table, &[("breakdown", ALL), ("source", source)]);
    // What tickets say stands in where customers have written nothing.
    let surveys = of(OF_SURVEYS);
    let (rows, unit) = if surveys.is_empty() {
        (of(OF_TICKETS), words.either("张有文字的工单", "tickets with text"))
    } else {
        (surveys, words.either("条文字评价", "surveys with text"))
    };
    let n = rows.iter().map(|row| table.count("n", *row)).max()?;
    let mut themes: Vec<ThemeRow> = rows.iter().filter_map(|row| theme(words, table, *row)).collect();
    themes.sort_by(|a, b| b.share.value.total_cmp(&a.share.value).then_with(|| a.label.cmp(&b.label)));
    let of = themes.len();
    themes.truncate(MOST);
    let (marked, compared) =
        (themes.iter().any(|t| t.changed != Change::Steady), themes.iter().any(|t| t.previous.is_some()));
    let shown_of = if of > MOST {
        words.either(&format!("{of} 个主题中最多的 {MOST} 个"), &format!("the {MOST} most frequent of {of} themes"))
    } else {
        words.either(&format!("{of} 个主题"), &format!("{of} themes"))
    };
    let reading = words.either(
        "一条文字可涉及多个主题，占比之和可超过 100%；横线为 95% 置信区间，区间重叠的主题不分先后。总体满意度为提及者的均分。",
        "A text may name several themes, so shares may add up to more than 100 %. Themes whose intervals overlap have no order. The mean \
         is what those who name the theme answer overall.",
    );
    let marks = words.either(
        "带箭头者较上期变化显著（q < 0.05，Benjamini–Hochberg 校正）。",
        " Changes in percentage points (pp) with an arrow have a q below 0.05 (Benjamini–Hochberg).",
    );
    let unmarked = words.either("较上期的变化均不显著（q ≥ 0.05）。", " No change has a q below 0.05.");
    let marks = if marked {
        marks
    } else if compared {
        unmarked
    } else {
        String::new()
    };
    Some(ThemesChart {
        caption: Caption {
            title: words.either("客户意见主题", "What customers write about"),
            subtitle: format!("{} · {shown_of} · n = {} {unit}", words.period(shown.release.period), Words::number(n)),
            footnote: Some(reading + &marks),
        },
        rows: themes,
        share_label: words.either("占比及 95% 区间", "Share, with 95 % interval"),
        previous_label: words.either("上期占比", "The period before"),
        heads: [
            words.either("占比", "Share"),
            words.either("条数", "Texts"),
            words.either("较上期 百分点", "Change (pp)"),
            words.either("总体满意度", "Mean overall"),
        ],
    })
}

fn theme(words: Words, table: View, row: usize) -> Option<ThemeRow> {
    let change = table.double("change", row);
    Some(ThemeRow {
        label: words.theme(table.text("theme", row)?),
        share: table.estimate("share", table.count("texts", row), row)?,
        previous: table.double("previous_share", row),
        change: change.map_or_else(|| "–".to_owned(), |change| format!("{:+.1}", change * 100.0).replace('-', "−")),
        changed: changed(change.map(|change| change > 0.0), table.double("change_q", row)),
        mean: table.double("mean_overall", row).map_or_else(|| "–".to_owned(), |mean| format!("{mean:.2}")),
    })
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::super::testing::Fixture;
    use super::*;

    /// Source, breakdown, theme, texts, change, q.
    type Row = (&'static str, &'static str, String, i64, Option<f64>, Option<f64>);

    fn fixture(rows: &[Row]) -> Fixture {
        let share = |r: &Row| f64::from(i32::try_from(r.3).unwrap()) / 100.0;
        let frame = df!(
            "period_type" => vec!["quarter"; rows.len()],
            "period" => vec!["2026Q3"; rows.len()],
            "source" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "breakdown" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "theme" => rows.iter().map(|r| r.2.as_str()).collect::<Vec<_>>(),
            "texts" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
            "n" => vec![100_i64; rows.len()],
            "share" => rows.iter().map(share).collect::<Vec<_>>(),
            "ci_low" => rows.iter().map(|r| share(r) * 0.8).collect::<Vec<_>>(),
            "ci_high" => rows.iter().map(|r| share(r) * 1.2).collect::<Vec<_>>(),
            "mean_overall" => rows.iter().map(|r| (r.3 > 9).then_some(3.456)).collect::<Vec<_>>(),
            "previous_share" => rows.iter().map(|r| r.4.map(|change| share(r) - change)).collect::<Vec<_>>(),
            "change" => rows.iter().map(|r| r.4).collect::<Vec<_>>(),
            "change_q" => rows.iter().map(|r| r.5).collect::<Vec<_>>(),
        );
        Fixture::new(vec![("opinion_themes", frame.unwrap())])
    }

    #[test]
    fn the_most_frequent_theme_stands_on_top() {
        let fixture = fixture(&[
            ("survey", "all", "价格".into(), 7, None, None),
            ("survey", "all", "态度".into(), 12, Some(0.032), Some(0.01)),
            ("survey", "all", "备件".into(), 30, Some(-0.05), Some(0.2)),
            ("survey", "region", "备件".into(), 99, None, None),
            ("ticket", "all", "噪声".into(), 50, None, None),
        ]);
        let chart = fixture.shown(choose).unwrap();
        let rows: Vec<_> =
            chart.rows.iter().map(|r| (r.label.as_str(), r.change.as_str(), r.changed, r.mean.as_str())).collect();
        assert_eq!(
            rows,
            [
                ("备件", "−5.0", Change::Steady, "3.46"),
                ("态度", "+3.2", Change::Rising, "3.46"),
                ("价格", "–", Change::Steady, "–"),
            ]
        );
        assert_eq!(chart.caption.subtitle, "2026年第3季度 · 3 个主题 · n = 100 条文字评价");
    }

    #[test]
    fn tickets_stand_in_for_surveys_and_a_page_is_not_overfull() {
        let rows: Vec<Row> = (0..20).map(|i| ("ticket", "all", format!("主题{i}"), i, None, None)).collect();
        let chart = fixture(&rows).shown(choose).unwrap();
        assert_eq!((chart.rows.len(), chart.rows[0].label.as_str()), (16, "主题19"));
        assert!(chart.caption.subtitle.contains("20 个主题中最多的 16 个 · n = 100 张有文字的工单"));
        assert!(fixture(&[]).shown(choose).is_none());
    }
}
