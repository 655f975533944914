//! Every SARIF log of the fixtures, and of real repositories: valid by the published schema, and each of its fixes makes
//! of the files what `fix` makes of them. What applies them knows only the log and the bytes.

use std::path::{Path, PathBuf};

use seaworthy::audit::{AuditEngine, FileReport};
use seaworthy::finding::{FindingKey, Safety};
use seaworthy::fix::{FixOffer, FixOrder, Planner};
use seaworthy::repo::FilePatch;
use seaworthy::report::{LoggedFile, LoggedFixes, PatchesByFinding, ReportSurroundings, write_sarif};
use serde_json::{Value, json};

use super::schema::{faults, published};
use crate::support::{audit, entries, fixtures, lay_out, store};

/// What a folder's log came to.
#[derive(Default)]
struct Count {
    results: usize,
    fixes: usize,
    /// Fixes that are not in the log, since they would carry a secret along.
    kept_back: usize,
    wrong: Vec<String>,
}

#[test]
fn the_logs_of_all_fixtures_are_valid_and_their_fixes_are_what_fix_writes() {
    let schema = published();
    let rules = entries(&fixtures().join("rules"));
    // Two at a time: one after the other they take longer than all other tests.
    let halves: Vec<Count> = std::thread::scope(|scope| {
        let halves = rules.chunks(rules.len().div_ceil(2)).map(|rules| {
            let schema = schema.as_ref();
            scope.spawn(move || {
                let mut count = Count::default();
                let bad = |fixture: &&PathBuf| fixture.to_string_lossy().contains(".bad");
                for fixture in
                    rules.iter().flat_map(|rule| entries(rule)).collect::<Vec<_>>().iter().filter(bad)
                {
                    count.add(lay_out(fixture).path(), schema);
                }
                count
            })
        });
        halves.collect::<Vec<_>>().into_iter().map(|half| half.join().unwrap()).collect()
    });
    let mut count = Count::default();
    for half in halves {
        count.results += half.results;
        count.fixes += half.fixes;
        count.kept_back += half.kept_back;
        count.wrong.extend(half.wrong);
    }
    assert!(count.wrong.is_empty(), "{:#?}", count.wrong);
    assert!(count.results > 1_000 && count.fixes > 500, "{} results, {} fixes", count.results, count.fixes);
    assert!(count.kept_back * 20 < count.fixes, "{} of {} were kept back", count.kept_back, count.fixes);
}

#[test]
#[ignore = "needs a folder of repositories, named by SEAWORTHY_REPOSITORIES"]
#[allow(clippy::print_stderr, reason = "figures are for a person")]
fn so_are_those_of_real_repositories() {
    let folder = std::env::var_os("SEAWORTHY_REPOSITORIES").expect("SEAWORTHY_REPOSITORIES names a folder");
    let schema = published();
    for repository in entries(Path::new(&folder)) {
        let mut count = Count::default();
        count.add(&repository, schema.as_ref());
        let Count { results, fixes, kept_back, wrong } = count;
        eprintln!("{}: {results} results, {fixes} fixes, {kept_back} kept back", repository.display());
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// A validator that finds nothing wrong proves nothing: it must find what is.
#[test]
fn a_log_that_is_broken_is_found_out() {
    let Some(schema) = published() else { return };
    let good = log(&audit(lay_out(&fixtures().join("rules/latest-tag")).path())).0;
    assert_eq!(faults(&schema, &good), [""; 0]);
    let breaks: [(&str, Value); 9] = [
        ("/version", json!("2.0.0")),
        ("/runs/0/columnKind", json!("bytes")),
        ("/runs/0/results/0/level", json!("high")),
        ("/runs/0/results/0/ruleIndex", json!("0")),
        ("/runs/0/results/0/message", json!({})),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", json!("a b")),
        ("/runs/0/results/0/suppressions", json!([{"kind": "comment"}])),
        ("/runs/0/tool/driver", json!({"name": "x", "colour": "red"})),
    ];
    for (at, value) in breaks {
        let mut log = good.clone();
        *log.pointer_mut(at).unwrap() = value;
        assert_ne!(faults(&schema, &log), [""; 0], "{at}");
    }
}

impl Count {
    fn add(&mut self, root: &Path, schema: Option<&Value>) {
        let engine = audit(root);
        let (log, keys, patches) = log(&engine);
        let place = root.display();
        self.wrong
            .extend(schema.iter().flat_map(|schema| faults(schema, &log)).map(|f| format!("{place}: {f}")));
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), keys.len());
        self.results += results.len();
        for (key, result) in &keys.into_iter().zip(results).collect::<Vec<_>>() {
            assert_eq!(result["ruleId"], key.rule);
            let Some(patches) = patches.get(key) else {
                if result["fixes"].is_array() {
                    self.wrong.push(format!("{place}: {key:?} has a fix in the log alone"));
                }
                continue;
            };
            let Some(fix) = result["fixes"].get(0) else {
                self.kept_back += 1;
                continue;
            };
            self.fixes += 1;
            if written(fix, patches) != Some(true) {
                self.wrong.push(format!("{place}: {key:?} would be fixed otherwise"));
            }
        }
    }
}

/// The log of an audit, as `check` writes it, the findings in its order, and what the key for fixing would write.
fn log(engine: &AuditEngine) -> (Value, Vec<FindingKey>, PatchesByFinding) {
    let store = store(engine);
    let offers = Planner::new(engine).verify(|_| true);
    let is_fixable =
        |offer: &FixOffer| matches!(offer, FixOffer::Fix { safety, .. } if *safety < Safety::Value);
    let keys: Vec<_> = offers.iter().filter(|(_, offer)| is_fixable(offer)).map(|(key, _)| key).collect();
    let alone = |key: &FindingKey| Planner::new(engine).plan(&FixOrder::Findings(std::slice::from_ref(key)));
    let patches: PatchesByFinding =
        keys.into_iter().filter_map(|key| Some((key.clone(), alone(key).ok()?.patches))).collect();
    let of_file = |file: &FileReport| {
        let own = patches.iter().filter(|(key, _)| key.path == file.path);
        let own: PatchesByFinding = own.map(|(key, patches)| (key.clone(), patches.clone())).collect();
        let offers = offers.clone();
        LoggedFile {
            findings: store.findings_in(&file.path).iter().cloned().collect(),
            fixes: Box::new(move |_| LoggedFixes { patches: own.clone(), offers: offers.clone() }),
        }
    };
    let files: Vec<FileReport> = store.files().cloned().collect();
    let mut log = Vec::new();
    let around = ReportSurroundings { ignored_count: 0, mended_count: 0, lowered_bar: store.lowered_bar() };
    write_sarif(&files, of_file, "", (around, 0), &mut log).unwrap();
    let log = serde_json::from_slice(&log).unwrap();
    (log, store.findings().map(|listed| listed.key.clone()).collect(), patches)
}

/// Whether a fix of a log makes of each file what the patches make of it.
fn written(fix: &Value, patches: &[FilePatch]) -> Option<bool> {
    let changes = fix["artifactChanges"].as_array()?;
    if changes.len() != patches.len() {
        return Some(false);
    }
    for change in changes {
        let path = decoded(change["artifactLocation"]["uri"].as_str()?);
        let patch = patches.iter().find(|patch| patch.path.as_str() == path)?;
        let mut text = patch.before.text().to_owned();
        for replacement in change["replacements"].as_array()?.iter().rev() {
            let at = super::place(patch.before.text(), &replacement["deletedRegion"]);
            text.replace_range(at, replacement["insertedContent"]["text"].as_str()?);
        }
        if text != patch.after.text() {
            return Some(false);
        }
    }
    Some(true)
}

/// A path that was percent-encoded.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        let hex: Vec<u8> = if byte == b'%' { rest.by_ref().take(2).collect() } else { Vec::new() };
        let hex = std::str::from_utf8(&hex).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(hex.unwrap_or(byte));
    }
    String::from_utf8(bytes).unwrap()
}
