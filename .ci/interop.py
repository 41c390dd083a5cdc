"""Every Parquet file of a review opens in DuckDB and pyarrow, with the types that the data dictionary promises and the
rows that the manifest counts; every CSV of the quarantine opens as Excel reads it. Usage: interop.py OUTPUT_FOLDER"""

import csv
import json
import sys
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq

# Promised type: (as pyarrow names it, as DuckDB names it).
TYPES = {
    "STRING": ("string", "VARCHAR"),
    "BOOLEAN": ("bool", "BOOLEAN"),
    "INT32": ("int32", "INTEGER"),
    "INT64": ("int64", "BIGINT"),
    "DOUBLE": ("double", "DOUBLE"),
    "DATE": ("date32[day]", "DATE"),
    "TIMESTAMP": ("timestamp[us]", "TIMESTAMP"),
}
KEYS = ["version", "run_id", "table", "grain", "columns"]


def promised(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Columns with their types, by table, in the order of their positions."""
    rows = duckdb.sql(
        f"""select "table", "column", "type" from '{folder}/tables/data_dictionary.parquet' order by "table", position"""
    ).fetchall()
    tables: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, []).append((column, kind))
    return tables


def check(path: Path, columns: list[tuple[str, str]] | None, rows: int) -> list[str]:
    """What is wrong with one file."""
    wrong = []
    table = pq.read_table(path)
    meta = pq.read_metadata(path)
    seen_arrow = [(f.name, str(f.type)) for f in table.schema]
    seen_duck = [(r[0], r[1]) for r in duckdb.sql(f"describe select * from '{path}'").fetchall()]
    if columns is not None:
        for seen, place in ((seen_arrow, 0), (seen_duck, 1)):
            want = [(name, TYPES[kind][place]) for name, kind in columns]
            if seen != want:
                wrong.append(f"types {seen} instead of {want}")
    counts = {"pyarrow": table.num_rows, "DuckDB": duckdb.sql(f"select count(*) from '{path}'").fetchone()[0]}
    wrong += [f"{who} counts {n} rows, the manifest {rows}" for who, n in counts.items() if n != rows]
    keys = meta.metadata or {}
    wrong += [f"metadata lacks aftersales.{key}" for key in KEYS if f"aftersales.{key}".encode() not in keys]
    for group in range(meta.num_row_groups):
        for column in range(meta.num_columns):
            if meta.row_group(group).column(column).compression != "ZSTD":
                wrong.append(f"column {column} is not compressed with zstd")
    for name, kind in seen_arrow:
        if kind == "double" and pc.any(pc.is_nan(table[name])).as_py():
            wrong.append(f"{name} holds NaN")
    return wrong


def check_csv(path: Path, rows: int) -> list[str]:
    """What is wrong with a quarantine CSV: Excel needs the BOM, and no cell may be taken for a formula."""
    wrong = []
    if not path.read_bytes().startswith(b"\xef\xbb\xbf"):
        wrong.append("has no BOM")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)
    if header[-3:] != ["quarantine_row", "quarantine_rule", "quarantine_message"]:
        wrong.append(f"ends with the columns {header[-3:]}")
    wrong += [f"line {n} has {len(line)} cells" for n, line in enumerate(lines, 2) if len(line) != len(header)]
    wrong += [f"a formula: {cell!r}" for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]
    if len(lines) != rows:
        wrong.append(f"{len(lines)} rows, the manifest counts {rows}")
    return wrong


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rows = {o["file"]: o["rows"] for o in manifest["outputs"] if "rows" in o}
    tables = promised(folder)
    found = {str(p.relative_to(folder)) for ending in ("parquet", "csv") for p in folder.rglob(f"*.{ending}")}
    failures = [f"{name}: in the manifest or on the disk, not both" for name in found ^ rows.keys()]
    for name in sorted(found & rows.keys()):
        if name.endswith(".csv"):
            failures += [f"{name}: {what}" for what in check_csv(folder / name, rows[name])]
            continue
        # The quarantine has one file a source, all of one schema.
        table = "quarantine" if name.startswith("quarantine/") else Path(name).stem
        if table not in tables:
            failures.append(f"{name}: not in the data dictionary")
        failures += [f"{name}: {what}" for what in check(folder / name, tables.get(table), rows[name])]
    print(f"{len(found)} files, {sum(rows.values())} rows, {len(failures)} failures")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
