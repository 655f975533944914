//! docker's command line, by an engine that writes down what it is told and answers as docker does.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::repository;

/// Answers as docker 28 with an image that listens nowhere and runs on.
pub(super) const DOCKER: &str = r#"#!/bin/sh
printf '%s\n' "$*" >> "$RECORD"
case "$1" in
--version) echo "Docker version 28.2.2, build e6534b4" ;;
info) echo "28.2.2|/nowhere|[name=seccomp,profile=builtin]" ;;
image) case "$2" in
  inspect) echo '[{"Id":"sha256:00112233445566778899aabbccddeeff","Config":{"User":"","Cmd":["tide"]}}]' ;;
  esac ;;
cp) if [ "$2" = - ]; then cat > "$RECORD.tar"; else case "$3" in
  *seaworthy-prime*) cat "$RECORD.tar" ;;
  esac; fi ;;
start) exec sleep 60 ;;
inspect) case "$3" in
  *State}}*) echo '{"Status":"running","Running":true,"OOMKilled":false,"Pid":4194999,"ExitCode":0,"Error":""}' ;;
  *) echo "00112233445566778899aabbccddeeff 4194999" ;;
  esac ;;
top) echo "PID UID GID COMMAND"; echo "4242 0 0 tide --high" ;;
esac
"#;

pub(super) const MANIFEST: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tide\nspec:\n  template:\n    spec:\n      containers:\n      - name: tide\n        image: registry.invalid/tide:1\n        args: [--privileged, --level=3]\n        env:\n        - {name: PORT, value: '8080'}\n";

pub(super) struct Recorded {
    folder: TempDir,
}

impl Recorded {
    pub(super) fn with_script(script: &str) -> Self {
        let folder = repository(&[("bin/docker", script)]);
        let docker = folder.path().join("bin/docker");
        std::fs::set_permissions(&docker, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        Self { folder }
    }

    pub(super) fn record(&self) -> PathBuf {
        self.folder.path().join("record")
    }

    pub(super) fn trial(&self, app: &Path, options: &[&str]) -> Output {
        self.command(app, options).output().unwrap()
    }

    /// The command of a trial that has this engine.
    pub(super) fn command(&self, app: &Path, options: &[&str]) -> Command {
        let path = format!("{}:/usr/bin:/bin", self.folder.path().join("bin").display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_seaworthy"));
        command.arg("trial").arg(app).args(options);
        command
            .env("PATH", path)
            .env("RECORD", self.record())
            .env("XDG_STATE_HOME", self.folder.path().join("state"));
        command
    }

    /// Has the engine answer by another script from now on.
    pub(super) fn answer_by(&self, script: &str) {
        std::fs::write(self.folder.path().join("bin/docker"), script).unwrap();
    }

    pub(super) fn lines(&self) -> Vec<String> {
        std::fs::read_to_string(self.record()).unwrap_or_default().lines().map(str::to_owned).collect()
    }
}

pub(super) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn docker_is_told_what_a_cluster_would_do() {
    let recorded = Recorded::with_script(DOCKER);
    let app = repository(&[("app.yaml", MANIFEST), ("seaworthy.toml", "engine = \"docker\"\n")]);
    let output = recorded.trial(app.path(), &["--time", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(text(&output).contains("started and ran 1 s hardened, docker 28.2"), "{}", text(&output));
    let lines = recorded.lines();
    let runs: Vec<&String> =
        lines.iter().filter(|line| line.starts_with("create ") && line.contains("--pids-limit")).collect();
    let (as_is, hardened) = (runs.first().unwrap(), runs.last().unwrap());
    for words in [
        "--pull=never",
        "--network=none",
        "--sysctl=net.ipv4.ip_unprivileged_port_start=1024",
        "--memory=2147483648 --memory-swap=2147483648",
        "--security-opt=seccomp=unconfined",
        "--env=PORT=8080",
        "-- registry.invalid/tide:1 --privileged --level=3",
    ] {
        assert!(as_is.contains(words), "{words} in {as_is}");
    }
    for words in [
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        "--memory=134217728 --memory-swap=134217728",
        ":/tmp:nocopy",
    ] {
        assert!(hardened.contains(words) && !as_is.contains(words), "{words} in {hardened}");
    }
    assert!(!hardened.contains("seccomp=unconfined") && !hardened.contains("read-only-tmpfs"));
    // All that was made is removed, by docker's own words.
    let made = lines.iter().filter(|line| line.starts_with("create ")).count();
    let removed: usize = lines
        .iter()
        .filter_map(|line| line.strip_prefix("rm -f -v -- "))
        .map(|names| names.split(' ').count())
        .sum();
    assert!(removed >= made, "{made} made, {removed} removed: {lines:#?}");
    assert!(!lines.iter().any(|line| line.starts_with("rm ") && line.contains(" -t ")));
}

#[test]
fn no_limit_counts_as_tried_where_the_engine_bounds_nothing() {
    let rootless = r#"info) case "$3" in *MemoryLimit*) echo false ;; *) echo "28.2.2|/nowhere|[name=rootless]" ;; esac ;;"#;
    let script: Vec<&str> =
        DOCKER.lines().map(|line| if line.starts_with("info)") { rootless } else { line }).collect();
    let recorded = Recorded::with_script(&script.join("\n"));
    let app = repository(&[("app.yaml", MANIFEST), ("seaworthy.toml", "engine = \"docker\"\n")]);
    let output = recorded.trial(app.path(), &["--time", "1"]);
    let said = text(&output);
    assert!(
        said.contains("docker 28.2 bounds no memory here (it is rootless): no limit of it was tried"),
        "{said}"
    );
    assert!(said.contains("readOnlyRootFilesystem: true") && !said.contains("memory: "), "{said}");
}

#[test]
fn each_way_in_which_there_is_no_trial_says_what_to_do() {
    let app = repository(&[("app.yaml", MANIFEST)]);
    let cases = [
        (
            "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'Docker version 28'; exit; }\necho 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2\nexit 1\n",
            "Cannot connect to the Docker daemon",
            "start its service",
        ),
        (
            "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'Docker version 28'; exit; }\necho 'permission denied while trying to connect to the Docker daemon socket' >&2\nexit 1\n",
            "may not be used",
            "group `docker`",
        ),
        (
            "#!/bin/sh\ncase \"$1\" in --version) echo 'Docker version 28';; info) echo '28.2|/x|[]';; image) exit 1;; esac\n",
            "the image registry.invalid/tide:1 is not here",
            "docker pull",
        ),
    ];
    for (script, reason, advice) in cases {
        let recorded = Recorded::with_script(script);
        std::fs::write(app.path().join("seaworthy.toml"), "engine = \"docker\"\n").unwrap();
        let output = recorded.trial(app.path(), &[]);
        let said = text(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(reason) && said.contains(advice), "{reason}: {said}");
    }
    let nothing = Recorded::with_script(DOCKER);
    let output = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .arg("trial")
        .arg(app.path())
        .env("PATH", nothing.folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("no container engine is here"), "{}", text(&output));
    let output = nothing.trial(app.path(), &["--app", "ebb"]);
    assert!(
        text(&output).contains("there is no app `ebb` here: there are Deployment/tide"),
        "{}",
        text(&output)
    );
}

#[test]
fn a_repository_names_an_engine_and_never_a_program() {
    let recorded = Recorded::with_script(DOCKER);
    let app = repository(&[("app.yaml", MANIFEST), ("seaworthy.toml", "engine = \"./evil\"\n")]);
    let output = recorded.trial(app.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("`engine` must be \"docker\" or \"podman\""), "{}", text(&output));
}

#[test]
fn a_pod_that_asks_for_the_node_is_never_run() {
    let recorded = Recorded::with_script(DOCKER);
    let manifest =
        MANIFEST.replace("        args:", "        securityContext: {privileged: true}\n        args:");
    let app = repository(&[("app.yaml", &manifest), ("seaworthy.toml", "engine = \"docker\"\n")]);
    let output = recorded.trial(app.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("asks for the node itself (privileged)"), "{}", text(&output));
    assert!(!recorded.lines().iter().any(|line| line.starts_with("create")));
}

/// docker makes no container ready without starting it: what init containers leave in memory is held by one of this program.
#[test]
fn docker_holds_the_volumes_of_init_containers() {
    let recorded = Recorded::with_script(DOCKER);
    let init = "      initContainers:\n      - name: ebb\n        image: registry.invalid/tide:1\n        volumeMounts:\n        - {name: sea, mountPath: /sea}\n";
    let volumes = "        volumeMounts:\n        - {name: sea, mountPath: /sea}\n      volumes:\n      - name: sea\n        emptyDir: {medium: Memory}\n";
    let manifest = format!("{MANIFEST}{volumes}{init}");
    let app = repository(&[("app.yaml", &manifest), ("seaworthy.toml", "engine = \"docker\"\n")]);
    let output = recorded.trial(app.path(), &["--time", "1"]);
    assert!(text(&output).contains("holds them until the others run"), "{}", text(&output));
    let lines = recorded.lines();
    let at = |is: &dyn Fn(&str) -> bool| lines.iter().position(|line| is(line)).unwrap();
    let made = at(&|line| line.starts_with("create ") && line.contains("-hold "));
    for words in ["--network=none", "--read-only", "--cap-drop=ALL", ":/seaworthy-prime-0:nocopy"] {
        assert!(lines[made].contains(words), "{words} in {}", lines[made]);
    }
    let name = lines[made].split(' ').find_map(|word| word.strip_prefix("--name=")).unwrap();
    let started = at(&|line| line == format!("start {name}"));
    let first = at(&|line| line.starts_with("create ") && line.contains(":/sea:nocopy"));
    assert!(made < started && started < first, "{lines:#?}");
    assert!(lines.iter().any(|line| line.starts_with("rm -f -v -- ") && line.contains(name)));
}
