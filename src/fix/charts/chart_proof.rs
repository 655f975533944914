//! Proves an edit of a chart: rendered again with every value set, only the wanted values differ, and no finding came.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_yaml::Value;

use super::copied_values::ValueChange;
use crate::audit::{TemplateRender, TemplateView};
use crate::finding::Severity;
use crate::kubernetes::MANIFEST_CONVENTIONS;
use crate::repo::RelPath;
use crate::yaml::PathStep;
use crate::yaml::edit::{YamlEdit, expected_value};

/// A document that an edit is to change, with the value that it is to have then.
pub(super) struct WantedDocument {
    /// See [`crate::audit::TemplateRender::index_path`].
    pub index_path: RelPath,
    pub document: usize,
    /// As it is, and as it is wanted; none where that is as it stands.
    pub values: Option<(Value, Value)>,
    /// What may change in it beside that: one value of the chart may feed several containers.
    pub allowed_edits: Vec<YamlEdit>,
    /// True where it may also be as it is, but for what may change in it, until another edit comes to it.
    pub may_stay: bool,
}

/// Edits that other findings of a rule want, each with its document in a render.
pub(super) type SiblingEdits = Arc<BTreeMap<RelPath, Vec<(usize, YamlEdit)>>>;

/// The documents that an edit is to change, and what may change in others, too.
pub(super) struct WantedDocuments {
    pub own: Vec<WantedDocument>,
    pub siblings: SiblingEdits,
}

impl WantedDocuments {
    /// The same documents may change in what the rule's other findings want of them.
    pub(super) fn new(mut own: Vec<WantedDocument>, siblings: SiblingEdits) -> Self {
        for document in &mut own {
            let of_render = siblings.get(&document.index_path).into_iter().flatten();
            let edits = of_render.filter(|(at, _)| *at == document.document).map(|(_, edit)| edit.clone());
            document.allowed_edits.extend(edits);
        }
        Self { own, siblings }
    }
}

/// What an edit is to come to.
pub(super) struct WantedChange<'a> {
    /// By their renders.
    pub documents: HashMap<&'a RelPath, Vec<&'a WantedDocument>>,
    siblings: &'a SiblingEdits,
    /// What it changes in a values file, whose copies change with it.
    pub values: &'a ValueChange,
}

impl WantedDocument {
    /// A document that is not to change, but for what may change too.
    pub(super) fn as_it_stands((index_path, document): (RelPath, usize)) -> Self {
        Self { index_path, document, values: None, allowed_edits: Vec::new(), may_stay: false }
    }

    /// True where the document is as wanted, but for what may change too.
    pub(super) fn is_met(&self, now: &Value, after: &Value) -> bool {
        self.differs_as_allowed(self.values.as_ref().map_or(now, |(_, value)| value), after)
    }

    /// The same, where it may also stay.
    fn is_accepted(&self, now: &Value, after: &Value) -> bool {
        let before = || self.values.as_ref().map_or(now, |(before, _)| before);
        self.is_met(now, after) || self.may_stay && self.differs_as_allowed(before(), after)
    }

    fn differs_as_allowed(&self, from: &Value, after: &Value) -> bool {
        if is_same_but_checksums(from, after) {
            return true;
        }
        let made = self.allowed_edits.iter().filter(|edit| is_made(edit, after)).cloned();
        let made: Vec<YamlEdit> = made.collect();
        expected_value(MANIFEST_CONVENTIONS, from, &made)
            .is_ok_and(|value| is_same_but_checksums(&value, after))
    }
}

/// True where an edit's own value stands at its place.
pub(super) fn is_made(edit: &YamlEdit, after: &Value) -> bool {
    match edit {
        YamlEdit::Set { path, to } => value_at(after, path) == Some(to),
        YamlEdit::Append { path, item } => {
            value_at(after, path).and_then(Value::as_sequence).is_some_and(|items| items.contains(item))
        }
        YamlEdit::Remove { path } => value_at(after, path).is_none(),
    }
}

/// The value at a path.
pub(super) fn value_at<'a>(value: &'a Value, path: &[PathStep]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| match step {
        PathStep::Key(key) => value.as_mapping()?.get(key.as_str()),
        PathStep::Index(index) => value.as_sequence()?.get(*index),
    })
}

/// The beginning of the keys under which templates keep the checksums of others, so that pods start anew.
const CHECKSUM_KEY: &str = "checksum";

/// The lists whose order says nothing: a line that comes into one may stand above the others.
const UNORDERED_KEYS: [&str; 2] = ["volumes", "volumeMounts"];

impl<'a> WantedChange<'a> {
    pub(super) fn new(wanted: &'a WantedDocuments, values: &'a ValueChange) -> Self {
        let mut by_render: HashMap<&RelPath, Vec<&WantedDocument>> = HashMap::new();
        for document in &wanted.own {
            by_render.entry(&document.index_path).or_default().push(document);
        }
        Self { documents: by_render, siblings: &wanted.siblings, values }
    }

    /// A document that no own edit is about, where other findings want something of it.
    fn sibling_at(&self, index_path: &RelPath, document: usize) -> Option<WantedDocument> {
        let edits = self.siblings.get(index_path)?.iter().filter(|(at, _)| *at == document);
        let allowed_edits: Vec<YamlEdit> = edits.map(|(_, edit)| edit.clone()).collect();
        let place = (index_path.clone(), document);
        (!allowed_edits.is_empty())
            .then(|| WantedDocument { allowed_edits, ..WantedDocument::as_it_stands(place) })
    }
}

/// What the proof of an edit shows besides.
#[derive(Default)]
pub(super) struct ProofNotes {
    /// The objects that hold copies of the values.
    pub copies: BTreeSet<String>,
    /// An object that would change otherwise.
    pub disturbed: Option<String>,
}

/// True where the documents are as wanted after the edit, and the others as before, but for copies of the values.
pub(super) fn is_as_wanted(
    before: &TemplateRender,
    after: &TemplateRender,
    wanted: &WantedChange<'_>,
    notes: &mut ProofNotes,
) -> bool {
    before.index_path == after.index_path && are_documents_wanted(before, after, wanted, notes)
}

fn are_documents_wanted(
    before: &TemplateRender,
    after: &TemplateRender,
    wanted: &WantedChange<'_>,
    notes: &mut ProofNotes,
) -> bool {
    let own = wanted.documents.get(&before.index_path).map_or(&[][..], Vec::as_slice);
    if before.text == after.text {
        let mut own = own.iter().filter(|own| !own.may_stay);
        return !own.any(|own| is_changed(before, own));
    }
    let (one, other) = (&before.manifest, &after.manifest);
    if one.documents.len() != other.documents.len()
        || one.irrelevant_count != other.irrelevant_count
        || one.problems.len() != other.problems.len()
    {
        return false;
    }
    let mut values = one.documents.iter().zip(&other.documents).enumerate();
    let documents = values.all(|(index, (one, other))| {
        let (one, other) = (one.yaml.value(), other.yaml.value());
        let asked = own.iter().find(|own| own.document == index);
        let is_same = || is_same_but_checksums(one, other);
        let sibling = asked.is_none().then(|| wanted.sibling_at(&before.index_path, index)).flatten();
        match asked.copied().or(sibling.as_ref()) {
            Some(asked) => asked.is_accepted(one, other),
            None if is_same() => true,
            None if wanted.values.explains(one, other) => {
                notes.copies.insert(name_of_object(other));
                true
            }
            None => {
                notes.disturbed = Some(name_with_set(other, before));
                false
            }
        }
    });
    if !documents || one.irrelevant_count == 0 && one.problems.is_empty() {
        return documents;
    }
    let is_same = rest_is_same(before, after, wanted.values, notes);
    if !is_same && !one.problems.is_empty() {
        notes.disturbed = Some(unread_with_set(before));
    }
    is_same
}

/// `Kind/name`, for people.
fn name_of_object(object: &Value) -> String {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = object.get("metadata").and_then(|about| about.get("name"));
    format!("{}/{}", text(object.get("kind")), text(name))
}

/// The same, with the values that make it where these are not the chart's own.
fn name_with_set(object: &Value, render: &TemplateRender) -> String {
    let name = name_of_object(object);
    if render.unit.values.is_empty() {
        return name;
    }
    format!("{name} with {}", render.unit.value_set_name())
}

/// What of a template is no YAML, with the values that make it so: nothing can be proven of it.
fn unread_with_set(render: &TemplateRender) -> String {
    format!("what cannot be read with {}", render.unit.value_set_name())
}

/// True where the wanted value differs from the one that stands.
fn is_changed(before: &TemplateRender, wanted: &WantedDocument) -> bool {
    let document = before.manifest.documents.get(wanted.document);
    let Some((_, value)) = &wanted.values else { return false };
    document.is_none_or(|document| document.yaml.value() != value)
}

/// What lies outside of the documents that were read must be the same, byte for byte, but for copies of the values.
fn rest_is_same(
    before: &TemplateRender,
    after: &TemplateRender,
    values: &ValueChange,
    notes: &mut ProofNotes,
) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) = (rest_of(before).collect(), rest_of(after).collect());
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| {
            *one == other
                || values.explains_texts(one, other, &mut |object| {
                    notes.copies.insert(name_of_object(object));
                })
        })
}

fn rest_of(template: &TemplateRender) -> impl Iterator<Item = &str> {
    let text = &*template.text;
    let mut at = 0;
    let spans = template.manifest.documents.iter().map(|document| document.span);
    let ends = spans.chain([crate::text::Span::empty_at(text.len())]);
    ends.map(move |span| {
        let gap = &text[at.min(span.start)..span.start];
        at = span.end;
        gap.trim()
    })
}

/// True where two lists hold the same items in whatever order.
fn holds_same(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_sequence(), other.as_sequence()) else { return false };
    let count = |items: &[Value], item: &Value| items.iter().filter(|own| *own == item).count();
    one.len() == other.len() && one.iter().all(|item| count(one, item) == count(other, item))
}

/// True where two documents differ in nothing but checksums of other templates.
fn is_same_but_checksums(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Mapping(one), Value::Mapping(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| {
                    let is_checksum = key.as_str().is_some_and(|key| key.starts_with(CHECKSUM_KEY));
                    let is_list = key.as_str().is_some_and(|key| UNORDERED_KEYS.contains(&key));
                    let is_same = |other| {
                        is_checksum || is_same_but_checksums(one, other) || is_list && holds_same(one, other)
                    };
                    other.get(key).is_some_and(is_same)
                })
        }
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same_but_checksums(one, other))
        }
        _ => one == other,
    }
}

/// True where a finding of medium weight or more stands more often than before in one of the renders.
pub(super) fn brings_finding(before: &[Arc<TemplateView>], after: &[Arc<TemplateView>]) -> bool {
    before
        .iter()
        .zip(after)
        .any(|(before, after)| !Arc::ptr_eq(before, after) && has_new_finding(before, after))
}

fn has_new_finding(before: &TemplateView, after: &TemplateView) -> bool {
    let count = |template: &TemplateView| {
        let mut counts = BTreeMap::new();
        for finding in template.findings.iter().filter(|finding| finding.severity >= Severity::Medium) {
            *counts.entry((finding.rule, finding.subject.clone())).or_insert(0_usize) += 1;
        }
        counts
    };
    let known = count(before);
    count(after).into_iter().any(|(which, number)| known.get(&which).is_none_or(|before| number > *before))
}
