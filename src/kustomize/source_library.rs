//! Keeps the files that builds read, each once, for parts that name them by number.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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

    /// The numbers that files have in all builds of this folder.
    fn numbers(&self) -> Arc<SourceNumbers> {
        Arc::default()
    }

    /// The text of a file, where it is shared and what it was when anything was kept.
    fn unchanged_text(&self, _: &str) -> Option<Arc<str>> {
        None
    }

    /// The paths of all that the build of a folder reads; none where that is not known.
    fn closure_files(&self, _: &str) -> Option<Vec<String>> {
        None
    }
}

/// The numbers of files: one path has the same one in all builds that share them.
#[derive(Debug, Default)]
pub struct SourceNumbers(Mutex<NumberedPaths>);

#[derive(Debug, Default)]
struct NumberedPaths {
    numbers: HashMap<Arc<str>, SourceId>,
    paths: Vec<Arc<str>>,
}

impl SourceNumbers {
    /// The number of a path, given to it where it has none.
    fn number_of(&self, path: &str) -> SourceId {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.numbers.get(path) {
            return *number;
        }
        let (number, path) =
            (SourceId(u32::try_from(known.paths.len()).unwrap_or(u32::MAX)), Arc::from(path));
        known.paths.push(Arc::clone(&path));
        known.numbers.insert(path, number);
        number
    }

    fn path_of(&self, number: SourceId) -> Option<Arc<str>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.paths.get(number.0 as usize).cloned()
    }
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
    numbers: Arc<SourceNumbers>,
    /// None for the bytes of those that are not needed.
    files: HashMap<SourceId, Option<SourceData>>,
}

/// The files of a repository as they are read.
pub struct SourceLibrary<'a> {
    folder: &'a dyn SourceFolder,
    numbers: Arc<SourceNumbers>,
    kept: Option<&'a KeptSources>,
    /// The files that are not what was kept of them.
    changed: [&'a str; 2],
    read: RefCell<ReadFiles>,
    kinds: RefCell<HashMap<String, PlaceKind>>,
}

#[derive(Default)]
struct ReadFiles {
    files: HashMap<SourceId, SourceData>,
    bytes: usize,
}

/// The most bytes that builds of one repository read.
const MAX_BYTES: usize = 512 * 1024 * 1024;

impl<'a> SourceLibrary<'a> {
    #[must_use]
    pub fn new(folder: &'a dyn SourceFolder) -> Self {
        let numbers = folder.numbers();
        let (read, kinds) = (RefCell::default(), RefCell::default());
        Self { folder, numbers, kept: None, changed: [""; 2], read, kinds }
    }

    /// A library that has what was kept, but for these files.
    pub(super) fn beside(folder: &'a dyn SourceFolder, kept: &'a KeptSources, changed: [&'a str; 2]) -> Self {
        Self { numbers: Arc::clone(&kept.numbers), kept: Some(kept), changed, ..Self::new(folder) }
    }

    /// What was read, with the bytes of those files that are wanted.
    pub(super) fn into_kept(self, is_wanted: impl Fn(&str) -> bool) -> KeptSources {
        let numbers = self.numbers;
        let files = self.read.into_inner().files.into_iter().map(|(id, data)| {
            let is_wanted = numbers.path_of(id).is_some_and(|path| is_wanted(&path));
            (id, is_wanted.then_some(data))
        });
        KeptSources { files: files.collect(), numbers }
    }

    /// The folder that is read.
    pub(super) fn folder(&self) -> &'a dyn SourceFolder {
        self.folder
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
        let id = self.numbers.number_of(path);
        if let Some(data) = self.read.borrow().files.get(&id) {
            return Ok((id, data.clone()));
        }
        let kept = self.kept.filter(|_| !self.changed.contains(&path));
        if let Some(data) = kept.and_then(|kept| kept.files.get(&id)) {
            let lost = || BuildFault::new(format!("{path}: it was not kept"));
            return data.clone().map(|data| (id, data)).ok_or_else(lost);
        }
        let data = self.folder.read(path).map_err(|error| BuildFault::new(format!("{path}: {error}")))?;
        let mut read = self.read.borrow_mut();
        read.bytes += data.len();
        if read.bytes > MAX_BYTES {
            return Err(BuildFault::new("the files that it builds on are too many to read"));
        }
        read.files.insert(id, data.clone());
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
        self.numbers.path_of(id).map(|path| path.to_string()).unwrap_or_default()
    }

    #[must_use]
    pub fn bytes_of(&self, id: SourceId) -> Arc<[u8]> {
        self.data_of(id).map(|data| data.bytes()).unwrap_or_default()
    }

    /// What a file holds; it is read where only a kept folder was made of it so far.
    fn data_of(&self, id: SourceId) -> Option<SourceData> {
        let own = self.read.borrow().files.get(&id).cloned();
        own.or_else(|| self.kept?.files.get(&id)?.clone())
            .or_else(|| Some(self.read_data(&self.numbers.path_of(id)?).ok()?.1))
    }
}

impl KeptSources {
    /// The number of a file that was read.
    pub(super) fn number_of(&self, path: &str) -> Option<SourceId> {
        let number = self.numbers.number_of(path);
        self.files.contains_key(&number).then_some(number)
    }
}
