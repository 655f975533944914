//! Carries an edit of a rendered document back to the chart's files: to a value, by its origin or by its name, else to
//! the template's own lines.

use std::collections::HashSet;
use std::sync::Arc;

use serde_yaml::Value;

use super::chart_draft::ChartDraft;
use super::chart_proof::value_at;
use super::template_lines::{
    TemplateKey, insert_beside, replace_bytes, replace_empty, write_block, write_scalar,
};
use super::value_edits::{SubchartKeys, VALUES_FILE, ValueEdit, nest_value, parse_key, subchart_of};
use super::value_hooks::{find_hooks, find_switches};
use crate::audit::TemplateView;
use crate::helm::{OriginSegment, SegmentKind};
use crate::repo::CHART_FILE;
use crate::text::{Span, line_start};
use crate::yaml::edit::YamlEdit;
use crate::yaml::yaml_tree::{NodeId, YamlTree};
use crate::yaml::{PathStep, YamlPath};

/// The most values, by their names, and the most lines that are tried for one edit.
const MAX_HOOKS: usize = 6;
const MAX_LINES: usize = 6;

/// The keys of a container and a pod beside which people write others, the best first.
const ANCHOR_KEYS: [&str; 5] = ["imagePullPolicy", "image", "name", "containers", "serviceAccountName"];

/// A file of the chart with the text that an edit gives it.
pub(super) type EditedFile = (String, Arc<str>);

/// An edit of a document that a template renders.
#[derive(Clone, Copy)]
pub(super) struct RenderedEdit<'a> {
    pub template: &'a TemplateView,
    pub document: usize,
    pub edit: &'a YamlEdit,
    /// True where a value may be set that is no setting of the objects by itself, and has the template say one.
    pub may_switch: bool,
}

/// The edits of the chart's files that may come to that edit, the best first; only rendering shows which does.
pub(super) fn find_edits(draft: &ChartDraft<'_>, rendered: RenderedEdit<'_>) -> Vec<EditedFile> {
    let RenderedEdit { template, document, edit, may_switch } = rendered;
    let Some(document) = template.render.manifest.documents.get(document) else { return Vec::new() };
    let tree = &*document.yaml.tree;
    let Some(root) = tree.root() else { return Vec::new() };
    let disk = draft.view.name_of(&template.path).unwrap_or_default();
    let keys = SubchartKeys::of_template(&disk, &template.render.name);
    let carrier = EditCarrier { draft, template, tree, may_switch, keys };
    let mut edits = match edit {
        YamlEdit::Set { path, to } => carrier.carry_set(root, path, to),
        YamlEdit::Append { path, item } => carrier.carry_append(root, path, item),
        YamlEdit::Remove { path } => carrier.carry_removal(root, path),
    };
    // Each is rendered: what did not come to it once does not the second time.
    let mut seen: HashSet<EditedFile> = HashSet::new();
    edits.retain(|edit| seen.insert(edit.clone()));
    edits
}

struct EditCarrier<'a> {
    draft: &'a ChartDraft<'a>,
    template: &'a TemplateView,
    tree: &'a YamlTree,
    may_switch: bool,
    keys: SubchartKeys,
}

impl EditCarrier<'_> {
    fn carry_set(&self, root: NodeId, path: &YamlPath, to: &Value) -> Vec<EditedFile> {
        let (node, depth) = deepest_node(self.tree, root, path);
        let rest = &path[depth..];
        let mut edits = match rest {
            [] => self.replace_node(node, to),
            _ => self.values_by_origin(node, rest, to),
        };
        if self.may_switch {
            edits.extend(self.switches_by_name(path));
        }
        edits.extend(
            self.values_by_name(path, |hook, inner| ValueEdit::set(hook.0, join(hook.1, inner), to.clone())),
        );
        if let Some((PathStep::Key(key), inner)) = rest.split_first()
            && let Some(value) = nest_value(inner, to.clone())
        {
            let mut entries = serde_yaml::Mapping::new();
            entries.insert(Value::String(key.clone()), value);
            edits.extend(self.lines_beside(node, &Value::Mapping(entries)));
        }
        edits
    }

    /// Another value in the place of one that stands there.
    fn replace_node(&self, node: NodeId, to: &Value) -> Vec<EditedFile> {
        let span = self.inner_span(node);
        let mut edits = Vec::new();
        for segment in self.template.render.origin_of(span) {
            if let Some((file, key)) = value_of_segment(segment) {
                edits.extend(self.apply_value(&ValueEdit::set(file, parse_key(key), to.clone())));
            }
        }
        if let [segment] = self.template.render.origin_of(span)
            && let Some((file, start)) = text_offset(segment, span.start)
            && let Some(text) = self.editable_text(file)
        {
            let end = start + span.len();
            let after = match write_scalar(to) {
                Some(scalar) => replace_bytes(&text, start, end, &scalar),
                None => replace_empty(&text, start, end, to),
            };
            edits.extend(after.map(|after| (file.to_owned(), after)));
        }
        edits
    }

    /// The values that the mapping or its entries come from.
    fn values_by_origin(&self, node: NodeId, rest: &[PathStep], to: &Value) -> Vec<EditedFile> {
        let mut edits = Vec::new();
        let mut add = |file: &str, mut path: YamlPath| {
            path.extend(rest.iter().cloned());
            edits.extend(self.apply_value(&ValueEdit::set(file, path, to.clone())));
        };
        if self.tree.entries(node).is_empty() {
            for (file, key) in
                self.template.render.origin_of(self.tree.span(node)).iter().filter_map(value_of_segment)
            {
                add(file, parse_key(key));
            }
        }
        for (key, value) in self.tree.entries(node) {
            let name = self.tree.scalar_text(*key).unwrap_or_default();
            let spans = [self.tree.span(*key), self.inner_span(*value)];
            let segments = spans.into_iter().flat_map(|span| self.template.render.origin_of(span));
            for (file, origin) in segments.filter_map(value_of_segment) {
                let mut path = parse_key(origin);
                if path.last() == Some(&PathStep::from(name)) {
                    path.pop();
                    add(file, path);
                }
            }
        }
        edits
    }

    /// The values that the template reads under the name of a field on the path.
    fn values_by_name(
        &self,
        path: &[PathStep],
        edit: impl Fn((&str, YamlPath), &[PathStep]) -> ValueEdit,
    ) -> Vec<EditedFile> {
        let Some(name) = self.draft.view.name_of(&self.template.path) else { return Vec::new() };
        let texts = self.draft.texts_behind(&name, &self.template.render);
        let above = self.keys.own();
        // A value set may say it otherwise than the chart's own values.
        let own_set = self.template.render.unit.values.iter().rev();
        let mut files = vec![VALUES_FILE.to_owned()];
        files.extend(own_set.filter_map(|path| self.draft.view.name_of(path)));
        let mut edits = Vec::new();
        for (at, step) in path.iter().enumerate() {
            let PathStep::Key(field) = step else { continue };
            let hooks = texts.iter().flat_map(|text| find_hooks(text, field)).take(MAX_HOOKS);
            for hook in hooks.collect::<Vec<_>>() {
                let hook: YamlPath = above.iter().cloned().chain(parse_key(&hook)).collect();
                let inner = &path[at + 1..];
                for (rank, file) in files.iter().enumerate() {
                    let own = self.apply_value(&edit((file, hook.clone()), inner));
                    edits.extend(own.map(|edit| (rank, edit)));
                    if let Some(turned) = self.turn_around(&hook, inner) {
                        let own = self.apply_value(&edit((file, hook.clone()), &turned));
                        edits.extend(own.map(|edit| (rank, edit)));
                    }
                }
            }
        }
        edits.sort_by_key(|(rank, _)| *rank);
        edits.into_iter().map(|(_, edit)| edit).collect()
    }

    /// The values that are off and bear the name of a field on the path: with one on, the template may say the field.
    fn switches_by_name(&self, path: &[PathStep]) -> Vec<EditedFile> {
        let Some(name) = self.draft.view.name_of(&self.template.path) else { return Vec::new() };
        let above = self.keys.own();
        let folder = name.rfind("templates/").map_or("", |at| &name[..at]);
        let own_values = self.draft.original_text(&format!("{folder}{VALUES_FILE}"));
        let Some(values) = own_values.and_then(|text| serde_yaml::from_str::<Value>(&text).ok()) else {
            return Vec::new();
        };
        let texts = self.draft.texts_behind(&name, &self.template.render);
        let fields = path.iter().filter_map(|step| match step {
            PathStep::Key(field) => Some(field),
            PathStep::Index(_) => None,
        });
        let paths = fields.flat_map(|field| texts.iter().flat_map(|text| find_switches(text, field)));
        let mut paths: Vec<YamlPath> = paths.map(|path| parse_key(&path)).collect();
        paths.retain(|path| value_at(&values, path) == Some(&Value::Bool(false)));
        let mut known: Vec<YamlPath> = Vec::new();
        for path in paths {
            if !known.contains(&path) && known.len() < MAX_HOOKS {
                known.push(path);
            }
        }
        let on =
            |path| self.apply_value(&ValueEdit::set(VALUES_FILE, join(above.clone(), path), true.into()));
        known.iter().filter_map(|path| on(path)).collect()
    }

    /// The keys of a bound the other way round, `cpu.limit` for `limits.cpu`, where the chart's values have such a key.
    fn turn_around(&self, hook: &[PathStep], inner: &[PathStep]) -> Option<YamlPath> {
        let [PathStep::Key(bound), PathStep::Key(resource)] = inner else { return None };
        let bound = bound.strip_suffix('s')?;
        let turned = vec![PathStep::from(resource.as_str()), PathStep::from(bound)];
        let text = self.editable_text(VALUES_FILE)?;
        let values: Value = serde_yaml::from_str(&text).ok()?;
        value_at(&values, &join(hook.to_vec(), &turned)).is_some().then_some(turned)
    }

    /// Lines in the template beside an entry of the mapping.
    fn lines_beside(&self, mapping: NodeId, entries: &Value) -> Vec<EditedFile> {
        let own = self.tree.entries(mapping);
        let name = |(key, _): &(NodeId, NodeId)| self.tree.scalar_text(*key).unwrap_or_default().to_owned();
        let rank = |entry: &(NodeId, NodeId)| {
            let name = name(entry);
            ANCHOR_KEYS.iter().position(|anchor| *anchor == name).unwrap_or(ANCHOR_KEYS.len())
        };
        let mut anchors: Vec<(usize, (NodeId, NodeId))> = own.iter().copied().enumerate().collect();
        anchors.sort_by_key(|(at, entry)| (rank(entry), std::cmp::Reverse(*at)));
        let mut edits = Vec::new();
        for (at, (key, value)) in anchors {
            let span = self.tree.span(key);
            let Some((file, offset)) = self
                .template
                .render
                .origin_of(span)
                .first()
                .and_then(|segment| text_offset(segment, span.start))
            else {
                continue;
            };
            let Some(text) = self.editable_text(file) else { continue };
            let is_one_line = !self.tree.span(value).slice(&self.template.render.text).contains('\n')
                && (!self.tree.is_collection(value) || self.tree.entries(value).is_empty());
            let rendered = &self.template.render.text;
            let before = &rendered[line_start(rendered, span.start)..span.start];
            let is_first_of_item = at == 0 && before.contains('-');
            let key = TemplateKey { offset, is_one_line, is_first_of_item };
            edits.extend(insert_beside(&text, &key, entries).map(|after| (file.to_owned(), after)));
            if edits.len() >= MAX_LINES {
                break;
            }
        }
        edits
    }

    fn carry_append(&self, root: NodeId, path: &YamlPath, item: &Value) -> Vec<EditedFile> {
        let (node, depth) = deepest_node(self.tree, root, path);
        if depth < path.len() {
            return self.carry_set(root, path, &Value::Sequence(vec![item.clone()]));
        }
        let mut edits = Vec::new();
        let first = self.tree.items(node).first().copied();
        let segments = self.template.render.origin_of(self.tree.span(first.unwrap_or(node)));
        for (file, key) in segments.iter().filter_map(value_of_segment) {
            let mut path = parse_key(key);
            if first.is_some() {
                while path.pop().is_some_and(|step| matches!(step, PathStep::Key(_))) {}
            }
            if !path.is_empty() {
                edits.extend(self.apply_value(&ValueEdit::append(file, path, item.clone())));
            }
        }
        edits.extend(self.values_by_name(path, |hook, inner| {
            ValueEdit::append(hook.0, join(hook.1, inner), item.clone())
        }));
        // The first may stand in a branch that others are not in.
        let items = self.tree.items(node).iter().take(MAX_LINES);
        edits.extend(items.filter_map(|own| self.line_above_item(*own, item)));
        edits
    }

    /// An item's lines above one of a list that stands in the template.
    fn line_above_item(&self, first: NodeId, item: &Value) -> Option<EditedFile> {
        let at = self.tree.span(first).start;
        let segment = self.template.render.origin_of(Span::new(at, at + 1)).first()?;
        let (file, offset) = text_offset(segment, at)?;
        let text = self.editable_text(file)?;
        let line = line_start(&text, offset);
        let indent =
            text[line..offset].strip_suffix("- ").filter(|indent| indent.chars().all(|c| c == ' '))?;
        let block = write_block(&Value::Sequence(vec![item.clone()]), indent)?;
        Some((file.to_owned(), [&text[..line], &block, &text[line..]].concat().into()))
    }

    fn carry_removal(&self, root: NodeId, path: &YamlPath) -> Vec<EditedFile> {
        let Some(node) = self.tree.node_at(root, path) else { return Vec::new() };
        let span = self.inner_span(node);
        let mut edits = Vec::new();
        for (file, key) in self.template.render.origin_of(span).iter().filter_map(value_of_segment) {
            edits.extend(self.apply_value(&ValueEdit::remove(file, parse_key(key))));
        }
        if let [segment] = self.template.render.origin_of(span)
            && let Some((file, start)) = text_offset(segment, span.start)
            && let Some(text) = self.editable_text(file)
        {
            let line = line_start(&text, start);
            let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline + 1);
            edits.push((file.to_owned(), [&text[..line], &text[end..]].concat().into()));
        }
        edits
    }

    /// The span of a node without the quotes around a scalar.
    fn inner_span(&self, node: NodeId) -> Span {
        let span = self.tree.span(node);
        let text = span.slice(&self.template.render.text);
        let is_quoted = text.len() > 1 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']);
        if is_quoted { Span::new(span.start + 1, span.end - 1) } else { span }
    }

    /// The values file with the edit. A value set is for what it says itself: all else belongs to the chart's own values,
    /// which reach it.
    fn apply_value(&self, value: &ValueEdit) -> Option<EditedFile> {
        let mut value = value.clone().through_parents(&self.keys);
        let is_values = value.file != CHART_FILE && !value.file.contains("/templates/");
        let mut text = self.editable_text(&value.file).filter(|_| is_values)?;
        if value.file != VALUES_FILE && !value.is_said_in(&text) {
            VALUES_FILE.clone_into(&mut value.file);
            text = self.editable_text(VALUES_FILE)?;
        }
        let after = value.apply(&text)?;
        Some((value.file, after))
    }

    /// The text of a file that may be edited: one of the chart itself, not of a chart in it.
    fn editable_text(&self, name: &str) -> Option<Arc<str>> {
        let is_outside = name.starts_with("../") && !self.draft.view.is_values_file(name);
        let is_own = subchart_of(name).is_none() && !is_outside;
        self.draft.original_text(name).filter(|_| is_own)
    }
}

fn join(mut path: YamlPath, rest: &[PathStep]) -> YamlPath {
    path.extend(rest.iter().cloned());
    path
}

/// The deepest node on the path that is there, and the number of steps to it.
fn deepest_node(tree: &YamlTree, root: NodeId, path: &[PathStep]) -> (NodeId, usize) {
    (1..=path.len())
        .rev()
        .find_map(|depth| Some((tree.node_at(root, &path[..depth])?, depth)))
        .unwrap_or((root, 0))
}

fn value_of_segment(segment: &OriginSegment) -> Option<(&str, &str)> {
    match &segment.kind {
        SegmentKind::Value { key } => Some((&segment.place.path, key)),
        _ => None,
    }
}

/// The file and the place in it of a byte of the rendered text, where it stands in a file as it is.
fn text_offset(segment: &OriginSegment, at: usize) -> Option<(&str, usize)> {
    let is_text = matches!(segment.kind, SegmentKind::Text) && segment.start <= at;
    is_text.then(|| (&*segment.place.path, segment.place.offset + at - segment.start))
}
