"""The scale benchmark: builds the tool, generates dumps (once), measures, and prints a section for benches/README.md.

    python3 benches/scale.py                          against DuckDB, polars and the floor, 2 million tickets
    python3 benches/scale.py peers --tickets 1000000 --peers duckdb,polars,pandas,floor
    python3 benches/scale.py sizes                    2, 10 and 30 million tickets, ours alone
    python3 benches/scale.py threads                  one thread against two
    python3 benches/scale.py facts --tickets 10000000 a second run over published facts
    python3 benches/scale.py growth                   staff, customers and models tenfold, each in turn

Needs cargo, Python 3.11 or later, the network once (the peers come from PyPI), and room for the dumps: 0.3 GB per million tickets.
Everything is kept below target/scale. Close everything else: the wall times are those of the whole machine.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import scale_report as report
from scale_measure import Contender, rounds
from scale_setup import BENCHES, Size, build, dumps, machine, python, say, target, versions, weight

PERIOD = "2026Q3"
MOST_FOR_PANDAS = 1_000_000
MILLION = 1_000_000


class Bench:
    """The benchmark with its options."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.data: Path = asked.data.resolve()
        self.binary: Path = asked.binary.resolve() if asked.binary else build()
        self.out = self.data / "out"
        self.out.mkdir(parents=True, exist_ok=True)
        self.threads: int = asked.threads or os.cpu_count() or 1

    def dumps(self, size: Size) -> Path:
        """Those asked for, or generated ones."""
        return self.asked.dumps.resolve() if self.asked.dumps else dumps(self.binary, self.data, size)

    def size(self, tickets: int | None = None, **more: int) -> Size:
        """The size asked for, or another one with the same seed."""
        return Size(tickets or self.asked.tickets, self.asked.seed, **more)

    def ours(self, name: str, folder: Path, *options: str | Path, out: Path | None = None, threads: int | None = None) -> Contender:
        """A review by aftersales: all tables, facts and charts."""
        out = out or self.out / "ours"
        command = [self.binary, "run", folder / "pipeline.toml", "--out", out, "--quiet", *options]
        clear = lambda: shutil.rmtree(out, ignore_errors=True)  # noqa: E731
        return Contender(name, command, clear, {"POLARS_MAX_THREADS": str(threads or self.threads)})

    def peer(self, name: str, folder: Path) -> Contender:
        """A script of benches/peers; `duckdb@1GB` is DuckDB with a memory limit."""
        kind, _, limit = name.partition("@")
        out, script = self.out / name, BENCHES / "peers" / ("floor.py" if kind == "floor" else f"{kind}_review.py")
        command: list[str | Path] = [python(self.data), script, folder]
        if kind != "floor":
            command.append(out)
        if kind == "duckdb":
            command += ["--threads", str(self.threads)]
        if limit:
            command += ["--memory-limit", limit]
        clear = lambda: shutil.rmtree(out, ignore_errors=True)  # noqa: E731
        return Contender(name, command, clear, {"POLARS_MAX_THREADS": str(self.threads)})

    def run(self, *contenders: Contender) -> None:
        """Measures in turn."""
        rounds(contenders, self.asked.runs, self.out / "log.txt")

    def peers(self) -> str:
        """All tables, facts and charts by us against three tables by others, from the same dumps."""
        names = [n for n in self.asked.peers.split(",") if n and not (n == "pandas" and self.asked.tickets > MOST_FOR_PANDAS)]
        folder = self.dumps(self.size())
        ours, others = self.ours("aftersales", folder), {n: self.peer(n, folder) for n in names}
        self.run(ours, *others.values())
        against = [others[n] for n in ("duckdb", "floor") if n in others]
        lines = [self.about(folder), "", report.table([ours, *others.values()], against), ""]
        for other in against:
            wall = ours.median("wall") / other.median("wall")
            lines.append(report.goal(f"wall time ÷ {other.name}", wall, 0.5 if other.name == "duckdb" else 2.2))
            if other.name == "duckdb":
                lines.append(report.goal("peak memory ÷ duckdb", ours.median("memory") / other.median("memory"), 0.5))
        return report.section(f"{report.number(self.asked.tickets)} tickets, against others", lines + self.agreements(names))

    def agreements(self, names: list[str]) -> list[str]:
        """Whether the figures of the peers are ours."""
        lines = []
        for name in names:
            if name != "floor":
                command = [python(self.data), BENCHES / "peers/agree.py", self.out / "ours" / PERIOD / "tables", self.out / name]
                compared = subprocess.run(command, capture_output=True, text=True, check=False)
                say(compared.stdout + compared.stderr)
                lines.append(f"- figures of {name} against ours: {(compared.stdout or compared.stderr).splitlines()[0]}")
        return ["", *lines]

    def sizes(self) -> str:
        """Ours alone, larger and larger."""
        measured = []
        for millions in map(int, self.asked.millions.split(",")):
            contender = self.ours(f"{millions} million", self.dumps(self.size(millions * MILLION)))
            self.run(contender)
            measured.append((millions, contender))
        limits = {(2, 10): 5.5, (10, 30): 3.3}
        lines = [report.table([c for _, c in measured], [measured[0][1]]), ""]
        for (small, before), (large, after) in zip(measured, measured[1:]):
            if limit := limits.get((small, large)):
                lines.append(report.goal(f"wall time, {large} million ÷ {small} million", after.median("wall") / before.median("wall"), limit))
        for millions, contender in measured:
            if limit := {10: 2.5, 30: 4}.get(millions):
                lines.append(report.goal(f"peak memory of {millions} million, GiB", contender.median("memory") / 2**30, limit))
        return report.section("Ours alone, larger and larger", lines)

    def by_threads(self) -> str:
        """One thread against all cores; the same bytes."""
        folder = self.dumps(self.size())
        counts = sorted({1, self.threads})
        contenders = [self.ours(f"{n} thread{'s' * (n > 1)}", folder, out=self.out / f"threads{n}", threads=n) for n in counts]
        self.run(*contenders)
        marks = {digest(self.out / f"threads{n}" / PERIOD / "tables") for n in counts}
        lines = [report.table(contenders, contenders[:1]), "", f"- tables: {'the same bytes' if len(marks) == 1 else 'DIFFERENT BYTES'}"]
        return report.section(f"{report.number(self.asked.tickets)} tickets, one thread and more", lines)

    def facts(self) -> str:
        """A second run over the facts that the first one published."""
        title = f"{report.number(self.asked.tickets)} tickets, over published facts"
        told = subprocess.run([self.binary, "run", "--help"], capture_output=True, text=True, check=True).stdout
        if "--from-facts" not in told:
            return report.section(title, ["This binary has no `--from-facts`."])
        folder, again = self.dumps(self.size()), self.out / "again"
        first = self.ours("from CSV", folder)
        second = self.ours("from facts", folder, "--from-facts", self.out / "ours" / PERIOD, out=again)
        self.run(first, second)
        same = digest(self.out / "ours" / PERIOD / "tables") == digest(again / PERIOD / "tables")
        lines = [report.table([first, second], [first]), "",
                 report.goal("wall time, from facts ÷ from CSV", second.median("wall") / first.median("wall"), 0.25),
                 report.goal("peak memory from facts, GiB", second.median("memory") / 2**30, 2),
                 f"- tables: {'the same bytes' if same else 'other bytes'}"]
        return report.section(title, lines)

    def growth(self) -> str:
        """Staff, customers and models tenfold."""
        tickets = self.asked.tickets
        # What `generate` takes by default, so that the dumps of the other measurements serve here, too.
        usual = {"staff": max(40, tickets // 5000), "customers": tickets * 2 // 5, "models": 32}
        contenders = [self.ours("as usual", self.dumps(self.size()))]
        for name, number in usual.items():
            contenders.append(self.ours(f"{report.number(number * 10)} {name}", self.dumps(self.size(**{name: number * 10}))))
        self.run(*contenders)
        lines = ["As usual: " + ", ".join(f"{report.number(n)} {name}" for name, n in usual.items()) + ".", "",
                 report.table(contenders, contenders[:1])]
        return report.section(f"{report.number(tickets)} tickets, more of one thing", lines)

    def about(self, folder: Path) -> str:
        """What the dumps weigh."""
        total, lines = weight(folder)
        return f"{total / 1e6:.0f} MB of CSV, {report.number(lines)} lines; medians of {self.asked.runs} runs, {self.threads} threads."


def digest(folder: Path) -> str:
    """One hash of all files in a folder."""
    parts = [p.name.encode() + hashlib.sha256(p.read_bytes()).digest() for p in sorted(folder.iterdir())]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def main() -> None:
    """Does what is asked and prints the report."""
    modes = {"peers": Bench.peers, "sizes": Bench.sizes, "threads": Bench.by_threads, "facts": Bench.facts, "growth": Bench.growth}
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("what", nargs="*", default=["peers"], help=f"one or more of {', '.join(modes)}, or all")
    args.add_argument("--tickets", type=int, default=2 * MILLION)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--runs", type=int, default=5, help="counted runs of each, after one that warms up")
    args.add_argument("--peers", default="duckdb,polars,pandas,floor", help="duckdb@1GB sets a memory limit; pandas up to 1 million")
    args.add_argument("--threads", type=int, help="for all; as many as cores by default")
    args.add_argument("--millions", default="2,10,30", help="for `sizes`")
    args.add_argument("--binary", type=Path, help="instead of building one")
    args.add_argument("--dumps", type=Path, help="instead of generating them")
    args.add_argument("--data", type=Path, default=target() / "scale", help="where dumps, peers and outputs are kept")
    asked = args.parse_args()
    wanted = list(modes) if asked.what == ["all"] else asked.what
    if unknown := [w for w in wanted if w not in modes]:
        args.error(f"{unknown[0]}: not one of {', '.join(modes)}, all")
    bench = Bench(asked)
    print(f"## `scale`: whole reviews\n\n{date.today().isoformat()}. {machine()}.\n{versions(bench.binary)}.\n")
    for name in wanted:
        print(modes[name](bench), flush=True)


if __name__ == "__main__":
    main()
