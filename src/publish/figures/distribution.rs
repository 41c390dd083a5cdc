//! How the answers spread over the scale, dimension by dimension.

use super::{Chart, Shown};
use crate::publish::charts::{Caption, LikertChart, LikertRow};
use crate::schema::shared::ALL;

const NAME: &str = "answers";

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<LikertChart> {
    let words = shown.words();
    let table = shown.table("answer_distribution")?;
    let rows = shown.reviewed(table, &[("breakdown", ALL)]);
    let mut bars: Vec<LikertRow> = Vec::new();
    for dimension in table.distinct("dimension", &rows) {
        let mut answers = [0; 5];
        let own = rows.iter().filter(|row| table.text("dimension", **row) == Some(dimension));
        for row in own.filter(|row| !table.flag("suppressed", **row)) {
            let points = table.long("points", *row).and_then(|points| usize::try_from(points).ok());
            if let Some(sum) = points.and_then(|points| answers.get_mut(points.checked_sub(1)?)) {
                *sum += table.count("answers", *row);
            }
        }
        let bar = LikertRow { label: words.dimension(dimension), answers };
        bars.extend((bar.n() > 0).then_some(bar));
    }
    if bars.is_empty() {
        return None;
    }
    // The least satisfying on top.
    bars.sort_by(|a, b| a.satisfied().total_cmp(&b.satisfied()));
    let n: u64 = bars.iter().map(LikertRow::n).sum();
    let plan = shown.release.plan;
    let meaning = |points: i32| {
        let mut of = plan.scores.words.iter().filter(|(_, value)| (**value - f64::from(points)).abs() < f64::EPSILON);
        let word = of.next().map(|(word, _)| word.as_str());
        match word {
            Some(word) => words.either(&format!("{points} {word}"), &format!("{points}")),
            None => points.to_string(),
        }
    };
    Some(LikertChart {
        caption: Caption {
            title: words.either("各维度评分分布", "Distribution of answers by dimension"),
            subtitle: format!("{} · {}", words.period(shown.release.period), words.answers(n)),
            footnote: Some(words.either(
                "竖线为量表中点，3 分的一半在其左、一半在其右；按满意率由低到高排列。",
                "The upright line is the middle of the scale, half of the threes on either side; lowest share of 4 and 5 on top.",
            )),
        },
        rows: bars,
        answers: [1, 2, 3, 4, 5].map(meaning),
        heads: [words.either("满意率（4–5 分）", "4 and 5 points"), words.either("评分数", "Answers")],
    })
}
