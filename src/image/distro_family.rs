//! Describes the families of base images, for rules and fixes: how each makes accounts, and which shell it has.

use std::fmt;

use serde::Deserialize;

/// The distribution that an image is built on, as far as hardening differs between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DistroFamily {
    Alpine,
    Debian,
    Ubuntu,
    /// Red Hat, its rebuilds, Fedora and Oracle Linux, with a full set of tools.
    RedHat,
    /// Red Hat's minimal and micro images, and Amazon Linux: no account tools until `shadow-utils` is installed.
    RedHatMinimal,
    /// Azure Linux and its forerunner CBL-Mariner.
    AzureLinux,
    Suse,
    /// Wolfi and the Chainguard images that carry busybox.
    Wolfi,
    /// No shell and no tools: Google's distroless, Chainguard's runtime images, chiselled Ubuntu.
    Distroless,
    /// The empty image.
    Scratch,
    Busybox,
    Windows,
    Unknown,
}

/// The tools by which a family makes accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountTools {
    /// `addgroup` and `adduser` of busybox.
    Busybox,
    /// `groupadd` and `useradd` of the shadow suite.
    Shadow,
}

impl DistroFamily {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alpine => "Alpine",
            Self::Debian => "Debian",
            Self::Ubuntu => "Ubuntu",
            Self::RedHat => "Red Hat",
            Self::RedHatMinimal => "minimal Red Hat",
            Self::AzureLinux => "Azure Linux",
            Self::Suse => "SUSE",
            Self::Wolfi => "Wolfi",
            Self::Distroless => "distroless",
            Self::Scratch => "scratch",
            Self::Busybox => "busybox",
            Self::Windows => "Windows",
            Self::Unknown => "unknown",
        }
    }

    /// The account tools that every image of the family certainly has; none where they must be installed first, or
    /// where nothing can run. (busybox: loginutils/adduser.c; Debian: package passwd, useradd(8).)
    #[must_use]
    pub const fn account_tools(self) -> Option<AccountTools> {
        match self {
            Self::Alpine | Self::Wolfi | Self::Busybox => Some(AccountTools::Busybox),
            Self::Debian | Self::Ubuntu | Self::RedHat | Self::Suse => Some(AccountTools::Shadow),
            Self::RedHatMinimal
            | Self::AzureLinux
            | Self::Distroless
            | Self::Scratch
            | Self::Windows
            | Self::Unknown => None,
        }
    }

    /// The shell of an account that nobody logs in to; none where the family has no such file, or is not known.
    #[must_use]
    pub const fn nologin_shell(self) -> Option<&'static str> {
        match self {
            Self::Debian | Self::Ubuntu => Some("/usr/sbin/nologin"),
            Self::Alpine
            | Self::Wolfi
            | Self::Distroless
            | Self::RedHat
            | Self::RedHatMinimal
            | Self::AzureLinux
            | Self::Suse => Some("/sbin/nologin"),
            Self::Busybox => Some("/bin/false"),
            Self::Scratch | Self::Windows | Self::Unknown => None,
        }
    }

    /// True when a RUN in shell form can run at all; unknown families are taken to have a shell, as most have.
    #[must_use]
    pub const fn has_shell(self) -> bool {
        !matches!(self, Self::Distroless | Self::Scratch)
    }

    /// The shell that certainly is there and knows `-o pipefail`. Debian's and Ubuntu's `/bin/sh` is dash, which
    /// refuses it (dash 0.5.12), so bash is named; busybox ash takes it.
    #[must_use]
    pub const fn pipefail_shell(self) -> Option<&'static str> {
        match self {
            Self::Alpine => Some("/bin/ash"),
            Self::Busybox | Self::Wolfi => Some("/bin/sh"),
            Self::Debian
            | Self::Ubuntu
            | Self::RedHat
            | Self::RedHatMinimal
            | Self::AzureLinux
            | Self::Suse => Some("/bin/bash"),
            Self::Distroless | Self::Scratch | Self::Windows | Self::Unknown => None,
        }
    }

    /// True when `/bin/sh` itself takes `set -o pipefail`; none where that is not known or there is no such shell.
    #[must_use]
    pub const fn sh_has_pipefail(self) -> Option<bool> {
        match self {
            Self::Debian | Self::Ubuntu => Some(false),
            Self::Alpine
            | Self::Busybox
            | Self::Wolfi
            | Self::RedHat
            | Self::RedHatMinimal
            | Self::AzureLinux
            | Self::Suse => Some(true),
            Self::Distroless | Self::Scratch | Self::Windows | Self::Unknown => None,
        }
    }
}

impl fmt::Display for DistroFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
