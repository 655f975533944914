//! Reads what `check` is given through a pipe: standard input, a process's output, a named pipe.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use anyhow::bail;

use super::args::CheckArgs;
use crate::audit::{AuditEngine, PipedText};
use crate::repo::{MAX_FILE_BYTES, ReadError, RelPath};
use crate::service::workspace::{self, RepositorySettings};

/// The word for standard input.
const STDIN_WORD: &str = "-";
/// The path of standard input where a system gives it one.
const STDIN_PATH: &str = "/dev/stdin";
/// The folders in which a system shows a process its own open files, as a shell's `<(…)` names them.
const OPEN_FILE_FOLDERS: [&str; 3] = ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"];

/// The audit of what comes through pipes, where that is asked for.
pub(super) fn audit_pipes(check: &CheckArgs) -> anyhow::Result<Option<AuditEngine>> {
    let is_named = check.stdin_filename.is_some();
    let pipes: Vec<&PathBuf> = check.paths.iter().filter(|path| is_pipe(path, is_named)).collect();
    match (pipes.as_slice(), &check.stdin_filename) {
        ([], None) => return Ok(None),
        ([], Some(_)) => {
            bail!("--stdin-filename names what comes through a pipe: give - or the pipe as well")
        }
        ([_, _, ..], Some(_)) => bail!("--stdin-filename names one pipe, and several are given"),
        _ if pipes.len() < check.paths.len() => {
            bail!("what comes through a pipe is checked alone: leave the other paths out")
        }
        _ => {}
    }
    let here = std::env::current_dir()?;
    let mut root = here.clone();
    let (mut texts, mut read): (Vec<PipedText>, _) = (Vec::new(), HashSet::new());
    for pipe in pipes {
        // One that is named twice has nothing more to say.
        if !read.insert(pipe_identity(pipe)) {
            continue;
        }
        let place = check.stdin_filename.as_deref().map(|name| place_of_name(&here, name));
        let path = match place {
            Some((folder, path)) => {
                root = folder;
                path
            }
            None => free_name(pipe, &texts),
        };
        texts.push(PipedText { path, text: read_pipe(pipe) });
    }
    let mut engine =
        workspace::open_engine(root, RepositorySettings::for_check(check.ignore_repository_settings))?;
    if !is_named {
        // It stands for no file of the repository.
        engine = engine.with_repository_root(None);
    }
    engine.scan_texts(texts);
    Ok(Some(engine))
}

/// True for what is read once, from its beginning to its end. An open file that is no pipe has a name of its own, unless
/// another is given.
fn is_pipe(path: &Path, is_named: bool) -> bool {
    if path.as_os_str() == STDIN_WORD {
        return true;
    }
    let Ok(about) = path.metadata() else { return is_open_file(path) };
    let is_special = !about.is_file() && !about.is_dir();
    if is_open_file(path) {
        return is_special || (is_named && about.is_file());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        about.file_type().is_fifo()
    }
    #[cfg(not(unix))]
    false
}

fn is_open_file(path: &Path) -> bool {
    let is_number =
        |name: &std::ffi::OsStr| name.to_str().is_some_and(|name| name.bytes().all(|b| b.is_ascii_digit()));
    path == Path::new(STDIN_PATH)
        || (OPEN_FILE_FOLDERS.iter().any(|folder| path.parent() == Some(Path::new(folder)))
            && path.file_name().is_some_and(is_number))
}

/// The name under which a pipe without a given one is reported.
fn pipe_name(pipe: &Path) -> String {
    let name = pipe.file_name().unwrap_or(pipe.as_os_str()).to_string_lossy();
    if pipe.as_os_str() == STDIN_WORD || pipe == Path::new(STDIN_PATH) || (is_open_file(pipe) && name == "0")
    {
        "stdin".to_owned()
    } else if is_open_file(pipe) {
        format!("pipe-{name}")
    } else {
        name.into_owned()
    }
}

/// What tells a pipe from others, under whichever name: the open file that it is.
fn pipe_identity(pipe: &Path) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let at = if pipe.as_os_str() == STDIN_WORD { Path::new(STDIN_PATH) } else { pipe };
        if let Ok(about) = at.metadata() {
            return format!("{}:{}", about.dev(), about.ino());
        }
    }
    pipe_name(pipe)
}

/// The name of a pipe, below the folders that tell it from those before where these have it as well.
fn free_name(pipe: &Path, others: &[PipedText]) -> RelPath {
    let folders = pipe.parent().into_iter().flat_map(Path::components).filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let mut folders: Vec<_> = folders.collect();
    let mut name = pipe_name(pipe);
    while others.iter().any(|other| other.path.as_str() == name) {
        let folder = folders.pop().unwrap_or_else(|| "again".into());
        name = format!("{folder}/{name}");
    }
    RelPath::from(name.as_str())
}

/// The folder that reports are relative to, and the path of that name in it: the current folder where the name lies
/// below it, else the nearest folder of the name that is there.
fn place_of_name(here: &Path, name: &Path) -> (PathBuf, RelPath) {
    let mut whole = PathBuf::new();
    for part in here.join(name).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    let in_folder =
        |folder: &Path| RelPath::strip_root(folder, &whole).filter(|path| !path.as_str().is_empty());
    if let Some(path) = in_folder(here) {
        return (here.to_path_buf(), path);
    }
    let folder = whole.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(here);
    let path = in_folder(folder).unwrap_or_else(|| RelPath::from("stdin"));
    (folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf()), path)
}

/// All of a pipe's text; why it cannot be had.
fn read_pipe(pipe: &Path) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    if pipe.as_os_str() == STDIN_WORD || pipe == Path::new(STDIN_PATH) {
        io::stdin().lock().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    } else {
        File::open(pipe)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge(bytes.len() as u64, MAX_FILE_BYTES));
    }
    String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to()))
}
