//! A chart's files as they lie in a folder or an archive: the one place that reads the disk.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::chart_archive::{UnpackBudget, unpack_chart};
use super::chart_error::ChartError;
use super::helm_ignore::IgnoreRules;

/// A file's bytes that are too many for Helm.
const MAX_FILE: u64 = 5 * 1024 * 1024;

/// How many files a chart may have, and how many bytes together.
const MAX_FILES: usize = 20_000;
const MAX_TOTAL: u64 = 100 * 1024 * 1024;

/// How many files and folders are looked at; folders may hold links to themselves.
const MAX_ENTRIES: usize = 100_000;

/// How deep folders may stand in one another, links followed.
const MAX_DEPTH: usize = 40;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A file of a chart.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path in the chart, with slashes.
    pub name: String,
    /// The path from the folder that was read.
    pub disk_path: String,
    pub data: Arc<[u8]>,
}

impl SourceFile {
    /// The bytes without a byte-order mark, and how many bytes that has.
    pub fn content(&self) -> (usize, &[u8]) {
        match self.data.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => (BYTE_ORDER_MARK.len(), rest),
            None => (0, &self.data),
        }
    }
}

/// The files of the chart at `path`, a folder with Chart.yaml or a `.tgz`.
pub fn read_chart_files(path: &Path) -> Result<Vec<SourceFile>, ChartError> {
    let shown = path.display().to_string();
    let metadata = fs::metadata(path).map_err(|error| ChartError::load(&shown, error.to_string()))?;
    if metadata.is_file() {
        let data = read_file(path, MAX_TOTAL).map_err(|message| ChartError::load(&shown, message))?;
        return unpack_chart(&data, "", &mut UnpackBudget::default())
            .map_err(|message| ChartError::load(shown, message));
    }
    let ignore = path.join(".helmignore");
    let text = if ignore.exists() {
        fs::read_to_string(&ignore).map_err(|error| ChartError::load(".helmignore", error.to_string()))?
    } else {
        String::new()
    };
    let rules = IgnoreRules::parse(&text).map_err(|message| ChartError::load(".helmignore", message))?;
    let mut reader = FolderReader { rules, files: Vec::new(), total: 0, seen: 0 };
    reader.read_folder(path, "", 0)?;
    Ok(reader.files)
}

/// A values file's bytes.
pub fn read_values_file(path: &Path) -> Result<Arc<[u8]>, ChartError> {
    let data = read_file(path, MAX_TOTAL)
        .map_err(|message| ChartError::load(path.display().to_string(), message))?;
    Ok(data.into())
}

/// What lies in a folder of the chart at `path`, ignored or not, named from there; nothing where that is an archive.
pub fn names_in_chart(path: &Path, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(path.join(folder)).into_iter().flatten().flatten();
    entries.map(|entry| format!("{folder}{}", entry.file_name().to_string_lossy())).collect()
}

fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    read_known_file(path, &metadata, limit)
}

/// The bytes of a file of which the metadata are known.
fn read_known_file(path: &Path, metadata: &fs::Metadata, limit: u64) -> Result<Vec<u8>, String> {
    if !metadata.is_file() {
        return Err("cannot load irregular file as it has file mode type bits set".to_owned());
    }
    // A file that is still written, or one of the kernel's, may have more bytes than it says. Without the room, a read
    // begins with a few bytes and doubles them.
    let mut data = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or(0) + 32);
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    file.take(limit + 1).read_to_end(&mut data).map_err(|error| error.to_string())?;
    if data.len() as u64 > limit {
        let name = path.file_name().unwrap_or_default();
        return Err(format!("chart file {name:?} is larger than the maximum file size {limit}"));
    }
    Ok(data)
}

struct FolderReader {
    rules: IgnoreRules,
    files: Vec<SourceFile>,
    total: u64,
    /// Files and folders so far.
    seen: usize,
}

impl FolderReader {
    fn read_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), ChartError> {
        let fail = |message: String| ChartError::load(if prefix.is_empty() { "." } else { prefix }, message);
        if depth > MAX_DEPTH {
            return Err(fail("folders are nested too deeply".to_owned()));
        }
        let entries = fs::read_dir(folder).map_err(|error| fail(error.to_string()))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| fail(error.to_string()))?;
            names.push(entry.file_name());
        }
        names.sort();
        for name in names {
            let path = folder.join(&name);
            let name = name.to_string_lossy();
            let inner = if prefix.is_empty() { name.into_owned() } else { format!("{prefix}/{name}") };
            self.read_entry(&path, inner, depth)?;
        }
        Ok(())
    }

    fn read_entry(&mut self, path: &Path, name: String, depth: usize) -> Result<(), ChartError> {
        self.seen += 1;
        if self.seen > MAX_ENTRIES {
            return Err(ChartError::load(name, "the chart has too many files"));
        }
        // Links are followed; one that leads nowhere stops Helm, ignored or not.
        let metadata = fs::metadata(path).map_err(|error| ChartError::load(&name, error.to_string()))?;
        if self.rules.ignores(&name, metadata.is_dir()) {
            return Ok(());
        }
        if metadata.is_dir() {
            return self.read_folder(path, &name, depth + 1);
        }
        let data =
            read_known_file(path, &metadata, MAX_FILE).map_err(|message| ChartError::load(&name, message))?;
        self.total += data.len() as u64;
        if self.total > MAX_TOTAL || self.files.len() >= MAX_FILES {
            return Err(ChartError::load(name, "the chart is too large"));
        }
        self.files.push(SourceFile { disk_path: name.clone(), name, data: data.into() });
        Ok(())
    }
}
