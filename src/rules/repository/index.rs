//! The index of the whole repository: each file's facts, and what follows from them together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::link::Links;
use super::{ContainerKey, Facts, Link, PolicyFacts, Who, identity, link, namespaces, patches};
use crate::repo::RelPath;
use crate::settings::Settings;

/// Facts by file, and the maps that answer by key. When facts change, what may follow from them is built anew.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(super) files: BTreeMap<RelPath, Arc<Facts>>,
    pub(super) links: Links,
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

/// Which files may be judged otherwise after a change of the index, besides those that changed.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Their standing as a patch has changed.
    pub patches: BTreeSet<RelPath>,
    /// What the repository answers them has changed; none where that may be so for any file.
    pub answers: Option<BTreeSet<RelPath>>,
}

impl Index {
    /// Takes in what has changed: new facts, or none where a file is gone or says nothing. Says what else may be
    /// judged otherwise now.
    pub fn change(&mut self, changes: Vec<(RelPath, Option<Facts>)>, settings: &Settings) -> Moved {
        let changes = changes.into_iter().filter(|(path, facts)| self.facts(path) != facts.as_ref());
        let changes: Vec<_> = changes.collect();
        if changes.is_empty() {
            return Moved { answers: Some(BTreeSet::new()), ..Moved::default() };
        }
        let mut builds = HashSet::new();
        let mut folders = BTreeSet::new();
        let mut builders_moved = false;
        for (path, facts) in changes {
            let is = matches!(facts, Some(Facts::Build(_)));
            let old = match facts {
                Some(facts) => self.files.insert(path.clone(), Arc::new(facts)),
                None => self.files.remove(&path),
            };
            let was = matches!(old.as_deref(), Some(Facts::Build(_)));
            builders_moved |= is != was;
            folders.insert(path.folder().to_owned());
            if is || was {
                builds.insert(path);
            }
        }
        let relinked = if builders_moved { self.link_all() } else { self.relink(&folders) };
        builds.extend(self.settle(settings));
        self.moved(relinked, &builds)
    }

    /// Links every manifest anew, and says which have other links now.
    fn link_all(&mut self) -> BTreeSet<RelPath> {
        let old = std::mem::replace(&mut self.links, link::links(&self.files));
        let differ = |other: &Links, (key, link): (&ContainerKey, &Link)| {
            (other.get(key) != Some(link)).then(|| key.path.clone())
        };
        let new = self.links.iter().filter_map(|entry| differ(&old, entry));
        new.chain(old.iter().filter_map(|entry| differ(&self.links, entry))).collect()
    }

    fn relink(&mut self, folders: &BTreeSet<String>) -> BTreeSet<RelPath> {
        folders.iter().flat_map(|folder| link::relink(&mut self.links, &self.files, folder)).collect()
    }

    /// Takes in which numbers a person chose since. No finding depends on them, only what a fix would write.
    pub fn rechoose(&mut self, settings: &Settings) {
        self.settle(settings);
    }

    /// Settles the numbers anew, and says for which Dockerfiles there is another now.
    fn settle(&mut self, settings: &Settings) -> Vec<RelPath> {
        let settled = identity::settle(&self.files, &self.links, settings);
        let old = std::mem::replace(&mut self.settled, settled);
        let all = self.settled.keys().chain(old.keys());
        all.filter(|path| self.settled.get(*path) != old.get(*path)).cloned().collect()
    }

    /// Reads the rest anew, and says which files may be judged otherwise: those with other links, and those linked to
    /// Dockerfiles that say something else.
    fn moved(&mut self, mut answers: BTreeSet<RelPath>, builds: &HashSet<RelPath>) -> Moved {
        let named = patches::named(&self.files);
        let old = std::mem::replace(&mut self.patches, patches::patches(&self.files, &named));
        let patches = old.symmetric_difference(&self.patches).map(|(path, _)| path.clone()).collect();
        let mut given = namespaces::given(&self.files);
        // A patch is part of its target, and lands where that does.
        given.extend(named);
        let namespaces_moved = self.given_namespace != given;
        self.given_namespace = given;
        let old = (std::mem::take(&mut self.accounts), std::mem::take(&mut self.roles));
        let policies = std::mem::take(&mut self.policies);
        self.read_accounts();
        self.read_policies();
        let accounts_moved = (&self.accounts, &self.roles) != (&old.0, &old.1);
        if accounts_moved || namespaces_moved || self.policies != policies {
            return Moved { patches, answers: None };
        }
        if !builds.is_empty() {
            let linked = self.links.iter().filter(|(_, link)| builds.contains(&link.dockerfile));
            answers.extend(linked.map(|(key, _)| key.path.clone()));
        }
        Moved { patches, answers: Some(answers) }
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
