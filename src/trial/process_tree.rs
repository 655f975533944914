//! Finds and ends processes on this machine by what they were started with, for builds that outlive their owner.

use std::collections::BTreeSet;

/// A process that the kernel lists.
struct ListedProcess {
    pid: u32,
    parent: u32,
    /// The words it was started with.
    words: Vec<String>,
}

/// The processes one of whose words is this one.
pub(super) fn find_started_with(word: &str) -> Vec<u32> {
    let all = list_processes();
    let found = all
        .iter()
        .filter(|process| process.words.iter().any(|own| own == word) && process.pid != std::process::id());
    found.map(|process| process.pid).collect()
}

/// The variable that names another storage for podman's images and containers than its own.
const STORAGE_VARIABLE: &str = "CONTAINERS_STORAGE_CONF";

/// True where any engine builds an image now into the storage that this program's engine has.
pub(super) fn is_any_build_running() -> bool {
    list_processes().iter().any(|process| {
        let name =
            process.words.first().map(|word| word.rsplit('/').next().unwrap_or_default()).unwrap_or_default();
        matches!(name, "podman" | "buildah")
            && process.words.iter().any(|word| matches!(word.as_str(), "build" | "bud"))
            && has_same_storage(process.pid)
    })
}

/// True unless the process is known to have been given another storage.
fn has_same_storage(pid: u32) -> bool {
    let Ok(variables) = std::fs::read(format!("/proc/{pid}/environ")) else { return true };
    let prefix = format!("{STORAGE_VARIABLE}=");
    let named = variables.split(|byte| *byte == 0).find_map(|entry| entry.strip_prefix(prefix.as_bytes()));
    let own = std::env::var_os(STORAGE_VARIABLE);
    named == own.as_ref().map(|value| value.as_encoded_bytes())
}

/// Ends a process with all that it has started, at once.
pub(super) fn end_tree(root: u32) {
    let all = list_processes();
    let mut tree: BTreeSet<u32> = [root].into();
    loop {
        let known = tree.len();
        tree.extend(
            all.iter()
                .filter(|process| tree.contains(&process.parent))
                .map(|process| process.pid)
                .collect::<Vec<_>>(),
        );
        if tree.len() == known {
            break;
        }
    }
    tree.into_iter().for_each(end_process);
}

#[cfg(unix)]
fn end_process(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_process(_: u32) {}

/// All processes of this machine; none where the kernel does not list them.
fn list_processes() -> Vec<ListedProcess> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(read_process).collect()
}

fn read_process(pid: u32) -> Option<ListedProcess> {
    let words = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
    let words = words.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
    Some(ListedProcess { pid, parent, words: words.collect() })
}
