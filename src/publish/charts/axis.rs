//! Scales and their tick marks.

/// A linear map from figures to positions on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub low: f64,
    pub high: f64,
    /// Positions of `low` and `high`; a vertical scale starts at the larger one.
    pub from: f64,
    pub to: f64,
}

impl Scale {
    /// The position of a figure, held inside the axis.
    pub(super) fn at(&self, value: f64) -> f64 {
        let span = self.high - self.low;
        if span <= 0.0 || !value.is_finite() {
            return self.from;
        }
        self.from + (value.clamp(self.low, self.high) - self.low) / span * (self.to - self.from)
    }

    /// Round figures on the axis, with at least `gap` between their positions.
    pub(super) fn ticks(&self, gap: f64) -> Vec<f64> {
        let room = ((self.to - self.from).abs() / gap.max(1.0)).floor().max(1.0);
        let step = round_step((self.high - self.low) / room);
        if step <= 0.0 {
            return vec![self.low];
        }
        let first = (self.low / step - 1e-9).ceil();
        // Multiples of the step, not sums of it: 0.1 added three times is not 0.3.
        (0..64).map(|i| (first + f64::from(i)) * step).take_while(|tick| *tick <= self.high + step * 1e-9).collect()
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `raw`.
fn round_step(raw: f64) -> f64 {
    if !raw.is_finite() || raw <= 0.0 {
        return 0.0;
    }
    let power = 10f64.powf(raw.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0].map(|m| m * power).into_iter().find(|step| *step >= raw * (1.0 - 1e-9)).unwrap_or(raw)
}

/// A range of shares for an axis: down to the tenth below the lowest figure, up to 100 %. A dot plot need not start at
/// zero, and rates of 90 % and more would otherwise share a sliver of the axis.
pub(super) fn share_range(figures: impl Iterator<Item = f64>) -> (f64, f64) {
    let low = figures.filter(|f| f.is_finite()).fold(1.0, f64::min);
    let tenth = ((low - 0.01) * 10.0).floor() / 10.0;
    (tenth.clamp(0.0, 0.8), 1.0)
}

/// A range of scores that holds all figures, in steps of half a point, at least one point wide, inside `limits`.
pub(super) fn score_range(figures: impl Iterator<Item = f64>, limits: (f64, f64)) -> (f64, f64) {
    let (low, high) = figures
        .filter(|f| f.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), f| (low.min(f), high.max(f)));
    if low > high {
        return limits;
    }
    let (low, high) = (((low - 0.05) * 2.0).floor() / 2.0, ((high + 0.05) * 2.0).ceil() / 2.0);
    let high = high.max(low + 1.0).min(limits.1.max(limits.0 + 1.0));
    (low.min(high - 1.0).max(limits.0), high)
}

/// Where to centre a small text that belongs at `y`, so that a line at the other height does not strike it through.
pub(super) fn clear_of(line: Option<f64>, y: f64) -> f64 {
    const CLEAR: f64 = 9.0;
    match line {
        Some(line) if (y - line).abs() < CLEAR && y <= line => line - CLEAR,
        Some(line) if (y - line).abs() < CLEAR => line + CLEAR,
        _ => y,
    }
}

/// `0.9634` as `96.3%`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A tick of a percentage axis, without needless decimals.
pub(super) fn percent_tick(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    if tenths % 10.0 == 0.0 { format!("{:.0}%", tenths / 10.0) } else { format!("{:.1}%", tenths / 10.0) }
}

/// A count with thousands separators, as Chinese and English readers both write it.
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact figures are expected")]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_far_enough_apart() {
        let scale = |low, high, to| Scale { low, high, from: 0.0, to };
        assert_eq!(scale(0.0, 1.0, 200.0).ticks(40.0).len(), 6);
        assert_eq!(
            scale(0.8, 1.0, 100.0).ticks(40.0).iter().map(|t| percent_tick(*t)).collect::<Vec<_>>(),
            ["80%", "90%", "100%"]
        );
        assert_eq!(scale(1.0, 5.0, 400.0).ticks(90.0), [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(scale(0.0, 0.0, 100.0).ticks(40.0), [0.0]);
        for high in [1.0, 3.0, 7.0, 42.0, 999.0, 1e7] {
            let ticks = scale(0.0, high, 300.0).ticks(50.0);
            assert!(ticks.len() <= 7 && !ticks.is_empty(), "{high} {ticks:?}");
        }
    }

    #[test]
    fn ranges_hold_their_figures() {
        assert_eq!(share_range([0.93, 0.97].into_iter()), (0.8, 1.0));
        assert_eq!(share_range([0.55].into_iter()), (0.5, 1.0));
        assert_eq!(share_range([0.0, f64::NAN].into_iter()), (0.0, 1.0));
        assert_eq!(score_range([4.1, 4.6].into_iter(), (1.0, 5.0)), (4.0, 5.0));
        assert_eq!(score_range([1.0, 5.0].into_iter(), (1.0, 5.0)), (1.0, 5.0));
        assert_eq!(score_range([4.9].into_iter(), (1.0, 5.0)), (4.0, 5.0));
        assert_eq!(score_range([].into_iter(), (1.0, 5.0)), (1.0, 5.0));
    }

    #[test]
    fn a_position_never_leaves_the_axis() {
        let scale = Scale { low: 0.0, high: 1.0, from: 10.0, to: 110.0 };
        assert_eq!([0.0, 0.5, 2.0, -1.0, f64::NAN].map(|v| scale.at(v)), [10.0, 60.0, 110.0, 10.0, 10.0]);
    }

    #[test]
    fn a_figure_moves_off_a_line() {
        assert_eq!([95.0, 100.0, 101.0, 120.0].map(|y| clear_of(Some(100.0), y)), [91.0, 91.0, 109.0, 120.0]);
        assert_eq!(clear_of(None, 7.0), 7.0);
    }

    #[test]
    fn figures_read_well() {
        assert_eq!([0, 12, 999, 1234, 1_234_567].map(thousands), ["0", "12", "999", "1,234", "1,234,567"]);
        assert_eq!([percent(0.9634), percent_tick(0.5), percent_tick(0.925)], ["96.3%", "50%", "92.5%"]);
    }
}
