//! Reads the assignments and rules of a Makefile, with those of the files that it includes.

use std::cell::Cell;
use std::collections::HashMap;

use super::build_path::resolve_path;
use super::build_script::ReadScript;
use super::make_expansion::{MakeVariables, expand_make};
use super::unknown_text::{UNKNOWN, chosen_texts, either_text, has_unknown};

/// The deepest that Makefiles include others.
const MAX_INCLUDE_DEPTH: usize = 8;
/// The most expansions of variables in one Makefile.
const MAX_EXPANSIONS: usize = 200_000;
/// The most values that targets have alone.
const MAX_TARGET_VARIABLES: usize = 500;
/// The most lines that are read, includes counted.
const MAX_LINES: usize = 20_000;

/// A line of a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RecipeLine {
    /// The file in which it stands.
    pub file: String,
    pub line: usize,
    pub text: String,
}

/// A rule, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MakeRule {
    pub targets: String,
    pub prerequisites: String,
    pub recipe: Vec<RecipeLine>,
}

/// A Makefile with what it includes.
#[derive(Debug, Default)]
pub(super) struct MakefileParts {
    variables: HashMap<String, String>,
    /// The values that a target has alone.
    pub target_variables: Vec<(String, String, String)>,
    pub rules: Vec<MakeRule>,
    folder: String,
    /// The file that is read, for `MAKEFILE_LIST`.
    current_file: String,
    line_count: usize,
    step_count: Cell<usize>,
    conditions: Vec<MakeCondition>,
}

/// What is known of a condition that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MakeCondition {
    Holds,
    /// It does not; true where another branch of it did.
    Fails(bool),
    /// It asks if a variable has no value: one that is set in it is a default.
    IsUnset,
    Unknown,
}

impl MakeVariables for MakefileParts {
    fn raw_value(&self, name: &str) -> Option<String> {
        if name == "MAKEFILE_LIST" {
            return Some(super::build_path::absolute_text(&self.current_file));
        }
        self.variables.get(name).cloned()
    }

    fn folder(&self) -> &str {
        &self.folder
    }

    fn spend_step(&self) -> bool {
        self.step_count.set(self.step_count.get() + 1);
        self.step_count.get() < MAX_EXPANSIONS
    }
}

impl MakefileParts {
    /// Reads a Makefile that is run in a folder.
    pub(super) fn read(folder: &str, path: &str, text: &str, read: ReadScript<'_>) -> Self {
        let mut parts = Self { folder: folder.to_owned(), ..Self::default() };
        parts.read_file(path, text, read, 0);
        parts
    }

    fn read_file(&mut self, path: &str, text: &str, read: ReadScript<'_>, depth: usize) {
        let outer = std::mem::replace(&mut self.current_file, path.to_owned());
        self.read_text(path, text, (read, depth), (1, 1));
        self.current_file = outer;
    }

    /// Reads a text that begins at a line of its file; with a step of 0 all of it stands there.
    fn read_text(
        &mut self,
        path: &str,
        text: &str,
        (read, depth): (ReadScript<'_>, usize),
        (first_line, step): (usize, usize),
    ) {
        let mut lines = text.lines().enumerate().peekable();
        let mut in_rule = false;
        while let Some((at, first)) = lines.next() {
            self.line_count += 1;
            if self.line_count > MAX_LINES {
                break;
            }
            let mut whole = first.to_owned();
            while whole.ends_with('\\') {
                let Some((_, next)) = lines.next() else { break };
                whole.push('\n');
                whole.push_str(next);
            }
            if let Some(recipe) = whole.strip_prefix('\t').filter(|_| in_rule) {
                if !self.is_skipped() {
                    self.add_recipe_line(path, at * step + first_line, recipe);
                }
                continue;
            }
            let joined = whole.replace("\\\n", " ");
            let line = strip_comment(&joined).trim();
            if let Some(name) = line.strip_prefix("define ") {
                let name = name.trim().trim_end_matches('=').trim().to_owned();
                let body = lines.by_ref().map(|(_, line)| line).take_while(|line| line.trim() != "endef");
                let body = body.collect::<Vec<_>>().join("\n");
                self.variables.insert(name, body);
                continue;
            }
            if line.is_empty() || self.take_condition(line) || self.is_skipped() {
                continue;
            }
            if line.starts_with("$(") && depth < MAX_INCLUDE_DEPTH && split_rule(line).is_none() {
                let made = expand_make(line, self);
                self.read_text(path, &made, (read, depth + 1), (at * step + first_line, 0));
                continue;
            }
            if let Some(files) =
                ["include ", "-include ", "sinclude "].iter().find_map(|w| line.strip_prefix(w))
            {
                self.include_files(files, read, depth);
                continue;
            }
            in_rule = self.take_line(path, at * step + first_line, line);
        }
    }

    fn include_files(&mut self, files: &str, read: ReadScript<'_>, depth: usize) {
        if depth >= MAX_INCLUDE_DEPTH {
            return;
        }
        for file in expand_make(files, self).split_whitespace() {
            if let Some(path) = resolve_path(&self.folder, file)
                && let Some(text) = read(&path)
            {
                self.read_file(&path, &text, read, depth + 1);
            }
        }
    }

    /// Reads an assignment or the head of a rule; true for a rule.
    fn take_line(&mut self, path: &str, number: usize, line: &str) -> bool {
        let bare = line.trim_start_matches("export ").trim_start_matches("override ").trim();
        if let Some((name, operator, value)) = split_assignment(bare) {
            self.assign(name, operator, value);
            return false;
        }
        let Some((targets, rest)) = split_rule(line) else { return false };
        let rest = rest.trim_start_matches(':').trim();
        if let Some((name, _, value)) = split_assignment(rest) {
            let own = (targets.trim().to_owned(), name.to_owned(), value.to_owned());
            if self.target_variables.len() < MAX_TARGET_VARIABLES {
                self.target_variables.push(own);
            }
            return false;
        }
        let (prerequisites, inline) = rest.split_once(';').map_or((rest, None), |(p, r)| (p, Some(r)));
        let (targets, prerequisites) = (targets.trim().to_owned(), prerequisites.trim().to_owned());
        self.rules.push(MakeRule { targets, prerequisites, recipe: Vec::new() });
        if let Some(inline) = inline {
            self.add_recipe_line(path, number, inline.trim());
        }
        true
    }

    fn add_recipe_line(&mut self, path: &str, line: usize, text: &str) {
        if let Some(rule) = self.rules.last_mut() {
            let text = text.trim_start_matches(['@', '-', '+', ' ', '\t']).to_owned();
            rule.recipe.push(RecipeLine { file: path.to_owned(), line, text });
        }
    }

    /// Sets a variable. What a condition decides that is not known may be one or the other.
    fn assign(&mut self, name: &str, operator: &str, value: &str) {
        let known = self.variables.get(name).cloned();
        let is_default = self.conditions.contains(&MakeCondition::IsUnset);
        let is_open = self.conditions.contains(&MakeCondition::Unknown);
        let value = match (operator, known) {
            ("!=", _) => UNKNOWN.to_string(),
            ("?=", Some(known)) if !is_open => known,
            ("+=", known) => {
                let added = if is_open { UNKNOWN.to_string() } else { value.to_owned() };
                format!("{} {added}", known.unwrap_or_default())
            }
            (_, Some(known)) if is_default && !is_open => known,
            (_, known) => {
                let is_now = operator.starts_with(':') || refers_to(value, name);
                let value =
                    if is_now { expand_make(value, self).replace('$', "$$") } else { value.to_owned() };
                match known {
                    Some(known) if is_open => either_text(&known, &value),
                    _ => value,
                }
            }
        };
        self.variables.insert(name.to_owned(), value);
    }

    /// True where what is read stands in a branch that is not taken.
    fn is_skipped(&self) -> bool {
        self.conditions.iter().any(|condition| matches!(condition, MakeCondition::Fails(_)))
    }

    /// Reads a line of a condition; true where it is one.
    fn take_condition(&mut self, line: &str) -> bool {
        let word = line.split([' ', '\t', '(']).next().unwrap_or_default();
        let rest = line[word.len()..].trim();
        match word {
            "ifdef" | "ifndef" | "ifeq" | "ifneq" => {
                let condition = self.judge_condition(word, rest);
                self.conditions.push(condition);
            }
            "else" => {
                let Some(last) = self.conditions.pop() else { return true };
                let next = match (last, rest.split_once([' ', '\t', '('])) {
                    (MakeCondition::Holds | MakeCondition::Fails(true), _) => MakeCondition::Fails(true),
                    (MakeCondition::Fails(false), None) => MakeCondition::Holds,
                    (MakeCondition::Fails(false), Some((word, _))) => {
                        self.judge_condition(word, rest[word.len()..].trim())
                    }
                    (MakeCondition::IsUnset | MakeCondition::Unknown, _) => MakeCondition::Unknown,
                };
                self.conditions.push(next);
            }
            "endif" => drop(self.conditions.pop()),
            _ => return false,
        }
        true
    }

    /// Compares what a condition compares, where both sides are known.
    fn judge_condition(&self, word: &str, rest: &str) -> MakeCondition {
        let decided = |holds: bool| if holds { MakeCondition::Holds } else { MakeCondition::Fails(false) };
        if let "ifdef" | "ifndef" = word {
            let value = self.raw_value(rest).filter(|value| !has_unknown(value));
            return match value {
                Some(value) => decided(value.trim().is_empty() == (word == "ifndef")),
                None if word == "ifndef" => MakeCondition::IsUnset,
                None => MakeCondition::Unknown,
            };
        }
        let Some((left, right)) = compared_sides(rest) else { return MakeCondition::Unknown };
        let (left, right) = (expand_make(left, self), expand_make(right, self));
        let (left, right) = (left.trim(), right.trim());
        if !has_unknown(left) && !has_unknown(right) && chosen_texts(left).len() == 1 {
            return decided((left == right) == (word == "ifeq"));
        }
        let asks_for_none = left.is_empty() || right.is_empty();
        if asks_for_none && word == "ifeq" { MakeCondition::IsUnset } else { MakeCondition::Unknown }
    }
}

/// The sides of `(a,b)`, `'a' 'b'` or `"a" "b"`.
fn compared_sides(text: &str) -> Option<(&str, &str)> {
    if let Some(inner) = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        let mut depth = 0;
        for (at, c) in inner.char_indices() {
            match c {
                '(' | '{' => depth += 1,
                ')' | '}' => depth -= 1,
                ',' if depth == 0 => return Some((&inner[..at], &inner[at + 1..])),
                _ => {}
            }
        }
        return None;
    }
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut parts = text.split(quote);
    Some((parts.nth(1)?, parts.nth(1)?))
}

fn refers_to(value: &str, name: &str) -> bool {
    value.contains(&format!("$({name})")) || value.contains(&format!("${{{name}}}"))
}

fn strip_comment(line: &str) -> &str {
    let comment = line.match_indices('#').find(|(at, _)| !line[..*at].ends_with('\\'));
    comment.map_or(line, |(at, _)| &line[..at])
}

/// `NAME = value`, with any of make's operators.
fn split_assignment(line: &str) -> Option<(&str, &str, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let length = line.find(|c: char| !is_name(c)).unwrap_or(line.len());
    let (name, rest) = line.split_at(length);
    let rest = rest.trim_start();
    let operator =
        ["::=", ":=", "?=", "+=", "!=", "="].into_iter().find(|operator| rest.starts_with(operator))?;
    (!name.is_empty()).then(|| (name, operator, rest[operator.len()..].trim()))
}

/// The targets of a rule, and what follows the colon.
fn split_rule(line: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, c) in line.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            ':' if depth == 0 => return Some((&line[..at], &line[at + 1..])),
            _ => {}
        }
    }
    None
}
