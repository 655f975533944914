//! Finds the images that the tasks of a Taskfile build.

use std::collections::HashMap;

use super::build_path::{absolute_text, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::BuildTool;
use super::placeholders::expand_placeholders;
use super::unknown_text::{ROOT, UNKNOWN, has_unknown, unknown_value};

/// The deepest that tasks call others.
const MAX_CALL_DEPTH: usize = 4;
/// The most commands of a Taskfile that are followed, calls and loops counted.
const MAX_COMMANDS: usize = 2_000;
/// The most values of a loop that are followed.
const MAX_LOOP_VALUES: usize = 100;

/// The variables of a task: of templates, and of the shell's environment.
#[derive(Clone, Default)]
struct TaskVariables {
    vars: HashMap<String, String>,
    env: HashMap<String, String>,
}

/// A Taskfile that is read as it is run in a folder.
struct TaskRun<'a, 'r> {
    reader: &'a BuildReader<'r>,
    tasks: BuildNode<'a>,
    folder: &'a str,
    commands: usize,
    found: Vec<FoundBuild>,
}

/// The images that a Taskfile builds which is run in a folder.
pub(super) fn find_task_builds(reader: &BuildReader<'_>, yaml: &BuildYaml, folder: &str) -> Vec<FoundBuild> {
    let mut found = Vec::new();
    for root in yaml.roots() {
        let Some(tasks) = root.get("tasks") else { continue };
        let mut outer = TaskVariables::default();
        for name in ["TASKFILE_DIR", "USER_WORKING_DIR"] {
            outer.vars.insert(name.to_owned(), absolute_text(folder));
        }
        outer.vars.insert("ROOT_DIR".to_owned(), ROOT.to_string());
        outer.add(root);
        let mut run = TaskRun { reader, tasks, folder, commands: 0, found: Vec::new() };
        for (name, task) in tasks.entries() {
            run.run_task(name, task, &outer, 0);
        }
        found.extend(run.found);
    }
    found
}

impl TaskRun<'_, '_> {
    fn run_task(&mut self, name: &str, task: BuildNode<'_>, outer: &TaskVariables, depth: usize) {
        let mut variables = outer.clone();
        variables.vars.insert("TASK".to_owned(), name.to_owned());
        // What a call gives has the last word over the task's own defaults.
        variables.add(task);
        if depth > 0 {
            variables.vars.extend(outer.vars.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let folder = task.text_at(&["dir"]).map(|folder| expand_template(folder, &variables.vars));
        let Some(folder) = resolve_path(self.folder, folder.as_deref().unwrap_or(".")) else { return };
        let commands = ["cmds", "cmd"].into_iter().filter_map(|key| task.get(key));
        let listed =
            commands.flat_map(|node| if node.text().is_some() { vec![node] } else { node.items().collect() });
        let own = if task.text().is_some() { vec![task] } else { task.items().collect() };
        for command in own.into_iter().chain(listed) {
            self.run_command(command, &folder, &variables, depth);
        }
        for called in task.get("deps").into_iter().flat_map(BuildNode::items) {
            self.call_task(called, &variables, depth);
        }
    }

    fn run_command(&mut self, command: BuildNode<'_>, folder: &str, variables: &TaskVariables, depth: usize) {
        for item in loop_values(command, &variables.vars) {
            self.commands += 1;
            if self.commands > MAX_COMMANDS {
                return;
            }
            let mut variables = variables.clone();
            variables.vars.extend(item);
            let Some(script) = Some(command).filter(|it| it.text().is_some()).or_else(|| command.get("cmd"))
            else {
                self.call_task(command, &variables, depth);
                continue;
            };
            let Some(text) = script.text() else { continue };
            let mut run = ScriptRun::new(folder, variables.env.clone(), self.reader.read);
            run.follow_text(&expand_template(text, &variables.vars), script.text_line());
            let path = &self.reader.path;
            let builds = run.into_builds().into_iter();
            let builds = builds.map(|build| FoundBuild::of_script(build, BuildTool::Task, (*path).clone()));
            for build in builds.filter(|build| !build.images.is_empty()) {
                let is_same = |own: &FoundBuild| {
                    own.line == build.line && own.images == build.images && own.recipe == build.recipe
                };
                if !self.found.iter().any(is_same) {
                    self.found.push(build);
                }
            }
        }
    }

    /// Runs the task that a command or a dependency names, with what it is given.
    fn call_task(&mut self, call: BuildNode<'_>, variables: &TaskVariables, depth: usize) {
        // Without values of its own it is no other than when it is run alone.
        let Some(given) = call.get("vars").filter(|_| depth < MAX_CALL_DEPTH) else { return };
        let Some(name) = call.text_at(&["task"]).map(|name| expand_template(name, &variables.vars)) else {
            return;
        };
        let Some(task) = self.tasks.get(name.trim_start_matches(':')) else { return };
        let mut called = variables.clone();
        for (name, value) in given.entries() {
            called.vars.insert(name.to_owned(), variable_text(name, value, &variables.vars));
        }
        self.run_task(&name, task, &called, depth + 1);
    }
}

impl TaskVariables {
    /// Adds what a part of the file sets.
    fn add(&mut self, part: BuildNode<'_>) {
        for (name, value) in part.get("vars").into_iter().flat_map(BuildNode::entries) {
            let value = variable_text(name, value, &self.vars);
            self.vars.insert(name.to_owned(), value);
        }
        for (name, value) in part.get("env").into_iter().flat_map(BuildNode::entries) {
            let value = variable_text(name, value, &self.vars);
            self.env.insert(name.to_owned(), value);
        }
    }
}

/// The value of a variable: what a command prints is not known, nor what is no text.
fn variable_text(name: &str, value: BuildNode<'_>, vars: &HashMap<String, String>) -> String {
    value.text().map_or_else(|| unknown_value(name), |text| expand_template(text, vars))
}

/// The values of a command's loop, by the variable that holds each; one without any where there is no loop.
fn loop_values(command: BuildNode<'_>, vars: &HashMap<String, String>) -> Vec<HashMap<String, String>> {
    let Some(loop_node) = command.get("for") else { return vec![HashMap::new()] };
    let name = loop_node.text_at(&["as"]).unwrap_or("ITEM");
    let listed: Vec<String> = match loop_node.text_at(&["var"]) {
        Some(var) => match vars.get(var).filter(|value| !has_unknown(value)) {
            Some(value) => value.split_whitespace().map(str::to_owned).collect(),
            None => vec![UNKNOWN.to_string()],
        },
        None => {
            loop_node.items().filter_map(BuildNode::text).map(|text| expand_template(text, vars)).collect()
        }
    };
    listed.into_iter().take(MAX_LOOP_VALUES).map(|value| HashMap::from([(name.to_owned(), value)])).collect()
}

/// A text with `{{.NAME}}` expanded, and `{{.NAME | default "value"}}` in both ways of writing it. Of other templates
/// nothing is known.
fn expand_template(text: &str, vars: &HashMap<String, String>) -> String {
    expand_placeholders(text, ["{{", "}}"], |template, _| {
        template_value(template.trim_matches(['-', ' ', '\t']), vars)
    })
}

fn template_value(template: &str, vars: &HashMap<String, String>) -> String {
    let quoted = |word: &str| {
        let inner = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        inner.or_else(|| word.strip_prefix('`')?.strip_suffix('`')).map(str::to_owned)
    };
    let words: Vec<&str> = template.split_whitespace().filter(|word| *word != "|").collect();
    let (name, default) = match words.as_slice() {
        [name] => (*name, None),
        [name, "default", default] | ["default", default, name] => (*name, quoted(default)),
        _ => return UNKNOWN.to_string(),
    };
    let Some(name) = name.strip_prefix('.') else {
        return quoted(name).unwrap_or_else(|| UNKNOWN.to_string());
    };
    let value = vars.get(name).filter(|value| !value.is_empty() || default.is_none());
    value.cloned().or(default).unwrap_or_else(|| unknown_value(name))
}
