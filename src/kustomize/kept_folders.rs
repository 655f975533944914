//! Keeps what folders come to, for builds of the same repository in which their files are the same: proofs of fixes build
//! one base very often.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::folder_content::{FolderContent, SharedContent};
use super::kustomization_file::KustomizationFile;
use super::source_library::{SourceFolder, SourceNumbers};

/// The most values that the kept objects of all folders hold: each takes some hundred bytes.
const MAX_VALUES: usize = 200_000;
/// The most kustomizations that are kept.
const MAX_FILES: usize = 4_000;

/// A text with its path; what is made of it holds as long as that file has this very text.
type ReadText = (String, Arc<str>);

/// The contents of folders, and their kustomizations.
#[derive(Debug, Default)]
pub struct KeptFolders {
    /// The numbers of files, by which the parts of all contents name theirs.
    numbers: Arc<SourceNumbers>,
    contents: Mutex<KeptContents>,
    files: Mutex<HashMap<String, (ReadText, Arc<KustomizationFile>)>>,
}

#[derive(Debug, Default)]
struct KeptContents {
    by_folder: HashMap<String, (Vec<ReadText>, SharedContent)>,
    value_count: usize,
}

impl KeptFolders {
    #[must_use]
    pub fn numbers(&self) -> Arc<SourceNumbers> {
        Arc::clone(&self.numbers)
    }

    /// What a folder comes to, where each of its files still has the text that it was made of.
    pub(super) fn content_of(&self, source: &dyn SourceFolder, folder: &str) -> Option<SharedContent> {
        let contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        let (texts, content) = contents.by_folder.get(folder)?;
        texts.iter().all(|read| is_unchanged(source, read)).then(|| Arc::clone(content))
    }

    /// Keeps what a folder comes to, if all that it is made of is known and as it was.
    pub(super) fn keep_content(&self, source: &dyn SourceFolder, folder: &str, content: &SharedContent) {
        let Ok(FolderContent { set, .. }) = &**content else { return };
        let Some(files) = source.closure_files(folder) else { return };
        let texts = files.into_iter().map(|path| Some((source.unchanged_text(&path)?, path)));
        let Some(texts) = texts.map(|read| read.map(|(text, path)| (path, text))).collect::<Option<_>>()
        else {
            return;
        };
        let count = set.objects.iter().map(|object| object.root.extent().0).sum::<usize>();
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        if contents.value_count + count <= MAX_VALUES {
            contents.value_count += count;
            contents.by_folder.insert(folder.to_owned(), (texts, Arc::clone(content)));
        }
    }

    /// A folder's kustomization, where it still has the text that was read.
    pub(super) fn file_of(&self, source: &dyn SourceFolder, folder: &str) -> Option<Arc<KustomizationFile>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, file) = files.get(folder)?;
        is_unchanged(source, read).then(|| Arc::clone(file))
    }

    pub(super) fn keep_file(&self, source: &dyn SourceFolder, folder: &str, file: &Arc<KustomizationFile>) {
        let Some(text) = source.unchanged_text(&file.path) else { return };
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.len() < MAX_FILES {
            files.insert(folder.to_owned(), ((file.path.clone(), text), Arc::clone(file)));
        }
    }
}

fn is_unchanged(source: &dyn SourceFolder, (path, text): &ReadText) -> bool {
    source.unchanged_text(path).is_some_and(|own| Arc::ptr_eq(&own, text))
}
