//! The walk of a chart's workload, by keys alone.

use std::path::Path;

use insta::assert_snapshot;
use seaworthy::audit::PodSecurity;
use seaworthy::walkthrough::Chapter;

use super::walker::Walker;
use crate::chart::{CHART, FILES};

/// The chart, in a folder of its own.
fn walker(width: u16, height: u16) -> Walker {
    let read = |path: &&str| {
        (format!("lighthouse/{path}"), std::fs::read_to_string(Path::new(CHART).join(path)).unwrap())
    };
    let files: Vec<(String, String)> = FILES.iter().map(read).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Walker::new(&files, width, height)
}

#[test]
fn a_chart_is_walked_to_restricted_values_first() {
    let mut walker = walker(120, 40);
    // The user of the image is in no file: a free one is taken, and another one typed in its place.
    walker.keys("2 v Ctrl-u").typed("43210").keys("Tab Ctrl-u").typed("43211");
    assert_snapshot!("walk-chart-host-120x40", walker.text());
    walker.keys("Enter 5 v Tab Ctrl-u").typed("300Mi").keys("Enter 1").walk_through();
    let level = walker.state.walk.as_ref().unwrap().app_walk().unwrap().level;
    assert_eq!(level, Some(PodSecurity::Restricted), "{}", walker.text());
    let values = walker.read("lighthouse/values.yaml");
    for line in [
        "  runAsNonRoot: true",
        "  runAsUser: 43210",
        "  runAsGroup: 43211",
        "  readOnlyRootFilesystem: true",
        "  allowPrivilegeEscalation: false",
        "    - ALL",
        "    type: RuntimeDefault",
        "    memory: 300Mi",
        "  mountPath: /tmp",
        "  automount: false",
    ] {
        assert!(values.lines().any(|own| own == line), "{line} is not in\n{values}");
    }
    walker.keys("9");
    assert_snapshot!("walk-chart-results-120x40", walker.text());
    // Each write is taken back, one after the other.
    walker.keys("u u u u u u");
    assert_eq!(
        walker.read("lighthouse/values.yaml"),
        std::fs::read_to_string(Path::new(CHART).join("values.yaml")).unwrap()
    );
}

#[test]
fn a_folder_that_is_written_is_typed_where_it_stands_in_the_values() {
    let mut walker = walker(120, 40);
    walker.keys("3 v Ctrl-u").typed("/var/lamp").keys("Tab").typed("/var/oil").keys("Enter").write();
    let values = walker.read("lighthouse/values.yaml");
    assert!(
        values.contains("  mountPath: /var/lamp\n") && values.contains("  mountPath: /var/oil\n"),
        "{values}"
    );
}

#[test]
fn every_chapter_of_a_chart_has_its_page_in_a_small_terminal() {
    let mut walker = walker(80, 24);
    for chapter in Chapter::ALL {
        let text = walker.keys(&chapter.chapter_number().to_string()).text();
        assert!(text.contains(" walk ──") && text.contains("lighthouse"), "{text}");
    }
    let text = walker.keys("3").text();
    assert!(text.contains("readOnlyRootFilesystem: true"), "what would be written is in view: {text}");
}
