//! The tree of a template: nodes with the bytes that they stand on, ends, comments and trims included.

use std::ops::Range;
use std::rc::Rc;

use super::number_lexer::NumberConstant;
use super::origin_text::OriginText;

/// A text that was parsed: a file, or a string given to `tpl`.
#[derive(Debug)]
pub struct TemplateSource {
    /// The name as Helm knows it: `chart/templates/x.yaml`.
    pub name: Rc<str>,
    pub text: OriginText,
}

/// A template: a file's own, or a `define` in it.
#[derive(Debug)]
pub struct TemplateBody {
    pub name: Rc<str>,
    pub source: Rc<TemplateSource>,
    pub nodes: Vec<TemplateNode>,
    /// From the opening action to the closing one; of a file's own template all of it.
    pub span: Range<usize>,
}

/// An opening, middle or closing action of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionSpan {
    /// From the opening braces to the closing ones.
    pub span: Range<usize>,
    pub trim_left: bool,
    pub trim_right: bool,
}

#[derive(Debug)]
pub enum TemplateNode {
    Text(Range<usize>),
    Comment(Range<usize>),
    Action {
        action: ActionSpan,
        pipe: PipelineNode,
    },
    If(Box<BranchNode>),
    With(Box<BranchNode>),
    Range(Box<BranchNode>),
    /// `{{ template "name" pipeline }}`, and the call that a `block` is.
    Call {
        action: ActionSpan,
        name: Rc<str>,
        pipe: Option<PipelineNode>,
    },
    Break(ActionSpan),
    Continue(ActionSpan),
}

#[derive(Debug)]
pub struct BranchNode {
    pub open: ActionSpan,
    pub pipe: PipelineNode,
    pub body: Vec<TemplateNode>,
    /// `{{ else }}`; of `{{ else if }}` the whole action, and the one node of `otherwise` is the inner branch.
    pub middle: Option<ActionSpan>,
    pub otherwise: Vec<TemplateNode>,
    pub end: ActionSpan,
}

#[derive(Debug)]
pub struct PipelineNode {
    pub span: Range<usize>,
    pub variables: Vec<Rc<str>>,
    /// `=` instead of `:=`.
    pub is_assign: bool,
    pub commands: Vec<CommandNode>,
}

#[derive(Debug)]
pub struct CommandNode {
    pub span: Range<usize>,
    pub operands: Vec<OperandNode>,
}

#[derive(Debug)]
pub struct OperandNode {
    pub span: Range<usize>,
    pub kind: OperandKind,
}

#[derive(Debug)]
pub enum OperandKind {
    Dot,
    Nil,
    Bool(bool),
    Number(NumberConstant),
    Text(OriginText),
    /// `.a.b`
    Field(Vec<Rc<str>>),
    /// `$x.a.b`
    Variable(Rc<str>, Vec<Rc<str>>),
    /// A function's name.
    Function(Rc<str>),
    Pipeline(Box<PipelineNode>),
    /// `(pipeline).a.b`
    Chain(Box<OperandNode>, Vec<Rc<str>>),
}

/// Whether a body holds nothing but blanks and comments: such a one never replaces another of its name.
pub fn is_blank(nodes: &[TemplateNode], source: &OriginText) -> bool {
    nodes.iter().all(|node| match node {
        TemplateNode::Comment(_) => true,
        TemplateNode::Text(span) => source.bytes()[span.clone()].iter().all(u8::is_ascii_whitespace),
        _ => false,
    })
}
