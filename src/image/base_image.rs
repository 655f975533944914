//! Describes the image that a stage is built from, for rules and fixes: its family, and if an account can be made on
//! it.

use super::known::{ConfiguredUser, DefaultUser, KnownImage, has_word};
use super::{AccountTools, DistroFamily, Reference, family_names, known};

/// The base of a stage: its family, and the row of the table of well-known images where it has one.
#[derive(Clone, Copy, Debug)]
pub struct BaseImage {
    pub family: DistroFamily,
    pub known_image: Option<&'static KnownImage>,
    /// True when its accounts are known: those of an image of one's own are not, whatever its family.
    pub has_known_accounts: bool,
}

/// Names that the distributions' own packages give to accounts or groups.
const RESERVED_ACCOUNT_NAMES: &[&str] = &[
    "adm",
    "audio",
    "backup",
    "bin",
    "cdrom",
    "crontab",
    "daemon",
    "dialout",
    "dip",
    "disk",
    "fax",
    "floppy",
    "ftp",
    "games",
    "gnats",
    "guest",
    "halt",
    "input",
    "irc",
    "kmem",
    "kvm",
    "list",
    "lock",
    "lp",
    "mail",
    "man",
    "mem",
    "messagebus",
    "netdev",
    "news",
    "nobody",
    "nogroup",
    "nonroot",
    "ntp",
    "operator",
    "ping",
    "plugdev",
    "postmaster",
    "proxy",
    "readproc",
    "render",
    "root",
    "sasl",
    "sgx",
    "shadow",
    "shutdown",
    "src",
    "sshd",
    "staff",
    "sudo",
    "sync",
    "sys",
    "tape",
    "tty",
    "ubuntu",
    "users",
    "utempter",
    "utmp",
    "uucp",
    "video",
    "voice",
    "wheel",
    "www-data",
];

/// The first uid for new accounts: lower ones are the distributions', and 1000 is the first person's.
const FIRST_FREE_UID: u32 = 1001;
/// The last uid that busybox allows where the distribution sets no other (loginutils/adduser.c, LAST_ID).
const LAST_BUSYBOX_UID: u32 = 60000;
/// `nonroot`, `nobody`, and the two that 16-bit software takes for "none".
const NOBODY_UIDS: std::ops::RangeInclusive<u32> = 65532..=65535;

impl BaseImage {
    /// The base that a reference names. `scratch`, which is no image, is understood too.
    #[must_use]
    pub fn from_reference(reference: &Reference) -> Self {
        let name = reference.name();
        if name == "docker.io/library/scratch" {
            return Self::scratch_base();
        }
        let known = known::find_known_image(reference);
        let bare = family_names::family_of_bare_base(&name);
        let by_word = reference.tag().and_then(family_names::family_by_tag_word);
        // A digest alone does not show which of an image's variants it is.
        let by_digest = reference.tag().is_none() && reference.digest().is_some();
        let by_row = known.filter(|_| !by_digest).and_then(|known| known.family);
        let mut family = by_word
            .or(by_row)
            .or(bare)
            .or_else(|| family_names::family_by_prefix(&name))
            .unwrap_or(DistroFamily::Unknown);
        if reference.host() == "cgr.dev" {
            // Chainguard's images have a shell in their `-dev` tags and in the bases to build on.
            let shell = name.ends_with("-base") || reference.tag().is_some_and(|tag| has_word(tag, "dev"));
            family = if shell { DistroFamily::Wolfi } else { DistroFamily::Distroless };
        }
        if family == DistroFamily::RedHat && reference.tag().is_some_and(|tag| has_word(tag, "minimal")) {
            family = DistroFamily::RedHatMinimal;
        }
        Self { family, known_image: known, has_known_accounts: known.is_some() || bare.is_some() }
    }

    #[must_use]
    pub const fn scratch_base() -> Self {
        Self { family: DistroFamily::Scratch, known_image: None, has_known_accounts: true }
    }

    /// A base that nothing is known of: a private name, an open build argument.
    #[must_use]
    pub const fn unknown_base() -> Self {
        Self { family: DistroFamily::Unknown, known_image: None, has_known_accounts: false }
    }

    /// The user in the base's own configuration. The bare bases of the distributions start as root.
    #[must_use]
    pub fn default_user(&self) -> DefaultUser {
        match self.known_image {
            _ if self.family == DistroFamily::Windows => DefaultUser::Unknown,
            Some(known) => known.default_user(),
            None if self.has_known_accounts => DefaultUser::Root,
            None => DefaultUser::Unknown,
        }
    }

    /// One line of shell that makes the group and the account, with this uid and gid, no home and no login shell. None
    /// where the tools may be missing, and where the name and the ids may be in use; a uid alone needs no account and
    /// works everywhere.
    #[must_use]
    pub fn account_commands(&self, name: &str, uid: u32, gid: u32) -> Option<String> {
        let dialect = self.family.account_tools()?;
        let shell = self.family.nologin_shell()?;
        if !self.has_known_accounts || !self.is_free_account(dialect, name, uid, gid) {
            return None;
        }
        Some(match (dialect, self.family) {
            (AccountTools::Busybox, _) => format!(
                "addgroup -S -g {gid} {name} && adduser -S -D -H -u {uid} -G {name} -h /nonexistent -s {shell} {name}"
            ),
            (AccountTools::Shadow, DistroFamily::Debian | DistroFamily::Ubuntu) => format!(
                "groupadd --system --gid {gid} {name} && useradd --system --no-log-init --uid {uid} --gid {gid} \
                 --no-create-home --home-dir /nonexistent --shell {shell} {name}"
            ),
            (AccountTools::Shadow, _) => format!(
                "groupadd -r -g {gid} {name} && useradd -r -l -u {uid} -g {gid} -M -d /nonexistent -s {shell} {name}"
            ),
        })
    }

    fn is_free_account(&self, dialect: AccountTools, name: &str, uid: u32, gid: u32) -> bool {
        let last = if dialect == AccountTools::Busybox { LAST_BUSYBOX_UID } else { u32::MAX - 2 };
        let in_range = |id: u32| (FIRST_FREE_UID..=last).contains(&id) && !NOBODY_UIDS.contains(&id);
        let accounts = self.known_image.map_or(&[][..], |known| known.accounts);
        let identity = self.known_image.and_then(|known| known.identity);
        let user = self.known_image.map(|known| known.user);
        is_account_name(name)
            && !RESERVED_ACCOUNT_NAMES.contains(&name)
            && in_range(uid)
            && in_range(gid)
            && identity.is_none_or(|identity| identity.uid != uid && identity.gid != gid)
            && accounts.iter().all(|account| account.name != name && account.uid != uid && account.gid != gid)
            && !matches!(user, Some(ConfiguredUser::Name(taken)) if taken == name)
    }
}

/// True for a name that both families of tools take: `[a-z_][a-z0-9_-]*`, at most 32 characters.
fn is_account_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}
