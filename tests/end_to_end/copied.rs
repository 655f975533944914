//! What leaves for a terminal or a clipboard steers neither, and shows no secret.

use base64::Engine;
use tempfile::TempDir;

use crate::world::World;

const NAME: &str = "x\n--- a\u{1b}[2J.Dockerfile";
const SECRET: &str = "hunter2hunter2";

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("home")).unwrap();
    std::fs::create_dir(folder.path().join("tides")).unwrap();
    let text = format!(
        "FROM python:3.12-alpine\nENV API_PASSWORD={SECRET}\nLABEL a=\"\u{1b}]0;pwned\u{7}\tb\"\nCMD python3 app.py\n"
    );
    std::fs::write(folder.path().join("tides").join(NAME), text).unwrap();
    folder
}

#[test]
fn a_patch_on_a_terminal_steers_nothing_and_shows_no_secret() {
    let folder = folder();
    let root = folder.path().join("tides").to_str().unwrap().to_owned();
    let mut world = World::run(folder, &["fix", "--diff", &root], &[], (120, 40));
    world.pty.shows("+CMD [").shows("LABEL a=\"␛]0;pwned␇").shows("API_PASSWORD=hu…");
    world.pty.shows("\"a/x\\n--- a\\033[2J.Dockerfile\"");
    world.pty.is_only_drawn_on();
    assert!(!world.pty.screen().contains(SECRET));
}

#[test]
fn what_is_copied_holds_no_control_character_and_no_secret() {
    let folder = folder();
    let root = folder.path().join("tides").to_str().unwrap().to_owned();
    let mut world = World::run(folder, &[&root], &[], (120, 40));
    world.pty.shows("missing-user").send("/shell-form\r").shows("CMD [\"python3\"");
    world.pty.quiet().send("y").shows("opied");
    let copied = base64::engine::general_purpose::STANDARD.decode(world.pty.copied().unwrap()).unwrap();
    let copied = String::from_utf8(copied).unwrap();
    assert!(!copied.contains(|c: char| c.is_control() && c != '\n') && !copied.contains(SECRET), "{copied}");
    assert!(copied.starts_with(r#""x\n--- a\033[2J.Dockerfile":4: "#), "{copied}");
    assert!(copied.contains("+CMD ["), "{copied}");
    let headers: Vec<&str> = copied.lines().filter(|line| line.starts_with("---")).collect();
    assert_eq!(headers, [r#"--- "a/x\n--- a\033[2J.Dockerfile""#]);
}
