//! The baseline: what stands is known, what is new is told, what is gone leaves.

use crate::settings::{findings, seaworthy, stdout};
use crate::support::repository;

const BUILD: &str = "FROM base:1.2.3\nUSER 43122:43122\nRUN sudo make\n";

fn open(root: &std::path::Path) -> Vec<String> {
    let found = findings(root, ".");
    let open = found.iter().filter(|finding| finding["suppressed"].is_null());
    open.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_teams_day() {
    let root = repository(&[("Dockerfile", BUILD)]);
    let (root, file) = (root.path(), root.path().join("Dockerfile"));
    let check = || seaworthy(root, &["check"]).status.code();
    assert_eq!(check(), Some(1), "it does not begin well");
    assert_eq!(seaworthy(root, &["baseline"]).status.code(), Some(0));
    assert_eq!((check(), open(root)), (Some(0), vec![]), "and that is known now");
    assert!(stdout(root, &["check"]).contains("more in the baseline"), "and counted");

    std::fs::write(&file, BUILD.replace("RUN", "# A tool.\n\nRUN curl -k https://example.org/x\nRUN"))
        .unwrap();
    assert_eq!((check(), open(root)), (Some(1), vec!["tls-verification-off".to_owned()]), "one is new");

    let allowed = std::fs::read_to_string(&file)
        .unwrap()
        .replace("RUN curl", "# seaworthy: allow tls-verification-off -- the host is our own\nRUN curl");
    std::fs::write(&file, allowed).unwrap();
    assert_eq!((check(), open(root)), (Some(0), vec![]), "and allowed, with the reason");

    let mended = std::fs::read_to_string(&file).unwrap().replace(" -k", "");
    std::fs::write(&file, mended).unwrap();
    assert_eq!(open(root), ["unused-suppression"], "mended, so that the exception is for nothing");
    assert_eq!(seaworthy(root, &["fix"]).status.code(), Some(0));
    assert_eq!(open(root), [""; 0]);
}

#[test]
fn a_second_of_the_same_is_new() {
    let root = repository(&[("Dockerfile", BUILD)]);
    seaworthy(root.path(), &["baseline"]);
    std::fs::write(root.path().join("Dockerfile"), format!("{BUILD}RUN sudo make\n")).unwrap();
    assert_eq!(open(root.path()), ["sudo"]);
}

#[test]
fn what_is_gone_leaves_and_shrinking_takes_nothing_in() {
    let root = repository(&[("a/Dockerfile", BUILD), ("b/Dockerfile", BUILD)]);
    let (root, at) = (root.path(), root.path().join("seaworthy-baseline.json"));
    seaworthy(root, &["baseline"]);
    let whole = std::fs::read_to_string(&at).unwrap();
    std::fs::write(root.join("a/Dockerfile"), "FROM base:latest\nUSER 43122:43122\n").unwrap();
    seaworthy(root, &["baseline", "--shrink"]);
    let shrunk = std::fs::read_to_string(&at).unwrap();
    assert!(shrunk.lines().all(|line| whole.contains(line.trim_end_matches(','))), "{shrunk}");
    assert!(
        !shrunk.contains("\"a/Dockerfile\",\"rule\":\"sudo\"")
            && shrunk.contains("\"b/Dockerfile\",\"rule\":\"sudo\"")
    );
    assert!(open(root).contains(&"latest-tag".to_owned()));
    seaworthy(root, &["baseline", "a"]);
    let parts = std::fs::read_to_string(&at).unwrap();
    assert!(parts.contains("latest-tag") && parts.contains("\"b/Dockerfile\",\"rule\":\"sudo\""), "{parts}");
    std::fs::remove_dir_all(root.join("a")).unwrap();
    seaworthy(root, &["baseline"]);
    assert!(!std::fs::read_to_string(&at).unwrap().contains("a/Dockerfile"));
}

#[test]
fn a_secret_is_not_written_down() {
    let root = repository(&[("Dockerfile", "FROM base:1.2.3\nENV DB_PASSWORD=hunter2hunter2\nUSER 43122\n")]);
    seaworthy(root.path(), &["baseline"]);
    let text = std::fs::read_to_string(root.path().join("seaworthy-baseline.json")).unwrap();
    assert!(text.contains("secret-in-build") && !text.contains("hunter2"), "{text}");
    assert_eq!(open(root.path()), [""; 0]);
}
