//! What git says of a revision: which files are others now, and nothing of the repository is run to find out.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use seaworthy::repo::{GitError, RelPath, RevisionFiles};

/// Git as a person runs it, with nothing of this machine's settings.
fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.env_remove("GIT_DIR").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.fsmonitor=false"]);
    let done = command.arg("-C").arg(folder).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// A repository with one commit.
fn repository() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    git(root.path(), &["init", "--quiet", "--initial-branch=main"]);
    for (path, text) in
        [("Dockerfile", "FROM a\n"), ("app/deploy.yaml", "kind: Pod\n"), ("app/a \"b\"\n\u{e4}.yaml", "c\n")]
    {
        write(root.path(), path, text);
    }
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "--quiet", "--message", "one"]);
    root
}

fn read(root: &Path, revision: &str) -> RevisionFiles {
    RevisionFiles::read(root, revision, None).unwrap().unwrap()
}

#[test]
fn a_file_is_the_same_by_its_text_and_its_name() {
    let root = repository();
    let files = read(root.path(), "HEAD");
    let holds = |path: &str, text: &str| files.holds(&RelPath::from(path), text);
    assert!(holds("Dockerfile", "FROM a\n"));
    assert!(holds("Dockerfile", "FROM a\r\n"), "other line ends are no change");
    assert!(!holds("Dockerfile", "FROM b\n"));
    assert!(!holds("Containerfile", "FROM a\n"), "a file that came is another");
    assert!(holds("app/a \"b\"\n\u{e4}.yaml", "c\n"));
    assert!(holds("../around.yaml", "c\n"), "of what lies around nothing is known");
    let below = read(&root.path().join("app"), "HEAD");
    assert!(below.holds(&RelPath::from("deploy.yaml"), "kind: Pod\n"), "paths are those of the folder");
}

#[test]
fn a_revision_is_another_one_after_a_commit_only() {
    let root = repository();
    let first = read(root.path(), "HEAD");
    write(root.path(), "Dockerfile", "FROM b\n");
    git(root.path(), &["add", "."]);
    assert_eq!(RevisionFiles::read(root.path(), "HEAD", Some(&first)), Ok(None), "nothing was committed");
    git(root.path(), &["commit", "--quiet", "--message", "two"]);
    let second = RevisionFiles::read(root.path(), "HEAD", Some(&first)).unwrap().unwrap();
    assert!(second.holds(&RelPath::from("Dockerfile"), "FROM b\n"));
    assert!(read(root.path(), "main~1").holds(&RelPath::from("Dockerfile"), "FROM a\n"));
}

#[test]
fn where_git_knows_nothing_it_says_so() {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(RevisionFiles::read(root.path(), "HEAD", None), Err(GitError::NoAnswer));
    let root = repository();
    for revision in ["feature", "--help", "HEAD:app", ""] {
        let unknown = GitError::UnknownRevision(revision.to_owned());
        assert_eq!(RevisionFiles::read(root.path(), revision, None), Err(unknown), "{revision}");
    }
    let empty = tempfile::tempdir().unwrap();
    git(empty.path(), &["init", "--quiet"]);
    assert!(RevisionFiles::read(empty.path(), "HEAD", None).is_err(), "without a commit");
    // A file where git's folder should be is no repository.
    let broken = tempfile::tempdir().unwrap();
    write(broken.path(), ".git", "gitdir: /nowhere\n");
    assert!(RevisionFiles::read(broken.path(), "HEAD", None).is_err());
}

/// A repository's own settings name programs for git to run: none of them is.
#[test]
fn nothing_that_a_repository_names_is_run() {
    let root = repository();
    let told = root.path().join("it-was-run");
    let script = root.path().join("evil.sh");
    fs::write(&script, format!("#!/bin/sh\ntouch '{}'\ncat\n", told.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let script = script.to_str().unwrap();
    for hook in ["post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman"] {
        fs::create_dir_all(root.path().join(".git/hooks")).unwrap();
        fs::copy(script, root.path().join(".git/hooks").join(hook)).unwrap();
    }
    for name in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.gitProxy",
        "core.askPass",
        "core.editor",
        "pager.ls-tree",
        "pager.rev-parse",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "alias.ls-tree",
        "alias.rev-parse",
        "credential.helper",
        "uploadpack.packObjectsHook",
        "gpg.program",
    ] {
        git(
            root.path(),
            &[
                "config",
                name,
                &if name.starts_with("alias") { format!("!{script}") } else { script.to_owned() },
            ],
        );
    }
    git(root.path(), &["config", "core.hooksPath", ".git/hooks"]);
    fs::write(root.path().join(".gitattributes"), "* filter=evil diff=evil\n").unwrap();
    fs::write(root.path().join("Dockerfile"), "FROM b\n").unwrap();
    let _ = fs::remove_file(&told);
    let files = read(root.path(), "HEAD");
    assert!(!files.holds(&RelPath::from("Dockerfile"), "FROM b\n"));
    assert!(RevisionFiles::read(root.path(), "origin/main", None).is_err());
    assert!(!told.exists());
}

/// A partial clone has objects elsewhere: they are not fetched.
#[test]
fn nothing_is_fetched() {
    let root = repository();
    let told = root.path().join("it-was-run");
    let command = format!("touch '{}'; false", told.display());
    for (name, value) in [
        ("remote.origin.url", "ext::sh -c true"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialclonefilter", "tree:0"),
        ("remote.origin.uploadpack", command.as_str()),
        ("extensions.partialClone", "origin"),
        ("core.repositoryFormatVersion", "1"),
        ("protocol.ext.allow", "always"),
    ] {
        git(root.path(), &["config", name, value]);
    }
    let tree =
        Command::new("git").arg("-C").arg(root.path()).args(["rev-parse", "HEAD:app"]).output().unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    let (folder, name) = tree.trim().split_at(2);
    fs::remove_file(root.path().join(".git/objects").join(folder).join(name)).unwrap();
    assert!(RevisionFiles::read(root.path(), "HEAD", None).is_err(), "a part of it is not there");
    assert!(!told.exists());
}
