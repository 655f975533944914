//! A second opinion on the fixtures: the crate parse-dockerfile finds the same instructions. It is not asked about
//! heredocs amid a command, which it does not know, nor about a byte-order mark, which it does not count.

use super::fixture;
use parse_dockerfile::Instruction;
use seaworthy::dockerfile::parse;

#[test]
fn parse_dockerfile_finds_the_same_instructions() {
    for name in ["continued", "heredocs", "backtick", "stages"] {
        let text = fixture(name);
        let theirs = parse_dockerfile::parse(&text).unwrap();
        let theirs: Vec<_> = theirs.instructions.iter().map(start).collect();
        let ours: Vec<_> = parse(&text).instructions.iter().map(|i| i.keyword_span.start).collect();
        assert_eq!(ours, theirs, "{name}");
    }
}

fn start(instruction: &Instruction<'_>) -> usize {
    match instruction {
        Instruction::Add(i) => i.add.span.start,
        Instruction::Arg(i) => i.arg.span.start,
        Instruction::Cmd(i) => i.cmd.span.start,
        Instruction::Copy(i) => i.copy.span.start,
        Instruction::Entrypoint(i) => i.entrypoint.span.start,
        Instruction::Env(i) => i.env.span.start,
        Instruction::Expose(i) => i.expose.span.start,
        Instruction::From(i) => i.from.span.start,
        Instruction::Healthcheck(i) => i.healthcheck.span.start,
        Instruction::Label(i) => i.label.span.start,
        Instruction::Maintainer(i) => i.maintainer.span.start,
        Instruction::Onbuild(i) => i.onbuild.span.start,
        Instruction::Run(i) => i.run.span.start,
        Instruction::Shell(i) => i.shell.span.start,
        Instruction::Stopsignal(i) => i.stopsignal.span.start,
        Instruction::User(i) => i.user.span.start,
        Instruction::Volume(i) => i.volume.span.start,
        Instruction::Workdir(i) => i.workdir.span.start,
        other => panic!("{other:?}"),
    }
}
