//! The audit: of everything, of one file again, and of a fix before it is offered.

use std::collections::BTreeSet;
use std::time::Duration;

use seaworthy::fix::{FixOrder, Planner};
use seaworthy::repo::RelPath;

use crate::clock::{median, middle};
use crate::world::{audited, repository, root};

const FILES: usize = 1_000;
const ONE: &str = "team-07/tides-00007/deploy.yaml";

pub(crate) fn cold() -> Duration {
    let folder = repository(FILES);
    let root = root(&folder);
    median(5, || audited(&root))
}

pub(crate) fn again() -> Duration {
    let folder = repository(FILES);
    let root = root(&folder);
    let mut engine = audited(&root);
    let paths = BTreeSet::from([RelPath::from(ONE)]);
    let file = root.join(ONE);
    let text = std::fs::read_to_string(&file).unwrap();
    let mut times: Vec<Duration> = (0..21)
        .map(|i| {
            std::fs::write(&file, format!("{text}# {i}\n")).unwrap();
            median(1, || engine.refresh_paths(&paths))
        })
        .collect();
    middle(&mut times)
}

pub(crate) fn fix() -> Duration {
    let folder = repository(FILES);
    let engine = audited(&root(&folder));
    let open = engine.open_findings(&ONE.into());
    let (key, _) = open.iter().find(|(key, _)| key.rule == "writable-root-filesystem").unwrap();
    median(21, || Planner::new(&engine).plan(&FixOrder::Findings(std::slice::from_ref(key))).unwrap())
}
