//! Finds the values that a plan's patches write, by reading the files as they would be written.

use std::collections::{BTreeMap, BTreeSet};

use super::chart_value_places::find_rendered_pods;
use super::value_suggestions::add_suggestions;
use super::written_text::{AddedLines, WrittenText};
use super::{PlanValue, PlanValueKind, ValueOwner, ValuePlace, ValueSheet, image_values};
use crate::audit::{AuditEngine, FileContent};
use crate::dockerfile::{self, InstructionKind};
use crate::finding::FindingKey;
use crate::fix::RegistryAnswers;
use crate::image::Reference;
use crate::kubernetes::{self, Container, Pod};
use crate::project::{LOWEST_UID, UidSource};
use crate::repo::{FilePatch, RelPath};
use crate::rules::{ContainerView, PodView};
use crate::settings::ResourceDefaults;
use crate::text::{SourceText, Span};
use crate::yaml::PathStep;

/// The most files of a fix in which values are looked for: a patch of more is read in pages, not typed into.
const MAX_VALUE_FILES: usize = 16;

/// The keys of a container's bounds, and what each says, in the order in which they are written.
const BOUND_KEYS: [(PlanValueKind, [&str; 3]); 4] = [
    (PlanValueKind::CpuLimit, ["resources", "limits", "cpu"]),
    (PlanValueKind::MemoryLimit, ["resources", "limits", "memory"]),
    (PlanValueKind::CpuRequest, ["resources", "requests", "cpu"]),
    (PlanValueKind::MemoryRequest, ["resources", "requests", "memory"]),
];

/// The values of the fix of these findings: those that the patches write, and the images' that are lacking.
pub(in crate::fix) fn find_values(
    engine: &AuditEngine,
    keys: &[FindingKey],
    patches: &[FilePatch],
    answers: &RegistryAnswers,
) -> ValueSheet {
    if patches.len() > MAX_VALUE_FILES {
        return ValueSheet::default();
    }
    let mut finder = ValueFinder { engine, sheet: ValueSheet::default() };
    let mut by_chart: BTreeMap<&RelPath, Vec<&FilePatch>> = BTreeMap::new();
    for patch in patches {
        if let Some(folder) = engine.chart_of(&patch.path) {
            by_chart.entry(folder).or_default().push(patch);
            continue;
        }
        finder.sheet.files.push(patch.clone());
        finder.add_patch(patch);
    }
    for (folder, patches) in by_chart {
        let add =
            &mut |view: PodView<'_>, pod: &Pod, written: &dyn WrittenText| finder.add_pod(view, pod, written);
        if find_rendered_pods(engine, folder, &patches, add) {
            finder.sheet.files.extend(patches.into_iter().cloned());
        }
    }
    image_values::add_image_values(&mut finder, keys);
    let mut sheet = finder.sheet;
    sheet.files.retain(|file| {
        sheet.values.iter().any(|value| value.places.iter().any(|place| place.path == file.path))
    });
    add_suggestions(engine, answers, &mut sheet);
    sheet
}

/// The lines, from 1, of a patched file in which its patch writes values; none for a chart's, which would have to be
/// rendered for it.
pub(in crate::fix) fn find_value_lines(engine: &AuditEngine, patch: &FilePatch) -> Option<BTreeSet<usize>> {
    if engine.chart_of(&patch.path).is_some() {
        return None;
    }
    let mut finder = ValueFinder { engine, sheet: ValueSheet::default() };
    finder.add_patch(patch);
    let places = finder.sheet.values.iter().flat_map(|value| &value.places);
    Some(places.map(|place| patch.after.line_number_at(place.span.start)).collect())
}

/// Collects values.
pub(super) struct ValueFinder<'a> {
    pub(super) engine: &'a AuditEngine,
    pub(super) sheet: ValueSheet,
}

impl ValueFinder<'_> {
    fn add_patch(&mut self, patch: &FilePatch) {
        let added = AddedLines::of_patch(patch);
        match self.engine.file(&patch.path) {
            Some((_, FileContent::Dockerfile(_))) => self.add_dockerfile_user(patch, &added),
            Some((_, FileContent::Manifest(_))) => self.add_manifest(patch, &added),
            None => {}
        }
    }

    /// Adds a place of a value: to the one of the same kind that has the place or the owner, else as one of its own.
    pub(super) fn add_place(
        &mut self,
        kind: PlanValueKind,
        owner: &ValueOwner,
        text: &str,
        place: ValuePlace,
    ) {
        let same_kind = |value: &&mut PlanValue| value.kind == kind;
        let owns = |value: &PlanValue| value.owners.iter().any(|own| own.is_same(owner));
        let mut values = self.sheet.values.iter_mut().filter(same_kind);
        let known = values.find(|value| {
            let is_unique = !matches!(kind, PlanValueKind::Path);
            let is_shared = || value.owners.iter().any(|own| own.is_of_same_workload(owner));
            value.places.contains(&place)
                || owns(value) && (is_unique || value.text == text)
                || value.text == text && is_shared()
        });
        let Some(value) = known else {
            self.sheet.values.push(PlanValue {
                kind,
                owners: vec![owner.clone()],
                text: text.to_owned(),
                is_chosen: false,
                decided_at: None,
                places: vec![place],
                suggestions: Vec::new(),
                used: Vec::new(),
            });
            return;
        };
        // A number that had to be another than the rest of its owner's is no field.
        if value.text != text {
            return;
        }
        if !owns(value) {
            value.owners.push(owner.clone());
        }
        if !value.places.contains(&place) {
            value.places.push(place);
        }
    }

    fn add_dockerfile_user(&mut self, patch: &FilePatch, added: &AddedLines<'_>) {
        let Some(run_as) = self.engine.repository().run_as(&patch.path) else { return };
        let file = dockerfile::parse(patch.after.text());
        let index = file.final_stage().and_then(|stage| stage.environment.user);
        let Some(instruction) = index.and_then(|index| file.instructions.get(index)) else { return };
        let InstructionKind::User(word) = &instruction.kind else { return };
        if !added.contains(word.span) {
            return;
        }
        let owner = ValueOwner::User { key: patch.path.to_string(), ids: (run_as.uid, run_as.gid) };
        // The number of an account that stands in the file already is its own.
        let is_decided = run_as.source == UidSource::Dockerfile;
        let mut start = word.span.start;
        for (kind, text) in [PlanValueKind::Uid, PlanValueKind::Gid]
            .into_iter()
            .zip(word.span.slice(patch.after.text()).split(':'))
        {
            if text.parse::<u32>().is_ok() {
                let span = Span::new(start, start + text.len());
                self.add_place(kind, &owner, text, added.place(span));
            }
            start += text.len() + 1;
        }
        self.add_followers(&owner, (run_as.uid, run_as.gid), word.span, added);
        if is_decided {
            self.mark_decided(
                &[PlanValueKind::Uid, PlanValueKind::Gid],
                &owner,
                user_line(&patch.path, &patch.before),
            );
        }
    }

    /// Says of an owner's values that a place in the files has decided them.
    fn mark_decided(&mut self, kinds: &[PlanValueKind], owner: &ValueOwner, place: String) {
        let values = self.sheet.values.iter_mut().filter(|value| kinds.contains(&value.kind));
        for value in values.filter(|value| value.owners.iter().any(|own| own.is_same(owner))) {
            value.decided_at.get_or_insert_with(|| place.clone());
        }
    }

    /// The same numbers elsewhere in the lines that come: an account is made with them. A group's stands after `-g`.
    fn add_followers(
        &mut self,
        owner: &ValueOwner,
        (uid, gid): (u32, u32),
        own: Span,
        added: &AddedLines<'_>,
    ) {
        let text = added.text();
        for (number, is_group) in [(uid, false), (gid, true)] {
            let number = number.to_string();
            for (at, _) in text.match_indices(&number) {
                let span = Span::new(at, at + number.len());
                let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                let is_part =
                    is_digit(text[..at].chars().next_back()) || is_digit(text[span.end..].chars().next());
                let before = text[..at].trim_end();
                let of_group = before.ends_with("-g") || before.ends_with("--gid");
                if !is_part && of_group == is_group && !own.covers(span) && added.contains(span) {
                    let kind = if is_group { PlanValueKind::Gid } else { PlanValueKind::Uid };
                    self.add_place(kind, owner, &number, added.place(span));
                }
            }
        }
    }

    fn add_manifest(&mut self, patch: &FilePatch, added: &AddedLines<'_>) {
        let after = kubernetes::parse_manifest(patch.after.text());
        for view in self.engine.pod_views(&patch.path) {
            let (document, nth) = view.position;
            if let Some(pod) = after.documents.get(document).and_then(|document| document.pods.get(nth)) {
                self.add_pod(view, pod, added);
            }
        }
    }

    /// Adds the values of a pod, which is `pod` once the text is written.
    pub(super) fn add_pod(&mut self, view: PodView<'_>, pod: &Pod, written: &dyn WrittenText) {
        for (own, container) in view.containers().zip(&pod.containers) {
            self.add_ids(own, (pod, container), written);
            self.add_bounds(own, container, written);
            self.add_paths(own, container, written);
        }
    }

    fn add_ids(
        &mut self,
        own: ContainerView<'_>,
        (pod, container): (&Pod, &Container),
        written: &dyn WrittenText,
    ) {
        let user = pod.run_as_user(container);
        let group = pod.run_as_group(container);
        let number = |id: Option<&i64>| id.and_then(|id| u32::try_from(*id).ok());
        // The number that a trial saw the program need is nobody's to choose.
        let needs = self.engine.repository().pod_needs(own.pod.place());
        if needs.of_container(own.index).any(|need| need.observed_uid().is_some()) {
            return;
        }
        let Some(owner) =
            self.user_owner(own, number(user.get()).zip(number(group.get()).or(number(user.get()))))
        else {
            return;
        };
        let decided_at = self.deciding_place(own);
        let volumes = pod.span_of(&["securityContext", "fsGroup"].map(PathStep::from));
        let spans = [
            (PlanValueKind::Uid, user.span),
            (PlanValueKind::Gid, group.span),
            (PlanValueKind::Gid, volumes),
        ];
        for (kind, span) in spans {
            let Some(span) = span else { continue };
            let text = span.slice(written.text());
            if let Some(place) = written.added_place(span).filter(|_| text.parse::<u32>().is_ok()) {
                self.add_place(kind, &owner, text, place);
            }
        }
        if let Some(place) = decided_at {
            self.mark_decided(&[PlanValueKind::Uid], &owner, place);
        }
    }

    /// The place in the files that has decided a container's uid: the `USER` of its image, else its own.
    fn deciding_place(&self, own: ContainerView<'_>) -> Option<String> {
        let repository = self.engine.repository();
        if let Some(link) = repository.link_of_key(&own.key()) {
            let shown = self.engine.path_for_people(&link.dockerfile);
            let is_decided = repository.run_as(&shown)?.source == UidSource::Dockerfile;
            return is_decided.then(|| match self.engine.file(&shown) {
                Some((source, _)) => user_line(&shown, source),
                None => shown.to_string(),
            });
        }
        let user = own.pod.pod.run_as_user(own.container);
        let is_own = user.get().is_some_and(|uid| *uid >= LOWEST_UID);
        let line = user.span.zip(self.engine.file(own.pod.path));
        is_own.then(|| match line {
            Some((span, (source, _))) => format!("{}:{}", own.pod.path, source.line_number_at(span.start)),
            None => own.pod.path.to_string(),
        })
    }

    /// The image whose user a container's is.
    fn user_owner(&self, own: ContainerView<'_>, planned: Option<(u32, u32)>) -> Option<ValueOwner> {
        let repository = self.engine.repository();
        if let Some(link) = repository.link_of_key(&own.key()) {
            let shown = self.engine.path_for_people(&link.dockerfile);
            let run_as = repository.run_as(&shown)?;
            return Some(ValueOwner::User { key: shown.to_string(), ids: (run_as.uid, run_as.gid) });
        }
        let key = Reference::parse(own.image()?).ok()?.name();
        Some(ValueOwner::User { key, ids: planned? })
    }

    fn add_bounds(&mut self, own: ContainerView<'_>, container: &Container, written: &dyn WrittenText) {
        let PodView { path, object, settings, .. } = own.pod;
        let (object, container_name) = (object.label(), own.container.name.clone().unwrap_or_default());
        let chosen = settings.chosen_values.resources_of(path, &object, &container_name);
        let bounds = chosen.cloned().unwrap_or_else(ResourceDefaults::none);
        let owner = ValueOwner::Bounds { path: path.clone(), object, container: container_name, bounds };
        for (kind, keys) in BOUND_KEYS {
            let Some(span) = container.span_of(&keys.map(PathStep::from)) else { continue };
            let (span, text) = unquoted(span, written.text());
            if let Some(place) = written.added_place(span) {
                self.add_place(kind, &owner, text, place);
            }
        }
    }

    fn add_paths(&mut self, own: ContainerView<'_>, container: &Container, written: &dyn WrittenText) {
        let owner = ValueOwner::Paths {
            path: own.pod.path.clone(),
            object: own.pod.object.label(),
            container: own.container.name.clone().unwrap_or_default(),
            image: own.image().unwrap_or_default().to_owned(),
        };
        let mut last = None;
        for (at, _) in container.model.volume_mounts.valid_items() {
            let keys = [PathStep::from("volumeMounts"), PathStep::from(at)];
            let mount = container.span_of(&keys);
            let path = container.span_of(&[&keys[..], &[PathStep::from("mountPath")]].concat());
            let Some((mount, path)) = mount.zip(path) else { continue };
            let (span, text) = unquoted(path, written.text());
            if let Some(place) = written.added_place(span) {
                self.add_place(PlanValueKind::Path, &owner, text, place);
                last = Some((mount, path));
            }
        }
        let Some((mount, path)) = last else { return };
        let end = end_of_line(written.text(), mount);
        // Of a mount that is rendered, its last bytes lead to the end of it in its file.
        let tail = Span::new(end.start.saturating_sub(1), end.start);
        if let Some((patch, tail)) = written.find_place(tail)
            && let Some((_, own_path)) = written.find_place(path)
        {
            let lead = next_mount(patch.after.text(), own_path);
            let place = ValuePlace { path: patch.path.clone(), span: Span::empty_at(tail.end), lead };
            self.add_place(PlanValueKind::AddedPath, &owner, "", place);
        }
    }
}

/// The line of the last `USER` of a Dockerfile, with its file.
fn user_line(path: &RelPath, source: &SourceText) -> String {
    let file = dockerfile::parse(source.text());
    let index = file.final_stage().and_then(|stage| stage.environment.user);
    let user = index.and_then(|index| file.instructions.get(index));
    user.map_or_else(|| path.to_string(), |user| format!("{path}:{}", source.line_number_at(user.span.start)))
}

/// A scalar without its quotes: its span, and its text.
pub(super) fn unquoted(span: Span, text: &str) -> (Span, &str) {
    let whole = span.slice(text);
    let quote = |quote| whole.len() > 1 && whole.starts_with(quote) && whole.ends_with(quote);
    let span = if quote('"') || quote('\'') { Span::new(span.start + 1, span.end - 1) } else { span };
    (span, span.slice(text))
}

/// The end of the line in which a node ends.
pub(super) fn end_of_line(text: &str, node: Span) -> Span {
    let node = node.slice(text).trim_end().len() + node.start;
    Span::empty_at(node + text[node..].find(['\r', '\n']).unwrap_or(text.len() - node))
}

/// The beginning of one more mount below one that has this path.
fn next_mount(text: &str, path: Span) -> String {
    let line = text[..path.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..path.start];
    let indent = before.len() - before.trim_start().len();
    // In a mount that begins with another key, the dash stands in a line above.
    let indent = if before.trim_start().starts_with('-') { indent } else { indent.saturating_sub(2) };
    format!("\n{}- mountPath: ", " ".repeat(indent))
}
