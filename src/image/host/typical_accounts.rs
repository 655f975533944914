//! Lists the uids that default installs typically give out, for the summary of a uid.

use super::{AccountCertainty, HostAccount, HostRelease};
use HostRelease::{Debian11, Debian12, RedHat9, Ubuntu1404, Ubuntu1604, Ubuntu1804, Ubuntu2204, Ubuntu2404};

/// Read in account files of default installs. Debian's `adduser --system` counts up from 100, systemd-sysusers counts
/// down from 999 (adduser 3.134; sysusers.d(5)), so another set of packages gives other names.
const TYPICAL_ACCOUNTS: &[(u32, HostRelease, &str)] = &[
    (100, Ubuntu2404, "dhcpcd"),
    (100, Ubuntu2204, "_apt"),
    (100, Ubuntu1804, "systemd-network"),
    (100, Ubuntu1604, "systemd-timesync"),
    (100, Ubuntu1404, "libuuid"),
    (100, Debian12, "messagebus"),
    (100, Debian11, "_apt"),
    (101, Ubuntu2404, "messagebus"),
    (101, Ubuntu2204, "systemd-network"),
    (101, Ubuntu1804, "systemd-resolve"),
    (101, Ubuntu1604, "systemd-network"),
    (101, Ubuntu1404, "syslog"),
    (101, Debian12, "sshd"),
    (101, Debian11, "systemd-timesync"),
    (102, Ubuntu2404, "pollinate"),
    (102, Ubuntu2204, "systemd-resolve"),
    (102, Ubuntu1804, "syslog"),
    (102, Ubuntu1604, "systemd-resolve"),
    (102, Ubuntu1404, "messagebus"),
    (102, Debian11, "systemd-network"),
    (103, Ubuntu2404, "syslog"),
    (103, Ubuntu2204, "messagebus"),
    (103, Ubuntu1804, "messagebus"),
    (103, Ubuntu1604, "systemd-bus-proxy"),
    (103, Debian11, "systemd-resolve"),
    (104, Ubuntu2404, "uuidd"),
    (104, Ubuntu2204, "systemd-timesync"),
    (104, Ubuntu1804, "_apt"),
    (104, Ubuntu1604, "syslog"),
    (104, Debian11, "messagebus"),
    (105, Ubuntu2404, "tcpdump"),
    (105, Ubuntu2204, "pollinate"),
    (105, Ubuntu1804, "lxd"),
    (105, Ubuntu1604, "_apt"),
    (105, Ubuntu1404, "sshd"),
    (105, Debian11, "sshd"),
    (106, Ubuntu2404, "tss"),
    (106, Ubuntu2204, "sshd"),
    (106, Ubuntu1804, "uuidd"),
    (106, Ubuntu1604, "lxd"),
    (107, Ubuntu2404, "landscape"),
    (107, Ubuntu2204, "syslog"),
    (107, Ubuntu1804, "dnsmasq"),
    (107, Ubuntu1604, "messagebus"),
    (108, Ubuntu2404, "usbmux"),
    (108, Ubuntu2204, "uuidd"),
    (108, Ubuntu1804, "landscape"),
    (108, Ubuntu1604, "uuidd"),
    (109, Ubuntu2404, "sshd"),
    (109, Ubuntu2204, "tcpdump"),
    (109, Ubuntu1804, "sshd"),
    (109, Ubuntu1604, "dnsmasq"),
    (110, Ubuntu2204, "tss"),
    (110, Ubuntu1804, "pollinate"),
    (110, Ubuntu1604, "sshd"),
    (111, Ubuntu2204, "landscape"),
    (111, Ubuntu1604, "pollinate"),
    (989, Ubuntu2404, "fwupd-refresh"),
    (991, Ubuntu2404, "polkitd"),
    (992, Ubuntu2404, "systemd-resolve"),
    (997, Ubuntu2404, "systemd-timesync"),
    (997, Debian12, "systemd-timesync"),
    (998, Ubuntu2404, "systemd-network"),
    (998, Debian12, "systemd-network"),
    (998, RedHat9, "polkitd"),
    (999, Ubuntu2204, "lxd"),
    (999, Debian11, "systemd-coredump"),
    (999, RedHat9, "systemd-oom"),
];

/// The uid of the first person on a host, whatever the name: `ubuntu` on Ubuntu's cloud images.
const FIRST_PERSON: u32 = 1000;

pub(super) fn typical_accounts(uid: u32) -> impl Iterator<Item = HostAccount> {
    let typical = |release, name| HostAccount { release, name, certainty: AccountCertainty::Typical };
    let ubuntu = (uid == FIRST_PERSON).then_some(typical(Ubuntu2404, "ubuntu"));
    TYPICAL_ACCOUNTS
        .iter()
        .filter(move |row| row.0 == uid)
        .map(move |(_, release, name)| typical(*release, name))
        .chain(ubuntu)
}
