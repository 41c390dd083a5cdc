//! Which defect to mend first.

use super::Figures;
use crate::plan::STRONGEST;

/// How pressing a defect is, and the factors besides its tickets.
#[derive(Debug, Clone, PartialEq)]
pub struct Priority {
    pub score: f64,
    /// 1 where everybody is calm or nobody noted a mood, 2 where everybody is angry.
    pub emotion: f64,
    /// How far the answers are from 5 points, of 4.
    pub influence: f64,
    pub rank: usize,
}

/// Score and rank of each defect, in the order given; none where no ticket of the period has an answer.
///
/// Few answers and few moods are drawn towards the mean of all, as if `min_n` more had been average.
#[expect(clippy::cast_precision_loss, reason = "counts of tickets and points are far below 2^53")]
pub fn priorities(order: &[&Figures], min_n: i64) -> Vec<Option<Priority>> {
    let sum = |of: fn(&Figures) -> u64| order.iter().map(|f| of(f)).sum::<u64>() as f64;
    let (answers, moods) = (sum(|f| f.answers), sum(|f| f.moods));
    if answers == 0.0 {
        return vec![None; order.len()];
    }
    let mean = sum(|f| f.thousandths) / 1000.0 / answers;
    let strength = if moods > 0.0 { sum(|f| f.strength) / moods } else { 0.0 };
    let weight = min_n as f64;
    let drawn = |sum: f64, n: u64, mean: f64| (sum + weight * mean) / (n as f64 + weight);
    let priority = |f: &&Figures| {
        let overall = drawn(f.thousandths as f64 / 1000.0, f.answers, mean);
        let emotion = 1.0 + drawn(f.strength as f64, f.moods, strength) / f64::from(STRONGEST);
        let influence = (5.0 - overall) / 4.0;
        Priority { score: f.tickets as f64 * emotion * influence, emotion, influence, rank: 0 }
    };
    let mut found: Vec<Priority> = order.iter().map(priority).collect();
    let mut places: Vec<usize> = (0..order.len()).collect();
    // Stable, so equal scores keep the order of the ranking.
    places.sort_by(|a, b| found[*b].score.total_cmp(&found[*a].score));
    for (rank, place) in (1..).zip(places) {
        found[place].rank = rank;
    }
    found.into_iter().map(Some).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unhappy_defects_come_first() {
        let happy = Figures { tickets: 20, answers: 10, thousandths: 50_000, ..Figures::default() };
        let unhappy = Figures { tickets: 15, answers: 10, thousandths: 20_000, ..Figures::default() };
        let ranked: Vec<Priority> = priorities(&[&happy, &unhappy], 5).into_iter().flatten().collect();
        assert_eq!(ranked.iter().map(|p| p.rank).collect::<Vec<_>>(), [2, 1]);
        // mean of all 3.5: overall* = (20 + 17.5) / 15 = 2.5, influence 0.625, nobody's mood is known.
        assert!((ranked[1].score - 9.375).abs() < 1e-12 && (ranked[1].emotion - 1.0).abs() < 1e-12);
        assert_eq!(priorities(&[&Figures::default()], 5), [None]);
    }

    #[test]
    fn angry_customers_weigh_more() {
        let calm = Figures { tickets: 10, answers: 10, thousandths: 30_000, moods: 10, ..Figures::default() };
        let angry = Figures { strength: 30, ..calm };
        let ranked: Vec<Priority> = priorities(&[&calm, &angry], 5).into_iter().flatten().collect();
        // All: 30 ÷ 20 = 1.5; calm (0 + 7.5) ÷ 15 = 0.5, angry (30 + 7.5) ÷ 15 = 2.5, of 3.
        assert!((ranked[0].emotion - (1.0 + 0.5 / 3.0)).abs() < 1e-12);
        assert!((ranked[1].emotion - (1.0 + 2.5 / 3.0)).abs() < 1e-12);
        assert!((ranked[1].score - 10.0 * 0.5 * (1.0 + 2.5 / 3.0)).abs() < 1e-12);
        assert_eq!(ranked[1].rank, 1);
    }
}
