//! What a trial saw is written into the settings, and a colleague without an engine has the same fix.

use std::process::Command;

use super::engine_base::EngineBase;

#[test]
fn a_colleague_without_an_engine_has_the_fix_that_ran() {
    let Some(base) = EngineBase::start() else { return };
    let folder = base.lay_out_program("three-folders");
    let output = base.trial(&folder, &["--time", "2", "--save"]).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("Written to seaworthy.toml; `seaworthy undo` takes it back."), "{printed}");
    let settings = std::fs::read_to_string(folder.join("seaworthy.toml")).unwrap();
    let said = "engine = \"podman\"\n\n[apps.three-folders]\nwrites = [\"/opt/crane/state\", \"/run\", \"/var/spool/crane\"]\n";
    assert_eq!(settings, said);
    // Elsewhere: no engine, nothing kept of any trial, only the repository.
    let elsewhere = tempfile::tempdir().unwrap();
    let fix = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .args(["fix", "--review", "--diff"])
        .arg(&folder)
        .env("XDG_STATE_HOME", elsewhere.path())
        .env("PATH", elsewhere.path())
        .output()
        .unwrap();
    let patch = String::from_utf8_lossy(&fix.stdout).into_owned();
    for path in ["/opt/crane/state", "/run", "/var/spool/crane"] {
        assert!(patch.contains(&format!("mountPath: {path}\n")), "{path}: {patch}");
        assert!(printed.contains(&format!("mountPath: {path}\n")), "{path}: {printed}");
    }
    assert!(patch.contains("as seaworthy.toml:3 says"), "{patch}");
    // The trial itself sees it all anew, and says the same once more.
    let again = base.trial(&folder, &["--time", "2", "--save"]).output().unwrap();
    let printed = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(printed.contains("needs to write /var/spool/crane"), "{printed}");
    let notes = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(notes.contains("the settings say so already"), "{notes}");
    let undone = base.command(env!("CARGO_BIN_EXE_seaworthy")).arg("undo").arg(&folder).output().unwrap();
    assert!(undone.status.success(), "{}", String::from_utf8_lossy(&undone.stderr));
    assert_eq!(std::fs::read_to_string(folder.join("seaworthy.toml")).unwrap(), "engine = \"podman\"\n");
}
