//! Placements of other tools' words, and the rules that they map to.

use super::hold;

#[test]
fn other_tools_words_in_a_dockerfile_are_honoured() {
    hold(
        "Dockerfile",
        &[
            (
                "hadolint, the next instruction",
                "# hadolint ignore=DL3007\nFROM a:latest AS a\nFROM b:latest\n",
                &["latest-tag:2 hadolint"],
            ),
            (
                "hadolint, several at once",
                "FROM a:1.2.3\n# hadolint ignore=DL3004,DL3003\nRUN cd /x && sudo make\n",
                &["cd-instead-of-workdir:3 hadolint", "sudo:3 hadolint"],
            ),
            (
                "hadolint, the whole file",
                "# hadolint global ignore=DL3007\nFROM a:latest AS a\nFROM b:latest\n",
                &["latest-tag:2 hadolint", "latest-tag:3 hadolint"],
            ),
            (
                "hadolint, blanks left out",
                "#hadolint ignore=DL3007\nFROM a:latest\n",
                &["latest-tag:2 hadolint"],
            ),
            ("hadolint, a rule that maps to none", "# hadolint ignore=DL3008\nFROM a:latest\n", &[]),
            ("hadolint, not the one after next", "# hadolint ignore=DL3007\nARG X\nFROM a:latest\n", &[]),
            ("hadolint, another word", "# hadolint shell=bash\nFROM a:latest\n", &[]),
            (
                "BuildKit, one check",
                "# check=skip=JSONArgsRecommended\nFROM a:1.2.3\nCMD run\n",
                &["shell-form-command:3 buildkit"],
            ),
            (
                "BuildKit, all checks and an option",
                "# check=skip=all;error=true\nFROM a:1.2.3\nMAINTAINER me\nCMD run\n",
                &["deprecated-maintainer:3 buildkit", "shell-form-command:4 buildkit"],
            ),
            (
                "BuildKit, not where it is no directive",
                "FROM a:1.2.3\n# check=skip=JSONArgsRecommended\nCMD run\n",
                &[],
            ),
            (
                "checkov, from anywhere",
                "FROM a:latest\nUSER 43122\n#checkov:skip=CKV_DOCKER_7:our own\n",
                &["latest-tag:1 checkov (our own)"],
            ),
            (
                "trivy, the next instruction",
                "#trivy:ignore:DS-0001\nFROM a:latest AS a\nFROM b:latest\n",
                &["latest-tag:2 trivy"],
            ),
            (
                "trivy, as it was written once",
                "# trivy:ignore:AVD-DS-0001\nFROM a:latest\n",
                &["latest-tag:2 trivy"],
            ),
            (
                "trivy, as it was written before",
                "# trivy:ignore:DS001\nFROM a:latest\n",
                &["latest-tag:2 trivy"],
            ),
            (
                "trivy, with an end that may have come",
                "# trivy:ignore:DS-0001:exp:2020-01-01\nFROM a:latest\n",
                &[],
            ),
            (
                "ours beside theirs: ours is named",
                "# hadolint ignore=DL3007\n# seaworthy: allow latest-tag -- why\nFROM a:latest\n",
                &["latest-tag:3 comment (why)"],
            ),
        ],
    );
}

#[test]
fn other_tools_words_in_a_manifest_are_honoured() {
    let pod = |annotation: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    {annotation}\nspec:\n  hostNetwork: true\n  hostPID: true\n"
        )
    };
    let network = |by: &str| format!("host-network:7 {by}");
    let rows = [
        (
            "kube-linter",
            "ignore-check.kube-linter.io/host-network: needs it",
            network("kube-linter (needs it)"),
        ),
        ("checkov", "checkov.io/skip1: CKV_K8S_19=needs it", network("checkov (needs it)")),
        ("polaris", "polaris.fairwinds.com/hostNetworkSet-exempt: 'true'", network("polaris")),
        ("polaris, refused", "polaris.fairwinds.com/hostNetworkSet-exempt: 'false'", String::new()),
        ("another's", "example.org/skip: host-network", String::new()),
        ("a check that maps to none", "ignore-check.kube-linter.io/no-such: why", String::new()),
        ("checkov, a comment", "a: b  # checkov:skip=CKV_K8S_19:needs it", network("checkov (needs it)")),
        ("trivy, elsewhere", "a: b  # trivy:ignore:KSV-0009", String::new()),
    ];
    for (shows, annotation, expected) in rows {
        let expected: Vec<&str> = Some(expected.as_str()).into_iter().filter(|e| !e.is_empty()).collect();
        hold("pod.yaml", &[(shows, &pod(annotation), &expected)]);
    }
    hold(
        "pod.yaml",
        &[(
            "trivy, before the entry",
            "apiVersion: v1\nkind: Pod\nspec:\n  # trivy:ignore:KSV-0009\n  hostNetwork: true\n",
            &["host-network:5 trivy"],
        )],
    );
}

#[test]
fn an_annotation_reaches_its_own_object() {
    let one = |annotations: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, annotations: {{{annotations}}}}}\nspec: {{hostNetwork: true}}\n"
        )
    };
    let text = format!("{}---\n{}", one("ignore-check.kube-linter.io/host-network: why"), one(""));
    hold("pods.yaml", &[("the first of two", &text, &["host-network:4 kube-linter (why)"])]);
    let everything = super::allowed("pod.yaml", &one("kube-linter.io/ignore-all: why"));
    assert!(everything.contains(&"host-network:4 kube-linter (why)".to_owned()), "{everything:?}");
    let everything = super::allowed("pod.yaml", &one("polaris.fairwinds.com/exempt: 'true'"));
    assert!(everything.contains(&"host-network:4 polaris".to_owned()), "{everything:?}");
}
