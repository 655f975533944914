//! The index of the whole repository: each file's facts, and what follows from them together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::{ContainerKey, Facts, Link, PolicyFacts, Who, identity, link, namespaces, patches};
use crate::repo::RelPath;
use crate::settings::Settings;

/// Facts by file, and the maps that answer by key. Rebuilt from the facts when one changes.
#[derive(Clone, Debug, Default)]
pub struct Index {
    files: BTreeMap<RelPath, Arc<Facts>>,
    pub(super) links: HashMap<ContainerKey, Link>,
    pub(super) settled: HashMap<RelPath, Who>,
    /// Whether a ServiceAccount, by namespace and name, lets its token be mounted.
    pub(super) accounts: HashMap<(String, String), bool>,
    /// The roles bound to a ServiceAccount.
    pub(super) roles: HashMap<(String, String), Vec<String>>,
    patches: HashSet<(RelPath, usize)>,
    /// The files, by path, whose objects a kustomization gives a namespace.
    pub(super) given_namespace: HashSet<String>,
    /// Each NetworkPolicy with its file.
    pub(super) policies: Vec<(RelPath, PolicyFacts)>,
}

impl Index {
    /// Takes in what has changed: new facts, or none where a file is gone or says nothing.
    pub fn change(&mut self, changes: Vec<(RelPath, Option<Facts>)>, settings: &Settings) {
        for (path, facts) in changes {
            match facts {
                Some(facts) => self.files.insert(path, Arc::new(facts)),
                None => self.files.remove(&path),
            };
        }
        self.links = link::links(&self.files);
        self.settled = identity::settle(&self.files, &self.links, settings);
        let named = patches::named(&self.files);
        self.patches = patches::patches(&self.files, &named);
        self.given_namespace = namespaces::given(&self.files);
        // A patch is part of its target, and lands where that does.
        self.given_namespace.extend(named);
        self.read_accounts();
        self.read_policies();
    }

    /// Whether the document, by its index in the file, is a patch of a kustomization.
    #[must_use]
    pub fn is_patch(&self, path: &RelPath, document: usize) -> bool {
        self.patches.contains(&(path.clone(), document))
    }

    #[must_use]
    pub fn facts(&self, path: &RelPath) -> Option<&Facts> {
        self.files.get(path).map(|facts| &**facts)
    }

    /// The documents that are patches of a kustomization.
    #[must_use]
    pub const fn patches(&self) -> &HashSet<(RelPath, usize)> {
        &self.patches
    }

    /// Every link, for showing them.
    pub fn links(&self) -> impl Iterator<Item = (&ContainerKey, &Link)> {
        self.links.iter()
    }

    fn read_accounts(&mut self) {
        self.accounts.clear();
        self.roles.clear();
        for facts in self.files.values() {
            let Facts::Manifest(manifest) = &**facts else { continue };
            for account in &manifest.accounts {
                if let Some(automount) = account.automount {
                    self.accounts.insert(
                        (in_namespace(account.namespace.as_deref()), account.name.clone()),
                        automount,
                    );
                }
            }
            for binding in &manifest.bindings {
                for (namespace, name) in &binding.accounts {
                    let key = (in_namespace(namespace.as_deref()), name.clone());
                    self.roles.entry(key).or_default().push(binding.role.clone());
                }
            }
        }
    }

    fn read_policies(&mut self) {
        let manifests = self.files.iter().filter_map(|(path, facts)| match &**facts {
            Facts::Manifest(manifest) => Some((path, manifest)),
            Facts::Build(_) => None,
        });
        self.policies = manifests
            .flat_map(|(path, manifest)| {
                manifest.policies.iter().map(|policy| (path.clone(), policy.clone()))
            })
            .collect();
    }
}

fn in_namespace(namespace: Option<&str>) -> String {
    namespace.unwrap_or("default").to_owned()
}
