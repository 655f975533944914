//! Whatever is pressed, clicked, heard and resized in whatever order: it is drawn, and the selection is what it says.

use proptest::prelude::*;
use seaworthy::app::{AppEvent, BackendMessage, KEY_BINDINGS, KeyPress, MouseEvent, MouseKind};

use crate::real::Demo;
use crate::stage::Stage;
use crate::{fake, first_screen};

#[derive(Clone, Debug)]
enum Step {
    Press(KeyPress),
    Mouse(MouseEvent),
    Resize(u16, u16),
    /// One of the files changes: so many of its lines are left, or it goes.
    Edit(usize, usize),
    Gone(usize),
    Refused,
}

fn key() -> impl Strategy<Value = KeyPress> {
    let bound = KEY_BINDINGS.iter().flat_map(|binding| binding.keys);
    let bound: Vec<KeyPress> =
        bound.flat_map(|keys| keys.split(' ')).map(|key| key.parse().unwrap()).collect();
    prop_oneof![9 => prop::sample::select(bound), 1 => any::<char>().prop_map(KeyPress::from_char)]
}

fn mouse() -> impl Strategy<Value = MouseEvent> {
    use MouseKind::{Drag, Press, Release, WheelDown, WheelUp};
    let kinds = vec![Press, Drag, Release, WheelUp, WheelDown];
    (prop::sample::select(kinds), 0..200u16, 0..60u16).prop_map(|(kind, column, row)| MouseEvent {
        kind,
        column,
        row,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => key().prop_map(Step::Press),
        3 => mouse().prop_map(Step::Mouse),
        1 => (0..200u16, 0..60u16).prop_map(|(width, height)| Step::Resize(width, height)),
        1 => (0..3usize, 0..30usize).prop_map(|(file, lines)| Step::Edit(file, lines)),
        1 => (0..3usize).prop_map(Step::Gone),
        1 => Just(Step::Refused),
    ]
}

fn take(stage: &mut Stage, step: Step) {
    let name = |n: usize| fake::files().into_keys().nth(n).unwrap();
    match step {
        Step::Press(key) => stage.event(AppEvent::Key(key)),
        Step::Mouse(mouse) => stage.event(AppEvent::Mouse(mouse)),
        Step::Resize(width, height) => stage.event(AppEvent::Resize(width, height)),
        Step::Edit(file, lines) => {
            let text: Vec<_> = fake::files()[&name(file)].lines().take(lines).map(str::to_owned).collect();
            stage.edit(name(file).as_str(), &text.join("\n"));
        }
        Step::Gone(file) => stage.remove(name(file).as_str()),
        Step::Refused => stage.hear(BackendMessage::WriteRefused { reason: "no".into() }),
    }
}

/// As many as `PROPTEST_CASES` says, or what takes a few seconds.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(32)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_events_is_drawn(steps in prop::collection::vec(step(), 1..60)) {
        let mut stage = Stage::new(120, 40);
        for step in steps {
            take(&mut stage, step);
            stage.text();
            let state = &stage.state;
            prop_assert_eq!(state.selected_row_node(), state.selected_node.clone());
            let has_panes = state.dialog.is_none() && state.walk.is_none() && state.stage.is_none();
            if has_panes && state.mended.is_none() {
                let selected = if state.spans_widely() { Vec::new() } else { state.selected_keys() };
                prop_assert_eq!(&state.preview.keys, &selected, "the fix in view is the selection's");
            }
            prop_assert!(state.current_path().is_none_or(|path| state.store.file(path).is_some()));
        }
    }

    /// The same where the first screen has rows, with an engine behind it.
    #[test]
    fn every_order_of_events_is_drawn_on_a_filled_first_screen(
        steps in prop::collection::vec(step(), 1..40)
    ) {
        let mut demo = Demo::ranked(&first_screen::files(), 120, 40);
        for step in steps {
            match step {
                Step::Press(key) => demo.event(AppEvent::Key(key)),
                Step::Mouse(mouse) => demo.event(AppEvent::Mouse(mouse)),
                Step::Resize(width, height) => demo.event(AppEvent::Resize(width, height)),
                // Its files are those of the disk.
                Step::Edit(..) | Step::Gone(_) | Step::Refused => {}
            }
            demo.buffer();
        }
    }
}
