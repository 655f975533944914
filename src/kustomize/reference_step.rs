//! Rewrites the fields that name other objects, after names have changed.

use std::collections::{BTreeSet, HashMap};

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin, SourcePart};
use super::built_object::BuiltObject;
use super::field_spec::FieldSpec;
use super::field_tables::{FieldTables, ReferenceSpec};
use super::object_id::ObjectId;
use super::object_set::ObjectSet;
use super::source_library::SourceId;

/// The objects that may be referred to, by the names that they had.
#[derive(Default)]
pub(super) struct RenamedObjects {
    objects: Vec<RenamedObject>,
    by_name: HashMap<String, Vec<usize>>,
    /// Where all objects are, renamed or not.
    places: BTreeSet<ReferencePlace>,
}

/// Where objects of a file are and were at first: a reference with a namespace is for those of the first, if there are any.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ReferencePlace {
    file: Option<SourceId>,
    first: String,
    scope: ObjectScope,
}

/// Who can see an object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct ObjectScope {
    is_cluster_scoped: bool,
    namespace: String,
    written: String,
}

/// Objects that are not there, with the file whose objects among them are.
type OtherObjects<'a> = (&'a RenamedObjects, Option<SourceId>);

/// All that may be referred to.
#[derive(Clone, Copy)]
struct Candidates<'a> {
    own: &'a RenamedObjects,
    others: Option<OtherObjects<'a>>,
}

/// An object that may be referred to: one whose name or namespace has changed.
struct RenamedObject {
    file: Option<SourceId>,
    previous: Vec<ObjectId>,
    id: ObjectId,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    name_parts: Vec<SourcePart>,
    namespace: Option<BuiltNode>,
}

/// The object that refers, and what it refers to.
struct ReferringObject<'a> {
    id: ObjectId,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    role: Option<NamedRole>,
    subject_namespaces: Vec<String>,
    candidates: Candidates<'a>,
}

/// What a binding says of its role beside the name: with it the name says which object is meant.
struct NamedRole {
    group: String,
    kind: String,
    parts: Vec<SourcePart>,
}

/// What the namespace of an object is called that is in none.
const NO_NAMESPACE: &str = "_";

/// Rewrites the references of a set's objects to one another, and to others that are not there. The objects that may be
/// referred to are handed back.
pub(super) fn rewrite_references(
    set: &mut ObjectSet,
    tables: &FieldTables,
    others: Option<OtherObjects<'_>>,
) -> Result<RenamedObjects, BuildFault> {
    let renamed = RenamedObjects::among(&set.objects);
    let candidates = Candidates { own: &renamed, others };
    if renamed.objects.is_empty() && others.is_none_or(|(others, _)| others.objects.is_empty()) {
        return Ok(renamed);
    }
    for object in &mut set.objects {
        let referring = ReferringObject::of(object, candidates);
        for spec in &tables.references {
            for field in spec.fields.iter().filter(|field| field.applies_to(&referring.id)) {
                rewrite_field(object, field, spec, &referring)
                    .map_err(|fault| fault.within(&referring.id.display()))?;
            }
        }
    }
    Ok(renamed)
}

fn rewrite_field(
    object: &mut BuiltObject,
    field: &FieldSpec,
    spec: &ReferenceSpec,
    referring: &ReferringObject<'_>,
) -> Result<(), BuildFault> {
    let role = referring.role.as_ref().filter(|_| field.is_role_name());
    field.visit(&mut object.root, BuiltValue::Null, &mut |node| {
        if let BuiltValue::List(items) = &mut node.value {
            return items.iter_mut().try_for_each(|item| referring.rewrite(item, (spec, role)));
        }
        referring.rewrite(node, (spec, role))
    })
}

impl RenamedObjects {
    fn among(objects: &[BuiltObject]) -> Self {
        let mut all = Self { places: objects.iter().map(ReferencePlace::of).collect(), ..Self::default() };
        for object in objects.iter().filter(|object| !object.previous_ids.is_empty()) {
            let (own, at) = (RenamedObject::of(object), all.objects.len());
            for id in &own.previous {
                let places = all.by_name.entry(id.name.clone()).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
            all.objects.push(own);
        }
        all
    }

    /// Those that had a name.
    fn named(&self, old: &str) -> impl Iterator<Item = &RenamedObject> {
        self.by_name.get(old).into_iter().flatten().map(|at| &self.objects[*at])
    }
}

impl ReferencePlace {
    fn of(object: &BuiltObject) -> Self {
        let first = object.first_id().effective_namespace().to_owned();
        Self { file: object.first_file(), first, scope: ObjectScope::of(&object.id()) }
    }
}

impl ObjectScope {
    fn of(id: &ObjectId) -> Self {
        let namespace = id.effective_namespace().to_owned();
        Self { is_cluster_scoped: id.is_cluster_scoped(), namespace, written: id.namespace.clone() }
    }
}

impl<'a> Candidates<'a> {
    fn places(self) -> impl Iterator<Item = &'a ReferencePlace> {
        let of_others = |(others, there): OtherObjects<'a>| {
            others.places.iter().filter(move |it| it.file.is_none() || it.file != there)
        };
        self.own.places.iter().chain(self.others.into_iter().flat_map(of_others))
    }

    fn named(self, old: &str) -> impl Iterator<Item = &'a RenamedObject> {
        let of_others = |(others, there): OtherObjects<'a>| {
            others.named(old).filter(move |it| it.file.is_none() || it.file != there)
        };
        self.own.named(old).chain(self.others.into_iter().flat_map(of_others))
    }
}

impl RenamedObject {
    fn of(object: &BuiltObject) -> Self {
        Self {
            file: object.first_file(),
            previous: object.previous_ids.clone(),
            id: object.id(),
            prefixes: object.prefixes.clone(),
            suffixes: object.suffixes.clone(),
            name_parts: object.name_parts(),
            namespace: object.root.at(&["metadata", "namespace"]).cloned(),
        }
    }

    /// Writes name and namespace into a reference. Only together do they say which object is meant: where either becomes
    /// another, the namespace comes of the name, too.
    fn rename_in(&self, node: &mut BuiltNode, old: &str, namespace: Option<&str>) {
        let Some(name) = node.get("name") else { return };
        let (written, is_renamed) = (name.parts.clone(), self.id.name != old);
        if is_renamed {
            let renamed = self.renamed_node(name, old);
            node.set("name", renamed);
        }
        // Who is found by the namespace of now alone is named by the reference's own words: with another they stay.
        let first = self.previous.first().map(ObjectId::effective_namespace);
        let is_written = namespace.is_some() && namespace != first;
        if let Some(own) = self.namespace.as_ref().filter(|_| !is_written) {
            node.set("namespace", own.clone());
        }
        if let Some(own) = node.get_mut("namespace")
            && (is_renamed || own.as_text() != namespace)
        {
            own.parts.extend(written);
        }
    }

    /// The name as it is now, in a field that named it otherwise.
    fn renamed_node(&self, node: &BuiltNode, old: &str) -> BuiltNode {
        let by = |wanted: PartOrigin| self.name_parts.iter().copied().filter(move |part| part.by == wanted);
        let parts = if self.id.name.contains(old) {
            by(PartOrigin::NamePrefix)
                .chain(node.parts.iter().copied())
                .chain(by(PartOrigin::NameSuffix))
                .collect()
        } else {
            self.name_parts.clone()
        };
        BuiltNode::text_of(self.id.name.clone(), parts)
    }
}

/// What a field refers to: a kind, and of a role the one that the binding names.
type Referral<'a> = (&'a ReferenceSpec, Option<&'a NamedRole>);

impl NamedRole {
    fn of(object: &BuiltObject) -> Option<Self> {
        let [group, kind] = ["apiGroup", "kind"].map(|key| object.root.at(&["roleRef", key]));
        let (group, kind) = group.zip(kind)?;
        let parts = [group.parts.as_slice(), &kind.parts].concat();
        Some(Self { group: group.as_text()?.to_owned(), kind: kind.as_text()?.to_owned(), parts })
    }
}

impl<'a> ReferringObject<'a> {
    fn of(object: &BuiltObject, candidates: Candidates<'a>) -> Self {
        let subjects = object.root.get("subjects").map(BuiltNode::items).unwrap_or_default();
        let is_account = |subject: &&BuiltNode| {
            object.kind() == "RoleBinding" && subject.text_at(&["kind"]) == Some("ServiceAccount")
        };
        let namespaces = subjects.iter().filter(is_account).filter_map(|it| it.text_at(&["namespace"]));
        Self {
            id: object.id(),
            prefixes: object.prefixes.clone(),
            suffixes: object.suffixes.clone(),
            role: NamedRole::of(object),
            subject_namespaces: namespaces.map(str::to_owned).collect(),
            candidates,
        }
    }

    fn rewrite(&self, node: &mut BuiltNode, referral: Referral<'_>) -> Result<(), BuildFault> {
        match &node.value {
            BuiltValue::Null => {}
            BuiltValue::Map(_) => {
                let Some(name) = node.get("name") else {
                    return Err(BuildFault::new("what should name an object has no `name`"));
                };
                let Some(old) = name.scalar_text() else { return Ok(()) };
                let namespace = node.get("namespace").and_then(BuiltNode::scalar_text);
                if let Some(found) = self.find(&old, referral, Some(namespace.as_deref()))? {
                    found.rename_in(node, &old, namespace.as_deref());
                }
            }
            BuiltValue::List(_) => return Err(BuildFault::new("what should name an object is a list")),
            _ => {
                let Some(old) = node.scalar_text() else { return Ok(()) };
                if let Some(found) = self.find(&old, referral, None)?
                    && found.id.name != old
                {
                    *node = found.renamed_node(node, &old);
                    node.parts.extend(referral.1.into_iter().flat_map(|role| &role.parts));
                }
            }
        }
        Ok(())
    }

    /// The object that had this name, where exactly one fits. What is a mapping may name a namespace, too.
    fn find(
        &self,
        old: &str,
        (spec, role): Referral<'_>,
        mapping: Option<Option<&str>>,
    ) -> Result<Option<&RenamedObject>, BuildFault> {
        let is_role = |id: &ObjectId| role.is_none_or(|role| id.group == role.group && id.kind == role.kind);
        let mut found: Vec<&RenamedObject> = self
            .candidates
            .named(old)
            .filter(|it| it.previous.iter().any(|id| spec.is_for(id)) && it.previous.iter().any(is_role))
            .filter(|it| self.can_see(&ObjectScope::of(&it.id)))
            .collect();
        if let Some(Some(namespace)) = mapping.filter(|_| !found.is_empty()) {
            // Of all objects, whatever their kind and name, are there any that were in this namespace at first?
            let was_in = |it: &ReferencePlace| it.first == namespace && self.can_see(&it.scope);
            let is_first = namespace != NO_NAMESPACE && self.candidates.places().any(was_in);
            found.retain(|it| {
                let first = it.previous.first().map(ObjectId::effective_namespace);
                let own = if is_first { first } else { Some(it.id.effective_namespace()) };
                own == Some(namespace) && namespace != NO_NAMESPACE
            });
        }
        if !self.id.is_cluster_scoped() {
            found.retain(|it| {
                it.id.is_cluster_scoped()
                    || it.id.kind == "ServiceAccount"
                    || it.id.shares_namespace_with(&self.id)
            });
        }
        if found.len() > 1 {
            found.retain(|it| self.shares_affixes_with(it));
        }
        let is_same = |a: &RenamedObject, b: &RenamedObject| {
            a.id.name == b.id.name && (mapping.is_none() || a.id.namespace == b.id.namespace)
        };
        match found.as_slice() {
            [] => Ok(None),
            [first, rest @ ..] if rest.iter().all(|it| is_same(it, first)) => Ok(Some(first)),
            _ => Err(BuildFault::new(format!("it may refer to several objects called {old}"))),
        }
    }

    /// True where an object may be meant at all: elsewhere than in its own namespace a binding means only what its
    /// subjects' namespaces hold now.
    fn can_see(&self, other: &ObjectScope) -> bool {
        self.id.is_cluster_scoped()
            || other.is_cluster_scoped
            || other.namespace == self.id.effective_namespace()
            || self.subject_namespaces.contains(&other.written)
    }

    fn shares_affixes_with(&self, other: &RenamedObject) -> bool {
        let ends_alike = |a: &[String], b: &[String]| {
            let shared = a.len().min(b.len());
            a[a.len() - shared..] == b[b.len() - shared..]
        };
        ends_alike(&self.prefixes, &other.prefixes) && ends_alike(&self.suffixes, &other.suffixes)
    }
}
