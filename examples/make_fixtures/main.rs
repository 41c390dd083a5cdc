//! Writes the made-up dumps that the default pipeline reads:
//!
//! ```text
//! cargo run --example make_fixtures             into fixtures/
//! cargo run --example make_fixtures -- DIR      into DIR
//! ```
//!
//! The tables that it prints stand in `fixtures/README.md`.

mod generator;

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folder = env::args_os().nth(1).map_or_else(default, PathBuf::from);
    fs::create_dir_all(&folder)?;
    let dumps = generator::make();
    for (name, bytes) in &dumps.files {
        fs::write(folder.join(name), bytes)?;
    }
    println!("{}", dumps.counts);
    Ok(())
}
