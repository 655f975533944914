//! Reads the pipelines inside actions: declarations, commands, operands.

use std::rc::Rc;

use super::go_unquote::unquote_token;
use super::number_lexer::{NumberConstant, parse_number};
use super::origin_text::OriginText;
use super::template_parser::TemplateParser;
use super::template_token::{SyntaxError, TemplateToken, TokenKind};
use super::template_tree::{CommandNode, OperandKind, OperandNode, PipelineNode};

/// What a pipeline is read for, as Go's messages name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PipelineContext {
    Command,
    Parenthesized,
    If,
    With,
    Range,
    Template,
    Block,
}

impl PipelineContext {
    fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Parenthesized => "parenthesized pipeline",
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
            Self::Template => "template clause",
            Self::Block => "block clause",
        }
    }
}

impl TemplateParser<'_> {
    /// A pipeline up to and with its closing token.
    pub(super) fn parse_pipeline(
        &mut self,
        context: PipelineContext,
        end: TokenKind,
    ) -> Result<PipelineNode, SyntaxError> {
        self.skip_space();
        let start = self.peek().span.start;
        let mut pipe = PipelineNode {
            span: start..start,
            variables: Vec::new(),
            is_assign: false,
            commands: Vec::new(),
        };
        self.parse_declarations(&mut pipe, context)?;
        loop {
            self.skip_space();
            let token = self.next();
            match token.kind {
                kind if kind == end => {
                    pipe.span.end = token.span.start.max(start);
                    self.check_pipeline(&pipe, context)?;
                    return Ok(pipe);
                }
                TokenKind::Bool(_)
                | TokenKind::CharConstant
                | TokenKind::Dot
                | TokenKind::Field
                | TokenKind::Identifier
                | TokenKind::Number
                | TokenKind::Nil
                | TokenKind::RawQuoted
                | TokenKind::Quoted
                | TokenKind::Variable
                | TokenKind::LeftParen => {
                    self.backup(1);
                    let command = self.parse_command()?;
                    pipe.commands.push(command);
                }
                _ => return self.unexpected(&token, context.name()),
            }
        }
    }

    fn parse_declarations(
        &mut self,
        pipe: &mut PipelineNode,
        context: PipelineContext,
    ) -> Result<(), SyntaxError> {
        loop {
            self.skip_space();
            if self.peek().kind != TokenKind::Variable {
                return Ok(());
            }
            let variable = self.next();
            let spaced = usize::from(self.peek().kind == TokenKind::Space);
            let next = self.next_non_space();
            match next.kind {
                TokenKind::Assign | TokenKind::Declare => {
                    pipe.is_assign = next.kind == TokenKind::Assign;
                    self.declare(pipe, &variable);
                    return Ok(());
                }
                TokenKind::Comma => {
                    self.declare(pipe, &variable);
                    if context != PipelineContext::Range || pipe.variables.len() > 1 {
                        let message = format!("too many declarations in {}", context.name());
                        return Err(SyntaxError::new(variable.span.start, message));
                    }
                    self.skip_space();
                    match self.peek().kind {
                        TokenKind::Variable | TokenKind::RightDelim | TokenKind::RightParen => {}
                        _ => {
                            let message = "range can only initialize variables";
                            return Err(SyntaxError::new(variable.span.start, message));
                        }
                    }
                }
                TokenKind::End => return self.unexpected(&next, context.name()),
                _ => {
                    self.backup(2 + spaced);
                    return Ok(());
                }
            }
        }
    }

    fn declare(&mut self, pipe: &mut PipelineNode, variable: &TemplateToken) {
        let name: Rc<str> = self.token_text(variable).into();
        pipe.variables.push(name.clone());
        self.variables.push(name);
    }

    fn check_pipeline(&self, pipe: &PipelineNode, context: PipelineContext) -> Result<(), SyntaxError> {
        if pipe.commands.is_empty() {
            return Err(SyntaxError::new(pipe.span.start, format!("missing value for {}", context.name())));
        }
        for (index, command) in pipe.commands.iter().enumerate().skip(1) {
            let inert = command.operands.first().is_some_and(|operand| {
                matches!(
                    operand.kind,
                    OperandKind::Bool(_)
                        | OperandKind::Dot
                        | OperandKind::Nil
                        | OperandKind::Number(_)
                        | OperandKind::Text(_)
                )
            });
            if inert {
                let message = format!("non executable command in pipeline stage {}", index + 1);
                return Err(SyntaxError::new(command.span.start, message));
            }
        }
        Ok(())
    }

    fn parse_command(&mut self) -> Result<CommandNode, SyntaxError> {
        self.skip_space();
        let start = self.peek().span.start;
        let mut command = CommandNode { span: start..start, operands: Vec::new() };
        loop {
            self.skip_space();
            if let Some(operand) = self.parse_operand()? {
                command.span.end = operand.span.end;
                command.operands.push(operand);
            }
            let token = self.next();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelim | TokenKind::RightParen => self.backup(1),
                TokenKind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if command.operands.is_empty() {
            return Err(SyntaxError::new(start, "empty command"));
        }
        Ok(command)
    }

    /// A term and the fields behind it.
    fn parse_operand(&mut self) -> Result<Option<OperandNode>, SyntaxError> {
        let Some(mut operand) = self.parse_term()? else { return Ok(None) };
        let mut fields: Vec<Rc<str>> = Vec::new();
        while self.peek().kind == TokenKind::Field {
            let token = self.next();
            fields.push(self.token_text(&token)[1..].into());
            operand.span.end = token.span.end;
        }
        if fields.is_empty() {
            return Ok(Some(operand));
        }
        let span = operand.span.clone();
        let kind = match operand.kind {
            OperandKind::Field(mut names) => {
                names.extend(fields);
                OperandKind::Field(names)
            }
            OperandKind::Variable(name, mut names) => {
                names.extend(fields);
                OperandKind::Variable(name, names)
            }
            OperandKind::Bool(_)
            | OperandKind::Text(_)
            | OperandKind::Number(_)
            | OperandKind::Nil
            | OperandKind::Dot => {
                let message = format!("unexpected . after term {:?}", &self.text[span.clone()]);
                return Err(SyntaxError::new(span.start, message));
            }
            _ => OperandKind::Chain(Box::new(operand), fields),
        };
        Ok(Some(OperandNode { span, kind }))
    }

    fn parse_term(&mut self) -> Result<Option<OperandNode>, SyntaxError> {
        let token = self.next_non_space();
        let mut span = token.span.clone();
        let kind = match token.kind {
            TokenKind::Identifier => {
                let name = self.token_text(&token);
                if !(self.has_function)(name) {
                    return Err(SyntaxError::new(span.start, format!("function {name:?} not defined")));
                }
                OperandKind::Function(name.into())
            }
            TokenKind::Dot => OperandKind::Dot,
            TokenKind::Nil => OperandKind::Nil,
            TokenKind::Variable => {
                let name = self.token_text(&token);
                if !self.variables.iter().any(|variable| **variable == *name) {
                    return Err(SyntaxError::new(span.start, format!("undefined variable {name:?}")));
                }
                OperandKind::Variable(name.into(), Vec::new())
            }
            TokenKind::Field => OperandKind::Field(vec![self.token_text(&token)[1..].into()]),
            TokenKind::Bool(value) => OperandKind::Bool(value),
            TokenKind::Number => {
                let text = self.token_text(&token);
                let number = parse_number(text)
                    .ok_or_else(|| SyntaxError::new(span.start, format!("bad number syntax: {text:?}")))?;
                OperandKind::Number(number)
            }
            TokenKind::CharConstant => OperandKind::Number(self.parse_char(&token)?),
            TokenKind::LeftParen => {
                let pipe = self.nested(|parser| {
                    parser.parse_pipeline(PipelineContext::Parenthesized, TokenKind::RightParen)
                })?;
                span.end = pipe.span.end + 1;
                OperandKind::Pipeline(Box::new(pipe))
            }
            TokenKind::Quoted | TokenKind::RawQuoted => OperandKind::Text(self.unquote(&token)?),
            _ => {
                if token.kind != TokenKind::End {
                    self.backup(1);
                }
                return Ok(None);
            }
        };
        Ok(Some(OperandNode { span, kind }))
    }

    fn parse_char(&self, token: &TemplateToken) -> Result<NumberConstant, SyntaxError> {
        let text = self.unquote(token)?;
        let string = text.as_str();
        let mut chars = string.chars();
        match (chars.next(), chars.next()) {
            (Some(char), None) => {
                let value = i64::from(u32::from(char));
                Ok(NumberConstant {
                    int: Some(value),
                    uint: None,
                    float: Some(value as f64),
                    is_fraction: false,
                })
            }
            _ => {
                let message = format!("malformed character constant: {}", self.token_text(token));
                Err(SyntaxError::new(token.span.start, message))
            }
        }
    }

    /// The text that a quoted token means, each byte with its place.
    pub(super) fn unquote(&self, token: &TemplateToken) -> Result<OriginText, SyntaxError> {
        unquote_token(&self.source.text, token.span.clone())
            .ok_or_else(|| SyntaxError::new(token.span.start, "invalid syntax"))
    }
}
