//! Puts the values of `vars:` into the fields that name them as `$(NAME)`.

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin, SourcePart};
use super::field_path::FieldPath;
use super::field_spec::visit_fields;
use super::field_tables::FieldTables;
use super::kustomization_file::KustomizationFile;
use super::object_id::ObjectId;
use super::object_set::ObjectSet;

/// From this length on no more variables are put into a text.
const MAX_TEXT: usize = 1024 * 1024;

/// A variable, and the object that has its value.
#[derive(Clone, Debug)]
pub(super) struct ObjectVariable {
    name: String,
    object: ObjectId,
    path: String,
}

/// Takes up the variables of a kustomization; the objects that they name must be there by now.
pub(super) fn collect_variables(
    variables: &mut Vec<ObjectVariable>,
    set: &ObjectSet,
    file: &KustomizationFile,
) -> Result<(), BuildFault> {
    for entry in file.items("vars") {
        let text = |path: &[&str]| entry.text_at(path).unwrap_or_default();
        let name = text(&["name"]).to_owned();
        let api = text(&["objref", "apiVersion"]);
        let (group, version) = match api {
            "" => (text(&["objref", "group"]), text(&["objref", "version"])),
            api => api.rsplit_once('/').unwrap_or(("", api)),
        };
        let namespace = text(&["objref", "namespace"]);
        let is_meant = |id: &ObjectId| {
            id.kind == text(&["objref", "kind"])
                && id.name == text(&["objref", "name"])
                && (id.group == group && id.version == version)
                && (namespace.is_empty() || id.effective_namespace() == namespace)
        };
        if variables.iter().any(|known| known.name == name) {
            return Err(BuildFault::new(format!("the variable {name} is there twice")));
        }
        let [at] = set.positions(is_meant)[..] else {
            return Err(BuildFault::new(format!("the variable {name} names no one object")));
        };
        let path = Some(text(&["fieldref", "fieldpath"])).filter(|path| !path.is_empty());
        variables.push(ObjectVariable {
            name,
            object: set.objects[at].id(),
            path: path.unwrap_or("metadata.name").to_owned(),
        });
    }
    Ok(())
}

/// Writes the values into every field that may name a variable.
pub(super) fn resolve_variables(
    set: &mut ObjectSet,
    variables: &[ObjectVariable],
    tables: &FieldTables,
) -> Result<(), BuildFault> {
    if variables.is_empty() {
        return Ok(());
    }
    let mut values: Vec<(&str, BuiltNode)> = Vec::new();
    for variable in variables {
        let found = set.positions(|id| id.is_same(&variable.object));
        let value =
            found.first().and_then(|at| FieldPath::parse(&variable.path).find(&set.objects[*at].root));
        let value = value.ok_or_else(|| {
            BuildFault::new(format!("the variable {} has no value at `{}`", variable.name, variable.path))
        })?;
        values.push((&variable.name, value.clone().brought_by(PartOrigin::Variable)));
    }
    for object in &mut set.objects {
        let id = object.id();
        visit_fields(&tables.variables, &id, &mut object.root, &BuiltValue::Null, &mut |node| {
            match &mut node.value {
                BuiltValue::List(items) => items.iter_mut().for_each(|item| expand(item, &values)),
                BuiltValue::Map(entries) => {
                    entries.iter_mut().for_each(|entry| expand(&mut entry.node, &values));
                }
                _ => expand(node, &values),
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn expand(node: &mut BuiltNode, values: &[(&str, BuiltNode)]) {
    let Some(text) = node.as_text() else { return };
    let whole = text.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')'));
    if let Some((_, value)) = values.iter().find(|(name, _)| whole == Some(*name)) {
        *node = value.clone();
        return;
    }
    let (mut written, mut parts, mut rest) = (String::new(), node.parts.clone(), text);
    let mut is_changed = false;
    while let Some(at) = rest.find('$').filter(|_| written.len() < MAX_TEXT) {
        written.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(escaped) = after.strip_prefix('$') {
            written.push('$');
            is_changed = true;
            rest = escaped;
            continue;
        }
        let named = after.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        let value = named.and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(own, _)| *own == name)?;
            Some((value.scalar_text()?, value.parts.clone(), behind))
        });
        rest = if let Some((value, from, behind)) = value {
            written.push_str(&value);
            parts.extend::<Vec<SourcePart>>(from);
            is_changed = true;
            behind
        } else {
            written.push('$');
            after
        };
    }
    written.push_str(rest);
    if is_changed {
        *node = BuiltNode::text_of(written, parts);
    }
}
