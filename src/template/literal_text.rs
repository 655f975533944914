//! Takes from a template what is written in it outright, with no action run, for who must judge one that does not render.

use std::ops::Range;

use super::origin_table::{ActionSite, ComputedId, OriginTable};
use super::origin_text::{OriginText, TextBuilder};
use super::plain_template::parse_plain_template;
use super::template_tree::{ActionSpan, BranchNode, TemplateBody, TemplateNode};

/// What stands for the text of an action that is not run.
pub const UNKNOWN_TEXT: &str = "…";

/// The branch that is taken where no condition is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralBranch {
    First,
    /// What stands behind `else`, where there is one.
    Otherwise,
}

/// The literal text of a template: an action alone on its lines is left out, and any other is [`UNKNOWN_TEXT`].
pub fn literal_text(body: &TemplateBody, branch: LiteralBranch, unknown: ComputedId) -> OriginText {
    let unknown = OriginText::from_computed(unknown, UNKNOWN_TEXT);
    let mut writer = LiteralWriter { body, branch, unknown, out: TextBuilder::default() };
    writer.write_nodes(&body.nodes);
    writer.out.finish()
}

/// The literal texts of all that a text defines, for each side of its branches; none of a text that is no template.
pub fn literal_texts_of(text: &str) -> Vec<String> {
    let mut table = OriginTable::default();
    let file = table.add_file("");
    let site = ActionSite { file, offset: 0, length: 0 };
    let unknown = table.add_computed(site, Vec::new());
    let bodies = parse_plain_template(text, &mut table);
    let both = [LiteralBranch::First, LiteralBranch::Otherwise];
    let texts = bodies.iter().flat_map(|body| both.map(|branch| literal_text(body, branch, unknown)));
    texts.map(|text| text.as_str().into_owned()).collect()
}

/// True where a template has a branch behind an `else`.
pub fn has_otherwise(nodes: &[TemplateNode]) -> bool {
    nodes.iter().any(|node| match node {
        TemplateNode::If(own) | TemplateNode::With(own) | TemplateNode::Range(own) => {
            !own.otherwise.is_empty() || has_otherwise(&own.body)
        }
        _ => false,
    })
}

struct LiteralWriter<'a> {
    body: &'a TemplateBody,
    branch: LiteralBranch,
    unknown: OriginText,
    out: TextBuilder,
}

impl LiteralWriter<'_> {
    fn write_nodes(&mut self, nodes: &[TemplateNode]) {
        nodes.iter().for_each(|node| self.write_node(node));
    }

    fn write_node(&mut self, node: &TemplateNode) {
        match node {
            TemplateNode::Text(span) => self.out.push_slice(&self.body.source.text, span.clone()),
            TemplateNode::Action { action, pipe } if pipe.variables.is_empty() => self.write_action(action),
            TemplateNode::Call { action, .. } => self.write_action(action),
            TemplateNode::If(own) | TemplateNode::With(own) | TemplateNode::Range(own) => {
                self.write_branch(own);
            }
            _ => {}
        }
    }

    fn write_branch(&mut self, node: &BranchNode) {
        let takes_first = self.branch == LiteralBranch::First || node.otherwise.is_empty();
        self.write_nodes(if takes_first { &node.body } else { &node.otherwise });
    }

    fn write_action(&mut self, action: &ActionSpan) {
        if !self.is_alone(&action.span) {
            let unknown = self.unknown.clone();
            self.out.push_slice(&unknown, 0..unknown.len());
        }
    }

    /// True for an action with nothing beside it on its lines: it may print any number of them.
    fn is_alone(&self, span: &Range<usize>) -> bool {
        let bytes = self.body.source.text.bytes();
        let mut before = bytes[..span.start].iter().rev().take_while(|byte| **byte != b'\n');
        let mut after = bytes[span.end..].iter().take_while(|byte| **byte != b'\n');
        before.all(u8::is_ascii_whitespace) && after.all(u8::is_ascii_whitespace)
    }
}
