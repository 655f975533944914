//! The user's own file: what is wrong is named with its line, the rest counts.

use std::collections::HashSet;

use seaworthy::app::{Action, KEY_BINDINGS, KeyMatch, KeyPress, KeySequence, Keymap, Pane, UserConfig};

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
    assert!(
        config
            .keymap
            .footer_hints(Pane::Findings)
            .any(|(_, keys, hint)| keys.to_string() == "x" && hint == "fix")
    );
    assert!(config.keymap.footer_hints(Pane::Findings).all(|(_, _, hint)| hint != "undo"));
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
    let mut keys: HashSet<KeySequence> = HashSet::new();
    for key in KEY_BINDINGS.iter().flat_map(|binding| binding.keys) {
        let parsed: KeySequence = key.parse().unwrap();
        let spelled: Vec<String> = parsed.presses().iter().map(ToString::to_string).collect();
        assert_eq!(spelled.join(" "), *key, "keys are written as they are shown, those of a sequence apart");
        assert!(keys.insert(parsed), "{key} is bound twice");
    }
    assert_eq!(Keymap::default().find_prefix_conflict(), None);
}

/// The line and the words of each problem.
fn problems(config: &UserConfig) -> Vec<(usize, &str)> {
    config.problems.iter().map(|(line, what)| (*line, what.as_str())).collect()
}

fn matched(config: &UserConfig, keys: &str) -> KeyMatch {
    config.keymap.match_presses(keys.parse::<KeySequence>().unwrap().presses())
}

/// Without the sequences that `g` begins besides `gg`.
const WITHOUT_SEQUENCES: &str = "linked-file = []\nnext-unread = []\nnext-new = []\nprevious-new = []\nmark-seen = []\npairs = []\nchoose-link = []\n";

#[test]
fn a_sequence_is_bound_by_its_keys_with_blanks_between_them() {
    let config = UserConfig::parse_toml("[keys]\ndown = [\"g j\", \"Ctrl-x Down\"]\nhelp = \" \"\n");
    assert_eq!(config.problems, []);
    assert_eq!(matched(&config, "g"), KeyMatch::Prefix);
    assert_eq!(matched(&config, "g j"), KeyMatch::Action(Action::Down));
    assert_eq!(matched(&config, "g g"), KeyMatch::Action(Action::Top));
    assert_eq!(matched(&config, "g x"), KeyMatch::Unbound);
    assert_eq!(matched(&config, "j"), KeyMatch::Unbound, "it has these keys and no others");
    assert_eq!(matched(&config, "Space"), KeyMatch::Action(Action::Help));
    assert_eq!(config.keymap.keys_as_text(Action::Down), "gj, Ctrl-x Down");
}

#[test]
fn a_key_that_is_an_action_and_begins_a_sequence_is_named_with_its_line_and_the_rest_counts() {
    let config = UserConfig::parse_toml("[keys]\nhelp = \"H\"\nundo = \"g\"\ndown = [\"g j\", \"Down\"]\n");
    let [(3, what)] = problems(&config)[..] else { panic!("{:?}", config.problems) };
    assert!(what.starts_with("`g` cannot be undo and begin `g"), "{what}");
    assert!(what.ends_with(": give one of them other keys"), "{what}");
    assert_eq!(matched(&config, "u"), KeyMatch::Action(Action::Undo), "it keeps what it had");
    assert_eq!(matched(&config, "H"), KeyMatch::Action(Action::Help));
    assert_eq!(matched(&config, "g j"), KeyMatch::Action(Action::Down));
}

#[test]
fn of_two_that_the_file_itself_makes_unclear_the_later_one_is_left_out() {
    let own = "[keys]\ntop = \"Home\"\nfix = [\n  \"x\",\n  \"g\",\n]\ncopy = \"g y\"\n";
    let config = UserConfig::parse_toml(&format!("{own}{WITHOUT_SEQUENCES}"));
    let [(7, what)] = problems(&config)[..] else { panic!("{:?}", config.problems) };
    assert!(what.contains("`g` cannot be fix and begin `gy`, which is copy"), "{what}");
    assert_eq!(matched(&config, "g"), KeyMatch::Action(Action::Fix));
    assert_eq!(matched(&config, "y"), KeyMatch::Action(Action::Copy));
    let config = UserConfig::parse_toml("[keys]\nfix = [\"x\", \"x y\"]\n");
    assert_eq!((config.problems.len(), matched(&config, "f")), (1, KeyMatch::Action(Action::Fix)));
}

/// Where `g` begins nothing any more, it may be an action again, as it was in 0.1.
#[test]
fn a_key_that_begins_nothing_any_more_is_free() {
    let parse = |own: &str| UserConfig::parse_toml(&format!("[keys]\n{own}\n{WITHOUT_SEQUENCES}"));
    let config = parse("top = \"g\"");
    assert_eq!((config.problems.len(), matched(&config, "g")), (0, KeyMatch::Action(Action::Top)));
    let config = parse("undo = \"g\"\ntop = \"Home\"");
    assert_eq!((config.problems.len(), matched(&config, "g")), (0, KeyMatch::Action(Action::Undo)));
}

#[test]
fn what_is_no_sequence_is_named_with_how_one_is_written() {
    let config = UserConfig::parse_toml("[keys]\ntop = \"gg\"\nfix = \"g Esc\"\n");
    let [(2, glued), (3, escape)] = problems(&config)[..] else { panic!("{:?}", config.problems) };
    assert_eq!(glued, "`gg` is no key; of a sequence the keys stand apart, as in \"g d\"");
    assert!(escape.contains("Esc"), "{escape}");
}
