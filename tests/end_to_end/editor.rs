//! The terminal handed to an editor, and taken back.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use seaworthy::terminal::editor_command;
use tempfile::TempDir;

use crate::world::World;

/// An editor that says what it was called with, and what was typed.
fn script(folder: &TempDir) -> String {
    let path = folder.path().join("vim");
    let text = "#!/bin/sh\necho \"called with $1 and ${2##*/}\"\nread line\necho \"# $line\" >> \"$2\"\n";
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn an_editor_opens_at_the_line_and_has_all_keys_to_itself() {
    let folder = TempDir::new().unwrap();
    let editor = script(&folder);
    let mut world = World::with(&[("VISUAL", &editor)], (120, 40));
    world.pty.send("/may-run\r").shows("may-run-as-root");
    world.pty.send("e").shows("called with +17 and deploy.yaml");
    assert!(world.pty.is_cooked());
    world.pty.send("quite quickly\r").shows("/may-run");
    assert!(world.read("deploy.yaml").ends_with("# quite quickly\n"));
    world.pty.send("?").shows("Open the line in your editor");
}

#[test]
fn an_editor_that_is_not_there_is_said_so() {
    let mut world = World::with(&[("VISUAL", "no-such-editor")], (120, 40));
    world.pty.send("e").shows("no-such-editor could not be started");
}

/// Names that a shell or an editor would take for more than a name.
const EVIL: [&str; 12] = [
    "Dockerfile.`touch PWNED`",
    "Dockerfile.$(touch PWNED)",
    "Dockerfile.|!touch PWNED",
    "Dockerfile.<CR>:!touch PWNED<CR>",
    "a.yaml;touch PWNED",
    "a.yaml\ntouch PWNED\n",
    "a.yaml' && touch PWNED && '.yaml",
    "a.yaml\" && touch PWNED && \".yaml",
    "a.yaml\u{1b}:!touch PWNED\r",
    "a b.yaml",
    "a%b#c.yaml",
    "gr\u{f6}\u{df}e.yaml",
];

/// What the README shows as an editor, with its quotes taken away.
fn readme_templates() -> Vec<String> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, example) = readme.split_once("\neditor = ").unwrap();
    let (example, _) = example.split_once("\nmouse").unwrap();
    let toml = |line: &str| -> Option<String> {
        let value = &line[line.find("'''").or_else(|| line.find('"'))?..];
        let end = if value.starts_with('\'') { value.rfind("'''")? + 3 } else { value[1..].find('"')? + 2 };
        let table: toml::Table = format!("editor = {}", &value[..end]).parse().ok()?;
        Some(table["editor"].as_str()?.to_owned())
    };
    example.lines().filter_map(toml).collect()
}

#[test]
fn a_name_within_a_command_of_another_program_must_be_plain() {
    let variable = |name: &str| (name == "NVIM").then(|| "/run/nvim.0".to_owned());
    for template in [
        "nvim --server $NVIM --remote-send '<C-\\><C-N>:e +{line} {file}<CR>'",
        "sh -c 'vi {file}'",
        "sh -c \"vi '{file}'\"",
        "emacsclient --eval '(find-file \"{file}\")'",
        "code --goto {file}:{line}",
        "nvim --server $NVIM --remote-send {file}",
        "ssh -t host vi +{line} {file}",
        "/usr/bin/ssh host vi",
    ] {
        for evil in EVIL {
            let refused = editor_command(template, Path::new(evil), 7, variable).unwrap_err();
            assert!(refused.contains("an argument of its own"), "{template} {evil}: {refused}");
        }
        let plain = editor_command(template, Path::new("/a-b/c_d.e+f/Dockerfile"), 7, variable).unwrap();
        assert!(plain.words.iter().any(|word| word.contains("/a-b/c_d.e+f/Dockerfile")), "{template}");
    }
}

/// Commands of which one program reads a whole word as a text in its own language, or types it somewhere.
const INTERPRETING: [&str; 72] = [
    "powershell.exe -NoProfile vi",
    "cmd.exe /C vi",
    "python3.12 -c {file}",
    "python -Bc",
    "perl -e {file}",
    "perl -lne {file}",
    "perl -pe 's/a/b/' {file}",
    "ruby -e",
    "node --eval {file}",
    "node -p",
    "deno eval {file}",
    "php -r {file}",
    "lua5.4 -e {file}",
    "awk {file}",
    "sed -e {file}",
    "sed",
    "vim -c {file}",
    "nvim --cmd {file} x",
    "vim + {file}",
    "gvim -c",
    "vim -e {file}",
    "emacs --eval {file}",
    "emacs -nw -execute {file}",
    "emacsclient -e {file}",
    "emacsclient --eval '(ignore)' {file}",
    "emacsclient -ne",
    "kak -e {file}",
    "kak -E",
    "unheard-of --command -v {file}",
    "docker exec -it box sh -c {file}",
    "timeout 5 python3 -c",
    "tmux new-window nvim",
    "tmux popup -E vi {file}",
    "wezterm cli spawn vi {file}",
    "zellij action write-chars {file}",
    "zellij run -- vi",
    "xdotool type {file}",
    "osascript -e {file}",
    "ssh -t host vi {file}",
    "sh -c 'tmux new-window vi \"$1\"' sh {file}",
    "sh -c 'eval vi \"$1\"' sh {file}",
    "sh -c 'if true; then sh -c \"vi $1\"; fi' sh {file}",
    "sh -c 'cd / && ssh host vi \"$1\" || true' sh {file}",
    "bash -c 'exec \"$@\"' sh vim -c {file}",
    "sh -c 'vi $1' sh {file}",
    "sh -c 'vi +${2} ${1}' sh {file} {line}",
    "sh -c 'f() { eval \"$1\"; }; f \"$2\"' sh x {file}",
    "sh -c 'echo \":e $1\" > pipe' sh {file}",
    "sh -c 'sh -c \"$*\"' sh vi {file}",
    "sh -c 'eval \"$10\"' sh {file}",
    "perl -n x {file}",
    "sh -c 'f=\"$1\"; vi \"$f\"' sh {file}",
    "sh -c 'X=1 F=\"$1\" vi' sh {file}",
    "sh -c 'F=$(sh -c \"vi $1\")' sh {file}",
    "sh -c 'export F=\"$1\"; vi' sh {file}",
    "sh -c 'env F=\"$1\" vi' sh {file}",
    "sh -c 'time f=\"$1\"; vi \"$f\"' sh {file}",
    "sh -c 'set -- vi \"$1\"; vi \"$2\"' sh {file}",
    "sh -c ': \"${f:=$1}\"; vi \"$f\"' sh {file}",
    "sh -c 'for f in \"$@\"; do vi \"$f\"; done' sh {file}",
    "sh -c 'for f; do vi \"$f\"; done' sh {file}",
    "sh -c 'if true; then for f; do vi \"$f\"; done; fi' sh {file}",
    "sh -c 'vi \"$1\"; eval x' sh {file}",
    "bash -c 'vi \"${1@P}\"' sh {file}",
    "bash -c 'echo \"$((a[$1]))\"' sh {file}",
    "bash -c '[[ \"$1\" -eq 1 ]]' sh {file}",
    "bash -c 'printf -v \"$1\" x' sh {file}",
    "bash -c 'mapfile -C \"$1\" -c 1 <<< x' sh {file}",
    "sh -c 'ed -s <<E\n!vi $1\nE' sh {file}",
    "sh -c 'tee x <<E\nvi $1\nE' sh {file}",
    "sh -c 'ls \"$1\" > x' sh {file}",
    "sh -c '{ vi \"$1\"; true; } | tee x' sh {file}",
];

#[test]
fn a_name_that_another_program_interprets_must_be_plain() {
    for template in INTERPRETING {
        for evil in EVIL.into_iter().chain(["-c!touch PWNED", "+!touch", "-R"]) {
            let refused = editor_command(template, Path::new(evil), 7, |_| None);
            let said = refused.expect_err(&format!("{template} {evil}"));
            assert!(said.contains("an argument of its own"), "{template} {evil}: {said}");
        }
        let plain = editor_command(template, Path::new("/a-b/c_d.e+f/Dockerfile"), 7, |_| None)
            .unwrap_or_else(|error| panic!("{template}: {error}"));
        assert!(plain.words.iter().any(|word| word == "/a-b/c_d.e+f/Dockerfile"), "{template}");
    }
}

#[test]
fn no_file_of_a_repository_is_started() {
    for template in [
        "{file}",
        "sh",
        "bash {file}",
        "bash --norc -- {file}",
        "python3 -u",
        "perl {file}",
        "node",
        ". {file}",
        "env",
        "env A=b {file}",
        "sudo -u me {file}",
        "nohup",
        "kitty {file}",
        "wezterm start {file}",
        "emacs --script {file}",
        "vim -u {file}",
        "emacsclient -a {file}",
        "sh -c '\"$1\"' sh {file}",
        "sh -c 'exec \"$0\"' {file}",
        "sh -c '\"$@\"' sh",
        "sh -c {file}",
        "sh -c",
        "bash -lc {file}",
        "/bin/bash -cl {file}",
        "dash -c -- {file}",
        "zsh -ic",
        "ksh -o vi -c {file}",
        "bash -euo pipefail -c",
        "bash -c -o pipefail {file}",
        "fish --command {file}",
        "fish --init-command {file}",
        "pwsh -Command {file}",
        "cmd /c {file}",
        "vim -S {file}",
        "unheard-of -e {file}",
        "env sh -c {file}",
        "env -i A=b bash -lc",
        "env -S 'sh -c' {file}",
        "env -S'sh -c' {file}",
        "sudo -u me sh -c {file}",
        "nohup nice -n 5 sh -c",
        "xargs -0 sh -c {file}",
        "busybox sh -c {file}",
        "tmux send-keys {file} Enter",
        "tmux -L a split-window {file}",
        "screen -X stuff {file}",
        "kitty @ send-text {file}",
        "kitty @ launch sh -c {file}",
        "wezterm cli send-text {file}",
        "su - me -c {file}",
        "sh -c 'shift; eval \"$1\"' sh x {file}",
        "sh -c 'echo \":e $1\" | sh' sh {file}",
        "bash -c 'sh <<< \"$1\"' sh {file}",
        "env sh -c 'exec {file}'",
        "env F={file} sh -c '\"$F\"'",
        "sh -c '. {file}'",
        "sh -c 'cd / && {file}'",
        "sh -c 'sh -c \"$1\"' sh {file}",
        "sh -c 'sh -c \"exec $1\"' sh {file}",
        "sh -c 'sh < \"$1\"' sh {file}",
        "sh -c 'cat \"$1\" | sh' sh {file}",
        "sh -c 'vim \"+so $1\"' sh {file}",
        "vim -Nu NONE -S {file}",
        "vim -NS {file}",
        "vim '+source {file}'",
        "vim -c 'so {file}'",
        "vim -S{file}",
        "nvim -c ':!{file}'",
        "vim.basic -S {file}",
        "emacs-nox -l {file}",
        "emacs-nox --load {file}",
        "emacs-gtk --load={file}",
        "emacs --eval '(load \"{file}\")'",
        "python3-dbg {file}",
        "bash --rcfile={file}",
        "tmux new-window {file}",
        "watch {file}",
    ] {
        for path in EVIL.into_iter().chain(["/a/plain.yaml"]) {
            let refused = editor_command(template, Path::new(path), 7, |_| None);
            let said = refused.expect_err(&format!("{template} {path}"));
            assert!(said.contains("would start this file") || path != "/a/plain.yaml", "{template}: {said}");
        }
    }
}

#[test]
fn a_name_that_no_program_interprets_may_be_any() {
    for template in [
        "vim +{line} {file}",
        "nvim -p -c 'set ft=yaml' {file}",
        "vim -- {file}",
        "emacs -nw --eval '(setq a 1)' {file}",
        "emacsclient -c {file}",
        "emacsclient -nc -a ''",
        "emacsclient -t +{line} {file}",
        "nano -c {file}",
        "nano -lSE",
        "less -S {file}",
        "sudo -e {file}",
        "sudoedit",
        "env A=b -u C vim",
        "env -S 'vim -R' {file}",
        "sudo -u me vim {file}",
        "kitty vim {file}",
        "wezterm start -- vim {file}",
        "xterm -e vim {file}",
        "python3 /opt/edit.py {file}",
        "python3 -m edit {file}",
        "perl /opt/edit.pl",
        "node edit.js --at {line} {file}",
        "deno run edit.ts {file}",
        "awk '{print}' {file}",
        "sh /opt/edit.sh {file}",
        "sh -c 'vi \"+$2\" \"$1\"' sh {file} {line}",
        "sh -c 'vi \"$0\"'",
        "bash -ec 'cd / && if true; then exec vi -- \"$1\"; fi' bash {file}",
        "sh -c 'sh -c \"vi \\\"\\$1\\\"\" sh \"$1\"' sh {file}",
        "sh -c 'exec \"$@\"' sh vim {file}",
        "fish -c 'vi $argv[1]' {file}",
        "zsh -c 'vi +$2 $1' zsh {file} {line}",
        "sh -c 'if [ -e \"$1\" ]; then vi \"$1\"; fi' sh {file}",
        "sh -c 'case \"$1\" in *.yaml) vi -R \"$1\";; *) vi \"$1\";; esac' sh {file}",
        "code --reuse-window --wait {file}",
        "emacs-nox -nw {file}",
        "vim.basic -R {file}",
        "sh -c 'vi \"$1\" 2>/dev/null' sh {file}",
        "sh -c 'cd \"${1%/*}\" && vi \"${1##*/}\"' sh {file}",
    ] {
        for evil in EVIL {
            let launch = editor_command(template, Path::new(evil), 7, |_| None)
                .unwrap_or_else(|error| panic!("{template} {evil}: {error}"));
            assert!(launch.words.iter().any(|word| word == evil), "{template} {evil}: {:?}", launch.words);
        }
        let option = editor_command(template, Path::new("-c!touch PWNED"), 7, |_| None).unwrap();
        assert!(option.words.iter().any(|word| word == "./-c!touch PWNED"), "{template}: {:?}", option.words);
    }
}

#[test]
fn a_name_that_is_an_argument_of_its_own_may_be_any() {
    let variable = |name: &str| (name == "NVIM").then(|| "/run/nvim.0".to_owned());
    let evil = EVIL.into_iter().chain(["a $NVIM {line}.yaml", "{file}"]);
    for path in evil {
        let launch =
            editor_command("nvim --server $NVIM --remote {file} +{line}", Path::new(path), 7, variable)
                .unwrap();
        assert_eq!(launch.words, ["nvim", "--server", "/run/nvim.0", "--remote", path, "+7"]);
        assert!(launch.has_window, "it takes no terminal");
    }
}

/// Each template of the README is run with programs that note their arguments.
#[test]
fn what_the_readme_shows_hands_the_path_over_as_data() {
    let templates = readme_templates();
    assert!(
        templates.len() >= 3 && templates.iter().any(|template| template.contains("nvim")),
        "{templates:?}"
    );
    let folder = TempDir::new().unwrap();
    let note = "#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done >> \"$NOTE\"\n";
    for program in ["nvim", "hx", "code"] {
        let at = folder.path().join(program);
        std::fs::write(&at, note).unwrap();
        std::fs::set_permissions(&at, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let noted = folder.path().join("noted");
    let path_variable = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    for (template, evil) in templates.iter().flat_map(|template| EVIL.map(|evil| (template, evil))) {
        let variable = |name: &str| (name == "NVIM").then(|| "/run/nvim.0".to_owned());
        let Ok(launch) = editor_command(template, Path::new(evil), 7, variable) else { continue };
        let status = std::process::Command::new(&launch.words[0])
            .args(&launch.words[1..])
            .current_dir(folder.path())
            .envs([("PATH", path_variable.as_str()), ("NOTE", noted.to_str().unwrap())])
            .status()
            .unwrap();
        assert!(status.success(), "{template}");
        let words = std::fs::read_to_string(&noted).unwrap();
        std::fs::remove_file(&noted).unwrap();
        let whole = |word: &str| word == evil || word == format!("{evil}:7");
        assert!(words.split('\0').any(whole), "{template}: {words:?}");
        assert!(!folder.path().join("PWNED").exists(), "{template} ran {evil}");
    }
}

#[test]
fn a_refused_path_is_said_on_the_screen() {
    let name = "Dockerfile.`touch PWNED`";
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("home")).unwrap();
    std::fs::create_dir(folder.path().join("tides")).unwrap();
    std::fs::write(folder.path().join("tides").join(name), "FROM a:1.2\nUSER root\n").unwrap();
    let root = folder.path().join("tides").to_str().unwrap().to_owned();
    let mut world = World::run(folder, &[&root], &[("VISUAL", "sh -c 'vi {file}'")], (120, 40));
    world.pty.shows("root-user").send("e").shows("make {file} an argument of its own");
    assert!(!world.path("PWNED").exists());
}

#[test]
fn every_common_editor_opens_at_the_line() {
    for (editor, words, window) in [
        ("vim", "vim +7 a b.yaml", false),
        ("/usr/bin/nano -w", "/usr/bin/nano -w +7 a b.yaml", false),
        ("vi", "vi +7 a b.yaml", false),
        ("nvim", "nvim +7 a b.yaml", false),
        ("emacs -nw", "emacs -nw +7 a b.yaml", false),
        ("emacsclient -t", "emacsclient -t +7 a b.yaml", false),
        ("kak", "kak +7 a b.yaml", false),
        ("micro", "micro +7 a b.yaml", false),
        ("hx", "hx a b.yaml:7", false),
        ("zed --wait", "zed --wait a b.yaml:7", true),
        ("idea", "idea --line 7 a b.yaml", true),
        ("code --new-window", "code --new-window --goto a b.yaml:7", true),
        ("'/opt/my editors/subl'", "/opt/my editors/subl a b.yaml:7", true),
        ("unheard-of", "unheard-of a b.yaml", false),
    ] {
        let launch = editor_command(editor, Path::new("a b.yaml"), 7, |_| None).unwrap();
        assert_eq!((launch.words.join(" ").as_str(), launch.has_window), (words, window));
        assert!(launch.words.last().unwrap().starts_with("a b.yaml"), "a path is one word");
    }
    assert_eq!(editor_command(" ", Path::new("a"), 1, |_| None), Err("$EDITOR names no program".to_owned()));
}

#[test]
fn an_editor_of_the_users_own_making_is_started_in_the_terminal() {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("mine");
    std::fs::write(&program, "#!/bin/sh\necho \"called with $1 on ${2##*/}\"\nread line\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::create_dir(folder.path().join("seaworthy")).unwrap();
    let config = format!("editor = \"{} --at={{line}} {{file}}\"\n", program.display());
    std::fs::write(folder.path().join("seaworthy/config.toml"), config).unwrap();
    let home = folder.path().to_str().unwrap();
    let mut world = World::with(&[("XDG_CONFIG_HOME", home), ("EDITOR", "no-such-editor")], (120, 40));
    world.pty.send("/may-run\r").shows("may-run-as-root");
    world.pty.send("e").shows("called with --at=17 on deploy.yaml").send("\r").shows("/may-run");
}
