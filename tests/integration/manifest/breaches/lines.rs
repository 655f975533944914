//! What tells a tree read by lines from one read by events.

use seaworthy::manifest::both_ways;
use seaworthy::manifest::tree::{Kind, Tree};

/// What tells the trees of a text apart, in words; empty where nothing does.
pub(crate) fn breaches(text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    for (lines, events) in both_ways(text) {
        match (lines, events) {
            (Some(_), None) => breaches.push(format!("read by lines alone: {text:?}")),
            (Some(lines), Some(events)) => {
                let (lines, events) = (told(&lines), told(&events));
                let differ = lines.iter().zip(&events).find(|(line, event)| line != event);
                if let Some((line, event)) = differ {
                    breaches.push(format!("{line} by lines is {event} by events"));
                } else if lines.len() != events.len() {
                    breaches.push(format!("{} nodes by lines are {} by events", lines.len(), events.len()));
                }
            }
            (None, _) => {}
        }
    }
    breaches
}

/// Everything about a tree.
fn told(tree: &Tree) -> Vec<String> {
    let nodes = tree.ids().map(|id| {
        let node = tree.node(id);
        let what = match node.kind {
            Kind::Scalar { style, .. } => format!("{style:?} {:?}", tree.scalar(id).unwrap_or_default()),
            Kind::Mapping { layout, .. } => format!("{layout:?} {:?}", tree.entries(id)),
            Kind::Sequence { layout, .. } => format!("{layout:?} {:?}", tree.items(id)),
            Kind::Alias => "alias".to_owned(),
        };
        format!("{id:?} {what} {:?} in {:?}", node.span(), node.parent)
    });
    nodes.chain([format!("{:?}", tree.comments())]).collect()
}
