//! Detects secrets by their own form for rules, and masks what is shown of them.

use super::possible_secret::holds_url_password;
use super::secret_forms::{has_private_key, holds_bearer, holds_token, may_hold_token};

/// True when a value is a secret by its form, or holds one among other text.
pub(super) fn is_secret_value(value: &str) -> bool {
    holds_bearer(value)
        || holds_url_password(value)
        || (may_hold_token(value) && (has_private_key(value) || holds_token(value)))
}

/// A secret as it may be shown: its first two characters and `…`.
pub(super) fn mask_secret(value: &str) -> String {
    value.trim().chars().take(2).chain(['…']).collect()
}
