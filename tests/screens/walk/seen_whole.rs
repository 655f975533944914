//! Nothing is written in the walk that was not on the screen whole: the cells of the frames before a write hold every
//! line that it adds and every line that it takes away, whatever was resized, turned or unfolded on the way.

use proptest::prelude::*;
use seaworthy::app::AppEvent;
use seaworthy::walkthrough::Chapter;
use tempfile::TempDir;

use super::walker::Walker;
use crate::drawn_lines::DrawnLines;
use crate::real::write_files;
use crate::seen::{SIZES, repositories};

/// The most apps of a repository that are walked.
const MAX_APPS: usize = 12;

fn walk_over(files: &[(String, String)], (width, height): (u16, u16)) -> Walker {
    let root = TempDir::new().unwrap();
    write_files(root.path(), files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let mut walker = Walker::at(root, TempDir::new().unwrap(), width, height);
    walker.drawn = Some(DrawnLines::default());
    walker
}

/// How many apps there are to walk, where there is a choice.
fn count_apps(walker: &Walker) -> usize {
    walker.state.walk.as_ref().and_then(|walk| walk.walk.as_ref()).map_or(0, |walk| walk.apps.len())
}

fn open_app(walker: &mut Walker, app: usize) {
    walker.keys("g g");
    for _ in 0..app {
        walker.keys("j");
    }
    walker.keys("Enter");
}

/// Presses the key that writes until it has written, or does nothing any more.
fn write_chapter(walker: &mut Walker) {
    let before = walker.writes;
    let mut page = None;
    for _ in 0..400 {
        walker.keys("f");
        let now = walker.state.walk.as_ref().map(|walk| walk.change_page);
        if walker.writes > before || walker.state.dialog.is_some() || now == page {
            break;
        }
        page = now;
    }
    while walker.state.dialog.is_some() {
        walker.keys("Esc");
    }
}

#[test]
fn what_the_walk_writes_was_on_the_screen_whole() {
    for files in repositories() {
        for size in SIZES {
            let mut walker = walk_over(&files, size);
            let apps = count_apps(&walker);
            let mut chapters = 0;
            for app in 0..apps.min(MAX_APPS) {
                if apps > 1 {
                    open_app(&mut walker, app);
                }
                for chapter in Chapter::ALL {
                    walker.keys(&chapter.chapter_number().to_string());
                    chapters += usize::from(walker.state.preview.writable_plan().is_some());
                    write_chapter(&mut walker);
                }
                walker.keys("1 b");
            }
            assert!(walker.writes >= chapters.min(1), "{size:?}: {chapters} chapters");
        }
    }
}

/// An act on the way to a write.
#[derive(Clone, Debug)]
enum Act {
    Key(&'static str),
    Resize(u16, u16),
}

fn act() -> impl Strategy<Value = Act> {
    let keys = ["f", "f", "f", "Space", "d", "n", "b", "w", "Enter", "Esc", "u", "?", "3", "8", "v"];
    prop_oneof![
        4 => prop::sample::select(keys.to_vec()).prop_map(Act::Key),
        1 => (20..210u16, 6..62u16).prop_map(|(width, height)| Act::Resize(width, height)),
    ]
}

/// As many as `PROPTEST_CASES` says, or what takes a few seconds.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(32)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn pages_of_another_size_are_no_pages_passed(acts in prop::collection::vec(act(), 1..40)) {
        let files = [("Dockerfile", super::DOCKERFILE), ("deploy.yaml", super::DEPLOYMENT)];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let mut walker = walk_over(&files, (80, 24));
        for act in acts {
            match act {
                Act::Key(key) => drop(walker.keys(key)),
                Act::Resize(width, height) => walker.event(AppEvent::Resize(width, height)),
            }
        }
    }
}
