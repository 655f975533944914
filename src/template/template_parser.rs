//! Reads a template's tokens into trees, with Go's rules and Go's refusals.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::origin_text::{OriginText, replace_invalid_bytes};
use super::pipeline_parser::PipelineContext;
use super::template_lexer::lex_template;
use super::template_token::{KeywordKind, SyntaxError, TemplateToken, TokenKind};
use super::template_tree::{ActionSpan, BranchNode, TemplateBody, TemplateNode, TemplateSource, is_blank};

/// How deep blocks and parentheses may stand in one another.
const MAX_NESTING: usize = 400;

/// What a text defines: its own template first, then each `define`.
pub fn parse_template(
    name: &str,
    text: &OriginText,
    has_function: &dyn Fn(&str) -> bool,
) -> Result<Vec<TemplateBody>, SyntaxError> {
    // A byte that is no UTF-8 takes one byte here too: the spans are those of the file.
    let string = replace_invalid_bytes(text.bytes(), "\u{1a}");
    let source = Rc::new(TemplateSource { name: name.into(), text: text.clone() });
    let tokens = lex_template(&string)?;
    let mut parser = TemplateParser {
        text: &string,
        source: source.clone(),
        tokens,
        at: 0,
        variables: vec!["$".into()],
        range_depth: 0,
        nesting: 0,
        bodies: Vec::new(),
        body_indexes: HashMap::new(),
        has_function,
    };
    let nodes = parser.parse_file()?;
    let body = TemplateBody { name: name.into(), source, nodes, span: 0..text.len() };
    parser.add_body(body, 0)?;
    let mut bodies = parser.bodies;
    bodies.rotate_right(1);
    Ok(bodies)
}

pub(super) struct TemplateParser<'a> {
    pub(super) text: &'a str,
    pub(super) source: Rc<TemplateSource>,
    tokens: Vec<TemplateToken>,
    at: usize,
    pub(super) variables: Vec<Rc<str>>,
    range_depth: usize,
    nesting: usize,
    bodies: Vec<TemplateBody>,
    /// Where the body of a name is among them.
    body_indexes: HashMap<Rc<str>, usize>,
    pub(super) has_function: &'a dyn Fn(&str) -> bool,
}

/// What ended a list of nodes.
enum ListEnd {
    End(ActionSpan),
    /// `{{ else }}` closed, or `{{ else if` and `{{ else with` still open at that keyword.
    Else {
        action: ActionSpan,
        then: Option<KeywordKind>,
    },
}

impl<'a> TemplateParser<'a> {
    pub(super) fn peek(&self) -> &TemplateToken {
        // The last token is the text's end, at which `next` stops.
        &self.tokens[self.at]
    }

    pub(super) fn next(&mut self) -> TemplateToken {
        let token = self.tokens[self.at].clone();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    pub(super) fn backup(&mut self, steps: usize) {
        self.at = self.at.saturating_sub(steps);
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().kind == TokenKind::Space {
            self.at += 1;
        }
    }

    pub(super) fn next_non_space(&mut self) -> TemplateToken {
        self.skip_space();
        self.next()
    }

    pub(super) fn token_text(&self, token: &TemplateToken) -> &'a str {
        &self.text[token.span.clone()]
    }

    pub(super) fn unexpected<T>(&self, token: &TemplateToken, context: &str) -> Result<T, SyntaxError> {
        let message = match token.kind {
            TokenKind::End => format!("unexpected EOF in {context}"),
            _ => format!("unexpected {:?} in {context}", self.token_text(token)),
        };
        Err(SyntaxError::new(token.span.start, message))
    }

    /// Runs `parse` one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.nesting >= MAX_NESTING {
            return Err(SyntaxError::new(self.peek().span.start, "nested too deeply"));
        }
        self.nesting += 1;
        let result = parse(self);
        self.nesting -= 1;
        result
    }

    /// Go's rule for two bodies of one name in a file: the full one wins, two full ones are an error.
    fn add_body(&mut self, body: TemplateBody, offset: usize) -> Result<(), SyntaxError> {
        let blank = is_blank(&body.nodes, &self.source.text);
        let known = self.body_indexes.get(&body.name).and_then(|index| self.bodies.get_mut(*index));
        match known {
            None => {
                self.body_indexes.insert(body.name.clone(), self.bodies.len());
                self.bodies.push(body);
            }
            Some(other) if is_blank(&other.nodes, &self.source.text) => *other = body,
            Some(_) if blank => {}
            Some(_) => {
                let message = format!("template: multiple definition of template {:?}", body.name);
                return Err(SyntaxError::new(offset, message));
            }
        }
        Ok(())
    }

    fn parse_file(&mut self) -> Result<Vec<TemplateNode>, SyntaxError> {
        let mut nodes = Vec::new();
        loop {
            match self.peek().kind {
                TokenKind::End => return Ok(nodes),
                TokenKind::LeftDelim => {
                    let start = self.at;
                    let open = self.next();
                    if self.next_non_space().kind == TokenKind::Keyword(KeywordKind::Define) {
                        self.parse_definition(&open)?;
                        continue;
                    }
                    self.at = start;
                }
                _ => {}
            }
            let offset = self.peek().span.start;
            match self.parse_node()? {
                Ok(node) => nodes.push(node),
                Err(ListEnd::End(_)) => return Err(SyntaxError::new(offset, "unexpected {{end}}")),
                Err(ListEnd::Else { .. }) => return Err(SyntaxError::new(offset, "unexpected {{else}}")),
            }
        }
    }

    fn parse_definition(&mut self, open: &TemplateToken) -> Result<(), SyntaxError> {
        let token = self.next_non_space();
        let name = self.parse_name(&token, "define clause")?;
        self.expect_close("define clause")?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let (nodes, end) = self.nested(Self::parse_list)?;
        self.variables = outer;
        let ListEnd::End(end) = end else {
            return Err(SyntaxError::new(open.span.start, "unexpected {{else}} in define clause"));
        };
        let span = open.span.start..end.span.end;
        self.add_body(TemplateBody { name, source: self.source.clone(), nodes, span }, open.span.start)
    }

    fn parse_name(&self, token: &TemplateToken, context: &str) -> Result<Rc<str>, SyntaxError> {
        match token.kind {
            TokenKind::Quoted | TokenKind::RawQuoted => {
                let text = self.unquote(token)?;
                Ok(text.as_str().as_ref().into())
            }
            _ => self.unexpected(token, context),
        }
    }

    fn expect_close(&mut self, context: &str) -> Result<TemplateToken, SyntaxError> {
        let token = self.next_non_space();
        match token.kind {
            TokenKind::RightDelim => Ok(token),
            _ => self.unexpected(&token, context),
        }
    }

    /// Nodes up to the `end` or `else` of their block.
    fn parse_list(&mut self) -> Result<(Vec<TemplateNode>, ListEnd), SyntaxError> {
        let mut nodes = Vec::new();
        while self.peek().kind != TokenKind::End {
            match self.parse_node()? {
                Ok(node) => nodes.push(node),
                Err(end) => return Ok((nodes, end)),
            }
        }
        Err(SyntaxError::new(self.peek().span.start, "unexpected EOF"))
    }

    fn parse_node(&mut self) -> Result<Result<TemplateNode, ListEnd>, SyntaxError> {
        let token = self.next();
        match token.kind {
            TokenKind::Text => Ok(Ok(TemplateNode::Text(token.span))),
            TokenKind::Comment => Ok(Ok(TemplateNode::Comment(token.span))),
            TokenKind::LeftDelim => self.parse_action(&token),
            _ => self.unexpected(&token, "input"),
        }
    }

    fn parse_action(&mut self, open: &TemplateToken) -> Result<Result<TemplateNode, ListEnd>, SyntaxError> {
        let token = self.next_non_space();
        let TokenKind::Keyword(keyword) = token.kind else {
            self.backup(1);
            let pipe = self.parse_pipeline(PipelineContext::Command, TokenKind::RightDelim)?;
            let action = self.close_action(open);
            return Ok(Ok(TemplateNode::Action { action, pipe }));
        };
        match keyword {
            KeywordKind::If | KeywordKind::With | KeywordKind::Range => {
                self.parse_branch(open, keyword).map(|(node, _)| Ok(node))
            }
            KeywordKind::Template => self.parse_call(open).map(Ok),
            KeywordKind::Block => self.parse_block(open).map(Ok),
            KeywordKind::Break | KeywordKind::Continue => self.parse_jump(open, keyword).map(Ok),
            KeywordKind::End => {
                self.expect_close("end")?;
                Ok(Err(ListEnd::End(self.close_action(open))))
            }
            KeywordKind::Else => self.parse_else(open).map(Err),
            KeywordKind::Define => self.unexpected(&token, "command"),
        }
    }

    /// The action from `open` to the closing delimiter that was just taken.
    fn close_action(&self, open: &TemplateToken) -> ActionSpan {
        let close = &self.tokens[self.at.saturating_sub(1)];
        ActionSpan {
            span: open.span.start..close.span.end,
            trim_left: open.trim,
            trim_right: close.kind == TokenKind::RightDelim && close.trim,
        }
    }

    fn parse_else(&mut self, open: &TemplateToken) -> Result<ListEnd, SyntaxError> {
        self.skip_space();
        let then = match self.peek().kind {
            TokenKind::Keyword(keyword @ (KeywordKind::If | KeywordKind::With)) => Some(keyword),
            _ => {
                self.expect_close("else")?;
                None
            }
        };
        Ok(ListEnd::Else { action: self.close_action(open), then })
    }

    fn parse_jump(
        &mut self,
        open: &TemplateToken,
        keyword: KeywordKind,
    ) -> Result<TemplateNode, SyntaxError> {
        let (name, outside) = match keyword {
            KeywordKind::Break => ("{{break}}", "{{break}} outside {{range}}"),
            _ => ("{{continue}}", "{{continue}} outside {{range}}"),
        };
        self.expect_close(name)?;
        if self.range_depth == 0 {
            return Err(SyntaxError::new(open.span.start, outside));
        }
        let action = self.close_action(open);
        Ok(if keyword == KeywordKind::Break {
            TemplateNode::Break(action)
        } else {
            TemplateNode::Continue(action)
        })
    }

    /// A block from behind its keyword to its end; the end is given back for the block around an `else if`.
    fn parse_branch(
        &mut self,
        open: &TemplateToken,
        keyword: KeywordKind,
    ) -> Result<(TemplateNode, ActionSpan), SyntaxError> {
        let scope = self.variables.len();
        let result = self.nested(|parser| parser.parse_branch_parts(open, keyword));
        self.variables.truncate(scope);
        let branch = Box::new(result?);
        let end = branch.end.clone();
        let node = match keyword {
            KeywordKind::If => TemplateNode::If(branch),
            KeywordKind::With => TemplateNode::With(branch),
            _ => TemplateNode::Range(branch),
        };
        Ok((node, end))
    }

    fn parse_branch_parts(
        &mut self,
        open: &TemplateToken,
        keyword: KeywordKind,
    ) -> Result<BranchNode, SyntaxError> {
        let context = match keyword {
            KeywordKind::If => PipelineContext::If,
            KeywordKind::With => PipelineContext::With,
            _ => PipelineContext::Range,
        };
        let pipe = self.parse_pipeline(context, TokenKind::RightDelim)?;
        let action = self.close_action(open);
        let looping = usize::from(keyword == KeywordKind::Range);
        self.range_depth += looping;
        let list = self.parse_list();
        self.range_depth -= looping;
        let (body, end) = list?;
        let (middle, otherwise, end) = match end {
            ListEnd::End(end) => (None, Vec::new(), end),
            ListEnd::Else { action, then: Some(then) } if then == keyword => {
                let inner = TemplateToken {
                    kind: TokenKind::LeftDelim,
                    span: action.span.start..action.span.start + 2,
                    trim: action.trim_left,
                };
                self.next();
                let (node, end) = self.parse_branch(&inner, keyword)?;
                (Some(action), vec![node], end)
            }
            ListEnd::Else { action, then: Some(_) } => {
                return Err(SyntaxError::new(action.span.start, "unexpected keyword after {{else"));
            }
            ListEnd::Else { action, then: None } => {
                let (nodes, end) = self.parse_list()?;
                let ListEnd::End(end) = end else {
                    return Err(SyntaxError::new(action.span.start, "expected end; found {{else}}"));
                };
                (Some(action), nodes, end)
            }
        };
        Ok(BranchNode { open: action, pipe, body, middle, otherwise, end })
    }

    fn parse_call(&mut self, open: &TemplateToken) -> Result<TemplateNode, SyntaxError> {
        let token = self.next_non_space();
        let name = self.parse_name(&token, "template clause")?;
        let pipe = match self.next_non_space().kind {
            TokenKind::RightDelim => None,
            _ => {
                self.backup(1);
                Some(self.parse_pipeline(PipelineContext::Template, TokenKind::RightDelim)?)
            }
        };
        Ok(TemplateNode::Call { action: self.close_action(open), name, pipe })
    }

    fn parse_block(&mut self, open: &TemplateToken) -> Result<TemplateNode, SyntaxError> {
        let token = self.next_non_space();
        let name = self.parse_name(&token, "block clause")?;
        let pipe = self.parse_pipeline(PipelineContext::Block, TokenKind::RightDelim)?;
        let action = self.close_action(open);
        let outer = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let (nodes, end) = self.nested(Self::parse_list)?;
        self.variables = outer;
        let ListEnd::End(end) = end else {
            return Err(SyntaxError::new(open.span.start, "unexpected {{else}} in block clause"));
        };
        let span: Range<usize> = open.span.start..end.span.end;
        let body = TemplateBody { name: name.clone(), source: self.source.clone(), nodes, span };
        self.add_body(body, open.span.start)?;
        Ok(TemplateNode::Call { action, name, pipe: Some(pipe) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::origin_table::OriginTable;

    fn parse(text: &str) -> Result<Vec<TemplateBody>, SyntaxError> {
        let file = OriginTable::default().add_file("x");
        parse_template("x", &OriginText::from_file(file, 0, text), &|name| matches!(name, "f" | "g"))
    }

    #[test]
    fn blocks_know_their_ends_middles_and_trims() {
        let text = "{{- if .a }}1{{ else if .b -}}2{{ end }}";
        let bodies = parse(text).expect("parses");
        let [TemplateNode::If(branch)] = &bodies[0].nodes[..] else { panic!("{:?}", bodies[0].nodes) };
        assert!(branch.open.trim_left && !branch.open.trim_right);
        let middle = branch.middle.as_ref().expect("an else");
        assert_eq!(&text[middle.span.start..middle.span.start + 9], "{{ else i");
        assert_eq!(&text[branch.end.span.clone()], "{{ end }}");
        assert!(matches!(&branch.otherwise[..], [TemplateNode::If(_)]));
    }

    #[test]
    fn definitions_stand_apart_and_full_ones_win() {
        let bodies = parse("{{ define \"a\" }}x{{ end }}{{ define \"a\" }} {{ end }}y").expect("parses");
        let names: Vec<&str> = bodies.iter().map(|body| &*body.name).collect();
        assert_eq!(names, ["x", "a"]);
        assert!(!is_blank(&bodies[1].nodes, &bodies[1].source.text));
        assert!(parse("{{ define \"a\" }}x{{ end }}{{ define \"a\" }}y{{ end }}").is_err());
    }

    #[test]
    fn what_go_refuses_is_refused_and_what_it_takes_is_taken() {
        for text in [
            "{{ f | }}",
            "{{ (f | g 1 | ) }}",
            "{{ $x := f }}{{ $x.a.b }}",
            "{{ range $i, $e := .a }}{{ break }}{{ end }}",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in [
            "{{ }}",
            "{{ if }}{{ end }}",
            "{{ f | 1 }}",
            "{{ nope }}",
            "{{ $x }}",
            "{{ end }}",
            "{{ break }}",
            "{{ if .a }}{{ else with .b }}{{ end }}",
            "{{ 1.a }}",
            "{{ $a, $b := f }}",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
