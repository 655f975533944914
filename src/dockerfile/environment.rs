//! Finds the instruction in effect for each setting of a stage, through all that it is built on, for rules.

use super::{BuildStage, Dockerfile, Instruction, InstructionKind, StageBase, StageEnvironment};

impl StageEnvironment {
    /// The environment that a stage begins with.
    pub(super) fn inherit_from(file: &Dockerfile, base: &StageBase, stage: usize) -> Self {
        match base {
            StageBase::Stage(base) => file.stages.get(*base).map(|base| base.environment).unwrap_or_default(),
            _ => Self { root_stage: stage, ..Self::default() },
        }
    }

    /// Takes in the next instruction of a stage that begins at `from`.
    pub(super) fn apply_instruction(&mut self, instruction: &Instruction, from: usize) {
        let index = Some(instruction.index);
        match instruction.kind {
            InstructionKind::User(_) => self.user = index,
            InstructionKind::Workdir(_) => self.workdir = index,
            InstructionKind::Shell(_) => self.shell = index,
            InstructionKind::Cmd(_) => self.cmd = index,
            InstructionKind::Healthcheck(_) => self.healthcheck = index,
            InstructionKind::Entrypoint(_) => {
                self.entrypoint = index;
                self.cmd = self.cmd.filter(|cmd| *cmd >= from);
            }
            _ => {}
        }
    }
}

impl Dockerfile {
    /// The instructions of a stage, each with what is in effect when it runs.
    pub fn instructions_with_environment<'f>(
        &'f self,
        stage: &'f BuildStage,
    ) -> impl Iterator<Item = (StageEnvironment, &'f Instruction)> {
        let begin = StageEnvironment::inherit_from(self, &stage.base, stage.index);
        self.instructions_of(stage).iter().scan(begin, |effect, instruction| {
            let before = *effect;
            effect.apply_instruction(instruction, stage.from_index);
            Some((before, instruction))
        })
    }
}
