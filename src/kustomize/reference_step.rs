//! Rewrites the fields that name other objects, after names have changed.

use std::collections::HashMap;

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
    role_kind: Option<String>,
    subject_namespaces: Vec<String>,
    candidates: Candidates<'a>,
}

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
                rewrite_field(object, field, spec, &referring)?;
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
    field.visit(&mut object.root, BuiltValue::Null, &mut |node| {
        if let BuiltValue::List(items) = &mut node.value {
            return items.iter_mut().try_for_each(|item| referring.rewrite(item, spec));
        }
        referring.rewrite(node, spec)
    })
}

impl RenamedObjects {
    fn among(objects: &[BuiltObject]) -> Self {
        let mut all = Self::default();
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

impl<'a> Candidates<'a> {
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

impl<'a> ReferringObject<'a> {
    fn of(object: &BuiltObject, candidates: Candidates<'a>) -> Self {
        let subjects = object.root.get("subjects").map(BuiltNode::items).unwrap_or_default();
        let namespaces = subjects.iter().filter_map(|subject| subject.text_at(&["namespace"]));
        Self {
            id: object.id(),
            prefixes: object.prefixes.clone(),
            suffixes: object.suffixes.clone(),
            role_kind: object.root.text_at(&["roleRef", "kind"]).map(str::to_owned),
            subject_namespaces: namespaces.map(str::to_owned).collect(),
            candidates,
        }
    }

    fn rewrite(&self, node: &mut BuiltNode, spec: &ReferenceSpec) -> Result<(), BuildFault> {
        match &node.value {
            BuiltValue::Text(old) => {
                let old = old.clone();
                if let Some(found) = self.find(&old, spec, None)?
                    && found.id.name != old
                {
                    *node = found.renamed_node(node, &old);
                }
            }
            BuiltValue::Map(_) => {
                let Some(old) = node.text_at(&["name"]).map(str::to_owned) else { return Ok(()) };
                let namespace = node.text_at(&["namespace"]).map(str::to_owned);
                if let Some(found) = self.find(&old, spec, namespace.as_deref())? {
                    found.rename_in(node, &old, namespace.as_deref());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The object that had this name, where exactly one fits.
    fn find(
        &self,
        old: &str,
        spec: &ReferenceSpec,
        namespace: Option<&str>,
    ) -> Result<Option<&RenamedObject>, BuildFault> {
        let is_role = matches!(spec.kind.as_str(), "Role" | "ClusterRole");
        if is_role && self.role_kind.as_deref().is_some_and(|kind| kind != spec.kind) {
            return Ok(None);
        }
        let is_kind = |id: &ObjectId| {
            id.kind == spec.kind && spec.group.as_ref().is_none_or(|group| *group == id.group)
        };
        let mut found: Vec<&RenamedObject> = self
            .candidates
            .named(old)
            .filter(|it| it.previous.iter().any(|id| id.name == old && is_kind(id)))
            .filter(|it| self.can_see(it))
            .collect();
        if let Some(namespace) = namespace {
            let effective = |id: &ObjectId| id.effective_namespace().to_owned();
            let first = |it: &RenamedObject| it.previous.first().map(effective);
            let before = found.iter().any(|it| first(it).as_deref() == Some(namespace));
            found.retain(|it| {
                if before { first(it).as_deref() == Some(namespace) } else { effective(&it.id) == namespace }
            });
        } else if !self.id.is_cluster_scoped() {
            found.retain(|it| it.id.is_cluster_scoped() || it.id.shares_namespace_with(&self.id));
        }
        if found.len() > 1 {
            found.retain(|it| self.shares_affixes_with(it));
        }
        match found.as_slice() {
            [] => Ok(None),
            [first, rest @ ..] if rest.iter().all(|it| it.id.name == first.id.name) => Ok(Some(first)),
            _ => Err(BuildFault::new(format!(
                "{} may refer to several objects called {old}",
                self.id.display()
            ))),
        }
    }

    fn can_see(&self, other: &RenamedObject) -> bool {
        self.id.is_cluster_scoped()
            || other.id.is_cluster_scoped()
            || other.id.shares_namespace_with(&self.id)
            || self.subject_namespaces.iter().any(|namespace| {
                *namespace == other.id.namespace
                    || other.previous.iter().any(|id| id.effective_namespace() == namespace)
            })
    }

    fn shares_affixes_with(&self, other: &RenamedObject) -> bool {
        let ends_alike = |a: &[String], b: &[String]| {
            let shared = a.len().min(b.len());
            a[a.len() - shared..] == b[b.len() - shared..]
        };
        ends_alike(&self.prefixes, &other.prefixes) && ends_alike(&self.suffixes, &other.suffixes)
    }
}
