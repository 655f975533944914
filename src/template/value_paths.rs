//! Finds the values that a template reads, by their paths of keys and without running it, for who edits a chart's values.

use std::collections::HashMap;
use std::rc::Rc;

use super::origin_table::OriginTable;
use super::plain_template::parse_plain_template;
use super::template_tree::{
    BranchNode, CommandNode, OperandKind, OperandNode, PipelineNode, TemplateBody, TemplateNode,
};

/// The key of all values in what a chart's templates see.
const VALUES_KEY: &str = "Values";

/// The path from a template's root to what an expression is; none where only running it would show.
type KnownPath = Option<Vec<Rc<str>>>;

/// The paths of the values that a template reads, `image.tag`, in its order and each once; none of a text that is no
/// template.
pub fn find_value_paths(text: &str) -> Vec<String> {
    let mut search = PathSearch::default();
    for body in &parse_plain_template(text, &mut OriginTable::default()) {
        search.visit_body(body);
    }
    search.found
}

#[derive(Default)]
struct PathSearch {
    found: Vec<String>,
    variables: HashMap<Rc<str>, KnownPath>,
}

impl PathSearch {
    /// A definition is taken as one that is included with the root.
    fn visit_body(&mut self, body: &TemplateBody) {
        self.variables.clear();
        self.variables.insert("$".into(), Some(Vec::new()));
        self.visit_nodes(&body.nodes, &Some(Vec::new()));
    }

    fn visit_nodes(&mut self, nodes: &[TemplateNode], dot: &KnownPath) {
        for node in nodes {
            match node {
                TemplateNode::Action { pipe, .. } | TemplateNode::Call { pipe: Some(pipe), .. } => {
                    self.visit_pipeline(pipe, dot);
                }
                TemplateNode::If(branch) => self.visit_branch(branch, dot, Some(dot.clone())),
                TemplateNode::With(branch) => self.visit_branch(branch, dot, None),
                TemplateNode::Range(branch) => self.visit_branch(branch, dot, Some(None)),
                _ => {}
            }
        }
    }

    /// `inner` is what the dot is in the body; none where it is what the branch's own expression is.
    fn visit_branch(&mut self, branch: &BranchNode, dot: &KnownPath, inner: Option<KnownPath>) {
        let path = self.visit_pipeline(&branch.pipe, dot);
        self.visit_nodes(&branch.body, &inner.unwrap_or(path));
        self.visit_nodes(&branch.otherwise, dot);
    }

    fn visit_pipeline(&mut self, pipe: &PipelineNode, dot: &KnownPath) -> KnownPath {
        let paths: Vec<KnownPath> =
            pipe.commands.iter().map(|command| self.visit_command(command, dot)).collect();
        let keeps = |command: &CommandNode| function_name(command) == Some("default");
        let path = match pipe.commands.split_first() {
            Some((_, rest)) if rest.iter().all(keeps) => paths.into_iter().next().flatten(),
            _ => None,
        };
        for name in &pipe.variables {
            self.variables.insert(name.clone(), path.clone().filter(|_| pipe.variables.len() == 1));
        }
        path
    }

    fn visit_command(&mut self, command: &CommandNode, dot: &KnownPath) -> KnownPath {
        let paths: Vec<KnownPath> =
            command.operands.iter().map(|operand| self.visit_operand(operand, dot)).collect();
        match (function_name(command), paths.as_slice()) {
            (None, [only]) => only.clone(),
            (Some("default"), [_, _, value]) => value.clone(),
            (Some("index" | "get"), [_, Some(base), ..]) => {
                let mut path = base.clone();
                for operand in &command.operands[2..] {
                    let OperandKind::Text(key) = &operand.kind else { return None };
                    path.push(key.as_str().as_ref().into());
                }
                self.note_path(&path);
                Some(path)
            }
            _ => None,
        }
    }

    fn visit_operand(&mut self, operand: &OperandNode, dot: &KnownPath) -> KnownPath {
        let (base, fields): (KnownPath, &[Rc<str>]) = match &operand.kind {
            OperandKind::Dot => (dot.clone(), &[]),
            OperandKind::Field(fields) => (dot.clone(), fields),
            OperandKind::Variable(name, fields) => (self.variables.get(name).cloned().flatten(), fields),
            OperandKind::Pipeline(pipe) => (self.visit_pipeline(pipe, dot), &[]),
            OperandKind::Chain(inner, fields) => (self.visit_operand(inner, dot), fields),
            _ => return None,
        };
        let mut path = base?;
        path.extend(fields.iter().cloned());
        self.note_path(&path);
        Some(path)
    }

    fn note_path(&mut self, path: &[Rc<str>]) {
        if let Some((first, keys)) = path.split_first()
            && **first == *VALUES_KEY
            && !keys.is_empty()
        {
            let path = keys.join(".");
            if !self.found.contains(&path) {
                self.found.push(path);
            }
        }
    }
}

/// The function that a command calls.
fn function_name(command: &CommandNode) -> Option<&str> {
    match &command.operands.first()?.kind {
        OperandKind::Function(name) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::find_value_paths;

    #[test]
    fn fields_variables_and_dots_are_followed() {
        let text = "{{- $app := .Values.server -}}
            {{ toYaml $app.resources }}{{ with $.Values.web }}{{ .podSecurityContext | toYaml }}{{ else }}{{ .Values.a }}{{ end }}
            {{ (default dict .Values.x).y }}{{ index .Values \"my-db\" \"tls\" }}{{ range .Values.list }}{{ .inner }}{{ end }}
            {{ define \"part\" }}{{ .Values.part.of }}{{ end }}";
        let wanted = [
            "server",
            "server.resources",
            "web",
            "web.podSecurityContext",
            "a",
            "x",
            "x.y",
            "my-db.tls",
            "list",
            "part.of",
        ];
        let mut found = find_value_paths(text);
        found.retain(|path| path != "Values");
        let mut wanted = wanted.map(str::to_owned).to_vec();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted);
        assert!(find_value_paths("{{ if }}").is_empty());
    }
}
