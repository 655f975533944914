//! Knows who builds on whom, the kustomizations that nothing builds on, and the files that each is made of, those that
//! are not there among them, for whoever must know what a change reaches.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::built_node::BuiltNode;
use super::kept_folders::KeptFolders;
use super::kustomization_file::KustomizationFile;
use super::kustomization_file::join_name;
use super::source_library::{PlaceKind, SourceFolder, SourceLibrary};
use crate::base::{in_repository_folder, par_map};
use crate::repo::{KUSTOMIZATION_NAMES, is_kustomization_name, resolve_within};

/// What the kustomizations of a repository name.
#[derive(Debug, Default)]
pub struct BuildClosures {
    known: BTreeMap<String, FolderNames>,
    used_by: HashMap<String, BTreeSet<String>>,
    /// What is kept of folders for proofs, until a file changes.
    kept: KeptFolders,
}

/// The files of a build, as paths of the repository.
#[derive(Clone, Debug, Default)]
pub struct ClosureFiles {
    /// The folder's own kustomization.
    pub own_file: Option<String>,
    /// Kustomizations, and the objects and patches that they name.
    pub objects: BTreeSet<String>,
    /// What generators read.
    pub data: BTreeSet<String>,
    /// Kustomizations by the names that there are none by: one that comes is read, or refused beside another.
    pub absent: BTreeSet<String>,
    /// The folders that it builds on, and its own.
    pub folders: BTreeSet<String>,
}

/// What one folder's kustomization names, as paths of the repository.
#[derive(Debug, Default)]
struct FolderNames {
    own_file: Option<String>,
    objects: Vec<String>,
    data: Vec<String>,
    folders: Vec<String>,
    is_component: bool,
    /// True for another tool's kind of the same name, such as Flux's.
    is_foreign: bool,
}

/// Fields with texts: paths, or in some of them what else would be in a file.
const PATH_LISTS: [&str; 8] = [
    "resources",
    "bases",
    "components",
    "crds",
    "configurations",
    "transformers",
    "generators",
    "patchesStrategicMerge",
];
const PATH_ENTRIES: [&str; 3] = ["patches", "patchesJson6902", "replacements"];
const MAP_GENERATORS: [&str; 2] = ["configMapGenerator", "secretGenerator"];

/// How many folders are read by one thread at a time.
const FOLDERS_AT_ONCE: usize = 32;

impl BuildClosures {
    /// Reads the kustomizations of these folders, and of those that they name.
    #[must_use]
    pub fn of_folders(disk: &(dyn SourceFolder + Sync), folders: Vec<String>) -> Self {
        let mut closures = Self::default();
        closures.read_folders(disk, folders);
        closures
    }

    /// Reads again those that these changed files and folders may have changed. `folders` are all that have a
    /// kustomization now.
    pub fn update(
        &mut self,
        disk: &(dyn SourceFolder + Sync),
        touched: &BTreeSet<String>,
        folders: Vec<String>,
    ) {
        let is_stale = |(folder, names): &(&String, &FolderNames)| names.depends_on(folder, touched);
        let stale: Vec<String> =
            self.known.iter().filter(is_stale).map(|(folder, _)| folder.clone()).collect();
        stale.iter().for_each(|folder| self.forget_folder(folder));
        self.read_folders(disk, folders);
    }

    /// Reads these folders and all that are named, but for those that are known.
    fn read_folders(&mut self, disk: &(dyn SourceFolder + Sync), folders: Vec<String>) {
        let mut open: BTreeSet<String> = folders.into_iter().collect();
        loop {
            open.extend(self.known.values().flat_map(|names| &names.folders).cloned());
            open.retain(|folder| !self.known.contains_key(folder));
            if open.is_empty() {
                return;
            }
            let open: Vec<String> = std::mem::take(&mut open).into_iter().collect();
            let parts = open.chunks(FOLDERS_AT_ONCE).map(<[String]>::to_vec).collect();
            let read = par_map(parts, |folders: Vec<String>| {
                let library = SourceLibrary::new(disk);
                let names = folders.into_iter().map(|folder| {
                    let names = FolderNames::read(&library, &folder);
                    (folder, names)
                });
                names.collect::<Vec<_>>()
            });
            for (folder, names) in read.into_iter().flatten() {
                for base in &names.folders {
                    self.used_by.entry(base.clone()).or_default().insert(folder.clone());
                }
                self.known.insert(folder, names);
            }
        }
    }

    fn forget_folder(&mut self, folder: &str) {
        let names = self.known.remove(folder).unwrap_or_default();
        for base in &names.folders {
            let Some(users) = self.used_by.get_mut(base) else { continue };
            users.remove(folder);
            if users.is_empty() {
                self.used_by.remove(base);
            }
        }
    }

    /// True for a folder that is built inside of what names it.
    #[must_use]
    pub fn is_component(&self, folder: &str) -> bool {
        self.known.get(folder).is_some_and(|names| names.is_component)
    }

    /// The names of a folder's kustomization files; none where it has not been read.
    #[must_use]
    pub fn kustomization_names(&self, folder: &str) -> Option<Vec<String>> {
        let names = self.known.get(folder)?;
        let own = KUSTOMIZATION_NAMES.iter().filter(|name| names.objects.contains(&join_name(folder, name)));
        Some(own.map(|name| (*name).to_owned()).collect())
    }

    #[must_use]
    pub const fn kept_folders(&self) -> &KeptFolders {
        &self.kept
    }

    /// Forgets what is kept of folders: a file has changed.
    pub fn forget_contents(&mut self) {
        self.kept = KeptFolders::default();
    }

    /// The folders that build on one.
    pub fn users_of(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.used_by.get(folder).into_iter().flatten().map(String::as_str)
    }

    /// The folders that are built by themselves, and on which nothing builds that is built.
    pub fn top_roots(&self) -> impl Iterator<Item = &str> {
        let is_idle = |user: &String| self.is_component(user) && !self.used_by.contains_key(user);
        let is_top = move |folder: &String, names: &FolderNames| {
            let is_used = || self.used_by.get(folder).is_some_and(|users| !users.iter().all(is_idle));
            names.own_file.is_some() && !names.is_component && !names.is_foreign && !is_used()
        };
        self.known
            .iter()
            .filter(move |(folder, names)| is_top(folder, names))
            .map(|(folder, _)| folder.as_str())
    }

    /// Every file that the build of a folder reads or would read.
    #[must_use]
    pub fn files_of(&self, folder: &str) -> ClosureFiles {
        let (mut files, mut open) = (ClosureFiles::default(), vec![folder]);
        files.own_file = self.known.get(folder).and_then(|names| names.own_file.clone());
        while let Some(folder) = open.pop() {
            let Some(names) = self.known.get(folder).filter(|_| files.folders.insert(folder.to_owned()))
            else {
                continue;
            };
            files.objects.extend(names.objects.iter().cloned());
            let all_names = KUSTOMIZATION_NAMES.map(|name| join_name(folder, name));
            files.absent.extend(all_names.into_iter().filter(|path| !names.objects.contains(path)));
            files.data.extend(names.data.iter().cloned());
            open.extend(names.folders.iter().map(String::as_str));
        }
        files
    }
}

impl FolderNames {
    /// True where one of these paths is a kustomization of the folder, or may decide what lies at a place that it names.
    fn depends_on(&self, folder: &str, touched: &BTreeSet<String>) -> bool {
        let places = || self.folders.iter().chain(&self.objects).map(String::as_str);
        touched.iter().any(|path| {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            (parent == folder && is_kustomization_name(name))
                || in_repository_folder(folder, path)
                || places()
                    .any(|place| in_repository_folder(place, path) || in_repository_folder(path, place))
        })
    }

    fn read(library: &SourceLibrary<'_>, folder: &str) -> Self {
        let mut names = Self::default();
        for path in KustomizationFile::paths_in(library, folder) {
            let file = KustomizationFile::read_path(library, folder, path.clone());
            names.own_file.get_or_insert_with(|| path.clone());
            names.objects.push(path);
            let Ok(file) = file else { continue };
            names.is_component |= file.is_component;
            names.is_foreign |= file.is_foreign();
            let named = PATH_LISTS.into_iter().flat_map(|field| file.paths(field));
            for name in named.chain(patch_paths(&file)).filter(|name| !name.contains('\n')) {
                let Some(place) = resolve_within(folder, name) else { continue };
                match library.kind_of(&place) {
                    PlaceKind::Folder => names.folders.push(place),
                    PlaceKind::File | PlaceKind::Absent => names.objects.push(place),
                    PlaceKind::Outside => {}
                }
            }
            names.data.extend(data_paths(&file).filter_map(|name| resolve_within(folder, name)));
        }
        names
    }
}

/// The paths of all that a kustomization names beside `resources` and `bases`.
pub(super) fn paths_beside_resources(file: &KustomizationFile) -> impl Iterator<Item = &str> {
    let lists = PATH_LISTS.into_iter().filter(|field| !matches!(*field, "resources" | "bases"));
    lists.flat_map(|field| file.paths(field)).chain(patch_paths(file)).chain(data_paths(file))
}

/// The paths that stand in entries of lists.
fn patch_paths(file: &KustomizationFile) -> impl Iterator<Item = &str> {
    let patches = PATH_ENTRIES.into_iter().flat_map(|field| file.items(field));
    let schema = file.field("openapi").and_then(|node| node.text_at(&["path"]));
    patches.filter_map(|entry| entry.text_at(&["path"])).chain(schema)
}

/// The paths of what is no object.
fn data_paths(file: &KustomizationFile) -> impl Iterator<Item = &str> {
    let maps = MAP_GENERATORS.into_iter().flat_map(|field| file.items(field));
    maps.flat_map(|entry| {
        let lists = ["files", "envs"].into_iter().filter_map(|key| entry.get(key)).flat_map(BuiltNode::items);
        let own = lists.filter_map(BuiltNode::as_text).chain(entry.text_at(&["env"]));
        own.map(|text| text.split_once('=').map_or(text, |(_, path)| path))
    })
}
