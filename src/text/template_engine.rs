//! Names the template engine that a text is written for, so that it is never taken for what it becomes.

use memchr::memmem;

/// An engine whose templates are no manifests and no Dockerfiles before they are rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateEngine {
    Helm,
    GoTemplate,
    Gomplate,
    Mustache,
    Jinja,
    Kapitan,
    Erb,
    Ytt,
    Terraform,
    /// `${{ … }}`, which pipelines and scaffolders fill in.
    DollarBraces,
}

/// The beginnings of what ytt reads in comments (Carvel ytt, "Syntax").
const YTT_MODULES: [&str; 5] = ["data/", "overlay/", "schema/", "library/", "yaml/"];
const YTT_STATEMENTS: [&str; 11] =
    ["load(", "if ", "if/end ", "for ", "for/end ", "def ", "end", "else", "elif ", "return ", "assert."];

/// The beginnings of kapitan's references to secrets (kapitan, "References").
const KAPITAN_REFERENCES: [&str; 9] = [
    "?{gpg:",
    "?{gkms:",
    "?{awskms:",
    "?{azkms:",
    "?{vaultkv:",
    "?{vaulttransit:",
    "?{base64:",
    "?{plain:",
    "?{env:",
];

/// Words that only Helm's templates know.
const HELM_WORDS: [&str; 6] = [".Values", ".Release", ".Chart", ".Capabilities", "include \"", ".Files."];

/// Words that only gomplate's templates know (gomplate, "Functions").
const GOMPLATE_WORDS: [&str; 7] =
    ["(ds \"", "datasource ", "(datasource", "getenv \"", ".Env.", "env.Getenv", "gomplate"];

/// Words with which an action of Go's templates begins (text/template, "Actions").
const GO_WORDS: [&str; 10] =
    [".", "$", "if ", "range ", "with ", "end", "else", "define ", "template ", "/*"];

impl TemplateEngine {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Helm => "Helm template",
            Self::GoTemplate => "Go template",
            Self::Gomplate => "gomplate template",
            Self::Mustache => "Mustache template",
            Self::Jinja => "Jinja template",
            Self::Kapitan => "kapitan template",
            Self::Erb => "ERB template",
            Self::Ytt => "ytt template",
            Self::Terraform => "Terraform template",
            Self::DollarBraces => "`${{ }}` template",
        }
    }

    /// The engine that a text is written for which is a template; none where nothing in it is an action.
    #[must_use]
    pub fn of_template(text: &str) -> Option<Self> {
        let has = |sign: &str| memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
        let has_any = |signs: &[&str]| signs.iter().any(|sign| has(sign));
        Some(match () {
            () if is_ytt(text) => Self::Ytt,
            () if has("<%") => Self::Erb,
            () if has("inventory.parameters") || has_any(&KAPITAN_REFERENCES) => Self::Kapitan,
            () if has("{%") => Self::Jinja,
            () if has_any(&["%{ ", "%{if ", "%{for ", "%{~"]) => Self::Terraform,
            () if has_any(&["{{#", "{{/", "{{^", "{{{", "{{>", "{{!"]) && !has("{{/*") => Self::Mustache,
            () if has("${{") => Self::DollarBraces,
            () if !has("{{") => return None,
            () if has_any(&HELM_WORDS) => Self::Helm,
            () if has_any(&GOMPLATE_WORDS) => Self::Gomplate,
            () if actions_of(text).any(begins_as_go_action) => Self::GoTemplate,
            () => Self::Jinja,
        })
    }

    /// The engine whose values stand within a scalar as text: a reader of YAML takes them for words.
    #[must_use]
    pub fn of_scalar(text: &str) -> Option<Self> {
        match () {
            () if text.split_once("<%").is_some_and(|(_, after)| after.contains("%>")) => Some(Self::Erb),
            () if text.contains("${{") => Some(Self::DollarBraces),
            () if KAPITAN_REFERENCES.iter().any(|sign| text.contains(sign)) => Some(Self::Kapitan),
            () => None,
        }
    }

    /// True where [`Self::of_scalar`] may find something in any of a text's scalars.
    #[must_use]
    pub fn may_stand_in_scalars(text: &str) -> bool {
        ["<%", "${{", "?{"].iter().any(|sign| memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
    }
}

/// True where comments hold ytt's statements or values.
#[must_use]
pub fn is_ytt(text: &str) -> bool {
    memmem::find_iter(text.as_bytes(), "#@").any(|at| {
        let line_before = text[..at].rsplit('\n').next().unwrap_or_default().trim_end();
        let after = &text[at + 2..];
        let leads = line_before.is_empty();
        let is_module = YTT_MODULES.iter().any(|word| after.starts_with(word));
        let statement = after.strip_prefix(' ').unwrap_or(after);
        let is_statement = leads && YTT_STATEMENTS.iter().any(|word| is_word_at(statement, word));
        let is_value = after.starts_with(' ') && (line_before.ends_with(':') || line_before.trim() == "-");
        (leads && is_module) || is_statement || is_value
    })
}

/// True where a text begins with a word, and the word ends there.
fn is_word_at(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word);
    rest.is_some_and(|rest| {
        !word.ends_with(char::is_alphanumeric) || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

/// The texts of actions in double braces, without the dash that trims.
fn actions_of(text: &str) -> impl Iterator<Item = &str> {
    memmem::find_iter(text.as_bytes(), "{{").map(|at| text[at + 2..].trim_start_matches('-').trim_start())
}

fn begins_as_go_action(action: &str) -> bool {
    let whole = action.split("}}").next().unwrap_or_default();
    GO_WORDS.iter().any(|word| action.starts_with(word)) || whole.contains(" .")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engine_is_told_by_its_own_signs() {
        let engine = |text| TemplateEngine::of_template(text).map(TemplateEngine::name);
        for (text, name) in [
            ("image: {{ .Values.image }}", "Helm template"),
            ("{{- range .items }}\n- {{ . }}\n{{- end }}", "Go template"),
            ("tag: {{ (ds \"versions\").tag }}", "gomplate template"),
            ("{{#each}}\na: b\n{{/each}}", "Mustache template"),
            ("{% if debug %}\na: b\n{% endif %}", "Jinja template"),
            ("name: {{ name }}", "Jinja template"),
            ("{% set p = inventory.parameters %}\na: {{ p.a }}", "kapitan template"),
            ("<% if x %>\na: <%= x %>\n<% end %>", "ERB template"),
            ("#@ load(\"@ytt:data\", \"data\")\na: #@ data.values.a", "ytt template"),
            ("%{ if x }\na: ${x}\n%{ endif }", "Terraform template"),
            ("image: ${{ values.image }}", "`${{ }}` template"),
        ] {
            assert_eq!(engine(text), Some(name), "{text}");
        }
        assert_eq!(engine("a: b\n"), None);
    }

    #[test]
    fn a_comment_is_no_statement_of_ytt() {
        for text in ["a: b #@todo", "#@author me", "#@ somebody", "#@endless", "a: \"b #@ c\""] {
            assert!(!is_ytt(text), "{text}");
        }
        for text in
            ["#@ end", "  #@if/end x", "- #@ item", "#@data/values", "a: #@ f()", "#@overlay/match by=\"x\""]
        {
            assert!(is_ytt(text), "{text}");
        }
    }
}
