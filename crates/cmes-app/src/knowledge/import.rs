//! Import: files and web pages become articles.
//!
//! One source is one article. It is known again by where it came from (the path
//! of a file, the address of a page) and by the hash of what was read there, so
//! that importing again changes what has changed and leaves the rest alone, vectors
//! included. For that reason an import may also run twice, as tasks do: what the
//! first run made is found by the second. Folders become sections.

mod answer;
mod importer;
mod web;

pub(crate) use answer::answer;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cmes_store::articles::Parent;
use cmes_store::identifiers::{Identifiers, Names};
use cmes_types::AccountId;
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

pub use importer::{Importer, Parts, Read};

use super::bases;
use crate::enrichment::Progress;
use crate::{App, Error};

/// Longest source, in characters.
pub const LONGEST_SOURCE: usize = 2_000;
/// Most pages of one sitemap, and how many are read when nothing is said.
pub const MOST_PAGES: usize = 5_000;
/// See [`MOST_PAGES`].
pub const USUAL_PAGES: usize = 500;

/// What is imported where. Stored as JSON in the task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The knowledge base.
    pub base: Uuid,
    /// The article that everything stands below; none = the top level.
    pub parent: Option<Uuid>,
    /// Names for the article of a single source.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// See `id`.
    #[serde(default)]
    pub external_id: Option<i64>,
    /// See `id`.
    #[serde(default)]
    pub code: Option<i64>,
    /// What the article of a single source is called; by default what its source says.
    #[serde(default)]
    pub name: Option<String>,
    /// What is read.
    pub from: Origin,
    /// Whether articles of the same sitemap's site that it does not name any more are deleted.
    #[serde(default)]
    pub remove_missing: bool,
    /// Most pages of a sitemap.
    pub max_pages: usize,
}

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// A file.
    File {
        /// Its name, with folders that become sections.
        name: String,
        /// Its bytes as Base64.
        content: String,
    },
    /// A page, a file or a sitemap on the web.
    Url(Url),
}

impl Origin {
    /// What is at an address; none if it is none of the web.
    #[must_use]
    pub fn at(address: &str) -> Option<Self> {
        let url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.map(Self::Url)
    }
}

/// What became of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    /// It is a new article.
    Created,
    /// Its article is another one than before.
    Updated,
    /// It says what it said before.
    Unchanged,
    /// It could not be read.
    Failed,
    /// It is gone, and so is its article.
    Removed,
}

/// A source and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Path or address.
    pub source: String,
    /// What became of it.
    pub status: Status,
    /// The names of its article.
    pub names: Option<Names>,
    /// What its article is called.
    pub name: Option<String>,
    /// Why it failed, in a sentence.
    pub reason: Option<String>,
}

/// The path of a file as a source: forward slashes, nothing that leads upwards.
#[must_use]
pub fn source_of(path: &str) -> String {
    let parts = path.split(['/', '\\']).map(str::trim).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

/// The folders of a source behind the first `skipped`, each with its own source and its name.
#[must_use]
pub fn folders(source: &str, skipped: usize) -> Vec<(String, String)> {
    let mut folders = Vec::new();
    for (place, (at, _)) in source.match_indices('/').enumerate() {
        let path = source.get(..at).unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        if place >= skipped {
            folders.push((format!("{path}/"), name.to_owned()));
        }
    }
    folders
}

/// Does what a task of the API asks for.
pub(crate) async fn run(
    app: &App,
    account: AccountId,
    import: &Import,
    progress: &Progress,
) -> Result<Vec<Outcome>, Error> {
    let engine = Parts { db: &app.db, fetcher: &app.fetcher, clock: app.clock.as_ref() };
    let by_id = |id| Identifiers { id: Some(id), ..Identifiers::default() };
    let base = bases::named(&app.db, account, &by_id(import.base)).await?;
    let parent = import.parent.map_or(Parent::Top, |id| Parent::Named(by_id(id)));
    let identifiers = Identifiers { id: import.id, external_id: import.external_id, code: import.code };
    let mut importer = Importer::new(engine, account, base, parent);
    match &import.from {
        Origin::File { name, content } => {
            let bytes = decoded(content)?;
            let source = source_of(name);
            let sections = folders(&source, 0);
            let name = import.name.as_deref();
            let read = Read { source: &source, sections, identifiers, name, media_type: None, bytes, page: None };
            let outcome = importer.take(read).await?;
            alone(outcome, "File").map(|outcome| vec![outcome])
        }
        Origin::Url(url) => {
            let wish = web::Wish {
                url,
                identifiers,
                name: import.name.as_deref(),
                max_pages: import.max_pages,
                remove_missing: import.remove_missing,
            };
            let (outcomes, is_sitemap) = web::import(&mut importer, &wish, &mut |_, done, of| {
                progress.step(0, 99, done, of);
            })
            .await?;
            if is_sitemap {
                return Ok(outcomes);
            }
            outcomes.into_iter().map(|outcome| alone(outcome, "URL")).collect()
        }
    }
}

/// Imports a page, file or sitemap of the web for a command; `seen` is told each outcome, how many there are by then,
/// and of how many.
///
/// # Errors
/// When the import cannot go on.
pub async fn from_web(
    importer: &mut Importer<'_>,
    url: &Url,
    max_pages: usize,
    remove_missing: bool,
    seen: &mut (dyn FnMut(&Outcome, usize, usize) + Send),
) -> Result<Vec<Outcome>, Error> {
    let wish = web::Wish { url, identifiers: Identifiers::default(), name: None, max_pages, remove_missing };
    Ok(web::import(importer, &wish, seen).await?.0)
}

/// The bytes of a file that was sent as Base64, as such or as a `data:` URL.
///
/// # Errors
/// [`Error::Fields`] when it is none.
pub fn decoded(content: &str) -> Result<Vec<u8>, Error> {
    let content = match content.trim().strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
        Some((_, content)) => content,
        None => content,
    };
    let content: String = content.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    BASE64_STANDARD.decode(content.as_bytes()).map_err(|_| Error::field("File", "takes a file encoded as Base64"))
}

/// The outcome of a single source: its failure is that of the call.
fn alone(outcome: Outcome, field: &str) -> Result<Outcome, Error> {
    match outcome.reason {
        Some(reason) => Err(Error::field(field, format!("cannot be imported: {reason}"))),
        None => Ok(outcome),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_paths_that_lead_nowhere_else() {
        assert_eq!(source_of("..\\manuals\\./P7/../a.pdf"), "manuals/P7/a.pdf");
        let pair = |source: &str, name: &str| (source.to_owned(), name.to_owned());
        assert_eq!(folders("a/b/c.md", 0), [pair("a/", "a"), pair("a/b/", "b")]);
        assert_eq!(folders("a/b/c.md", 1), [pair("a/b/", "b")]);
    }
}
