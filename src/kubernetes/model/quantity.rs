//! Reads an amount of a resource, such as `500m` or `64Mi`, for rules that compare it.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use serde_yaml::Value;

/// An amount as it is written, a number or a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity(String);

/// The suffixes of the API's quantities and what they stand for, the longer ones first.
const SUFFIXES: [(&str, f64); 15] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
];

impl Quantity {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The amount in the resource's own unit: cores, or bytes. None where the API server would refuse it.
    #[must_use]
    pub fn amount(&self) -> Option<f64> {
        let suffix =
            SUFFIXES.iter().find_map(|(suffix, factor)| Some((self.0.strip_suffix(suffix)?, *factor)));
        let (digits, factor) = suffix.unwrap_or((&self.0, 1.0));
        // Go knows neither `inf` nor `nan` here.
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
        let number: f64 = digits.parse().ok().filter(|_| plain)?;
        Some(number * factor)
    }
}

impl From<&str> for Quantity {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            _ => Err(de::Error::custom("a quantity is a string or a number")),
        }
    }
}
