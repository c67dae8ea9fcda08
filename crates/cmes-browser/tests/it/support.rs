//! A site on loopback, and a browser that may read it.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cmes_browser::{Browser, BrowserError, Limits};
use cmes_fetch::{Budget, FetchOptions, Fetched, Fetcher};
use tokio::net::TcpListener;
use url::Url;

/// The site's own address; that of the rest of the machine is another, and forbidden.
const SITE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// A site with the pages of a test, and who reads it.
pub struct Site {
    pub fetcher: Fetcher,
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

/// What is answered at a path: a page, a script, data, or a redirect.
#[derive(Clone)]
pub enum Is {
    Page(String),
    Script(&'static str),
    Data(&'static str),
    Moved(String),
    Zip,
}

pub fn page(html: impl Into<String>) -> Is {
    Is::Page(html.into())
}

/// Serves these paths at `site.example`, `other.example` and `inside.example`, of
/// which the last is at an address that may not be read.
pub async fn serve<const N: usize>(pages: [(&str, Is); N]) -> Site {
    let pages: BTreeMap<String, Is> = pages.into_iter().map(|(path, is)| (path.to_owned(), is)).collect();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let app = Router::new().fallback(move |request: Request| {
        let path = request.uri().path().to_owned();
        let answer = answer(pages.get(&path));
        log.lock().expect("nobody panicked").push(format!("{} {path}", request.method()));
        async move { answer }
    });
    let listener = TcpListener::bind((SITE, 0)).await.expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move { axum::serve(listener, app).await });
    let inside = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    let hosts = [("site.example", address), ("other.example", address), ("inside.example", inside)];
    let options = FetchOptions {
        allow_networks: vec!["127.0.0.2/32".parse().expect("a network")],
        hosts: hosts.into_iter().map(|(name, address)| (name.to_owned(), address)).collect(),
        per_host_delay: Duration::ZERO,
        ..FetchOptions::default()
    };
    Site { fetcher: Fetcher::new(options).expect("a fetcher"), address, seen }
}

fn answer(is: Option<&Is>) -> Response {
    let typed = |kind: &'static str, body: String| ([(header::CONTENT_TYPE, kind)], body).into_response();
    match is {
        Some(Is::Page(html)) => {
            let mut response = typed("text/html; charset=utf-8", html.clone());
            response.headers_mut().insert("x-served-by", "test".parse().expect("a header"));
            response
        }
        Some(Is::Script(text)) => typed("text/javascript", (*text).to_owned()),
        Some(Is::Data(json)) => typed("application/json", (*json).to_owned()),
        Some(Is::Moved(to)) => (StatusCode::FOUND, [(header::LOCATION, to.clone())]).into_response(),
        Some(Is::Zip) => typed("application/zip", "PK".to_owned()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Site {
    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://site.example:{}{path}", self.address.port())).expect("a URL")
    }

    pub fn by_number(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).expect("a URL")
    }

    /// What was asked for, robots.txt left out.
    pub fn seen(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("nobody panicked");
        seen.iter().filter(|asked| *asked != "GET /robots.txt").cloned().collect()
    }

    pub async fn fetched(&self, path: &str) -> Fetched {
        self.fetcher.page(&self.url(path), &Budget::default()).await.expect("a page")
    }

    pub async fn render(&self, browser: &Browser, path: &str) -> Result<Fetched, BrowserError> {
        browser.render(&self.fetched(path).await, &Budget::default()).await
    }

    /// A browser for this site; none where no Chromium is.
    pub fn browser(&self, limits: Limits) -> Option<Browser> {
        Some(Browser::new(program()?, self.fetcher.clone(), limits))
    }
}

/// The Chromium of this machine, which `TEST_BROWSER` promises.
pub fn program() -> Option<PathBuf> {
    let named = std::env::var_os("TEST_BROWSER").map(PathBuf::from);
    let program = named.or_else(cmes_browser::installed);
    if program.is_none() {
        writeln!(std::io::stderr(), "not run: no Chromium is installed, and TEST_BROWSER names none")
            .expect("standard error");
    }
    program
}

/// Limits for pages that end soon: a machine under load may take seconds for a start.
pub fn patient() -> Limits {
    Limits { time: Duration::from_secs(30), ..Limits::default() }
}

/// Waits until something holds that no event tells.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap_or_else(|_| panic!("{what}"));
}
