//! What holds for every text.

use proptest::prelude::*;
use seaworthy::dockerfile::{InstructionKind, SpannedWord, VariableScope, parse, shell, working_directory};

/// Pieces that Dockerfiles are made of, and what breaks them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "FROM a AS b\n",
        "FROM b\n",
        "RUN ",
        "COPY ",
        "ENV ",
        "ARG ",
        "CMD ",
        "ONBUILD ",
        "HEALTHCHECK CMD ",
        "USER ",
        "SHELL ",
        "\\\n",
        "\\",
        "\n",
        "\r\n",
        " ",
        "\t",
        "#",
        "# escape=`\n",
        "`",
        "<<EOF",
        "<<-'E F'",
        "EOF\n",
        "'",
        "\"",
        "$",
        "${A:-b}",
        "${",
        "}",
        "$(",
        ")",
        "(",
        "((",
        "[",
        "[\"a\", \"b\"]",
        ",",
        "=",
        "A=b",
        "--x=y ",
        "|",
        "&&",
        ";",
        "case x in",
        "esac",
        "[[",
        "for i in",
        "do",
        "{",
        ">",
        "<(",
        "sh -c ",
        "é",
        "\u{a0}",
        "\0",
        "\u{feff}",
        "x",
        "0",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn in_text(text: &str, word: &SpannedWord) -> bool {
    word.span.start <= word.span.end && text.get(word.span.start..word.span.end).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn instructions_are_apart_in_order_and_within_the_text(text in text()) {
        let file = parse(&text);
        let mut end = 0;
        for instruction in &file.instructions {
            prop_assert!(end <= instruction.span.start);
            prop_assert!(instruction.span.covers(instruction.keyword_span));
            prop_assert!(instruction.span.covers(instruction.arguments));
            prop_assert!(text.get(instruction.span.start..instruction.span.end).is_some());
            prop_assert!(instruction.heredocs.iter().all(|heredoc| instruction.span.covers(heredoc.body)));
            end = instruction.span.end;
        }
        prop_assert!(file.comments.iter().all(|comment| comment.slice(&text).starts_with('#')));
    }

    #[test]
    fn words_and_commands_are_within_their_instruction(text in text()) {
        let file = parse(&text);
        for instruction in &file.instructions {
            if let InstructionKind::User(word) | InstructionKind::Workdir(word) = &instruction.kind {
                prop_assert!(in_text(&text, word));
                let _ = VariableScope::at_instruction(&text, &file, instruction.index).expand_word(&text, word);
            }
            let script = shell::parse_instruction_script(&text, &file, instruction);
            for command in &script.commands {
                prop_assert!(instruction.span.covers(command.span), "{:?}", command);
                prop_assert!(command.words.iter().all(|word| in_text(&text, word) && command.span.covers(word.span)));
                let _ = command.effective_invocation();
            }
            let _ = script.exec_words(&text);
        }
        for stage in &file.stages {
            let _ = working_directory(&text, &file, stage);
        }
    }
}
