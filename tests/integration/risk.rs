//! What is known against a fix decides who may write it, and how it is offered.

use std::collections::BTreeSet;
use std::sync::Arc;

use seaworthy::audit::{AuditEngine, FileReport};
use seaworthy::finding::{
    AssessRisk, FindingKey, Fix, FixRisk, RiskAssessment, RiskCaution, RiskEvidence, Safety,
};
use seaworthy::fix::{FixOffer, FixOrder, FixPlan, Planner};
use seaworthy::report::{
    AnnotationStyle, LoggedFile, LoggedFixes, PatchesByFinding, ReportCounts, ReportSurroundings, TextPaint,
    TextReport, TextStyle, write_github, write_sarif,
};
use seaworthy::store::Store;
use serde_json::{Value, json};

use crate::cli::{DEPLOYMENT, DOCKERFILE};
use crate::support::{audit, repository, store};

/// Knows something of one rule's fixes, and of no others.
struct OneRule {
    rule: &'static str,
    risk: FixRisk,
}

impl AssessRisk for OneRule {
    fn assess(&self, key: &FindingKey, _: &Fix) -> Option<RiskAssessment> {
        (key.rule == self.rule).then(|| RiskAssessment {
            risk: self.risk,
            cautions: self.cautions(),
            evidence: vec![evidence()],
        })
    }
}

impl OneRule {
    fn cautions(&self) -> Vec<RiskCaution> {
        let caution = || RiskCaution { text: "app.py writes `/data`".into(), evidence: Some(evidence()) };
        (self.risk > FixRisk::None).then(caution).into_iter().collect()
    }
}

fn evidence() -> RiskEvidence {
    RiskEvidence { text: "the program writes `/data`".into(), path: "app.py".into(), line: 7, column: 5 }
}

fn engine(rule: &'static str, risk: FixRisk) -> AuditEngine {
    let root = repository(&[("deploy.yaml", DEPLOYMENT), ("Dockerfile", DOCKERFILE)]);
    audit(root.path()).with_risk_assessor(Arc::new(OneRule { rule, risk }))
}

fn keys(engine: &AuditEngine) -> Vec<FindingKey> {
    engine.audited_paths().flat_map(|path| engine.open_findings(path)).map(|(key, _)| key).collect()
}

fn the_one(engine: &AuditEngine, rule: &str) -> FindingKey {
    keys(engine).into_iter().find(|key| key.rule == rule).unwrap()
}

/// What is written where all fixes up to a class are asked for.
fn fix_all(engine: &AuditEngine, max_safety: Safety) -> FixPlan {
    Planner::new(engine).plan(&FixOrder::Rules { accepts: &|_| true, max_safety }).unwrap()
}

fn everything_written(outcome: &FixPlan) -> String {
    outcome.patches.iter().map(|patch| patch.after.text()).collect()
}

const RULE: &str = "writable-root-filesystem";
const LINE: &str = "readOnlyRootFilesystem: true";

#[test]
fn where_nothing_is_known_the_class_decides_and_every_review_says_what_it_may_break() {
    let folders = [crate::support::fixtures().join("rules"), crate::support::fixtures()];
    let folder = folders.iter().find(|folder| folder.is_dir()).unwrap();
    let engine = audit(folder);
    let (mut safe, mut known, mut others) = (0, 0, BTreeSet::new());
    for (key, offer) in Planner::new(&engine).verify(|_| true) {
        let FixOffer::Fix { safety, risk, .. } = offer else { continue };
        if !risk.evidence.is_empty() {
            known += 1;
            assert!(
                safety == Safety::Safe || risk.risk == FixRisk::None || !risk.cautions.is_empty(),
                "{key:?}"
            );
            continue;
        }
        if risk.risk == FixRisk::WillBreak {
            // Shown by what is known of an image alone: no place of these files says it.
            assert!(!risk.cautions.is_empty(), "{key:?}");
            continue;
        }
        if safety == Safety::Safe {
            assert_eq!(risk.risk, FixRisk::None, "{key:?}");
            safe += 1;
        } else {
            assert_eq!(risk.risk, FixRisk::MayBreak, "{key:?}");
            assert!(!risk.cautions.is_empty(), "{key:?}");
            others.insert(key.rule);
        }
    }
    assert!(safe > 5 && known > 5 && others.len() > 20, "{safe} {known} {others:?}");
}

#[test]
fn a_fix_that_will_break_the_program_is_part_of_no_block() {
    let engine = engine(RULE, FixRisk::WillBreak);
    let key = the_one(&engine, RULE);
    let block = Planner::new(&engine).plan(&FixOrder::Findings(&keys(&engine))).unwrap();
    assert_eq!(block.breaking_fixes.iter().map(|fix| &fix.key).collect::<Vec<_>>(), [&key]);
    assert_eq!(block.breaking_fixes[0].assessment.evidence, [evidence()]);
    assert!(!block.resolves.contains(&key) && block.risk == FixRisk::MayBreak && block.evidence.is_empty());
    assert!(block.patches.iter().all(|patch| !patch.after.text().contains(LINE)));
    let alone = Planner::new(&engine).plan(&FixOrder::Findings(std::slice::from_ref(&key))).unwrap();
    assert_eq!((alone.risk, alone.evidence), (FixRisk::WillBreak, vec![evidence()]));
    assert!(alone.resolves.contains(&key) && alone.breaking_fixes.is_empty());
    assert!(alone.patches[0].after.text().contains(LINE));
}

#[test]
fn a_block_of_nothing_else_says_so() {
    let pod = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n  - {{name: c, image: 'a/b:1'}}\n"
        )
    };
    let root = repository(&[("a.yaml", &pod("a")), ("b.yaml", &pod("b"))]);
    let known = OneRule { rule: RULE, risk: FixRisk::WillBreak };
    let engine = audit(root.path()).with_risk_assessor(Arc::new(known));
    let keys: Vec<FindingKey> = keys(&engine).into_iter().filter(|key| key.rule == RULE).collect();
    assert_eq!(keys.len(), 2);
    let reason = Planner::new(&engine).plan(&FixOrder::Findings(&keys)).unwrap_err().to_string();
    assert!(reason.contains("would break the program"), "{reason}");
}

#[test]
fn no_wide_fix_writes_it_even_asked_for_by_its_rule() {
    let engine = engine(RULE, FixRisk::WillBreak);
    for rule in [None, Some(RULE)] {
        let asked = |own: &str| rule.is_none_or(|rule| rule == own);
        let outcome = Planner::new(&engine)
            .plan(&FixOrder::Rules { accepts: &asked, max_safety: Safety::Review })
            .unwrap();
        let left: Vec<&str> = outcome.breaking_fixes.iter().map(|fix| fix.key.rule).collect();
        assert_eq!(left, [RULE]);
        assert!(outcome.withheld.is_empty(), "{:?}", outcome.withheld);
        // What the first round made possible is no way round it.
        assert!(!everything_written(&outcome).contains(LINE));
        assert_eq!(outcome.patches.is_empty(), rule.is_some());
    }
    let safe = fix_all(&engine, Safety::Safe);
    assert!(safe.breaking_fixes.is_empty(), "it was not asked for");
}

#[test]
fn it_is_offered_all_the_same_and_proven() {
    let engine = engine(RULE, FixRisk::WillBreak);
    let offers = Planner::new(&engine).verify(|_| true);
    let FixOffer::Fix { safety, risk, .. } = &offers[&the_one(&engine, RULE)] else { panic!("{offers:?}") };
    assert_eq!((*safety, risk.risk), (Safety::Review, FixRisk::WillBreak));
    assert_eq!(risk.evidence, [evidence()]);
}

#[test]
fn a_safe_fix_that_may_break_the_program_is_one_for_review() {
    let rule = "missing-seccomp";
    let line = "RuntimeDefault";
    let engine = engine(rule, FixRisk::MayBreak);
    assert!(!everything_written(&fix_all(&engine, Safety::Safe)).contains(line));
    assert!(everything_written(&fix_all(&engine, Safety::Review)).contains(line));
    let plan = Planner::new(&engine).plan(&FixOrder::Findings(&[the_one(&engine, rule)])).unwrap();
    assert_eq!((plan.safety, plan.risk), (Safety::Review, FixRisk::MayBreak));
    let offers = Planner::new(&engine).verify(|_| true);
    let FixOffer::Fix { safety, .. } = &offers[&the_one(&engine, rule)] else { panic!("{offers:?}") };
    assert_eq!(*safety, Safety::Review);
}

#[test]
fn a_review_fix_against_which_nothing_speaks_names_its_evidence_and_no_caution() {
    let engine = engine(RULE, FixRisk::None);
    let plan = Planner::new(&engine).plan(&FixOrder::Findings(&[the_one(&engine, RULE)])).unwrap();
    assert_eq!((plan.safety, plan.risk), (Safety::Review, FixRisk::None));
    assert_eq!((plan.cautions.len(), plan.evidence), (0, vec![evidence()]));
}

#[test]
fn the_text_has_the_risk_under_the_fix_with_the_place_of_the_caution() {
    let engine = engine(RULE, FixRisk::WillBreak);
    let preview = |path: &_, _: &[_]| Planner::new(&engine).preview(path);
    let style = TextStyle { paint: TextPaint::new(false), are_fixes_proven: true };
    let mut text = Vec::new();
    TextReport::default()
        .append_part(&TextReport::from_store(&store(&engine), preview, style), &mut text)
        .unwrap();
    let text = String::from_utf8(text).unwrap();
    let notes = text.split("\n\n").find(|part| part.contains(&format!("[{RULE}]"))).unwrap();
    let risk = notes.lines().skip_while(|line| !line.contains("= fix (review)")).nth(1).unwrap();
    assert_eq!(risk.trim(), "= risk (will-break): app.py writes `/data` (app.py:7:5)");
    assert!(text.contains("= risk (may-break): "), "the others have theirs");
}

#[test]
fn an_annotation_names_the_fix_and_its_risk() {
    let engine = engine(RULE, FixRisk::MayBreak);
    let offers = Planner::new(&engine).verify(|_| true);
    let mut text = Vec::new();
    let store = store(&engine);
    let counts = ReportCounts::from_store(&store, &offers);
    let (visit, bar) =
        (|take: &mut dyn FnMut(&Store) -> std::io::Result<()>| take(&store), engine.lowered_bar());
    for (are_fixes_proven, named) in [(true, "%0AFix (review): "), (false, "%0AFix (review, not proven): ")] {
        text.clear();
        let style = AnnotationStyle { below: "", are_fixes_proven };
        let around = ReportSurroundings { ignored_count: 0, mended_count: 0, lowered_bar: &bar };
        write_github(&visit, (&counts, around), |_, _| offers.clone(), style, &mut text).unwrap();
        let text = std::str::from_utf8(&text).unwrap();
        let line = text.lines().find(|line| line.contains(&format!("title={RULE} "))).unwrap();
        assert!(line.contains(named), "{line}");
        assert!(line.contains("%0ARisk (may-break): app.py writes `/data` (app.py:7:5)%0A"), "{line}");
    }
}

#[test]
fn a_log_has_the_cautions_and_the_evidence_as_related_places() {
    let engine = engine(RULE, FixRisk::WillBreak);
    let offers = Planner::new(&engine).verify(|_| true);
    let mut log = Vec::new();
    let store = store(&engine);
    let logged = |file: &FileReport| LoggedFile {
        findings: store.findings_in(&file.path).iter().cloned().collect(),
        fixes: Box::new(|_| LoggedFixes { patches: PatchesByFinding::default(), offers: offers.clone() }),
    };
    let files: Vec<FileReport> = store.files().cloned().collect();
    let around = ReportSurroundings { ignored_count: 0, mended_count: 0, lowered_bar: store.lowered_bar() };
    write_sarif(&files, logged, "", (around, 0), &mut log).unwrap();
    let log: Value = serde_json::from_slice(&log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == RULE).unwrap();
    assert_eq!(
        result["properties"],
        json!({"fixRisk": "will-break", "fixCautions": ["app.py writes `/data`."]})
    );
    let related = &result["relatedLocations"];
    assert_eq!(related.as_array().map(Vec::len), Some(1));
    assert_eq!(related[0]["physicalLocation"]["artifactLocation"]["uri"], "app.py");
    assert_eq!(related[0]["physicalLocation"]["region"], json!({"startLine": 7, "startColumn": 5}));
    assert_eq!(related[0]["message"]["text"], "The program writes `/data`.");
    let message = result["message"]["text"].as_str().unwrap();
    assert!(message.ends_with("Its fix would break the program: app.py writes `/data` (app.py:7:5)"));
    let other = results.iter().find(|result| result["ruleId"] == "may-run-as-root").unwrap();
    assert_eq!(other["properties"]["fixRisk"], "may-break");
    assert!(other["relatedLocations"].is_null(), "nothing shows it");
}
