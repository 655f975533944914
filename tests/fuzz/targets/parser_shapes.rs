//! What this program's parser of templates and another one make of a text, in one notation, so that they can be compared.

use std::fmt::Write;

use gotmpl::parse::{CommandNode as OtherCommand, Expr, ListNode, Node, Number, Parser, PipeNode};
use seaworthy::template::origin_table::OriginTable;
use seaworthy::template::origin_text::OriginText;
use seaworthy::template::template_parser::parse_template;
use seaworthy::template::template_tree::{
    BranchNode, CommandNode, OperandKind, OperandNode, PipelineNode, TemplateNode,
};

/// True where two shapes of a text are one. The other parser takes the blanks behind a comment away where only its opening
/// braces ask for those before it; Go does not: there, blanks do not count. And it keeps carriage returns in raw strings,
/// where Go drops them.
pub fn are_alike(text: &str, ours: &[(String, String)], other: &[(String, String)]) -> bool {
    let without_blanks = |shapes: &[(String, String)]| -> Vec<String> {
        let content = |(name, shape): &(String, String)| {
            let shape =
                [r"\n", r"\t", r"\r"].iter().fold(shape.clone(), |shape, blank| shape.replace(blank, ""));
            format!("{name}{}", shape.replace(char::is_whitespace, "").replace("text\"\";", ""))
        };
        shapes.iter().map(content).collect()
    };
    let without_returns = |shapes: &[(String, String)]| -> Vec<String> {
        shapes.iter().map(|(name, shape)| format!("{name}{}", shape.replace(r"\r", ""))).collect()
    };
    ours == other
        || text.contains('`') && without_returns(ours) == without_returns(other)
        || text.split("{{-").skip(1).any(|rest| rest.trim_start().starts_with("/*"))
            && without_blanks(ours) == without_blanks(other)
}

/// The file's own template first, then each definition by its name; the reason of a text that is refused.
pub type ParserShape = Result<Vec<(String, String)>, String>;

/// The shape that this program's parser gives. Any function is one: the other parser asks for them later.
pub fn shape_by_us(text: &str) -> ParserShape {
    let source = OriginText::from_file(OriginTable::default().add_file("x"), 0, text.as_bytes());
    let bodies = parse_template("x", &source, &|_| true).map_err(|error| format!("{error:?}"))?;
    let shapes = bodies.iter().map(|body| {
        let mut out = ShapeWriter::default();
        write_nodes(&mut out, &body.nodes, text);
        (body.name.to_string(), out.finish())
    });
    Ok(sort_definitions(shapes.collect()))
}

/// The shape that the other parser gives.
pub fn shape_by_other(text: &str) -> ParserShape {
    let parser = Parser::new(text, "{{", "}}").map_err(|error| error.to_string())?;
    let (own, definitions) = parser.parse().map_err(|error| error.to_string())?;
    let mut shapes = vec![("x".to_owned(), write_list(&own))];
    for definition in definitions {
        // A blank body replaces none, as in this program's parser.
        let shape = (definition.name.to_string(), write_list(&definition.body));
        match shapes[1..].iter_mut().find(|(name, _)| *name == shape.0) {
            None => shapes.push(shape),
            Some(_) if definition.body.is_empty_tree() => {}
            Some(known) => *known = shape,
        }
    }
    Ok(sort_definitions(shapes))
}

fn sort_definitions(mut shapes: Vec<(String, String)>) -> Vec<(String, String)> {
    if let Some(definitions) = shapes.get_mut(1..) {
        definitions.sort();
    }
    shapes
}

/// Neighbouring texts are one: a comment may have stood between them.
#[derive(Default)]
struct ShapeWriter {
    out: String,
    text: String,
}

impl ShapeWriter {
    fn text(&mut self, text: &str) {
        self.text += text;
    }

    fn push(&mut self, part: &str) {
        self.end_text();
        self.out += part;
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            let _ = write!(self.out, "text{:?};", std::mem::take(&mut self.text));
        }
    }

    fn finish(mut self) -> String {
        self.end_text();
        self.out
    }
}

fn write_nodes(out: &mut ShapeWriter, nodes: &[TemplateNode], text: &str) {
    for node in nodes {
        match node {
            TemplateNode::Text(span) => out.text(&text[span.clone()]),
            TemplateNode::Comment(_) => {}
            TemplateNode::Action { pipe, .. } => out.push(&format!("do({});", pipe_shape(pipe))),
            TemplateNode::If(branch) => write_branch(out, "if", branch, text),
            TemplateNode::With(branch) => write_branch(out, "with", branch, text),
            TemplateNode::Range(branch) => write_branch(out, "range", branch, text),
            TemplateNode::Call { name, pipe, .. } => {
                let pipe = pipe.as_ref().map(pipe_shape).unwrap_or_default();
                out.push(&format!("call({name:?},{pipe});"));
            }
            TemplateNode::Break(_) => out.push("break;"),
            TemplateNode::Continue(_) => out.push("continue;"),
        }
    }
}

fn write_branch(out: &mut ShapeWriter, word: &str, branch: &BranchNode, text: &str) {
    out.push(&format!("{word}({}){{", pipe_shape(&branch.pipe)));
    write_nodes(out, &branch.body, text);
    out.push("}else{");
    write_nodes(out, &branch.otherwise, text);
    out.push("};");
}

fn pipe_shape(pipe: &PipelineNode) -> String {
    let commands: Vec<String> = pipe.commands.iter().map(command_shape).collect();
    let sign = if pipe.is_assign { "=" } else { ":=" };
    let variables: Vec<&str> = pipe.variables.iter().map(|name| &**name).collect();
    match variables.is_empty() {
        true => commands.join("|"),
        false => format!("{}{sign}{}", variables.join(","), commands.join("|")),
    }
}

fn command_shape(command: &CommandNode) -> String {
    command.operands.iter().map(operand_shape).collect::<Vec<_>>().join(" ")
}

fn operand_shape(operand: &OperandNode) -> String {
    let names =
        |fields: &[std::rc::Rc<str>]| fields.iter().map(|name| format!(".{name}")).collect::<String>();
    match &operand.kind {
        OperandKind::Dot => ".".to_owned(),
        OperandKind::Nil => "nil".to_owned(),
        OperandKind::Bool(value) => value.to_string(),
        OperandKind::Number(number) => match (number.int, number.uint) {
            (Some(int), _) => int.to_string(),
            (None, Some(uint)) => uint.to_string(),
            _ => format!("{:?}", number.float),
        },
        OperandKind::Text(text) => format!("{:?}", text.as_str()),
        OperandKind::Field(fields) => names(fields),
        OperandKind::Variable(name, fields) => format!("{name}{}", names(fields)),
        OperandKind::Function(name) => format!("@{name}"),
        OperandKind::Pipeline(pipe) => format!("({})", pipe_shape(pipe)),
        OperandKind::Chain(inner, fields) => format!("[{}]{}", operand_shape(inner), names(fields)),
    }
}

fn write_list(list: &ListNode) -> String {
    let mut out = ShapeWriter::default();
    write_others(&mut out, &list.nodes);
    out.finish()
}

fn write_others(out: &mut ShapeWriter, nodes: &[Node]) {
    for node in nodes {
        match node {
            Node::List(list) => write_others(out, &list.nodes),
            Node::Text(text) => out.text(&text.text),
            Node::Action(action) => out.push(&format!("do({});", other_pipe(&action.pipe))),
            Node::If(branch) => write_other_branch(out, "if", branch),
            Node::With(branch) => write_other_branch(out, "with", branch),
            Node::Range(branch) => write_other_branch(out, "range", branch),
            Node::Template(call) => {
                let pipe = call.pipe.as_ref().map(other_pipe).unwrap_or_default();
                out.push(&format!("call({:?},{pipe});", call.name));
            }
            Node::Define(_) => {}
            Node::Break(_) => out.push("break;"),
            Node::Continue(_) => out.push("continue;"),
        }
    }
}

fn write_other_branch(out: &mut ShapeWriter, word: &str, branch: &gotmpl::parse::BranchNode) {
    out.push(&format!("{word}({}){{", other_pipe(&branch.pipe)));
    write_others(out, &branch.body.nodes);
    out.push("}else{");
    write_others(out, branch.else_body.as_ref().map_or(&[], |list| &list.nodes));
    out.push("};");
}

fn other_pipe(pipe: &PipeNode) -> String {
    let commands: Vec<String> = pipe.commands.iter().map(other_command).collect();
    let sign = if pipe.is_assign { "=" } else { ":=" };
    match pipe.decl.is_empty() {
        true => commands.join("|"),
        false => format!("{}{sign}{}", pipe.decl.join(","), commands.join("|")),
    }
}

fn other_command(command: &OtherCommand) -> String {
    command.args.iter().map(other_operand).collect::<Vec<_>>().join(" ")
}

fn other_operand(operand: &Expr) -> String {
    let names =
        |fields: &[gotmpl::parse::SmolStr]| fields.iter().map(|name| format!(".{name}")).collect::<String>();
    match operand {
        Expr::Dot(_) => ".".to_owned(),
        Expr::Nil(_) => "nil".to_owned(),
        Expr::Bool(_, value) => value.to_string(),
        Expr::Number(_, Number::Int(int)) => int.to_string(),
        Expr::Number(_, Number::Uint(uint)) => uint.to_string(),
        // Go takes a whole number with a point for an integer, too.
        Expr::Number(_, Number::Float(float)) if float.fract() == 0.0 && float.abs() < 1e18 => {
            (*float as i64).to_string()
        }
        Expr::Number(_, Number::Float(float)) => format!("{:?}", Some(*float)),
        Expr::String(_, text) => format!("{text:?}"),
        Expr::Field(_, fields) => names(fields),
        Expr::Variable(_, name, fields) => format!("{name}{}", names(fields)),
        Expr::Identifier(_, name) => format!("@{name}"),
        Expr::Pipe(_, pipe) => format!("({})", other_pipe(pipe)),
        Expr::Chain(_, inner, fields) => format!("[{}]{}", other_operand(inner), names(fields)),
    }
}
