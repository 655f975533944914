//! Finds the tags of a repository that name the version that a moving tag stands for now, for a fix to pin.

use std::time::{Duration, Instant};

use serde::Deserialize;
use ureq::http::Method;

use super::registry_session::{RegistryQuery, Session, SessionContext};
use super::tag_version::{TagVersion, rank_candidates};
use super::{RegistryError, image_manifest};
use crate::image::reference::is_tag;

/// The most bytes of one page of tags, and the most pages.
const MAX_PAGE_BYTES: u64 = 4 * 1024 * 1024;
const MAX_PAGES: usize = 20;
/// The most tags of which is thought at all.
const MAX_TAGS: usize = 20_000;
/// The most tags that are checked for their digests: a HEAD each.
const MAX_CHECKS: usize = 16;
/// The longest that tags are checked; those found until then count.
const CHECK_TIMEOUT: Duration = Duration::from_secs(30);
/// The checks after the first match, for more to choose from.
const CHECKS_AFTER_FIRST: usize = 4;

#[derive(Deserialize)]
struct TagPage {
    /// Null where a repository has none.
    tags: Option<Vec<String>>,
}

/// The tags found.
#[derive(Default)]
pub(super) struct EqualTags {
    pub tags: Vec<String>,
    /// The reason why there may be more, where not all were checked.
    pub incomplete_reason: Option<String>,
}

/// The tags that name one version and have this digest now, the newest and most exact first.
pub(super) fn find_equal_tags(
    shared: SessionContext<'_>,
    session: &Session,
    path: &str,
    tag: &str,
    digest: &str,
) -> Result<EqualTags, RegistryError> {
    let begun = Instant::now();
    let (all, whole) = list_tags(shared, session, path, begun)?;
    let mut found: Vec<String> = Vec::new();
    let mut looks = MAX_CHECKS;
    let candidates = rank_candidates(tag, &all);
    let mut looked = 0;
    for candidate in &candidates {
        if looks == 0 || begun.elapsed() > CHECK_TIMEOUT {
            break;
        }
        looks -= 1;
        looked += 1;
        match image_manifest::fetch_manifest(shared, session, path, candidate) {
            Ok(manifest) if manifest.digest == digest => {
                if found.is_empty() {
                    looks = looks.min(CHECKS_AFTER_FIRST);
                }
                found.push(candidate.clone());
            }
            // A tag may be gone since it was listed, or be of another kind.
            Ok(_) | Err(RegistryError::NotFound { .. } | RegistryError::BadAnswer { .. }) => {}
            // What is found already is worth more than the reason why there is not more.
            Err(_) if !found.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    found.sort_by_cached_key(|tag| std::cmp::Reverse(TagVersion::from_tag(tag)));
    let unseen = match (candidates.len() > looked, whole) {
        (true, _) => Some(format!("only the {looked} likeliest of {} tags were looked at", all.len())),
        (false, false) => Some(format!("only the first {} tags were looked at", all.len())),
        (false, true) => None,
    };
    Ok(EqualTags { tags: found, incomplete_reason: unseen })
}

/// The tags that a registry lists, and whether these are all.
fn list_tags(
    shared: SessionContext<'_>,
    session: &Session,
    path: &str,
    begun: Instant,
) -> Result<(Vec<String>, bool), RegistryError> {
    let mut all = Vec::new();
    let mut what = "tags/list?n=1000".to_owned();
    for _ in 0..MAX_PAGES {
        let question = RegistryQuery {
            method: &Method::GET,
            path,
            endpoint: &what,
            accept: "application/json",
            limit: MAX_PAGE_BYTES,
        };
        let answer = session.send_query(shared, question)?;
        let page: TagPage = serde_json::from_slice(&answer.body)
            .map_err(|_| session.bad_answer("its list of tags cannot be read"))?;
        // What a registry lists may end in a file: only what is a tag by the grammar does.
        all.extend(page.tags.unwrap_or_default().into_iter().filter(|tag| is_tag(tag)));
        match answer.header("link").and_then(next_page_query) {
            Some(query) if begun.elapsed() < CHECK_TIMEOUT && all.len() < MAX_TAGS => {
                what = format!("tags/list?{query}");
            }
            more => {
                all.truncate(MAX_TAGS);
                return Ok((all, more.is_none()));
            }
        }
    }
    Ok((all, false))
}

/// The query of the next page: `</v2/name/tags/list?last=x&n=1000>; rel="next"`. Its path is not taken over.
fn next_page_query(link: &str) -> Option<&str> {
    let (address, relation) = link.strip_prefix('<')?.split_once('>')?;
    let query = address.split_once('?')?.1;
    (relation.contains("next") && query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'))
        .then_some(query)
}
