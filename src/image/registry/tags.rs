//! Which of a repository's tags name the version that a moving tag stands for now.

use std::time::{Duration, Instant};

use serde::Deserialize;
use ureq::http::Method;

use super::Error;
use super::manifest;
use super::session::{Question, Session, Shared};
use super::version::{Version, candidates};
use crate::image::reference::is_tag;

/// The most bytes of one page of tags, and the most pages.
const LARGEST: u64 = 4 * 1024 * 1024;
const PAGES: usize = 20;
/// The most tags of which is thought at all.
const MOST: usize = 20_000;
/// How many tags are looked at for their digests: a HEAD each.
const LOOKS: usize = 16;
/// For how long tags are looked at; what is found until then counts.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many are looked at after the first that fits, for more to choose from.
const MORE: usize = 4;

#[derive(Deserialize)]
struct Page {
    /// Null where a repository has none.
    tags: Option<Vec<String>>,
}

/// What was found.
#[derive(Default)]
pub(super) struct Like {
    pub tags: Vec<String>,
    /// Why there may be more, where not all was looked at.
    pub unseen: Option<String>,
}

/// The tags that name one version and have this digest now, the newest and most exact first.
pub(super) fn like(
    shared: Shared<'_>,
    session: &Session,
    path: &str,
    tag: &str,
    digest: &str,
) -> Result<Like, Error> {
    let begun = Instant::now();
    let (all, whole) = list(shared, session, path, begun)?;
    let mut found: Vec<String> = Vec::new();
    let mut looks = LOOKS;
    let candidates = candidates(tag, &all);
    let mut looked = 0;
    for candidate in &candidates {
        if looks == 0 || begun.elapsed() > PATIENCE {
            break;
        }
        looks -= 1;
        looked += 1;
        match manifest::find(shared, session, path, candidate) {
            Ok(manifest) if manifest.digest == digest => {
                if found.is_empty() {
                    looks = looks.min(MORE);
                }
                found.push(candidate.clone());
            }
            // A tag may be gone since it was listed, or be of another kind.
            Ok(_) | Err(Error::NotFound { .. } | Error::Broken { .. }) => {}
            // What is found already is worth more than the reason why there is not more.
            Err(_) if !found.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    found.sort_by_cached_key(|tag| std::cmp::Reverse(Version::of(tag)));
    let unseen = match (candidates.len() > looked, whole) {
        (true, _) => Some(format!("only the {looked} likeliest of {} tags were looked at", all.len())),
        (false, false) => Some(format!("only the first {} tags were looked at", all.len())),
        (false, true) => None,
    };
    Ok(Like { tags: found, unseen })
}

/// The tags that a registry lists, and whether these are all.
fn list(
    shared: Shared<'_>,
    session: &Session,
    path: &str,
    begun: Instant,
) -> Result<(Vec<String>, bool), Error> {
    let mut all = Vec::new();
    let mut what = "tags/list?n=1000".to_owned();
    for _ in 0..PAGES {
        let question =
            Question { method: &Method::GET, path, what: &what, accept: "application/json", limit: LARGEST };
        let answer = session.ask(shared, question)?;
        let page: Page = serde_json::from_slice(&answer.body)
            .map_err(|_| session.broken("its list of tags cannot be read"))?;
        // What a registry lists may end in a file: only what is a tag by the grammar does.
        all.extend(page.tags.unwrap_or_default().into_iter().filter(|tag| is_tag(tag)));
        match answer.header("link").and_then(next) {
            Some(query) if begun.elapsed() < PATIENCE && all.len() < MOST => {
                what = format!("tags/list?{query}");
            }
            more => {
                all.truncate(MOST);
                return Ok((all, more.is_none()));
            }
        }
    }
    Ok((all, false))
}

/// The query of the next page: `</v2/name/tags/list?last=x&n=1000>; rel="next"`. Where it leads is not taken over.
fn next(link: &str) -> Option<&str> {
    let (address, relation) = link.strip_prefix('<')?.split_once('>')?;
    let query = address.split_once('?')?.1;
    (relation.contains("next") && query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'))
        .then_some(query)
}
