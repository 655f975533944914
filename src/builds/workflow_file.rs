//! Finds the images that workflows of GitHub build: by actions for it, and by their shell text.

use std::collections::HashMap;

use super::build_argument::BuildArgument;
use super::build_path::{absolute_text, file_in, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::build_yaml::{BuildNode, BuildYaml};
use super::expressions::ExpressionContext;
use super::image_claim::{BuildRecipe, BuildTool};
use super::job_matrix::matrix_combinations;
use super::unknown_text::{ROOT, unknown_value};
use crate::repo::RelPath;

/// The deepest that workflows call others.
const MAX_CALL_DEPTH: usize = 3;
/// The most steps that are read of one file, matrices counted.
const MAX_STEPS: usize = 3_000;

/// An action that builds an image, and what its inputs are called.
struct BuildAction {
    name: &'static str,
    /// Several names, or one with its tags apart.
    images: &'static [&'static str],
    context: &'static str,
    file: &'static str,
    /// True where the file's path is seen from the context.
    is_within_context: bool,
}

const fn build_action(
    name: &'static str,
    images: &'static [&'static str],
    context: &'static str,
    file: &'static str,
    is_within_context: bool,
) -> BuildAction {
    BuildAction { name, images, context, file, is_within_context }
}

/// Source: the `action.yml` of each, 2026-10.
const BUILD_ACTIONS: [BuildAction; 7] = [
    build_action("docker/build-push-action", &["tags"], "context", "file", false),
    build_action("useblacksmith/build-push-action", &["tags"], "context", "file", false),
    build_action("depot/build-push-action", &["tags"], "context", "file", false),
    build_action("redhat-actions/buildah-build", &["image", "tags"], "context", "containerfiles", false),
    build_action("mr-smithers-excellent/docker-build-push", &["image"], "directory", "dockerfile", false),
    build_action("aevea/action-kaniko", &["image"], "path", "build_file", true),
    build_action("whoan/docker-build-with-cache-action", &["image_name"], "context", "dockerfile", true),
];

/// A workflow or action that is read.
struct WorkflowReader<'a, 'r> {
    reader: &'a BuildReader<'r>,
    path: RelPath,
    depth: usize,
    steps: usize,
    found: Vec<FoundBuild>,
}

/// What the steps of a job know of each other.
#[derive(Clone, Default)]
struct StepScope {
    context: ExpressionContext,
    /// The images that a step's `metadata-action` names, by the step's id.
    metadata: HashMap<String, Vec<String>>,
    folder: String,
}

pub(super) fn find_workflow_builds(reader: &BuildReader<'_>, yaml: &BuildYaml) -> Vec<FoundBuild> {
    let mut workflow =
        WorkflowReader { reader, path: reader.path.clone(), depth: 0, steps: 0, found: Vec::new() };
    workflow.read_file(yaml, &ExpressionContext::default());
    workflow.found
}

impl WorkflowReader<'_, '_> {
    fn read_file(&mut self, yaml: &BuildYaml, inputs: &ExpressionContext) {
        for root in yaml.roots() {
            let mut context = ExpressionContext::default();
            let triggers = [&["on", "workflow_call", "inputs"][..], &["inputs"]];
            let declared = triggers.iter().find_map(|keys| root.find(keys));
            for (name, input) in declared.into_iter().flat_map(BuildNode::entries) {
                if let Some(default) = input.text_at(&["default"]) {
                    context.set("inputs", name, default.to_owned());
                }
            }
            for (name, value) in inputs.values_of("inputs") {
                context.set("inputs", name, value.to_owned());
            }
            add_environment(root, &mut context);
            for (_, job) in root.get("jobs").into_iter().flat_map(BuildNode::entries) {
                self.read_job(root, job, &context);
            }
            if let Some(steps) = root.find(&["runs", "steps"]) {
                context.set("github", "action_path", absolute_text(self.path.folder()));
                self.read_steps(steps, StepScope { context, ..StepScope::default() });
            }
        }
    }

    fn read_job(&mut self, root: BuildNode<'_>, job: BuildNode<'_>, context: &ExpressionContext) {
        for values in matrix_combinations(job.find(&["strategy", "matrix"]), context) {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return;
            }
            let mut context = context.clone();
            for (name, value) in values {
                context.set("matrix", &name, value);
            }
            add_environment(job, &mut context);
            if let Some(called) = job.text_at(&["uses"]) {
                self.call_file(&self.own_workflow(called), job.get("with"), &context);
                continue;
            }
            let default = ["defaults", "run", "working-directory"];
            let folder = job.text_at(&default).or_else(|| root.text_at(&default)).unwrap_or_default();
            let folder = resolve_path("", &context.expand(folder)).unwrap_or_default();
            if let Some(steps) = job.get("steps") {
                self.read_steps(steps, StepScope { context, folder, ..StepScope::default() });
            }
        }
    }

    fn read_steps(&mut self, steps: BuildNode<'_>, mut scope: StepScope) {
        for step in steps.items() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return;
            }
            let outer = scope.context.clone();
            add_environment(step, &mut scope.context);
            if let Some(script) = step.get("run") {
                self.run_script(step, script, &scope);
            } else if let Some(action) = step.text_at(&["uses"]) {
                self.read_action(step, action, &mut scope);
            }
            scope.context = outer;
        }
    }

    fn run_script(&mut self, step: BuildNode<'_>, script: BuildNode<'_>, scope: &StepScope) {
        let Some(text) = script.text() else { return };
        let folder = step.text_at(&["working-directory"]).map(|folder| scope.context.expand(folder));
        let folder = match folder {
            Some(folder) => resolve_path("", &folder),
            None => Some(scope.folder.clone()),
        };
        let Some(folder) = folder else { return };
        let mut variables: HashMap<String, String> =
            scope.context.values_of("env").map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        variables.insert("GITHUB_WORKSPACE".to_owned(), ROOT.to_string());
        let mut run = ScriptRun::new(&folder, variables, self.reader.read);
        run.follow_text(&scope.context.expand(text), script.text_line());
        let builds = run.into_builds().into_iter();
        let path = &self.path;
        self.found
            .extend(builds.map(|build| FoundBuild::of_script(build, BuildTool::Workflow, path.clone())));
    }

    fn read_action(&mut self, step: BuildNode<'_>, action: &str, scope: &mut StepScope) {
        let name = action.split('@').next().unwrap_or_default();
        let with = step.get("with");
        if action.starts_with("./") {
            return self.call_file(action, with, &scope.context);
        }
        if name == "docker/metadata-action" {
            let id = step.text_at(&["id"]).unwrap_or_default().to_owned();
            let images = with.and_then(|with| with.text_at(&["images"])).unwrap_or_default();
            let images = scope.context.expand(images);
            let images = images.split(['\n', ',']).map(|line| line.trim().trim_start_matches("name="));
            scope.metadata.insert(id, images.filter(|image| !image.is_empty()).map(str::to_owned).collect());
            return;
        }
        let Some((action, with)) = BUILD_ACTIONS.iter().find(|action| action.name == name).zip(with) else {
            return;
        };
        let images = built_images(action, with, scope);
        let recipe = action_recipe(action, with, &scope.context);
        let line = step.key_line("uses");
        let (tool, path) = (BuildTool::Workflow, self.path.clone());
        self.found.push(FoundBuild { images, recipe, tool, path, line, service: None });
    }

    /// The path of a workflow that is called: one of this repository may be named as those of others are.
    fn own_workflow(&self, called: &str) -> String {
        let mut parts = called.splitn(3, '/').skip(1);
        let is_own = parts.next().is_some_and(|name| name == self.reader.root_name);
        match parts.next().filter(|_| is_own) {
            Some(path) => path.split('@').next().unwrap_or(path).to_owned(),
            None => called.to_owned(),
        }
    }

    /// Reads a workflow or an action of the repository with the inputs that it is given.
    fn call_file(&mut self, called: &str, with: Option<BuildNode<'_>>, context: &ExpressionContext) {
        let Some(path) = resolve_path("", called).filter(|_| self.depth < MAX_CALL_DEPTH) else { return };
        let paths = [path.clone(), format!("{path}/action.yml"), format!("{path}/action.yaml")];
        let found = paths.into_iter().find_map(|path| Some(((self.reader.read)(&path)?, path)));
        let Some((text, path)) = found else { return };
        let mut inputs = ExpressionContext::default();
        for (name, value) in with.into_iter().flat_map(BuildNode::entries) {
            let value = value.text().map_or_else(|| unknown_value(name), |text| context.expand(text));
            inputs.set("inputs", name, value);
        }
        // To read a file costs more than to read a step.
        self.steps += MAX_STEPS / 200;
        let outer = std::mem::replace(&mut self.path, RelPath::from(path.as_str()));
        self.depth += 1;
        self.read_file(&BuildYaml::parse(&text), &inputs);
        self.depth -= 1;
        self.path = outer;
    }
}

fn add_environment(part: BuildNode<'_>, context: &mut ExpressionContext) {
    for (name, value) in part.get("env").into_iter().flat_map(BuildNode::entries) {
        if let Some(value) = value.text().map(|value| context.expand(value)) {
            context.set("env", name, value);
        }
    }
}

/// The names of the image that a step builds; those of a metadata step where its outputs are named.
fn built_images(action: &BuildAction, with: BuildNode<'_>, scope: &StepScope) -> Vec<String> {
    let mut images = Vec::new();
    for input in action.images {
        let text = with.text_at(&[input]).unwrap_or_default();
        for (id, named) in &scope.metadata {
            let outputs = format!("steps.{id}.outputs.");
            if text.contains(&outputs) {
                images.extend(named.iter().cloned());
            }
        }
        let lines = scope.context.expand(text);
        let lines = lines.split(['\n', ',', ' ']).map(str::trim).filter(|line| !line.is_empty());
        // With the name apart, tags alone name no image.
        let is_name = |line: &&str| *input != "tags" || action.images.len() == 1 || line.contains('/');
        images.extend(lines.filter(is_name).map(str::to_owned));
    }
    images
}

fn action_recipe(action: &BuildAction, with: BuildNode<'_>, context: &ExpressionContext) -> BuildRecipe {
    let text = |key: &str| with.text_at(&[key]).map(|text| context.expand(text));
    let folder = text(action.context).unwrap_or_else(|| ".".to_owned());
    let folder = folder.replace("{{defaultContext}}:", "").replace("{{defaultContext}}", ".");
    let folder = resolve_path("", &folder);
    let file = text(action.file).filter(|file| !file.is_empty());
    let path = match (file, folder) {
        (Some(file), Some(folder)) if action.is_within_context => resolve_path(&folder, &file),
        (Some(file), _) => resolve_path("", file.trim_start_matches("./")),
        (None, Some(folder)) => Some(file_in(&folder, "Dockerfile").as_str().to_owned()),
        (None, None) => None,
    };
    let stage = text("target").filter(|stage| !stage.is_empty());
    let given = text("build-args").unwrap_or_default();
    let arguments = given.lines().map(str::trim).filter_map(BuildArgument::from_word).collect();
    let path = path.map(|path| RelPath::from(path.as_str()));
    BuildRecipe::of_path(path, stage).with_arguments(arguments)
}
