//! What other rooms ask a plan.

use super::types::{Clock, Dimension, Plan, Policy};
use crate::schema;
use crate::schema::input::{InputColumn, SourceKind};

impl Plan {
    /// The dimensions that surveys score, in the order of the plan.
    pub fn dimensions(&self) -> impl Iterator<Item = &Dimension> {
        self.sources.values().flat_map(|source| &source.dimensions)
    }

    /// The columns of dumps of a kind that facts carry along.
    pub fn carried(&self, kind: SourceKind) -> &[String] {
        self.sources.get(&kind).map_or(&[], |source| &source.carry)
    }

    /// The same plan for a list of whom to call: names and phones of customers are kept.
    #[must_use]
    pub fn with_contacts(mut self) -> Self {
        for source in self.sources.values_mut() {
            source.contacts = true;
        }
        self
    }

    /// Their names.
    pub fn score_names(&self) -> Vec<&str> {
        self.dimensions().map(|dimension| dimension.name.as_str()).collect()
    }

    /// Clocks that policies or the plan's clocks set a target for, while the column of their end is not mapped: nothing
    /// can be judged there. Each as the clock and the column that is missing.
    pub fn targets_without_end(&self) -> Vec<(&'static str, &'static str)> {
        let asked = |clock: &Clock| {
            clock.target.is_some() && clock.what.target.is_none()
                || self.policies.iter().any(|p| p.targets.contains_key(clock.what.name))
        };
        let without = |clock: &&Clock| asked(clock) && !self.maps(clock.source(), clock.what.end);
        self.clocks.iter().filter(without).map(|clock| (clock.what.name, clock.what.end)).collect()
    }

    /// Whether a source maps a column.
    pub fn maps(&self, source: SourceKind, column: &str) -> bool {
        self.sources.get(&source).is_some_and(|s| s.mapping(column).is_some())
    }

    /// Time columns of the user's own that a source maps, in the order of the file. They are columns of its fact.
    pub fn own_times(&self, source: SourceKind) -> Vec<&'static InputColumn> {
        let columns = self.sources.get(&source).into_iter().flat_map(|s| &s.columns).map(|m| m.column);
        columns.filter(|column| source.column(column.name).is_none()).collect()
    }

    /// The clock of this name.
    pub fn clock(&self, name: &str) -> Option<&Clock> {
        self.clocks.iter().find(|clock| clock.what.name == name)
    }

    /// Whether a policy has targets for clocks of tickets.
    pub fn is_for_tickets(&self, policy: &Policy) -> bool {
        self.clocks_of(schema::facts::TICKET).any(|clock| policy.targets.contains_key(clock.what.name))
    }

    /// Clocks of a fact, `fact_ticket` or `fact_survey`.
    pub fn clocks_of(&self, fact: &str) -> impl Iterator<Item = &Clock> {
        self.clocks.iter().filter(move |clock| clock.what.fact == fact)
    }
}

impl Clock {
    /// The source whose rows have the clock.
    pub fn source(&self) -> SourceKind {
        if self.what.fact == schema::facts::SURVEY { SourceKind::Surveys } else { SourceKind::Tickets }
    }
}
