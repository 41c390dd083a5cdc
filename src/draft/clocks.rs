//! Days and times of day that stand in two columns.

use std::collections::BTreeSet;

use super::content::Column;
use super::group::Group;
use crate::ingest::read::Native;
use crate::schema::synonyms::key;

/// The column with the times of day that belongs to one of days, and whether the two can be read as one text.
pub fn of_day<'g, 'a>(group: &'g Group<'a>, day: &Column, used: &BTreeSet<&str>) -> Option<(&'g Column<'a>, bool)> {
    if day.is_empty() || !day.dates_only() {
        return None;
    }
    let clock = group.columns.iter().find(|column| {
        let apart = column.name != day.name && !used.contains(column.name);
        apart && stem(column.name) == stem(day.name) && column.percent(is_clock) >= 80
    })?;
    // Both as texts, or both as the days and times of a spreadsheet.
    let all = |column: &Column, native| column.cells.iter().all(|cell| cell.native == native);
    let both = |native| all(day, native) && all(clock, native);
    let bare = day.percent(|text| !text.contains(':')) == 100;
    let together = day.places.iter().all(|place| clock.place(place.table).is_some());
    Some((clock, (both(Native::Time) || both(Native::Text) && bare) && together))
}

/// What a name is about, besides that it is a day or a time.
fn stem(name: &str) -> String {
    const WORDS: [&str; 7] = ["日期", "时间", "时刻", "date", "time", "日", "时"];
    let key = key(name);
    WORDS.iter().find_map(|word| key.strip_suffix(word).or_else(|| key.strip_prefix(word))).unwrap_or(&key).to_owned()
}

/// `8:30`, `08:30:15`; as a spreadsheet's time without a day, `1899-12-31 08:30:00`.
fn is_clock(text: &str) -> bool {
    let text = text.strip_prefix("1899-12-31 ").or_else(|| text.strip_prefix("1899-12-30 ")).unwrap_or(text);
    let parts: Vec<&str> = text.split([':', '：']).collect();
    let fits = |part: &&str, most: u32| part.parse::<u32>().is_ok_and(|number| number < most);
    matches!(parts.len(), 2 | 3) && parts.iter().enumerate().all(|(i, part)| fits(part, if i == 0 { 24 } else { 60 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_clocks_are_told_by_name_and_look() {
        for (day, clock) in [("报修日期", "报修时刻"), ("Open Date", "open_time"), ("日期", "时间")] {
            assert_eq!(stem(day), stem(clock), "{day} {clock}");
        }
        assert_ne!(stem("报修日期"), stem("完成时刻"));
        for (text, expected) in [("8:30", true), ("23:59:59", true), ("24:10", false), ("1:2:3:4", false), ("5", false)]
        {
            assert_eq!(is_clock(text), expected, "{text}");
        }
    }
}
