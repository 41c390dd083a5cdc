//! Every row of the dumps is where the README says: used, a duplicate, or set aside by the rule that it breaks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support::reviewed::{Row, reviewed};

/// What happens to rows, in the order of the README's columns after `rows`.
const COLUMNS: [&str; 8] = [
    "used",
    "identical",
    "superseded",
    "missing_key",
    "unparseable",
    "out_of_range",
    "wrong_fields",
    "outside_calendar",
];

/// The README's table of rows: file, rows read, and the columns above.
fn readme() -> Vec<(String, Vec<i64>)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/README.md")).unwrap();
    let mut files = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let numbers: Option<Vec<i64>> = cells[1..].iter().map(|cell| cell.parse().ok()).collect();
        if let Some(numbers) = numbers.filter(|n| n.len() == COLUMNS.len() + 1) {
            files.push((cells[0].trim_matches(['`', '*']).to_owned(), numbers));
        }
    }
    files.retain(|(file, _)| Path::new(file).extension().is_some_and(|e| e == "csv"));
    assert_eq!(files.len(), 21);
    files
}

#[test]
fn rows_of_every_file_went_where_the_readme_says() {
    let quality = reviewed().table("tables/data_quality");
    for (file, numbers) in readme() {
        for (rule, rows) in ["read"].into_iter().chain(COLUMNS).zip(&numbers) {
            let found: Vec<i64> =
                quality.having(&[("file", &file), ("rule", rule)]).map(|row| row.int("rows").unwrap()).collect();
            assert!(found.len() <= 1, "{file} {rule}");
            assert_eq!(found.first().copied().unwrap_or_default(), *rows, "{file} {rule}");
        }
    }
}

#[test]
fn bad_rows_of_every_file_are_quarantined_by_their_rule() {
    let mut found: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for source in ["tickets", "surveys", "pauses", "staff"] {
        for row in reviewed().table(&format!("quarantine/{source}")).rows() {
            *found.entry((row.text("file").unwrap(), row.text("rule").unwrap())).or_default() += 1;
        }
    }
    let readme = readme();
    let planted: BTreeMap<(&str, &str), i64> = readme
        .iter()
        .flat_map(|(file, numbers)| {
            COLUMNS.iter().zip(&numbers[1..]).map(move |(rule, n)| ((file.as_str(), *rule), *n))
        })
        .filter(|((_, rule), rows)| !["used", "identical", "superseded"].contains(rule) && *rows > 0)
        .collect();
    assert_eq!(found, planted);
    assert_eq!(found.values().sum::<i64>(), 53 + 27 + 9 + 1);
}

/// Source, rule, column (`-`: the whole row; names of June after a slash), months of the files with such a row (`pauses`: the only one).
const CELLS: &str = "
    tickets missing_key      服务工单号/工单编号         01 02 04 06 07 09
    tickets missing_key      客户提出需求时间/报修时间   01 03 05 06 07 08
    tickets unparseable      客户提出需求时间/报修时间   02 03 04 05 06 07 09
    tickets unparseable      问题解决时间                01 03 04 06 08 09
    tickets unparseable      上门次数                    01 02 04 05 07 08
    tickets unparseable      是否重开                    02 03 05 07 09
    tickets wrong_fields     -                           01 02 03 03 04 05 06 06 08 08 09 09
    tickets outside_calendar 客户提出需求时间            01 04 05 07 08
    surveys out_of_range     专业能力                    01 02 03 07 08 09
    surveys unparseable      问题解决                    03 04 05 06 08
    surveys missing_key      评价时间                    01 04 07 09
    surveys missing_key      服务工单号                  02 04 06 08
    surveys unparseable      评价时间                    01 03 05 08
    surveys wrong_fields     -                           02 05 07 09
    pauses  missing_key      服务工单号                  pauses
    pauses  missing_key      暂停时间                    pauses pauses
    pauses  unparseable      暂停时间                    pauses
    pauses  unparseable      恢复时间                    pauses pauses
    pauses  wrong_fields     -                           pauses pauses
    pauses  outside_calendar 暂停时间                    pauses
";

#[test]
fn quarantined_rows_name_the_cell_that_is_wrong() {
    let mut rows = 0;
    for line in CELLS.lines().filter(|line| !line.trim().is_empty()) {
        let [source, rule, columns, months @ ..] = &line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let table = reviewed().table(&format!("quarantine/{source}"));
        let mut found: Vec<String> = table
            .having(&[("rule", rule)])
            .filter(|row| columns.split('/').any(|column| row.text("column").unwrap_or("-") == column))
            .map(|row| row.text("file").unwrap().replace(&format!("{source}-2026-"), "").replace(".csv", ""))
            .collect();
        found.sort_unstable();
        assert_eq!(found, *months, "{source} {rule} {columns}");
        rows += found.len();
    }
    assert_eq!(rows, 53 + 27 + 9);
    let staff = reviewed().table("quarantine/staff").row(&[("rule", "unparseable")]);
    assert_eq!(staff.text("column"), Some("入职日期"));
}

#[test]
fn numbers_of_bad_rows_belong_to_no_fact() {
    for (source, fact, column, numbered) in [
        ("tickets", "fact_ticket", "ticket_id", 53 - 6),
        ("surveys", "fact_survey", "survey_id", 27),
        ("staff", "dim_staff", "staff_id", 1),
    ] {
        let quarantine = reviewed().table(&format!("quarantine/{source}"));
        let number = |row: Row<'static>| row.text("raw").unwrap().split(',').next().unwrap();
        let bad: BTreeSet<&str> =
            quarantine.rows().map(number).filter(|number| number.starts_with(['S', 'P'])).collect();
        assert_eq!(bad.len(), numbered, "{source}: {bad:?}");
        let used = reviewed().table(&format!("facts/{fact}"));
        assert!(used.rows().all(|row| !bad.contains(row.text(column).unwrap())), "{source}");
    }
}

#[test]
fn odd_rows_are_used_and_warned_of() {
    let mut warned: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for row in reviewed().table("tables/data_quality").having(&[("severity", "warning")]) {
        *warned.entry((row.text("source").unwrap(), row.text("rule").unwrap())).or_default() +=
            row.int("rows").unwrap();
    }
    let planted = [
        // A measure whose second row says something else.
        (("actions", "conflicting_duplicate"), 1),
        // By the second count: `accounts.json` of `count.py tables`.
        (("pauses", "pause_open"), 19),
        (("pauses", "pause_outside_ticket"), 3 + 3 + 3 + 3),
        (("pauses", "pause_overlapping"), 147),
        // Answered more than 24 h after the end of the service.
        (("surveys", "survey_late"), 1745),
        (("surveys", "survey_without_ticket"), 9),
        (("tickets", "conflicting_duplicate"), 6),
        (("tickets", "times_out_of_order"), 8 + 4 + 10),
        (("tickets", "unknown_staff"), 8),
    ];
    assert_eq!(warned, BTreeMap::from(planted));
    for month in ["02", "05", "08"] {
        let file = format!("tickets-2026-{month}.csv");
        let row = reviewed().table("tables/data_quality").row(&[("file", &file), ("rule", "conflicting_duplicate")]);
        assert_eq!(row.int("rows"), Some(2), "{file}");
    }
}

fn ids(column: &str, value: &str) -> Vec<&'static str> {
    let wanted = [(column, value)];
    let mut ids: Vec<&str> =
        reviewed().table("facts/fact_ticket").having(&wanted).map(|row| row.text("ticket_id").unwrap()).collect();
    ids.sort_unstable();
    ids
}

fn numbers(planted: &str) -> Vec<String> {
    let mut numbers: Vec<String> = planted.split_whitespace().map(|number| format!("SR2026{number}")).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn clocks_that_run_backwards_are_unusable_and_no_others() {
    let resolved = "0126022 0225033 0408042 0508001 0616002 0714005 0820008 0916046";
    let reopened = "0123031 0205034 0319019 0330040 0506037 0525007 0630046 0709017 0820003 0829008";
    assert_eq!(ids("resolution_outcome", "unusable"), numbers(&format!("{resolved} {reopened}")));
    let answered = numbers("0114011 0323015 0603037 0809012");
    assert_eq!(ids("first_response_outcome", "unusable"), answered);
    assert_eq!(ids("start_outcome", "unusable"), [""; 0]);
}

#[test]
fn tickets_of_unknown_staff_have_neither_team_nor_tenure() {
    let unknown = numbers("0103001 0209034 0310040 0420046 0519010 0628010 0724017 0904038");
    assert_eq!(ids("staff_id", "S999"), unknown);
    for row in reviewed().table("facts/fact_ticket").having(&[("staff_id", "S999")]) {
        assert_eq!((row.text("team"), row.text("tenure_band"), row.int("tenure_months")), (None, None, None));
    }
}

#[test]
fn surveys_without_a_ticket_count_all_the_same() {
    let surveys = reviewed().table("facts/fact_survey");
    let lost = |row: &Row| row.text("ticket_id").is_some() && !row.flag("ticket_found");
    let lost: Vec<_> = surveys.rows().filter(lost).collect();
    assert_eq!(lost.len(), 9);
    assert!(lost.iter().all(|row| row.text("ticket_id").unwrap().starts_with("SR2025")));
    assert!(lost.iter().all(|row| row.int("dimensions") > Some(0)));
    assert_eq!(surveys.rows().filter(|row| row.text("ticket_id").is_none()).count(), 45);
}
