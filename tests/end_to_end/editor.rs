//! The terminal handed to an editor, and taken back.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use seaworthy::terminal::editor_command;
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
    world.pty.send("/may-run\r").shows("may-run-as-root");
    world.pty.send("e").shows("called with +17 and deploy.yaml");
    assert!(world.pty.is_cooked());
    world.pty.send("quite quickly\r").shows("Findings /may-run");
    assert!(world.read("deploy.yaml").ends_with("# quite quickly\n"));
    world.pty.send("?").shows("Next finding of the file");
}

#[test]
fn an_editor_that_is_not_there_is_said_so() {
    let mut world = World::with(&[("VISUAL", "no-such-editor")], (120, 40));
    world.pty.send("e").shows("no-such-editor could not be started");
}

/// Inside another program's terminal the file goes to that program, at the line.
#[test]
fn an_editor_of_the_users_own_making_gets_file_and_line_where_it_wants_them() {
    let variable = |name: &str| (name == "NVIM").then(|| "/run/nvim.0".to_owned());
    let editor = "nvim --server $NVIM --remote-send '<C-\\><C-N>:e +{line} {file}<CR>'";
    let launch = editor_command(editor, Path::new("a $NVIM {line}.yaml"), 7, variable).unwrap();
    let words = ["nvim", "--server", "/run/nvim.0", "--remote-send"];
    assert_eq!(launch.words[..4], words);
    assert_eq!(
        launch.words[4], r"<C-\><C-N>:e +7 a $NVIM {line}.yaml<CR>",
        "a path is never read for placeholders"
    );
    assert!(launch.has_window, "it takes no terminal");
}

#[test]
fn every_common_editor_opens_at_the_line() {
    for (editor, words, window) in [
        ("vim", "vim +7 a b.yaml", false),
        ("/usr/bin/nano -w", "/usr/bin/nano -w +7 a b.yaml", false),
        ("vi", "vi +7 a b.yaml", false),
        ("nvim", "nvim +7 a b.yaml", false),
        ("emacs -nw", "emacs -nw +7 a b.yaml", false),
        ("emacsclient -t", "emacsclient -t +7 a b.yaml", false),
        ("kak", "kak +7 a b.yaml", false),
        ("micro", "micro +7 a b.yaml", false),
        ("hx", "hx a b.yaml:7", false),
        ("zed --wait", "zed --wait a b.yaml:7", true),
        ("idea", "idea --line 7 a b.yaml", true),
        ("code --new-window", "code --new-window --goto a b.yaml:7", true),
        ("'/opt/my editors/subl'", "/opt/my editors/subl a b.yaml:7", true),
        ("unheard-of", "unheard-of a b.yaml", false),
    ] {
        let launch = editor_command(editor, Path::new("a b.yaml"), 7, |_| None).unwrap();
        assert_eq!((launch.words.join(" ").as_str(), launch.has_window), (words, window));
        assert!(launch.words.last().unwrap().starts_with("a b.yaml"), "a path is one word");
    }
    assert_eq!(editor_command(" ", Path::new("a"), 1, |_| None), None);
}

#[test]
fn an_editor_of_the_users_own_making_is_started_in_the_terminal() {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("mine");
    std::fs::write(&program, "#!/bin/sh\necho \"called with $1 on ${2##*/}\"\nread line\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::create_dir(folder.path().join("seaworthy")).unwrap();
    let config = format!("editor = \"{} --at={{line}} {{file}}\"\n", program.display());
    std::fs::write(folder.path().join("seaworthy/config.toml"), config).unwrap();
    let home = folder.path().to_str().unwrap();
    let mut world = World::with(&[("XDG_CONFIG_HOME", home), ("EDITOR", "no-such-editor")], (120, 40));
    world.pty.send("/may-run\r").shows("may-run-as-root");
    world.pty.send("e").shows("called with --at=17 on deploy.yaml").send("\r").shows("Findings /may-run");
}
