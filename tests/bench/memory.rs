//! Memory over a hundred thousand saves, each taken in and drawn as the program does: `cargo bench -- memory`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use seaworthy::app::{AppEvent, BackendMessage};
use seaworthy::repo::RelPath;

use crate::world::{Program, audited, repository, root};

const FILES: usize = 200;
const SAVES: usize = 100_000;
/// From here on nothing may grow.
const SETTLED: usize = SAVES / 10;

/// What was used after a tenth of the saves and after all, and whether that is the same but for a little.
pub(crate) fn flat() -> (String, bool) {
    let folder = repository(FILES);
    let root = root(&folder);
    let mut engine = audited(&root);
    let mut program = Program::new(audited(&root));
    let paths: Vec<RelPath> =
        engine.audited_paths_of_kind(seaworthy::repo::FileKind::Manifest).cloned().collect();
    let texts: Vec<String> =
        paths.iter().map(|path| std::fs::read_to_string(path.to_absolute(&root)).unwrap()).collect();
    let mut told = String::new();
    let mut settled = 0;
    for save in 1..=SAVES {
        let nth = save * 7919 % paths.len();
        std::fs::write(paths[nth].to_absolute(&root), changed(&texts[nth], save)).unwrap();
        let update = engine.refresh_paths(&BTreeSet::from([paths[nth].clone()]));
        let effects = program.take(AppEvent::Message(BackendMessage::AuditUpdated(update)));
        if save % 100 == 0 {
            program.draw();
            program.answer(effects);
        }
        if save % SETTLED == 0 {
            let _ = write!(told, " {}", resident());
        }
        if save == SETTLED {
            settled = resident();
        }
    }
    let last = resident();
    (format!("KiB after every {SETTLED} saves:{told}"), last <= settled + settled / 20)
}

/// A comment, a tag, another number of replicas, or a text that does not parse.
fn changed(text: &str, save: usize) -> String {
    match save / 3 % 4 {
        0 => format!("{text}# {save}\n"),
        1 => text.replace(":latest", &format!(":1.{save}")),
        2 => text.replace("replicas: 2", &format!("replicas: {save}")),
        _ => text.replace("spec:", "spec: {"),
    }
}

/// The process's resident memory, in KiB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}
