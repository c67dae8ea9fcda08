//! The server of the demo sites: one listener, virtual hosts by `Host` header.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::site::{Site, sites};

/// All files carry one date, so that a conditional request has the same answer in every checkout.
const LAST_MODIFIED: &str = "Tue, 03 Mar 2026 09:00:00 GMT";

/// The demo sites, served until this value is dropped.
///
/// Each answers as `<name>.example` (for programs, by [`DemoSites::hosts`]) and
/// as `<name>.localhost:PORT` (for browsers, which resolve that name by themselves).
#[derive(Debug)]
pub struct DemoSites {
    addr: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    sites: Vec<Site>,
    /// What the network between here and a far server would cost each answer.
    delay: Duration,
    requests: Mutex<BTreeMap<String, u64>>,
}

impl DemoSites {
    /// Serves all sites on 127.0.0.1, on a free port when none is given.
    ///
    /// # Errors
    ///
    /// When the port is taken.
    pub async fn start(port: Option<u16>) -> std::io::Result<Self> {
        Self::serve(sites(), port).await
    }

    /// Serves these sites in the same way.
    ///
    /// # Errors
    ///
    /// When the port is taken.
    pub async fn serve(sites: Vec<Site>, port: Option<u16>) -> std::io::Result<Self> {
        Self::serve_delayed(sites, port, Duration::ZERO).await
    }

    /// Serves these sites, each answer later by this delay, as over a network.
    ///
    /// # Errors
    ///
    /// When the port is taken.
    pub async fn serve_delayed(sites: Vec<Site>, port: Option<u16>, delay: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared { sites, delay, requests: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // Ends only when the task is aborted; accept errors are handled inside.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { addr, shared, server })
    }

    /// Where the server listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Every host name that answers, with the server's address.
    #[must_use]
    pub fn hosts(&self) -> BTreeMap<String, SocketAddr> {
        let mut hosts = BTreeMap::new();
        for site in &self.shared.sites {
            hosts.insert(format!("www.{}", site.name), self.addr);
            if !site.config.www_only {
                hosts.insert(site.name.clone(), self.addr);
            }
        }
        hosts
    }

    /// How often each URL was asked for, as `host/path` with the host as it was asked for.
    #[must_use]
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for DemoSites {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The site that a request is for, and how it was addressed.
struct Addressed<'a> {
    site: &'a Site,
    www: bool,
    /// Scheme and host in which links to the site itself are written.
    origin: String,
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let host = requested_host(&request);
    let path = request.uri().path();
    shared.count(&host, path);
    if !shared.delay.is_zero() {
        tokio::time::sleep(shared.delay).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    match shared.addressed(&host) {
        Some(addressed) => answer_from_site(&addressed, path, request.headers()),
        None if is_index_host(&host) => html(StatusCode::OK, index_page(&shared.sites, port_of(&host))),
        None => html(StatusCode::NOT_FOUND, plain_page("No such host", &escape(&host))),
    }
}

fn requested_host(request: &Request) -> String {
    let from_header = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    from_header.or_else(|| request.uri().authority().map(|it| it.as_str())).unwrap_or_default().to_ascii_lowercase()
}

fn port_of(host: &str) -> &str {
    host.rsplit_once(':').map_or("", |(_, port)| port)
}

fn without_port(host: &str) -> &str {
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

fn is_index_host(host: &str) -> bool {
    matches!(without_port(host), "127.0.0.1" | "localhost")
}

impl Shared {
    fn count(&self, host: &str, path: &str) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry(format!("{}{path}", without_port(host))).or_default() += 1;
    }

    fn addressed(&self, host: &str) -> Option<Addressed<'_>> {
        let name = without_port(host);
        let (www, bare) = name.strip_prefix("www.").map_or((false, name), |bare| (true, bare));
        let bare = bare.strip_suffix(".localhost").map_or_else(|| bare.to_owned(), |stem| format!("{stem}.example"));
        let site = self.sites.iter().find(|site| site.name == bare)?;
        if site.config.www_only && !www && !name.ends_with(".localhost") {
            return None;
        }
        Some(Addressed { site, www, origin: format!("http://{host}") })
    }
}

fn answer_from_site(addressed: &Addressed<'_>, path: &str, asked: &HeaderMap) -> Response {
    let Addressed { site, www, origin } = addressed;
    if *www && !site.config.www_only {
        return redirect(site, &format!("{}{path}", origin.replacen("//www.", "//", 1)), 301);
    }
    if let Some((to, status)) = site.redirect(path) {
        return redirect(site, &to, status);
    }
    let Some(file) = site.file(path) else { return not_found(site, origin) };
    let body = site.bytes(file, origin);
    let etag = etag(&body);
    if is_unchanged(asked, &etag) {
        return respond(StatusCode::NOT_MODIFIED, &validators(etag), Vec::new());
    }
    let status = site.config.status.get(path).and_then(|code| StatusCode::from_u16(*code).ok());
    let mut headers = site.headers(file);
    headers.extend(validators(etag));
    respond(status.unwrap_or(StatusCode::OK), &headers, body)
}

fn redirect(site: &Site, to: &str, status: u16) -> Response {
    let mut headers = vec![("Location".to_owned(), to.to_owned())];
    headers.extend(site.config.headers.iter().cloned());
    respond(StatusCode::from_u16(status).unwrap_or(StatusCode::MOVED_PERMANENTLY), &headers, Vec::new())
}

fn not_found(site: &Site, origin: &str) -> Response {
    let Some(file) = &site.not_found else {
        return html(StatusCode::NOT_FOUND, plain_page("404 Not Found", &escape(&site.name)));
    };
    respond(StatusCode::NOT_FOUND, &site.headers(file), site.bytes(file, origin))
}

fn etag(body: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(body);
    format!("\"{:016x}\"", hasher.finish())
}

fn validators(etag: String) -> Vec<(String, String)> {
    vec![("ETag".to_owned(), etag), ("Last-Modified".to_owned(), LAST_MODIFIED.to_owned())]
}

/// RFC 9110, 13.2.2: the date only counts when no entity tag is given.
fn is_unchanged(asked: &HeaderMap, etag: &str) -> bool {
    match asked.get(header::IF_NONE_MATCH) {
        Some(tags) => tags.to_str().is_ok_and(|tags| tags.split(',').any(|tag| tag.trim() == etag)),
        None => asked.get(header::IF_MODIFIED_SINCE).is_some_and(|date| date == LAST_MODIFIED),
    }
}

fn respond(status: StatusCode, headers: &[(String, String)], body: Vec<u8>) -> Response {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let built = response.body(Body::from(body));
    built.unwrap_or_else(|_| (StatusCode::INTERNAL_SERVER_ERROR, "site.toml holds an invalid header").into_response())
}

fn html(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

fn plain_page(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    )
}

fn index_page(sites: &[Site], port: &str) -> String {
    let suffix = if port.is_empty() { String::new() } else { format!(":{port}") };
    let entry = |site: &Site| {
        let host = site.host().replace(".example", ".localhost");
        let about = escape(&site.config.about);
        format!("<li><a href=\"http://{host}{suffix}/\">{}</a><br><span>{about}</span></li>\n", site.host())
    };
    let list: String = sites.iter().map(entry).collect();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>cmes demo sites</title>\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}}\
         li{{margin:.7rem 0}}span{{color:#667}}</style></head><body><h1>Demo sites</h1>\
         <p>Web sites of invented companies that ship with cmes.</p><ul>\n{list}</ul></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::SiteFile;

    fn file_named(path: &str) -> SiteFile {
        SiteFile::made(path, "")
    }

    #[test]
    fn etag_follows_the_content() {
        assert_eq!(etag(b"one"), etag(b"one"));
        assert_ne!(etag(b"one"), etag(b"two"));
    }

    #[test]
    fn charset_stands_in_the_header_unless_the_site_is_silent() {
        let mut site = Site::made("a.example", vec![]);
        site.config.charset = Some("windows-1250".into());
        let page = file_named("/a.html");
        assert_eq!(site.headers(&page)[0].1, "text/html; charset=windows-1250");
        site.config.silent_charset = true;
        assert_eq!(site.headers(&page)[0].1, "text/html");
    }
}
