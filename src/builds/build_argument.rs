//! Holds what a build file gives a build by `--build-arg` or a key for it, for whoever builds the image.

use std::collections::HashSet;

use super::build_yaml::BuildNode;
use super::unknown_text::is_certain;

/// An argument of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildArgument {
    pub name: String,
    /// None where the files do not say it: it comes from the environment, or from what runs in the build.
    pub value: Option<String>,
}

impl BuildArgument {
    pub(super) fn new(name: &str, value: Option<&str>) -> Self {
        // What is left of another language's template is no value.
        let is_plain = |value: &&str| is_certain(value) && !value.contains("{{");
        Self { name: name.to_owned(), value: value.filter(is_plain).map(str::to_owned) }
    }

    /// `NAME=VALUE`, or `NAME` alone, whose value is that of the environment.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let is_name =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        is_name.then(|| Self::new(name, value))
    }

    /// Those of a mapping, or of a list of `NAME=VALUE`, each text expanded.
    pub(super) fn list_in(node: Option<BuildNode<'_>>, expand: impl Fn(&str) -> String) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let mut found: Vec<Self> = node
            .entries()
            .map(|(name, value)| Self::new(name, value.text().map(&expand).as_deref()))
            .collect();
        found.extend(
            node.items().filter_map(BuildNode::text).filter_map(|word| Self::from_word(&expand(word))),
        );
        found
    }
}

/// What all of several statements say: of an argument that they give other values, or only some of them, none is known.
#[must_use]
pub fn agreed_arguments(all: &[&[BuildArgument]]) -> Vec<BuildArgument> {
    let mut names = HashSet::new();
    let named = all.iter().copied().flatten().filter(|own| names.insert(&own.name));
    let agreed = named.map(|own| {
        // Of several in one statement the last counts.
        let mut last = all.iter().map(|list| list.iter().rfind(|other| other.name == own.name));
        let first = last.next().flatten();
        let agreed = first.filter(|first| last.all(|other| other == Some(*first)));
        BuildArgument { name: own.name.clone(), value: agreed.and_then(|own| own.value.clone()) }
    });
    agreed.collect()
}

#[cfg(test)]
mod tests {
    use super::{BuildArgument, agreed_arguments};

    fn list(words: &[&str]) -> Vec<BuildArgument> {
        words.iter().filter_map(|word| BuildArgument::from_word(word)).collect()
    }

    #[test]
    fn what_all_statements_end_with_is_known() {
        let twice = list(&["A=1", "A=2", "B=1"]);
        assert_eq!(agreed_arguments(&[&twice]), list(&["A=2", "B=1"]));
        let other = list(&["B=2", "A=2"]);
        assert_eq!(agreed_arguments(&[&twice, &other]), list(&["A=2", "B"]));
        assert_eq!(agreed_arguments(&[&other, &list(&["B=2"])]), list(&["B=2", "A"]));
    }
}
