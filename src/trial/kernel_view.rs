//! Reads what the kernel shows of a container's process on this machine: its ports and its memory. Where the engine works
//! in another machine, nothing is read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The states of a socket that listens, of TCP and of UDP.
pub(super) const TCP_LISTENS: &str = "0A";
const UDP_LISTENS: &str = "07";

/// The first process of a container, as this machine's kernel shows it.
#[derive(Clone, Debug)]
pub(super) struct KernelView {
    pid: u32,
    memory: Option<GroupFolder>,
    /// The file in which the kernel counts how often it could start no more processes.
    process_events: Option<PathBuf>,
}

/// The folder of a container's control group.
#[derive(Clone, Debug)]
struct GroupFolder {
    path: PathBuf,
    is_second_version: bool,
}

impl KernelView {
    /// The view of a process; none where that number is not the container's on this machine.
    pub(super) fn of_process(pid: u32, container: &str) -> Option<Self> {
        let groups = std::fs::read_to_string(format!("/proc/{pid}/cgroup")).ok()?;
        // At the very start it may not be in all of its groups yet, and another's memory would be read.
        let container = container.get(..12)?;
        let memory = find_memory_folder(&groups, container);
        let process_events = find_process_events(&groups, container);
        groups.contains(container).then_some(Self { pid, memory, process_events })
    }

    /// The ports on which anything in the process's network listens; none where they cannot be read.
    pub(super) fn ports(&self) -> Option<BTreeSet<u16>> {
        let mut ports = BTreeSet::new();
        let mut is_readable = false;
        for (table, state) in
            [("tcp", TCP_LISTENS), ("tcp6", TCP_LISTENS), ("udp", UDP_LISTENS), ("udp6", UDP_LISTENS)]
        {
            if let Ok(text) = std::fs::read_to_string(format!("/proc/{}/net/{table}", self.pid)) {
                is_readable = true;
                ports.extend(listening_ports(&text, state));
            }
        }
        is_readable.then_some(ports)
    }

    /// The memory that its processes have for themselves now, in bytes: what is only cached of files is not counted.
    pub(super) fn own_memory(&self) -> Option<u64> {
        let folder = self.memory.as_ref()?;
        let stat = std::fs::read_to_string(folder.path.join("memory.stat")).ok()?;
        let key = if folder.is_second_version { "anon" } else { "total_rss" };
        field_of(&stat, key)
    }

    /// The most that was ever counted, less what is cached now.
    pub(super) fn peak_memory(&self) -> Option<u64> {
        let folder = self.memory.as_ref()?;
        let (file, cache) = if folder.is_second_version {
            ("memory.peak", "file")
        } else {
            ("memory.max_usage_in_bytes", "total_cache")
        };
        let peak: u64 = std::fs::read_to_string(folder.path.join(file)).ok()?.trim().parse().ok()?;
        let stat = std::fs::read_to_string(folder.path.join("memory.stat")).ok()?;
        Some(peak.saturating_sub(field_of(&stat, cache).unwrap_or_default()))
    }

    /// True where the kernel has refused it another process.
    pub(super) fn lacked_processes(&self) -> bool {
        let Some(path) = &self.process_events else { return false };
        let text = std::fs::read_to_string(path).unwrap_or_default();
        field_of(&text, "max").is_some_and(|count| count > 0)
    }

    /// True where the kernel has ended a process of it for want of memory.
    pub(super) fn lacked_memory(&self) -> bool {
        let Some(folder) = &self.memory else { return false };
        let file = if folder.is_second_version { "memory.events" } else { "memory.oom_control" };
        let text = std::fs::read_to_string(folder.path.join(file)).unwrap_or_default();
        field_of(&text, "oom_kill").is_some_and(|count| count > 0)
    }
}

/// The file that counts failed starts of processes in the group of a container.
fn find_process_events(groups: &str, container: &str) -> Option<PathBuf> {
    let path = find_group_folder(groups, container, "pids")?.path.join("pids.events");
    path.exists().then_some(path)
}

fn find_memory_folder(groups: &str, container: &str) -> Option<GroupFolder> {
    find_group_folder(groups, container, "memory").filter(|found| found.path.join("memory.stat").exists())
}

/// The folder in which a controller holds the group of a container, by the rows of a process's `cgroup` file.
///
/// Source: cgroups(7).
fn find_group_folder(groups: &str, container: &str, controller: &str) -> Option<GroupFolder> {
    let mut rows = groups.lines().filter_map(|row| {
        let mut parts = row.splitn(3, ':');
        Some((parts.next()?, parts.next()?, parts.next()?))
    });
    let first = rows.clone().find(|(_, names, _)| names.split(',').any(|name| name == controller));
    let (base, below, is_second_version) = match first {
        Some((_, _, below)) => (Path::new("/sys/fs/cgroup").join(controller), below, false),
        None => (PathBuf::from("/sys/fs/cgroup"), rows.find(|(number, _, _)| *number == "0")?.2, true),
    };
    let path = base.join(below.trim_start_matches('/'));
    path.to_string_lossy().contains(container).then_some(GroupFolder { path, is_second_version })
}

/// The uid of a process inside its container and on the host, and its gid inside; none where they cannot be read.
pub(super) fn read_ids(pid: u32) -> Option<(u32, u32, u32)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let effective = |key: &str| -> Option<u32> {
        let row = status.lines().find_map(|row| row.strip_prefix(key))?;
        row.split_whitespace().nth(1)?.parse().ok()
    };
    let inside = |id: u32, map: &str| {
        let map = std::fs::read_to_string(format!("/proc/{pid}/{map}")).ok()?;
        map.lines().find_map(|row| map_id(row, id))
    };
    let (uid, gid) = (effective("Uid:")?, effective("Gid:")?);
    Some((inside(uid, "uid_map")?, uid, inside(gid, "gid_map")?))
}

/// The id inside that a row of a map gives an id of the host.
fn map_id(row: &str, host: u32) -> Option<u32> {
    let mut numbers = row.split_whitespace().map_while(|number| number.parse::<u64>().ok());
    let (inside, outside, count) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let offset = u64::from(host).checked_sub(outside).filter(|offset| *offset < count)?;
    u32::try_from(inside + offset).ok()
}

fn field_of(text: &str, key: &str) -> Option<u64> {
    let rows = text.lines().filter_map(|row| row.split_once(' '));
    rows.filter(|(name, _)| *name == key).find_map(|(_, value)| value.trim().parse().ok())
}

/// The ports of the rows in this state.
pub(super) fn listening_ports(table: &str, state: &str) -> impl Iterator<Item = u16> {
    let rows = table.lines().skip(1).filter_map(move |row| {
        let mut fields = row.split_whitespace().skip(1);
        let (local, _, own_state) = (fields.next()?, fields.next()?, fields.next()?);
        let port = local.rsplit_once(':')?.1;
        u16::from_str_radix(port, 16).ok().filter(|_| own_state == state)
    });
    rows.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_listens_is_told_from_what_is_connected() {
        let table = "  sl  local_address rem_address   st\n   0: 00000000:1F90 00000000:0000 0A 0\n   1: 0100007F:C350 0100007F:1F90 01 0\n";
        assert_eq!(listening_ports(table, TCP_LISTENS).collect::<Vec<_>>(), [8080]);
    }

    #[test]
    fn ids_are_told_from_those_of_the_host() {
        assert_eq!(map_id("         0          0 4294967295", 10001), Some(10001));
        assert_eq!(map_id("0 1000 1", 1000), Some(0));
        assert_eq!(map_id("1 100000 65536", 104_711), Some(4712));
        assert_eq!(map_id("0 1000 1", 1001), None);
    }

    #[test]
    fn fields_are_found_by_their_whole_names() {
        let text = "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n";
        assert_eq!(field_of(text, "oom_kill"), Some(3));
        assert_eq!(field_of(text, "oom"), None);
    }
}
