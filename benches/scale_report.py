"""The report of the scale benchmark: Markdown, ready for benches/README.md."""

from collections.abc import Sequence

from scale_measure import Contender

MIB = 2**20


def table(contenders: Sequence[Contender], against: Sequence[Contender]) -> str:
    """Medians of each contender, and its wall time and memory as ratios to some of them."""
    ratios = [(f"{what} ÷ {other.name}", what, other) for other in against for what in ("wall", "memory")]
    head = ["", "wall, s", "shortest–longest", "CPU, s", "peak memory, MiB", *(title for title, _, _ in ratios)]
    rows = [head, ["---"] + ["---:"] * (len(head) - 1)]
    for c in contenders:
        low, high = c.spread()
        cells = [c.name, f"{c.median('wall'):.2f}", f"{low:.2f}–{high:.2f}", f"{c.median('cpu'):.2f}", f"{c.median('memory') / MIB:.0f}"]
        cells += [f"{c.median(what) / other.median(what):.2f}" for _, what, other in ratios]
        rows.append(cells)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def goal(text: str, value: float, limit: float) -> str:
    """A line that says whether a figure keeps its limit."""
    return f"- {text}: {value:.2f} (at most {limit:g}): {'kept' if value <= limit else 'MISSED'}"


def section(title: str, lines: Sequence[str]) -> str:
    """A section of the README."""
    return "\n".join([f"### {title}", "", *lines, ""])


def number(value: int) -> str:
    """With thousands apart."""
    return f"{value:,}"
