//! Which way a figure has gone, in colour and in a sign.

use plotters::style::RGBColor;

use super::style::{BLUE, MUTED, VERMILLION};

/// A change against an earlier time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change {
    Rising,
    Falling,
    /// None, or one that may be chance.
    #[default]
    Steady,
}

impl Change {
    /// Of figures that should be low: a rise is a warning.
    pub(super) fn color(self) -> RGBColor {
        match self {
            Self::Rising => VERMILLION,
            Self::Falling => BLUE,
            Self::Steady => MUTED,
        }
    }

    /// The text with a sign before it.
    pub(super) fn sign(self, words: &str) -> String {
        match self {
            Self::Rising => format!("▲ {words}"),
            Self::Falling => format!("▼ {words}"),
            Self::Steady => words.to_owned(),
        }
    }
}
