//! Files of an earlier review that go into another one as they are.

use std::fs;
use std::path::{Path, PathBuf};

use super::release::{Described, FACTS};
use super::{Opened, Output, PublishError};
use crate::schema::{Column, Table};

/// A fact of an earlier review.
#[derive(Debug)]
pub struct Adopted {
    table: &'static Table,
    clocks: Vec<Column>,
    extra: Vec<String>,
    pub output: Output,
}

impl Adopted {
    pub fn described(&self) -> Described<'_> {
        (self.table, &self.clocks, &self.extra)
    }
}

/// Another file of an earlier review, which is copied, for people may write into it.
#[derive(Debug)]
pub struct Copied {
    from: PathBuf,
    output: Output,
}

impl Copied {
    /// Copies it below `root`, whose folders are there.
    pub fn put(self, root: &Path) -> Result<Output, PublishError> {
        let to = root.join(&self.output.file);
        fs::copy(&self.from, &to).map_err(PublishError::write(&to))?;
        Ok(self.output)
    }
}

impl Opened {
    /// Takes the file of a fact over from an earlier review, with the columns of some clocks and some extra ones after its
    /// own. The bytes are shared with that review where the disk can do it.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn adopt(
        &mut self,
        from: &Path,
        table: &'static Table,
        (clocks, extra): (Vec<Column>, Vec<String>),
        rows: usize,
    ) -> Result<(), PublishError> {
        let file = format!("{FACTS}/{}.parquet", table.name);
        let to = self.staging.path().join(&file);
        if fs::hard_link(from, &to).is_err() {
            fs::copy(from, &to).map_err(PublishError::write(&to))?;
        }
        self.adopted.push(Adopted { table, clocks, extra, output: Output { file, rows: Some(rows) } });
        Ok(())
    }

    /// Takes another file over, `quarantine/tickets.csv`.
    pub fn copy(&mut self, from: PathBuf, output: Output) {
        self.copied.push(Copied { from, output });
    }
}
