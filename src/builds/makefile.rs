//! Finds the images that the recipes of a Makefile build.

use std::collections::{BTreeSet, HashMap};

use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::image_claim::BuildTool;
use super::make_expansion::{MakeVariables, expand_make};
use super::makefile_parts::{MakeRule, MakefileParts};
use super::unknown_text::chosen_texts;

/// The most targets of one rule that are followed.
const MAX_TARGETS: usize = 100;
/// The most targets of a Makefile that are followed.
const MAX_RUNS: usize = 3_000;

/// The variables of a recipe: those of the Makefile, of its target, and `$@`, `$*` and `$<`.
struct RecipeVariables<'a> {
    parts: &'a MakefileParts,
    own: HashMap<&'a str, String>,
}

impl MakeVariables for RecipeVariables<'_> {
    fn raw_value(&self, name: &str) -> Option<String> {
        self.own.get(name).cloned().or_else(|| self.parts.raw_value(name))
    }

    fn folder(&self) -> &str {
        self.parts.folder()
    }

    fn spend_step(&self) -> bool {
        self.parts.spend_step()
    }
}

/// The images that a Makefile builds which is run in a folder.
pub(super) fn find_make_builds(reader: &BuildReader<'_>, folder: &str) -> Vec<FoundBuild> {
    let parts = MakefileParts::read(folder, reader.path.as_str(), reader.text, reader.read);
    let named = named_targets(&parts);
    let mut found = Vec::new();
    let mut runs = 0;
    for rule in parts.rules.iter().filter(|rule| !rule.recipe.is_empty()) {
        for (target, stem) in rule_targets(&parts, rule, &named).into_iter().take(MAX_TARGETS) {
            runs += 1;
            if runs > MAX_RUNS {
                return found;
            }
            let mut own = HashMap::from([("@", target.clone()), ("*", stem)]);
            let first = expand_make(&rule.prerequisites, &parts);
            own.insert("<", first.split_whitespace().next().unwrap_or_default().to_owned());
            for (of, name, value) in &parts.target_variables {
                if expand_make(of, &parts).split_whitespace().any(|of| of == target) {
                    own.insert(name, value.clone());
                }
            }
            run_recipe(reader, rule, &RecipeVariables { parts: &parts, own }, &mut found);
        }
    }
    found
}

fn run_recipe(
    reader: &BuildReader<'_>,
    rule: &MakeRule,
    variables: &RecipeVariables<'_>,
    found: &mut Vec<FoundBuild>,
) {
    let texts: Vec<String> = rule.recipe.iter().map(|line| expand_make(&line.text, variables)).collect();
    if !texts.iter().any(|text| text.contains("build") || text.contains("bud ") || text.contains("executor"))
    {
        return;
    }
    let mut run = ScriptRun::new(variables.folder(), HashMap::new(), reader.read);
    for (line, text) in rule.recipe.iter().zip(&texts) {
        // Each of the texts that it may be.
        for text in chosen_texts(text) {
            run.follow_alone(&text, line.line);
        }
    }
    for mut build in run.into_builds() {
        let line = rule.recipe.iter().rfind(|line| line.line <= build.line);
        if let Some(line) = line.or(rule.recipe.first()) {
            // What a variable brings in stands where that is named.
            build.line = build.line.min(line.line + line.text.matches('\n').count());
            found.push(FoundBuild::of_script(build, BuildTool::Make, line.file.as_str().into()));
        }
    }
}

/// The targets that are named anywhere, for the stems of pattern rules.
#[derive(Default)]
struct NamedTargets {
    targets: BTreeSet<String>,
    with_recipe: BTreeSet<String>,
}

fn named_targets(parts: &MakefileParts) -> NamedTargets {
    let mut named = NamedTargets::default();
    for rule in &parts.rules {
        let words =
            |text: &str| expand_make(text, parts).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let targets = words(&rule.targets).into_iter().filter(|name| !name.contains('%'));
        if !rule.recipe.is_empty() {
            named.with_recipe.extend(targets.clone());
        }
        named.targets.extend(targets);
        named.targets.extend(words(&rule.prerequisites).into_iter().filter(|name| !name.contains('%')));
    }
    named
}

/// The targets of a rule, each with its stem.
fn rule_targets(parts: &MakefileParts, rule: &MakeRule, named: &NamedTargets) -> Vec<(String, String)> {
    let targets = expand_make(&rule.targets, parts);
    // A static pattern rule has its pattern before the prerequisites.
    let pattern = rule.prerequisites.split_once(':').map(|(pattern, _)| pattern.trim());
    let mut all = Vec::new();
    for target in targets.split_whitespace() {
        if target.contains('%') {
            // A target with a recipe of its own takes no pattern's.
            let instances = named.targets.iter().filter(|name| !named.with_recipe.contains(*name));
            all.extend(instances.filter_map(|name| Some((name.clone(), stem_of(target, name)?))));
        } else {
            let stem = pattern.and_then(|pattern| stem_of(pattern, target)).unwrap_or_default();
            all.push((target.to_owned(), stem));
        }
    }
    all
}

fn stem_of(pattern: &str, name: &str) -> Option<String> {
    let (before, after) = pattern.split_once('%')?;
    let stem = name.strip_prefix(before)?.strip_suffix(after)?;
    (!stem.is_empty()).then(|| stem.to_owned())
}
