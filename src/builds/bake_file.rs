//! Finds the images that `docker buildx bake` builds, from HCL as it is written by hand, or JSON.

use std::collections::{HashMap, HashSet};

use super::bake_matrix::BakeMatrix;
use super::build_argument::BuildArgument;
use super::build_path::resolve_path;
use super::build_reader::{BuildReader, FoundBuild};
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::{BuildRecipe, BuildTool};
use super::placeholders::expand_placeholders;
use super::shell_expansion::{ShellVariables, expand_shell, find_closing};
use super::unknown_text::unknown_value;
use crate::repo::RelPath;

/// The deepest that targets inherit from others.
const MAX_INHERITANCE: usize = 4;
/// The attribute that holds what a build is given.
const ARGUMENTS: &str = "args";
/// The attribute whose values each make a target of their own.
const MATRIX: &str = "matrix";
/// The most targets that one inherits from itself.
const MAX_PARENTS: usize = 6;
/// The most arguments of a target that are followed: whoever inherits goes through all of them again.
const MAX_ARGUMENTS: usize = 500;

/// A target, with its attributes as they are written.
#[derive(Default)]
pub(super) struct BakeTarget {
    pub line: usize,
    pub values: HashMap<String, Vec<String>>,
}

/// The defaults of the file's variables.
#[derive(Default)]
struct BakeFile {
    variables: HashMap<String, String>,
    targets: Vec<(String, BakeTarget)>,
}

impl ShellVariables for BakeFile {
    fn value_of(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn folder(&self) -> Option<&str> {
        None
    }
}

pub(super) fn find_bake_builds(reader: &BuildReader<'_>) -> Vec<FoundBuild> {
    let bake = if reader.path.file_name().to_ascii_lowercase().ends_with(".json") {
        BakeFile::from_json(&BuildYaml::parse(reader.text))
    } else {
        BakeFile::from_hcl(reader.text)
    };
    let mut found = Vec::new();
    for (name, target) in &bake.targets {
        let images = bake.attribute(name, "tags", 0);
        if images.is_empty() {
            continue;
        }
        let first =
            |key: &str| bake.attribute(name, key, 0).into_iter().next().filter(|value| !value.is_empty());
        let context = first("context").unwrap_or_else(|| ".".to_owned());
        let file = first("dockerfile").unwrap_or_else(|| "Dockerfile".to_owned());
        let context = resolve_path(reader.path.folder(), &context);
        let path = context.and_then(|context| resolve_path(&context, &file));
        let is_inline = first("dockerfile-inline").is_some();
        let recipe = if is_inline {
            BuildRecipe::WithoutDockerfile("a Dockerfile within the file")
        } else {
            let path = path.map(|path| RelPath::from(path.as_str()));
            BuildRecipe::of_path(path, first("target")).with_arguments(bake.arguments(name, 0))
        };
        let (tool, path, line) = (BuildTool::Bake, reader.path.clone(), target.line);
        found.push(FoundBuild { images, recipe, tool, path, line, service: None });
    }
    found
}

impl BakeFile {
    fn from_json(yaml: &BuildYaml) -> Self {
        let mut bake = Self::default();
        for root in yaml.roots() {
            for (name, variable) in root.get("variable").into_iter().flat_map(BuildNode::entries) {
                let default = variable.text_at(&["default"]).unwrap_or_default();
                bake.variables.insert(name.to_owned(), default.to_owned());
            }
            let targets = root.get("target");
            for (name, target) in targets.into_iter().flat_map(BuildNode::entries) {
                let values = target.entries().map(|(key, value)| {
                    (key.to_owned(), value.texts().into_iter().map(str::to_owned).collect())
                });
                let mut values: HashMap<String, Vec<String>> = values.collect();
                let given = target.get(ARGUMENTS).into_iter().flat_map(BuildNode::entries);
                let given = given.map(|(key, value)| match value.text() {
                    Some(value) => format!("{key}={value}"),
                    None => key.to_owned(),
                });
                values.insert(ARGUMENTS.to_owned(), given.collect());
                let line = targets.map_or(0, |targets| targets.key_line(name));
                let made = BakeTarget { line, values };
                match target.get(MATRIX).map(BakeMatrix::from_json) {
                    Some(matrix) => bake.targets.extend(matrix.expand_target(name, &made)),
                    None => bake.targets.push((name.to_owned(), made)),
                }
            }
        }
        bake
    }

    /// Blocks of one level, with texts and lists of texts.
    fn from_hcl(text: &str) -> Self {
        let mut bake = Self::default();
        let mut block: Option<(String, String)> = None;
        let mut depth = 0_usize;
        let mut list: Option<(String, Vec<String>)> = None;
        let mut is_in_arguments = false;
        let (mut matrix, mut skipped_lines) = (None, 0);
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if skipped_lines > 0 {
                skipped_lines -= 1;
                continue;
            }
            if line.starts_with('#') || line.starts_with("//") {
                continue;
            }
            if let Some((key, mut values)) = list.take() {
                values.extend(quoted_texts(line));
                if line.contains(']') {
                    bake.set_value(block.as_ref(), key, values);
                } else {
                    list = Some((key, values));
                }
                continue;
            }
            if depth == 0 && line.ends_with('{') {
                let kind = line.split([' ', '"', '{']).next().unwrap_or_default().to_owned();
                let name = quoted_texts(line).into_iter().next().unwrap_or_default();
                if kind == "target" {
                    bake.targets.push((name.clone(), BakeTarget { line: at + 1, ..BakeTarget::default() }));
                }
                block = Some((kind, name));
                depth = 1;
                continue;
            }
            if depth == 1
                && let Some((key, value)) = line.split_once('=')
            {
                let (key, value) = (key.trim().to_owned(), value.trim());
                if key == MATRIX && value.starts_with('{') {
                    let written = matrix_text(text, at);
                    (matrix, skipped_lines) = (BakeMatrix::from_hcl(written), written.matches('\n').count());
                    continue;
                }
                if key == ARGUMENTS && value.starts_with('{') {
                    let given = value.trim_matches(['{', '}']).split(',').filter_map(argument_word);
                    bake.set_value(block.as_ref(), key, given.collect());
                    depth += usize::from(!value.ends_with('}'));
                    is_in_arguments = !value.ends_with('}');
                    continue;
                }
                if value.starts_with('[') && !value.contains(']') {
                    list = Some((key, quoted_texts(value)));
                    continue;
                }
                if !value.ends_with('{') {
                    let mut values = quoted_texts(value);
                    if values.is_empty() && !value.starts_with('[') {
                        values.push(format!("${{{value}}}"));
                    }
                    bake.set_value(block.as_ref(), key, values);
                    continue;
                }
            }
            if is_in_arguments {
                bake.add_argument(block.as_ref(), argument_word(line.trim_end_matches(',')));
            }
            depth = (depth + line.matches('{').count()).saturating_sub(line.matches('}').count());
            is_in_arguments &= depth > 1;
            if depth == 0 {
                block = None;
                if let Some(matrix) = matrix.take()
                    && let Some((name, target)) = bake.targets.pop()
                {
                    bake.targets.extend(matrix.expand_target(&name, &target));
                }
            }
        }
        bake
    }

    fn set_value(&mut self, block: Option<&(String, String)>, key: String, values: Vec<String>) {
        match block {
            Some((kind, name)) if kind == "variable" && key == "default" => {
                self.variables.insert(name.clone(), values.into_iter().next().unwrap_or_default());
            }
            Some((kind, _)) if kind == "target" => {
                if let Some((_, target)) = self.targets.last_mut() {
                    target.values.insert(key, values);
                }
            }
            _ => {}
        }
    }

    /// Adds one to the arguments of the target that is read.
    fn add_argument(&mut self, block: Option<&(String, String)>, word: Option<String>) {
        if block.is_some_and(|(kind, _)| kind == "target")
            && let Some((_, target)) = self.targets.last_mut()
        {
            target.values.entry(ARGUMENTS.to_owned()).or_default().extend(word);
        }
    }

    /// What the build of a target is given: what it inherits, and its own over that.
    fn arguments(&self, target: &str, depth: usize) -> Vec<BuildArgument> {
        let Some((_, own)) = self.targets.iter().find(|(name, _)| name == target) else { return Vec::new() };
        let mut found: Vec<BuildArgument> = Vec::new();
        if depth < MAX_INHERITANCE {
            let parents = own.values.get("inherits").into_iter().flatten().take(MAX_PARENTS);
            found.extend(parents.flat_map(|parent| self.arguments(parent, depth + 1)));
        }
        let words = own.values.get(ARGUMENTS).into_iter().flatten().take(MAX_ARGUMENTS);
        found.extend(words.filter_map(|word| BuildArgument::from_word(&self.expand_value(word))));
        // Of several of one name the last counts.
        let mut names = HashSet::new();
        found.reverse();
        found.retain(|argument| names.insert(argument.name.clone()));
        found.truncate(MAX_ARGUMENTS);
        found.reverse();
        found
    }

    /// The values of a target's attribute, its own or inherited, expanded.
    fn attribute(&self, target: &str, key: &str, depth: usize) -> Vec<String> {
        let Some((_, own)) = self.targets.iter().find(|(name, _)| name == target) else { return Vec::new() };
        if let Some(values) = own.values.get(key) {
            return values.iter().map(|value| self.expand_value(value)).collect();
        }
        if depth >= MAX_INHERITANCE {
            return Vec::new();
        }
        let parents = own.values.get("inherits").into_iter().flatten();
        let mut inherited =
            parents.rev().take(MAX_PARENTS).map(|parent| self.attribute(parent, key, depth + 1));
        inherited.find(|values| !values.is_empty()).unwrap_or_default()
    }

    /// A text with its variables; of functions nothing is known.
    fn expand_value(&self, value: &str) -> String {
        let is_plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        expand_placeholders(value, ["${", "}"], |name, _| {
            let name = name.trim();
            if is_plain(name) { expand_shell(&format!("${{{name}}}"), self) } else { unknown_value(name) }
        })
    }
}

/// `NAME = "value"` as `NAME=value`; a name without quotes is that of a variable, and `null` none.
fn argument_word(line: &str) -> Option<String> {
    let (name, value) = line.split_once('=')?;
    let (name, value) = (name.trim().trim_matches('"'), value.trim());
    match quoted_texts(value).into_iter().next() {
        Some(text) if value.ends_with('"') && value.matches('"').count() == 2 => {
            Some(format!("{name}={text}"))
        }
        None if value == "null" => Some(name.to_owned()),
        None if value.bytes().all(|b| b.is_ascii_digit()) => Some(format!("{name}={value}")),
        None => Some(format!("{name}=${{{value}}}")),
        Some(_) => Some(name.to_owned()),
    }
}

/// The braces that are written from a line of the file on, with what stands in them.
fn matrix_text(text: &str, line: usize) -> &str {
    let mut ends = memchr::memchr_iter(b'\n', text.as_bytes());
    let start = line.checked_sub(1).and_then(|last| ends.nth(last)).map_or(0, |end| end + 1);
    let Some(open) = text[start..].find('{') else { return "" };
    let written = &text[start + open..];
    &written[..(find_closing(&written[1..], '{', '}') + 2).min(written.len())]
}

/// The texts in double quotes of a line.
fn quoted_texts(line: &str) -> Vec<String> {
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
