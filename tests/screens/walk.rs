//! Every chapter of the walk in each of its states, at both sizes; and what the keys do in it.

mod any;
mod chart;
mod palette;
mod seen_whole;
mod values;
mod walker;
mod weather;
mod written;

use insta::assert_snapshot;
use seaworthy::app::{AppEvent, MouseEvent, MouseKind};
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

/// The files beside the app's own that a chapter writes are part of its results.
#[test]
fn the_results_hold_every_file_that_was_written() {
    let dockerfile = "FROM debian:13\nCOPY . /srv/shop\nENTRYPOINT [\"/srv/shop/run\"]\n";
    let pod = |name: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n      \
             securityContext: {{runAsUser: 1000}}\n      containers:\n        - name: shop\n          image: shop:1.2\n"
        )
    };
    let (one, other) = (pod("shop"), pod("canary"));
    let files = [
        ("shop/Dockerfile", dockerfile),
        ("k8s/shop.yaml", one.as_str()),
        ("extra/canary.yaml", other.as_str()),
    ];
    let mut walker = Walker::new(&files, 120, 40);
    walker.keys("Enter 1").write();
    let changed: Vec<&str> =
        files.iter().filter(|(path, text)| walker.read(path) != *text).map(|(path, _)| *path).collect();
    assert_eq!(changed.len(), 3, "{changed:?}\n{}", walker.text());
    walker.keys("9 x");
    let saved = walker.saved.clone().unwrap();
    for path in changed {
        assert!(saved.contains(&format!("<summary>{path}</summary>")), "{path}\n{saved}");
        assert!(
            walker.state.walk.as_ref().unwrap().file_diffs.iter().any(|(own, _)| own.as_str() == path),
            "{path}"
        );
    }
}

/// The results go to one file while the walk is open; a walk that begins anew leaves that file alone.
#[test]
fn results_that_are_saved_again_go_to_the_same_file() {
    let mut walker = Walker::demo(120, 40);
    walker.keys("1").write().keys("9 x");
    assert!(walker.saved.is_some() && !walker.saved_again);
    walker.keys("2").write().keys("9 x");
    assert!(walker.saved_again);
    walker.keys("w w 9 x");
    assert!(!walker.saved_again);
}

/// What is left of a chapter that is written in part stands in the results with the reason that its page gave.
#[test]
fn the_results_say_why_a_part_of_a_chapter_was_not_written() {
    let needy = DEPLOYMENT.replace(
        "        image: registry.example/tides:latest\n",
        "        image: nginx:1.27.3\n        securityContext:\n          capabilities:\n            \
         add: [CHOWN, NET_BIND_SERVICE, SETGID, SETUID]\n",
    );
    let mut walker = Walker::new(&[("deploy.yaml", &needy)], 120, 40);
    walker.keys("8").write();
    assert!(walker.text().contains("Left: added-capabilities: "), "{}", walker.text());
    let saved = walker.keys("9 x").saved.clone().unwrap();
    assert!(saved.contains("**Further: up to restricted.** Changed in part"), "{saved}");
    assert!(saved.contains("CapBnd:     00000000000004c1"), "{saved}");
    assert!(saved.contains("  - Not written: added-capabilities: it is needed: "), "{saved}");
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
fn writing_all_the_way_through_ends_at_restricted() {
    let mut walker = Walker::demo(120, 40);
    walker.walk_through();
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
    for _ in 0..9 {
        let plan = walker.state.preview.writable_plan().cloned();
        walker.write();
        for patch in plan.iter().flat_map(|plan| &plan.patches) {
            assert_eq!(walker.read(patch.path.as_str()), patch.after.text());
        }
        walker.keys("n");
    }
}

#[test]
fn enter_writes_nothing_and_a_second_f_neither_writes_nor_goes_on() {
    let mut walker = Walker::demo(120, 40);
    walker.keys("Enter Enter");
    assert_eq!((walker.read("Dockerfile"), walker.chapter()), (DOCKERFILE.to_owned(), 0));
    walker.write();
    let (build, pod) = (walker.read("Dockerfile"), walker.read("deploy.yaml"));
    assert!(build.contains("USER "), "{build}");
    walker.keys("f f Enter");
    assert_eq!((walker.read("Dockerfile"), walker.read("deploy.yaml"), walker.chapter()), (build, pod, 0));
    assert!(walker.text().contains("n goes on"), "{}", walker.text());
    assert_eq!(walker.keys("n").chapter(), 1);
}

#[test]
fn a_gid_follows_its_uid_and_defaults_are_taken_as_they_are() {
    // `nonroot` of a base without a shell is above what a person may type elsewhere.
    let bare = "FROM gcr.io/distroless/static-debian12\nCOPY app /app\nENTRYPOINT [\"/app\"]\n";
    let mut walker = Walker::new(&[("Dockerfile", bare), ("deploy.yaml", DEPLOYMENT)], 120, 40);
    walker.keys("v Tab Ctrl-u").typed("50001").keys("Enter").write();
    assert!(walker.read("Dockerfile").contains("USER 65532:50001"), "{}", walker.read("Dockerfile"));
    let mut walker = Walker::demo(120, 40);
    walker.keys("v Ctrl-u").typed("45678").keys("Enter").write();
    assert!(walker.read("Dockerfile").contains("USER 45678:45678"), "{}", walker.read("Dockerfile"));
}

#[test]
fn no_check_needs_a_tool_that_the_image_may_lack() {
    let bare = "FROM gcr.io/distroless/static-debian12\nCOPY app /app\nENTRYPOINT [\"/app\"]\n";
    let unknown = "FROM registry.example/base:1.2.3\nCOPY app /app\nUSER 45678\nCMD [\"/app\"]\n";
    for build in [bare, unknown] {
        let mut walker = Walker::new(&[("Dockerfile", build), ("deploy.yaml", DEPLOYMENT)], 120, 60);
        for chapter in ["1", "2", "3", "4", "5", "8"] {
            let text = walker.keys(chapter).text();
            for absent in ["exec", "--entrypoint", "container #", "container $", " ls ", "touch"] {
                assert!(!text.contains(absent), "{absent} in chapter {chapter}:\n{text}");
            }
        }
        let text = walker.keys("2").text();
        assert!(text.contains("kubectl debug -it") && text.contains("/proc/1/status"), "{text}");
        // `kubectl debug` takes pods alone.
        assert!(text.contains("kubectl get pod -l app=tides"), "{text}");
    }
}

/// The pod refuses a debug container as root where it demands another user and names none: then the command names one.
#[test]
fn a_debug_container_names_a_user_where_the_pod_would_refuse_roots() {
    let build =
        "FROM gcr.io/distroless/static-debian12\nCOPY app /app\nUSER 45678:45678\nENTRYPOINT [\"/app\"]\n";
    let pod =
        |context: &str| DEPLOYMENT.replacen("      containers:", &format!("{context}      containers:"), 1);
    let non_root = "      securityContext:\n        runAsNonRoot: true\n";
    let check = |deployment: &str| {
        let mut walker = Walker::new(&[("Dockerfile", build), ("deploy.yaml", deployment)], 200, 60);
        walker.keys("4").text()
    };
    let named = check(&pod(non_root));
    assert!(named.contains("--profile=restricted") && named.contains("--custom=debug-user.json"), "{named}");
    assert!(named.contains("\"runAsUser\":65534"), "{named}");
    let with_user = check(&pod(&format!("{non_root}        runAsUser: 45678\n")));
    assert!(with_user.contains("kubectl debug") && !with_user.contains("--custom"), "{with_user}");
    assert!(!check(DEPLOYMENT).contains("--custom"));
}

#[test]
fn the_gid_shown_is_the_one_in_effect() {
    // Kubernetes passes on no group of USER: without runAsGroup it is root's, unless the image has the account.
    let user = "FROM registry.example/base:1.2.3\nUSER 45678:45678\nCMD [\"/app\"]\n";
    let mut walker = Walker::new(&[("Dockerfile", user), ("deploy.yaml", DEPLOYMENT)], 120, 60);
    let text = walker.keys("2").text();
    assert!(text.contains("45678    45678     0 /app"), "{text}");
    assert!(text.contains("45678    45678 45678 /app"), "after the change it says runAsGroup:\n{text}");
    // A group that the manifest says, and the change leaves, stays.
    let grouped = DEPLOYMENT.replace(
        "      containers:\n",
        "      securityContext:\n        runAsUser: 1000\n        runAsGroup: 50007\n      containers:\n",
    );
    let mut walker = Walker::new(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", &grouped)], 120, 60);
    let text = walker.keys("2").text();
    assert!(text.contains(" 1000 50007 python3 app.py") && !text.contains("gid=1000"), "{text}");
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
    walker.keys("Backspace Backspace Backspace").typed("45678").keys("Enter").write();
    assert!(walker.read("Dockerfile").contains("USER 45678:"));
    walker.keys("n v");
    let text = walker.text();
    assert!(text.contains("runAsUser: ⟦45678_⟧") && text.contains("45678 Dockerfile:"), "{text}");
}

#[test]
fn a_key_that_does_nothing_in_the_walk_says_so_and_its_help_tells_what_each_does() {
    let mut walker = Walker::demo(80, 24);
    for (key, named) in [("%", "%"), ("F s", "Fs"), ("m", "m")] {
        let text = walker.keys(key).text();
        assert!(
            text.contains(&format!("{named} does nothing in the walk; ? lists its keys.")),
            "{key}: {text}"
        );
    }
    let text = walker.keys("?").text();
    assert!(text.contains("The change in full width, and back: they never write"), "{text}");
    let before = walker.keys("Esc").read("Dockerfile");
    walker.keys("Enter Enter");
    assert_eq!(walker.read("Dockerfile"), before);
}

#[test]
fn a_long_choice_of_apps_says_where_one_is_and_tells_them_apart() {
    let files: Vec<(String, String)> = (0..30)
        .flat_map(|n| {
            let own = DEPLOYMENT.replace("tides", &format!("a-rather-long-name-of-an-app-{n}"));
            let staged =
                own.replacen("    spec:\n", "    spec:\n      terminationGracePeriodSeconds: 5\n", 1);
            assert_ne!(own, staged);
            [
                (format!("manifests/of/production/app-{n}.yaml"), own),
                (format!("staging/of/the/same/app-{n}.yaml"), staged),
            ]
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let mut walker = Walker::new(&files, 80, 24);
    let text = walker.text();
    assert!(text.contains(" 1/60 ") && text.contains('┃'), "{text}");
    assert!(text.contains("manif") && text.contains("▌"), "{text}");
    let text = walker.keys("G").text();
    assert!(text.contains(" 60/60 ") && text.contains("stag"), "{text}");
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
    walker.keys("g g Enter");
    assert!(walker.text().contains("Deployment/tides"), "the worse one is first");
    walker.keys("b");
    assert!(walker.text().contains("Which app"));
    // Whoever comes back from an app stands on it.
    let text = walker.keys("G Enter b b").text();
    assert!(text.contains("▌Deployment/moon") && text.contains(" 2/2 "), "{text}");
    walker.keys("w");
    assert!(walker.state.walk.is_none());
}

#[test]
fn an_app_is_chosen_with_the_mouse() {
    let other = DEPLOYMENT.replace("tides", "moon");
    let files =
        [("tides/Dockerfile", DOCKERFILE), ("tides/deploy.yaml", DEPLOYMENT), ("moon/deploy.yaml", &*other)];
    let mut walker = Walker::new(&files, 80, 24);
    let text = walker.text();
    let row = text.lines().position(|line| line.contains("Deployment/moon")).unwrap();
    let mut at = |kind, row: usize| {
        walker.event(AppEvent::Mouse(MouseEvent { kind, column: 10, row: u16::try_from(row).unwrap() }));
        walker.text()
    };
    at(MouseKind::WheelUp, row);
    at(MouseKind::WheelUp, row);
    let text = at(MouseKind::WheelDown, row);
    assert!(text.contains(" 2/2 "), "{text}");
    at(MouseKind::WheelUp, row);
    let text = at(MouseKind::Press, row);
    assert!(
        text.contains("Which app") && text.lines().nth(row).unwrap().contains("▌Deployment/moon"),
        "{text}"
    );
    let text = at(MouseKind::Press, 20);
    assert!(text.contains("Which app"), "nothing stands there: {text}");
    let text = at(MouseKind::Press, row);
    assert!(text.contains("walk ── moon") || text.contains("Deployment/moon"), "{text}");
    assert!(!text.contains("Which app"), "{text}");
}

#[test]
fn at_the_end_of_an_app_the_walk_goes_on_with_the_next_worst() {
    let other = DEPLOYMENT.replace("tides", "moon");
    let files =
        [("tides/Dockerfile", DOCKERFILE), ("tides/deploy.yaml", DEPLOYMENT), ("moon/deploy.yaml", &*other)];
    let mut walker = Walker::new(&files, 120, 40);
    walker.keys("g g Enter 9");
    let text = walker.text();
    assert!(text.contains("1 of 2") && text.contains("next app"), "{text}");
    let text = walker.keys("n").text();
    assert!(text.contains("Deployment/moon") && text.contains("2 of 2"), "{text}");
    let text = walker.keys("9 n").text();
    assert!(text.contains("Deployment/moon") && !text.contains("next app"), "the last is the last: {text}");
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

/// Copies of one app are one row with their number, and none is the next app while the first is hardened.
#[test]
fn copies_of_an_app_are_one_row() {
    let copied = DEPLOYMENT.replace(":latest", ":2.0");
    let other = DEPLOYMENT.replace("tides", "moon");
    let files = [
        ("all/tides.yaml", DEPLOYMENT),
        ("quick/tides.yaml", DEPLOYMENT),
        ("release/tides.yaml", &*copied),
        ("moon/deploy.yaml", &*other),
    ];
    let mut walker = Walker::new(&files, 80, 24);
    let text = walker.text();
    assert!(text.contains("Deployment/tides  ×3") && text.contains(" 1/2 "), "{text}");
    assert!(!text.contains("Deployment/moon  ×"), "{text}");
    walker.keys("G Enter");
    assert!(walker.text().contains("of 2 "), "{}", walker.text());
}
