//! What customers write.

use super::super::{Column, Type};
use super::text;

/// Column of tickets and surveys with the themes of their texts.
pub const THEMES: &str = "themes";

/// The theme of texts that have none of the plan's.
pub const OTHER: &str = "(other)";

pub const THEMES_OF_TICKET: Column = text(
    THEMES,
    "意见主题",
    "Themes",
    "Themes of `fault_description` by the lists of `[opinions]`, joined by `;`; `(other)` where it has none of them. Null without a description, or without lists.",
);
pub const THEMES_OF_SURVEY: Column = text(
    THEMES,
    "意见主题",
    "Themes",
    "Themes of `suggestion` and `comment` together, where a customer wrote them, by the lists of `[opinions]`, joined by `;`; `(other)` where they have none of them. Null without either, or without lists.",
);

/// The same for surveys whose customers wrote the same words. Lives in a run only.
pub const ALIKE: &str = "@alike";

/// How often which word was written, piece by piece, in the reviewed period and the one before. It lives in a run only and is not
/// published; its columns are these.
pub const TERMS: &str = "opinion_term";
pub const SOURCE: &str = "source";
pub const PERIOD: &str = "period";
pub const MOOD: &str = "mood";
pub const TERM: &str = "term";
/// Texts with the word. Those with the empty word are all texts.
pub const TEXTS: &str = "texts";

/// All columns with their types.
pub const TERM_COLUMNS: [(&str, Type); 5] =
    [(SOURCE, Type::Text), (PERIOD, Type::Text), (MOOD, Type::Text), (TERM, Type::Text), (TEXTS, Type::Int64)];

/// Where texts come from.
pub const OF_SURVEYS: &str = "survey";
pub const OF_TICKETS: &str = "ticket";

/// Moods: the overall score is 4 or 5 points, or it is less. Without one there is no mood.
pub const SATISFIED: &str = "satisfied";
pub const UNHAPPY: &str = "unhappy";
/// From so many thousandths of a point on a customer is satisfied.
pub const SATISFIED_FROM: i32 = 4000;
