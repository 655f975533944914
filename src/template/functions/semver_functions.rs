//! `semver` and `semverCompare`.

use std::rc::Rc;

use super::argument_access::text;
use super::semver_constraint::SemverConstraint;
use super::version_number::VersionNumber;
use crate::template::call_error::CallError;
use crate::template::function_spec::{FunctionSpec, ParamType::*};
use crate::template::template_value::{GoKind, IntType, MethodCaller, TemplateObject, TemplateValue};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("semver", &[Text], |_, arguments| {
        let value = text(arguments, 0);
        let version = VersionNumber::parse(&value.as_str()).ok_or("invalid semantic version")?;
        let object: Rc<dyn TemplateObject> = Rc::new(VersionObject(version));
        Ok(object.into())
    }),
    FunctionSpec::new("semverCompare", &[Text, Text], |_, arguments| {
        let (constraint, version) = (text(arguments, 0), text(arguments, 1));
        Ok(TemplateValue::bool(check_constraint(&constraint.as_str(), &version.as_str())?))
    }),
];

/// Whether a version fits a constraint, or why one of them means nothing.
pub fn check_constraint(constraint: &str, version: &str) -> Result<bool, String> {
    let parsed =
        SemverConstraint::parse(constraint).ok_or_else(|| format!("improper constraint: {constraint}"))?;
    let version = VersionNumber::parse(version).ok_or("invalid semantic version")?;
    Ok(parsed.holds(&version))
}

/// Whether a text is a version.
pub fn is_semver(text: &str) -> bool {
    VersionNumber::parse(text).is_some()
}

struct VersionObject(VersionNumber);

impl TemplateObject for VersionObject {
    fn type_name(&self) -> &'static str {
        "*semver.Version"
    }

    fn kind(&self) -> GoKind {
        GoKind::Pointer
    }

    fn field(&self, _: &str) -> Option<TemplateValue> {
        None
    }

    fn has_method(&self, name: &str) -> bool {
        matches!(
            name,
            "Major"
                | "Minor"
                | "Patch"
                | "Prerelease"
                | "Metadata"
                | "Original"
                | "String"
                | "Compare"
                | "Equal"
                | "LessThan"
                | "GreaterThan"
                | "LessThanEqual"
                | "GreaterThanEqual"
                | "IncMajor"
                | "IncMinor"
                | "IncPatch"
        )
    }

    fn call_method(
        &self,
        caller: &mut dyn MethodCaller,
        name: &str,
        arguments: &[TemplateValue],
    ) -> Option<Result<TemplateValue, CallError>> {
        use std::cmp::Ordering;
        let own = &self.0;
        let number = |value: u64| TemplateValue::Int(value as i64, IntType::Uint64, None);
        let bumped = |major: u64, minor: u64, patch: u64| {
            let version = VersionNumber::parse(&format!("{major}.{minor}.{patch}"))?;
            let object: Rc<dyn TemplateObject> = Rc::new(Self(version));
            Some(Ok(TemplateValue::from(object)))
        };
        let order = match arguments {
            [TemplateValue::Object(other)] => {
                VersionNumber::parse(&other.print()).map(|other| own.compare(&other))
            }
            _ => None,
        };
        let compared = |fits: fn(Ordering) -> bool| match order {
            Some(order) => Ok(TemplateValue::bool(fits(order))),
            None => Err(CallError::new("wrong type for value; expected *semver.Version")),
        };
        Some(match name {
            "Major" => Ok(number(own.major)),
            "Minor" => Ok(number(own.minor)),
            "Patch" => Ok(number(own.patch)),
            "Prerelease" => Ok(caller.computed_text(own.prerelease.clone().into(), &[]).into()),
            "Metadata" => Ok(caller.computed_text(own.metadata.clone().into(), &[]).into()),
            "Original" => Ok(caller.computed_text(own.original.clone().into(), &[]).into()),
            "String" => Ok(caller.computed_text(own.text().into(), &[]).into()),
            "Compare" => match order {
                Some(order) => Ok(TemplateValue::int(order as i64)),
                None => Err(CallError::new("wrong type for value; expected *semver.Version")),
            },
            "Equal" => compared(Ordering::is_eq),
            "LessThan" => compared(Ordering::is_lt),
            "GreaterThan" => compared(Ordering::is_gt),
            "LessThanEqual" => compared(Ordering::is_le),
            "GreaterThanEqual" => compared(Ordering::is_ge),
            "IncMajor" => return bumped(own.major + 1, 0, 0),
            "IncMinor" => return bumped(own.major, own.minor + 1, 0),
            "IncPatch" => {
                return bumped(own.major, own.minor, own.patch + u64::from(own.prerelease.is_empty()));
            }
            _ => return None,
        })
    }

    fn to_plain(&self) -> TemplateValue {
        TemplateValue::NIL
    }

    fn print(&self) -> String {
        self.0.text()
    }

    fn to_scalar(&self) -> Option<String> {
        Some(self.print())
    }
}
