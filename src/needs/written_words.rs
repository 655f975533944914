//! Knows by which options, variables and commands people say where a program writes, for those who read them.
//!
//! Sources: the manuals of Prometheus (`--storage.tsdb.path`), etcd (`--data-dir`), MongoDB (`--dbpath`), MySQL
//! (`--datadir`), PostgreSQL (`PGDATA`), Consul (`-data-dir`); Java's system properties; the XDG Base Directory
//! specification; POSIX on redirection, mkdir, touch, tee; git-clone(1), npm-install(1), yarn, bundle(1), composer.

use crate::dockerfile::shell::SimpleCommand;

/// Ends of names, without what parts their words, of what is a folder to write.
const FOLDER_ENDINGS: [&str; 31] = [
    "cachedir",
    "cachedirectory",
    "cachefolder",
    "cachehome",
    "cachepath",
    "datadir",
    "datadirectory",
    "datafolder",
    "datapath",
    "dbdir",
    "dbpath",
    "logdir",
    "logdirectory",
    "logsdir",
    "pgdata",
    "rundir",
    "runtimedir",
    "spooldir",
    "statedir",
    "statehome",
    "statepath",
    "storagedir",
    "storagedirectory",
    "storagepath",
    "tempdir",
    "tempdirectory",
    "tmpdir",
    "tsdbpath",
    "uploaddir",
    "uploadsdir",
    "waldir",
];
/// The same of what is a file.
const FILE_ENDINGS: [&str; 7] =
    ["pidfile", "logfile", "lockfile", "socketfile", "statefile", "dbfile", "databasefile"];
/// Words of a name by which its folder is read, or is another machine's.
const READ_WORDS: [&str; 18] = [
    "assets", "ca", "cert", "certs", "conf", "config", "host", "import", "input", "key", "node", "plugin",
    "plugins", "public", "remote", "static", "template", "tls",
];
/// The folders of the system, which are no program's own to write.
const SYSTEM_FOLDERS: [&str; 3] = ["/proc", "/sys", "/dev"];

/// A path that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredWrite {
    pub path: String,
    /// True for a file, whose folder must be writable.
    pub is_file: bool,
}

impl DeclaredWrite {
    fn new(value: &str, is_file: bool) -> Option<Self> {
        let path = value.trim_end_matches('/');
        let lies_in = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let is_plain = path.starts_with('/') && !path.contains(['$', '*', '?', ':', ' ', ',', '{', '\n']);
        let is_system = SYSTEM_FOLDERS.contains(&path) || SYSTEM_FOLDERS.into_iter().any(lies_in);
        (is_plain && !is_system).then(|| Self { path: path.to_owned(), is_file })
    }

    /// The folder in which something is written; the root's is empty.
    #[must_use]
    pub fn folder(&self) -> &str {
        let above = self.path.rsplit_once('/').map_or("", |(above, _)| above);
        if self.is_file { above } else { &self.path }
    }
}

/// The path that a variable says is written: `PGDATA`, `APP_CACHE_DIR`.
#[must_use]
pub fn written_by_variable(name: &str, value: &str) -> Option<DeclaredWrite> {
    let is_file = names_written_file(name)?;
    DeclaredWrite::new(value, is_file)
}

/// The path that the option at an index of a command's words says is written, with the index of the word that holds it:
/// `--data-dir=/x`, `-data-dir /x`, `-Djava.io.tmpdir=/x`.
#[must_use]
pub fn written_by_option(words: &[&str], at: usize) -> Option<(usize, DeclaredWrite)> {
    let word = words.get(at)?;
    let option = word.strip_prefix("-D").filter(|rest| rest.contains('.')).unwrap_or(word);
    let is_option = word.starts_with('-') && word.len() > 2;
    let (name, value, place) = match option.split_once('=') {
        Some((name, value)) => (name, value, at),
        None => (option, *words.get(at + 1)?, at + 1),
    };
    let is_file = names_written_file(name.trim_start_matches('-')).filter(|_| is_option)?;
    Some((place, DeclaredWrite::new(value, is_file)?))
}

/// The paths that a command of a script writes, each with the index of its word; that of a redirection is none.
#[must_use]
pub(super) fn written_by_command(command: &SimpleCommand) -> Vec<(Option<usize>, DeclaredWrite)> {
    let targets = command.redirections.iter().filter(|own| matches!(own.operator, ">" | ">>" | ">|" | "&>"));
    let mut found: Vec<_> =
        targets.filter_map(|own| Some((None, DeclaredWrite::new(&own.target.text, true)?))).collect();
    let Some(call) = command.effective_invocation() else { return found };
    let index_of = |text: &str| command.words.iter().position(|word| word.text == text);
    let operands: Vec<&str> = call.operands(&["-m", "--mode"]).map(|word| word.text.as_str()).collect();
    let written: Vec<(&str, bool)> = match call.name() {
        "mkdir" => operands.iter().map(|path| (*path, false)).collect(),
        "touch" | "tee" => operands.iter().map(|path| (*path, true)).collect(),
        "cp" | "mv" if operands.len() > 1 => {
            let last = operands.last().copied().unwrap_or_default();
            let is_file = last.rsplit('/').next().is_some_and(|name| name.contains('.'));
            vec![(last, is_file)]
        }
        "sed" if call.find_flag(Some('i'), "in-place").is_some() => {
            operands.iter().filter(|path| path.starts_with('/')).map(|path| (*path, true)).collect()
        }
        _ => Vec::new(),
    };
    found.extend(
        written
            .into_iter()
            .filter_map(|(path, is_file)| Some((index_of(path), DeclaredWrite::new(path, is_file)?))),
    );
    found
}

/// The folder that a command of a script changes to, where it is said whole.
#[must_use]
pub(super) fn changed_folder(command: &SimpleCommand) -> Option<&str> {
    let call = command.effective_invocation().filter(|call| matches!(call.name(), "cd" | "pushd"))?;
    call.operands(&[]).next().map(|word| word.text.as_str())
}

/// What a command writes in the folder in which it runs: what it clones, installs or unpacks.
#[must_use]
pub(super) fn written_where_it_runs(command: &SimpleCommand, folder: &str) -> Option<DeclaredWrite> {
    let call = command.effective_invocation()?;
    let mut operands = call.operands(&[]).map(|word| word.text.as_str());
    let is_global = call.find_flag(Some('g'), "global").is_some();
    let writes = match (call.name(), operands.next()) {
        ("git", Some("clone")) => !operands.any(|operand| operand.starts_with('/')),
        ("npm" | "pnpm", Some("install" | "i" | "ci" | "add")) => !is_global,
        ("yarn", None | Some("install" | "add")) | ("bundle" | "composer", Some("install")) => true,
        _ => false,
    };
    if writes { DeclaredWrite::new(folder, false) } else { None }
}

/// True where the name is that of a file, false where of a folder.
fn names_written_file(name: &str) -> Option<bool> {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| READ_WORDS.contains(word)) {
        return None;
    }
    let joined = words.concat();
    let ends = |endings: &[&str]| endings.iter().any(|ending| joined.ends_with(ending));
    if ends(&FOLDER_ENDINGS) {
        return Some(false);
    }
    // `--pid /run/app.pid`, as gunicorn has it.
    (ends(&FILE_ENDINGS) || words.last() == Some(&"pid")).then_some(true)
}
