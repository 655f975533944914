//! Every chapter of the walk in each of its states, at both sizes; and what the keys do in it.

mod any;
mod values;
mod walker;
mod weather;

use insta::assert_snapshot;
use seaworthy::app::{AppEvent, WalkPrompt};
use seaworthy::walkthrough::Chapter;
use walker::Walker;

const DOCKERFILE: &str = include_str!("../../assets/demo/tides/Dockerfile");
const DEPLOYMENT: &str = include_str!("../../assets/demo/tides/deploy.yaml");
/// An app that is all that the walk could make of it.
const MET: [(&str, &str); 2] = [
    ("Dockerfile", include_str!("walk/met/Dockerfile")),
    ("deploy.yaml", include_str!("walk/met/deploy.yaml")),
];
/// An app whose every fix is for a person.
const WITHHELD: [(&str, &str); 2] = [
    ("Dockerfile", include_str!("walk/withheld/Dockerfile")),
    ("deploy.yaml", include_str!("walk/withheld/deploy.yaml")),
];

/// Every chapter of an app, at both sizes.
fn chapters(state: &str, files: &[(&str, &str)]) {
    for (width, height) in [(120, 40), (80, 24)] {
        let mut walker = Walker::new(files, width, height);
        for chapter in Chapter::ALL {
            let text = walker.keys(&chapter.chapter_number().to_string()).text();
            assert_snapshot!(format!("walk-{state}-{}-{width}x{height}", chapter.name()), text);
        }
    }
}

#[test]
fn each_chapter_while_it_is_open() {
    chapters("open", &[("Dockerfile", DOCKERFILE), ("deploy.yaml", DEPLOYMENT)]);
}

#[test]
fn each_chapter_when_it_is_met() {
    chapters("met", &MET);
}

#[test]
fn each_chapter_that_has_nothing_to_say() {
    chapters("build-alone", &[("Dockerfile", DOCKERFILE)]);
    chapters("pod-alone", &[("deploy.yaml", DEPLOYMENT)]);
}

#[test]
fn each_chapter_whose_fix_is_withheld() {
    chapters("withheld", &WITHHELD);
}

#[test]
fn what_the_files_do_not_tell_is_not_called_done() {
    let open = "ARG WHO\nFROM python:3.13-alpine3.22\nUSER $WHO\nCMD [\"python3\", \"app.py\"]\n";
    let mut walker = Walker::new(&[("Dockerfile", open)], 120, 24);
    let text = walker.keys("1").text();
    assert!(text.contains("? 1 user") && text.contains("do not tell enough"), "{text}");
    assert!(!text.contains("Done."), "{text}");
}

#[test]
fn enter_all_the_way_through_ends_at_restricted() {
    let mut walker = Walker::demo(120, 40);
    for _ in 0..20 {
        walker.keys("Enter");
    }
    assert_snapshot!("walk-end-120x40", walker.text());
    assert!(walker.read("deploy.yaml").contains("readOnlyRootFilesystem: true"));
    walker.keys("x");
    assert!(walker.saved.as_ref().unwrap().contains("| baseline | restricted |"));
    // Undo works across chapters, one write at a time: seven were made.
    for _ in 0..7 {
        walker.keys("u");
    }
    assert_eq!(
        (walker.read("Dockerfile"), walker.read("deploy.yaml")),
        (DOCKERFILE.into(), DEPLOYMENT.into())
    );
}

#[test]
fn the_diff_that_is_shown_is_the_diff_that_is_written() {
    let mut walker = Walker::demo(120, 40);
    for _ in 0..20 {
        let plan = walker.state.preview.writable_plan().cloned();
        walker.keys("Enter");
        for patch in plan.iter().flat_map(|plan| &plan.patches) {
            assert_eq!(walker.read(patch.path.as_str()), patch.after.text());
        }
    }
}

#[test]
fn a_chapter_is_skipped_with_a_reason_and_taken_up_again() {
    let mut walker = Walker::demo(80, 24);
    walker.keys("4 s").typed("it calls the API");
    assert_snapshot!("walk-asks-why", walker.text());
    walker.keys("Enter");
    assert_eq!(walker.state.walk.as_ref().unwrap().chapter_index, 4, "the walk goes on");
    assert_snapshot!("walk-skipped", walker.keys("4").text());
    walker.keys("s");
    assert!(walker.skips.is_empty());
}

#[test]
fn a_uid_is_chosen_in_place_and_a_low_one_refused_with_the_reason() {
    let mut walker = Walker::demo(120, 40);
    walker.keys("v");
    for _ in 0..5 {
        walker.keys("Backspace");
    }
    walker.typed("101").keys("Enter");
    assert_snapshot!("walk-refuses-a-uid", walker.text());
    walker.keys("Backspace Backspace Backspace").typed("45678").keys("Enter Enter");
    assert!(walker.read("Dockerfile").contains("USER 45678:"));
    walker.keys("n v");
    assert!(matches!(walker.state.walk.as_ref().unwrap().prompt, Some(WalkPrompt::EditValues(_))));
}

#[test]
fn of_several_apps_one_is_chosen() {
    let other = DEPLOYMENT.replace("tides", "moon");
    let mut walker = Walker::new(
        &[("tides/Dockerfile", DOCKERFILE), ("tides/deploy.yaml", DEPLOYMENT), ("moon/deploy.yaml", &other)],
        80,
        24,
    );
    assert_snapshot!("walk-chooses", walker.text());
    walker.keys("G Enter");
    assert!(walker.text().contains("Deployment/tides"));
    walker.keys("b");
    assert!(walker.text().contains("Which app"));
    walker.keys("w");
    assert!(walker.state.walk.is_none());
}

#[test]
fn an_edit_elsewhere_moves_the_walk_along() {
    let mut walker = Walker::demo(120, 40);
    walker.keys("7");
    let fixed = DOCKERFILE.replace("CMD python3 app.py", "CMD [\"python3\", \"app.py\"]");
    std::fs::write(walker.root.path().join("Dockerfile"), fixed).unwrap();
    walker.refresh(vec!["Dockerfile".into()]);
    assert!(walker.text().contains("Done. The command is in exec form."));
    // The app goes away altogether, and the walk says so.
    std::fs::remove_file(walker.root.path().join("deploy.yaml")).unwrap();
    walker.refresh(vec!["deploy.yaml".into()]);
    assert!(walker.text().contains("not here any more"));
}

#[test]
fn no_size_breaks_the_walk() {
    let mut walker = Walker::demo(120, 40);
    for (width, height) in [(0, 0), (1, 1), (30, 6), (59, 14), (60, 15), (99, 20), (100, 7), (240, 70)] {
        walker.event(AppEvent::Resize(width, height));
        for keys in ["1", "6", "9", "d", "d", "5", "v", "Esc", "?", "Esc", "s", "Esc", "G", "g g"] {
            walker.keys(keys).text();
        }
    }
}
