//! Gathers what the rules say of builds into findings about files: one for each place that decides.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::file_placement::ObjectHome;
use super::finding_homes::{DecidingPlace, find_place};
use super::overlay_record::OverlayRecord;
use super::removed_keys::{PatchPlace, find_removal};
use crate::audit::TemplateRender;
use crate::audit::charts::ChartPlace;
use crate::audit::file_record::FilesByPath;
use crate::finding::{Finding, FindingPlacement, InlineSuppression};
use crate::repo::RelPath;
use crate::text::Span;
use crate::unit::UnitKey;

/// A finding of one or more builds, at the place that decides it.
pub(super) struct BuiltFinding {
    pub finding: Finding,
    pub place: DecidingPlace,
    pub placements: Vec<FindingPlacement>,
    pub homes: BTreeSet<ObjectHome>,
    /// An annotation that allows it in each of its objects.
    pub allowed: Option<InlineSuppression>,
}

/// The rule, the place, and the patch that takes away what is missed there.
type BuiltKey = (&'static str, Span, Option<PatchPlace>);

/// The findings of builds, by the file in which they stand.
#[derive(Default)]
pub(super) struct BuiltFindings {
    by_file: BTreeMap<RelPath, BTreeMap<BuiltKey, BuiltFinding>>,
    /// The builds that hold an object.
    units: BTreeMap<ObjectHome, BTreeSet<Arc<UnitKey>>>,
    /// What stands in some build: the object, the rule and the container.
    standing: HashSet<(ObjectHome, &'static str, Option<Arc<str>>)>,
}

impl BuiltFindings {
    /// Gathers those of all these builds.
    pub(super) fn gather<'a>(
        overlays: impl Iterator<Item = &'a OverlayRecord>,
        files: &FilesByPath,
        place_of: impl Fn(&RelPath) -> OverlayPlace,
    ) -> Self {
        let mut gathered = Self::default();
        for overlay in overlays {
            let parts = place_of(&overlay.unit.key.path);
            let place = parts.as_place();
            for path in &overlay.paths {
                let Some(record) = files.get(path) else { continue };
                let renders = record.current_record().renders.iter();
                for render in renders.filter(|render| *render.unit == overlay.unit.key) {
                    gathered.add_render(render, (path, overlay), files, place);
                }
            }
        }
        gathered
    }

    fn add_render(
        &mut self,
        render: &TemplateRender,
        (path, overlay): (&RelPath, &OverlayRecord),
        files: &FilesByPath,
        place: ChartPlace<'_>,
    ) {
        for (_, name) in render.first_names.iter() {
            self.units.entry((path.clone(), name.clone())).or_default().insert(render.unit.clone());
        }
        for finding in render.raw_findings() {
            let own_file = || (overlay.own_file.clone(), DecidingPlace::at(Span::empty_at(0)));
            let (file, deciding) = find_place(render, finding, files, place).unwrap_or_else(own_file);
            let name = render.first_name_at(finding.span.start).cloned();
            let removal = find_removal(render, finding, files, place);
            let place = (file, deciding, removal);
            self.add_finding(render, finding, place, name.map(|name| (path.clone(), name)));
        }
    }

    fn add_finding(
        &mut self,
        render: &TemplateRender,
        finding: &Finding,
        (file, place, removal): (RelPath, DecidingPlace, Option<PatchPlace>),
        home: Option<ObjectHome>,
    ) {
        let allowed = render.exception_at(finding, place.span);
        let placement = render.placement_of(finding);
        let of_file = self.by_file.entry(file).or_default();
        let built = of_file.entry((finding.rule, place.span, removal)).or_insert_with(|| BuiltFinding {
            finding: Finding { span: place.span, ..finding.clone() },
            place,
            placements: Vec::new(),
            homes: BTreeSet::new(),
            allowed: allowed.clone(),
        });
        built.finding.severity = built.finding.severity.max(finding.severity);
        if allowed.is_none() {
            built.allowed = None;
        }
        if let Some(home) = home {
            self.standing.insert((home.clone(), finding.rule, finding.subject.container.clone()));
            built.homes.insert(home);
        }
        if !built.placements.contains(&placement) {
            built.placements.push(placement);
        }
    }

    /// Moves what a file itself does not have to the patch that takes away what is missed. `is_written` says of a finding
    /// if its file has it.
    pub(super) fn move_to_removals(&mut self, is_written: impl Fn(&RelPath, &BuiltFinding) -> bool) {
        let mut moved: Vec<(PatchPlace, BuiltFinding)> = Vec::new();
        for (path, of_file) in &mut self.by_file {
            for (key, built) in std::mem::take(of_file) {
                match key.2.clone() {
                    Some(removal) if !is_written(path, &built) => moved.push((removal, built)),
                    _ => drop(of_file.insert(key, built)),
                }
            }
        }
        for ((path, span), built) in moved {
            let of_file = self.by_file.entry(path).or_default();
            let place = DecidingPlace::at(span);
            let here = of_file.entry((built.finding.rule, span, None)).or_insert_with(|| BuiltFinding {
                finding: Finding { span, ..built.finding.clone() },
                place,
                placements: Vec::new(),
                homes: BTreeSet::new(),
                allowed: built.allowed.clone(),
            });
            here.homes.extend(built.homes);
            here.placements.extend(built.placements);
        }
    }

    /// The findings that stand in one file.
    pub(super) fn in_file(&self, path: &RelPath) -> impl Iterator<Item = &BuiltFinding> {
        self.by_file.get(path).into_iter().flat_map(BTreeMap::values)
    }

    /// True where some build holds the object.
    pub(super) fn is_kept(&self, home: &ObjectHome) -> bool {
        self.units.contains_key(home)
    }

    /// True where a finding of that rule about that object, and container, stands in some build.
    pub(super) fn stands_elsewhere(
        &self,
        home: &ObjectHome,
        rule: &'static str,
        container: Option<&Arc<str>>,
    ) -> bool {
        self.standing.contains(&(home.clone(), rule, container.cloned()))
    }

    /// The overlays in which a finding stands, in words; none where it stands in all that hold its objects.
    pub(super) fn name_overlays(
        &self,
        placements: &[FindingPlacement],
        homes: &BTreeSet<ObjectHome>,
    ) -> Option<String> {
        let holding: BTreeSet<&Arc<UnitKey>> =
            homes.iter().filter_map(|home| self.units.get(home)).flatten().collect();
        let standing: BTreeSet<&Arc<UnitKey>> = placements.iter().map(|placed| &placed.unit).collect();
        if standing.len() >= holding.len() {
            return None;
        }
        let names: Vec<&str> = standing.iter().take(MAX_NAMES).map(|unit| overlay_name(unit)).collect();
        let rest = if standing.len() > MAX_NAMES { ", …" } else { "" };
        let (count, all) = (standing.len(), holding.len());
        Some(format!("in {count} of {all} overlays: {}{rest}", names.join(", ")))
    }
}

impl BuiltFinding {
    /// True where it is what the rules say of the file itself.
    pub(super) fn is_of(&self, finding: &Finding) -> bool {
        self.finding.rule == finding.rule && self.place.is_of(finding)
    }
}

/// How many overlays a finding names.
const MAX_NAMES: usize = 3;

/// The last part of an overlay's folder, by which people call it.
fn overlay_name(unit: &UnitKey) -> &str {
    let name = unit.path.file_name();
    if name.is_empty() { "." } else { name }
}

/// The places of a build's files, of which a view is borrowed.
pub(super) struct OverlayPlace {
    pub folder: PathBuf,
    pub root: PathBuf,
    pub top: PathBuf,
}

impl OverlayPlace {
    fn as_place(&self) -> ChartPlace<'_> {
        ChartPlace { folder: &self.folder, root: &self.root, top: &self.top }
    }
}
