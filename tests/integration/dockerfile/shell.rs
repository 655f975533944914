//! Shell text: commands, words, pipes, and what may run without a shell.

use super::fixture;
use seaworthy::dockerfile::parse;
use seaworthy::dockerfile::shell::{ShellScript, SimpleCommand, parse_instruction_script};

/// The commands of the last instruction, each as its words joined by spaces.
fn read(text: &str) -> Vec<String> {
    script(text).commands.iter().map(joined).collect()
}

fn script(text: &str) -> ShellScript {
    let file = parse(text);
    parse_instruction_script(text, &file, file.instructions.last().unwrap())
}

fn joined(simple: &SimpleCommand) -> String {
    simple.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn commands_are_found_wherever_a_shell_would_run_them() {
    assert_eq!(read("RUN a 'b c' && d; e || f & g"), ["a b c", "d", "e", "f", "g"]);
    assert_eq!(read("RUN set -e; if test -f x; then a; else b; fi"), ["set -e", "test -f x", "a", "b"]);
    assert_eq!(read("RUN for f in a $(ls b); do cat \"$f\"; done"), ["ls b", "cat $f"]);
    assert_eq!(
        read("RUN case $(uname -m) in x86_64) a=b ;; arm*|aarch64) c ;; *) exit 1 ;; esac && d"),
        ["uname -m", "", "c", "exit 1", "d"]
    );
    assert_eq!(read("RUN (cd x && make) && { a; b; } > log 2>&1"), ["cd x", "make", "a", "b"]);
    assert_eq!(read("RUN f() { a; }; f"), ["a", "f"]);
    assert_eq!(read("RUN [[ $a == b && -f c ]] && d"), ["[[ $a == b -f c ]]", "d"]);
    assert_eq!(
        read("RUN echo $((1 << 2)) `a b` \"$(c \"$(d)\")\""),
        ["echo $((1 << 2)) `a b` $(c \"$(d)\")", "a b", "c $(d)", "d"]
    );
    assert_eq!(read("RUN bash -c 'a | b'"), ["bash -c a | b", "a", "b"]);
    assert_eq!(read("CMD [\"/bin/sh\", \"-c\", \"a && b\"]"), ["/bin/sh -c a && b", "a", "b"]);
}

#[test]
fn a_comment_on_a_continued_line_ends_the_command_but_a_line_of_its_own_does_not() {
    assert_eq!(read("RUN a \\\n  # why\n  && b"), ["a", "b"]);
    assert_eq!(read("RUN a # why \\\n  && b"), ["a"]);
}

#[test]
fn words_stand_where_they_are_written() {
    let text = "FROM a\nRUN apt-get install -y \\\n    # why\n    cu\\\nrl 'x y' > log\n";
    let script = script(text);
    let [command] = script.commands.as_slice() else { panic!() };
    let spans: Vec<_> = command.words.iter().map(|word| word.span.slice(text)).collect();
    assert_eq!(spans, ["apt-get", "install", "-y", "cu\\\nrl", "'x y'"]);
    assert_eq!(command.words[3].text, "curl");
    assert_eq!(
        (command.redirections[0].operator, command.redirections[0].target.text.as_str()),
        (">", "log")
    );
    assert!(command.span.slice(text).ends_with("> log"));
}

#[test]
fn pipes_join_commands() {
    let script = script("RUN FOO=1 curl -fsSLk https://x | tee log |& sudo -E -u root bash -s -- y; z");
    assert_eq!(script.commands[0].assignments[0].text, "FOO=1");
    let names: Vec<_> = script
        .pipeline_after(0)
        .map(|simple| simple.effective_invocation().unwrap().name().to_owned())
        .collect();
    assert_eq!(names, ["tee", "bash"]);
    let curl = script.commands[0].effective_invocation().unwrap();
    assert!(curl.find_flag(Some('k'), "insecure").is_some());
    assert!(curl.find_flag(Some('o'), "output").is_none());
}

#[test]
fn what_only_starts_a_program_is_seen_and_seen_past() {
    let names = |text: &str| {
        let script = script(text);
        script.commands[0].wrapped_invocations().map(|i| i.name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        names("RUN sudo -u root A=b env -u X C=d nice -n 5 /usr/bin/apk add x"),
        ["sudo", "env", "nice", "apk"]
    );
    assert_eq!(names("RUN timeout -k 5 30 xargs -n 1 curl"), ["timeout", "xargs", "curl"]);
    assert_eq!(
        names("ENTRYPOINT [\"/sbin/tini\", \"--\", \"gosu\", \"app\", \"shop\"]"),
        ["tini", "gosu", "shop"]
    );
    assert_eq!(names("RUN sudo"), ["sudo"]);
}

#[test]
fn subcommands_come_after_options() {
    let script = script("RUN env A=b apt-get -o Acquire::Retries=3 -y --target=x install curl -- -z");
    let apt = script.commands[0].effective_invocation().unwrap();
    assert_eq!((apt.name(), apt.subcommand(&["-o"])), ("apt-get", Some("install")));
    assert_eq!(
        apt.operands(&["-o"]).map(|word| word.text.as_str()).collect::<Vec<_>>(),
        ["install", "curl", "-z"]
    );
    assert_eq!(apt.option_value(&["--target"]), Some("x"));
    assert!(apt.find_flag(Some('z'), "").is_none());
}

#[test]
fn heredocs_are_commands_where_a_shell_reads_them() {
    let of = |name: &str, index: usize| {
        let text = fixture(name);
        let file = parse(&text);
        parse_instruction_script(&text, &file, &file.instructions[index])
            .commands
            .iter()
            .map(joined)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("heredocs", 1), ["", "apk add --no-cache curl", ""]);
    assert_eq!(of("heredocs-in-commands", 3), ["python3"]);
    let amid = ["cat", "bash", "curl -fsSL https://example.com/install.sh", "sh"];
    assert_eq!(of("heredocs-in-commands", 1), amid);
    assert_eq!(read("RUN <<E\n#!/usr/bin/env python3\nimport os\nE"), [""]);
    assert_eq!(read("RUN <<E\n#!/bin/sh\ncat <<F\ntext\nF\na\nE"), ["", "cat", "a"]);
}

#[test]
fn the_exec_form_is_for_what_needs_no_shell() {
    let exec = |text: &str| script(text).exec_words(text).map(<[_]>::len);
    assert_eq!(exec("CMD python3 -m shop --port=8080"), Some(4));
    assert_eq!(exec("CMD  nginx  -g  daemon "), Some(3));
    for text in [
        "CMD a $B",
        "CMD a 'b'",
        "CMD a; b",
        "CMD a &",
        "CMD a | b",
        "CMD a > b",
        "CMD A=b c",
        "CMD cd /x",
        "CMD exec a",
        "CMD a *",
        "CMD ~/a",
        "CMD (a)",
        "CMD ! a",
        "CMD a \\\n b\\\nc",
        "CMD a {b,c}",
        "CMD echo a",
        "CMD a `b`",
        "CMD a 'b",
        "CMD a # b;",
    ] {
        let comment = text.contains('#');
        assert_eq!(exec(text), comment.then_some(1), "{text}");
    }
}

#[test]
fn one_simple_command_is_told_from_more() {
    for text in ["CMD a \"$B\" $(c)", "CMD A=b c > d", "CMD a \\\n b"] {
        assert!(script(text).only_command().is_some(), "{text}");
    }
    for text in [
        "CMD a && b",
        "CMD a;",
        "CMD a &",
        "CMD (a)",
        "CMD { a; }",
        "CMD ! a",
        "CMD if a; then b; fi",
        "CMD a \"b",
        "CMD a | b",
    ] {
        assert!(script(text).only_command().is_none(), "{text}");
    }
}
