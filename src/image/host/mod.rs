//! Names the account that a container's uid is on the host: without user namespaces the uid is the host's own.
//!
//! A name is a lookup in one host's account file. Distributions fix the uids below 100; those from 100 to 999 are given
//! out in the order in which packages were installed, so only typical ones are known of them, by release. The
//! consequence holds on every host: each process with the uid shares its rights.

mod fixed_accounts;
mod typical_accounts;
mod uid_summary;

pub use uid_summary::summarise_uid;

/// The certainty that a host of that release has the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountCertainty {
    /// The distribution's base package fixes the number.
    Certain,
    /// The distribution reserves the number for a package, which a host may not have.
    IfInstalled,
    /// So it is after a default install; another order of packages gives another name.
    Typical,
}

/// An account that a host may have for a uid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostAccount {
    pub release: HostRelease,
    pub name: &'static str,
    pub certainty: AccountCertainty,
}

/// The releases whose account files were read, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HostRelease {
    Ubuntu2404,
    Ubuntu2204,
    Ubuntu1804,
    Ubuntu1604,
    Ubuntu1404,
    Debian12,
    Debian11,
    Alpine,
    RedHat9,
}

impl HostRelease {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ubuntu2404 => "Ubuntu 24.04",
            Self::Ubuntu2204 => "Ubuntu 22.04",
            Self::Ubuntu1804 => "Ubuntu 18.04",
            Self::Ubuntu1604 => "Ubuntu 16.04",
            Self::Ubuntu1404 => "Ubuntu 12.04 to 14.04",
            Self::Debian12 => "Debian 12",
            Self::Debian11 => "Debian 11",
            Self::Alpine => "Alpine 3.20",
            Self::RedHat9 => "RHEL 9",
        }
    }
}

/// The account that an uid given out by chance met on one worker node: a fact about that node, and about no other.
pub const MET_HOST_ACCOUNT: (u32, &str) = (101, "syslog");

/// Every account that is known to hold the uid on some host, what is certain first.
#[must_use]
pub fn host_accounts(uid: u32) -> Vec<HostAccount> {
    let mut accounts: Vec<HostAccount> =
        fixed_accounts::fixed_accounts(uid).chain(typical_accounts::typical_accounts(uid)).collect();
    accounts.sort_by_key(|account| (account.certainty, account.release));
    accounts
}

/// The account that holds the uid on hosts of one release, where one is known to.
#[must_use]
pub fn account_on_release(release: HostRelease, uid: u32) -> Option<HostAccount> {
    host_accounts(uid).into_iter().find(|account| account.release == release)
}
