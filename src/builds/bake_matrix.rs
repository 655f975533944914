//! Makes of a target of bake that has a `matrix` one target for each combination of its values.

use std::collections::HashMap;

use super::bake_file::BakeTarget;
use super::build_yaml::BuildNode;
use super::placeholders::expand_placeholders;

/// The most targets that one matrix makes.
const MAX_COMBINATIONS: usize = 128;

/// The values of one combination, by the names that expressions have for them: `tgt`, or `item.tgt` of an object.
type CombinationValues = HashMap<String, String>;

/// The axes of a matrix in their order, each with its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BakeMatrix(Vec<Vec<CombinationValues>>);

impl BakeMatrix {
    /// Reads `{ name = ["a", "b"], … }`, as it is written in HCL. None where an axis is no list of plain values.
    pub(super) fn from_hcl(text: &str) -> Option<Self> {
        let mut reader = HclReader { rest: text };
        reader.take("{")?;
        let mut axes = Vec::new();
        while reader.take("}").is_none() {
            let name = reader.name()?;
            reader.take("=").or_else(|| reader.take(":"))?;
            reader.take("[")?;
            let mut values = Vec::new();
            while reader.take("]").is_none() {
                values.push(reader.values_of(&name)?);
                reader.take(",");
            }
            axes.push(values);
            reader.take(",");
        }
        Some(Self(axes))
    }

    /// The matrix of a target in JSON.
    pub(super) fn from_json(matrix: BuildNode<'_>) -> Self {
        let value_of = |name: &str, value: BuildNode<'_>| -> CombinationValues {
            let inner = value
                .entries()
                .filter_map(|(key, value)| Some((format!("{name}.{key}"), value.text()?.to_owned())));
            let own = value.text().map(|text| (name.to_owned(), text.to_owned()));
            inner.chain(own).collect()
        };
        let axis = |(name, values): (&str, BuildNode<'_>)| {
            values.items().map(|value| value_of(name, value)).collect()
        };
        Self(matrix.entries().map(axis).collect())
    }

    fn combinations(&self) -> Vec<CombinationValues> {
        let mut all = vec![CombinationValues::new()];
        for axis in &self.0 {
            let pairs = all.iter().flat_map(|one| axis.iter().map(move |own| (one, own)));
            let joined = pairs.map(|(one, own)| one.clone().into_iter().chain(own.clone()).collect());
            all = joined.take(MAX_COMBINATIONS).collect();
        }
        all
    }

    /// The targets that a target stands for, each with its name: the attribute `name` says how they are called.
    pub(super) fn expand_target(&self, name: &str, target: &BakeTarget) -> Vec<(String, BakeTarget)> {
        let expanded = self.combinations().into_iter().map(|values| {
            let fill = |text: &String| fill_values(text, &values);
            let own =
                target.values.iter().map(|(key, texts)| (key.clone(), texts.iter().map(fill).collect()));
            let own = BakeTarget { line: target.line, values: own.collect() };
            let called = own.values.get("name").and_then(|texts| texts.first());
            (called.cloned().unwrap_or_else(|| name.to_owned()), own)
        });
        expanded.collect()
    }
}

/// A text with the values of a combination in the place of their names.
fn fill_values(text: &str, values: &CombinationValues) -> String {
    expand_placeholders(text, ["${", "}"], |name, whole| {
        values.get(name.trim()).map_or_else(|| whole.to_owned(), String::clone)
    })
}

/// What of a matrix is still to be read.
struct HclReader<'t> {
    rest: &'t str,
}

impl HclReader<'_> {
    /// Steps over blanks and comments.
    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('#') && !self.rest.starts_with("//") {
                return;
            }
            self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
    }

    fn take(&mut self, sign: &str) -> Option<()> {
        self.skip_blanks();
        self.rest = self.rest.strip_prefix(sign)?;
        Some(())
    }

    /// A key, with quotes or without.
    fn name(&mut self) -> Option<String> {
        self.skip_blanks();
        if self.rest.starts_with('"') {
            return self.text();
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let length = self.rest.find(|c: char| !is_part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(length);
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// A text in double quotes.
    fn text(&mut self) -> Option<String> {
        self.take("\"")?;
        let (text, rest) = self.rest.split_once('"').filter(|(text, _)| !text.ends_with('\\'))?;
        self.rest = rest;
        Some(text.to_owned())
    }

    /// One value of an axis: a text or a number, or an object of these.
    fn values_of(&mut self, axis: &str) -> Option<CombinationValues> {
        if self.take("{").is_none() {
            return Some(CombinationValues::from([(axis.to_owned(), self.name()?)]));
        }
        let mut values = CombinationValues::new();
        while self.take("}").is_none() {
            let key = self.name()?;
            self.take("=").or_else(|| self.take(":"))?;
            values.insert(format!("{axis}.{key}"), self.name()?);
            self.take(",");
        }
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::BakeMatrix;

    #[test]
    fn all_combinations_are_made_of_lists_and_objects() {
        let matrix = "{\n # a\n os = [\"a\", \"b\"],\n item = [{ n = \"x\", \"v\" : 1 }, { n = \"y\" }]\n}";
        let all = BakeMatrix::from_hcl(matrix).expect("it is a matrix").combinations();
        let names: Vec<String> = all.iter().map(|one| format!("{}{}", one["os"], one["item.n"])).collect();
        assert_eq!(names, ["ax", "ay", "bx", "by"]);
        assert_eq!(all[0]["item.v"], "1");
        assert_eq!(BakeMatrix::from_hcl("{ os = oses }"), None);
        assert_eq!(BakeMatrix::from_hcl("{ os = [\"a\""), None);
    }
}
