//! What tells a tree read by lines from one read by events.

use seaworthy::yaml::parse_with_both;
use seaworthy::yaml::yaml_tree::{NodeKind, YamlTree};

/// What tells the trees of a text apart, in words; empty where nothing does.
pub(crate) fn breaches(text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    for (lines, events) in parse_with_both(text) {
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
fn told(tree: &YamlTree) -> Vec<String> {
    let nodes = tree.node_ids().map(|id| {
        let node = tree.node(id);
        let what = match node.kind {
            NodeKind::Scalar { style, .. } => {
                format!("{style:?} {:?}", tree.scalar_text(id).unwrap_or_default())
            }
            NodeKind::Mapping { layout, .. } => format!("{layout:?} {:?}", tree.entries(id)),
            NodeKind::Sequence { layout, .. } => format!("{layout:?} {:?}", tree.items(id)),
            NodeKind::Alias => "alias".to_owned(),
        };
        format!("{id:?} {what} {:?} in {:?}", node.span(), node.parent)
    });
    nodes.chain([format!("{:?}", tree.comments())]).collect()
}
