//! Computes which of root's rights a runtime leaves to a container's processes, for the walkthrough.

use super::model::{Capabilities, SecurityContext};
use super::{Container, DEFAULT_CAPABILITIES, Pod};
use crate::yaml::Lenient;

/// Every capability, each at its number (Linux, `capability.h`; the last since 5.9).
const ALL_CAPABILITIES: [&str; 41] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
];

/// What the kernel holds a container's processes to, as `/proc/1/status` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessRights {
    /// The capabilities that no process can go beyond, a bit for each (`CapBnd`).
    pub bounding_set: u64,
    /// True where no program gains rights when it starts (`NoNewPrivs`).
    pub no_new_privileges: bool,
    /// True where a profile closes system calls (`Seccomp`).
    pub filters_calls: bool,
    pub is_privileged: bool,
}

impl ProcessRights {
    /// The capabilities of the bounding set, in the kernel's order.
    pub fn capabilities(&self) -> impl Iterator<Item = &'static str> {
        let set = self.bounding_set;
        ALL_CAPABILITIES
            .into_iter()
            .enumerate()
            .filter(move |(at, _)| set >> at & 1 == 1)
            .map(|(_, name)| name)
    }

    /// True where that is every one that there is.
    #[must_use]
    pub const fn has_every_capability(&self) -> bool {
        self.bounding_set == EVERY_CAPABILITY
    }
}

const EVERY_CAPABILITY: u64 = (1 << ALL_CAPABILITIES.len()) - 1;

impl Pod {
    /// The rights of one of its containers. A privileged one has all of them, and runtimes filter none of its calls
    /// (containerd, `generateSeccompSpecOpts`).
    #[must_use]
    pub fn process_rights(&self, container: &Container) -> ProcessRights {
        let context = &container.model.security_context;
        let is = |field: fn(&SecurityContext) -> &Lenient<bool>, wanted| {
            context.map_field(field) == Lenient::Value(wanted)
        };
        let is_privileged = is(|own| &own.privileged, true);
        let profile = self.seccomp_type(container);
        ProcessRights {
            bounding_set: if is_privileged {
                EVERY_CAPABILITY
            } else {
                bounding_set(context.map_field(|own| &own.capabilities).get())
            },
            no_new_privileges: is(|own| &own.allow_privilege_escalation, false),
            filters_calls: !is_privileged && profile.get().is_some_and(|kind| kind != "Unconfined"),
            is_privileged,
        }
    }
}

impl Container {
    /// What the API server refuses beside `allowPrivilegeEscalation: false` (validation, `ValidateSecurityContext`); none
    /// where it takes the container.
    #[must_use]
    pub fn refused_beside_no_escalation(&self) -> Option<&'static str> {
        let own = self.model.security_context.get()?;
        let adds = |wanted: &str| {
            own.capabilities.get().is_some_and(|own| own.add.valid_items().any(|(_, name)| name == wanted))
        };
        match own.allow_privilege_escalation.is(&false) {
            true if own.privileged.is(&true) => Some("privileged: true"),
            true if adds("CAP_SYS_ADMIN") => Some("an added CAP_SYS_ADMIN"),
            _ => None,
        }
    }
}

/// The set that runtimes make: all words first, then what is added, and last what is dropped (containerd,
/// `WithCapabilities`). They take the names in any letters.
fn bounding_set(own: Option<&Capabilities>) -> u64 {
    let names = |list: Option<&crate::yaml::LenientList<String>>| -> Vec<String> {
        list.into_iter().flat_map(Lenient::valid_items).map(|(_, name)| plain_name(name)).collect()
    };
    let (add, drop) = (names(own.map(|own| &own.add)), names(own.map(|own| &own.drop)));
    let has_all = |list: &[String]| list.iter().any(|name| name == "ALL");
    let mut set = match (has_all(&drop), has_all(&add)) {
        (true, _) => 0,
        (false, true) => EVERY_CAPABILITY,
        (false, false) => DEFAULT_CAPABILITIES.iter().map(|name| capability_bit(name)).sum(),
    };
    set |= add.iter().fold(0, |bits, name| bits | capability_bit(name));
    set & !drop.iter().fold(0, |bits, name| bits | capability_bit(name))
}

fn plain_name(name: &str) -> String {
    let name = name.to_ascii_uppercase();
    name.strip_prefix("CAP_").map_or_else(|| name.clone(), str::to_owned)
}

/// The bit of a capability; none for a word that is not one.
fn capability_bit(name: &str) -> u64 {
    ALL_CAPABILITIES.iter().position(|known| *known == name).map_or(0, |at| 1 << at)
}
