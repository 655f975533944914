//! Input that is made to bring a parser down. A test binary that hangs or aborts fails them all.

use std::fmt::Write as _;

use seaworthy::dockerfile::{DockerfileFault, Keyword, parse, shell};

/// Reads all there is to read; returns how many instructions there are.
fn read(text: &str) -> usize {
    let file = parse(text);
    for instruction in &file.instructions {
        let _ = shell::parse_instruction_script(text, &file, instruction);
    }
    file.instructions.len()
}

#[test]
fn a_hundred_thousand_continued_lines() {
    let text = format!("FROM a\nRUN true {}\nUSER 1\n", "\\\n  && true".repeat(100_000));
    assert_eq!(read(&text), 3);
    assert!(parse(&text).problems.iter().any(|problem| problem.fault == DockerfileFault::TooLong("RUN")));
    assert_eq!(read(&format!("FROM a\nENV {}\n", "\\\n # c\n\n A=b ".repeat(100_000))), 2);
}

#[test]
fn ten_megabytes_on_one_line() {
    for unit in ["x", "a ", "'", "\"", "\\", "$", "${", "$(", "`", "(", "<<A ", "[\"", "--a ", "\0"] {
        for keyword in ["RUN", "COPY", "ENV A=", "FROM", "ONBUILD", "#", ""] {
            read(&format!("FROM a\n{keyword} {}", unit.repeat(100_000)));
        }
    }
    let text = format!("FROM a\nRUN {}\nUSER 1", "x".repeat(10_000_000));
    assert_eq!(read(&text), 3);
}

#[test]
fn ten_thousand_stages() {
    let mut text = String::from("FROM a AS s0\nUSER 1\n");
    for stage in 1..9_999 {
        writeln!(text, "FROM s{} AS s{stage}", stage - 1).unwrap();
    }
    let file = parse(&text);
    assert_eq!(file.stages.len(), 9_999);
    let last = file.final_stage().unwrap();
    assert_eq!(file.instruction_at(last.environment.user).map(|i| i.keyword), Some(Keyword::User));
}

#[test]
fn more_instructions_than_any_build_takes() {
    for line in ["USER a\n", "RUN a\n", "a\n", "FROM a\n", "ENV A=$A$A\n", "ARG A=$A$A\nUSER $A\n"] {
        let text = format!("FROM a\n{}", line.repeat(1_000_000 / line.len()));
        assert_eq!(read(&text), 10_000, "{line}");
        assert!(
            parse(&text)
                .problems
                .iter()
                .any(|problem| matches!(problem.fault, DockerfileFault::TooManyInstructions(_)))
        );
    }
}

#[test]
fn ten_thousand_heredocs_that_are_never_closed() {
    let mut text = String::from("FROM a\n");
    for number in 0..9_999 {
        writeln!(text, "RUN <<E{number}").unwrap();
    }
    assert_eq!(read(&text), 10_000);
    read(&format!("FROM a\n{}\tA\n", "RUN <<A\n".repeat(100_000)));
    assert_eq!(read(&format!("FROM a\nRUN {}\nUSER 1", "<<A ".repeat(10_000))), 3);
}

#[test]
fn deep_nesting_in_shell_text() {
    for (open, close) in
        [("$(", ")"), ("(", ")"), ("\"$(", ")\""), ("${a:-", "}"), ("{ ", " }"), ("if a; then ", "; fi")]
    {
        let depth = 10_000;
        read(&format!("FROM a\nRUN {}x{}", open.repeat(depth), close.repeat(depth)));
        read(&format!("FROM a\nRUN {}", open.repeat(depth)));
    }
    read(&format!("FROM a\n{}USER x", "ONBUILD ".repeat(50_000)));
    read(&format!("FROM a\nRUN {}", "sh -c '".repeat(20_000)));
}
