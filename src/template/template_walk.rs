//! Walks a template's nodes and writes what they render, as Go's `text/template` does.

use std::rc::Rc;

use super::branch_outcome::note_branch;
use super::format_verb::print_value;
use super::origin_table::ChainId;
use super::origin_text::{OriginText, TextBuilder};
use super::template_error::{TemplateError, TemplateErrorKind};
use super::template_executor::TemplateExecutor;
use super::template_tree::{ActionSpan, BranchNode, PipelineNode, TemplateBody, TemplateNode};
use super::template_value::{IntType, NilKind, TemplateValue};
use super::value_collection::{ValueList, ValueMap};

/// One run of one template: its variables, and where its text goes.
pub(super) struct TemplateRun<'a> {
    pub(super) body: &'a TemplateBody,
    pub(super) variables: Vec<(Rc<str>, TemplateValue)>,
    out: &'a mut TextBuilder,
}

impl<'a> TemplateRun<'a> {
    pub(super) fn new(body: &'a TemplateBody, data: TemplateValue, out: &'a mut TextBuilder) -> Self {
        Self { body, variables: vec![("$".into(), data)], out }
    }

    /// Sets the variable of that name that was declared last; false where there is none.
    pub(super) fn assign(&mut self, name: &str, value: TemplateValue) -> bool {
        let variable = self.variables.iter_mut().rev().find(|(own, _)| **own == *name);
        variable.map(|variable| variable.1 = value).is_some()
    }

    pub(super) fn variable(&self, name: &str) -> Option<&TemplateValue> {
        self.variables.iter().rev().find(|(own, _)| **own == *name).map(|(_, value)| value)
    }

    /// Sets the value of the variable that is `from_top` below the last.
    fn set_top(&mut self, from_top: usize, value: TemplateValue) {
        if let Some(index) = self.variables.len().checked_sub(from_top)
            && let Some(variable) = self.variables.get_mut(index)
        {
            variable.1 = value;
        }
    }
}

/// How a list of nodes ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WalkEnd {
    Done,
    Break,
    Continue,
}

impl TemplateExecutor {
    pub(super) fn walk_body(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
    ) -> Result<(), TemplateError> {
        let body = run.body;
        self.walk(run, dot, &body.nodes).map(|_| ())
    }

    fn walk(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        nodes: &[TemplateNode],
    ) -> Result<WalkEnd, TemplateError> {
        self.state.enter()?;
        let mut end = Ok(WalkEnd::Done);
        for node in nodes {
            end = self.walk_node(run, dot, node);
            if end != Ok(WalkEnd::Done) {
                break;
            }
        }
        self.state.leave();
        end
    }

    fn walk_node(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        node: &TemplateNode,
    ) -> Result<WalkEnd, TemplateError> {
        self.state.charge_step()?;
        match node {
            TemplateNode::Text(span) => {
                run.out.push_in_chain(&run.body.source.text, span.clone(), self.state.chain);
                self.check_output(run)?;
            }
            TemplateNode::Comment(_) => {}
            TemplateNode::Action { action, pipe } => {
                self.enter_action(run, action);
                let value = self.eval_pipeline(run, dot, pipe)?;
                if pipe.variables.is_empty() {
                    self.print_action(run, &value);
                    self.check_output(run)?;
                }
            }
            TemplateNode::If(branch) => return self.walk_choice(run, dot, branch, false),
            TemplateNode::With(branch) => return self.walk_choice(run, dot, branch, true),
            TemplateNode::Range(branch) => return self.walk_range(run, dot, branch),
            TemplateNode::Call { action, name, pipe } => {
                self.walk_call(run, dot, action, name, pipe.as_ref())?;
            }
            TemplateNode::Break(_) => return Ok(WalkEnd::Break),
            TemplateNode::Continue(_) => return Ok(WalkEnd::Continue),
        }
        Ok(WalkEnd::Done)
    }

    fn enter_action(&mut self, run: &TemplateRun<'_>, action: &ActionSpan) {
        self.state.site = self.state.site_in(&run.body.source, action.span.start, action.span.len());
    }

    fn check_output(&self, run: &TemplateRun<'_>) -> Result<(), TemplateError> {
        if run.out.is_full() {
            return Err(self
                .state
                .error_here(TemplateErrorKind::Limit, "a template renders more than 16 MiB"));
        }
        Ok(())
    }

    fn print_action(&mut self, run: &mut TemplateRun<'_>, value: &TemplateValue) {
        let text = match value {
            TemplateValue::Text(text) => text.clone(),
            TemplateValue::Nil(_) => {
                let glue = self.state.glue();
                OriginText::from_computed(glue, "<no value>")
            }
            other => {
                let glue = self.state.glue_from(std::slice::from_ref(other));
                print_value(other, glue)
            }
        };
        let needs_chain = text.pieces().iter().any(|piece| piece.chain == ChainId::NONE);
        let chain = if needs_chain {
            self.state.origins.add_chain(self.state.chain, self.state.site)
        } else {
            ChainId::NONE
        };
        run.out.push_in_chain(&text, 0..text.len(), chain);
    }

    fn walk_choice(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        branch: &BranchNode,
        rebinds: bool,
    ) -> Result<WalkEnd, TemplateError> {
        let mark = run.variables.len();
        self.enter_action(run, &branch.open);
        let site = self.state.site;
        let value = self.eval_pipeline(run, dot, &branch.pipe)?;
        let is_taken = value.is_true();
        note_branch(&mut self.state.branches, site, (branch, false), is_taken);
        let end = if is_taken {
            self.walk(run, if rebinds { &value } else { dot }, &branch.body)
        } else {
            self.walk(run, dot, &branch.otherwise)
        };
        run.variables.truncate(mark);
        end
    }

    fn walk_range(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        branch: &BranchNode,
    ) -> Result<WalkEnd, TemplateError> {
        let mark = run.variables.len();
        self.enter_action(run, &branch.open);
        let site = self.state.site;
        let value = self.eval_pipeline(run, dot, &branch.pipe)?;
        let end = match value.to_plain() {
            TemplateValue::List(list) => self.range_list(run, branch, &list)?,
            TemplateValue::Map(map) => self.range_map(run, branch, &map)?,
            TemplateValue::Int(count, int_type, _) => self.range_int(run, branch, count, int_type)?,
            TemplateValue::Nil(_) => false,
            other => {
                let message = format!("range can't iterate over {}", self.show(&other));
                return Err(self.state.error_here(TemplateErrorKind::Execution, message));
            }
        };
        note_branch(&mut self.state.branches, site, (branch, true), end);
        let result = if end { Ok(WalkEnd::Done) } else { self.walk(run, dot, &branch.otherwise) };
        run.variables.truncate(mark);
        result
    }

    fn range_list(
        &mut self,
        run: &mut TemplateRun<'_>,
        branch: &BranchNode,
        list: &ValueList,
    ) -> Result<bool, TemplateError> {
        for (index, item) in list.items().iter().enumerate() {
            let index = TemplateValue::int(i64::try_from(index).unwrap_or(i64::MAX));
            let item = if item.is_nil() { TemplateValue::Nil(NilKind::Interface) } else { item.clone() };
            if self.walk_iteration(run, branch, index, item)? == WalkEnd::Break {
                break;
            }
        }
        Ok(!list.is_empty())
    }

    fn range_map(
        &mut self,
        run: &mut TemplateRun<'_>,
        branch: &BranchNode,
        map: &ValueMap,
    ) -> Result<bool, TemplateError> {
        let entries = map.entries();
        for (key, entry) in &entries {
            let key = match &entry.key_text {
                Some(text) if text.bytes() == key.as_bytes() => text.clone(),
                _ => self.state.computed(key.as_bytes(), std::slice::from_ref(&entry.value)),
            };
            if self.walk_iteration(run, branch, TemplateValue::Text(key), entry.value.clone())?
                == WalkEnd::Break
            {
                break;
            }
        }
        Ok(!entries.is_empty())
    }

    fn range_int(
        &mut self,
        run: &mut TemplateRun<'_>,
        branch: &BranchNode,
        count: i64,
        int_type: IntType,
    ) -> Result<bool, TemplateError> {
        if branch.pipe.variables.len() > 1 {
            let message = format!("can't use {count} to iterate over more than one variable");
            return Err(self.state.error_here(TemplateErrorKind::Execution, message));
        }
        for index in 0..count {
            let item = TemplateValue::Int(index, int_type, None);
            if self.walk_iteration(run, branch, item.clone(), item)? == WalkEnd::Break {
                break;
            }
        }
        Ok(count > 0)
    }

    fn walk_iteration(
        &mut self,
        run: &mut TemplateRun<'_>,
        branch: &BranchNode,
        index: TemplateValue,
        item: TemplateValue,
    ) -> Result<WalkEnd, TemplateError> {
        self.state.charge_step()?;
        let PipelineNode { variables, is_assign, .. } = &branch.pipe;
        let mark = run.variables.len();
        match (variables.as_slice(), is_assign) {
            ([only], true) => {
                run.assign(only, item.clone());
            }
            ([first, second, ..], true) => {
                run.assign(first, index);
                run.assign(second, item.clone());
            }
            ([_], false) => run.set_top(1, item.clone()),
            ([_, _, ..], false) => {
                run.set_top(1, item.clone());
                run.set_top(2, index);
            }
            ([], _) => {}
        }
        let end = self.walk(run, &item, &branch.body);
        run.variables.truncate(mark);
        end
    }

    fn walk_call(
        &mut self,
        run: &mut TemplateRun<'_>,
        dot: &TemplateValue,
        action: &ActionSpan,
        name: &str,
        pipe: Option<&PipelineNode>,
    ) -> Result<(), TemplateError> {
        self.enter_action(run, action);
        let site = self.state.site;
        let Some(body) = self.set.get(name).cloned() else {
            return Err(self
                .state
                .error_here(TemplateErrorKind::Execution, format!("template {name:?} not defined")));
        };
        let data = match pipe {
            Some(pipe) => self.eval_pipeline(run, dot, pipe)?,
            None => TemplateValue::NIL,
        };
        let outer = self.state.chain;
        self.state.chain = self.state.origins.add_chain(outer, site);
        let mut inner = TemplateRun::new(&body, data.clone(), run.out);
        let result = self.walk_body(&mut inner, &data);
        self.state.chain = outer;
        self.state.site = site;
        result
    }

    /// A value in a message.
    pub(super) fn show(&mut self, value: &TemplateValue) -> String {
        let glue = self.state.glue();
        let text = print_value(value, glue);
        text.slice(0..text.len().min(200)).as_str().into_owned()
    }
}
