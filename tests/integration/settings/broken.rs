//! Broken settings: each says the line, the key and what was perhaps meant.

use super::{BUILD, seaworthy};
use crate::support::repository;

/// What is written, and what is said of it.
const BROKEN: &[&str] = &[
    "fail-onn = \"high\"",
    "\n\nfail-on = \"hihg\"",
    "fail-on = 3",
    "fail-on = \"high",
    "exclude = [1]",
    "exclude = true",
    "excludes = []",
    "uids = [40000]",
    "uids = [0, 10]",
    "uids = [60000, 40000]",
    "uids = \"40000-60000\"",
    "resources = \"none\"",
    "[resources]\ncpu-limits = \"1\"",
    "[resources]\nmemory-limit = \"128MB\"",
    "[resources]\nmemory-limit = true",
    "[rules]\nlatest-tags = \"off\"",
    "[rules]\nlatest-tag = \"of\"",
    "[rules]\nlatest-tag = false",
    "[rule]\nlatest-tag = \"off\"",
    "[writable-paths]\nnginx = [\"var/cache\"]",
    "trial-seconds = 0",
    "trial-seconds = \"30 s\"",
    "[apps.tides]\nwrite = [\"/tmp/cache\"]",
    "[apps.tides]\nwrites = [\"tmp/cache\"]",
    "[apps.tides]\nwrites = [\"/\"]",
    "[apps.tides]\nwrites = [\"/srv/../etc\"]",
    "[apps.tides]\nneeds = [\"low-prt 80\"]",
    "[apps.tides]\nneeds = [\"low-port http\"]",
    "[apps.tides]\nneeds = [\"memory much\"]",
    "[apps.tides]\nneeds = [\"capability chown\"]",
    "[apps.tides]\nneeds = [\"root-start always\"]",
    "[apps.\"tides:\"]\nwrites = [\"/tmp/cache\"]",
    "[apps]\ntides = [\"/tmp/cache\"]",
    "[allow]\nrules = [\"latest-tag\"]",
    "[[allow]]\nrules = [\"latest-tag\"]\npaths = [\"a\"]",
    "[[allow]]\nrules = [\"latest-tag\"]\nreason = \"why\"",
    "[[allow]]\nrules = [\"lastest-tag\"]\npaths = [\"a\"]\nreason = \"why\"",
    "[[allow]]\nrule = \"latest-tag\"\npaths = [\"a\"]\nreason = \"why\"",
    "[[allow]]\npaths = [\"a\"]\nreason = \"why\"",
    "fail-on = \"high\"\nfail-on = \"low\"",
];

#[test]
fn broken_settings_end_with_two_and_say_what_to_do() {
    let mut said = String::new();
    for settings in BROKEN {
        let root = repository(&[("Dockerfile", BUILD), ("seaworthy.toml", settings)]);
        for command in ["check", "config", "baseline", "fix"] {
            let output = seaworthy(root.path(), &[command]);
            assert_eq!(output.status.code(), Some(2), "{command} with {settings}");
            assert!(output.stdout.is_empty(), "{command} with {settings}");
            if command == "check" {
                said.push_str(&format!("{settings}\n=> {}\n", String::from_utf8_lossy(&output.stderr)));
            }
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_broken_baseline_is_named() {
    let root = repository(&[("Dockerfile", BUILD), ("seaworthy-baseline.json", "{")]);
    let output = seaworthy(root.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("seaworthy: seaworthy-baseline.json is no baseline: "), "{said}");
}
