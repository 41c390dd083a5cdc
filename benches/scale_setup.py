"""What the scale benchmark needs before it can measure: the release binary, the dumps, the peers' Python."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BENCHES = Path(__file__).resolve().parent
ROOT = BENCHES.parent
REQUIREMENTS = BENCHES / "peers/requirements.txt"


@dataclass(frozen=True)
class Size:
    """What is generated; None leaves the choice to the generator."""

    tickets: int
    seed: int = 1
    staff: int | None = None
    customers: int | None = None
    models: int | None = None

    def options(self) -> list[str]:
        """As options of `aftersales generate`."""
        return [part for name, value in vars(self).items() if value is not None for part in (f"--{name}", str(value))]

    def name(self) -> str:
        """As the name of a folder."""
        return "-".join(f"{name}{value}" for name, value in vars(self).items() if value is not None)


def say(text: str) -> None:
    """Progress; the report alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def build() -> Path:
    """The release binary of this checkout."""
    say("building the release binary …")
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    return target() / "release/aftersales"


def target() -> Path:
    """Where cargo builds."""
    return (ROOT / os.environ.get("CARGO_TARGET_DIR", "target")).resolve()


def dumps(binary: Path, data: Path, size: Size) -> Path:
    """The dumps of a size: generated once, then kept. Half-written ones are never found under their final name."""
    folder = data / size.name()
    if not (folder / "pipeline.toml").exists():
        say(f"generating {folder} …")
        aside = folder.with_name(folder.name + ".part")
        shutil.rmtree(aside, ignore_errors=True)
        data.mkdir(parents=True, exist_ok=True)
        subprocess.run([binary, "generate", *size.options(), "--out", aside, "--quiet"], check=True)
        aside.rename(folder)
    return folder


def weight(folder: Path) -> tuple[int, int]:
    """Bytes and lines of all dumps in a folder."""
    total = lines = 0
    for path in sorted(folder.glob("*.csv")):
        total += path.stat().st_size
        with path.open("rb") as dump:
            while part := dump.read(1 << 22):
                lines += part.count(b"\n")
    return total, lines


def python(data: Path) -> Path:
    """The Python of the peers, with the pinned versions from PyPI; made once for each list of versions."""
    folder, mark = data / "venv", data / "venv/requirements.txt"
    asked = REQUIREMENTS.read_text("utf-8")
    if not mark.exists() or mark.read_text("utf-8") != asked:
        say("installing the peers …")
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS], check=True)
        mark.write_text(asked, "utf-8")
    return folder / "bin/python"


def machine() -> str:
    """Processor, cores and memory."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB"


def versions(binary: Path) -> str:
    """Of the binary, the compiler and the peers."""

    def first_line(*command: str | Path) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]

    rust = " ".join(first_line("rustc", "--version").split()[:2])
    peers = REQUIREMENTS.read_text("utf-8").replace("==", " ").split("\n")
    return ", ".join([first_line(binary, "--version"), rust, f"Python {sys.version.split()[0]}", *filter(None, peers)])
