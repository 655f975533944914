//! Any text as a template: what this program and another parser both take has one tree, and no text brings ours down.

#![no_main]

mod parser_shapes;

use libfuzzer_sys::fuzz_target;
use parser_shapes::{are_alike, shape_by_other, shape_by_us};

fuzz_target!(|text: &str| {
    if let (Ok(ours), Ok(other)) = (shape_by_us(text), shape_by_other(text)) {
        assert!(are_alike(text, &ours, &other), "{ours:?}\n{other:?}");
    }
});
