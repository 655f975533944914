//! Each program's trial ends with what it needs, and with the fix that it lives with.

use std::sync::Mutex;

use super::engine_base::EngineBase;
use super::programs::{PROGRAMS, TriedProgram};

/// The trials that go on at once.
const AT_ONCE: usize = 2;

#[test]
fn each_program_ends_with_its_needs_and_nothing_is_left() {
    let Some(base) = EngineBase::start() else { return };
    let failures = find_failures(&base, PROGRAMS, "2");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert_eq!(base.list_things(), [""; 0], "nothing is left of them");
    assert!(!base.has_state_file("oom"), "nor does the engine's monitor leave a file");
}

/// What is wrong with the trials of these programs.
pub(super) fn find_failures(base: &EngineBase, programs: &[TriedProgram], seconds: &str) -> Vec<String> {
    let failures = Mutex::new(Vec::new());
    let open = Mutex::new(programs.iter());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(program) = open.lock().unwrap().next() else { return };
                    failures.lock().unwrap().extend(try_program(base, program, seconds));
                }
            });
        }
    });
    failures.into_inner().unwrap()
}

/// What is wrong with the trial of a program.
fn try_program(base: &EngineBase, program: &TriedProgram, seconds: &str) -> Option<String> {
    let folder = base.lay_out_tried(program);
    let output = base.trial(&folder, &["--time", seconds]).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let missing = program.says.iter().filter(|words| !printed.contains(**words));
    let surplus = program.says_not.iter().filter(|words| printed.contains(**words));
    let mut wrong: Vec<String> = missing.map(|words| format!("does not say {words:?}")).collect();
    wrong.extend(surplus.map(|words| format!("says {words:?}")));
    if output.status.code() != Some(program.exit_code) {
        wrong.push(format!("ended with {:?}", output.status.code()));
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    (!wrong.is_empty()).then(|| format!("{}: {}\n{printed}{errors}", program.name, wrong.join(", ")))
}
