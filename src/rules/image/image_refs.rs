//! Finds the images that a Dockerfile names, and the place where a fix would write each anew, for rules.

use std::collections::HashSet;

use super::super::DockerfileView;
use crate::dockerfile::{
    BuildStage, Instruction, InstructionFlag, InstructionKind, SpannedWord, StageBase, VariableScope,
};
use crate::finding::ImageEditPlace;
use crate::image::Reference;
use crate::text::Span;

/// An image that a file names, and where.
pub(super) struct ImageRef {
    pub span: Span,
    pub image: Reference,
    pub edit: ImageRefEdit,
}

/// The place where a reference would be written anew.
pub(super) enum ImageRefEdit {
    /// In the place where it stands.
    InPlace { instruction: usize, span: Span },
    /// In the default of the argument that it wholly is.
    ArgumentDefault { instruction: usize, span: Span, name: String },
    /// At the end of a text that arguments are part of.
    AtEnd { instruction: usize, span: Span },
    /// Nowhere; the reason.
    Withheld(String),
}

impl ImageRefEdit {
    pub(super) const fn edit_place(&self) -> Option<ImageEditPlace> {
        match self {
            Self::InPlace { instruction, span }
            | Self::ArgumentDefault { instruction, span, .. }
            | Self::AtEnd { instruction, span } => {
                Some(ImageEditPlace::Dockerfile { instruction: *instruction, span: *span })
            }
            Self::Withheld(_) => None,
        }
    }
}

/// All of them, in the order of the file, and whether there are some that cannot be known.
pub(super) fn find_image_refs(view: DockerfileView<'_>) -> (Vec<ImageRef>, bool) {
    let mut named = Vec::new();
    let mut open = false;
    let mut take = |text: &str, span, edit| match Reference::parse(text) {
        Ok(image) => named.push(ImageRef { span, image, edit }),
        Err(_) => open = true,
    };
    for stage in &view.file.stages {
        let Some(from) = view.instruction_at(stage.from_index) else { continue };
        let InstructionKind::From { image, .. } = &from.kind else { continue };
        match &stage.base {
            StageBase::Image(name) => take(name, image.span, plan_edit(view, stage, from, image)),
            StageBase::Unresolved(_) => take("", image.span, ImageRefEdit::Withheld(String::new())),
            StageBase::Stage(_) | StageBase::Scratch => {}
        }
    }
    let stages: HashSet<&str> = view.file.stages.iter().filter_map(|stage| stage.name.as_deref()).collect();
    for instruction in view.file.instructions_with_onbuild() {
        let flags = instruction.flags.iter();
        for (flag, span) in
            flags.filter_map(|flag| Some((flag, from_value_span(view.text, instruction, flag)?)))
        {
            let part = InstructionFlag { value_span: Some(span), ..flag.clone() };
            let value = VariableScope::at_instruction(view.text, view.file, instruction.index)
                .expand_flag(view.text, &part);
            let edit = if value.text == span.slice(view.text) {
                ImageRefEdit::InPlace { instruction: instruction.index, span }
            } else {
                ImageRefEdit::Withheld("build arguments put the reference together".to_owned())
            };
            match () {
                () if value.unresolved => take("", span, edit),
                () if names_stage(&stages, &value.text) => {}
                () => take(&value.text, span, edit),
            }
        }
    }
    named.sort_by_key(|named| named.span);
    (named, open)
}

/// The span of an image's or a stage's name in a `COPY --from=` or a `RUN --mount=from=`.
fn from_value_span(text: &str, instruction: &Instruction, flag: &InstructionFlag) -> Option<Span> {
    let value = flag.value_span.unwrap_or(flag.span);
    match (&instruction.kind, flag.name.as_str()) {
        (InstructionKind::Copy { .. }, "from") => Some(value),
        (InstructionKind::Run(_), "mount") => {
            // Quoted as CSV is, which nobody does, the fields cannot be split by their commas alone.
            let fields = value.slice(text);
            let mut at = value.start;
            for field in fields.split(',').take_while(|_| !fields.contains('"')) {
                if field.get(..5).is_some_and(|key| key.eq_ignore_ascii_case("from=")) {
                    return Some(Span::new(at + 5, at + field.len()));
                }
                at += field.len() + 1;
            }
            None
        }
        _ => None,
    }
}

/// True when a `from` names a stage, by name or by number; a context of the build cannot be told from an image.
fn names_stage(stages: &HashSet<&str>, from: &str) -> bool {
    from.parse::<usize>().is_ok() || stages.contains(from.to_ascii_lowercase().as_str())
}

fn plan_edit(
    view: DockerfileView<'_>,
    stage: &BuildStage,
    from: &Instruction,
    image: &SpannedWord,
) -> ImageRefEdit {
    let instruction = from.index;
    if !image.has_variables {
        return unquoted_span(view.text, image).map_or_else(
            || withhold_edit("it is quoted in an unusual way"),
            |span| ImageRefEdit::InPlace { instruction, span },
        );
    }
    let Some(default) = stage.argument_default else {
        return match unquoted_span(view.text, image) {
            Some(span) if !is_one_variable(&image.text) => ImageRefEdit::AtEnd { instruction, span },
            _ => withhold_edit("the whole reference is an argument without a plain default"),
        };
    };
    let name = image.text.trim_start_matches(['$', '{']).trim_end_matches('}').to_owned();
    if is_part_of_another(view, &name, default) {
        return withhold_edit("its build argument is part of other references too");
    }
    let argument = view.file.instructions.iter().find(|instruction| instruction.span.covers(default));
    argument.map_or_else(
        || withhold_edit("the argument's default is not to be found"),
        |argument| ImageRefEdit::ArgumentDefault { instruction: argument.index, span: default, name },
    )
}

/// `$NAME` or `${NAME…}`, and nothing around it.
fn is_one_variable(text: &str) -> bool {
    let Some(name) = text.strip_prefix('$') else { return false };
    match name.strip_prefix('{') {
        Some(braced) => braced.find('}') == Some(braced.len() - 1),
        None => name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
    }
}

fn withhold_edit(reason: &str) -> ImageRefEdit {
    ImageRefEdit::Withheld(reason.to_owned())
}

/// The span of a word within its quotes, where the text stands there exactly so.
fn unquoted_span(text: &str, word: &SpannedWord) -> Option<Span> {
    let inner = Span::new(word.span.start + 1, word.span.end.max(word.span.start + 2) - 1);
    [word.span, inner].into_iter().find(|span| span.slice(text) == word.text)
}

/// True when a `FROM` or another argument's default makes something longer of the argument, which a digest would break.
fn is_part_of_another(view: DockerfileView<'_>, name: &str, default: Span) -> bool {
    let uses = |word: &SpannedWord| {
        word.has_variables
            && [format!("${name}"), format!("${{{name}")].iter().any(|use_| {
                word.text.match_indices(use_.as_str()).any(|(at, _)| {
                    let next = word.text[at + use_.len()..].chars().next();
                    !next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_')
                })
            })
    };
    let in_stage = view.file.stages.iter().filter(|stage| stage.argument_default != Some(default)).any(|stage| {
        matches!(view.instruction_at(stage.from_index).map(|from| &from.kind), Some(InstructionKind::From { image, .. }) if uses(image))
    });
    let global = view.file.instructions.iter().take_while(|instruction| instruction.stage.is_none());
    let in_argument = global.into_iter().any(|instruction| match &instruction.kind {
        InstructionKind::Arg(arguments) => {
            arguments.iter().any(|(_, value)| value.as_ref().is_some_and(uses))
        }
        _ => false,
    });
    in_stage || in_argument
}
