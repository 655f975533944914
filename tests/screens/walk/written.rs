//! A chapter whose change is written: before and after, the written lines, what they closed, what is left.

use insta::assert_snapshot;
use seaworthy::app::AppEvent;

use super::walker::Walker;
use super::{DEPLOYMENT, DOCKERFILE};
use crate::looks::assert_looks_of;

const DIGEST: &str = "sha256:9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c";
const SIZES: [(u16, u16); 5] = [(80, 24), (100, 30), (120, 40), (160, 50), (200, 60)];

#[test]
fn before_and_after_stand_side_by_side_with_the_written_lines() {
    let mut walker = Walker::demo(120, 40);
    walker.keys("2").write();
    for (width, height) in SIZES {
        walker.event(AppEvent::Resize(width, height));
        assert_snapshot!(format!("walk-written-host-{width}x{height}"), walker.text());
    }
    let text = walker.text();
    assert!(text.contains("written 14:05") && text.contains("runAsNonRoot: true"), "{text}");
    assert!(text.contains("Rules closed: may-run-as-root, missing-run-as-group"), "{text}");
    let sides = text.lines().find(|line| line.contains("Before") && line.contains("After"));
    assert!(sides.is_some(), "{text}");
    // Taken back, the change is there to be written again.
    let text = walker.keys("u k").text();
    assert!(!text.contains("written 14:05") && text.contains("f write"), "{text}");
}

#[test]
fn a_chapter_before_and_after_its_write_in_every_look() {
    for (name, is_written) in [("walk-chapter", false), ("walk-written", true)] {
        assert_looks_of(name, |width, height, theme| {
            let mut walker = Walker::demo(width, height);
            walker.keys("2");
            if is_written {
                walker.write();
            }
            walker.buffer_in(theme)
        });
    }
}

#[test]
fn every_written_chapter_has_its_page_in_a_small_terminal() {
    let mut walker = Walker::demo(80, 24);
    for chapter in ["1", "3", "4", "5", "7", "8"] {
        let text = walker.keys(chapter).write().keys("k").text();
        assert!(text.contains("written 14:05") && text.contains("Before"), "{chapter}: {text}");
        assert!(text.contains("│ ") && text.contains("n next"), "{chapter}: {text}");
    }
    assert_snapshot!("walk-written-beyond-80x24", walker.text());
}

#[test]
fn what_is_left_of_a_chapter_is_said_and_not_written_by_the_same_key() {
    let mut walker = Walker::demo(120, 40);
    walker.keys("6 v Tab Tab Ctrl-u").typed("1.0.3").keys("Tab").typed(DIGEST).keys("Enter").write();
    let written = walker.read("deploy.yaml");
    assert!(written.contains("tides:1.0.3@sha256:"), "{written}");
    let text = walker.text();
    assert!(text.contains("written 14:05") && text.contains("Left: "), "{text}");
    assert_snapshot!("walk-written-image-120x40", text);
    walker.keys("f f");
    assert_eq!((walker.read("Dockerfile"), walker.read("deploy.yaml")), (DOCKERFILE.to_owned(), written));
    // Left and come back to, it is a chapter with something to do.
    let text = walker.keys("n b").text();
    assert!(!text.contains("written 14:05") && text.contains("v values"), "{text}");
}

#[test]
fn the_results_have_the_evidence_the_rules_closed_and_what_is_left() {
    let mut walker = Walker::demo(120, 40);
    walker.walk_through();
    walker.keys("x");
    let saved = walker.saved.clone().unwrap();
    assert_snapshot!("walk-results-markdown", saved);
    for words in ["Before:", "uid=0(root)", "After:", "Rules closed: missing-user", "Left as it is, and why"]
    {
        assert!(saved.contains(words), "{words} is not in:\n{saved}");
    }
    assert!(!saved.to_lowercase().contains("article"), "{saved}");
}

#[test]
fn a_name_in_a_file_cannot_leave_the_block_of_evidence() {
    let hostile = DOCKERFILE.replace("CMD python3 app.py", "CMD [\"python3\", \"```\\n# heading\"]");
    let mut walker = Walker::new(&[("Dockerfile", &hostile), ("deploy.yaml", DEPLOYMENT)], 120, 40);
    walker.walk_through();
    walker.keys("x");
    let saved = walker.saved.clone().unwrap();
    assert!(!saved.lines().any(|line| line.starts_with("# heading")), "{saved}");
}
