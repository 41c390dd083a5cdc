//! The tallies of `sla_attainment` over a batch of tickets, and beside them the same asked of polars' lazy group-by, one
//! query a tally. Figures: `benches/README.md`.
//!
//! Run: `cargo bench --bench tally`. One item is one row, with all its tallies. Ours runs on one core, polars on all.

use std::path::Path;

use aftersales::metrics::{Context, METRICS};
use aftersales::plan;
use aftersales::tally::{Key, Of, Taking, Tally};
use divan::{Bencher, black_box, counter::ItemsCount};
use polars::prelude::*;

/// Rows of the batch.
const ROWS: usize = 65_536;

/// Staff that share the tickets; the other breakdowns have five members each.
const MEMBERS: [u64; 2] = [5, 2_500];

const FACT: &str = "fact_ticket";

fn main() {
    divan::main();
}

/// A fixed linear congruential sequence below a bound.
fn random() -> impl FnMut(u64) -> u64 {
    let mut state = 42_u64;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    }
}

/// Tickets of nine months: nine breakdowns, and three clocks of which one ticket in eight has not ended.
fn batch(staff: u64) -> PolarsResult<DataFrame> {
    let mut next = random();
    let category = DataType::from_categories(Categories::global());
    let mut columns = Vec::new();
    let mut texts = |name: &str, prefix: &str, members: u64| -> PolarsResult<()> {
        let values: Vec<Option<String>> =
            (0..ROWS).map(|_| Some(next(members)).filter(|m| *m != 3).map(|m| format!("{prefix}{m}"))).collect();
        columns.push(Column::new(name.into(), values).cast(&category)?);
        Ok(())
    };
    texts("month", "2026-0", 9)?;
    for name in ["service_type", "priority", "region", "branch", "channel", "customer_tier", "team", "tenure_band"] {
        texts(name, name, 5)?;
    }
    texts("staff_id", "E", staff)?;
    let mut next = random();
    for clock in ["first_response", "start", "resolution"] {
        let outcomes: Vec<&str> = (0..ROWS)
            .map(|_| match next(16) {
                0..12 => "met",
                12..14 => "breached",
                14 => "running",
                _ => "cancelled",
            })
            .collect();
        columns.push(Column::new(format!("{clock}_outcome").into(), outcomes).cast(&category)?);
        let seconds = (0..ROWS).map(|_| {
            let (there, bits) = (next(8) > 0, next(19));
            let seconds = next(1 << bits);
            there.then(|| i64::try_from(seconds).unwrap_or_default())
        });
        columns.push(Int64Chunked::from_iter_options(format!("{clock}_seconds").into(), seconds).into_column());
    }
    DataFrame::new(ROWS, columns)
}

/// The tallies that `sla_attainment` asks for.
fn wanted(batch: &DataFrame) -> Vec<Tally> {
    let mut plan = plan::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/quarterly.toml"))
        .expect("the default pipeline loads");
    plan.breakdowns.sla = vec![
        "service_type",
        "priority",
        "region",
        "branch",
        "channel",
        "customer_tier",
        "team",
        "staff",
        "tenure_band",
    ];
    let columns = batch.get_column_names().into_iter().map(|name| (FACT, name.to_string())).collect();
    let context = Context { plan: &plan, months: Vec::new(), kind: "quarter", columns };
    let metric = METRICS.iter().find(|metric| metric.table.name == "sla_attainment").expect("a metric");
    (metric.tallies)(&context)
}

/// Batch after batch of a long run.
#[divan::bench(args = MEMBERS)]
fn ours(bencher: Bencher, staff: u64) {
    let batch = batch(staff).expect("the batch can be made");
    let mut taking = Taking::new(wanted(&batch));
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| taking.feed(FACT, black_box(&batch)));
}

/// A single batch from beginning to end, sorted rows of figures included.
#[divan::bench(args = MEMBERS)]
fn ours_with_finish(bencher: Bencher, staff: u64) {
    let batch = batch(staff).expect("the batch can be made");
    let wanted = wanted(&batch);
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let mut taking = Taking::new(wanted.clone());
        taking.feed(FACT, black_box(&batch))?;
        taking.settle().share(0..wanted.len()).all()
    });
}

#[divan::bench(args = MEMBERS, sample_count = 10)]
fn polars_group_by(bencher: Bencher, staff: u64) {
    let batch = batch(staff).expect("the batch can be made");
    let wanted = wanted(&batch);
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        wanted.iter().map(|tally| Ok(group_by(black_box(&batch), tally)?.height())).sum::<PolarsResult<usize>>()
    });
}

/// One tally as a group-by.
fn group_by(fact: &DataFrame, tally: &Tally) -> PolarsResult<DataFrame> {
    let mut frame = fact.clone();
    for key in &tally.keys {
        if let Key::Mapped { column, name, with } = key {
            let values = frame.column(column)?.i64()?.iter().map(|v| v.map(with));
            let mapped = Int32Chunked::from_iter_options(PlSmallStr::from_static(name), values);
            frame.with_column(mapped.into_column())?;
        }
    }
    let mut rows = frame.lazy();
    for key in &tally.keys {
        rows = match key {
            Key::Text(name) => {
                rows.with_column(col(*name).fill_null(lit("(none)").cast(fact.column(name)?.dtype().clone())))
            }
            _ => rows.filter(col(key.name()).is_not_null()),
        };
    }
    let mut sums = vec![len().cast(DataType::Int64).alias("rows")];
    for sum in &tally.sums {
        if let Of::Equals { column, value } = &sum.of {
            sums.push(col(column.as_str()).eq(lit(*value)).cast(DataType::Int64).sum().alias(&sum.name));
        }
    }
    let keys: Vec<Expr> = tally.keys.iter().map(|key| col(key.name())).collect();
    let texts = tally.keys.iter().filter(|key| matches!(key, Key::Text(_)));
    let texts: Vec<Expr> = texts.map(|key| col(key.name()).cast(DataType::String)).collect();
    let names: Vec<&str> = tally.keys.iter().map(Key::name).collect();
    rows.group_by(keys).agg(sums).with_columns(texts).sort(names, SortMultipleOptions::default()).collect()
}
