//! The user's own file: what is wrong is named with its line, the rest counts.

use std::collections::HashSet;

use seaworthy::app::{Action, Config, Key, TABLE};

#[test]
fn keys_are_rebound_and_unbound() {
    let config =
        Config::read("theme = \"dark\"\nmouse = false\n[keys]\nfix = [\"x\", \"Ctrl-f\"]\nundo = []\n");
    assert_eq!(config.problems, []);
    assert_eq!(config.theme.as_deref(), Some("dark"));
    assert!(!config.mouse);
    assert_eq!(config.keymap.action(Key::char('x')), Some(Action::Fix));
    assert_eq!(config.keymap.action(Key::ctrl('f')), Some(Action::Fix));
    assert_eq!(config.keymap.action(Key::char('f')), None);
    assert_eq!(config.keymap.action(Key::char('u')), None);
    assert!(config.keymap.hints().any(|(key, hint)| key == Key::char('x') && hint == "fix"));
    assert!(config.keymap.hints().all(|(_, hint)| hint != "undo"));
}

#[test]
fn a_key_taken_by_another_action_is_lost_to_the_first() {
    let config = Config::read("[keys]\nfix = \"j\"\n");
    assert_eq!(config.keymap.action(Key::char('j')), Some(Action::Fix));
    assert_eq!(config.keymap.shown(Action::Down), "Down");
}

#[test]
fn bad_entries_are_named_with_their_line_and_the_rest_is_kept() {
    let config =
        Config::read("theme = 3\ncolour = true\n[keys]\nfly = \"x\"\nfix = \"Hyper-x\"\nhelp = \"H\"\n");
    let lines: Vec<usize> = config.problems.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 2, 4, 5], "{:?}", config.problems);
    assert_eq!(config.keymap.action(Key::char('H')), Some(Action::Help));
    assert_eq!(config.keymap.action(Key::char('f')), Some(Action::Fix));
}

#[test]
fn a_file_that_is_no_toml_is_said_so_and_the_defaults_stand() {
    let config = Config::read("[keys\nfix = ");
    assert_eq!(config.problems[0].0, 1);
    assert_eq!(config.keymap.action(Key::char('f')), Some(Action::Fix));
}

#[test]
fn an_editor_of_ones_own_is_read_as_it_stands() {
    let config =
        Config::read("editor = \"nvim --server $NVIM --remote-send '<C-\\\\><C-N>:e +{line} {file}<CR>'\"\n");
    assert_eq!(config.problems, []);
    let editor = r"nvim --server $NVIM --remote-send '<C-\><C-N>:e +{line} {file}<CR>'";
    assert_eq!(config.editor.as_deref(), Some(editor));
}

#[test]
fn a_theme_that_is_not_there_is_named_with_its_line() {
    let names = ["terminal".to_owned(), "dark".to_owned()];
    let mut config = Config::read("mouse = true\ntheme = \"drak\"\n");
    assert_eq!(config.theme_among(&names), 0);
    assert!(matches!(&config.problems[..], [(2, what)] if what.contains("drak")), "{:?}", config.problems);
    let mut config = Config::read("theme = \"dark\"\n");
    assert_eq!((config.theme_among(&names), config.problems.len()), (1, 0));
}

/// What the README shows is what the program takes.
#[test]
fn the_readme_shows_a_file_without_a_fault() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, rest) = readme.split_once("```toml\ntheme =").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let names: Vec<String> = seaworthy::theme::names().map(str::to_owned).collect();
    let mut config = Config::read(&format!("theme ={example}"));
    assert_ne!(config.theme_among(&names), 0);
    assert_eq!(config.problems, []);
    assert!(names.iter().all(|name| example.contains(name)), "{example}");
}

#[test]
fn the_table_is_sound() {
    let names: HashSet<_> = TABLE.iter().map(|binding| binding.name).collect();
    assert_eq!(names.len(), TABLE.len(), "each action has a name of its own");
    let mut keys: HashSet<Key> = HashSet::new();
    for key in TABLE.iter().flat_map(|binding| binding.keys) {
        let parsed: Key = key.parse().unwrap();
        assert_eq!(parsed.to_string(), *key, "keys are written as they are shown");
        assert!(keys.insert(parsed), "{key} is bound twice");
    }
}
