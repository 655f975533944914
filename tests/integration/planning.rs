//! Plans that take long can be called off, and what goes together is proven together.

use std::sync::atomic::{AtomicUsize, Ordering};

use seaworthy::finding::Safety;
use seaworthy::fix::{FixOffer, FixOrder, Planner};

use crate::support::{audit, repository};

#[test]
fn a_plan_that_is_wanted_no_more_is_not_made_to_its_end() {
    let deploy = |name: usize| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p-{name}}}\nspec:\n  containers:\n  - {{name: c, image: 'a/b:1'}}\n"
        )
    };
    let files: Vec<(String, String)> = (0..20).map(|n| (format!("{n}.yaml"), deploy(n))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let home = repository(&files);
    let engine = audit(home.path());
    let keys: Vec<_> =
        engine.audited_paths().flat_map(|path| engine.open_findings(path)).map(|(key, _)| key).collect();
    let asked = AtomicUsize::new(0);
    let until = |last: usize| {
        asked.store(0, Ordering::Relaxed);
        let is_awaited = || asked.fetch_add(1, Ordering::Relaxed) < last;
        Planner::new(&engine).while_awaited(&is_awaited).plan(&FixOrder::Findings(&keys))
    };
    assert_eq!(until(usize::MAX).unwrap().patches.len(), files.len());
    let all = asked.load(Ordering::Relaxed);
    assert!(until(0).is_err());
    assert!(until(keys.len() / 2).is_err(), "while files are fixed");
    assert!(until(all - 5).is_err(), "while it is said what they resolve");
}

/// A database that is given what it needs to give root up: its user cannot be set without that coming to be needless.
fn database(name: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n      - name: db\n        image: mongo:7.0.14\n        securityContext:\n          capabilities:\n            drop: [ALL]\n            add: [CHOWN, SETGID, SETUID]\n"
    )
}

#[test]
fn what_conflicts_is_withheld_by_object_and_the_rest_is_made() {
    let plain = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: 'registry.example/web:1'}\n";
    let text = [&database("one"), plain, &database("two"), &database("three")].concat();
    let home = repository(&[("all.yaml", text.as_str())]);
    let engine = audit(home.path());
    let offers = Planner::new(&engine).verify(|_| true);
    let mut withheld = Vec::new();
    for (key, offer) in &offers {
        let object = key.subject.object.as_deref().unwrap_or_default();
        match offer {
            FixOffer::Withheld(reason) if key.rule != "added-capabilities" => {
                assert_eq!(reason, "the change would bring `added-capabilities` about", "{key:?}");
                withheld.push((key.rule, object));
            }
            _ => {}
        }
    }
    withheld.sort_unstable();
    let objects = ["Deployment/one", "Deployment/three", "Deployment/two"];
    let expected: Vec<(&str, &str)> = ["may-run-as-root", "missing-run-as-user"]
        .into_iter()
        .flat_map(|rule| objects.map(|object| (rule, object)))
        .collect();
    assert_eq!(withheld, expected);
    let order = FixOrder::Rules { accepts: &|_| true, max_safety: Safety::Review };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    let after = plan.patches[0].after.text();
    assert_eq!(after.matches("type: RuntimeDefault").count(), 4, "{after}");
    assert_eq!(after.matches("readOnlyRootFilesystem: true").count(), 4, "{after}");
    assert!(!after.contains("runAsUser"), "{after}");
}
