//! Whatever is pressed, clicked, heard and resized in whatever order: it is drawn, and the selection is what it says.

use proptest::prelude::*;
use seaworthy::app::{Event, Key, Message, Mouse, MouseKind, TABLE};

use crate::fake;
use crate::stage::Stage;

#[derive(Clone, Debug)]
enum Step {
    Press(Key),
    Mouse(Mouse),
    Resize(u16, u16),
    /// One of the files changes: so many of its lines are left, or it goes.
    Edit(usize, usize),
    Gone(usize),
    Refused,
}

fn key() -> impl Strategy<Value = Key> {
    let bound: Vec<Key> =
        TABLE.iter().flat_map(|binding| binding.keys).map(|key| key.parse().unwrap()).collect();
    prop_oneof![9 => prop::sample::select(bound), 1 => any::<char>().prop_map(Key::char)]
}

fn mouse() -> impl Strategy<Value = Mouse> {
    use MouseKind::{Drag, Press, Release, WheelDown, WheelUp};
    let kinds = vec![Press, Drag, Release, WheelUp, WheelDown];
    (prop::sample::select(kinds), 0..200u16, 0..60u16).prop_map(|(kind, column, row)| Mouse {
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
        Step::Press(key) => stage.event(Event::Key(key)),
        Step::Mouse(mouse) => stage.event(Event::Mouse(mouse)),
        Step::Resize(width, height) => stage.event(Event::Resize(width, height)),
        Step::Edit(file, lines) => {
            let text: Vec<_> = fake::files()[&name(file)].lines().take(lines).map(str::to_owned).collect();
            stage.edit(name(file).as_str(), &text.join("\n"));
        }
        Step::Gone(file) => {
            stage.files.remove(&name(file));
            let mut update = fake::audit(&stage.files);
            update.gone = vec![name(file)];
            stage.hear(Message::Updated(update));
        }
        Step::Refused => stage.hear(Message::Refused { reason: "no".into() }),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_events_is_drawn(steps in prop::collection::vec(step(), 1..60)) {
        let mut stage = Stage::new(120, 40);
        for step in steps {
            take(&mut stage, step);
            stage.text();
            let state = &stage.state;
            prop_assert_eq!(state.row_node(), state.node.clone());
            prop_assert!(state.path().is_none_or(|path| state.store.file(path).is_some()));
        }
    }
}
