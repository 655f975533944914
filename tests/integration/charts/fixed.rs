//! What is written into a chart: values where they reach, else lines of the template, and nothing that renders otherwise.

use std::path::Path;

use seaworthy::fix::{FixOrder, FixPlan, Planner};

use super::{audited, audited_part, chart};

fn plan(folder: &Path, rule: &str) -> FixPlan {
    let engine = audited_part(folder, "web");
    let accepts = |id: &str| id == rule;
    Planner::new(&engine)
        .plan(&FixOrder::Rules { accepts: &accepts, max_safety: seaworthy::finding::Safety::Review })
        .unwrap()
}

/// The lines that a plan takes out and puts in, by file.
fn changes(plan: &FixPlan) -> Vec<String> {
    let mut lines = Vec::new();
    for patch in &plan.patches {
        let (before, after) = (patch.before.text(), patch.after.text());
        let diff = similar::TextDiff::from_lines(before, after);
        for change in diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal) {
            let name = patch.path.file_name();
            lines.push(format!("{name} {}{}", change.tag(), change.value().trim_end()));
        }
    }
    lines
}

#[test]
fn an_empty_value_that_reaches_the_container_is_filled() {
    let folder = chart(&[]);
    let plan = plan(folder.path(), "privilege-escalation");
    let changes = changes(&plan);
    assert!(changes.contains(&"values.yaml -securityContext: {}".to_owned()), "{changes:#?}");
    assert!(changes.contains(&"values.yaml +  allowPrivilegeEscalation: false".to_owned()), "{changes:#?}");
    assert!(!changes.iter().any(|line| line.starts_with("deployment.yaml")), "{changes:#?}");
    let values = plan.patches.iter().find(|patch| patch.path.file_name() == "values.yaml").unwrap();
    assert!(values.after.text().contains("  # runAsNonRoot: true\n"), "comments stay");
}

#[test]
fn a_wrong_value_is_replaced_where_it_is_written() {
    let folder = chart(&[]);
    let plan = plan(folder.path(), "privileged-container");
    let lines = changes(&plan);
    if plan.patches.is_empty() {
        assert!(plan.breaking_fixes.len() + plan.withheld.len() > 0 || lines.is_empty());
    } else {
        assert_eq!(lines, ["values.yaml -privileged: true", "values.yaml +privileged: false"]);
    }
}

#[test]
fn where_no_value_reaches_lines_are_written_into_the_template() {
    let folder = chart(&[]);
    let plan = plan(folder.path(), "missing-seccomp");
    let lines = changes(&plan);
    assert!(lines.contains(&"side.yaml +        seccompProfile:".to_owned()), "{lines:#?}");
    assert!(lines.contains(&"side.yaml +          type: RuntimeDefault".to_owned()), "{lines:#?}");
}

#[test]
fn a_fix_made_twice_is_made_once() {
    let folder = chart(&[]);
    let engine = audited_part(folder.path(), "web");
    let order = FixOrder::Rules { accepts: &|_| true, max_safety: seaworthy::finding::Safety::Review };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    assert!(!plan.patches.is_empty());
    let root = folder.path().canonicalize().unwrap();
    for patch in &plan.patches {
        std::fs::write(patch.path.to_absolute(&root), patch.after.text()).unwrap();
    }
    let again = Planner::new(&audited_part(folder.path(), "web")).plan(&order).unwrap();
    assert!(again.patches.is_empty(), "{:#?}", changes(&again));
}

#[test]
fn a_fix_that_another_value_set_would_undo_is_not_written_there() {
    // With the other set, the value that would be edited is replaced as a whole, so the finding would stand there.
    let folder = chart(&[("web/ci/own-values.yaml", "securityContext: null\n")]);
    let plan = plan(folder.path(), "privilege-escalation");
    let lines = changes(&plan);
    assert!(
        !lines.iter().any(|line| line.contains("deployment.yaml") || line.contains("securityContext")),
        "{lines:#?}"
    );
}

#[test]
fn a_subcharts_value_is_set_in_its_parents_section() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\n  hostNetwork: {{ .Values.hostNetwork }}\n  containers:\n    - name: db\n      image: db:1.0.0\n";
    let folder = chart(&[
        ("web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n"),
        ("web/charts/db/values.yaml", "hostNetwork: true\n"),
        ("web/charts/db/templates/pod.yaml", pod),
    ]);
    let plan = plan(folder.path(), "host-network");
    for patch in &plan.patches {
        assert!(!patch.path.as_str().contains("charts/"), "{} is not the chart's own", patch.path);
    }
}

#[test]
fn of_a_whole_repository_values_are_written_and_templates_only_where_the_chart_is_named() {
    let folder = chart(&[]);
    let engine = audited(folder.path());
    let order = FixOrder::Rules {
        accepts: &|rule| rule == "missing-seccomp",
        max_safety: seaworthy::finding::Safety::Review,
    };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    assert_eq!(plan.patches.iter().map(|patch| patch.path.as_str()).collect::<Vec<_>>(), ["web/values.yaml"]);
    let (key, chart) = &plan.left_to_charts()[0];
    assert_eq!((key.path.as_str(), chart.as_str()), ("web/templates/side.yaml", "web"));
    assert!(plan.withheld.is_empty());
    // A person who asks for one finding has named it.
    let alone = Planner::new(&engine).plan(&FixOrder::Findings(std::slice::from_ref(key))).unwrap();
    assert_eq!(alone.patches[0].path.as_str(), "web/templates/side.yaml");
}
