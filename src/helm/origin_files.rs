//! The bytes of all files that a render's origins name.

use std::collections::HashMap;
use std::sync::Arc;

use crate::template::origin_table::{FileId, OriginTable};

#[derive(Clone, Debug, Default)]
pub(super) struct OriginFiles(HashMap<FileId, Arc<[u8]>>);

impl OriginFiles {
    /// Gives a file a number in the table and remembers its bytes.
    pub(super) fn add(&mut self, table: &mut OriginTable, path: &str, data: Arc<[u8]>) -> FileId {
        let file = table.add_file(path);
        self.0.insert(file, data);
        file
    }

    pub(super) fn data(&self, file: FileId) -> &[u8] {
        self.0.get(&file).map_or(&[], |data| data)
    }

    /// The bytes of the file with that path.
    pub(super) fn find<'a>(&'a self, table: &OriginTable, path: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(file, _)| table.file_path(**file) == path).map(|(_, data)| &data[..])
    }
}
