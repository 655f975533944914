//! Fixes of Dockerfiles: each makes the edit that a careful person would, alone and with all others.
//!
//! In `tests/fixtures/build_fixes/` lie pairs, `<what>.before.Dockerfile` and `<what>.after.Dockerfile`: the second is
//! the first with every fix made.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use seaworthy::audit::{Engine, Meaning};
use seaworthy::finding::{BuildIntent, Finding, Intent, Remedy};
use seaworthy::fix::build::{Case, apply, verify};
use seaworthy::repo::{FileKind, RelPath};

use crate::support::{audit, entries, fixtures, repository};

/// What became of the fixes of one rule.
#[derive(Default)]
struct Tally {
    findings: usize,
    fixed: usize,
    withheld: BTreeMap<String, usize>,
    /// Fixes after which the finding is still there.
    unresolved: Vec<String>,
}

#[test]
fn every_fix_makes_the_edit_that_its_fixture_shows() {
    for before in entries(&fixtures().join("build_fixes")) {
        let name = before.file_name().unwrap().to_string_lossy().into_owned();
        let Some(what) = name.strip_suffix(".before.Dockerfile") else { continue };
        let expected =
            std::fs::read_to_string(before.with_file_name(format!("{what}.after.Dockerfile"))).unwrap();
        let text = std::fs::read_to_string(&before).unwrap();
        let once = fixed(&text);
        assert_eq!(once, expected, "{what}");
        assert_eq!(fixed(&once), expected, "{what}, a second time");
    }
}

/// The text with every fix made.
fn fixed(text: &str) -> String {
    let root = repository(&[("Dockerfile", text)]);
    let engine = audit(root.path());
    fix_all(&engine, &RelPath::from("Dockerfile"), &mut BTreeMap::new()).unwrap_or_else(|| text.to_owned())
}

/// Puts every fix to every Dockerfile of a folder: `FIX_FROM` holds them, `FIX_TO` gets them.
#[test]
#[ignore = "needs a folder of Dockerfiles"]
fn every_fix_can_be_made_on_every_dockerfile_of_a_folder() {
    let from = PathBuf::from(std::env::var("FIX_FROM").expect("FIX_FROM names a folder"));
    let to = PathBuf::from(std::env::var("FIX_TO").expect("FIX_TO names a folder"));
    let engine = audit(&from);
    let mut tallies = BTreeMap::new();
    for file in engine.update().files {
        if file.kind != FileKind::Dockerfile {
            continue;
        }
        let Some((source, _)) = engine.file(&file.path) else { continue };
        let after = fix_all(&engine, &file.path, &mut tallies);
        let at = to.join(file.path.as_str());
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, after.as_deref().unwrap_or(source.text())).unwrap();
    }
    report(&tallies);
}

fn report(tallies: &BTreeMap<&str, Tally>) {
    for (rule, tally) in tallies {
        let withheld: usize = tally.withheld.values().sum();
        println!("{rule}: {} findings, {} fixes, {withheld} withheld", tally.findings, tally.fixed);
        for (why, count) in &tally.withheld {
            println!("    {count} × {why}");
        }
        for path in &tally.unresolved {
            println!("    STILL THERE: {path}");
        }
    }
}

/// Makes every fix of one file that can be made beside the others.
fn fix_all<'r>(engine: &Engine, path: &RelPath, tallies: &mut BTreeMap<&'r str, Tally>) -> Option<String> {
    let (source, meaning) = engine.file(path)?;
    let Meaning::Build(file) = meaning else { return None };
    let case = Case { text: source.text(), file, who: engine.repository().who(path) };
    let findings: Vec<&Finding> = engine.findings(path).collect();
    let mut made: Vec<&BuildIntent> = Vec::new();
    for finding in &findings {
        let tally = tallies.entry(finding.rule).or_default();
        tally.findings += 1;
        let change = match &finding.remedy {
            Remedy::Change(change) => change,
            Remedy::Withheld(why) => {
                *tally.withheld.entry(why.clone()).or_default() += 1;
                continue;
            }
            Remedy::None => continue,
        };
        let intents: Vec<&BuildIntent> = change
            .intents
            .iter()
            .filter_map(|intent| if let Intent::Build(intent) = intent { Some(intent) } else { None })
            .collect();
        if intents.is_empty() {
            continue;
        }
        match attempt(case, &intents) {
            Err(why) => *tally.withheld.entry(why).or_default() += 1,
            Ok(alone) => {
                let left = engine.what_if(path, FileKind::Dockerfile, &alone, &HashMap::new());
                let count = |found: &[Finding]| found.iter().filter(|f| f.rule == finding.rule).count();
                let before = findings.iter().filter(|f| f.rule == finding.rule).count();
                if count(&left) >= before {
                    tally.unresolved.push(path.to_string());
                }
                let together: Vec<&BuildIntent> = made.iter().chain(&intents).copied().collect();
                match attempt(case, &together) {
                    Ok(_) => {
                        tally.fixed += 1;
                        made = together;
                    }
                    Err(why) => *tally.withheld.entry(format!("beside others: {why}")).or_default() += 1,
                }
            }
        }
    }
    if made.is_empty() { None } else { attempt(case, &made).ok() }
}

fn attempt(case: Case<'_>, intents: &[&BuildIntent]) -> Result<String, String> {
    let after = apply(case, intents)?;
    verify(case.text, &after, intents).map(|()| after)
}

#[test]
fn the_fixtures_come_in_pairs() {
    let names: Vec<String> = entries(&fixtures().join("build_fixes"))
        .iter()
        .map(|path: &PathBuf| Path::new(path).file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let of = |suffix: &str| names.iter().filter_map(|name| name.strip_suffix(suffix)).collect::<Vec<_>>();
    assert_eq!(of(".before.Dockerfile"), of(".after.Dockerfile"));
}
