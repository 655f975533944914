//! Saves the results of walks as Markdown, for the app: over nothing but what it saved itself.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::repo::{self, FilePatch, WriteError};
use crate::text::SourceText;
use crate::walkthrough::AppId;

/// The name of the file, without its end; of further apps with their own name after it.
const EXPORT_NAME: &str = "seaworthy-walk";
/// The longest name of an app in a file's name, in characters.
const MAX_APP_NAME: usize = 60;
/// The most files with the same name of an app.
const MAX_SAME_NAMES: usize = 99;

/// What this session saved: the file of each app's walk, with its text.
#[derive(Debug, Default)]
pub(crate) struct WalkExports {
    saved: BTreeMap<AppId, (PathBuf, String)>,
}

impl WalkExports {
    /// Saves the results of an app's walk in a folder, and gives the file. With `again`, what was saved of the same walk
    /// is written anew, as long as nobody has changed it.
    pub(crate) fn save(
        &mut self,
        folder: &Path,
        id: &AppId,
        text: &str,
        again: bool,
    ) -> anyhow::Result<PathBuf> {
        let own = self.saved.get(id).filter(|(path, _)| again && path.symlink_metadata().is_ok());
        let path = match own {
            Some((path, was)) => {
                rewrite_export(path, was, text)?;
                path.clone()
            }
            None => create_export(folder, id, text)?,
        };
        self.saved.insert(id.clone(), (path.clone(), text.to_owned()));
        Ok(path)
    }
}

/// Puts a new text in the place of what was saved, where nobody has changed it.
fn rewrite_export(path: &Path, was: &str, text: &str) -> anyhow::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let patch = FilePatch {
        path: name.as_str().into(),
        before: SourceText::new(was.to_owned()),
        after: SourceText::new(text.to_owned()),
    };
    match repo::rewrite_file(path.parent().unwrap_or(Path::new(".")), &patch) {
        // Short enough for one line of a small terminal.
        Err(WriteError::ChangedOnDisk(_)) => bail!("{name} has changed: move it away first"),
        written => Ok(written?),
    }
}

/// Makes the first file of the app's names that is not there yet.
fn create_export(folder: &Path, id: &AppId, text: &str) -> anyhow::Result<PathBuf> {
    for name in export_names(id) {
        let path = folder.join(name);
        match repo::create_file(&path, text) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => {
                return made
                    .map(|()| path.clone())
                    .with_context(|| format!("{} cannot be made", path.display()));
            }
        }
    }
    bail!("{EXPORT_NAME}.md is here already: move it away first")
}

/// The names to try, in their order: `seaworthy-walk.md`, `seaworthy-walk-tides.md`, `seaworthy-walk-tides-2.md`.
fn export_names(id: &AppId) -> impl Iterator<Item = String> {
    let app = app_name(id);
    let named = format!("{EXPORT_NAME}-{app}.md");
    let numbered = (2..=MAX_SAME_NAMES).map(move |number| format!("{EXPORT_NAME}-{app}-{number}.md"));
    [format!("{EXPORT_NAME}.md"), named].into_iter().chain(numbered)
}

/// The app's name in letters that every file system takes: of a workload its own, of a Dockerfile alone its path.
fn app_name(id: &AppId) -> String {
    let name = match (&id.workload, &id.dockerfile) {
        (Some((_, object)), _) => object.rsplit('/').next().unwrap_or_default(),
        (None, path) => path.as_ref().map_or("", |path| path.as_str()),
    };
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let plain: String = plain.take(MAX_APP_NAME).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "app".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use tempfile::TempDir;

    use super::*;

    fn app(object: &str) -> AppId {
        AppId { workload: Some(("deploy.yaml".into(), object.into())), dockerfile: None }
    }

    fn read(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn another_app_gets_another_file() {
        let folder = TempDir::new().unwrap();
        let mut exports = WalkExports::default();
        let mut save = |id: &AppId, text: &str| {
            let path = exports.save(folder.path(), id, text, false).unwrap();
            (path.file_name().unwrap().to_string_lossy().into_owned(), read(&path))
        };
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(save(&app("Deployment/tides"), "1"), file("seaworthy-walk.md", "1"));
        assert_eq!(save(&app("Deployment/Moon.x"), "2"), file("seaworthy-walk-moon-x.md", "2"));
        assert_eq!(save(&app("StatefulSet/Moon.x"), "3"), file("seaworthy-walk-moon-x-2.md", "3"));
        let build = AppId { workload: None, dockerfile: Some("shop/../Dockerfile".into()) };
        assert_eq!(save(&build, "4").1, "4");
        // What lies there is never written over.
        assert_eq!(read(&folder.path().join("seaworthy-walk.md")), "1");
    }

    #[test]
    fn the_same_walk_is_saved_anew_where_nobody_has_changed_its_file() {
        let folder = TempDir::new().unwrap();
        let (mut exports, id) = (WalkExports::default(), app("Deployment/tides"));
        let path = exports.save(folder.path(), &id, "1", false).unwrap();
        assert_eq!(exports.save(folder.path(), &id, "2", true).unwrap(), path);
        assert_eq!(read(&path), "2");
        std::fs::write(&path, "mine").unwrap();
        let refused = exports.save(folder.path(), &id, "3", true).unwrap_err().to_string();
        assert_eq!(refused, "seaworthy-walk.md has changed: move it away first");
        assert_eq!(read(&path), "mine");
        // Moved away, it is made again.
        std::fs::remove_file(&path).unwrap();
        exports.save(folder.path(), &id, "4", true).unwrap();
        assert_eq!(read(&path), "4");
    }

    #[test]
    fn another_walk_of_the_same_app_leaves_the_first_as_it_is() {
        let folder = TempDir::new().unwrap();
        let (mut exports, id) = (WalkExports::default(), app("Deployment/tides"));
        let first = exports.save(folder.path(), &id, "1", false).unwrap();
        let second = exports.save(folder.path(), &id, "2", false).unwrap();
        assert_eq!((read(&first), read(&second)), ("1".to_owned(), "2".to_owned()));
        exports.save(folder.path(), &id, "3", true).unwrap();
        assert_eq!((read(&first), read(&second)), ("1".to_owned(), "3".to_owned()));
    }
}
