//! Holds what a folder's kustomization comes to, for those who build on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build_fault::BuildFault;
use super::field_tables::FieldTables;
use super::object_set::ObjectSet;
use super::variable_step::ObjectVariable;

/// What a folder comes to before names are settled: what another builds on.
#[derive(Clone, Debug, Default)]
pub(super) struct FolderContent {
    pub set: ObjectSet,
    pub variables: Vec<ObjectVariable>,
    pub tables: Option<Box<FieldTables>>,
    /// The folders that it builds on.
    pub reached: BTreeSet<Arc<str>>,
}

pub(super) type SharedContent = Arc<Result<FolderContent, BuildFault>>;
