//! Any text as a pipeline file: a plan, or mistakes at their lines.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(errors) = aftersales::plan::parse(text, Path::new("fuzz.toml")) {
        assert!(!errors.problems().is_empty());
        let _ = errors.render(false);
    }
});
