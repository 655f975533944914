//! A podman of the tests' own: everything that it keeps lies in a temporary folder, and goes with it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::programs::{PROGRAMS, TriedProgram};

/// The statically linked tool that all programs here are made of.
const BUSYBOX: &str = "/bin/busybox";

/// A podman with a storage of its own.
pub(super) struct EngineBase {
    folder: TempDir,
}

impl EngineBase {
    /// None, with a word on why, where there is no podman that works here.
    #[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub(super) fn start() -> Option<Self> {
        let base = Self { folder: tempfile::tempdir().unwrap() };
        base.write_settings();
        let reason = if !is_static(BUSYBOX) {
            format!("{BUSYBOX} is not here, or not linked statically (Debian: busybox-static)")
        } else {
            match base.podman(&["info"]) {
                Ok(output) if output.status.success() => match base.try_container() {
                    Ok(()) => return Some(base),
                    Err(reason) => format!("podman runs no container here: {reason}"),
                },
                Ok(output) => {
                    format!("podman does not work here: {}", String::from_utf8_lossy(&output.stderr).trim())
                }
                Err(error) => format!("podman is not here: {error}"),
            }
        };
        eprintln!("skipped: {reason}");
        None
    }

    /// Builds and runs the least container there can be, with limits: some machines let podman do neither.
    fn try_container(&self) -> Result<(), String> {
        let folder = self.lay_out("least", &[("Dockerfile", "FROM scratch\nCOPY busybox /busybox\n")]);
        let folder = folder.to_string_lossy();
        let image = "localhost/least";
        let build = ["build", "--network=none", "--layers=false", "--tag", image, &*folder];
        let run = ["run", "--rm", "--network=none", "--memory=64m", image, "/busybox", "true"];
        for words in [&build[..], &run[..], &["rmi", "-f", image]] {
            let output = self.podman(words).map_err(|error| error.to_string())?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
            }
        }
        Ok(())
    }

    fn write_settings(&self) {
        let base = self.folder.path();
        for folder in ["root", "run", "net", "libpod", "tmp", "state", "home"] {
            std::fs::create_dir_all(base.join(folder)).unwrap();
        }
        let shown = base.display();
        let limits = "default_ulimits = [\"nofile=1024:1024\", \"nproc=1000:1000\"]";
        let containers = format!(
            "[containers]\n{limits}\n[network]\nnetwork_config_dir = \"{shown}/net\"\n[engine]\nruntime = \"runc\"\n\
             cgroup_manager = \"cgroupfs\"\nevents_logger = \"none\"\ntmp_dir = \"{shown}/libpod\"\n\
             static_dir = \"{shown}/root/libpod\"\nvolume_path = \"{shown}/root/volumes\"\n"
        );
        let storage =
            format!("[storage]\ndriver = \"vfs\"\ngraphroot = \"{shown}/root\"\nrunroot = \"{shown}/run\"\n");
        std::fs::write(base.join("containers.conf"), containers).unwrap();
        std::fs::write(base.join("storage.conf"), storage).unwrap();
    }

    /// A command with the surroundings in which podman keeps all in the folder.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.envs(self.variables());
        command
    }

    /// These surroundings, as variables.
    pub(super) fn variables(&self) -> [(&'static str, String); 6] {
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        [
            ("CONTAINERS_CONF", at("containers.conf")),
            ("CONTAINERS_STORAGE_CONF", at("storage.conf")),
            ("TMPDIR", at("tmp")),
            ("XDG_STATE_HOME", at("state")),
            ("XDG_CONFIG_HOME", at("home")),
            ("HOME", at("home")),
        ]
    }

    /// One of the programs that are tried, in a folder of its own.
    pub(super) fn lay_out_program(&self, name: &str) -> PathBuf {
        self.lay_out_tried(PROGRAMS.iter().find(|program| program.name == name).unwrap())
    }

    /// A program, in a folder of its own.
    pub(super) fn lay_out_tried(&self, program: &TriedProgram) -> PathBuf {
        let files = program.files();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        self.lay_out(program.name, &files)
    }

    pub(super) fn podman(&self, words: &[&str]) -> std::io::Result<Output> {
        self.command("podman").args(words).output()
    }

    /// The program of a test, in a folder of its own, with the tool beside it.
    pub(super) fn lay_out(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = self.folder.path().join("apps").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (path, text) in files {
            std::fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
            std::fs::write(folder.join(path), text).unwrap();
        }
        std::fs::copy(BUSYBOX, folder.join("busybox")).unwrap();
        std::fs::write(folder.join("seaworthy.toml"), "engine = \"podman\"\n").unwrap();
        folder
    }

    /// A trial of what lies in a folder.
    pub(super) fn trial(&self, folder: &Path, options: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_seaworthy"));
        command.arg("trial").arg(folder).args(options);
        command
    }

    /// True where a file of that name lies beside what is kept of trials.
    pub(super) fn has_state_file(&self, name: &str) -> bool {
        self.folder.path().join("state/seaworthy/trials").join(name).exists()
    }

    /// What lies among the temporary files.
    pub(super) fn temporary_files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join("tmp")).unwrap().map_while(Result::ok);
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// Everything that the engine has: containers, volumes, and images.
    pub(super) fn list_things(&self) -> Vec<String> {
        let lists: [&[&str]; 3] = [
            &["ps", "-a", "--external", "--format", "container {{.Names}}"],
            &["volume", "ls", "--format", "volume {{.Name}}"],
            &["image", "ls", "-a", "--format", "image {{.Repository}}:{{.Tag}}"],
        ];
        let mut things = Vec::new();
        for list in lists {
            let output = self.podman(list).unwrap();
            assert!(output.status.success(), "{list:?}: {}", String::from_utf8_lossy(&output.stderr));
            things.extend(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned));
        }
        things
    }
}

/// True for a program that names no loader of libraries.
fn is_static(program: &str) -> bool {
    let bytes = std::fs::read(program).unwrap_or_default();
    !bytes.is_empty() && !bytes.windows(7).any(|word| word == b"ld-musl" || word == b"/ld-lin")
}

impl Drop for EngineBase {
    fn drop(&mut self) {
        let _ = self.podman(&["rm", "-f", "-a", "-t", "0"]);
        let _ = self.podman(&["volume", "rm", "-f", "-a"]);
    }
}
