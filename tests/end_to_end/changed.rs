//! What changed since git's last commit, or since a revision: a save tells of it, and a commit alone does too.

use std::path::Path;

use crate::edits::git;
use crate::world::{MANIFEST, World};

fn committed(root: &Path) {
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "one"]);
}

#[test]
fn the_search_follows_saves_and_commits() {
    let mut world = World::started((120, 40), committed);
    world.pty.send("/is:changed\r").shows("No finding has is:changed");
    world.edit(MANIFEST, "replicas: 2", "replicas: 3");
    world.pty.hides("No finding has is:changed").shows("Deployment/tides");
    git(&world.path(""), &["commit", "-qam", "two"]);
    world.pty.shows("No finding has is:changed");
    world.pty.send("/\x15since:HEAD~1\r").hides("No finding has").shows("Deployment/tides");
    world.pty.send("/\x15since:release\r").shows("git knows no revision `release` here");
    world.pty.send("q");
    assert!(world.pty.ends().success());
}

#[test]
fn without_git_a_search_for_changes_is_about_this_session() {
    let mut world = World::start((120, 40));
    world.pty.send("/is:changed\r").shows("No finding has is:changed");
    world.edit(MANIFEST, "replicas: 2", "replicas: 3");
    world.pty.hides("No finding has is:changed").shows("Deployment/tides");
    world.pty.send("/\x15since:main\r").shows("git does not answer here");
}
