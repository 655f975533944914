//! How much one render may do, so that a hostile chart ends in a message.

use super::origin_text::MAX_TEXT;

/// Nodes walked and functions called; the largest real chart needs a fiftieth of it.
const MAX_STEPS: u64 = 20_000_000;

/// Bytes of all texts that functions make, copies included.
const MAX_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Levels of blocks, parentheses, includes; each costs stack.
const MAX_DEPTH: usize = 6_000;

#[derive(Debug)]
pub(super) struct WorkBudget {
    steps: u64,
    bytes: u64,
    depth: usize,
}

impl Default for WorkBudget {
    fn default() -> Self {
        Self { steps: MAX_STEPS, bytes: MAX_BYTES, depth: 0 }
    }
}

impl WorkBudget {
    /// Takes one step, in words if there is none left.
    pub(super) fn charge_step(&mut self) -> Result<(), &'static str> {
        self.charge_steps(1)
    }

    pub(super) fn charge_steps(&mut self, steps: usize) -> Result<(), &'static str> {
        self.steps = self.steps.checked_sub(steps as u64).ok_or("the templates take too many steps")?;
        Ok(())
    }

    pub(super) fn charge_bytes(&mut self, bytes: usize) -> Result<(), &'static str> {
        if bytes >= MAX_TEXT {
            return Err("a text of the templates is too large");
        }
        self.bytes = self.bytes.checked_sub(bytes as u64).ok_or("the templates make too much text")?;
        Ok(())
    }

    pub(super) fn enter(&mut self) -> Result<(), &'static str> {
        if self.depth >= MAX_DEPTH {
            return Err("the templates are nested too deeply");
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}
