//! Any app of any repository, walked key by key: what is shown is what is written, and every file stays whole.

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy::app::{AppEvent, PatchLine};
use seaworthy::audit::PodSecurity;
use seaworthy::repo::RelPath;
use seaworthy::text::diff::LineChange;
use seaworthy::walkthrough::Chapter;
use tempfile::TempDir;

use super::walker::Walker;

/// What is counted on the way.
#[derive(Default)]
struct Counted {
    apps: usize,
    diffs: usize,
    met: usize,
    chapters: usize,
    restricted: usize,
}

/// `WALK=/path/to/repositories cargo test --test screens any_repository -- --ignored --nocapture`.
#[test]
#[ignore = "needs a folder of repositories, named by WALK"]
fn every_app_of_any_repository_is_walked_as_it_is_shown() {
    let Some(folder) = std::env::var_os("WALK") else { return };
    let mut all = Counted::default();
    for repository in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if !repository.is_dir() {
            continue;
        }
        let root = TempDir::new().unwrap();
        copy(&repository, root.path());
        let mut walker = Walker::at(root, TempDir::new().unwrap(), 120, 40);
        let apps = walker.state.walk.as_ref().unwrap().walk.as_ref().unwrap().apps.len();
        for app in 0..apps {
            walk(&mut walker, app, apps > 1, &mut all);
        }
        println!("{}: {apps} apps", repository.display());
    }
    let Counted { apps, diffs, met, chapters, restricted } = all;
    println!(
        "{apps} apps, {diffs} diffs written as shown, {met} of {chapters} chapters met, {restricted} restricted"
    );
    assert!(apps > 0);
}

/// From the choice of the app to its results and back.
fn walk(walker: &mut Walker, app: usize, several: bool, all: &mut Counted) {
    if several {
        walker.keys("g g");
        for _ in 0..app {
            walker.keys("j");
        }
        walker.keys("Enter");
    }
    for chapter in Chapter::ALL {
        walker.keys(&chapter.chapter_number().to_string());
        for (width, height) in [(80, 24), (120, 40)] {
            walker.event(AppEvent::Resize(width, height));
            assert!(walker.text().contains("seaworthy walk"));
        }
        if chapter != Chapter::Results {
            all.diffs += write(walker);
        }
    }
    walker.keys("x");
    assert!(walker.saved.take().unwrap().starts_with("## Harden "));
    let journey = walker.state.walk.as_ref().unwrap().app_walk().unwrap();
    let (met, chapters) = journey.count_progress();
    (all.apps, all.met, all.chapters) = (all.apps + 1, all.met + met, all.chapters + chapters);
    all.restricted += usize::from(journey.level == Some(PodSecurity::Restricted));
    walker.keys("1 b");
}

/// Presses `f`, and holds what is then on the disk against what was on the screen. So many diffs were written.
fn write(walker: &mut Walker) -> usize {
    let files: Vec<RelPath> = walker
        .state
        .preview
        .writable_plan()
        .iter()
        .flat_map(|plan| &plan.patches)
        .map(|p| p.path.clone())
        .collect();
    let shown = shown(&walker.state.preview.lines);
    let before: Vec<String> = files.iter().map(|path| walker.read(path.as_str())).collect();
    walker.write();
    let bad = walker.state.toast.as_ref().filter(|toast| toast.is_failure());
    assert!(bad.is_none(), "{bad:?}");
    for (path, before) in files.iter().zip(before) {
        let after = walker.read(path.as_str());
        assert_eq!(patched(&before, &shown[path], &after), after.lines().collect::<Vec<_>>(), "{path}");
    }
    files.len()
}

/// The changed lines of each file: those that go, and those that come, by number.
type Shown = BTreeMap<usize, (LineChange, String)>;

fn shown(lines: &[PatchLine]) -> BTreeMap<RelPath, (Shown, Shown)> {
    let mut files: BTreeMap<RelPath, (Shown, Shown)> = BTreeMap::new();
    let mut file: Option<RelPath> = None;
    for line in lines {
        match line {
            PatchLine::File(path) => file = Some(path.clone()),
            PatchLine::Gap => {}
            PatchLine::Line(line) => {
                let (gone, come) = files.entry(file.clone().unwrap()).or_default();
                let is = (line.change, line.text.clone());
                match line.change {
                    LineChange::Removed => drop(gone.insert(line.before.unwrap(), is)),
                    LineChange::Added => drop(come.insert(line.after.unwrap(), is)),
                    LineChange::Unchanged => {}
                }
            }
        }
    }
    files
}

/// The text before, with what is shown done to it. What is veiled on the screen is taken from the text after.
fn patched<'t>(before: &'t str, (gone, come): &'t (Shown, Shown), after: &'t str) -> Vec<&'t str> {
    let after: Vec<&str> = after.lines().collect();
    let mut kept = before.lines().enumerate().filter(|(at, _)| !gone.contains_key(&(at + 1)));
    let mut lines = Vec::new();
    for at in 1.. {
        match come.get(&at) {
            Some((_, text)) if text.contains('…') => lines.extend(after.get(at - 1)),
            Some((_, text)) => lines.push(text.trim_end_matches('\r')),
            None => match kept.next() {
                Some((_, line)) => lines.push(line),
                None => return lines,
            },
        }
    }
    lines
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && entry.file_name() != ".git" {
            copy(&path, &to);
        } else if kind.is_file() {
            std::fs::copy(&path, to).unwrap();
        }
    }
}
