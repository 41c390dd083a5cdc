//! What service desks, forms and rosters call the columns of `schema::input`: used to draft a pipeline, never to read a
//! dump. A pipeline always says itself which column is which.

mod actions;
mod dimensions;
mod staff;
mod surveys;
mod tickets;
mod units;
mod waiting;
mod words;

pub use dimensions::{NEVER_SCORES, OVERALL, SCORE_WORDS, dimension};
pub use waiting::waiting;
pub use words::{NOT_MOMENTS, OUTCOMES, VERSIONS, family, likert, no_time, status};

use std::sync::LazyLock;

use super::input::{InputColumn, SourceKind};

/// The names of one column, with `|` between them. The better known name stands first: of two columns that both fit, it wins.
#[derive(Debug)]
pub struct Synonyms {
    /// A column of `schema::input`.
    pub column: &'static str,
    /// Names that mean this column and nothing else.
    pub strong: &'static str,
    /// Names that often mean it, but are used for other things as well: the contents must agree.
    pub weak: &'static str,
}

const fn names(column: &'static str, strong: &'static str, weak: &'static str) -> Synonyms {
    Synonyms { column, strong, weak }
}

/// The names of one column as they are compared.
#[derive(Debug)]
pub struct Keyed {
    pub ours: &'static InputColumn,
    pub strong: Vec<String>,
    pub weak: Vec<String>,
}

/// The names of all columns of a source, as they are compared.
pub fn keyed(kind: SourceKind) -> &'static [Keyed] {
    static ALL: LazyLock<Vec<(SourceKind, Vec<Keyed>)>> = LazyLock::new(|| {
        let keys = |names| split(names).map(key).collect();
        let column = |kind: SourceKind, names: &Synonyms| {
            Some(Keyed { ours: kind.column(names.column)?, strong: keys(names.strong), weak: keys(names.weak) })
        };
        let columns = |kind| of(kind).iter().filter_map(|names| column(kind, names)).collect();
        SourceKind::ALL.into_iter().map(|kind| (kind, columns(kind))).collect()
    });
    ALL.iter().find(|(of, _)| *of == kind).map_or(&[], |(_, columns)| columns)
}

/// The names of all columns of a source.
const fn of(kind: SourceKind) -> &'static [Synonyms] {
    match kind {
        SourceKind::Tickets => tickets::TICKETS,
        SourceKind::Pauses => staff::PAUSES,
        SourceKind::Surveys => surveys::SURVEYS,
        SourceKind::Staff => staff::STAFF,
        SourceKind::Actions => actions::ACTIONS,
        SourceKind::Units => units::UNITS,
    }
}

/// The names of a list.
fn split(names: &str) -> impl Iterator<Item = &str> {
    names.split('|').map(str::trim).filter(|name| !name.is_empty())
}

/// A name as it is compared: full-width letters narrowed, small letters, no blanks, underscores or punctuation.
pub fn key(name: &str) -> String {
    name.chars().map(narrow).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// All ways to read a name, the fullest first: as it is, without a unit or remark in brackets, without a question
/// number, without the prefixes and suffixes that systems add.
pub fn keys(name: &str) -> Vec<String> {
    let narrowed: String = name.chars().map(narrow).collect();
    let mut found = Vec::new();
    let mut add = |text: &str| {
        let key = key(text);
        if !key.is_empty() && !found.contains(&key) {
            found.push(key);
        }
    };
    add(&narrowed);
    let plain = without_brackets(&narrowed);
    add(&plain);
    add(without_number(&plain));
    let plain = plain.trim();
    // `Case #` is a case number, and `#` alone the number of something.
    match plain.split_once('#') {
        Some((before, after)) if before.trim().is_empty() && after.trim().is_empty() => add("no"),
        Some((before, after)) if after.trim().is_empty() => add(&format!("{before} number")),
        _ => {}
    }
    // Salesforce marks own columns by `__c`, ServiceNow by `u_`; nested JSON gives `fields.created`.
    add(&plain.replace("日期时间", "时间"));
    add(plain.strip_suffix("__c").unwrap_or(plain));
    add(plain.strip_prefix("u_").unwrap_or(plain));
    add(plain.rsplit('.').next().unwrap_or(plain));
    found
}

/// Full-width letters, digits and signs as their narrow ones.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '【' => '(',
        '】' => ')',
        other => other,
    }
}

fn without_brackets(name: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::new();
    for c in name.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// `3. 服务态度`, `Q3: attitude`, `三、服务态度` without the number.
fn without_number(name: &str) -> &str {
    let name = name.trim();
    let bare = name.strip_prefix(['Q', 'q', '第']).unwrap_or(name);
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十题".contains(c));
    let cut = rest.trim_start_matches([' ', '.', ':', '、', '-', ')', '_']);
    if rest.len() < bare.len() && cut.len() < rest.len() { cut } else { name }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_column_has_names_and_no_name_means_two() {
        for kind in SourceKind::ALL {
            let listed: Vec<_> = of(kind).iter().map(|s| s.column).collect();
            let columns: Vec<_> = kind.columns().iter().map(|c| c.name).collect();
            assert_eq!(listed, columns, "{}", kind.name());
            let mut seen = BTreeMap::new();
            for synonyms in of(kind) {
                let both = [(synonyms.strong, true), (synonyms.weak, false)];
                for (name, strong) in
                    both.into_iter().flat_map(|(names, strong)| split(names).map(move |n| (n, strong)))
                {
                    let before = seen.insert((key(name), strong), synonyms.column);
                    assert!(before.is_none(), "{}: {name} is in {before:?} and {}", kind.name(), synonyms.column);
                }
                let label = kind.column(synonyms.column).unwrap().label;
                for name in [label.zh, synonyms.column] {
                    assert!(split(synonyms.strong).any(|s| key(s) == key(name)), "{}: {name}", kind.name());
                }
            }
        }
    }

    #[test]
    fn names_are_compared_without_dress() {
        let cases = [
            ("　服务工单号 ", "服务工单号"),
            ("Ｃａｓｅ＿Ｎｕｍｂｅｒ", "casenumber"),
            ("服务态度（1-5分）", "服务态度"),
            ("3. 服务态度", "服务态度"),
            ("Q12：专业能力", "专业能力"),
            ("First_Response__c", "firstresponse"),
            ("u_symptom", "symptom"),
            ("报修日期时间", "报修时间"),
            ("fields.created", "created"),
            ("Case #", "casenumber"),
            ("#", "no"),
        ];
        for (name, expected) in cases {
            assert!(keys(name).contains(&expected.to_owned()), "{name}: {:?}", keys(name));
        }
        assert_eq!(keys("响应时效(客户评)").first().unwrap(), "响应时效客户评");
        assert_eq!(keys("2026"), ["2026"]);
    }
}
