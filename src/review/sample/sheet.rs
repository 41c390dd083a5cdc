//! The list for those who call: one line a customer, with room for the answers. Under the names that the pipeline knows from its
//! surveys, so that the list can be fed again once it is filled in.

use polars::prelude::*;

use super::Stratum;
use super::gather::TOLD;
use crate::ingest::Kept;
use crate::ingest::facts::frame;
use crate::plan::{From, Plan};
use crate::schema::Label;
use crate::schema::input::SourceKind;
use crate::time::{Wall, date_time};

/// A list of texts under their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Columns that are asked where the plan maps no surveys.
const USUAL: [&str; 4] = ["answered_at", "emotion", "suggestion", "comment"];

const NUMBER: Label = Label { zh: "序号", en: "No." };
const STRATUM: Label = Label { zh: "分层", en: "Stratum" };
const INSTEAD: Label = Label { zh: "替补", en: "Stands in for" };
const ENDED: Label = Label { zh: "服务结束时间", en: "Service ended" };
const SEED: Label = Label { zh: "抽样种子", en: "Seed" };

/// Names of the strata.
pub const fn label(stratum: Stratum) -> Label {
    match stratum {
        Stratum::Vip => Label { zh: "VIP客户", en: "VIP" },
        Stratum::Complaint => Label { zh: "投诉客户", en: "Complaint" },
        Stratum::Other => Label { zh: "其他客户", en: "Other" },
    }
}

impl Sheet {
    /// The list of some tickets, each with the stratum of its customer and the one whose quota it counts for.
    pub fn of(
        plan: &Plan,
        seed: i64,
        chosen: &[(Stratum, Stratum, (usize, IdxSize))],
        pieces: &mut [Kept],
    ) -> PolarsResult<Self> {
        let say = |label: Label| label.get(plan.review.language).to_owned();
        let told = told(chosen, pieces)?;
        let answers = answers(plan);
        let named = |ours: &str| answers.iter().find(|answer| answer.ours == ours).map(|answer| answer.theirs.clone());
        let mut header = vec![say(NUMBER), say(STRATUM), say(INSTEAD)];
        for (ours, _) in &told.columns {
            let own = ticket_label(ours).map_or_else(|| say(ENDED), say);
            // A name of the surveys that means something else there is not taken.
            let taken = |name: &String| answers.iter().any(|answer| answer.theirs == *name);
            header.push(named(ours).unwrap_or_else(|| if taken(&own) { format!("{own} *") } else { own }));
        }
        let asked = || answers.iter().filter(|answer| told.columns.iter().all(|(ours, _)| *ours != answer.ours));
        header.extend(asked().map(|answer| answer.theirs.clone()));
        header.push(say(SEED));

        let mut rows = Vec::with_capacity(chosen.len());
        for (row, (own, wanted, _)) in chosen.iter().enumerate() {
            let instead = if own == wanted { String::new() } else { say(label(*wanted)) };
            let mut cells = vec![(row + 1).to_string(), say(label(*own)), instead];
            cells.extend(told.columns.iter().map(|(_, values)| values[row].clone()));
            cells.extend(asked().map(|answer| answer.filled.clone()));
            cells.push(seed.to_string());
            rows.push(cells);
        }
        Ok(Self { header, rows })
    }
}

/// What a column of tickets is called; none for the moment at which they ended.
fn ticket_label(ours: &str) -> Option<Label> {
    SourceKind::Tickets.column(ours).map(|column| column.label).filter(|_| ours != ENDED_AT)
}

/// Stands for `resolved_at`, else `closed_at`.
const ENDED_AT: &str = "ended_at";

/// What is known of the chosen tickets.
struct Told {
    /// Our name, and a text for each.
    columns: Vec<(&'static str, Vec<String>)>,
}

fn told(chosen: &[(Stratum, Stratum, (usize, IdxSize))], pieces: &mut [Kept]) -> PolarsResult<Told> {
    let mut columns: Vec<(&'static str, Vec<String>)> = Vec::new();
    let present = pieces.first().map(Kept::shape).transpose()?.unwrap_or_default();
    let texts = TOLD.into_iter().filter(|name| !name.ends_with("_at") && frame::has(&present, name));
    for name in texts.chain([ENDED_AT]) {
        columns.push((name, vec![String::new(); chosen.len()]));
    }
    for (piece, kept) in pieces.iter().enumerate() {
        let mine = chosen.iter().enumerate().filter(|(_, (.., at))| at.0 == piece);
        let mine: Vec<(usize, usize)> = mine.map(|(place, (.., at))| (place, at.1 as usize)).collect();
        if mine.is_empty() {
            continue;
        }
        let rows = kept.load()?;
        for (name, values) in &mut columns {
            if *name == ENDED_AT {
                let ended = frame::ended(&rows)?;
                for (place, row) in &mine {
                    values[*place] = ended[*row].map_or_else(String::new, moment);
                }
            } else {
                let own = frame::texts(&rows, name)?;
                for (place, row) in &mine {
                    own[*row].unwrap_or_default().clone_into(&mut values[*place]);
                }
            }
        }
    }
    Ok(Told { columns })
}

fn moment(at: Wall) -> String {
    date_time(at).map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M:%S").to_string())
}

/// A column of the surveys.
struct Answer {
    ours: String,
    /// As the dumps call it.
    theirs: String,
    /// What is known before anybody has answered.
    filled: String,
}

fn answers(plan: &Plan) -> Vec<Answer> {
    let empty =
        |ours: &str, theirs: &str| Answer { ours: ours.to_owned(), theirs: theirs.to_owned(), filled: String::new() };
    let Some(surveys) = plan.sources.get(&SourceKind::Surveys) else {
        let usual = USUAL.into_iter().filter_map(|name| SourceKind::Surveys.column(name));
        return usual.map(|column| empty(column.name, column.label.get(plan.review.language))).collect();
    };
    let mut all = Vec::new();
    let long = surveys.is_long();
    for mapping in surveys.columns.iter().filter(|m| !(long && ["dimension", "score"].contains(&m.column.name))) {
        let From::FirstOf(names) = &mapping.from else { continue };
        let Some(theirs) = names.first().filter(|name| !name.starts_with('@')) else { continue };
        let mut answer = empty(mapping.column.name, theirs);
        if answer.ours == "evaluator" {
            answer.filled = plan.scores.customers.first().cloned().unwrap_or_default();
        }
        all.push(answer);
    }
    let dimensions = surveys.dimensions.iter().filter_map(|d| Some(empty(&d.name, d.columns.first()?)));
    all.extend(dimensions);
    all
}
