//! The program beside an editor: whose word counts, and what is said of whose change.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::pty::Pty;
use crate::world::{MANIFEST, World, original};

#[test]
fn its_own_write_is_no_news() {
    let mut world = World::start((120, 40));
    world.pty.send("/writable-root\r").shows("+8 -0").send("f").shows("written to deploy.yaml");
    world.pty.shows("1 resolved");
    let headers = world.pty.headers();
    // The watch tells of it a tenth of a second later, and then nothing is other than before.
    world.pty.quiet();
    let screen = world.pty.screen();
    assert!(screen.contains("written to deploy.yaml") && screen.contains("1 resolved"), "{screen}");
    assert_eq!(world.pty.headers(), headers, "nothing was read again for all to see");
}

#[test]
fn two_fixes_in_a_row_are_two_steps() {
    let mut world = World::start((120, 40));
    world.pty.send("/writable-root\r").shows("+8 -0").send("f").shows("written to deploy.yaml");
    let once = world.read(MANIFEST);
    world.pty.send("\x1b").hides("/writable-root").quiet();
    world.pty.send("/seccomp\r").shows("+2 -0").send("f");
    world.pty.until("second fix", |screen| screen.contents().contains("written to deploy.yaml"));
    let twice = world.read(MANIFEST);
    assert!(twice.contains("seccompProfile") && twice.contains("readOnlyRootFilesystem"), "{twice}");
    world.pty.send("u").shows("Taken back in");
    assert_eq!(world.read(MANIFEST), once);
    world.pty.send("j").hides("Taken back in").send("u").shows("Taken back in");
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
}

/// The file has moved on: `u` refuses, and the list takes back the hunk, whose lines still stand.
#[test]
fn a_fix_is_taken_back_from_the_list_where_the_file_has_moved_on() {
    let mut world = World::start((120, 40));
    world.pty.send("/seccomp\r").shows("+3 -0").send("f").shows("written to deploy.yaml");
    let changed = |text: String| text.replace("replicas: 2", "replicas: 3");
    fs::write(world.path(MANIFEST), changed(world.read(MANIFEST))).unwrap();
    world.pty.send("u").shows("has changed since");
    world.pty.send("U").shows("What can be taken back").shows("hunk 1").shows("stands at line");
    world.pty.send("u").shows("Taken back in deploy.yaml").shows("Take back: ");
    assert_eq!(world.read(MANIFEST), changed(original(MANIFEST)));
    world.pty.send("\x1b").hides("What can be taken back").send("u").shows("Made again in deploy.yaml");
    assert!(world.read(MANIFEST).contains("seccompProfile"), "the taking back is a step of its own");
}

/// The editor knows nothing of the fix, and its own save comes in as any change does.
#[test]
fn an_editors_save_over_a_fix_is_a_change_like_any_other() {
    let mut world = World::start((120, 40));
    world.pty.send("/writable-root\r").shows("+8 -0").send("f").shows("written to deploy.yaml");
    world.pty.shows("1 resolved");
    let saved = original(MANIFEST).replace("replicas: 2", "replicas: 3");
    fs::write(world.path(MANIFEST), &saved).unwrap();
    world.pty.shows("1 new").shows("writable-root-filesystem");
    assert_eq!(world.read(MANIFEST), saved);
    world.pty.send("u").shows("has changed since");
    assert_eq!(world.read(MANIFEST), saved);
}

#[test]
fn of_a_fix_that_spans_files_neither_is_written_when_one_cannot_be() {
    let mut world = World::start((120, 40));
    fs::hard_link(world.path(MANIFEST), world.path("another-name")).unwrap();
    // All of the app: its Dockerfile first, which is written and put back, or never touched.
    world.pty.send("gg").shows("Fixes").quiet();
    world.pty.send("f").shows("f next page");
    while !world.pty.screen().contains("f writes this") {
        world.pty.send("\x04").quiet();
    }
    world.pty.send("f").shows("several hard links");
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
    assert_eq!(world.read("Dockerfile"), original("Dockerfile"));
}

/// Ten thousand files that a checkout exchanges: one look at everything, and every key is answered meanwhile.
#[test]
fn a_checkout_of_ten_thousand_files_is_one_rescan() {
    let mut world = World::started((120, 40), |root| {
        git(root, &["init", "-q", "-b", "one"]);
        fill(root, "one");
        git(root, &["add", "-A"]);
        git(root, &["commit", "-qm", "one"]);
        git(root, &["checkout", "-qb", "two"]);
        fill(root, "two");
        git(root, &["commit", "-qam", "two"]);
    });
    world.pty.send("1ggjj").shows("word: two");
    let before = scans(&world.pty);
    let began = Instant::now();
    git(&world.path(""), &["checkout", "-q", "one"]);
    let took = began.elapsed();
    world
        .pty
        .send("?")
        .shows("Open the line in your editor")
        .send("\x1b")
        .hides("Open the line in your editor");
    world.pty.shows("word: one").hides("scanning").quiet();
    // A machine that is so slow that the checkout itself takes as long as is waited for at most looks twice.
    let scans = scans(&world.pty) - before;
    assert!(scans <= 1 || took > Duration::from_secs(4), "{scans} scans: {:#?}", world.pty.headers());
    // Nor does anybody wait for a scan to quit.
    world.pty.send("r\x03");
    assert!(world.pty.ends().success());
}

/// How often a scan has begun.
fn scans(pty: &Pty) -> usize {
    let headers = pty.headers();
    let scanning: Vec<bool> = headers.iter().map(|header| header.contains("scanning")).collect();
    scanning.windows(2).filter(|pair| pair == &[false, true]).count()
}

fn fill(root: &std::path::Path, word: &str) {
    for n in 0..10_000 {
        let folder = root.join(format!("config/{}", n / 100));
        fs::create_dir_all(&folder).unwrap();
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{n}, namespace: shop}}\ndata: {{word: {word}}}\n"
        );
        fs::write(folder.join(format!("{n}.yaml")), text).unwrap();
    }
}

pub(crate) fn git(root: &std::path::Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"])
        .args(["-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"])
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
