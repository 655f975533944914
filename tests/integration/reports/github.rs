//! Annotations by the rules of GitHub's workflow commands.

use crate::settings::stdout;
use crate::support::repository;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: tides}\nspec:\n  hostNetwork: true  # seaworthy: allow host-network -- why\n  containers:\n  - {name: api, image: 'a:1.2.3', securityContext: {privileged: yes}}\n";

fn annotations(files: &[(&str, &str)]) -> String {
    stdout(repository(files).path(), &["check", "--format", "github"])
}

#[test]
fn an_annotation_is_one_line_with_its_place() {
    let text =
        annotations(&[("a,b:c/Dockerfile", "FROM base:1.2.3\nUSER root\nCMD [\"x\"]\n"), ("pod.yaml", POD)]);
    let line = text.lines().find(|line| line.contains("title=root-user")).unwrap();
    let begin =
        "::error file=a%2Cb%3Ac/Dockerfile,line=2,endLine=2,col=6,endColumn=10,title=root-user (high)::";
    assert!(line.starts_with(begin), "{line}");
    assert!(line.ends_with("%0Aa,b:c/Dockerfile:2:6"), "{line}");
    assert!(!text.contains("title=host-network"), "what is allowed is not annotated");
    assert!(text.ends_with("1 allowed or known\n"), "but counted: {text}");
}

#[test]
fn the_worst_come_first_each_severity_in_a_fold_of_the_log() {
    let text = annotations(&[("a/Dockerfile", "FROM base\nUSER root\nCMD run\n"), ("b.yaml", POD)]);
    let folds: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("::group::")).collect();
    let severities: Vec<_> = folds.iter().filter_map(|fold| fold.split(':').next()).collect();
    assert_eq!(severities, ["critical", "high", "medium", "low", "info"]);
    let mut open = false;
    for line in text.lines() {
        match line {
            _ if line.starts_with("::group::") => assert!(!std::mem::replace(&mut open, true)),
            "::endgroup::" => assert!(std::mem::replace(&mut open, false)),
            _ if open => {
                assert!(
                    ["::error ", "::warning ", "::notice "].iter().any(|c| line.starts_with(c)),
                    "{line}"
                );
            }
            _ => assert!(!line.starts_with("::"), "{line}"),
        }
    }
}

/// What a file holds must not become a command of its own, nor end one.
#[test]
fn nothing_of_a_file_becomes_a_command() {
    let text = annotations(&[(
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: \"x%0A::error::y\\n::stop-commands::z\"}\nspec:\n  containers:\n  - {name: \"a\\r\\n::warning file=/etc/passwd::b\", image: 'a:latest'}\n",
    )]);
    for line in text.lines().filter(|line| line.contains("::")) {
        let known = ["::error file=pod.yaml,", "::warning file=pod.yaml,", "::notice file=pod.yaml,"];
        let fold = line.starts_with("::group::") || line == "::endgroup::";
        assert!(fold || known.iter().any(|command| line.starts_with(command)), "{line}");
        let properties = line.trim_start_matches("::").split("::").next().unwrap();
        assert!(fold || properties.matches("file=").count() == 1, "{line}");
    }
}
