//! The index of the whole repository: each file's facts, and what follows from them together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::{ContainerKey, Facts, Link, Who, identity, link, patches};
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
        let mut builds = HashSet::new();
        let mut same = true;
        for (path, facts) in changes {
            if self.files.get(&path).map(|old| &**old) == facts.as_ref() {
                continue;
            }
            same = false;
            builds.insert(path.clone());
            match facts {
                Some(facts) => self.files.insert(path, Arc::new(facts)),
                None => self.files.remove(&path),
            };
        }
        if same {
            return Moved { answers: Some(BTreeSet::new()), ..Moved::default() };
        }
        let links = link::links(&self.files);
        let settled = identity::settle(&self.files, &links, &settings.uids);
        let before = Self {
            links: std::mem::replace(&mut self.links, links),
            settled: std::mem::replace(&mut self.settled, settled),
            patches: std::mem::replace(&mut self.patches, patches::patches(&self.files)),
            accounts: std::mem::take(&mut self.accounts),
            roles: std::mem::take(&mut self.roles),
            files: BTreeMap::new(),
        };
        self.read_accounts();
        self.moved(&before, &builds)
    }

    /// Which files may be judged otherwise than by the index before, in which the facts of some were others.
    fn moved(&self, before: &Self, others: &HashSet<RelPath>) -> Moved {
        let patches =
            before.patches.symmetric_difference(&self.patches).map(|(path, _)| path.clone()).collect();
        if self.accounts != before.accounts || self.roles != before.roles {
            return Moved { patches, answers: None };
        }
        let settled = |path: &RelPath| self.settled.get(path) == before.settled.get(path);
        let moved = |(key, link): &(&ContainerKey, &Link)| {
            self.links.get(key) != before.links.get(key)
                || others.contains(&link.dockerfile)
                || !settled(&link.dockerfile)
        };
        let links = self.links.iter().chain(&before.links).filter(moved);
        Moved { patches, answers: Some(links.map(|(key, _)| key.path.clone()).collect()) }
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
}

fn in_namespace(namespace: Option<&str>) -> String {
    namespace.unwrap_or("default").to_owned()
}
