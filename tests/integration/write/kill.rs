//! A process that is killed at any moment of a write leaves every file whole, and undo in place.

use std::process::{Command, Stdio};

use seaworthy::fix::{History, Planner, UndoDirection};
use seaworthy::repo::WriteStage;

use super::{Desk, patch};

const OLD: (&str, &str) = ("old a", "old b");
const NEW: (&str, &str) = ("new a", "new b");

const MOMENTS: [WriteStage; 6] = [
    WriteStage::Journaled,
    WriteStage::Staged(1),
    WriteStage::Staged(2),
    WriteStage::Placed(1),
    WriteStage::Placed(2),
    WriteStage::Written,
];

#[test]
fn a_write_that_is_killed_is_rolled_back_or_finished() {
    for moment in MOMENTS {
        let desk = desk();
        kill(&desk, "write", moment);
        let mut history = desk.history();
        let finished = settled(&desk, &history, moment, OLD, NEW);
        assert_eq!(
            Planner::undo(&mut history, UndoDirection::Back).unwrap().is_some(),
            finished,
            "{moment:?}"
        );
        assert_eq!(texts(&desk), [OLD.0, OLD.1], "{moment:?}");
        Planner::write(&mut history, &patches()).unwrap();
        assert_eq!(texts(&desk), [NEW.0, NEW.1], "{moment:?}");
    }
}

#[test]
fn a_write_that_panics_leaves_nothing_for_the_next_start() {
    for moment in MOMENTS {
        let desk = desk();
        let mut history = desk.history().with_observer(move |now| assert_ne!(now, moment, "it breaks here"));
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            Planner::write(&mut history, &patches())
        }));
        assert!(broken.is_err());
        let texts = texts(&desk);
        assert!(
            texts == [OLD.0, OLD.1] || moment == WriteStage::Written || moment == WriteStage::Placed(2),
            "{moment:?}"
        );
        assert!(texts == [OLD.0, OLD.1] || texts == [NEW.0, NEW.1], "{moment:?}: {texts:?}");
        let mut later = desk.history();
        assert_eq!(later.message(), None, "{moment:?}");
        assert_eq!(
            Planner::undo(&mut later, UndoDirection::Back).unwrap().is_some(),
            texts == [NEW.0, NEW.1],
            "{moment:?}"
        );
        assert_eq!(desk.names("").iter().filter(|name| name.contains("seaworthy")).count(), 0);
    }
}

#[test]
fn an_undo_that_is_killed_is_rolled_back_or_finished() {
    for moment in MOMENTS {
        let desk = desk();
        Planner::write(&mut desk.history(), &patches()).unwrap();
        kill(&desk, "undo", moment);
        let mut history = desk.history();
        if settled(&desk, &history, moment, NEW, OLD) {
            assert_eq!(Planner::undo(&mut history, UndoDirection::Back).unwrap(), None, "{moment:?}");
            assert!(Planner::undo(&mut history, UndoDirection::Forward).unwrap().is_some(), "{moment:?}");
            assert_eq!(texts(&desk), [NEW.0, NEW.1], "{moment:?}");
        } else {
            assert!(Planner::undo(&mut history, UndoDirection::Back).unwrap().is_some(), "{moment:?}");
            assert_eq!(texts(&desk), [OLD.0, OLD.1], "{moment:?}");
        }
    }
}

#[test]
fn a_redo_that_is_killed_is_rolled_back_or_finished() {
    for moment in MOMENTS {
        let desk = desk();
        Planner::write(&mut desk.history(), &patches()).unwrap();
        Planner::undo(&mut desk.history(), UndoDirection::Back).unwrap();
        kill(&desk, "redo", moment);
        let mut history = desk.history();
        if !settled(&desk, &history, moment, OLD, NEW) {
            assert!(Planner::undo(&mut history, UndoDirection::Forward).unwrap().is_some(), "{moment:?}");
        }
        assert_eq!(texts(&desk), [NEW.0, NEW.1], "{moment:?}");
        assert!(Planner::undo(&mut history, UndoDirection::Back).unwrap().is_some(), "{moment:?}");
        assert_eq!(texts(&desk), [OLD.0, OLD.1], "{moment:?}");
    }
}

#[test]
fn a_file_that_was_edited_after_the_crash_is_left_alone() {
    let desk = desk();
    kill(&desk, "write", WriteStage::Placed(1));
    std::fs::write(desk.root().join("sub/b.yaml"), "mine").unwrap();
    let history = desk.history();
    let message = history.message().unwrap();
    assert!(message.contains("a.yaml as before") && message.contains("left alone: sub/b.yaml"), "{message}");
    assert_eq!(texts(&desk), [OLD.0, "mine"]);
}

/// What `fix` plans for is what a person wrote, never what a killed process left; `check` changes nothing and says so.
#[test]
fn a_command_after_the_crash_says_so_or_rolls_back_before_it_reads() {
    let desk = desk();
    kill(&desk, "write", WriteStage::Placed(1));
    let said = |command: &str| {
        let mut process = Command::new(env!("CARGO_BIN_EXE_seaworthy"));
        process.arg(command).arg(desk.root()).env("XDG_STATE_HOME", desk.state.path());
        let output = process.output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (_, note) = said("check");
    assert!(note.contains("was cut short") && note.contains("seaworthy undo"), "{note}");
    assert_eq!(texts(&desk), [NEW.0, OLD.1]);
    let (_, note) = said("fix");
    assert!(note.contains("rolled back: a.yaml as before"), "{note}");
    assert_eq!(texts(&desk), [OLD.0, OLD.1]);
    assert_eq!(said("check").1, "");
    assert_eq!(said("undo").0, "Nothing to undo here.\n");
}

#[test]
fn undo_takes_back_what_was_cut_short_and_no_more() {
    let undo = |desk: &Desk| {
        let mut process = Command::new(env!("CARGO_BIN_EXE_seaworthy"));
        process.arg("undo").arg(desk.root()).env("XDG_STATE_HOME", desk.state.path()).output().unwrap();
    };
    let desk = desk();
    let last = [("a.yaml", NEW.0, "last a"), ("sub/b.yaml", NEW.1, "last b")];
    Planner::write(&mut desk.history(), &patches()).unwrap();
    Planner::write(&mut desk.history(), &last.map(|(path, from, to)| patch(path, from, to))).unwrap();
    kill(&desk, "undo", WriteStage::Placed(1));
    undo(&desk);
    assert_eq!(texts(&desk), [NEW.0, NEW.1], "an undo that was cut short is begun again");
    kill(&desk, "undo", WriteStage::Placed(2));
    kill(&desk, "redo", WriteStage::Placed(1));
    undo(&desk);
    assert_eq!(
        texts(&desk),
        [OLD.0, OLD.1],
        "what was being written is as before, and no more is taken back"
    );
}

/// The process that is killed. Run by the tests above, and by nobody else.
#[test]
#[ignore = "kills its own process when another test asks it to"]
fn victim() {
    let told = |name: &str| std::env::var(format!("VICTIM_{name}")).ok();
    let (Some(root), Some(state), Some(moment)) = (told("ROOT"), told("STATE"), told("MOMENT")) else {
        return;
    };
    let mut history = History::open_in(root.as_ref(), state.as_ref()).with_observer(move |now| {
        if format!("{now:?}") == moment {
            std::process::abort();
        }
    });
    match told("TASK").as_deref() {
        Some("write") => Planner::write(&mut history, &patches()).unwrap(),
        Some("undo") => drop(Planner::undo(&mut history, UndoDirection::Back).unwrap()),
        _ => drop(Planner::undo(&mut history, UndoDirection::Forward).unwrap()),
    }
}

fn kill(desk: &Desk, task: &str, moment: WriteStage) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "write::kill::victim", "--ignored"])
        .env("VICTIM_ROOT", desk.root())
        .env("VICTIM_STATE", desk.state.path())
        .env("VICTIM_MOMENT", format!("{moment:?}"))
        .env("VICTIM_TASK", task)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), None, "{task} was to die when {moment:?}");
}

/// Holds the files to one era or the other, and says whether it is the one that was being written.
fn settled(desk: &Desk, history: &History, moment: WriteStage, from: (&str, &str), to: (&str, &str)) -> bool {
    assert_eq!(desk.names(""), ["a.yaml", "sub"], "{moment:?}");
    assert_eq!(desk.names("sub"), ["b.yaml"], "{moment:?}");
    let finished = matches!(moment, WriteStage::Placed(2) | WriteStage::Written);
    let era = if finished { to } else { from };
    assert_eq!(texts(desk), [era.0, era.1], "{moment:?}");
    assert_eq!(history.message().is_none(), finished, "{moment:?}: {:?}", history.message());
    finished
}

fn desk() -> Desk {
    Desk::new(&[("a.yaml", OLD.0), ("sub/b.yaml", OLD.1)])
}

fn patches() -> [seaworthy::repo::FilePatch; 2] {
    [patch("a.yaml", OLD.0, NEW.0), patch("sub/b.yaml", OLD.1, NEW.1)]
}

fn texts(desk: &Desk) -> [String; 2] {
    [desk.text("a.yaml"), desk.text("sub/b.yaml")]
}
