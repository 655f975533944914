//! Lists the uids that a distribution's base package fixes, for the summary of a uid.

use super::{AccountCertainty, HostAccount, HostRelease};

/// uid, Debian 12, Ubuntu (22.04 and 24.04 alike), Alpine 3.20, RHEL 9; empty where there is none.
///
/// Sources: Debian base-passwd 3.6.1 (passwd.master); account files of Ubuntu 22.04 and 24.04, Alpine 3.20 and
/// CentOS 9 hosts.
const FIXED_ACCOUNTS: &[(u32, [&str; 4])] = &[
    (0, ["root", "root", "root", "root"]),
    (1, ["daemon", "daemon", "bin", "bin"]),
    (2, ["bin", "bin", "daemon", "daemon"]),
    (3, ["sys", "sys", "", "adm"]),
    (4, ["sync", "sync", "lp", "lp"]),
    (5, ["games", "games", "sync", "sync"]),
    (6, ["man", "man", "shutdown", "shutdown"]),
    (7, ["lp", "lp", "halt", "halt"]),
    (8, ["mail", "mail", "mail", "mail"]),
    (9, ["news", "news", "news", ""]),
    (10, ["uucp", "uucp", "uucp", ""]),
    (11, ["", "", "", "operator"]),
    (12, ["", "", "", "games"]),
    (13, ["proxy", "proxy", "", ""]),
    (14, ["", "", "", "ftp"]),
    (16, ["", "", "cron", ""]),
    (21, ["", "", "ftp", ""]),
    (22, ["", "", "sshd", ""]),
    (33, ["www-data", "www-data", "", ""]),
    (34, ["backup", "backup", "", ""]),
    (35, ["", "", "games", ""]),
    (38, ["list", "list", "", ""]),
    (39, ["irc", "irc", "", ""]),
    (123, ["", "", "ntp", ""]),
    (405, ["", "", "guest", ""]),
    (65534, ["nobody", "nobody", "nobody", "nobody"]),
];

/// The accounts in which the two Ubuntus differ from each other or from Debian.
const SINGLE_RELEASE_ACCOUNTS: &[(u32, HostRelease, &str)] = &[
    (41, HostRelease::Ubuntu2204, "gnats"),
    (42, HostRelease::Debian12, "_apt"),
    (42, HostRelease::Ubuntu2404, "_apt"),
];

/// The uids that Red Hat's family reserves for packages (the `setup` package, uidgid).
const RESERVED_ACCOUNTS: &[(u32, &str)] = &[
    (9, "news"),
    (10, "uucp"),
    (16, "oprofile"),
    (23, "squid"),
    (25, "named"),
    (26, "postgres"),
    (27, "mysql"),
    (28, "nscd"),
    (29, "rpcuser"),
    (32, "rpc"),
    (33, "amandabackup"),
    (34, "netdump"),
    (37, "rpm"),
    (38, "ntp"),
    (41, "mailman"),
    (42, "gdm"),
    (48, "apache"),
    (53, "tomcat"),
    (55, "ldap"),
    (59, "tss"),
    (70, "avahi"),
    (72, "tcpdump"),
    (74, "sshd"),
    (75, "radvd"),
    (76, "cyrus"),
    (81, "dbus"),
    (89, "postfix"),
    (97, "dovecot"),
    (107, "qemu"),
    (111, "saned"),
    (113, "usbmuxd"),
    (133, "bacula"),
    (167, "ceph"),
    (170, "avahi-autoipd"),
    (171, "pulse"),
    (172, "rtkit"),
    (173, "abrt"),
    (177, "dhcpd"),
    (179, "sanlock"),
    (188, "haproxy"),
    (189, "hacluster"),
    (192, "systemd-network"),
    (193, "systemd-resolve"),
];

pub(super) fn fixed_accounts(uid: u32) -> impl Iterator<Item = HostAccount> {
    let certain = |release, name| HostAccount { release, name, certainty: AccountCertainty::Certain };
    let row = FIXED_ACCOUNTS.iter().find(|row| row.0 == uid).map_or([""; 4], |row| row.1);
    let [debian, ubuntu, alpine, red_hat] = row;
    let fixed = [
        certain(HostRelease::Ubuntu2404, ubuntu),
        certain(HostRelease::Ubuntu2204, ubuntu),
        certain(HostRelease::Debian12, debian),
        certain(HostRelease::Alpine, alpine),
        certain(HostRelease::RedHat9, red_hat),
    ];
    let single = SINGLE_RELEASE_ACCOUNTS
        .iter()
        .filter(move |row| row.0 == uid)
        .map(move |(_, release, name)| certain(*release, name));
    let reserved = RESERVED_ACCOUNTS.iter().filter(move |row| row.0 == uid).map(|(_, name)| HostAccount {
        release: HostRelease::RedHat9,
        name,
        certainty: AccountCertainty::IfInstalled,
    });
    fixed.into_iter().filter(|account| !account.name.is_empty()).chain(single).chain(reserved)
}
