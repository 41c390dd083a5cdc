//! What customers wrote, theme by theme.

use std::collections::HashMap;

use polars::prelude::*;

use super::{Listing, Review, equal, gathered, reviewed, texts};
use crate::opinions::Mask;
use crate::schema::Type::{Double, Int64, Text, Timestamp};
use crate::schema::facts::opinion::{ALIKE, OTHER, TEXTS, THEMES};
use crate::schema::facts::{SURVEY, score};
use crate::schema::shared::{JOINED, PERIOD, PRODUCT_MODEL, STAFF_ID, TICKET_ID};
use crate::schema::{Label, Table, column};

static TABLE: Table = Table {
    name: "opinion_quotes",
    label: Label { zh: "客户原话", en: "Quotes" },
    grain: "one row per theme and text of the reviewed period; texts of the same words stand in one row",
    columns: &[
        PERIOD,
        column(THEME, Text, "", "主题", "Theme", "A theme that the text has, or `(other)`."),
        column(
            TEXTS,
            Int64,
            "surveys",
            "相近意见数",
            "Texts",
            "Surveys of the period with this theme whose text has the same words, this one included.",
        ),
        column(
            TEXT,
            Text,
            "",
            "客户原话",
            "Text",
            "What the customer wrote: suggestion and comment, with names and numbers to call masked.",
        ),
        column(
            OVERALL,
            Double,
            "points",
            "总体满意度",
            "Overall",
            "Answer to `overall` of the least satisfied of these customers.",
        ),
        column("emotion", Text, "", "客户情绪", "Emotion", "The customer's mood as noted."),
        column("service_type", Text, "", "服务类型", "Service type", "Kind of service."),
        PRODUCT_MODEL.doc("Product model of the ticket; null where the data have none."),
        column("fault_codes", Text, "", "故障代码", "Fault codes", "Fault codes of the ticket, joined by `;`."),
        column("branch", Text, "", "网点", "Branch", "Branch as in the dump."),
        STAFF_ID.doc("Staff member credited."),
        column("answered_at", Timestamp, "", "评价时间", "Answered", "When the survey was answered."),
        column("survey_id", Text, "", "评价编号", "Survey", "Survey number."),
        TICKET_ID,
    ],
};

pub static LISTING: Listing =
    Listing { table: &TABLE, doc: DOC, columns, pick, parts, by: &BY, order, most: None, gather: Some(gather) };

const DOC: &str = "\
# Quotes (客户原话)

What customers wrote in the reviewed period, by the themes of `opinion_themes`: of each theme the fifty texts that most wrote, of equal ones those
of the least satisfied customers. Texts are alike if they have the same words, in whatever order, stop words and signs aside; the one shown is
that of the least satisfied customer among them. Names of the roster, names before or after a title (张师傅, Mr Miller), numbers to call and
e-mail addresses are masked; a name in another place is not known as one, so read a quote before it leaves the department.
";

const THEME: &str = "theme";
const TEXT: &str = "text";
const OVERALL: &str = "overall";
const MOST: usize = 50;

/// The least satisfied first.
const BY: [&str; 3] = [OVERALL, "answered_at", "survey_id"];

fn order() -> SortMultipleOptions {
    SortMultipleOptions::default().with_nulls_last(true)
}

const WRITTEN: [&str; 2] = ["suggestion", "comment"];

fn columns(_: &Review, fact: &str) -> Vec<String> {
    let own =
        TABLE.columns.iter().map(|column| column.name).filter(|name| ![THEME, TEXTS, TEXT, OVERALL].contains(name));
    let others = WRITTEN.into_iter().chain([THEMES, ALIKE, score(OVERALL)]);
    own.chain(others).filter(|_| fact == SURVEY).map(ToOwned::to_owned).collect()
}

fn pick(review: &Review, fact: &str, rows: &DataFrame) -> PolarsResult<Option<DataFrame>> {
    if fact != SURVEY {
        return Ok(None);
    }
    let (Ok(themes), Ok(alike)) = (rows.column(THEMES), rows.column(ALIKE)) else { return Ok(None) };
    let (Some(period), alike) = (reviewed(review, rows)?, alike.i64()?) else { return Ok(None) };
    let overall = rows.column(score(OVERALL)).ok().map(|column| column.i32()).transpose()?;
    let written = WRITTEN.iter().filter_map(|name| rows.column(name).ok()).map(texts);
    let written: Vec<Vec<Option<&str>>> = written.collect::<PolarsResult<_>>()?;
    let (mut places, mut names, mut quotes, mut points, mut same) = (vec![], vec![], vec![], vec![], vec![]);
    for ((place, reviewed), themes) in (0..).zip(period.iter()).zip(texts(themes)?) {
        for name in themes.filter(|_| reviewed == Some(true)).into_iter().flat_map(|themes| themes.split(JOINED)) {
            let row = place as usize;
            let parts: Vec<&str> = written.iter().filter_map(|texts| texts[row]).collect();
            places.push(place);
            names.push(name);
            quotes.push(parts.join(" / "));
            points.push(overall.and_then(|overall| overall.get(row)).map(|score| f64::from(score) / 1000.0));
            same.push(alike.get(row));
        }
    }
    if places.is_empty() {
        return Ok(None);
    }
    let own = [
        Column::new(THEME.into(), names),
        Column::new(TEXTS.into(), vec![1_i64; places.len()]),
        Column::new(TEXT.into(), quotes),
        Column::new(OVERALL.into(), points),
    ];
    let mut picked = gathered(&TABLE, rows, &places, &own)?;
    picked.with_column(Column::new(ALIKE.into(), same))?;
    Ok(Some(picked))
}

/// By theme, in the order of the lists.
fn parts(review: &Review, rows: &DataFrame) -> PolarsResult<Vec<DataFrame>> {
    let themes = review.plan.opinions.themes.iter().map(|theme| theme.name.as_str()).chain([OTHER]);
    themes.map(|theme| rows.filter_seq(&equal(rows.column(THEME)?, theme)?)).collect()
}

/// One row of texts that are alike, those that most wrote first.
fn gather(review: &Review, rows: &DataFrame) -> PolarsResult<DataFrame> {
    let mut first: HashMap<Option<i64>, usize> = HashMap::new();
    let mut groups: Vec<(IdxSize, i64)> = Vec::new();
    for (row, alike) in (0..).zip(rows.column(ALIKE)?.i64()?.iter()) {
        let group = *first.entry(alike).or_insert(groups.len());
        match groups.get_mut(group) {
            Some((_, count)) => *count += 1,
            None => groups.push((row, 1)),
        }
    }
    // Stable: of equally many the least satisfied come first.
    groups.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    groups.truncate(MOST);
    let places: Vec<IdxSize> = groups.iter().map(|(row, _)| *row).collect();
    let mut shown = rows.take(&IdxCa::from_vec(PlSmallStr::EMPTY, places))?.drop(ALIKE)?;
    let mask = Mask::new(review.staff.iter().map(String::as_str));
    let masked: Vec<Option<String>> =
        texts(shown.column(TEXT)?)?.into_iter().map(|text| text.map(|text| mask.apply(text))).collect();
    shown.with_column(Column::new(TEXT.into(), masked))?;
    shown.with_column(Column::new(TEXTS.into(), groups.iter().map(|(_, count)| *count).collect::<Vec<_>>()))?;
    Ok(shown)
}
