//! Finds the images that the recipes of a justfile build.

use std::collections::HashMap;

use super::build_path::{absolute_text, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::image_claim::BuildTool;
use super::unknown_text::{UNKNOWN, unknown_value};

/// The most lines of a justfile that are read.
const MAX_LINES: usize = 20_000;
/// The most recipes of a justfile that are followed.
const MAX_RECIPES: usize = 2_000;

/// A justfile, as it is written.
#[derive(Default)]
struct Justfile {
    /// The values of its variables, expanded.
    variables: HashMap<String, String>,
    /// Those of them that recipes find in their environment.
    exported: Vec<String>,
    exports_all: bool,
    /// The folder that recipes run in, as a setting names it.
    folder: Option<String>,
    recipes: Vec<JustRecipe>,
}

#[derive(Default)]
struct JustRecipe {
    /// Its parameters, each with the default as it is written.
    parameters: Vec<(String, Option<String>)>,
    /// The folder that an attribute names; `None` within for one that is where the user is.
    folder: Option<Option<String>>,
    first_line: usize,
    lines: Vec<String>,
}

/// The images that a justfile builds which lies in a folder.
pub(super) fn find_just_builds(reader: &BuildReader<'_>, folder: &str) -> Vec<FoundBuild> {
    let just = Justfile::read(reader.text, folder);
    let mut found = Vec::new();
    for recipe in just.recipes.iter().take(MAX_RECIPES) {
        let folder = match &recipe.folder {
            None => resolve_path(folder, just.folder.as_deref().unwrap_or(".")),
            Some(named) => named.as_ref().and_then(|named| resolve_path(folder, named)),
        };
        let Some(folder) = folder else { continue };
        let mut variables = just.variables.clone();
        for (name, default) in &recipe.parameters {
            let value =
                default.as_ref().map_or_else(|| unknown_value(name), |it| evaluate(it, &just.variables));
            variables.insert(name.clone(), value);
        }
        let is_env = |name: &String| just.exports_all || just.exported.contains(name);
        let env = variables.iter().filter(|(name, _)| is_env(name));
        let env = env.map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut run = ScriptRun::new(&folder, env, reader.read);
        recipe.follow(&mut run, &variables);
        let builds = run.into_builds().into_iter();
        found.extend(builds.map(|build| FoundBuild::of_script(build, BuildTool::Just, reader.path.clone())));
    }
    found
}

impl JustRecipe {
    /// Follows each line in a shell of its own; one whose first line names an interpreter is one script.
    fn follow(&self, run: &mut ScriptRun<'_>, variables: &HashMap<String, String>) {
        let expanded: Vec<String> = self.lines.iter().map(|line| interpolate(line, variables)).collect();
        if expanded.first().is_some_and(|line| line.trim_start().starts_with("#!")) {
            return run.follow_text(&expanded.join("\n"), self.first_line);
        }
        let mut at = 0;
        while at < expanded.len() {
            let mut text = expanded[at].trim_start().trim_start_matches(['@', '-']).to_owned();
            let first = at;
            while text.ends_with('\\') && at + 1 < expanded.len() {
                at += 1;
                text.push('\n');
                text.push_str(&expanded[at]);
            }
            run.follow_alone(&text, self.first_line + first);
            at += 1;
        }
    }
}

impl Justfile {
    fn read(text: &str, folder: &str) -> Self {
        let mut just = Self::default();
        just.variables.insert(FOLDER_CALL.to_owned(), absolute_text(folder));
        let mut attributes: Vec<&str> = Vec::new();
        let mut is_in_recipe = false;
        for (at, line) in text.lines().enumerate().take(MAX_LINES) {
            let is_indented = line.starts_with([' ', '\t']);
            if is_in_recipe && (is_indented || line.trim().is_empty()) {
                if let Some(recipe) = just.recipes.last_mut() {
                    recipe.lines.push(line.to_owned());
                }
                continue;
            }
            is_in_recipe = false;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') || is_indented {
                continue;
            }
            if line.starts_with('[') && line.ends_with(']') {
                attributes.push(line);
            } else if !just.read_assignment(line)
                && let Some(recipe) = JustRecipe::of_head(line, at, &std::mem::take(&mut attributes))
            {
                just.recipes.push(recipe);
                is_in_recipe = true;
            }
        }
        just
    }

    /// `name := value`, `export name := value` or `set export`; false for all else.
    fn read_assignment(&mut self, line: &str) -> bool {
        if line.starts_with("set ") || line.starts_with("alias ") {
            let setting = line.split_once(' ').map_or("", |(_, setting)| setting.trim());
            self.exports_all |= setting == "export" || setting.replace(' ', "") == "export:=true";
            if let Some((_, folder)) =
                setting.strip_prefix("working-directory").and_then(|it| it.split_once(":="))
            {
                self.folder = Some(evaluate(folder, &self.variables));
            }
            return true;
        }
        let Some((name, value)) = line.split_once(":=") else { return false };
        let (name, is_exported) =
            name.trim().strip_prefix("export ").map_or((name.trim(), false), |name| (name.trim(), true));
        if !is_just_name(name) {
            return false;
        }
        if is_exported {
            self.exported.push(name.to_owned());
        }
        let value = evaluate(value, &self.variables);
        self.variables.insert(name.to_owned(), value);
        true
    }
}

impl JustRecipe {
    /// `name parameter other="default": dependencies`, with the attributes above it.
    fn of_head(line: &str, at: usize, attributes: &[&str]) -> Option<Self> {
        let head = head_of(line)?.trim_start_matches('@');
        let mut words = split_parameters(head).into_iter();
        words.next().filter(|name| is_just_name(name))?;
        let parameters = words.map(|word| {
            let (name, default) = word
                .split_once('=')
                .map_or((word.as_str(), None), |(name, value)| (name, Some(value.to_owned())));
            (name.trim_start_matches(['+', '*', '$']).to_owned(), default)
        });
        let attribute = |name: &str| attributes.iter().find_map(|line| Some(line.split_once(name)?.1));
        let folder = attribute("working-directory").map(|rest| {
            let inner = rest.split(['\'', '"']).nth(1);
            inner.map(str::to_owned)
        });
        let folder = folder.or_else(|| attribute("no-cd").map(|_| None));
        Some(Self { parameters: parameters.collect(), folder, first_line: at + 2, lines: Vec::new() })
    }
}

/// What stands before the colon that ends the head of a recipe.
fn head_of(line: &str) -> Option<&str> {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '\'' | '"' | '`') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, ':') => return Some(&line[..at]),
            _ => {}
        }
    }
    None
}

/// The words of a head; quotes hold blanks.
fn split_parameters(head: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in head.chars() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            (None, '\'' | '"' | '`' | '(') => {
                quote = Some(if c == '(' { ')' } else { c });
                word.push(c);
            }
            (open, c) => {
                if open == Some(c) {
                    quote = None;
                }
                word.push(c);
            }
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The key under which the justfile's own folder is kept: no variable can have this name.
const FOLDER_CALL: &str = "justfile_directory()";

fn is_just_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !name.is_empty() && name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// A line of a recipe with `{{…}}` expanded.
fn interpolate(line: &str, variables: &HashMap<String, String>) -> String {
    let mut expanded = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("{{") {
        expanded.push_str(&rest[..at]);
        let inner = &rest[at + 2..];
        if let Some(literal) = inner.strip_prefix("{{") {
            expanded.push_str("{{");
            rest = literal;
            continue;
        }
        let length = inner.find("}}").unwrap_or(inner.len());
        expanded.push_str(&evaluate(&inner[..length], variables));
        rest = inner.get(length + 2..).unwrap_or_default();
    }
    expanded.push_str(rest);
    expanded
}

/// The value of texts and variables that are joined by `+` and `/`; of calls only the folder's, and the default of one that
/// asks the environment. Anything else is not known.
fn evaluate(expression: &str, variables: &HashMap<String, String>) -> String {
    let mut value = String::new();
    let mut rest = expression.trim();
    loop {
        let Some((part, after)) = first_operand(rest, variables) else { return UNKNOWN.to_string() };
        value.push_str(&part);
        let after = after.trim_start();
        rest = match after.chars().next() {
            None | Some('#') => return value,
            Some('+') => after[1..].trim_start(),
            Some('/') => {
                value.push('/');
                after[1..].trim_start()
            }
            Some(_) => return UNKNOWN.to_string(),
        };
    }
}

/// The value of the operand that an expression begins with, and what follows it.
fn first_operand<'t>(text: &'t str, variables: &HashMap<String, String>) -> Option<(String, &'t str)> {
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if let Some(inner) = text.strip_prefix(quote) {
            let (literal, rest) = inner.split_once(quote)?;
            return (!literal.contains('\\')).then(|| (literal.to_owned(), rest));
        }
    }
    if let Some(rest) = text.strip_prefix(FOLDER_CALL) {
        return Some((variables.get(FOLDER_CALL)?.clone(), rest));
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let length = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    if let Some(arguments) = rest.strip_prefix('(') {
        let (arguments, rest) = arguments.split_once(')')?;
        let default = arguments.split_once(',').filter(|_| name.starts_with("env"));
        let default = default.and_then(|(_, default)| first_operand(default.trim(), variables));
        return Some((default.map_or_else(|| unknown_value(name), |(value, _)| value), rest));
    }
    (!name.is_empty()).then(|| (variables.get(name).cloned().unwrap_or_else(|| unknown_value(name)), rest))
}
