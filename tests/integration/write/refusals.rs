//! What cannot be written as it should is not written, and the reason is given.

use std::fs::{File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use seaworthy::fix::History;
use seaworthy::repo::Moment;

use super::{Desk, patch};

/// The reason why a write of `a.yaml` is refused, after which it still says what it said.
fn refusal(desk: &Desk) -> String {
    let error = desk.history().write(&[patch("a.yaml", "1", "2")]).unwrap_err().to_string();
    assert_eq!(desk.history().undo().unwrap(), None, "{error}");
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
        desk.history().write(&[patch("a.yaml", "1", "2")]).unwrap();
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
    desk.history().write(&[patch("a.yaml", "1", "2")]).unwrap();
    assert!(desk.root().join("a.yaml").is_symlink());
    assert_eq!(desk.text("real.yaml"), "2");
}

#[test]
fn the_mode_is_kept() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let at = desk.root().join("a.yaml");
    std::fs::set_permissions(&at, Permissions::from_mode(0o640)).unwrap();
    desk.history().write(&[patch("a.yaml", "1", "2")]).unwrap();
    assert_eq!(at.metadata().unwrap().permissions().mode() & 0o7777, 0o640);
}

#[test]
fn extended_attributes_are_kept_where_the_filesystem_has_them() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let at = desk.root().join("a.yaml");
    let file = File::open(&at).unwrap();
    let set = rustix::fs::fsetxattr(&file, "user.note", b"mine", rustix::fs::XattrFlags::empty());
    desk.history().write(&[patch("a.yaml", "1", "2")]).unwrap();
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
        desk.history().write(&both).unwrap_err().to_string().contains("sub/b.yaml has several hard links")
    );
    let names = ["a.yaml", "c", "sub"].map(String::from).to_vec();
    assert_eq!((desk.text("a.yaml"), desk.names("")), ("1".into(), names));
}

/// The folder of the second file vanishes at each moment of the write.
#[test]
fn a_folder_that_vanishes_under_the_write_takes_nothing_with_it() {
    let moments = [Moment::Journaled, Moment::Staged(1), Moment::Staged(2), Moment::Placed(1)];
    for moment in moments {
        let desk = Desk::new(&[("a.yaml", "1"), ("sub/b.yaml", "x")]);
        let (from, to) = (desk.root().join("sub"), desk.root().join("away"));
        let mut history = desk.history().telling(move |now| {
            if now == moment {
                std::fs::rename(&from, &to).unwrap();
            }
        });
        let both = [patch("a.yaml", "1", "2"), patch("sub/b.yaml", "x", "y")];
        let error = history.write(&both).unwrap_err().to_string();
        assert!(error.contains("sub/b.yaml cannot be"), "{moment:?}: {error}");
        assert_eq!((desk.text("a.yaml"), desk.text("away/b.yaml")), ("1".into(), "x".into()), "{moment:?}");
        assert_eq!(history.undo().unwrap(), None, "{moment:?}");
        assert_eq!(desk.names(""), ["a.yaml", "away"], "{moment:?}");
    }
}

#[test]
fn a_file_that_changes_under_the_write_is_kept_and_the_others_are_put_back() {
    let desk = Desk::new(&[("a.yaml", "1"), ("b.yaml", "x")]);
    let second = desk.root().join("b.yaml");
    let mut history = desk.history().telling(move |now| {
        if now == Moment::Placed(1) {
            std::fs::write(&second, "mine").unwrap();
        }
    });
    let error = history.write(&[patch("a.yaml", "1", "2"), patch("b.yaml", "x", "y")]).unwrap_err();
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
    assert_eq!(desk.history().undo().unwrap(), None);
}

/// The process whose disk is full. Run by the test above, and by nobody else.
#[test]
#[ignore = "limits its own process when another test asks it to"]
fn writer() {
    let (Ok(root), Ok(state)) = (std::env::var("WRITER_ROOT"), std::env::var("WRITER_STATE")) else { return };
    let mut history = History::kept_in(root.as_ref(), state.as_ref()).telling(|now| {
        if now == Moment::Journaled {
            let limit = rustix::process::Rlimit { current: Some(0), maximum: None };
            rustix::process::setrlimit(rustix::process::Resource::Fsize, limit).unwrap();
        }
    });
    let error = history.write(&[patch("a.yaml", "1", "2")]).unwrap_err().to_string();
    let open = rustix::process::Rlimit { current: None, maximum: None };
    rustix::process::setrlimit(rustix::process::Resource::Fsize, open).unwrap();
    assert!(error.contains("a.yaml cannot be written (File too large"), "{error}");
}
