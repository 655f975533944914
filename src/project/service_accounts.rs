//! Indexes the ServiceAccounts of the repository and the pods that run as them, for rules about tokens.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ManifestFacts;
use super::facts_delta::FactsDelta;
use super::manifest_facts::ANY_NAME;
use super::render_sets::RenderSets;
use crate::repo::RelPath;
use crate::text::Span;

/// A role that is bound, with the place of the account in the binding.
type BoundRoles = Vec<(String, Span)>;

/// Something by namespace and ServiceAccount.
type ByAccount<T> = HashMap<String, HashMap<String, T>>;

#[derive(Clone, Debug, Default)]
pub(super) struct ServiceAccountIndex {
    /// Which files stand in a cluster together.
    pub sets: RenderSets,
    /// True when it lets its token be mounted, by the last file that sets it.
    automounts: ByAccount<BTreeMap<RelPath, bool>>,
    /// The roles bound to it, in the order of the files, each with its place.
    roles: ByAccount<BTreeMap<RelPath, BoundRoles>>,
    /// The same by the folder of the binding's file, in the place of the namespace.
    roles_by_folder: ByAccount<BTreeMap<RelPath, BoundRoles>>,
    /// The manifests with pods that run as it, or as an unknown one; then it has no name.
    manifests: ByAccount<BTreeSet<RelPath>>,
}

impl ServiceAccountIndex {
    /// True where the account lets its token be mounted into a pod of that file; none where no file decides it that may
    /// stand in a cluster beside that one.
    pub(super) fn automounts_token(&self, file: &RelPath, namespace: &str, account: &str) -> Option<bool> {
        self.last_beside(file, self.automounts.get(namespace)?.get(account)?)
    }

    /// The same with the facts of some manifests replaced.
    pub(super) fn automounts_token_with<'f>(
        &self,
        file: &RelPath,
        (namespace, account): (&str, &str),
        instead: impl Iterator<Item = (&'f RelPath, &'f ManifestFacts)>,
    ) -> Option<bool> {
        let mut files = self.automounts_by_file(namespace, account);
        for (path, facts) in instead {
            files.remove(path);
            let mut entries = account_entries(facts).filter(|(n, a, _)| n == namespace && a == account);
            if let Some((.., automount)) = entries.next() {
                files.insert(path.clone(), automount);
            }
        }
        self.last_beside(file, &files)
    }

    /// What the last of the files says that may stand in a cluster beside this one.
    fn last_beside(&self, file: &RelPath, files: &BTreeMap<RelPath, bool>) -> Option<bool> {
        let beside = files.iter().rfind(|(path, _)| !self.sets.are_alternatives(file, path));
        beside.map(|(_, automounts)| *automounts)
    }

    /// What each file says of the same.
    fn automounts_by_file(&self, namespace: &str, account: &str) -> BTreeMap<RelPath, bool> {
        let files = self.automounts.get(namespace).and_then(|accounts| accounts.get(account));
        files.cloned().unwrap_or_default()
    }

    /// The roles bound to an account, by its name or in a group, each with the file and the place of the binding's
    /// subject. Of the bindings those count that may stand in a cluster beside that file.
    pub(super) fn roles_bound_to(
        &self,
        file: &RelPath,
        namespace: &str,
        account: &str,
    ) -> impl Iterator<Item = (&RelPath, &str, Span)> {
        self.all_roles_of(namespace, account).filter(|(path, ..)| !self.sets.are_alternatives(file, path))
    }

    fn all_roles_of(&self, namespace: &str, account: &str) -> impl Iterator<Item = (&RelPath, &str, Span)> {
        let places = [(namespace, account), (namespace, ANY_NAME), (ANY_NAME, ANY_NAME)];
        let files = places
            .into_iter()
            .filter_map(|(namespace, account)| self.roles.get(namespace).and_then(|all| all.get(account)));
        files
            .flatten()
            .flat_map(|(path, roles)| roles.iter().map(move |(role, span)| (path, role.as_str(), *span)))
    }

    /// The roles that bindings in the folder of a file, beside which they may stand in a cluster, give an account of that
    /// name, of whichever namespace.
    pub(super) fn roles_bound_beside(
        &self,
        file: &RelPath,
        account: &str,
    ) -> impl Iterator<Item = (&RelPath, &str, Span)> {
        let files = self.roles_by_folder.get(file.folder()).and_then(|accounts| accounts.get(account));
        let files = files.into_iter().flatten().filter(|(path, _)| !self.sets.are_alternatives(file, path));
        files.flat_map(|(path, roles)| roles.iter().map(move |(role, span)| (path, role.as_str(), *span)))
    }

    /// The manifests with pods in a namespace.
    pub(super) fn manifests_in_namespace(&self, namespace: &str) -> impl Iterator<Item = &RelPath> {
        self.manifests.get(namespace).into_iter().flat_map(HashMap::values).flatten()
    }

    /// The manifests with pods.
    pub(super) fn manifests_with_pods(&self) -> impl Iterator<Item = &RelPath> {
        self.manifests.values().flat_map(HashMap::values).flatten()
    }

    /// Applies changes, and returns the manifests with pods whose account has changed.
    pub(super) fn apply_deltas(&mut self, changes: &[FactsDelta]) -> BTreeSet<RelPath> {
        let speaks = |manifest: Option<&ManifestFacts>| {
            manifest.is_some_and(|facts| !facts.accounts.is_empty() || !facts.bindings.is_empty())
        };
        let speaking = changes.iter().filter(|c| speaks(c.old_manifest()) || speaks(c.new_manifest()));
        let mut keys: BTreeSet<(String, String)> = BTreeSet::new();
        for manifest in speaking.clone().flat_map(|c| [c.old_manifest(), c.new_manifest()]).flatten() {
            keys.extend(account_entries(manifest).map(|(namespace, name, _)| (namespace, name)));
            keys.extend(binding_entries(manifest).map(|(namespace, name, ..)| (namespace, name)));
        }
        let said = |grants: &Self| -> Vec<(BTreeMap<RelPath, bool>, BoundRoles)> {
            let roles = |n: &str, a: &str| {
                grants.all_roles_of(n, a).map(|(_, role, span)| (role.to_owned(), span)).collect()
            };
            keys.iter().map(|(n, a)| (grants.automounts_by_file(n, a), roles(n, a))).collect()
        };
        let before = said(self);
        speaking.for_each(|change| self.replace_facts(change));
        let after = said(self);
        changes.iter().for_each(|change| self.replace_pods(change));
        let moved = keys.iter().zip(before.iter().zip(after)).filter(|(_, (before, after))| *before != after);
        // A pod that names no namespace may be in any.
        let places = moved.flat_map(|((namespace, account), _)| {
            [(namespace.as_str(), account), (namespace_or_default(None), account)]
        });
        places.flat_map(|(namespace, account)| self.manifests_of(namespace, account)).cloned().collect()
    }

    /// The manifests with pods that run as an account, or as any of those that [`ANY_NAME`] stands for.
    fn manifests_of<'a>(&'a self, namespace: &'a str, account: &'a str) -> impl Iterator<Item = &'a RelPath> {
        let is_named = |name: &str, wanted: &str| wanted == ANY_NAME || wanted == name;
        let any_namespace = (namespace == ANY_NAME).then(|| self.manifests.values()).into_iter().flatten();
        let accounts = any_namespace.chain(self.manifests.get(namespace));
        let any_account = accounts.flat_map(move |accounts| {
            accounts.iter().filter(move |(name, _)| is_named(name, account)).map(|(_, files)| files)
        });
        any_account.flatten()
    }

    fn replace_facts(&mut self, change: &FactsDelta) {
        if let Some(old) = change.old_manifest() {
            for (namespace, name, _) in account_entries(old) {
                remove_entry(&mut self.automounts, &namespace, &name, |files| {
                    files.remove(&change.path);
                    files.is_empty()
                });
            }
            for (namespace, name, ..) in binding_entries(old) {
                for (roles, place) in
                    [(&mut self.roles, namespace.as_str()), (&mut self.roles_by_folder, change.path.folder())]
                {
                    remove_entry(roles, place, &name, |files| {
                        files.remove(&change.path);
                        files.is_empty()
                    });
                }
            }
        }
        if let Some(new) = change.new_manifest() {
            for (namespace, name, automount) in account_entries(new) {
                entry_mut(&mut self.automounts, namespace, name).insert(change.path.clone(), automount);
            }
            for (namespace, name, role, span) in binding_entries(new) {
                let folder = change.path.folder().to_owned();
                for (roles, place) in [(&mut self.roles, namespace), (&mut self.roles_by_folder, folder)] {
                    let files = entry_mut(roles, place, name.clone());
                    files.entry(change.path.clone()).or_default().push((role.to_owned(), span));
                }
            }
        }
    }

    fn replace_pods(&mut self, change: &FactsDelta) {
        for (namespace, account) in change.old_manifest().into_iter().flat_map(pod_accounts) {
            remove_entry(&mut self.manifests, namespace, account, |files| {
                files.remove(&change.path);
                files.is_empty()
            });
        }
        for (namespace, account) in change.new_manifest().into_iter().flat_map(pod_accounts) {
            entry_mut(&mut self.manifests, namespace.to_owned(), account.to_owned())
                .insert(change.path.clone());
        }
    }
}

fn entry_mut<T: Default>(map: &mut ByAccount<T>, namespace: String, account: String) -> &mut T {
    map.entry(namespace).or_default().entry(account).or_default()
}

/// Removes an entry, and the maps that it leaves empty.
fn remove_entry<T>(
    map: &mut ByAccount<T>,
    namespace: &str,
    account: &str,
    take: impl FnOnce(&mut T) -> bool,
) {
    let Some(accounts) = map.get_mut(namespace) else { return };
    if accounts.get_mut(account).is_some_and(take) {
        accounts.remove(account);
        if accounts.is_empty() {
            map.remove(namespace);
        }
    }
}

fn account_entries(manifest: &ManifestFacts) -> impl Iterator<Item = (String, String, bool)> {
    manifest.accounts.iter().filter_map(|account| {
        let namespace = namespace_or_default(account.namespace.as_deref()).to_owned();
        Some((namespace, account.name.clone(), account.automount?))
    })
}

fn binding_entries(manifest: &ManifestFacts) -> impl Iterator<Item = (String, String, &str, Span)> {
    manifest.bindings.iter().flat_map(|binding| {
        let accounts = binding.accounts.iter();
        accounts.map(|account| {
            let namespace = namespace_or_default(account.namespace.as_deref()).to_owned();
            (namespace, account.name.clone(), binding.role.as_str(), account.span)
        })
    })
}

/// The namespace and the account of each pod.
fn pod_accounts(manifest: &ManifestFacts) -> impl Iterator<Item = (&str, &str)> {
    let pods = manifest.pods.iter();
    pods.map(|pod| {
        (namespace_or_default(pod.namespace.as_deref()), pod.account.as_deref().unwrap_or_default())
    })
}

pub(super) fn namespace_or_default(namespace: Option<&str>) -> &str {
    namespace.unwrap_or("default")
}
