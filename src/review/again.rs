//! A review made of the facts that another one has published.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::moment::parse_as_of;
use super::sink::Passing;
use super::{
    Dumps, Report, ReviewError, Stage, Watch, columns_of, context, counts, figures, listed, parse_period, run_id, seen,
};
use crate::ingest::facts::Moment;
use crate::ingest::published::{self, Published, Wanted};
use crate::ingest::{Account, IngestError, Shelf};
use crate::listings::{self, LISTINGS};
use crate::metrics::{self, METRICS};
use crate::plan::Plan;
use crate::publish::{self, Input, Opened, Origin, Output, Release, Sheet};
use crate::schema::facts::{DIM_STAFF, FACT_ACTION, FACT_UNITS, FACTS, SURVEY, TICKET};
use crate::schema::input::SourceKind;
use crate::schema::quality::{DATA_QUALITY, QUARANTINE};
use crate::schema::{self, Type};
use crate::tally::Tally;

/// Makes a review of the facts in the folder `from` of another one, and writes it to `out`: of the same period, seen from
/// the same moment. The pipeline may ask for other figures, but not for other facts.
///
/// # Errors
/// See [`ReviewError`]; the previous output is then untouched.
pub fn run_again(plan: &Plan, from: &Path, out: &Path, watch: &dyn Watch) -> Result<Report, ReviewError> {
    watch.stage(Stage::Read);
    let published = Published::open(from)?;
    let changed = published.changed(plan);
    if !changed.is_empty() {
        let sections =
            changed.iter().map(|name| if name == "sla" { "[[sla]]".to_owned() } else { format!("[{name}]") });
        let sections = sections.collect::<Vec<_>>().join(", ");
        return Err(ReviewError::OtherFacts { folder: from.display().to_string(), sections });
    }
    let (moment, rows) = made_of(&published)?;
    let period = moment.period.to_string();
    let run_id = run_id(&plan.hash, Some(moment), rows);
    let kinds: Vec<(&'static schema::Table, Kind)> =
        FACTS.iter().map(|table| (*table, columns_of(plan, table))).collect();
    let columns = kinds.iter().map(|(table, kind)| (table.name, typed(table, kind)));
    let facts = published.facts(columns.collect())?;

    watch.stage(Stage::Tally);
    let all = kinds.iter().flat_map(|(table, kind)| typed(table, kind).into_iter().map(|(name, _)| (table.name, name)));
    let present = all.filter(|(fact, name)| facts.has(fact, name).is_some());
    let present = present.chain(published::hidden(&facts, plan)).collect();
    let context = context(plan, moment, facts.first_day()?, present);
    let tallies: Vec<Vec<Tally>> = METRICS.iter().map(|metric| (metric.tallies)(&context)).collect();
    let asked: Vec<usize> = tallies.iter().map(Vec::len).collect();
    let review = listings::Review { plan, period: &period, gaps: &[], staff: &[] };
    let (tallies, mut opened) = (tallies.concat(), publish::open(out, &period)?);
    let wanted = wanted(&tallies, review);
    let passing = Passing::new(review, tallies, Vec::new(), Shelf::new(out));
    facts.stream(&wanted, plan, moment, &passing)?;
    let left = passing.finish(&mut opened)?;
    let accounts = accounts(&published)?;
    nothing_lost(&published, &accounts, |fact| left.passed.rows(fact))?;

    let roster = published.table("facts/dim_staff", &DIM_STAFF)?;
    let mut tables = figures(&context, &asked, &left.tallies)?;
    let listed = listed(plan, &period, left.picked, &tables, &roster)?;
    tables.extend(listed);
    tables.push((&DATA_QUALITY, published.table("tables/data_quality", &DATA_QUALITY)?));
    tables.sort_by_key(|(table, _)| table.name);

    watch.stage(Stage::Publish);
    opened.tell(Origin { run_id: published.origin.run_id.clone(), ..origin(&context, "", rows) });
    for (table, kind) in kinds {
        let file = format!("facts/{}.parquet", table.name);
        let rows = published.manifest.rows(&file).unwrap_or_default();
        opened.adopt(&published.path(&file), table, kind, rows)?;
    }
    let quarantine = quarantine(&published, &mut opened)?;
    let release = Release {
        plan,
        period: &period,
        as_of: &seen(moment),
        run_id: &run_id,
        inputs: &inputs(&published)?,
        tables: tables.iter().map(|(table, frame)| Sheet::of(table, frame)).collect(),
        roster: Some(Sheet::of(&DIM_STAFF, &roster)),
        quarantine: quarantine.iter().map(|(kind, frame)| Sheet::of(&QUARANTINE, frame).named(kind.name())).collect(),
        mend: Vec::new(),
    };
    let written = opened.write(&release)?;
    drop(release);
    let dumps = Dumps { sources: BTreeMap::new() };
    Ok(Report { moment, accounts, dumps, tables, written: Some(written) })
}

/// The columns of a fact beyond those of its table: of its clocks, and those carried along.
type Kind = (Vec<schema::Column>, Vec<String>);

/// All columns of a fact.
fn typed(table: &schema::Table, (clocks, extra): &Kind) -> Vec<(String, Type)> {
    let own = table.columns.iter().chain(clocks).map(|column| (column.name.to_owned(), column.dtype));
    own.chain(extra.iter().map(|name| (name.clone(), Type::Text))).collect()
}

/// The moment from which a published review was made, and the hash of its rows. The run id vouches for them.
fn made_of(published: &Published) -> Result<(Moment, u128), IngestError> {
    let said = &published.manifest;
    let period = said.period.as_deref().and_then(|period| parse_period(period).ok());
    let as_of = said.as_of.as_deref().and_then(|moment| parse_as_of(moment).ok());
    let made = period.zip(as_of).zip(u128::from_str_radix(&published.origin.rows, 16).ok());
    let made = made.map(|((period, as_of), rows)| (Moment { period, as_of }, rows));
    let vouched = |(moment, rows): &(Moment, u128)| run_id(&said.pipeline.sha256, Some(*moment), *rows) == said.run_id;
    made.filter(vouched).ok_or_else(|| published.refuse("its manifest.json contradicts itself"))
}

/// What the manifest says of the facts of a review.
pub fn origin(context: &metrics::Context, run_id: &str, rows: u128) -> Origin {
    let lacking = FACTS.iter().map(|table| {
        let columns = typed(table, &columns_of(context.plan, table)).into_iter().map(|(name, _)| name);
        (table.name.to_owned(), columns.filter(|name| !context.has(table.name, name)).collect::<Vec<_>>())
    });
    Origin {
        run_id: run_id.to_owned(),
        rows: format!("{rows:032x}"),
        pipeline: context.plan.sections.clone(),
        lacking: lacking.filter(|(_, columns)| !columns.is_empty()).collect(),
    }
}

/// The columns that tallies and listings look at.
fn wanted(tallies: &[Tally], review: listings::Review) -> Wanted {
    let mut wanted = Wanted { period: review.period.to_owned(), ..Wanted::default() };
    for tally in tallies {
        wanted.tallied.entry(tally.fact).or_default().extend(tally.columns().map(ToOwned::to_owned));
    }
    for fact in [TICKET, SURVEY] {
        wanted.tallied.entry(fact).or_default().insert("period".to_owned());
    }
    for table in FACTS {
        let columns: BTreeSet<String> =
            LISTINGS.iter().flat_map(|listing| (listing.columns)(&review, table.name)).collect();
        wanted.listed.insert(table.name, columns);
    }
    wanted
}

fn inputs(published: &Published) -> Result<Vec<Input>, IngestError> {
    let input = |input: &published::Input| {
        let published::Input { file, bytes, sha256, encoding, .. } = input.clone();
        Ok(Input { source: source(published, input)?.name(), file, bytes, sha256, encoding, rows: counts(&input.rows) })
    };
    published.manifest.inputs.iter().map(input).collect()
}

fn accounts(published: &Published) -> Result<BTreeMap<SourceKind, Account>, IngestError> {
    let mut accounts: BTreeMap<SourceKind, Account> = BTreeMap::new();
    for input in &published.manifest.inputs {
        *accounts.entry(source(published, input)?).or_default() += input.rows;
    }
    Ok(accounts)
}

fn source(published: &Published, input: &published::Input) -> Result<SourceKind, IngestError> {
    let known = SourceKind::ALL.into_iter().find(|kind| kind.name() == input.source);
    known.ok_or_else(|| published.refuse(format!("its manifest.json tells of a source {:?}", input.source)))
}

/// Holds that as many facts have gone by as rows of dumps were used.
fn nothing_lost(
    published: &Published,
    accounts: &BTreeMap<SourceKind, Account>,
    passed: impl Fn(&str) -> usize,
) -> Result<(), IngestError> {
    for (kind, fact) in [
        (SourceKind::Tickets, TICKET),
        (SourceKind::Surveys, SURVEY),
        (SourceKind::Staff, DIM_STAFF.name),
        (SourceKind::Actions, FACT_ACTION.name),
        (SourceKind::Units, FACT_UNITS.name),
    ] {
        let (used, rows) = (accounts.get(&kind).map_or(0, |account| account.used), passed(fact));
        if used != rows as u64 {
            return Err(published.refuse(format!("{used} rows of {} were used, and {fact} has {rows}", kind.name())));
        }
    }
    Ok(())
}

/// The quarantine of each source; the files for those who mend its rows are copied.
fn quarantine(
    published: &Published,
    opened: &mut Opened,
) -> Result<Vec<(SourceKind, polars::prelude::DataFrame)>, ReviewError> {
    let mut all = Vec::new();
    for kind in SourceKind::ALL {
        let name = format!("quarantine/{}", kind.name());
        if published.manifest.rows(&format!("{name}.parquet")).is_some() {
            all.push((kind, published.table(&name, &QUARANTINE)?));
        }
    }
    for output in &published.manifest.outputs {
        let name = output.file.strip_prefix("quarantine/").filter(|name| !name.ends_with(".parquet"));
        if let Some(name) = name
            && !name.contains(['/', '\\'])
        {
            let path = published.path(&output.file);
            opened.copy(path, Output { file: output.file.clone(), rows: output.rows });
        }
    }
    Ok(all)
}
