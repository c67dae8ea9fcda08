//! One site: its folder, its settings, its files and the bytes they are sent as.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use serde::Deserialize;

use url::Url;

use crate::saved::SavedPage;

/// What `site.toml` says beside the pages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteConfig {
    /// What the site is there to show; stands on the index page.
    pub about: String,
    /// Encoding in which HTML pages are sent; UTF-8 when absent.
    pub charset: Option<String>,
    /// The `Content-Type` header is silent about the charset (a `meta` may tell).
    pub silent_charset: bool,
    /// `about.html` is the page `/about`.
    pub clean_urls: bool,
    /// Only `www.<name>` answers.
    pub www_only: bool,
    /// Extra response headers, in order; a name may stand twice.
    pub headers: Vec<(String, String)>,
    /// Redirects by exact path.
    pub redirects: Vec<Redirect>,
    /// Status by exact path, instead of 200.
    pub status: BTreeMap<String, u16>,
}

/// A redirect of one path.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// Path that is asked for.
    pub from: String,
    /// Path or URL that is answered.
    pub to: String,
    /// 301 by default.
    #[serde(default = "moved_permanently")]
    pub status: u16,
}

fn moved_permanently() -> u16 {
    301
}

/// One file of a site.
#[derive(Clone, Debug)]
pub struct SiteFile {
    /// Path of its URL.
    pub path: String,
    /// Where its content is.
    pub source: Source,
}

/// Where the content of a file is.
#[derive(Clone, Debug)]
pub enum Source {
    /// In this file.
    File(PathBuf),
    /// Here: the file was made by program.
    Text(String),
}

impl SiteFile {
    /// A file that was made by program. One whose path has no ending is a page.
    pub fn made(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), source: Source::Text(text.into()) }
    }

    /// Whether it is a page.
    #[must_use]
    pub fn is_html(&self) -> bool {
        self.ending() == "html"
    }

    /// Its text.
    ///
    /// # Panics
    ///
    /// When it cannot be read or is not UTF-8.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.source {
            Source::File(path) => read_text(path),
            Source::Text(text) => text.clone(),
        }
    }

    /// Its media type, without charset.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        match self.ending() {
            "html" => "text/html",
            "css" => "text/css",
            "js" => "text/javascript",
            "xml" => "application/xml",
            "json" => "application/json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "ico" => "image/x-icon",
            _ => "text/plain",
        }
    }

    fn ending(&self) -> &str {
        match &self.source {
            Source::File(path) => path.extension().and_then(|ending| ending.to_str()).unwrap_or_default(),
            Source::Text(_) => match self.path.rsplit_once('.').map(|(_, ending)| ending) {
                Some(ending @ ("css" | "js" | "xml" | "json" | "svg" | "txt")) => ending,
                _ => "html",
            },
        }
    }
}

/// One site.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where it lies; nowhere, if it was made by program.
    pub folder: PathBuf,
    /// Its host, such as `nordwind-pumpen.example`.
    pub name: String,
    /// Its settings.
    pub config: SiteConfig,
    /// Its files, ordered by path.
    pub files: Vec<SiteFile>,
    /// Body of the answer to unknown paths, when it has one of its own.
    pub not_found: Option<SiteFile>,
}

impl Site {
    /// A site that was made by program.
    pub fn made(name: impl Into<String>, mut files: Vec<SiteFile>) -> Self {
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Self { folder: PathBuf::new(), name: name.into(), config: SiteConfig::default(), files, not_found: None }
    }

    /// The host under which it answers.
    #[must_use]
    pub fn host(&self) -> String {
        if self.config.www_only { format!("www.{}", self.name) } else { self.name.clone() }
    }

    /// Scheme and host of its pages, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("https://{}", self.host())
    }

    /// The file at this URL path; a folder's page is also its `index.html`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&SiteFile> {
        let path = path.strip_suffix("index.html").filter(|folder| folder.ends_with('/')).unwrap_or(path);
        let found = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(found)
    }

    /// Its HTML pages, ordered by path.
    ///
    /// # Panics
    ///
    /// When a file cannot be read.
    #[must_use]
    pub fn saved_pages(&self) -> Vec<SavedPage> {
        let page = |file: &SiteFile| SavedPage {
            site: self.name.clone(),
            url: format!("{}{}", self.origin(), file.path),
            headers: self.headers(file),
            html: file.text(),
        };
        self.files.iter().filter(|file| file.is_html()).map(page).collect()
    }

    /// The pages that a polite reader sees, home first, each with its address; the names of headers in lower case, as a
    /// fetcher has them.
    ///
    /// # Panics
    ///
    /// When a file cannot be read.
    #[must_use]
    pub fn visited_pages(&self) -> Vec<(Url, SavedPage)> {
        let mut pages: Vec<(Url, SavedPage)> = self
            .saved_pages()
            .into_iter()
            .filter_map(|saved| Some((Url::parse(&saved.url).ok()?, saved)))
            .filter(|(url, _)| !self.forbidden(url.path()))
            .collect();
        let root =
            self.config.redirects.iter().find(|redirect| redirect.from == "/").map_or("/", |redirect| &redirect.to);
        pages.sort_by_key(|(url, _)| url.path() != root);
        for (name, _) in pages.iter_mut().flat_map(|(_, page)| &mut page.headers) {
            name.make_ascii_lowercase();
        }
        pages
    }

    /// Where this path redirects to, with the status.
    #[must_use]
    pub fn redirect(&self, path: &str) -> Option<(String, u16)> {
        if let Some(redirect) = self.config.redirects.iter().find(|redirect| redirect.from == path) {
            return Some((redirect.to.clone(), redirect.status));
        }
        let folder = format!("{path}/");
        (self.file(path).is_none() && self.file(&folder).is_some()).then_some((folder, 301))
    }

    /// Response headers of a file: its type and those that the site always sends.
    #[must_use]
    pub fn headers(&self, file: &SiteFile) -> Vec<(String, String)> {
        let mut headers = vec![("Content-Type".to_owned(), self.content_type(file))];
        headers.extend(self.config.headers.iter().cloned());
        headers
    }

    fn content_type(&self, file: &SiteFile) -> String {
        let media_type = file.media_type();
        if media_type.starts_with("image/") || (file.is_html() && self.config.silent_charset) {
            return media_type.to_owned();
        }
        let charset = if file.is_html() { self.config.charset.as_deref() } else { None };
        format!("{media_type}; charset={}", charset.unwrap_or("utf-8"))
    }

    /// The bytes that are sent for a file; `origin` (scheme and host) takes the
    /// place of the site's own absolute URLs, so that it works wherever it is served.
    ///
    /// # Panics
    ///
    /// When the file cannot be read or `site.toml` names an unknown charset.
    #[must_use]
    pub fn bytes(&self, file: &SiteFile, origin: &str) -> Vec<u8> {
        if let Source::File(path) = &file.source
            && matches!(file.media_type(), "image/png" | "image/x-icon")
        {
            return read_bytes(path);
        }
        let text = self.localised(&file.text(), origin);
        match (&self.config.charset, file.is_html()) {
            (Some(charset), true) => encode(charset, &text),
            _ => text.into_bytes(),
        }
    }

    fn localised(&self, text: &str, origin: &str) -> String {
        text.replace(&format!("https://www.{}", self.name), origin).replace(&format!("https://{}", self.name), origin)
    }

    /// Whether robots.txt forbids this path to everybody (prefix rules alone,
    /// which is all that the demo sites use).
    #[must_use]
    pub fn forbidden(&self, path: &str) -> bool {
        let Some(robots) = self.file("/robots.txt") else { return false };
        let text = robots.text();
        let rules = text.lines().filter_map(|line| line.strip_prefix("Disallow:")).map(str::trim);
        rules.into_iter().any(|rule| !rule.is_empty() && path.starts_with(rule))
    }
}

/// The demo sites by name: what the extractors are developed on. Their labels
/// are tests.
///
/// # Panics
///
/// When the folder cannot be read or a `site.toml` is broken.
#[must_use]
pub fn sites() -> Vec<Site> {
    sites_in("sites")
}

/// The sites for measuring by name: written and labelled without a look at the
/// extractors. Their labels are no tests, they give the figures of `cargo xtask
/// score`; rules are made for causes, not for these pages.
///
/// # Panics
///
/// When the folder cannot be read or a `site.toml` is broken.
#[must_use]
pub fn measured_sites() -> Vec<Site> {
    sites_in("measured")
}

/// Both, by name.
///
/// # Panics
///
/// Like [`sites`] and [`measured_sites`].
#[must_use]
pub fn all_sites() -> Vec<Site> {
    let mut all = sites();
    all.extend(measured_sites());
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn sites_in(folder: &str) -> Vec<Site> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    list_dir(&folder).iter().filter(|path| path.is_dir()).map(|path| load(path)).collect()
}

/// The site with this name.
#[must_use]
pub fn site(name: &str) -> Option<Site> {
    all_sites().into_iter().find(|site| site.name == name)
}

fn load(dir: &Path) -> Site {
    let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let settings = dir.join("site.toml");
    let config: SiteConfig =
        toml::from_str(&read_text(&settings)).unwrap_or_else(|error| panic!("{}: {error}", settings.display()));
    let mut files = Vec::new();
    collect_files(dir, "/", config.clean_urls, &mut files);
    files.retain(|file| !matches!(file.path.as_str(), "/site.toml" | "/expected.json"));
    let is_not_found = |file: &SiteFile| matches!(&file.source, Source::File(path) if *path == dir.join("404.html"));
    let not_found = files.iter().find(|file| is_not_found(file)).cloned();
    files.retain(|file| !is_not_found(file));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Site { folder: dir.to_owned(), name, config, files, not_found }
}

fn collect_files(dir: &Path, prefix: &str, clean_urls: bool, files: &mut Vec<SiteFile>) {
    for source in list_dir(dir) {
        let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if source.is_dir() {
            collect_files(&source, &format!("{prefix}{name}/"), clean_urls, files);
            continue;
        }
        let shown = match name.strip_suffix(".html") {
            Some("index") => "",
            Some(stem) if clean_urls => stem,
            _ => &name,
        };
        files.push(SiteFile { path: format!("{prefix}{shown}"), source: Source::File(source) });
    }
}

fn encode(charset: &str, text: &str) -> Vec<u8> {
    let encoding = Encoding::for_label(charset.as_bytes())
        .unwrap_or_else(|| panic!("site.toml names a charset that does not exist: {charset}"));
    encoding.encode(text).0.into_owned()
}

pub(crate) fn read_bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn read_text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn list_dir(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}
