//! What a run wrote, kept in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Stored;

/// The files of a folder by their paths below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Output {
    pub fn of(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files);
        assert!(!files.is_empty(), "{} is empty", folder.display());
        Self { files }
    }

    /// A Parquet file, without its ending: `tables/sla_attainment`.
    pub fn table(&self, name: &str) -> Stored {
        Stored::read(&self.files[&format!("{name}.parquet")])
    }

    /// The names of all Parquet files, without their ending.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|file| file.strip_suffix(".parquet"))
    }

    pub fn manifest(&self) -> serde_json::Value {
        serde_json::from_slice(&self.files["manifest.json"]).unwrap()
    }

    /// Holds that both have the same files below these folders, with the same bytes.
    pub fn assert_same(&self, other: &Self, folders: &[&str]) {
        let below = |output: &Self| -> BTreeMap<String, Vec<u8>> {
            let mut files = output.files.clone();
            files.retain(|file, _| folders.iter().any(|folder| file.starts_with(folder)));
            files
        };
        let (ours, theirs) = (below(self), below(other));
        assert!(!ours.is_empty(), "nothing below {folders:?}");
        assert!(ours.keys().eq(theirs.keys()), "{:?} and {:?}", ours.keys(), theirs.keys());
        let different: Vec<&String> = ours.keys().filter(|file| ours[*file] != theirs[*file]).collect();
        assert!(different.is_empty(), "different bytes: {different:?}");
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}
