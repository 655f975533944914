//! Finds the family of a base image by its name or by the words of its tag.

use super::DistroFamily;
use super::known::has_word;

/// Words of a tag that show the family; those for what was taken away come first.
const FAMILY_TAG_WORDS: &[(&[&str], DistroFamily)] = &[
    (&["chiseled", "distroless"], DistroFamily::Distroless),
    (&["scratch"], DistroFamily::Scratch),
    (&["nanoserver", "windowsservercore", "servercore", "ltsc"], DistroFamily::Windows),
    (&["alpine"], DistroFamily::Alpine),
    (&["wolfi"], DistroFamily::Wolfi),
    (&["azurelinux", "mariner", "cbl"], DistroFamily::AzureLinux),
    (&["ubi", "al"], DistroFamily::RedHatMinimal),
    (&["oraclelinux", "centos", "rockylinux", "almalinux", "fedora", "rhel"], DistroFamily::RedHat),
    (&["ubuntu", "resolute", "noble", "jammy", "focal", "bionic", "xenial"], DistroFamily::Ubuntu),
    (&["debian", "trixie", "bookworm", "bullseye", "buster", "stretch", "minideb"], DistroFamily::Debian),
    (&["busybox"], DistroFamily::Busybox),
    // Builds of Java that come on their vendor's distribution where the tag names no other.
    (&["amazoncorretto", "corretto", "graalvm"], DistroFamily::RedHatMinimal),
];

/// Bare bases, of one family whatever the tag: they start as root, and bring no account but the distribution's.
const BARE_BASES: &[(&[&str], DistroFamily)] = &[
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
        DistroFamily::RedHat,
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
        DistroFamily::RedHatMinimal,
    ),
    (
        &["mcr.microsoft.com/azurelinux/base/core", "mcr.microsoft.com/cbl-mariner/base/core"],
        DistroFamily::AzureLinux,
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
        DistroFamily::Suse,
    ),
    (
        &["docker.io/library/busybox", "quay.io/prometheus/busybox", "registry.suse.com/bci/bci-busybox"],
        DistroFamily::Busybox,
    ),
    (&["docker.io/library/alpine"], DistroFamily::Alpine),
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
        DistroFamily::Debian,
    ),
    (
        &["docker.io/library/swift", "docker.io/library/ubuntu", "public.ecr.aws/ubuntu/ubuntu"],
        DistroFamily::Ubuntu,
    ),
];

/// Beginnings of names that show the family and nothing more: only a person knows what is built on it.
const FAMILY_PREFIXES: &[(&str, DistroFamily)] = &[
    ("gcr.io/distroless/", DistroFamily::Distroless),
    ("registry.access.redhat.com/", DistroFamily::RedHatMinimal),
    ("registry.redhat.io/", DistroFamily::RedHatMinimal),
    ("public.ecr.aws/amazonlinux/", DistroFamily::RedHatMinimal),
    ("mcr.microsoft.com/azurelinux/distroless/", DistroFamily::Distroless),
    ("mcr.microsoft.com/azurelinux/", DistroFamily::AzureLinux),
    ("mcr.microsoft.com/cbl-mariner/distroless/", DistroFamily::Distroless),
    ("mcr.microsoft.com/cbl-mariner/", DistroFamily::AzureLinux),
    ("mcr.microsoft.com/windows", DistroFamily::Windows),
    ("docker.elastic.co/wolfi/", DistroFamily::Wolfi),
];

pub(super) fn family_by_tag_word(tag: &str) -> Option<DistroFamily> {
    let row = FAMILY_TAG_WORDS.iter().find(|(words, _)| words.iter().any(|word| has_word(tag, word)))?;
    Some(row.1)
}

/// The family of a bare base with this full name.
pub(super) fn family_of_bare_base(name: &str) -> Option<DistroFamily> {
    BARE_BASES.iter().find(|(names, _)| names.contains(&name)).map(|row| row.1)
}

pub(super) fn family_by_prefix(name: &str) -> Option<DistroFamily> {
    FAMILY_PREFIXES.iter().find(|(start, _)| name.starts_with(start)).map(|row| row.1)
}
