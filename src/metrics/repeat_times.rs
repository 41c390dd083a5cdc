//! How soon defects come back.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::rows::{Building, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Double, Int32, Int64};
use crate::schema::facts::FACT_FAULT;
use crate::schema::shared::{ALL, BREAKDOWN, CI_HIGH, CI_LOW, MEMBER, PERIOD};
use crate::schema::{Label, Table, column};
use crate::stats::survival::{Day, kaplan_meier};
use crate::tally::{Key, Share, Tally};

static TABLE: Table = Table {
    name: "repeat_times",
    label: Label { zh: "再次报修时间曲线", en: "Times to repeats" },
    grain: "one row per breakdown, member and day after the resolution on which somebody came back",
    columns: &[
        PERIOD.doc("The reviewed period; the curve is of all resolutions in the data up to its moment."),
        BREAKDOWN.doc("`all`, or `fault_code`."),
        MEMBER,
        column(
            "day",
            Int32,
            "days",
            "天数",
            "Day",
            "Whole days of 24 h from the resolution to the request that came back.",
        ),
        column(
            "at_risk",
            Int64,
            "cases",
            "仍在观察",
            "At risk",
            "Resolved cases (ticket × fault) that had not come back before this day and were watched so long at least.",
        ),
        column("returned", Int64, "cases", "再次报修", "Returned", "Cases that came back on this day."),
        column(
            "stayed_share",
            Double,
            "share",
            "未再报修占比",
            "Stayed away",
            "Share that does not come back by the end of this day: Kaplan–Meier.",
        ),
        CI_LOW.doc("Lower end of its 95 % interval."),
        CI_HIGH.doc("Upper end of its 95 % interval; null where nothing is left."),
        column("n", Int64, "cases", "样本量", "n", "All resolved cases of the member."),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Times to repeats (再次报修时间曲线)

## What it says
How soon the same customer (or unit) comes back with the same fault of the same model after it was resolved: for each fault the share
that has not come back by the end of each day.

## How it is counted
A case is a resolved ticket × fault code, not cancelled, whose customer (or serial number, `same` in `[defects]`) is known. It ends with the first
request of the same customer, model and code after its resolution, however late; a case that has not come back is watched until the
moment of the review and then censored, for nobody knows what would have been. The share is the product over the days up to this
one of 1 − returned ÷ at risk, where cases are at risk on their last day. All resolutions in the data count, whatever their period.

## How to read it
1 − `stayed_share` at day 30 is the part that comes back within a month, as if every case had been watched so long. A plain mean of
the days between visits lies when the data end: it knows only those who came back quickly. Compare two faults only where their
intervals part, and do not read a curve beyond the day where `at_risk` is small.

## Source
Kaplan and Meier (1958); Greenwood (1926); interval on the scale of log(−log S), Kalbfleisch and Prentice (1980).
";

fn tallies(context: &Context) -> Vec<Tally> {
    if !context.has(FACT_FAULT.name, "followed_days") {
        return Vec::new();
    }
    vec![Tally::of(FACT_FAULT.name, ["fault_code"]).by(Key::Number("followed_days")).sum("returned")]
}

/// Cases by their last day: all of them, and those that came back.
type Days = BTreeMap<i32, (u64, u64)>;

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let mut members: BTreeMap<(usize, &str), Days> = BTreeMap::new();
    for counted in &counted {
        let (codes, days) = (counted.texts("fault_code")?, counted.numbers("followed_days")?);
        let (cases, returned) = (counted.sums("rows")?, counted.sums("returned")?);
        for row in 0..counted.len() {
            for key in [(0, ALL), (1, codes[row])] {
                let (all, back) = members.entry(key).or_default().entry(days[row]).or_default();
                *all += cases[row];
                *back += returned[row];
            }
        }
    }
    let period = context.months.last().map_or("", |(_, period)| period.as_str());
    let mut out = Building::new(&TABLE, members.len())?;
    for ((place, member), days) in members {
        let n: u64 = days.values().map(|(all, _)| all).sum();
        let day = |(day, (all, back)): (&i32, &(u64, u64))| Day { day: *day, ended: *back, censored: all - back };
        for step in kaplan_meier(&days.iter().map(day).collect::<Vec<_>>()) {
            out.push(vec![
                Cell::from(period),
                [ALL, "fault_code"][place].into(),
                member.into(),
                Cell::Int(step.day.into()),
                step.at_risk.into(),
                step.ended.into(),
                step.share.into(),
                step.interval.map(|i| i.low).into(),
                step.interval.map(|i| i.high).into(),
                n.into(),
            ])?;
        }
    }
    out.finish()
}
