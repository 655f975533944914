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

pub use effect::InEffect;
pub use expand::{Value, Variable};
pub use external::{SecondReading, read_with_external};
pub use folder::working_directory;
pub use keyword::Keyword;
pub use model::{
    Base, Command, Directive, Dockerfile, Escape, Fault, Flag, Heredoc, Instruction, Kind, Problem, Stage,
    Word,
};
pub use scope::Scope;

/// Reads a Dockerfile. It never fails: what cannot be read is [`Kind::Opaque`], and `problems` says why.
#[must_use]
pub fn parse(text: &str) -> Dockerfile {
    let mut file = split::split(text);
    stage::stages(text, &mut file);
    file
}
