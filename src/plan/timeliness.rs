//! `[timeliness]`: how time used becomes a score of 1–5.

use super::types::Timeliness;

/// What holds where the plan says nothing.
pub fn usual() -> Timeliness {
    Timeliness {
        clocks: vec!["first_response", "start", "resolution"],
        dimension: "timeliness".to_owned(),
        evaluators: Vec::new(),
        limits: [1500, 1000, 800, 500],
    }
}
