//! Finds calls of package managers in RUN instructions, for rules about packages.

use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::{Invocation, SimpleCommand};

/// A family of package managers that share their caches and verbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PackageManager {
    Apt,
    Apk,
    /// dnf, yum and microdnf.
    Dnf,
    Zypper,
    Pip,
}

/// A call of a package manager.
#[derive(Clone, Copy)]
pub(super) struct PackageCall<'a> {
    pub(super) manager: PackageManager,
    pub(super) invocation: Invocation<'a>,
    /// `install`, `update`, …
    pub(super) verb: &'a SpannedWord,
}

impl PackageManager {
    fn from_program(name: &str) -> Option<Self> {
        Some(match name {
            "apt-get" | "apt" | "aptitude" => Self::Apt,
            "apk" => Self::Apk,
            "dnf" | "dnf5" | "yum" | "microdnf" => Self::Dnf,
            "zypper" => Self::Zypper,
            _ if is_pip(name) => Self::Pip,
            _ => return None,
        })
    }

    /// The options before the verb that take a value in the next word.
    const fn options_with_value(self) -> &'static [&'static str] {
        match self {
            Self::Apt => &["-o", "--option", "-c", "--config-file", "-t", "--target-release", "-a"],
            Self::Apk => {
                &["-p", "--root", "-X", "--repository", "--keys-dir", "--repositories-file", "--arch"]
            }
            Self::Dnf => {
                &["-c", "-d", "-e", "-x", "--installroot", "--setopt", "--enablerepo", "--disablerepo"]
            }
            Self::Zypper => &["-R", "--root", "-C", "--cache-dir", "-D", "--reposd-dir"],
            Self::Pip => &["--cert", "--proxy", "--log", "--cache-dir", "--python"],
        }
    }
}

/// `pip`, `pip3`, `pip3.12`.
fn is_pip(name: &str) -> bool {
    name.strip_prefix("pip").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// The call of a package manager that a command comes to.
pub(super) fn package_call(command: &SimpleCommand) -> Option<PackageCall<'_>> {
    let mut call = command.effective_invocation()?;
    let is_python = call.name().starts_with("python");
    if is_python
        && let [flag, module, ..] = call.arguments()
        && flag.text == "-m"
        && is_pip(&module.text)
    {
        call = Invocation::from_words(&call.arguments()[1..])?;
    }
    let manager = PackageManager::from_program(call.name())?;
    let verb = call.operands(manager.options_with_value()).next()?;
    Some(PackageCall { manager, invocation: call, verb })
}

impl PackageCall<'_> {
    /// True when it installs packages.
    pub(super) fn installs(&self) -> bool {
        let verb = self.verb.text.as_str();
        match self.manager {
            PackageManager::Apt => matches!(verb, "install" | "build-dep" | "reinstall"),
            PackageManager::Apk => verb == "add",
            PackageManager::Dnf => matches!(
                verb,
                "install"
                    | "in"
                    | "reinstall"
                    | "groupinstall"
                    | "localinstall"
                    | "builddep"
                    | "group"
                    | "module"
            ),
            PackageManager::Zypper => {
                matches!(verb, "install" | "in" | "source-install" | "si" | "install-new-recommends" | "inr")
            }
            PackageManager::Pip => verb == "install",
        }
    }

    /// True when it upgrades installed packages.
    pub(super) fn upgrades(&self) -> bool {
        match self.manager {
            PackageManager::Apt => {
                matches!(
                    self.verb.text.as_str(),
                    "upgrade" | "dist-upgrade" | "full-upgrade" | "safe-upgrade"
                )
            }
            PackageManager::Apk => self.verb.text == "upgrade",
            PackageManager::Zypper => matches!(self.verb.text.as_str(), "dist-upgrade" | "dup" | "patch"),
            PackageManager::Dnf | PackageManager::Pip => false,
        }
    }

    /// True when it refreshes the index of packages. yum, dnf and zypper upgrade by the same verb.
    pub(super) fn refreshes(&self) -> bool {
        let verb = self.verb.text.as_str();
        match self.manager {
            PackageManager::Apt | PackageManager::Apk => verb == "update",
            PackageManager::Dnf => matches!(verb, "update" | "upgrade" | "makecache" | "check-update"),
            PackageManager::Zypper => matches!(verb, "refresh" | "ref" | "update" | "up"),
            PackageManager::Pip => false,
        }
    }

    /// True when it does not prompt.
    pub(super) fn is_confirmed(&self) -> bool {
        let flag = |short: char, long: &str| self.invocation.find_flag(Some(short), long).is_some();
        let words = || self.invocation.arguments().iter().map(|word| word.text.as_str());
        match self.manager {
            PackageManager::Apt => {
                flag('y', "yes")
                    || flag('y', "assume-yes")
                    || ["simulate", "just-print", "dry-run", "recon", "no-act"]
                        .iter()
                        .any(|act| flag('s', act))
                    || flag('d', "download-only")
                    || self.invocation.name() != "aptitude" && self.quiet_level() >= 2
                    || words().any(says_assume_yes)
            }
            PackageManager::Dnf => {
                flag('y', "assumeyes")
                    || self.invocation.name() == "microdnf"
                    || words().any(|word| {
                        let word = word.to_ascii_lowercase();
                        ["assumeyes=1", "assumeyes=true", "assumeyes=yes"]
                            .iter()
                            .any(|set| word.ends_with(set))
                    })
            }
            PackageManager::Zypper => {
                flag('y', "no-confirm") || flag('n', "non-interactive") || flag('D', "dry-run")
            }
            PackageManager::Apk | PackageManager::Pip => true,
        }
    }

    /// How quiet apt-get is to be: each `q` counts one, `-q=2` sets it; from 2 on it takes every answer for yes
    /// (apt-get(8)). aptitude does not.
    fn quiet_level(&self) -> u32 {
        let mut level = 0;
        let mut is_setting = false;
        for word in self.invocation.arguments().iter().map(|word| word.text.as_str()) {
            let set_by_option = std::mem::take(&mut is_setting);
            let (name, value) =
                word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
            let number = value.and_then(|value| value.trim_matches(['"', '\'']).parse().ok());
            match (name, number) {
                ("--quiet" | "-q" | "quiet", Some(number)) if name != "quiet" || set_by_option => {
                    level = number;
                }
                ("-o", _) if value.is_some_and(|value| value.starts_with("quiet=")) => {
                    level = word.rsplit('=').next().and_then(|value| value.parse().ok()).unwrap_or(level);
                }
                ("-o" | "--option", None) => is_setting = true,
                ("--quiet", None) => level += 1,
                _ if name.starts_with('-') && !name.starts_with("--") => {
                    level += u32::try_from(name.matches('q').count()).unwrap_or_default();
                    if name.ends_with('q') && number.is_some() {
                        level = number.unwrap_or(level);
                    }
                }
                _ => {}
            }
        }
        level
    }
}

/// `APT::Get::Assume-Yes=true`, as an option's value.
fn says_assume_yes(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let value = word.split_once("assume-yes=").map(|(_, value)| value.trim_matches(['"', '\'']));
    value.is_some_and(|value| matches!(value, "true" | "yes" | "1" | "on" | "with" | "enable"))
}
