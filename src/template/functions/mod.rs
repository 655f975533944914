//! The functions that templates may call: Go's own, sprig's and Helm's.

mod argument_access;
mod builtin_functions;
mod case_functions;
mod certificate_functions;
mod certificate_pair;
mod certificate_shape;
mod crypto_functions;
mod data_functions;
mod date_functions;
mod date_layout;
mod decimal_number;
mod default_functions;
mod dict_functions;
mod encode_functions;
mod helm_functions;
mod list_functions;
mod list_order;
mod math_functions;
mod merge_functions;
mod number_convert;
mod path_functions;
mod random_functions;
mod regex_functions;
mod regex_pattern;
mod semver_constraint;
mod semver_functions;
mod split_functions;
mod text_functions;
mod type_functions;
mod url_functions;
mod version_number;
mod wrap_functions;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::function_spec::FunctionSpec;

pub(crate) use path_functions::{base_name, clean_path};
pub use semver_functions::{check_constraint, is_semver};

const TABLES: &[&[FunctionSpec]] = &[
    builtin_functions::FUNCTIONS,
    case_functions::FUNCTIONS,
    certificate_functions::FUNCTIONS,
    crypto_functions::FUNCTIONS,
    data_functions::FUNCTIONS,
    date_functions::FUNCTIONS,
    default_functions::FUNCTIONS,
    dict_functions::FUNCTIONS,
    encode_functions::FUNCTIONS,
    helm_functions::FUNCTIONS,
    list_functions::FUNCTIONS,
    list_order::FUNCTIONS,
    math_functions::FUNCTIONS,
    merge_functions::FUNCTIONS,
    number_convert::FUNCTIONS,
    path_functions::FUNCTIONS,
    random_functions::FUNCTIONS,
    regex_functions::FUNCTIONS,
    semver_functions::FUNCTIONS,
    split_functions::FUNCTIONS,
    text_functions::FUNCTIONS,
    type_functions::FUNCTIONS,
    url_functions::FUNCTIONS,
    wrap_functions::FUNCTIONS,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static FunctionSpec>> =
    LazyLock::new(|| TABLES.iter().flat_map(|table| table.iter()).map(|spec| (spec.name, spec)).collect());

pub fn find_function(name: &str) -> Option<&'static FunctionSpec> {
    BY_NAME.get(name).copied()
}

/// All names, sorted.
pub fn function_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = BY_NAME.keys().copied().collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_function_stands_in_two_tables() {
        assert_eq!(function_names().len(), TABLES.iter().map(|table| table.len()).sum::<usize>());
    }
}
