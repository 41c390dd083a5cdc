//! A pipeline file becomes a checked [`Plan`]; every mistake is reported at its line, all at once.
//!
//! One section of the file is one module here: its reader, its defaults and what can be wrong with it.

mod always;
mod asked;
mod breakdowns;
mod calendar;
mod carry;
mod clocks;
mod columns;
mod dates;
mod defects;
mod dimensions;
mod errors;
mod filter;
mod follow_up;
mod format;
mod hash;
mod holidays;
mod integrity;
mod mapping;
mod near;
mod opinions;
mod pauses;
mod quality;
mod reader;
mod reading;
mod review;
mod scores;
mod sla;
mod sources;
mod syntax;
mod tenure;
#[cfg(test)]
mod testing;
mod theirs;
mod timeliness;
mod types;
mod values;
mod when;

use std::path::Path;
use std::{fs, io};

pub use errors::{Document, PlanErrors, Problem};
pub use follow_up::FollowUp;
pub use integrity::Integrity;
pub use opinions::{Opinions, Theme};
pub use types::{
    AT_FILE, AT_ROW, AT_SHEET, AsOf, BelongsBy, Breakdowns, Clock, Condition, Counts, Defects, Dimension, From, Is,
    LEVEL_PARTS, Level, Mapping, NamedCalendar, Plan, Policy, Quality, Reading, Review, STRONGEST, Same, Scores,
    Source, Stops, TenureBand, Test, Timeliness, USUAL_LEVEL, When, level_name,
};

use reader::{Problems, Section};

/// Reads and checks a pipeline file.
///
/// # Errors
/// Everything that is wrong with it, or that it cannot be read.
pub fn load(path: &Path) -> Result<Plan, PlanErrors> {
    match read_text(path) {
        Ok(text) => parse(&text, path),
        Err(reason) => {
            let document = Document::new(path, "");
            let problem = Problem::new(&document, format!("cannot read {}: {reason}", path.display()));
            Err(PlanErrors::new(vec![problem.help("name an existing pipeline file, a TOML text in UTF-8")]))
        }
    }
}

/// Checks the text of a pipeline file. The path gives the folder that its own paths start from.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(text: &str, path: &Path) -> Result<Plan, PlanErrors> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problems = Problems::new(Document::new(path, text));
    let plan = read(text, path, &problems);
    match (plan, problems.into_found()) {
        (Some(plan), found) if found.is_empty() => Ok(plan),
        (_, found) => Err(PlanErrors::new(found)),
    }
}

fn read(text: &str, path: &Path, problems: &Problems) -> Option<Plan> {
    let document = syntax::parse(text, problems)?;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().unwrap_or(&absolute);

    let mut root = Section::root(document.get_ref(), problems);
    let review = review::read(root.section("review"));
    let (sources, clocks) = (root.section("sources"), root.section("clocks"));
    let sources = sources::read(sources, folder, &clocks::own_times(&clocks));
    let calendars = calendar::read(&root.section("calendars"), path.parent().unwrap_or(path), &sources);
    let mut clocks = clocks::read(clocks, &sources);
    let sla = sla::read(root.get("sla"), &sources, &clocks);
    calendar::check_needed(&calendars, &sla, &mut clocks, document.get_ref().get("clocks"), problems);
    // Their order is that of the file, which the canonical document does not keep.
    let names = clocks.iter().map(|clock| clock.what.name).collect::<Vec<_>>().join(" ");
    let opinions = opinions::read(root.section("opinions"), path.parent().unwrap_or(path));
    let timeliness = timeliness::read(root.section("timeliness"), &clocks, &sources);
    let plan = Plan {
        path: path.to_owned(),
        hash: hash::hash(&[&hash::canonical(document.get_ref()), &calendars.canonical, &names, &opinions.canonical]),
        sections: hash::sections(
            document.get_ref(),
            &[("calendars", &calendars.canonical), ("clocks", &names), ("opinions", &opinions.canonical)],
        ),
        review,
        calendars: calendars.read,
        clocks,
        policies: sla.policies,
        tenure: tenure::read(root.section("tenure")),
        scores: scores::read(root.section("scores"), &sources, &timeliness.evaluators),
        timeliness,
        defects: defects::read(root.section("defects")),
        integrity: integrity::read(root.section("integrity")),
        follow_up: follow_up::read(root.section("follow_up")),
        opinions: opinions.opinions,
        breakdowns: breakdowns::read(root.section("breakdowns"), &sources),
        quality: quality::read(root.section("quality")),
        sources: sources.read,
    };
    root.finish();
    Some(plan)
}

/// The only place where this room reads a file.
fn read_text(path: &Path) -> io::Result<String> {
    let bytes = fs::read(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = String::from_utf8_lossy(valid).split('\n').count();
        let reason = format!("line {line} is not UTF-8; save the file with that encoding");
        io::Error::new(io::ErrorKind::InvalidData, reason)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::testing::{EVENTS, EXAMPLE, LONG, TICKETS, check, plan};
    use super::types::{From, Same};
    use super::{load, parse};
    use crate::schema::input::SourceKind;
    use crate::time::target::Target;

    #[test]
    fn the_example_says_what_it_reads_like() {
        let plan = plan(EXAMPLE);
        let tickets = &plan.sources[&SourceKind::Tickets];
        assert_eq!(tickets.missing, ["", "?", "无"]);
        assert_eq!(tickets.values["service_type"]["维修"], "维修服务");
        let From::FirstOf(names) = &tickets.mapping("requested_at").unwrap().from else { panic!() };
        assert_eq!(names, &["客户提出需求时间", "报修时间"]);
        assert_eq!(plan.sources[&SourceKind::Surveys].dimensions[1].name, "professionalism");
        assert_eq!(plan.calendars[0].spec.weekly.each_ref().map(Vec::len), [2, 2, 2, 2, 2, 0, 0]);
        assert_eq!(plan.calendars[0].spec.dates.len(), 2);
        assert_eq!(plan.policies[0].when[0].column, "service_type");
        assert_eq!(plan.policies[1].targets["resolution"], Target::Working { seconds: 24 * 3600 });
        assert_eq!(tickets.reading.header_row, Some(2));
        assert_eq!(tickets.filter.len(), 4);
        assert_eq!(tickets.carry, ["made_sla", "@sheet"]);
        assert_eq!(plan.sources[&SourceKind::Pauses].columns.len(), 4);
        assert_eq!(plan.clocks.iter().filter(|clock| clock.stops.is_some()).count(), 2);
        assert_eq!(plan.clocks.len(), 6);
        assert_eq!(plan.own_times(SourceKind::Tickets)[0].label.zh, "到达时间");
        assert_eq!(plan.timeliness.limits, [2000, 1000, 750, 500]);
        assert_eq!(plan.quality.rules.len(), 1);
        assert_eq!(plan.tenure.last().unwrap().name, "3y+");
        assert_eq!(plan.scores.words.len(), 5);
        assert_eq!((plan.defects.repeat_within_days, plan.defects.same), (30, Same::Customer));
        assert_eq!(plan.breakdowns.sla, ["service_type", "priority", "region", "staff", "tenure_band"]);
        assert_eq!(plan.hash.len(), 64);
    }

    #[test]
    fn unknown_sections_are_told() {
        assert_eq!(
            check(&format!("verbose = true\n{TICKETS}[tenuer]\n")),
            [
                "1: unknown key `verbose` | known here: review, sources, clocks, calendars, sla, opinions, timeliness, \
                 tenure, scores, defects, integrity, follow_up, breakdowns, quality",
                "7: unknown key `tenuer` | did you mean `tenure`?",
            ]
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("q.toml");
        let message = || load(&path).unwrap_err().problems()[0].message().to_owned();
        assert!(message().starts_with(&format!("cannot read {}: ", path.display())), "{}", message());
        std::fs::write(&path, b"[review]\ntitle = \"\xca\xdb\xba\xf3\"\n").unwrap();
        assert_eq!(
            message(),
            format!("cannot read {}: line 2 is not UTF-8; save the file with that encoding", path.display())
        );
        std::fs::write(&path, format!("\u{feff}{}", TICKETS.replace('\n', "\r\n"))).unwrap();
        assert_eq!(load(&path).unwrap().sources.len(), 1);
    }

    /// A small generator, so that the texts are the same in every run.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        const BITS: [&str; 24] = [
            "\"",
            "'",
            "[",
            "]",
            "{",
            "}",
            "=",
            ",",
            ".",
            "\n",
            "\r",
            "#",
            "0",
            "-",
            "%",
            "+",
            "99999999999",
            "nan",
            "1e999",
            "满意",
            "“",
            "\u{200d}",
            "\t",
            "\\",
        ];
        let events = format!("{TICKETS}{EVENTS}");
        let mut random = Random(1);
        let mut messages = BTreeSet::new();
        for round in 0..500 {
            let example = [LONG, &events, EXAMPLE, EXAMPLE][round % 4];
            let mut letters: Vec<String> = example.chars().map(String::from).collect();
            for _ in 0..=random.below(4) {
                let at = random.below(letters.len());
                let end = (at + random.below(8)).min(letters.len());
                match random.below(4) {
                    0 => drop(letters.drain(at..end)),
                    1 => letters.insert(at, BITS[random.below(BITS.len())].to_owned()),
                    2 => letters[at] = BITS[random.below(BITS.len())].to_owned(),
                    _ => {
                        let copy = letters[at..end].to_vec();
                        letters.splice(at..at, copy);
                    }
                }
            }
            if let Err(errors) = parse(&letters.concat(), Path::new("q.toml")) {
                let shown = errors.render(true);
                assert!(shown.contains("q.toml") && !shown.contains("Failed to read"), "{shown}");
                messages.extend(errors.problems().iter().map(|problem| problem.message().to_owned()));
            }
        }
        // Else the texts were too tame to try anything.
        assert!(messages.len() > 100, "{}", messages.len());
    }

    #[test]
    fn deep_nesting_is_refused() {
        for text in [
            format!("a = {}", "[".repeat(100_000)),
            format!("a = {}", "{a=".repeat(100_000)),
            format!("[{}]", vec!["a"; 100_000].join(".")),
        ] {
            assert_eq!(parse(&text, Path::new("q.toml")).unwrap_err().problems()[0].message(), "nested too deeply");
        }
    }
}
