//! Finds scripts of the start that ask which uid runs them: they rely on a number.
//!
//! Sources: id(1) (`id -u`), bash(1) (`UID`, `EUID`), test(1).

use super::start_commands::StartCommand;
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};

/// The ways in which a shell says who runs it.
const OWN_UIDS: [&str; 6] = ["$(id -u)", "`id -u`", "$UID", "${UID}", "$EUID", "${EUID}"];

pub(super) fn add_start_uids(start: &[StartCommand], needs: &mut Vec<ProgramNeed>) {
    for line in start {
        let Some(call) = line.command.effective_invocation() else { continue };
        let words = call.arguments();
        let is_test = matches!(call.name(), "[" | "[[" | "test");
        if !is_test || !words.iter().any(|word| OWN_UIDS.contains(&word.text.as_str())) {
            continue;
        }
        let numbers = words.iter().filter_map(|word| Some((word, word.text.parse::<i64>().ok()?)));
        for (word, uid) in numbers.filter(|(_, uid)| *uid > 0) {
            let fact = format!("`{}` asks if it runs as {uid}", line.runner);
            needs.push(ProgramNeed {
                kind: NeedKind::AgreedUid(uid),
                certainty: NeedCertainty::Likely,
                reason: fact.clone().into(),
                evidence: vec![NeedEvidence { text: fact.into(), path: line.path.clone(), span: word.span }],
            });
        }
    }
}
