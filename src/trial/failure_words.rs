//! Reads from a program's last words why it ended: which of the things that hardening takes away it speaks of, and where.
//!
//! Sources: errno(3) and what it is called by musl, glibc, busybox, Python, Node, Go, Rust, Java, nginx, redis, Postgres.

/// What a line says was missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FailureClue {
    /// A place that may only be read.
    ReadOnly {
        path: Option<String>,
    },
    /// A file that this user may not use.
    Denied {
        path: Option<String>,
    },
    /// A port that this user may not listen on.
    LowPort,
    /// To change the owner or the mode of files.
    Ownership,
    /// To become another user.
    UserChange,
    /// To be root at all.
    Root,
    /// A set-user-id program.
    SetUserId,
    /// What this capability allows, by Kubernetes' name.
    Capability(&'static str),
    Memory,
    /// Another process.
    Processes,
    /// A file that is not there.
    Absent {
        path: Option<String>,
    },
}

impl FailureClue {
    /// The clue of a program that works in a folder, in which its paths without a beginning lie.
    #[must_use]
    pub(super) fn in_folder(self, folder: &str) -> Self {
        let whole = |path: Option<String>| {
            path.map(|path| {
                if path.starts_with('/') {
                    return path;
                }
                format!("{}/{}", folder.trim_end_matches('/'), path.trim_start_matches("./"))
            })
        };
        match self {
            Self::ReadOnly { path } => Self::ReadOnly { path: whole(path) },
            Self::Denied { path } => Self::Denied { path: whole(path) },
            Self::Absent { path } => Self::Absent { path: whole(path) },
            other => other,
        }
    }
}

/// The clues of lines that are given from the last back, each with its line. The first is the nearest to the end.
#[must_use]
pub(super) fn read_clues<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(FailureClue, &'a str)> {
    const MAX_LINES: usize = 60;
    lines.take(MAX_LINES).filter_map(|line| Some((read_clue(line)?, line))).collect()
}

/// The clue of one line.
#[must_use]
pub(super) fn read_clue(line: &str) -> Option<FailureClue> {
    let words = line.to_lowercase();
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    let path = || path_in(line);
    let is_denied = has(&[
        "permission denied",
        "eacces",
        "errno 13",
        "os error 13",
        "(13:",
        "accessdenied",
        "access denied",
        "not permitted",
        "eperm",
        "errno 1]",
        "os error 1)",
        "(1:",
    ]);
    if has(&["must be setuid", "effective uid is not 0", "no new privileges"]) {
        return Some(FailureClue::SetUserId);
    }
    let starts_processes = has(&["fork", "clone", "thread", "spawn", "exec"]);
    if starts_processes
        && has(&["resource temporarily unavailable", "eagain", "errno 11]", "os error 11)", "(11:"])
        || has(&["unable to create native thread", "unable to create new native thread"])
    {
        return Some(FailureClue::Processes);
    }
    if has(&[
        "cannot allocate memory",
        "can't allocate memory",
        "out of memory",
        "outofmemory",
        "memoryerror",
        "java heap",
        "enomem",
        "bad_alloc",
        "heap limit",
    ]) {
        return Some(FailureClue::Memory);
    }
    if has(&[
        "read-only file",
        "readonly file",
        "read only file",
        "erofs",
        "errno 30",
        "os error 30",
        "(30:",
        "readonlyfilesystem",
        "(read-only",
    ]) {
        return Some(FailureClue::ReadOnly { path: path() });
    }
    if is_denied && (has(&["bind", "listen", "could not open port"]) || has_word(&words, "port")) {
        return Some(FailureClue::LowPort);
    }
    let changes_user = [
        "setuid",
        "setgid",
        "setgroups",
        "initgroups",
        "setresuid",
        "setresgid",
        "seteuid",
        "setegid",
        "su-exec",
        "gosu",
        "setpriv",
        "su: ",
    ];
    if is_denied && has(&changes_user)
        || has(&["failed switching to", "can't set groups", "can't set uid", "can't set gid"])
    {
        return Some(FailureClue::UserChange);
    }
    if is_denied
        && has(&[
            "chown",
            "chmod",
            "chgrp",
            "lchown",
            "changing ownership",
            "changing permissions",
            "change owner",
            "fchown",
            "install:",
        ])
    {
        return Some(FailureClue::Ownership);
    }
    // Whoever may not use a file is told otherwise: that a right is missing.
    let is_not_permitted = has(&["not permitted", "eperm", "errno 1]", "os error 1)", "(1:", "are you root"]);
    if is_not_permitted && let Some(name) = missed_capability(&words) {
        return Some(FailureClue::Capability(name));
    }
    if is_denied && has(&["raw socket", "sock_raw", "ping:"]) {
        return Some(FailureClue::Capability("NET_RAW"));
    }
    if has(&[
        "must be run as root",
        "must be root",
        "must run as root",
        "run as root",
        "need to be root",
        "needs root",
        "requires root",
        "root privileges",
        "are you root",
        "only root",
        "not running as root",
        "as the root user",
        "superuser",
    ]) {
        return Some(FailureClue::Root);
    }
    // No folder's mode is the reason of the other: it is not known which right is.
    if is_denied && !is_not_permitted {
        return Some(FailureClue::Denied { path: path() });
    }
    if has(&[
        "no such file",
        "enoent",
        "filenotfound",
        "not found",
        "nonexistent directory",
        "os error 2)",
        "errno 2]",
    ]) {
        return Some(FailureClue::Absent { path: path() });
    }
    None
}

/// The capability that a call or a tool in a line takes, by Kubernetes' name.
///
/// Source: capabilities(7).
fn missed_capability(words: &str) -> Option<&'static str> {
    const BY_CALL: [(&str, &[&str]); 15] = [
        ("SYS_CHROOT", &["chroot", "root directory"]),
        ("MKNOD", &["mknod"]),
        (
            "SYS_ADMIN",
            &["mount", "umount", "umount2", "pivot_root", "unshare", "setns", "sethostname", "swapon"],
        ),
        ("SYS_TIME", &["settimeofday", "clock_settime", "stime", "hwclock", "set date", "adjtimex"]),
        (
            "NET_ADMIN",
            &["iptables", "nft", "rtnetlink", "siocsifflags", "siocsifaddr", "tunsetiff", "ip6tables"],
        ),
        ("NET_RAW", &["raw socket", "sock_raw", "ping"]),
        ("SYS_PTRACE", &["ptrace", "strace"]),
        ("SYS_NICE", &["setpriority", "nice", "renice", "sched_setscheduler", "ioprio_set"]),
        ("IPC_LOCK", &["mlock", "mlockall"]),
        ("SYS_RESOURCE", &["setrlimit", "prlimit"]),
        ("SYS_MODULE", &["init_module", "insmod", "modprobe"]),
        ("SYS_BOOT", &["reboot"]),
        ("KILL", &["kill"]),
        ("SETFCAP", &["setcap"]),
        ("SETPCAP", &["cap_set_proc", "capset"]),
    ];
    let names = |call: &&str| if call.contains(' ') { words.contains(*call) } else { has_word(words, call) };
    BY_CALL.iter().find(|(_, calls)| calls.iter().any(names)).map(|(name, _)| *name)
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|own| own == word)
}

/// The path that a line names: in quotes, else the last that stands free before its end. One without a beginning is known
/// by what a shell or a library says of it.
fn path_in(line: &str) -> Option<String> {
    let line = without_speaker(line);
    let quoted = ['\'', '"', '`'].into_iter().flat_map(|quote| line.split(quote).skip(1).step_by(2));
    let quoted: Vec<&str> = quoted.filter(|text| text.starts_with('/') && text.len() > 1).collect();
    if let Some(path) = quoted.last() {
        return Some(clean_path(path));
    }
    let signs = [':', ',', ';', ')', '(', ']', '[', '"', '\'', '.'];
    let free = line.split_whitespace().map(|word| word.trim_matches(signs.as_slice()));
    let mut found = free.filter(|word| word.starts_with('/') && word.len() > 1 && !word.starts_with("//"));
    found.next_back().map(clean_path).or_else(|| relative_path_in(line))
}

/// A line without the script that speaks, and its place in it: `/start.sh: line 3: can't create x` is about `x`.
fn without_speaker(line: &str) -> &str {
    let Some((_, rest)) = line.split_once(": line ") else { return line };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    rest.split_once(": ").filter(|(number, _)| is_number(number)).map_or(line, |(_, rest)| rest)
}

/// The path behind the words by which shells, C programs and Go say what they would open or make.
fn relative_path_in(line: &str) -> Option<String> {
    const BEFORE: [&str; 8] = [
        "can't create directory ",
        "cannot create directory ",
        "can't create ",
        "cannot create ",
        "can't open ",
        "cannot open ",
        "cannot touch ",
        "open ",
    ];
    let behind = BEFORE.iter().find_map(|words| line.split_once(words)).map(|(_, rest)| rest);
    // bash names the file first: `run.log: Permission denied`.
    let path = behind.unwrap_or(line).split(": ").next()?.trim();
    let path = path.trim_matches(['\'', '"', '`', '\u{2018}', '\u{2019}']);
    let is_path = !path.is_empty()
        && !path.contains([' ', ':', '=', '(', '{'])
        && (behind.is_some() || path.contains(['.', '/']));
    is_path.then(|| path.to_owned())
}

fn clean_path(path: &str) -> String {
    let path = path.split(':').next().unwrap_or(path);
    path.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_only(path: &str) -> Option<FailureClue> {
        Some(FailureClue::ReadOnly { path: Some(path.to_owned()) })
    }

    #[test]
    fn a_read_only_place_is_read_in_many_languages() {
        for (line, path) in [
            (
                "mkdir: can't create directory '/var/cache/wharf/index': Read-only file system",
                "/var/cache/wharf/index",
            ),
            ("/start.sh: line 5: can't create /run/wharf.pid: Read-only file system", "/run/wharf.pid"),
            ("OSError: [Errno 30] Read-only file system: '/app/cache'", "/app/cache"),
            ("Error: EROFS: read-only file system, mkdir '/app/.next'", "/app/.next"),
            ("open /var/lib/x/db: read-only file system", "/var/lib/x/db"),
            ("java.io.FileNotFoundException: /opt/app/log (Read-only file system)", "/opt/app/log"),
            (
                "2026/01/01 nginx: [emerg] mkdir() \"/var/cache/nginx/client_temp\" failed (30: Read-only file system)",
                "/var/cache/nginx/client_temp",
            ),
            (
                "Error: Os { code: 30, kind: ReadOnlyFilesystem, message: \"Read-only file system\" } /srv/x",
                "/srv/x",
            ),
        ] {
            assert_eq!(read_clue(line), read_only(path), "{line}");
        }
    }

    #[test]
    fn the_rest_is_told_apart() {
        for (line, clue) in [
            ("httpd: bind: Permission denied", FailureClue::LowPort),
            ("Error: listen EACCES: permission denied 0.0.0.0:80", FailureClue::LowPort),
            ("nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", FailureClue::LowPort),
            ("chown: /var/lib/silt: Operation not permitted", FailureClue::Ownership),
            ("lock-keeper: setgroups: Operation not permitted", FailureClue::UserChange),
            ("error: failed switching to \"redis\": operation not permitted", FailureClue::UserChange),
            ("sudo: effective uid is not 0, is sudo installed setuid root?", FailureClue::SetUserId),
            ("This program must be run as root!", FailureClue::Root),
            ("ping: permission denied (are you root?)", FailureClue::Capability("NET_RAW")),
            (
                "chroot: can't change root directory to '/jail': Operation not permitted",
                FailureClue::Capability("SYS_CHROOT"),
            ),
            ("mknod: /dev/x: Operation not permitted", FailureClue::Capability("MKNOD")),
            ("OSError: [Errno 1] Operation not permitted: mknod('/x')", FailureClue::Capability("MKNOD")),
            ("mount: permission denied (are you root?)", FailureClue::Capability("SYS_ADMIN")),
            ("unshare: unshare(0x40000000): Operation not permitted", FailureClue::Capability("SYS_ADMIN")),
            ("hostname: sethostname: Operation not permitted", FailureClue::Capability("SYS_ADMIN")),
            ("date: can't set date: Operation not permitted", FailureClue::Capability("SYS_TIME")),
            ("sh: can't fork: Resource temporarily unavailable", FailureClue::Processes),
            (
                "thread 'main' panicked: failed to spawn thread: Os { code: 11, kind: WouldBlock, message: \"Resource temporarily unavailable\" }",
                FailureClue::Processes,
            ),
            ("ledger: malloc: Cannot allocate memory", FailureClue::Memory),
            (
                "cat: can't open '/etc/key': Permission denied",
                FailureClue::Denied { path: Some("/etc/key".to_owned()) },
            ),
            (
                "cat: can't open '/data/x': No such file or directory",
                FailureClue::Absent { path: Some("/data/x".to_owned()) },
            ),
        ] {
            assert_eq!(read_clue(line).as_ref(), Some(&clue), "{line}");
        }
        assert_eq!(read_clue("listening on port 8080"), None);
        assert_eq!(read_clue("read: Resource temporarily unavailable"), None);
        assert_eq!(
            read_clue("utime: /var/x: Operation not permitted"),
            None,
            "no folder's mode is the reason"
        );
    }

    #[test]
    fn a_path_of_the_working_folder_is_not_the_script_that_speaks() {
        let denied = |path: &str| Some(FailureClue::Denied { path: Some(path.to_owned()) });
        for line in [
            "/start: line 2: can't create run.log: Permission denied",
            "/srv/app/start.sh: line 12: run.log: Permission denied",
            "touch: cannot touch 'run.log': Permission denied",
            "panic: open run.log: permission denied",
        ] {
            let clue = read_clue(line).map(|clue| clue.in_folder("/srv/app/"));
            assert_eq!(clue, denied("/srv/app/run.log"), "{line}");
        }
        assert_eq!(read_clue("sh: can't open '/start': Permission denied"), denied("/start"));
        assert_eq!(read_clue("worker: Permission denied"), Some(FailureClue::Denied { path: None }));
    }
}
