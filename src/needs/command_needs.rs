//! Knows what privileges ordinary commands take, for those who find commands: in manifests, Dockerfiles and scripts.
//!
//! Sources: capabilities(7), and the pages of the programs themselves: chown(1), ping(8), iptables(8), mount(8),
//! modprobe(8), sysctl(8), setcap(8), gosu, su-exec, setpriv(1), sudo(8), apt-get(8) (drops to `_apt`), dpkg(1), pip,
//! gem(1), npm(1), update-ca-certificates(8).

use super::{NeedCertainty, NeedKind};
use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::{CommandConnector, Invocation, SimpleCommand};

/// The needs of one call of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandNeeds<'a> {
    pub call: Invocation<'a>,
    pub needs: Vec<(NeedKind, NeedCertainty)>,
}

/// A program, or several of a kind, and what a call takes.
struct PrivilegedProgram {
    names: &'static [&'static str],
    /// The calls of it that take this.
    takes: fn(Invocation<'_>) -> bool,
    root: Option<NeedCertainty>,
    shown: &'static [&'static str],
    likely: &'static [&'static str],
    other: Option<NeedKind>,
}

/// The most characters of a command that are quoted.
const MAX_QUOTED: usize = 60;

const SHOWN: Option<NeedCertainty> = Some(NeedCertainty::Shown);
const LIKELY: Option<NeedCertainty> = Some(NeedCertainty::Likely);
/// What an installation of packages does to files that belong to others.
const PACKAGE_CAPABILITIES: &[&str] = &["CHOWN", "DAC_OVERRIDE", "FOWNER"];

const fn program(
    names: &'static [&'static str],
    takes: fn(Invocation<'_>) -> bool,
    root: Option<NeedCertainty>,
    shown: &'static [&'static str],
    likely: &'static [&'static str],
) -> PrivilegedProgram {
    PrivilegedProgram { names, takes, root, shown, likely, other: None }
}

const fn program_with(
    names: &'static [&'static str],
    takes: fn(Invocation<'_>) -> bool,
    root: Option<NeedCertainty>,
    shown: &'static [&'static str],
    other: NeedKind,
) -> PrivilegedProgram {
    PrivilegedProgram { names, takes, root, shown, likely: &[], other: Some(other) }
}

static PRIVILEGED_PROGRAMS: [PrivilegedProgram; 32] = [
    program(&["chown", "chgrp"], is_recursive, SHOWN, &["CHOWN"], &["DAC_OVERRIDE"]),
    program(&["chown", "chgrp"], |call| !is_recursive(call), SHOWN, &["CHOWN"], &[]),
    program(&["install"], gives_away, SHOWN, &["CHOWN"], &[]),
    program(&["chmod", "setfacl"], changes_fixed_file, LIKELY, &[], &["FOWNER"]),
    program(&["ping", "ping6", "arping", "hping3", "fping"], always, LIKELY, &["NET_RAW"], &[]),
    program(&["tcpdump", "tshark", "dumpcap", "ngrep"], always, LIKELY, &["NET_RAW"], &["NET_ADMIN"]),
    program(&["iptables", "ip6tables", "ebtables", "arptables"], always, SHOWN, &["NET_ADMIN"], &["NET_RAW"]),
    program(
        &["iptables-restore", "ip6tables-restore", "iptables-legacy", "iptables-nft", "ip6tables-legacy"],
        always,
        SHOWN,
        &["NET_ADMIN"],
        &["NET_RAW"],
    ),
    program(
        &["nft", "ipset", "ipvsadm", "tc", "brctl", "wg", "wg-quick", "ethtool", "conntrack"],
        always,
        SHOWN,
        &["NET_ADMIN"],
        &[],
    ),
    program(&["ip", "route", "ifconfig", "bridge"], changes_network, SHOWN, &["NET_ADMIN"], &[]),
    program(
        &["mount", "umount", "losetup", "swapon", "swapoff", "pivot_root"],
        has_operand,
        SHOWN,
        &["SYS_ADMIN"],
        &[],
    ),
    program_with(&["nsenter"], always, SHOWN, &["SYS_ADMIN", "SYS_PTRACE"], NeedKind::NodeAccess),
    program(&["unshare"], |call| !makes_user_namespace(call), LIKELY, &[], &["SYS_ADMIN"]),
    program_with(&["unshare"], makes_user_namespace, None, &[], NeedKind::UserNamespaces),
    program_with(&["bwrap", "rootlesskit", "buildah", "podman"], always, None, &[], NeedKind::UserNamespaces),
    program_with(&["modprobe", "insmod", "rmmod"], always, SHOWN, &["SYS_MODULE"], NeedKind::NodeAccess),
    program_with(&["sysctl"], sets_kernel_value, SHOWN, &["SYS_ADMIN"], NeedKind::NodeAccess),
    program(&["setcap"], always, SHOWN, &["SETFCAP"], &[]),
    program(&["strace", "gdb", "ltrace", "perf"], always, None, &[], &["SYS_PTRACE"]),
    program(&["chrt", "renice"], always, LIKELY, &["SYS_NICE"], &[]),
    program(&["hwclock", "ntpd", "ntpdate", "chronyd"], always, SHOWN, &["SYS_TIME"], &[]),
    program(&["mknod"], has_operand, SHOWN, &["MKNOD"], &[]),
    program(&["chroot"], always, SHOWN, &["SYS_CHROOT"], &[]),
    program(
        &["gosu", "su-exec", "su", "runuser", "s6-setuidgid", "setuidgid"],
        always,
        SHOWN,
        &["SETUID", "SETGID"],
        &[],
    ),
    program(&["setpriv", "chpst", "start-stop-daemon"], changes_user, SHOWN, &["SETUID", "SETGID"], &[]),
    program_with(&["sudo", "doas"], always, None, &["SETUID", "SETGID"], NeedKind::SetUserId),
    program(
        &["apt-get", "apt", "aptitude"],
        changes_packages,
        SHOWN,
        &["SETUID", "SETGID"],
        PACKAGE_CAPABILITIES,
    ),
    program(
        &["apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "dpkg", "rpm"],
        changes_packages,
        SHOWN,
        &[],
        PACKAGE_CAPABILITIES,
    ),
    program(
        &[
            "useradd", "adduser", "groupadd", "addgroup", "usermod", "groupmod", "userdel", "chpasswd",
            "passwd",
        ],
        always,
        SHOWN,
        &[],
        &["CHOWN", "DAC_OVERRIDE", "FOWNER"],
    ),
    program(&["cron", "crond", "sshd"], always, SHOWN, &["SETUID", "SETGID"], &[]),
    program(&["supervisord", "s6-svscan", "runsvdir"], always, LIKELY, &[], &["SETUID", "SETGID"]),
    program_with(
        &["dockerd", "dockerd-entrypoint.sh", "kubelet"],
        always,
        SHOWN,
        &["SYS_ADMIN", "NET_ADMIN"],
        NeedKind::NodeAccess,
    ),
];

/// Programs that change what an image has in a folder: on a read-only root no empty volume can take its place.
struct FolderChange {
    names: &'static [&'static str],
    /// The calls that do.
    takes: fn(Invocation<'_>) -> bool,
    folder: &'static str,
}

static FOLDER_CHANGES: [FolderChange; 4] = [
    FolderChange {
        names: &[
            "apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "dpkg", "rpm",
        ],
        takes: changes_packages,
        folder: "/usr",
    },
    FolderChange { names: &["pip", "pip3", "gem", "npm", "pnpm"], takes: installs_for_all, folder: "/usr" },
    FolderChange {
        names: &["useradd", "adduser", "groupadd", "addgroup", "usermod", "chpasswd", "passwd"],
        takes: always,
        folder: "/etc",
    },
    FolderChange { names: &["update-ca-certificates", "update-ca-trust"], takes: always, folder: "/etc" },
];

/// What each program takes that the command calls, past those that only start another; nothing for a word that is
/// only looked up, as in `command -v`.
#[must_use]
pub fn find_command_needs(command: &SimpleCommand) -> Vec<CommandNeeds<'_>> {
    let mut found = Vec::new();
    for call in command.wrapped_invocations() {
        // An option is no program, whatever its value is called.
        if call.program_word().text.starts_with('-') {
            break;
        }
        if call.name() == "command"
            && call.find_flag(Some('v'), "").or(call.find_flag(Some('V'), "")).is_some()
        {
            break;
        }
        let needs = needs_of_call(call, command.connector);
        if !needs.is_empty() {
            found.push(CommandNeeds { call, needs });
        }
    }
    found
}

/// A failure that the script takes in its stride shows no need for sure.
fn needs_of_call(call: Invocation<'_>, connector: CommandConnector) -> Vec<(NeedKind, NeedCertainty)> {
    let sure = if connector == CommandConnector::Or { NeedCertainty::Likely } else { NeedCertainty::Shown };
    let mut needs = Vec::new();
    let only_asks = call.arguments().iter().any(|word| matches!(word.text.as_str(), "--version" | "--help"));
    let of_name = PRIVILEGED_PROGRAMS.iter().filter(|program| program.names.contains(&call.name()));
    for program in of_name.filter(|program| !only_asks && (program.takes)(call)) {
        needs.extend(program.root.map(|root| (NeedKind::RootStart, root.min(sure))));
        let capability = |name: &&str| NeedKind::Capability((*name).to_owned());
        needs.extend(program.shown.iter().map(|name| (capability(name), sure)));
        needs.extend(program.likely.iter().map(|name| (capability(name), NeedCertainty::Likely)));
        needs.extend(program.other.clone().map(|other| (other, sure)));
    }
    let of_name = FOLDER_CHANGES.iter().filter(|change| change.names.contains(&call.name()));
    let changed = of_name.filter(|change| !only_asks && (change.takes)(call));
    needs.extend(changed.map(|change| (NeedKind::OccupiedPath(change.folder.to_owned()), sure)));
    needs
}

fn always(_: Invocation<'_>) -> bool {
    true
}

fn has_operand(call: Invocation<'_>) -> bool {
    call.operands(&[]).next().is_some()
}

fn is_recursive(call: Invocation<'_>) -> bool {
    call.find_flag(Some('R'), "recursive").is_some()
}

/// `install -o root`.
fn gives_away(call: Invocation<'_>) -> bool {
    call.find_flag(Some('o'), "owner").is_some() || call.find_flag(Some('g'), "group").is_some()
}

/// A file by an absolute path, which is not in the folder for everybody's own.
fn changes_fixed_file(call: Invocation<'_>) -> bool {
    call.operands(&[]).any(|word| word.text.starts_with('/') && !word.text.starts_with("/tmp"))
}

/// `ip link set`, `ifconfig eth0 up`; not what only shows.
fn changes_network(call: Invocation<'_>) -> bool {
    const CHANGES: [&str; 11] =
        ["add", "del", "delete", "change", "replace", "set", "flush", "append", "up", "down", "mtu"];
    call.arguments().iter().any(|word| CHANGES.contains(&word.text.as_str()))
}

/// `unshare -r`, `unshare --user`.
fn makes_user_namespace(call: Invocation<'_>) -> bool {
    let flags = [(Some('U'), "user"), (Some('r'), "map-root-user"), (Some('c'), "map-current-user")];
    flags.into_iter().any(|(short, long)| call.find_flag(short, long).is_some())
}

/// `sysctl -w a=b`, `sysctl a=b`, `sysctl -p`.
fn sets_kernel_value(call: Invocation<'_>) -> bool {
    let flags = [(Some('w'), "write"), (Some('p'), "load"), (None, "system")];
    flags.into_iter().any(|(short, long)| call.find_flag(short, long).is_some())
        || call.arguments().iter().any(|word| word.text.contains('='))
}

/// `setpriv --reuid=1000`, `chpst -u app`.
fn changes_user(call: Invocation<'_>) -> bool {
    const USER_OPTIONS: [&str; 9] =
        ["--reuid", "--regid", "--ruid", "--euid", "--init-groups", "-u", "-c", "--chuid", "--user"];
    call.arguments().iter().any(|word| {
        let name = word.text.split_once('=').map_or(word.text.as_str(), |(name, _)| name);
        USER_OPTIONS.contains(&name)
    })
}

/// `pip install`, `gem install`, `npm install -g`; not into a folder that the call names.
fn installs_for_all(call: Invocation<'_>) -> bool {
    let installs =
        call.operands(&[]).next().is_some_and(|word| matches!(word.text.as_str(), "install" | "i"));
    let names_folder =
        [(Some('t'), "target"), (None, "user"), (None, "root"), (None, "prefix"), (None, "install-dir")]
            .into_iter()
            .any(|(short, long)| call.find_flag(short, long).is_some());
    let is_global = call.find_flag(Some('g'), "global").is_some();
    installs && if call.name().ends_with("npm") { is_global } else { !names_folder }
}

fn changes_packages(call: Invocation<'_>) -> bool {
    const CHANGES: [&str; 18] = [
        "install",
        "add",
        "update",
        "upgrade",
        "dist-upgrade",
        "full-upgrade",
        "remove",
        "purge",
        "del",
        "in",
        "localinstall",
        "reinstall",
        "-i",
        "-U",
        "-Uvh",
        "-ivh",
        "--install",
        "fix",
    ];
    let is_change = |word: &SpannedWord| CHANGES.contains(&word.text.as_str());
    call.arguments().iter().any(is_change)
}

/// What a call of a program takes, to be read after the call.
pub(super) fn effect_of(kind: &NeedKind) -> String {
    match kind {
        NeedKind::RootStart => "which is for root".to_owned(),
        NeedKind::Capability(name) => format!("which takes the capability {name}"),
        NeedKind::OccupiedPath(folder) => format!("which writes {folder}, where the image has files"),
        NeedKind::UserNamespaces => "which makes user namespaces".to_owned(),
        NeedKind::SetUserId => "which gains root by its set-user-id bit".to_owned(),
        NeedKind::NodeAccess => "which changes the node".to_owned(),
        _ => "which needs it".to_owned(),
    }
}

/// The call in one line, as it is written, so far as it is short.
pub(super) fn quote_call(call: Invocation<'_>) -> String {
    const SECRET_WORDS: [&str; 6] = ["pass", "pwd", "token", "secret", "key", "bearer"];
    let mut text = call.name().to_owned();
    let mut follows_secret = false;
    for word in call.arguments() {
        let lower = word.text.to_lowercase();
        let names_secret = SECRET_WORDS.iter().any(|part| lower.contains(part));
        let is_long = text.chars().count() + word.text.chars().count() >= MAX_QUOTED;
        // What may be a secret is not shown.
        let is_secret = follows_secret || (names_secret && lower.contains(['=', ':']));
        if is_long || is_secret || word.text.contains(['\n', '`']) {
            text.push_str(" …");
            break;
        }
        follows_secret = names_secret && lower.starts_with('-');
        text.push(' ');
        text.push_str(&word.text);
    }
    text
}
