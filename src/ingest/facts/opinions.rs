//! Free text of tickets and surveys: its themes, and which words it has in the reviewed period and the one before.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use super::answered::by_customer;
use super::{Moment, frame};
use crate::opinions::{Found, Lexicon, Scratch};
use crate::plan::Plan;
use crate::schema::facts::opinion::{
    ALIKE, MOOD, OF_SURVEYS, OF_TICKETS, OTHER, PERIOD, SATISFIED, SATISFIED_FROM, SOURCE, TERM, TEXTS, THEMES, UNHAPPY,
};
use crate::schema::facts::{SURVEY, TICKET, score};

/// Columns with texts of customers' tickets and surveys.
pub const OF_TICKET: &str = "fault_description";
pub const OF_SURVEY: [&str; 2] = ["suggestion", "comment"];

/// What is asked of texts.
#[derive(Debug)]
pub struct Opinions<'a> {
    plan: &'a Plan,
    lexicon: &'a Lexicon,
    /// Names of the reviewed period and of the one before.
    periods: [String; 2],
}

/// How often words were written.
type Counts<'t> = BTreeMap<(usize, &'static str, &'t str), i64>;

impl<'a> Opinions<'a> {
    pub fn new(plan: &'a Plan, lexicon: &'a Lexicon, moment: Moment) -> Self {
        let periods = [moment.period, moment.period.previous()].map(|period| period.to_string());
        Self { plan, lexicon, periods }
    }

    /// The columns that [`tickets`](Self::tickets) or [`surveys`](Self::surveys) look at.
    pub fn columns(fact: &str) -> Vec<&'static str> {
        match fact {
            TICKET => vec![OF_TICKET, PERIOD],
            SURVEY => OF_SURVEY.into_iter().chain([PERIOD, "evaluator", score("overall")]).collect(),
            _ => Vec::new(),
        }
    }

    pub fn periods(&self) -> &[String; 2] {
        &self.periods
    }

    /// The themes of tickets; none where they have no texts.
    pub fn themes_of_tickets(&self, tickets: &DataFrame) -> PolarsResult<Option<Column>> {
        if !frame::has(tickets, OF_TICKET) {
            return Ok(None);
        }
        let texts = frame::texts(tickets, OF_TICKET)?;
        self.themes(&[texts]).map(Some)
    }

    /// The themes of what customers wrote in surveys; none where they have no texts.
    pub fn themes_of_surveys(&self, surveys: &DataFrame) -> PolarsResult<Option<Column>> {
        let written = self.written(surveys)?;
        if written.is_empty() { Ok(None) } else { self.themes(&written).map(Some) }
    }

    /// The texts of customers, column by column.
    fn written<'f>(&self, surveys: &'f DataFrame) -> PolarsResult<Vec<Vec<Option<&'f str>>>> {
        let evaluators = frame::texts(surveys, "evaluator")?;
        let of = |name: &&str| {
            let texts = frame::texts(surveys, name)?.into_iter().zip(&evaluators);
            Ok(texts.map(|(text, who)| text.filter(|_| by_customer(self.plan, *who))).collect())
        };
        OF_SURVEY.iter().filter(|name| frame::has(surveys, name)).map(of).collect()
    }

    /// The themes of rows, each text looked at once.
    fn themes(&self, columns: &[Vec<Option<&str>>]) -> PolarsResult<Column> {
        let themes = &self.lexicon.themes;
        let (mut known, mut scratch) = (HashMap::<&str, Found>::new(), Scratch::default());
        let rows = columns.first().map_or(0, Vec::len);
        let mut names: HashMap<Found, String> = HashMap::new();
        let mut found = Vec::with_capacity(rows);
        for row in 0..rows {
            let mut all: Option<Found> = None;
            for text in columns.iter().filter_map(|texts| texts[row]).filter(|text| says(text)) {
                let own = *known.entry(text).or_insert_with(|| themes.find(text, &mut scratch));
                all = Some(Found(own.0 | all.unwrap_or_default().0));
            }
            if let Some(all) = all {
                names.entry(all).or_insert_with(|| if all.0 == 0 { OTHER.to_owned() } else { themes.joined(all) });
            }
            found.push(all);
        }
        frame::categories(
            THEMES,
            found.iter().map(|all| all.as_ref().and_then(|all| names.get(all)).map(String::as_str)),
        )
    }

    /// The words of a fact; none where it has no texts. Surveys get a column that tells which are alike.
    pub fn words(&self, fact: &str, rows: &mut DataFrame) -> PolarsResult<Option<DataFrame>> {
        match fact {
            TICKET => self.tickets(rows).map(Some),
            SURVEY => self.surveys(rows).map(Some),
            _ => Ok(None),
        }
    }

    /// The words of tickets.
    pub fn tickets(&self, tickets: &DataFrame) -> PolarsResult<DataFrame> {
        let places = self.places(tickets)?;
        let texts = frame::texts(tickets, OF_TICKET)?;
        let mut times: BTreeMap<(usize, &str), i64> = BTreeMap::new();
        for (place, text) in places.iter().zip(&texts) {
            if let (Some(place), Some(text)) = (place, text.filter(|text| says(text))) {
                *times.entry((*place, text)).or_default() += 1;
            }
        }
        let cut = self.cut(times.keys().map(|(_, text)| *text));
        let mut counts = Counts::new();
        for ((place, text), times) in &times {
            *counts.entry((*place, "", "")).or_default() += times;
            for term in cut.get(text).into_iter().flat_map(|cut| &cut.0) {
                *counts.entry((*place, "", term)).or_default() += times;
            }
        }
        self.frame(OF_TICKETS, &counts)
    }

    /// The words of surveys, and the surveys with a column that tells which texts are alike.
    pub fn surveys(&self, surveys: &mut DataFrame) -> PolarsResult<DataFrame> {
        let (alike, counted) = {
            let places = self.places(surveys)?;
            let written = self.written(surveys)?;
            let overall = frame::ints(surveys, score("overall"))?;
            let rows: Vec<Vec<&str>> = (0..surveys.height())
                .map(|row| {
                    let own = written.iter().filter_map(|texts| texts[row]).filter(|text| says(text));
                    own.filter(|_| places[row].is_some()).collect()
                })
                .collect();
            let cut = self.cut(rows.iter().flatten().copied());
            let mut counts = Counts::new();
            let mut alike = Vec::with_capacity(rows.len());
            for (row, texts) in rows.iter().enumerate() {
                let own = texts.iter().filter_map(|text| cut.get(text));
                // Two texts of a survey in their order; that of one text alone is its own.
                let both = own.clone().map(|cut| cut.1).reduce(|one, other| one.rotate_left(1) ^ other);
                alike.push(both.map(u64::cast_signed));
                let Some(place) = places[row].filter(|_| !texts.is_empty()) else { continue };
                let mood = overall[row].map_or("", |score| if score >= SATISFIED_FROM { SATISFIED } else { UNHAPPY });
                *counts.entry((place, mood, "")).or_default() += 1;
                let mut terms: Vec<&str> = own.flat_map(|cut| cut.0.iter().map(String::as_str)).collect();
                terms.sort_unstable();
                terms.dedup();
                for term in terms {
                    *counts.entry((place, mood, term)).or_default() += 1;
                }
            }
            (frame::longs(ALIKE, alike), self.frame(OF_SURVEYS, &counts)?)
        };
        surveys.with_column(alike)?;
        Ok(counted)
    }

    /// Which of the two periods a row belongs to.
    fn places(&self, rows: &DataFrame) -> PolarsResult<Vec<Option<usize>>> {
        let place = |name: Option<&str>| self.periods.iter().position(|own| Some(own.as_str()) == name);
        Ok(frame::texts(rows, PERIOD)?.into_iter().map(place).collect())
    }

    /// The words of texts, each cut once.
    fn cut<'t>(&self, texts: impl Iterator<Item = &'t str>) -> HashMap<&'t str, (Vec<String>, u64)> {
        let mut known = HashMap::new();
        for text in texts {
            known.entry(text).or_insert_with(|| {
                let cut = self.lexicon.terms.cut(text);
                (cut.terms, cut.alike)
            });
        }
        known
    }

    fn frame(&self, source: &str, counts: &Counts) -> PolarsResult<DataFrame> {
        let keys = || counts.keys();
        let columns = vec![
            frame::strings(SOURCE, keys().map(|_| Some(source))),
            frame::strings(PERIOD, keys().map(|(place, ..)| Some(self.periods[*place].as_str()))),
            frame::strings(MOOD, keys().map(|(_, mood, _)| Some(*mood))),
            frame::strings(TERM, keys().map(|(.., term)| Some(*term))),
            frame::longs(TEXTS, counts.values().map(|texts| Some(*texts)).collect()),
        ];
        DataFrame::new(counts.len(), columns)
    }
}

/// Whether a text says anything.
fn says(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}
