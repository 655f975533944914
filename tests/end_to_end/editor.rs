//! The terminal handed to an editor, and taken back.

use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use crate::world::World;

/// An editor that says what it was called with, and what was typed.
fn script(folder: &TempDir) -> String {
    let path = folder.path().join("vim");
    let text = "#!/bin/sh\necho \"called with $1 and ${2##*/}\"\nread line\necho \"# $line\" >> \"$2\"\n";
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn an_editor_opens_at_the_line_and_has_all_keys_to_itself() {
    let folder = TempDir::new().unwrap();
    let editor = script(&folder);
    let mut world = World::with(&[("VISUAL", &editor)], (120, 40));
    world.pty.send("jj").shows("The container can write");
    world.pty.send("e").shows("called with +16 and deploy.yaml");
    assert!(world.pty.is_cooked());
    world.pty.send("quite quickly\r").shows("Findings");
    assert!(world.read("api/deploy.yaml").ends_with("# quite quickly\n"));
    world.pty.send("?").shows("Next finding of the file");
}

#[test]
fn an_editor_that_is_not_there_is_said_so() {
    let mut world = World::with(&[("VISUAL", "no-such-editor")], (120, 40));
    world.pty.send("e").shows("no-such-editor could not be started");
}
