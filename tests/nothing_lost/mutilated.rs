//! However a dump is mutilated, its rows balance.

use aftersales::plan::{self, Plan};
use aftersales::review::{self, Request, ReviewError};
use aftersales::time::period::Period;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::{Desk, Silent};

/// What happens to a line of a dump.
#[derive(Debug, Clone)]
enum Harm {
    /// One ASCII character becomes another.
    Flip(Index, u8),
    /// The line ends early.
    Cut(Index),
    /// It has a field too many.
    Field,
    Twice,
    Gone,
}

fn harm() -> impl Strategy<Value = Harm> {
    let characters = b"0123456789aZ -/:.,\"?".to_vec();
    prop_oneof![
        4 => (any::<Index>(), select(characters)).prop_map(|(at, to)| Harm::Flip(at, to)),
        1 => any::<Index>().prop_map(Harm::Cut),
        1 => Just(Harm::Field),
        1 => Just(Harm::Twice),
        1 => Just(Harm::Gone),
    ]
}

/// Does the harm to lines below the header.
fn mutilate(dump: &str, harms: &[(Index, Harm)]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = dump.lines().map(|line| line.as_bytes().to_vec()).collect();
    for (line, harm) in harms {
        let number = 1 + line.index(lines.len() - 1);
        let line = &mut lines[number];
        let ascii: Vec<usize> = (0..line.len()).filter(|at| line[*at].is_ascii_alphanumeric()).collect();
        match harm {
            Harm::Flip(at, to) if !ascii.is_empty() => line[*at.get(&ascii)] = *to,
            Harm::Cut(at) if !ascii.is_empty() => line.truncate(*at.get(&ascii)),
            Harm::Field => line.extend(b",1"),
            Harm::Twice => {
                let twin = line.clone();
                lines.push(twin);
            }
            Harm::Gone if lines.len() > 20 => {
                lines.remove(number);
            }
            // Nothing to harm in an empty line, and some lines are to stay.
            Harm::Flip(..) | Harm::Cut(_) | Harm::Gone => {}
        }
    }
    let mut bytes = lines.join(&b'\n');
    bytes.push(b'\n');
    bytes
}

/// Rows of a dump as the `csv` crate counts them.
fn rows(bytes: &[u8]) -> u64 {
    let reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    reader.into_byte_records().map(Result::unwrap).count() as u64
}

/// Judges the dumps and holds that every file balances; `None` where they cannot be read at all.
fn judge(plan: &Plan, file: &str, read: u64) -> Option<u64> {
    let request = Request { period: Period::parse("2026Q3").ok(), as_of: None, out: "nowhere".into() };
    let checked = match review::check(plan, &request, &Silent) {
        Ok(checked) => checked,
        Err(ReviewError::Ingest(_)) => return None,
        Err(error) => panic!("{error}"),
    };
    let mut quarantined = None;
    for loaded in checked.report.dumps.sources.values() {
        for report in &loaded.files {
            assert!(report.account.balances(), "{}: {:?}", report.name, report.account);
            let bad = loaded.quarantine.iter().filter(|bad| bad.file == report.name).count() as u64;
            assert_eq!(bad, report.account.quarantined, "{}", report.name);
            if report.name == file {
                assert_eq!(report.account.read, read, "{file}");
                quarantined = Some(bad);
            }
        }
    }
    Some(quarantined.expect("the file is read"))
}

fn check(file: &str, harms: &[(Index, Harm)]) -> Option<u64> {
    let desk = Desk::small();
    let path = format!("fixtures/{file}");
    let dump = String::from_utf8(desk.read(&path)).unwrap();
    let mutilated = mutilate(&dump, harms);
    desk.write(&path, &mutilated);
    judge(&plan::load(&desk.path("pipelines/quarterly.toml")).unwrap(), file, rows(&mutilated))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutilated_tickets_balance(harms in vec((any::<Index>(), harm()), 1..12)) {
        check("tickets-2026-09.csv", &harms);
    }

    #[test]
    fn mutilated_surveys_balance(harms in vec((any::<Index>(), harm()), 1..12)) {
        check("surveys-2026-09.csv", &harms);
    }
}

#[test]
fn a_row_cut_short_is_quarantined_and_the_others_are_not() {
    let clean = check("surveys-2026-09.csv", &[]).unwrap();
    let desk = Desk::small();
    let mut dump = desk.read("fixtures/surveys-2026-09.csv");
    dump.extend(b"P99999,SR20260901001\n");
    desk.write("fixtures/surveys-2026-09.csv", &dump);
    let plan = plan::load(&desk.path("pipelines/quarterly.toml")).unwrap();
    assert_eq!(judge(&plan, "surveys-2026-09.csv", rows(&dump)), Some(clean + 1));
}
