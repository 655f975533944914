//! Finds the images that a Jenkinsfile builds: by `docker.build`, and by the shell text of its steps.

use super::build_path::resolve_path;
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::groovy_text::{GroovyVariables, comment_length, evaluate_groovy, literal_length};
use super::image_claim::BuildTool;
use super::unknown_text::{ROOT, UNKNOWN};

/// The most steps of a Jenkinsfile that are followed.
const MAX_STEPS: usize = 2_000;

/// A Jenkinsfile on the way from its beginning to its end.
struct JenkinsRun<'a, 'r> {
    reader: &'a BuildReader<'r>,
    text: &'a str,
    /// What double quotes expand.
    variables: GroovyVariables,
    /// Those of them that the shell knows, too.
    environment: GroovyVariables,
    /// The folder of each open block; none where it is not known. The workspace is the repository's root.
    folders: Vec<Option<String>>,
    /// The folder of the block that opens next.
    next_folder: Option<Option<String>>,
    /// The depth of the blocks that are called `environment`.
    environment_depth: Option<usize>,
    found: Vec<FoundBuild>,
    steps: usize,
}

pub(super) fn find_jenkins_builds(reader: &BuildReader<'_>) -> Vec<FoundBuild> {
    let workspace = GroovyVariables::from([("WORKSPACE".to_owned(), ROOT.to_string())]);
    let mut run = JenkinsRun {
        reader,
        text: reader.text,
        variables: workspace.clone(),
        environment: workspace,
        folders: vec![Some(String::new())],
        next_folder: None,
        environment_depth: None,
        found: Vec::new(),
        steps: 0,
    };
    run.read_text();
    run.found
}

impl JenkinsRun<'_, '_> {
    fn read_text(&mut self) {
        let text = self.text;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            match c {
                '/' if comment_length(rest) > 0 => at += comment_length(rest),
                '\'' | '"' => at += literal_length(rest).unwrap_or(1),
                '{' => {
                    let outer = self.folders.last().cloned().flatten();
                    self.folders.push(self.next_folder.take().unwrap_or(outer));
                    at += 1;
                }
                '}' => {
                    if self.folders.len() > 1 {
                        self.folders.pop();
                    }
                    self.environment_depth =
                        self.environment_depth.filter(|depth| self.folders.len() > *depth);
                    at += 1;
                }
                c if c.is_ascii_alphabetic() || c == '_' => {
                    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
                    let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
                    at += length + self.read_word(&rest[..length], at + length);
                }
                _ => at += c.len_utf8(),
            }
        }
    }

    /// Reads what follows a word, and says how many bytes of it need no further look.
    fn read_word(&mut self, word: &str, end: usize) -> usize {
        let after = &self.text[end..];
        match word {
            "environment" if after.trim_start().starts_with('{') => {
                self.environment_depth = Some(self.folders.len());
                0
            }
            "dir" => {
                let (arguments, length) = read_arguments(after);
                let folder = arguments.first().map(|argument| evaluate_groovy(argument, &self.variables));
                let outer = self.folders.last().cloned().flatten();
                self.next_folder =
                    Some(folder.zip(outer).and_then(|(folder, outer)| resolve_path(&outer, &folder)));
                length
            }
            "sh" => {
                let (arguments, length) = read_arguments(after);
                let named = arguments.iter().find_map(|argument| {
                    argument.strip_prefix("script").and_then(|rest| rest.trim_start().strip_prefix(':'))
                });
                if let Some(script) = named.or(arguments.first().copied()) {
                    let at = end + after.find(script).unwrap_or_default();
                    let script = evaluate_groovy(script, &self.variables);
                    self.follow_shell(&script, at);
                }
                length
            }
            _ if word == "docker.build" || word.ends_with(".docker.build") => {
                let (arguments, length) = read_arguments(after);
                let mut values = arguments.iter().map(|argument| evaluate_groovy(argument, &self.variables));
                if let Some(image) = values.next() {
                    let rest = values.next().unwrap_or_else(|| ".".to_owned());
                    self.follow_shell(&format!("docker build -t \"{image}\" {rest}"), end);
                }
                length
            }
            _ => {
                self.assign_variable(word, after);
                0
            }
        }
    }

    /// `NAME = value`. One that is set again to something else is not known any more.
    fn assign_variable(&mut self, word: &str, after: &str) {
        let Some(value) = after.trim_start_matches([' ', '\t']).strip_prefix('=') else { return };
        if value.starts_with(['=', '~']) {
            return;
        }
        let (name, is_own) =
            word.strip_prefix("env.").map_or((word, self.environment_depth.is_some()), |name| (name, true));
        let value = evaluate_groovy(first_expression(value), &self.variables);
        let is_again = self.variables.get(name).is_some_and(|old| *old != value);
        let value = if is_again { UNKNOWN.to_string() } else { value };
        if is_own {
            self.environment.insert(name.to_owned(), value.clone());
        }
        self.variables.insert(name.to_owned(), value);
    }

    fn follow_shell(&mut self, script: &str, at: usize) {
        self.steps += 1;
        let Some(folder) = self.folders.last().cloned().flatten().filter(|_| self.steps <= MAX_STEPS) else {
            return;
        };
        let line = 1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..at]).count();
        let mut run = ScriptRun::new(&folder, self.environment.clone(), self.reader.read);
        run.follow_text(script, line);
        let builds = run.into_builds().into_iter();
        let path = &self.reader.path;
        self.found
            .extend(builds.map(|build| FoundBuild::of_script(build, BuildTool::Pipeline, (*path).clone())));
    }
}

/// The arguments of a call, in brackets or up to the end of the line, and the length of all of it.
fn read_arguments(text: &str) -> (Vec<&str>, usize) {
    let start = text.len() - text.trim_start_matches([' ', '\t']).len();
    let is_closed = text[start..].starts_with('(');
    let start = start + usize::from(is_closed);
    let (mut arguments, mut depth, mut from, mut at) = (Vec::new(), 0_usize, start, start);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if comment_length(rest) > 0 && c == '/' {
            at += comment_length(rest);
            continue;
        }
        match c {
            '\'' | '"' => {
                at += literal_length(rest).unwrap_or(1);
                continue;
            }
            ')' | '}' | ']' if depth == 0 => break,
            '\n' | ';' | '{' if depth == 0 && !is_closed => break,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    arguments.push(text[from..at].trim());
    arguments.retain(|argument| !argument.is_empty());
    (arguments, at)
}

/// The expression that a text begins with: a literal may have several lines.
fn first_expression(text: &str) -> &str {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '\'' | '"' => at += literal_length(&text[at..]).unwrap_or(1),
            '\n' | ';' | '}' => break,
            c => at += c.len_utf8(),
        }
    }
    &text[..at]
}
