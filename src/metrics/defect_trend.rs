//! Recurring defects month by month: which rise or fall, which are new and which have vanished.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::ops::Range;

use polars::prelude::{DataFrame, PolarsResult};

use super::rows::Building;
use super::{Context, Metric};
use crate::schema::Type::{Double, Int64, Text};
use crate::schema::shared::{CI_HIGH, CI_LOW, FAULT_CODE, PERIOD, PRODUCT_MODEL, Q, RANK, TICKETS};
use crate::schema::{Label, Table, column};
use crate::stats::interval::Interval;
use crate::stats::trend::{Steps, TrendTest};
use crate::stats::{adjust, poisson};
use crate::tally::{Counted, Share, Tally};

static TABLE: Table = Table {
    name: "defect_trend",
    label: Label { zh: "故障月度趋势", en: "Defects by month" },
    grain: "one row per defect (product model × fault code) of the reviewed period or the one before, and month",
    columns: &[
        PERIOD.doc("The reviewed period; the months end with its last one."),
        RANK.doc("By tickets in the reviewed period, most first, equal numbers by model and code; null without any."),
        PRODUCT_MODEL,
        FAULT_CODE,
        column("month", Text, "", "月份", "Month", "`2026-07`; twelve months, or as many as the data have."),
        TICKETS.doc("Tickets of the month with this defect; a ticket counts once for each of its codes."),
        column("exposure", Int64, "tickets", "全部工单", "All tickets", "Tickets of all kinds requested in the month."),
        column(
            "rate_per_100",
            Double,
            "tickets",
            "每百单故障数",
            "Per 100 tickets",
            "Tickets with this defect per 100 tickets; null in a month without tickets.",
        ),
        CI_LOW.doc("Lower end of the exact 95 % Poisson interval of the rate."),
        CI_HIGH.doc("Upper end of the exact 95 % Poisson interval of the rate."),
        column("total", Int64, "tickets", "合计工单数", "Total", "Tickets with this defect over these months."),
        column(
            "monthly_ratio",
            Double,
            "",
            "月度倍数",
            "Monthly ratio",
            "Rate ÷ rate of the month before, the same over all months, as it fits best; null where nothing fits best: no tickets, or all in the first or all in the last month.",
        ),
        column(
            "p",
            Double,
            "",
            "p值",
            "p",
            "Two-sided p-value of the test that the rate stays the same, given the total; null where that is 0, and where fewer than three months have tickets of any kind.",
        ),
        Q.doc("Benjamini–Hochberg q-value of `p` over the defects of the table, one test each."),
        column("trend", Text, "", "趋势", "Trend", "`rising` or `falling` where q is below 0.05, else null."),
        column(
            "standing",
            Text,
            "",
            "新发或消失",
            "New or vanished",
            "`new`: tickets in the reviewed period and in no month before it, though the data have every month of the period before; `vanished`: tickets in the period before and none in the reviewed one; else null.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Defects by month (故障月度趋势)

## What it says
Which defects rise or fall over the months, and by how much from month to month; which are new, and which have vanished.

## How it is counted
A defect is product model × fault code, and has rows if a ticket of the reviewed period or of the period before has it: one for each of the
twelve months that end with the reviewed period, or as many as the data have. A ticket counts once for each of its distinct codes, also a
cancelled one, in the month of its request. Its rate is per 100 tickets of all kinds in that month. `monthly_ratio` is the estimate of a Poisson
regression of the counts on the month with the tickets of all kinds as exposure. The test asks whether the defect's tickets come earlier or later than
all tickets do: given their number, each falls into a month with the chance that any ticket falls into it, and the sum of the months is the
statistic. p is twice the smaller tail: exact up to 200 tickets, above that from the normal distribution with the exact variance
and a continuity correction. `total`, `monthly_ratio`, `p`, `q`, `trend` and `standing` are the same in each row of a defect.

## How to read it
Start with the rows that have a `trend`, then look at the months: the test sees a steady course best, a single jump less, and a peak in
the middle not at all. The rates are per ticket: where one defect floods the desk the others lose in share without having become rarer. A faulty batch
brings tickets in heaps, which a Poisson count does not know, so that one customer with many units may look like a trend. `new` and `vanished` are counted,
not tested: a defect with a ticket or two in a period comes and goes by chance. Read `ci_low` and `ci_high` before you read anything into one month.

## Source
Cochran (1954) and Armitage (1955), test for trend; conditional on the total, Poisson counts are multinomial: Cox and Lewis (1966); Garwood (1936), exact Poisson
interval; Benjamini and Hochberg (1995).
";

/// Months that are shown.
const MONTHS: usize = 12;

fn tallies(_: &Context) -> Vec<Tally> {
    vec![Tally::of("fact_fault", ["month", "product_model", "fault_code"]), Tally::of("fact_ticket", ["month"])]
}

/// Product model and fault code.
type Defect<'c> = (&'c str, &'c str);

/// The months of the data in order of time, by their places.
struct Months<'c> {
    places: BTreeMap<&'c str, usize>,
    /// Those that have rows.
    shown: Range<usize>,
    reviewed: Range<usize>,
    /// The period before, as far as the data have it.
    before: Range<usize>,
    /// Tickets of all kinds.
    tickets: Vec<u64>,
}

impl<'c> Months<'c> {
    fn new(context: &'c Context, exposure: &Counted) -> PolarsResult<Self> {
        let months = &context.months;
        let start = |end: usize| {
            let own = end.checked_sub(1).map(|last| &months[last].1);
            months[..end].iter().rposition(|(_, period)| Some(period) != own).map_or(0, |other| other + 1)
        };
        let reviewed = start(months.len())..months.len();
        let places: BTreeMap<&str, usize> =
            (0..).zip(months).map(|(place, (month, _))| (month.as_str(), place)).collect();
        let mut tickets = vec![0; months.len()];
        for (month, rows) in exposure.texts("month")?.into_iter().zip(exposure.sums("rows")?) {
            if let Some(place) = places.get(month) {
                tickets[*place] += rows;
            }
        }
        let shown = months.len().saturating_sub(MONTHS)..months.len();
        Ok(Self { places, shown, before: start(reviewed.start)..reviewed.start, reviewed, tickets })
    }

    /// Whether the data have every month of the period before.
    fn reach_back(&self) -> bool {
        self.before.len() == self.reviewed.len() && self.tickets[self.before.clone()].iter().all(|tickets| *tickets > 0)
    }

    fn standing(&self, counts: &[u64]) -> Option<&'static str> {
        let none = |months: Range<usize>| counts[months].iter().all(|tickets| *tickets == 0);
        if none(self.reviewed.clone()) {
            (!none(self.before.clone())).then_some("vanished")
        } else {
            (self.reach_back() && none(0..self.reviewed.start)).then_some("new")
        }
    }
}

/// A defect with its tickets in each month of the data, and what its course says.
struct Course<'c> {
    defect: Defect<'c>,
    counts: Vec<u64>,
    test: Option<TrendTest>,
}

impl Course<'_> {
    fn sum(&self, months: &Range<usize>) -> u64 {
        self.counts[months.clone()].iter().sum()
    }
}

/// The defects of the reviewed period, most tickets first, then those of the period before alone.
fn courses<'c>(months: &Months, faults: &'c Counted, steps: &mut Steps) -> PolarsResult<Vec<Course<'c>>> {
    let mut counts: BTreeMap<Defect, Vec<u64>> = BTreeMap::new();
    let defects = faults.texts("product_model")?.into_iter().zip(faults.texts("fault_code")?);
    for ((month, defect), rows) in faults.texts("month")?.into_iter().zip(defects).zip(faults.sums("rows")?) {
        if let Some(place) = months.places.get(month) {
            counts.entry(defect).or_insert_with(|| vec![0; months.places.len()])[*place] += rows;
        }
    }
    let course = |(defect, counts): (Defect<'c>, Vec<u64>)| {
        let test = steps.test(&counts[months.shown.clone()]);
        Course { defect, counts, test }
    };
    let told = |counts: &[u64]| counts[months.before.start..].iter().any(|tickets| *tickets > 0);
    let mut courses: Vec<Course> = counts.into_iter().filter(|(_, counts)| told(counts)).map(course).collect();
    // Stable, so that equal numbers keep the order of model and code.
    courses.sort_by_key(|course| Reverse(course.sum(&months.reviewed)));
    Ok(courses)
}

const fn trend(test: TrendTest, q: f64) -> Option<&'static str> {
    match test.direction {
        Ordering::Greater if q < 0.05 => Some("rising"),
        Ordering::Less if q < 0.05 => Some("falling"),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^53")]
fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let [faults, exposure] = counted.as_slice() else { return Building::new(&TABLE, 0)?.finish() };
    let months = Months::new(context, exposure)?;
    let mut steps = Steps::new(&months.tickets[months.shown.clone()]);
    let courses = courses(&months, faults, &mut steps)?;
    let q_values = adjust::benjamini_hochberg(&courses.iter().map(|c| c.test.map(|test| test.p)).collect::<Vec<_>>());
    // Few numbers come again and again, and each interval takes time.
    let mut intervals: BTreeMap<u64, Option<Interval>> = BTreeMap::new();
    let mut out = Building::new(&TABLE, courses.len() * months.shown.len())?;
    for (place, (course, q)) in courses.iter().zip(q_values).enumerate() {
        let rank = (course.sum(&months.reviewed) > 0).then_some(place + 1);
        let (total, ratio) = (course.sum(&months.shown), steps.ratio(&course.counts[months.shown.clone()]));
        for (month, period) in months.shown.clone().map(|place| (place, &context.months[place])) {
            let (name, tickets, exposure) = (period.0.as_str(), course.counts[month], months.tickets[month]);
            let interval = *intervals.entry(tickets).or_insert_with(|| poisson::exact(tickets));
            let rate = |events: f64| (exposure > 0).then(|| 100.0 * events / exposure as f64);
            out.push(vec![
                context.months.last().map(|(_, period)| period.as_str()).into(),
                rank.into(),
                course.defect.0.into(),
                course.defect.1.into(),
                name.into(),
                tickets.into(),
                exposure.into(),
                rate(tickets as f64).into(),
                interval.and_then(|i| rate(i.low)).into(),
                interval.and_then(|i| rate(i.high)).into(),
                total.into(),
                ratio.into(),
                course.test.map(|test| test.p).into(),
                q.into(),
                course.test.zip(q).and_then(|(test, q)| trend(test, q)).into(),
                months.standing(&course.counts).into(),
            ])?;
        }
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::METRIC;
    use crate::metrics::Context;
    use crate::metrics::testing::{assert_numbers, numbers, table};
    use crate::metrics::tests::{cells, context, default_plan, figure};

    const HALF: [&str; 6] = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];

    /// Facts of half a year with so many tickets a month, and of each defect so many in each of them.
    fn facts(tickets: [usize; 6], defects: &[(&str, [usize; 6])]) -> [(&'static str, DataFrame); 2] {
        let rows =
            |counts: &[usize]| HALF.iter().zip(counts).flat_map(|(month, n)| vec![*month; *n]).collect::<Vec<_>>();
        let (mut months, mut codes) = (Vec::new(), Vec::new());
        for (code, counts) in defects {
            let own = rows(counts);
            codes.extend(vec![*code; own.len()]);
            months.extend(own);
        }
        let models = vec!["M"; codes.len()];
        let faults = df!("month" => months, "product_model" => models, "fault_code" => codes).unwrap();
        [("fact_fault", faults), ("fact_ticket", df!("month" => rows(&tickets)).unwrap())]
    }

    /// Origin: p and ratios as in `stats::trend`, q from `scipy.stats.false_discovery_control`, intervals from
    /// `scipy.stats.chi2.ppf`.
    #[test]
    fn defects_rise_fall_come_and_go() {
        let defects = [
            ("even", [2; 6]),
            ("falls", [9, 8, 3, 3, 1, 0]),
            ("gone", [0, 2, 0, 0, 0, 0]),
            ("new", [0, 0, 0, 0, 0, 3]),
            ("rises", [0, 1, 1, 4, 6, 9]),
        ];
        let table = table(&METRIC, &default_plan(), &facts([40, 50, 40, 50, 50, 45], &defects));
        let first = cells(&table, &["rank", "fault_code", "total", "trend", "standing"]);
        assert_eq!(
            first.iter().step_by(6).collect::<Vec<_>>(),
            [
                "1 rises 21 rising -",
                "2 even 12 - -",
                "3 falls 24 falling -",
                "4 new 3 rising new",
                "- gone 2 - vanished"
            ]
        );
        let each = |column: &str| numbers(&table, column).into_iter().step_by(6).collect::<Vec<_>>();
        let expected = [
            (
                "p",
                [
                    5.807_590_777_756_26e-5,
                    0.962_280_055_938_825,
                    2.157_161_329_122_56e-5,
                    0.008_763_335_837_716,
                    0.298_842_975_206_612,
                ],
            ),
            (
                "q",
                [
                    1.451_897_694_439_07e-4,
                    0.962_280_055_938_825,
                    1.078_580_664_561_28e-4,
                    0.014_605_559_729_526_7,
                    0.373_553_719_008_264,
                ],
            ),
        ];
        for (column, expected) in expected {
            for (found, expected) in each(column).into_iter().zip(expected) {
                assert!((found.unwrap() / expected - 1.0).abs() < 1e-9, "{column}: {found:?}, expected {expected}");
            }
        }
        assert_eq!(each("monthly_ratio")[3], None);
        assert!((each("monthly_ratio")[0].unwrap() - 1.880_089_513_821_5).abs() < 1e-9);
        let rises = table.head(Some(6));
        assert_eq!(cells(&rises, &["period", "month", "tickets", "exposure"])[3], "2026Q2 2026-04 4 50");
        assert_numbers(&rises, "rate_per_100", &[0.0, 2.0, 2.5, 8.0, 12.0, 20.0].map(Some));
        assert_eq!(numbers(&rises, "ci_low")[0], Some(0.0));
        for (row, low, high) in
            [(1, 0.050_635_615_968_579_8, 11.143_286_781_877_8), (5, 9.145_273_549_729_63, 37.966_229_902_042_6)]
        {
            assert_numbers(&rises.slice(row, 1), "ci_low", &[Some(low)]);
            assert_numbers(&rises.slice(row, 1), "ci_high", &[Some(high)]);
        }
    }

    #[test]
    fn a_month_without_tickets_has_no_rate_and_proves_nothing_new() {
        let table = table(&METRIC, &default_plan(), &facts([10, 0, 10, 20, 20, 10], &[("leak", [0, 0, 0, 0, 2, 0])]));
        let rows = cells(&table, &["month", "tickets", "exposure", "standing"]);
        assert_eq!((rows.len(), rows[1].as_str()), (6, "2026-02 0 0 -"));
        for column in ["rate_per_100", "ci_low", "ci_high"] {
            let of_months: Vec<bool> = numbers(&table, column).iter().map(Option::is_some).collect();
            assert_eq!(of_months, [true, false, true, true, true, true], "{column}");
        }
    }

    /// Fifteen months are known and twelve are shown; what was there in the first of all is not new, and what was there before the last
    /// two quarters alone is not told.
    #[test]
    fn a_year_is_shown_and_all_the_past_is_known() {
        let plan = default_plan();
        let month = |at: usize| format!("{}-{:02}", 2025 + at / 12, at % 12 + 1);
        let months = (0..15).map(|at| (month(at), format!("{}Q{}", 2025 + at / 12, at % 12 / 3 + 1))).collect();
        let known = Context { months, ..context(&plan, true) };
        let days = [("old", 0), ("old", 14), ("young", 14), ("over", 8), ("vanished", 9), ("later", 15)];
        let faults = df!(
            "month" => days.map(|(_, at)| month(at)), "product_model" => ["M"; 6], "fault_code" => days.map(|(code, _)| code),
        );
        let tickets = df!("month" => (0..16).map(month).collect::<Vec<_>>());
        let facts = [("fact_fault", faults.unwrap()), ("fact_ticket", tickets.unwrap())];
        let table = figure(&METRIC, &known, &facts);
        let rows = cells(&table, &["period", "rank", "fault_code", "month", "total", "standing"]);
        let shown = ["1 old", "2 young", "- vanished"];
        assert_eq!(rows.len(), 36);
        assert!(
            rows.iter().zip(shown.iter().flat_map(|defect| [defect; 12])).all(|(row, defect)| row.contains(*defect))
        );
        assert_eq!(
            rows.into_iter().step_by(12).collect::<Vec<_>>(),
            ["2026Q1 1 old 2025-04 1 -", "2026Q1 2 young 2025-04 1 new", "2026Q1 - vanished 2025-04 1 vanished"]
        );
    }
}
