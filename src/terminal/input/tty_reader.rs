//! Reads the terminal's bytes for the input thread. It asks the system each time whether bytes are there, not only
//! whether new ones came, so what one read leaves is never forgotten.

use std::io;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::input_decoder::InputDecoder;
use crate::app::AppEvent;

/// The most bytes that are taken at once: a held key, or a turned wheel, is drawn once.
const BATCH_BYTES: usize = 1024;

#[derive(Default)]
pub(super) struct TtyReader {
    decoder: InputDecoder,
}

impl TtyReader {
    /// Waits for events. An error, also where the terminal is gone, is the last that comes.
    pub(super) fn read_batch(&mut self) -> io::Result<Vec<AppEvent>> {
        let mut batch = Vec::new();
        while batch.is_empty() {
            if self.wait_for_bytes()? {
                self.take_bytes(&mut batch)?;
            } else {
                self.decoder.give_up_waiting(&mut batch);
            }
        }
        Ok(batch)
    }

    /// False where a sequence was begun and its next byte did not come in time.
    fn wait_for_bytes(&self) -> io::Result<bool> {
        let limit = self.decoder.patience().map(|limit| Timespec {
            tv_sec: limit.as_secs().try_into().unwrap_or(1),
            tv_nsec: limit.subsec_nanos().into(),
        });
        let stdin = io::stdin();
        let mut terminal = [PollFd::new(&stdin, PollFlags::IN)];
        // A hang-up counts as bytes: the read says what it means.
        let ready = rustix::io::retry_on_intr(|| poll(&mut terminal, limit.as_ref()))?;
        Ok(ready > 0)
    }

    fn take_bytes(&mut self, batch: &mut Vec<AppEvent>) -> io::Result<()> {
        use rustix::io::Errno;
        let mut bytes = [0; BATCH_BYTES];
        match rustix::io::read(io::stdin(), &mut bytes) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                bytes[..count].iter().for_each(|byte| self.decoder.take_byte(*byte, batch));
                Ok(())
            }
            Err(Errno::INTR | Errno::AGAIN) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
