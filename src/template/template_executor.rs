//! Runs templates by name: the set of them, `include`, and `tpl`.

use std::collections::HashMap;
use std::rc::Rc;

use super::call_error::CallError;
use super::functions::find_function;
use super::literal_text::{LiteralBranch, has_otherwise, literal_text};
use super::origin_table::OriginTable;
use super::origin_text::{OriginText, TextBuilder};
use super::render_state::{EngineSettings, RenderState};
use super::template_error::{TemplateError, TemplateErrorKind};
use super::template_parser::parse_template;
use super::template_set::TemplateSet;
use super::template_tree::TemplateBody;
use super::template_value::TemplateValue;
use super::template_walk::TemplateRun;

/// How often one name may be included inside itself. Helm says a thousand; no chart that ends comes near.
const MAX_INCLUDES: usize = 500;

/// What an `include` costs beside what it renders.
const INCLUDE_STEPS: usize = 8;

/// What a `tpl` costs beside its text's length: a set of templates of its own.
const TPL_STEPS: usize = 16;

pub struct TemplateExecutor {
    pub state: RenderState,
    pub(super) set: Rc<TemplateSet>,
    includes: HashMap<Rc<str>, usize>,
}

impl TemplateExecutor {
    pub fn new(origins: OriginTable, settings: EngineSettings) -> Self {
        Self { state: RenderState::new(origins, settings), set: Rc::default(), includes: HashMap::new() }
    }

    /// Adds a template to the set; of two definitions of a name the later one wins.
    pub fn add_template(&mut self, name: &str, text: &OriginText) -> Result<(), TemplateError> {
        let bodies = self.parse(name, text)?;
        match Rc::get_mut(&mut self.set) {
            Some(set) => set.add(bodies),
            None => {
                let mut set = TemplateSet::over(self.set.clone());
                set.add(bodies);
                self.set = Rc::new(set);
            }
        }
        Ok(())
    }

    fn parse(&mut self, name: &str, text: &OriginText) -> Result<Vec<TemplateBody>, TemplateError> {
        parse_template(name, text, &|name| find_function(name).is_some()).map_err(|error| {
            let offset = error.offset.min(text.len().saturating_sub(1));
            self.state.error_in(text, offset, TemplateErrorKind::Syntax, error.message)
        })
    }

    /// Runs the template of that name.
    pub fn execute(&mut self, name: &str, data: TemplateValue) -> Result<OriginText, TemplateError> {
        let Some(body) = self.set.get(name).cloned() else {
            return Err(self
                .state
                .error_here(TemplateErrorKind::Execution, format!("template {name:?} not defined")));
        };
        self.execute_body(&body, data)
    }

    /// The literal texts of the template of that name, one for each side of its branches.
    pub fn literal_texts(&mut self, name: &str) -> Vec<OriginText> {
        let Some(body) = self.set.get(name).cloned() else { return Vec::new() };
        let unknown = self.state.glue();
        let other = has_otherwise(&body.nodes).then_some(LiteralBranch::Otherwise);
        let branches = std::iter::once(LiteralBranch::First).chain(other);
        branches.map(|branch| literal_text(&body, branch, unknown)).collect()
    }

    fn execute_body(
        &mut self,
        body: &TemplateBody,
        data: TemplateValue,
    ) -> Result<OriginText, TemplateError> {
        let site = self.state.site;
        let mut out = TextBuilder::default();
        let mut run = TemplateRun::new(body, data.clone(), &mut out);
        let result = self.walk_body(&mut run, &data);
        self.state.site = site;
        result?;
        let text = out.finish();
        self.state.charge_text(&text)?;
        Ok(text)
    }

    /// `include`: what the named template renders, its chain longer by this action.
    pub(super) fn include(&mut self, name: &str, data: TemplateValue) -> Result<OriginText, CallError> {
        let Some(body) = self.set.get(name).cloned() else {
            return Err(format!("template: no template {name:?} associated with template \"gotpl\"").into());
        };
        let count = self.includes.entry(body.name.clone()).or_insert(0);
        *count += 1;
        let count = *count;
        self.state.charge_steps(INCLUDE_STEPS)?;
        let result = if count > MAX_INCLUDES {
            let message =
                format!("rendering template has a nested reference name: {name}: unable to execute template");
            Err(CallError::new(message))
        } else {
            self.in_chain(|executor| executor.execute_body(&body, data)).map_err(CallError::from)
        };
        if let Some(count) = self.includes.get_mut(&body.name) {
            *count -= 1;
        }
        result
    }

    /// `tpl`: a text as a template, whose definitions only it sees.
    pub(super) fn execute_text(
        &mut self,
        text: &OriginText,
        data: TemplateValue,
    ) -> Result<OriginText, CallError> {
        self.state.charge_steps(TPL_STEPS + text.len() / 4)?;
        let bodies = self.parse("gotpl", text)?;
        let mut set = TemplateSet::over(self.set.clone());
        let Some((main, defined)) = split_first(bodies) else { return Ok(OriginText::default()) };
        set.add(defined);
        let outer = std::mem::replace(&mut self.set, Rc::new(set));
        let result = self.in_chain(|executor| executor.execute_body(&main, data));
        self.set = outer;
        let text = result?;
        Ok(super::text_edit::remove(&text, b"<no value>"))
    }

    fn in_chain<T>(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<T, TemplateError>,
    ) -> Result<T, TemplateError> {
        let outer = self.state.chain;
        self.state.chain = self.state.origins.add_chain(outer, self.state.site);
        let result = match self.state.enter() {
            Ok(()) => {
                let result = run(self);
                self.state.leave();
                result
            }
            Err(error) => Err(error),
        };
        self.state.chain = outer;
        result
    }
}

fn split_first(mut bodies: Vec<TemplateBody>) -> Option<(TemplateBody, Vec<TemplateBody>)> {
    if bodies.is_empty() {
        return None;
    }
    let rest = bodies.split_off(1);
    bodies.pop().map(|first| (first, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::origin_table::PieceSource;
    use crate::template::yaml_reader::{KeyRegister, read_yaml};

    const VALUES: &str = "image: {tag: \"1.2\"}\nport: 0080\nname: web\n";

    /// What a template renders of [`VALUES`], each piece with its kind: text, value or computed.
    fn render(template: &str) -> Result<Vec<(String, &'static str)>, TemplateError> {
        let mut table = OriginTable::default();
        let (file, values) = (table.add_file("a.yaml"), table.add_file("values.yaml"));
        let root = table.add_root_key(values);
        let text = OriginText::from_file(values, 0, VALUES);
        let data = read_yaml(&text, Some(KeyRegister { table: &mut table, root })).expect("values");
        let mut executor = TemplateExecutor::new(table, EngineSettings::default());
        executor.add_template("a", &OriginText::from_file(file, 0, template))?;
        let text = executor.execute("a", data)?;
        let kind = |source| match source {
            PieceSource::Text { .. } => "text",
            PieceSource::Value { .. } => "value",
            PieceSource::Computed(_) => "computed",
        };
        let pieces =
            text.spans().map(|(range, piece)| (text.slice(range).as_str().into_owned(), kind(piece.source)));
        Ok(pieces.collect())
    }

    fn piece(text: &str, kind: &'static str) -> (String, &'static str) {
        (text.to_owned(), kind)
    }

    #[test]
    fn values_keep_their_origin_through_functions_and_includes() {
        let template =
            r#"{{ define "t" }}v{{ .image.tag }}{{ end }}{{ include "t" . | trimPrefix "v" | quote }}"#;
        let expected = [piece("\"", "computed"), piece("1.2", "value"), piece("\"", "computed")];
        assert_eq!(render(template).expect("renders"), expected);
        let printed = render(r#"{{ printf "%s-%s" .name "x" | trunc 5 }}"#).expect("renders");
        assert_eq!(printed, [piece("web", "value"), piece("-", "text"), piece("x", "text")]);
    }

    #[test]
    fn numbers_are_values_while_they_read_as_written() {
        assert_eq!(render("{{ .port }}").expect("renders"), [piece("80", "computed")]);
        assert_eq!(render("{{ toYaml .image }}").expect("renders").last(), Some(&piece("\"", "computed")));
    }

    #[test]
    fn errors_name_the_place_in_the_file() {
        let error = render("a: {{ .missing.key }}").expect_err("an error");
        assert_eq!((error.path.as_str(), error.offset), ("a.yaml", 3));
        assert_eq!(error.message, "nil pointer evaluating interface {}.key");
    }
}
