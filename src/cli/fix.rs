//! Runs `fix`: writes the fixes that the user chose, or prints them as a patch.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::Path;

use super::args::FixArgs;
use super::named_paths::PathAccess;
use super::{
    EXIT_CLEAN, EXIT_FAILED, EXIT_FOUND, open_history, print_note, print_stdout, registry, run_audit,
};
use crate::app::SecretRedactor;
use crate::audit::AuditEngine;
use crate::finding::{AssessedFix, FixRisk, Safety};
use crate::fix::{FixOrder, FixPlan, History, Planner, RegistryAnswers};
use crate::repo::{FilePatch, RelPath, WriteError};
use crate::rules::BOUND_RULES;
use crate::settings::ResourceDefaults;
use crate::store::Store;
use crate::text::{count_of, diff, make_printable, make_printable_lines};

pub(super) fn run(asked: &FixArgs) -> anyhow::Result<u8> {
    fix_repository(&run_audit::run_audit(&asked.paths, PathAccess::Write)?, asked)
}

/// Fixes the chosen findings in a repository that has been audited.
fn fix_repository(engine: &AuditEngine, asked: &FixArgs) -> anyhow::Result<u8> {
    let safety = if asked.review { Safety::Review } else { Safety::Safe };
    let are_chosen = engine.settings().resource_defaults != ResourceDefaults::default();
    let is_left_out = |rule: &str| asked.rules.is_empty() && !are_chosen && BOUND_RULES.contains(&rule);
    let wanted = |rule: &str| (asked.rules.is_empty() && !is_left_out(rule)) || asked.rules.contains(&rule);
    let answers = if asked.online {
        registry::ask_registries(&RegistryAnswers::find_unresolved(engine, wanted))
    } else {
        RegistryAnswers::default()
    };
    let order = FixOrder::Rules { accepts: &wanted, max_safety: safety };
    let outcome = Planner::new(engine).with_answers(&answers).plan(&order)?;
    let mut written = true;
    if asked.diff {
        let text = patch_text(&outcome, &|path, patch| shown_patch(engine, path, patch));
        print_stdout(&text)?;
    } else {
        written = write_fixes(engine.root(), &outcome)?;
    }
    for (path, reason) in engine.unreadable_files() {
        print_note(&format!("not read: {path}: {reason}"));
    }
    print_withheld(&outcome);
    outcome.breaking_fixes.iter().for_each(|fix| print_note(&breaking_fix_note(fix)));
    if !asked.diff {
        caution_notes(&outcome).iter().for_each(|note| print_note(note));
    }
    outcome.cautions.iter().for_each(|caution| print_note(&format!("note: {caution}")));
    chart_notes(&outcome).iter().for_each(|note| print_note(note));
    if asked.review {
        bounds_note(engine, is_left_out).iter().for_each(|note| print_note(note));
    }
    let done = written && !engine.has_unreadable_target();
    Ok(match (done, outcome.withheld.is_empty()) {
        (false, _) => EXIT_FAILED,
        (true, false) => EXIT_FOUND,
        (true, true) => EXIT_CLEAN,
    })
}

/// The notes on fixes that would be lines in charts' templates, with the command that writes them.
fn chart_notes(outcome: &FixPlan) -> Vec<String> {
    let mut counts: BTreeMap<&RelPath, usize> = BTreeMap::new();
    for (_, folder) in outcome.left_to_charts() {
        *counts.entry(folder).or_default() += 1;
    }
    let note = |(folder, count): (&RelPath, usize)| {
        let fixes = if count == 1 { "fix" } else { "fixes" };
        format!(
            "note: {count} {fixes} would be lines in the templates of a chart: name it too, as in seaworthy fix --review . {folder}"
        )
    };
    counts.into_iter().map(note).collect()
}

/// The note on bounds of resources that are left out, with the command that writes them.
fn bounds_note(engine: &AuditEngine, is_left_out: impl Fn(&str) -> bool) -> Option<String> {
    let open = engine.audited_paths().flat_map(|path| engine.open_findings(path));
    let count =
        open.filter(|(key, finding)| is_left_out(key.rule) && finding.available_fix().is_some()).count();
    let rules: String = BOUND_RULES.iter().map(|rule| format!(" --rule {rule}")).collect();
    let bounds = if count == 1 { "bound of resources is" } else { "bounds of resources are" };
    (count > 0).then(|| {
        format!(
            "note: {count} {bounds} left out, since these files do not say what the programs need; with the defaults: seaworthy fix --review{rules}"
        )
    })
}

/// A file's patch as stdout may have it: whole into a pipe, for `patch` and `git apply`; on a terminal without what
/// would steer it, and without secrets.
fn shown_patch(engine: &AuditEngine, path: &RelPath, patch: String) -> String {
    if !std::io::stdout().is_terminal() {
        return patch;
    }
    let store = Store::from_update(engine.snapshot(&[path]));
    make_printable_lines(&SecretRedactor::for_file(&store, path).redact_patch(&patch))
}

/// The patch of each file as `show` gives it, its risks in lines before it, which `patch` and `git apply` pass over.
fn patch_text(outcome: &FixPlan, show: &dyn Fn(&RelPath, String) -> String) -> String {
    let mut text = String::new();
    let mut fixes: BTreeMap<&RelPath, Vec<&AssessedFix>> = BTreeMap::new();
    let mut homes: BTreeMap<&RelPath, &RelPath> =
        outcome.patches.iter().map(|patch| (&patch.path, &patch.path)).collect();
    for fix in &outcome.assessed_fixes {
        let path = &fix.key.path;
        let Some(home) = homes.get(path).copied().or_else(|| nearest_patch(&outcome.patches, path)) else {
            continue;
        };
        homes.insert(path, home);
        fixes.entry(home).or_default().push(fix);
    }
    for FilePatch { path, before, after } in &outcome.patches {
        let patch = diff::unified_patch(path.as_str(), before.text(), after.text());
        let risks = risk_lines(fixes.get(path).into_iter().flatten().copied());
        text.extend(risks.iter().filter(|_| !patch.is_empty()).map(|line| format!("# {line}\n")));
        text.push_str(&show(path, patch));
    }
    text
}

/// The file of a patch that is nearest to a finding's own: the values of its chart, its base.
fn nearest_patch<'a>(patches: &'a [FilePatch], path: &RelPath) -> Option<&'a RelPath> {
    let shared = |other: &RelPath| {
        let folders = other.as_str().split('/').zip(path.as_str().split('/'));
        (other == path, folders.take_while(|(a, b)| a == b).count())
    };
    // Of several as near the first.
    patches.iter().map(|patch| &patch.path).rev().max_by_key(|other| shared(other))
}

/// A line for each risk of these fixes, in their order: the word, the rules, the cause.
fn risk_lines<'a>(fixes: impl Iterator<Item = &'a AssessedFix>) -> Vec<String> {
    let mut lines: Vec<(&str, String, Vec<&str>)> = Vec::new();
    for AssessedFix { key, assessment } in fixes {
        for cause in assessment.causes() {
            let risk = assessment.risk.name();
            match lines.iter_mut().find(|(known, words, _)| *known == risk && *words == cause) {
                Some((.., rules)) if rules.contains(&key.rule) => {}
                Some((.., rules)) => rules.push(key.rule),
                None => lines.push((risk, cause, vec![key.rule])),
            }
        }
    }
    let line = |(risk, cause, rules): (&str, String, Vec<&str>)| {
        make_printable(&format!("{risk} ({}): {cause}", rules.join(", "))).into_owned()
    };
    lines.into_iter().map(line).collect()
}

/// The notes on what was written though something in these files speaks against it.
fn caution_notes(outcome: &FixPlan) -> Vec<String> {
    let shown = |fix: &&AssessedFix| {
        fix.assessment.risk > FixRisk::None && fix.assessment.cautions.iter().any(|c| c.evidence.is_some())
    };
    risk_lines(outcome.assessed_fixes.iter().filter(shown))
}

/// Writes the files as one step, which `undo` takes back as one, and says what came of it. A file that cannot be
/// written is named and left out, and the rest goes on. Whether all could be written.
fn write_fixes(root: &Path, outcome: &FixPlan) -> anyhow::Result<bool> {
    if outcome.patches.is_empty() {
        print_stdout("Nothing to fix.\n")?;
        return Ok(true);
    }
    let mut history = open_history(root);
    let mut patches = outcome.patches.clone();
    if let Err(error) = write_what_can_be(&mut history, &mut patches) {
        print_note(&error.to_string());
        return Ok(false);
    }
    if patches.is_empty() {
        return Ok(false);
    }
    for patch in &patches {
        print_stdout(&format!("fixed {}\n", make_printable(patch.path.as_str())))?;
    }
    print_stdout(&format!(
        "{} fixed in {}.\n",
        count_of(count_fixed(outcome, &patches), "finding"),
        count_of(patches.len(), "file")
    ))?;
    Ok(patches.len() == outcome.patches.len())
}

/// The number of findings that are gone once these of a plan's patches are written. One of a chart's template is mended in
/// another file, its values: it counts where nothing was left out.
fn count_fixed(outcome: &FixPlan, patches: &[FilePatch]) -> usize {
    let paths = |patches: &[FilePatch]| patches.iter().map(|patch| patch.path.clone()).collect();
    let (planned, written): (BTreeSet<RelPath>, BTreeSet<RelPath>) =
        (paths(&outcome.patches), paths(patches));
    let is_gone = |path: &RelPath| match planned.contains(path) {
        true => written.contains(path),
        false => planned.len() == written.len(),
    };
    outcome.resolves.iter().filter(|key| is_gone(&key.path)).count()
}

/// Writes the patches that can be written, names the others, and takes those out.
fn write_what_can_be(history: &mut History, patches: &mut Vec<FilePatch>) -> Result<(), WriteError> {
    loop {
        for refusal in Planner::drop_refused(history, patches)? {
            print_note(&refusal.to_string());
        }
        if patches.is_empty() {
            return Ok(());
        }
        // Between the question and the write a file may change: then all are asked again.
        let Err(error) = Planner::write_with_title(history, "seaworthy fix", patches) else {
            return Ok(());
        };
        let Some(path) = error.path().cloned() else { return Err(error) };
        print_note(&error.to_string());
        patches.retain(|patch| patch.path != path);
    }
}

/// The note on a fix that breaks the program: no command line asks about it, so it is not written.
fn breaking_fix_note(AssessedFix { key, assessment }: &AssessedFix) -> String {
    let object = key.subject.object.as_deref().map(|object| format!(" ({object})")).unwrap_or_default();
    let causes = assessment.causes();
    let because = if causes.is_empty() { String::new() } else { format!(": {}", causes.join("; ")) };
    format!("left out: {} in {}{object}: its fix would break the program{because}", key.rule, key.path)
}

fn print_withheld(outcome: &FixPlan) {
    for (key, reason) in &outcome.withheld {
        let object = key.subject.object.as_deref().map(|object| format!(" ({object})")).unwrap_or_default();
        print_note(&format!("withheld: {} in {}{object}: {reason}", key.rule, key.path));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::{AssessRisk, FindingKey, Fix, FixRisk, RiskAssessment, RiskEvidence};
    use crate::settings::Settings;

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec:\n  containers:\n  - name: api\n    \
        image: shop/api:1.2.3\n";
    const RULE: &str = "writable-root-filesystem";

    struct StubRiskAssessor;

    impl AssessRisk for StubRiskAssessor {
        fn assess(&self, key: &FindingKey, _: &Fix) -> Option<RiskAssessment> {
            let text = "the program writes `/data`".into();
            let evidence = vec![RiskEvidence { text, path: "app.py".into(), line: 7, column: 5 }];
            let will_break = RiskAssessment { risk: FixRisk::WillBreak, cautions: Vec::new(), evidence };
            (key.rule == RULE).then_some(will_break)
        }
    }

    fn pod_engine() -> AuditEngine {
        let texts = [("api.yaml".into(), crate::repo::FileKind::Manifest, POD.to_owned())];
        AuditEngine::from_texts(texts, Settings::default()).with_risk_assessor(Arc::new(StubRiskAssessor))
    }

    fn fix_args(rules: Vec<&'static str>) -> FixArgs {
        FixArgs { paths: Vec::new(), rules, review: true, online: false, diff: true }
    }

    #[test]
    fn what_would_break_the_program_is_named_and_does_not_fail_the_command() {
        assert!(matches!(fix_repository(&pod_engine(), &fix_args(vec![RULE])), Ok(EXIT_CLEAN)));
        assert!(matches!(fix_repository(&pod_engine(), &fix_args(Vec::new())), Ok(EXIT_CLEAN)));
        let order = FixOrder::Rules { accepts: &|rule| rule == RULE, max_safety: Safety::Review };
        let outcome = Planner::new(&pod_engine()).plan(&order).expect("rules always have a plan");
        assert!(outcome.patches.is_empty());
        let lines: Vec<String> = outcome.breaking_fixes.iter().map(breaking_fix_note).collect();
        assert_eq!(
            lines,
            ["left out: writable-root-filesystem in api.yaml (Pod/api): its fix would break the program: \
              the program writes `/data` (app.py:7:5)"]
        );
    }

    #[test]
    fn a_patch_says_the_risk_of_each_file_before_it() {
        let order = FixOrder::Rules { accepts: &|_| true, max_safety: Safety::Review };
        let outcome = Planner::new(&pod_engine()).plan(&order).expect("rules always have a plan");
        let text = patch_text(&outcome, &|_, patch| patch);
        let (risks, patch): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.starts_with("# may-break ("));
        assert_eq!(patch[0], "--- a/api.yaml");
        let expected =
            "# may-break (privilege-escalation): `sudo`, and other set-user-id programs, no longer work";
        assert!(risks.iter().any(|line| line.starts_with(expected)), "{text}");
        assert!(text.starts_with("# "), "{text}");
        assert!(!text.contains("app.py"), "a fix that is left out has no line");
    }

    #[test]
    fn a_risk_stands_before_the_file_that_is_written_for_it() {
        let patch = |path: &str| FilePatch {
            path: path.into(),
            before: crate::text::SourceText::new("a: 1\n"),
            after: crate::text::SourceText::new("a: 2\n"),
        };
        let patches = [patch("a.yaml"), patch("charts/b/values.yaml"), patch("charts/c/values.yaml")];
        for (path, nearest) in [
            ("a.yaml", "a.yaml"),
            ("charts/c/templates/deploy.yaml", "charts/c/values.yaml"),
            ("other/deploy.yaml", "a.yaml"),
        ] {
            assert_eq!(nearest_patch(&patches, &path.into()), Some(&nearest.into()), "{path}");
        }
    }
}
