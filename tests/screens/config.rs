//! The user's own file: what is wrong is named with its line, the rest counts.

use std::collections::HashSet;

use seaworthy::app::{Action, KEY_BINDINGS, KeyPress, UserConfig};

#[test]
fn keys_are_rebound_and_unbound() {
    let config = UserConfig::parse_toml(
        "theme = \"dark\"\nmouse = false\n[keys]\nfix = [\"x\", \"Ctrl-f\"]\nundo = []\n",
    );
    assert_eq!(config.problems, []);
    assert_eq!(config.theme.as_deref(), Some("dark"));
    assert!(!config.mouse);
    assert_eq!(config.keymap.action_for(KeyPress::from_char('x')), Some(Action::Fix));
    assert_eq!(config.keymap.action_for(KeyPress::with_ctrl('f')), Some(Action::Fix));
    assert_eq!(config.keymap.action_for(KeyPress::from_char('f')), None);
    assert_eq!(config.keymap.action_for(KeyPress::from_char('u')), None);
    assert!(config.keymap.footer_hints().any(|(key, hint)| key == KeyPress::from_char('x') && hint == "fix"));
    assert!(config.keymap.footer_hints().all(|(_, hint)| hint != "undo"));
}

#[test]
fn a_key_taken_by_another_action_is_lost_to_the_first() {
    let config = UserConfig::parse_toml("[keys]\nfix = \"j\"\n");
    assert_eq!(config.keymap.action_for(KeyPress::from_char('j')), Some(Action::Fix));
    assert_eq!(config.keymap.keys_as_text(Action::Down), "Down");
}

#[test]
fn bad_entries_are_named_with_their_line_and_the_rest_is_kept() {
    let config = UserConfig::parse_toml(
        "theme = 3\ncolour = true\n[keys]\nfly = \"x\"\nfix = \"Hyper-x\"\nhelp = \"H\"\n",
    );
    let lines: Vec<usize> = config.problems.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 2, 4, 5], "{:?}", config.problems);
    assert_eq!(config.keymap.action_for(KeyPress::from_char('H')), Some(Action::Help));
    assert_eq!(config.keymap.action_for(KeyPress::from_char('f')), Some(Action::Fix));
}

#[test]
fn a_file_that_is_no_toml_is_said_so_and_the_defaults_stand() {
    let config = UserConfig::parse_toml("[keys\nfix = ");
    assert_eq!(config.problems[0].0, 1);
    assert_eq!(config.keymap.action_for(KeyPress::from_char('f')), Some(Action::Fix));
}

#[test]
fn an_editor_of_ones_own_is_read_as_it_stands() {
    let config = UserConfig::parse_toml(
        "editor = \"nvim --server $NVIM --remote-send '<C-\\\\><C-N>:e +{line} {file}<CR>'\"\n",
    );
    assert_eq!(config.problems, []);
    let editor = r"nvim --server $NVIM --remote-send '<C-\><C-N>:e +{line} {file}<CR>'";
    assert_eq!(config.editor.as_deref(), Some(editor));
}

#[test]
fn a_theme_that_is_not_there_is_named_with_its_line() {
    let names = ["terminal".to_owned(), "dark".to_owned()];
    let mut config = UserConfig::parse_toml("mouse = true\ntheme = \"drak\"\n");
    assert_eq!(config.choose_theme(&names), 0);
    assert!(matches!(&config.problems[..], [(2, what)] if what.contains("drak")), "{:?}", config.problems);
    let mut config = UserConfig::parse_toml("theme = \"dark\"\n");
    assert_eq!((config.choose_theme(&names), config.problems.len()), (1, 0));
}

/// What the README shows is what the program takes.
#[test]
fn the_readme_shows_a_file_without_a_fault() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, rest) = readme.split_once("```toml\ntheme =").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let names: Vec<String> = seaworthy::theme::theme_names().map(str::to_owned).collect();
    let mut config = UserConfig::parse_toml(&format!("theme ={example}"));
    assert_ne!(config.choose_theme(&names), 0);
    assert_eq!(config.problems, []);
    assert!(names.iter().all(|name| example.contains(name)), "{example}");
}

#[test]
fn the_table_is_sound() {
    let names: HashSet<_> = KEY_BINDINGS.iter().map(|binding| binding.name).collect();
    assert_eq!(names.len(), KEY_BINDINGS.len(), "each action has a name of its own");
    let mut keys: HashSet<KeyPress> = HashSet::new();
    for key in KEY_BINDINGS.iter().flat_map(|binding| binding.keys) {
        let parsed: KeyPress = key.parse().unwrap();
        assert_eq!(parsed.to_string(), *key, "keys are written as they are shown");
        assert!(keys.insert(parsed), "{key} is bound twice");
    }
}
