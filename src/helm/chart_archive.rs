//! Unpacks a chart's `.tgz` in memory, within bounds, as Helm does: one folder at its top, no path out of it.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::chart_source::SourceFile;

/// Helm's own bounds: of one file, and of all in one archive.
const MAX_FILE: u64 = 5 * 1024 * 1024;
const MAX_UNPACKED: u64 = 100 * 1024 * 1024;
const MAX_ENTRIES: usize = 20_000;

/// What all archives of a chart may still hold, those within others among them: each may be a hundred times what it is.
pub(super) struct UnpackBudget {
    bytes: u64,
    entries: usize,
}

impl Default for UnpackBudget {
    fn default() -> Self {
        Self { bytes: 2 * MAX_UNPACKED, entries: 2 * MAX_ENTRIES }
    }
}

impl UnpackBudget {
    fn take_bytes(&mut self, bytes: u64) -> Result<(), String> {
        self.bytes =
            self.bytes.checked_sub(bytes).ok_or("the archives of the chart are too large together")?;
        Ok(())
    }

    fn take_entry(&mut self) -> Result<(), String> {
        self.entries = self.entries.checked_sub(1).ok_or("the archives of the chart have too many files")?;
        Ok(())
    }
}

/// The files of an archive whose bytes are `data` and that lies at `path`, which stands before its files' paths.
pub(super) fn unpack_chart(
    data: &[u8],
    path: &str,
    budget: &mut UnpackBudget,
) -> Result<Vec<SourceFile>, String> {
    let reader = MultiGzDecoder::new(data).take(MAX_UNPACKED.min(budget.bytes));
    let mut archive = tar::Archive::new(reader);
    let mut files = Vec::new();
    let mut total = 0_u64;
    for (index, entry) in archive.entries().map_err(|error| error.to_string())?.enumerate() {
        if index >= MAX_ENTRIES {
            return Err("the archive has too many files".to_owned());
        }
        budget.take_entry()?;
        let mut entry = entry.map_err(|error| error.to_string())?;
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let full = String::from_utf8_lossy(&entry.path_bytes()).replace('\\', "/");
        let Some(name) = inner_name(&full)? else { continue };
        // A link is a file without bytes, to Helm as well: nothing is followed.
        let is_data = kind.is_file() || kind.is_contiguous();
        let size = if is_data { entry.size() } else { 0 };
        total = total.saturating_add(size);
        if size > MAX_FILE {
            return Err(format!(
                "decompressed chart file {name:?} is larger than the maximum file size {MAX_FILE}"
            ));
        }
        if total > MAX_UNPACKED {
            return Err("decompressed chart is larger than the maximum size 104857600".to_owned());
        }
        budget.take_bytes(size)?;
        let mut bytes = Vec::new();
        if is_data {
            entry.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        }
        let disk_path = if path.is_empty() { name.clone() } else { format!("{path}/{full}") };
        files.push(SourceFile { name, disk_path, data: bytes.into() });
    }
    if files.is_empty() {
        return Err("no files in chart archive".to_owned());
    }
    Ok(files)
}

/// The path below the archive's one folder.
fn inner_name(full: &str) -> Result<Option<String>, String> {
    if full.contains('\0') || full.starts_with('/') {
        return Err("chart illegally contains absolute paths".to_owned());
    }
    let Some((_, name)) = full.split_once('/') else {
        return if full == "Chart.yaml" {
            Err("chart yaml not in base directory".to_owned())
        } else {
            Ok(None)
        };
    };
    let name = crate::template::functions::clean_path(name);
    if name == ".." || name.starts_with("../") {
        return Err("chart illegally references parent directory".to_owned());
    }
    if name.as_bytes().get(1) == Some(&b':') {
        return Err("chart contains illegally named files".to_owned());
    }
    Ok((name != ".").then_some(name))
}
