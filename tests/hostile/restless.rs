//! Files that shrink, grow and vanish while they are read.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::many;
use crate::run::{report, run};
use crate::texts::{LARGEST, POD};
use crate::trees::Tree;

#[test]
fn files_that_never_rest_are_read_or_listed() {
    let tree = Tree::new("restless");
    let home = tempfile::tempdir().unwrap();
    let over = AtomicBool::new(false);
    let long = format!("{POD}{}", "# c\n".repeat(50_000));
    let huge = vec![b'#'; LARGEST + 1];
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0.. {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let text = [POD.as_bytes(), long.as_bytes(), b"", &huge, &[0xff; 100]][turn % 5];
                for number in 0..20 {
                    let at = tree.path().join(format!("{number}.yaml"));
                    match (turn + number) % 7 {
                        0 => drop(std::fs::remove_file(&at)),
                        1 => drop(std::fs::remove_file(&at).and_then(|()| std::fs::create_dir(&at))),
                        2 => drop(std::fs::remove_dir(&at)),
                        _ => drop(std::fs::write(&at, text)),
                    }
                }
            }
        });
        for _ in 0..many(50, 2) {
            let check = run(&tree.path(), home.path(), &["check", "--format", "json", "--fail-on", "never"]);
            report(&check);
            run(&tree.path(), home.path(), &["fix", "--review"]);
            run(&tree.path(), home.path(), &["undo"]);
        }
        over.store(true, Ordering::Relaxed);
    });
}
