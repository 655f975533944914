//! Builds kustomizations in memory, each folder once: the objects, where their values come from, or why there are none.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use super::affix_steps::{add_affix, set_namespace};
use super::apart_build::ApartFile;
use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, PartOrigin};
use super::built_object::{BuiltObject, objects_of};
use super::field_tables::FieldTables;
use super::folder_content::{FolderContent, SharedContent};
use super::folder_reading::{FolderReading, NamedPlace};
use super::image_step::exchange_images;
use super::kept_folders::KeptFolders;
use super::kustomization_fields::settle_configuration;
use super::kustomization_file::{KustomizationFile, shown};
use super::label_steps::{add_labels, add_manager_label, set_replicas};
use super::map_generator::generate_maps;
use super::name_hash::add_hashes;
use super::node_loader::{WordReading, load_file, load_inline};
use super::object_annotations::settle_annotations;
use super::object_order::sort_objects;
use super::object_set::TakenIds;
use super::patch_step::{apply_json_patches, apply_merge_patches, apply_patches};
use super::reference_step::{RenamedObjects, rewrite_references};
use super::replacement_step::replace_values;
use super::source_library::SourceLibrary;
use super::transformer_step::apply_transformer;
use super::variable_step::{collect_variables, resolve_variables};

/// The builds of one repository.
pub struct KustomizeBuilds<'a> {
    library: &'a SourceLibrary<'a>,
    made: RefCell<HashMap<String, SharedContent>>,
    /// Each folder's kustomization, read once.
    files: RefCell<HashMap<String, Arc<KustomizationFile>>>,
    /// The one file whose objects are built.
    apart: Option<ApartFile<'a>>,
    /// How many kustomizations were gone through for the root in hand.
    steps: Cell<usize>,
    /// True where each folder that is asked for is one on which nothing builds.
    is_of_tops: bool,
    /// What is known of folders from other builds.
    kept: Option<&'a KeptFolders>,
}

/// How deep kustomizations may build on one another.
const MAX_DEPTH: usize = 60;

/// How many kustomizations one root may go through; components are gone through each time that they are named.
const MAX_STEPS: usize = 5_000;

/// Fields whose work is done by programs or downloads that are not ours to run.
const FOREIGN_FIELDS: &[(&str, &str)] = &[
    ("generators", "`generators` are plug-ins"),
    ("validators", "`validators` are plug-ins"),
    ("helmCharts", "`helmCharts` are built only with --enable-helm"),
    ("helmChartInflationGenerator", "`helmChartInflationGenerator` is built only with --enable-helm"),
    ("openapi", "`openapi` gives a schema of its own"),
    ("crds", "`crds` give a schema of their own"),
];

impl<'a> KustomizeBuilds<'a> {
    #[must_use]
    pub fn new(library: &'a SourceLibrary<'a>) -> Self {
        let (made, files, steps) = (RefCell::default(), RefCell::default(), Cell::default());
        Self { library, made, files, apart: None, steps, is_of_tops: false, kept: None }
    }

    /// The builds of folders on which nothing builds, with what is kept of those that they build on.
    #[must_use]
    pub fn of_tops(library: &'a SourceLibrary<'a>, kept: Option<&'a KeptFolders>) -> Self {
        Self { is_of_tops: true, kept, ..Self::new(library) }
    }

    /// The builds of one file's objects.
    pub(super) fn of_file(library: &'a SourceLibrary<'a>, file: ApartFile<'a>) -> Self {
        let files = RefCell::new(file.files());
        Self { files, apart: Some(file), ..Self::new(library) }
    }

    /// The objects that a folder's kustomization builds.
    ///
    /// # Errors
    /// The reason why it is not built.
    pub fn build(&self, folder: &str) -> Result<Vec<BuiltObject>, BuildFault> {
        self.build_with_names(folder).map(|(objects, _)| objects)
    }

    /// The same, with the objects that have other names than they were written with.
    pub(super) fn build_with_names(
        &self,
        folder: &str,
    ) -> Result<(Vec<BuiltObject>, RenamedObjects), BuildFault> {
        self.steps.set(0);
        let content = self.content_of(folder, &mut Vec::new());
        // What nothing else builds on is not kept.
        if self.is_of_tops {
            self.made.borrow_mut().remove(folder);
        }
        let FolderContent { mut set, variables, tables, .. } = Arc::unwrap_or_clone(content)?;
        let tables = tables.as_deref().unwrap_or_else(|| FieldTables::shared());
        add_hashes(&mut set);
        set.check_ids()?;
        let others = self.apart.map(|file| (file.renamed(), file.first_number()));
        let renamed = rewrite_references(&mut set, tables, others)?;
        resolve_variables(&mut set, &variables, tables)?;
        settle_annotations(&mut set, self.library);
        set.objects.retain(|object| !object.is_local_config());
        let file = self.kustomization_of(folder)?;
        sort_objects(&mut set.objects, &file)?;
        if file.paths("buildMetadata").any(|word| word == "managedByLabel") {
            add_manager_label(&mut set);
        }
        Ok((set.objects, renamed))
    }

    pub(super) fn kustomization_of(&self, folder: &str) -> Result<Arc<KustomizationFile>, BuildFault> {
        let known = self.files.borrow().get(folder).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let source = self.library.folder();
        let file = match self.kept.and_then(|kept| kept.file_of(source, folder)) {
            Some(kept) => kept,
            None => {
                let file = Arc::new(KustomizationFile::read(self.library, folder)?);
                self.kept.inspect(|kept| kept.keep_file(source, folder, &file));
                file
            }
        };
        self.files.borrow_mut().insert(folder.to_owned(), Arc::clone(&file));
        Ok(file)
    }

    fn content_of(&self, folder: &str, above: &mut Vec<String>) -> SharedContent {
        if let Err(fault) = check_circle(folder, above) {
            return Arc::new(Err(fault));
        }
        if above.len() >= MAX_DEPTH {
            return Arc::new(Err(BuildFault::new("kustomizations build too deep on one another")));
        }
        let source = self.library.folder();
        let kept = self.kept.filter(|_| !above.is_empty());
        let known = self.made.borrow().get(folder).cloned();
        let known = known.or_else(|| kept?.content_of(source, folder));
        if let Some(known) = known {
            let reached = Result::as_ref(&known).into_iter().flat_map(|content| &content.reached);
            let circle = reached.map(|folder| check_circle(folder, above)).find(Result::is_err);
            return circle.and_then(Result::err).map_or(known, |fault| Arc::new(Err(fault)));
        }
        above.push(folder.to_owned());
        let made = self.make_content(folder, above);
        above.pop();
        let made = Arc::new(made);
        // What stops at a circle is not what the folder is by itself.
        if made.is_ok() || above.is_empty() {
            kept.inspect(|kept| kept.keep_content(source, folder, &made));
            self.made.borrow_mut().insert(folder.to_owned(), Arc::clone(&made));
        }
        made
    }

    fn make_content(&self, folder: &str, above: &mut Vec<String>) -> Result<FolderContent, BuildFault> {
        let file = self.kustomization_of(folder)?;
        let mut content = FolderContent::default();
        content.set.is_part = self.apart.is_some();
        self.accumulate(&mut content, &file, above)?;
        Ok(content)
    }

    /// Adds what a kustomization loads, makes and changes to what is there: for a component that is its parent's.
    fn accumulate(
        &self,
        content: &mut FolderContent,
        file: &KustomizationFile,
        above: &mut Vec<String>,
    ) -> Result<(), BuildFault> {
        let reading = FolderReading { library: self.library, file };
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS {
            return Err(BuildFault::new("it goes through too many kustomizations"));
        }
        if let Some((_, why)) = FOREIGN_FIELDS.iter().find(|(field, _)| {
            file.field(field).is_some_and(|node| !node.items().is_empty() || !node.entries().is_empty())
        }) {
            return Err(BuildFault::new(format!("{}: {why}", file.path)));
        }
        let mut taken = content.set.taken_ids();
        for name in file.paths("resources").chain(file.paths("bases")) {
            self.add_resource((content, &mut taken), reading, name, above)?;
        }
        if let Some(path) = self.apart.and_then(|apart| apart.path_in(&file.folder)) {
            self.add_file(content, &mut taken, path)?;
        }
        for name in file.paths("configurations") {
            let path = reading.resolve_file(name)?;
            let document = self.configuration_of(&path).map_err(|fault| fault.within(&path))?;
            content.tables.get_or_insert_default().add_file(&document)?;
        }
        generate_maps(&mut content.set, &reading)?;
        for name in file.paths("components") {
            self.add_component(content, reading, name, above)?;
        }
        self.transform(content, &reading).map_err(|fault| fault.within(&file.path))?;
        for config in self.transformer_configs(reading, above)? {
            apply_transformer(&mut content.set, &config, &reading)
                .map_err(|fault| fault.within(&file.path))?;
        }
        collect_variables(&mut content.variables, &content.set, file)
    }

    fn add_resource(
        &self,
        (content, taken): (&mut FolderContent, &mut TakenIds),
        reading: FolderReading<'_>,
        name: &str,
        above: &mut Vec<String>,
    ) -> Result<(), BuildFault> {
        match reading.resolve(name)? {
            NamedPlace::File(path) => self.add_file(content, taken, &path),
            NamedPlace::Folder(folder) => {
                if self.kustomization_of(&folder)?.is_component {
                    return Err(BuildFault::new(format!(
                        "{} is a component, and is named as a resource",
                        shown(&folder)
                    )));
                }
                let base = self.content_of(&folder, above);
                let base = Result::as_ref(&base).map_err(Clone::clone)?;
                content.set.add_all(base.set.objects.iter().cloned(), taken)?;
                content.reached.extend(base.reached.iter().cloned());
                content.reached.insert(folder.into());
                content.variables.extend(base.variables.iter().cloned());
                if let Some(tables) = &base.tables {
                    content.tables.get_or_insert_default().add_all(tables)?;
                }
                Ok(())
            }
        }
    }

    fn add_file(
        &self,
        content: &mut FolderContent,
        taken: &mut TakenIds,
        path: &str,
    ) -> Result<(), BuildFault> {
        let (id, text) = self.library.read_text(path)?;
        let documents = load_file(&text, id, WordReading::Object, PartOrigin::Resource);
        let objects = documents.and_then(objects_of).map_err(|fault| fault.within(path))?;
        content.set.add_all(objects, taken)
    }

    /// The first document of a file of `configurations`, in which no key may stand twice.
    fn configuration_of(&self, path: &str) -> Result<BuiltNode, BuildFault> {
        let (id, text) = self.library.read_text(path)?;
        load_file(&text, id, WordReading::Object, PartOrigin::Resource)?;
        let documents = load_file(&text, id, WordReading::Older, PartOrigin::Resource)?;
        let mut document = documents.into_iter().next().unwrap_or_default();
        settle_configuration(&mut document)?;
        Ok(document)
    }

    /// The objects that `transformers:` names, in files, in place, or built.
    fn transformer_configs(
        &self,
        reading: FolderReading<'_>,
        above: &mut Vec<String>,
    ) -> Result<Vec<BuiltNode>, BuildFault> {
        let mut configs = Vec::new();
        for entry in reading.file.items("transformers") {
            let Some(name) = entry.as_text() else { continue };
            let inline = reading.inline_of(entry).filter(|_| name.contains('\n') || name.starts_with('{'));
            if let Some(inline) = inline {
                configs.extend(load_inline(&inline, WordReading::Object, PartOrigin::Resource)?);
                continue;
            }
            match reading.resolve(name)? {
                NamedPlace::File(path) => {
                    let (id, text) = self.library.read_text(&path)?;
                    configs.extend(load_file(&text, id, WordReading::Object, PartOrigin::Resource)?);
                }
                NamedPlace::Folder(folder) => {
                    let built = self.content_of(&folder, above);
                    let built = Result::as_ref(&built).map_err(Clone::clone)?;
                    configs.extend(built.set.objects.iter().map(|object| object.root.clone()));
                }
            }
        }
        configs.retain(|config| !config.entries().is_empty());
        Ok(configs)
    }

    fn add_component(
        &self,
        content: &mut FolderContent,
        reading: FolderReading<'_>,
        name: &str,
        above: &mut Vec<String>,
    ) -> Result<(), BuildFault> {
        let NamedPlace::Folder(folder) = reading.resolve(name)? else {
            return Err(BuildFault::new(format!("the component {name} is no folder")));
        };
        check_circle(&folder, above)?;
        if above.len() >= MAX_DEPTH {
            return Err(BuildFault::new("kustomizations build too deep on one another"));
        }
        let file = self.kustomization_of(&folder)?;
        if !file.is_component {
            return Err(BuildFault::new(format!("{} is no component, and is named as one", shown(&folder))));
        }
        content.reached.insert(folder.as_str().into());
        above.push(folder);
        let added = self.accumulate(content, &file, above);
        above.pop();
        added
    }

    /// Applies a kustomization's own changes, in kustomize's order, whatever that of its keys.
    fn transform(&self, content: &mut FolderContent, reading: &FolderReading<'_>) -> Result<(), BuildFault> {
        let FolderContent { set, tables, .. } = content;
        let (tables, file) = (tables.as_deref().unwrap_or_else(|| FieldTables::shared()), reading.file);
        apply_merge_patches(set, reading)?;
        apply_patches(set, reading)?;
        if let Some((namespace, parts)) = file.text("namespace").filter(|(text, _)| !text.is_empty()) {
            set_namespace(set, namespace, parts, &tables.namespace)?;
        }
        for (field, is_prefix) in [("namePrefix", true), ("nameSuffix", false)] {
            if let Some((text, parts)) = file.text(field) {
                let specs = if is_prefix { &tables.prefix } else { &tables.suffix };
                add_affix(set, (text, parts), specs, is_prefix)?;
            }
        }
        add_labels(set, file, tables)?;
        apply_json_patches(set, reading)?;
        set_replicas(set, file, tables)?;
        exchange_images(set, file, tables, self.library)?;
        replace_values(set, reading)
    }
}

/// Refuses a folder that is built already, or holds one that is: to kustomize both are circles.
fn check_circle(folder: &str, above: &[String]) -> Result<(), BuildFault> {
    let is_above = |open: &&String| {
        folder.is_empty()
            || open.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match above.iter().find(is_above) {
        None => Ok(()),
        Some(open) if open == folder => Err(BuildFault::new(format!("{} builds on itself", shown(folder)))),
        Some(open) => Err(BuildFault::new(format!("{open} builds on {}, which holds it", shown(folder)))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::KustomizeBuilds;
    use crate::kustomize::{DiskFolder, SourceLibrary};

    #[test]
    fn each_folder_is_built_once_for_all_that_build_on_it() {
        let top = tempfile::tempdir().unwrap();
        let files = [
            ("base/kustomization.yaml", "resources: [a.yaml]\n"),
            ("base/a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"),
            ("middle/kustomization.yaml", "resources: [../base]\nnamePrefix: m-\n"),
            ("dev/kustomization.yaml", "resources: [../middle]\nnamePrefix: dev-\n"),
            ("prod/kustomization.yaml", "resources: [../middle, ../base]\nnamePrefix: prod-\n"),
        ];
        for (path, text) in files {
            let at = top.path().join(path);
            std::fs::create_dir_all(at.parent().unwrap()).unwrap();
            std::fs::write(at, text).unwrap();
        }
        let disk = DiskFolder::new(top.path());
        let library = SourceLibrary::new(&disk);
        let builds = KustomizeBuilds::new(&library);
        // How many kustomizations are gone through: what is there from before is not among them.
        for (folder, count) in [("dev", 3), ("prod", 1), ("base", 0), ("middle", 0)] {
            builds.build(folder).unwrap();
            assert_eq!(builds.steps.get(), count, "{folder}");
        }
    }
}
