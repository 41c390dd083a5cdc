"""Runs processes in turn and measures each as a whole: wall time, user and system time, peak resident memory.

The parent stays small on purpose (no numpy, no arrow): a child's peak memory is never counted below what its parent held when it
was started.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scale_setup import say


@dataclass(frozen=True)
class Run:
    """One process: seconds, seconds on all cores, bytes."""

    wall: float
    cpu: float
    memory: int


@dataclass
class Contender:
    """Something to measure. `before` clears what an earlier run left; it is not measured."""

    name: str
    command: Sequence[str | Path]
    before: Callable[[], None] = lambda: None
    env: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def median(self, what: str) -> float:
        """Median of `wall`, `cpu` or `memory`."""
        return statistics.median(getattr(run, what) for run in self.runs)

    def spread(self) -> tuple[float, float]:
        """Shortest and longest wall time."""
        walls = [run.wall for run in self.runs]
        return min(walls), max(walls)


class Failed(Exception):
    """A contender that did not end well."""


def measure(contender: Contender, log: Path) -> Run:
    """Runs one process; what it says goes to the log."""
    contender.before()
    command = [str(part) for part in contender.command]
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    redirect = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ | contender.env, file_actions=redirect)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    os.close(output)
    if code := os.waitstatus_to_exitcode(status):
        raise Failed(f"{contender.name}: exit code {code}\n{' '.join(command)}\n{log.read_text('utf-8', 'replace')[-2000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def rounds(contenders: Sequence[Contender], count: int, log: Path) -> None:
    """All contenders in turn, `count` times; a first round fills the page cache and is not counted."""
    for number in range(count + 1):
        for contender in contenders:
            run = measure(contender, log)
            label = f"round {number}" if number else "warm-up"
            say(f"{label:8} {contender.name:28} {run.wall:8.2f} s {run.cpu:8.2f} s CPU {run.memory / 2**20:8.0f} MiB")
            if number:
                contender.runs.append(run)
