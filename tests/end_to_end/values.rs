//! Values of a person's own, typed where they stand in the diff and kept for the repository.

use crate::world::{MANIFEST, World, original};

/// Empties the field that has the keys.
const EMPTY: &str = "\x15";

#[test]
fn a_value_is_typed_in_the_diff_proven_and_written_by_another_key() {
    let mut world = World::start((120, 40));
    world.pty.send("/missing-memory-limit\r").shows("memory: 128Mi");
    world.pty.send("v").shows("memory: ⟦128Mi_⟧").send("2").shows("starts no program");
    world.pty.send("\r").shows("did you mean 2Mi").send(EMPTY).send("256Mi\r");
    world.pty.shows("memory: 256Mi").hides("⟦");
    assert_eq!(world.read(MANIFEST), original(MANIFEST), "nothing is written yet");
    world.pty.send("f").shows("written to deploy.yaml");
    assert!(world.read(MANIFEST).contains("memory: 256Mi"), "{}", world.read(MANIFEST));
    world.pty.send("u").shows("Taken back in deploy.yaml").send("q");
    assert!(world.pty.ends().success());
}

#[test]
fn a_value_is_kept_for_the_repository_and_taken_back() {
    let mut world = World::start((120, 40));
    world.pty.send("/missing-memory-limit\r").shows("memory: 128Mi");
    world.pty.send("v").shows("⟦128Mi_⟧").send("512Mi\x13");
    world.pty.shows("memory-limit = \"512Mi\"").shows("Write it? y/N");
    assert!(!world.path("seaworthy.toml").exists());
    world.pty.send("y").shows("written to seaworthy.toml");
    assert_eq!(world.read("seaworthy.toml"), "[resources]\nmemory-limit = \"512Mi\"\n");
    world.pty.shows("memory: 512Mi");
    world.pty.send("u").shows("Taken back in seaworthy.toml");
    world.pty.shows("memory: 128Mi");
    assert!(!world.path("seaworthy.toml").exists());
    assert_eq!(world.read(MANIFEST), original(MANIFEST));
    world.pty.send("q");
    assert!(world.pty.ends().success());
}

#[test]
fn a_pin_that_is_typed_is_written_without_asking_a_registry() {
    let digest = format!("sha256:{}", "9c".repeat(32));
    let mut world = World::start((120, 40));
    world.pty.send("/rule:moving-tag\r").shows("f asks its registry");
    world.pty.send("v").shows("FROM python:⟦3-alpine").shows("@⟦").send(EMPTY).send("3.13.1-alpine3.21\t");
    world.pty.shows("digest, 2 of 2").send(&digest).shows("A whole digest").send("\r");
    world.pty.hides("⟦").shows("Also resolves unpinned-image").send("f").shows("written to Dockerfile");
    let pinned = format!("FROM python:3.13.1-alpine3.21@{digest}\n");
    assert!(world.read("Dockerfile").starts_with(&pinned), "{}", world.read("Dockerfile"));
    world.pty.send("q");
    assert!(world.pty.ends().success());
}
