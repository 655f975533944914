//! A file of very many objects: read whole as far as real files go, and beyond that up to a limit that is told.

use seaworthy::kubernetes::parse_manifest;
use seaworthy::yaml::YamlProblemKind;

fn services(count: usize) -> String {
    (0..count)
        .map(|at| format!("---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{at}}}\nspec: {{}}\n"))
        .collect()
}

fn pod_of(containers: usize) -> String {
    let list: String = (0..containers).map(|at| format!("  - {{name: c{at}, image: a}}\n")).collect();
    format!("---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{list}")
}

#[test]
fn five_thousand_pods_are_read_whole() {
    let manifest = parse_manifest(&pod_of(1).repeat(5_000));
    assert_eq!(manifest.documents.len(), 5_000);
    assert_eq!(manifest.problems, []);
}

#[test]
fn objects_beyond_the_limit_are_told_where_they_begin() {
    let (whole, more) = (services(10_000), services(3));
    let manifest = parse_manifest(&(whole.clone() + &more));
    assert_eq!(manifest.documents.len(), 10_000);
    let [problem] = &manifest.problems[..] else { panic!("{:?}", manifest.problems) };
    assert_eq!(problem.kind, YamlProblemKind::TooLarge);
    assert!((whole.len()..whole.len() + 10).contains(&problem.span.start), "{problem:?}");
    assert!(problem.message.contains("split it"), "{problem:?}");
    assert_eq!(parse_manifest(&whole).problems, []);
}

#[test]
fn containers_count_as_objects_do() {
    let manifest = parse_manifest(&(services(1) + &pod_of(10_000)));
    assert_eq!(manifest.documents.len(), 1, "the pod is one too many");
    assert_eq!(manifest.problems.len(), 1);
}
