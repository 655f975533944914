//! Holds one document of a file: its tree, its value, and any reason why it may not be edited.

use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::deserialize::TreeDeserializer;
use super::scalar_typing::{ScalarTyping, ambiguous_boolean, type_unless_text};
use super::split_documents::BYTE_ORDER_MARK;
use super::value_of;
use super::yaml_problem::{ReadOnlyReason, YamlProblem, YamlProblemKind};
use super::yaml_tree::{NodeId, YamlTree};
use crate::text::{SmallSet, Span};

/// One document of a file, whatever its content.
#[derive(Clone, Debug)]
pub struct YamlDocument {
    /// From its leading comments to before the next document.
    pub span: Span,
    /// Its spans are in the file.
    pub tree: Arc<YamlTree>,
    /// The whole file's.
    text: Arc<str>,
    repeats_keys: bool,
    /// The parsers' disagreement on its characters, computed at first use.
    parser_ambiguity: OnceLock<Option<ReadOnlyReason>>,
    /// The second parser's result, computed at first use: only edits need it.
    second_parse: OnceLock<SecondParse>,
}

/// The documents of a file, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct YamlFile {
    /// In the order of the file.
    pub documents: Vec<YamlDocument>,
    /// In the order of the file.
    pub problems: Vec<YamlProblem>,
}

/// A document's value, and why no edit of it is offered.
#[derive(Clone, Debug)]
struct SecondParse {
    value: Value,
    read_only: Option<ReadOnlyReason>,
}

/// Characters on which YAML parsers differ.
fn parser_ambiguity(slice: &str) -> Option<ReadOnlyReason> {
    let lone = |(at, _): (usize, &str)| !slice[at + 1..].starts_with('\n');
    if !slice.is_ascii() && slice.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        Some(ReadOnlyReason::LineSeparator)
    } else if slice.match_indices('\r').any(lone) {
        Some(ReadOnlyReason::LoneCarriageReturn)
    } else {
        slice.contains(BYTE_ORDER_MARK).then_some(ReadOnlyReason::ByteOrderMark)
    }
}

/// The keys that stand for the second time or more in their mapping.
fn repeated_keys(tree: &YamlTree) -> Vec<NodeId> {
    let (mut repeated, mut seen) = (Vec::new(), SmallSet::default());
    for entries in tree.node_ids().map(|id| tree.entries(id)).filter(|entries| entries.len() > 1) {
        seen.clear();
        let keys = entries.iter().map(|(key, _)| *key);
        repeated.extend(keys.filter(|key| tree.scalar_text(*key).is_some_and(|text| !seen.insert(text))));
    }
    repeated.sort_unstable();
    repeated
}

fn duplicate_key_problem(tree: &YamlTree, key: NodeId) -> YamlProblem {
    let name = tree.scalar_text(key).unwrap_or_default().escape_debug();
    let message = format!("the key `{name}` stands twice in one mapping");
    YamlProblem { kind: YamlProblemKind::DuplicateKey, span: tree.span(key), message }
}

impl YamlDocument {
    /// The document of a tree, with the keys that repeat in it. The text is the whole file's.
    ///
    /// # Errors
    /// When its aliases make it far larger than its text.
    pub fn new(
        text: &Arc<str>,
        span: Span,
        mut tree: YamlTree,
    ) -> Result<(Self, Vec<YamlProblem>), YamlProblem> {
        // Without aliases a value is never larger than its text.
        let has_aliases = tree.has_aliases();
        if has_aliases
            && tree.root().is_some_and(|root| value_of(&tree, root, ScalarTyping::CoreSchema).is_none())
        {
            let message = "its aliases make the document far larger than its text".to_owned();
            let kind = YamlProblemKind::TooDeeplyNested;
            return Err(YamlProblem { kind, span: Span::empty_at(span.start), message });
        }
        let repeated = repeated_keys(&tree);
        let problems = repeated.iter().map(|key| duplicate_key_problem(&tree, *key)).collect();
        tree.is_direct = repeated.is_empty() && !has_aliases && !tree.node_ids().any(|id| tree.is_merge(id));
        let (text, repeats_keys) = (Arc::clone(text), !repeated.is_empty());
        let (oddity, reading) = (OnceLock::new(), OnceLock::new());
        let document = Self {
            span,
            tree: Arc::new(tree),
            text,
            repeats_keys,
            parser_ambiguity: oddity,
            second_parse: reading,
        };
        Ok((document, problems))
    }

    /// The whole file's text.
    #[must_use]
    pub fn source_text(&self) -> &str {
        &self.text
    }

    /// As serde_yaml reads it; the last of repeated keys counts. Merge keys are not applied.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.second_parse().value
    }

    /// The text of the whole file.
    #[must_use]
    pub fn file_text(&self) -> &str {
        &self.text
    }

    /// True where kubectl, which reads YAML 1.1, may find another value in it than the second parser: for a word or a
    /// number that it types otherwise, or a key that it merges.
    pub(super) fn may_read_otherwise(&self) -> bool {
        let tree = &self.tree;
        tree.node_ids().filter_map(|id| tree.plain_text(id)).any(|text| {
            let by = |typing| type_unless_text(text, typing);
            text == "<<" || by(ScalarTyping::GoYaml) != by(ScalarTyping::CoreSchema)
        })
    }

    /// As kubectl reads it: YAML 1.1, with merge keys applied; none where aliases repeat too much of it.
    pub(super) fn kubectl_value(&self) -> Option<Value> {
        value_of(&self.tree, self.tree.root()?, ScalarTyping::GoYaml)
    }

    /// The reason why no edit of it is offered, as far as it shows without the second parser.
    #[must_use]
    pub fn read_only_hint(&self) -> Option<ReadOnlyReason> {
        let repeats = self.repeats_keys.then_some(ReadOnlyReason::DuplicateKey);
        repeats
            .or_else(|| *self.parser_ambiguity.get_or_init(|| parser_ambiguity(self.span.slice(&self.text))))
    }

    /// The reason why no edit of it is offered.
    #[must_use]
    pub fn read_only(&self) -> Option<ReadOnlyReason> {
        self.second_parse().read_only
    }

    fn second_parse(&self) -> &SecondParse {
        self.second_parse.get_or_init(|| self.parse_again())
    }

    /// Reads the slice a second time, and compares.
    fn parse_again(&self) -> SecondParse {
        let tree = &self.tree;
        let own = || {
            tree.root().and_then(|root| value_of(tree, root, ScalarTyping::CoreSchema)).unwrap_or_default()
        };
        if self.repeats_keys {
            return SecondParse { value: own(), read_only: self.read_only_hint() };
        }
        // First what takes more while it is read.
        let other = serde_yaml::from_str::<Value>(self.span.slice(&self.text)).ok();
        let own = own();
        let differ = other.as_ref() != Some(&own);
        let read_only = self.read_only_hint().or_else(|| differ.then_some(ReadOnlyReason::ParsersDiffer));
        SecondParse { value: other.unwrap_or(own), read_only }
    }

    /// The plain scalars that kubectl reads as booleans and others as strings (`yes`, `off`, `y`), with what kubectl
    /// makes of them; keys are left out.
    pub fn ambiguous_booleans(&self) -> impl Iterator<Item = (NodeId, bool)> + '_ {
        let tree = &self.tree;
        let values = tree.node_ids().flat_map(|id| {
            let values = tree.entries(id).iter().map(|(_, value)| value);
            values.chain(tree.items(id))
        });
        values.filter_map(|id| Some((*id, ambiguous_boolean(tree.plain_text(*id)?)?)))
    }

    /// A node as a type, read as kubectl does: `yes` is true, `0644` is 420, merge keys are
    /// applied. The default where it is no mapping.
    #[must_use]
    pub fn deserialize_node<T: DeserializeOwned + Default>(&self, id: NodeId) -> T {
        deserialize_node(&self.tree, id)
    }
}

/// Reads as [`YamlDocument::deserialize_node`] does, without the document.
pub(crate) fn deserialize_node<T: DeserializeOwned + Default>(tree: &YamlTree, id: NodeId) -> T {
    if tree.is_direct {
        return T::deserialize(TreeDeserializer { tree, node: id }).unwrap_or_default();
    }
    let value = value_of(tree, id, ScalarTyping::GoYaml).unwrap_or_default();
    T::deserialize(&value).unwrap_or_default()
}
