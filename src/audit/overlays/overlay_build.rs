//! Builds the kustomizations that nothing builds on, each folder once, for the audit of overlays.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::overlay_files::PatchedFolder;
use super::overlay_record::OverlayRecord;
use crate::audit::TemplateRender;
use crate::audit::charts::{RenderRemoval, RenderSource};
use crate::base::par_map;
use crate::helm::{OriginPlace, OriginSegment, SegmentKind};
use crate::kustomize::{
    BuildClosures, BuildFault, BuiltObject, ClosureFiles, KustomizeBuilds, ObjectText, SourceId,
    SourceLibrary, TextPiece, write_objects,
};
use crate::repo::RelPath;
use crate::unit::{Unit, UnitKey, UnitKind, UnitStatus};

/// The places of a repository: the folder that paths are relative to, and the repository's own.
#[derive(Clone, Copy)]
pub(super) struct OverlayPlaces<'a> {
    pub root: &'a Path,
    pub top: &'a Path,
}

/// A root, built.
pub(super) struct BuiltRoot {
    pub unit: Unit,
    /// The files in which its objects began, and the paths by which the index knows what is built of them.
    pub paths: BTreeSet<RelPath>,
    pub index_paths: BTreeSet<RelPath>,
    /// What is built of each file.
    pub renders: Vec<BuiltRender>,
    own_file: RelPath,
}

/// The same with what it is made of.
pub(super) struct OverlayBuild {
    pub record: OverlayRecord,
    pub renders: Vec<BuiltRender>,
    /// The texts of files that were read, by their paths.
    pub texts: Vec<(RelPath, Arc<str>)>,
}

/// Makes of a build what is wanted of it.
pub(super) trait FinishBuild<T>:
    Fn(BuiltRoot, &OverlayRoot, (&SourceLibrary<'_>, OverlayPlaces<'_>)) -> T + Sync
{
}

impl<T, F> FinishBuild<T> for F where
    F: Fn(BuiltRoot, &OverlayRoot, (&SourceLibrary<'_>, OverlayPlaces<'_>)) -> T + Sync
{
}

/// What a root builds of a file.
pub(super) struct BuiltRender {
    pub path: RelPath,
    pub index_path: RelPath,
    /// None where it is what was built of it before.
    pub other: Option<TemplateRender>,
}

/// Gives what was built of a file before, by its path and that in the index.
pub(super) type KnownRender<'a> = dyn Fn(&RelPath, &RelPath) -> Option<&'a TemplateRender> + Sync + 'a;

/// A kustomization that nothing builds on, by its folder in the repository, and what it is made of.
pub(super) struct OverlayRoot {
    pub folder: String,
    pub named: Arc<ClosureFiles>,
}

impl OverlayPlaces<'_> {
    /// The path in the repository of one that is relative to the root.
    pub(super) fn in_repository(&self, path: &RelPath) -> Option<String> {
        if self.is_whole() && !path.is_outside() {
            return Some(path.as_str().to_owned());
        }
        let at = RelPath::strip_root(self.top, &path.to_absolute(self.root))?;
        Some(at.as_str().to_owned())
    }

    /// The path from the root of one in the repository.
    pub(super) fn path_for_people(&self, path: &str) -> Option<RelPath> {
        if self.is_whole() {
            return Some(RelPath::from(path));
        }
        RelPath::relative_to(self.root, &RelPath::from(path).to_absolute(self.top))
    }
}

impl OverlayPlaces<'_> {
    /// True where both sorts of paths are the same.
    fn is_whole(&self) -> bool {
        self.root.as_os_str() == self.top.as_os_str()
    }
}

impl OverlayRoot {
    pub(super) fn new(closures: &BuildClosures, folder: &str) -> Self {
        Self { folder: folder.to_owned(), named: Arc::new(closures.files_of(folder)) }
    }
}

/// The most objects that all roots may build together, as many as one may: of each, much is kept.
const MAX_OBJECTS: usize = 20_000;

/// Builds roots; those that share folders one after the other, so that each folder is built once. All that is built is
/// large: what is wanted of each is made at once.
pub(super) fn build_roots<T: Send>(
    disk: &PatchedFolder<'_>,
    roots: Vec<OverlayRoot>,
    (places, known): (OverlayPlaces<'_>, &KnownRender<'_>),
    finish: impl FinishBuild<T>,
) -> Vec<T> {
    let objects_left = AtomicUsize::new(MAX_OBJECTS);
    let built = par_map(group_roots(roots), |group| {
        let library = SourceLibrary::new(disk);
        let builds = KustomizeBuilds::of_tops(&library, disk.kept());
        let built = group.iter().filter_map(|root| {
            let built = build_root(root, (&builds, &objects_left), (&library, places), known)?;
            Some(finish(built, root, (&library, places)))
        });
        built.collect::<Vec<_>>()
    });
    built.into_iter().flatten().collect()
}

/// What a root builds, as long as all of them together build no more than they may.
fn build_within(
    folder: &str,
    builds: &KustomizeBuilds<'_>,
    left: &AtomicUsize,
) -> Result<Vec<BuiltObject>, BuildFault> {
    let spent =
        || BuildFault::new(format!("the kustomizations build more than {MAX_OBJECTS} objects together"));
    if left.load(Ordering::Relaxed) == 0 {
        return Err(spent());
    }
    let built = builds.build(folder)?;
    let take = |left: usize| left.checked_sub(built.len());
    if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
        left.store(0, Ordering::Relaxed);
        return Err(spent());
    }
    Ok(built)
}

/// Roots that share a folder stand together.
fn group_roots(roots: Vec<OverlayRoot>) -> Vec<Vec<OverlayRoot>> {
    let mut groups: Vec<Vec<OverlayRoot>> = Vec::new();
    let mut group_of: HashMap<String, usize> = HashMap::new();
    for root in roots {
        let mut own: Vec<usize> =
            root.named.folders.iter().filter_map(|folder| group_of.get(folder).copied()).collect();
        own.sort_unstable();
        own.dedup();
        let target = own.first().copied().unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        for other in own.into_iter().skip(1) {
            let moved = std::mem::take(&mut groups[other]);
            let folders = moved.iter().flat_map(|root| root.named.folders.iter().cloned());
            group_of.extend(folders.map(|folder| (folder, target)));
            groups[target].extend(moved);
        }
        group_of.extend(root.named.folders.iter().map(|folder| (folder.clone(), target)));
        groups[target].push(root);
    }
    groups
}

fn build_root(
    root: &OverlayRoot,
    (builds, objects_left): (&KustomizeBuilds<'_>, &AtomicUsize),
    (library, places): (&SourceLibrary<'_>, OverlayPlaces<'_>),
    known: &KnownRender<'_>,
) -> Option<BuiltRoot> {
    let named = &root.named;
    let folder = places.path_for_people(&root.folder)?;
    let own_file = places.path_for_people(named.own_file.as_deref()?)?;
    let built = build_within(&root.folder, builds, objects_left);
    let status = match &built {
        Ok(_) => UnitStatus::Built,
        Err(fault) => UnitStatus::Unbuilt(format!("not built: {fault}")),
    };
    let key = UnitKey { kind: UnitKind::Kustomization, path: folder, values: Vec::new(), environment: None };
    let unit = Arc::new(key.clone());
    let (paths, index_paths, renders) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut made = BuiltRoot { unit: Unit { key, status }, paths, index_paths, renders, own_file };
    let mut names = SourceNames::of_root(&root.folder, places);
    for (path, objects) in objects_by_file(built.as_deref().unwrap_or_default(), library, named) {
        let Some(path) = places.path_for_people(&path) else { continue };
        let index_path = index_path(&path, &unit.path);
        let source = write_source(&objects, library, &mut names);
        made.paths.insert(path.clone());
        made.index_paths.insert(index_path.clone());
        let is_same = known(&path, &index_path).is_some_and(|render| render.comes_of(&source));
        let other = (!is_same).then(|| TemplateRender::of_source(unit.clone(), index_path.clone(), source));
        made.renders.push(BuiltRender { path, index_path, other });
    }
    Some(made)
}

impl BuiltRoot {
    pub(super) const fn is_built(&self) -> bool {
        !matches!(self.unit.status, UnitStatus::Unbuilt(_))
    }
}

impl OverlayBuild {
    /// A build with the files that it is made of, for the audit.
    pub(super) fn of_root(
        built: BuiltRoot,
        root: &OverlayRoot,
        (library, places): (&SourceLibrary<'_>, OverlayPlaces<'_>),
    ) -> Self {
        let named = &root.named;
        let texts = named.objects.iter().filter_map(|path| {
            let (_, text) = library.read_text(path).ok()?;
            Some((places.path_for_people(path)?, text))
        });
        let all = named.objects.iter().chain(&named.data).chain(&named.absent);
        let BuiltRoot { unit, paths, index_paths, renders, own_file } = built;
        let record = OverlayRecord {
            unit,
            named: Arc::clone(named),
            files: all.filter_map(|path| places.path_for_people(path)).collect(),
            paths,
            index_paths,
            apart: OnceLock::new(),
            own_file,
        };
        Self { record, renders, texts: texts.collect() }
    }
}

/// Objects by the file in which they began; what was generated of data began in the root's kustomization. What no rule
/// reads is left out.
fn objects_by_file<'o>(
    objects: &'o [BuiltObject],
    library: &SourceLibrary<'_>,
    named: &ClosureFiles,
) -> BTreeMap<String, Vec<&'o BuiltObject>> {
    let mut paths: HashMap<SourceId, String> = HashMap::new();
    let mut by_path: BTreeMap<String, Vec<&BuiltObject>> = BTreeMap::new();
    for object in objects.iter().filter(|object| object.is_read()) {
        let Some(file) = object.first_file() else { continue };
        let path = paths.entry(file).or_insert_with(|| {
            let path = library.path_of(file);
            let own = || named.own_file.clone().unwrap_or_default();
            if named.objects.contains(&path) { path } else { own() }
        });
        match by_path.get_mut(path) {
            Some(objects) => objects.push(object),
            None => drop(by_path.insert(path.clone(), vec![object])),
        }
    }
    by_path
}

/// The path by which the index knows what an overlay makes of a file: it has that file's folder.
pub(super) fn index_path(path: &RelPath, folder: &RelPath) -> RelPath {
    format!("{path} (overlay {})", overlay_name(folder)).as_str().into()
}

/// The name of an overlay in such paths: without slashes.
pub(super) fn overlay_name(folder: &RelPath) -> String {
    folder.as_str().replace('/', ":")
}

/// The names of the files of a build, as seen from the root's folder.
pub(super) struct SourceNames<'a> {
    top: &'a Path,
    folder: PathBuf,
    names: HashMap<SourceId, Arc<str>>,
}

impl<'a> SourceNames<'a> {
    pub(super) fn of_root(folder: &str, places: OverlayPlaces<'a>) -> Self {
        let folder = RelPath::from(folder).to_absolute(places.top);
        Self { top: places.top, folder, names: HashMap::new() }
    }

    fn name_of(&mut self, file: SourceId, library: &SourceLibrary<'_>) -> Arc<str> {
        let (folder, top) = (&self.folder, self.top);
        let name = self.names.entry(file).or_insert_with(|| {
            let at = RelPath::from(library.path_of(file).as_str()).to_absolute(top);
            RelPath::relative_to(folder, &at).map_or_else(|| "".into(), |path| path.as_str().into())
        });
        Arc::clone(name)
    }
}

pub(super) fn write_source(
    objects: &[&BuiltObject],
    library: &SourceLibrary<'_>,
    names: &mut SourceNames<'_>,
) -> RenderSource {
    let ObjectText { text, pieces, starts, removals } = write_objects(objects.iter().copied(), library);
    let mut name_of = |file: SourceId| names.name_of(file, library);
    let via: Arc<[OriginPlace]> = Arc::default();
    let origin = pieces.iter().map(|piece| {
        let TextPiece { start, end, part, is_exact } = *piece;
        let span = part.span();
        let kind = match is_exact {
            true => SegmentKind::Text,
            false => SegmentKind::Computed { length: span.len(), from: Arc::default() },
        };
        let place = OriginPlace { path: name_of(part.file), offset: span.start };
        OriginSegment { start, end, kind, place, via: via.clone() }
    });
    let origin = origin.collect();
    let removals = removals.into_iter().map(|removal| RenderRemoval {
        key: removal.key,
        owner: removal.owner,
        element: removal.element,
        place: OriginPlace { path: name_of(removal.part.file), offset: removal.part.span().start },
        length: removal.part.span().len(),
    });
    let removals = removals.collect();
    let names = objects.iter().map(|object| {
        let id = object.first_id();
        Arc::from(format!("{}/{}", id.kind, id.name).as_str())
    });
    let first_names = starts.into_iter().zip(names).collect();
    RenderSource { text, origin, first_names, removals }
}
