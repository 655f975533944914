//! Slash-separated paths, as Go's `path` reads them.

use super::argument_access::text;
use super::case_functions::map_text;
use crate::template::function_spec::{FunctionSpec, ParamType::*};
use crate::template::template_value::TemplateValue;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("base", &[Text], |state, arguments| map_text(state, arguments, base_name)),
    FunctionSpec::new("osBase", &[Text], |state, arguments| map_text(state, arguments, base_name)),
    FunctionSpec::new("dir", &[Text], |state, arguments| map_text(state, arguments, folder_name)),
    FunctionSpec::new("osDir", &[Text], |state, arguments| map_text(state, arguments, folder_name)),
    FunctionSpec::new("clean", &[Text], |state, arguments| map_text(state, arguments, clean_path)),
    FunctionSpec::new("osClean", &[Text], |state, arguments| map_text(state, arguments, clean_path)),
    FunctionSpec::new("ext", &[Text], |state, arguments| map_text(state, arguments, extension)),
    FunctionSpec::new("osExt", &[Text], |state, arguments| map_text(state, arguments, extension)),
    FunctionSpec::new("isAbs", &[Text], |_, arguments| {
        Ok(TemplateValue::bool(text(arguments, 0).bytes().starts_with(b"/")))
    }),
    FunctionSpec::new("osIsAbs", &[Text], |_, arguments| {
        Ok(TemplateValue::bool(text(arguments, 0).bytes().starts_with(b"/")))
    }),
];

pub(crate) fn base_name(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        Some("") | None => "/".to_owned(),
        Some(name) => name.to_owned(),
    }
}

fn folder_name(path: &str) -> String {
    let end = path.rfind('/').map_or(0, |at| at + 1);
    clean_path(&path[..end])
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or_else(String::new, |at| name[at..].to_owned())
}

/// The shortest path that means the same.
pub(crate) fn clean_path(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(last) if *last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
