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
    world.pty.send("?").shows("Next finding of the file");
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
        "{file}",
    ] {
        for evil in EVIL {
            let refused = editor_command(template, Path::new(evil), 7, variable).unwrap_err();
            assert!(refused.contains("an argument of its own"), "{template} {evil}: {refused}");
        }
        let plain = editor_command(template, Path::new("/a-b/c_d.e+f/Dockerfile"), 7, variable).unwrap();
        assert!(plain.words.iter().any(|word| word.contains("/a-b/c_d.e+f/Dockerfile")), "{template}");
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
