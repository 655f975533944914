//! The reading of real repositories, for which `SEAWORTHY_REPOSITORIES` names a folder.
#![allow(clippy::print_stderr, reason = "figures for whoever runs it")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use seaworthy::kubernetes::parse_manifest;

use super::breaches::breaches;

fn manifests(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(kind) if kind.is_file() => {
                    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
                    if ["yaml", "yml", "json"].contains(&extension) {
                        found.push(path);
                    }
                }
                _ => {}
            }
        }
    }
    found.sort();
}

#[test]
#[ignore = "needs a folder of repositories, named by SEAWORTHY_REPOSITORIES"]
fn every_invariant_holds_for_whole_repositories() {
    let folder = std::env::var_os("SEAWORTHY_REPOSITORIES").expect("SEAWORTHY_REPOSITORIES names a folder");
    let mut paths = Vec::new();
    manifests(Path::new(&folder), &mut paths);
    let texts: Vec<(PathBuf, String)> = paths
        .into_iter()
        .filter_map(|path| Some((path.clone(), std::fs::read_to_string(path).ok()?)))
        .collect();
    let started = Instant::now();
    let read: Vec<_> = texts.iter().map(|(_, text)| parse_manifest(text)).collect();
    let took = started.elapsed();
    let documents: usize = read.iter().map(|m| m.documents.len()).sum();
    let held: usize = read.iter().flat_map(|m| &m.documents).map(|d| d.span.len()).sum();
    let pods: usize = read.iter().flat_map(|m| &m.documents).map(|d| d.pods.len()).sum();
    let nodes: usize = read.iter().flat_map(|m| &m.documents).map(|d| d.tree.node_ids().count()).sum();
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    eprintln!(
        "{} files, {bytes} bytes: {documents} documents of {held} bytes, {nodes} nodes, {pods} pods in {took:?}",
        texts.len()
    );
    for ((path, text), manifest) in texts.iter().zip(&read) {
        if manifest.template.is_some() {
            eprintln!("{}: template", path.display());
        }
        for problem in &manifest.problems {
            eprintln!("{}: {:?} {}", path.display(), problem.kind, problem.message);
        }
        for document in manifest.documents.iter().filter(|d| d.read_only().is_some()) {
            let line = 1 + text[..document.span.start].matches('\n').count();
            eprintln!("{}:{line}: {:?}", path.display(), document.read_only());
        }
    }
    let wrong: Vec<String> = texts
        .iter()
        .flat_map(|(path, text)| {
            breaches(text).into_iter().map(|breach| format!("{}: {breach}", path.display()))
        })
        .collect();
    assert!(wrong.is_empty(), "{} breaches\n{}", wrong.len(), wrong.join("\n"));
}
