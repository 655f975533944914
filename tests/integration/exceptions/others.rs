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
            (
                "hadolint, after a directive",
                "# syntax=docker/dockerfile:1\n# hadolint ignore=DL3007\nFROM a:latest\n",
                &["latest-tag:3 hadolint"],
            ),
            (
                "hadolint, before a continued instruction",
                "FROM a:1.2.3\n# hadolint ignore=DL3004\nRUN true && \\\n    sudo make\n",
                &["sudo:4 hadolint"],
            ),
            (
                "hadolint, before a heredoc",
                "FROM a:1.2.3\n# hadolint ignore=DL3004\nRUN <<EOF\nsudo make\nEOF\n",
                &["sudo:4 hadolint"],
            ),
            (
                "hadolint, not inside a heredoc",
                "FROM a:1.2.3\nRUN <<EOF\n# hadolint ignore=DL3004\nsudo make\nEOF\n",
                &[],
            ),
            (
                "hadolint, with tabs and a reason",
                "#\thadolint\tignore=DL3007 # ours\n\tFROM a:latest\n",
                &["latest-tag:2 hadolint (ours)"],
            ),
            ("hadolint, nothing follows", "FROM a:latest\n# hadolint ignore=DL3007\n", &[]),
            (
                "tally, the next instruction",
                "# tally ignore=hadolint/DL3007;reason=ours\nFROM a:latest AS a\nFROM b:latest\n",
                &["latest-tag:2 tally (ours)"],
            ),
            (
                "tally, the whole file",
                "FROM a:latest AS a\n# tally global ignore=hadolint/DL3007\nFROM b:latest\n",
                &["latest-tag:1 tally", "latest-tag:3 tally"],
            ),
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
                "BuildKit, after an option and another directive",
                "# syntax=docker/dockerfile:1\n# check=error=true;skip=JSONArgsRecommended\nFROM a:1.2.3\nCMD run\n",
                &["shell-form-command:4 buildkit"],
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
                "checkov, several checks and its older name",
                "#bridgecrew:skip=CKV_DOCKER_7,CKV_DOCKER_1:our own\nFROM a:latest\nUSER 43122\n",
                &["latest-tag:2 checkov (our own)"],
            ),
            (
                "checkov, not inside a heredoc",
                "FROM a:latest\nRUN <<EOF\n#checkov:skip=CKV_DOCKER_7:our own\ntrue\nEOF\n",
                &[],
            ),
            (
                "trivy, two at once",
                "# trivy:ignore:DS-0001 trivy:ignore:DS-0010\nFROM a:latest\nRUN sudo make\n",
                &["latest-tag:2 trivy"],
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
        ("not in a block of text", "note: |\n      # checkov:skip=CKV_K8S_19:no", String::new()),
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
            "trivy, trailing",
            "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true  # trivy:ignore:KSV-0009\n  hostPID: true\n",
            &["host-network:4 trivy"],
        )],
    );
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
    let text = format!("{}---\n# checkov:skip=CKV_K8S_19:why\n{}---\n{}", one(""), one(""), one(""));
    hold("pods.yaml", &[("a comment, its own document", &text, &["host-network:10 checkov (why)"])]);
    let item = |annotations: &str| {
        one(annotations).lines().fold(String::from("-"), |item, line| {
            format!("{item}{}{line}\n", if item == "-" { " " } else { "  " })
        })
    };
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n{}{}",
        item(""),
        item("'polaris.fairwinds.com/hostNetworkSet-exempt': 'true'")
    );
    hold("pods.yaml", &[("an item of a List", &list, &["host-network:11 polaris"])]);
    let json = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": {"checkov.io/skip1": "CKV_K8S_19=why"}},
        "spec": {"hostNetwork": true}}"#;
    hold("pod.json", &[("JSON, which has no comments", json, &["host-network:2 checkov (why)"])]);
    let scored = one("kube-score/ignore: container-image-tag")
        .replace("true}", "true, containers: [{image: 'a:latest'}]}");
    hold("pod.yaml", &[("kube-score", &scored, &["latest-tag:4 kube-score"])]);
    let everything = super::allowed("pod.yaml", &one("kube-linter.io/ignore-all: why"));
    assert!(everything.contains(&"host-network:4 kube-linter (why)".to_owned()), "{everything:?}");
    let everything = super::allowed("pod.yaml", &one("polaris.fairwinds.com/exempt: 'true'"));
    assert!(everything.contains(&"host-network:4 polaris".to_owned()), "{everything:?}");
}
