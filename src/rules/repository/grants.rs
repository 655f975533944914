//! What the repository says of its ServiceAccounts, and which pods it concerns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ManifestFacts;
use super::change::Change;
use crate::repo::RelPath;

/// Something by namespace and ServiceAccount.
type ByAccount<T> = HashMap<String, HashMap<String, T>>;

#[derive(Clone, Debug, Default)]
pub(super) struct Grants {
    /// Whether it lets its token be mounted, as the last file that says so has it.
    automounts: ByAccount<BTreeMap<RelPath, bool>>,
    /// The roles bound to it, in the order of the files.
    roles: ByAccount<BTreeMap<RelPath, Vec<String>>>,
    /// The manifests with pods that run as it, or as one that cannot be told; then it has no name.
    pods: ByAccount<BTreeSet<RelPath>>,
}

impl Grants {
    pub(super) fn automounts(&self, namespace: &str, account: &str) -> Option<bool> {
        self.automounts.get(namespace)?.get(account)?.values().next_back().copied()
    }

    pub(super) fn roles(&self, namespace: &str, account: &str) -> Vec<&str> {
        let files = self.roles.get(namespace).and_then(|accounts| accounts.get(account));
        files.into_iter().flat_map(BTreeMap::values).flatten().map(String::as_str).collect()
    }

    /// The manifests with pods in a namespace.
    pub(super) fn pods_in(&self, namespace: &str) -> impl Iterator<Item = &RelPath> {
        self.pods.get(namespace).into_iter().flat_map(HashMap::values).flatten()
    }

    /// The manifests with pods.
    pub(super) fn pods(&self) -> impl Iterator<Item = &RelPath> {
        self.pods.values().flat_map(HashMap::values).flatten()
    }

    /// Takes in what has changed, and says which manifests' pods run as an account of which something else is said.
    pub(super) fn change(&mut self, changes: &[Change]) -> BTreeSet<RelPath> {
        let speaks = |manifest: Option<&ManifestFacts>| {
            manifest.is_some_and(|facts| !facts.accounts.is_empty() || !facts.bindings.is_empty())
        };
        let speaking = changes.iter().filter(|c| speaks(c.old_manifest()) || speaks(c.new_manifest()));
        let mut keys: BTreeSet<(String, String)> = BTreeSet::new();
        for manifest in speaking.clone().flat_map(|c| [c.old_manifest(), c.new_manifest()]).flatten() {
            keys.extend(accounts(manifest).map(|(namespace, name, _)| (namespace, name)));
            keys.extend(bindings(manifest).map(|(namespace, name, _)| (namespace, name)));
        }
        let said = |grants: &Self| -> Vec<(Option<bool>, Vec<String>)> {
            let roles = |n: &str, a: &str| grants.roles(n, a).into_iter().map(str::to_owned).collect();
            keys.iter().map(|(n, a)| (grants.automounts(n, a), roles(n, a))).collect()
        };
        let before = said(self);
        speaking.for_each(|change| self.put(change));
        let after = said(self);
        changes.iter().for_each(|change| self.note_pods(change));
        let moved = keys.iter().zip(before.iter().zip(after)).filter(|(_, (before, after))| *before != after);
        let moved = moved.filter_map(|((namespace, account), _)| self.pods.get(namespace)?.get(account));
        moved.flatten().cloned().collect()
    }

    fn put(&mut self, change: &Change) {
        if let Some(old) = change.old_manifest() {
            for (namespace, name, _) in accounts(old) {
                remove(&mut self.automounts, &namespace, &name, |files| {
                    files.remove(&change.path);
                    files.is_empty()
                });
            }
            for (namespace, name, _) in bindings(old) {
                remove(&mut self.roles, &namespace, &name, |files| {
                    files.remove(&change.path);
                    files.is_empty()
                });
            }
        }
        if let Some(new) = change.new_manifest() {
            for (namespace, name, automount) in accounts(new) {
                at(&mut self.automounts, namespace, name).insert(change.path.clone(), automount);
            }
            for (namespace, name, role) in bindings(new) {
                let files = at(&mut self.roles, namespace, name);
                files.entry(change.path.clone()).or_default().push(role.to_owned());
            }
        }
    }

    fn note_pods(&mut self, change: &Change) {
        for (namespace, account) in change.old_manifest().into_iter().flat_map(pods) {
            remove(&mut self.pods, namespace, account, |files| {
                files.remove(&change.path);
                files.is_empty()
            });
        }
        for (namespace, account) in change.new_manifest().into_iter().flat_map(pods) {
            at(&mut self.pods, namespace.to_owned(), account.to_owned()).insert(change.path.clone());
        }
    }
}

fn at<T: Default>(map: &mut ByAccount<T>, namespace: String, account: String) -> &mut T {
    map.entry(namespace).or_default().entry(account).or_default()
}

/// Takes something out, and what then is empty.
fn remove<T>(map: &mut ByAccount<T>, namespace: &str, account: &str, take: impl FnOnce(&mut T) -> bool) {
    let Some(accounts) = map.get_mut(namespace) else { return };
    if accounts.get_mut(account).is_some_and(take) {
        accounts.remove(account);
        if accounts.is_empty() {
            map.remove(namespace);
        }
    }
}

fn accounts(manifest: &ManifestFacts) -> impl Iterator<Item = (String, String, bool)> {
    manifest.accounts.iter().filter_map(|account| {
        let namespace = in_namespace(account.namespace.as_deref()).to_owned();
        Some((namespace, account.name.clone(), account.automount?))
    })
}

fn bindings(manifest: &ManifestFacts) -> impl Iterator<Item = (String, String, &str)> {
    manifest.bindings.iter().flat_map(|binding| {
        let accounts = binding.accounts.iter();
        accounts.map(|(namespace, name)| {
            (in_namespace(namespace.as_deref()).to_owned(), name.clone(), binding.role.as_str())
        })
    })
}

/// The namespace and the account of each pod.
fn pods(manifest: &ManifestFacts) -> impl Iterator<Item = (&str, &str)> {
    let pods = manifest.pods.iter();
    pods.map(|pod| (in_namespace(pod.namespace.as_deref()), pod.account.as_deref().unwrap_or_default()))
}

pub(super) fn in_namespace(namespace: Option<&str>) -> &str {
    namespace.unwrap_or("default")
}
