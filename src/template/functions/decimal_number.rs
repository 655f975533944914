//! Arithmetic on decimal digits, so that 0.1 + 0.2 is 0.3 as it is in sprig.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecimalOperation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// How many digits a quotient has behind the point.
const DIVISION_DIGITS: u32 = 16;

/// The result; none for a division by zero. Where the digits do not suffice, the machine's own arithmetic.
pub(super) fn apply_decimal(operation: DecimalOperation, one: f64, other: f64) -> Option<f64> {
    if operation == DecimalOperation::Divide && other == 0.0 {
        return None;
    }
    Some(apply_exact(operation, one, other).unwrap_or(match operation {
        DecimalOperation::Add => one + other,
        DecimalOperation::Subtract => one - other,
        DecimalOperation::Multiply => one * other,
        DecimalOperation::Divide => one / other,
    }))
}

/// A number as digits and how many of them stand behind the point.
fn digits_of(value: f64) -> Option<(i128, u32)> {
    let text = format!("{value}");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if part.len() > 24 || whole.len() > 24 {
        return None;
    }
    let digits = format!("{whole}{part}").parse::<i128>().ok()?;
    Some((digits, u32::try_from(part.len()).ok()?))
}

fn apply_exact(operation: DecimalOperation, one: f64, other: f64) -> Option<f64> {
    let ((a, a_scale), (b, b_scale)) = (digits_of(one)?, digits_of(other)?);
    let power = |scale: u32| 10_i128.checked_pow(scale);
    let (digits, scale) = match operation {
        DecimalOperation::Multiply => (a.checked_mul(b)?, a_scale + b_scale),
        DecimalOperation::Divide => {
            // a / b with digits behind the point, the last one rounded.
            let shift = DIVISION_DIGITS + b_scale;
            let (numerator, denominator) = (a.checked_mul(power(shift)?)?, b.checked_mul(power(a_scale)?)?);
            let quotient = numerator / denominator;
            let rest = (numerator % denominator).checked_mul(2)?;
            let up = i128::from(rest.unsigned_abs() >= denominator.unsigned_abs());
            let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
            (quotient + sign * up, DIVISION_DIGITS)
        }
        _ => {
            let scale = a_scale.max(b_scale);
            let a = a.checked_mul(power(scale - a_scale)?)?;
            let b = b.checked_mul(power(scale - b_scale)?)?;
            let sum = if operation == DecimalOperation::Add { a.checked_add(b)? } else { a.checked_sub(b)? };
            (sum, scale)
        }
    };
    format!("{digits}e-{scale}").parse::<f64>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_add_up() {
        assert_eq!(apply_decimal(DecimalOperation::Add, 0.1, 0.2), Some(0.3));
        assert_eq!(apply_decimal(DecimalOperation::Multiply, 1.1, 1.1), Some(1.21));
        assert_eq!(apply_decimal(DecimalOperation::Divide, 1.0, 3.0), Some(0.333_333_333_333_333_3));
        assert_eq!(apply_decimal(DecimalOperation::Divide, 1.0, 0.0), None);
    }
}
