//! Says which fields of which kinds a step changes, and visits them.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue};
use super::object_id::ObjectId;

/// A field of the objects of a kind; lists on the way are gone through.
#[derive(Clone, Debug)]
pub(super) struct FieldSpec {
    group: Option<String>,
    version: Option<String>,
    pub kind: Option<String>,
    path: Vec<String>,
    /// The path as it is written, by which specs are told apart.
    written: String,
    /// True when it is made where it is absent.
    creates: bool,
}

/// Kinds, and where their pods are.
type PodPaths = &'static [(&'static str, &'static str)];

/// Words of a table for the pods of several kinds: which kinds these are differs by field, as nobody would expect.
const POD_WORDS: [(&str, PodPaths); 3] = [
    (
        "POD",
        &[
            ("Pod", "spec"),
            ("Deployment", "spec/template/spec"),
            ("ReplicaSet", "spec/template/spec"),
            ("DaemonSet", "spec/template/spec"),
            ("StatefulSet", "spec/template/spec"),
            ("Job", "spec/template/spec"),
            ("CronJob", "spec/jobTemplate/spec/template/spec"),
        ],
    ),
    ("TEMPLATE", &[("PodTemplate", "template/spec")]),
    (
        "USER",
        &[
            ("Pod", "spec"),
            ("Deployment", "spec/template/spec"),
            ("ReplicationController", "spec/template/spec"),
            ("DaemonSet", "spec/template/spec"),
            ("StatefulSet", "spec/template/spec"),
            ("Job", "spec/template/spec"),
            ("CronJob", "spec/jobTemplate/spec/template/spec"),
        ],
    ),
];

impl FieldSpec {
    /// The specs of a table: a line each, `kind path`, before the kind its group and a colon or its version and an at
    /// sign, `*` for any kind, a word of `POD_WORDS` for the pods of its kinds, and `create` behind where the field is made.
    pub(super) fn table(text: &str) -> Vec<Self> {
        text.lines().flat_map(Self::of_line).collect()
    }

    fn of_line(line: &str) -> Vec<Self> {
        let mut words = line.split_whitespace();
        let (Some(kind), Some(path)) = (words.next(), words.next()) else { return Vec::new() };
        let creates = words.next() == Some("create");
        let (group, kind) = kind.rsplit_once(':').map_or((None, kind), |(group, kind)| (Some(group), kind));
        let (version, kind) =
            kind.split_once('@').map_or((None, kind), |(version, kind)| (Some(version), kind));
        let spec = |kind: Option<&str>, path: &str| Self {
            group: group.map(str::to_owned),
            version: version.map(str::to_owned),
            kind: kind.map(str::to_owned),
            path: split_path(path),
            written: path.to_owned(),
            creates,
        };
        if let Some((_, pods)) = POD_WORDS.iter().find(|(word, _)| *word == kind) {
            return pods.iter().map(|(kind, pod)| spec(Some(kind), &format!("{pod}/{path}"))).collect();
        }
        vec![spec(Some(kind).filter(|kind| *kind != "*"), path)]
    }

    /// A spec that a file of the repository gives.
    pub(super) fn from_node(node: &BuiltNode) -> Option<Self> {
        let text = |key: &str| node.text_at(&[key]).filter(|it| !it.is_empty()).map(str::to_owned);
        let written = text("path")?;
        Some(Self {
            group: text("group"),
            version: text("version"),
            kind: text("kind"),
            path: split_path(&written),
            written,
            creates: matches!(node.get("create").map(|it| &it.value), Some(BuiltValue::Bool(true))),
        })
    }

    /// The specs that a transformer's own file gives.
    pub(super) fn list_of(node: &BuiltNode) -> Vec<Self> {
        let specs = node.get("fieldSpecs").map(BuiltNode::items).unwrap_or_default();
        specs.iter().filter_map(Self::from_node).collect()
    }

    /// Adds it to others, where none of them is for all that it is for.
    ///
    /// # Errors
    /// When such a one makes what is absent and this does not, or the other way round.
    pub(super) fn add_to(self, specs: &mut Vec<Self>) -> Result<(), BuildFault> {
        let is_covered = |wanted: &Option<String>, own: &Option<String>| wanted.is_none() || wanted == own;
        let covers = |own: &&Self| {
            own.written == self.written
                && is_covered(&self.group, &own.group)
                && is_covered(&self.version, &own.version)
                && is_covered(&self.kind, &own.kind)
        };
        match specs.iter().find(covers) {
            Some(own) if own.creates == self.creates => Ok(()),
            Some(_) => Err(BuildFault::new(format!("two specs of the field {} contradict", self.written))),
            None => {
                specs.push(self);
                Ok(())
            }
        }
    }

    /// True for the field of a binding that names its role.
    pub(super) fn is_role_name(&self) -> bool {
        self.written.ends_with("roleRef/name")
    }

    /// True for the name of an object.
    pub(super) fn is_name(&self) -> bool {
        self.path == ["metadata", "name"]
    }

    /// True for the namespace of an object, and for the subjects of a binding: both are set in ways of their own.
    pub(super) fn is_namespace(&self) -> bool {
        self.path == ["metadata", "namespace"] || self.path == ["subjects"]
    }

    pub(super) fn applies_to(&self, id: &ObjectId) -> bool {
        let fits = |own: &Option<String>, text: &str| own.as_ref().is_none_or(|own| own == text);
        fits(&self.group, &id.group) && fits(&self.version, &id.version) && fits(&self.kind, &id.kind)
    }

    /// Calls for each such field of an object.
    pub(super) fn visit(
        &self,
        root: &mut BuiltNode,
        made: BuiltValue,
        call: &mut dyn FnMut(&mut BuiltNode) -> Result<(), BuildFault>,
    ) -> Result<(), BuildFault> {
        let keys: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let mut visit = FieldVisit { written: &self.written, made: self.creates.then_some(&made), call };
        visit.go(root, &keys)
    }
}

/// Fields by kind, of a table and of what files add to it.
pub(super) fn visit_fields(
    specs: &[FieldSpec],
    id: &ObjectId,
    root: &mut BuiltNode,
    made: &BuiltValue,
    call: &mut dyn FnMut(&mut BuiltNode) -> Result<(), BuildFault>,
) -> Result<(), BuildFault> {
    specs.iter().filter(|spec| spec.applies_to(id)).try_for_each(|spec| spec.visit(root, made.clone(), call))
}

/// The keys of a path with slashes; one in which `\/` stands has a slash of its own, one with `[]` behind it is a list.
fn split_path(path: &str) -> Vec<String> {
    let hidden = path.replace("\\/", "\0");
    hidden.split('/').filter(|key| !key.is_empty()).map(|key| key.replace('\0', "/")).collect()
}

/// A way along a path, and what is done at its end.
struct FieldVisit<'a> {
    written: &'a str,
    made: Option<&'a BuiltValue>,
    call: &'a mut dyn FnMut(&mut BuiltNode) -> Result<(), BuildFault>,
}

impl FieldVisit<'_> {
    fn go(&mut self, node: &mut BuiltNode, keys: &[&str]) -> Result<(), BuildFault> {
        let Some((key, rest)) = keys.split_first() else { return (self.call)(node) };
        match &mut node.value {
            BuiltValue::List(items) => return items.iter_mut().try_for_each(|item| self.go(item, keys)),
            BuiltValue::Map(_) => {}
            BuiltValue::Null => return Ok(()),
            _ => {
                let written = self.written;
                return Err(BuildFault::new(format!("`{written}` leads through what has no fields")));
            }
        }
        // What has to be a list is never made; of nothing that is written it becomes an empty one.
        if let Some(key) = key.strip_suffix("[]") {
            let Some(list) = node.get_mut(key) else { return Ok(()) };
            if list.is_null() {
                list.value = BuiltValue::List(Vec::new());
            }
            return self.go(list, rest);
        }
        if node.get(key).is_none_or(BuiltNode::is_null) {
            let Some(made) = self.made else { return Ok(()) };
            let value = if rest.is_empty() { made.clone() } else { BuiltValue::Map(Vec::new()) };
            node.set(key, BuiltNode::new(value, Vec::new()));
        }
        node.get_mut(key).map_or(Ok(()), |child| self.go(child, rest))
    }
}
