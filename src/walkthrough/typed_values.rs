//! Checks what a person types in place of a default, and remarks on it meanwhile, for the walkthrough and prompts.

use crate::fix::PlanValueKind;
use crate::image::{ImageDigest, Reference, ReferenceError, TagKind, host};
use crate::kubernetes::model::Quantity;
use crate::settings::{ImagePin, ResourceDefaults};

/// The remark on a value while it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueRemark {
    Good(String),
    /// It may be taken, with a warning.
    Doubt(String),
    /// It cannot be taken; the reason.
    Refused(String),
}

/// The uid and gid of `nonroot`, the account that images without a shell bring.
const NONROOT_ID: u32 = 65_532;
/// Folders that the kernel fills itself.
const KERNEL_FOLDERS: [&str; 3] = ["/proc", "/sys", "/dev"];

/// A value as it is typed.
pub struct TypedValue<'a> {
    pub kind: PlanValueKind,
    pub text: &'a str,
    /// What is taken in any case: the default, which would be written without a word, and what was suggested.
    pub taken: Vec<&'a str>,
    /// The values of others here, with the name of each.
    pub used: &'a [(String, String)],
    /// The image that a tag or a digest is of.
    pub image: Option<&'a Reference>,
}

/// The remark on a value while it is typed; none where there is nothing to say.
#[must_use]
pub fn remark_on_value(typed: &TypedValue<'_>) -> Option<ValueRemark> {
    let text = typed.text;
    if typed.taken.first() == Some(&text) {
        // A default that is known of the image needs no other remark.
        let is_uid = typed.kind == PlanValueKind::Uid;
        return is_uid.then(|| remark_on_id(typed)).filter(|remark| matches!(remark, ValueRemark::Good(_)));
    }
    let refused = |error: Option<String>| error.map(ValueRemark::Refused);
    match typed.kind {
        PlanValueKind::Uid | PlanValueKind::Gid => Some(remark_on_id(typed)),
        PlanValueKind::Path if text.is_empty() => {
            Some(ValueRemark::Doubt("left out: the program cannot write there".to_owned()))
        }
        PlanValueKind::AddedPath if text.is_empty() => None,
        PlanValueKind::Path | PlanValueKind::AddedPath => refused(parse_path(text).err()),
        PlanValueKind::Tag => remark_on_tag(typed.image?, text),
        PlanValueKind::Digest => remark_on_digest(text),
        PlanValueKind::MemoryRequest | PlanValueKind::MemoryLimit => refused(parse_memory(text).err()),
        PlanValueKind::CpuRequest | PlanValueKind::CpuLimit => refused(parse_cpu(text).err()),
    }
}

/// A uid or a gid. Below 10000 the rules would find it low again; above 65000 stand `nonroot`, `nobody` and what 16 bits
/// cannot hold. What is `taken` in any case is no matter of these.
///
/// # Errors
/// Why it cannot be taken, and what would be.
pub fn parse_id(name: &str, text: &str, taken: &[&str]) -> Result<u32, String> {
    let number: u32 = text.parse().map_err(|_| format!("the {name} is a number, such as 43122"))?;
    match number {
        _ if taken.contains(&text) => Ok(number),
        NONROOT_ID => Ok(number),
        0..10_000 => {
            let summary = host::summarise_uid(number);
            // That nobody is known to have a number speaks for it, and it is refused all the same.
            let why = match number < 1000 && host::host_accounts(number).is_empty() {
                true => "hosts give the numbers below 1000 to accounts of their own",
                false => summary.split("; ").next().unwrap_or_default(),
            };
            Err(format!("{number} is too low for the {name}: {why}; 10000 to 65000 would do"))
        }
        10_000..=65_000 => Ok(number),
        _ => Err(format!(
            "{number} is too high for the {name}: not every tool takes more; 10000 to 65000 would do"
        )),
    }
}

/// The owner of an id: nobody, another app here, an account on hosts.
fn remark_on_id(typed: &TypedValue<'_>) -> ValueRemark {
    let number = match parse_id(typed.kind.name(), typed.text, &typed.taken) {
        Err(reason) => return ValueRemark::Refused(reason),
        Ok(number) => number,
    };
    match typed.used.iter().find(|(uid, _)| uid == typed.text) {
        Some((_, whose)) => {
            ValueRemark::Doubt(format!("{number} is the user of {whose}: the two would share their files"))
        }
        None if (40_000..=60_000).contains(&number) => ValueRemark::Good(format!(
            "{number} is nobody's: neither on hosts known here nor in this repository"
        )),
        None => ValueRemark::Doubt(host::summarise_uid(number)),
    }
}

/// A path to a folder, without a slash at its end.
///
/// # Errors
/// Why nothing can be mounted there.
pub fn parse_path(text: &str) -> Result<String, String> {
    let clean = text.trim_end_matches('/');
    let odd = text.split('/').any(|part| part == ".." || part == ".");
    if !text.starts_with('/') || clean.is_empty() || odd {
        return Err(format!("`{text}` is no path to a folder: it begins with / and is not / itself"));
    }
    if let Some(c) = text.chars().find(|c| *c == ':' || c.is_whitespace()) {
        let what = if c == ':' { "a colon, which Kubernetes refuses in a mount" } else { "a space" };
        return Err(format!("`{text}` holds {what}"));
    }
    if KERNEL_FOLDERS.iter().any(|folder| clean == *folder || clean.starts_with(&format!("{folder}/"))) {
        return Err(format!("`{clean}` is the kernel's: nothing can be mounted over it"));
    }
    Ok(clean.to_owned())
}

/// Checks requests and limits together; those of them that are none are not looked at.
///
/// # Errors
/// Which of them cannot be, and why.
pub fn check_bounds(bounds: &ResourceDefaults) -> Result<(), String> {
    let pairs = [
        ("cpu", &bounds.cpu_request, &bounds.cpu_limit),
        ("memory", &bounds.memory_request, &bounds.memory_limit),
    ];
    for (name, request, limit) in pairs {
        if let (Some(request), Some(limit)) = (request, limit)
            && parse_amount(request)? > parse_amount(limit)?
        {
            return Err(format!("the {name} request is above its limit: Kubernetes refuses that"));
        }
    }
    Ok(())
}

/// An amount of cpu or memory, above nothing.
///
/// # Errors
/// How it is written.
pub fn parse_amount(text: &str) -> Result<f64, String> {
    let amount = Quantity::from(text).amount().filter(|amount| *amount > 0.0);
    amount.ok_or_else(|| format!("`{text}` is no amount: write 500m or 2 for cpu, 128Mi or 1Gi for memory"))
}

/// An amount of cpu that a node can give and Kubernetes takes.
///
/// # Errors
/// What it is not.
pub fn parse_cpu(text: &str) -> Result<f64, String> {
    // More cores than any node has; and Kubernetes refuses what is finer than a thousandth.
    const MOST_CORES: f64 = 4096.0;
    let amount = parse_amount(text)?;
    if amount > MOST_CORES {
        return Err(format!("`{text}` of cpu is more than a node has: write 500m or 2"));
    }
    if amount < 0.001 {
        return Err(format!("`{text}` of cpu is finer than 1m, which Kubernetes refuses"));
    }
    Ok(amount)
}

/// An amount of memory in which a program can start.
///
/// # Errors
/// What was meant instead, most likely.
pub fn parse_memory(text: &str) -> Result<f64, String> {
    let amount = parse_amount(text)?;
    if amount < 4.0 * 1024.0 * 1024.0 {
        let digits = text.trim_end_matches('m');
        return Err(format!("`{text}` of memory starts no program: did you mean {digits}Mi?"));
    }
    Ok(amount)
}

/// Tag and digest of an image, either of which may be left out.
///
/// # Errors
/// What is wrong with which of them.
pub fn parse_pin(image: &Reference, tag: &str, digest: &str) -> Result<ImagePin, String> {
    let tag = tag.trim_start_matches(':');
    let named = Reference::parse(&image.with_tag(tag)).ok();
    if !tag.is_empty() && named.is_none_or(|named| named.tag() != Some(tag)) {
        return Err(ReferenceError::Tag.to_string());
    }
    let digest = strip_image_name(digest);
    if !digest.is_empty() && !ImageDigest::parse(digest).is_some_and(ImageDigest::is_well_formed) {
        return Err(format!("`{digest}` is no digest: that is sha256: and 64 hex digits"));
    }
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ok(ImagePin { tag: some(tag).filter(|tag| image.tag() != Some(tag)), digest: some(digest) })
}

/// A digest as people paste it: with the image's name before it, or an `@`.
fn strip_image_name(digest: &str) -> &str {
    digest.rsplit('@').next().unwrap_or_default()
}

/// The promise of a tag.
#[must_use]
pub fn remark_on_tag(image: &Reference, tag: &str) -> Option<ValueRemark> {
    if tag.is_empty() {
        return None;
    }
    if let Err(reason) = parse_pin(image, tag, "") {
        return Some(ValueRemark::Refused(reason));
    }
    Some(match TagKind::from_tag(tag) {
        TagKind::Latest => ValueRemark::Doubt("`latest` is whatever was pushed last".to_owned()),
        TagKind::Moving => ValueRemark::Doubt(format!("`{tag}` moves from one version to the next")),
        TagKind::Version => {
            ValueRemark::Good("a version; its owner may still move it, the digest cannot be".to_owned())
        }
    })
}

/// The state of a digest that is being typed.
#[must_use]
pub fn remark_on_digest(digest: &str) -> Option<ValueRemark> {
    let digest = strip_image_name(digest);
    if digest.is_empty() {
        return None;
    }
    if ImageDigest::parse(digest).is_some_and(ImageDigest::is_well_formed) {
        return Some(ValueRemark::Good("a whole digest".to_owned()));
    }
    let Some(hex) = digest.strip_prefix("sha256:") else {
        return Some(ValueRemark::Refused("a digest begins with sha256:".to_owned()));
    };
    let odd = hex.chars().find(|c| !c.is_ascii_digit() && !('a'..='f').contains(c));
    Some(ValueRemark::Refused(match odd {
        Some(c) => format!("`{c}` is no lower-case hex digit"),
        None => format!("{} of 64 hex digits", hex.len()),
    }))
}
