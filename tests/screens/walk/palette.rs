//! The palette in the walk: every action of a chapter with its key, whether it applies, and that it is done.

use seaworthy::app::{
    Action, ActionObstacle, DialogState, PaletteCommand, PaletteRow, Toast, WALK_BINDINGS, WalkAction,
};

use super::walker::Walker;
use super::{DEPLOYMENT, MET};

fn rows(walker: &Walker) -> Vec<PaletteRow> {
    match &walker.state.dialog {
        Some(DialogState::Palette(palette)) => palette.find_rows(&walker.state),
        other => panic!("the palette is open, not {other:?}"),
    }
}

fn obstacle(walker: &Walker, action: WalkAction) -> Option<ActionObstacle> {
    let rows = rows(walker);
    let row = rows.iter().find(|row| row.command == PaletteCommand::Walk(action));
    row.expect("every action of the walk is listed").obstacle
}

/// Opens the palette and does the action that it lists under this command.
fn choose(walker: &mut Walker, command: PaletteCommand) {
    walker.text();
    walker.keys(":").text();
    let at = rows(walker).iter().position(|row| row.command == command).expect("it is listed");
    for _ in 0..at {
        walker.keys("Down");
    }
    walker.keys("Enter");
}

#[test]
fn every_action_of_the_walk_is_listed_with_its_key() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut walker = Walker::demo(width, height);
        let mut text = walker.keys(":").text();
        for _ in 0..80 {
            text.push_str(&walker.keys("Down").text());
        }
        let wanted = ["Write the change", "next-page", "ask-registry", "Go to chapter 3: files"];
        for words in wanted {
            assert!(text.contains(words), "{words} at {width} by {height}: {text}");
        }
        let all = rows(&walker);
        assert!(text.contains(&format!("{0} of {0} actions", all.len())), "{text}");
        assert!(all.iter().all(|row| !row.keys.is_empty() || row.obstacle.is_some()), "each has its key");
    }
}

/// What applies depends on the chapter and on the state of the app.
#[test]
fn what_does_not_apply_says_why() {
    let mut walker = Walker::demo(120, 40);
    walker.keys("1 :");
    assert_eq!(obstacle(&walker, WalkAction::Write), None);
    assert_eq!(obstacle(&walker, WalkAction::AskRegistry), Some(ActionObstacle::NothingToAsk));
    assert_eq!(obstacle(&walker, WalkAction::NextChapter), None);
    let fix_all = rows(&walker).into_iter().find(|row| row.command == PaletteCommand::Pane(Action::FixAll));
    assert_eq!(fix_all.and_then(|row| row.obstacle), Some(ActionObstacle::InWalk));
    walker.keys("Esc 6 :");
    assert_eq!(obstacle(&walker, WalkAction::AskRegistry), None);
    walker.keys("Esc 9 :");
    assert_eq!(obstacle(&walker, WalkAction::NextChapter), Some(ActionObstacle::LastChapter));
    assert_eq!(obstacle(&walker, WalkAction::SkipChapter), Some(ActionObstacle::NothingToSkip));
    assert_eq!(obstacle(&walker, WalkAction::CopyCheck), None, "the results are copied");
    walker.keys("Esc").text();
    let text = walker.keys(":").typed("next-chapter").text();
    assert!(text.contains("not here: this is the last chapter of the last app"), "{text}");
    let mut met = Walker::new(&MET, 80, 24);
    met.keys("1 :");
    assert_eq!(obstacle(&met, WalkAction::Write), Some(ActionObstacle::NothingToWrite));
    assert_eq!(obstacle(&met, WalkAction::OpenChange), Some(ActionObstacle::NoChange));
}

/// Doing it from the palette does what its key does; what would write is shown first.
#[test]
fn an_action_of_the_palette_does_what_its_key_does() {
    for binding in WALK_BINDINGS.iter().filter(|binding| binding.action != WalkAction::Write) {
        let key = |walker: &Walker| {
            let keys = binding.keys_as_text(&walker.state.config.keymap);
            keys.split(' ').next().unwrap().to_owned()
        };
        let mut by_key = Walker::demo(80, 24);
        by_key.keys("2").text();
        let has_obstacle = by_key.state.find_walk_obstacle(binding.action).is_some();
        let pressed = key(&by_key);
        by_key.keys(&pressed);
        let mut by_palette = Walker::demo(80, 24);
        by_palette.keys("2");
        choose(&mut by_palette, PaletteCommand::Walk(binding.action));
        if has_obstacle {
            assert!(matches!(by_palette.state.toast, Some(Toast::NotHere(_))), "{}", binding.name);
            by_palette.keys("Esc");
        } else if binding.action != WalkAction::NextPage {
            assert_eq!(by_key.text(), by_palette.text(), "{} with {pressed}", binding.name);
        }
    }
    let mut walker = Walker::demo(80, 24);
    choose(&mut walker, PaletteCommand::Pane(Action::Walk));
    assert!(walker.state.walk.is_none(), "it is left");
}

#[test]
fn the_palette_writes_nothing_that_it_covers() {
    let mut walker = Walker::demo(120, 40);
    let before = walker.read("Dockerfile");
    choose(&mut walker, PaletteCommand::Walk(WalkAction::Write));
    assert_eq!((walker.read("Dockerfile"), walker.writes), (before, 0));
    assert!(walker.text().contains("The change is in view now: f writes it."), "{}", walker.text());
    walker.write();
    assert_eq!(walker.writes, 1);
}

/// Until an app is chosen, Enter chooses one, and what is for chapters says so.
#[test]
fn in_the_choice_of_apps_it_lists_what_can_be_done_there() {
    let other = DEPLOYMENT.replace("tides", "moon");
    let mut walker = Walker::new(&[("a/deploy.yaml", DEPLOYMENT), ("b/deploy.yaml", &other)], 120, 40);
    walker.keys(":");
    assert_eq!(obstacle(&walker, WalkAction::Write), Some(ActionObstacle::NoChapter));
    walker.keys("Esc");
    let chosen = |walker: &Walker| walker.state.walk.as_ref().unwrap().app_choice;
    choose(&mut walker, PaletteCommand::Pane(Action::Top));
    assert_eq!(chosen(&walker), 0);
    choose(&mut walker, PaletteCommand::Pane(Action::Down));
    assert_eq!(chosen(&walker), 1);
    choose(&mut walker, PaletteCommand::Pane(Action::Open));
    assert!(walker.state.walk.as_ref().unwrap().id.is_some());
}
