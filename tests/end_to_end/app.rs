//! What a user does: look, move, filter, mend, take back, resize.

use crate::fake;
use crate::world::World;

#[test]
fn keys_move_through_the_findings_and_the_source_follows() {
    let mut world = World::start((120, 40));
    world.pty.send("jj").shows("The container can write");
    world.pty.send("G").shows("nightly/cronjob.yaml:");
}

#[test]
fn a_filter_narrows_the_list_as_it_is_typed() {
    let mut world = World::start((120, 40));
    world.pty.send("/seccomp").shows("Findings /seccomp_").hides("writable-root-filesystem");
    world.pty.send("\x1b").shows("writable-root-filesystem");
}

#[test]
fn one_key_writes_the_diff_in_view_and_one_takes_it_back() {
    let mut world = World::start((120, 40));
    world.pty.send("jj").shows("+ ").shows("readOnlyRootFilesystem: true");
    world.pty.send("f").shows("written to api/deploy.yaml");
    assert!(world.read("api/deploy.yaml").contains("readOnlyRootFilesystem: true"));
    world.pty.send("u").shows("Taken back in api/deploy.yaml");
    assert_eq!(world.read("api/deploy.yaml"), fake::DEPLOYMENT);
    world.pty.send("\x12").shows("Made again in api/deploy.yaml");
    assert!(world.read("api/deploy.yaml").contains("readOnlyRootFilesystem: true"));
}

#[test]
fn a_wider_fix_asks_first_and_no_is_the_default() {
    let mut world = World::start((120, 40));
    world.pty.send("F").shows("Everything, with review");
    world.pty.send("5").shows("Write all of this? y/N");
    world.pty.send("\r").hides("Write all of this?");
    assert_eq!(world.read("api/deploy.yaml"), fake::DEPLOYMENT);
    world.pty.send("F").shows("Everything, with review").send("5").shows("Write all of this? y/N");
    world.pty.send("y").shows("written to 3 files");
    assert!(world.read("api/Dockerfile").contains("USER 43122:43122"));
}

#[test]
fn every_size_is_drawn_and_the_way_back_too() {
    let mut world = World::start((120, 40));
    world.pty.resize((80, 24)).shows("2 Findings  3 Source");
    world.pty.resize((50, 12)).hides("3 Source");
    world.pty.resize((20, 5)).shows("30×6");
    world.pty.resize((200, 60)).shows("linked: same folder");
}
