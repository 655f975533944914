//! Instructions: which lines, which words.

use super::fixture;
use seaworthy::dockerfile::{
    CommandForm, Dockerfile, DockerfileFault, EscapeChar, Instruction, InstructionKind, Keyword, SpannedWord,
    parse,
};
use seaworthy::text::SourceText;

fn lines(text: &str, file: &Dockerfile) -> Vec<(Keyword, usize, usize)> {
    let source = SourceText::new(text);
    let line = |at| source.line_number_at(at);
    file.instructions.iter().map(|i| (i.keyword, line(i.span.start), line(i.span.end))).collect()
}

fn texts(words: &[SpannedWord]) -> Vec<&str> {
    words.iter().map(|word| word.text.as_str()).collect()
}

fn only(text: &str) -> (Dockerfile, Instruction) {
    let file = parse(text);
    let last = file.instructions.last().unwrap().clone();
    (file, last)
}

#[test]
fn continued_lines_comments_and_blank_lines_are_one_instruction() {
    let text = fixture("continued");
    let file = parse(&text);
    let expected = [
        (Keyword::From, 2, 2),
        (Keyword::Run, 4, 10),
        (Keyword::Env, 12, 13),
        (Keyword::Label, 15, 17),
        (Keyword::Copy, 19, 19),
        (Keyword::User, 20, 20),
        (Keyword::Cmd, 21, 22),
    ];
    assert_eq!(lines(&text, &file), expected);
    let comments: Vec<_> = file.comments.iter().map(|span| span.slice(&text)).collect();
    assert_eq!(
        comments,
        ["# syntax=docker/dockerfile:1", "# what the program links against", "# said again by the registry"]
    );
    assert_eq!(
        (file.directives[0].name.as_str(), file.directives[0].value.as_str()),
        ("syntax", "docker/dockerfile:1")
    );
    assert_eq!(file.problems, []);
}

#[test]
fn words_stand_where_they_are_written() {
    let text = fixture("continued");
    let file = parse(&text);
    let InstructionKind::Env(pairs) = &file.instructions[2].kind else { panic!() };
    assert_eq!(pairs[1].0.span.slice(&text), "PATH");
    assert_eq!(pairs[1].1.span.slice(&text), "\"/opt/shop/bin:$PATH\"");
    assert_eq!((pairs[1].1.text.as_str(), pairs[1].1.has_variables), ("/opt/shop/bin:$PATH", true));
    let InstructionKind::Label(labels) = &file.instructions[3].kind else { panic!() };
    assert_eq!(labels[1].1.span.slice(&text), "MIT");
    let copy = &file.instructions[4];
    assert_eq!(copy.flag_values("from").collect::<Vec<_>>(), ["busybox:1.37"]);
    assert_eq!(copy.flags[0].value_span.unwrap().slice(&text), "busybox:1.37");
    let InstructionKind::Cmd(CommandForm::Exec(words)) = &file.instructions[6].kind else { panic!() };
    assert_eq!(texts(words), ["shop", "--port", "8080"]);
    assert_eq!(words[1].span.slice(&text), "\"--port\"");
}

#[test]
fn heredocs_belong_to_their_instruction() {
    let text = fixture("heredocs");
    let file = parse(&text);
    let expected =
        [(Keyword::From, 1, 1), (Keyword::Run, 3, 6), (Keyword::Copy, 8, 12), (Keyword::User, 14, 14)];
    assert_eq!(lines(&text, &file), expected);
    let InstructionKind::Copy { sources, destination } = &file.instructions[2].kind else { panic!() };
    assert_eq!((sources.len(), destination.text.as_str()), (0, "/srv/"));
    assert_eq!(file.instructions[2].heredocs[1].body.slice(&text), "two\n");
}

#[test]
fn several_heredocs_stand_anywhere_in_a_command() {
    let text = fixture("heredocs-in-commands");
    let file = parse(&text);
    let expected = [
        (Keyword::From, 1, 1),
        (Keyword::Run, 3, 7),
        (Keyword::Run, 9, 10),
        (Keyword::Run, 11, 13),
        (Keyword::User, 14, 14),
    ];
    assert_eq!(lines(&text, &file), expected);
    let [first, second] = file.instructions[1].heredocs.as_slice() else { panic!() };
    assert_eq!((first.name.as_str(), first.expand, first.strip_tabs), ("FIRST", false, true));
    assert_eq!(first.body.slice(&text), "\t$not_expanded\n");
    assert_eq!((second.name.as_str(), second.expand), ("SECOND", true));
}

#[test]
fn a_backtick_escapes_where_the_file_says_so() {
    let text = fixture("backtick");
    let file = parse(&text);
    assert_eq!(file.escape, EscapeChar::Backtick);
    let kinds = [Keyword::From, Keyword::Workdir, Keyword::Run, Keyword::Copy, Keyword::User];
    assert_eq!(file.instructions.iter().map(|i| i.keyword).collect::<Vec<_>>(), kinds);
    let InstructionKind::Copy { sources, destination } = &file.instructions[3].kind else { panic!() };
    assert_eq!((sources[0].text.as_str(), destination.text.as_str()), ("shop.exe", "C:\\app\\"));
    assert_eq!(file.instructions[4].span.slice(&text), "USER ContainerUser");
}

#[test]
fn a_byte_order_mark_and_a_missing_newline_change_nothing() {
    let text = fixture("marked");
    let file = parse(&text);
    assert_eq!(lines(&text, &file), [(Keyword::From, 1, 1), (Keyword::User, 2, 2)]);
    assert_eq!(file.instructions[0].keyword_span.slice(&text), "FROM");
}

#[test]
fn a_half_typed_file_keeps_its_good_parts() {
    let text = fixture("half-typed");
    let file = parse(&text);
    let faults: Vec<_> = file.problems.iter().map(|problem| problem.fault.to_string()).collect();
    assert_eq!(
        faults,
        [
            "unknown instruction `RNU`",
            "`USER` lacks its arguments",
            "the arguments of `ENV` cannot be read",
            "the arguments of `COPY` cannot be read",
            "the heredoc `EOF` is never closed",
            "unknown instruction `echo`",
            "the arguments of `HEALTHCHECK` cannot be read",
        ]
    );
    let user = file.instructions.iter().rfind(|i| i.keyword == Keyword::User).unwrap();
    assert!(matches!(&user.kind, InstructionKind::User(word) if word.text == "43122"));
    let last = file.instruction_at(file.stages[0].environment.cmd).unwrap();
    assert!(matches!(&last.kind, InstructionKind::Cmd(CommandForm::Exec(_))));
}

#[test]
fn only_a_file_without_a_stage_has_none() {
    assert_eq!(parse("").problems[0].fault, DockerfileFault::NoStage);
    assert_eq!(parse("RUN true\n").problems[0].fault, DockerfileFault::NoStage);
    assert_eq!(parse("FROM scratch").problems, []);
}

#[test]
fn values_are_read_as_a_build_reads_them() {
    let env = |text: &str| match only(text).1.kind {
        InstructionKind::Env(pairs) => pairs.into_iter().map(|(k, v)| (k.text, v.text)).collect::<Vec<_>>(),
        kind => panic!("{kind:?}"),
    };
    let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    assert_eq!(env("ENV NAME one  two"), [pair("NAME", "one  two")]);
    assert_eq!(env("ENV A= B='x y'\"z\" C=a\\ b"), [pair("A", ""), pair("B", "x yz"), pair("C", "a b")]);
    assert_eq!(env("ENV A=o\\\nne"), [pair("A", "one")]);
    let (_, user) = only("USER  \"app\" ");
    assert!(matches!(&user.kind, InstructionKind::User(word) if word.text == "app"));
    let (_, arg) = only("ARG A=1 B C=\"\"");
    assert!(matches!(&arg.kind, InstructionKind::Arg(names) if names.len() == 3 && names[1].1.is_none()));
}

#[test]
fn an_array_of_strings_is_the_exec_form_and_nothing_else_is() {
    let exec = |text: &str| matches!(only(text).1.command_form(), Some(CommandForm::Exec(_)));
    for text in
        ["CMD []", "CMD [ \"a\" , \"b\" ]", "RUN --mount=type=tmpfs,target=/t [\"a\"]", "CMD [\"a\\\n\"]"]
    {
        assert!(exec(text), "{text}");
    }
    for text in ["CMD ['a']", "CMD [\"a\",]", "CMD [\"a\" \"b\"]", "CMD [\"a\", 1]", "CMD [\"\\x\"]", "CMD ["]
    {
        assert!(!exec(text), "{text}");
    }
    let (_, health) = only("HEALTHCHECK --interval=5s CMD [\"true\"]");
    assert!(matches!(health.kind, InstructionKind::Healthcheck(Some(CommandForm::Exec(_)))));
}

#[test]
fn what_stands_in_quotes_or_amid_a_word_opens_no_heredoc() {
    for command in
        ["cat<<EOF", "echo \"<<EOF\"", "echo 'a <<EOF", "echo <<A<<B", "echo $((1<<EOF))", "x ${a,} <<EOF"]
    {
        let file = parse(&format!("FROM a\nRUN {command}\nUSER 1\nEOF\n"));
        assert_eq!(file.instructions[2].keyword, Keyword::User, "{command}");
    }
    let file = parse("FROM a\nRUN [\"<<EOF\"]\nUSER 1\nONBUILD RUN x 3<<E\"O\"F\nUSER 2\nEOF\nCMD x");
    assert_eq!(file.instructions[2].keyword, Keyword::User);
    assert_eq!(file.instructions[4].keyword, Keyword::Cmd);
}

#[test]
fn flags_are_no_arguments() {
    let text = "FROM a\nCOPY --link --chown=1:1 a b c/\n";
    let (_, copy) = only(text);
    assert_eq!(copy.flags.iter().map(|flag| flag.name.as_str()).collect::<Vec<_>>(), ["link", "chown"]);
    assert!(matches!(&copy.kind, InstructionKind::Copy { sources, .. } if texts(sources) == ["a", "b"]));
    assert_eq!(copy.arguments.slice(text), "a b c/");
    let (_, copy) = only("COPY --from=x\\ y a b");
    assert!(matches!(&copy.kind, InstructionKind::Copy { sources, .. } if texts(sources) == ["a"]));
    let (_, inner) = only("ONBUILD COPY --from=x a b");
    assert!(matches!(&inner.kind, InstructionKind::Onbuild(copy) if copy.flag_values("from").eq(["x"])));
}
