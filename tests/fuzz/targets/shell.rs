//! Any text as a Dockerfile and as what one of its RUNs runs: split, lexed, parsed and expanded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seaworthy::dockerfile::{EscapeChar, VariableScope, parse, shell};
use seaworthy::text::Span;

fn read(text: &str) {
    let file = parse(text);
    for instruction in &file.instructions {
        assert!(text.get(instruction.span.start..instruction.span.end).is_some());
        let scope = VariableScope::at_instruction(text, &file, instruction.index);
        for command in &shell::parse_instruction_script(text, &file, instruction).commands {
            assert!(text.get(command.span.start..command.span.end).is_some());
            for word in command.words.iter().chain(&command.assignments) {
                assert!(text.get(word.span.start..word.span.end).is_some());
                let _ = scope.expand_word(text, word);
            }
        }
        for flag in &instruction.flags {
            let _ = scope.expand_flag(text, flag);
        }
    }
}

fuzz_target!(|text: &str| {
    read(text);
    read(&format!("FROM a AS b\nARG c=d\nENV e=$c\nRUN {text}"));
    for escape in [EscapeChar::Backslash, EscapeChar::Backtick] {
        let _ = shell::parse_script(text, Span::new(0, text.len()), escape);
    }
});
