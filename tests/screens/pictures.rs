//! The pictures in the documentation, made from real screens, and its table of keys. `UPDATE=1` writes them anew.

use crate::svg_picture::to_svg;
use seaworthy::app::{AppEvent, KeyPress, Keymap};

use crate::real::Demo;

fn compare(name: &str, picture: &str) {
    let path = format!("{}/assets/{name}.svg", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(format!("{}/assets", env!("CARGO_MANIFEST_DIR"))).unwrap();
        std::fs::write(&path, picture).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == picture, "{path} is stale: UPDATE=1 cargo test --test screens pictures");
}

#[test]
fn explore() {
    let buffer = Demo::new(120, 40).keys("j l j j").buffer();
    compare("explore", &to_svg(&buffer, "#d6dce6", "#171b22"));
}

/// A theme is fixed, then somebody opens the host's network in an editor.
#[test]
fn watch() {
    let mut demo = Demo::new(120, 40);
    demo.keys("j f j j f");
    demo.edit("deploy.yaml", "    spec:\n", "    spec:\n      hostNetwork: true\n");
    demo.keys("/");
    for letter in "host".chars() {
        demo.event(AppEvent::Key(KeyPress::from_char(letter)));
    }
    let buffer = demo.keys("Enter Esc").buffer();
    compare("watch", &to_svg(&buffer, "#d6dce6", "#171b22"));
}

/// The walk's chapter on who the program runs as, once it has been gone to.
#[test]
fn walk() {
    let buffer = Demo::new(120, 40).keys("w").buffer();
    compare("walk", &to_svg(&buffer, "#d6dce6", "#171b22"));
}

/// The chart beside the demo app: what its template renders for a week of storms, and where each line was written.
#[test]
fn chart() {
    let mut demo = crate::chart::demo_chart(120, 40);
    let buffer = demo.keys("R V").buffer();
    compare("chart", &to_svg(&buffer, "#d6dce6", "#171b22"));
}

/// The table of keys in the README is made from the one that makes them work.
#[test]
fn the_readme_lists_the_keys() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let kept = std::fs::read_to_string(path).unwrap();
    let (before, rest) = kept.split_once("<!-- keys -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /keys -->").unwrap();
    let keys = Keymap::default().to_markdown();
    let wanted = format!("{before}<!-- keys -->\n{keys}<!-- /keys -->{after}");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &wanted).unwrap();
    } else {
        assert!(kept == wanted, "README.md is stale: UPDATE=1 cargo test --test screens pictures");
    }
}
