//! Says which rights of the process a well-known image needs: root, a uid, a group, capabilities.

use super::{KnownStart, NeedKind, ProgramNeed};
use crate::image::known::{FactEvidence, GroupZeroDesign, RootDrop, UidFreedom};

pub(super) fn add_privileges(image: &KnownStart<'_>, found: &mut Vec<ProgramNeed>) {
    found.extend(root_start(image));
    add_capabilities(image, found);
    add_file_capabilities(image, found);
    add_uids(image, found);
    let group = &image.needs.group_zero;
    let evidence = match group.design {
        GroupZeroDesign::No if image.needs.other_uid.starts != UidFreedom::InGroupZero => return,
        GroupZeroDesign::No => image.needs.other_uid.evidence,
        GroupZeroDesign::Parts => FactEvidence::Derived,
        GroupZeroDesign::Whole | GroupZeroDesign::Required => image.needs.evidence,
    };
    let fact = group.text.as_deref();
    found.push(image.need_of(NeedKind::GroupZero, evidence, "keeps its files open to group 0", fact));
}

/// It starts as root, and what it does there another uid cannot. Where it starts under another as well, that is no need;
/// where it does so on a condition, it hangs on that.
fn root_start(image: &KnownStart<'_>) -> Option<ProgramNeed> {
    let needs = image.needs;
    let root = needs.as_root.as_ref().filter(|_| image.is_root)?;
    let works = !root.does.is_empty() || root.drops != RootDrop::No;
    let fails = needs.other_uid.starts == UidFreedom::Fails;
    if !(works && image.start.prepares(needs) || fails) {
        return None;
    }
    let other = &needs.other_uid;
    let evidence = match other.starts {
        UidFreedom::Fails => root.evidence.max(other.evidence),
        UidFreedom::Any | UidFreedom::InGroupZero if other.evidence == FactEvidence::Stated => return None,
        _ => FactEvidence::Derived,
    };
    let mut fact = root.text.clone().unwrap_or_default();
    if let Some(text) = &other.text {
        let separator = if fact.is_empty() { "" } else { "; " };
        fact.push_str(&format!("{separator}under another uid: {text}"));
    }
    let fact = (!fact.is_empty()).then_some(fact.as_str());
    Some(image.need_of(NeedKind::RootStart, evidence, "starts as root", fact))
}

/// Those of the process that starts as root.
fn add_capabilities(image: &KnownStart<'_>, found: &mut Vec<ProgramNeed>) {
    let needs = image.needs;
    let capabilities = &needs.capabilities;
    let works =
        needs.as_root.as_ref().is_some_and(|root| !root.does.is_empty() || root.drops != RootDrop::No);
    // What the entrypoint or the program does as root is not done for every command; a port is opened by any.
    if !image.is_root || works && !image.start.prepares(needs) {
        return;
    }
    let text = capabilities.text.as_deref().or(needs.as_root.as_ref().and_then(|root| root.text.as_deref()));
    // One sentence for all of them, since one fact stands behind them.
    let names: Vec<&str> = capabilities.start.iter().chain(&capabilities.restart).copied().collect();
    let claim = match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("needs {} and {last}", first.join(", ")),
        alone => format!("needs {}", alone.concat()),
    };
    for name in names {
        let kind = NeedKind::Capability(name.to_owned());
        found.push(image.need_of(kind, capabilities.evidence, &claim, text));
    }
    // What it can do without it uses where somebody gave it.
    for name in capabilities.optional.iter().filter(|name| image.is_granted(name)) {
        let kind = NeedKind::Capability((*name).to_owned());
        found.push(image.need_of(kind, FactEvidence::Derived, &format!("uses {name}"), text));
    }
}

fn add_file_capabilities(image: &KnownStart<'_>, found: &mut Vec<ProgramNeed>) {
    for file in image.needs.file_capabilities.iter().filter(|file| file.refuses) {
        // The entrypoint puts them on the file, and only root can.
        if file.set_at_start && !(image.is_root && image.start.prepares(image.needs)) {
            continue;
        }
        for name in &file.capabilities {
            let programs = file.programs.join(" and ");
            let fact = format!("{programs} has it on its file, and cannot be started without it");
            let kind = NeedKind::FileCapability((*name).to_owned());
            found.push(image.need_of(kind, file.evidence, &format!("needs {name}"), Some(&fact)));
        }
    }
    if let Some(text) = &image.needs.escalation {
        let claim = "needs allowPrivilegeEscalation";
        found.push(image.need_of(NeedKind::SetUserId, image.needs.evidence, claim, Some(text)));
    }
    if let Some(text) = &image.needs.user_namespaces {
        let claim = "makes user namespaces";
        found.push(image.need_of(NeedKind::UserNamespaces, image.needs.evidence, claim, Some(text)));
    }
}

/// The uids that volumes or rules of the network rely on, and those that it starts under alone.
fn add_uids(image: &KnownStart<'_>, found: &mut Vec<ProgramNeed>) {
    for agreed in &image.needs.agreed_ids {
        if let Some(uid) = agreed.uid {
            let kind = NeedKind::AgreedUid(i64::from(uid));
            let claim = format!("runs as {uid}");
            found.push(image.need_of(kind, image.needs.evidence, &claim, Some(&agreed.text)));
        }
    }
    let other = &image.needs.other_uid;
    for folder in other.folders.iter().filter(|_| image.start.runs_entrypoint()) {
        let kind = NeedKind::RootFolder((*folder).to_owned());
        let claim = format!("writes {folder}, which is root's in the image");
        found.push(image.need_of(kind, other.evidence, &claim, None));
    }
    let known = |uid: u32| image.needs.agreed_ids.iter().any(|agreed| agreed.uid == Some(uid));
    for uid in other.only.iter().copied().filter(|uid| *uid != 0 && !known(*uid)) {
        let kind = NeedKind::AgreedUid(i64::from(uid));
        let claim = format!("runs as {uid}");
        found.push(image.need_of(kind, other.evidence, &claim, other.text.as_deref()));
    }
}
