//! Reads what lies beside a Dockerfile, for rules: if an ignore file governs the build, and what its ADDs would bring.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::archive_bytes::is_archive;
use super::real_place::is_really_inside;
use crate::dockerfile::{Dockerfile, InstructionKind, Keyword, VariableScope};

/// The most files of one folder that a pattern is compared with.
const MAX_FOLDER_FILES: usize = 4096;

/// The folders beside and above a Dockerfile, as far as its build reads them. Only the build command names the context,
/// so the nearest folder that holds a source counts, up to the repository's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildContext {
    pub has_ignore_file: bool,
    /// The content of each local source of an ADD, by its path with variables filled in.
    added_sources: BTreeMap<String, SourceContent>,
}

/// The content of a source of an ADD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceContent {
    /// A folder or a file that ADD copies as it is; of a pattern, all that it matches is.
    Plain,
    /// A tar or a compressed file: ADD may unpack it.
    Archive,
    /// It does not lie there, or cannot be read.
    Unknown,
}

impl BuildContext {
    /// Reads the context of the Dockerfile at `at`; `top` is the repository's root.
    pub(crate) fn read(top: &Path, at: &Path, text: &str, file: &Dockerfile) -> Self {
        let mut added_sources = BTreeMap::new();
        for instruction in file.instructions_with_onbuild().filter(|i| i.keyword == Keyword::Add) {
            let InstructionKind::Copy { sources, .. } = &instruction.kind else { continue };
            let scope = VariableScope::at_instruction(text, file, instruction.index);
            for source in sources {
                let source = scope.expand_word(text, source);
                if let Some(path) = source.resolved_text().filter(|path| !path.contains("://")) {
                    added_sources.entry(path.to_owned()).or_insert_with(|| find_content(top, at, path));
                }
            }
        }
        Self { has_ignore_file: has_ignore_file(top, at), added_sources }
    }

    /// The content of an ADD's source, its variables filled in.
    #[must_use]
    pub fn content_of(&self, source: &str) -> SourceContent {
        self.added_sources.get(source).copied().unwrap_or(SourceContent::Unknown)
    }
}

/// The folders that may be the context, the nearest first.
pub(super) fn context_folders<'a>(top: &'a Path, at: &'a Path) -> impl Iterator<Item = &'a Path> {
    at.ancestors().skip(1).take_while(move |folder| folder.starts_with(top))
}

fn find_content(top: &Path, at: &Path, source: &str) -> SourceContent {
    // Builders take the context's root for `/`, and stay below it.
    let source = Path::new(source.trim_start_matches('/'));
    let mut relative = PathBuf::new();
    for step in source.components() {
        match step {
            Component::Normal(step) => relative.push(step),
            Component::CurDir => {}
            _ => return SourceContent::Unknown,
        }
    }
    let found = context_folders(top, at).find_map(|folder| content_in(top, folder, &relative));
    found.unwrap_or(SourceContent::Unknown)
}

/// The content of a source in one folder; none where it does not lie there.
fn content_in(top: &Path, folder: &Path, relative: &Path) -> Option<SourceContent> {
    let is_pattern = |path: &Path| path.to_string_lossy().contains(['*', '?', '[']);
    if !is_pattern(relative) {
        return content_at(top, &folder.join(relative));
    }
    let (parent, name) = (relative.parent()?, relative.file_name()?.to_str()?);
    if is_pattern(parent) || name.contains(['[', '\\']) {
        return Some(SourceContent::Unknown);
    }
    let files = std::fs::read_dir(folder.join(parent)).ok()?.take(MAX_FOLDER_FILES).flatten();
    let matches =
        files.filter(|file| file.file_name().to_str().is_some_and(|own| matches_pattern(name, own)));
    matches.filter_map(|file| content_at(top, &file.path())).max()
}

/// `*` and `?` of a pattern for names.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut next, mut last_star) = (0, 0, None);
    while next < name.len() {
        match pattern.get(at) {
            Some('*') => {
                last_star = Some((at, next));
                at += 1;
            }
            Some(c) if *c == '?' || *c == name[next] => (at, next) = (at + 1, next + 1),
            _ => {
                let Some((star, from)) = last_star else { return false };
                last_star = Some((star, from + 1));
                (at, next) = (star + 1, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

/// The content of one file or folder; a link is not followed, nor what lies outside of the repository.
fn content_at(top: &Path, path: &Path) -> Option<SourceContent> {
    let about = path.symlink_metadata().ok()?;
    Some(match () {
        () if about.is_symlink() || !is_really_inside(path, top) => SourceContent::Unknown,
        () if about.is_dir() => SourceContent::Plain,
        () if !about.is_file() => SourceContent::Unknown,
        () => match is_archive(path) {
            Ok(true) => SourceContent::Archive,
            Ok(false) => SourceContent::Plain,
            Err(_) => SourceContent::Unknown,
        },
    })
}

/// True where a build reads an ignore file: the Dockerfile's own `<name>.dockerignore`, else its context's
/// `.dockerignore`.
fn has_ignore_file(top: &Path, at: &Path) -> bool {
    let own =
        at.with_file_name(format!("{}.dockerignore", at.file_name().unwrap_or_default().to_string_lossy()));
    is_there(&own) || context_folders(top, at).any(|folder| is_there(&folder.join(".dockerignore")))
}

/// True for a link wherever it leads: a change of its target is no change of the watched folder.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|about| !about.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_names_as_builders_do() {
        for (pattern, name) in [("*", "a"), ("a*", "a"), ("*.t?r", "x.tar"), ("a*b*c", "a-b-b-c")] {
            assert!(matches_pattern(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", "ab"), ("*.tar", "tar"), ("a?", "a"), ("a*b", "acd")] {
            assert!(!matches_pattern(pattern, name), "{pattern} {name}");
        }
    }
}
