//! Dockerfiles: instructions, stages, and what a stage inherits.

mod effect;
mod expand;
mod external;
mod folder;
mod heredoc;
mod keyword;
mod line;
mod model;
mod physical;
mod read;
mod scope;
pub mod shell;
mod split;
mod stage;
mod words;

pub use effect::StageEnvironment;
pub use expand::{ExpandedText, VariableValue};
pub use external::{SecondReading, read_with_external};
pub use folder::working_directory;
pub use keyword::Keyword;
pub use model::{
    BuildStage, CommandForm, Dockerfile, DockerfileFault, DockerfileProblem, EscapeChar, Heredoc,
    Instruction, InstructionFlag, InstructionKind, ParserDirective, SpannedWord, StageBase,
};
pub use scope::VariableScope;

/// Reads a Dockerfile. It never fails: what cannot be read is [`InstructionKind::Opaque`], and `problems` says why.
#[must_use]
pub fn parse(text: &str) -> Dockerfile {
    let mut file = split::split_instructions(text);
    stage::find_stages(text, &mut file);
    file
}
