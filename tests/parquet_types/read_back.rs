//! What is read back from a file is what stood in the frame: across row groups, from slices, with missing and multi-byte
//! values.

use aftersales::plan;
use aftersales::publish::{self, Release, Sheet};
use aftersales::schema::Type::{Bool, Date, Double, Int32, Int64, Text, Timestamp};
use aftersales::schema::{Label, Table, column};
use polars::prelude::*;

use crate::support::{Cell, Desk, Output, Stored};

static TABLE: Table = Table {
    name: "sample",
    label: Label { zh: "样本", en: "Sample" },
    grain: "one row per number",
    columns: &[
        column("text", Text, "", "文字", "Text", "Plain text."),
        column("category", Text, "", "类别", "Category", "Few distinct values."),
        column("flag", Bool, "", "是否", "Flag", "Yes or no."),
        column("small", Int32, "", "小", "Small", "A small number."),
        column("large", Int64, "", "大", "Large", "A large number."),
        column("figure", Double, "", "数", "Figure", "A figure."),
        column("date", Date, "", "日期", "Date", "A date."),
        column("moment", Timestamp, "", "时刻", "Moment", "A moment."),
        column("absent", Text, "", "无", "Absent", "The frame lacks it."),
    ],
};

/// More than two row groups.
const ROWS: usize = 2 * (1 << 17) + 1000;

/// Rows cut off at both ends, so that the columns begin in the middle of a buffer.
const CUT: usize = 77;

/// The cells of a row, by its number.
fn row(number: usize) -> [Cell; 9] {
    let int = i64::try_from(number).unwrap();
    let given = |cell: Cell, every: usize| if number.is_multiple_of(every) { Cell::Null } else { cell };
    let text = ["", "漏水、噪音大", "a,\"b\"\nc", "𠮷野家 Ωé", "x"][number % 5];
    [
        given(Cell::Text(format!("{text}{}", number % 1000)), 7),
        given(Cell::Text(["华东", "华南", "西部"][number % 3].to_owned()), 11),
        given(Cell::Bool(number.is_multiple_of(2)), 13),
        given(Cell::Int(int % 1000 - 500), 17),
        given(Cell::Int(i64::MAX - int), 19),
        if number.is_multiple_of(23) {
            Cell::Null
        } else {
            Cell::Double(f64::from(u32::try_from(number).unwrap()) / 3.0)
        },
        given(Cell::Int(int % 20_000 - 1_000), 29),
        given(Cell::Int(1_790_000_000_000_000 + int), 31),
        Cell::Null,
    ]
}

/// The frame of these rows, in two chunks and sliced. Missing figures are not-a-number or infinite.
fn frame() -> DataFrame {
    let total = ROWS + 2 * CUT;
    let half = total / 2;
    let mut frame = chunk(0..half);
    frame.vstack_mut(&chunk(half..total)).unwrap();
    frame.slice(i64::try_from(CUT).unwrap(), ROWS)
}

fn chunk(numbers: std::ops::Range<usize>) -> DataFrame {
    let cells: Vec<[Cell; 9]> = numbers.map(row).collect();
    let text = |place: usize| {
        let text = |cell: &Cell| if let Cell::Text(text) = cell { Some(text.clone()) } else { None };
        cells.iter().map(|row| text(&row[place])).collect::<Vec<Option<String>>>()
    };
    let int = |place: usize| {
        let int = |cell: &Cell| if let Cell::Int(value) = cell { Some(*value) } else { None };
        cells.iter().map(|row| int(&row[place])).collect::<Vec<Option<i64>>>()
    };
    let flags = cells.iter().map(|row| if let Cell::Bool(flag) = row[2] { Some(flag) } else { None });
    let figures = cells.iter().enumerate().map(|(i, row)| match row[5] {
        Cell::Double(value) => Some(value),
        _ => [None, Some(f64::NAN), Some(f64::INFINITY)][i % 3],
    });
    let frame = df!(
        "text" => text(0),
        "category" => text(1),
        "flag" => flags.collect::<Vec<_>>(),
        "small" => int(3),
        "large" => int(4),
        "figure" => figures.collect::<Vec<_>>(),
        "date" => int(6),
        "moment" => int(7),
    );
    let cast = [
        col("category").cast(DataType::from_categories(Categories::global())),
        col("small").cast(DataType::Int32),
        col("date").cast(DataType::Int32).cast(DataType::Date),
        col("moment").cast(DataType::Datetime(TimeUnit::Microseconds, None)),
    ];
    frame.unwrap().lazy().with_columns(cast).collect().unwrap()
}

fn write(frame: &DataFrame) -> Stored {
    let desk = Desk::bare();
    let release = Release {
        plan: &plan::load(&desk.path("pipelines/quarterly.toml")).unwrap(),
        period: "2026Q3",
        as_of: "2026-09-30 23:59:59",
        run_id: "0",
        inputs: &[],
        tables: vec![Sheet::of(&TABLE, frame)],
        roster: None,
        quarantine: Vec::new(),
        mend: Vec::new(),
    };
    let written = publish::open(&desk.path("out"), release.period).unwrap().write(&release).unwrap();
    Output::of(&written.folder).table("tables/sample")
}

#[test]
fn large_sliced_frames_are_read_back_value_by_value() {
    let stored = write(&frame());
    assert_eq!(stored.height(), ROWS);
    assert_eq!(stored.metadata.num_row_groups(), 3);
    let columns: Vec<Vec<Cell>> = TABLE.columns.iter().map(|c| stored.column(c.name)).collect();
    for (place, found) in columns.iter().enumerate() {
        for (number, cell) in found.iter().enumerate() {
            assert_eq!(*cell, row(number + CUT)[place], "row {number} of {}", TABLE.columns[place].name);
        }
    }
}

#[test]
fn a_frame_without_rows_has_the_same_schema() {
    let (full, empty) = (write(&frame().head(Some(3))), write(&frame().head(Some(0))));
    assert_eq!((full.height(), empty.height()), (3, 0));
    assert_eq!(full.schema(), empty.schema());
}
