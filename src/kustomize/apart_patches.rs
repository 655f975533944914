//! Knows which file's objects each patch of a root is for, for builds of one file apart: the patches of others are passed
//! over there, and a patch in a file of its own is proven on what it is for.

use std::collections::HashMap;
use std::sync::Arc;

use super::build_fault::BuildFault;
use super::built_node::BuiltNode;
use super::built_object::BuiltObject;
use super::folder_reading::FolderReading;
use super::kustomization_file::KustomizationFile;
use super::object_id::ObjectId;
use super::patch_step::load_merge_patches;
use super::source_library::SourceLibrary;

/// The lists of a kustomization that hold patches which find their objects by name.
const PATCH_LISTS: [&str; 2] = ["patchesStrategicMerge", "patches"];

/// The patches of a root's kustomizations.
#[derive(Default)]
pub(super) struct ApartPatches {
    /// By the folder of the kustomization and the list.
    lists: HashMap<(String, &'static str), PatchList>,
    /// By the file of a patch that is named once.
    homes: HashMap<String, PatchHome>,
}

/// A list of patches, by the file whose objects each is for.
#[derive(Default)]
struct PatchList {
    entries: Vec<BuiltNode>,
    /// Those that are for no single file's objects, as far as is known; in their order, as are the others.
    shared: Vec<usize>,
    by_holder: HashMap<String, Vec<usize>>,
}

/// What a file of patches is for.
struct PatchHome {
    folder: String,
    list: &'static str,
    entry: usize,
    holder: String,
    ids: Vec<ObjectId>,
}

impl ApartPatches {
    /// Takes the patches of these kustomizations, which were built; `holders` has the file of each object by all
    /// identities that it has had.
    pub(super) fn of_files<'f>(
        library: &SourceLibrary<'_>,
        files: impl Iterator<Item = &'f KustomizationFile>,
        holders: &ObjectHolders,
    ) -> Self {
        let mut patches = Self::default();
        let mut named: HashMap<String, usize> = HashMap::new();
        for file in files {
            for field in PATCH_LISTS {
                patches.take_list(FolderReading { library, file }, field, holders, &mut named);
            }
        }
        patches.homes.retain(|path, _| named.get(path) == Some(&1));
        patches
    }

    fn take_list(
        &mut self,
        reading: FolderReading<'_>,
        field: &'static str,
        holders: &ObjectHolders,
        named: &mut HashMap<String, usize>,
    ) {
        let mut list = PatchList { entries: reading.file.items(field).to_vec(), ..PatchList::default() };
        for (at, entry) in list.entries.iter().enumerate() {
            let path = patch_path(entry).and_then(|path| reading.resolve_file(path).ok());
            if let Some(path) = &path {
                *named.entry(path.clone()).or_default() += 1;
            }
            let Some((holder, ids)) = find_holder(entry, reading, holders) else {
                list.shared.push(at);
                continue;
            };
            list.by_holder.entry(holder.clone()).or_default().push(at);
            if let Some(path) = path {
                let home =
                    PatchHome { folder: reading.file.folder.clone(), list: field, entry: at, holder, ids };
                self.homes.insert(path, home);
            }
        }
        self.lists.insert((reading.file.folder.clone(), field), list);
    }

    /// The file whose objects the patches of that file are for.
    pub(super) fn holder_of(&self, path: &str) -> Option<&str> {
        self.homes.get(path).map(|home| home.holder.as_str())
    }

    /// True where the patches of that file are still for the same objects, whatever else the library has of it.
    pub(super) fn are_for_the_same(
        &self,
        library: &SourceLibrary<'_>,
        path: &str,
        file_of: impl Fn(&str) -> Option<Arc<KustomizationFile>>,
    ) -> bool {
        let Some((home, file)) = self.homes.get(path).and_then(|home| Some((home, file_of(&home.folder)?)))
        else {
            return false;
        };
        let reading = FolderReading { library, file: &file };
        let entry =
            self.lists.get(&(home.folder.clone(), home.list)).and_then(|list| list.entries.get(home.entry));
        entry.and_then(|entry| patch_ids(entry, reading).ok()).is_some_and(|ids| ids == home.ids)
    }

    /// A kustomization without patches.
    pub(super) fn without_patches(file: &KustomizationFile) -> Arc<KustomizationFile> {
        Arc::new(file.with_lists(PATCH_LISTS.map(|field| (field, Vec::new()))))
    }

    /// A kustomization without patches, with those alone that may be for the objects of a file.
    pub(super) fn for_holder(&self, file: &Arc<KustomizationFile>, holder: &str) -> Arc<KustomizationFile> {
        let lists = PATCH_LISTS.into_iter().filter_map(|field| {
            let list =
                self.lists.get(&(file.folder.clone(), field)).filter(|list| !list.entries.is_empty())?;
            Some((field, list.for_holder(holder)))
        });
        let lists: Vec<_> = lists.collect();
        if lists.is_empty() { Arc::clone(file) } else { Arc::new(file.with_lists(lists)) }
    }
}

impl PatchList {
    fn for_holder(&self, holder: &str) -> Vec<BuiltNode> {
        let own = self.by_holder.get(holder).map(Vec::as_slice).unwrap_or_default();
        let mut wanted = [&self.shared, own].concat();
        wanted.sort_unstable();
        wanted.into_iter().map(|at| self.entries[at].clone()).collect()
    }
}

/// The files of objects by the identities that these have, or had; none where objects of several files share one.
#[derive(Default)]
pub(super) struct ObjectHolders(HashMap<String, Option<String>>);

impl ObjectHolders {
    pub(super) fn add(&mut self, object: &BuiltObject, file: &str) {
        for id in object.previous_ids.iter().chain([&object.id()]) {
            let known = self.0.entry(id.as_key()).or_insert_with(|| Some(file.to_owned()));
            if known.as_deref() != Some(file) {
                *known = None;
            }
        }
    }

    fn of(&self, id: &ObjectId) -> Option<&str> {
        self.0.get(&id.as_key())?.as_deref()
    }
}

/// The one file whose objects a patch is for, and the identities by which it finds them.
fn find_holder(
    entry: &BuiltNode,
    reading: FolderReading<'_>,
    holders: &ObjectHolders,
) -> Option<(String, Vec<ObjectId>)> {
    let ids = patch_ids(entry, reading).ok()?;
    let (first, others) = ids.split_first()?;
    let holder = holders.of(first)?.to_owned();
    others.iter().all(|id| holders.of(id) == Some(&holder)).then_some((holder, ids))
}

/// The identities by which a patch finds its objects; none where a target or operations say it in another way.
fn patch_ids(entry: &BuiltNode, reading: FolderReading<'_>) -> Result<Vec<ObjectId>, BuildFault> {
    if entry.get("target").is_some_and(|target| !target.is_null()) {
        return Ok(Vec::new());
    }
    Ok(load_merge_patches(entry, &reading)?.iter().map(BuiltObject::id).collect())
}

/// The path of a patch that stands in a file of its own, without blanks or lines that would make it one in place.
fn patch_path(entry: &BuiltNode) -> Option<&str> {
    let path = entry.as_text().or_else(|| entry.text_at(&["path"]))?;
    (!path.is_empty() && !path.contains('\n') && !path.starts_with('{')).then_some(path)
}
