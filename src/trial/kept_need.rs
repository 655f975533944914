//! Writes a need that a trial saw as it is kept in a file, and reads it again.

use serde::{Deserialize, Serialize};

use crate::needs::{NeedKind, ObservedNeed};

/// A need as it is kept: its kind by a word, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptNeed {
    pub container: String,
    pub kind: String,
    /// A path, a port, a capability, a number of bytes; empty where the kind says all.
    pub value: String,
    pub reason: String,
}

impl KeptNeed {
    /// None for a kind that no trial sees.
    pub(super) fn encode(container: &str, need: &ObservedNeed) -> Option<Self> {
        let (kind, value) = need.kind.to_words()?;
        let reason = need.reason.clone();
        Some(Self { container: container.to_owned(), kind: kind.to_owned(), value, reason })
    }

    /// None for a word that is not known.
    pub(super) fn decode(&self) -> Option<ObservedNeed> {
        let kind = NeedKind::from_words(&self.kind, &self.value)?;
        Some(ObservedNeed { kind, reason: self.reason.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_as_it_was() {
        for kind in [
            NeedKind::RootStart,
            NeedKind::Capability("CHOWN".to_owned()),
            NeedKind::LowPort(80),
            NeedKind::OccupiedPath("/a".to_owned()),
            NeedKind::KeptVolume { path: "/data".to_owned(), takes_fs_group: true },
            NeedKind::Memory(1 << 30),
            NeedKind::ApiToken,
            NeedKind::AgreedUid(1000),
            NeedKind::GroupZero,
        ] {
            let need = ObservedNeed { kind, reason: "seen".to_owned() };
            let kept = KeptNeed::encode("web", &need).expect("it is kept");
            assert_eq!(kept.decode(), Some(need));
        }
    }
}
