//! How long things take that a user waits for: `cargo bench` prints each figure beside the one that was kept last, and
//! fails where a limit is passed. `cargo bench -- --keep` keeps the new ones, in the README's table too; a word runs only
//! what is named so.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

mod audit;
mod chart;
mod check;
mod clock;
mod memory;
mod monorepo;
mod readme;
mod save;
mod screen;
mod start;
mod tree;
mod world;

use std::process::ExitCode;
use std::time::Duration;

use clock::{Count, Kept, Measure};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let keep = words.iter().any(|word| word == "--keep");
    let wanted = |name: &str| {
        let mut named = words.iter().filter(|word| !word.starts_with("--")).peekable();
        named.peek().is_none() || named.any(|word| name.contains(word.as_str()))
    };
    let mut kept = Kept::read();
    let mut passed = true;
    for Measure { name, limit, run } in MEASURES {
        if !wanted(name) {
            continue;
        }
        let took = run();
        let limit = limit.map(Duration::from_micros);
        passed &= limit.is_none_or(|limit| took <= limit);
        println!("{}", kept.line(name, took, limit));
        kept.set(name, took);
    }
    for Count { name, unit, limit, run } in COUNTS {
        if !wanted(name) {
            continue;
        }
        let count = run();
        passed &= limit.is_none_or(|limit| count <= limit);
        println!("{}", kept.count_line(name, count, *limit, unit));
        kept.set_count(name, count);
    }
    // Minutes long, so only by its name.
    if words.iter().any(|word| word == "memory") {
        let (told, is_flat) = memory::flat();
        println!("memory: {}, {told}", if is_flat { "flat" } else { "GROWS" });
        passed &= is_flat;
    }
    if let Some(folder) = std::env::var_os("SEAWORTHY_CHARTS") {
        chart::rendered_below(folder.as_ref());
    }
    if keep {
        kept.write();
        readme::write(&kept);
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is measured, with its limit in microseconds.
const MEASURES: &[Measure] = &[
    // First, while this process is small: to start another takes longer the more memory it has itself.
    Measure { name: "start to the first frame", limit: Some(50_000), run: start::small },
    Measure { name: "start to the first frame in 10,000 files", limit: Some(50_000), run: start::large },
    Measure { name: "start to the first frame in a monorepo", limit: Some(50_000), run: start::monorepo },
    Measure { name: "a frame of 200x60 with 10,000 findings", limit: Some(1_000), run: screen::frame },
    Measure { name: "a key in 10,000 files, to the drawn screen", limit: Some(16_000), run: screen::key },
    Measure { name: "a letter of the filter in 10,000 files", limit: Some(16_000), run: screen::filter },
    Measure { name: "the end of a file of 50,000 lines, highlighted", limit: None, run: screen::jump },
    Measure { name: "a line further down in that file", limit: Some(16_000), run: screen::scroll },
    Measure {
        name: "a frame with a fix in the source, 10,000 findings",
        limit: Some(1_000),
        run: screen::ghost_frame,
    },
    Measure {
        name: "a key in a value's field, to the drawn screen",
        limit: Some(16_000),
        run: screen::value_key,
    },
    Measure {
        name: "a letter of the palette in 10,000 files",
        limit: Some(16_000),
        run: screen::palette_letter,
    },
    Measure { name: "a frame of a chart's rendered page", limit: Some(1_000), run: screen::rendered_frame },
    Measure { name: "`check`, for each Dockerfile of 1,000", limit: Some(200), run: check::dockerfile },
    Measure { name: "the audit of 1,000 files", limit: None, run: audit::cold },
    Measure { name: "the audit of one changed file of 1,000", limit: None, run: audit::again },
    Measure {
        name: "the slowest save of a file of 10,000, to the store",
        limit: Some(5_000),
        run: save::to_store,
    },
    Measure { name: "the slowest save, to the screen", limit: Some(16_000), run: save::to_screen },
    Measure {
        name: "a chart of 15 templates, rendered with origins",
        limit: Some(3_000),
        run: chart::rendered,
    },
    Measure {
        name: "a save of a chart's values, to the screen",
        limit: Some(16_000),
        run: chart::values_to_screen,
    },
    Measure { name: "a fix, made and proven, in 1,000 files", limit: None, run: audit::fix },
];

/// What is no time by itself: shares of another one, and sizes.
const COUNTS: &[Count] = &[
    Count { name: "`check` of a monorepo", unit: "times reading it", limit: Some(3.0), run: check::text },
    Count {
        name: "its work, on two processors",
        unit: "times reading it",
        limit: Some(6.0),
        run: check::work,
    },
    Count { name: "the memory that takes", unit: "MB", limit: Some(200.0), run: check::memory },
    Count {
        name: "the same as JSON, each fix proven",
        unit: "times reading it",
        limit: None,
        run: check::json,
    },
    Count {
        name: "as SARIF, each fix written out",
        unit: "times reading it",
        limit: None,
        run: check::sarif,
    },
    Count { name: "the program itself", unit: "MB", limit: Some(15.0), run: check::size },
];
