//! What cannot be written as it should is not written, and the reason is given.

use std::fs::{File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use seaworthy::fix::{History, Planner, UndoDirection};
use seaworthy::repo::{FilePatch, WriteStage};

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

/// What is made there could not be taken away again.
#[test]
fn a_file_in_a_folder_that_may_only_be_added_to() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let chattr = |flag: &str| Command::new("chattr").arg(flag).arg(desk.root()).output();
    // Only some users may set the flag, and only some filesystems have it.
    if !chattr("+a").is_ok_and(|ran| ran.status.success()) {
        return;
    }
    let error = Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap_err().to_string();
    let names = desk.names("");
    chattr("-a").unwrap();
    assert!(error.contains("lies in a folder that may only be added to"), "{error}");
    assert_eq!(names, ["a.yaml"], "nothing is left there");
}

#[test]
fn a_link_that_leads_nowhere_is_called_that() {
    let desk = Desk::new(&[]);
    symlink("/nowhere/at/all", desk.root().join("a.yaml")).unwrap();
    let made = FilePatch { before: seaworthy::text::SourceText::absent(), ..patch("a.yaml", "", "2") };
    let error = Planner::write(&mut desk.history(), &[made]).unwrap_err().to_string();
    assert!(error.contains("a.yaml is a link that leads nowhere"), "{error}");
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

/// The value of an attribute; none where there is none.
fn attribute(at: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = vec![0; 1024];
    let length = rustix::fs::getxattr(at, name, value.as_mut_slice()).ok()?;
    value.truncate(length);
    Some(value)
}

/// An access list: its owner and group and all may do what `mode` says, and a stranger may read and write.
fn access_list() -> Vec<u8> {
    let nobody = u32::MAX;
    let entries: [(u16, u16, u32); 5] =
        [(1, 7, nobody), (2, 6, 12_345), (4, 5, nobody), (0x10, 7, nobody), (0x20, 5, nobody)];
    let entries = entries.iter().flat_map(|(tag, rights, id)| {
        [&tag.to_le_bytes()[..], &rights.to_le_bytes()[..], &id.to_le_bytes()[..]].concat()
    });
    2u32.to_le_bytes().into_iter().chain(entries).collect()
}

#[test]
fn a_folder_that_opens_its_new_files_opens_none_that_is_private() {
    for mode in [0o600, 0o640, 0o660, 0o644] {
        let desk = Desk::new(&[("a.yaml", "1")]);
        let at = desk.root().join("a.yaml");
        std::fs::set_permissions(&at, Permissions::from_mode(mode)).unwrap();
        let folder = File::open(desk.root()).unwrap();
        let opened = rustix::fs::fsetxattr(
            &folder,
            "system.posix_acl_default",
            &access_list(),
            rustix::fs::XattrFlags::empty(),
        );
        if opened.is_ok() {
            std::fs::write(desk.root().join("witness"), "").unwrap();
            assert!(attribute(&desk.root().join("witness"), "system.posix_acl_access").is_some());
        }
        Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap();
        assert_eq!(at.metadata().unwrap().permissions().mode() & 0o7777, mode);
        assert_eq!(attribute(&at, "system.posix_acl_access"), None);
        // What was written can be taken back.
        Planner::undo(&mut desk.history(), UndoDirection::Back).unwrap().unwrap();
        assert_eq!(desk.text("a.yaml"), "1");
        assert_eq!(attribute(&at, "system.posix_acl_access"), None);
    }
}

/// Only some users may set some of them; whoever can must find them kept, or the write refused.
#[test]
fn attributes_of_every_kind_are_kept_or_the_write_is_refused() {
    for name in ["user.note", "trusted.note", "security.note", "security.capability", "security.ima"] {
        let desk = Desk::new(&[("a.yaml", "1")]);
        let at = desk.root().join("a.yaml");
        let capability = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let value: &[u8] = if name == "security.capability" { &capability } else { b"mine" };
        let file = File::open(&at).unwrap();
        let _ = rustix::fs::fsetxattr(&file, name, value, rustix::fs::XattrFlags::empty());
        let before = attribute(&at, name);
        match Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]) {
            Ok(()) => {
                assert_eq!(
                    (attribute(&at, name), desk.text("a.yaml")),
                    (before.clone(), "2".to_owned()),
                    "{name}"
                );
                assert!(
                    name != "security.ima" || before.is_none(),
                    "a measure of another text is no measure"
                );
            }
            Err(error) => {
                assert!(error.to_string().contains(" has "), "{error}");
                assert_eq!((attribute(&at, name), desk.text("a.yaml")), (before, "1".to_owned()), "{name}");
            }
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn flags_of_a_file_are_kept_or_the_write_is_refused() {
    use rustix::fs::{IFlags, ioctl_getflags, ioctl_setflags};
    let flags =
        [IFlags::NODUMP, IFlags::NOATIME, IFlags::SYNC, IFlags::APPEND, IFlags::IMMUTABLE, IFlags::NOCOW];
    for flag in flags {
        let desk = Desk::new(&[("a.yaml", "1")]);
        let at = desk.root().join("a.yaml");
        let Ok(usual) = ioctl_getflags(File::open(&at).unwrap()) else { continue };
        let _ = ioctl_setflags(File::open(&at).unwrap(), usual | flag);
        let before = ioctl_getflags(File::open(&at).unwrap()).unwrap();
        let written = Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]);
        let after = ioctl_getflags(File::open(&at).unwrap()).unwrap();
        let _ = ioctl_setflags(File::open(&at).unwrap(), usual);
        assert_eq!(after, before);
        assert_eq!(desk.text("a.yaml"), if written.is_ok() { "2" } else { "1" });
        let fixed = before.intersects(IFlags::APPEND | IFlags::IMMUTABLE);
        assert_eq!(written.is_err(), fixed, "{written:?}");
        assert_eq!(desk.names(""), ["a.yaml"]);
    }
}

/// A new text is nobody else's to read before it has its place.
#[test]
fn what_is_staged_is_never_wider_than_its_file() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let at = desk.root().join("a.yaml");
    std::fs::set_permissions(&at, Permissions::from_mode(0o600)).unwrap();
    let root = desk.root().to_path_buf();
    let mut history = desk.history().with_observer(move |stage| {
        if matches!(stage, WriteStage::Staged(_)) {
            for file in std::fs::read_dir(&root).unwrap() {
                let about = file.unwrap().metadata().unwrap();
                assert_eq!(about.permissions().mode() & 0o777, 0o600);
            }
        }
    });

    Planner::write(&mut history, &[patch("a.yaml", "1", "2")]).unwrap();
    assert_eq!(desk.text("a.yaml"), "2");
}

/// All that refuse are known at once, so that a write need not fail once for each.
#[test]
fn every_refusal_is_known_before_anything_is_written() {
    let names: Vec<String> = (0..30).map(|n| format!("{n}.yaml")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    let desk = Desk::new(&files);
    std::fs::write(desk.root().join("1.yaml"), "mine").unwrap();
    std::fs::remove_file(desk.root().join("2.yaml")).unwrap();
    for name in &names[20..] {
        std::fs::hard_link(desk.root().join(name), desk.root().join(format!("{name}.txt"))).unwrap();
    }
    let mut patches: Vec<FilePatch> = names.iter().map(|name| patch(name, "1", "2")).collect();
    let mut history = desk.history();
    let refusals = Planner::drop_refused(&history, &mut patches).unwrap();
    assert_eq!((refusals.len(), patches.len()), (12, 18), "{refusals:?}");
    assert_eq!(desk.text("0.yaml"), "1");
    assert!(!desk.names("").iter().any(|name| name.ends_with(".tmp")));
    Planner::write(&mut history, &patches).unwrap();
    assert_eq!(desk.text("0.yaml"), "2");
}
