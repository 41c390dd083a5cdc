//! Tables made by hand, for the tests of this folder.

use std::path::Path;

use polars::prelude::DataFrame;

use super::Shown;
use crate::plan::{self, Plan};
use crate::publish::{Release, Sheet};
use crate::schema::Table;
use crate::schema::quality::DATA_DICTIONARY;

const PLAN: &str = "[sources.tickets]\nfiles = \"t.csv\"\n[sources.tickets.columns]\nticket_id = \"单号\"\n\
                    requested_at = \"时间\"\n";

/// A review of 2026Q3 with some tables.
pub struct Fixture {
    plan: Plan,
    frames: Vec<(&'static str, DataFrame)>,
}

impl Fixture {
    pub fn new(frames: Vec<(&'static str, DataFrame)>) -> Self {
        Self { plan: plan::parse(PLAN, Path::new("p.toml")).unwrap(), frames }
    }

    pub fn goal(&mut self, clock: &str, goal: f64) {
        self.plan.clocks.iter_mut().filter(|c| c.what.name == clock).for_each(|c| c.goal = Some(goal));
    }

    pub fn shown<T>(&self, see: impl FnOnce(&Shown) -> T) -> T {
        // Charts look at names and frames alone.
        const TABLE: &Table = &DATA_DICTIONARY;
        let release = Release {
            plan: &self.plan,
            period: "2026Q3",
            as_of: "2026-09-30 23:59:59",
            run_id: "",
            inputs: &[],
            tables: self.frames.iter().map(|(name, frame)| Sheet::of(TABLE, frame).named(name)).collect(),
            roster: None,
            quarantine: Vec::new(),
            mend: Vec::new(),
        };
        see(&Shown { release: &release })
    }
}
