//! What a team has decided, while the program runs: settings that are saved, a finding that is allowed.

use crate::world::{MANIFEST, World, original};

#[test]
fn settings_are_read_anew_when_they_are_saved_with_a_word_about_it() {
    let mut world = World::start((120, 40));
    let settings = world.path("seaworthy.toml");
    std::fs::write(&settings, "[rules]\ndefault-namespace = \"off\"\nmissing-cpu-limit = \"off\"\n").unwrap();
    world.pty.shows("seaworthy.toml was read anew").shows("Findings 21");
    std::fs::write(&settings, "[rules]\nlatest-tags = \"off\"\n").unwrap();
    world.pty.shows("seaworthy.toml:2: there is no rule `latest-tags`");
    world.pty.shows("Findings 21");
    std::fs::remove_file(&settings).unwrap();
    world.pty.shows("was read anew").shows("Findings 24");
}

#[test]
fn a_finding_is_allowed_with_the_reason_that_was_asked_for_and_folded_away() {
    let mut world = World::start((120, 40));
    world.pty.send("/writable-root\r").shows("+8 -0").send("i").shows("reason");
    world.pty.send("the cache comes later").shows("> the cache comes later_").shows("Written above line");
    world.pty.send("\r").shows("u takes it back");
    let manifest = world.read(MANIFEST);
    assert!(
        manifest.contains("# seaworthy: allow writable-root-filesystem -- the cache comes later\n"),
        "{manifest}"
    );
    world.pty.send("\x1b").shows("▾ allowed").shows("Findings 23");
    world.pty.shows("Allowed by a comment: the cache");
    world.pty.send("L").shows("allowed    deploy.yaml").send("\x1b").hides("What happened");
    world.pty.send("u").shows("Taken back in deploy.yaml");
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
}

#[test]
fn what_changes_around_the_folder_is_followed() {
    let folder = crate::world::repository();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let root = folder.path().join("tides").to_str().unwrap().to_owned();
    let mut world = World::run(folder, &[&root], &[], (120, 40));
    world.pty.shows("watching").shows("Deployment/tides").hides("scanning").shows("Findings 24");
    // A kustomization above makes a patch of it: what it lacks is no finding any more.
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n- path: tides/deploy.yaml\n";
    std::fs::write(world.path("../kustomization.yaml"), kustomization).unwrap();
    world.pty.hides("Findings 24").shows("Findings ");
    std::fs::remove_file(world.path("../kustomization.yaml")).unwrap();
    world.pty.shows("Findings 24");
    world.pty.send("q");
    assert!(world.pty.ends().success());
}
