//! An engine that fails, hangs or bounds less than it is asked to is named, and keeps nobody waiting.

use std::process::Output;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::recorded::{DOCKER, MANIFEST, Recorded, text};
use crate::support::repository;

fn app(manifest: &str) -> TempDir {
    repository(&[("app.yaml", manifest), ("seaworthy.toml", "engine = \"docker\"\n")])
}

/// The engine with these answers in the place of its own, each by the word that it begins with.
fn engine_with(answers: &[(&str, &str)]) -> String {
    let own =
        DOCKER.lines().filter(|line| !answers.iter().any(|(word, _)| line.starts_with(&format!("{word}) "))));
    let mut lines: Vec<String> = own.map(str::to_owned).collect();
    let at = lines.iter().position(|line| line.starts_with("case \"$1\" in")).unwrap();
    for (word, answer) in answers {
        lines.insert(at + 1, format!("{word}) {answer} ;;"));
    }
    lines.join("\n")
}

fn tried(script: &str, manifest: &str) -> (Recorded, Output) {
    let recorded = Recorded::with_script(script);
    let output = recorded.trial(app(manifest).path(), &["--time", "1"]);
    (recorded, output)
}

/// Runs on, but for the starts of these numbers, which end with 1.
fn failing_at(numbers: &str) -> String {
    let start = "n=$(($(cat \"$RECORD.n\" 2>/dev/null || echo 0) + 1)); echo $n > \"$RECORD.n\"; case \" @ \" in *\" $n \"*) touch \"$RECORD.failed\"; echo the sea is rough >&2; exit 1 ;; esac; rm -f \"$RECORD.failed\"; exec sleep 60";
    let inspect = "[ -e \"$RECORD.failed\" ] && case \"$3\" in *State}}*) echo '{\"Status\":\"exited\",\"Running\":false,\"ExitCode\":1}'; exit ;; esac; case \"$3\" in *State}}*) echo '{\"Status\":\"running\",\"Running\":true,\"Pid\":4194999}' ;; *) echo \"00112233445566778899aabbccddeeff 4194999\" ;; esac";
    let script: Vec<&str> = DOCKER.lines().collect();
    let from = script.iter().position(|line| line.starts_with("start) ")).unwrap();
    let to = script.iter().position(|line| line.starts_with("top) ")).unwrap();
    let own = [format!("start) {} ;;", start.replace('@', numbers)), format!("inspect) {inspect} ;;")];
    [script[..from].join("\n"), own.join("\n"), script[to..].join("\n")].join("\n")
}

#[test]
fn a_failure_that_is_not_repeated_is_not_believed() {
    let (_, output) = tried(&failing_at("2"), MANIFEST);
    let said = text(&output);
    assert!(said.contains("started and ran 1 s hardened") && !said.contains("need: "), "{said}");
    assert!(
        said.contains("not known: how often it fails by itself") && said.contains("the sea is rough"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(0), "{said}");
    let (_, output) = tried(&failing_at("1"), MANIFEST);
    let said = text(&output);
    assert!(said.contains("started and ran 1 s hardened") && said.contains("how often it fails"), "{said}");
    let (_, output) = tried(&failing_at("2 3 4"), MANIFEST);
    let said = text(&output);
    assert!(said.contains("is not decided: it does not always live here as it is either"), "{said}");
    assert!(!said.contains("need: "), "{said}");
}

#[test]
fn a_comparison_that_fails_or_hangs_is_said() {
    let (_, output) = tried(&engine_with(&[("diff", "echo 'Error: no such layer' >&2; exit 1")]), MANIFEST);
    let said = text(&output);
    assert!(said.contains("not known: what `tide` writes (`docker diff` failed: no such layer)"), "{said}");
    let since = Instant::now();
    let (_, output) = tried(&engine_with(&[("diff", "exec sleep 600")]), MANIFEST);
    let said = text(&output);
    assert!(
        said.contains("not known: what `tide` writes (`docker diff` did not answer within 15 s"),
        "{said}"
    );
    assert!(since.elapsed() < Duration::from_secs(120), "{:?}", since.elapsed());
}

/// Lists what was made, with its owner where that is asked for.
const LIST_MADE: &str = "case \"$*\" in *filter*) sed -n 's/^create --name=\\([^ ]*\\) --label=[^=]*=\\([^ ]*\\) .*/\\1|\\2/p' \"$RECORD\" ;; *) sed -n 's/^create --name=\\([^ ]*\\) .*/\\1/p' \"$RECORD\" ;; esac";

#[test]
fn what_cannot_be_removed_is_not_said_to_be() {
    let script = engine_with(&[("ps", LIST_MADE), ("rm", "echo 'Error: it is busy' >&2; exit 1")]);
    let recorded = Recorded::with_script(&script);
    let app = app(MANIFEST);
    let said = text(&recorded.trial(app.path(), &["--time", "1"]));
    assert!(said.contains("not removed: container seaworthy-") && said.contains("(it is busy)"), "{said}");
    let said = text(&recorded.trial(app.path(), &["--time", "1"]));
    assert!(!said.contains("removed what an earlier trial left: container"), "{said}");
    recorded.answer_by(&engine_with(&[("ps", LIST_MADE)]));
    let said = text(&recorded.trial(app.path(), &["--time", "1"]));
    assert!(said.contains("removed what an earlier trial left: container seaworthy-"), "{said}");
}

#[test]
fn a_stop_waits_for_no_removal_that_hangs() {
    let script = engine_with(&[("ps", LIST_MADE), ("rm", "exec sleep 600")]);
    let recorded = Recorded::with_script(&script);
    let app = app(MANIFEST);
    let mut command = recorded.command(app.path(), &["--time", "30"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !recorded.lines().iter().any(|line| line.starts_with("rm ")) {
        assert!(Instant::now() < deadline, "{:#?}", recorded.lines());
        std::thread::sleep(Duration::from_millis(50));
    }
    kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), Signal::INT).unwrap();
    let since = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
    let said = text(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("not removed: container seaworthy-") && said.contains("did not answer in time"),
        "{said}"
    );
    assert!(!said.contains("and what it made is removed"), "{said}");
    recorded.answer_by(&engine_with(&[("ps", LIST_MADE)]));
    let said = text(&recorded.trial(app.path(), &["--time", "1"]));
    assert!(said.contains("removed what an earlier trial left: container seaworthy-"), "{said}");
}

#[test]
fn an_engine_that_hangs_is_said_to() {
    let (_, output) = tried(&engine_with(&[("info", "exec sleep 600")]), MANIFEST);
    let said = text(&output);
    assert!(
        said.contains("`docker info` did not answer within 30 s: see whether `docker ps` answers"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(2), "{said}");
}

#[test]
fn nothing_is_said_of_an_engine_that_is_not_used() {
    let context =
        "        securityContext: {runAsUser: 20000, capabilities: {add: [NET_BIND_SERVICE]}}\n        args:";
    let (recorded, output) = tried(DOCKER, &MANIFEST.replace("        args:", context));
    assert!(!text(&output).contains("podman"), "{}", text(&output));
    assert!(recorded.lines().iter().any(|line| line.contains("--cap-add=NET_BIND_SERVICE")));
}

#[test]
fn a_bound_that_does_not_hold_counts_as_not_tried() {
    let info = "case \"$3\" in *MemoryLimit*) echo 'true|false|false' ;; *) echo '28.2.2|/nowhere|[name=rootless]' ;; esac";
    let (recorded, output) = tried(&engine_with(&[("info", info)]), MANIFEST);
    let said = text(&output);
    for words in [
        "no bound of processes, which this engine does not hold",
        "docker 28.2 bounds no processor time here (it is rootless): no limit of it was tried",
        "docker 28.2 bounds no number of processes here (it is rootless)",
        "memory: 128Mi",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("cpu: ") && !said.contains("bounds no memory"), "{said}");
    let runs: Vec<String> = recorded.lines().into_iter().filter(|line| line.contains("--memory=")).collect();
    assert!(
        !runs.is_empty() && !runs.iter().any(|line| line.contains("--cpus") || line.contains("--pids-limit"))
    );
}

#[test]
fn an_empty_folder_of_dockers_lies_on_the_disk_where_it_gets_its_mode() {
    let made = |recorded: &Recorded| -> Vec<String> {
        recorded.lines().into_iter().filter(|line| line.starts_with("volume create ")).collect()
    };
    let (recorded, output) = tried(DOCKER, MANIFEST);
    assert!(!made(&recorded).is_empty() && !made(&recorded).iter().any(|line| line.contains("tmpfs")));
    assert!(!text(&output).contains("lie in memory"), "{}", text(&output));
    let (recorded, output) = tried(&DOCKER.replace("cat \"$RECORD.tar\"", ":"), MANIFEST);
    assert!(made(&recorded).iter().any(|line| line.contains("--opt=o=mode=0777")));
    assert!(text(&output).contains("emptyDirs lie in memory here"), "{}", text(&output));
}
