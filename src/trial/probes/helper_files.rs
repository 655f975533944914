//! Packs this program with the libraries that it has loaded, so that it runs in an image that has nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The program's own path in the archive, and the folder of its libraries.
pub(super) const PROGRAM: &str = "seaworthy";
pub(super) const LIBRARIES: &str = "lib";

/// This program in an archive.
pub(super) struct HelperFiles {
    pub archive: Vec<u8>,
    /// The file name of the loader of its libraries; none where it has none.
    pub loader: Option<String>,
}

impl HelperFiles {
    /// # Errors
    /// Why this machine does not show the program's own files.
    pub(super) fn read() -> Result<Self, String> {
        let maps = std::fs::read_to_string("/proc/self/maps")
            .map_err(|_| "this system does not show the files of its programs".to_owned())?;
        let program = std::fs::read("/proc/self/exe").map_err(|error| error.to_string())?;
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut loader = None;
        for library in loaded_libraries(&maps) {
            let bytes = std::fs::read(&library).map_err(|error| format!("{}: {error}", library.display()))?;
            for name in names_of(&library) {
                if name.starts_with("ld-") || name.starts_with("ld.") || name.starts_with("ld64") {
                    loader = Some(name.clone());
                }
                files.insert(format!("{LIBRARIES}/{name}"), bytes.clone());
            }
        }
        if loader.is_none() && !files.is_empty() {
            return Err("the loader of its libraries is not among its files".to_owned());
        }
        files.insert(PROGRAM.to_owned(), without_debug_data(program));
        let archive = pack(&files).map_err(|error| error.to_string())?;
        Ok(Self { archive, loader })
    }
}

/// The libraries in a process's list of what is mapped into it.
fn loaded_libraries(maps: &str) -> BTreeSet<PathBuf> {
    let paths = maps.lines().filter_map(|row| row.find('/').map(|at| &row[at..]));
    let is_library = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.ends_with(".so") || name.contains(".so.") || name.starts_with("ld-")
    };
    paths.filter(is_library).map(PathBuf::from).collect()
}

/// The names by which a library may be asked for: its own, and those of the links to it beside it.
fn names_of(library: &Path) -> Vec<String> {
    let Some(own) = library.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Vec::new();
    };
    let stem = own.split(['-', '.']).next().unwrap_or_default().to_owned();
    let beside = library.parent().and_then(|folder| std::fs::read_dir(folder).ok());
    let links = beside.into_iter().flatten().flatten().filter(|entry| {
        let is_like = entry.file_name().to_string_lossy().starts_with(&stem);
        is_like
            && entry.file_type().is_ok_and(|kind| kind.is_symlink())
            && entry.path().canonicalize().is_ok_and(|target| target == library)
    });
    let names = links.map(|link| link.file_name().to_string_lossy().into_owned());
    std::iter::once(own).chain(names).collect()
}

/// A program of 64-bit ELF up to the end of what is loaded of it; any other whole. What lies behind is for debuggers.
///
/// Source: elf(5).
fn without_debug_data(mut program: Vec<u8>) -> Vec<u8> {
    const PROGRAM_HEADERS: usize = 32;
    const SECTION_HEADERS: usize = 40;
    const LOADED: u64 = 1;
    let number = |at: usize, size: usize| -> Option<u64> {
        let bytes = program.get(at..at.checked_add(size)?)?;
        Some(bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
    };
    // 64 bits, the least byte first.
    if !program.starts_with(b"\x7fELF\x02\x01") {
        return program;
    }
    let end = || -> Option<usize> {
        let (table, size, count) = (number(PROGRAM_HEADERS, 8)?, number(54, 2)?, number(56, 2)?);
        let mut end = table + size * count;
        for at in 0..count {
            let row = usize::try_from(table + size * at).ok()?;
            // Notes and all others lie within what is loaded.
            if number(row, 4)? == LOADED {
                end = end.max(number(row + 8, 8)?.checked_add(number(row + 32, 8)?)?);
            }
        }
        usize::try_from(end).ok().filter(|end| *end <= program.len())
    };
    if let Some(end) = end() {
        program.truncate(end);
        // No section is there any more.
        program[SECTION_HEADERS..SECTION_HEADERS + 8].fill(0);
        program[58..64].fill(0);
    }
    program
}

fn pack(files: &BTreeMap<String, Vec<u8>>) -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut folder = tar::Header::new_gnu();
    folder.set_entry_type(tar::EntryType::Directory);
    folder.set_mode(0o755);
    folder.set_size(0);
    archive.append_data(&mut folder, LIBRARIES, std::io::empty())?;
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o755);
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, path, bytes.as_slice())?;
    }
    archive.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_loaded_is_told_from_what_is_only_mapped() {
        let maps = "55d0-55d1 r-xp 00000000 08:01 12 /usr/bin/seaworthy\n7f00-7f01 r-xp 0 08:01 9 /usr/lib/x86_64-linux-gnu/libc.so.6\n\
                    7f02-7f03 r--p 0 08:01 9 /usr/share/locale/locale-archive\n7f04-7f05 r-xp 0 08:01 8 /usr/lib/ld-2.31.so\n7ff0-7ff1 rw-p 0 00:00 0 [stack]\n";
        let found: Vec<PathBuf> = loaded_libraries(maps).into_iter().collect();
        assert_eq!(found, ["/usr/lib/ld-2.31.so", "/usr/lib/x86_64-linux-gnu/libc.so.6"].map(PathBuf::from));
    }

    #[test]
    fn what_is_no_program_is_left_whole() {
        assert_eq!(without_debug_data(b"#!/bin/sh\n".to_vec()), b"#!/bin/sh\n");
        let cut = b"\x7fELF\x02\x01".to_vec();
        assert_eq!(without_debug_data(cut.clone()), cut);
    }
}
