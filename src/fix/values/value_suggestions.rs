//! Suggests values in the place of a fix's own: what is used in this repository, what is known of the image, and what a
//! registry answered. Nothing is made up: a digest is suggested only where somebody has it.

use std::collections::BTreeMap;

use super::{PlanValue, PlanValueKind, ValueOwner, ValueSheet, ValueSuggestion};
use crate::audit::{AuditEngine, FileContent};
use crate::dockerfile::StageBase;
use crate::finding::ResourceName;
use crate::fix::RegistryAnswers;
use crate::fix::pod::amount_for_needs;
use crate::image::{self, Reference};
use crate::kubernetes::model::{Quantity, ResourceRequirements};
use crate::needs::NeedKind;
use crate::project::{FileFacts, LOWEST_UID, RunAs, UidSource};
use crate::repo::{FileKind, RelPath};
use crate::rules::{ContainerView, PodView, writable_paths};
use crate::settings::{ResourceDefaults, Settings};
use crate::yaml::Lenient;

/// The most suggestions of one kind: a person reads them in a line or two.
const MAX_SUGGESTIONS: usize = 4;

/// The origin of a number that nobody here has.
const FREE_ID: &str = "free in this repository";

/// The origin of a bound that was raised.
const FOR_NEEDS: &str = "what its program needs, and some more";

/// Adds to each value what may be put in its place, its own text first.
pub(super) fn add_suggestions(engine: &AuditEngine, answers: &RegistryAnswers, sheet: &mut ValueSheet) {
    let source = ValueSource { engine, answers };
    for value in &mut sheet.values {
        let Some(owner) = value.owners.first().cloned() else { continue };
        match &owner {
            ValueOwner::User { key, ids } => source.suggest_ids(value, key, *ids),
            ValueOwner::Bounds { path, object, bounds, .. } => {
                source.suggest_bounds(value, (path, object), bounds);
            }
            ValueOwner::Paths { path, object, container, .. } => {
                source.suggest_paths(value, (path, object, container));
            }
            ValueOwner::Image(image) => source.suggest_references(value, image),
        }
    }
}

#[derive(Clone, Copy)]
struct ValueSource<'a> {
    engine: &'a AuditEngine,
    answers: &'a RegistryAnswers,
}

impl PlanValue {
    fn suggest(&mut self, text: impl Into<String>, companion: Option<String>, origin: impl Into<String>) {
        let (text, origin) = (text.into(), origin.into());
        if !text.is_empty() && !self.suggestions.iter().any(|known| known.text == text) {
            self.suggestions.push(ValueSuggestion { text, companion, origin });
        }
    }
}

/// Where another Dockerfile's uid comes from: one that is written nowhere is only what a fix would write there.
fn uid_origin(dockerfile: &RelPath, source: UidSource) -> String {
    match source {
        UidSource::Dockerfile => format!("{dockerfile} has it"),
        UidSource::Workload => format!("the workload of {dockerfile} has it"),
        UidSource::Image => format!("the base image of {dockerfile} has it"),
        UidSource::Person => format!("chosen for {dockerfile}"),
        UidSource::Derived => format!("a fix of {dockerfile} would write it"),
    }
}

impl ValueSource<'_> {
    fn suggest_ids(self, value: &mut PlanValue, key: &str, (uid, gid): (u32, u32)) {
        if let Some(place) = &value.decided_at {
            let origin = format!("{place} has it");
            value.suggest(value.text.clone(), None, origin);
            return;
        }
        let path = RelPath::from(key);
        let build = self.engine.repository().run_as(&path);
        let known = Reference::parse(key).ok().filter(|_| build.is_none());
        let known = known.as_ref().and_then(image::known::find_known_image);
        let identity = known.and_then(image::known::KnownImage::built_identity);
        let base = build.and_then(|_| self.base_identity(&path));
        let settings = self.engine.settings();
        let set = match (build, Reference::parse(key)) {
            (Some(_), _) => settings.user_of_dockerfile(&self.engine.path_in_repository(&path)),
            (None, Ok(image)) => settings.user_of_image(&image),
            (None, Err(_)) => None,
        };
        value.is_chosen = set == Some((uid, gid));
        let is_typed = settings.chosen_values.users.contains_key(key);
        // A number is free although this very image was given it for the time being.
        let without = is_typed.then(|| without_user(settings, key));
        let (free, taken) = self.engine.repository().free_uid(key, without.as_ref().unwrap_or(settings));
        let planned = match (value.is_chosen, build.map(|run_as: RunAs| run_as.source)) {
            (true, _) if is_typed && uid == free => FREE_ID,
            (true, _) if is_typed => "your choice",
            (true, _) => "seaworthy.toml's",
            (_, Some(UidSource::Workload)) => "as its workload runs",
            (_, Some(UidSource::Image)) => "its base image's own",
            (_, None) if identity == Some((uid, gid)) => "the image's own",
            _ => FREE_ID,
        };
        if value.kind == PlanValueKind::Gid {
            value.suggest(value.text.clone(), None, if gid == uid { "the same as the uid" } else { planned });
            value.suggest(uid.to_string(), None, "the same as the uid");
            for (_, gid) in identity.into_iter().chain(base) {
                value.suggest(gid.to_string(), None, "the image's own");
            }
            return;
        }
        let own = identity.map(|ids| (ids, "the image's own"));
        let of_base = base.map(|ids| (ids, "its base image's own"));
        for ((uid, gid), origin) in std::iter::once(((uid, gid), planned)).chain(own).chain(of_base) {
            value.suggest(uid.to_string(), Some(gid.to_string()), origin);
        }
        if planned != FREE_ID {
            value.suggest(free.to_string(), Some(free.to_string()), FREE_ID);
        }
        let others = self.engine.known_paths(FileKind::Dockerfile).filter(|other| other.as_str() != key);
        for other in others {
            let Some(run_as) = self.engine.repository().run_as(other) else { continue };
            // A low one is that image's own, and no other's.
            if i64::from(run_as.uid) >= LOWEST_UID {
                value.used.push((run_as.uid.to_string(), other.to_string()));
                if value.used.len() <= MAX_SUGGESTIONS {
                    let text = run_as.uid.to_string();
                    value.suggest(text.clone(), Some(text), uid_origin(other, run_as.source));
                }
            }
        }
        for other in taken.into_iter().filter(|other| *other != uid) {
            let text = other.to_string();
            if !value.used.iter().any(|(known, _)| *known == text) {
                value.used.push((text, "another app here".to_owned()));
            }
        }
    }

    /// The ids that the base image of a Dockerfile is built to run as.
    fn base_identity(self, dockerfile: &RelPath) -> Option<(u32, u32)> {
        match self.engine.index().facts_of(&self.engine.path_in_repository(dockerfile))? {
            FileFacts::Dockerfile(build) => build.base_identity,
            FileFacts::Manifest(_) => None,
        }
    }

    fn suggest_bounds(self, value: &mut PlanValue, own: (&RelPath, &String), chosen: &ResourceDefaults) {
        let settings = self.engine.settings();
        let defaults = &settings.resource_defaults;
        let (key, is_limit, resource, default, chosen) = match value.kind {
            PlanValueKind::CpuRequest => {
                ("resources.cpu-request", false, "cpu", &defaults.cpu_request, &chosen.cpu_request)
            }
            PlanValueKind::CpuLimit => {
                ("resources.cpu-limit", true, "cpu", &defaults.cpu_limit, &chosen.cpu_limit)
            }
            PlanValueKind::MemoryRequest => (
                "resources.memory-request",
                false,
                "memory",
                &defaults.memory_request,
                &chosen.memory_request,
            ),
            _ => ("resources.memory-limit", true, "memory", &defaults.memory_limit, &chosen.memory_limit),
        };
        let of_settings =
            if settings.key_lines.contains_key(key) { "seaworthy.toml's" } else { "the default" };
        let is_chosen = chosen.as_deref() == Some(value.text.as_str());
        value.is_chosen = is_chosen;
        let planned = match (is_chosen, default.as_deref() == Some(value.text.as_str())) {
            (true, _) => "your choice",
            (false, true) => of_settings,
            (false, false) => FOR_NEEDS,
        };
        value.suggest(value.text.clone(), None, planned);
        value.suggest(default.clone().unwrap_or_default(), None, of_settings);
        if is_limit && let Some(needed) = self.needed_amount(own, resource) {
            value.suggest(needed, None, FOR_NEEDS);
        }
        let mut used: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for (name, resources) in self.other_resources(own) {
            let map = resources.map_field(|r| if is_limit { &r.limits } else { &r.requests });
            let amount = map.map_field(|map| map.get(resource).unwrap_or(&Lenient::Absent));
            if let Some(amount) = amount.get() {
                used.entry(amount.to_string()).or_insert((0, name)).0 += 1;
            }
        }
        let mut used: Vec<(String, (usize, String))> = used.into_iter().collect();
        let size = |text: &str| Quantity::from(text).amount().unwrap_or_default();
        used.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(size(&a.0).total_cmp(&size(&b.0))));
        for (text, (count, name)) in used.into_iter().take(MAX_SUGGESTIONS) {
            let more =
                if count > 1 { format!(" and {} more have it", count - 1) } else { " has it".to_owned() };
            value.suggest(text, None, format!("{name}{more}"));
        }
    }

    /// The most that a container of the workload is known to need, with a reserve.
    fn needed_amount(self, (path, object): (&RelPath, &String), resource: &str) -> Option<String> {
        let resource = if resource == "cpu" { ResourceName::Cpu } else { ResourceName::Memory };
        let views = self.engine.pod_views(path).filter(|view| view.object.label() == *object);
        let repository = self.engine.repository().keeping_needs();
        let needs: Vec<_> = views.map(|view| repository.pod_needs(view.place())).collect();
        amount_for_needs(needs.iter().flat_map(|pod| pod.of_all()), resource)
    }

    /// The bounds of the containers of all other workloads, each with its workload's name.
    fn other_resources(
        &self,
        (own_path, own_object): (&RelPath, &String),
    ) -> Vec<(String, &Lenient<ResourceRequirements>)> {
        let mut others = Vec::new();
        for path in self.engine.audited_paths_of_kind(FileKind::Manifest) {
            for view in self.engine.pod_views(path) {
                let label = view.object.label();
                if path == own_path && label == *own_object {
                    continue;
                }
                let name = view.object.name.clone().unwrap_or(label);
                others.extend(view.pod.containers.iter().map(|c| (name.clone(), &c.model.resources)));
            }
        }
        others
    }

    fn suggest_paths(self, value: &mut PlanValue, (path, object, container): (&RelPath, &String, &String)) {
        let views = self.engine.deployed_pods(path).filter(|view| view.object.label() == *object);
        let mut containers = views.flat_map(PodView::containers);
        let named = |view: &ContainerView<'_>| view.container.name.clone().unwrap_or_default() == *container;
        let Some(view) = containers.find(named) else { return };
        if value.kind == PlanValueKind::Path {
            value.suggest(value.text.clone(), None, path_evidence(self.engine, view, &value.text));
        }
        for path in writable_paths::known_written_paths(view, self.engine.repository()) {
            if !writable_paths::is_mounted(view, &path) {
                let origin = path_evidence(self.engine, view, &path);
                value.suggest(path, None, origin);
            }
        }
    }

    fn suggest_references(self, value: &mut PlanValue, image: &Reference) {
        let is_tag = value.kind == PlanValueKind::Tag;
        value.is_chosen = self.engine.settings().image_pins().contains_key(image.text());
        if let Some(Ok(resolution)) = self.answers.get(image) {
            let origin = format!("{} answered", image.host());
            match is_tag {
                true => {
                    for tag in resolution.tags.iter().take(MAX_SUGGESTIONS) {
                        value.suggest(tag.clone(), Some(resolution.digest.clone()), origin.clone());
                    }
                }
                false => value.suggest(resolution.digest.clone(), None, origin),
            }
        }
        let mut used: Vec<(String, String)> = Vec::new();
        for (other, whose) in self.references_like(image) {
            let text = match is_tag {
                true => other.tag().filter(|tag| *tag != "latest").map(str::to_owned),
                // Another tag has another digest.
                false => other.digest().filter(|_| other.tag() == image.tag()).map(|own| own.to_string()),
            };
            used.extend(text.map(|text| (text, whose)));
        }
        for (text, whose) in used.into_iter().take(2 * MAX_SUGGESTIONS) {
            if value.suggestions.len() < MAX_SUGGESTIONS {
                value.suggest(text, None, format!("{whose} has it"));
            }
        }
    }

    /// The other references here to the same image, each with its file.
    fn references_like(self, image: &Reference) -> Vec<(Reference, String)> {
        let name = image.name();
        let mut found = Vec::new();
        let mut add = |text: &str, path: &RelPath| {
            // Most are other images: their names differ in the last part already.
            let last = image.repository().rsplit('/').next().unwrap_or_default();
            if text.contains(last)
                && text != image.text()
                && let Ok(other) = Reference::parse(text)
                && other.name() == name
            {
                found.push((other, path.to_string()));
            }
        };
        for path in self.engine.audited_paths_of_kind(FileKind::Manifest) {
            for view in self.engine.pod_views(path).flat_map(PodView::containers) {
                view.image().into_iter().for_each(|text| add(text, path));
            }
        }
        for path in self.engine.audited_paths_of_kind(FileKind::Dockerfile) {
            if let Some((_, FileContent::Dockerfile(file))) = self.engine.file(path) {
                for stage in &file.stages {
                    if let StageBase::Image(text) = &stage.base {
                        add(text, path);
                    }
                }
            }
        }
        found
    }
}

/// The settings as if nobody had chosen a user for the image.
fn without_user(settings: &Settings, key: &str) -> Settings {
    let mut settings = settings.clone();
    settings.chosen_values.users.remove(key);
    settings
}

/// The evidence that the program of a container writes a path.
pub(crate) fn path_evidence(engine: &AuditEngine, container: ContainerView<'_>, path: &str) -> String {
    let repository = engine.repository();
    let link = repository.link_of_key(&container.key());
    let line = link.and_then(|link| {
        let shown = engine.path_for_people(&link.dockerfile);
        let (source, FileContent::Dockerfile(file)) = engine.file(&shown)? else { return None };
        let own = file.instructions_of(file.final_stage()?).iter();
        let mut naming = own.filter(|instruction| instruction.span.slice(source.text()).contains(path));
        Some(format!("{shown}:{} names it", source.line_number_at(naming.next()?.span.start)))
    });
    let image = container.image().and_then(|image| Reference::parse(image).ok());
    let known = image.filter(|image| {
        image::known::find_known_image(image).is_some_and(|known| known.writable_paths().contains(&path))
    });
    let settings = container.pod.settings;
    let set = container.image().map(|image| settings.writable_paths_of(image)).unwrap_or_default();
    let stated = repository.stated_needs(&container.pod.object.label(), container.container);
    let is_set = set.iter().any(|own| own == path)
        || stated.iter().any(|(need, _)| need.kind == NeedKind::WrittenPath(path.to_owned()));
    let is_seen = writable_paths::seen_written_paths(container, repository).iter().any(|own| own == path);
    let found = writable_paths::known_written_paths(container, repository);
    match (line, known) {
        (Some(line), _) => line,
        _ if is_set => "`seaworthy.toml` says so".to_owned(),
        _ if is_seen => "a trial saw it".to_owned(),
        (None, Some(image)) => format!("{} is known to write it", image.familiar_name()),
        _ if found.iter().any(|own| own == path) => "its base image is known to write it".to_owned(),
        _ if path == "/tmp" => "nearly every program wants it".to_owned(),
        _ => "you said so".to_owned(),
    }
}
