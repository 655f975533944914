//! Looks up by key which apps have a label, an account or a name, the nearest first, for finding the members of apps.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::policy_facts::selects_labels;
use super::render_sets::RenderSets;
use crate::kubernetes::model::LabelSelector;
use crate::repo::RelPath;

/// A workload: its file, and its `Kind/name`.
pub(super) type TiedApp<'a> = (&'a RelPath, &'a str);

/// What a pod has, and an object may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum TieKey<'a> {
    Label(&'a str, &'a str),
    Account(&'a str),
    /// A workload by its `Kind/name`.
    Object(&'a str),
    /// What binds a role, by the role's `Kind/name`.
    Role(&'a str),
}

/// The file of an object, and the namespaces in which that may be; the empty one stands for none named.
#[derive(Clone, Debug)]
pub(super) struct TieSource<'a> {
    pub path: &'a RelPath,
    namespaces: Vec<&'a str>,
}

/// The most namespaces of one object that are looked at: overlays give so many.
const MAX_NAMESPACES: usize = 16;

/// The most that have one thing alike and are compared: of more, nobody could say whose an object is.
const MAX_COMPARED: usize = 64;

impl<'a> TieSource<'a> {
    pub(super) fn new(path: &'a RelPath, namespaces: BTreeSet<&'a str>) -> Self {
        Self { path, namespaces: namespaces.into_iter().take(MAX_NAMESPACES).collect() }
    }

    pub(super) fn in_no_namespace(self) -> Self {
        Self { namespaces: vec![""], ..self }
    }

    /// Those that it is in anywhere: what names none may be in the one that people begin with.
    pub(super) fn namespaces_or_default(&self) -> impl Iterator<Item = &'a str> {
        self.namespaces.iter().map(|namespace| named_or_default(namespace))
    }

    fn names_none(&self) -> bool {
        self.namespaces.contains(&"")
    }
}

/// Where something is looked for: in a folder, or everywhere; in a namespace, or in any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct TiePlace<'a> {
    folder: Option<&'a str>,
    namespace: Option<&'a str>,
}

/// Who has something. The app is none for a binding that is for several.
#[derive(Clone, Debug)]
struct TieHolder<'a> {
    path: &'a RelPath,
    app: Option<TiedApp<'a>>,
    labels: Option<&'a BTreeMap<String, String>>,
}

#[derive(Default)]
pub(super) struct KnownTies<'a> {
    holders: HashMap<(TiePlace<'a>, TieKey<'a>), Vec<TieHolder<'a>>>,
}

impl<'a> KnownTies<'a> {
    /// Notes that an app has something.
    pub(super) fn note_app(
        &mut self,
        source: &TieSource<'a>,
        tie: TieKey<'a>,
        app: Option<TiedApp<'a>>,
        labels: Option<&'a BTreeMap<String, String>>,
    ) {
        let folder = Some(source.path.folder());
        let in_each = source.namespaces.iter().flat_map(|namespace| {
            let here = TiePlace { folder, namespace: Some(namespace) };
            [here, TiePlace { folder: None, namespace: Some(named_or_default(namespace)) }]
        });
        let any = TiePlace { folder, namespace: None };
        for place in in_each.chain([any]) {
            let holder = TieHolder { path: source.path, app, labels };
            self.holders.entry((place, tie)).or_default().push(holder);
        }
    }

    /// The one app near an object that has this; none where there are several.
    pub(super) fn find_app(&self, source: &TieSource<'a>, tie: TieKey<'a>) -> Option<TiedApp<'a>> {
        self.find_nearest(source, &[vec![tie]], &|_| true)
    }

    /// The one app near an object that the selector selects.
    pub(super) fn find_by_labels(
        &self,
        source: &TieSource<'a>,
        selector: &'a LabelSelector,
    ) -> Option<TiedApp<'a>> {
        let is_selected = |holder: &TieHolder<'_>| {
            holder.labels.and_then(|own| selects_labels(selector, own)) == Some(true)
        };
        self.find_nearest(source, &label_groups(selector), &is_selected)
    }

    /// The one app that has one tie of each group and passes the test, where anything does first: in the folder and the
    /// namespace; in the folder where one of the two names none, which is given when they are applied; in the namespace.
    fn find_nearest(
        &self,
        source: &TieSource<'a>,
        groups: &[Vec<TieKey<'a>>],
        passes: &dyn Fn(&TieHolder<'_>) -> bool,
    ) -> Option<TiedApp<'a>> {
        let folder = Some(source.path.folder());
        let in_folder = |namespace: &&'a str| TiePlace { folder, namespace: Some(namespace) };
        let unnamed = TiePlace { folder, namespace: (!source.names_none()).then_some("") };
        let anywhere =
            |namespace: &&'a str| TiePlace { folder: None, namespace: Some(named_or_default(namespace)) };
        let tiers = [
            source.namespaces.iter().map(in_folder).collect(),
            vec![unnamed],
            source.namespaces.iter().map(anywhere).collect::<Vec<_>>(),
        ];
        let sets = RenderSets::default();
        for places in tiers {
            let holders = self.fewest_holders(&places, groups);
            if holders.len() > MAX_COMPARED {
                return None;
            }
            let is_beside = |holder: &&TieHolder<'_>| !sets.are_alternatives(source.path, holder.path);
            let found: Vec<&TieHolder<'a>> =
                holders.into_iter().filter(|holder| passes(holder)).filter(is_beside).collect();
            if !found.is_empty() {
                return only_app(source.path, &found);
            }
        }
        None
    }

    /// Who has a tie of the group that the fewest have there.
    fn fewest_holders(&self, places: &[TiePlace<'a>], groups: &[Vec<TieKey<'a>>]) -> Vec<&TieHolder<'a>> {
        let holders = |group: &Vec<TieKey<'a>>| {
            let keys = places.iter().flat_map(|place| group.iter().map(move |tie| (*place, *tie)));
            let known: Vec<&Vec<TieHolder<'a>>> = keys.filter_map(|key| self.holders.get(&key)).collect();
            known
        };
        let fewest =
            groups.iter().map(holders).min_by_key(|known| known.iter().map(|all| all.len()).sum::<usize>());
        fewest.into_iter().flatten().flatten().take(MAX_COMPARED + 1).collect()
    }
}

/// The one app of those that lie nearest to a file. Of several that are one object in a cluster, since they have one name,
/// the one in the file itself is meant.
fn only_app<'a>(path: &RelPath, found: &[&TieHolder<'a>]) -> Option<TiedApp<'a>> {
    let nearness = |holder: &TieHolder<'_>| common_folders(path.folder(), holder.path.folder());
    let nearest = found.iter().map(|holder| nearness(holder)).max()?;
    let near = found.iter().filter(|holder| nearness(holder) == nearest);
    let apps: BTreeSet<TiedApp<'a>> = near.map(|holder| holder.app).collect::<Option<_>>()?;
    let (first, others) = (apps.first()?, apps.len() - 1);
    if others == 0 {
        return Some(*first);
    }
    let is_one_name = apps.iter().all(|(_, object)| *object == first.1);
    apps.iter().find(|(file, _)| is_one_name && *file == path).copied()
}

/// The number of folders that two folders have in common, from the root on.
fn common_folders(one: &str, other: &str) -> usize {
    one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other).count()
}

/// The namespace that is meant where none is named.
pub(super) fn named_or_default(namespace: &str) -> &str {
    if namespace.is_empty() { super::service_accounts::namespace_or_default(None) } else { namespace }
}

/// The labels of which a pod has one of each group, if a selector selects it; none where it only says what a pod lacks.
pub(super) fn label_groups(selector: &LabelSelector) -> Vec<Vec<TieKey<'_>>> {
    let labels = selector.match_labels.get().into_iter().flatten();
    let labels = labels.filter_map(|(key, value)| Some(vec![TieKey::Label(key, value.get()?)]));
    let expressions = selector.match_expressions.valid_items().filter_map(|(_, expression)| {
        let key = expression.key.get().filter(|_| expression.operator.is("In"))?;
        Some(expression.values.valid_items().map(|(_, value)| TieKey::Label(key, value)).collect())
    });
    labels.chain(expressions).collect()
}
