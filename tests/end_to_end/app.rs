//! What a user does: look, move, filter, fix, take back, edit elsewhere, resize.

use crate::world::{MANIFEST, World, original, repository};

#[test]
fn keys_move_through_the_findings_and_the_source_follows() {
    let mut world = World::start((120, 40));
    world.pty.send("j").shows("Deployment/tides identity");
    world.pty.send("G").shows("Deployment/tides build");
    world.pty.send("gg").shows("24 findings");
}

#[test]
fn a_filter_narrows_the_list_as_it_is_typed() {
    let mut world = World::start((120, 40));
    world.pty.send("/seccomp").shows(" / seccomp_").hides("▸ token");
    world.pty.send("\r").shows("missing-seccomp");
    world.pty.send("\x1b").hides("/seccomp").shows("▸ resources");
}

#[test]
fn fields_find_what_they_name_and_risks_are_weighed_when_they_are_asked_for() {
    let mut world = World::start((120, 40));
    world.pty.send("/sev>=high risk:").shows("risk:may-break").shows(" of 24");
    world.pty.send("by-hand").hides("fixes weighed in").shows(" of 24");
    world.pty.send("\x15critical").shows("No finding has critical: 0 of 24").shows("sev:critical");
    world.pty.send("\x15ruel:x").shows("No field is named ruel").send("\x1b").hides("ruel");
}

#[test]
fn a_repository_is_shown_as_it_was_left() {
    let mut world = World::start((120, 40));
    world.pty.send("o").shows("by file").send("/user\r").shows("/user").send("\x1b").hides("/user");
    world.again((120, 40));
    world.pty.shows("by file").send("/").shows(" of 24").send("\x1b[A").shows(" / user_");
}

#[test]
fn the_palette_does_what_it_names() {
    let mut world = World::start((80, 24));
    world.pty.send(":").shows(" actions").send("fold all").shows("zM").send("\r").hides("identity");
    world.pty.send("zR").shows("missing-run-as-user").send("X").shows("Nothing on X; : lists all keys.");
}

#[test]
fn one_key_writes_the_diff_in_view_and_one_takes_it_back() {
    let mut world = World::start((120, 40));
    world.pty.send("/writable-root\r").shows("+8 -0");
    world.pty.send("f").shows("written to deploy.yaml");
    let fixed = world.read(MANIFEST);
    assert!(fixed.contains("readOnlyRootFilesystem: true"), "{fixed}");
    world.pty.shows("resolved").send("u").shows("Taken back in deploy.yaml");
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
    world.pty.send("\x12").shows("Made again in deploy.yaml");
    assert_eq!(world.read(MANIFEST), fixed);
}

#[test]
fn a_fix_that_spans_files_is_one_step() {
    let mut world = World::start((120, 40));
    world
        .pty
        .send("/missing-user\r")
        .shows("End as a user that is not root")
        .send("f")
        .shows("u takes it back");
    assert!(world.read("Dockerfile").contains("USER "), "{}", world.read("Dockerfile"));
    world.pty.send("u").shows("Taken back in");
    assert_eq!(world.read("Dockerfile"), original("Dockerfile"));
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
}

#[test]
fn a_wide_fix_is_staged_and_written_once_it_was_seen() {
    let mut world = World::start((120, 40));
    world.pty.send("F").shows("s all safe").send("F").shows("stage: everything, with review");
    world.pty.shows("next unseen").send("W").shows("not shown whole yet");
    world.pty.send("\x1b").hides("stage: everything");
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
    world.pty.send("FF").shows("stage: everything, with review").shows("next unseen");
    // Each of the changes is drawn before the next is asked for.
    while !world.pty.screen().contains("W write") {
        world.pty.send("n").quiet();
    }
    world.pty.send("W").shows("u takes it back");
    assert!(world.read(MANIFEST).contains("readOnlyRootFilesystem: true"));
    assert!(world.read("Dockerfile").contains("USER "));
    world.pty.send("u").shows("Taken back in");
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
    assert_eq!(world.read("Dockerfile"), original("Dockerfile"));
}

#[test]
fn what_another_program_saves_is_on_the_screen_at_once() {
    let mut world = World::start((120, 40));
    world.pty.send("2jj");
    world.edit(
        MANIFEST,
        "    spec:\n      containers:",
        "    spec:\n      automountServiceAccountToken: false\n      containers:",
    );
    world.pty.shows("automountServiceAccountToken").shows("2 resolved");
    world.edit(
        MANIFEST,
        "automountServiceAccountToken: false",
        "automountServiceAccountToken: false\n      hostPID: true\n      hostIPC: true",
    );
    world.pty.shows("2 new");
}

#[test]
fn what_is_new_is_named_reached_logged_and_in_the_title_which_is_given_back() {
    let mut world = World::start((120, 40));
    let spec = "    spec:\n      containers:";
    world.edit(MANIFEST, spec, "    spec:\n      hostPID: true\n      containers:");
    world.pty.shows("New: H host-pid in deploy.yaml:").shows(" new ").send("gn").shows("host-pid");
    // The log stays with its keys, and undoing what a person wrote by hand is no news.
    world.pty.send("L").shows("What happened").shows("saved").shows("host-pid");
    assert!(world.pty.title().is_some_and(|title| title.contains(" new, score ")), "{:?}", world.pty.title());
    world.pty.send("\x1b").hides("What happened").send("gm").shows("seen").send("q");
    assert!(world.pty.ends().success());
    world.pty.is_given_back();
}

#[test]
fn a_fix_is_not_written_over_an_edit_that_came_first() {
    let mut world = World::start((120, 40));
    world.pty.send("p").shows("paused");
    world.pty.send("/writable-root\r").shows("+8 -0");
    world.edit(MANIFEST, "replicas: 2", "replicas: 3");
    world.pty.send("f").shows("Nothing was written");
    assert_eq!(world.read(MANIFEST), original(MANIFEST).replace("replicas: 2", "replicas: 3"));
    // The new diff is there.
    world.pty.quiet().shows("+8 -0");
    world.pty.send("f").shows("written to deploy.yaml");
    let fixed = world.read(MANIFEST);
    assert!(fixed.contains("replicas: 3") && fixed.contains("readOnlyRootFilesystem: true"), "{fixed}");
}

#[test]
fn every_size_is_drawn_and_the_way_back_too() {
    let mut world = World::start((120, 40));
    world.pty.resize((80, 24)).shows("2 Findings  3 Source");
    world.pty.resize((50, 12)).hides("3 Source");
    world.pty.resize((20, 5)).shows("by 6 cells");
    world.pty.resize((200, 60)).shows("deploy.yaml  linked");
}

#[test]
fn the_demo_opens_on_an_example_of_its_own_and_leaves_nothing_behind() {
    let folder = repository();
    let home = folder.path().join("home");
    let mut world = World::run(folder, &["demo"], &[], (120, 40));
    world.pty.shows("What matters first").shows("may run as root").shows("watching");
    world.pty.send("0").shows("Deployment/tides").send("q");
    assert!(world.pty.ends().success());
    let left = std::fs::read_dir(home)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("seaworthy-demo"));
    assert_eq!(left.count(), 0);
}

#[test]
fn without_a_terminal_it_prints_a_report() {
    let folder = repository();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .arg(folder.path().join("tides"))
        .env("XDG_STATE_HOME", folder.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("high[may-run-as-root]") && text.contains("--> deploy.yaml:"), "{text}");
    assert!(!text.contains('\x1b'));
}

/// Presses, moves and wheels as terminals report them, counted from 1.
#[test]
fn the_mouse_selects_scrolls_and_drags_a_border() {
    let mut world = World::start((120, 40));
    world.pty.shows("Pod Security: baseline").shows("may break");
    world.pty.send("\x1b[<65;60;32M").hides("Pod Security: baseline");
    world.pty.send("\x1b[<0;10;21M\x1b[<0;10;21m").shows("Deployment/tides identity");
    world.pty.send("\x1b[<0;32;10M\x1b[<32;50;10M\x1b[<0;50;10m");
    world.pty.until("moved border", |screen| {
        let is_border = |column| screen.cell(9, column).is_some_and(|cell| cell.contents() == "│");
        is_border(49) && !is_border(31)
    });
}

#[test]
fn what_is_pasted_is_no_command() {
    let mut world = World::start((120, 40));
    world.pty.send("j\x1b[200~fF5yq\r\x1b[201~?").shows("Stage every fix, those with review among them");
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
    world.pty.send("\x1b").hides("Stage every fix, those with review among them");
    world.pty.send("/\x1b[200~seccomp\n\x1b[201~").shows(" / seccomp_");
}

#[test]
fn a_number_that_only_a_person_knows_is_said_in_place() {
    let mut world = World::start((120, 40));
    let sidecar = "      - name: proxy\n        image: registry.example/proxy:1.2.3\n---\napiVersion: v1\nkind: Service";
    world.edit(MANIFEST, "---\napiVersion: v1\nkind: Service", sidecar);
    world.pty.shows("new").send("/may-run proxy\r").shows("f asks for it");
    world.pty.send("f").shows("is nobody's: neither on hosts").send("\x15").send("43210\r");
    world.pty.shows("┃           runAsUser: 43210").send("f").shows("u takes it back");
    let fixed = world.read(MANIFEST);
    assert!(fixed.contains("runAsUser: 43210") && fixed.contains("runAsNonRoot: true"), "{fixed}");
}
