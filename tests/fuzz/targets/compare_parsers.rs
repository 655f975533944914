//! Compares this program's parser of templates with another one on all templates below folders: what both take must have
//! one tree. What one of them refuses is listed, and no failure: each refuses something that Helm takes, or the reverse.
//!
//! `cargo run --release --manifest-path tests/fuzz/Cargo.toml --bin compare_parsers -- FOLDER...`

mod parser_shapes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use parser_shapes::{are_alike, shape_by_other, shape_by_us};

fn find_templates(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            find_templates(&path, found);
        } else if path.components().any(|part| part.as_os_str() == "templates") {
            found.push(path);
        }
    }
}

/// Both shapes from where they part.
fn find_difference(ours: &[(String, String)], other: &[(String, String)]) -> String {
    let part =
        |shape: &str, at: usize| shape.chars().skip(at.saturating_sub(20)).take(60).collect::<String>();
    let Some((ours, other)) = ours.iter().zip(other).find(|(ours, other)| ours != other) else {
        return format!("{} and {} definitions", ours.len(), other.len());
    };
    let at = ours.1.chars().zip(other.1.chars()).take_while(|(one, two)| one == two).count();
    format!("in {} {:?}, in the other's {} {:?}", ours.0, part(&ours.1, at), other.0, part(&other.1, at))
}

fn main() -> ExitCode {
    let mut paths = Vec::new();
    std::env::args().skip(1).for_each(|folder| find_templates(Path::new(&folder), &mut paths));
    paths.sort();
    let (mut same, mut refused, mut differ) = (0, 0, 0);
    for path in &paths {
        let Ok(text) = fs::read_to_string(path) else { continue };
        match (shape_by_us(&text), shape_by_other(&text)) {
            (Ok(ours), Ok(other)) if are_alike(&text, &ours, &other) => same += 1,
            (Ok(ours), Ok(other)) => {
                differ += 1;
                println!("{}: the trees differ: {}", path.display(), find_difference(&ours, &other));
            }
            (Err(_), Err(_)) => refused += 1,
            (Err(reason), Ok(_)) => println!("{}: we refuse: {reason}", path.display()),
            (Ok(_), Err(reason)) => println!("{}: the other refuses: {reason}", path.display()),
        }
    }
    println!("{} templates: {same} with one tree, {refused} refused by both, {differ} differ", paths.len());
    if differ == 0 && same > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
