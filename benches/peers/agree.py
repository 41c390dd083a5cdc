"""Whether the tables of a peer agree with those of aftersales, row by row.

    python agree.py OURS THEIRS        two folders with Parquet; exit code 1 and the first differences if they do not

Counts, ranks, classes, and shares that are one count divided by another: to the last digit. Means and what comes of them: to
1e-12. Quantiles: within 1 %, for ours come from counts per logarithmic bucket and the peers' are exact. Columns that a peer
leaves out (intervals, q-values, shrunk means) are not compared, rows must be the same ones.
"""

import sys
from pathlib import Path

import pyarrow.parquet as pq

KEYS = {
    "sla_attainment": ("period_type", "period", "clock", "breakdown", "member"),
    "dimension_scores": ("period_type", "period", "dimension", "breakdown", "member"),
    "defect_ranking": ("period_type", "period", "product_model", "fault_code"),
}
CLOSE = {"mean": 1e-12, "sd": 1e-9, "previous_mean": 1e-12, "change": 1e-12, "change_ratio": 1e-12, "mean_overall": 1e-12,
         "priority_score": 1e-12, "p50_seconds": 0.01, "p90_seconds": 0.01}
"""Relative tolerance; of `change` absolute. All other columns must be equal."""


def same(column: str, ours: object, theirs: object) -> bool:
    """Whether two cells agree."""
    if ours is None or theirs is None:
        return ours is theirs
    if column not in CLOSE:
        return ours == theirs
    scale = 1.0 if column == "change" else max(abs(ours), abs(theirs))
    # Whole seconds are rounded on either side.
    return abs(ours - theirs) <= CLOSE[column] * scale + (0.5 if column.endswith("_seconds") else 0)


def compare(table: str, ours: Path, theirs: Path) -> tuple[int, int, list[str]]:
    """Rows, cells compared, and what differs."""
    left, right = (pq.read_table(folder / f"{table}.parquet") for folder in (ours, theirs))
    keys = KEYS[table]
    columns = [c for c in right.column_names if c not in keys]
    missing = set(right.column_names) - set(left.column_names)
    if missing:
        return 0, 0, [f"{table}: columns that ours do not have: {sorted(missing)}"]
    index = {tuple(row[k] for k in keys): row for row in left.to_pylist()}
    differences, cells = [], 0
    for row in right.to_pylist():
        key = tuple(row[k] for k in keys)
        known = index.pop(key, None)
        if known is None:
            differences.append(f"{table} {key}: a row that ours do not have")
            continue
        cells += len(columns)
        differences += [f"{table} {key} {c}: ours {known[c]}, theirs {row[c]}" for c in columns if not same(c, known[c], row[c])]
    differences += [f"{table} {key}: a row that only ours have" for key in index]
    return right.num_rows, cells, differences


def agreement(ours: Path, theirs: Path) -> tuple[str, list[str]]:
    """One line that sums up, and all differences."""
    rows, cells, differences = (sum(parts, start) for parts, start in zip(zip(*(compare(t, ours, theirs) for t in KEYS)), (0, 0, [])))
    return f"{rows} rows, {cells} cells, {len(differences)} differences", differences


if __name__ == "__main__":
    line, differences = agreement(Path(sys.argv[1]), Path(sys.argv[2]))
    print(line, *differences[:20], sep="\n")
    sys.exit(bool(differences))
