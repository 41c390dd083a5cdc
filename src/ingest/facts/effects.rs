//! What happened to the targets of measures: tickets, answers and texts counted in as many days before a measure was completed as
//! after it.

use std::collections::HashMap;

use chrono::NaiveDate;
use polars::prelude::*;

use super::actions::{Action, Actions};
use super::{Moment, frame};
use crate::plan::Plan;
use crate::schema::facts::effect::{
    ACTION_ID, AFTER, BEFORE, DAYS, DEFECT, DIMENSION, EVER, HITS, KIND, MOST_DAYS, N, POINTS, SIDE, SIDES, SQUARES,
    THEME,
};
use crate::schema::facts::opinion::THEMES;
use crate::schema::facts::{SURVEY, TICKET, score};
use crate::schema::shared::JOINED;
use crate::time::{DAY_SECONDS, MICROS, Wall, wall};

const DAY: i64 = DAY_SECONDS * MICROS;

/// What a measure is to improve.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// A model, a line, a fault, or several of them.
    Defect,
    /// The column of its scores.
    Dimension(&'static str),
    /// The name of the theme, and the fact in whose texts it is looked for.
    Theme(String, &'static str),
}

/// What is counted for one measure.
#[derive(Debug)]
struct Aim<'a> {
    action: &'a Action,
    target: Target,
    /// The end of the day on which it was completed, and the days on either side that are compared.
    completed: Option<(Wall, i64)>,
}

/// What is counted for all measures.
#[derive(Debug)]
pub struct Effects<'a> {
    aims: Vec<Aim<'a>>,
}

/// Places of measures.
type Places = std::sync::Arc<[usize]>;

/// What one side of one measure adds up to.
#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    n: i64,
    hits: i64,
    points: i64,
    squares: i64,
}

impl<'a> Effects<'a> {
    /// `first` is the first day of the data; `of_surveys` whether customers write in surveys.
    pub fn new(actions: &'a Actions, plan: &Plan, moment: Moment, first: NaiveDate, of_surveys: bool) -> Self {
        let first = wall(first.and_time(chrono::NaiveTime::MIN));
        let days = |at: Wall| ((moment.as_of + 1 - at) / DAY).min((at - first) / DAY).clamp(0, MOST_DAYS);
        let aim = |action: &'a Action| Aim {
            action,
            target: target(action, plan, if of_surveys { SURVEY } else { TICKET }),
            completed: action.completed_at().map(|at| (at, days(at))),
        };
        Self { aims: actions.all.iter().map(aim).collect() }
    }

    /// The columns of a fact that are looked at.
    pub fn columns(&self, fact: &str) -> Vec<&'static str> {
        let of = |aim: &Aim| match (&aim.target, fact) {
            (Target::Defect, TICKET) => vec!["requested_at", "product_model", "product_line", "fault_codes"],
            (Target::Dimension(score), SURVEY) => vec!["answered_at", score],
            (Target::Theme(_, of), SURVEY) if *of == SURVEY => vec!["answered_at", THEMES],
            (Target::Theme(_, of), TICKET) if *of == TICKET => vec!["requested_at", THEMES],
            _ => Vec::new(),
        };
        self.aims.iter().flat_map(of).collect()
    }

    /// The sums of a piece of a fact; none where no measure asks for it.
    pub fn of(&self, fact: &str, rows: &DataFrame) -> PolarsResult<Option<DataFrame>> {
        if self.columns(fact).is_empty() {
            return Ok(None);
        }
        let at = frame::micros(rows, if fact == SURVEY { "answered_at" } else { "requested_at" })?;
        let about = self.about(fact, rows)?;
        let mut sums = vec![[Sums::default(); SIDES.len()]; self.aims.len()];
        for (place, (aim, sums)) in self.aims.iter().zip(&mut sums).enumerate() {
            match &aim.target {
                Target::Defect if fact == TICKET => {
                    let hit = |row: usize| about[row].as_ref().is_some_and(|all| all.contains(&place));
                    aim.count(&at, |row| Some(Sums { n: 1, hits: i64::from(hit(row)), ..Sums::default() }), sums);
                }
                Target::Dimension(score) if fact == SURVEY => {
                    let scores = frame::ints(rows, score)?;
                    let sum = |row: usize| {
                        let points = i64::from(scores[row]?);
                        Some(Sums { n: 1, hits: 1, points, squares: points * points })
                    };
                    aim.count(&at, sum, sums);
                }
                Target::Theme(theme, of) if *of == fact => {
                    let themes = frame::texts(rows, THEMES)?;
                    let hit = |text: &str| text.split(JOINED).any(|own| own == theme);
                    let sum = |row: usize| Some(Sums { n: 1, hits: i64::from(hit(themes[row]?)), ..Sums::default() });
                    aim.count(&at, sum, sums);
                }
                _ => {}
            }
        }
        self.frame(&sums).map(Some)
    }

    /// The sums of no rows.
    pub fn shape(&self) -> PolarsResult<DataFrame> {
        Ok(self.frame(&vec![[Sums::default(); SIDES.len()]; self.aims.len()])?.clear())
    }

    /// For each ticket the measures that are about it; those of tickets of the same model, line and faults are found once.
    fn about(&self, fact: &str, rows: &DataFrame) -> PolarsResult<Vec<Option<Places>>> {
        if fact != TICKET || !self.aims.iter().any(|aim| aim.target == Target::Defect) {
            return Ok(Vec::new());
        }
        let (models, lines) = (frame::texts(rows, "product_model")?, frame::texts(rows, "product_line")?);
        let faults = frame::texts(rows, "fault_codes")?;
        let mut known: HashMap<[Option<&str>; 3], Option<Places>> = HashMap::new();
        let of = |row: usize| {
            let key = [models[row], lines[row], faults[row]];
            known
                .entry(key)
                .or_insert_with(|| {
                    let about = |(_, aim): &(usize, &Aim)| {
                        aim.target == Target::Defect && aim.action.is_about(key[0], key[1], key[2])
                    };
                    let places: Vec<usize> =
                        self.aims.iter().enumerate().filter(about).map(|(place, _)| place).collect();
                    (!places.is_empty()).then(|| places.into())
                })
                .clone()
        };
        Ok((0..rows.height()).map(of).collect())
    }

    fn frame(&self, sums: &[[Sums; SIDES.len()]]) -> PolarsResult<DataFrame> {
        let rows = || {
            self.aims.iter().zip(sums).flat_map(|(aim, sums)| SIDES.iter().zip(sums).map(move |(s, n)| (aim, *s, n)))
        };
        let kind = |aim: &Aim| match aim.target {
            Target::Defect => DEFECT,
            Target::Dimension(_) => DIMENSION,
            Target::Theme(..) => THEME,
        };
        let days = |aim: &Aim| i32::try_from(aim.completed.map_or(0, |(_, days)| days)).ok();
        let sum = |name, of: fn(&Sums) -> i64| frame::longs(name, rows().map(|(.., sums)| Some(of(sums))).collect());
        let columns = vec![
            frame::strings(ACTION_ID, rows().map(|(aim, ..)| Some(aim.action.id()))),
            frame::strings(KIND, rows().map(|(aim, ..)| Some(kind(aim)))),
            frame::strings(SIDE, rows().map(|(_, side, _)| Some(side))),
            frame::integers(DAYS, rows().map(|(aim, ..)| days(aim)).collect()),
            sum(N, |sums| sums.n),
            sum(HITS, |sums| sums.hits),
            sum(POINTS, |sums| sums.points),
            sum(SQUARES, |sums| sums.squares),
        ];
        DataFrame::new(rows().count(), columns)
    }
}

impl Aim<'_> {
    /// Adds rows up on the side on which they lie.
    fn count(&self, at: &[Option<Wall>], of: impl Fn(usize) -> Option<Sums>, sums: &mut [Sums; SIDES.len()]) {
        for (row, at) in at.iter().enumerate() {
            let (Some(at), Some(own)) = (at, of(row)) else { continue };
            let near = self.completed.and_then(|(completed, days)| match at - completed {
                since if since >= 0 && since < days * DAY => Some(AFTER),
                since if since < 0 && since >= -days * DAY => Some(BEFORE),
                _ => None,
            });
            for side in near.into_iter().chain([EVER]) {
                let sum = &mut sums[SIDES.iter().position(|own| *own == side).unwrap_or_default()];
                sum.n += own.n;
                sum.hits += own.hits;
                sum.points += own.points;
                sum.squares += own.squares;
            }
        }
    }
}

/// A target is a dimension or a theme by its name or label; else it is a defect.
fn target(action: &Action, plan: &Plan, of: &'static str) -> Target {
    let text = action.target().unwrap_or_default().trim();
    let named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(text));
    for dimension in plan.dimensions() {
        let theirs: Vec<&str> = dimension.columns.iter().map(String::as_str).chain([dimension.name.as_str()]).collect();
        if named(&theirs) {
            return Target::Dimension(score(&dimension.name));
        }
    }
    let theme = plan.opinions.themes.iter().find(|theme| named(&[&theme.name, &theme.zh, &theme.en]));
    theme.map_or(Target::Defect, |theme| Target::Theme(theme.name.clone(), of))
}
