//! What a Chart.yaml says, as far as loading and dependencies need it.

use crate::template::functions::is_semver;
use crate::template::go_quote::is_go_printable;
use crate::template::origin_table::FileId;
use crate::template::origin_text::OriginText;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::ValueMap;
use crate::template::yaml_reader::read_yaml;

/// A dependency as it is declared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartDependency {
    pub name: String,
    pub version: String,
    pub repository: String,
    pub condition: String,
    pub tags: Vec<String>,
    pub alias: String,
    pub import_values: Vec<ImportedValues>,
}

/// Values of a child that a parent takes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedValues {
    pub child: String,
    pub parent: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartMetadata {
    pub api_version: String,
    pub name: String,
    pub version: String,
    pub kube_version: String,
    pub chart_type: String,
    /// None where nothing is declared at all.
    pub dependencies: Option<Vec<ChartDependency>>,
}

/// The map of a document, or why it is none.
pub(super) fn read_map(data: &[u8]) -> Result<ValueMap, String> {
    let mut table = crate::template::origin_table::OriginTable::default();
    let file: FileId = table.add_file("");
    let text = OriginText::from_file(file, 0, data);
    match read_yaml(&text, None).map_err(|error| error.message)? {
        TemplateValue::Map(map) => Ok(map),
        TemplateValue::Nil(_) => Ok(ValueMap::default()),
        _ => Err("error unmarshaling JSON: cannot unmarshal into a chart's metadata".to_owned()),
    }
}

/// A scalar as a string, as Helm reads Chart.yaml; a list or map is refused.
pub(super) fn scalar_string(value: &TemplateValue, key: &str) -> Result<String, String> {
    use crate::template::go_number::format_float;
    Ok(match value {
        TemplateValue::Nil(_) => String::new(),
        TemplateValue::Text(text) => text.as_str().into_owned(),
        TemplateValue::Bool(flag, _) => flag.to_string(),
        TemplateValue::Float(number, _) if number.fract() == 0.0 && number.abs() < 9e15 => {
            format!("{number:.0}")
        }
        TemplateValue::Float(number, _) => format_float(*number),
        TemplateValue::Int(number, ..) => number.to_string(),
        _ => return Err(format!("cannot unmarshal {key} into a string")),
    })
}

/// A text as Helm keeps it of a Chart.yaml: white space is a blank, and what does not print is left out.
pub(super) fn printable_line(text: &str) -> String {
    let blank = |char: char| if char.is_whitespace() { ' ' } else { char };
    text.chars().map(blank).filter(|char| is_go_printable(*char)).collect()
}

fn line_field(map: &ValueMap, key: &str) -> Result<String, String> {
    string_field(map, key).map(|text| printable_line(&text))
}

fn string_field(map: &ValueMap, key: &str) -> Result<String, String> {
    map.get(key).map_or_else(|| Ok(String::new()), |value| scalar_string(&value, key))
}

fn list_field(map: &ValueMap, key: &str) -> Result<Option<Vec<TemplateValue>>, String> {
    match map.get(key) {
        None | Some(TemplateValue::Nil(_)) => Ok(None),
        Some(TemplateValue::List(list)) => Ok(Some(list.items().to_vec())),
        Some(_) => Err(format!("cannot unmarshal {key} into a list")),
    }
}

impl ChartMetadata {
    pub fn parse(data: &[u8]) -> Result<Self, String> {
        let map = read_map(data)?;
        let mut metadata = Self {
            api_version: string_field(&map, "apiVersion")?,
            name: line_field(&map, "name")?,
            version: string_field(&map, "version")?,
            kube_version: line_field(&map, "kubeVersion")?,
            chart_type: string_field(&map, "type")?,
            dependencies: read_dependencies(&map)?,
        };
        for key in ["keywords", "sources"] {
            list_field(&map, key)?;
        }
        if list_field(&map, "maintainers")?.is_some_and(|people| people.iter().any(TemplateValue::is_nil)) {
            return Err("validation: maintainers must not contain empty or null nodes".to_owned());
        }
        if metadata.api_version.is_empty() {
            "v1".clone_into(&mut metadata.api_version);
        }
        Ok(metadata)
    }

    /// Takes over what a requirements.yaml declares.
    pub fn add_requirements(&mut self, data: &[u8]) -> Result<(), String> {
        if let Some(dependencies) = read_dependencies(&read_map(data)?)? {
            self.dependencies = Some(dependencies);
        }
        Ok(())
    }

    /// Helm's checks on loading.
    pub fn validate(&self) -> Result<(), String> {
        if self.name.is_empty() {
            return Err("validation: chart.metadata.name is required".to_owned());
        }
        if self.name.contains('/') || self.name == "." || self.name == ".." {
            return Err(format!("validation: chart.metadata.name {:?} is invalid", self.name));
        }
        if self.version.is_empty() {
            return Err("validation: chart.metadata.version is required".to_owned());
        }
        if !is_semver(&self.version) {
            return Err(format!("validation: chart.metadata.version {:?} is invalid", self.version));
        }
        if !matches!(self.chart_type.as_str(), "" | "application" | "library") {
            return Err("validation: chart.metadata.type must be application or library".to_owned());
        }
        let dependencies = self.dependencies.as_deref().unwrap_or_default();
        for (index, dependency) in dependencies.iter().enumerate() {
            let letters = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
            if !dependency.alias.chars().all(letters) {
                return Err(format!(
                    "validation: dependency {:?} has disallowed characters in the alias",
                    dependency.name
                ));
            }
            let key = dependency.own_name();
            if dependencies[..index].iter().any(|other| other.own_name() == key) {
                return Err(format!("validation: more than one dependency with name or alias {key:?}"));
            }
        }
        Ok(())
    }
}

impl ChartDependency {
    /// The alias, or the name where there is none.
    pub fn own_name(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }
}

fn read_dependencies(map: &ValueMap) -> Result<Option<Vec<ChartDependency>>, String> {
    let Some(items) = list_field(map, "dependencies")? else { return Ok(None) };
    let mut dependencies = Vec::new();
    for item in items {
        let TemplateValue::Map(item) = item else {
            return Err("validation: dependencies must not contain empty or null nodes".to_owned());
        };
        let tags = list_field(&item, "tags")?.unwrap_or_default();
        let tags = tags.iter().map(|tag| scalar_string(tag, "tags")).collect::<Result<_, _>>()?;
        let imports = list_field(&item, "import-values")?.unwrap_or_default();
        dependencies.push(ChartDependency {
            name: line_field(&item, "name")?,
            version: line_field(&item, "version")?,
            repository: line_field(&item, "repository")?,
            condition: line_field(&item, "condition")?,
            tags,
            alias: string_field(&item, "alias")?,
            import_values: imports.iter().filter_map(read_import).collect(),
        });
    }
    Ok(Some(dependencies))
}

fn read_import(value: &TemplateValue) -> Option<ImportedValues> {
    match value {
        TemplateValue::Text(name) => {
            Some(ImportedValues { child: format!("exports.{}", name.as_str()), parent: ".".to_owned() })
        }
        TemplateValue::Map(map) => {
            let part = |key: &str| map.get(key).and_then(|value| scalar_string(&value, key).ok());
            Some(ImportedValues { child: part("child")?, parent: part("parent")? })
        }
        _ => None,
    }
}
