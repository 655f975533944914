//! `fix`: mends what is asked for, or prints the patch that would.

use std::path::Path;

use super::args::Fix;
use super::{CLEAN, FAILED, FOUND, audit, online, print, say};
use crate::audit::AuditEngine;
use crate::finding::{BreakingFix, Safety};
use crate::fix;
use crate::fix::{FixAllResult, History, RegistryAnswers};
use crate::repo::FilePatch;
use crate::text::{diff, printable};

pub(super) fn run(asked: &Fix) -> anyhow::Result<u8> {
    mend(&audit::audit(&asked.paths)?, asked)
}

/// Mends what is asked for in a repository that has been audited.
fn mend(engine: &AuditEngine, asked: &Fix) -> anyhow::Result<u8> {
    let safety = if asked.review { Safety::Review } else { Safety::Safe };
    let wanted = |rule: &str| asked.rules.is_empty() || asked.rules.contains(&rule);
    let answers = if asked.online {
        online::ask(&fix::unresolved_references(engine, wanted))
    } else {
        RegistryAnswers::default()
    };
    let outcome = fix::fix_all_with_answers(engine, safety, &answers, wanted);
    let mut written = true;
    if asked.diff {
        print(&patch(&outcome.patches))?;
    } else {
        written = write(engine.root(), &outcome)?;
    }
    complain(&outcome);
    outcome.breaking_fixes.iter().for_each(|fix| say(&left_out(fix)));
    outcome.cautions.iter().for_each(|caution| say(&format!("note: {caution}")));
    Ok(match (written, outcome.withheld.is_empty()) {
        (false, _) => FAILED,
        (true, false) => FOUND,
        (true, true) => CLEAN,
    })
}

fn patch(patches: &[FilePatch]) -> String {
    patches.iter().map(|p| diff::unified(p.path.as_str(), p.before.text(), p.after.text())).collect()
}

/// Writes the files as one step, which `undo` takes back as one, and says what came of it. A file that cannot be
/// written is named and left out, and the rest goes on. Whether all could be written.
fn write(root: &Path, outcome: &FixAllResult) -> anyhow::Result<bool> {
    if outcome.patches.is_empty() {
        print("Nothing to mend.\n")?;
        return Ok(true);
    }
    let mut history = History::open(root);
    if let Some(message) = history.message() {
        say(message);
    }
    let mut patches = outcome.patches.clone();
    while let Err(error) = history.write(&patches) {
        say(&error.to_string());
        let before = patches.len();
        patches.retain(|patch| Some(&patch.path) != error.path());
        if patches.len() == before || patches.is_empty() {
            return Ok(false);
        }
    }
    for patch in &patches {
        print(&format!("mended {}\n", printable(patch.path.as_str())))?;
    }
    let findings =
        outcome.resolves.iter().filter(|key| patches.iter().any(|patch| patch.path == key.path)).count();
    let plural = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    print(&format!("{} mended in {}.\n", plural(findings, "finding"), plural(patches.len(), "file")))?;
    Ok(patches.len() == outcome.patches.len())
}

/// A fix that nobody asks about on a command line, and so is not written there.
fn left_out(BreakingFix { key, evidence }: &BreakingFix) -> String {
    let object = key.subject.object.as_deref().map(|object| format!(" ({object})")).unwrap_or_default();
    let evidence: Vec<String> = evidence.iter().map(ToString::to_string).collect();
    let because = if evidence.is_empty() { String::new() } else { format!(": {}", evidence.join("; ")) };
    format!("left out: {} in {}{object}: its fix would break the program{because}", key.rule, key.path)
}

fn complain(outcome: &FixAllResult) {
    for (key, reason) in &outcome.withheld {
        let object = key.subject.object.as_deref().map(|object| format!(" ({object})")).unwrap_or_default();
        say(&format!("withheld: {} in {}{object}: {reason}", key.rule, key.path));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::{AssessRisk, Change, FindingKey, FixRisk, RiskAssessment, RiskEvidence};
    use crate::settings::Settings;

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec:\n  containers:\n  - name: api\n    \
        image: shop/api:1.2.3\n";
    const RULE: &str = "writable-root-filesystem";

    struct Needs;

    impl AssessRisk for Needs {
        fn assess(&self, key: &FindingKey, _: &Change) -> Option<RiskAssessment> {
            let text = "the program writes `/data`".into();
            let evidence = vec![RiskEvidence { text, path: "app.py".into(), line: 7, column: 5 }];
            let will_break = RiskAssessment { risk: FixRisk::WillBreak, cautions: Vec::new(), evidence };
            (key.rule == RULE).then_some(will_break)
        }
    }

    fn engine() -> AuditEngine {
        let texts = [("api.yaml".into(), crate::repo::FileKind::Manifest, POD.to_owned())];
        AuditEngine::from_texts(texts, Settings::default()).with_risk_assessor(Arc::new(Needs))
    }

    fn asked(rules: Vec<&'static str>) -> Fix {
        Fix { paths: Vec::new(), rules, review: true, online: false, diff: true }
    }

    #[test]
    fn what_would_break_the_program_is_named_and_does_not_fail_the_command() {
        assert!(matches!(mend(&engine(), &asked(vec![RULE])), Ok(CLEAN)));
        assert!(matches!(mend(&engine(), &asked(Vec::new())), Ok(CLEAN)));
        let outcome = fix::fix_all(&engine(), Safety::Review, |rule| rule == RULE);
        assert!(outcome.patches.is_empty());
        let lines: Vec<String> = outcome.breaking_fixes.iter().map(left_out).collect();
        assert_eq!(
            lines,
            ["left out: writable-root-filesystem in api.yaml (Pod/api): its fix would break the program: \
              the program writes `/data` (app.py:7:5)"]
        );
    }
}
