//! Reads tags as versions, to find those that a moving tag may stand for, the newest first.

use std::cmp::Reverse;
use std::collections::HashSet;

use crate::image::TagKind;

/// Words that name a channel, not a version in it.
const CHANNEL_WORDS: &[&str] = &[
    "current", "dev", "develop", "edge", "latest", "lts", "main", "mainline", "master", "nightly", "stable",
];

/// A tag taken apart. The greater of two is the better one to pin: less that is beside the point, then newer, then more
/// exact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TagVersion {
    /// More than one number: a lone one is a date or a build as often as a version.
    is_dotted: bool,
    /// A final release, not `rc1` or `beta`.
    is_release: bool,
    /// Fewer words besides the version are better.
    extra_words: Reverse<usize>,
    numbers: Vec<u64>,
    text: String,
}

impl TagVersion {
    pub(super) fn from_tag(tag: &str) -> Self {
        let mut words: Vec<&str> = tag.split(['-', '_']).collect();
        let at = words.iter().position(|word| version_numbers(word).is_some());
        let version = at.map(|at| words.remove(at));
        let release = !words.iter().copied().chain(version).any(is_prerelease);
        let numbers = version.and_then(version_numbers).unwrap_or_default();
        Self {
            is_dotted: numbers.len() > 1,
            is_release: release,
            extra_words: Reverse(words.len()),
            numbers,
            text: tag.to_owned(),
        }
    }
}

/// The tags that name one version and may be what `tag` stands for, the likeliest first. A tag that another one extends
/// (`1.27` beside `1.27.3`) moves itself, and is left out.
pub(super) fn rank_candidates(tag: &str, all: &[String]) -> Vec<String> {
    let (prefix, wanted) = split_tag(tag);
    let versions =
        || all.iter().filter(|other| *other != tag && TagKind::from_tag(other) == TagKind::Version);
    let extended: HashSet<(Vec<u64>, Vec<&str>)> = versions().flat_map(|tag| shorter_versions(tag)).collect();
    let mut ranked: Vec<(bool, TagVersion)> = versions()
        .filter(|tag| !extended.contains(&split_tag(tag)))
        .map(|tag| {
            let (numbers, words) = split_tag(tag);
            let fits = numbers.starts_with(&prefix)
                && wanted.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)));
            (fits, TagVersion::from_tag(tag))
        })
        .collect();
    ranked.sort_by(|a, b| b.cmp(a));
    ranked.into_iter().map(|(_, version)| version.text).collect()
}

/// The numbers of a tag's version, and its other words without channels.
fn split_tag(tag: &str) -> (Vec<u64>, Vec<&str>) {
    let mut words: Vec<&str> = tag.split(['-', '_']).filter(|word| !CHANNEL_WORDS.contains(word)).collect();
    let at = words.iter().position(|word| version_numbers(word).is_some());
    (at.map(|at| words.remove(at)).and_then(version_numbers).unwrap_or_default(), words)
}

/// The tags that this one extends, as [`split_tag`] takes them apart: with fewer numbers, the same words.
fn shorter_versions(tag: &str) -> Vec<(Vec<u64>, Vec<&str>)> {
    let (numbers, words) = split_tag(tag);
    (1..numbers.len()).map(|length| (numbers[..length].to_vec(), words.clone())).collect()
}

/// The numbers of `1.27.3`, `v2`, `3.14.0rc1`; none of a word.
fn version_numbers(word: &str) -> Option<Vec<u64>> {
    let plain = word.strip_prefix(['v', 'V']).unwrap_or(word);
    plain.starts_with(|c: char| c.is_ascii_digit()).then(|| {
        plain
            .split('.')
            .map_while(|part| {
                let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
                part[..digits].parse().ok()
            })
            .collect()
    })
}

/// `rc1`, `beta`, `3.14.0a2`: what is not released yet.
fn is_prerelease(word: &str) -> bool {
    const MARKS: &[&str] = &["alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "nightly", "canary"];
    let word = word.to_ascii_lowercase();
    let tail = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let mark = tail.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    MARKS.contains(&mark) || (tail.len() < word.len() && tail.len() > 1 && matches!(mark, "a" | "b"))
}
