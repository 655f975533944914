//! Builds what one file's objects become in a kustomization, apart from all others, for proofs that would otherwise build
//! hundreds of files again for each one that changes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::apart_patches::{ApartPatches, ObjectHolders};
use super::build_closure::{ClosureFiles, paths_beside_resources};
use super::built_node::BuiltNode;
use super::built_object::BuiltObject;
use super::folder_build::KustomizeBuilds;
use super::folder_reading::{FolderReading, NamedPlace};
use super::kustomization_file::KustomizationFile;
use super::object_id::ObjectId;
use super::reference_step::RenamedObjects;
use super::source_library::{KeptSources, SourceFolder, SourceId, SourceLibrary};
use crate::repo::resolve_within;

/// A root of which nothing decides about one object by what another holds, but for their names: what a file's objects
/// become is then told by that file, the kustomizations and those names.
pub struct ApartRoot {
    folder: String,
    /// The kustomizations, without the files that hold objects and without patches.
    files: HashMap<String, Arc<KustomizationFile>>,
    /// The files that hold objects and nothing else, by the folder whose kustomization names them.
    holders: HashMap<String, String>,
    /// The names of each file's objects, in their order.
    names: HashMap<String, Vec<ObjectNames>>,
    patches: ApartPatches,
    renamed: RenamedObjects,
    sources: KeptSources,
}

/// All by which other objects know one.
#[derive(Debug, PartialEq, Eq)]
struct ObjectNames {
    previous: Vec<ObjectId>,
    id: ObjectId,
    affixes: [Vec<String>; 2],
}

/// A file whose objects alone are built, and the root of which they are part.
#[derive(Clone, Copy)]
pub(super) struct ApartFile<'a> {
    root: &'a ApartRoot,
    path: &'a str,
}

/// Fields by which one object's content may get into another, or files decide that are no kustomization.
const SHARING_FIELDS: [&str; 3] = ["replacements", "vars", "transformers"];

impl ApartRoot {
    /// Builds a root whole, and keeps what builds of single files need. None where it is not built, or shares contents.
    #[must_use]
    pub fn of_folder(disk: &dyn SourceFolder, folder: &str, named: &ClosureFiles) -> Option<Self> {
        let library = SourceLibrary::new(disk);
        let builds = KustomizeBuilds::new(&library);
        let (objects, renamed) = builds.build_with_names(folder).ok()?;
        let (mut files, mut holders, mut others) = (HashMap::new(), HashMap::new(), HashSet::new());
        for own in &named.folders {
            let file = builds.kustomization_of(own).ok()?;
            if shares_contents(&file) {
                return None;
            }
            let reading = FolderReading { library: &library, file: &file };
            let mut objects_of_folder = HashSet::new();
            for name in file.paths("resources").chain(file.paths("bases")) {
                if let NamedPlace::File(path) = reading.resolve(name).ok()? {
                    objects_of_folder.insert(name.to_owned());
                    if holders.insert(path.clone(), own.clone()).is_some() {
                        others.insert(path);
                    }
                }
            }
            others
                .extend(paths_beside_resources(&file).filter_map(|name| resolve_within(&file.folder, name)));
            files
                .insert(own.clone(), Arc::new(file.without_objects(|name| objects_of_folder.contains(name))));
        }
        holders.retain(|path, _| !others.contains(path));
        let mut names: HashMap<String, Vec<ObjectNames>> = HashMap::new();
        let mut object_holders = ObjectHolders::default();
        for object in &objects {
            let file = library.path_of(object.first_file()?);
            object_holders.add(object, &file);
            names.entry(file).or_default().push(ObjectNames::of(object));
        }
        let all = files.values().map(|file: &Arc<KustomizationFile>| &**file);
        let patches = ApartPatches::of_files(&library, all, &object_holders);
        // Each build of one file takes a copy with few patches, which must not cost a look at all of them.
        let files =
            files.into_iter().map(|(own, file)| (own, ApartPatches::without_patches(&file))).collect();
        drop(builds);
        let sources = library.into_kept(|path| !holders.contains_key(path));
        Some(Self { folder: folder.to_owned(), files, holders, names, patches, renamed, sources })
    }

    /// The file whose objects a file decides about: its own, or those that its patches are for. None where only a build of
    /// all can tell.
    #[must_use]
    pub fn holder_of<'p>(&'p self, path: &'p str) -> Option<&'p str> {
        let own = self.holders.contains_key(path).then_some(path);
        own.or_else(|| self.patches.holder_of(path).filter(|holder| self.holders.contains_key(*holder)))
    }

    /// A library for a build of the objects that one file decides about, whose text is another in this folder.
    #[must_use]
    pub fn library<'a>(&'a self, disk: &'a dyn SourceFolder, path: &'a str) -> SourceLibrary<'a> {
        SourceLibrary::beside(disk, &self.sources, [path, self.holder_of(path).unwrap_or(path)])
    }

    /// What the objects become that a file decides about. None where only a build of all can tell: the file holds more than
    /// that, its patches are for other objects now, or others know its objects by other names.
    #[must_use]
    pub fn build_file(&self, library: &SourceLibrary<'_>, path: &str) -> Option<Vec<BuiltObject>> {
        let holder = self.holder_of(path)?;
        let file_of = |folder: &str| self.files.get(folder).cloned();
        if holder != path && !self.patches.are_for_the_same(library, path, file_of) {
            return None;
        }
        let known = self.names.get(holder)?;
        let apart = ApartFile { root: self, path: holder };
        let objects = KustomizeBuilds::of_file(library, apart).build(&self.folder).ok()?;
        let is_own =
            |object: &BuiltObject| object.first_file().is_some_and(|file| library.path_of(file) == holder);
        let are_known = objects.len() == known.len()
            && objects
                .iter()
                .zip(known)
                .all(|(object, names)| is_own(object) && ObjectNames::of(object) == *names);
        are_known.then_some(objects)
    }
}

impl ObjectNames {
    fn of(object: &BuiltObject) -> Self {
        let affixes = [object.prefixes.clone(), object.suffixes.clone()];
        Self { previous: object.previous_ids.clone(), id: object.id(), affixes }
    }
}

impl<'a> ApartFile<'a> {
    /// The kustomizations by their folders, without the patches that are for other files' objects.
    pub(super) fn files(self) -> HashMap<String, Arc<KustomizationFile>> {
        let own = |file: &Arc<KustomizationFile>| self.root.patches.for_holder(file, self.path);
        self.root.files.iter().map(|(folder, file)| (folder.clone(), own(file))).collect()
    }

    /// The file, where a folder's kustomization is the one that names it.
    pub(super) fn path_in(self, folder: &str) -> Option<&'a str> {
        self.root.holders.get(self.path).is_some_and(|holder| holder == folder).then_some(self.path)
    }

    /// The objects of all files that have other names than they were written with.
    pub(super) const fn renamed(self) -> &'a RenamedObjects {
        &self.root.renamed
    }

    /// The number that the file had in the build of all.
    pub(super) fn first_number(self) -> Option<SourceId> {
        self.root.sources.number_of(self.path)
    }
}

fn shares_contents(file: &KustomizationFile) -> bool {
    let is_there = |field: &&str| {
        file.field(field).is_some_and(|node| !node.items().is_empty() || !node.entries().is_empty())
    };
    let mut maps = file.items("configMapGenerator").iter().chain(file.items("secretGenerator"));
    let changes_objects = |map: &BuiltNode| matches!(map.text_at(&["behavior"]), Some("merge" | "replace"));
    SHARING_FIELDS.iter().any(is_there) || maps.any(changes_objects)
}
