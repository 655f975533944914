//! What is in effect: the instruction that had the last word on each thing, in a stage and what it is built on.

use super::{Base, Dockerfile, Instruction, Kind, Stage};

/// The instructions that decide how a stage's image runs, its own or inherited through `FROM stage`, by index. What an
/// external base image sets is not known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InEffect {
    pub user: Option<usize>,
    pub workdir: Option<usize>,
    pub shell: Option<usize>,
    /// Reset by an inheriting stage's own `ENTRYPOINT`, as builds do.
    pub cmd: Option<usize>,
    pub entrypoint: Option<usize>,
    pub healthcheck: Option<usize>,
    /// The stage at the root of the chain: its base is no other stage.
    pub root: usize,
}

impl InEffect {
    /// What a stage begins with.
    pub(super) fn inherited(file: &Dockerfile, base: &Base, stage: usize) -> Self {
        match base {
            Base::Stage(base) => file.stages.get(*base).map(|base| base.in_effect).unwrap_or_default(),
            _ => Self { root: stage, ..Self::default() },
        }
    }

    /// Takes in the next instruction of a stage that begins at `from`.
    pub(super) fn take(&mut self, instruction: &Instruction, from: usize) {
        let index = Some(instruction.index);
        match instruction.kind {
            Kind::User(_) => self.user = index,
            Kind::Workdir(_) => self.workdir = index,
            Kind::Shell(_) => self.shell = index,
            Kind::Cmd(_) => self.cmd = index,
            Kind::Healthcheck(_) => self.healthcheck = index,
            Kind::Entrypoint(_) => {
                self.entrypoint = index;
                self.cmd = self.cmd.filter(|cmd| *cmd >= from);
            }
            _ => {}
        }
    }
}

impl Dockerfile {
    /// The instructions of a stage, each with what is in effect when it runs.
    pub fn with_effects<'f>(&'f self, stage: &'f Stage) -> impl Iterator<Item = (InEffect, &'f Instruction)> {
        let begin = InEffect::inherited(self, &stage.base, stage.index);
        self.instructions_of(stage).iter().scan(begin, |effect, instruction| {
            let before = *effect;
            effect.take(instruction, stage.from);
            Some((before, instruction))
        })
    }
}
