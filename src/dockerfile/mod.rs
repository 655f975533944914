//! Reads Dockerfiles for rules, links and fixes: instructions, stages, and what a stage inherits.

mod build_stages;
mod declared_variables;
mod environment;
mod expand;
mod external;
mod heredoc;
mod instruction;
mod instruction_splitter;
mod keyword;
mod lazy_list;
mod logical_line;
mod model;
mod physical_lines;
pub mod shell;
mod template_dockerfile;
mod tokens;
mod variable_memo;
mod variable_scope;
mod word_parts;
mod workdir;

pub use expand::ExpandedText;
pub use external::{SecondReading, read_with_external};
pub use keyword::Keyword;
pub use model::{
    BuildStage, CommandForm, Dockerfile, DockerfileFault, DockerfileProblem, EscapeChar, Heredoc,
    Instruction, InstructionFlag, InstructionKind, ParserDirective, SpannedWord, StageBase, StageEnvironment,
};
pub use template_dockerfile::find_template_engine;
pub use variable_memo::VariableValue;
pub use variable_scope::VariableScope;
pub use word_parts::variables_in;
pub use workdir::{StageFolders, join_path, working_directory};

/// Reads a Dockerfile. It never fails: what cannot be read is [`InstructionKind::Opaque`], and `problems` has the
/// reason.
#[must_use]
pub fn parse(text: &str) -> Dockerfile {
    let mut file = instruction_splitter::split_instructions(text);
    build_stages::find_stages(text, &mut file);
    let indices_of = |is_one: fn(&InstructionKind) -> bool| {
        file.instructions.iter().filter(|own| is_one(&own.kind)).map(|own| own.index).collect()
    };
    let users = indices_of(|kind| matches!(kind, InstructionKind::User(_)));
    let shells = indices_of(|kind| matches!(kind, InstructionKind::Shell(_)));
    (file.user_indices, file.shell_indices) = (users, shells);
    file
}
