//! Files that are none, that go away, or that grow while they are read.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{HEADER, rows, tiny};

#[test]
fn a_folder() {
    let tiny = tiny();
    fs::create_dir(tiny.desk.path("dumps/july")).unwrap();
    tiny.refused(4, &["dumps/july", "a folder, not a file", "folder/*.csv"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_and_a_pipe() {
    let gone = tiny().with("a.csv", format!("{HEADER}{}", rows(3)));
    std::os::unix::fs::symlink("nowhere.csv", gone.desk.path("dumps/b.csv")).unwrap();
    gone.refused(4, &["b.csv", "no such file"]);
    let piped = tiny();
    let made = std::process::Command::new("mkfifo").arg(piped.desk.path("dumps/a.csv")).status();
    if made.is_ok_and(|status| status.success()) {
        piped.refused(4, &["a.csv", "a pipe", "save what comes out of it"]);
    }
}

#[test]
fn a_file_that_grows_is_refused_or_read_whole() {
    let tiny = tiny().with("a.csv", format!("{HEADER}{}", rows(20_000)));
    let path = tiny.desk.path("dumps/a.csv");
    let done = AtomicBool::new(false);
    let grown = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = OpenOptions::new().append(true).open(&path).unwrap();
            // A row is written in two halves, as exports do.
            while !done.load(Ordering::Relaxed) {
                file.write_all(b"MORE,2026-07-").unwrap();
                std::thread::sleep(Duration::from_millis(1));
                file.write_all(b"02 09:00,y\n").unwrap();
            }
        });
        let ran = tiny.check();
        done.store(true, Ordering::Relaxed);
        ran
    });
    if grown.code == Some(0) {
        // All of it was read before or after the growth: nothing can be lost.
        assert!(grown.stdout.contains("tickets"), "{}", grown.stdout);
    } else {
        grown.assert_refused(4, &["a.csv", "changed while it was read", "run again"]);
    }
    tiny.check().done();
}
