//! What happened to the targets of measures, before and after they were completed.

use super::super::Type;

/// Sums by measure and side, piece by piece. They live in a run only and are not published; the columns are these.
pub const EFFECTS: &str = "measure_effect";

pub const ACTION_ID: &str = "action_id";
/// What the target is: one of the kinds below.
pub const KIND: &str = "target_kind";
pub const SIDE: &str = "side";
/// Whole days before and after the completion; 0 where it is not completed, or the data do not reach.
pub const DAYS: &str = "days";
/// Tickets, texts or answers in the days of this side.
pub const N: &str = "n";
/// Tickets with the defect, or texts with the theme.
pub const HITS: &str = "hits";
/// Sum of the answers in thousandths of a point, and of their squares.
pub const POINTS: &str = "points";
pub const SQUARES: &str = "squares";

/// All columns with their types.
pub const EFFECT_COLUMNS: [(&str, Type); 8] = [
    (ACTION_ID, Type::Text),
    (KIND, Type::Text),
    (SIDE, Type::Text),
    (DAYS, Type::Int32),
    (N, Type::Int64),
    (HITS, Type::Int64),
    (POINTS, Type::Int64),
    (SQUARES, Type::Int64),
];

pub const BEFORE: &str = "before";
pub const AFTER: &str = "after";
/// At any time, so that a target that is nowhere in the data can be told.
pub const EVER: &str = "ever";
pub const SIDES: [&str; 3] = [BEFORE, AFTER, EVER];

/// Kinds of targets.
pub const DEFECT: &str = "defect";
pub const DIMENSION: &str = "dimension";
pub const THEME: &str = "theme";

/// At most so many days are compared, and at least so many.
pub const MOST_DAYS: i64 = 90;
pub const FEWEST_DAYS: i64 = 14;
