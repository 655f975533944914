//! Says whether a path lies in a folder once every link on the way is followed, for all that reads files by their names.

use std::path::Path;

/// True for what really lies in the folder; false also where either is not there.
#[must_use]
pub fn is_really_inside(path: &Path, folder: &Path) -> bool {
    let places = path.canonicalize().ok().zip(folder.canonicalize().ok());
    places.is_some_and(|(path, folder)| path.starts_with(folder))
}
