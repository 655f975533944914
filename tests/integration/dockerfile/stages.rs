//! Stages: what they are built on, what they inherit, which variables they see.

use super::fixture;
use seaworthy::dockerfile::{
    Dockerfile, InstructionKind, StageBase, VariableScope, VariableValue, parse, working_directory,
};

fn stages() -> (String, Dockerfile) {
    let text = fixture("stages");
    let file = parse(&text);
    (text, file)
}

#[test]
fn a_base_is_a_stage_an_image_or_open() {
    let (_, file) = stages();
    let bases: Vec<_> = file.stages.iter().map(|stage| stage.base.clone()).collect();
    let image = |name: &str| StageBase::Image(name.to_owned());
    assert_eq!(
        bases,
        [
            image("python:3.12-slim"),
            StageBase::Stage(0),
            image("python:3.13-bookworm"),
            StageBase::Unresolved("python:${TAG}".to_owned()),
            StageBase::Stage(1)
        ]
    );
    assert_eq!(file.stages[0].name.as_deref(), Some("build"));
    assert_eq!(file.stages[4].platform.as_deref(), Some("$BUILDPLATFORM"));
    assert_eq!(parse("FROM scratch").stages[0].base, StageBase::Scratch);
    assert_eq!(parse("ARG B=\nFROM $B").stages[0].base, StageBase::Unresolved("$B".to_owned()));
    assert_eq!(parse("FROM a AS x\nFROM 0").stages[1].base, image("0"));
}

#[test]
fn a_reference_that_is_one_argument_says_where_its_default_stands() {
    let (text, file) = stages();
    assert_eq!(file.stages[0].argument_default.unwrap().slice(&text), "python:3.12-slim");
    assert_eq!(file.stages[2].argument_default, None);
    let quoted = "ARG B=\"alpine:3.20\"\nFROM $B\n";
    assert_eq!(parse(quoted).stages[0].argument_default.unwrap().slice(quoted), "alpine:3.20");
    assert_eq!(parse("ARG A=x\nARG B=$A\nFROM $B\n").stages[0].argument_default, None);
}

#[test]
fn what_is_in_effect_comes_through_the_chain() {
    let (text, file) = stages();
    let last = file.final_stage().unwrap();
    let source = |index| file.instruction_at(index).map(|i| (i.stage.unwrap(), i.arguments.slice(&text)));
    assert_eq!(source(last.environment.user), Some((0, "shop")));
    assert_eq!(source(last.environment.shell).unwrap().0, 0);
    assert_eq!(source(last.environment.entrypoint), Some((1, "[\"pytest\"]")));
    assert_eq!(source(last.environment.cmd), None, "a new ENTRYPOINT resets the inherited CMD");
    assert_eq!(last.environment.root_stage, 0);
    assert_eq!(file.stage_chain(last).map(|stage| stage.index).collect::<Vec<_>>(), [4, 1, 0]);
    let own = parse("FROM a\nCMD x\nENTRYPOINT [\"y\"]\n");
    assert_eq!(own.stages[0].environment.cmd, Some(1));
}

#[test]
fn each_instruction_runs_under_what_came_before_it() {
    let text = "FROM a AS b\nUSER 1\nSHELL [\"s\"]\nFROM b\nRUN x\nUSER 2\nRUN y\n";
    let file = parse(text);
    let users: Vec<_> = file
        .instructions_with_environment(&file.stages[1])
        .map(|(effect, _)| (effect.user, effect.shell))
        .collect();
    assert_eq!(users, [(Some(1), Some(2)), (Some(1), Some(2)), (Some(1), Some(2)), (Some(5), Some(2))]);
}

#[test]
fn copy_from_finds_stages_by_number_and_by_name() {
    let (_, file) = stages();
    let named = |name, within| file.find_stage(name, within).map(|stage| stage.index);
    assert_eq!(named("0", 2), Some(0));
    assert_eq!(named("TEST", 2), Some(1));
    assert_eq!(named("last", 2), None);
    assert_eq!(named("2", 2), None);
}

#[test]
fn relative_folders_stand_on_inherited_ones() {
    let (text, file) = stages();
    assert_eq!(working_directory(&text, &file, &file.stages[0]).as_deref(), Some("/srv/shop"));
    assert_eq!(working_directory(&text, &file, file.final_stage().unwrap()).as_deref(), Some("/srv/data"));
    assert_eq!(working_directory(&text, &file, &file.stages[2]), None);
    let text = "FROM a\nENV D=/opt\nWORKDIR $D/x\nWORKDIR y\n";
    let file = parse(text);
    assert_eq!(working_directory(text, &file, &file.stages[0]).as_deref(), Some("/opt/x/y"));
}

#[test]
fn arguments_are_seen_where_a_build_sees_them() {
    let (text, file) = stages();
    let end = |stage: usize| VariableScope::at_stage_end(&text, &file, &file.stages[stage]);
    let set = |value: &str| VariableValue::Set(value.to_owned());
    assert_eq!(
        end(0).lookup_variable("BASE"),
        set("python:3.12-slim"),
        "declared again, it has its global default"
    );
    assert_eq!(end(0).lookup_variable("VERSION"), set("2.0"), "ENV wins over ARG");
    assert_eq!(end(0).lookup_variable("SUFFIX"), VariableValue::Unknown, "not declared again");
    assert_eq!(end(4).lookup_variable("HOME"), set("/home/shop"), "inherited");
    assert_eq!(end(2).lookup_variable("HOME"), VariableValue::Unknown);
}

#[test]
fn variables_expand_as_a_build_expands_them() {
    let image = |reference: &str| {
        let text = format!("ARG SET=a\nARG EMPTY=\nARG UNSET\nARG TARGETARCH\nFROM {reference}\n");
        match parse(&text).stages[0].base.clone() {
            StageBase::Image(image) => image,
            other => format!("{other:?}"),
        }
    };
    assert_eq!(image("$SET/b"), "a/b");
    assert_eq!(image("x${SET:-y}${EMPTY:-e}${EMPTY-f}${UNSET:-${SET}}"), "xaea");
    assert_eq!(image("x${SET:+p}${EMPTY:+q}${EMPTY+r}${UNSET:+s}"), "xpr");
    assert_eq!(image("x'$SET'\"$SET\"\\$SET"), "x$SETa$SET");
    for open in ["x$UNSET", "x$NOWHERE", "x${TARGETARCH:-amd64}", "x${SET%a}", "x${SET"] {
        assert!(image(open).starts_with("Unresolved"), "{open}");
    }
}

#[test]
fn the_words_of_an_array_of_files_expand_too() {
    let text = "FROM a\nENV D=/srv\nCOPY [\"x\", \"$D/y\"]\n";
    let file = parse(text);
    let InstructionKind::Copy { destination, .. } = &file.instructions[2].kind else { panic!() };
    assert_eq!(
        VariableScope::at_instruction(text, &file, 2).expand_word(text, destination).resolved_text(),
        Some("/srv/y")
    );
}

#[test]
fn values_that_repeat_each_other_stay_small() {
    let mut text = String::from("ARG A0=0123456789\n");
    for level in 1..60 {
        text += &format!("ARG A{level}=$A{0}$A{0}\n", level - 1);
    }
    text += "FROM $A59\n";
    assert!(matches!(parse(&text).stages[0].base, StageBase::Unresolved(_)));
    assert!(matches!(parse("FROM a\nENV A=$A$A").instructions[1].kind, InstructionKind::Env(_)));
}
