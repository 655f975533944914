//! Values and keys are what the cluster's own parser makes of them, whichever way they are written: tagged, as binary,
//! merged, or as numbers with a point. Each answer is kubectl 1.32's (`kubectl label --local -o json`).

use crate::cli::report;
use crate::support::repository;

fn pod(spec: &str, container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: b}}\nspec:\n{spec}  containers:\n  - name: app\n    image: a:1\n{container}"
    )
}

fn has(text: &str, rule: &str) -> bool {
    let folder = repository(&[("pod.yaml", text)]);
    let report = report(folder.path());
    report["findings"].as_array().unwrap().iter().any(|finding| finding["rule"] == rule)
}

#[test]
fn a_value_that_is_tagged_counts_as_its_tag_says() {
    let privileged = |value: &str| pod("", &format!("    securityContext: {{privileged: {value}}}\n"));
    for value in [
        "!!bool true",
        "!!bool \"true\"",
        "!!bool yes",
        "&a !!bool true",
        "!!bool 'TRUE'",
        "!<tag:yaml.org,2002:bool> \"true\"",
    ] {
        assert!(has(&privileged(value), "privileged-container"), "{value}");
    }
    for value in ["!!bool false", "!!bool \"off\""] {
        assert!(!has(&privileged(value), "privileged-container"), "{value}");
    }
    assert!(has(&pod("  hostNetwork: !!bool true\n", ""), "host-network"));
    for uid in ["!!int 0", "!!int \"0\"", "0.0", "0e3", "-0", "0x0"] {
        let text = pod("", &format!("    securityContext: {{runAsUser: {uid}}}\n"));
        assert!(has(&text, "root-user"), "{uid}");
    }
}

#[test]
fn a_key_that_is_binary_is_read() {
    let text = pod("", "    securityContext: {!!binary cHJpdmlsZWdlZA==: true}\n");
    assert!(has(&text, "privileged-container"));
    for (key, binary) in [("kind", "!!binary a2luZA=="), ("apiVersion", "!!binary YXBpVmVyc2lvbg==")] {
        let text = pod("", "    securityContext: {privileged: true}\n");
        let text = text.replacen(&format!("{key}:"), &format!("{binary}:"), 1);
        assert!(has(&text, "privileged-container"), "{key}");
    }
}

#[test]
fn what_is_merged_below_a_key_takes_its_place() {
    let context = |entries: &str| pod("", &format!("    securityContext:\n{entries}"));
    let (own, merged) = ("      privileged: false\n", "      <<: {privileged: true}\n");
    assert!(has(&context(&format!("{own}{merged}")), "privileged-container"));
    assert!(!has(&context(&format!("{merged}{own}")), "privileged-container"));
    let list = "      <<: [{privileged: false}, {privileged: true}]\n";
    assert!(!has(&context(&format!("{own}{list}")), "privileged-container"));
    let tagged = "      !!merge \"<<\": {privileged: true}\n";
    assert!(has(&context(&format!("{own}{tagged}")), "privileged-container"));
    assert!(!has(&context("      !!str <<: {privileged: true}\n"), "privileged-container"));
}

#[test]
fn what_a_kustomization_or_a_chart_renders_is_judged_whatever_its_file_is_called() {
    let text = pod("", "    securityContext: {privileged: true}\n");
    let chart = "apiVersion: v2\nname: c\nversion: 0.1.0\n";
    let folder = repository(&[
        ("k/kustomization.yaml", "resources: [pod, more.txt]\n"),
        ("k/pod", &text),
        ("k/more.txt", &text.replace("name: a", "name: z")),
        ("c/Chart.yaml", chart),
        ("c/templates/a.txt", &text),
        ("c/templates/b.tpl", &text.replace("name: a", "name: y")),
        ("c/templates/_part.txt", &text.replace("name: a", "name: x")),
        ("c/templates/NOTES.txt", &text),
    ]);
    let report = report(folder.path());
    let findings = report["findings"].as_array().unwrap().iter();
    let found = findings.filter(|finding| finding["rule"] == "privileged-container");
    let mut paths: Vec<&str> = found.map(|finding| finding["path"].as_str().unwrap()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["c/templates/a.txt", "c/templates/b.tpl", "k/more.txt", "k/pod"]);
}
