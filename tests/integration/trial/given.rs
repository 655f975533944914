//! A build gets what the repository's own build file gives it, and what no file says is named before.

use super::engine_base::EngineBase;

const DOCKERFILE: &str = "FROM scratch AS app\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\nARG TIDE=low\nRUN echo $TIDE > /tide\nCMD [\"sh\", \"-c\", \"grep -q high /tide && exec sleep 1000; echo the tide is low; exit 4\"]\nFROM app AS checks\nCMD [\"sh\", \"-c\", \"exit 5\"]\n";
const MAKEFILE: &str = "image:\n\tdocker build --target app --build-arg TIDE=high --build-arg REV=$(shell git rev-parse HEAD) -t registry.invalid/given:1 .\n";
const MANIFEST: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: given\nspec:\n  containers:\n  - name: given\n    image: registry.invalid/given:1\n";

#[test]
fn a_build_is_given_its_arguments_and_its_stage() {
    let Some(base) = EngineBase::start() else { return };
    let files = [("Dockerfile", DOCKERFILE), ("Makefile", MAKEFILE), ("app.yaml", MANIFEST)];
    let folder = base.lay_out("given", &files);
    let output = base.trial(&folder, &["--time", "2"]).output().unwrap();
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("--target=app --build-arg=TIDE=high"), "{printed}");
    assert!(printed.contains("not given to it, since no file here says their values: REV"), "{printed}");
    assert!(printed.contains("started and ran 2 s hardened"), "{printed}");
    assert_eq!(output.status.code(), Some(0), "{printed}");
}
