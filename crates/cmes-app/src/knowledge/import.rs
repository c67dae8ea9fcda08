//! Import: files and web pages become articles.
//!
//! One source is one article. It is known again by where it came from (the path
//! of a file, the address of a page) and by the hash of what was read there, so
//! that importing again changes what has changed and leaves the rest alone, vectors
//! included. For that reason an import may also run twice, as tasks do: what the
//! first run made is found by the second. Folders become sections.

mod answer;
mod web;

pub(crate) use answer::answer;

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cmes_documents::{Limits, ReadError};
use cmes_fetch::Fetcher;
use cmes_store::articles::{self as stored, NamedArticle, Parent, Source, Which};
use cmes_store::identifiers::{Identifiers, Names};
use cmes_store::knowledge_bases::NamedBase;
use cmes_store::{Db, StoreError};
use cmes_types::{AccountId, Block, Clock, Document};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::articles::{self, CreateArticle, UpdateArticle};
use super::bases;
use crate::enrichment::{Progress, compute};
use crate::identifiers::ARTICLE;
use crate::{App, Error};

/// Raised when readers read more or otherwise, so that importing again reads everything anew.
const READERS: u8 = 1;
/// Longest name of an article, in characters, as in `entry/create`.
const LONGEST_NAME: usize = 500;
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

/// What an import needs of the engine.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The database.
    pub db: &'a Db,
    /// The web.
    pub fetcher: &'a Fetcher,
    /// The time.
    pub clock: &'a dyn Clock,
}

/// An import that goes on: where to, and the sections that it has met.
pub struct Importer<'a> {
    parts: Parts<'a>,
    account: AccountId,
    base: NamedBase,
    parent: Parent,
    sections: HashMap<String, Parent>,
}

/// A source with what was read of it.
pub struct Read<'r> {
    /// Path or address.
    pub source: &'r str,
    /// The folders that it stands in, outermost first, each with the source of its section.
    pub sections: Vec<(String, String)>,
    /// Names for its article.
    pub identifiers: Identifiers,
    /// What its article is called; by default what the source says.
    pub name: Option<&'r str>,
    /// Its media type, as far as it is known.
    pub media_type: Option<&'r str>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its text, for a page of a site, of which the main content is taken.
    pub page: Option<String>,
}

/// Why a source is no article: the source's own fault, or that of the whole import.
enum Fault {
    Own(String),
    All(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            error @ (Error::Fields(_) | Error::IdentifierTaken(_)) => Self::Own(error.to_string()),
            other => Self::All(other),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::All(error.into())
    }
}

impl<'a> Importer<'a> {
    /// An import below an article of a base, or at its top level.
    #[must_use]
    pub fn new(parts: Parts<'a>, account: AccountId, base: NamedBase, parent: Parent) -> Self {
        Self { parts, account, base, parent, sections: HashMap::new() }
    }

    /// Makes or changes the article of a source.
    ///
    /// # Errors
    /// When the import cannot go on; a source that cannot be read is an [`Outcome`].
    pub async fn take(&mut self, read: Read<'_>) -> Result<Outcome, Error> {
        let source = read.source.to_owned();
        match self.article(read).await {
            Ok((status, names, name)) => Ok(Outcome { source, status, names: Some(names), name, reason: None }),
            Err(Fault::Own(reason)) => Ok(failed(&source, reason)),
            Err(Fault::All(error)) => Err(error),
        }
    }

    async fn article(&mut self, read: Read<'_>) -> Result<(Status, Names, Option<String>), Fault> {
        let Parts { db, clock, .. } = self.parts;
        if read.source.chars().count() > LONGEST_SOURCE {
            return Err(Fault::Own(format!("its path or address has more than {LONGEST_SOURCE} characters")));
        }
        let hash = Sha256::new().chain_update([READERS]).chain_update(&read.bytes).finalize();
        let known = stored::by_source(db, self.account, self.base.key, read.source).await?;
        let existing = self.existing(&read, known.as_ref().map(|(article, _)| *article)).await?;
        if let (Some(article), Some((_, known_hash))) = (existing, &known)
            && known_hash.as_slice() == hash.as_slice()
            && read.name.is_none()
        {
            return Ok((Status::Unchanged, article.names, None));
        }
        let (source, given) = (read.source, read.name);
        let path = source.split(['?', '#']).next().unwrap_or_default().to_owned();
        let (bytes, page, media_type) = (read.bytes, read.page, read.media_type.map(str::to_owned));
        let document = compute(move || document(&path, media_type.as_deref(), &bytes, page.as_deref())).await?;
        let mut document = document.map_err(|error| Fault::Own(error.to_string()))?;
        let name = named(given, source, &document);
        document.title = None;
        let body = cmes_documents::to_html(&document);
        let source = Source { name: source, hash: hash.as_slice() };
        let now = clock.now();
        if let Some(article) = existing {
            // Whoever gave the article another name or place meant it.
            let changes =
                UpdateArticle { name: given, body: Some(body), source: Some(source), ..UpdateArticle::default() };
            let article = articles::update(db, self.account, &self.base, Which::Key(article.key), changes, now).await?;
            return Ok((Status::Updated, article.names, given.map(str::to_owned)));
        }
        let parent = self.section(&read.sections).await?;
        let new = CreateArticle { identifiers: read.identifiers, parent, name: &name, body, source: Some(source) };
        let article = articles::create(db, self.account, &self.base, new, None, now).await.map_err(concurrent)?;
        Ok((Status::Created, article.names, Some(name)))
    }

    /// The article that a source is to become: the one that the identifiers name, or the one that it became before.
    async fn existing(&self, read: &Read<'_>, known: Option<NamedArticle>) -> Result<Option<NamedArticle>, Fault> {
        if read.identifiers.first().is_none() {
            return Ok(known);
        }
        let named = stored::find(self.parts.db, self.account, self.base.key, &read.identifiers).await?;
        match (named, known) {
            (Some(named), Some(known)) if named.key != known.key => {
                let code = known.names.code;
                Err(Fault::Own(format!("was imported before, as the article with the Code {code}; give no other")))
            }
            (Some(named), _) => {
                ARTICLE.agree(&read.identifiers, &named.names)?;
                Ok(Some(named))
            }
            (None, Some(known)) => {
                let code = known.names.code;
                Err(Fault::Own(format!("was imported before, as the article with the Code {code}; give no other")))
            }
            (None, None) => Ok(None),
        }
    }

    /// The section of these folders, made where it is missing.
    async fn section(&mut self, folders: &[(String, String)]) -> Result<Parent, Fault> {
        let Parts { db, clock, .. } = self.parts;
        let mut parent = self.parent;
        for (source, name) in folders {
            if let Some(known) = self.sections.get(source) {
                parent = *known;
                continue;
            }
            let article = match stored::by_source(db, self.account, self.base.key, source).await? {
                Some((article, _)) => article,
                None => {
                    let source = Source { name: source, hash: &[] };
                    let identifiers = Identifiers::default();
                    let name = cut(name);
                    let new =
                        CreateArticle { identifiers, parent, name: &name, body: String::new(), source: Some(source) };
                    articles::create(db, self.account, &self.base, new, None, clock.now()).await.map_err(concurrent)?
                }
            };
            parent = Parent::Article(article.key);
            self.sections.insert(source.clone(), parent);
        }
        Ok(parent)
    }

    /// Deletes the articles whose sources begin so and are not among those that are there. Sections stay while
    /// something is in them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_missing(&self, prefix: &str, there: &HashSet<String>) -> Result<Vec<Outcome>, Error> {
        let Parts { db, clock, .. } = self.parts;
        let mut removed = Vec::new();
        for imported in stored::by_source_prefix(db, self.account, self.base.key, prefix).await? {
            let is_section =
                imported.source.ends_with('/') && there.iter().any(|one| one.starts_with(&imported.source));
            if is_section || there.contains(&imported.source) {
                continue;
            }
            let names = imported.article.names;
            let given = Identifiers { id: Some(names.id), ..Identifiers::default() };
            match articles::delete(db, self.account, &self.base, &given, clock.now()).await {
                // With its section, a moment ago.
                Ok(_) | Err(Error::Fields(_)) => {}
                Err(error) => return Err(error),
            }
            let (name, status) = (Some(imported.name), Status::Removed);
            removed.push(Outcome { source: imported.source, status, names: Some(names), name, reason: None });
        }
        Ok(removed)
    }
}

/// Another import has made an article of the same source in this moment.
fn concurrent(error: Error) -> Fault {
    match error {
        Error::Internal(cause) if matches!(cause.downcast_ref(), Some(StoreError::Conflict)) => {
            Fault::Own("is imported by another call at this moment; import it again".to_owned())
        }
        other => other.into(),
    }
}

/// A source that could not be read.
fn failed(source: &str, reason: String) -> Outcome {
    Outcome { source: source.to_owned(), status: Status::Failed, names: None, name: None, reason: Some(reason) }
}

fn document(path: &str, media_type: Option<&str>, bytes: &[u8], page: Option<&str>) -> Result<Document, ReadError> {
    match page {
        Some(html) => {
            let document = cmes_documents::from_page(html);
            if document.is_empty() { Err(ReadError::NoText { kind: "page" }) } else { Ok(document) }
        }
        None => cmes_documents::from_bytes(path, media_type, bytes, &Limits::default()),
    }
}

/// What an article is called: what is asked for, else the name of a file without its ending; pages of the web have
/// their title, or its first heading where that is part of it.
fn named(given: Option<&str>, source: &str, document: &Document) -> String {
    if let Some(name) = given {
        return cut(name);
    }
    let path = source.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let is_web = source.starts_with("http://") || source.starts_with("https://");
    let heading = document.blocks.iter().find_map(|block| match block {
        Block::Heading { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let title = document.title.as_deref();
    let own = match (title, heading) {
        (Some(title), Some(heading)) if title.contains(heading) => Some(heading),
        (title, heading) => title.or(heading),
    };
    let name = if is_web { own.unwrap_or(if stem.is_empty() { source } else { stem }) } else { stem };
    cut(if name.trim().is_empty() { source } else { name })
}

fn cut(name: &str) -> String {
    name.trim().chars().take(LONGEST_NAME).collect()
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

    #[test]
    fn articles_are_called_as_their_owners_call_them() {
        let heading = Block::Heading { level: 1, text: "Warranty".to_owned() };
        let document = Document { title: Some("Warranty | Nordwind".to_owned()), blocks: vec![heading] };
        assert_eq!(named(None, "docs/price list.v2.pdf", &document), "price list.v2");
        assert_eq!(named(None, "https://a.example/w", &document), "Warranty");
        assert_eq!(named(None, "https://a.example/f/a.csv?x=1", &Document::default()), "a");
        assert_eq!(named(Some(" Mine "), "a.pdf", &document), "Mine");
    }
}
