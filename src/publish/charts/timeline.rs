//! The axis of time below a panel: short labels thinned to fit, years below them.

use super::canvas::{Align, Canvas, Point, count, text};
use super::style::{AXIS, MUTED, SMALL};

/// One month or week of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Short, as there may be many: `7月`, `Jul`, `7月6日`.
    pub label: String,
    /// Shown below the first moment of each year: `2026`.
    pub year: String,
}

/// Height of labels and years below the counts.
pub(super) const HEIGHT: f64 = 38.0;

/// Tick marks at the lower edge of a panel; `below` it labels and years, the last moment always with its label.
pub(super) fn draw(canvas: &mut Canvas, moments: &[Moment], (left, bottom): Point, slot: f64, below: f64) {
    let widest = moments.iter().map(|m| canvas.face.width(&m.label, SMALL)).fold(1.0, f64::max) + 6.0;
    let step = steps(widest, slot);
    let last = moments.len().saturating_sub(1);
    let y = bottom + below + 17.0;
    let mut free = f64::NEG_INFINITY;
    let mut before: Option<&Moment> = None;
    for (i, moment) in moments.iter().enumerate() {
        let x = left + (count(i) + 0.5) * slot;
        canvas.rule((x, bottom), (x, bottom + 3.0), 1.0, AXIS);
        if (last - i).is_multiple_of(step) {
            canvas.text((x, y), &moment.label, text(SMALL).align(Align::Center));
        }
        let start = x - slot / 2.0;
        if before.is_none_or(|b| b.year != moment.year) && start > free {
            canvas.text((start + 3.0, y + 16.0), &moment.year, text(SMALL).color(MUTED));
            canvas.rule((start, y + 5.0), (start, y + 18.0), 1.0, AXIS);
            free = start + canvas.face.width(&moment.year, SMALL) + 8.0;
        }
        before = Some(moment);
    }
}

/// Every how many moments a label of this width has room.
fn steps(width: f64, slot: f64) -> usize {
    (1..120).find(|step| count(*step) * slot >= width).unwrap_or(120)
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn labels_are_thinned_to_their_width() {
        assert_eq!([steps(30.0, 40.0), steps(41.0, 40.0), steps(40.0, 4.0), steps(9.0, 0.0)], [1, 2, 10, 120]);
    }
}
