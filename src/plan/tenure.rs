//! `[tenure]`: bands of completed months.

use super::errors::Problem;
use super::reader::{Item, Section};
use super::types::TenureBand;

const DEFAULT: [&str; 5] = ["0-3m", "3-6m", "6-12m", "1-3y", "3y+"];

const ADVICE: &str = "bands look like \"0-3m\", \"6m-1y\" or \"3y+\", the first number being the smaller one";

pub fn read(mut section: Section) -> Vec<TenureBand> {
    let bands = match section.get("bands") {
        Some(item) => bands(&item),
        None => DEFAULT.iter().filter_map(|name| parse(name)).collect(),
    };
    section.finish();
    bands
}

fn bands(item: &Item) -> Vec<TenureBand> {
    let mut bands: Vec<(TenureBand, std::ops::Range<usize>)> = Vec::new();
    for (name, at) in item.names().unwrap_or_default() {
        let Some(band) = parse(name) else {
            item.problems.wrong(at, format!("`{name}` is no band of tenure"), "not understood", ADVICE);
            continue;
        };
        // Gaps are fine: who falls into one has no band.
        if let Some((before, before_at)) = bands.last()
            && before.to_months.is_none_or(|end| band.from_months < end)
        {
            let overlap = band.to_months.is_none_or(|end| before.from_months < end);
            let message = if overlap {
                format!("the bands `{}` and `{name}` overlap", before.name)
            } else {
                format!("the band `{name}` stands after `{}`, but is the earlier one", before.name)
            };
            let problem = Problem::new(&item.problems.document, message).mark(at.clone(), "this one");
            let problem = problem.mark(before_at.clone(), if overlap { "the other one" } else { "later" });
            item.problems.note(problem.help("list the bands from new to old; a band ends where the next one begins"));
        }
        bands.push((band, at));
    }
    bands.into_iter().map(|(band, _)| band).collect()
}

fn parse(name: &str) -> Option<TenureBand> {
    let (from_months, to_months) = if let Some(from) = name.strip_suffix('+') {
        (age(from, None)?, None)
    } else {
        let (from, to) = name.split_once('-')?;
        let unit = to.trim_end().chars().last();
        (age(from, unit)?, Some(age(to, None)?))
    };
    to_months.is_none_or(|to| from_months < to).then(|| TenureBand { name: name.to_owned(), from_months, to_months })
}

/// `6m` or `1y` in months; a bare number is in the unit of its neighbour.
fn age(text: &str, unit: Option<char>) -> Option<i32> {
    let text = text.trim();
    let digits = text.trim_end_matches(['m', 'y']);
    let unit = match &text[digits.len()..] {
        "" => unit?,
        "m" => 'm',
        "y" => 'y',
        _ => return None,
    };
    // Three digits are enough for a working life, and cannot overflow.
    let short = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: i32 = short.then(|| digits.parse().ok())??;
    match unit {
        'm' => Some(number),
        'y' => Some(number * 12),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::plan::testing::{check, plan};

    #[test]
    fn units_may_be_left_out_or_mixed() {
        let months = |name: &str| parse(name).map(|band| (band.from_months, band.to_months));
        assert_eq!(months("0-3m"), Some((0, Some(3))));
        assert_eq!(months("1-3y"), Some((12, Some(36))));
        assert_eq!(months("6m-1y"), Some((6, Some(12))));
        assert_eq!(months("3y+"), Some((36, None)));
        assert_eq!(months("18m+"), Some((18, None)));
        for wrong in
            ["", "+", "-", "3+", "0-3", "3-0m", "3m-3m", "0-3w", "0--3m", "9999y+", "0-3mm", "1-3年", "3y", "0m-+"]
        {
            assert_eq!(months(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_default_bands_are_bands() {
        assert_eq!(plan("").tenure.len(), 5);
    }

    #[test]
    fn gaps_are_fine_and_overlaps_are_not() {
        let advice = "list the bands from new to old; a band ends where the next one begins";
        let with = |bands: &str| check(&format!("[tenure]\nbands = {bands}\n"));
        assert_eq!(with("[\"0-3m\", \"1y+\"]"), [""; 0]);
        assert_eq!(with("[\"0-6m\", \"3-12m\"]"), [format!("2: the bands `0-6m` and `3-12m` overlap | {advice}")]);
        assert_eq!(with("[\"1y+\", \"3y+\"]"), [format!("2: the bands `1y+` and `3y+` overlap | {advice}")]);
        assert_eq!(
            with("[\"1-3y\", \"0-3m\"]"),
            [format!("2: the band `0-3m` stands after `1-3y`, but is the earlier one | {advice}")]
        );
        assert_eq!(with("[]"), ["2: `bands` is an empty list | name one at least"]);
        assert_eq!(with("[\"0–3m\"]"), [format!("2: `0–3m` is no band of tenure | {}", super::ADVICE)]);
    }
}
