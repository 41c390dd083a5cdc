//! Columns that hold scores, and the words that stand for scores.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Matches;
use super::content::{Column, number, percent};
use super::group::Group;
use crate::schema::input::SourceKind;
use crate::schema::synonyms::{self, NEVER_SCORES, OVERALL, SCORE_WORDS};

/// The longest name that a dimension gets from an English header.
const LONGEST: usize = 40;
/// So many columns of 1 to 5 side by side are a questionnaire, whatever they are called.
const QUESTIONNAIRE: usize = 3;

/// A scored dimension of a survey.
#[derive(Debug)]
pub struct Found<'g, 'a> {
    pub name: String,
    /// Their columns; the values of their dimension column in a long survey.
    pub theirs: Vec<&'a str>,
    /// The columns with the answers; none in a long survey.
    pub columns: Vec<&'g Column<'a>>,
    /// Where answers are not 1 to 5.
    pub scale: Option<(u8, u8)>,
    pub known: bool,
}

/// The scored columns of a wide survey, in the order of the file.
pub fn find<'g, 'a>(group: &'g Group<'a>, taken: &Matches, among_tickets: bool) -> Vec<Found<'g, 'a>> {
    let free = || group.columns.iter().filter(|c| !taken.uses(c) && !c.is_written_time());
    let named = |c: &Column| is_named(c) || (!among_tickets && is_answered_in_words(c));
    let by_name = free().filter(|c| named(c)).count();
    let anonymous = free().filter(|c| is_question(c)).count();
    let questionnaire = !among_tickets && by_name + anonymous >= QUESTIONNAIRE;
    let mut found: Vec<Found> = Vec::new();
    for column in free().filter(|c| named(c) || (questionnaire && is_question(c))) {
        let known = synonyms::dimension(column.name);
        let wanted = known.map(str::to_owned).or_else(|| slug(column.name));
        // Renamed in other files: the same dimension.
        if let Some(before) = found.iter_mut().find(|f| known.is_some() && Some(&f.name) == wanted.as_ref())
            && !before.columns.iter().any(|other| other.meets(column))
        {
            before.theirs.push(column.name);
            before.columns.push(column);
            continue;
        }
        let name = wanted.unwrap_or_else(|| format!("q{}", found.len() + 1));
        let name = unused(name, |name| found.iter().any(|f| f.name == name));
        let scale = scale(column.range(), name == "recommend");
        found.push(Found { name, theirs: vec![column.name], columns: vec![column], scale, known: known.is_some() });
    }
    // A single score without a name of its own is the overall one.
    if let [only] = &mut found[..]
        && !only.known
    {
        OVERALL.clone_into(&mut only.name);
    }
    found
}

/// The dimensions of a long survey: the values of one column, with the answers in another one.
pub fn find_long<'g, 'a>(group: &'g Group<'a>, dimension: &Column<'a>, score: &Column<'a>) -> Vec<Found<'g, 'a>> {
    let mut answers: BTreeMap<&'a str, Vec<f64>> = dimension.distinct.keys().map(|name| (*name, Vec::new())).collect();
    for (table, row) in group.rows() {
        if let (Some(name), Some(answer)) = (group.text(dimension, table, row), group.text(score, table, row))
            && let (Some(answers), Some(number)) = (answers.get_mut(name), number(answer))
        {
            answers.push(number);
        }
    }
    let mut found: Vec<Found> = Vec::new();
    for (theirs, answers) in answers {
        let known = synonyms::dimension(theirs);
        let name = known.map(str::to_owned).or_else(|| slug(theirs)).unwrap_or_else(|| format!("q{}", found.len() + 1));
        let name = unused(name, |name| found.iter().any(|f| f.name == name));
        let low = answers.iter().copied().fold(f64::INFINITY, f64::min);
        let high = answers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let scale = scale((!answers.is_empty()).then_some((low, high)), name == "recommend");
        found.push(Found { name, theirs: vec![theirs], columns: Vec::new(), scale, known: known.is_some() });
    }
    found
}

/// A column whose name says that it holds scores, and that holds what scores can be.
fn is_named(column: &Column) -> bool {
    let plain = synonyms::keys(column.name).join(" ");
    let says_score = SCORE_WORDS.iter().any(|word| plain.contains(word)) && !is_never(column);
    let known = synonyms::dimension(column.name).is_some();
    let highest = if says_score { 100.0 } else { 10.0 };
    match column.range() {
        _ if column.is_empty() => known,
        Some((low, high)) => (known || says_score) && low >= 0.0 && high <= highest,
        None => (known || says_score) && points_percent(column) >= 60,
    }
}

/// A column of a questionnaire with a known name and a few words in it, whatever they are.
fn is_answered_in_words(column: &Column) -> bool {
    synonyms::dimension(column.name).is_some() && column.distinct.len() <= 7 && column.range().is_none()
}

/// Whole numbers that use all of 1 to 5, or answers in words.
fn is_question(column: &Column) -> bool {
    let numbers = column.range().is_some_and(|(low, high)| (low, high) == (1.0, 5.0)) && column.distinct.len() <= 5;
    !is_named(column) && !is_never(column) && (numbers || points_percent(column) >= 90 && column.range().is_none())
}

fn is_never(column: &Column) -> bool {
    let plain = synonyms::key(column.name);
    NEVER_SCORES.iter().any(|word| plain.contains(word))
}

/// Cells that are numbers from 1 to 5 or words that stand for them, in per cent.
pub fn points_percent(column: &Column) -> usize {
    column.percent(|text| {
        synonyms::likert(text).is_some() || number(text).is_some_and(|number| (1.0..=5.0).contains(&number))
    })
}

/// The scale that answers seem to have; none for 1 to 5.
fn scale(range: Option<(f64, f64)>, to_ten: bool) -> Option<(u8, u8)> {
    let (low, high) = range?;
    match high {
        _ if to_ten && high > 5.0 => Some((0, 10)),
        high if high <= 5.0 && low >= 1.0 => None,
        high if high <= 5.0 => Some((0, 5)),
        high if high <= 10.0 => Some((u8::from(low.floor() != 0.0), 10)),
        _ => Some((0, 100)),
    }
}

/// A name in `snake_case` from an English header.
fn slug(header: &str) -> Option<String> {
    if !header.is_ascii() {
        return None;
    }
    let words = header.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = words.collect::<Vec<_>>().join("_").to_ascii_lowercase();
    name.truncate(LONGEST);
    let name = name.trim_matches('_');
    name.starts_with(|c: char| c.is_ascii_lowercase()).then(|| name.to_owned())
}

/// The name, or one near to it that nothing else has.
fn unused(name: String, taken: impl Fn(&str) -> bool) -> String {
    let free = |name: &str| !taken(name) && SourceKind::Surveys.column(name).is_none();
    if free(&name) {
        return name;
    }
    (2..=1000).map(|number| format!("{name}_{number}")).find(|name| free(name)).unwrap_or(name)
}

/// Words found in answers: the known ones with their points, and the others.
pub fn words<'a>(columns: &[&Column<'a>]) -> (BTreeMap<&'a str, u8>, BTreeSet<&'a str>) {
    let mut known = BTreeMap::new();
    let mut others = BTreeSet::new();
    for word in columns.iter().flat_map(|c| c.distinct.keys()).filter(|text| number(text).is_none()) {
        if let Some(points) = synonyms::likert(word) {
            // What was not seen in the sample may come.
            known.extend(synonyms::family(word).iter().filter_map(|word| Some((*word, synonyms::likert(word)?))));
            known.insert(*word, points);
        } else {
            // A slip that stands once or twice is no word of the scale.
            let seen: usize = columns.iter().filter_map(|c| c.distinct.get(word)).sum();
            let all = columns.iter().map(|c| c.cells.len()).sum();
            if percent(seen * 100, all) >= 50 {
                others.insert(*word);
            }
        }
    }
    (known, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_become_names() {
        let cases = [
            ("Survey Result", Some("survey_result")),
            ("Valua additon", Some("valua_additon")),
            ("服务", None),
            ("5", None),
        ];
        for (header, expected) in cases {
            assert_eq!(slug(header).as_deref(), expected, "{header}");
        }
        assert_eq!(unused("comment".to_owned(), |_| false), "comment_2");
    }

    #[test]
    fn scales_are_seen() {
        for ((low, high), expected) in [
            ((1.0, 5.0), None),
            ((2.0, 4.0), None),
            ((0.0, 5.0), Some((0, 5))),
            ((3.0, 9.0), Some((1, 10))),
            ((0.0, 9.0), Some((0, 10))),
            ((40.0, 95.0), Some((0, 100))),
        ] {
            assert_eq!(scale(Some((low, high)), false), expected, "{low} {high}");
        }
        assert_eq!(scale(Some((3.0, 9.0)), true), Some((0, 10)));
    }
}
