//! What cannot be written as it should is not written, and the reason is given.

use std::fs::{File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use seaworthy::fix::{History, Planner, UndoDirection};
use seaworthy::repo::WriteStage;

use super::{Desk, patch};

/// The reason why a write of `a.yaml` is refused, after which it still says what it said.
fn refusal(desk: &Desk) -> String {
    let error = Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap_err().to_string();
    assert_eq!(Planner::undo(&mut desk.history(), UndoDirection::Back).unwrap(), None, "{error}");
    error
}

#[test]
fn a_file_that_changed_since_it_was_read() {
    let desk = Desk::new(&[("a.yaml", "mine")]);
    assert!(refusal(&desk).contains("a.yaml has changed on disk"));
    assert_eq!(desk.text("a.yaml"), "mine");
}

#[test]
fn a_read_only_file() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let at = desk.root().join("a.yaml");
    std::fs::set_permissions(&at, Permissions::from_mode(0o444)).unwrap();
    // Root may write it all the same, and then its mode is kept.
    if File::options().append(true).open(&at).is_ok() {
        Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap();
        assert_eq!(std::fs::metadata(&at).unwrap().permissions().mode() & 0o777, 0o444);
    } else {
        assert!(refusal(&desk).contains("a.yaml is read-only"));
        assert_eq!((desk.text("a.yaml"), desk.names("")), ("1".into(), vec!["a.yaml".into()]));
    }
}

#[test]
fn a_file_of_several_hard_links() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    std::fs::hard_link(desk.root().join("a.yaml"), desk.root().join("b")).unwrap();
    assert!(refusal(&desk).contains("several hard links"));
    assert_eq!(desk.text("a.yaml"), "1");
}

#[test]
fn a_file_whose_link_leads_outside() {
    let desk = Desk::new(&[]);
    let outside = Desk::new(&[("a.yaml", "1")]);
    symlink(outside.root().join("a.yaml"), desk.root().join("a.yaml")).unwrap();
    assert!(refusal(&desk).contains("lies outside the repository"));
    assert_eq!(outside.text("a.yaml"), "1");
}

#[test]
fn a_file_that_is_gone_or_no_file_at_all() {
    let desk = Desk::new(&[]);
    assert!(refusal(&desk).contains("a.yaml cannot be written"));
    std::fs::create_dir(desk.root().join("a.yaml")).unwrap();
    assert!(refusal(&desk).contains("no regular file"));
}

#[test]
fn a_link_inside_the_repository_is_followed_and_stays_one() {
    let desk = Desk::new(&[("real.yaml", "1")]);
    symlink("real.yaml", desk.root().join("a.yaml")).unwrap();
    Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap();
    assert!(desk.root().join("a.yaml").is_symlink());
    assert_eq!(desk.text("real.yaml"), "2");
}

#[test]
fn the_mode_is_kept() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let at = desk.root().join("a.yaml");
    std::fs::set_permissions(&at, Permissions::from_mode(0o640)).unwrap();
    Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap();
    assert_eq!(at.metadata().unwrap().permissions().mode() & 0o7777, 0o640);
}

#[test]
fn extended_attributes_are_kept_where_the_filesystem_has_them() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let at = desk.root().join("a.yaml");
    let file = File::open(&at).unwrap();
    let set = rustix::fs::fsetxattr(&file, "user.note", b"mine", rustix::fs::XattrFlags::empty());
    Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap();
    let mut value = [0; 16];
    let kept = rustix::fs::getxattr(&at, "user.note", &mut value[..]);
    assert_eq!(kept.is_ok(), set.is_ok());
    assert!(kept.is_err() || value.starts_with(b"mine"));
}

#[test]
fn where_the_second_file_cannot_be_written_neither_is() {
    let desk = Desk::new(&[("a.yaml", "1"), ("sub/b.yaml", "x")]);
    let both = [patch("a.yaml", "1", "2"), patch("sub/b.yaml", "x", "y")];
    std::fs::hard_link(desk.root().join("sub/b.yaml"), desk.root().join("c")).unwrap();
    assert!(
        Planner::write(&mut desk.history(), &both)
            .unwrap_err()
            .to_string()
            .contains("sub/b.yaml has several hard links")
    );
    let names = ["a.yaml", "c", "sub"].map(String::from).to_vec();
    assert_eq!((desk.text("a.yaml"), desk.names("")), ("1".into(), names));
}

/// The folder of the second file vanishes at each moment of the write.
#[test]
fn a_folder_that_vanishes_under_the_write_takes_nothing_with_it() {
    let moments =
        [WriteStage::Journaled, WriteStage::Staged(1), WriteStage::Staged(2), WriteStage::Placed(1)];
    for moment in moments {
        let desk = Desk::new(&[("a.yaml", "1"), ("sub/b.yaml", "x")]);
        let (from, to) = (desk.root().join("sub"), desk.root().join("away"));
        let mut history = desk.history().with_observer(move |now| {
            if now == moment {
                std::fs::rename(&from, &to).unwrap();
            }
        });
        let both = [patch("a.yaml", "1", "2"), patch("sub/b.yaml", "x", "y")];
        let error = Planner::write(&mut history, &both).unwrap_err().to_string();
        assert!(error.contains("sub/b.yaml cannot be"), "{moment:?}: {error}");
        assert_eq!((desk.text("a.yaml"), desk.text("away/b.yaml")), ("1".into(), "x".into()), "{moment:?}");
        assert_eq!(Planner::undo(&mut history, UndoDirection::Back).unwrap(), None, "{moment:?}");
        assert_eq!(desk.names(""), ["a.yaml", "away"], "{moment:?}");
    }
}

#[test]
fn a_file_that_changes_under_the_write_is_kept_and_the_others_are_put_back() {
    let desk = Desk::new(&[("a.yaml", "1"), ("b.yaml", "x")]);
    let second = desk.root().join("b.yaml");
    let mut history = desk.history().with_observer(move |now| {
        if now == WriteStage::Placed(1) {
            std::fs::write(&second, "mine").unwrap();
        }
    });
    let error =
        Planner::write(&mut history, &[patch("a.yaml", "1", "2"), patch("b.yaml", "x", "y")]).unwrap_err();
    assert!(error.to_string().contains("b.yaml has changed on disk"), "{error}");
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("1".into(), "mine".into()));
    assert_eq!(desk.names(""), ["a.yaml", "b.yaml"]);
}

/// A process that may write no more bytes, from the moment on when the journal is kept, stands for a full disk.
#[test]
fn a_full_disk_loses_nothing() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let exe = std::env::current_exe().unwrap();
    let script = format!("trap '' XFSZ; exec {} --exact write::refusals::writer --ignored", exe.display());
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("WRITER_ROOT", desk.root())
        .env("WRITER_STATE", desk.state.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((desk.text("a.yaml"), desk.names("")), ("1".into(), vec!["a.yaml".into()]));
    assert_eq!(Planner::undo(&mut desk.history(), UndoDirection::Back).unwrap(), None);
}

/// The process whose disk is full. Run by the test above, and by nobody else.
#[test]
#[ignore = "limits its own process when another test asks it to"]
fn writer() {
    let (Ok(root), Ok(state)) = (std::env::var("WRITER_ROOT"), std::env::var("WRITER_STATE")) else { return };
    let mut history = History::open_in(root.as_ref(), state.as_ref()).with_observer(|now| {
        if now == WriteStage::Journaled {
            let limit = rustix::process::Rlimit { current: Some(0), maximum: None };
            rustix::process::setrlimit(rustix::process::Resource::Fsize, limit).unwrap();
        }
    });
    let error = Planner::write(&mut history, &[patch("a.yaml", "1", "2")]).unwrap_err().to_string();
    let open = rustix::process::Rlimit { current: None, maximum: None };
    rustix::process::setrlimit(rustix::process::Resource::Fsize, open).unwrap();
    assert!(error.contains("a.yaml cannot be written (File too large"), "{error}");
}

/// A disk of 64 KiB that is full, where one can be had: one on which the files lie, or the journal.
#[test]
#[allow(clippy::print_stderr, reason = "a test that cannot be made here says so")]
fn a_disk_that_is_really_full_loses_nothing() {
    let small = "mount -t tmpfs -o size=64k none \"$DISK\" && exec \"$0\" \"$@\"";
    let disk = tempfile::tempdir().unwrap();
    let in_namespace = |script: &str, arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["-Urm", "sh", "-c", script]).args(arguments).env("DISK", disk.path());
        command.output()
    };
    if !in_namespace(small, &["true"]).is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no filesystem can be mounted here");
        return;
    }
    let exe = std::env::current_exe().unwrap();
    let arguments = [exe.to_str().unwrap(), "--exact", "write::refusals::cramped", "--ignored"];
    let output = in_namespace(small, &arguments).unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

/// The process that has a small disk. Run by the test above, and by nobody else.
#[test]
#[ignore = "wants a disk that another test mounts"]
fn cramped() {
    let Some(disk) = std::env::var_os("DISK").map(std::path::PathBuf::from) else { return };
    let other = tempfile::tempdir().unwrap();
    let (root, state) = (disk.join("root"), disk.join("state"));
    for folder in [&root, &state] {
        std::fs::create_dir(folder).unwrap();
    }
    let long = "x".repeat(20 << 10);
    std::fs::write(root.join("a.yaml"), "1").unwrap();
    std::fs::write(other.path().join("a.yaml"), "1").unwrap();
    let filler = std::fs::write(disk.join("filler"), "y".repeat(1 << 20));
    assert!(filler.is_err(), "the disk is full");
    let mut on_full = History::open_in(&root, other.path());
    let error = Planner::write(&mut on_full, &[patch("a.yaml", "1", &long)]).unwrap_err().to_string();
    assert!(error.contains("a.yaml cannot be written (No space left"), "{error}");
    let mut kept_on_full = History::open_in(other.path(), &state);
    let error = Planner::write(&mut kept_on_full, &[patch("a.yaml", "1", &long)]).unwrap_err().to_string();
    assert!(error.contains("the record for undo cannot be kept"), "{error}");
    for root in [root.as_path(), other.path()] {
        assert_eq!(std::fs::read_to_string(root.join("a.yaml")).unwrap(), "1");
    }
    assert_eq!(
        (Planner::undo(&mut on_full, UndoDirection::Back).unwrap(), crate::support::entries(&root).len()),
        (None, 1)
    );
    // With room again it goes on as if nothing had been.
    std::fs::remove_file(disk.join("filler")).unwrap();
    Planner::write(&mut on_full, &[patch("a.yaml", "1", &long)]).unwrap();
    assert!(Planner::undo(&mut on_full, UndoDirection::Back).unwrap().is_some());
    assert_eq!(std::fs::read_to_string(root.join("a.yaml")).unwrap(), "1");
}
