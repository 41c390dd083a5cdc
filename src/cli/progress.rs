//! What is told while a review is made: bars on a terminal, stage times with `-v`, else nothing.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::review::{ReadWatch, Stage, Watch};

/// Listens to a review.
pub struct Progress {
    bar: ProgressBar,
    rows: AtomicU64,
    bytes: AtomicU64,
    verbose: bool,
    stage: Mutex<Option<(Stage, Instant)>>,
}

impl Progress {
    pub fn new(quiet: bool, verbose: bool) -> Self {
        let bar =
            if quiet || !std::io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::no_length() };
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, rows: AtomicU64::new(0), bytes: AtomicU64::new(0), verbose, stage: Mutex::new(None) }
    }

    /// Clears the bar and tells the time of the last stage.
    pub fn finish(&self) {
        self.tell(None);
        self.bar.finish_and_clear();
    }

    fn tell(&self, next: Option<Stage>) {
        let mut stage = self.stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((stage, since)) = stage.take()
            && self.verbose
        {
            let seconds = since.elapsed().as_secs_f64();
            let rows = self.rows.load(Ordering::Relaxed);
            let more = match stage {
                Stage::Read => format!(", {rows} rows, {} bytes", self.bytes.load(Ordering::Relaxed)),
                _ => String::new(),
            };
            self.bar.suspend(|| eprintln!("{:<12} {seconds:>8.3} s{}{more}", name(stage), peak_memory()));
        }
        *stage = next.map(|stage| (stage, Instant::now()));
    }
}

/// Counts what is made of something, up to a known number; tells the time at the end with `-v`.
pub struct Counting {
    bar: ProgressBar,
    verbose: bool,
    name: &'static str,
    since: Instant,
}

impl Counting {
    pub fn new(quiet: bool, verbose: bool, name: &'static str, unit: &'static str, number: u64) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new(number) } else { ProgressBar::hidden() };
        let template = format!("{{spinner}} {{msg}} [{{wide_bar}}] {{pos}}/{{len}} {unit}, {{per_sec}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(name);
        Self { bar, verbose, name, since: Instant::now() }
    }

    /// So many more.
    pub fn add(&self, number: u64) {
        self.bar.inc(number);
    }

    /// Clears the bar and tells the time.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
        if self.verbose {
            let seconds = self.since.elapsed().as_secs_f64();
            eprintln!("{:<12} {seconds:>8.3} s{}", self.name, peak_memory());
        }
    }
}

/// The most memory that the process has held so far, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kib = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.map_or_else(String::new, |kib| format!(", peak {} MiB", kib / 1024))
}

const fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Read => "read dumps",
        Stage::Derive => "derive, tally and write facts",
        Stage::Tally => "make figures",
        Stage::Publish => "publish",
    }
}

impl Watch for Progress {
    fn stage(&self, stage: Stage) {
        self.tell(Some(stage));
        let template = match stage {
            Stage::Read => "{spinner} {msg} [{wide_bar}] {bytes}/{total_bytes} {bytes_per_sec}",
            _ => "{spinner} {msg} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
        self.bar.set_message(name(stage));
    }
}

impl ReadWatch for Progress {
    fn begin(&self, bytes: u64) {
        self.bar.set_length(bytes);
    }

    fn progress(&self, rows: u64, bytes: u64) {
        let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.bar.inc(bytes);
        let seconds = self.bar.elapsed().as_secs().max(1);
        self.bar.set_message(format!("{} {rows} rows, {} rows/s", name(Stage::Read), rows / seconds));
    }
}
