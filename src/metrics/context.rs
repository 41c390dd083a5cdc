//! What a metric knows of the run besides its tallies.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::Plan;
use crate::schema::facts;
use crate::schema::shared::{self, ALL, Breakdown};

/// The facts whose rows have clocks, in the order in which tables list them.
pub const CLOCKED: [&str; 2] = [facts::TICKET, facts::SURVEY];

/// A period as the tables name it: its type, and its name, which sorts by time within the type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Months come before the reporting period.
    order: u8,
    pub kind: &'static str,
    pub name: String,
}

/// The plan, the reviewed period, and which columns the facts have.
#[derive(Debug)]
pub struct Context<'a> {
    pub plan: &'a Plan,
    /// Months in which tables have rows, each with the reporting period that holds it, in order of time: from the first
    /// month of the data to the last of the reviewed period.
    pub months: Vec<(String, String)>,
    /// Type of the reviewed period: `month`, `quarter`, `half` or `year`.
    pub kind: &'static str,
    /// The fact columns that the data have, as (table, column).
    pub columns: BTreeSet<(&'static str, String)>,
}

impl Context<'_> {
    pub fn has(&self, fact: &'static str, column: &str) -> bool {
        self.columns.contains(&(fact, column.to_owned()))
    }

    /// Names of the clocks of a fact whose outcomes the data have, in the order of the plan.
    pub fn clocks(&self, fact: &'static str) -> Vec<&'static str> {
        let known = self.plan.clocks_of(fact).filter(|clock| self.has(fact, clock.what.column("outcome")));
        known.map(|clock| clock.what.name).collect()
    }

    /// The breakdowns of a fact that the plan asks for and the data have, after `all`, which has no column.
    pub fn breakdowns(&self, fact: &'static str, asked: &[&'static str]) -> Vec<(&'static str, Option<&'static str>)> {
        let present = |b: &&Breakdown| asked.contains(&b.name) && self.has(fact, b.column);
        let named = shared::BREAKDOWNS.iter().filter(present).map(|b| (b.name, Some(b.column)));
        std::iter::once((ALL, None)).chain(named).collect()
    }

    /// Name of the reporting period that a month counts towards; none outside the reviewed time.
    pub fn period(&self, month: &str) -> Option<&str> {
        self.months.iter().find(|(own, _)| own == month).map(|(_, period)| period.as_str())
    }

    /// The periods that a month counts towards: itself and the reporting period; none outside the reviewed time.
    pub fn spans(&self, month: &str) -> Vec<Span> {
        let Some(period) = self.period(month) else { return Vec::new() };
        let own = Span { order: 0, kind: "month", name: month.to_owned() };
        if self.kind == "month" { vec![own] } else { vec![own, self.reporting(period)] }
    }

    /// A reporting period by its name.
    pub fn reporting(&self, name: &str) -> Span {
        Span { order: u8::from(self.kind != "month"), kind: self.kind, name: name.to_owned() }
    }

    /// The period of the same type before this one, where it lies in the reviewed time.
    pub fn previous(&self, span: &Span) -> Option<Span> {
        let mut names: Vec<&str> =
            self.months.iter().map(|(m, p)| if span.order == 0 { m.as_str() } else { p.as_str() }).collect();
        names.dedup();
        let place = names.iter().position(|n| *n == span.name)?;
        place.checked_sub(1).map(|p| Span { order: span.order, kind: span.kind, name: names[p].to_owned() })
    }
}

/// All periods of the tables, each known by its rank in their order: groups are kept and sorted by numbers, not by names.
#[derive(Debug)]
pub struct Spans {
    all: Vec<Span>,
    /// For each month, the periods it counts towards.
    of_month: BTreeMap<String, Vec<usize>>,
    previous: Vec<Option<usize>>,
}

impl Spans {
    pub fn new(context: &Context) -> Self {
        let of_month = || context.months.iter().map(|(month, _)| (month.clone(), context.spans(month)));
        let spans: BTreeSet<Span> = of_month().flat_map(|(_, spans)| spans).collect();
        let spans: Vec<Span> = spans.into_iter().collect();
        let rank = |span: &Span| spans.binary_search(span).ok();
        let previous = spans.iter().map(|span| context.previous(span).as_ref().and_then(rank)).collect();
        let of_month = of_month().map(|(month, own)| (month, own.iter().filter_map(rank).collect())).collect();
        Self { all: spans, of_month, previous }
    }

    /// The periods that a month counts towards.
    pub fn of(&self, month: &str) -> &[usize] {
        self.of_month.get(month).map_or(&[], Vec::as_slice)
    }

    /// The period of this rank.
    pub fn span(&self, rank: usize) -> &Span {
        &self.all[rank]
    }

    /// The period of the same type before the one of this rank.
    pub fn previous(&self, rank: usize) -> Option<usize> {
        self.previous[rank]
    }
}
