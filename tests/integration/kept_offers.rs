//! A fix that is named is a fix that is written, or both say that it is withheld.

use std::collections::BTreeSet;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::{FindingKey, Safety};
use seaworthy::fix::{FixOffer, FixOffers, FixOrder, FixPlan, Planner};

use crate::support::{audit, entries, fixtures, lay_out, repository};

/// The fixes that `fix --review` is to write, by what a report names.
fn named(offers: &FixOffers) -> BTreeSet<&FindingKey> {
    let is_asked = |offer: &FixOffer| matches!(offer, FixOffer::Fix { safety, risk, .. } if *safety < Safety::Value && !risk.will_break());
    offers.iter().filter(|(_, offer)| is_asked(offer)).map(|(key, _)| key).collect()
}

fn fix_all(engine: &AuditEngine) -> FixPlan {
    let order = FixOrder::Rules { accepts: &|_| true, max_safety: Safety::Review };
    Planner::new(engine).plan(&order).unwrap()
}

/// The fixes that a report names and `fix --review` does not write; in the text's report, and in the one for programs.
fn broken_words(engine: &AuditEngine) -> Vec<String> {
    let planner = Planner::new(engine);
    let (readers, all) = (planner.prove_for_readers(|_| true), engine.full_update());
    let text: FixOffers =
        all.findings.iter().flat_map(|(path, listed)| readers.offers_among(path, listed)).collect();
    let json = planner.verify(|_| true);
    let plan = fix_all(engine);
    let written: BTreeSet<&FindingKey> = plan.resolves.iter().collect();
    let reason = |key: &FindingKey| {
        let withheld = plan.withheld.iter().find(|(other, _)| other == key);
        withheld.map_or("without a word", |(_, reason)| reason.as_str()).to_owned()
    };
    let broken = |report: &str, offers: &FixOffers| -> Vec<String> {
        let left = named(offers).into_iter().filter(|key| !written.contains(key));
        left.map(|key| format!("{report}: {} of {:?}: {}", key.rule, key.subject, reason(key))).collect()
    };
    [broken("text", &text), broken("json", &json)].concat()
}

#[test]
fn what_the_reports_call_a_fix_is_written_for_every_fixture() {
    let mut broken = Vec::new();
    let mut count = 0;
    for folder in entries(&fixtures().join("rules")).into_iter().filter(|folder| folder.is_dir()) {
        for fixture in entries(&folder) {
            let root = lay_out(&fixture);
            let engine = audit(root.path());
            count += engine.audited_paths().count();
            let found = broken_words(&engine);
            broken.extend(found.into_iter().map(|word| format!("{}: {word}", fixture.display())));
        }
    }
    assert!(count > 100, "{count}");
    assert!(broken.is_empty(), "{}: {broken:#?}", broken.len());
}

#[test]
fn a_word_that_kubectl_reads_as_a_boolean_is_quoted() {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
    for (text, quoted) in [
        ("  namespace: y\n", "  namespace: \"y\"\n"),
        ("  namespace: shop\ndata:\n  a: yes\n", "  a: \"yes\"\n"),
        ("  namespace: shop\ndata: {a: off, b: c}\n", "data: {a: \"off\", b: c}\n"),
        ("  namespace: shop\ndata:\n  y: no\n  \"n\": 0644\n", "  y: \"no\"\n  \"n\": 0644\n"),
        ("  namespace: shop\n  labels:\n    'a': 'b'\n    c: ON\n", "    c: 'ON'\n"),
        ("  namespace: shop\nx: &x {k: 1}\ny: {<<: *x, z: 2}\ndata:\n  a: n # r\n", "  a: \"n\" # r\n"),
    ] {
        let root = repository(&[("a.yaml", &format!("{head}{text}"))]);
        let engine = audit(root.path());
        let plan = fix_all(&engine);
        let after = plan.patches.first().map(|patch| patch.after.text().to_owned()).unwrap_or_default();
        assert!(after.contains(quoted), "{text}{after}{:?}", plan.withheld);
        assert_eq!(broken_words(&engine), Vec::<String>::new());
        std::fs::write(root.path().join("a.yaml"), after).unwrap();
        let found = crate::support::findings(root.path());
        assert!(found.iter().all(|finding| finding.rule != "ambiguous-boolean"), "{found:?}");
    }
}

#[test]
fn a_fix_that_makes_another_finding_worse_is_not_called_one() {
    // What root needs the capabilities for, nobody else does.
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec:\n  containers:\n  - name: db\n    \
        image: mongo:3.4\n    securityContext:\n      capabilities: {drop: [all], add: [CHOWN, SETGID, SETUID]}\n      \
        readOnlyRootFilesystem: true\n";
    let root = repository(&[("a.yaml", pod)]);
    let engine = audit(root.path());
    let withheld: BTreeSet<&str> = fix_all(&engine).withheld.iter().map(|(key, _)| key.rule).collect();
    assert!(withheld.contains("may-run-as-root"), "the case is none any more: {withheld:?}");
    assert_eq!(broken_words(&engine), Vec::<String>::new());
}

/// All that lies in the folder that `SEAWORTHY_REPOSITORIES` names, a repository each; nothing without it.
#[test]
fn what_the_reports_call_a_fix_is_written_in_real_repositories() {
    let Some(folder) = std::env::var_os("SEAWORTHY_REPOSITORIES") else { return };
    let mut broken = Vec::new();
    for repository in entries(folder.as_ref()).into_iter().filter(|folder| folder.is_dir()) {
        let found = broken_words(&audit(&repository));
        broken.extend(found.into_iter().map(|word| format!("{}: {word}", repository.display())));
    }
    assert!(broken.is_empty(), "{}: {broken:#?}", broken.len());
}

/// A manifest that a program wrote is mended in what it is made from: the reason is said, and no way of fixing writes into
/// it. Of a Dockerfile it is said beside the change.
#[test]
fn a_file_that_says_it_is_generated_is_not_edited() {
    let note = "# WARNING: This file is autogenerated. Do not manually edit.\n";
    let pod = format!("{note}{}", crate::cli::DEPLOYMENT);
    let build =
        format!("#\n# NOTE: GENERATED VIA x.sh\n# PLEASE DO NOT EDIT IT\n#\n{}", crate::cli::DOCKERFILE);
    let root = repository(&[("release/deploy.yaml", &pod), ("release/Dockerfile", &build)]);
    let engine = audit(root.path());
    let report = crate::cli::report(root.path());
    let findings = report["findings"].as_array().unwrap().iter();
    let of_pod: Vec<_> = findings.filter(|finding| finding["path"] == "release/deploy.yaml").collect();
    assert!(of_pod.iter().all(|finding| finding["fix"].is_null()), "{report:#}");
    let told = of_pod.iter().filter_map(|finding| finding["withheld"].as_str());
    assert!(told.filter(|reason| *reason == GENERATED).count() > 5, "{report:#}");
    crate::cli::on(root.path(), &["fix", "--review"]);
    assert_eq!(std::fs::read_to_string(root.path().join("release/deploy.yaml")).unwrap(), pod);
    assert_eq!(std::fs::read_to_string(root.path().join("release/Dockerfile")).unwrap(), build);
    let path = "release/Dockerfile".into();
    let keys: Vec<FindingKey> = engine.open_findings(&path).into_iter().map(|(key, _)| key).collect();
    let refused = Planner::new(&engine).plan(&FixOrder::Findings(&keys)).unwrap_err().to_string();
    assert!(refused.contains("line 2 says that the file is generated"), "{refused}");
}

const GENERATED: &str = "line 1 says that the file is generated: mend what it is made from";
