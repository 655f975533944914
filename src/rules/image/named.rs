//! The images that a Dockerfile names, and where each would be written anew.

use super::BuildView;
use crate::dockerfile::{Base, Flag, Instruction, Kind, Scope, Stage, Word};
use crate::finding::ImagePlace;
use crate::image::Reference;
use crate::text::Span;

/// An image that a file names, and where.
pub(super) struct Named {
    pub span: Span,
    pub image: Reference,
    pub edit: Edit,
}

/// Where a reference would be written anew.
pub(super) enum Edit {
    /// Where it stands.
    At { instruction: usize, span: Span },
    /// In the default of the argument that it wholly is.
    Default { instruction: usize, span: Span, name: String },
    /// At the end of a text that arguments are part of.
    After { instruction: usize, span: Span },
    /// Nowhere; the reason.
    Withheld(String),
}

impl Edit {
    pub(super) const fn place(&self) -> Option<ImagePlace> {
        match self {
            Self::At { instruction, span }
            | Self::Default { instruction, span, .. }
            | Self::After { instruction, span } => {
                Some(ImagePlace::Build { instruction: *instruction, span: *span })
            }
            Self::Withheld(_) => None,
        }
    }
}

/// All of them, in the order of the file, and whether there are some that cannot be known.
pub(super) fn images(view: BuildView<'_>) -> (Vec<Named>, bool) {
    let mut named = Vec::new();
    let mut open = false;
    let mut take = |text: &str, span, edit| match Reference::parse(text) {
        Ok(image) => named.push(Named { span, image, edit }),
        Err(_) => open = true,
    };
    for stage in &view.file.stages {
        let Some(from) = view.instruction(stage.from) else { continue };
        let Kind::From { image, .. } = &from.kind else { continue };
        match &stage.base {
            Base::Image(name) => take(name, image.span, edit_of(view, stage, from, image)),
            Base::Open(_) => take("", image.span, Edit::Withheld(String::new())),
            Base::Stage(_) | Base::Scratch => {}
        }
    }
    for instruction in &view.file.instructions {
        let flags = instruction.flags.iter();
        for (flag, span) in flags.filter_map(|flag| Some((flag, from_of(view.text, instruction, flag)?))) {
            let part = Flag { value_span: Some(span), ..flag.clone() };
            let value = Scope::at(view.text, view.file, instruction.index).expand_flag(view.text, &part);
            let edit = if value.text == span.of(view.text) {
                Edit::At { instruction: instruction.index, span }
            } else {
                Edit::Withheld("build arguments put the reference together".to_owned())
            };
            match () {
                () if value.open => take("", span, edit),
                () if is_stage(view, &value.text) => {}
                () => take(&value.text, span, edit),
            }
        }
    }
    named.sort_by_key(|named| named.span);
    (named, open)
}

/// Where a `COPY --from=` or a `RUN --mount=from=` names an image or a stage.
fn from_of(text: &str, instruction: &Instruction, flag: &Flag) -> Option<Span> {
    let value = flag.value_span.unwrap_or(flag.span);
    match (&instruction.kind, flag.name.as_str()) {
        (Kind::Copy { .. }, "from") => Some(value),
        (Kind::Run(_), "mount") => {
            // Quoted as CSV is, which nobody does, the fields cannot be told by their commas alone.
            let fields = value.of(text);
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

/// Whether a `from` names a stage, by name or by number; a context of the build cannot be told from an image.
fn is_stage(view: BuildView<'_>, from: &str) -> bool {
    from.parse::<usize>().is_ok()
        || view.file.stages.iter().any(|stage| stage.name.as_deref() == Some(&from.to_ascii_lowercase()))
}

fn edit_of(view: BuildView<'_>, stage: &Stage, from: &Instruction, image: &Word) -> Edit {
    let instruction = from.index;
    if !image.varies {
        return unquoted(view.text, image).map_or_else(
            || withheld("it is quoted in an unusual way"),
            |span| Edit::At { instruction, span },
        );
    }
    let Some(default) = stage.default else {
        return match unquoted(view.text, image) {
            Some(span) if !is_one_variable(&image.text) => Edit::After { instruction, span },
            _ => withheld("the whole reference is an argument without a plain default"),
        };
    };
    let name = image.text.trim_start_matches(['$', '{']).trim_end_matches('}').to_owned();
    if is_part_of_another(view, &name, default) {
        return withheld("its build argument is part of other references too");
    }
    let argument = view.file.instructions.iter().find(|instruction| instruction.span.covers(default));
    argument.map_or_else(
        || withheld("the argument's default is not to be found"),
        |argument| Edit::Default { instruction: argument.index, span: default, name },
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

fn withheld(reason: &str) -> Edit {
    Edit::Withheld(reason.to_owned())
}

/// The span of a word within its quotes, where the text stands there exactly so.
fn unquoted(text: &str, word: &Word) -> Option<Span> {
    let inner = Span::new(word.span.start + 1, word.span.end.max(word.span.start + 2) - 1);
    [word.span, inner].into_iter().find(|span| span.of(text) == word.text)
}

/// Whether a `FROM` or another argument's default makes something longer of the argument, which a digest would break.
fn is_part_of_another(view: BuildView<'_>, name: &str, default: Span) -> bool {
    let uses = |word: &Word| {
        word.varies
            && [format!("${name}"), format!("${{{name}")].iter().any(|use_| {
                word.text.match_indices(use_.as_str()).any(|(at, _)| {
                    let next = word.text[at + use_.len()..].chars().next();
                    !next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_')
                })
            })
    };
    let in_stage = view.file.stages.iter().filter(|stage| stage.default != Some(default)).any(|stage| {
        matches!(view.instruction(stage.from).map(|from| &from.kind), Some(Kind::From { image, .. }) if uses(image))
    });
    let global = view.file.instructions.iter().take_while(|instruction| instruction.stage.is_none());
    let in_argument = global.into_iter().any(|instruction| match &instruction.kind {
        Kind::Arg(arguments) => arguments.iter().any(|(_, value)| value.as_ref().is_some_and(uses)),
        _ => false,
    });
    in_stage || in_argument
}
