//! Hostile texts through every command.

use crate::run::{status, through_every_command};
use crate::{many, texts, trees};

#[test]
fn nesting_brings_nobody_down() {
    let report = through_every_command(&trees::of("nested", &texts::nested()).path());
    for path in ["flow.yaml", "closed.yaml", "block.yaml", "dashes.yaml", "deep.json"] {
        assert!(status(&report, path).starts_with("skipped: "), "{}", status(&report, path));
    }
}

#[test]
fn bombs_do_not_go_off() {
    let report = through_every_command(&trees::of("bombs", &texts::bombs()).path());
    for path in ["laughs.yaml", "itself.yaml"] {
        assert!(status(&report, path).starts_with("skipped: "), "{}", status(&report, path));
    }
}

#[test]
fn as_much_as_can_be_of_the_smallest_pieces() {
    for (path, text) in texts::large() {
        through_every_command(&trees::of(&format!("large-{path}"), &[(path, text)]).path());
    }
}

#[test]
fn very_much_to_find_and_to_fix() {
    for (path, text) in texts::riddled() {
        let tree = trees::of(&format!("riddled-{path}"), &[(path, text)]);
        let report = through_every_command(&tree.path());
        assert!(!report["findings"].as_array().unwrap().is_empty(), "{path}");
    }
}

#[test]
fn what_is_too_large_is_not_read() {
    let tree = trees::of("large", &[("good.yaml", texts::POD.to_owned())]);
    tree.file("line.yaml", format!("{}a: {}\n", texts::POD, "x".repeat(50_000_000)));
    std::fs::File::create(tree.path().join("Dockerfile")).unwrap().set_len(1 << 30).unwrap();
    std::fs::File::create(tree.path().join("nothing.yaml")).unwrap().set_len(1 << 30).unwrap();
    let report = through_every_command(&tree.path());
    assert!(status(&report, "line.yaml").contains("too large: 47 MiB"));
    assert!(status(&report, "Dockerfile").contains("too large: 1024 MiB"));
    assert!(status(&report, "good.yaml").starts_with("audited"));
}

#[test]
fn a_folder_of_very_many_entries() {
    let tree = trees::Tree::new("entries");
    for entry in 0..many(40_000, 500) {
        let (name, text) = match entry % 10 {
            0 => (format!("{entry}.yaml"), texts::POD),
            1 => (format!("Dockerfile.{entry}"), "FROM a:latest\n"),
            _ => (format!("{entry}.txt"), ""),
        };
        tree.file(&name, text);
    }
    let report = through_every_command(&tree.path());
    assert_eq!(report["files"].as_array().unwrap().len(), many(8_000, 100));
}
