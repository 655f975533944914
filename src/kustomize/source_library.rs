//! Keeps the files that builds read, each once, for parts that name them by number.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::build_fault::BuildFault;

/// The number of a file that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    File,
    Folder,
    Absent,
    /// A link that leads out of the repository.
    Outside,
}

/// A folder that builds may read: the repository. Paths are relative to it, with slashes, and empty for itself.
pub trait SourceFolder {
    fn kind_of(&self, path: &str) -> PlaceKind;

    /// The names of the files in a folder, of which only those of kustomizations are asked for.
    fn file_names(&self, folder: &str) -> Vec<String>;

    /// What a file holds.
    ///
    /// # Errors
    /// The reason why it holds nothing, in words that follow its path.
    fn read(&self, path: &str) -> Result<SourceData, String>;
}

/// What a file holds, to be shared.
#[derive(Clone, Debug)]
pub enum SourceData {
    Text(Arc<str>),
    /// Anything that is not known to be text.
    Bytes(Arc<[u8]>),
}

impl SourceData {
    /// The same as text, if it is.
    fn into_text(self) -> Option<Arc<str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes(data) => std::str::from_utf8(&data).ok().map(Arc::from),
        }
    }

    fn bytes(&self) -> Arc<[u8]> {
        match self {
            Self::Text(text) => Arc::from(Arc::clone(text)),
            Self::Bytes(data) => Arc::clone(data),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(data) => data.len(),
        }
    }
}

impl From<Vec<u8>> for SourceData {
    fn from(data: Vec<u8>) -> Self {
        match String::from_utf8(data) {
            Ok(text) => Self::Text(text.into()),
            Err(error) => Self::Bytes(error.into_bytes().into()),
        }
    }
}

/// Files with the numbers that a build gave them, kept for builds that need few of them again.
pub(super) struct KeptSources {
    numbers: HashMap<String, SourceId>,
    /// None for the bytes of those that are not needed.
    files: Vec<(String, Option<SourceData>)>,
}

/// The files of a repository as they are read.
pub struct SourceLibrary<'a> {
    folder: &'a dyn SourceFolder,
    kept: Option<&'a KeptSources>,
    /// The files that are not what was kept of them.
    changed: [&'a str; 2],
    read: RefCell<ReadFiles>,
    kinds: RefCell<HashMap<String, PlaceKind>>,
}

#[derive(Default)]
struct ReadFiles {
    numbers: HashMap<String, SourceId>,
    files: Vec<(String, SourceData)>,
    bytes: usize,
}

/// The most bytes that builds of one repository read.
const MAX_BYTES: usize = 512 * 1024 * 1024;

impl<'a> SourceLibrary<'a> {
    #[must_use]
    pub fn new(folder: &'a dyn SourceFolder) -> Self {
        Self { folder, kept: None, changed: [""; 2], read: RefCell::default(), kinds: RefCell::default() }
    }

    /// A library that has what was kept, but for these files.
    pub(super) fn beside(folder: &'a dyn SourceFolder, kept: &'a KeptSources, changed: [&'a str; 2]) -> Self {
        Self { kept: Some(kept), changed, ..Self::new(folder) }
    }

    /// What was read, with the bytes of those files that are wanted.
    pub(super) fn into_kept(self, is_wanted: impl Fn(&str) -> bool) -> KeptSources {
        let ReadFiles { numbers, files, .. } = self.read.into_inner();
        let files = files.into_iter().map(|(path, data)| {
            let data = is_wanted(&path).then_some(data);
            (path, data)
        });
        KeptSources { numbers, files: files.collect() }
    }

    #[must_use]
    pub fn kind_of(&self, path: &str) -> PlaceKind {
        let known = self.kinds.borrow().get(path).copied();
        known.unwrap_or_else(|| {
            let kind = self.folder.kind_of(path);
            self.kinds.borrow_mut().insert(path.to_owned(), kind);
            kind
        })
    }

    #[must_use]
    pub fn file_names(&self, folder: &str) -> Vec<String> {
        self.folder.file_names(folder)
    }

    /// Reads a file, or has it from before.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_bytes(&self, path: &str) -> Result<(SourceId, Arc<[u8]>), BuildFault> {
        self.read_data(path).map(|(id, data)| (id, data.bytes()))
    }

    fn read_data(&self, path: &str) -> Result<(SourceId, SourceData), BuildFault> {
        let known = self.read.borrow().numbers.get(path).copied();
        if let Some(id) = known {
            return Ok((id, self.data_of(id).unwrap_or_else(|| Vec::new().into())));
        }
        let kept = self.kept.filter(|_| !self.changed.contains(&path));
        if let Some(id) = kept.and_then(|kept| kept.number_of(path)) {
            let data = kept.and_then(|kept| kept.files[id.0 as usize].1.clone());
            let lost = || BuildFault::new(format!("{path}: it was not kept"));
            return data.map(|data| (id, data)).ok_or_else(lost);
        }
        let data = self.folder.read(path).map_err(|error| BuildFault::new(format!("{path}: {error}")))?;
        let mut read = self.read.borrow_mut();
        read.bytes += data.len();
        if read.bytes > MAX_BYTES {
            return Err(BuildFault::new("the files that it builds on are too many to read"));
        }
        let id = SourceId(u32::try_from(self.kept_count() + read.files.len()).unwrap_or(u32::MAX));
        read.files.push((path.to_owned(), data.clone()));
        read.numbers.insert(path.to_owned(), id);
        Ok((id, data))
    }

    /// Reads a file as text.
    ///
    /// # Errors
    /// When it cannot be read, or is no text.
    pub fn read_text(&self, path: &str) -> Result<(SourceId, Arc<str>), BuildFault> {
        let (id, data) = self.read_data(path)?;
        let text = data.into_text().ok_or_else(|| BuildFault::new(format!("{path}: it is not UTF-8")))?;
        Ok((id, text))
    }

    #[must_use]
    pub fn path_of(&self, id: SourceId) -> String {
        let at = id.0 as usize;
        let kept = || self.kept?.files.get(at).map(|(path, _)| path.clone());
        let read = self.read.borrow();
        let own = at.checked_sub(self.kept_count()).and_then(|at| read.files.get(at));
        own.map(|(path, _)| path.clone()).or_else(kept).unwrap_or_default()
    }

    #[must_use]
    pub fn bytes_of(&self, id: SourceId) -> Arc<[u8]> {
        self.data_of(id).map(|data| data.bytes()).unwrap_or_default()
    }

    fn data_of(&self, id: SourceId) -> Option<SourceData> {
        let at = id.0 as usize;
        let kept = || self.kept?.files.get(at)?.1.clone();
        let read = self.read.borrow();
        let own = at.checked_sub(self.kept_count()).and_then(|at| read.files.get(at));
        own.map(|(_, data)| data.clone()).or_else(kept)
    }

    fn kept_count(&self) -> usize {
        self.kept.map_or(0, |kept| kept.files.len())
    }
}

impl KeptSources {
    pub(super) fn number_of(&self, path: &str) -> Option<SourceId> {
        self.numbers.get(path).copied()
    }
}
