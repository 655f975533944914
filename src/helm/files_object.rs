//! `.Files`: a chart's other files, their bytes with their places.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::chart_source::SourceFile;
use super::glob_pattern::GlobPattern;
use super::origin_files::OriginFiles;
use crate::template::base_encoding::encode_base64;
use crate::template::call_error::CallError;
use crate::template::functions::base_name;
use crate::template::origin_table::OriginTable;
use crate::template::origin_text::OriginText;
use crate::template::template_value::{GoKind, MethodCaller, TemplateObject, TemplateValue};
use crate::template::text_edit::{count_parts, split};
use crate::template::value_collection::{ListType, MapType, ValueList, ValueMap};
use crate::template::yaml_writer::write_yaml;

/// The object of a chart's files.
pub(super) fn files_object(
    sources: &[SourceFile],
    table: &mut OriginTable,
    files: &mut OriginFiles,
) -> TemplateValue {
    let mut own = BTreeMap::new();
    for source in sources {
        let file = files.add(table, &source.disk_path, source.data.clone());
        let (offset, content) = source.content();
        let text = OriginText::from_file(file, u32::try_from(offset).unwrap_or(0), content);
        own.insert(Rc::<str>::from(source.name.as_str()), text);
    }
    let object: Rc<dyn TemplateObject> = Rc::new(FilesObject { files: own, plain: OnceCell::new() });
    object.into()
}

struct FilesObject {
    files: BTreeMap<Rc<str>, OriginText>,
    plain: OnceCell<ValueMap>,
}

impl FilesObject {
    fn get(&self, name: &str) -> OriginText {
        self.files.get(name).cloned().unwrap_or_default()
    }

    fn glob(&self, pattern: &str) -> TemplateValue {
        let pattern = GlobPattern::parse(pattern).or_else(|| GlobPattern::parse("**"));
        let found =
            self.files.iter().filter(|(name, _)| pattern.as_ref().is_some_and(|own| own.matches(name)));
        let files = found.map(|(name, text)| (name.clone(), text.clone())).collect();
        let object: Rc<dyn TemplateObject> = Rc::new(Self { files, plain: OnceCell::new() });
        object.into()
    }

    /// Of a file that is not there none; one that is empty is Go's panic.
    fn lines(&self, caller: &mut dyn MethodCaller, name: &str) -> Result<TemplateValue, CallError> {
        let text = self.get(name);
        if text.is_empty() && self.files.contains_key(name) {
            return Err("runtime error: index out of range [-1]".into());
        }
        let parts = if text.is_empty() {
            Vec::new()
        } else {
            let end = text.len() - usize::from(text.bytes().ends_with(b"\n"));
            caller.charge_values(count_parts(&text, b"\n", None))?;
            split(&text.slice(0..end), b"\n", None)
        };
        let items = parts.into_iter().map(TemplateValue::Text).collect();
        Ok(TemplateValue::List(ValueList::typed(ListType::Strings, items)))
    }

    /// The files as YAML under their last names, as a ConfigMap or a Secret holds them.
    fn as_data(&self, caller: &mut dyn MethodCaller, encoded: bool) -> Result<TemplateValue, CallError> {
        let data = ValueMap::typed(MapType::Strings);
        for (name, text) in &self.files {
            let value = if encoded {
                caller.computed_text(encode_base64(text.bytes()).into(), &[TemplateValue::Text(text.clone())])
            } else {
                text.clone()
            };
            data.insert(&base_name(name), TemplateValue::Text(value));
        }
        let glue = caller.glue();
        Ok(TemplateValue::Text(write_yaml(&TemplateValue::Map(data), glue)?))
    }
}

impl TemplateObject for FilesObject {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn kind(&self) -> GoKind {
        GoKind::Map
    }

    fn field(&self, name: &str) -> Option<TemplateValue> {
        Some(TemplateValue::Bytes(self.get(name)))
    }

    fn has_method(&self, name: &str) -> bool {
        matches!(name, "Get" | "GetBytes" | "Glob" | "Lines" | "AsConfig" | "AsSecrets")
    }

    fn call_method(
        &self,
        caller: &mut dyn MethodCaller,
        name: &str,
        arguments: &[TemplateValue],
    ) -> Option<Result<TemplateValue, CallError>> {
        let argument = match arguments {
            [TemplateValue::Text(text)] => Some(text.as_str().into_owned()),
            _ => None,
        };
        let wrong = || Err(CallError::new(format!("wrong type or number of args for {name}")));
        Some(match (name, argument) {
            ("Get", Some(path)) => Ok(TemplateValue::Text(self.get(&path))),
            ("GetBytes", Some(path)) => Ok(TemplateValue::Bytes(self.get(&path))),
            ("Glob", Some(pattern)) => Ok(self.glob(&pattern)),
            ("Lines", Some(path)) => self.lines(caller, &path),
            ("AsConfig", None) if arguments.is_empty() => self.as_data(caller, false),
            ("AsSecrets", None) if arguments.is_empty() => self.as_data(caller, true),
            _ => wrong(),
        })
    }

    fn to_plain(&self) -> TemplateValue {
        let plain = self.plain.get_or_init(|| {
            let plain = ValueMap::default();
            for (name, text) in &self.files {
                plain.insert(name, TemplateValue::Bytes(text.clone()));
            }
            plain
        });
        TemplateValue::Map(plain.clone())
    }

    fn print(&self) -> String {
        let files = self.files.iter().map(|(name, text)| {
            let bytes: Vec<String> = text.bytes().iter().map(u8::to_string).collect();
            format!("{name}:[{}]", bytes.join(" "))
        });
        format!("map[{}]", files.collect::<Vec<_>>().join(" "))
    }
}
