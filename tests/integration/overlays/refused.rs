//! What kustomize refuses, or what only it could build, is told with the reason, and never as built.

use super::{WEB, build_files, repository};

/// Why the kustomization is not built.
fn reason(kustomization: &str, more: &[(&str, &str)]) -> String {
    let files = [&[("app/kustomization.yaml", kustomization), ("app/web.yaml", WEB)], more].concat();
    build_files(&files, "app").expect_err(kustomization)
}

#[test]
fn each_reason_is_named() {
    for (kustomization, word) in [
        ("", "empty"),
        ("resources: [web.yaml]\nresource: [x.yaml]\n", "no field `resource`"),
        ("resources: [none.yaml]\n", "app/none.yaml is not there"),
        ("resources: [web.yaml, 'https://git.example/x//y?ref=v1']\n", "is remote"),
        ("resources: [github.com/owner/name/config?ref=v1]\n", "is remote"),
        ("resources: [web.yaml, web.yaml]\n", "Deployment/web is there twice"),
        ("resources: [web.yaml]\nlabels: [{pairs: {x: y}}]\n", "`x` is no text"),
        ("resources: [web.yaml]\nimages: [{name: a, newTag: 1.0}]\n", "`newTag` is no text"),
        ("resources: [web.yaml]\nhelmCharts: [{name: c}]\n", "helmCharts"),
        (
            "resources: [web.yaml]\ntransformers: ['{apiVersion: acme.example/v1, kind: Maker}']\n",
            "Maker is a plug-in",
        ),
        ("resources: [web.yaml]\nreplicas: [{name: none, count: 1}]\n", "none"),
        ("resources: [../../outside]\n", "leads out of the repository"),
        ("resources: [/etc]\n", "leads out of the repository"),
        ("resources: [../app]\n", "builds on itself"),
    ] {
        let reason = reason(kustomization, &[]);
        assert!(reason.contains(word), "{kustomization:?}: {reason}");
    }
}

#[test]
fn patches_that_fail_end_the_build() {
    let json = |operation: &str| {
        format!(
            "resources: [web.yaml]\npatches:\n- target: {{kind: Deployment}}\n  patch: |-\n    - {{{operation}}}\n"
        )
    };
    for (kustomization, word) in [
        (json("op: add, path: /spec/none/there, value: 1"), "nothing to stand in"),
        (json("op: remove, path: /spec/none"), "finds nothing"),
        (json("op: test, path: /spec/replicas, value: 5"), "fails"),
        (
            "resources: [web.yaml]\npatches: [{target: {kind: Deployment}, patch: '[{op: add}]'}]\n"
                .to_owned(),
            "not JSON",
        ),
        (
            "resources: [web.yaml]\npatches: [{patch: 'spec: {}', target: {kind: Deployment}}]\n".to_owned(),
            "`kind`",
        ),
        (
            "resources: [web.yaml]\npatches: [{patch: '{apiVersion: v1, kind: Pod, metadata: {name: x}}'}]\n"
                .to_owned(),
            "Pod/x",
        ),
    ] {
        let reason = reason(&kustomization, &[]);
        assert!(reason.contains(word), "{kustomization:?}: {reason}");
    }
}

#[test]
fn circles_depths_and_components_out_of_place_end_in_a_message() {
    let circle = [
        ("app/kustomization.yaml", "resources: [../b]\n"),
        ("b/kustomization.yaml", "resources: [../app]\n"),
    ];
    assert!(build_files(&circle, "app").unwrap_err().contains("builds on itself"));
    let deep: Vec<(String, String)> = (0..80)
        .map(|at| (format!("f{at}/kustomization.yaml"), format!("resources: [../f{}]\n", at + 1)))
        .collect();
    let deep: Vec<(&str, &str)> = deep.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(build_files(&deep, "f0").unwrap_err().contains("too deep"));
    let component =
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [../app/web.yaml]\n";
    let named = reason("resources: [../part]\n", &[("part/kustomization.yaml", component)]);
    assert!(named.contains("part is a component"), "{named}");
    let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\nspec: {path: ./x}\n";
    assert!(reason(flux, &[]).contains("no field `spec`"));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_repository_is_not_followed() {
    let outside = repository(&[("web.yaml", WEB)]);
    let root = repository(&[("kustomization.yaml", "resources: [link.yaml]\n")]);
    std::os::unix::fs::symlink(outside.path().join("web.yaml"), root.path().join("link.yaml")).unwrap();
    let reason = super::build(root.path(), "").unwrap_err();
    assert!(reason.to_string().contains("leads out of the repository"), "{reason}");
}

#[test]
fn what_would_grow_without_end_is_refused() {
    let component = |next: usize| {
        format!(
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncomponents: [../c{next}, ../c{next}]\n"
        )
    };
    let mut files: Vec<(String, String)> =
        (0..50).map(|at| (format!("c{at}/kustomization.yaml"), component(at + 1))).collect();
    let last = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: a\n";
    files.push(("c50/kustomization.yaml".to_owned(), last.to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let bomb = reason("resources: [web.yaml]\ncomponents: [../c0]\n", &files);
    assert!(bomb.contains("too many kustomizations"), "{bomb}");
    let copies = "    - {op: copy, from: /spec, path: /spec/more}\n".repeat(300);
    let copies =
        format!("resources: [web.yaml]\npatches:\n- target: {{kind: Deployment}}\n  patch: |-\n{copies}");
    assert!(reason(&copies, &[]).contains("too large"));
    let source = "source: {kind: Deployment, fieldPath: metadata.labels.app}";
    let target = "targets: [{select: {kind: Deployment}, fieldPaths: [metadata.labels.app], options: {delimiter: x, index: 9999}}]";
    let doubled = format!("- {source}\n  {target}\n").repeat(60);
    let doubled = format!("resources: [web.yaml]\nreplacements:\n{doubled}");
    assert!(reason(&doubled, &[]).contains("too large"));
}
