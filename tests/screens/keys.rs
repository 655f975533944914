//! Keys: each one answers, every action is found by its words, and places are gone to and back.

use std::collections::HashSet;

use seaworthy::app::{
    Action, ActionObstacle, AppEffect, AppEvent, BackendRequest, DialogState, KEY_BINDINGS, KeyPress,
    LASTING_HINTS, ListNode, PaletteCommand, Pane, Toast, pane_hints,
};

use crate::looks::assert_looks;
use crate::real::Demo;
use crate::stage::{Stage, text};

fn footer(stage: &mut Stage) -> String {
    stage.text().lines().last().unwrap().to_owned()
}

fn rule(stage: &Stage) -> (&'static str, String) {
    match &stage.state.selected_node {
        Some(ListNode::Finding(key)) => (key.rule, key.path.to_string()),
        other => panic!("no finding is selected but {other:?}"),
    }
}

/// Whatever a person presses that does nothing says so.
#[test]
fn a_key_that_does_nothing_says_so_and_where_all_are() {
    let mut stage = Stage::new(80, 24);
    let bound: HashSet<char> = KEY_BINDINGS
        .iter()
        .flat_map(|binding| binding.keys.iter().filter_map(|keys| keys.chars().next()))
        .collect();
    for c in ('!'..='~').filter(|c| !bound.contains(c)) {
        stage.event(seaworthy::app::AppEvent::Key(KeyPress::from_char(c)));
        let name = KeyPress::from_char(c).to_string();
        assert!(
            footer(&mut stage).contains(&format!("Nothing on {name}; : lists all keys.")),
            "{}",
            stage.text()
        );
    }
    stage.keys("Ctrl-x");
    assert!(footer(&mut stage).contains("Nothing on Ctrl-x; : lists all keys."));
    stage.keys("3 g g Enter");
    assert!(
        footer(&mut stage).contains("Nothing was found on line 1; n goes to the next finding."),
        "{}",
        stage.text()
    );
    stage.keys("Ctrl-o");
    assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::NoJump)));
    stage.keys("'");
    assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::NoMarks)));
}

#[test]
fn the_palette_finds_every_action_by_its_words_and_does_it() {
    let mut stage = Stage::new(120, 40);
    let drawn = stage.keys(":").text();
    assert!(drawn.contains(&format!("{0} of {0} actions", KEY_BINDINGS.len())), "{drawn}");
    stage.typed("fold");
    let drawn = stage.text();
    for words in ["zM", "zR", "za", "Fold the whole list", "7 of"] {
        assert!(drawn.contains(words), "{words}\n{drawn}");
    }
    stage.keys("Ctrl-u").typed("fold-all whole");
    assert!(stage.text().contains("2 of"), "{}", stage.text());
    stage.keys("Enter");
    assert!(stage.state.dialog.is_none());
    assert!(stage.state.findings_list.rows.iter().all(|row| row.depth == 0), "it was done");
    stage.keys(":").typed("jump back");
    assert!(stage.text().contains("not here: nothing was jumped from"), "{}", stage.text());
    stage.keys("Enter");
    assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::NoJump)));
    assert!(matches!(stage.state.dialog, Some(DialogState::Palette(_))), "it stays open");
    stage.keys("Ctrl-u").typed("no such thing");
    assert!(stage.text().contains("No action has these words"), "{}", stage.text());
    stage.keys("Esc");
    assert!(stage.state.dialog.is_none());
}

/// Each action is in the palette, and doing it from there does what its key does.
#[test]
fn every_action_is_reached_from_the_palette() {
    // What `f` writes must have been on the screen, which the palette covers: it shows the fix first.
    for binding in KEY_BINDINGS.iter().filter(|binding| binding.action != Action::Fix) {
        let mut by_key = Stage::new(120, 40);
        by_key.keys("j j");
        let keys = binding.keys[0];
        let has_obstacle = by_key.state.find_obstacle(binding.action).is_some();
        by_key.keys(keys);
        let mut by_palette = Stage::new(120, 40);
        by_palette.keys("j j :").typed(binding.name).keys("Up Up Up Up");
        let rows = match &by_palette.state.dialog {
            Some(DialogState::Palette(palette)) => palette.find_rows(&by_palette.state),
            _ => panic!("the palette is open"),
        };
        let at = rows
            .iter()
            .position(|row| row.command == PaletteCommand::Pane(binding.action))
            .expect("it is listed");
        for _ in 0..at {
            by_palette.keys("Down");
        }
        by_palette.keys("Enter");
        if has_obstacle {
            assert!(matches!(by_palette.state.toast, Some(Toast::NotHere(_))), "{}", binding.name);
        } else {
            assert_eq!(by_key.text(), by_palette.text(), "{}", binding.name);
        }
    }
}

#[test]
fn the_footer_belongs_to_the_pane_and_keeps_what_leads_to_the_rest() {
    for pane in Pane::ALL {
        let hints: Vec<Action> = pane_hints(pane).iter().map(|(action, _)| *action).collect();
        assert!(LASTING_HINTS.iter().all(|action| hints.contains(action)), "{pane:?}");
        for (width, height) in [(60, 15), (80, 24), (100, 30), (120, 40), (200, 60)] {
            let mut stage = Stage::new(width, height);
            stage.keys(&format!("{}", pane as usize + 1));
            let footer = footer(&mut stage);
            for words in [" f ", " Enter ", " : keys ", " ? help "] {
                assert!(footer.contains(words), "{words} in {pane:?} at {width}: {footer}");
            }
        }
    }
    let mut stage = Stage::new(120, 40);
    assert!(footer(stage.keys("3")).contains("gd linked file"));
    assert!(footer(stage.keys("1")).contains("Enter its findings"));
}

#[test]
fn the_help_explains_the_signs_and_words_on_the_screen() {
    let mut stage = Stage::new(120, 40);
    stage.keys("? /").typed("signs");
    stage.keys("Esc G").text();
    stage.keys("G");
    let drawn = stage.text();
    for words in ["‹3›", "so many findings on this line", "in the baseline", "score"] {
        assert!(drawn.contains(words), "{words}\n{drawn}");
    }
}

#[test]
fn the_linked_file_is_one_jump_away_and_so_is_the_way_back() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("seccomp path:api").keys("Enter Esc 3 j j");
    let place = (stage.state.current_path().cloned(), stage.state.source.cursor.row);
    let before = rule(&stage);
    stage.keys("g d");
    assert_eq!(stage.state.current_path().map(ToString::to_string).as_deref(), Some("api/Dockerfile"));
    assert_eq!((rule(&stage).1.as_str(), stage.state.focus), ("api/Dockerfile", Pane::Source));
    stage.keys("g d");
    assert_eq!((stage.state.current_path().cloned(), stage.state.source.cursor.row), place);
    assert_eq!(rule(&stage), before);
    for back in ["Ctrl-o", "Esc"] {
        stage.keys("g d j").keys(back);
        assert_eq!((stage.state.current_path().cloned(), stage.state.source.cursor.row), place, "{back}");
    }
    stage.keys("G");
    stage.keys("/").typed("path:jobs").keys("Enter g d");
    assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::NoLinkedFile)));
}

/// Gone back to a place that the tree had selected, from the list of findings: the fix in view is the tree's again.
#[test]
fn the_way_back_shows_the_fix_of_the_list_that_was_left() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("path:api").keys("Enter Esc 1 3 g d 2 G");
    assert_eq!(stage.state.active_list, Pane::Findings);
    stage.keys("Ctrl-o");
    assert_eq!((stage.state.active_list, stage.state.focus), (Pane::Files, Pane::Source));
    assert!(!stage.state.selected_keys().is_empty());
    assert_eq!(stage.state.preview.keys, stage.state.selected_keys());
}

#[test]
fn a_linked_file_that_is_gone_is_not_shown_as_an_empty_one() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("seccomp path:api").keys("Enter Esc 3");
    let place = (stage.state.current_path().cloned(), stage.state.source.cursor.row);
    stage.remove("api/Dockerfile");
    stage.keys("g d");
    assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::FileGone)));
    assert_eq!((stage.state.current_path().cloned(), stage.state.source.cursor.row), place);
}

/// A manifest of several workloads: each has its own Dockerfile beside it, or none, before a write and after it.
#[test]
fn the_linked_file_is_that_of_the_object_and_of_no_other() {
    let dockerfile = "FROM debian:13\nCOPY . /app\nCMD [\"/app/run\"]\n".to_owned();
    let workload = |name: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    metadata:\n      \
             labels: {{app: {name}}}\n    spec:\n      containers:\n        - name: {name}\n          image: \
             example.com/{name}:1.2\n"
        )
    };
    let manifest = ["web", "mail", "store"].map(workload).join("---\n");
    let files =
        [("web/Dockerfile", dockerfile.clone()), ("mail/Dockerfile", dockerfile), ("all.yaml", manifest)];
    let mut demo = Demo::of(&files, 120, 40);
    let linked = |demo: &Demo| demo.state.linked_file().map(|(path, _)| path.to_string());
    for (object, wanted) in
        [("web", Some("web/Dockerfile")), ("mail", Some("mail/Dockerfile")), ("store", None)]
    {
        demo.keys("/");
        let search = format!("missing-seccomp app:{object}");
        search.chars().for_each(|c| demo.event(AppEvent::Key(KeyPress::from_char(c))));
        demo.keys("Enter z R g g");
        while !demo.state.is_single_finding() {
            demo.keys("j");
        }
        assert_eq!(linked(&demo).as_deref(), wanted, "{object}");
        for _ in 0..9 {
            if demo.state.mended.is_none() {
                demo.buffer();
                demo.keys("f");
            }
        }
        assert!(demo.state.mended.is_some(), "{}", text(&demo.buffer()));
        assert_eq!(linked(&demo).as_deref(), wanted, "{object}, written");
        demo.keys("j Esc");
    }
}

#[test]
fn brackets_go_through_the_findings_of_all_files() {
    let mut stage = Stage::new(120, 40);
    let count = stage.state.index.entries.len();
    let mut seen = Vec::new();
    for _ in 0..count {
        stage.keys("]");
        seen.push(stage.state.selected_node.clone());
    }
    let different: HashSet<_> = seen.iter().collect();
    assert_eq!(different.len(), count, "each once, whatever was folded");
    stage.keys("]");
    assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::LastFinding)));
    assert_eq!(stage.state.selected_node, seen[count - 1]);
    stage.keys("[");
    assert_eq!(stage.state.selected_node, seen[count - 2]);
}

#[test]
fn all_is_folded_and_opened_and_the_selection_stays_under_its_fold() {
    for grouping in ["", "o", "o o"] {
        let mut stage = Stage::new(120, 40);
        if !grouping.is_empty() {
            stage.keys(grouping);
        }
        stage.keys("z R");
        let open = stage.state.findings_list.rows.iter().filter(|row| row.expanded.is_none()).count();
        assert_eq!(open, stage.state.index.entries.len(), "after {grouping:?}");
        stage.keys("G z M");
        let rows = &stage.state.findings_list.rows;
        assert!(rows.iter().all(|row| row.depth == 0 && row.expanded == Some(false)), "after {grouping:?}");
        assert_eq!(stage.state.findings_cursor.row, rows.len() - 1, "what was selected stands under it");
        stage.keys("z a");
        assert!(stage.state.findings_list.rows.len() > 1);
        stage.keys("z R G z a");
        assert!(stage.state.selected_row().unwrap().expanded == Some(false), "the fold around it");
    }
    let mut stage = Stage::new(120, 40);
    stage.keys("1 z M");
    let folders = stage.state.tree.len();
    stage.keys("z R");
    assert!(stage.state.tree.len() > folders);
    stage.keys("2 /").typed("user").keys("Enter z M");
    assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::SearchOpensFolds)));
}

#[test]
fn keys_to_the_side_and_back_say_where_there_is_nothing() {
    let mut stage = Stage::new(120, 40);
    for keys in ["3 h", "3 l", "4 l", "K Right"] {
        stage.keys(keys);
        assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::NothingAtSide)), "{keys}");
        assert!(stage.state.fullscreen.is_none() || keys.starts_with('K'), "{keys}");
    }
    stage.keys("Esc 2 Esc");
    assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::NothingOpen)));
    stage.keys("h");
    assert_eq!(stage.state.toast, None, "in a list it goes up the tree");
}

#[test]
fn a_place_is_kept_under_a_letter() {
    let mut stage = Stage::new(120, 40);
    stage.keys("] ] ] 3 j j m");
    assert!(footer(&mut stage).contains("m…  a letter keeps this place"), "{}", stage.text());
    stage.keys("a");
    assert!(matches!(stage.state.toast, Some(Toast::MarkSet { letter: 'a', .. })));
    let place = (stage.state.current_path().cloned(), stage.state.source.cursor.row, stage.state.focus);
    stage.keys("2 G '");
    assert!(footer(&mut stage).contains(" a "), "{}", stage.text());
    stage.keys("a");
    assert_eq!(
        (stage.state.current_path().cloned(), stage.state.source.cursor.row, stage.state.focus),
        place
    );
    stage.keys("Ctrl-o");
    assert_eq!(stage.state.focus, Pane::Findings, "a mark is a jump, which can be gone back on");
    stage.keys("' b");
    assert_eq!(stage.state.toast, Some(Toast::NoMark('b')));
    stage.keys("m Esc");
    assert!(matches!(stage.state.toast, Some(Toast::SequenceLeft(_))));
    stage.keys("m Ctrl-c");
    assert!(stage.effects.contains(&seaworthy::app::AppEffect::Quit), "the way out is never barred");
}

#[test]
fn the_help_breaks_what_is_longer_than_its_frame() {
    for width in [60, 80, 120] {
        let mut stage = Stage::new(width, 24);
        stage.keys("?");
        let mut all = String::new();
        for _ in 0..60 {
            let text = stage.text();
            assert!(text.lines().all(|line| !line.contains("… │")), "{width}: {text}");
            all.push_str(&text);
            stage.keys("j j j");
        }
        assert!(all.contains("seaworthy.toml") && all.contains("Mouse:"), "{width}: {all}");
    }
}

#[test]
fn pictures_of_the_palette_and_the_legend() {
    assert_looks("palette", |width, height| {
        let mut stage = Stage::new(width, height);
        stage.keys(":").typed("f").keys("Down");
        stage
    });
    assert_looks("legend", |width, height| {
        let mut stage = Stage::new(width, height);
        stage.keys("? /").typed("a finding of severity");
        stage
    });
}

/// True for what is answered outside of the screen: a plan is asked for whatever is selected.
fn is_answer(effect: &AppEffect) -> bool {
    let is_quiet = matches!(
        effect,
        AppEffect::AwaitQuiet | AppEffect::Remind | AppEffect::Ask(BackendRequest::Plan { .. })
    );
    !is_quiet && !format!("{effect:?}").contains("KeepView")
}

/// The keys of what changes or asks for something: those that move have an end to stop at, and those of a pane may have
/// led there already.
fn keys_that_act() -> impl Iterator<Item = &'static str> {
    let moves = [
        Action::Down,
        Action::Up,
        Action::Left,
        Action::Right,
        Action::Top,
        Action::Bottom,
        Action::HalfDown,
        Action::HalfUp,
        Action::NextInList,
        Action::PreviousInList,
        Action::Files,
        Action::Findings,
        Action::Source,
        Action::Rule,
    ];
    KEY_BINDINGS.iter().filter(move |binding| !moves.contains(&binding.action)).map(|binding| binding.keys[0])
}

/// On every screen each bound key changes something, is answered elsewhere, or says why it does nothing.
#[test]
fn no_bound_key_is_silent_in_the_panes_and_in_a_stage() {
    let mut silent = Vec::new();
    for screen in ["2", "1", "3", "4", "K", "j l j d f", "F F", "F F o"] {
        for key in keys_that_act() {
            let mut stage = Stage::new(100, 30);
            stage.keys(screen);
            let before = stage.text();
            let known = stage.effects.len();
            stage.keys(key);
            let is_answered = stage.effects[known..].iter().any(is_answer);
            if !is_answered && stage.text() == before {
                silent.push(format!("`{key}` after `{screen}`"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn no_bound_key_is_silent_on_the_first_screen_and_in_the_walk() {
    let files: Vec<_> = crate::first_screen::files().into_iter().take(2).collect();
    let mut silent = Vec::new();
    for screen in ["0", "w", "w Enter"] {
        for key in keys_that_act() {
            let mut demo = Demo::ranked(&files, 100, 30);
            demo.keys(screen);
            let before = text(&demo.buffer());
            demo.keys(key);
            let is_answered = demo.effects().iter().any(is_answer);
            if !is_answered && text(&demo.buffer()) == before {
                silent.push(format!("`{key}` after `{screen}`"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}
