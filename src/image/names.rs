//! The family of a base, told by its name or by the words of its tag.

use super::Family;
use super::known::has_word;

/// Words of a tag that tell the family; those that say what was taken away come first.
const WORDS: &[(&[&str], Family)] = &[
    (&["chiseled", "distroless"], Family::Distroless),
    (&["scratch"], Family::Scratch),
    (&["nanoserver", "windowsservercore", "servercore", "ltsc"], Family::Windows),
    (&["alpine"], Family::Alpine),
    (&["wolfi"], Family::Wolfi),
    (&["azurelinux", "mariner", "cbl"], Family::AzureLinux),
    (&["ubi", "al"], Family::RedHatMinimal),
    (&["oraclelinux", "centos", "rockylinux", "almalinux", "fedora", "rhel"], Family::RedHat),
    (&["ubuntu", "resolute", "noble", "jammy", "focal", "bionic", "xenial"], Family::Ubuntu),
    (&["debian", "trixie", "bookworm", "bullseye", "buster", "stretch", "minideb"], Family::Debian),
    (&["busybox"], Family::Busybox),
    // Builds of Java that come on their vendor's distribution where the tag names no other.
    (&["amazoncorretto", "corretto", "graalvm"], Family::RedHatMinimal),
];

/// Bare bases, of one family whatever the tag: they start as root, and bring no account but the distribution's.
const BARE: &[(&[&str], Family)] = &[
    (
        &[
            "docker.io/library/almalinux",
            "docker.io/library/centos",
            "docker.io/library/fedora",
            "docker.io/library/oraclelinux",
            "docker.io/library/rockylinux",
            "docker.io/redhat/ubi8",
            "docker.io/redhat/ubi9",
            "docker.io/rockylinux/rockylinux",
            "quay.io/centos/centos",
            "quay.io/fedora/fedora",
            "registry.access.redhat.com/ubi10",
            "registry.access.redhat.com/ubi10/ubi",
            "registry.access.redhat.com/ubi8",
            "registry.access.redhat.com/ubi8/ubi",
            "registry.access.redhat.com/ubi9",
            "registry.access.redhat.com/ubi9/ubi",
            "registry.redhat.io/ubi8/ubi",
            "registry.redhat.io/ubi9/ubi",
        ],
        Family::RedHat,
    ),
    (
        &[
            "docker.io/library/amazonlinux",
            "docker.io/redhat/ubi8-micro",
            "docker.io/redhat/ubi8-minimal",
            "docker.io/redhat/ubi9-micro",
            "docker.io/redhat/ubi9-minimal",
            "public.ecr.aws/amazonlinux/amazonlinux",
            "quay.io/fedora/fedora-minimal",
            "registry.access.redhat.com/ubi10/ubi-micro",
            "registry.access.redhat.com/ubi10/ubi-minimal",
            "registry.access.redhat.com/ubi8-micro",
            "registry.access.redhat.com/ubi8-minimal",
            "registry.access.redhat.com/ubi8/ubi-micro",
            "registry.access.redhat.com/ubi8/ubi-minimal",
            "registry.access.redhat.com/ubi9-micro",
            "registry.access.redhat.com/ubi9-minimal",
            "registry.access.redhat.com/ubi9/ubi-micro",
            "registry.access.redhat.com/ubi9/ubi-minimal",
            "registry.redhat.io/ubi8/ubi-minimal",
            "registry.redhat.io/ubi9/ubi-minimal",
        ],
        Family::RedHatMinimal,
    ),
    (
        &["mcr.microsoft.com/azurelinux/base/core", "mcr.microsoft.com/cbl-mariner/base/core"],
        Family::AzureLinux,
    ),
    (
        &[
            "docker.io/opensuse/leap",
            "docker.io/opensuse/tumbleweed",
            "registry.opensuse.org/opensuse/leap",
            "registry.opensuse.org/opensuse/tumbleweed",
            "registry.suse.com/bci/bci-base",
            "registry.suse.com/suse/sle15",
        ],
        Family::Suse,
    ),
    (
        &["docker.io/library/busybox", "quay.io/prometheus/busybox", "registry.suse.com/bci/bci-busybox"],
        Family::Busybox,
    ),
    (&["docker.io/library/alpine"], Family::Alpine),
    (
        &[
            "docker.io/library/buildpack-deps",
            "docker.io/library/debian",
            "docker.io/library/elixir",
            "docker.io/library/erlang",
            "docker.io/library/gcc",
            "docker.io/library/haskell",
            "docker.io/library/julia",
            "docker.io/library/perl",
            "docker.io/library/pypy",
        ],
        Family::Debian,
    ),
    (
        &["docker.io/library/swift", "docker.io/library/ubuntu", "public.ecr.aws/ubuntu/ubuntu"],
        Family::Ubuntu,
    ),
];

/// Beginnings of names that tell the family and nothing more: what is built on it, a person must know.
const RELATED: &[(&str, Family)] = &[
    ("gcr.io/distroless/", Family::Distroless),
    ("registry.access.redhat.com/", Family::RedHatMinimal),
    ("registry.redhat.io/", Family::RedHatMinimal),
    ("public.ecr.aws/amazonlinux/", Family::RedHatMinimal),
    ("mcr.microsoft.com/azurelinux/distroless/", Family::Distroless),
    ("mcr.microsoft.com/azurelinux/", Family::AzureLinux),
    ("mcr.microsoft.com/cbl-mariner/distroless/", Family::Distroless),
    ("mcr.microsoft.com/cbl-mariner/", Family::AzureLinux),
    ("mcr.microsoft.com/windows", Family::Windows),
    ("docker.elastic.co/wolfi/", Family::Wolfi),
];

pub(super) fn by_word(tag: &str) -> Option<Family> {
    let row = WORDS.iter().find(|(words, _)| words.iter().any(|word| has_word(tag, word)))?;
    Some(row.1)
}

/// The family of a bare base with this full name.
pub(super) fn bare(name: &str) -> Option<Family> {
    BARE.iter().find(|(names, _)| names.contains(&name)).map(|row| row.1)
}

pub(super) fn related(name: &str) -> Option<Family> {
    RELATED.iter().find(|(start, _)| name.starts_with(start)).map(|row| row.1)
}
